//! `cargo xtask test`: runs all tests, and prints one line of summary.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};

use crate::progress::{self, Steps, minutes};
use crate::tools::{PAGE, TEST_FIRST, TEST_LATER, Tool, Tools, estimate, listed};
use crate::{deny, disk, hosts, page, process};

const WASM: &str = "wasm32-unknown-unknown";

/// Runs all tests, including those after a failure.
pub fn all(root: &Path, tools: &Tools) -> Result<ExitCode> {
    progress::say("cargo xtask test: all tests, native, as WebAssembly and in two browsers.");
    disk::warn_if_too_small(root, tools);
    let first = tools.missing(TEST_FIRST);
    let later = tools.missing(&[PAGE, TEST_LATER].concat());
    thread::scope(|scope| {
        // Installing takes minutes and is independent of the first tests. It begins with the first
        // step, after everything has been announced.
        let (begin, begun) = channel();
        let (first_ones, later_ones) = (first.as_slice(), later.as_slice());
        let mut installing = Some(scope.spawn(move || {
            begun.recv().context("the tests were aborted")?;
            tools.install_all(later_ones)
        }));
        let mut steps = vec![Step::work("browsers, servers and Python", 5, move || {
            begin.send(()).context("installing tools was aborted")?;
            tools.install_all(first_ones)
        })];
        steps.extend(source(tools));
        steps.push(Step::tests("native tests", 240, || {
            native_tests(tools, &[])
        }));
        steps.push(Step::work("tools", 5, move || match installing.take() {
            Some(thread) => thread
                .join()
                .unwrap_or_else(|_| Err(anyhow!("installing tools was aborted"))),
            None => Ok(()),
        }));
        steps.push(dependencies(tools));
        steps.push(source_for_the_browser(tools));
        steps.push(Step::tests("tests as WebAssembly", 60, || {
            wasm_tests(tools)
        }));
        steps.push(Step::work("page", 150, || page::build(root, tools, false)));
        steps.push(Step::work("package and host pages", 120, || {
            hosts::build_all(root, tools)
        }));
        steps.push(Step::check("types of the package", 10, || {
            hosts::check_types(root, tools)
        }));
        steps.push(Step::check(
            "page and package once more, byte for byte",
            150,
            || {
                let again = ["run", "--quiet", "--package", "xtask-page", "--", "again"];
                cargo(tools, &again)
            },
        ));
        for (name, browser) in [
            ("tests in Chromium", "chromium"),
            ("tests in Firefox", "firefox"),
        ] {
            steps.push(Step::tests(name, 780, move || {
                browser_tests(tools, browser, &[])
            }));
        }
        let missing = [first_ones, later_ones].concat();
        let more = if tools.has_compiled("release") {
            0
        } else {
            COMPILING
        };
        Ok(run(steps, &missing, more))
    })
}

/// Runs the quick tests, with fewer random cases, and without installing anything.
pub fn quick(tools: &Tools) -> Result<ExitCode> {
    progress::say(
        "cargo xtask test quick: format, lints, native and WebAssembly tests; installs nothing.",
    );
    let mut left_out = Vec::new();
    let mut skipped = Vec::new();
    for (tool, tests, what) in [
        (
            Tool::Python,
            &[
                "--skip",
                "_sdk_",
                "--skip",
                "delete_obproxy_sync_",
                "--skip",
                "python_cryptography_",
            ][..],
            "Python with venv",
        ),
        (
            Tool::OpenSsl,
            &["--skip", "openssl"],
            "OpenSSL's command line",
        ),
        (Tool::Nginx, &SERVERS, "nginx"),
        (Tool::Caddy, &SERVERS, "Caddy"),
    ] {
        if !tools.has(tool) {
            skipped.extend(tests);
            left_out.push(format!("some native tests (need {what})"));
        }
    }
    let mut steps = source(tools);
    steps.push(Step::tests("native tests", 60, move || {
        let mut tests = native_tests(tools, &skipped);
        tests.envs(FEWER);
        tests
    }));
    if tools.has(Tool::Deny) {
        steps.push(dependencies(tools));
    } else {
        left_out.push("licences and sources of dependencies (needs cargo-deny)".to_owned());
    }
    steps.push(source_for_the_browser(tools));
    if tools
        .missing(&[Tool::WasmTestRunner, Tool::Chromium])
        .is_empty()
    {
        steps.push(Step::tests("tests as WebAssembly", 60, || {
            wasm_tests(tools)
        }));
    } else {
        left_out.push(
            "tests as WebAssembly (need wasm-bindgen-test-runner, Chromium and chromedriver)"
                .to_owned(),
        );
    }
    for what in left_out {
        progress::say(&format!(
            "Skipped: {what}. `cargo xtask test` installs missing tools."
        ));
    }
    let more = if tools.has_compiled("debug") {
        0
    } else {
        COMPILING
    };
    Ok(run(steps, &[], more))
}

