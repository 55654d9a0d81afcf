//! A large task, refreshed each second: how long the page's main thread is busy at once.

use std::time::Duration;

use obshell_sim::Oddity;
use serde_json::{Value, json};

use super::report;
use super::report::{Section, millis};
use crate::support::{Browser, Look, Role, in_browser};
use crate::walk::{PASSWORD, Walk, config};

/// How many sub tasks each of the four stages has.
const SUB_TASKS: usize = 25;

/// How many lines the log of the running one has, and how long they are.
const LINES: usize = 100_000;
const LINE: &str =
    "[INFO] obproxy is asked whether its process is gone, and what its answer is worth";

/// How long lines are appended, and how many come each second.
const SECONDS: usize = 15;
const LINES_A_SECOND: usize = 10;

/// Every DOM node that is in the page, those of open shadow roots included.
const NODES: &str = "
    const count = (root) => {
        let nodes = 0;
        for (const node of root.childNodes) nodes += 1 + count(node);
        return nodes + (root.shadowRoot ? count(root.shadowRoot) : 0);
    };
    return count(document)";

/// From what a person types to the frame that shows what came of it.
const TYPED: &str = "
    odpBench.typed = [];
    addEventListener('input', ({ timeStamp }) => {
        requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => odpBench.typed.push(performance.now() - timeStamp);
            port2.postMessage(null);
        });
    }, { capture: true });
";

#[test]
#[ignore = "measures"]
fn a_large_task_is_smooth() {
    in_browser(Look::default(), |browser| {
        browser.run_in_new_pages(&format!("{}\n{TYPED}", include_str!("watch.js")));
        let walk = Walk::start(browser, config());
        walk.control.tell_oddly(Oddity::SubTasks(SUB_TASKS));
        walk.destroy();
        browser.wait_until("a running step", || {
            walk.control.pass();
            walk.control.append_log(&["the first line".to_owned()])
        });
        browser.read("the first line");
        let lines: Vec<String> = (1..=LINES).map(|n| format!("{LINE} {n}")).collect();
        assert!(walk.control.append_log(&lines));
        let last = |number: usize| format!("{LINE} {number}");
        browser.read(&last(LINES));

        browser.reload();
        browser.fill("Agent password", PASSWORD);
        let open = longest_task(browser, || {
            let start = browser
                .script("return performance.now()", &[])
                .as_f64()
                .unwrap();
            let seen = "odpBench.looks.line = () => [...odpBench.everywhere('[role=log]')]
                .some((log) => log.textContent.includes(arguments[0]))";
            // A function of its own: `arguments` are those of the script.
            browser.script(
                &seen.replace("arguments[0]", &json!(last(LINES)).to_string()),
                &[],
            );
            browser.press("\u{e007}");
            let seen = browser.script("return odpBench.when('line')", &[]);
            seen.as_f64().unwrap() - start
        });
        let nodes = browser.script(NODES, &[]).as_u64().unwrap();
        let mut count = LINES;
        let append = longest_task(browser, || {
            for _ in 0..SECONDS {
                let lines: Vec<_> = (1..=LINES_A_SECOND).map(|n| last(count + n)).collect();
                assert!(walk.control.append_log(&lines));
                count += LINES_A_SECOND;
                std::thread::sleep(Duration::from_secs(1));
            }
            browser.read(&last(count));
        });
        let search = longest_task(browser, || {
            browser.script("odpBench.typed.length = 0", &[]);
            // Each sub task has a log; the first one's is the long one.
            let fields = browser.all(Role::Textbox);
            let mut named = fields.iter().filter(|(name, _)| name == "Search the log");
            named.next().unwrap().1.script("arguments[0].focus()");
            browser.press("worth 99");
            browser.wait_until("what was found", || {
                browser.script(
                    "return [...deep()].some((e) => e.matches('.line.current'))",
                    &[],
                ) == true
            });
            let typed = browser.script("return Math.max(...odpBench.typed)", &[]);
            typed.as_f64().unwrap()
        });
        let row = |what: &str, figure: String| vec![what.to_owned(), figure];
        report(
            browser,
            Section {
                name: "large task",
                columns: vec!["what", "figure"],
                rows: vec![
                    row(
                        "open: from \"Connect\" to the log's last line",
                        millis(open.of),
                    ),
                    row("open: longest task of the main thread", open.text()),
                    row("append: longest task of the main thread", append.text()),
                    row("search: longest task of the main thread", search.text()),
                    row(
                        "search: from a key to its frame, at most",
                        millis(search.of),
                    ),
                    row("DOM nodes in the page", nodes.to_string()),
                ],
                demands: Vec::new(),
                data: json!({
                    "open": { "time": open.of, "longest task": open.longest },
                    "append": { "longest task": append.longest },
                    "search": { "time": search.of, "longest task": search.longest },
                    "nodes": nodes,
                    "unit": "ms",
                }),
            },
        );
    });
}

/// What something came to, and the longest task of the main thread meanwhile.
struct Busy<T> {
    of: T,
    /// In milliseconds; `None` is less than 50, of which browsers do not tell.
    longest: Option<f64>,
}

impl<T> Busy<T> {
    fn text(&self) -> String {
        self.longest
            .map_or_else(|| "less than 50 ms".to_owned(), millis)
    }
}

fn longest_task<T>(browser: &Browser, act: impl FnOnce() -> T) -> Busy<T> {
    browser.script("odpBench.tasks.length = 0", &[]);
    let of = act();
    let longest: Value = browser.script("return Math.max(...odpBench.tasks)", &[]);
    // Of nothing it is minus infinity, which JSON has not.
    Busy {
        of,
        longest: longest.as_f64(),
    }
}
