//! `cargo xtask test`: every test there is, and one line that sums them up.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use crate::tools::Tools;
use crate::{hosts, page, process};

const WASM: &str = "wasm32-unknown-unknown";

/// Runs everything, also what comes after a failure.
pub fn test(root: &Path, tools: &Tools) -> Result<ExitCode> {
    let mut report = Report::default();
    thread::scope(|scope| {
        // Installing takes minutes and needs nothing of what is tested meanwhile.
        let installing = scope.spawn(|| {
            tools.for_the_page()?;
            tools.for_everyone()?;
            tools.for_the_other_browsers_driver()?;
            hosts::install(root, tools)
        });
        report.step("system packages", || {
            tools.for_the_source()?;
            tools.for_the_references()?;
            tools.for_the_servers()?;
            tools.for_the_browser()?;
            tools.for_the_other_browser()
        });
        report.check("rustfmt", cargo(tools, &["fmt", "--all", "--check"]));
        let clippy = [
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ];
        report.check("clippy", cargo(tools, &clippy));
        // `--all-targets` leaves out what `cargo test` does not run by itself.
        let browser = ["clippy", "--package", "odp-console", "--test", "browser"];
        report.check(
            "clippy for the tests in a browser",
            cargo(tools, &[&browser[..], &DENY[..]].concat()),
        );
        report.tests(
            "native tests",
            cargo(tools, &["test", "--workspace", "--no-fail-fast"]),
        );
        report.step("tools", || {
            installing
                .join()
                .unwrap_or_else(|_| Err(anyhow!("installing tools broke off")))
        });
    });
    let clippy = [
        "clippy",
        "--package",
        "odp-console",
        "--lib",
        "--tests",
        "--target",
        WASM,
    ];
    report.check(
        "clippy for the browser",
        cargo(tools, &[&clippy[..], &DENY[..]].concat()),
    );
    report.tests("tests as WebAssembly", wasm_tests(tools));
    report.step("page", || page::build_with_tools(root, tools, false));
    report.step("package and host pages", || hosts::build_all(root, tools));
    report.check("types of the package", hosts::check_types(root, tools));
    for (name, browser) in [("Chromium", "chromium"), ("Firefox", "firefox")] {
        report.tests(
            &format!("tests in {name}"),
            browser_tests(tools, browser, &[]),
        );
    }
    Ok(report.close())
}

/// Measures the built page in a browser, shows the table, and fails above the budget.
pub fn size(tools: &Tools) -> Result<ExitCode> {
    only(tools, &["size::", "--nocapture"])
}

/// Takes the pictures; as a test it would show nothing, so it is ignored among the tests.
pub fn screenshots(tools: &Tools) -> Result<ExitCode> {
    tools.for_the_pictures()?;
    only(tools, &["screenshots::", "--ignored", "--nocapture"])
}

