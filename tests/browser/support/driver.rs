//! chromedriver: one for each test, on a free port, gone with the test.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// How many this process has started: each has a folder of its own.
static STARTED: AtomicU32 = AtomicU32::new(0);

/// A running chromedriver.
pub(super) struct Driver {
    process: Child,
    url: String,
    /// Where the browser keeps its profile and leaves things lying about.
    folder: PathBuf,
}

impl Driver {
    pub(super) fn start() -> Self {
        let program = std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_owned());
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let folder = format!("odp-console-browser-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        std::fs::create_dir_all(&folder).expect("a folder for the browser");
        let mut process = Command::new(&program)
            .arg("--port=0")
            .env("TMPDIR", &folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run {program}: {error}"));
        let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines();
        // `ChromeDriver was started successfully on port 35577.`
        let port = lines
            .find_map(|line| {
                let line = line.ok()?;
                let (_, port) = line.split_once("started successfully on port ")?;
                port.trim_end_matches('.').parse::<u16>().ok()
            })
            .unwrap_or_else(|| panic!("{program} did not say on which port it listens"));
        // It must never find its output full or closed.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            folder,
            process,
            url: format!("http://127.0.0.1:{port}"),
        }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It has nothing to finish: the browser went with its session.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