/// Excludes the tests of `tests/servers/`, which start nginx and Caddy in parallel.
const SERVERS: [&str; 6] = [
    "--skip",
    "by_openssl_",
    "--skip",
    "every_server_",
    "--skip",
    "the_development_site_forwards_",
];

/// Seconds for a first compilation of everything on two cores.
const COMPILING: u64 = 600;

/// The number of random cases in a quick run, instead of 1,000,000 and 20,000: as many as fit into
/// a few seconds.
const FEWER: [(&str, &str); 2] = [
    ("ODP_PROPERTY_SEQUENCES", "20000"),
    ("ODP_FUZZ_CASES", "2000"),
];

/// One step of the tests.
struct Step<'a> {
    name: &'static str,
    /// Seconds on two cores if everything that the step needs is already compiled.
    seconds: u64,
    work: Work<'a>,
}

enum Work<'a> {
    /// A prerequisite: counted only if it fails.
    Do(Box<dyn FnOnce() -> Result<()> + 'a>),
    /// A command that counts as one test.
    Check(Box<dyn FnOnce() -> Command + 'a>),
    /// A command that runs tests and reports their number.
    Tests(Box<dyn FnOnce() -> Command + 'a>),
}

impl<'a> Step<'a> {
    fn work(name: &'static str, seconds: u64, work: impl FnOnce() -> Result<()> + 'a) -> Self {
        let work = Work::Do(Box::new(work));
        Self {
            name,
            seconds,
            work,
        }
    }

    fn check(name: &'static str, seconds: u64, command: impl FnOnce() -> Command + 'a) -> Self {
        let work = Work::Check(Box::new(command));
        Self {
            name,
            seconds,
            work,
        }
    }

    fn tests(name: &'static str, seconds: u64, command: impl FnOnce() -> Command + 'a) -> Self {
        let work = Work::Tests(Box::new(command));
        Self {
            name,
            seconds,
            work,
        }
    }
}

/// Announces the steps, runs them, and prints a summary.
fn run(steps: Vec<Step<'_>>, missing: &[Tool], more_seconds: u64) -> ExitCode {
    let seconds = steps.iter().map(|step| step.seconds).sum::<u64>();
    let seconds = seconds + more_seconds + estimate(missing);
    let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
    progress::say(&announced(&names, seconds));
    if !missing.is_empty() {
        progress::say(&listed(missing));
    }
    let mut counter = Steps::new(steps.len());
    let mut report = Report::default();
    for step in steps {
        let activity = counter.begin(step.name);
        let outcome = match step.work {
            Work::Do(work) => Outcome::of_work(work()),
            Work::Check(command) => Outcome::of_check(&mut command()),
            Work::Tests(command) => Outcome::of_tests(&mut command()),
        };
        report.add(step.name, activity.elapsed(), outcome);
    }
    report.close()
}

fn announced(names: &[&str], seconds: u64) -> String {
    format!(
        "{} steps: {}.\n{} on two cores.",
        names.len(),
        names.join(", "),
        capitalized(&progress::about(seconds)),
    )
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The result of a step.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    passed: u64,
    failed: u64,
    /// Tests for another browser.
    skipped: u64,
    /// The names of failed tests, or the error.
    failures: Vec<String>,
}

impl Outcome {
    fn of_work(result: Result<()>) -> Self {
        let mut outcome = Self::default();
        if let Err(error) = result {
            outcome.fail(format!("{error:#}"));
        }
        outcome
    }

    fn of_check(command: &mut Command) -> Self {
        let mut outcome = Self::default();
        match process::run_and_look(command, |_| ()) {
            Ok(true) => outcome.passed = 1,
            Ok(false) => outcome.fail(format!("`{}` failed, see above", process::shown(command))),
            Err(error) => outcome.fail(format!("{error:#}")),
        }
        outcome
    }

    fn of_tests(command: &mut Command) -> Self {
        let mut outcome = Self::default();
        let result = process::run_and_look(command, |line| outcome.read(line));
        outcome.end_tests(result);
        outcome
    }

    /// Reads a line of a test program.
    fn read(&mut self, line: &str) {
        if let Some((passed, failed)) = test_result(line) {
            self.passed += passed;
            self.failed += failed;
        }
        self.skipped += u64::from(is_left_out(line));
        self.failures.extend(failed_test(line).map(str::to_owned));
    }

    fn end_tests(&mut self, succeeded: Result<bool>) {
        // A test for another browser reports that it was skipped, but is counted as passed.
        self.passed = self.passed.saturating_sub(self.skipped);
        match succeeded {
            Err(error) => self.fail(format!("{error:#}")),
            // It did not build or was aborted.
            Ok(false) if self.failed == 0 => {
                self.fail("aborted without a failed test, see above".to_owned());
            }
            Ok(_) if self.passed + self.failed == 0 => self.fail("no test was run".to_owned()),
            Ok(_) => {}
        }
    }

    fn fail(&mut self, why: String) {
        progress::say(&why);
        self.failed += 1;
        self.failures.push(why);
    }
}

/// Format and lints.
fn source(tools: &Tools) -> Vec<Step<'_>> {
    let clippy = || {
        let workspace = ["clippy", "--workspace", "--all-targets"];
        cargo(tools, &[&workspace[..], &DENY].concat())
    };
    // `--all-targets` excludes the targets that `cargo test` does not run by default.
    let browser = || {
        let tests = ["clippy", "--package", "odp-console", "--test", "browser"];
        cargo(tools, &[&tests[..], &DENY].concat())
    };
    vec![
        Step::check("rustfmt", 5, || cargo(tools, &["fmt", "--all", "--check"])),
        Step::check("clippy", 20, clippy),
        Step::check("clippy for the tests in a browser", 5, browser),
    ]
}

/// Lints of the code that is compiled only for the browser.
fn source_for_the_browser(tools: &Tools) -> Step<'_> {
    Step::check("clippy for the browser", 10, || {
        let package = ["clippy", "--package", "odp-console", "--lib", "--tests"];
        cargo(tools, &[&package[..], &["--target", WASM], &DENY].concat())
    })
}

