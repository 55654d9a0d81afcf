//! The module that ships, in place of the one that Trunk put into the page: cut in two, so that
//! what is needed at the end only is fetched then, and with its bindings made small.
//!
//! ```text
//! cargo (by Trunk) ─▶ split ─▶ main ─▶ wasm-bindgen ─▶ bindings ─▶ esbuild ─▶ boot-….js
//!                       │                    └───────▶ wasm-opt ─▶ short names ─▶ console-….wasm
//!                       └─▶ later ─▶ wasm-opt ─▶ later-….wasm
//! ```
//!
//! The page names the hash of its script and of the module, and the script that of the later part
//! (Subresource Integrity): a browser runs them as they were built, or not at all.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::convert::Infallible;
use std::ffi::OsString;
use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{ExportSection, ImportSection};
use wasmparser::{Export, Imports, Parser};

use crate::workspace::{self, Workspace};

/// What makes cargo build a module for this, and the folder for what is made on the way. A standard library that is built for size, in which
/// a panic is one instruction, weighs 16 KB brotli less. That is not stable yet, so it is asked
/// for as such; rust-toolchain.toml names the one version of Rust that has to understand it.
/// The split needs the linker's relocations.
const SMALL: [(&str, &str); 4] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    (
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        "-Zunstable-options -Cpanic=immediate-abort -Zfmt-debug=none --cfg=split -Clink-arg=--emit-relocs",
    ),
];

/// Names of the module's parts while they are made.
const MAIN: &str = "bindings";
const LATER: &str = "split_later";
/// What fetches the later part; the split writes it.
const LOADER: &str = "__wasm_split.js";

/// What cargo has to be told for a module of this kind. Begins anew in the folder for what is made
/// on the way.
pub fn environment(workspace: &Workspace) -> Result<Vec<(&'static str, OsString)>> {
    let work = workspace.target.join("page");
    let _ = fs::remove_dir_all(&work);
    fs::create_dir_all(&work)?;
    kept_environment(workspace)
}

/// The same for a further module, beside what was made on the way to the first.
pub fn kept_environment(workspace: &Workspace) -> Result<Vec<(&'static str, OsString)>> {
    let work = workspace.target.join("page");
    let mut environment = Vec::new();
    for (name, source) in [
        ("ODP_CONSOLE_STYLE", "console.css"),
        ("ODP_CONSOLE_LATER_STYLE", "later.css"),
    ] {
        let style = work.join(source);
        esbuild(workspace, &[&format!("static/{source}")], &style)?;
        environment.push((name, style.into_os_string()));
    }
    environment.extend(SMALL.map(|(name, value)| (name, value.into())));
    Ok(environment)
}

/// Replaces what Trunk put into the page by what ships.
pub fn replace(workspace: &Workspace, dist: &Path) -> Result<()> {
    let made = bindings(workspace)?;
    let boot = made.work.join("boot.js");
    fs::copy(workspace.root.join("static/boot.js"), &boot)?;
    let script = bundled(workspace, &boot)?;
    let apart = bundled(workspace, &made.script)?;

    for stand_in in [
        "bindings.js".to_owned(),
        only(dist, "odp-console-module-", ".js")?,
    ] {
        fs::remove_file(dist.join(stand_in))?;
    }
    // They are part of the script.
    let _ = fs::remove_dir_all(dist.join("snippets"));
    let page = dist.join("index.html");
    let mut html = fs::read_to_string(&page)?;
    let preload = html
        .lines()
        .find_map(|line| line.split_once("<link rel=\"modulepreload\""))
        .and_then(|(_, rest)| rest.split_once('>'))
        .map(|(link, _)| format!("<link rel=\"modulepreload\"{link}>"))
        .context("the page has no link to its bindings")?;
    exchange(&mut html, &preload, "")?;
    for (prefix, suffix, attribute, part) in [
        ("boot-", ".js", "integrity", Part::new("boot", "js", script)),
        // Browsers know no integrity of what is loaded ahead to be fetched: boot.js asks for it.
        (
            "odp-console-module-",
            "_bg.wasm",
            "data-integrity",
            made.main,
        ),
    ] {
        let trunks = only(dist, prefix, suffix)?;
        fs::remove_file(dist.join(&trunks))?;
        let named = format!("\"./{}\" {attribute}=\"{}\"", part.name, part.integrity());
        exchange(&mut html, &format!("\"./{trunks}\""), &named)?;
        part.write(dist)?;
    }
    fs::write(page, html)?;
    made.later.write(dist)?;
    // For who embeds the console into a page that exists: the page itself does without.
    Part::new("console", "js", apart).write(dist)
}

/// Replaces what stands there exactly once.
fn exchange(html: &mut String, what: &str, by: &str) -> Result<()> {
    if html.matches(what).count() != 1 {
        bail!("{what} does not stand exactly once in the page");
    }
    *html = html.replace(what, by);
    Ok(())
}

