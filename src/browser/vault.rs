//! The one place that holds the credential.

use std::cell::RefCell;

use crate::obshell::request::Credential;
use crate::obshell::secret::Secret;

/// Holds the credential, in memory only, until it is forgotten or replaced.
///
/// It is lent for the moment of sealing and never handed out, so that forgetting leaves none
/// behind: dropping a [`Secret`] overwrites it.
#[derive(Debug, Default)]
pub struct Vault(RefCell<Option<Credential>>);

impl Vault {
    /// Takes an agent password; an empty one is none.
    pub fn give_password(&self, password: Secret) {
        let credential = (!password.is_empty()).then_some(Credential::AgentPassword(password));
        self.0.replace(credential);
    }

    /// Wipes the credential.
    pub fn forget(&self) {
        self.0.take();
    }

    /// Lends the credential, if there is one.
    pub fn lend<T>(&self, use_it: impl FnOnce(Option<&Credential>) -> T) -> T {
        use_it(self.0.borrow().as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(vault: &Vault) -> Option<String> {
        vault.lend(|credential| match credential {
            Some(Credential::AgentPassword(secret)) => Some(secret.expose().to_owned()),
            Some(other) => panic!("{other:?}"),
            None => None,
        })
    }

    #[test]
    fn keeps_the_latest_until_it_is_forgotten() {
        let vault = Vault::default();
        assert_eq!(holds(&vault), None);
        vault.give_password(Secret::new("one".to_owned()));
        vault.give_password(Secret::new("two".to_owned()));
        assert_eq!(holds(&vault).as_deref(), Some("two"));
        assert!(!format!("{vault:?}").contains("two"));
        vault.forget();
        assert_eq!(holds(&vault), None);
        vault.give_password(Secret::new(String::new()));
        assert_eq!(holds(&vault), None);
    }
}
