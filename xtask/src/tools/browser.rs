//! The browsers of the tests, and the driver that comes with one of them.

use anyhow::{Result, bail};

use super::{Tools, system};
use crate::process;

/// Names of Chromium and its kin, in the order in which chromedriver looks for them.
const BROWSERS: [&str; 4] = ["google-chrome", "chrome", "chromium", "chromium-browser"];

pub(super) fn chromium(tools: &Tools) -> Result<()> {
    if browser(tools).is_none() || driver(tools).is_none() {
        system::install(
            tools,
            "Chromium with chromedriver (the browser tests)",
            &["chromium", "chromium-driver"],
        )?;
    }
    match (browser(tools), driver(tools)) {
        (Some(browser), Some(driver)) if browser == driver => Ok(()),
        (Some(browser), Some(driver)) => {
            bail!("Chromium is version {browser} and chromedriver {driver}: install the same")
        }
        _ => bail!("chromium and chromedriver do not run: `chromium --version` says why"),
    }
}

/// Firefox; its driver comes from elsewhere: `cargo_tools::geckodriver`.
pub(super) fn firefox(tools: &Tools) -> Result<()> {
    // By this name its driver looks for it; Debian's package has it, too.
    let there = || process::output(tools.command("firefox").arg("--version")).is_some();
    if !there() {
        let what = "Firefox (the browser tests)";
        system::install(tools, what, &["firefox-esr"])?;
    }
    if !there() {
        bail!("Firefox does not run: `firefox --version` says why");
    }
    Ok(())
}

/// Letters for pictures of the Chinese page, which are empty boxes otherwise.
pub(super) fn chinese_letters(tools: &Tools) -> Result<()> {
    let fonts = process::output(tools.command("fc-list").arg(":lang=zh"));
    if fonts.is_some_and(|fonts| !fonts.is_empty()) {
        return Ok(());
    }
    system::install(
        tools,
        "a font with Chinese letters (the screenshots)",
        &["fontconfig", "fonts-noto-cjk"],
    )
}

/// The browser's major version.
fn browser(tools: &Tools) -> Option<u32> {
    BROWSERS
        .iter()
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