/// A file whose name changes with its content.
pub struct Part {
    /// Its name.
    pub name: String,
    content: Vec<u8>,
}

impl Part {
    /// Content, to be named after it.
    pub fn new(stem: &str, extension: &str, content: Vec<u8>) -> Self {
        Self {
            name: hashed(stem, extension, &content),
            content,
        }
    }

    /// What a browser compares what came with before it uses it (W3C Subresource Integrity).
    /// SHA-256 is the shortest that it knows: 44 letters that no compression makes fewer.
    fn integrity(&self) -> String {
        format!("sha256-{}", STANDARD.encode(Sha256::digest(&self.content)))
    }

    /// Writes it into a folder.
    pub fn write(&self, folder: &Path) -> Result<()> {
        fs::write(folder.join(&self.name), &self.content)?;
        Ok(())
    }
}

/// The module with what a script needs to load and to call it.
pub struct Bindings {
    /// The script, in a folder with what it imports; not minified yet. It has to be told where the
    /// module is.
    pub script: PathBuf,
    /// The module.
    pub main: Part,
    /// What the script fetches later, and only as it was built.
    pub later: Part,
    /// The folder for what is made on the way.
    work: PathBuf,
}

/// Makes the module that ships, and its bindings, from what cargo built.
pub fn bindings(workspace: &Workspace) -> Result<Bindings> {
    let target = &workspace.target;
    let built = target.join("wasm32-unknown-unknown/release/odp_console_module.wasm");
    let work = target.join("page");

    split(&built, &work)?;
    workspace::run(
        workspace
            .command("wasm-bindgen")
            .args(["--target", "web", "--no-typescript", "--keep-lld-exports"])
            // Who loads the module says where it is: the page and the package know better.
            .arg("--omit-default-module-path")
            .args(["--out-name", MAIN, "--out-dir"])
            .args([&work, &work.join("main.wasm")]),
    )?;
    let main = optimized(workspace, &work, &format!("{MAIN}_bg"))?;
    let later = Part::new("later", "wasm", optimized(workspace, &work, LATER)?);

    let script = work.join(format!("{MAIN}.js"));
    let mut text = fs::read_to_string(&script)?;
    let main = Part::new("console", "wasm", shorten(&main, &mut text)?);
    fs::write(&script, text)?;

    let loader = work.join(LOADER);
    let mut text = fs::read_to_string(&loader)?;
    exchange(
        &mut text,
        &format!("new URL(\"./{LATER}.wasm\", import.meta.url)"),
        &format!(
            "new URL(\"./{}\", import.meta.url), {{ integrity: \"{}\" }}",
            later.name,
            later.integrity()
        ),
    )?;
    fs::write(&loader, text)?;
    Ok(Bindings {
        script,
        main,
        later,
        work,
    })
}

/// Lets whoever loads the module elsewhere say where its later part is: `later.at`.
pub fn let_later_be_elsewhere(made: &Bindings) -> Result<()> {
    let loader = made.work.join(LOADER);
    let mut text = fs::read_to_string(&loader)?;
    let url = format!("new URL(\"./{}\", import.meta.url)", made.later.name);
    exchange(&mut text, &url, &format!("later.at ?? {url}"))?;
    exchange(
        &mut text,
        "import { initSync }",
        "import { initSync, later }",
    )?;
    fs::write(&loader, text)?;
    let text = fs::read_to_string(&made.script)?;
    fs::write(&made.script, text + "\nexport const later = {};\n")?;
    Ok(())
}

/// A script with all that it imports, small.
pub fn bundled(workspace: &Workspace, script: &Path) -> Result<Vec<u8>> {
    let bundle = script.with_extension("bundle.js");
    esbuild(workspace, &["--bundle", &script.to_string_lossy()], &bundle)?;
    Ok(fs::read(bundle)?)
}

/// Makes a script or a style sheet small. Paths are those of the work tree.
fn esbuild(workspace: &Workspace, what: &[&str], to: &Path) -> Result<()> {
    workspace::run(
        workspace
            .command("esbuild")
            .args([
                "--minify",
                "--format=esm",
                "--log-level=warning",
                "--charset=utf8",
            ])
            // The bindings warn of ways to call them that nobody here uses.
            .arg("--pure:console.warn")
            .args(what)
            .arg(format!("--outfile={}", to.display())),
    )
}

/// Cuts the module at the functions that are marked for it.
fn split(built: &Path, work: &Path) -> Result<()> {
    let input = fs::read(built).with_context(|| format!("no {}", built.display()))?;
    let mut options = wasm_split_cli_support::Options::new(&input);
    let main = work.join("main.wasm");
    let bindings = format!("./{MAIN}.js");
    options.output_dir = work;
    options.main_out_path = &main;
    options.main_module = &bindings;
    let parts = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("the module cannot be split: {error}"))?;
    let expected = [work.join(format!("{LATER}.wasm"))];
    if parts.split_modules != expected {
        bail!("the module was split into {:?}", parts.split_modules);
    }
    Ok(())
}

