//! Tests accessibility on every screen and ending, in both languages.
//!
//! axe-core finds nothing, light and dark. Nothing is lost in a window of 320 CSS px, which is one
//! of 640 px at 200 %, or with text of double size.

use serde_json::json;

use crate::keyboard::{SHIFT, TAB};
use crate::scenes::{in_both_languages, with_every_scene};
use crate::support::{Browser, Engine, Look, Role, in_browser};
use crate::walk::{Walk, config};

/// The narrowest window in which nothing may be lost (WCAG 2.2, 1.4.10).
const NARROW: u32 = 320;

fn look(browser: &Browser, screen: &str) {
    in_both_languages(browser, |language| {
        // For axe, the two languages are nearly the same, and their colours are the same: each
        // theme and each language is checked once.
        let dark = language == "zh";
        browser.wear(&Look {
            dark,
            ..Look::default()
        });
        browser.check_with_axe(&format!("{screen}, {language}, dark: {dark}"));
        // A zoom of 200 % turns a window of 640 px into one of 320 px, with 2 device pixels each.
        browser.wear(&Look {
            width: NARROW,
            zoom: 2,
            ..Look::default()
        });
        browser.check_nothing_is_lost(&format!("{screen}, {language}, narrow"));
        browser.wear(&Look::default());
        // Chromium enlarges only the text on phones alone.
        if Engine::chosen() == Engine::Firefox {
            browser.enlarge_letters(2);
            browser.check_nothing_is_lost(&format!("{screen}, {language}, large letters"));
            browser.enlarge_letters(1);
        }
    });
}

with_every_scene! { look }

/// The same in a page of a host, whose colours the console uses.
mod embedded {
    use crate::hosts::ANTD_5;
    use crate::scenes::with_every_scene;

    with_every_scene! { super::look, in ANTD_5 }
}

/// The properties that distinguish controls and states without the page's colours.
const TOLD_APART: &str = "
    const style = (element) => {
        const { outlineStyle, borderTopStyle, borderTopWidth, color } = getComputedStyle(element);
        return JSON.stringify([outlineStyle, borderTopStyle, borderTopWidth, color]);
    };
    const all = [...deep()];
    const alike = (one, other) => all.filter((element) => element.matches(one)).every((element) =>
        all.some((another) => another.matches(other) && style(another) === style(element)));
    return arguments[0].filter(([one, other]) => alike(one, other)).map(String)";

#[test]
fn focus_and_state_can_be_told_where_the_system_chooses_the_colours() {
    let look = Look {
        forced_colors: true,
        ..Look::default()
    };
    in_browser(look, |browser| {
        let walk = Walk::start(browser, config());
        walk.connect();
        let disabled = json!([["button:disabled", "button:enabled"]]);
        let danger = format!("Destroy ODP on {}", walk.address);
        assert!(!browser.see(Role::Button, &danger).is_enabled());
        assert_eq!(browser.script(TOLD_APART, &[disabled]), json!([]));
        walk.type_address();
        walk.confirm();
        browser.wait_until("the running step", || {
            walk.control.pass();
            walk.control.append_log_lines(40)
        });
        browser.read("line 40 of 40");
        browser.fill("Search the log", "of 40");
        browser.wait_until("a line that is found", || {
            browser.script(
                "return [...deep()].some((e) => e.matches('.line.current'))",
                &[],
            ) == true
        });
        let states = json!([
            [
                ".segments [aria-pressed=true]",
                ".segments [aria-pressed=false]"
            ],
            [".small[aria-pressed=true]", ".small[aria-pressed=false]"],
            [".stages > .shown", ".stages > :not(.shown)"],
            [".line.current", ".line:not(.current)"],
        ]);
        assert_eq!(browser.script(TOLD_APART, &[states]), json!([]));
        // A pressed button shows the focus like any other.
        browser
            .see(Role::Button, "中文")
            .script("arguments[0].focus()");
        browser.press_together(&[SHIFT, TAB]);
        let outline = "const { outlineStyle, outlineOffset } = getComputedStyle(arguments[0]);
             return [outlineStyle, outlineOffset]";
        let focused = browser.see(Role::Button, "EN");
        assert!(focused.has_focus());
        assert_eq!(focused.script(outline), json!(["solid", "2px"]));
    });
}

#[test]
fn nothing_moves_for_whom_movement_is_too_much() {
    let moving = "return [...deep()].filter((element) => {
         const { animationName, transitionDuration } = getComputedStyle(element);
         return animationName !== 'none' || parseFloat(transitionDuration) > 0;
     }).length";
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        browser.wait_until("the running step", || {
            walk.control.pass();
            browser.text().contains("Kill obproxy process")
        });
        assert_ne!(browser.script(moving, &[]), 0, "something would move");
        browser.wear(&Look {
            reduced_motion: true,
            ..Look::default()
        });
        assert_eq!(browser.script(moving, &[]), 0);
    });
}
