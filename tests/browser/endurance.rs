//! Tests half an hour of polling in one minute: the page's memory does not grow. Also a response
//! that is too large to read.

use serde_json::json;

use crate::support::{Browser, Engine, Look, Role, in_browser};
use crate::walk::{Walk, config};

/// The refreshes of half an hour, at one per second.
const REFRESHES: usize = 1_800;

/// The number of refreshes after which the page has allocated everything that it keeps: fonts,
/// shapes, caches.
const WARM: usize = 300;

/// The initial lines of the log: more than are drawn at once. A list doubles its capacity, so the
/// later lines (105) fit into the capacity of these (2,048).
const LINES: usize = 1_100;

/// Shortens waits of about a second to a hundredth, and exposes the module's memory. A time limit
/// of 15 s is unchanged.
const QUICK: &str = "
    const later = window.setTimeout;
    window.setTimeout = (f, ms, ...rest) =>
        later(f, ms >= 1000 && ms <= 8000 ? ms / 100 : ms, ...rest);
    const again = window.setInterval;
    window.setInterval = (f, ms, ...rest) => again(f, ms >= 1000 ? ms / 50 : ms, ...rest);
    window.odpMemories = [];
    for (const name of ['instantiate', 'instantiateStreaming']) {
        const real = WebAssembly[name];
        WebAssembly[name] = async (...given) => {
            const made = await real.apply(WebAssembly, given);
            const { exports } = made.instance ?? made;
            window.odpMemories.push(...Object.values(exports)
                .filter((one) => one instanceof WebAssembly.Memory));
            return made;
        };
    }";

/// The memory of the page right after a garbage collection.
#[derive(Debug)]
struct Kept {
    /// Bytes of all `WebAssembly.Memory`: the peak usage.
    wasm: i64,
    /// Bytes of the JavaScript objects.
    heap: i64,
    /// DOM nodes, including detached ones.
    nodes: i64,
    listeners: i64,
}

fn kept(browser: &Browser) -> Kept {
    for _ in 0..2 {
        browser.devtools("HeapProfiler.collectGarbage", json!({}));
    }
    let number = |value: &serde_json::Value| value.as_f64().map(|number| number as i64).unwrap();
    let wasm = browser.script(
        "return window.odpMemories.reduce((sum, one) => sum + one.buffer.byteLength, 0)",
        &[],
    );
    let heap = browser.devtools("Runtime.getHeapUsage", json!({}));
    let counters = browser.devtools("Memory.getDOMCounters", json!({}));
    Kept {
        wasm: number(&wasm),
        heap: number(&heap["usedSize"]),
        nodes: number(&counters["nodes"]),
        listeners: number(&counters["jsEventListeners"]),
    }
}

fn refreshes(walk: &Walk<'_>) -> usize {
    let requests = walk.control.requests();
    let reads = requests
        .iter()
        .filter(|request| request.target.starts_with("/api/v1/task/dag/4"));
    reads.count()
}

/// Follows the task for `count` refreshes, sometimes with a new log line if `writes`, and rarely
/// with a lost response.
fn watch(walk: &Walk<'_>, count: usize, writes: bool) {
    let (mut seen, mut step) = (0, 0);
    walk.control.forget_requests();
    while seen < count {
        walk.browser.wait_until("ten more refreshes", || {
            let now = refreshes(walk);
            let enough = now >= seen + 10;
            if enough {
                seen = now;
            }
            enough
        });
        step += 1;
        if writes {
            assert!(walk.control.append_log(&[format!("line {step}")]));
        }
        if step % 20 == 0 {
            let read = obshell_sim::Matching::new("GET", "/api/v1/task/dag/4*");
            walk.control.cut_before_acting(read);
        }
    }
}

#[test]
fn half_an_hour_of_polling_makes_nothing_grow() {
    if !Engine::Chromium.or_leave_out("only the DevTools protocol tells what a page keeps") {
        return;
    }
    in_browser(Look::default(), |browser| {
        browser.run_in_new_pages(QUICK);
        let walk = Walk::start(browser, config());
        walk.destroy();
        browser.wait_until("the running step", || {
            walk.control.pass();
            walk.control.append_log_lines(LINES)
        });
        browser.read(&format!("line {LINES} of {LINES}"));
        watch(&walk, WARM, true);
        let first = kept(browser);
        assert!(first.wasm > 0, "the module's memory is not at hand");
        watch(&walk, (REFRESHES - WARM) / 2, true);
        let second = kept(browser);
        watch(&walk, (REFRESHES - WARM) / 2, false);
        let last = kept(browser);
        let all = format!("{first:?}\n{second:?}\n{last:?}");
        // WebAssembly memory never shrinks: it is the peak usage, in pages of 64 KiB. A growing log
        // may need a few more pages; a constant log needs none.
        assert!(second.wasm - first.wasm <= 256 * 1024, "{all}");
        assert!(last.wasm - second.wasm <= 64 * 1024, "{all}");
        assert!((last.nodes - first.nodes).abs() <= 100, "{all}");
        assert!((last.listeners - first.listeners).abs() <= 10, "{all}");
        assert!(last.heap - first.heap < 400_000, "{all}");
        // The page was following the task all the time.
        walk.finish("Destroyed");
        assert_eq!(walk.control.snapshot().tasks.len(), 1);
    });
}

#[test]
fn an_answer_that_is_too_large_is_refused_in_words_and_the_page_lives_on() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        browser.wait_until("the running step", || {
            walk.control.pass();
            browser.text().contains("Kill obproxy process")
        });
        let megabytes_70 = vec!["x".repeat(3_500_000); 20];
        assert!(walk.control.append_log(&megabytes_70));
        browser.read("exceeds 64 MiB");
        browser.read("retrying in");
        browser.click(Role::Button, "中文");
        browser.read("64 MiB");
        browser.click(Role::Button, "EN");
        browser.click(Role::Button, "Close task view");
        browser.see(Role::Button, "Connect");
    });
}
