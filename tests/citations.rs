//! Checks that every `(protocol: 4.3)` in a comment is a section of `docs/protocol.md`.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders with code.
const CODE: [&str; 4] = ["src", "crates", "tests", "xtask"];

const MARK: &str = "protocol: ";

#[test]
fn every_cited_section_of_the_protocol_exists() {
    let sections = sections(&fs::read_to_string(root().join("docs/protocol.md")).unwrap());
    let mut cited = 0;
    let mut missing = Vec::new();
    for folder in CODE {
        for path in rust_files(&root().join(folder)) {
            let comments = comments(&fs::read_to_string(&path).unwrap());
            for section in citations(&comments) {
                cited += 1;
                if !sections.contains(&section) {
                    missing.push(format!("{}: {section}", path.display()));
                }
            }
        }
    }
    assert!(cited > 50, "only {cited} citations found");
    assert!(missing.is_empty(), "no such section: {missing:#?}");
}

#[test]
fn citations_are_found_over_line_breaks_and_other_text_is_none() {
    let code = "//! A fact (protocol: 1.9, 3,\n//! 4.3 to 4.5) and (protocol:\n//! 13.14).\n\
                let text = \"(protocol: 99)\"; // the protocol: HTTP\n";
    let found = citations(&comments(code));
    assert_eq!(found, ["1.9", "3", "4.3", "4.5", "13.14"]);
    let document = "# 7 days\n## 3. Routes\n### 4.3 Fields\n- **12.1** An entry.\n- 5.1 none";
    let found: Vec<_> = sections(document).into_iter().collect();
    assert_eq!(found, ["12.1", "3", "4.3"]);
}

/// The numbers of headings and of entries in bold.
fn sections(document: &str) -> BTreeSet<String> {
    let numbers = document.lines().filter_map(|line| {
        let text = ["## ", "### ", "- **"];
        let rest = text.iter().find_map(|start| line.strip_prefix(start))?;
        number(rest).map(|(number, _)| number)
    });
    numbers.collect()
}

/// The comments of a file as one text.
fn comments(code: &str) -> String {
    let comments = code.lines().filter_map(|line| {
        let (_, comment) = line.split_once("//")?;
        Some(comment.trim_start_matches(['/', '!']).trim())
    });
    comments.collect::<Vec<_>>().join(" ")
}

fn citations(comments: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (start, _) in comments.match_indices(MARK) {
        let mut rest = &comments[start + MARK.len()..];
        while let Some((section, after)) = number(rest) {
            found.push(section);
            let next = [", ", " to ", " and "];
            let Some(next) = next.iter().find_map(|it| after.strip_prefix(it)) else {
                break;
            };
            rest = next;
        }
    }
    found
}

/// The number at the beginning of a text, such as 3 or 4.3, and the text after it.
fn number(text: &str) -> Option<(String, &str)> {
    let is_number = |letter: char| letter.is_ascii_digit() || letter == '.';
    let end = text.find(|letter| !is_number(letter)).unwrap_or(text.len());
    let number = text[..end].trim_end_matches('.');
    (!number.is_empty()).then(|| (number.to_owned(), &text[number.len()..]))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // The packages of the host pages have no Rust code of ours.
        if path.is_dir() && !path.ends_with("node_modules") {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
