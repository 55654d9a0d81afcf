//! Keys of lists whose items come from an agent.

use yew::virtual_dom::Key;

/// The key of the item at `position` of its list. An agent may repeat an id, within a list and
/// between kinds of items, and Yew requires unique keys in a list: the id alone is not enough.
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
        // An id that begins with a number does not produce the key of another item either.
        assert_ne!(item_key(1, "1:2"), item_key(11, "2"));
        // A second rendering produces the same keys.
        assert_eq!(alike, keys(&["4100000000287601010101"; 4]));
    }
}
