//! Tools that cargo builds: Trunk, wasm-bindgen's command line, and Firefox's driver.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use super::commands::{Tools, folder};
use crate::process;
use crate::progress::{self, minutes};

const TRUNK: &str = "0.21.14";
/// The version to install if there is none.
const GECKODRIVER: &str = "0.37.1";
/// The oldest version with which tests can change the system settings seen by Firefox: 0.36.
const OLDEST_GECKODRIVER: u32 = 36;
const DENY: &str = "0.20.2";
/// The package that compiles wasm-bindgen's command line with locked dependencies.
const WASM_BINDGEN: &str = "xtask/wasm-bindgen";

/// The tools that one crate contains.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Trunk,
    WasmBindgen,
    Geckodriver,
    Deny,
}

/// The description for a person, and the seconds that building takes on two cores.
pub(super) fn described(kind: Kind) -> (String, u64) {
    let (name, seconds) = match kind {
        Kind::Trunk => (format!("Trunk {TRUNK}"), 300),
        Kind::WasmBindgen => {
            let name = "wasm-bindgen of the version in Cargo.lock (compiled)";
            return (name.to_owned(), 150);
        }
        Kind::Deny => (format!("cargo-deny {DENY}"), 300),
        Kind::Geckodriver => (format!("geckodriver {GECKODRIVER}"), 60),
    };
    let how = "by cargo binstall if available, otherwise compiled";
    (format!("{name} ({how})"), seconds)
}

pub(super) fn has_trunk(tools: &Tools) -> bool {
    is_right(tools, "trunk", |version| version == TRUNK)
}

pub(super) fn trunk(tools: &Tools) -> Result<()> {
    // rustls instead of OpenSSL: the system only needs a C compiler.
    let features = ["--no-default-features", "--features", "rustls", "--locked"];
    install(tools, "trunk", TRUNK, &[&features])
}

/// Whether a program of wasm-bindgen's command line has exactly the version of the library: both
/// use a private protocol that changes with every release.
pub(super) fn has_wasm_bindgen(tools: &Tools, program: &str) -> bool {
    wasm_bindgen_version(tools)
        .is_ok_and(|locked| is_right(tools, program, |version| version == locked))
}

pub(super) fn wasm_bindgen(tools: &Tools) -> Result<()> {
    // Its output is shipped, so it is compiled by a lock file of this repository, never taken as a
    // precompiled binary.
    let source = ["--path", WASM_BINDGEN, "--locked"];
    compile(tools, "wasm-bindgen", &[&source])
}

fn wasm_bindgen_version(tools: &Tools) -> Result<String> {
    let lock = fs::read_to_string(tools.root.join("Cargo.lock")).context("no Cargo.lock")?;
    let version = locked_version(&lock, "wasm-bindgen");
    Ok(version
        .context("Cargo.lock does not contain wasm-bindgen")?
        .to_owned())
}

/// Whether Firefox's driver is installed, for which Debian has no package.
pub(super) fn has_geckodriver(tools: &Tools) -> bool {
    is_right(tools, "geckodriver", |version| {
        minor(version) >= Some(OLDEST_GECKODRIVER)
    })
}

pub(super) fn geckodriver(tools: &Tools) -> Result<()> {
    install(tools, "geckodriver", GECKODRIVER, &AS_LOCKED_OR_NOT)
}

/// Whether cargo-deny is installed, which checks the licences and sources of dependencies.
pub(super) fn has_deny(tools: &Tools) -> bool {
    is_right(tools, "cargo-deny", |version| version == DENY)
}

pub(super) fn deny(tools: &Tools) -> Result<()> {
    install(tools, "cargo-deny", DENY, &AS_LOCKED_OR_NOT)
}

/// With the dependencies of its lock file; if the registry does not have them, with others.
const AS_LOCKED_OR_NOT: [&[&str]; 2] = [&["--locked"], &[]];

/// Whether the first program found has a suitable version. An unsuitable one in `.tools/bin` is
/// removed, since one later on `PATH` may be suitable.
fn is_right(tools: &Tools, program: &str, right: impl Fn(&str) -> bool) -> bool {
    if version_of(tools, program).is_some_and(|version| right(&version)) {
        return true;
    }
    let ours = folder(&tools.root).join("bin").join(program);
    ours.is_file()
        && fs::remove_file(ours).is_ok()
        && version_of(tools, program).is_some_and(|version| right(&version))
}

/// The second number of a version; the first number of geckodriver is 0.
fn minor(version: &str) -> Option<u32> {
    version.split('.').nth(1)?.parse().ok()
}

/// Removes the remains of building the tools, which take hundreds of megabytes.
pub(super) fn tidy(tools: &Tools) {
    // A remaining folder only takes space.
    let _ = fs::remove_dir_all(folder(&tools.root).join("target"));
}

