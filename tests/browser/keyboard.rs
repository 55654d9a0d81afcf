//! Tests a destroy by keyboard alone: no click, and no script that moves the focus. The focus is
//! visible after every key.

use obshell_sim::{Config, Identity};
use serde_json::Value;

use crate::support::{Browser, Look, Role, in_browser};
use crate::walk::{PASSWORD, Walk, config};

// Keys, with their names in W3C WebDriver.
pub const TAB: &str = "\u{e004}";
pub const SHIFT: &str = "\u{e008}";
const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";
const HOME: &str = "\u{e011}";
const UP: &str = "\u{e013}";
const DOWN: &str = "\u{e015}";

/// Presses a key, and checks that the focus is on the page and visible.
#[track_caller]
fn press(browser: &Browser, key: &str) {
    browser.press(key);
    focus_is_seen(browser);
}

#[track_caller]
fn focus_is_seen(browser: &Browser) {
    let seen = browser.script(include_str!("focus.js"), &[]);
    assert_eq!(seen, Value::Null);
}

/// Moves to the element with this name, and checks the focus at every stop.
#[track_caller]
fn tab_to(browser: &Browser, name: &str) {
    for _ in 0..60 {
        if browser.focused().starts_with(name) {
            return;
        }
        press(browser, TAB);
    }
    panic!("Tab does not lead to {name:?}");
}

/// As [`tab_to`], backwards.
#[track_caller]
fn back_to(browser: &Browser, name: &str) {
    for _ in 0..60 {
        if browser.focused().starts_with(name) {
            return;
        }
        browser.press_together(&[SHIFT, TAB]);
        focus_is_seen(browser);
    }
    panic!("Shift and Tab do not lead to {name:?}");
}

/// Waits for a screen, whose heading gets the focus. Yew draws the heading and moves the focus in
/// one turn unless that takes more than 16 ms; the two can then be separate.
#[track_caller]
fn arrive(browser: &Browser, heading: &str) {
    browser.see(Role::Heading, heading);
    browser.wait_until("the focus on the heading", || browser.focused() == heading);
    focus_is_seen(browser);
}

#[test]
fn a_destroy_from_the_empty_page_to_its_end() {
    in_browser(Look::default(), |browser| {
        // Both passwords are possible, so the arrow keys select one.
        let config = Config {
            identity: Identity::ClusterAgent,
            ob_password: Some("of root".to_owned()),
            ..config()
        };
        let other = browser.agent(Config::default());
        let walk = Walk::start_among(browser, config, &[&other]);
        browser.see(Role::Textbox, "Agent address");
        // The empty field has the focus when the page opens.
        browser.wait_until("the focus", || browser.focused() == "Agent address");
        back_to(browser, "中文");
        // Space works like Enter.
        press(browser, SPACE);
        browser.see(Role::Button, "连接");
        browser.press_together(&[SHIFT, TAB]);
        focus_is_seen(browser);
        assert_eq!(browser.focused(), "EN", "Shift and Tab lead back");
        press(browser, ENTER);

        tab_to(browser, "Agent address");
        assert_eq!(browser.value("Agent address"), "");
        press(browser, &walk.address);
        assert_eq!(browser.value("Agent address"), walk.address);
        tab_to(browser, "Agent password");
        browser.see(Role::Group, "Sign in with");
        focus_is_seen(browser);
        browser.press_together(&[SHIFT, TAB]);
        focus_is_seen(browser);
        press(browser, DOWN);
        browser.see(Role::Textbox, "OceanBase root password");
        press(browser, UP);
        browser.see(Role::Textbox, "Agent password");
        press(browser, TAB);
        press(browser, PASSWORD);
        browser.press(ENTER);

        arrive(browser, "Review and confirm");
        tab_to(browser, "9 checks passed");
        press(browser, SPACE);
        browser.read("Agent reachable");
        tab_to(browser, "To confirm, type the agent address");
        press(browser, &walk.address);
        tab_to(browser, "Destroy ODP on");
        browser.press(SPACE);

        arrive(browser, "Destroy ODP");
        browser.wait_until("the running step", || {
            walk.control.pass();
            walk.control.append_log_lines(400)
        });
        browser.read("line 400 of 400");
        // A selection in a list.
        tab_to(browser, "Time zone");
        let zone = browser.focused_value();
        press(browser, DOWN);
        assert_ne!(browser.focused_value(), zone);
        // The log scrolls, and follows its end again.
        let log = browser.names(Role::Log);
        tab_to(browser, &log[0]);
        press(browser, HOME);
        browser.see(Role::Button, "Jump to end");
        tab_to(browser, "Jump to end");
        browser.press(ENTER);
        browser.miss(Role::Button, "Jump to end");
        focus_is_seen(browser);

        assert!(walk.control.step_to_end());
        arrive(browser, "Destroyed");
        assert!(browser.status().contains("Destroyed"));
        assert_eq!(walk.deletes(), 1);
        tab_to(browser, "Start over");
        browser.press(ENTER);
        browser.see(Role::Heading, "Connect to an agent");
        // The address is kept.
        browser.wait_until("the focus", || browser.focused() == "Agent password");
        focus_is_seen(browser);
    });
}

/// Counts the actions from the filled form to the DELETE: connect, type, destroy. Tab only moves
/// the focus and is counted separately.
#[test]
fn from_the_filled_form_to_the_delete_there_are_three_actions() {
    in_browser(Look::default(), |browser| {
        // The site has one agent, so its address is filled in.
        let walk = Walk::start(browser, config());
        browser.wait_until("the focus", || browser.focused() == "Agent password");
        browser.press(PASSWORD);
        let mut actions = 0;
        let mut tabs = 0;
        let mut act = |keys: &str| {
            browser.press(keys);
            actions += 1;
        };

        act(ENTER);
        arrive(browser, "Review and confirm");
        let field = "To confirm, type the agent address";
        while browser.focused() != field {
            assert!(
                !browser.focused().starts_with("Destroy ODP on"),
                "the danger button comes before the field"
            );
            press(browser, TAB);
            tabs += 1;
        }
        assert_eq!(browser.value(field), "", "never filled in");
        act(&walk.address);
        assert_eq!(walk.deletes(), 0);
        act(ENTER);
        browser.wait_until("the DELETE", || walk.deletes() == 1);
        browser.see(Role::Heading, "Destroy ODP");
        assert_eq!(actions, 3);
        assert!(tabs <= 5, "{tabs} stops before the field");
        walk.finish("Destroyed");
        assert_eq!(walk.deletes(), 1);
    });
}

#[test]
fn the_password_is_shown_and_hidden_by_a_button() {
    in_browser(Look::default(), |browser| {
        let _walk = Walk::start(browser, config());
        browser.wait_until("the focus", || browser.focused() == "Agent password");
        press(browser, PASSWORD);
        tab_to(browser, "Show password");
        let kind = |kind: &str| {
            let ask = "const field = [...deep()].find((e) => e.id === 'password');
                const button = [...deep()].find((e) => e.matches('.secret button'));
                return [field.type, button.getAttribute('aria-pressed')].join(' ')";
            browser.wait_until(kind, || browser.script(ask, &[]) == kind);
            assert_eq!(browser.value("Agent password"), PASSWORD);
        };
        kind("password false");
        press(browser, SPACE);
        kind("text true");
        press(browser, SPACE);
        kind("password false");
    });
}
