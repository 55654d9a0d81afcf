//! Determines whether the page in `dist/` is the one that a build would produce now.
//!
//! After a build, a stamp stores two fingerprints: of all inputs of the build (the files of the
//! work tree, the configuration of cargo, the environment, and the versions of the tools), and of
//! the files that the build wrote. The page is current only if both are unchanged.

use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};

/// Entries at the top of the work tree that no build of the page reads: results, documents, and
/// tests. All others count as inputs, including new ones.
const UNREAD: [&str; 12] = [
    ".ci",
    ".git",
    ".tools",
    "dist",
    "dist.new",
    "dist.old",
    "docs",
    "node_modules",
    "packages",
    "screenshots",
    "target",
    "tests",
];
/// Prefixes of the variables that cargo, rustc or Trunk reads. Not all variables of cargo: it sets
/// some for this program.
const VARIABLES: [&str; 9] = [
    "CARGO_BUILD_",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_INCREMENTAL",
    "CARGO_PROFILE_",
    "CARGO_TARGET_",
    "CARGO_UNSTABLE_",
    "ODP_CONSOLE_",
    "RUSTC",
    "RUSTFLAGS",
];

/// A fingerprint of all inputs of a build. `more` are the inputs outside of files: the versions of
/// the tools and the kind of build.
///
/// # Errors
/// If a file cannot be read.
pub fn inputs(root: &Path, more: &[String]) -> io::Result<u64> {
    let mut print = Fingerprint::default();
    for path in files(root, &is_read)? {
        print.file(root, &path)?;
    }
    // Cargo also reads these files, wherever they are.
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let above = root.ancestors().skip(1).map(|folder| folder.join(".cargo"));
    for folder in above.chain(home) {
        for name in ["config", "config.toml"] {
            let path = folder.join(name);
            if path.is_file() {
                print.file(Path::new(""), &path)?;
            }
        }
    }
    let mut variables: Vec<_> = std::env::vars_os()
        .filter(|(name, _)| is_read_variable(name))
        .collect();
    variables.sort();
    for (name, value) in variables {
        print.add(name.as_encoded_bytes());
        print.add(value.as_encoded_bytes());
    }
    for text in more {
        print.add(text.as_bytes());
    }
    Ok(print.end())
}

/// Whether `stamp` records that `dist` was built from these inputs, and `dist` is unchanged since.
pub fn is_current(stamp: &Path, inputs: u64, dist: &Path) -> bool {
    let Ok(outputs) = outputs(dist) else {
        return false;
    };
    fs::read_to_string(stamp).is_ok_and(|text| text == content(inputs, outputs))
}

/// Records that `dist` was built from these inputs.
///
/// # Errors
/// If the built files cannot be read or the stamp cannot be written.
pub fn record(stamp: &Path, inputs: u64, dist: &Path) -> io::Result<()> {
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(stamp, content(inputs, outputs(dist)?))
}

fn content(inputs: u64, outputs: u64) -> String {
    format!("{inputs:016x} {outputs:016x}\n")
}

fn outputs(dist: &Path) -> io::Result<u64> {
    let mut print = Fingerprint::default();
    for path in files(dist, &|_| true)? {
        print.file(dist, &path)?;
    }
    Ok(print.end())
}

/// Whether a build may read this file or folder, relative to the work tree.
fn is_read(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let at_the_top = path.components().nth(1).is_none();
    // The code that serves and tests the page is no input; the manifests are part of the workspace.
    let is_code_of_a_crate = path.starts_with("crates")
        && path.components().count() == 3
        && ["src", "tests"].contains(&name);
    !(at_the_top && (UNREAD.contains(&name) || name.ends_with(".md")) || is_code_of_a_crate)
}

fn is_read_variable(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    // The test runner for a browser does not affect a build.
    VARIABLES.iter().any(|begin| name.starts_with(begin)) && !name.ends_with("_RUNNER")
        || name.starts_with("TRUNK_")
}

/// Every file below the folder, in a fixed order.
fn files(root: &Path, wanted: &dyn Fn(&Path) -> bool) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if !wanted(path.strip_prefix(root).unwrap_or(&path)) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[derive(Default)]
struct Fingerprint(DefaultHasher);

