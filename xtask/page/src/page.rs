//! The built page: Trunk's output, and compressed copies beside it.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::swap;
use crate::workspace::{self, Workspace};
use crate::{machine, notices};

/// Builds the page into `dist/`, whose old content remains until the new one is complete.
pub fn build(workspace: &Workspace, debug: bool) -> Result<()> {
    let dist = workspace.scratch("dist");
    let _ = fs::remove_dir_all(&dist);
    // Trunk would download its own tools; offline it uses the installed ones. The cargo that it
    // runs is then offline as well, so all dependencies must be fetched before.
    workspace::run(workspace.command("cargo").args([
        "fetch",
        "--quiet",
        "--target",
        "wasm32-unknown-unknown",
    ]))?;
    let mut trunk = workspace.command("trunk");
    // Trunk parses NO_COLOR as one of its own options and refuses the usual value.
    trunk
        .env_remove("NO_COLOR")
        .env("CARGO_TARGET_DIR", &workspace.target)
        .env(machine::FLAGS, machine::flags(workspace)?)
        .args(["build", "--offline", "--dist"])
        .arg(&dist);
    if !debug {
        trunk.arg("--release");
    }
    workspace::run(&mut trunk)?;
    fs::write(dist.join(notices::FILE), notices::notices(workspace)?)
        .context("cannot write the notices")?;
    if !debug {
        machine::check(workspace, &dist)?;
    }
    println!("Compressing the page …");
    compress(&dist).context("cannot compress the page")?;
    swap::swap(&dist, &workspace.root.join("dist")).context("cannot put the page into dist/")
}

/// Writes `.br` and `.gz` beside every file that they make smaller.
pub fn compress(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        // config.json is edited when the page is installed; a compressed copy would hide the
        // change. A browser does not load the notices.
        if path.is_dir() || name == "config.json" || name == notices::FILE {
            continue;
        }
        let content = fs::read(&path)?;
        for (extension, packed) in [("br", brotli(&content)?), ("gz", gzip(&content)?)] {
            if packed.len() < content.len() {
                fs::write(folder.join(format!("{name}.{extension}")), packed)?;
            }
        }
    }
    Ok(())
}

/// Compresses with the highest brotli quality.
pub fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut packed, &parameters)?;
    Ok(packed)
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}
