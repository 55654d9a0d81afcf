//! What a browser fetches until a running task is on the screen: listed, weighed and limited.

use std::fs;
use std::path::Path;

use dev_site::{SeenRequest, Site, SiteSetup};
use obshell_sim::{Agent, Config};

use crate::hosts::{ELEMENT, VITE};
use crate::support::{Browser, Look, Role, dist, in_browser};

/// The most that the page's files may weigh as brotli, in bytes.
const BUDGET_BYTES: u64 = 525_000;
/// The most requests for files of the page.
const MOST_REQUESTS: usize = 6;

const PASSWORD: &str = "weighed and found light";
/// A line of the running step's log: who sees it sees the running task.
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

/// The README's page in plain HTML, as a host builds it: its own HTML, icon and list of agents do not
/// weigh, as a page has those anyway, but they are requests.
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

/// The component for React, without what it imports: React, and what the element is made of.
#[test]
fn the_react_component_is_light() {
    let packed = ELEMENT.folder().join("../weighed/react.js.br");
    let bytes = fs::metadata(packed).unwrap().len();
    println!("\nThe component for React adds {bytes} bytes as brotli.");
    assert!((100..2_000).contains(&bytes));
}

/// Prints what is fetched, and holds it against the budget.
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

/// From the empty page to a running task. Of several
/// consoles, the first goes there alone.
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

/// Prints what files weigh, and returns their sum.
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

/// Bytes of a file, as it is and as it travels.
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
