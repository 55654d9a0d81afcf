//! The browser's driver: one for each browser, on a free port, stopped with the tests.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use super::Engine;

/// The number of drivers started by this process: each has its own folder.
static STARTED: AtomicU32 = AtomicU32::new(0);

/// Starts a program in the background and, once standard input is closed, ends the program with all
/// its child processes. A pipe is closed however a process ends, and a browser outlives the test
/// that started it, so `Drop` could not do this. The program alone has the output, which ends with
/// it.
const UNTIL_CLOSED: &str = r#"command -v "$1" >/dev/null || { rm -rf "$TMPDIR"; exit; }
"$@" </dev/null &
exec >/dev/null
read -r _
trap '' TERM
kill -s TERM -- -$$
wait
rm -rf "$TMPDIR"
"#;

/// A running chromedriver or geckodriver. It ends when dropped, or when the tests end.
pub(super) struct Driver {
    process: Child,
    url: String,
}

impl Driver {
    pub(super) fn start(engine: Engine) -> Self {
        let (variable, program, arguments) = match engine {
            Engine::Chromium => ("CHROMEDRIVER", "chromedriver", &["--port=0"][..]),
            Engine::Firefox => (
                "GECKODRIVER",
                "geckodriver",
                // The theme is a setting of the browser, which only the browser's own scripts may
                // change once it is running.
                &["--port=0", "--websocket-port=0", "--allow-system-access"][..],
            ),
        };
        let program = std::env::var(variable).unwrap_or_else(|_| program.to_owned());
        // chromedriver exits if the port that it chose for IPv4 is in use for IPv6.
        let started = (0..3).find_map(|_| Self::try_start(&program, arguments));
        started.unwrap_or_else(|| panic!("{program} does not start: is it installed, and on PATH?"))
    }

    /// A started driver; `None` if the program exited.
    fn try_start(program: &str, arguments: &[&str]) -> Option<Self> {
        let mut process = spawn(program, arguments);
        let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines();
        let port = lines.find_map(|line| port(&line.ok()?));
        // The driver must never find its output full or closed.
        std::thread::spawn(move || lines.for_each(drop));
        let started = Self {
            process,
            url: format!("http://127.0.0.1:{}", port.unwrap_or_default()),
        };
        port.map(|_| started)
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

/// Starts a driver until its standard input is closed.
fn spawn(program: &str, arguments: &[&str]) -> Child {
    let number = STARTED.fetch_add(1, Ordering::Relaxed);
    let folder = format!("odp-console-browser-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(folder);
    std::fs::create_dir_all(&folder).expect("a folder for the browser");
    Command::new("sh")
        .args(["-c", UNTIL_CLOSED, "sh", program])
        .args(arguments)
        // The browser stores its profile there, and leaves files behind.
        .env("TMPDIR", &folder)
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot run sh: {error}"))
}

/// The port in `ChromeDriver was started successfully on port 35577.`, and in
/// `1795484565123 geckodriver INFO Listening on 127.0.0.1:35577`.
fn port(line: &str) -> Option<u16> {
    let (_, port) = line
        .split_once("started successfully on port ")
        .or_else(|| line.split_once("Listening on 127.0.0.1:"))?;
    port.trim_end_matches('.').parse().ok()
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::Driver;

    #[test]
    fn a_driver_that_exits_is_not_waited_for() {
        assert!(Driver::try_start("true", &[]).is_none());
        assert!(Driver::try_start("no-such-driver", &[]).is_none());
    }
}
