//! Every component of the screens renders a node in each of its states.
//!
//! A component of Yew 0.23 that renders no node refers to the following sibling as its position,
//! even while that sibling is being removed. An element inserted before it in the same rendering
//! causes a panic. A parent that decides with `if` has no such position to keep, and neither has an
//! element that always exists.
//!
//! Read from the source: what a component returns has to be an `html!` with an element or a text
//! outside of every `if` without `else`, every `for` and every `{ expression }`.
#![cfg(not(target_arch = "wasm32"))]
// Lets the helpers stop, as a test may, where something is not as it should be.
#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{Block, Expr, ExprMacro, Item, ItemFn, Stmt};

/// The folders whose components are read.
const FOLDERS: [&str; 2] = ["src/ui", "src/browser"];

/// The components that may render nothing, and why that is safe.
const MAY_RENDER_NOTHING: [(&str, &str); 7] = [
    ("BookAgents", "A form that is never removed follows it."),
    ("BookPanel", "It is the last in its parent."),
    ("OdpFacts", "It is the last in each of its parents."),
    ("Operations", "It is the last in each of its parents."),
    (
        "PasswordField",
        "It renders the problem, or a hint in its place.",
    ),
    ("Prose", "Its sentence is a text node, even an empty one."),
    (
        "SaveOffer",
        "A list of tasks that is never removed follows it.",
    ),
];

#[test]
fn every_component_renders_a_node() {
    let listed = listed();
    let (mut count, mut found) = (0, BTreeSet::new());
    for file in files() {
        let source = fs::read_to_string(&file).unwrap();
        for component in components(&source) {
            count += 1;
            if may_render_nothing(&component, &listed) {
                found.insert(component.sig.ident.to_string());
            }
        }
    }
    assert!(count > 80, "only {count} components were read");
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let new: Vec<_> = found.difference(&listed).collect();
    assert!(new.is_empty(), "these may render nothing: {new:?}");
    let old: Vec<_> = listed.difference(&found).collect();
    assert!(old.is_empty(), "listed without need: {old:?}");
}

/// A search that finds nothing would pass for ever.
#[test]
fn every_empty_rendering_is_found() {
    let listed = BTreeSet::from(["Listed"]);
    let finds = |body: &str| {
        let source = format!("#[component] pub fn A(props: &P) -> Html {{ {body} }}");
        may_render_nothing(&components(&source)[0], &listed)
    };
    for body in [
        "Html::default()",
        "VNode::default()",
        "html! {}",
        "html!()",
        "html! { <></> }",
        "html! { { content } }",
        "html! { if a { <p /> } }",
        "html! { if let S { a, .. } = s { <p /> } }",
        "html! { if a { <p /> } else if b { <p /> } }",
        "html! { if a { <p /> } else { { content } } }",
        "html! { for a in b { <p /> } }",
        "html! { <>if a { <p /> } { content }</> }",
        "html! { <Listed a={1} /> }",
        "html! { <><Listed>if a { <p /> }</Listed></> }",
        "if a { return Html::default(); } html! { <p /> }",
        "let Some(a) = b else { return Html::default(); }; html! { <p /> }",
        "let a = match b { Some(a) => a, None => return html! {} }; html! { <p /> }",
        "for a in b { return Html::default(); } html! { <p /> }",
        "match a { Some(a) => html! { <p /> }, None => Html::default() }",
        "if a { html! { <p /> } } else { Html::default() }",
        "a.map(|a| html! { <p /> }).unwrap_or_default()",
        "content",
    ] {
        assert!(finds(body), "not found: {body}");
    }
    for body in [
        "html! { <p /> }",
        "html! { \"a\" }",
        "html! { <B ..props /> }",
        "html! { <B<C> context={a}>{ content }</B<C>> }",
        "html! { <@{tag} class=\"a\">{ content }</@> }",
        "html! { <>if a { <p /> }<B /></> }",
        "html! { <><Listed a={1} /><p /></> }",
        "html! { if a { <p /> } else { <B /> } }",
        "html! { if let S { a, .. } = s { <p /> } else if b { <p /> } else { <B /> } }",
        "let row = |a| { if a { return Html::default(); } html! {} }; html! { <p /> }",
        "let a = match b { Some(a) => a, None => Html::default() }; html! { <p>{ a }</p> }",
        "match a { Some(a) => html! { <p /> }, None => html! { <B /> } }",
    ] {
        assert!(!finds(body), "found: {body}");
    }
    assert_eq!(components("fn a() -> Html { Html::default() }").len(), 0);
    assert_eq!(
        components("mod a { #[function_component(B)] fn b() {} }").len(),
        1
    );
}

fn listed() -> BTreeSet<&'static str> {
    MAY_RENDER_NOTHING.iter().map(|(name, _)| *name).collect()
}

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = FOLDERS.map(|folder| root.join(folder)).into();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files
}

/// The functions of a file with the attribute `component`.
fn components(source: &str) -> Vec<ItemFn> {
    let mut waiting = syn::parse_file(source).unwrap().items;
    let mut components = Vec::new();
    while let Some(item) = waiting.pop() {
        match item {
            Item::Fn(function) if is_component(&function) => components.push(function),
            Item::Mod(module) => waiting.extend(module.content.into_iter().flat_map(|it| it.1)),
            _ => {}
        }
    }
    components
}

