//! Tools that cargo builds: Trunk, wasm-bindgen's command line, and Firefox's driver.

use std::fs::{self, File};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::{Tools, folder};
use crate::process;

const TRUNK: &str = "0.21.14";
/// What is installed where there is none.
const GECKODRIVER: &str = "0.37.1";
/// The oldest that lets tests change what Firefox takes for the system's settings: 0.36.
const OLDEST_GECKODRIVER: u32 = 36;

pub(super) fn trunk(tools: &Tools) -> Result<()> {
    if version_of(tools, "trunk").as_deref() == Some(TRUNK) {
        return Ok(());
    }
    // rustls, not OpenSSL: nothing of the system is needed but a C compiler.
    let features = ["--no-default-features", "--features", "rustls", "--locked"];
    install(tools, "trunk", TRUNK, "about 3 minutes", &features)
}

/// wasm-bindgen's command line, at exactly the version of the library: both speak a private
/// protocol that changes with every release.
pub(super) fn wasm_bindgen(tools: &Tools) -> Result<()> {
    let lock = fs::read_to_string(tools.root.join("Cargo.lock")).context("no Cargo.lock")?;
    let version = locked_version(&lock, "wasm-bindgen")
        .context("Cargo.lock does not name wasm-bindgen")?
        .to_owned();
    let both = ["wasm-bindgen", "wasm-bindgen-test-runner"];
    if both
        .iter()
        .all(|tool| version_of(tools, tool).as_deref() == Some(&version))
    {
        return Ok(());
    }
    install_as_locked(tools, "wasm-bindgen-cli", &version)
}

/// The driver of Firefox, which Debian has no package of.
pub(super) fn geckodriver(tools: &Tools) -> Result<()> {
    let version = version_of(tools, "geckodriver");
    if version.is_some_and(|version| minor(&version) >= Some(OLDEST_GECKODRIVER)) {
        return Ok(());
    }
    install_as_locked(tools, "geckodriver", GECKODRIVER)
}

/// The second number of a version; no first one but 0 is known of geckodriver.
fn minor(version: &str) -> Option<u32> {
    version.split('.').nth(1)?.parse().ok()
}

/// With the dependencies of its lock file; where the registry at hand does not have them, with
/// others.
fn install_as_locked(tools: &Tools, name: &str, version: &str) -> Result<()> {
    install(tools, name, version, "about 2 minutes", &["--locked"]).or_else(|_| {
        let others = "with other dependencies than its lock file's";
        install(tools, name, version, others, &[])
    })
}

/// Removes what building the tools left behind, hundreds of megabytes.
pub(super) fn tidy(tools: &Tools) {
    // Left behind it costs space and nothing else.
    let _ = fs::remove_dir_all(folder(&tools.root).join("target"));
}

fn install(
    tools: &Tools,
    name: &str,
    version: &str,
    duration: &str,
    options: &[&str],
) -> Result<()> {
    println!("Installing {name} {version} ({duration}) …");
    let folder = folder(&tools.root);
    fs::create_dir_all(&folder)?;
    let log_path = folder.join(format!("{name}.log"));
    let log = File::create(&log_path)?;
    let mut command = tools.command("cargo");
    command
        .args([
            "install",
            name,
            "--version",
            version,
            "--debug",
            "--force",
            "--root",
        ])
        .arg(&folder)
        .args(options)
        // A target folder of its own: no lock is shared with the project's builds, and nothing
        // that one of them built is thrown away by the other.
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    let started = Instant::now();
    let mut child = command.spawn().context("cargo does not run")?;
    let mut told = Duration::ZERO;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(200));
        let elapsed = started.elapsed();
        if elapsed >= told + Duration::from_secs(30) {
            told = elapsed;
            println!("  … {name} after {} s", elapsed.as_secs());
        }
    };
    if status.success() {
        println!(
            "Installed {name} {version} in {} s",
            started.elapsed().as_secs()
        );
        return Ok(());
    }
    let text = fs::read_to_string(&log_path).unwrap_or_default();
    let why = text
        .split_once("error")
        .map_or(text.as_str(), |(_, rest)| rest);
    let why = why.lines().take(15).collect::<Vec<_>>().join("\n");
    bail!(
        "{name} {version} could not be built: error{why}\n(more in {})",
        log_path.display()
    );
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
    use super::{locked_version, minor};

    #[test]
    fn a_driver_is_known_by_its_second_number() {
        assert_eq!(minor("0.36.0"), Some(36));
        assert_eq!(minor("0"), None);
    }

    #[test]
    fn the_locked_version_is_of_exactly_that_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
