//! Tests leaving the page, with the browser's back/forward cache if it has one.

use serde_json::{Value, json};

use crate::memory::nowhere;
use crate::support::{Browser, Look, Role, in_browser};
use crate::walk::{PASSWORD, Walk, config};

/// Goes to another page of the site and back; returns whether the page was restored as it was left.
/// A browser may always load the page again: because of its driver, lack of memory, or a pending
/// request.
fn leave_and_come_back(browser: &Browser) -> bool {
    let url = browser.url();
    browser.script(
        "globalThis.before = true; location.href = 'config.json'",
        &[],
    );
    browser.wait_until("the other page", || browser.url().ends_with("config.json"));
    browser.script("history.back()", &[]);
    let page = url.split('#').next().unwrap_or_default();
    browser.wait_until("the page before", || browser.url().starts_with(page));
    browser.wait_until("its program", || {
        browser.script("return document.readyState", &[]) == "complete"
    });
    browser.script("return globalThis.before ?? false", &[]) == Value::Bool(true)
}

/// Fires the events of a browser that puts a page away and restores it.
fn tell_of_leaving(browser: &Browser) {
    for name in ["pagehide", "pageshow"] {
        browser.script(
            "dispatchEvent(new PageTransitionEvent(arguments[0], { persisted: true }))",
            &[json!(name)],
        );
    }
}

#[test]
fn a_page_that_comes_back_asks_for_the_password_and_is_no_click_from_a_destroy() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        // The other page is not the console's and has no icon.
        browser.expect_in_console("favicon.ico");
        let danger = format!("Destroy ODP on {}", walk.address);
        walk.review();
        assert!(browser.shows(Role::Button, &danger));
        let restored = leave_and_come_back(browser);
        println!("restored from the back/forward cache: {restored}");
        if !restored {
            browser.see(Role::Button, "Connect");
            walk.review();
            tell_of_leaving(browser);
        }
        browser.read("You left this page");
        browser.see(Role::Button, "Connect");
        assert!(!browser.shows(Role::Button, &danger));
        assert_eq!(browser.value("Agent address"), walk.address);
        assert_eq!(browser.value("Agent password"), "");
        nowhere(browser, PASSWORD);
        assert_eq!(walk.sent_deletes(), 0);

        // With the password the person can continue to the same point.
        walk.review();
        walk.confirm();
        browser.see(Role::Heading, "Destroy ODP");
        walk.finish("Destroyed");
        assert_eq!(walk.deletes(), 1);
    });
}

#[test]
fn a_task_is_watched_on_after_coming_back_once_the_password_was_given() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        browser.see(Role::Heading, "Destroy ODP");
        tell_of_leaving(browser);
        browser.read("Signed out");
        browser.read("You left this page");
        nowhere(browser, PASSWORD);
        browser.fill("Agent password", PASSWORD);
        browser.click(Role::Button, "Sign in");
        walk.finish("Destroyed");
        assert_eq!(walk.deletes(), 1);
    });
}
