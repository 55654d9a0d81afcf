//! A run over a thousand agents in one page: how long its main thread is busy at once, what it asks
//! of the network, and what it holds.

use std::time::{Duration, Instant};

use obshell_sim::{Agent, Config, Control};
use serde_json::{Value, json};

use super::report;
use super::report::{Demand, Limit, Section, millis};
use crate::fleet::choose_batch;
use crate::support::{Browser, Look, Role, in_browser};
use crate::walk::{PASSWORD, config};

const AGENTS: usize = 1_000;

/// How long the run is watched, and how long at most its checks may take.
const RUN: Duration = Duration::from_secs(60);
const CHECKS: Duration = Duration::from_secs(1_200);

/// The longest task of the main thread, in milliseconds.
const LONGEST: f64 = 50.0;

/// Counts what is asked of the agents, and gets hold of the module's memory.
const METER: &str = r"
    odpBench.left = [];
    odpBench.flying = odpBench.mostFlying = 0;
    const ask = window.fetch;
    window.fetch = function (...given) {
        const answer = ask.apply(this, given);
        if (!String(given[0]?.url ?? given[0]).includes('/agents/')) return answer;
        odpBench.left.push(performance.now());
        odpBench.mostFlying = Math.max(odpBench.mostFlying, ++odpBench.flying);
        const end = () => (odpBench.flying -= 1);
        answer.then(end, end);
        return answer;
    };
    for (const name of ['instantiate', 'instantiateStreaming']) {
        const make = WebAssembly[name];
        WebAssembly[name] = async function (...given) {
            const made = await make.apply(this, given);
            odpBench.memory = (made.instance ?? made).exports.memory;
            return made;
        };
    }
    odpBench.rows = () => [...odpBench.everywhere('tbody [aria-rowindex]')].length;
";

/// The most requests that left within a second. A request leaves some milliseconds after it was
/// decided on, now earlier and now later.
const MAX_PER_SECOND: &str = "
    const { left } = odpBench;
    let [first, most] = [0, 0];
    for (let last = 0; last < left.length; last++) {
        while (left[last] - left[first] >= 950) first++;
        most = Math.max(most, last - first + 1);
    }
    return most";

/// Scrolls the table from its top to its end, a step a frame; the most rows that it had.
const SCROLL: &str = "
    const [table] = odpBench.everywhere('.rows.windowed');
    const steps = 40;
    let most = 0;
    for (let step = 0; step <= steps; step++) {
        table.scrollTop = (table.scrollHeight * step) / steps;
        await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
        most = Math.max(most, odpBench.rows());
    }
    table.scrollTop = 0;
    return most";

/// Whether the checks have ended and the run may be reviewed.
const MAY_REVIEW: &str = "
    const [review] = odpBench.everywhere('.acts > .primary');
    const [panel] = odpBench.everywhere('[aria-busy]');
    return !panel && !!review && review.getAttribute('aria-disabled') !== 'true'";

