//! Search over all lines, without regard to the case of ASCII letters.

use std::rc::Rc;

/// The lines that match, and what they were searched for.
#[derive(Debug, Default)]
pub(super) struct Found {
    lines: Rc<Vec<String>>,
    query: String,
    matches: Vec<usize>,
}

impl Found {
    /// Finds the lines that hold `query`, where these are not known; an empty one is found
    /// nowhere.
    pub fn update(&mut self, lines: &Rc<Vec<String>>, query: &str) {
        if self.query == query && self.lines == *lines {
            return;
        }
        self.lines = Rc::clone(lines);
        query.clone_into(&mut self.query);
        self.matches.clear();
        for (index, line) in lines.iter().enumerate() {
            if places(line, query).next().is_some() {
                self.matches.push(index);
            }
        }
    }

    /// How many lines match.
    pub fn count(&self) -> usize {
        self.matches.len()
    }

    /// The line of the `nth` match, counted from 0.
    pub fn line(&self, nth: usize) -> Option<usize> {
        self.matches.get(nth).copied()
    }
}

/// Where `query` stands in `line`, in bytes, without overlaps.
pub(super) fn places<'a>(line: &'a str, query: &'a str) -> impl Iterator<Item = usize> + 'a {
    let mut from = 0;
    std::iter::from_fn(move || {
        let (bytes, query) = (line.as_bytes(), query.as_bytes());
        while !query.is_empty() {
            let there = bytes.get(from..from + query.len())?;
            let at = from;
            // A match of whole characters begins and ends between characters.
            if there.eq_ignore_ascii_case(query) {
                from += query.len();
                return Some(at);
            }
            from += 1;
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_place_in_any_case_and_any_script() {
        let all = |line, query| places(line, query).collect::<Vec<_>>();
        assert_eq!(all("Kill kill KILL", "kill"), [0, 5, 10]);
        assert_eq!(all("aaaa", "aa"), [0, 2]);
        assert_eq!(all("进程 8897 进程", "进程"), [0, 12]);
        assert!(all("abc", "").is_empty());
        assert!(all("ab", "abc").is_empty());
    }

    #[test]
    fn counts_lines() {
        let lines = |lines: &[&str]| Rc::new(lines.iter().map(|line| (*line).to_owned()).collect());
        let (mut found, mut several) = (Found::default(), lines(&["ERROR a", "b", "error error"]));
        found.update(&several, "error");
        assert_eq!(found.count(), 2);
        assert_eq!(
            (found.line(0), found.line(1), found.line(2)),
            (Some(0), Some(2), None)
        );
        several = lines(&["ERROR a"]);
        found.update(&several, "error");
        assert_eq!(found.count(), 1);
        found.update(&several, "b");
        assert_eq!(found.count(), 0);
        found.update(&several, "");
        assert_eq!(found.count(), 0);
    }
}