fn only(tools: &Tools, options: &[&str]) -> Result<ExitCode> {
    tools.for_the_browser()?;
    let mut tests = browser_tests(tools, "chromium", options);
    let passed = process::run_and_look(&mut tests, |_| ())?;
    Ok(if passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

const DENY: [&str; 3] = ["--", "-D", "warnings"];

fn cargo(tools: &Tools, arguments: &[&str]) -> Command {
    let mut command = tools.command("cargo");
    command.args(arguments);
    command
}

/// The tests of the browser's own target, in headless Chromium; `webdriver.json` has its options.
fn wasm_tests(tools: &Tools) -> Command {
    let arguments = [
        "test",
        "--package",
        "odp-console",
        "--lib",
        "--tests",
        "--target",
        WASM,
    ];
    let mut command = cargo(tools, &[&arguments[..], &["--no-fail-fast"]].concat());
    command
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            "wasm-bindgen-test-runner",
        )
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    if let Some(driver) = tools.find("chromedriver") {
        command.env("CHROMEDRIVER", driver);
    }
    command
}

/// The tests that drive the built page. Two at a time: each has a browser of its own, which
/// `tests/browser/support/engine.rs` knows by this name.
fn browser_tests(tools: &Tools, browser: &str, options: &[&str]) -> Command {
    let arguments = [
        "test",
        "--package",
        "odp-console",
        "--test",
        "browser",
        "--",
    ];
    let threads = ["--test-threads=2"];
    let mut command = cargo(tools, &[&arguments[..], options, &threads].concat());
    command.env("ODP_BROWSER", browser);
    command
}

/// What happened so far.
#[derive(Default)]
struct Report {
    passed: u64,
    failed: u64,
    lines: Vec<String>,
}

impl Report {
    /// Something that has to be there: counted only when it fails.
    fn step(&mut self, name: &str, work: impl FnOnce() -> Result<()>) {
        let started = begin(name);
        let result = work();
        if let Err(error) = &result {
            println!("{error:#}");
        }
        self.add(name, started, 0, u64::from(result.is_err()));
    }

    /// A command that is one test.
    fn check(&mut self, name: &str, mut command: Command) {
        let started = begin(name);
        let good = process::run_and_look(&mut command, |_| ()).unwrap_or_else(told);
        self.add(name, started, u64::from(good), u64::from(!good));
    }

    /// A command that runs tests and says how many.
    fn tests(&mut self, name: &str, mut command: Command) {
        let started = begin(name);
        let (mut passed, mut failed, mut left_out) = (0_u64, 0, 0);
        let good = process::run_and_look(&mut command, |line| {
            if let Some((more_passed, more_failed)) = test_result(line) {
                passed += more_passed;
                failed += more_failed;
            }
            left_out += u64::from(is_left_out(line));
        })
        .unwrap_or_else(told);
        // It said of itself that it is for another browser, and then did nothing that can fail.
        passed = passed.saturating_sub(left_out);
        // A program that did not build or broke off never says that it failed, and one that
        // had nothing to run has shown nothing.
        if (!good && failed == 0) || passed + failed == 0 {
            failed += 1;
        }
        let name = if left_out > 0 {
            format!("{name} ({left_out} left out, see above)")
        } else {
            name.to_owned()
        };
        self.add(&name, started, passed, failed);
    }

    fn add(&mut self, name: &str, started: Instant, passed: u64, failed: u64) {
        self.passed += passed;
        self.failed += failed;
        let took = minutes(started.elapsed());
        self.lines.push(format!(
            "{took:>6}  {name}: {passed} passed, {failed} failed"
        ));
    }

    fn close(self) -> ExitCode {
        println!("\n{}", self.lines.join("\n"));
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

fn begin(name: &str) -> Instant {
    println!("\n== {name}");
    Instant::now()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "takes the error out of a result"
)]
fn told(error: anyhow::Error) -> bool {
    println!("{error:#}");
    false
}

fn minutes(duration: Duration) -> String {
    format!("{}:{:02}", duration.as_secs() / 60, duration.as_secs() % 60)
}

/// The numbers of `test result: ok. 3 passed; 0 failed; …`.
fn test_result(line: &str) -> Option<(u64, u64)> {
    let (_, counts) = line.split_once("test result: ")?.1.split_once(". ")?;
    let mut counts = counts.split("; ");
    let passed = counts.next()?.strip_suffix(" passed")?.parse().ok()?;
    let failed = counts.next()?.strip_suffix(" failed")?.parse().ok()?;
    Some((passed, failed))
}

/// Whether this is `left out in Firefox: a_test: why`, or the end of a line that says so: the
/// harness may be in the middle of one of its own.
fn is_left_out(line: &str) -> bool {
    line.contains("left out in ")
}

#[cfg(test)]
mod tests {
    use super::{is_left_out, test_result};

    #[test]
    fn a_test_that_is_left_out_says_so_anywhere_in_a_line() {
        assert!(is_left_out(
            "test a ... left out in Firefox: b: only there\n"
        ));
        assert!(!is_left_out("test a ... ok\n"));
    }

    #[test]
    fn counts_are_read_from_the_harness_and_from_nothing_else() {
        let line = "test result: FAILED. 13 passed; 2 failed; 1 ignored; 0 measured; finished\n";
        assert_eq!(test_result(line), Some((13, 2)));
        assert_eq!(
            test_result("test result: ok. 3 passed; 0 failed; 0 ignored\n"),
            Some((3, 0))
        );
        assert_eq!(test_result("test a_result ... ok\n"), None);
    }
}