/// Installs with `cargo binstall` if available, which downloads precompiled programs; otherwise by
/// compiling.
fn install(tools: &Tools, name: &str, version: &str, ways: &[&[&str]]) -> Result<()> {
    let folder = folder(&tools.root);
    fs::create_dir_all(&folder)?;
    if tools.find("cargo-binstall").is_some() {
        let log = folder.join(format!("{name}-binstall.log"));
        let mut binstall = tools.command("cargo");
        binstall.args(binstall_arguments(name, version, &folder));
        match logged(&mut binstall, name, &log) {
            Ok(()) => return Ok(()),
            Err(_) => progress::say(&format!(
                "cargo binstall cannot install {name} {version} (see {}). Compiling it …",
                log.display()
            )),
        }
    }
    let ways: Vec<_> = ways
        .iter()
        .map(|options| [&[name, "--version", version], *options].concat())
        .collect();
    let ways: Vec<_> = ways.iter().map(Vec::as_slice).collect();
    compile(tools, name, &ways)
}

/// Compiles with the first of these arguments of `cargo install` that works.
fn compile(tools: &Tools, name: &str, ways: &[&[&str]]) -> Result<()> {
    let folder = folder(&tools.root);
    fs::create_dir_all(&folder)?;
    let mut result = Ok(());
    for arguments in ways {
        let mut command = tools.command("cargo");
        command
            .arg("install")
            .args(*arguments)
            .args(["--debug", "--force", "--root"])
            .arg(&folder)
            .current_dir(&tools.root)
            // A separate target folder: it shares no lock with the project's builds, and neither
            // build discards the results of the other.
            .env("CARGO_TARGET_DIR", folder.join("target"))
            .env("CARGO_PROFILE_DEV_DEBUG", "0");
        result = logged(&mut command, name, &folder.join(format!("{name}.log")));
        if result.is_ok() {
            break;
        }
    }
    result.with_context(|| format!("cannot compile {name}"))
}

/// Without compiling: the options for that are set here.
fn binstall_arguments(name: &str, version: &str, root: &Path) -> Vec<String> {
    let root = root.display().to_string();
    let package = format!("{name}@{version}");
    let words = [
        "binstall",
        "--no-confirm",
        "--force",
        "--disable-strategies",
        "compile",
        "--root",
        &root,
        &package,
    ];
    words.map(str::to_owned).into()
}

/// Runs a command with its output in a file; an error quotes the beginning of it.
fn logged(command: &mut Command, name: &str, log_path: &Path) -> Result<()> {
    let log = File::create(log_path)?;
    let activity = progress::activity(name);
    let status = command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .status()
        .context("cannot run cargo")?;
    if status.success() {
        progress::say(&format!(
            "Installed {name} in {}",
            minutes(activity.elapsed())
        ));
        return Ok(());
    }
    let text = fs::read_to_string(log_path).unwrap_or_default();
    let why = text
        .split_once("error")
        .map_or(text.as_str(), |(_, rest)| rest);
    let why = why.lines().take(15).collect::<Vec<_>>().join("\n");
    bail!("error{why}\n(more in {})", log_path.display());
}

/// The second word of `NAME VERSION …`.
fn version_of(tools: &Tools, name: &str) -> Option<String> {
    let text = process::output(tools.command(name).arg("--version"))?;
    text.split_whitespace().nth(1).map(str::to_owned)
}

fn locked_version<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = lock.split_once(&format!("\nname = \"{name}\"\nversion = \""))?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{WASM_BINDGEN, binstall_arguments, locked_version, minor};

    #[test]
    fn binstall_asks_nothing_compiles_nothing_and_leaves_the_home_alone() {
        let arguments = binstall_arguments("trunk", "0.21.14", Path::new("/w/.tools")).join(" ");
        assert_eq!(
            arguments,
            "binstall --no-confirm --force --disable-strategies compile --root /w/.tools trunk@0.21.14"
        );
    }

    #[test]
    fn a_driver_is_known_by_its_second_number() {
        assert_eq!(minor("0.36.0"), Some(36));
        assert_eq!(minor("0"), None);
    }

    #[test]
    fn the_command_line_of_wasm_bindgen_has_the_version_of_the_library() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let lock = |path: &str| fs::read_to_string(root.join(path)).unwrap();
        let library = lock("Cargo.lock");
        let command_line = lock(&format!("{WASM_BINDGEN}/Cargo.lock"));
        assert_eq!(
            locked_version(&library, "wasm-bindgen").unwrap(),
            locked_version(&command_line, "wasm-bindgen-cli").unwrap(),
            "see {WASM_BINDGEN}/Cargo.toml"
        );
    }

    #[test]
    fn the_locked_version_is_of_exactly_that_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
