//! Tests changed files of the page: a browser rejects them, and the page says so. Each is still a
//! valid script or module, so that only its hash shows the change.

use std::fs;
use std::path::{Path, PathBuf};

use dev_site::{Site, SiteSetup};

use crate::support::{Browser, Look, Role, dist, in_browser};

/// The messages of Chromium and Firefox about a changed file.
const REFUSED: [&str; 2] = [
    "Failed to find a valid digest",
    "hashes in the integrity attribute match the content",
];
/// Their messages if a script requested the file.
const NOT_FETCHED: [&str; 2] = ["integrity checks failed", "NetworkError when attempting"];

fn expect(browser: &Browser, sentences: [&str; 2]) {
    for sentence in sentences {
        browser.expect_in_console(sentence);
    }
}

/// Copies the built page and changes one letter of one file.
fn page_with_a_letter_changed(prefix: &str, suffix: &str, from: &str, to: &str) -> PathBuf {
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("page-with-another-{prefix}"));
    let _ = fs::remove_dir_all(&copy);
    fs::create_dir_all(&copy).unwrap();
    let mut changed = 0;
    for file in fs::read_dir(dist()).unwrap() {
        let file = file.unwrap().path();
        let name = file.file_name().unwrap().to_str().unwrap();
        // The compressed files would be sent unchanged.
        if name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        let mut content = fs::read(&file).unwrap();
        if name.starts_with(prefix) && name.ends_with(suffix) {
            assert_eq!(from.len(), to.len());
            let mut places = content.windows(from.len());
            let at = places
                .position(|place| place == from.as_bytes())
                .expect("the letter");
            content.splice(at..at + from.len(), to.bytes());
            changed += 1;
        }
        fs::write(copy.join(name), content).unwrap();
    }
    assert_eq!(changed, 1, "files {prefix}…{suffix}");
    copy
}

fn refused(browser: &Browser) {
    browser.wait_until("the browser to refuse it", || {
        let mut console = browser.console().into_iter();
        console
            .any(|entry| entry.message.contains(REFUSED[0]) || entry.message.contains(REFUSED[1]))
    });
}

#[test]
fn a_loader_that_is_not_what_was_built_does_not_run() {
    in_browser(Look::default(), |browser| {
        let folder = page_with_a_letter_changed(
            "loader-",
            ".js",
            "console cannot start",
            "console Cannot start",
        );
        let site = browser.site_in(&folder, SiteSetup::default());
        expect(browser, REFUSED);
        browser.open(&site);
        refused(browser);
        browser.read("If this message stays, reload the page");
        browser.read("如果此提示一直显示，请刷新页面");
        browser.wait_until("the icon", || {
            let requests = site.requests();
            requests
                .iter()
                .any(|request| request.target.contains("/icon-"))
        });
        nothing_was_started(&site);
    });
}

#[test]
fn bindings_that_are_not_what_was_built_do_not_run() {
    in_browser(Look::default(), |browser| {
        let folder = page_with_a_letter_changed(
            "odp-console-",
            ".js",
            "addEventListener",
            "AddEventListener",
        );
        let site = browser.site_in(&folder, SiteSetup::default());
        expect(browser, REFUSED);
        expect(browser, NOT_FETCHED);
        browser.open(&site);
        refused(browser);
        browser.read("its files could not be loaded or do not match the build");
        nothing_was_started(&site);
    });
}

#[test]
fn a_module_that_is_not_what_was_built_does_not_run() {
    in_browser(Look::default(), |browser| {
        let folder = page_with_a_letter_changed("odp-console-", "_bg.wasm", "Connect", "connect");
        let site = browser.site_in(&folder, SiteSetup::default());
        expect(browser, REFUSED);
        expect(browser, NOT_FETCHED);
        browser.open(&site);
        refused(browser);
        browser.read("its files could not be loaded or do not match the build");
        assert_eq!(browser.names(Role::Button), Vec::<String>::new());
        assert!(
            !browser.text().contains("Loading the ODP console"),
            "{}",
            browser.text()
        );
        nothing_was_started(&site);
    });
}

/// Checks that the console did not request its options, which is its first request.
fn nothing_was_started(site: &Site) {
    let requests = site.requests();
    assert!(
        !requests
            .iter()
            .any(|request| request.target == "/config.json"),
        "{requests:#?}"
    );
}

#[test]
fn nothing_is_fetched_twice_for_being_looked_at() {
    in_browser(Look::default(), |browser| {
        let site = browser.site(SiteSetup::default());
        browser.open(&site);
        browser.see(Role::Button, "Connect");
        let requests = site.requests();
        let of = |suffix: &str| {
            let fitting = requests
                .iter()
                .filter(|request| request.target.ends_with(suffix));
            fitting.count()
        };
        assert_eq!((of(".wasm"), of(".js")), (1, 2), "{requests:#?}");
    });
}
