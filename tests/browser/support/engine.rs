//! Which browser the tests drive.

use std::io::Write as _;

/// A browser with its driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, by chromedriver and the DevTools protocol.
    Chromium,
    /// Firefox, by geckodriver and WebDriver BiDi.
    Firefox,
}

impl Engine {
    /// What `ODP_BROWSER` says: `chromium`, which is also meant where it is not set, or `firefox`.
    pub fn chosen() -> Self {
        match std::env::var("ODP_BROWSER").as_deref() {
            Err(_) | Ok("chromium") => Self::Chromium,
            Ok("firefox") => Self::Firefox,
            Ok(other) => panic!("ODP_BROWSER is {other:?}: neither chromium nor firefox"),
        }
    }

    /// Whether this is the browser of the run; where it is not, the test is left out, and the run
    /// says so: `cargo xtask test` counts these lines, and takes the tests off those that passed.
    pub fn or_leave_out(self, why: &str) -> bool {
        let chosen = Self::chosen();
        if chosen == self {
            return true;
        }
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("a test");
        // Past the harness, which keeps what a test prints to itself unless it fails.
        let line = format!("left out in {chosen:?}: {test}: {why}\n");
        std::io::stdout()
            .write_all(line.as_bytes())
            .expect("standard output");
        false
    }
}
