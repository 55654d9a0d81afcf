//! The standalone page itself: it loads under the strict policy, or says why it cannot.

use std::fs;
use std::path::{Path, PathBuf};

use dev_site::{SeenRequest, Site, SiteSetup};

use crate::support::{Browser, Look, Role, dist, in_browser};

#[test]
fn it_loads_under_the_strict_policy_without_a_word_in_the_console() {
    in_browser(Look::default(), |browser| {
        let site = browser.site(SiteSetup::default());
        browser.open(&site);
        browser.wait_until("a heading", || !browser.names(Role::Heading).is_empty());
        let console = browser.console();
        assert!(console.is_empty(), "{console:#?}");
    });
}

#[test]
fn the_policy_is_enforced_and_not_only_sent() {
    in_browser(Look::default(), |browser| {
        let site = browser.site(SiteSetup::default());
        browser.open(&site);
        browser.expect_in_console("TrustedHTML");
        // Firefox's sentence of the same.
        browser.expect_in_console("require-trusted-types-for");
        browser.expect_in_console("Content Security Policy");
        let refused = browser.script(
            "try { document.createElement('p').innerHTML = '<b>x</b>'; return 'taken' }
             catch (error) { return error.name }",
            &[],
        );
        assert_eq!(refused, "TypeError");
    });
}

#[test]
fn it_lives_under_any_path() {
    in_browser(Look::default(), |browser| {
        let setup = SiteSetup {
            base_path: "/ops/console".to_owned(),
            ..SiteSetup::default()
        };
        let site = browser.site(setup);
        browser.open(&site);
        browser.wait_until("a heading", || !browser.names(Role::Heading).is_empty());
        for request in site.requests() {
            assert!(request.target.starts_with("/ops/console/"), "{request:?}");
        }
    });
}

#[test]
fn a_config_that_is_no_json_is_named_in_one_sentence() {
    in_browser(Look::default(), |browser| {
        let setup = SiteSetup {
            config: Some("{ agents".to_owned()),
            ..SiteSetup::default()
        };
        let site = browser.site(setup);
        browser.open(&site);
        browser.read("The ODP console cannot start: config.json beside this page");
        whole(browser, &site);
    });
}

#[test]
fn a_config_that_is_no_json_is_named_in_chinese_too() {
    in_browser(
        Look {
            language: "zh-CN",
            ..Look::default()
        },
        |browser| {
            let setup = SiteSetup {
                config: Some("[".to_owned()),
                ..SiteSetup::default()
            };
            let site = browser.site(setup);
            browser.open(&site);
            browser.read("ODP 控制台无法启动：无法读取本页面旁的 config.json");
            whole(browser, &site);
        },
    );
}

/// Waits for the last that the browser asks for by itself: a site that goes away before would be
/// complained of in the console.
fn whole(browser: &Browser, site: &Site) {
    browser.wait_until("the icon", || {
        let requests = site.requests();
        requests
            .iter()
            .any(|request| request.target.contains("/icon-"))
    });
}

/// A copy of the built page, and its file that is fetched later, which is not in the copy.
fn page_without_its_later_part() -> (PathBuf, PathBuf) {
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page-without-its-later-part");
    let _ = fs::remove_dir_all(&copy);
    fs::create_dir_all(&copy).unwrap();
    let mut later = None;
    for file in fs::read_dir(dist()).unwrap() {
        let file = file.unwrap().path();
        let name = file.file_name().unwrap().to_str().unwrap();
        if !name.starts_with("later-") {
            fs::copy(&file, copy.join(name)).unwrap();
        } else if name.ends_with(".wasm") {
            later = Some(file);
        }
    }
    (copy, later.expect("a part that is fetched later"))
}

#[test]
fn what_is_fetched_later_is_asked_for_until_it_comes() {
    in_browser(Look::default(), |browser| {
        let (folder, later) = page_without_its_later_part();
        let site = browser.site_in(&folder, SiteSetup::default());
        browser.open(&site);
        browser.expect_in_console("/later-");
        browser.expect_in_console("Failed to fetch");
        browser.expect_in_console("valid digest");
        browser.expect_in_console("integrity checks failed");
        // Firefox's sentences.
        browser.expect_in_console("NetworkError when attempting to fetch");
        browser.expect_in_console("unsupported MIME type");
        browser.click(Role::Button, "Connect");
        browser.read("Waiting for the explanation from this page's site");
        let asked = || {
            let requests = site.requests();
            let later = |request: &&SeenRequest| request.target.contains("/later-");
            requests.iter().filter(later).count()
        };
        browser.wait_until("a second try", || asked() >= 2);

        fs::copy(&later, folder.join(later.file_name().unwrap())).unwrap();
        browser.read("The agent password is empty.");
        browser.read("The agent address is empty.");
    });
}

#[test]
fn a_console_that_stopped_says_so() {
    in_browser(Look::default(), |browser| {
        let site = browser.site(SiteSetup::default());
        browser.open(&site);
        browser.see(Role::Button, "Connect");
        // Somebody else's error is somebody else's.
        let throw = |kind: &str| {
            let script = format!(
                "dispatchEvent(new ErrorEvent('error', {{ error: new {kind}('unreachable') }}))"
            );
            browser.script(&script, &[]);
        };
        throw("Error");
        throw("WebAssembly.RuntimeError");
        throw("WebAssembly.RuntimeError");
        browser.read("The ODP console has stopped by a fault of its own (unreachable).");
        let alerts = browser.script(
            "return document.querySelectorAll('[role=alert]').length",
            &[],
        );
        assert_eq!(alerts, 1);
        // What it showed last is still there to be read.
        browser.see(Role::Button, "Connect");
    });
}
