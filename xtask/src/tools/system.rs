//! Packages of the operating system.

use anyhow::{Result, bail};

use super::Tools;
use crate::process;

/// Installs Debian packages, as root or by a sudo that asks nothing; where that is impossible
/// the error says `what` is missing and the packages that bring it.
pub(super) fn install(tools: &Tools, what: &str, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    let advice = format!("{what} is missing; on Debian or Ubuntu: apt-get install {names}");
    if tools.find("apt-get").is_none() {
        bail!("{advice}; elsewhere, whatever your system calls it");
    }
    let prefix: &[&str] = if process::output(tools.command("id").arg("-u")).as_deref() == Some("0")
    {
        &[]
    } else if process::output(tools.command("sudo").args(["-n", "true"])).is_some() {
        &["sudo", "-n"]
    } else {
        bail!("{advice} (as root, which this is not)");
    };
    println!("Installing {names} for {what} …");
    let apt = |arguments: &[&str]| {
        let line = [
            prefix,
            &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"],
            arguments,
        ];
        let words = line.concat();
        let (program, rest) = words
            .split_first()
            .map_or(("apt-get", &[][..]), |(p, r)| (*p, r));
        process::run(tools.command(program).args(rest))
    };
    // An old list may name versions that are gone; if it cannot be renewed it may still do.
    let _ = apt(&["-qq", "update"]);
    let options = [
        "-qq",
        "-y",
        "--no-install-recommends",
        // Somebody else may be installing, such as the thread beside this one.
        "-o",
        "DPkg::Lock::Timeout=300",
        "install",
    ];
    if let Err(error) = apt(&[&options, packages].concat()) {
        bail!("{advice} ({error})");
    }
    Ok(())
}
