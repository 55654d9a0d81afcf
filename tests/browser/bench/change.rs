//! From a change at the agent to the frame that shows it. The pause between two refreshes is part
//! of it.

use std::time::Duration;

use serde_json::json;

use super::report::{Section, millis};
use super::statistics::Samples;
use super::{now, report};
use crate::support::{Look, in_browser};
use crate::walk::{Walk, config};

/// How many changes there are. Within two minutes, after which the page asks less often.
const CHANGES: usize = 100;

/// The pause between two changes: in another phase of the refreshes each time.
const PAUSE: Duration = Duration::from_millis(1_070);

/// Notes when each line was in a frame: `odpBench.painted[number]`, in milliseconds since 1970.
const PAINTED: &str = "
    odpBench.painted = {};
    odpBench.looks.never = () => {
        const found = {};
        for (const line of odpBench.everywhere('.line')) {
            const [, number] = line.textContent.match(/^change (\\d+) of /) ?? [];
            if (number && !(number in odpBench.painted)) found[number] = odpBench.painted[number] = 0;
        }
        if (Object.keys(found).length === 0) return false;
        requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => {
                const now = performance.timeOrigin + performance.now();
                for (const number in found) odpBench.painted[number] = now;
            };
            port2.postMessage(null);
        });
        return false;
    };
";

#[test]
#[ignore = "measures"]
fn a_change_is_soon_on_the_screen() {
    in_browser(Look::default(), |browser| {
        browser.run_in_new_pages(&format!("{}\n{PAINTED}", include_str!("watch.js")));
        let walk = Walk::start(browser, config());
        walk.destroy();
        browser.wait_until("a running step", || {
            walk.control.pass();
            walk.control.append_log(&["before".to_owned()])
        });
        browser.read("before");
        let mut changed = Vec::new();
        for number in 0..CHANGES {
            std::thread::sleep(PAUSE);
            changed.push(now());
            let line = format!("change {number} of {CHANGES}");
            assert!(walk.control.append_log(&[line]));
        }
        browser.read(&format!("change {} of {CHANGES}", CHANGES - 1));
        let all = "return Object.values(odpBench.painted).filter((time) => time > 0).length";
        browser.wait_until("the last frame", || browser.script(all, &[]) == CHANGES);
        let painted = browser.script("return odpBench.painted", &[]);
        let times = changed
            .iter()
            .enumerate()
            .map(|(number, changed)| painted[number.to_string()].as_f64().unwrap() - changed);
        let times = Samples::new(times);
        let row = |what: &str, figure: f64| vec![what.to_owned(), millis(figure)];
        report(
            browser,
            Section {
                name: "change",
                columns: vec!["from a change at the agent to the screen", "time"],
                rows: vec![row("median", times.median()), row("worst", times.worst())],
                demands: Vec::new(),
                data: json!({ "times": times.figures(), "unit": "ms" }),
            },
        );
    });
}
