//! The notices of the dependencies in the module: names, versions, licences and their texts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::workspace::{self, Workspace};

/// The file's name, in `dist/` and in the package.
pub const FILE: &str = "third-party-notices.txt";

/// The package that the module is built from.
const PACKAGE: &str = "odp-console";

const HEAD: &str = "\
The ODP console contains the packages below, and parts of Rust's standard library
(https://github.com/rust-lang/rust, MIT OR Apache-2.0). Each stands with its licence; a text that several share
stands once, behind them.
";

/// The used parts of the output of `cargo metadata`.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    license_file: Option<String>,
    repository: Option<String>,
    /// The source from which it was fetched; `None` for a package of this workspace.
    source: Option<String>,
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Deserialize)]
struct DependencyKind {
    /// `dev` or `build`; `None` for a dependency that is compiled into the package.
    kind: Option<String>,
}

/// A package that becomes part of the module.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    name: String,
    version: String,
    /// An SPDX expression.
    license: String,
    /// The repository, as its authors state it; may be empty.
    repository: String,
    /// The texts of its own files: licences and notices.
    texts: Vec<String>,
}

/// The whole text of the notices.
///
/// # Errors
/// If a package has no licence, or no text of it is known.
pub fn notices(workspace: &Workspace) -> Result<String> {
    let metadata = workspace::output(workspace.command("cargo").args([
        "metadata",
        "--format-version=1",
        "--offline",
        "--locked",
        "--filter-platform=wasm32-unknown-unknown",
    ]))
    .context("`cargo metadata` fails")?;
    let metadata: Metadata =
        serde_json::from_str(&metadata).context("`cargo metadata` tells something else")?;
    let mut parts = Vec::new();
    for package in shipped(&metadata)? {
        parts.push(part(package)?);
    }
    parts.sort();
    written(&parts)
}

/// The packages that are compiled into the module or into its proc macros: without those used only
/// by tests and build scripts, and without the packages of this workspace.
fn shipped(metadata: &Metadata) -> Result<Vec<&Package>> {
    let nodes: BTreeMap<&str, &Node> = metadata
        .resolve
        .nodes
        .iter()
        .map(|node| (node.id.as_str(), node))
        .collect();
    let packages = &metadata.packages;
    let first = packages
        .iter()
        .find(|package| package.name == PACKAGE)
        .with_context(|| format!("no package {PACKAGE}"))?;
    let mut reached = BTreeSet::new();
    let mut open = vec![first.id.as_str()];
    while let Some(id) = open.pop() {
        if !reached.insert(id) {
            continue;
        }
        let node = nodes.get(id).context("an unknown package")?;
        let normal = node
            .deps
            .iter()
            .filter(|dependency| dependency.dep_kinds.iter().any(|kind| kind.kind.is_none()));
        open.extend(normal.map(|dependency| dependency.pkg.as_str()));
    }
    Ok(packages
        .iter()
        .filter(|package| reached.contains(package.id.as_str()) && package.source.is_some())
        .collect())
}

fn part(package: &Package) -> Result<Part> {
    let folder = package.manifest_path.parent().context("no folder")?;
    let license = match (&package.license, &package.license_file) {
        (Some(license), _) => license.clone(),
        (None, Some(file)) => format!("see {file}"),
        (None, None) => bail!("{} names no licence", package.name),
    };
    Ok(Part {
        name: package.name.clone(),
        version: package.version.clone(),
        license,
        repository: package.repository.clone().unwrap_or_default(),
        texts: texts(folder)?,
    })
}

/// The licence texts in the files of a package, with normalised white space.
fn texts(folder: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_ascii_uppercase();
        let about = [
            "LICENSE",
            "LICENCE",
            "COPYING",
            "COPYRIGHT",
            "NOTICE",
            "UNLICENSE",
        ]
        .iter()
        .any(|beginning| name.starts_with(beginning));
        if about && entry.path().is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    let mut texts = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        texts.push(lines.join("\n").trim_matches('\n').to_owned());
    }
    Ok(texts)
}

