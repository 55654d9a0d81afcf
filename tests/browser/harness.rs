//! Tests the checks that run after every test: each fails on what it must detect.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dev_site::SiteSetup;

use crate::support::{Browser, Look, Role, in_browser};

/// Opens the page, runs `misbehave`, and returns why the checks failed.
fn refused(misbehave: impl FnOnce(&Browser)) -> String {
    let mut why = String::new();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        in_browser(Look::default(), |browser| {
            let site = browser.site(SiteSetup::default());
            browser.open(&site);
            browser.wait_until("a heading", || !browser.names(Role::Heading).is_empty());
            misbehave(browser);
        });
    }));
    if let Err(panic) = outcome {
        why = panic.downcast_ref::<String>().cloned().unwrap_or_default();
    }
    why
}

#[test]
fn a_warning_in_the_console_fails_a_test() {
    let why = refused(|browser| {
        browser.script("console.warn('careful')", &[]);
    });
    assert!(
        why.contains("the page wrote to the console") && why.contains("careful"),
        "{why}"
    );
}

#[test]
fn a_request_to_another_origin_fails_a_test() {
    let why = refused(|browser| {
        // The page's policy would block a request, but not a navigation. Nothing listens on this
        // port, and browsers do not block it.
        browser.script("location.href = 'http://127.0.0.1:1025/'", &[]);
        browser.wait_until("the request", || {
            browser
                .requested()
                .iter()
                .any(|url| url.starts_with("http://127.0.0.1:1025/"))
        });
        browser.expect_in_console("");
    });
    assert!(why.contains("the page asked other origins"), "{why}");
}

#[test]
fn a_secret_in_the_storage_fails_a_test() {
    let why = refused(|browser| {
        browser.secret("hidden \"word\"");
        browser.script(
            "sessionStorage.setItem('kept', JSON.stringify('hidden \"word\"'))",
            &[],
        );
    });
    assert!(why.contains("a secret is in storage"), "{why}");
}

#[test]
fn a_secret_in_an_attribute_of_a_shadow_root_fails_a_test() {
    let why = refused(|browser| {
        browser.secret("hidden");
        browser.script(
            "document.querySelector('odp-console').shadowRoot.firstElementChild.title = 'hidden'",
            &[],
        );
    });
    assert!(why.contains("a secret is in attributes"), "{why}");
}

#[test]
fn a_text_that_is_cut_off_or_covered_fails_a_test() {
    let why = refused(|browser| {
        browser.script(
            "const root = document.querySelector('odp-console').shadowRoot;
             const panel = root.querySelector('.panel');
             const add = (text, style) => {
                 const made = panel.appendChild(document.createElement('p'));
                 made.textContent = text;
                 Object.assign(made.style, style);
             };
             add('wide', { width: '2000px', textAlign: 'end' });
             add('cut', { width: '5px', overflow: 'hidden', whiteSpace: 'nowrap' });
             add('covered', { position: 'absolute', top: '200px' });
             add('covering', { position: 'absolute', top: '205px' })",
            &[],
        );
        browser.check_nothing_is_lost("a screen");
    });
    for fault in [
        "a screen: the page scrolls sideways",
        "text outside of the window: <p class=\\\"\\\"> \\\"wide",
        "text cut off by",
        "texts over each other",
    ] {
        assert!(why.contains(fault), "{fault}: {why}");
    }
}

#[test]
fn what_shuts_people_out_fails_a_test() {
    let why = refused(|browser| {
        browser.script(
            "const root = document.querySelector('odp-console').shadowRoot;
             const panel = root.querySelector('.panel');
             panel.appendChild(document.createElement('button'));
             const faint = panel.appendChild(document.createElement('p'));
             faint.textContent = 'hardly to be seen';
             faint.style.color = '#999'",
            &[],
        );
        browser.check_with_axe("a screen");
    });
    for fault in ["a screen: button-name", "a screen: color-contrast"] {
        assert!(why.contains(fault), "{fault}: {why}");
    }
}
