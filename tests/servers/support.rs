//! nginx and Caddy with the files of `deploy/`, edited as an operator edits them, and the development
//! site: started, and asked over raw HTTP.
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

/// How long a server may take. Reached only by a test that fails.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The built page: where `cargo xtask build` puts it.
pub fn dist() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("dist")
}

/// The names of the site's host, in place of the example in the shipped files.
pub const NAMES: [&str; 2] = [answer::HOST, "127.0.0.1"];

/// An agent that a server is told to reach.
#[derive(Debug, Clone)]
pub struct Listed {
    /// As in `config.json`, and as the console asks for it.
    pub address: String,
    /// Where the server reaches it: scheme, host and port.
    pub backend: String,
    /// The name that its certificate must have, where the server reaches it by https.
    pub name: Option<&'static str>,
}

impl Listed {
    /// An agent that is reached by http at its very address.
    pub fn plain(address: impl ToString) -> Self {
        let address = address.to_string();
        Self {
            backend: format!("http://{address}"),
            address,
            name: None,
        }
    }
}

/// A folder of a server's own, gone with it.
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

    /// Copies the page from `built` into it, with a `config.json` that lists these agents; returns
    /// where it is.
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
            // With its time, as `cp -a` does: Caddy sends nothing compressed that is the older.
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

/// A file of `deploy/`.
pub fn shipped(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("deploy")
        .join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What an operator does with an editor: the one place that reads so reads otherwise.
pub fn edit(text: &mut String, what: &str, by: &str) {
    assert_eq!(text.matches(what).count(), 1, "{what:?} in\n{text}");
    *text = text.replace(what, by);
}

/// A file that [`large`] adds to a page.
pub const LARGE: &str = "large-0123456789abcdef_bg.wasm";

/// Adds a file of 16 MiB to the page in this folder: more than the buffers of a connection take, and
/// nowhere like itself. Returns its content.
pub fn large(page: &Path) -> Vec<u8> {
    let content: Vec<u8> = (0..4_u32 << 20).flat_map(u32::to_be_bytes).collect();
    fs::write(page.join(LARGE), &content).expect("a large file");
    content
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}
