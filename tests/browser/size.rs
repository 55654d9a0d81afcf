//! Measures the bytes that a browser downloads until it shows a running task, and limits them.

use std::fs;
use std::path::Path;

use dev_site::{SeenRequest, Site, SiteSetup};
use obshell_sim::{Agent, Config};

use crate::hosts::{ELEMENT, VITE};
use crate::support::{Browser, Look, Role, dist, in_browser};

/// The limit for the page's files, compressed with Brotli, in bytes.
const BUDGET_BYTES: u64 = 525_000;
/// The limit for the number of requests for files of the page.
const MOST_REQUESTS: usize = 6;

const PASSWORD: &str = "weighed and found light";
/// A line of the running step's log, which proves that the running task is shown.
const LINE: &str = "this line is written by a running step";

#[test]
fn the_way_to_a_running_task_is_light() {
    in_browser(Look::default(), |browser| {
        let (site, _agent) = walk_to_a_running_task(browser, 1);
        let requests = site.requests();
        println!("\nThe page:");
        let weigh = |request: &SeenRequest| weigh(&dist(), &request.target, site.config());
        let files: Vec<_> = requests.iter().filter(of_the_page).collect();
        holds(&files, weigh);
    });
}

/// The plain HTML page of the README, as a host builds it. Its own HTML, icon and list of agents
/// count as requests, but not as bytes, because any page has them.
#[test]
fn the_element_is_light_in_a_page_of_somebody_else() {
    in_browser(Look::default(), |browser| {
        VITE.house(browser);
        let (site, _agent) = walk_to_a_running_task(browser, 3);
        let requests = site.requests();
        println!("\nThe element, with what Vite adds, in a page of somebody else's:");
        let files: Vec<_> = requests.iter().filter(of_the_page).collect();
        holds(&files, |request| {
            let ours = [".js", ".wasm"]
                .iter()
                .any(|end| request.target.ends_with(end));
            if ours {
                weigh(&VITE.folder(), &request.target, site.config())
            } else {
                Weight::default()
            }
        });
    });
}

/// The React component, without its imports: React, and the package's other modules.
#[test]
fn the_react_component_is_light() {
    let packed = ELEMENT.folder().join("../weighed/react.js.br");
    let bytes = fs::metadata(packed).unwrap().len();
    println!("\nThe component for React adds {bytes} bytes as brotli.");
    assert!((100..2_000).contains(&bytes));
}

/// Prints the downloads and checks them against the budget.
fn holds(files: &[&SeenRequest], weigh: impl Fn(&SeenRequest) -> Weight) {
    println!("{:>8} {:>8} {:>8}  fetched", "raw", "gzip", "brotli");
    let sum = table(files, weigh);
    let count = files.len();
    println!(
        "{:>8} {:>8} {:>8}  in {count} requests until a running task is on the screen",
        sum.raw, sum.gzip, sum.brotli
    );
    println!("The budget is {BUDGET_BYTES} bytes as brotli and {MOST_REQUESTS} requests.");
    assert!(sum.brotli > 0, "nothing was fetched");
    assert!(count <= MOST_REQUESTS, "more than {MOST_REQUESTS} requests");
    assert!(
        sum.brotli <= BUDGET_BYTES,
        "more than {BUDGET_BYTES} bytes as brotli"
    );
}

fn of_the_page(request: &&SeenRequest) -> bool {
    !request.target.starts_with("/agents/")
}

/// Goes from the empty page to a running task. Of several consoles, only the first is used.
fn walk_to_a_running_task(browser: &Browser, consoles: usize) -> (Site, Agent) {
    let agent_password = Some(PASSWORD.to_owned());
    let agent = browser.agent(Config {
        agent_password,
        ..Config::default()
    });
    let address = agent.addr().to_string();
    let control = agent.control();
    control.hold();
    let site = browser.site(SiteSetup::with_agents(vec![address.as_str(); consoles]));

    browser.open(&site);
    let others =
        "[...document.querySelectorAll('odp-console')].slice(1).forEach((it) => it.remove())";
    browser.script(others, &[]);
    browser.fill("Agent address", &address);
    browser.fill("Agent password", PASSWORD);
    browser.click(Role::Button, "Connect");
    browser.fill("To confirm, type the agent address", &address);
    browser.click(Role::Button, &format!("Destroy ODP on {address}"));
    browser.wait_until("the agent's task", || {
        control.snapshot().last_task().is_some()
    });
    browser.wait_until("a running step", || {
        control.pass();
        control.append_log(&[LINE.to_owned()])
    });
    browser.read(LINE);
    (site, agent)
}

/// Prints the sizes of files and returns their sum.
fn table(requests: &[&SeenRequest], weigh: impl Fn(&SeenRequest) -> Weight) -> Weight {
    let mut sum = Weight::default();
    for request in requests {
        let weight = weigh(request);
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

/// The sizes of a file in bytes, uncompressed and compressed.
#[derive(Debug, Default)]
struct Weight {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

fn weigh(folder: &Path, target: &str, config: &str) -> Weight {
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
        let path = folder.join(format!("{name}{suffix}"));
        fs::metadata(path).ok().map(|file| file.len())
    };
    let raw = length("").unwrap_or_else(|| panic!("{target} is no file of the page"));
    Weight {
        raw,
        gzip: length(".gz").unwrap_or(raw),
        brotli: length(".br").unwrap_or(raw),
    }
}
