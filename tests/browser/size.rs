//! What a browser fetches until a running task is on the screen: listed, weighed and limited.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use obshell_sim::Config;

use crate::support::{Look, Role, in_browser};

/// The budget: the most that the page's files are meant to weigh as brotli, in bytes.
/// `cargo xtask size` fails above it.
const BUDGET_BYTES: u64 = 130_000;
/// The page is not there yet. Until it is, no change may make it heavier than this, in bytes; a
/// change that makes it lighter lowers this number. It goes when the budget is kept.
const MOST_BYTES_SO_FAR: u64 = 195_000;
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
        browser.wait_until("a running step", || {
            control.pass();
            control.append_log(&[LINE.to_owned()])
        });
        browser.read(LINE);

        let mut files = BTreeMap::new();
        let mut calls = BTreeMap::new();
        for request in site.requests() {
            let kind = if request.target.starts_with("/agents/") {
                &mut calls
            } else {
                &mut files
            };
            *kind.entry(request.target).or_insert(0_usize) += 1;
        }
        let mut sum = Weight::default();
        println!("\n{:>8} {:>8} {:>8}  fetched", "raw", "gzip", "brotli");
        for target in files.keys() {
            let weight = weigh(target, &site.config());
            println!(
                "{:>8} {:>8} {:>8}  {target}",
                weight.raw, weight.gzip, weight.brotli
            );
            sum.raw += weight.raw;
            sum.gzip += weight.gzip;
            sum.brotli += weight.brotli;
        }
        let requests: usize = files.values().sum();
        println!(
            "{:>8} {:>8} {:>8}  in {requests} requests",
            sum.raw, sum.gzip, sum.brotli
        );
        println!("Calls of the agent: {}", calls.values().sum::<usize>());

        assert!(sum.brotli > 0 && requests > 0, "nothing was fetched");
        assert!(
            requests <= MOST_REQUESTS,
            "more than {MOST_REQUESTS} requests"
        );
        println!("The budget is {BUDGET_BYTES} bytes as brotli.");
        let most = if std::env::var_os("ODP_CONSOLE_BUDGET").is_some() {
            BUDGET_BYTES
        } else {
            MOST_BYTES_SO_FAR
        };
        assert!(sum.brotli <= most, "more than {most} bytes as brotli");
    });
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