/// A part of the module, made smaller.
pub fn optimized(workspace: &Workspace, work: &Path, name: &str) -> Result<Vec<u8>> {
    let (from, to) = (
        work.join(format!("{name}.wasm")),
        work.join(format!("{name}.opt.wasm")),
    );
    // It warns of debug information that the split wrote and that is stripped here.
    workspace::run_quietly(
        workspace
            .command("wasm-opt")
            .args(["-Oz", "--strip-debug", "--strip-producers"])
            // Nothing of ours lives in the first kilobyte; inlining makes the code larger.
            .args(["--low-memory-unused", "--skip-pass=inlining-optimizing"])
            .args([&from, Path::new("-o"), &to].map(AsRef::<Path>::as_ref)),
    )?;
    Ok(fs::read(to)?)
}

/// Gives every function that the module imports from its bindings, or that they call, a short name,
/// in both: wasm-bindgen's end in a hash of 16 digits or tell a whole type, which no compression
/// makes small.
pub fn shorten(module: &[u8], bindings: &mut String) -> Result<Vec<u8>> {
    let mut names = Names::default();
    let mut short = wasm_encoder::Module::new();
    names
        .parse_core_module(&mut short, Parser::new(0), module)
        .map_err(|error| anyhow!("the optimised module cannot be read: {error}"))?;
    if names.imported == 0 || names.exported == 0 {
        bail!("the module has nothing of the names that wasm-bindgen gives");
    }
    names.replace_in(bindings);
    Ok(short.finish())
}

/// Names that wasm-bindgen gave, and what they are replaced by.
#[derive(Default)]
struct Names {
    short: HashMap<String, String>,
    imported: usize,
    exported: usize,
}

impl Names {
    fn import<'a>(&'a mut self, name: &'a str) -> &'a str {
        if !name.starts_with("__wb") {
            return name;
        }
        self.short.entry(name.to_owned()).or_insert_with(|| {
            self.imported += 1;
            format!("${}", self.imported)
        })
    }

    fn export<'a>(&'a mut self, name: &'a str) -> &'a str {
        let is_given = ["wasm_bindgen_", "__wb", "__externref_"]
            .iter()
            .any(|first| name.starts_with(first));
        if !is_given {
            return name;
        }
        self.short.entry(name.to_owned()).or_insert_with(|| {
            self.exported += 1;
            format!("$_{}", self.exported)
        })
    }

    fn replace_in(&self, bindings: &mut String) {
        let mut names: Vec<_> = self.short.iter().collect();
        // One may begin as another does that is longer.
        names.sort_unstable_by_key(|(name, _)| (Reverse(name.len()), *name));
        for (name, short) in names {
            *bindings = bindings.replace(name, short);
        }
    }
}

impl Reencode for Names {
    type Error = Infallible;

    fn parse_imports(
        &mut self,
        section: &mut ImportSection,
        imports: Imports<'_>,
    ) -> Result<(), reencode::Error<Infallible>> {
        let Imports::Single(_, import) = imports else {
            return reencode::utils::parse_imports(self, section, imports);
        };
        let ty = self.entity_type(import.ty)?;
        section.import(import.module, self.import(import.name), ty);
        Ok(())
    }

    fn parse_export(
        &mut self,
        section: &mut ExportSection,
        export: Export<'_>,
    ) -> Result<(), reencode::Error<Infallible>> {
        let kind = self.export_kind(export.kind)?;
        let index = self.external_index(export.kind, export.index)?;
        section.export(self.export(export.name), kind, index);
        Ok(())
    }
}

/// A name that changes with the content, for caches.
fn hashed(stem: &str, extension: &str, content: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(content);
    format!("{stem}-{:016x}.{extension}", hasher.finish())
}

/// The one file of a folder with these ends.
fn only(folder: &Path, prefix: &str, suffix: &str) -> Result<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with(prefix) && name.ends_with(suffix) {
            names.push(name);
        }
    }
    match (names.pop(), names.is_empty()) {
        (Some(name), true) => Ok(name),
        _ => bail!("there is not exactly one {prefix}…{suffix} in the page"),
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn a_name_that_another_begins_with_is_replaced_alone() {
        let mut names = Names::default();
        for name in ["__wbindgen_malloc", "__wbindgen_malloc_aligned", "memory"] {
            names.export(name);
        }
        let mut script = "w.__wbindgen_malloc_aligned(w.__wbindgen_malloc, w.memory)".to_owned();
        names.replace_in(&mut script);
        assert_eq!(script, "w.$_2(w.$_1, w.memory)");
    }
}
