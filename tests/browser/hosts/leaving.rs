//! Tests that an unmounted console leaves nothing in the page, and that its DELETE still arrives.

use serde_json::json;

use super::page::{ANTD_4, ANTD_5, ELEMENT, Host, QIANKUN, REACT_19, SINGLE_SPA};
use crate::support::{Engine, Look, Role, in_browser};
use crate::walk::DELETE;
use obshell_sim::Matching;

/// Mounts and unmounts the console this many times and returns the number of elements in the page.
/// Runs as a script: a driver keeps every element that it has seen, which would be counted.
const COME_AND_GO: &str = r"
    const until = async (so) => { while (!so()) await new Promise((again) => later(again, 5)); };
    const shown = () => [...deep()].some((it) => it.shadowRoot?.textContent.includes('Agent details loaded.'));
    return (async (times) => {
        for (let n = 0; n < times; n += 1) {
            putBack();
            await until(shown);
            takeAway();
            await until(() => !shown());
        }
        await until(() => timers.size === 0);
        return document.querySelectorAll('*').length;
    })(...arguments);
";

fn comes_and_goes(host: Host) {
    in_browser(Look::default(), |browser| {
        let visit = host.visit(browser, 1);
        let control = visit.agents[0].control();
        browser.read("Agent details loaded.");
        browser.script("takeAway()", &[]);
        browser.wait_until("an empty place", || {
            !browser.text().contains("Agent details loaded.")
        });
        let left = |times: u32| {
            let elements = browser.script(COME_AND_GO, &[json!(times)]);
            if Engine::chosen() == Engine::Firefox {
                // Only Chromium reports its memory.
                return (elements, [0, 0]);
            }
            for _ in 0..2 {
                browser.devtools("HeapProfiler.collectGarbage", json!({}));
            }
            let counters = browser.devtools("Memory.getDOMCounters", json!({}));
            let counters = ["nodes", "jsEventListeners"].map(|name| counters[name].as_i64());
            (elements, counters.map(Option::unwrap))
        };
        // The first rounds create what remains: the host's and the browser's own objects.
        left(3);
        let before = left(1);
        let turns = 10;
        let after = left(turns);
        assert_eq!(before.0, after.0, "elements");
        assert_eq!(before.1[1], after.1[1], "listeners");
        // Less than one per round: the browser itself creates and removes a few nodes.
        let of_the_host = host.keeps * i64::from(turns);
        assert!(
            after.1[0] < before.1[0] + of_the_host + 5,
            "nodes: {before:?} {after:?}"
        );
        // No further request is sent.
        let asked = visit.site.requests().len();
        browser.script("return fetch('config.json').then(() => true)", &[]);
        assert_eq!(visit.site.requests().len(), asked + 1);

        // The last console is unmounted while its DELETE is in transit.
        browser.script("putBack()", &[]);
        control.hold_requests(Matching::new("DELETE", DELETE));
        visit.review();
        visit.confirm();
        browser.wait_until("the DELETE on its way", || {
            control.snapshot().on_the_way("DELETE", DELETE) == 1
        });
        assert_ne!(browser.script("return timers.size", &[]), 0);
        browser.script("takeAway()", &[]);
        browser.wait_until("an empty place", || {
            browser.script("return document.querySelectorAll('*').length", &[]) == after.0
        });
        control.let_through();
        browser.wait_until("the agent's task", || {
            control.snapshot().last_task().is_some()
        });
        browser.wait_until("no timer", || {
            browser.script("return timers.size", &[]) == 0
        });
        assert_eq!(visit.deletes(0), 1);
        // The host got the event before.
        assert_eq!(visit.heard(&visit.address()), ["odp-submitted"]);
    });
}

#[test]
fn an_element() {
    comes_and_goes(ELEMENT);
}

#[test]
fn antd_4_with_react_17() {
    comes_and_goes(ANTD_4);
}

#[test]
fn antd_5_with_react_18() {
    comes_and_goes(ANTD_5);
}

#[test]
fn react_19() {
    comes_and_goes(REACT_19);
}

#[test]
fn a_main_application_of_qiankun() {
    comes_and_goes(QIANKUN);
}

#[test]
fn an_application_of_single_spa() {
    comes_and_goes(SINGLE_SPA);
}

#[test]
fn a_module_that_stopped_does_not_look_alive() {
    in_browser(Look::default(), |browser| {
        let _visit = REACT_19.visit(browser, 1);
        browser.see(Role::Heading, "Connect to an agent");
        // A trap of another module does not affect the console.
        let trap = "const error = new WebAssembly.RuntimeError('unreachable');
            error.stack = arguments[0];
            dispatchEvent(new ErrorEvent('error', { error }))";
        browser.script(trap, &[json!("at https://elsewhere.example/other.wasm")]);
        assert!(!browser.text().contains("no longer updated"));
        let ours = "return performance.getEntriesByType('resource').map(({ name }) => name).find((name) => name.endsWith('.wasm'))";
        let ours = browser.script(ours, &[]);
        browser.script(trap, &[json!(format!("at {}", ours.as_str().unwrap()))]);
        browser.read("The content below is no longer updated");
        browser.wait_until("the host is told", || {
            browser.script(
                "return window.heard.map(([name, detail]) => name + ' ' + detail.kind)",
                &[],
            ) == json!(["odp-error fault"])
        });
        // The console can still be unmounted.
        browser.click(Role::Button, "Take away");
        browser.miss(Role::Heading, "Connect to an agent");
        assert!(!browser.text().contains("no longer updated"));
    });
}