#[test]
#[ignore = "measures"]
fn a_run_over_a_thousand_agents_is_smooth() {
    in_browser(Look::default(), |browser| {
        browser.run_in_new_pages(&format!("{}\n{METER}", include_str!("watch.js")));
        browser.secret(PASSWORD);
        let agents: Vec<Agent> = (0..AGENTS)
            .map(|_| {
                browser.agent(Config {
                    rsa_bits: Some(512),
                    kill_wait: Duration::from_secs(1),
                    ..config()
                })
            })
            .collect();
        let site = browser.site_for(&agents.iter().collect::<Vec<_>>());
        browser.open(&site);

        let choose = longest(browser, || {
            browser.click(Role::Button, "Several agents");
            browser.see(Role::Heading, "Choose agents");
            let addresses: Vec<_> = agents.iter().map(|it| it.addr().to_string()).collect();
            let paste = "
                const [field] = odpBench.everywhere('textarea');
                field.value = arguments[0];
                field.dispatchEvent(new Event('input', { bubbles: true }))";
            browser.script(paste, &[json!(addresses.join("\n"))]);
            browser.read("1000 agents selected");
            browser.click(Role::Button, "Continue");
            browser.see(Role::Heading, "Sign in to the agents");
        });
        let checks = longest(browser, || {
            browser.fill("Agent password", PASSWORD);
            browser.click(Role::Button, "Run pre-flight checks");
            browser.see(Role::Heading, "Pre-flight checks");
            let began = Instant::now();
            // A search by accessible name would be a long task of its own.
            while browser.script(MAY_REVIEW, &[]) != true {
                assert!(began.elapsed() < CHECKS, "the checks take too long");
                std::thread::sleep(Duration::from_secs(1));
            }
        });
        let scroll = |browser: &Browser| browser.script(&asynchronous(SCROLL), &[]);
        let mut rows = Value::Null;
        let scrolled = longest(browser, || rows = scroll(browser));
        let review = longest(browser, || {
            browser.click(Role::Button, "Review and confirm");
            browser.see(Role::Heading, "Review and confirm");
            choose_batch(browser, 10);
            browser.fill("To confirm, type", &format!("destroy {AGENTS}"));
            browser.click(Role::Button, &format!("Destroy {AGENTS} ODPs"));
            browser.see(Role::Heading, "Run");
        });
        let run = longest(browser, || {
            let began = Instant::now();
            while began.elapsed() < RUN {
                std::thread::sleep(Duration::from_secs(1));
            }
        });
        let mut run_rows = Value::Null;
        let run_scrolled = longest(browser, || run_rows = scroll(browser));
        let destroyed = agents.iter().map(Agent::control).filter(is_destroyed);
        let destroyed = destroyed.count();
        let figure = |script: &str| browser.script(script, &[]).as_f64().unwrap();
        let a_second = figure(MAX_PER_SECOND);
        let flying = figure("return odpBench.mostFlying");
        let wasm = figure("return odpBench.memory.buffer.byteLength");
        browser.devtools("HeapProfiler.collectGarbage", json!({}));
        let heap = figure("return performance.memory.usedJSHeapSize");
        let rows = [rows, run_rows].map(|rows| rows.as_f64().unwrap());

        let tasks = [
            ("choose 1,000 agents", choose),
            ("checks", checks),
            ("checks, scrolled from top to end", scrolled),
            ("review and confirmation", review),
            ("run, for a minute", run),
            ("run, scrolled from top to end", run_scrolled),
        ];
        let row = |what: &str, figure: String| vec![what.to_owned(), figure];
        let task_row = |(what, task): &(&str, Option<f64>)| {
            let told = task.map_or_else(|| "less than 50 ms".to_owned(), millis);
            row(&format!("{what}: longest task of the main thread"), told)
        };
        let mib = |bytes: f64| format!("{:.1} MiB", bytes / 1_048_576.0);
        let most = |what: &str, ratio: f64, limit: f64| Demand {
            what: what.to_owned(),
            ratio,
            limit: Limit::AtMost(limit),
        };
        let demands = tasks.iter().map(|(what, task)| {
            let what = format!("{what}: the longest task in milliseconds");
            most(&what, task.unwrap_or_default(), LONGEST)
        });
        let demands = demands.chain([
            most("rows in the page", rows[0].max(rows[1]), 60.0),
            most("requests within a second", a_second, 20.0),
            most("requests in flight", flying, 6.0),
        ]);
        let more = [
            row(
                "rows in the page while scrolled, at most",
                rows[0].max(rows[1]).to_string(),
            ),
            row("requests within a second, at most", a_second.to_string()),
            row("requests in flight, at most", flying.to_string()),
            row("JavaScript heap", mib(heap)),
            row("memory of the module", mib(wasm)),
            row("destroyed within the minute", destroyed.to_string()),
        ];
        report(
            browser,
            Section {
                name: "run",
                columns: vec!["what", "figure"],
                rows: tasks.iter().map(task_row).chain(more).collect(),
                demands: demands.collect(),
                data: json!({
                    "longest tasks": tasks.iter().map(|(_, task)| task).collect::<Vec<_>>(),
                    "rows": rows,
                    "requests a second": a_second,
                    "in flight": flying,
                    "heap": heap,
                    "module": wasm,
                    "destroyed": destroyed,
                    "unit": "ms, bytes",
                }),
            },
        );
    });
}

fn is_destroyed(control: &Control) -> bool {
    control.snapshot().managed_home.is_none()
}

/// A script that waits.
fn asynchronous(body: &str) -> String {
    format!("return (async () => {{ {body} }})()")
}

/// The longest task of the main thread meanwhile, in milliseconds; browsers tell those of 50 and
/// more.
fn longest(browser: &Browser, act: impl FnOnce()) -> Option<f64> {
    browser.script("odpBench.tasks.length = 0", &[]);
    act();
    let tasks = browser.script("return odpBench.tasks", &[]);
    println!("{tasks}");
    let tasks = tasks.as_array().unwrap().iter().filter_map(Value::as_f64);
    tasks.reduce(f64::max)
}
