//! Tests a module that cannot be loaded: the person and the developer get a message.

use serde_json::json;

use super::page::ELEMENT;
use crate::support::{Look, in_browser};

/// A server that returns its start page for the module, like those of bundlers.
const A_PAGE_INSTEAD: &str = r"
    window.real = window.fetch;
    window.fetch = (url, ...more) => String(url?.url ?? url).endsWith('.wasm')
        ? Promise.resolve(new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } }))
        : window.real(url, ...more);
    window.logged = [];
    const log = console.error;
    console.error = (...said) => (window.logged.push(said.join(' ')), log(...said));
";

/// Returns the text of each element, and its language.
const SHOWN: &str = r"
    return [...document.querySelectorAll('odp-console')].map((it) => {
        const all = [...(it.shadowRoot?.children ?? [])];
        return all.filter((one) => one.role === 'alert').map((alert) => [alert.lang, alert.textContent]);
    });
";

#[test]
fn a_web_page_instead_of_the_module_is_named() {
    in_browser(Look::default(), |browser| {
        browser.run_in_new_pages(A_PAGE_INSTEAD);
        browser.expect_in_console("odp-console cannot be loaded from");
        let _visit = ELEMENT.visit(browser, 3);
        let english = "The ODP console could not be loaded. Reload this page.";
        browser.wait_until("a sentence in each element", || {
            let shown = browser.script(SHOWN, &[]);
            let said = |n: usize, language: &str, sentence: &str| {
                let alerts = shown[n].as_array().unwrap();
                alerts.len() == 1
                    && alerts[0][0] == language
                    && alerts[0][1].as_str().unwrap().starts_with(sentence)
            };
            said(0, "en", english)
                && said(1, "zh-CN", "ODP 控制台加载失败。")
                && said(2, "en", english)
        });
        // Logged once per page, with the requested URL and the response.
        let logged = browser.script("return window.logged", &[]);
        let logged = logged.as_array().unwrap();
        assert_eq!(logged.len(), 1, "{logged:?}");
        let said = logged[0].as_str().unwrap();
        for part in [
            ".wasm",
            "a web page (text/html) instead of a WebAssembly module",
        ] {
            assert!(said.contains(part), "{said}");
        }
        // Another attempt, with a server that has the module.
        browser.script("takeAway(); window.fetch = window.real", &[]);
        browser.script("putBack()", &[]);
        browser.read("Connect to an agent");
        let none = browser.script(SHOWN, &[]);
        assert_eq!(none, json!([[], [], []]));
    });
}
