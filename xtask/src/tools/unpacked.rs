//! Debian packages, unpacked into `.tools/debian/` instead of installed.
//!
//! Installing a package may upgrade others, start a service or change the default browser; an
//! unpacked package is only a folder, and unpacking needs no root. Libraries that the machine lacks
//! are unpacked with it, and a program in `.tools/bin` sets their path.
//!
//! ```text
//! .tools/debian/apt.conf   apt-get's configuration: its lists and archives lie beside it
//!               root/      what was in the packages
//!               unpacked   their names and versions
//!               fonts.conf the machine's fonts and those of root/
//! ```

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::commands::{FONTS, Tools, folder};
use crate::process;

/// Programs, with their paths in Debian's packages.
const PROGRAMS: [(&str, &str); 7] = [
    ("caddy", "usr/bin/caddy"),
    ("chromedriver", "usr/bin/chromedriver"),
    // Not its usr/bin/chromium: a script that expects the rest in its usual place.
    ("chromium", "usr/lib/chromium/chromium"),
    ("fc-list", "usr/bin/fc-list"),
    ("firefox", "usr/lib/firefox-esr/firefox-esr"),
    ("nginx", "usr/sbin/nginx"),
    ("openssl", "usr/bin/openssl"),
];

/// Whether this is a system with Debian packages.
pub(super) fn is_possible(tools: &Tools) -> bool {
    tools.find("apt-get").is_some() && tools.find("dpkg-deb").is_some()
}

/// Unpacks these packages with the dependencies that the machine lacks.
pub(super) fn install(tools: &Tools, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if !is_possible(tools) {
        bail!(
            "{names}: this is not Debian or Ubuntu; install the equivalent packages of your system"
        );
    }
    let advice =
        || format!("cannot unpack {names}; install them yourself: apt-get install {names}");
    let apt = Apt::new(tools)?;
    apt.unpack(packages).with_context(advice)?;
    programs(tools, &apt.folder).with_context(advice)
}

/// apt-get with its own lists and archives: it changes nothing on the machine, and waits for no
/// lock.
pub(super) struct Apt<'a> {
    tools: &'a Tools,
    folder: PathBuf,
}

impl<'a> Apt<'a> {
    /// Downloads the newest package lists.
    pub(super) fn new(tools: &'a Tools) -> Result<Self> {
        let folder = folder(&tools.root).join("debian");
        for name in ["lists/partial", "cache/archives/partial", "root"] {
            fs::create_dir_all(folder.join(name))?;
        }
        let apt = Self { tools, folder };
        fs::write(apt.configuration(), configuration(&apt.folder))?;
        process::run_quietly(apt.command().args(["-qq", "update"]))
            .context("apt-get cannot download its package lists")?;
        Ok(apt)
    }

    /// The file with the paths of lists and archives.
    pub(super) fn configuration(&self) -> PathBuf {
        self.folder.join("apt.conf")
    }

    fn command(&self) -> Command {
        let mut command = self.tools.command("apt-get");
        command
            .env("APT_CONFIG", self.configuration())
            .env("LC_ALL", "C.UTF-8")
            .current_dir(self.folder.join("cache/archives"));
        command
    }

    /// The simulated actions of apt-get to install these packages.
    pub(super) fn simulation(&self, packages: &[&str]) -> Result<String> {
        let mut simulation = self.command();
        simulation.args(["-qq", "-s", "install"]).args(packages);
        process::output(&mut simulation).context("apt-get cannot install these packages")
    }

