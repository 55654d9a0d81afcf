//! Keys of lists whose items come from an agent.

use yew::virtual_dom::Key;

/// The key of the item at `position` of its list. An agent may repeat an id, within a list and
/// between its kinds, and Yew wants every key of a list once: the id alone is none.
pub(super) fn item_key(position: usize, id: &str) -> Key {
    Key::from(format!("{position}:{id}"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn equal_ids_have_keys_of_their_own() {
        let keys = |ids: &[&str]| -> Vec<Key> {
            let numbered = ids.iter().enumerate();
            numbered
                .map(|(position, id)| item_key(position, id))
                .collect()
        };
        let alike = keys(&["4100000000287601010101"; 4]);
        assert_eq!(alike.iter().collect::<HashSet<_>>().len(), 4);
        // Neither does an id that begins with a number make another's key.
        assert_ne!(item_key(1, "1:2"), item_key(11, "2"));
        // Drawn again, each is the same.
        assert_eq!(alike, keys(&["4100000000287601010101"; 4]));
    }
}
