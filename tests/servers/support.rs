//! Starts nginx and Caddy with the files of `deploy/`, edited like an operator edits them, and the
//! development site, and sends raw HTTP requests to them.
#![allow(dead_code, reason = "each test program uses its own part")]

pub mod answer;
pub mod caddy;
pub mod certificate;
pub mod nginx;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

/// How long a server may take. Reached only by a failing test.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The folder of the built page, as written by `cargo xtask build`.
pub fn dist() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("dist")
}

/// The site's host names, instead of the example in the shipped files.
pub const NAMES: [&str; 2] = [answer::HOST, "127.0.0.1"];

/// An agent in a server's list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The address in `config.json` and in the console's requests.
    pub address: String,
    /// The URL by which the server reaches the agent: scheme, host and port.
    pub backend: String,
    /// The name in its certificate, for HTTPS.
    pub name: Option<&'static str>,
}

impl Listed {
    /// An agent with HTTP at its own address.
    pub fn plain(address: impl ToString) -> Self {
        let address = address.to_string();
        Self {
            backend: format!("http://{address}"),
            address,
            name: None,
        }
    }
}

/// A temporary folder of a server; deleted when dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("odp-console-server-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder for a server");
        Self(folder)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Copies the page from `built` into the folder, with a `config.json` that lists these agents;
    /// returns the page's folder.
    pub fn page(&self, built: &Path, agents: &[Listed]) -> PathBuf {
        let page = self.0.join("page");
        fs::create_dir_all(&page).expect("a folder for the page");
        for file in fs::read_dir(built).expect("the page: `cargo xtask build`") {
            let file = file.expect("a file of the page").path();
            if file.is_dir() {
                continue;
            }
            let name = file.file_name().expect("a name");
            let copy = page.join(name);
            fs::copy(&file, &copy).expect("a copy");
            // With the file's time, like `cp -a`: Caddy does not send a compressed file that is
            // older than the original.
            let time = fs::metadata(&file).and_then(|file| file.modified());
            let open = fs::File::options().write(true).open(copy);
            open.and_then(|copy| copy.set_modified(time?))
                .expect("its time");
        }
        let agents: Vec<Value> = agents
            .iter()
            .map(|agent| json!({ "address": agent.address }))
            .collect();
        fs::write(
            page.join("config.json"),
            json!({ "agents": agents }).to_string(),
        )
        .expect("config.json");
        page
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Reads a file of `deploy/`.
pub fn shipped(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("deploy")
        .join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Edits a text like an operator: replaces the only occurrence of `what`.
pub fn edit(text: &mut String, what: &str, by: &str) {
    assert_eq!(text.matches(what).count(), 1, "{what:?} in\n{text}");
    *text = text.replace(what, by);
}

/// A file that [`large`] adds to a page.
pub const LARGE: &str = "large-0123456789abcdef_bg.wasm";

/// Adds a file of 16 MiB to the page in this folder: larger than the buffers of a connection, and
/// incompressible. Returns its content.
pub fn large(page: &Path) -> Vec<u8> {
    let content: Vec<u8> = (0..4_u32 << 20).flat_map(u32::to_be_bytes).collect();
    fs::write(page.join(LARGE), &content).expect("a large file");
    content
}

/// Returns a free port.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}
