//! Search over all lines, ignoring the case of ASCII letters.

/// The lines that contain `query`, counted from 0; an empty query matches no line.
pub(super) fn matching_lines(lines: &[String], query: &str) -> Vec<usize> {
    let numbered = lines.iter().enumerate();
    numbered
        .filter(|(_, line)| places(line, query).next().is_some())
        .map(|(index, _)| index)
        .collect()
}

/// The byte positions of `query` in `line`, without overlaps.
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
    fn finds_the_lines_that_match() {
        let lines = ["ERROR a", "b", "error error"].map(str::to_owned);
        assert_eq!(matching_lines(&lines, "error"), [0, 2]);
        assert_eq!(matching_lines(&lines[..1], "error"), [0]);
        assert!(matching_lines(&lines[..1], "b").is_empty());
        assert!(matching_lines(&lines, "").is_empty());
    }
}