impl Fingerprint {
    fn file(&mut self, root: &Path, path: &Path) -> io::Result<()> {
        let name = path.strip_prefix(root).unwrap_or(path);
        self.add(name.as_os_str().as_encoded_bytes());
        // A dangling link, such as an editor's lock, is identified by its name.
        let content = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            content => content?,
        };
        self.add(&content);
        Ok(())
    }

    /// Adds the bytes with their length, so that different sequences of texts never have the same
    /// fingerprint.
    fn add(&mut self, bytes: &[u8]) {
        self.0.write_usize(bytes.len());
        self.0.write(bytes);
    }

    fn end(&self) -> u64 {
        self.0.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{files, inputs, is_current, is_read, is_read_variable, record};

    /// A work tree with a built page and its stamp, removed when dropped.
    struct Tree(PathBuf);

    impl Tree {
        fn new(test: &str) -> Self {
            let name = format!("odp-stamp-{test}-{}", std::process::id());
            let tree = Self(std::env::temp_dir().join(name));
            let _ = fs::remove_dir_all(&tree.0);
            for file in READ.iter().chain(&UNREAD) {
                tree.write(file, "text");
            }
            tree.write("dist/index.html", "page");
            record(&tree.stamp(), tree.inputs("release"), &tree.0.join("dist")).unwrap();
            tree
        }

        fn write(&self, file: &str, text: &str) {
            let path = self.0.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        fn stamp(&self) -> PathBuf {
            self.0.join("target/xtask/stamp")
        }

        fn inputs(&self, kind: &str) -> u64 {
            inputs(&self.0, &[kind.to_owned()]).unwrap()
        }

        fn is_current(&self) -> bool {
            is_current(&self.stamp(), self.inputs("release"), &self.0.join("dist"))
        }
    }

    impl Drop for Tree {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    const READ: [&str; 12] = [
        "src/lib.rs",
        "src/ui/form.rs",
        "static/console.css",
        "static/config.json",
        "index.html",
        "Cargo.toml",
        "Cargo.lock",
        "Trunk.toml",
        "rust-toolchain.toml",
        ".cargo/config.toml",
        "crates/obshell-sim/Cargo.toml",
        "xtask/page/src/page.rs",
    ];
    const UNREAD: [&str; 7] = [
        "README.md",
        "docs/performance.md",
        "tests/flow.rs",
        "target/debug/deps/x.d",
        "crates/obshell-sim/src/lib.rs",
        "crates/dev-site/tests/site.rs",
        "tests/hosts/node_modules/a/index.js",
    ];

    #[test]
    fn an_unchanged_tree_is_current() {
        assert!(Tree::new("same").is_current());
    }

    #[test]
    fn a_change_of_whatever_a_build_reads_is_seen() {
        let tree = Tree::new("changed");
        for file in READ {
            tree.write(file, "tExt");
            assert!(!tree.is_current(), "{file} changed");
            tree.write(file, "text");
            assert!(tree.is_current(), "{file} is as it was");
            fs::remove_file(tree.0.join(file)).unwrap();
            assert!(!tree.is_current(), "{file} is gone");
            tree.write(file, "text");
        }
        tree.write("src/new.rs", "");
        assert!(!tree.is_current(), "a new source");
        fs::remove_file(tree.0.join("src/new.rs")).unwrap();
        tree.write("folder-that-nobody-knows/file", "");
        assert!(!tree.is_current(), "a new folder");
    }

    #[test]
    fn a_moved_text_is_a_change() {
        let tree = Tree::new("moved");
        fs::rename(tree.0.join("src/lib.rs"), tree.0.join("src/lib2.rs")).unwrap();
        assert!(!tree.is_current());
    }

    #[test]
    fn tests_documents_and_results_are_no_part_of_the_page() {
        let tree = Tree::new("unread");
        for file in UNREAD {
            tree.write(file, "changed");
            assert!(tree.is_current(), "{file}");
        }
    }

    #[test]
    fn another_kind_of_build_or_version_of_a_tool_is_seen() {
        let tree = Tree::new("kind");
        let dist = tree.0.join("dist");
        assert!(!is_current(&tree.stamp(), tree.inputs("debug"), &dist));
    }

    #[test]
    fn a_page_that_is_not_as_it_was_built_is_seen() {
        let tree = Tree::new("built");
        tree.write("dist/index.html", "pagE");
        assert!(!tree.is_current(), "changed");
        tree.write("dist/index.html", "page");
        assert!(tree.is_current());
        tree.write("dist/more.js", "");
        assert!(!tree.is_current(), "more");
        fs::remove_dir_all(tree.0.join("dist")).unwrap();
        assert!(!tree.is_current(), "gone");
    }

    #[test]
    fn without_a_stamp_nothing_is_current() {
        let tree = Tree::new("none");
        fs::remove_file(tree.stamp()).unwrap();
        assert!(!tree.is_current());
    }

    #[test]
    fn variables_count_that_change_a_build() {
        for name in [
            "RUSTFLAGS",
            "CARGO_PROFILE_RELEASE_LTO",
            "TRUNK_BUILD_RELEASE",
        ] {
            assert!(is_read_variable(OsStr::new(name)), "{name}");
        }
        for name in ["PATH", "CARGO_PKG_NAME", "CARGO_MANIFEST_DIR", "RUST_LOG"] {
            assert!(!is_read_variable(OsStr::new(name)), "{name}");
        }
    }

    /// Checks the list of unread entries against the sources: files that these include are inputs.
    #[test]
    fn the_sources_include_nothing_that_counts_as_unread() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut included = 0;
        for source in files(root, &is_read).unwrap() {
            let is_rust = source.extension() == Some(OsStr::new("rs"));
            // The commands are not part of the page, and mention the macros above.
            if !is_rust || source.starts_with(root.join("xtask")) {
                continue;
            }
            let text = fs::read_to_string(&source).unwrap();
            for begin in ["include_str!(\"", "include_bytes!(\""] {
                for rest in text.split(begin).skip(1) {
                    let name = rest.split('"').next().unwrap();
                    let file = source.parent().unwrap().join(name);
                    let file = file.canonicalize().unwrap();
                    let file = file.strip_prefix(root.canonicalize().unwrap()).unwrap();
                    assert!(
                        file.ancestors().all(is_read),
                        "{source:?} includes {file:?}"
                    );
                    included += 1;
                }
            }
        }
        assert!(included > 0, "the style sheet, at least, is included");
    }
}