fn written(parts: &[Part]) -> Result<String> {
    // Packages without a text of their own offer Apache-2.0, whose text another package contains.
    let apache = parts
        .iter()
        .flat_map(|part| &part.texts)
        .find(|text| text.contains("Apache License") && text.contains("END OF TERMS"))
        .cloned()
        .unwrap_or_default();
    let mut by_text: BTreeMap<String, Vec<&Part>> = BTreeMap::new();
    for part in parts {
        let mut texts = part.texts.clone();
        if texts.is_empty() && part.license.contains("Apache-2.0") {
            texts.push(apache.clone());
        }
        if texts.iter().all(String::is_empty) {
            bail!(
                "{} {} ({}) has no text of its licence",
                part.name,
                part.version,
                part.license
            );
        }
        for text in texts {
            by_text.entry(text).or_default().push(part);
        }
    }
    let mut groups: Vec<(Vec<&Part>, String)> = by_text
        .into_iter()
        .map(|(text, parts)| (parts, text))
        .collect();
    groups.sort();
    let mut all = HEAD.to_owned();
    for (parts, text) in groups {
        let _ = write!(all, "\n{}\n", "=".repeat(80));
        for part in parts {
            let Part {
                name,
                version,
                license,
                repository,
                ..
            } = part;
            let _ = writeln!(all, "{name} {version} ({license}) {repository}");
        }
        let _ = write!(all, "\n{text}\n");
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::{Part, notices, shipped, written};
    use crate::workspace::Workspace;

    fn part(name: &str, license: &str, texts: &[&str]) -> Part {
        Part {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: license.to_owned(),
            repository: String::new(),
            texts: texts.iter().map(|&text| text.to_owned()).collect(),
        }
    }

    #[test]
    fn a_text_that_several_share_stands_once_behind_all_of_them() {
        let all = written(&[
            part("a", "MIT", &["the text"]),
            part("b", "MIT", &["another text"]),
            part("c", "MIT", &["the text"]),
        ])
        .unwrap();
        assert_eq!(all.matches("the text\n").count(), 1);
        let (named, _) = all.split_once("the text").unwrap();
        assert!(named.contains("a 1.0.0 (MIT)") && named.contains("c 1.0.0 (MIT)"));
    }

    #[test]
    fn a_package_without_any_text_is_an_error() {
        assert!(written(&[part("a", "MIT", &[])]).is_err());
        assert!(written(&[part("a", "MIT OR Apache-2.0", &[])]).is_err());
        let apache = "Apache License\n…\nEND OF TERMS AND CONDITIONS";
        let borrowed = written(&[
            part("a", "MIT OR Apache-2.0", &[]),
            part("b", "Apache-2.0", &[apache]),
        ]);
        assert_eq!(borrowed.unwrap().matches(apache).count(), 1);
    }

    #[test]
    fn what_is_for_tests_and_build_scripts_alone_is_no_part() {
        let package = |name: &str, source: Option<&str>| {
            serde_json::json!({
                "id": name, "name": name, "version": "1.0.0", "source": source, "manifest_path": "",
            })
        };
        let other = |name| package(name, Some("registry"));
        let metadata = serde_json::json!({
            "packages": [
                package("odp-console", None), other("used"), other("below"), other("test"),
                other("build"),
            ],
            "resolve": { "nodes": [
                { "id": "odp-console", "deps": [
                    { "pkg": "used", "dep_kinds": [{ "kind": null }] },
                    { "pkg": "test", "dep_kinds": [{ "kind": "dev" }] },
                    { "pkg": "build", "dep_kinds": [{ "kind": "build" }] },
                ] },
                { "id": "used", "deps": [{ "pkg": "below", "dep_kinds": [{ "kind": null }] }] },
                { "id": "below", "deps": [] },
            ] },
        });
        let metadata = serde_json::from_value(metadata).unwrap();
        let names: Vec<&str> = shipped(&metadata)
            .unwrap()
            .into_iter()
            .map(|package| package.name.as_str())
            .collect();
        assert_eq!(names, ["used", "below"]);
    }

    #[test]
    fn every_package_of_the_module_is_named_with_a_text() {
        let all = notices(&Workspace::new().unwrap()).unwrap();
        for name in [
            "yew ",
            "rsa ",
            "aes ",
            "wasm-bindgen ",
            "serde ",
            "web-sys ",
        ] {
            assert!(all.contains(&format!("\n{name}")), "{name}");
        }
        for text in ["Apache License", "Permission is hereby granted"] {
            assert!(all.contains(text), "{text}");
        }
        // Dependencies of the tests are not shipped.
        assert!(!all.contains("\nfantoccini "));
        assert!(!all.contains(env!("CARGO_MANIFEST_DIR")));
    }
}
