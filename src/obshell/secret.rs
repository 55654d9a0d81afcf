//! Secret text: passwords and session ids.

use std::fmt;

use zeroize::{ZeroizeOnDrop, Zeroizing};

/// Secret text.
///
/// It is overwritten with zeros when dropped, cannot be cloned, displayed or serialized, and its
/// `Debug` output reveals nothing about it, not even its length. Reading it requires
/// [`expose`](Self::expose), a name that is easy to search for in a review.
///
/// ```
/// use odp_console::obshell::secret::Secret;
///
/// let password = Secret::new(String::from("Pw#1"));
/// assert_eq!(password.expose(), "Pw#1");
/// assert_eq!(format!("{password:?}"), "Secret(..)");
/// ```
///
/// Copying it takes a deliberate [`expose`](Self::expose):
///
/// ```compile_fail,E0599
/// let password = odp_console::obshell::secret::Secret::new(String::from("Pw#1"));
/// let copy = password.clone();
/// ```
#[derive(ZeroizeOnDrop)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes ownership of the text; its buffer is not copied.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself, to be used at once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
