//! Builds the shipped files: the page in `dist/` and the npm package. `cargo xtask` runs it, with
//! the required tools on `PATH`.
//!
//! ```text
//! xtask-page page [--debug]       the page, into dist/
//! xtask-page package              the npm package, with the page's module, packed into packages/
//! xtask-page again                both once more elsewhere, compared byte for byte
//! xtask-page compress FOLDER…     .br and .gz beside the files of these folders
//! ```
//!
//! Separate from `xtask`, so that `xtask` itself compiles quickly.
#![expect(
    clippy::print_stdout,
    reason = "a command-line program talks by printing"
)]

mod machine;
mod notices;
mod package;
mod page;
mod reproducible;
mod swap;
mod workspace;

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use workspace::Workspace;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        ["page", options @ ..] => {
            let workspace = Workspace::new()?;
            let _lock = one_at_a_time(&workspace)?;
            page::build(&workspace, *options == ["--debug"])
        }
        ["package"] => {
            let workspace = Workspace::new()?;
            let _lock = one_at_a_time(&workspace)?;
            package::package(&workspace)
        }
        ["again"] => {
            let workspace = Workspace::new()?;
            let _lock = one_at_a_time(&workspace)?;
            reproducible::again(&workspace)
        }
        ["compress", folders @ ..] => folders
            .iter()
            .try_for_each(|folder| page::compress(Path::new(folder)))
            .context("cannot compress"),
        _ => bail!("unknown arguments: run this program by `cargo xtask`"),
    }
}

/// Two builds at once would write the same intermediate files.
fn one_at_a_time(workspace: &Workspace) -> Result<File> {
    fs::create_dir_all(workspace.scratch(""))?;
    let file = File::create(workspace.scratch("lock"))?;
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        println!("Waiting for another build of the page …");
        file.lock()?;
    }
    Ok(file)
}
