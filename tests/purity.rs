//! Checks that the protocol core, the flow, the runs, the agent book and the words use no browser,
//! no clock, no randomness and no output: these are arguments.
//!
//! Reads the tokens of their files, so that comments, texts and unit tests do not count.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "source/paths.rs"]
mod source;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use source::paths;

/// The pure parts: a file `NAME.rs` and the files below `NAME/`.
const PURE: [&str; 5] = [
    "src/obshell",
    "src/flow",
    "src/fleet",
    "src/book",
    "src/text",
];

/// The dependencies that only compute. All others are for the shell.
const PURE_CRATES: &[&str] = &[
    "aes",
    "aes_gcm",
    "argon2",
    "base64ct",
    "cbc",
    "chrono",
    "rand_core",
    "rsa",
    "serde",
    "serde_json",
    "sha2",
    "thiserror",
    "zeroize",
];

/// Forbidden beginnings of paths, and forbidden macros.
const FORBIDDEN: &[&str] = &[
    // The shell and the screens depend on the pure parts, not vice versa.
    "crate::browser",
    "crate::embed",
    "crate::ui",
    // Time is an argument.
    "std::time",
    "core::time",
    "SystemTime",
    "Instant",
    "Local",
    "chrono::Local",
    "Utc::now",
    "chrono::Utc::now",
    // Randomness is an argument.
    "OsRng",
    "SysRng",
    "rand",
    "thread_rng",
    // Missing in a browser, or with effects outside of the program.
    "std::env",
    "std::fs",
    "std::net::TcpListener",
    "std::net::TcpStream",
    "std::net::ToSocketAddrs",
    "std::net::UdpSocket",
    "std::process",
    "std::thread",
    // Output, and debug macros.
    "dbg!",
    "eprint!",
    "eprintln!",
    "print!",
    "println!",
];

#[test]
fn the_pure_part_is_pure() {
    let forbidden = forbidden();
    let files = pure_files();
    for part in PURE {
        let file = Path::new(part).with_extension("rs");
        assert!(files.contains(&file), "{} was not read", file.display());
    }
    assert!(
        files.contains(Path::new("src/obshell/crypto/public_key.rs")),
        "{files:?}"
    );

    let mut found = Vec::new();
    for file in &files {
        let source = fs::read_to_string(root().join(file)).unwrap();
        for (line, path) in impurities(&source, &forbidden) {
            found.push(format!("{}:{line}: {path}", file.display()));
        }
    }
    assert!(found.is_empty(), "not pure:\n{}", found.join("\n"));
}

/// The screens access the browser only through a `Platform`.
#[test]
fn the_screens_know_nothing_of_the_shell() {
    let shell = ["crate::browser", "crate::embed", "crate::headless"];
    let forbidden = BTreeSet::from(shell.map(str::to_owned));
    let files = files_of(&["src/ui"]);
    assert!(files.contains(Path::new("src/ui/console.rs")), "{files:?}");
    for file in &files {
        let source = fs::read_to_string(root().join(file)).unwrap();
        assert_eq!(impurities(&source, &forbidden), [], "{}", file.display());
    }
}

