//! Tests the console's own page: it loads under the strict policy, or reports why it cannot.

use dev_site::{Site, SiteSetup};

use crate::support::{Browser, Engine, Look, Role, in_browser};
use crate::walk::{self, PASSWORD};

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
        // Firefox's message for the same error.
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

/// A page behind HTTP Basic authentication, opened with the password in its address: `fetch`
/// rejects URLs with a password.
#[test]
fn it_starts_at_an_address_with_a_password_which_it_does_not_show() {
    if !Engine::Chromium.or_leave_out("Firefox asks the person before it opens such an address") {
        return;
    }
    in_browser(Look::default(), |browser| {
        browser.secret(PASSWORD);
        let agent = browser.agent(walk::config());
        let site = browser.site_for(&[&agent]);
        let secret = "Pw-of-the-page";
        let url = site.url();
        browser.open_url(&url.replace("http://", &format!("http://operator:{secret}@")));
        browser.fill("Agent password", PASSWORD);
        browser.click(Role::Button, "Connect");
        browser.see(Role::Textbox, "To confirm, type the agent address");
        assert!(!browser.text().contains(secret));
        assert!(!browser.text().contains("operator"));
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
fn a_wrong_option_of_the_config_is_named_by_its_path() {
    in_browser(Look::default(), |browser| {
        let setup = SiteSetup {
            config: Some(r#"{ "timeouts": { "read": 5 } }"#.to_owned()),
            ..SiteSetup::default()
        };
        let site = browser.site(setup);
        browser.open(&site);
        browser.read("The ODP console cannot start: option \"timeouts.read\" is 5; allowed:");
        browser.read("Correct config.json beside this page.");
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

/// Waits for the browser's last own request: if the site stopped earlier, the browser would log an
/// error.
fn whole(browser: &Browser, site: &Site) {
    browser.wait_until("the icon", || {
        let requests = site.requests();
        requests
            .iter()
            .any(|request| request.target.contains("/icon-"))
    });
}

#[test]
fn a_console_that_stopped_says_so() {
    in_browser(Look::default(), |browser| {
        let site = browser.site(SiteSetup::default());
        browser.open(&site);
        browser.see(Role::Button, "Connect");
        // An error of another script does not affect the console.
        let throw = |kind: &str| {
            let script = format!(
                "dispatchEvent(new ErrorEvent('error', {{ error: new {kind}('unreachable') }}))"
            );
            browser.script(&script, &[]);
        };
        throw("Error");
        throw("WebAssembly.RuntimeError");
        throw("WebAssembly.RuntimeError");
        browser.read("The ODP console stopped because of an internal error (unreachable).");
        let alerts = browser.script(
            "return document.querySelectorAll('[role=alert]').length",
            &[],
        );
        assert_eq!(alerts, 1);
        // The last content is still readable.
        browser.see(Role::Button, "Connect");
    });
}