    fn unpack(&self, packages: &[&str]) -> Result<()> {
        let simulation = self.simulation(packages)?;
        let list = self.folder.join("unpacked");
        let mut unpacked: BTreeSet<String> = fs::read_to_string(&list)
            .unwrap_or_default()
            .lines()
            .map(str::to_owned)
            .collect();
        let wanted: Vec<String> = to_install(&simulation)
            .into_iter()
            .filter(|package| !unpacked.contains(package))
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        process::run_quietly(self.command().args(["-qq", "download"]).args(&wanted))?;
        for entry in fs::read_dir(self.folder.join("cache/archives"))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "deb") {
                let mut unpack = self.tools.command("dpkg-deb");
                unpack.arg("-x").arg(&path).arg(self.folder.join("root"));
                process::run_quietly(&mut unpack)?;
                fs::remove_file(path)?;
            }
        }
        unpacked.extend(wanted);
        let lines: Vec<String> = unpacked.into_iter().collect();
        fs::write(list, lines.join("\n"))?;
        Ok(())
    }
}

fn configuration(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "Dir::State::lists \"{folder}/lists/\";\n\
         Dir::Cache \"{folder}/cache/\";\n\
         Debug::NoLocking \"true\";\n\
         Acquire::Languages \"none\";\n\
         APT::Install-Recommends \"false\";\n\
         APT::Sandbox::User \"root\";\n\
         #clear APT::Update::Pre-Invoke;\n\
         #clear APT::Update::Post-Invoke;\n\
         #clear APT::Update::Post-Invoke-Success;\n"
    )
}

/// The packages that a simulation of apt-get installs or upgrades, as `name=version`:
/// `Inst nginx [1.21] (1.22.1-9 Debian:12/oldstable [amd64])`.
fn to_install(simulation: &str) -> Vec<String> {
    simulation
        .lines()
        .filter_map(|line| {
            let rest = line.strip_prefix("Inst ")?;
            let name = rest.split_whitespace().next()?;
            let version = rest.split_once('(')?.1.split_whitespace().next()?;
            // Every program of the machine must use the installed C library.
            let is_the_c_library = name == "libc6" || name.starts_with("libc6:");
            (!is_the_c_library).then(|| format!("{name}={version}"))
        })
        .collect()
}

/// Writes a program into `.tools/bin` for each unpacked one.
fn programs(tools: &Tools, debian: &Path) -> Result<()> {
    let root = debian.join("root");
    lead_into(&root, &root)?;
    let fonts = folder(&tools.root).join(FONTS);
    if root.join("usr/share/fonts").is_dir() {
        fs::write(&fonts, fonts_configuration(&root))?;
    }
    let libraries = libraries(&root)?;
    let bin = folder(&tools.root).join("bin");
    fs::create_dir_all(&bin)?;
    for (name, place) in PROGRAMS {
        let program = root.join(place);
        if !program.is_file() {
            continue;
        }
        let script = script(
            &program,
            &libraries,
            fonts.is_file().then_some(&*fonts),
            &root,
        );
        write_program(&bin.join(name), &script)?;
        // chromedriver first looks in its own folder, where the package has a script that does not
        // know its location.
        if name == "chromium" {
            write_program(&root.join("usr/bin/chromium"), &script)?;
        }
    }
    Ok(())
}

/// A script that runs a program with the unpacked libraries and fonts.
fn script(program: &Path, libraries: &str, fonts: Option<&Path>, root: &Path) -> String {
    let mut lines = vec![
        "#!/bin/sh".to_owned(),
        "# Written by `cargo xtask`.".to_owned(),
        format!("export LD_LIBRARY_PATH='{libraries}'\"${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}\""),
    ];
    if let Some(fonts) = fonts {
        lines.push(format!("export FONTCONFIG_FILE='{}'", fonts.display()));
    }
    let openssl = root.join("etc/ssl/openssl.cnf");
    if program.ends_with("openssl") && openssl.is_file() {
        lines.push(format!("export OPENSSL_CONF='{}'", openssl.display()));
    }
    lines.push(format!("exec '{}' \"$@\"\n", program.display()));
    lines.join("\n")
}

