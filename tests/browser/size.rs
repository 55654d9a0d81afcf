//! What a browser fetches until a running task is on the screen: listed, weighed and limited.

use std::fs;
use std::path::Path;

use obshell_sim::Config;
use obshell_sim::site::SeenRequest;

use crate::support::{Look, Role, in_browser};

/// The most that the page's files may weigh as brotli, in bytes.
const BUDGET_BYTES: u64 = 130_000;
/// The most requests for files of the page.
const MOST_REQUESTS: usize = 6;

const PASSWORD: &str = "weighed and found light";
/// A line of the running step's log: who sees it sees the running task.
const LINE: &str = "this line is written by a running step";

#[test]
fn the_way_to_a_running_task_is_light() {
    in_browser(Look::default(), |browser| {
        let agent_password = Some(PASSWORD.to_owned());
        let agent = browser.agent(Config {
            agent_password,
            ..Config::default()
        });
        let address = agent.addr().to_string();
        let control = agent.control();
        control.hold();
        let site = browser.site_for(&[&agent]);

        browser.open(&site);
        browser.fill("Agent address", &address);
        browser.fill("Agent password", PASSWORD);
        browser.click(Role::Button, "Connect");
        browser.click(Role::Button, "Review");
        browser.fill("Type the agent address to confirm", &address);
        browser.click(Role::Button, &format!("Destroy ODP on {address}"));
        browser.wait_until("the agent's task", || {
            control.snapshot().last_task().is_some()
        });
        // A task that waits is on the screen: nothing that can wait was fetched for it.
        browser.wait_until("a task that was asked for again and again", || {
            asks_for_the_task(&site.requests()) >= 3
        });
        let is_later = |request: &SeenRequest| request.target.contains("/later-");
        assert!(!site.requests().iter().any(is_later));
        browser.wait_until("a running step", || {
            control.pass();
            control.append_log(&[LINE.to_owned()])
        });
        browser.read(LINE);

        let of_the_page = |request: &SeenRequest| !request.target.starts_with("/agents/");
        browser.wait_until("what is fetched later", || {
            site.requests().iter().any(is_later)
        });
        // To its end: a site that goes away before would be complained of in the console.
        let fetched = "return performance.getEntriesByType('resource')
            .some((entry) => entry.name.includes('/later-') && entry.responseEnd > 0)";
        browser.wait_until("all of it", || browser.script(fetched, &[]) == true);
        let requests = site.requests();
        let later = requests.iter().position(is_later).unwrap_or_default();
        let (before, after) = requests.split_at(later);
        let files = before.iter().filter(|request| of_the_page(request));
        println!("\n{:>8} {:>8} {:>8}  fetched", "raw", "gzip", "brotli");
        let sum = table(files.clone(), site.config());
        let count = files.count();
        println!(
            "{:>8} {:>8} {:>8}  in {count} requests until a running task is on the screen",
            sum.raw, sum.gzip, sum.brotli
        );
        println!("The budget is {BUDGET_BYTES} bytes as brotli and {MOST_REQUESTS} requests.");
        println!("Fetched later, for what the end needs:");
        let afterwards: Vec<_> = after
            .iter()
            .filter(|request| of_the_page(request))
            .collect();
        table(afterwards.iter().copied(), site.config());

        assert!(sum.brotli > 0, "nothing was fetched");
        assert!(count <= MOST_REQUESTS, "more than {MOST_REQUESTS} requests");
        assert_eq!(afterwards.len(), 1, "more than one file is fetched later");
        assert!(
            sum.brotli <= BUDGET_BYTES,
            "more than {BUDGET_BYTES} bytes as brotli"
        );
    });
}

/// How often the task itself was asked for.
fn asks_for_the_task(requests: &[SeenRequest]) -> usize {
    let asks = |request: &&SeenRequest| request.target.contains("/api/v1/task/dag/4");
    requests.iter().filter(asks).count()
}

/// Prints what files weigh, and returns their sum.
fn table<'a>(requests: impl Iterator<Item = &'a SeenRequest>, config: &str) -> Weight {
    let mut sum = Weight::default();
    for request in requests {
        let weight = weigh(&request.target, config);
        println!(
            "{:>8} {:>8} {:>8}  {}",
            weight.raw, weight.gzip, weight.brotli, request.target
        );
        sum.raw += weight.raw;
        sum.gzip += weight.gzip;
        sum.brotli += weight.brotli;
    }
    sum
}

/// Bytes of a file, as it is and as it travels.
#[derive(Debug, Default)]
struct Weight {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

fn weigh(target: &str, config: &str) -> Weight {
    if target == "/config.json" {
        let raw = config.len() as u64;
        return Weight {
            raw,
            gzip: raw,
            brotli: raw,
        };
    }
    let name = if target == "/" {
        "index.html"
    } else {
        target.trim_start_matches('/')
    };
    let length = |suffix: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("dist")
            .join(format!("{name}{suffix}"));
        fs::metadata(path).ok().map(|file| file.len())
    };
    let raw = length("").unwrap_or_else(|| panic!("{target} is no file of the page"));
    Weight {
        raw,
        gzip: length(".gz").unwrap_or(raw),
        brotli: length(".br").unwrap_or(raw),
    }
}
