//! The console in other people's pages: `cargo xtask test` builds them from npm packages and from
//! the packed package (`tests/hosts`). Their examples are those of the README.

use std::path::{Path, PathBuf};

use obshell_sim::site::{Site, SiteSetup};
use obshell_sim::{Agent, Matching};
use odp_console::flow::event::Language;
use odp_console::text::labels::Label;
use serde_json::{Value, json};

use crate::support::{Browser, Engine, Look, Role, in_browser};
use crate::walk::{DELETE, PASSWORD, config};

/// Speaks to the console with this number on the page, counted from 0, where names alone do not tell
/// which is meant.
const ONE_OF_MANY: &str = r"
    const root = document.querySelectorAll('odp-console')[arguments[0]].shadowRoot;
    // The module is still being loaded.
    if (!root?.firstElementChild) return false;
    const named = (kind, name) => [...root.querySelectorAll(kind)].find((it) => it.textContent.trim() === name);
    const [, act, name, text] = arguments;
    if (act === 'text') return root.firstElementChild.innerText;
    const it = named(act === 'fill' ? 'label' : 'button', name);
    if (!it || it.getAttribute('aria-disabled') === 'true') return false;
    if (act === 'click') return it.click(), true;
    const field = root.getElementById(it.htmlFor);
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
    return true;
";

/// Keeps every event of the package that reaches the document.
const LISTEN: &str = r"
    window.heard = [];
    for (const name of ['odp-auth-required', 'odp-submitted', 'odp-progress', 'odp-finished', 'odp-error']) {
        document.addEventListener(name, ({ detail }) => window.heard.push([name, detail]));
    }
";

fn host(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts/dist");
    let folder = folder.join(name);
    assert!(
        folder.join("index.html").is_file(),
        "{} is not built: `cargo xtask test` does",
        folder.display()
    );
    folder
}

/// Opens a host page in front of so many agents.
fn open(browser: &Browser, name: &str, agents: usize) -> (Site, Vec<Agent>) {
    browser.secret(PASSWORD);
    let agents: Vec<_> = (0..agents).map(|_| browser.agent(config())).collect();
    let addresses: Vec<_> = agents
        .iter()
        .map(|agent| agent.addr().to_string())
        .collect();
    let listed = addresses.iter().map(String::as_str);
    let site = browser.site_in(&host(name), SiteSetup::with_agents(listed));
    for agent in &agents {
        agent.control().hold();
    }
    browser.open(&site);
    browser.script(LISTEN, &[]);
    (site, agents)
}

fn deletes(agent: &Agent) -> usize {
    agent.control().snapshot().count("DELETE", DELETE)
}