fn dependencies(tools: &Tools) -> Step<'_> {
    Step::work("licences and sources of dependencies", 20, || {
        deny::check(tools)
    })
}

fn native_tests(tools: &Tools, options: &[&str]) -> Command {
    let mut tests = cargo(tools, &["test", "--workspace", "--no-fail-fast"]);
    if !options.is_empty() {
        tests.arg("--").args(options);
    }
    tests
}

/// Measures the built page in a browser, shows the table, and fails above the budget.
pub fn size(tools: &Tools) -> Result<ExitCode> {
    only(tools, &["size::", "--nocapture"])
}

/// Measures the speed of the console; among the tests these measurements are ignored. One at a
/// time, so that nothing else uses the processor.
pub fn bench(tools: &Tools, write: bool) -> Result<ExitCode> {
    let mut tests = browser_tests_in(
        tools,
        "chromium",
        &["bench::", "--ignored", "--nocapture"],
        1,
    );
    if write {
        tests.env("ODP_BENCH_WRITE", "1");
    }
    finish(&mut tests)
}

/// Takes the screenshots; these prove nothing as a test, so they are ignored among the tests.
pub fn screenshots(tools: &Tools) -> Result<ExitCode> {
    only(tools, &["screenshots::", "--ignored", "--nocapture"])
}

fn only(tools: &Tools, options: &[&str]) -> Result<ExitCode> {
    finish(&mut browser_tests(tools, "chromium", options))
}

