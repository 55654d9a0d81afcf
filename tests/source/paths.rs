//! The paths in Rust code, read from its tokens: comments and texts do not count.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A path as written, with one element for each name, and its line, counted from 1. The name of a
/// called macro ends with `!`.
pub type NamedPath = (usize, Vec<String>);

/// Returns every path of the tokens: `use a::{b, c}` as `a::b` and `a::c`. Leaves out members
/// (`x.a`) and code that is compiled only for tests.
pub fn paths(tokens: TokenStream) -> Vec<NamedPath> {
    let mut paths = Vec::new();
    collect(tokens, &[], &mut paths);
    paths
}

fn collect(tokens: TokenStream, prefix: &[String], paths: &mut Vec<NamedPath>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_mark = |at: usize, mark: char| matches!(tokens.get(at), Some(TokenTree::Punct(found)) if found.as_char() == mark);
    let is_separator = |at: usize| is_mark(at, ':') && is_mark(at + 1, ':');
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let next = at + 1;
        if is_mark(at, '#') && tokens.get(next).is_some_and(is_for_tests) {
            at = end_of_item(&tokens, next + 1);
            continue;
        }
        at = next;
        match token {
            TokenTree::Group(group) => collect(group.stream(), &[], paths),
            TokenTree::Ident(name) if next < 2 || !is_mark(next - 2, '.') => {
                let mut path = prefix.to_vec();
                path.push(name.to_string());
                while is_separator(at) {
                    match tokens.get(at + 2) {
                        Some(TokenTree::Ident(name)) => path.push(name.to_string()),
                        Some(TokenTree::Group(group)) => {
                            collect(group.stream(), &path, paths);
                        }
                        _ => break,
                    }
                    at += 3;
                }
                if is_mark(at, '!') && matches!(tokens.get(at + 1), Some(TokenTree::Group(_))) {
                    path.last_mut().unwrap().push('!');
                }
                paths.push((name.span().start().line, path));
            }
            _ => {}
        }
    }
}

/// Whether this is the token after `#` in `#[cfg(test)]`.
fn is_for_tests(token: &TokenTree) -> bool {
    let text: String = token.to_string().split_whitespace().collect();
    text == "[cfg(test)]"
}

/// Returns the index after the item that starts at `begin`: after its braces or its semicolon.
fn end_of_item(tokens: &[TokenTree], begin: usize) -> usize {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(mark) => mark.as_char() == ';',
        _ => false,
    };
    let length = tokens[begin..].iter().position(is_end);
    length.map_or(tokens.len(), |length| begin + length + 1)
}
