//! What ships is the same wherever it is built, and says nothing of the machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::workspace::{self, Workspace};
use crate::{package, page};

/// The variable whose flags cargo adds to those in `.cargo/config.toml`.
pub const FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// Folders of this machine that the compiler writes into messages of panics, each with what stands there
/// instead.
fn folders(workspace: &Workspace) -> Result<Vec<(PathBuf, &'static str)>> {
    let sysroot = workspace::output(workspace.command("rustc").args(["--print", "sysroot"]))
        .context("rustc names no sysroot")?;
    let home = cargo_home().context("no folder of cargo")?;
    let mut folders = vec![
        (Path::new(&sysroot).join("lib/rustlib/src/rust"), "rust"),
        (home.join("git/checkouts"), "crates"),
        (workspace.root.clone(), "odp-console"),
    ];
    // A folder for each registry: its name tells where the crates came from.
    let registries = home.join("registry/src");
    for entry in fs::read_dir(&registries).with_context(|| registries.display().to_string())? {
        folders.push((entry?.path(), "crates"));
    }
    Ok(folders)
}

fn cargo_home() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
}

/// Flags for the compiler that keep the folders of this machine out of the module.
///
/// # Errors
/// When one of them cannot be told to the compiler.
pub fn flags(workspace: &Workspace) -> Result<String> {
    let mut flags = Vec::new();
    for (folder, instead) in folders(workspace)? {
        let folder = folder.to_str().context("a folder's name is no text")?;
        if folder.contains(char::is_whitespace) {
            bail!("{folder} contains a space, and would stand in the module");
        }
        flags.push(format!("--remap-path-prefix={folder}={instead}"));
    }
    Ok(flags.join(" "))
}

/// Fails if a file in this folder contains a path of this machine.
///
/// # Errors
/// When one does, or cannot be read.
pub fn check(workspace: &Workspace, folder: &Path) -> Result<()> {
    let mut paths: BTreeSet<String> = BTreeSet::new();
    let more = [
        cargo_home(),
        std::env::home_dir(),
        Some(workspace.target.clone()),
    ];
    let all = folders(workspace)?.into_iter().map(|(folder, _)| folder);
    for path in all.chain(more.into_iter().flatten()) {
        let path = path.to_string_lossy().into_owned();
        // A short one, as `/`, would be found anywhere.
        if path.len() > 3 {
            paths.insert(path);
        }
    }
    for (name, content) in contents(folder)? {
        if let Some(path) = paths.iter().find(|path| contains(&content, path)) {
            bail!(
                "{} contains {path}, a folder of this machine",
                name.display()
            );
        }
    }
    Ok(())
}

fn contains(content: &[u8], text: &str) -> bool {
    content
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// Builds page and package once more, from a copy of the work tree in another folder and with nothing
/// compiled before, and compares them with what was built.
///
/// # Errors
/// When they differ in a byte, or cannot be built.
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
            "{} differs from one that was packed elsewhere",
            first.display()
        );
    }
    println!("The same page and package, byte for byte.");
    Ok(())
}

/// Copies the files that Git knows or would know.
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

/// Fails unless both folders have the same files.
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

/// Every file below, by its path in the folder.
fn contents(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).with_context(|| next.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_owned();
                found.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::{check, flags, folders, same};
    use crate::workspace::Workspace;

    /// Two folders of this test alone with these files.
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

    #[test]
    fn a_path_of_this_machine_is_found() {
        let workspace = Workspace::new().unwrap();
        let clean = folder("clean", &[("a.wasm", "crates/yew-0.23.0/src/lib.rs")]);
        check(&workspace, &clean).unwrap();
        for (path, _) in folders(&workspace).unwrap() {
            let text = format!("\0{}/src/lib.rs\0", path.display());
            let told = folder("told", &[("sub/a.wasm", &text)]);
            assert!(check(&workspace, &told).is_err(), "{text}");
            fs::remove_dir_all(told).unwrap();
        }
        fs::remove_dir_all(clean).unwrap();
    }

    #[test]
    fn the_compiler_is_told_every_folder() {
        let workspace = Workspace::new().unwrap();
        let flags = flags(&workspace).unwrap();
        for (path, instead) in folders(&workspace).unwrap() {
            let flag = format!("--remap-path-prefix={}={instead}", path.display());
            assert!(flags.split(' ').any(|one| one == flag), "{flag}");
        }
    }
}
