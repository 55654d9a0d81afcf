//! Checks that every control is legible and visible in every state: at rest, hovered, focused,
//! pressed and disabled, light and dark.

use obshell_sim::{Config, Fail, Identity};
use serde_json::{Value, json};

use crate::support::{Browser, Look, Role, in_browser};
use crate::walk::{Walk, config};

/// Checks every control of the screen.
const CONTRAST: &str = include_str!("contrast.js");

/// Checks the controls of a screen, light and dark.
fn check(browser: &Browser, screen: &str, faults: &mut Vec<String>) {
    for dark in [false, true] {
        browser.wear(&Look {
            dark,
            ..Look::default()
        });
        let Value::Array(found) = browser.script(CONTRAST, &[]) else {
            panic!("{screen}: no list");
        };
        let theme = if dark { "dark" } else { "light" };
        let found = found.iter().filter_map(Value::as_str);
        faults.extend(found.map(|fault| format!("{screen}, {theme}: {fault}")));
    }
    browser.wear(&Look::default());
}

#[test]
fn every_control_has_enough_contrast_in_every_state() {
    let config = Config {
        identity: Identity::ClusterAgent,
        ob_password: Some("of root".to_owned()),
        fail: Fail::StopTimeout,
        ..config()
    };
    in_browser(Look::default(), |browser| {
        let mut faults = Vec::new();
        let mut look = |screen| check(browser, screen, &mut faults);
        let walk = Walk::start(browser, config);
        browser.see(Role::Group, "Sign in with");
        browser.click(Role::Button, "Connect");
        browser.see(Role::Textbox, "Agent password");
        look("connect");
        walk.review();
        look("review");
        walk.confirm();
        browser.wait_until("the running step", || {
            walk.control.pass();
            browser.text().contains("Kill obproxy process")
        });
        browser.fill("Search the log", "obproxy");
        look("task");
        browser.click(Role::Button, "Cancel the task");
        browser.see(Role::Button, "Cancel the task now");
        look("question");
        browser.click(Role::Button, "Go back");
        walk.finish("Failed at stage 2");
        browser.click(Role::Button, "Evidence");
        browser.see(Role::Button, "Copy JSON");
        look("end");
        browser.click(Role::Button, "Start over");
        browser.see(Role::Button, "Sign out");
        look("start over");
        assert_eq!(json!(faults), json!([]));
    });
}

/// The check finds insufficient contrasts.
#[test]
fn what_cannot_be_read_is_found() {
    in_browser(Look::default(), |browser| {
        let _walk = Walk::start(browser, config());
        browser.see(Role::Button, "Connect");
        browser.script(
            "const root = document.querySelector('odp-console').shadowRoot;
             const sheet = new CSSStyleSheet();
             sheet.replaceSync('button.primary:hover { background: pink; color: white }');
             root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]",
            &[],
        );
        let mut faults = Vec::new();
        check(browser, "connect", &mut faults);
        let found = |state: &str| faults.iter().any(|fault| fault.contains(state));
        assert!(found("disabled+hover: text"), "{faults:?}");
        assert!(!found("rest: "), "{faults:?}");
    });
}