/// The events heard so far, of one agent.
fn heard(browser: &Browser, agent: &str) -> Vec<String> {
    let heard = browser.script("return window.heard", &[]);
    let of = |detail: &Value| {
        let told = &detail["agent"];
        told == agent || told["address"] == agent
    };
    let all = heard.as_array().unwrap().iter();
    let told = all.filter(|event| of(&event[1]));
    told.map(|event| event[0].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn three_consoles_on_three_agents_in_plain_html() {
    in_browser(Look::default(), |browser| {
        let (_site, agents) = open(browser, "element", 3);
        let addresses: Vec<_> = agents
            .iter()
            .map(|agent| agent.addr().to_string())
            .collect();
        let does = |n: usize, act: &str, name: &str, text: &str| {
            browser.wait_until(&format!("{act} {name} in console {n}"), || {
                browser.script(
                    ONE_OF_MANY,
                    &[json!(n), json!(act), json!(name), json!(text)],
                ) == true
            });
        };
        let reads = |n: usize, wanted: &str| {
            browser.wait_until(&format!("{wanted} in console {n}"), || {
                let text = browser.script(ONE_OF_MANY, &[json!(n), json!("text")]);
                text.as_str().is_some_and(|text| text.contains(wanted))
            });
        };
        for (n, language) in [
            (0, Language::English),
            (1, Language::Chinese),
            (2, Language::English),
        ] {
            does(n, "fill", Label::AgentPassword.get(language), PASSWORD);
            does(n, "click", Label::Connect.get(language), "");
        }
        reads(2, Label::ReadOnly.get(Language::English));
        for (n, language) in [(0, Language::English), (1, Language::Chinese)] {
            does(n, "click", Label::Review.get(language), "");
            does(n, "fill", Label::TypeToConfirm.get(language), &addresses[n]);
        }
        does(0, "click", &format!("Destroy ODP on {}", addresses[0]), "");
        let chinese = format!("销毁 {} 上的 ODP", addresses[1]);
        does(1, "click", &chinese, "");
        for (n, ending) in [(1, "已销毁"), (0, "Destroyed")] {
            browser.wait_until("the task", || {
                agents[n].control().snapshot().last_task().is_some()
            });
            assert!(agents[n].control().step_to_end());
            reads(n, ending);
        }
        assert_eq!([0, 1, 2].map(|n: usize| deletes(&agents[n])), [1, 1, 0]);
        for address in &addresses[..2] {
            let heard = heard(browser, address);
            assert_eq!(heard.first().map(String::as_str), Some("odp-submitted"));
            assert_eq!(heard.last().map(String::as_str), Some("odp-finished"));
            assert!(heard.iter().any(|name| name == "odp-progress"), "{heard:?}");
        }
        assert_eq!(heard(browser, &addresses[2]), Vec::<String>::new());
    });
}

/// From the host's password to a task that waits.
fn destroy_in_react(browser: &Browser, agent: &Agent) {
    let address = agent.addr().to_string();
    browser.fill("Host's password", PASSWORD);
    browser.click(Role::Button, "Connect");
    browser.click(Role::Button, "Review");
    browser.fill("Type the agent address to confirm", &address);
    browser.click(Role::Button, &format!("Destroy ODP on {address}"));
}

fn in_react(version: &str) {
    in_browser(Look::default(), |browser| {
        let (_site, agents) = open(browser, &format!("react-{version}"), 1);
        let agent = &agents[0];
        let control = agent.control();
        // A host's theme and language are followed, and back.
        browser.see(Role::Heading, "Connect to an agent");
        browser.click(Role::Button, "Locale");
        browser.see(Role::Heading, "连接 agent");
        browser.click(Role::Button, "Locale");
        browser.see(Role::Heading, "Connect to an agent");
        let ground = "const inside = document.querySelector('#app div').shadowRoot ?? [...deep()].find((it) => it.shadowRoot).shadowRoot;
            const panel = inside.querySelector('.panel');
            const { backgroundColor, fontSize, color, letterSpacing } = getComputedStyle(panel);
            return { backgroundColor, fontSize, color, letterSpacing }";
        let light = browser.script(ground, &[]);
        browser.click(Role::Button, "Theme");
        browser.wait_until("the dark theme", || {
            browser.script(ground, &[])["backgroundColor"] != light["backgroundColor"]
        });
        browser.click(Role::Button, "Theme");
        browser.wait_until("the light theme", || browser.script(ground, &[]) == light);
        // The host's rules stay outside.
        assert_eq!(light["letterSpacing"], "normal", "{light}");
        assert_ne!(light["color"], "rgb(255, 0, 255)", "{light}");
        assert_ne!(light["fontSize"], "40px", "{light}");

        destroy_in_react(browser, agent);
        browser.wait_until("the task", || control.snapshot().last_task().is_some());
        assert!(control.step_to_end());
        browser.see(Role::Heading, "Destroyed");
        browser.wait_until("the host's own word for it", || {
            browser.script("return document.querySelector('output').textContent", &[])
                == "destroyed"
        });
        assert_eq!(deletes(agent), 1);
        let heard = heard(browser, &agent.addr().to_string());
        assert_eq!(heard.first().map(String::as_str), Some("odp-submitted"));
        assert_eq!(heard.last().map(String::as_str), Some("odp-finished"));
    });
}

#[test]
fn in_react_17() {
    in_react("17");
}

#[test]
fn in_react_18() {
    in_react("18");
}

#[test]
fn in_react_19() {
    in_react("19");
}

/// Takes the console away, or puts it back, `times` times. By script alone: a driver keeps every
/// element that it has ever seen, and what is kept would be counted.
const TAKE_AWAY: &str = r"
    const [done, times] = [arguments[arguments.length - 1], arguments[0]];
    const button = (name) => [...document.querySelectorAll('button')].find((it) => it.textContent === name);
    const until = async (so) => { while (!so()) await new Promise((again) => setTimeout(again, 5)); };
    const shown = () => [...document.querySelectorAll('#app div')]
        .some((it) => it.shadowRoot?.textContent.includes('The agent has answered.'));
    (async () => {
        for (let n = 0; n < times; n += 1) {
            button('Put back').click();
            await until(shown);
            button('Take away').click();
            await until(() => button('Put back') && !shown());
        }
        done(document.querySelectorAll('#app *').length);
    })();
";

#[test]
fn a_console_that_is_taken_away_ten_times_leaves_nothing() {
    if !Engine::Chromium.or_leave_out("it counts DOM nodes by the DevTools protocol") {
        return;
    }
    in_browser(Look::default(), |browser| {
        let (site, _agents) = open(browser, "react-18", 1);
        browser.see(Role::Heading, "Connect to an agent");
        browser.click(Role::Button, "Take away");
        browser.miss(Role::Heading, "Connect to an agent");
        let left = |times: u32| {
            // The heading, the label, the field and the button of the host.
            assert_eq!(browser.wait_for_script(TAKE_AWAY, &[json!(times)]), 4);
            for _ in 0..2 {
                browser.devtools("HeapProfiler.collectGarbage", json!({}));
            }
            let counters = browser.devtools("Memory.getDOMCounters", json!({}));
            ["nodes", "jsEventListeners"].map(|name| counters[name].as_i64().unwrap())
        };
        // The first turns make what stays: React's and the browser's own.
        left(3);
        let before = left(1);
        let after = left(10);
        assert_eq!(before[1], after[1], "listeners");
        // Less than one a turn: a node or two come and go with the browser's own doings.
        assert!(after[0] < before[0] + 5, "nodes: {before:?} {after:?}");
        // Nothing is asked any more.
        let asked = site.requests().len();
        let fetched = "fetch('config.json').then(arguments[arguments.length - 1].bind(null, 1))";
        browser.wait_for_script(fetched, &[]);
        assert_eq!(site.requests().len(), asked + 1);
    });
}

#[test]
fn a_module_that_stopped_does_not_look_alive() {
    in_browser(Look::default(), |browser| {
        let (_site, _agents) = open(browser, "react-18", 1);
        browser.see(Role::Heading, "Connect to an agent");
        // Another module's trap is that one's affair.
        let trap = "const error = new WebAssembly.RuntimeError('unreachable');
            error.stack = arguments[0];
            dispatchEvent(new ErrorEvent('error', { error }))";
        browser.script(trap, &[json!("at https://elsewhere.example/other.wasm")]);
        assert!(!browser.text().contains("no longer live"));
        let ours = "return performance.getEntriesByType('resource').map(({ name }) => name).find((name) => name.endsWith('.wasm'))";
        let ours = browser.script(ours, &[]);
        browser.script(trap, &[json!(format!("at {}", ours.as_str().unwrap()))]);
        browser.read("What stands below is no longer live");
        browser.wait_until("the host is told", || {
            browser.script(
                "return window.heard.map(([name, detail]) => name + ' ' + detail.kind)",
                &[],
            ) == json!(["odp-error fault"])
        });
        // It can be taken away all the same.
        browser.click(Role::Button, "Take away");
        browser.miss(Role::Heading, "Connect to an agent");
        assert!(!browser.text().contains("no longer live"));
    });
}

#[test]
fn a_delete_under_way_arrives_once_though_its_console_is_taken_away() {
    in_browser(Look::default(), |browser| {
        let (_site, agents) = open(browser, "react-19", 1);
        let agent = &agents[0];
        let control = agent.control();
        browser.see(Role::Heading, "Connect to an agent");
        control.hold_requests(Matching::new("DELETE", DELETE));
        destroy_in_react(browser, agent);
        browser.wait_until("the DELETE on its way", || {
            control.snapshot().on_the_way("DELETE", DELETE) == 1
        });
        browser.click(Role::Button, "Take away");
        browser.wait_until("an empty place", || {
            browser.script("return document.querySelectorAll('#app *').length", &[]) == 4
        });
        control.let_through();
        browser.wait_until("the agent's task", || {
            control.snapshot().last_task().is_some()
        });
        assert_eq!(deletes(agent), 1);
        assert_eq!(control.snapshot().count("DELETE", DELETE), 1);
        // The host was told before.
        assert_eq!(heard(browser, &agent.addr().to_string()), ["odp-submitted"]);
    });
}

#[test]
fn a_host_with_a_screen_of_its_own() {
    in_browser(Look::default(), |browser| {
        let (_site, agents) = open(browser, "headless", 1);
        let control = agents[0].control();
        // What cannot be done is told, and nothing is sent.
        browser.fill("Password", "not the password");
        browser.expect_in_console("401 (Unauthorized)");
        browser.click(Role::Button, "Destroy it");
        browser.read("OdpError credential: ");
        assert_eq!(deletes(&agents[0]), 0);
        browser.fill("Password", PASSWORD);
        browser.click(Role::Button, "Destroy it");
        browser.wait_until("the task", || control.snapshot().last_task().is_some());
        assert!(control.step_to_end());
        browser.read("The end: destroyed");
        browser.read("Delete obproxy: stage 4, SUCCEED");
        assert_eq!(deletes(&agents[0]), 1);
    });
}