/// Proves that the search finds something.
#[test]
fn every_impurity_is_found() {
    let forbidden = forbidden();
    for source in [
        "use yew::prelude::*;",
        "use yew as y;",
        "use {serde::Serialize, web_sys::window};",
        "fn f() { let _ = ::js_sys::Date::now(); }",
        "fn f() -> wasm_bindgen::JsValue { todo() }",
        "#[wasm_bindgen::prelude::wasm_bindgen] fn f() {}",
        "extern crate getrandom;",
        "fn f() { getrandom::fill(&mut [0]).ok(); }",
        "fn f() { g(&mut SysRng); }",
        "use std::time::Instant;",
        "use std::{fmt, time::{Duration, SystemTime}};",
        "use std::{fmt, rc::Rc, time};",
        "fn f(since: Instant) {}",
        "use chrono::{DateTime, Utc}; fn f() { g(Utc::now()); }",
        "fn f() { g(chrono::Utc::now()); }",
        "use chrono::Local;",
        "fn f() { rand::random::<u8>(); }",
        "fn f() { println!(); }",
        "fn f() { std::println!(); }",
        "fn f() { let _ = dbg!(1); }",
        "fn f() { assert!(std::env::var(\"A\").is_ok()); }",
        "use crate::{browser::fetch, flow::state};",
        "use super::super::browser::fetch;",
        "mod inner { mod more { fn f() { crate::ui::draw(); } } }",
        "#[cfg(test)] mod tests {} use yew::html;",
        "#[cfg(test)] mod tests; use yew::html;",
    ] {
        assert_ne!(impurities(source, &forbidden), [], "in {source}");
    }
    for source in [
        "// use yew::prelude::*;",
        "/// Not `println!` and not std::time::Instant.\nfn f() {}",
        "const TEXT: &str = \"std::time\";",
        "use std::net::IpAddr; use chrono::{DateTime, Utc}; use crate::flow::state;",
        "struct S { now: u64 } fn now(s: S) -> u64 { s.now }",
        "fn f() { print_page(); self.print(); s.time; if print != (1) {} }",
        "fn f() { Vec::<u8>::print(); Zone::Local; super::time::now(); }",
        "#[cfg(test)] mod tests { use std::time::Instant; fn f() { println!(); } }",
        "#[cfg(test)]\n#[path = \"x.rs\"]\nmod tests { use yew::html; }",
    ] {
        assert_eq!(impurities(source, &forbidden), [], "in {source}");
    }
    assert_eq!(
        impurities("\n\nuse yew::html;", &forbidden),
        [(3, "yew::html".to_owned())]
    );
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// [`FORBIDDEN`], and every dependency of the package that is not known to be pure.
fn forbidden() -> BTreeSet<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let (_, dependencies) = manifest.split_once("\n[dependencies]\n").unwrap();
    let dependencies = dependencies.split("\n[").next().unwrap();
    let shell = dependencies
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_alphabetic()))
        .map(|line| {
            line.split(['.', '=', ' '])
                .next()
                .unwrap()
                .replace('-', "_")
        })
        .filter(|name| !PURE_CRATES.contains(&name.as_str()));
    let forbidden: BTreeSet<String> = FORBIDDEN
        .iter()
        .map(|&path| path.to_owned())
        .chain(shell)
        .collect();
    assert!(
        forbidden.contains("yew") && forbidden.contains("web_sys"),
        "{forbidden:?}"
    );
    forbidden
}

/// Returns the files of the pure parts, relative to the package.
fn pure_files() -> BTreeSet<PathBuf> {
    files_of(&PURE)
}

/// Returns the files of these parts, relative to the package.
fn files_of(parts: &[&str]) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    for part in parts {
        files.insert(Path::new(part).with_extension("rs"));
        add_files_below(Path::new(part), &mut files);
    }
    files
}

fn add_files_below(folder: &Path, files: &mut BTreeSet<PathBuf>) {
    let Ok(entries) = fs::read_dir(root().join(folder)) else {
        return; // A part may be a single file.
    };
    for entry in entries {
        let entry = entry.unwrap();
        let path = folder.join(entry.file_name());
        if entry.path().is_dir() {
            add_files_below(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.insert(path);
        }
    }
}

/// Returns lines, counted from 1, and the paths in them with a forbidden beginning.
fn impurities(source: &str, forbidden: &BTreeSet<String>) -> Vec<(usize, String)> {
    paths(source.parse().unwrap())
        .into_iter()
        .map(|(line, path)| (line, from_the_root(path)))
        .filter(|(_, path)| {
            let beginnings = (1..=path.len()).map(|count| path[..count].join("::"));
            // The last part of a macro's path counts as well, as in `std::println!`.
            let called = path.last().filter(|name| name.ends_with('!')).cloned();
            beginnings
                .chain(called)
                .any(|part| forbidden.contains(&part))
        })
        .map(|(line, path)| (line, path.join("::")))
        .collect()
}

/// Resolves `super::a` as in the crate's root.
fn from_the_root(mut path: Vec<String>) -> Vec<String> {
    if path.first().is_some_and(|first| first == "super") {
        path.retain(|name| name != "super");
        path.insert(0, "crate".to_owned());
    }
    path
}
