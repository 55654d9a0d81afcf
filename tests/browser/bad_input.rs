//! Bad input: one sentence that names the input and the fix, and what was typed stays.

use dev_site::SiteSetup;
use obshell_sim::{Broken, Config, Matching, Version};

use crate::support::{Browser, Look, Role, in_browser};
use crate::walk::{PASSWORD, Walk, config};

fn stays_at_connect(browser: &Browser, address: &str) {
    browser.see(Role::Button, "Connect");
    assert_eq!(browser.value("Agent address"), address);
    assert_eq!(
        browser.value("Agent password"),
        "",
        "a password is not kept in the field"
    );
}

#[test]
fn an_address_that_is_none() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        for (typed, sentence) in [
            ("10.10.10.1", "port"),
            ("http://10.10.10.1:2886", "http://"),
            ("10.10.10.256:2886", "10.10.10.256"),
        ] {
            browser.fill("Agent address", typed);
            browser.fill("Agent password", PASSWORD);
            browser.click(Role::Button, "Connect");
            let field = browser.see(Role::Textbox, "Agent address");
            browser.wait_until("the field to be marked", || {
                field.attribute("aria-invalid").as_deref() == Some("true")
            });
            browser.read(sentence);
            assert_eq!(browser.value("Agent address"), typed);
        }
        assert!(
            walk.control
                .requests()
                .iter()
                .all(|request| request.method == "GET")
        );
    });
}

#[test]
fn an_empty_password() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        browser.fill("Agent address", &walk.address);
        browser.click(Role::Button, "Connect");
        let field = browser.see(Role::Textbox, "Agent password");
        browser.wait_until("the field to be marked", || {
            field.attribute("aria-invalid").as_deref() == Some("true")
        });
        stays_at_connect(browser, &walk.address);
    });
}

#[test]
fn a_wrong_password() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        browser.secret("not the password");
        browser.expect_in_console("401");
        walk.connect_with("not the password");
        browser.read("does not accept this agent password");
        stays_at_connect(browser, &walk.address);
        walk.connect();
    });
}

#[test]
fn an_agent_without_a_password() {
    in_browser(Look::default(), |browser| {
        let agent_password = None;
        let walk = Walk::start(
            browser,
            Config {
                agent_password,
                ..config()
            },
        );
        walk.connect_with(PASSWORD);
        browser.read("/api/v1/agent/password");
        stays_at_connect(browser, &walk.address);
    });
}

#[test]
fn an_agent_without_odp_routes() {
    in_browser(Look::default(), |browser| {
        let version = Version::new(4, 2, 5, 0);
        let walk = Walk::start(
            browser,
            Config {
                version,
                ..config()
            },
        );
        walk.connect_with(PASSWORD);
        browser.read("4.2.5.0");
        browser.read("4.2.6.0");
        stays_at_connect(browser, &walk.address);
    });
}

#[test]
fn an_endpoint_that_answers_with_a_web_page() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.control
            .broken_proxy(Matching::any(), Broken::HtmlOk, 100);
        walk.connect_with(PASSWORD);
        browser.read("web page");
        stays_at_connect(browser, &walk.address);
    });
}

#[test]
fn an_agent_that_is_down() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        browser.block_on(walk.control.go_away()).unwrap();
        browser.expect_in_console("502");
        walk.connect_with(PASSWORD);
        browser.read("502");
        stays_at_connect(browser, &walk.address);
    });
}

#[test]
fn an_agent_that_the_site_does_not_list() {
    in_browser(Look::default(), |browser| {
        browser.secret(PASSWORD);
        let site = browser.site(SiteSetup::default());
        browser.open(&site);
        browser.expect_in_console("403");
        browser.fill("Agent address", "10.10.10.1:2886");
        browser.fill("Agent password", PASSWORD);
        browser.click(Role::Button, "Connect");
        browser.read("403");
        stays_at_connect(browser, "10.10.10.1:2886");
    });
}

#[test]
fn a_confirmation_that_is_not_the_address() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.connect();
        let danger = format!("Destroy ODP on {}", walk.address);
        assert_eq!(browser.value("To confirm, type the agent address"), "");
        for typed in ["127.0.0.1", "yes", ""] {
            browser.fill("To confirm, type the agent address", typed);
            assert!(
                !browser.see(Role::Button, &danger).is_enabled(),
                "{typed:?}"
            );
            browser.press("\u{e007}");
        }
        assert_eq!(walk.deletes(), 0);
        browser.fill("To confirm, type the agent address", &walk.address);
        browser.wait_until("the button to be free", || {
            browser.see(Role::Button, &danger).is_enabled()
        });
    });
}
