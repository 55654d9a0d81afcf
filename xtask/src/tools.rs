//! The tools that building and testing need: found on `PATH`, or installed into `.tools/`.

mod browser;
mod cargo_tools;
mod npm;
mod system;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process;

/// Finds and installs tools, and runs commands that see them.
pub struct Tools {
    root: PathBuf,
    path: OsString,
}

impl Tools {
    /// Looks at nothing yet.
    pub fn new(root: &Path) -> Result<Self> {
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let own = [
            folder(root).join("bin"),
            folder(root).join("npm/node_modules/.bin"),
        ];
        let path = std::env::join_paths(own.into_iter().chain(std::env::split_paths(&inherited)))
            .context("the work tree's path contains a colon")?;
        Ok(Self {
            root: root.to_owned(),
            path,
        })
    }

    /// A command in the work tree that finds the installed tools first.
    pub fn command(&self, program: &str) -> Command {
        // By its full path: a child's `PATH` is not where its program is looked for everywhere.
        let program = self
            .find(program)
            .map_or_else(|| program.into(), PathBuf::into_os_string);
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", &self.path);
        command
    }

    /// What building the page needs.
    pub fn for_the_page(&self) -> Result<()> {
        self.wasm_target()?;
        self.standard_library()?;
        cargo_tools::trunk(self)?;
        cargo_tools::wasm_bindgen(self)?;
        npm::wasm_opt_and_esbuild(self)?;
        cargo_tools::tidy(self);
        Ok(())
    }

    /// What testing in Chromium needs.
    pub fn for_the_browser(&self) -> Result<()> {
        browser::chromium(self)
    }

    /// Firefox. What drives it takes minutes to build: [`Tools::for_the_other_browsers_driver`].
    pub fn for_the_other_browser(&self) -> Result<()> {
        browser::firefox(self)
    }

    /// What drives Firefox.
    pub fn for_the_other_browsers_driver(&self) -> Result<()> {
        cargo_tools::geckodriver(self)?;
        cargo_tools::tidy(self);
        Ok(())
    }

    /// What is run in the page to look for what shuts people out.
    pub fn for_everyone(&self) -> Result<()> {
        npm::axe(self)
    }

    /// The servers that the files of `deploy/` are for.
    pub fn for_the_servers(&self) -> Result<()> {
        // Debian puts servers where the PATH of a person does not look.
        let nginx = self.find("nginx").is_some() || Path::new("/usr/sbin/nginx").is_file();
        for (name, there) in [("nginx", nginx), ("caddy", self.find("caddy").is_some())] {
            if !there {
                let what = format!("{name} (the tests of deploy/; its service is not needed)");
                system::install(self, &what, &[name])?;
            }
        }
        Ok(())
    }

    /// What pictures of the page need beyond a browser.
    pub fn for_the_pictures(&self) -> Result<()> {
        browser::chinese_letters(self)
    }

    /// What the native tests compare with: Python for the official client, OpenSSL for vectors.
    pub fn for_the_references(&self) -> Result<()> {
        let venv = || {
            let mut command = self.command("python3");
            process::output(command.args(["-c", "import venv, ensurepip"])).is_some()
        };
        if !venv() {
            system::install(
                self,
                "Python 3 with venv (the official client)",
                &["python3-venv"],
            )?;
        }
        if self.find("openssl").is_none() {
            system::install(
                self,
                "OpenSSL's command line (test vectors, certificates)",
                &["openssl"],
            )?;
        }
        Ok(())
    }

    /// rustfmt and clippy.
    pub fn for_the_source(&self) -> Result<()> {
        let there = |name| process::output(self.command("cargo").args([name, "--version"]));
        if there("fmt").is_none() || there("clippy").is_none() {
            println!("Installing rustfmt and clippy …");
            process::run(
                self.command("rustup")
                    .args(["component", "add", "rustfmt", "clippy"]),
            )
            .context("rustfmt and clippy check the source; install them for this toolchain")?;
        }
        Ok(())
    }

    /// The standard library of the browser's target.
    pub fn wasm_target(&self) -> Result<()> {
        const TARGET: &str = "wasm32-unknown-unknown";
        self.part_of_rust(&format!("{TARGET}/lib"), &["target", "add", TARGET])
    }

    /// The standard library's source: the page is built with one that is made for size.
    fn standard_library(&self) -> Result<()> {
        let lock = "src/rust/library/Cargo.lock";
        self.part_of_rust(lock, &["component", "add", "rust-src"])
    }

    /// A part of this Rust, known by something that lies in `lib/rustlib`, or what rustup is to
    /// be told to fetch it.
    fn part_of_rust(&self, known_by: &str, rustup: &[&str]) -> Result<()> {
        let sysroot = process::output(self.command("rustc").args(["--print", "sysroot"]))
            .context("rustc does not run: install Rust by rustup")?;
        if Path::new(&sysroot)
            .join("lib/rustlib")
            .join(known_by)
            .exists()
        {
            return Ok(());
        }
        let words = rustup.join(" ");
        if self.find("rustup").is_none() {
            bail!(
                "this Rust lacks what `rustup {words}` adds: install it from where this Rust came from"
            );
        }
        println!("Installing a part of Rust: rustup {words} …");
        process::run(self.command("rustup").args(rustup))
    }

    /// The program's full path, if it is to be found.
    pub fn find(&self, program: &str) -> Option<PathBuf> {
        std::env::split_paths(&self.path)
            .map(|folder| folder.join(program))
            .find(|candidate| candidate.is_file())
    }
}

/// Where tools are installed.
fn folder(root: &Path) -> PathBuf {
    root.join(".tools")
}
