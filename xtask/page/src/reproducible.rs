//! Checks that builds are reproducible: the same files wherever they are built.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::machine::contents;
use crate::workspace::{self, Workspace};
use crate::{package, page};

/// Builds page and package again, from a copy of the work tree in another folder and without any
/// compiled artefacts, and compares them with the previous build.
///
/// # Errors
/// If they differ in a byte, or cannot be built.
pub fn again(workspace: &Workspace) -> Result<()> {
    let name = format!("odp-console-again-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    let _ = fs::remove_dir_all(&folder);
    let result = again_in(workspace, &folder);
    let _ = fs::remove_dir_all(&folder);
    result
}

fn again_in(workspace: &Workspace, folder: &Path) -> Result<()> {
    let elsewhere = Workspace {
        root: folder.join("source"),
        target: folder.join("target"),
    };
    copy_sources(workspace, &elsewhere.root)?;
    fs::create_dir_all(elsewhere.scratch(""))?;
    page::build(&elsewhere, false)?;
    let packed = package::pack(&elsewhere)?;
    same(&workspace.root.join("dist"), &elsewhere.root.join("dist"))?;
    let name = packed.file_name().context("the packed file has no name")?;
    let first = workspace.root.join("packages").join(name);
    if fs::read(&first).context("no package: run `cargo xtask package`")? != fs::read(&packed)? {
        bail!(
            "{} differs from the package that was packed in another folder",
            first.display()
        );
    }
    println!("Page and package are identical, byte for byte.");
    Ok(())
}

/// Copies the files that Git tracks or does not ignore.
fn copy_sources(workspace: &Workspace, to: &Path) -> Result<()> {
    let mut git: Command = workspace.command("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let files = workspace::output(&mut git).context("`git ls-files` fails")?;
    for file in files.lines() {
        let from = workspace.root.join(file);
        if from.is_file() {
            let to = to.join(file);
            fs::create_dir_all(to.parent().context("no folder")?)?;
            fs::copy(from, to)?;
        }
    }
    Ok(())
}

/// Fails unless both folders contain the same files.
fn same(one: &Path, other: &Path) -> Result<()> {
    let (one, other) = (contents(one)?, contents(other)?);
    let names: BTreeSet<&PathBuf> = one.keys().chain(other.keys()).collect();
    let different: Vec<String> = names
        .into_iter()
        .filter(|name| one.get(*name) != other.get(*name))
        .map(|name| name.display().to_string())
        .collect();
    if different.is_empty() {
        return Ok(());
    }
    bail!("two builds differ in {}", different.join(", "))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::same;

    /// A folder for this test only, with these files.
    fn folder(test: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("odp-again-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        for (name, text) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn a_byte_or_a_file_makes_a_difference() {
        let files = [("index.html", "page"), ("sub/a.js", "one")];
        let one = folder("one", &files);
        let equal = folder("equal", &files);
        same(&one, &equal).unwrap();
        let byte = folder("byte", &[("index.html", "page"), ("sub/a.js", "onE")]);
        let error = same(&one, &byte).unwrap_err().to_string();
        assert_eq!(error, "two builds differ in sub/a.js");
        let more = folder("more", &[files[0], files[1], ("b.js", "")]);
        assert!(same(&one, &more).is_err());
        assert!(same(&more, &one).is_err());
        for folder in [one, equal, byte, more] {
            fs::remove_dir_all(folder).unwrap();
        }
    }
}
