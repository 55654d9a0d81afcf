//! Checks that no two files of a crate need each other, directly or indirectly.
//!
//! File A needs file B if A names an item that B defines: a function, a type, a constant or a
//! macro. `use` is followed to the definition. Not counted are:
//!
//! * `mod child;` and `pub use child::Item;` of a parent, unless the parent names the item otherwise;
//! * a method call, because no path names the file of its `impl` block;
//! * code that is compiled only for tests (`#[cfg(test)]`).
//!
//! The usual fix is a separate file for the items that both need.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "import_cycles/meaning.rs"]
mod meaning;
#[path = "import_cycles/modules.rs"]
mod modules;
#[path = "source/paths.rs"]
mod source;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use meaning::Edge;
use modules::{Crate, Sources};
use serde_json::Value;

/// The number of cycles that a failure shows.
const SHOWN: usize = 10;

#[test]
fn no_file_needs_itself() {
    let (roots, sources) = workspace();
    let mut read = BTreeSet::new();
    let mut found = Vec::new();
    for root in &roots {
        let tree = Crate::read(root, &sources);
        read.extend(tree.files());
        found.extend(cycles(&tree.edges()));
    }
    let unread: Vec<&PathBuf> = sources
        .keys()
        .filter(|file| !read.contains(*file))
        .collect();
    assert!(unread.is_empty(), "no module leads to {unread:?}");

    found.sort_by_key(Vec::len);
    let shown: Vec<String> = found.iter().take(SHOWN).map(|cycle| told(cycle)).collect();
    assert!(
        shown.is_empty(),
        "{} cycles, the shortest first:\n\n{}",
        found.len(),
        shown.join("\n")
    );
}

/// Proves that the search finds something.
#[test]
fn every_way_to_name_an_item_is_a_need() {
    for source in [
        "use crate::b::B;",
        "use crate::b::{self, B};",
        "use crate::b::B as C;",
        "use super::b::B; fn f(_: B) {}",
        "use crate::b; fn f() { b::g(); }",
        "use crate::b::*; fn f(_: B) {}",
        "fn f() { use crate::b::B; }",
        "fn f() -> crate::b::B { todo() }",
        "fn f() { vec![crate::b::g()]; }",
        "fn f(kind: u8) { if matches!(kind, super::b::LIMIT) {} }",
        "impl crate::b::T for A {}",
        "#[derive(Debug)] struct A(crate::b::B);",
        "mod inner { use super::super::b::B; }",
        "use crate::B; fn f(_: B) {}",
        "use crate::again::B; fn f(_: B) {}",
        "fn f() { crate::b::made_by_a_macro(); }",
        "fn f() { m!(); }",
        "fn f() { crate::b::inner::h(); }",
        "use crate::b::E::{First};",
    ] {
        assert_eq!(needs_b(source), ["src/b.rs"], "{source}");
    }
    for source in [
        "",
        "// use crate::b::B;",
        "/// See [`crate::b::B`].\nfn f() {}",
        "const TEXT: &str = \"crate::b::B\";",
        "use std::b::B; fn f() { b::g(); }",
        "fn f(b: u8) { b.g(); let g = b; }",
        "use crate::b;",
        "#[cfg(test)] mod tests { use crate::b::B; }",
        "#[cfg(test)] use crate::b::B;",
        "#[cfg(test)] fn f(_: crate::b::B) {}",
    ] {
        assert_eq!(needs_b(source), <[&str; 0]>::default(), "{source}");
    }
}

#[test]
fn a_parent_may_hand_on_what_its_children_define() {
    let edges = |parent: &str| {
        let sources = sources(&[
            ("src/lib.rs", "mod a;"),
            ("src/a.rs", parent),
            ("src/a/child.rs", "use super::P; pub struct C(P);"),
        ]);
        Crate::read(Path::new("src/lib.rs"), &sources).edges()
    };
    let parent = "mod child; pub use child::C; pub struct P;";
    assert_eq!(cycles(&edges(parent)), <[Vec<Edge>; 0]>::default());
    for named in ["fn f(_: C) {}", "fn f(_: child::C) {}"] {
        assert_eq!(
            cycles(&edges(&format!("{parent} {named}"))).len(),
            1,
            "{named}"
        );
    }
    let private = "mod child; use child::C; pub struct P;";
    assert_eq!(cycles(&edges(private)).len(), 1);
}

#[test]
fn a_cycle_is_told_with_its_places() {
    let sources = sources(&[
        ("src/lib.rs", "mod a;\nmod b;\nmod c;\nmod d;"),
        ("src/a.rs", "\nuse crate::b::B;\npub struct A(B);"),
        ("src/b.rs", "pub struct B(crate::c::C);"),
        ("src/c.rs", "use super::a;\nfn f(_: a::A) {}\npub struct C;"),
        ("src/d.rs", "use crate::a::A; use crate::c::C;"),
    ]);
    let found = cycles(&Crate::read(Path::new("src/lib.rs"), &sources).edges());
    let told: Vec<String> = found.iter().map(|cycle| told(cycle)).collect();
    assert_eq!(
        told,
        ["src/a.rs:2 names crate::b::B of src/b.rs\n\
          src/b.rs:1 names crate::c::C of src/c.rs\n\
          src/c.rs:2 names a::A of src/a.rs\n"]
    );
}