fn write_program(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// The folders of libraries, in the format of `LD_LIBRARY_PATH`.
fn libraries(root: &Path) -> io::Result<String> {
    let mut folders = Vec::new();
    for above in ["lib", "usr/lib"] {
        for folder in folders_in(&root.join(above))? {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            if name.contains("-linux-") {
                let below = folders_in(&folder)?;
                // Such as pulseaudio's; most subfolders contain plugins, which are found in other
                // ways.
                let with_libraries = |folder: &PathBuf| {
                    let names = fs::read_dir(folder).into_iter().flatten().flatten();
                    names.into_iter().any(|entry| {
                        let name = entry.file_name();
                        name.to_string_lossy().starts_with("lib")
                    })
                };
                folders.push(folder);
                folders.extend(below.into_iter().filter(with_libraries));
            }
        }
    }
    let folders: Vec<_> = folders.iter().map(|path| path.to_string_lossy()).collect();
    Ok(folders.join(":"))
}

fn folders_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    folders.sort();
    Ok(folders)
}

/// Redirects links to a path of the machine (`/usr/share/…`) to the same path below `root`, where
/// the package's files are.
#[cfg(unix)]
fn lead_into(root: &Path, folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (kind, path) = (entry.file_type()?, entry.path());
        if kind.is_dir() {
            lead_into(root, &path)?;
        } else if kind.is_symlink() {
            let to = fs::read_link(&path)?;
            let Ok(inside) = to.strip_prefix("/") else {
                continue;
            };
            let inside = root.join(inside);
            if inside.exists() && !to.starts_with(root) {
                fs::remove_file(&path)?;
                std::os::unix::fs::symlink(inside, &path)?;
            }
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn lead_into(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}

fn fonts_configuration(root: &Path) -> String {
    let root = root.display();
    format!(
        "<?xml version=\"1.0\"?>\n\
         <!DOCTYPE fontconfig SYSTEM \"urn:fontconfig:fonts.dtd\">\n\
         <fontconfig>\n\
         <include ignore_missing=\"yes\">/etc/fonts/fonts.conf</include>\n\
         <include ignore_missing=\"yes\">{root}/etc/fonts/fonts.conf</include>\n\
         <dir>{root}/usr/share/fonts</dir>\n\
         </fontconfig>\n"
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{configuration, script, to_install};

    #[test]
    fn what_is_missing_and_what_is_too_old_is_unpacked_but_never_the_c_library() {
        let simulation = "\
Inst libnss3 [2:3.87.1-1] (2:3.87.1-1+deb12u4 Debian-Security:12/oldstable [amd64])
Inst libc6 [2.36-9] (2.36-9+deb12u13 Debian:12.11/oldstable [amd64]) []
Inst nginx (1.22.1-9+deb12u11 Debian:12.11/oldstable [amd64])
Conf nginx (1.22.1-9+deb12u11 Debian:12.11/oldstable [amd64])
";
        assert_eq!(
            to_install(simulation),
            ["libnss3=2:3.87.1-1+deb12u4", "nginx=1.22.1-9+deb12u11"]
        );
    }

    #[test]
    fn apt_get_touches_no_list_of_the_machine_and_runs_nothing_of_its_own() {
        let text = configuration(Path::new("/w/.tools/debian"));
        assert!(text.contains("Dir::State::lists \"/w/.tools/debian/lists/\";"));
        assert!(text.contains("Dir::Cache \"/w/.tools/debian/cache/\";"));
        assert!(text.contains("#clear APT::Update::Post-Invoke;"));
    }

    #[test]
    fn a_program_finds_its_libraries_and_hands_on_its_arguments() {
        let root = Path::new("/w/root");
        let text = script(&root.join("usr/sbin/nginx"), "/w/a:/w/b", None, root);
        assert_eq!(
            text,
            "#!/bin/sh\n# Written by `cargo xtask`.\n\
             export LD_LIBRARY_PATH='/w/a:/w/b'\"${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}\"\n\
             exec '/w/root/usr/sbin/nginx' \"$@\"\n"
        );
    }
}