fn is_component(function: &ItemFn) -> bool {
    function.attrs.iter().any(|attribute| {
        let name = &attribute.path().segments.last().unwrap().ident;
        name == "component" || name == "function_component"
    })
}

fn may_render_nothing(component: &ItemFn, listed: &BTreeSet<&str>) -> bool {
    let mut returned = Vec::new();
    of_block(&component.block, true, &mut returned);
    assert!(!returned.is_empty(), "{}", component.sig.ident);
    returned.iter().any(|value| !is_rendered(value, listed))
}

/// Collects the values that a block returns from its function. `is_last` is whether the value of the
/// block is one of them.
fn of_block(block: &Block, is_last: bool, returned: &mut Vec<Expr>) {
    let count = block.stmts.len();
    for (index, statement) in block.stmts.iter().enumerate() {
        match statement {
            Stmt::Local(local) => {
                let values = local.init.iter();
                values.for_each(|init| {
                    of_value(&init.expr, false, returned);
                    if let Some((_, otherwise)) = &init.diverge {
                        of_value(otherwise, false, returned);
                    }
                });
            }
            Stmt::Expr(value, end) => {
                let is_last = is_last && end.is_none() && index + 1 == count;
                of_value(value, is_last, returned);
            }
            Stmt::Macro(it) if is_last && it.semi_token.is_none() && index + 1 == count => {
                returned.push(Expr::Macro(ExprMacro {
                    attrs: Vec::new(),
                    mac: it.mac.clone(),
                }));
            }
            Stmt::Macro(_) | Stmt::Item(_) => {}
        }
    }
}

/// As [`of_block`], for a value. What a closure returns is not returned from the function.
fn of_value(value: &Expr, is_last: bool, returned: &mut Vec<Expr>) {
    match value {
        Expr::Return(it) => returned.extend(it.expr.as_deref().cloned()),
        Expr::Block(it) => of_block(&it.block, is_last, returned),
        Expr::If(it) => {
            of_block(&it.then_branch, is_last, returned);
            if let Some((_, otherwise)) = &it.else_branch {
                of_value(otherwise, is_last, returned);
            }
        }
        Expr::Match(it) => {
            for arm in &it.arms {
                of_value(&arm.body, is_last, returned);
            }
        }
        Expr::ForLoop(it) => of_block(&it.body, false, returned),
        Expr::While(it) => of_block(&it.body, false, returned),
        Expr::Loop(it) => of_block(&it.body, false, returned),
        _ if is_last => returned.push(value.clone()),
        _ => {}
    }
}

/// Whether this is an `html!` that always renders a node.
fn is_rendered(value: &Expr, listed: &BTreeSet<&str>) -> bool {
    match value {
        Expr::Macro(it) if it.mac.path.is_ident("html") => renders(it.mac.tokens.clone(), listed),
        _ => false,
    }
}

/// Whether the content of an `html!` always renders a node.
fn renders(tokens: TokenStream, listed: &BTreeSet<&str>) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            TokenTree::Literal(_) => return true,
            TokenTree::Ident(word) if *word == "if" => {
                let mut always = true;
                loop {
                    let body = end_of_head(&tokens, at);
                    always &= renders(braces(&tokens[body]).unwrap(), listed);
                    at = body + 1;
                    if !is_word(tokens.get(at), "else") {
                        always = false;
                        break;
                    }
                    at += 1;
                    if !is_word(tokens.get(at), "if") {
                        always &= renders(braces(&tokens[at]).unwrap(), listed);
                        at += 1;
                        break;
                    }
                    at += 1;
                }
                if always {
                    return true;
                }
            }
            TokenTree::Ident(word) if *word == "for" || *word == "match" => {
                at = end_of_head(&tokens, at) + 1;
            }
            TokenTree::Punct(mark) if mark.as_char() == '<' => {
                let is_tag = match tokens.get(at) {
                    Some(TokenTree::Ident(name)) => !listed.contains(name.to_string().as_str()),
                    Some(TokenTree::Punct(mark)) => mark.as_char() == '@',
                    _ => false,
                };
                if is_tag {
                    return true;
                }
                // The tag of a listed component, a fragment, or an end: what follows counts.
                let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == '>');
                at += tokens[at..].iter().position(is_end).unwrap() + 1;
            }
            _ => {}
        }
    }
    false
}

/// The index of the braces that end the head of an `if`, `for` or `match`: those of a pattern stand
/// before `=` or `in`.
fn end_of_head(tokens: &[TokenTree], begin: usize) -> usize {
    (begin..tokens.len())
        .find(|at| {
            let is_pattern = match tokens.get(at + 1) {
                Some(TokenTree::Punct(mark)) => mark.as_char() != '<',
                next => is_word(next, "in"),
            };
            braces(&tokens[*at]).is_some() && !is_pattern
        })
        .unwrap()
}

fn braces(token: &TokenTree) -> Option<TokenStream> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group.stream()),
        _ => None,
    }
}

fn is_word(token: Option<&TokenTree>, word: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(found)) if found == word)
}
