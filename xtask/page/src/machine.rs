//! Keeps the paths of the build machine out of the shipped files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::workspace::{self, Workspace};

/// The variable whose flags cargo adds to those in `.cargo/config.toml`.
pub const FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// The folders of this machine that the compiler writes into panic messages, each with its
/// replacement.
fn folders(workspace: &Workspace) -> Result<Vec<(PathBuf, &'static str)>> {
    let sysroot = workspace::output(workspace.command("rustc").args(["--print", "sysroot"]))
        .context("rustc reports no sysroot")?;
    let home = cargo_home().context("cargo has no home folder")?;
    let mut folders = vec![
        (Path::new(&sysroot).join("lib/rustlib/src/rust"), "rust"),
        (home.join("git/checkouts"), "crates"),
        (workspace.root.clone(), "odp-console"),
    ];
    // One entry for each registry: the folder's name contains the registry's host.
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

/// Compiler flags that keep the folders of this machine out of the module.
///
/// # Errors
/// If a folder cannot be expressed as a compiler flag.
pub fn flags(workspace: &Workspace) -> Result<String> {
    let mut flags = Vec::new();
    for (folder, instead) in folders(workspace)? {
        let folder = folder.to_str().context("a folder's name is not UTF-8")?;
        if folder.contains(char::is_whitespace) {
            bail!("{folder} contains a space, so the module would contain this path");
        }
        flags.push(format!("--remap-path-prefix={folder}={instead}"));
    }
    Ok(flags.join(" "))
}

/// Fails if a file in this folder contains a path of this machine.
///
/// # Errors
/// If a file contains one, or cannot be read.
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
        // A short path, such as `/`, would match anywhere.
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

/// Every file below the folder, by its relative path.
///
/// # Errors
/// If a file cannot be read.
pub fn contents(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
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

    use super::{check, flags, folders};
    use crate::workspace::Workspace;

    /// A folder for this test only, with these files.
    fn folder(test: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("odp-machine-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        for (name, text) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
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
