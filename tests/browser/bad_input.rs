//! Tests bad input: one sentence names the input and the fix, and the typed text is kept.

use dev_site::SiteSetup;
use obshell_sim::{Broken, Config, Matching, Oddity, Version};

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

/// The longest permitted task of the page's main thread, in milliseconds. It was 33 s when every
/// stage was drawn; now most of it is reading and comparing 20,000 stages.
const LONGEST_TASK_MILLIS: f64 = 8_000.0;

#[test]
fn a_task_of_20_000_stages_is_drawn_in_part_and_the_page_answers() {
    in_browser(Look::default(), |browser| {
        // Measures the delay of a timer of 50 ms, which works in both browsers.
        browser.run_in_new_pages(
            "globalThis.longest = 0;
             let last = performance.now();
             setInterval(() => {
                 const now = performance.now();
                 longest = Math.max(longest, now - last - 50);
                 last = now;
             }, 50);",
        );
        let walk = Walk::start(browser, config());
        walk.control.tell_oddly(Oddity::Stages(20_000));
        walk.destroy();
        let rows = "[...deep()].filter((it) => it.matches('.long [aria-setsize=\"20000\"]'))";
        let count = format!("return {rows}.length");
        let drawn = || browser.script(&count, &[]).as_u64().unwrap();
        browser.wait_until("the first stages to be drawn", || drawn() > 0);
        assert!(drawn() <= 200, "{}", drawn());
        // To the end of the list by keyboard.
        browser.script("[...deep()].find((it) => it.matches('.long')).focus()", &[]);
        browser.press("\u{e010}");
        browser.wait_until("the last stage to be drawn", || {
            let last = format!("return {rows}.some((it) => it.ariaPosInSet === '20000')");
            browser.script(&last, &[]) == true
        });
        let longest = browser.script("return longest", &[]).as_f64().unwrap();
        println!("the main thread was busy for {longest:.0} ms at most");
        assert!(longest < LONGEST_TASK_MILLIS, "{longest} ms");
    });
}