/// Returns the files that file `a` needs in its crate.
fn needs_b(source: &str) -> Vec<String> {
    let sources = sources(&[
        (
            "src/lib.rs",
            "macro_rules! unused { () => {} } mod a; mod again; #[macro_use] mod b; pub use b::B;",
        ),
        ("src/a.rs", &format!("struct A; {source}")),
        ("src/again.rs", "pub use crate::b::*;"),
        (
            "src/b.rs",
            "pub struct B; pub enum E { First } pub trait T {} pub const LIMIT: u8 = 1; pub fn g() {} \
             make! {} pub mod inner { pub fn h() {} } macro_rules! m { () => {} }",
        ),
    ]);
    let edges = Crate::read(Path::new("src/lib.rs"), &sources).edges();
    let of_a = edges
        .into_iter()
        .filter(|edge| edge.from == Path::new("src/a.rs"));
    of_a.map(|edge| edge.to.display().to_string()).collect()
}

fn sources(files: &[(&str, &str)]) -> Sources {
    let owned = |&(path, text): &(&str, &str)| (path.into(), text.to_owned());
    files.iter().map(owned).collect()
}

/// Returns the roots of all libraries and programs of the workspace, and every Rust file below the
/// `src` folders, relative to the workspace.
fn workspace() -> (Vec<PathBuf>, Sources) {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"));
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(workspace)
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let path = |value: &Value| {
        Path::new(value.as_str().unwrap())
            .strip_prefix(workspace)
            .unwrap()
            .to_owned()
    };
    let mut roots = Vec::new();
    let mut sources = Sources::new();
    for package in metadata["packages"].as_array().unwrap() {
        let folder = path(&package["manifest_path"]).with_file_name("src");
        let targets = package["targets"].as_array().unwrap().iter();
        roots.extend(
            targets
                .map(|target| path(&target["src_path"]))
                .filter(|root| root.starts_with(&folder)),
        );
        add_files(workspace, &folder, &mut sources);
    }
    for root in [
        "src/lib.rs",
        "crates/obshell-sim/src/lib.rs",
        "xtask/src/main.rs",
    ] {
        assert!(
            roots.iter().any(|found| found == Path::new(root)),
            "{roots:?}"
        );
    }
    (roots, sources)
}

fn add_files(workspace: &Path, folder: &Path, sources: &mut Sources) {
    for entry in fs::read_dir(workspace.join(folder)).unwrap() {
        let path = folder.join(entry.unwrap().file_name());
        if workspace.join(&path).is_dir() {
            add_files(workspace, &path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(workspace.join(&path)).unwrap();
            sources.insert(path, text);
        }
    }
}

/// Returns the shortest cycle of every edge that is part of one, without duplicates.
fn cycles(edges: &[Edge]) -> Vec<Vec<Edge>> {
    let mut seen = BTreeSet::new();
    let closed = edges.iter().filter_map(|first| {
        let mut cycle = vec![first.clone()];
        cycle.extend(shortest_way(edges, &first.to, &first.from)?);
        Some(cycle)
    });
    let is_new = |cycle: &Vec<Edge>| {
        let files: BTreeSet<PathBuf> = cycle.iter().map(|edge| edge.from.clone()).collect();
        seen.insert(files)
    };
    closed.filter(is_new).collect()
}

/// Returns the shortest path from one file to another.
fn shortest_way(edges: &[Edge], from: &Path, to: &Path) -> Option<Vec<Edge>> {
    let mut reached_by: BTreeMap<&Path, &Edge> = BTreeMap::new();
    let mut waiting = VecDeque::from([from]);
    while let Some(at) = waiting.pop_front().filter(|at| *at != to) {
        for edge in edges.iter().filter(|edge| edge.from == at) {
            if edge.to != from && !reached_by.contains_key(edge.to.as_path()) {
                reached_by.insert(&edge.to, edge);
                waiting.push_back(&edge.to);
            }
        }
    }
    let mut way: Vec<Edge> = Vec::new();
    let mut at = to;
    while at != from {
        let edge = *reached_by.get(at)?;
        way.push(edge.clone());
        at = &edge.from;
    }
    way.reverse();
    Some(way)
}

fn told(cycle: &[Edge]) -> String {
    let line = |edge: &Edge| {
        let (from, to) = (edge.from.display(), edge.to.display());
        format!("{from}:{} names {} of {to}\n", edge.line, edge.path)
    };
    cycle.iter().map(line).collect()
}
