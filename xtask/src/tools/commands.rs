//! Commands in the work tree with the installed tools on `PATH`.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{process, progress};

/// The fontconfig file for the unpacked fonts, in the folder of tools.
pub(super) const FONTS: &str = "debian/fonts.conf";

/// Finds, installs and runs tools.
pub struct Tools {
    pub(super) root: PathBuf,
    target: PathBuf,
    path: OsString,
}

impl Tools {
    /// Does not install anything yet.
    pub fn new(root: &Path) -> Result<Self> {
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let own = [
            folder(root).join("bin"),
            folder(root).join("npm/node_modules/.bin"),
        ];
        // Debian installs servers in a folder that is not on a user's PATH.
        let servers = [PathBuf::from("/usr/sbin")];
        let all = own.into_iter().chain(std::env::split_paths(&inherited));
        let path = std::env::join_paths(all.chain(servers))
            .context("the work tree's path contains a colon")?;
        let mut tools = Self {
            root: root.to_owned(),
            target: PathBuf::new(),
            path,
        };
        tools.target = tools.ask_for_target()?;
        Ok(tools)
    }

    /// Cargo's target folder.
    pub fn target(&self) -> &Path {
        &self.target
    }

    fn ask_for_target(&self) -> Result<PathBuf> {
        let mut metadata = self.command("cargo");
        metadata.args(["metadata", "--format-version=1", "--no-deps", "--offline"]);
        let text = process::output(&mut metadata).context("`cargo metadata` fails")?;
        let folder = text
            .split_once(r#""target_directory":""#)
            .and_then(|(_, rest)| rest.split('"').next())
            .context("`cargo metadata` reports no target folder")?;
        Ok(folder.into())
    }

    /// A command in the work tree, with the installed tools first on `PATH`.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let program = program.as_ref();
        // By its full path: not every system looks a program up in the child's `PATH`.
        let program = self
            .find(program)
            .map_or_else(|| program.into(), PathBuf::into_os_string);
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", &self.path);
        // The fonts of the machine and the unpacked ones.
        let fonts = folder(&self.root).join(FONTS);
        if fonts.is_file() {
            command.env("FONTCONFIG_FILE", fonts);
        }
        command
    }

    /// The program's full path, if it is found.
    pub fn find(&self, program: impl AsRef<OsStr>) -> Option<PathBuf> {
        std::env::split_paths(&self.path)
            .map(|folder| folder.join(program.as_ref()))
            .find(|candidate| candidate.is_file())
    }

    /// Builds a program of this workspace and returns its path.
    pub fn program(&self, package: &str, name: &str) -> Result<PathBuf> {
        let _activity = progress::activity(&format!("compiling {name}"));
        let mut executable = None;
        let mut cargo = self.command("cargo");
        cargo
            .args(["build", "--package", package, "--bin", name])
            .arg("--message-format=json-render-diagnostics");
        let good = process::run_and_read(&mut cargo, |line| {
            if let Some(path) = executable_in(line) {
                executable = Some(PathBuf::from(path));
            }
        })?;
        if !good {
            bail!("cannot compile {name}");
        }
        executable.with_context(|| format!("cargo reports no program {name}"))
    }
}

/// The program named in a line of cargo's messages.
fn executable_in(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(r#""executable":""#)?;
    rest.split('"').next()
}

/// The folder in which tools are installed.
pub(super) fn folder(root: &Path) -> PathBuf {
    root.join(".tools")
}

#[cfg(test)]
mod tests {
    use super::executable_in;

    #[test]
    fn cargo_names_the_program_that_it_built() {
        let line =
            r#"{"reason":"compiler-artifact","executable":"/t/debug/console-site","fresh":true}"#;
        assert_eq!(executable_in(line), Some("/t/debug/console-site"));
        assert_eq!(executable_in(r#"{"executable":null}"#), None);
    }
}
