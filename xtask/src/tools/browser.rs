//! Checks that the browsers of the tests and their drivers are installed.

use super::commands::{Tools, folder};
use crate::process;

/// Names of Chromium and its variants, in the order in which chromedriver looks for them.
const BROWSERS: [&str; 4] = ["google-chrome", "chrome", "chromium", "chromium-browser"];

/// Whether Chromium and chromedriver run, with the same version.
pub(super) fn has_chromium(tools: &Tools) -> bool {
    let driver = driver(tools);
    driver.is_some() && browser(tools) == driver
}

/// Why they do not run.
pub(super) fn hint(tools: &Tools) -> String {
    match (browser(tools), driver(tools)) {
        (Some(browser), Some(driver)) => {
            format!(
                "Chromium has version {browser}, chromedriver {driver}: install the same version."
            )
        }
        _ => "Run `chromium --version` and `chromedriver --version` to see why.".to_owned(),
    }
}

/// Whether there is a font for screenshots of the Chinese page, which would show empty boxes
/// otherwise.
pub(super) fn has_chinese_letters(tools: &Tools) -> bool {
    process::output(tools.command("fc-list").arg(":lang=zh")).is_some_and(|list| !list.is_empty())
}

/// The major version of the browser that chromedriver starts: an installed one beside it, or the
/// first on `PATH`.
fn browser(tools: &Tools) -> Option<u32> {
    let ours = folder(&tools.root).join("bin/chromium");
    let ours = ours.is_file().then_some("chromium");
    ours.iter()
        .chain(&BROWSERS)
        .filter(|name| tools.find(name).is_some())
        .find_map(|name| major(&process::output(tools.command(name).arg("--version"))?))
}

/// The driver's major version.
fn driver(tools: &Tools) -> Option<u32> {
    major(&process::output(
        tools.command("chromedriver").arg("--version"),
    )?)
}

/// The first number of the first word that begins with one: `Chromium 156.0.1.2 built on …`.
fn major(text: &str) -> Option<u32> {
    text.split_whitespace()
        .find_map(|word| word.split('.').next()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn browser_and_driver_print_their_version_differently() {
        assert_eq!(
            major("Chromium 156.0.8078.79 built on Debian GNU/Linux 12"),
            Some(156)
        );
        assert_eq!(
            major("ChromeDriver 156.0.8078.79 (a21ce95c24ce-refs/x@{#1704})"),
            Some(156)
        );
        assert_eq!(major("Google Chrome for Testing"), None);
    }
}
