//! Tests plain HTTP at a name in the local network: without a secure context, `crypto.subtle` and
//! the clipboard are missing.

use serde_json::Value;

use super::Listed;
use super::nginx::{Nginx, Setup};
use super::way::{connect, destroy, no_violation, watch_policy};
use crate::support::{Look, Role, in_browser};
use crate::walk::{PASSWORD, config};

#[test]
fn it_destroys_on_plain_http_and_warns_of_it() {
    let look = Look {
        here: Some("console.lan"),
        ..Look::default()
    };
    in_browser(look, |browser| {
        browser.secret(PASSWORD);
        watch_policy(browser);
        let agent = browser.agent(config());
        let nginx = Nginx::start(&Setup {
            base: "/console",
            agents: vec![Listed::plain(agent.addr())],
            ..Setup::default()
        });
        browser.open_url(&nginx.url("console.lan"));
        let lacking = browser.script(
            "return [isSecureContext, typeof crypto.subtle, typeof navigator.clipboard].join()",
            &[],
        );
        assert_eq!(lacking, "false,undefined,undefined");
        connect(browser, &agent.addr().to_string());
        browser.read("Requests leave this browser over plain HTTP.");
        browser.read(
            "anyone on the network path can alter this page or the agent's responses. Use HTTPS.",
        );
        destroy(browser, &agent);

        // Copied by the old method: pasting gives the text.
        browser.script(
            "document.addEventListener('copy', () => { window.copied = getSelection().toString() })",
            &[],
        );
        browser.click(Role::Button, "Evidence");
        browser.click(Role::Button, "Copy JSON");
        browser.read("Copied");
        let copied = browser.script("return window.copied", &[]);
        let copied: Value = serde_json::from_str(copied.as_str().expect("a text")).expect("JSON");
        assert_eq!(copied["format"], "odp-console-evidence/3");
        no_violation(browser);
    });
}
