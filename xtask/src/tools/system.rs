//! Packages that only the system's package manager can install.

use anyhow::{Context as _, Result, bail};

use super::commands::Tools;
use super::unpacked;
use crate::process;

/// Installs Debian packages, as root or with a sudo that needs no password. Refuses if that would
/// upgrade or remove an installed package: the machine belongs to its owner.
pub(super) fn install(tools: &Tools, what: &str, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    let advice = format!("{what} is missing. On Debian or Ubuntu: apt-get install {names}");
    if !unpacked::is_possible(tools) {
        bail!("{advice}. On another system, install the equivalent packages");
    }
    let as_root: &[&str] = if process::output(tools.command("id").arg("-u")).as_deref() == Some("0")
    {
        &[]
    } else if process::output(tools.command("sudo").args(["-n", "true"])).is_some() {
        &["sudo", "-n"]
    } else {
        bail!("{advice} (needs root)");
    };
    let apt = unpacked::Apt::new(tools)?;
    let simulation = apt.simulation(packages).context(advice.clone())?;
    let changes = changes(&simulation);
    if !changes.is_empty() {
        bail!(
            "{advice} (not done automatically: it would upgrade or remove {})",
            changes.join(", ")
        );
    }
    let configuration = format!("APT_CONFIG={}", apt.configuration().display());
    let line = [
        as_root,
        &["env", "DEBIAN_FRONTEND=noninteractive", &configuration],
        &["apt-get", "-qq", "-y", "-o", "Debug::NoLocking=false"],
        // Another process may be installing packages.
        &["-o", "DPkg::Lock::Timeout=300"],
        &["--no-upgrade", "--no-remove", "install"],
        packages,
    ];
    let words = line.concat();
    let (program, rest) = words.split_first().context("no command")?;
    process::run(tools.command(program).args(rest)).context(advice)
}

/// The installed packages that a simulation of apt-get upgrades or removes:
/// `Inst openssl [3.0.16] (3.0.17 …)` has the old version in brackets, `Remv …` is a removal.
fn changes(simulation: &str) -> Vec<&str> {
    simulation
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            match (words.next()?, words.next()?, words.next()) {
                ("Remv", name, _) => Some(name),
                ("Inst", name, Some(old)) if old.starts_with('[') => Some(name),
                _ => None,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::changes;

    #[test]
    fn an_upgrade_is_told_from_a_new_package() {
        let simulation = "\
Inst libnss3 [2:3.87.1-1] (2:3.87.1-1+deb12u1 Debian-Security:12/oldstable [amd64])
Inst python3.11-venv (3.11.2-6+deb12u6 Debian:12.11/oldstable [amd64])
Remv npm [9.2.0]
Conf libnss3 (2:3.87.1-1+deb12u1 Debian-Security:12/oldstable [amd64])
";
        assert_eq!(changes(simulation), ["libnss3", "npm"]);
        assert!(changes("").is_empty());
    }
}
