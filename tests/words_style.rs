//! Checks that no English text of the screen uses a phrase that reads like a translation, and no
//! Chinese text a phrase that OceanBase's documentation does not use.
#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

/// Phrases that a plain technical term replaces.
const ENGLISH: [&str; 26] = [
    "made",
    "gave",
    "told",
    "tells",
    "by itself",
    "at hand",
    "goes on",
    "go on",
    "going on",
    "stays",
    "stay",
    "news",
    "comes",
    "came",
    "asks",
    "asked",
    "wants",
    "wanted",
    "let",
    "is none",
    "any more",
    "all the same",
    "where that is",
    "somebody",
    "whoever",
    "to mind",
];

/// Former phrases that OceanBase's documentation does not use, each followed by its replacement.
const CHINESE: [&str; 7] = [
    "已清除与保留",         // 已删除与保留的内容
    "确认前请",             // 确认前须知
    "该任务由他人发起",     // 该任务并非由本次会话发起
    "未做完就被标记为完成", // 尚未执行完即被标记为完成
    "程序未能原样加载",     // 程序文件未完整加载
    "正在询问",             // 正在查询
    "自身故障",             // 内部错误
];

/// Returns every text of the words' layer, with its file and line.
fn texts() -> Vec<(String, String)> {
    let mut files = vec![PathBuf::from("src/text.rs")];
    rust_files(Path::new("src/text"), &mut files);
    let mut texts = Vec::new();
    for file in files {
        let code = fs::read_to_string(&file).unwrap();
        let tokens: TokenStream = code.parse().unwrap();
        collect(tokens, &file, &mut texts);
    }
    texts
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
}

/// Collects the string literals of the tokens; documentation is an attribute and not for the
/// screen.
fn collect(tokens: TokenStream, file: &Path, texts: &mut Vec<(String, String)>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                // `#[…]` and `#![…]`
                tokens.next_if(|it| matches!(it, TokenTree::Punct(_)));
                tokens.next();
            }
            TokenTree::Group(group) => collect(group.stream(), file, texts),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if text.starts_with('"') {
                    let line = literal.span().start().line;
                    texts.push((format!("{}:{line}", file.display()), text));
                }
            }
            _ => {}
        }
    }
}

/// Whether a text contains a phrase as whole words.
fn has(text: &str, phrase: &str) -> bool {
    let text = text.to_lowercase();
    let is_letter = |at: Option<char>| at.is_some_and(char::is_alphanumeric);
    text.match_indices(phrase).any(|(at, _)| {
        let before = text.get(..at).and_then(|it| it.chars().next_back());
        let after = text
            .get(at + phrase.len()..)
            .and_then(|it| it.chars().next());
        !is_letter(before) && !is_letter(after)
    })
}

#[test]
fn no_text_uses_a_phrase_of_the_list() {
    let texts = texts();
    assert!(texts.len() > 1_000, "only {} texts were found", texts.len());
    let mut found = Vec::new();
    for (place, text) in &texts {
        for phrase in ENGLISH {
            if text.is_ascii() && has(text, phrase)
                || !text.is_ascii()
                    && text.chars().filter(|it| *it > '\u{2e80}').count() == 0
                    && has(text, phrase)
            {
                found.push(format!("{place}: {phrase:?}: {text}"));
            }
        }
        for phrase in CHINESE {
            if text.contains(phrase) {
                found.push(format!("{place}: {phrase:?}: {text}"));
            }
        }
    }
    assert!(
        found.is_empty(),
        "{} found:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn a_phrase_is_found_in_whole_words_only() {
    assert!(has("The agent told more.", "told"));
    assert!(has("Nobody is at hand", "at hand"));
    assert!(!has("Letters, newsletters", "let"));
    assert!(!has("Nothing is untold", "told"));
}
