//! Python's packages `cryptography` and `argon2-cffi`, an independent implementation. They are
//! installed once, into a virtual environment in the target folder.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const PACKAGES: [&str; 2] = ["cryptography==50.0.2", "argon2-cffi==25.1.0"];

fn folder() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// Returns the environment's Python with the packages. Several tests, and several runs, may call
/// this at the same time.
fn python() -> PathBuf {
    let environment = folder().join("python-book");
    let python = environment.join("bin").join("python");
    // Written last: an environment with this file is complete.
    let complete = environment.join("complete");
    let lock = File::create(folder().join("python-book.lock")).unwrap();
    lock.lock().unwrap();
    let wanted = PACKAGES.join(" ");
    if fs::read_to_string(&complete).is_ok_and(|what| what == wanted) {
        return python;
    }
    if environment.exists() {
        fs::remove_dir_all(&environment).unwrap();
    }
    let create = ["-m", "venv"];
    finished(
        Command::new("python3")
            .args(create)
            .arg(&environment)
            .output()
            .expect("Python 3 with its venv module: the packages python3 and python3-venv"),
    );
    let quiet = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
    ];
    finished(
        Command::new(&python)
            .args(quiet)
            .args(PACKAGES)
            .output()
            .unwrap(),
    );
    fs::write(&complete, wanted).unwrap();
    python
}

/// Returns the agents of a book as JSON.
pub fn open(text: &str, passphrase: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/book/vectors.py");
    let mut child = Command::new(python())
        .arg(script)
        .arg("open")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let given = serde_json::json!({ "passphrase": passphrase, "text": text });
    let mut input = child.stdin.take().unwrap();
    input.write_all(given.to_string().as_bytes()).unwrap();
    drop(input);
    finished(child.wait_with_output().unwrap())
}

fn finished(output: Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}