fn finish(tests: &mut Command) -> Result<ExitCode> {
    let passed = process::run_and_look(tests, |_| ())?;
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

/// The tests for the browser's target, in headless Chromium; `webdriver.json` contains its options.
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

/// The tests that drive the built page. Two at a time: each has its own browser, which
/// `tests/browser/support/engine.rs` recognises by this name.
fn browser_tests(tools: &Tools, browser: &str, options: &[&str]) -> Command {
    browser_tests_in(tools, browser, options, 2)
}

fn browser_tests_in(tools: &Tools, browser: &str, options: &[&str], threads: u32) -> Command {
    let arguments = [
        "test",
        "--package",
        "odp-console",
        "--test",
        "browser",
        "--",
    ];
    let mut command = cargo(tools, &[&arguments[..], options].concat());
    command
        .arg(format!("--test-threads={threads}"))
        .env("ODP_BROWSER", browser);
    command
}

/// The results so far.
#[derive(Default)]
struct Report {
    passed: u64,
    failed: u64,
    lines: Vec<String>,
    failures: Vec<String>,
}

impl Report {
    fn add(&mut self, name: &str, took: Duration, outcome: Outcome) {
        let Outcome {
            passed,
            failed,
            skipped,
            failures,
        } = outcome;
        self.passed += passed;
        self.failed += failed;
        let took = minutes(took);
        let skipped = if skipped > 0 {
            format!(" ({skipped} skipped, see above)")
        } else {
            String::new()
        };
        self.lines.push(format!(
            "{took:>6}  {name}{skipped}: {passed} passed, {failed} failed"
        ));
        let failures = failures.iter().map(|failure| format!("{name}: {failure}"));
        self.failures.extend(failures);
    }

    fn close(self) -> ExitCode {
        progress::say(&format!("\n{}", self.lines.join("\n")));
        if !self.failures.is_empty() {
            progress::say(&format!("\nFailed:\n  {}\n", self.failures.join("\n  ")));
        }
        progress::say(&format!("{} passed, {} failed", self.passed, self.failed));
        if self.failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

/// The numbers of `test result: ok. 3 passed; 0 failed; …`.
fn test_result(line: &str) -> Option<(u64, u64)> {
    let (_, counts) = line.split_once("test result: ")?.1.split_once(". ")?;
    let mut counts = counts.split("; ");
    let passed = counts.next()?.strip_suffix(" passed")?.parse().ok()?;
    let failed = counts.next()?.strip_suffix(" failed")?.parse().ok()?;
    Some((passed, failed))
}

/// The name in `---- NAME stdout ----`, which begins the output of a failed test. In a browser the
/// line ends with `output`.
fn failed_test(line: &str) -> Option<&str> {
    let (name, what) = line
        .trim_end()
        .strip_prefix("---- ")?
        .strip_suffix(" ----")?
        .rsplit_once(' ')?;
    matches!(what, "stdout" | "output").then_some(name)
}

/// Whether this is `left out in Firefox: a_test: why`, or the end of a line with this text: the
/// harness may have begun the line.
fn is_left_out(line: &str) -> bool {
    line.contains("left out in ")
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::{Outcome, announced, is_left_out, test_result};

    fn of_tests(text: &str, succeeded: anyhow::Result<bool>) -> Outcome {
        let mut outcome = Outcome::default();
        text.lines().for_each(|line| outcome.read(line));
        outcome.end_tests(succeeded);
        outcome
    }

    #[test]
    fn failed_tests_are_named_at_the_end() {
        let text = "test a ... ok\ntest b::c ... FAILED\n---- b::c stdout ----\nassertion\n\
                    ---- d output ----\n    b::c\n\
                    test result: FAILED. 13 passed; 2 failed; 0 ignored\n";
        let outcome = of_tests(text, Ok(false));
        assert_eq!((outcome.passed, outcome.failed), (13, 2));
        assert_eq!(outcome.failures, ["b::c", "d"]);
    }

    #[test]
    fn a_run_that_tells_of_no_failure_can_have_failed() {
        let good = "test result: ok. 3 passed; 0 failed; 0 ignored\n";
        for (text, succeeded) in [
            (good, Ok(false)),
            (good, Err(anyhow!("cannot run `cargo`"))),
            ("", Ok(true)),
        ] {
            let outcome = of_tests(text, succeeded);
            assert_eq!((outcome.failed, outcome.failures.len()), (1, 1), "{text}");
        }
        let skipped = format!("left out in Firefox: a: why\n{good}");
        let outcome = of_tests(&skipped, Ok(true));
        assert_eq!((outcome.passed, outcome.failed, outcome.skipped), (2, 0, 1));
    }

    #[test]
    fn what_will_be_done_is_said_with_the_time_it_takes() {
        let text = announced(&["rustfmt", "native tests"], 200);
        assert!(
            text.starts_with("2 steps: rustfmt, native tests.\nAbout 4 minutes"),
            "{text}"
        );
    }

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
