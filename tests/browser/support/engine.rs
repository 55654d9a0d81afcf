//! The browser that the tests drive.

use std::io::Write as _;

/// A browser with its driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, with chromedriver and the DevTools protocol.
    Chromium,
    /// Firefox, with geckodriver and WebDriver BiDi.
    Firefox,
}

impl Engine {
    /// The browser named by `ODP_BROWSER`: `chromium`, which is the default, or `firefox`.
    pub fn chosen() -> Self {
        match std::env::var("ODP_BROWSER").as_deref() {
            Err(_) | Ok("chromium") => Self::Chromium,
            Ok("firefox") => Self::Firefox,
            Ok(other) => panic!("ODP_BROWSER is {other:?}: neither chromium nor firefox"),
        }
    }

    /// Whether this is the browser of the run. If not, the test is skipped and prints a line:
    /// `cargo xtask test` counts these lines, and subtracts them from the passed tests.
    pub fn or_leave_out(self, why: &str) -> bool {
        let chosen = Self::chosen();
        if chosen == self {
            return true;
        }
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("a test");
        // Written past the harness, which captures a test's output unless the test fails.
        let line = format!("left out in {chosen:?}: {test}: {why}\n");
        std::io::stdout()
            .write_all(line.as_bytes())
            .expect("standard output");
        false
    }
}
