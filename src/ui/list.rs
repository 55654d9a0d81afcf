//! Keys of lists whose items come from an agent.

use yew::virtual_dom::Key;

/// The key of the item at `position` of its list. An agent may repeat an id, within a list and
/// between its kinds, and Yew wants every key of a list once: the id alone is none.
pub(super) fn item_key(position: usize, id: &str) -> Key {
    Key::from(format!("{position}:{id}"))
}
