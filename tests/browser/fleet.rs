//! Tests a run over several agents, and compares it with the agents' own records.

use obshell_sim::{Agent, Config, Control, Odp};
use odp_console::obshell::dag::id::DagId;
use serde_json::Value;

use crate::support::{Browser, Look, Role, in_browser};
use crate::walk::{DELETE, PASSWORD, config};

const OTHER_PASSWORD: &str = "quark-Taschen 8802";

/// Records the events of a run that reach the document, and the downloaded files.
const LISTEN: &str = r"
    window.heard = [];
    for (const name of ['odp-run-progress', 'odp-run-finished']) {
        document.addEventListener(name, ({ detail }) => heard.push([name, detail]));
    }
    window.files = {};
    const made = new Map();
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob) => {
        const url = make(blob);
        made.set(url, blob);
        return url;
    };
    HTMLAnchorElement.prototype.click = function () {
        made.get(this.href).text().then((text) => (files[this.download] = text));
    };
";

/// Agents with held engines, on a site that lists them.
pub struct Cluster<'a> {
    browser: &'a Browser,
    /// `None`: the agent has stopped.
    agents: Vec<Option<Agent>>,
    controls: Vec<Control>,
    addresses: Vec<String>,
    site: dev_site::Site,
}

impl<'a> Cluster<'a> {
    pub fn start(browser: &'a Browser, configs: impl IntoIterator<Item = Config>) -> Self {
        browser.secret(PASSWORD);
        browser.secret(OTHER_PASSWORD);
        let agents: Vec<Agent> = configs
            .into_iter()
            .map(|config| browser.agent(config))
            .collect();
        let controls: Vec<_> = agents.iter().map(Agent::control).collect();
        controls.iter().for_each(Control::hold);
        let site = browser.site_for(&agents.iter().collect::<Vec<_>>());
        browser.open(&site);
        Self {
            browser,
            addresses: agents.iter().map(|it| it.addr().to_string()).collect(),
            agents: agents.into_iter().map(Some).collect(),
            controls,
            site,
        }
    }

    pub fn control(&self, agent: usize) -> Control {
        self.controls[agent].clone()
    }

    pub fn address(&self, agent: usize) -> String {
        self.addresses[agent].clone()
    }

    /// Stops an agent's process.
    fn lose(&mut self, agent: usize) {
        let agent = self.agents[agent].take().unwrap();
        self.browser.block_on(agent.end());
    }

    /// The number of DELETEs that reached each agent.
    pub fn deletes(&self) -> Vec<usize> {
        let count = |control: &Control| control.snapshot().count("DELETE", DELETE);
        self.controls.iter().map(count).collect()
    }

    /// Pastes the address of every agent.
    pub fn choose(&self) {
        let browser = self.browser;
        browser.click(Role::Button, "Several agents");
        browser.see(Role::Heading, "Choose agents");
        let addresses = (0..self.agents.len()).map(|agent| self.address(agent));
        let addresses: Vec<_> = addresses.collect();
        browser.fill("More agent addresses", &addresses.join(", "));
    }

    /// Continues to the table of checks, with one password for all.
    pub fn sign_in(&self) {
        let browser = self.browser;
        browser.click(Role::Button, "Continue");
        browser.fill("Agent password", PASSWORD);
        browser.click(Role::Button, "Run pre-flight checks");
        browser.see(Role::Heading, "Pre-flight checks");
        browser.wait_until("all checks", || {
            browser.see(Role::Button, "Review and confirm").is_enabled()
        });
    }

    /// Continues to the confirmation.
    pub fn review(&self) {
        self.browser.click(Role::Button, "Review and confirm");
        self.browser.see(Role::Heading, "Review and confirm");
        assert_eq!(self.deletes().iter().sum::<usize>(), 0);
    }

    /// Confirms a run of this many members.
    pub fn confirm(&self, members: usize) {
        let browser = self.browser;
        browser.fill("To confirm, type", &format!("destroy {members}"));
        browser.click(Role::Button, &format!("Destroy {members} ODPs"));
        browser.see(Role::Heading, "Run");
    }

    /// Starts a run of this many members.
    fn begin(&self, members: usize) {
        self.choose();
        self.sign_in();
        self.review();
        self.confirm(members);
    }

    /// Waits for an agent's task and completes it.
    pub fn run(&self, agent: usize) {
        let control = self.control(agent);
        self.browser.wait_until("the agent's task", || {
            control.snapshot().last_task().is_some()
        });
        assert!(control.step_to_end(), "the task has not ended");
    }

    /// Returns the cells of an agent's row as one text.
    fn row(&self, agent: usize) -> String {
        let script = format!(
            "const rows = [...deep()].filter((e) => e.matches('tr, [role=row]'));
             return rows.find((row) => row.textContent.includes('{}'))?.textContent ?? ''",
            self.address(agent)
        );
        let text = self.browser.script(&script, &[]);
        text.as_str().unwrap_or_default().to_owned()
    }

    pub fn see_in_row(&self, agent: usize, text: &str) {
        self.browser
            .wait_until(&format!("{text:?} in the row of agent {agent}"), || {
                self.row(agent).contains(text)
            });
    }
}

/// Selects the batch size.
pub fn choose_batch(browser: &Browser, size: u8) {
    let batch = browser.see(Role::Combobox, "Batch size");
    batch.script(&format!(
        "arguments[0].value = '{size}';
         arguments[0].dispatchEvent(new Event('change', {{ bubbles: true }}))"
    ));
}

fn unmanaged() -> Config {
    Config {
        odp: Odp::Unmanaged,
        ..config()
    }
}

#[test]
fn a_run_stops_at_the_first_bad_end_goes_on_when_told_and_repairs_what_failed() {
    in_browser(Look::default(), |browser| {
        let other = Config {
            agent_password: Some(OTHER_PASSWORD.to_owned()),
            ..config()
        };
        let cluster = Cluster::start(browser, [config(), config(), config(), unmanaged(), other]);
        cluster.control(1).fail_stage(2, 1);
        cluster.choose();
        cluster.sign_in();
        cluster.see_in_row(3, "manages no ODP");
        cluster.see_in_row(4, "password");
        cluster.review();
        cluster.confirm(3);

        cluster.run(0);
        cluster.see_in_row(0, "Destroyed");
        // One at a time: the third waits while the second runs.
        cluster.run(1);
        cluster.see_in_row(1, "Failed at stage 2");
        browser.see(Role::Button, "Resume");
        assert_eq!(cluster.deletes(), [1, 1, 0, 0, 0]);

        browser.click(Role::Button, "Resume");
        cluster.run(2);
        cluster.see_in_row(2, "Destroyed");
        assert_eq!(cluster.deletes(), [1, 1, 1, 0, 0]);
        let managed = |agent| cluster.control(agent).snapshot().managed_home.is_some();
        assert_eq!([0, 1, 2].map(managed), [false, true, false]);
        browser.see(Role::Heading, "Run ended");
    });
}

/// Runs twelve agents: the fourth manages no ODP, the fifth has another password, the sixth fails
/// at stage 2, and the eighth stops in the middle of its task.
#[test]
fn a_cluster_of_twelve_from_choosing_to_the_evidence() {
    const LEFT_OUT: [usize; 2] = [3, 4];
    const FAILS: usize = 5;
    const LOST: usize = 7;
    in_browser(Look::default(), |browser| {
        let configs = (0..12).map(|agent| match agent {
            3 => unmanaged(),
            4 => Config {
                agent_password: Some(OTHER_PASSWORD.to_owned()),
                ..config()
            },
            _ => config(),
        });
        let mut cluster = Cluster::start(browser, configs);
        browser.expect_in_console("401 (Unauthorized)");
        browser.expect_in_console("502 (Bad Gateway)");
        browser.script(LISTEN, &[]);
        cluster.control(FAILS).fail_stage(2, 1);
        cluster.choose();
        cluster.sign_in();
        cluster.see_in_row(3, "manages no ODP");
        cluster.see_in_row(4, "password");
        cluster.review();
        choose_batch(browser, 4);
        cluster.confirm(10);

        // The first batch: the agents before those that are left out, and the agent that fails.
        for agent in [0, 1, 2] {
            cluster.run(agent);
        }
        cluster.run(FAILS);
        cluster.see_in_row(FAILS, "Failed at stage 2");
        browser.see(Role::Button, "Resume");
        let sent = |agents: &[usize]| {
            let sent = (0..12).map(|agent| usize::from(agents.contains(&agent)));
            sent.collect::<Vec<_>>()
        };
        assert_eq!(cluster.deletes(), sent(&[0, 1, 2, FAILS]));

        // The second batch: one of its agents stops while its task runs.
        browser.click(Role::Button, "Resume");
        browser.wait_until("the task of the one that goes away", || {
            cluster.control(LOST).snapshot().last_task().is_some()
        });
        cluster.control(LOST).pass();
        cluster.see_in_row(LOST, "1/4");
        cluster.lose(LOST);
        for agent in [6, 8, 9] {
            cluster.run(agent);
            cluster.see_in_row(agent, "Destroyed");
        }
        cluster.see_in_row(LOST, "Contact lost");
        assert_eq!(cluster.deletes(), sent(&[0, 1, 2, FAILS, 6, LOST, 8, 9]));
        browser.click(Role::Button, &cluster.address(LOST));
        browser.click(Role::Button, "Stop waiting");
        browser.click(Role::Button, "Back to all agents");
        cluster.see_in_row(LOST, "Outcome unknown");

        // The run has stopped again; then the remaining agents, and the failed one.
        browser.click(Role::Button, "Resume");
        for agent in [10, 11] {
            cluster.run(agent);
        }
        browser.see(Role::Heading, "Run ended");
        browser.click(Role::Button, &format!("Retry: {}", cluster.address(FAILS)));
        let retried = cluster.control(FAILS);
        browser.wait_until("the end of the task that is retried", || {
            retried.step_to_end() && retried.snapshot().managed_home.is_none()
        });
        cluster.see_in_row(FAILS, "Destroyed");
        browser.see(Role::Heading, "Run ended");

        let destroyed = [0, 1, 2, FAILS, 6, 8, 9, 10, 11];
        for agent in 0..12 {
            let kept = cluster.control(agent).snapshot().managed_home.is_some();
            // The result of the agent that stopped is unknown.
            let gone = destroyed.contains(&agent) || agent == 3;
            assert!(agent == LOST || kept != gone, "{agent}");
        }
        let deletes = cluster.deletes();
        let untouched = |agent: &usize| !LEFT_OUT.contains(agent);
        assert_eq!(
            deletes,
            sent(&(0..12).filter(untouched).collect::<Vec<_>>())
        );
        check_evidence(&cluster, &destroyed, LOST);
        check_events(browser);
    });
}

/// Compares the evidence files with the agents' records.
fn check_evidence(cluster: &Cluster<'_>, destroyed: &[usize], lost: usize) {
    let browser = cluster.browser;
    browser.click(Role::Button, "Evidence");
    for form in ["JSON", "CSV", "Markdown"] {
        browser.click(Role::Button, &format!("Download {form}"));
    }
    let file = |extension: &str| {
        let name = format!("odp-run-12-agents.{extension}");
        let text = browser.wait_for(&name, || {
            let text = browser.script("return files[arguments[0]]", &[name.clone().into()]);
            text.as_str().map(str::to_owned)
        });
        assert!(!text.contains(PASSWORD) && !text.contains(OTHER_PASSWORD));
        text
    };
    let json: Value = serde_json::from_str(&file("json")).unwrap();
    let (csv, markdown) = (file("csv"), file("md"));
    assert_eq!(json["counts"]["destroyed"], destroyed.len());
    assert_eq!(json["counts"]["left_out"], 2);
    assert_eq!(json["counts"]["not_destroyed"], 1);
    assert!(
        markdown.starts_with("## Destroyed 9 of 12 ODPs"),
        "{markdown}"
    );
    let deletes = cluster.deletes();
    for (agent, member) in json["members"].as_array().unwrap().iter().enumerate() {
        let address = cluster.address(agent);
        assert_eq!(member["agent"], address);
        assert_eq!(usize::from(!member["delete"].is_null()), deletes[agent]);
        let trace = member["delete"]["trace_id"].as_str().unwrap_or_default();
        let outcome = match agent {
            _ if destroyed.contains(&agent) => "Destroyed",
            _ if agent == lost => "Outcome unknown",
            _ => "Left out",
        };
        let ending = (outcome == "Destroyed").then_some("destroyed");
        assert_eq!(member["ending"].as_str(), ending, "{member}");
        // The task belongs to the agent: its id contains the agent's address and ends in the task's
        // number.
        let tasks = cluster.control(agent).snapshot().tasks;
        let task = tasks
            .iter()
            .rev()
            .find(|task| task.name == "Delete obproxy");
        let id = member["task"].as_str();
        assert_eq!(id.is_some(), task.is_some(), "{member}");
        if let (Some(id), Some(task)) = (id, task) {
            let owner = DagId::parse(id).unwrap().owner().unwrap();
            assert_eq!(owner.to_string(), address);
            assert!(id.ends_with(&task.id.to_string()), "{id}: {}", task.id);
            assert!(!trace.is_empty(), "{member}");
        }
        for (text, separator) in [(&csv, ","), (&markdown, " | ")] {
            let line = text.lines().find(|line| line.contains(&address)).unwrap();
            assert!(line.contains(outcome), "{separator}: {line}");
            assert!(line.contains(trace) && line.contains(id.unwrap_or_default()));
        }
    }
    assert_eq!(csv.lines().count(), 13, "{csv}");
}

/// Checks that a host gets an event for each change, in order, and for each end, without a secret.
fn check_events(browser: &Browser) {
    let heard = browser.script("return heard", &[]);
    let told = heard.to_string();
    assert!(!told.contains(PASSWORD) && !told.contains(OTHER_PASSWORD));
    let heard = heard.as_array().unwrap();
    let finished: Vec<_> = (0..heard.len())
        .filter(|at| heard[*at][0] == "odp-run-finished")
        .collect();
    // At the end, and again after the retry.
    assert_eq!(finished.len(), 2, "{finished:?}");
    assert_eq!(finished.last(), Some(&(heard.len() - 1)));
    let count = |at: usize, what: &str| heard[at][1]["counts"][what].as_u64().unwrap();
    assert_eq!(
        finished
            .iter()
            .map(|at| count(*at, "destroyed"))
            .collect::<Vec<_>>(),
        [8, 9]
    );
    for (at, event) in heard.iter().enumerate() {
        let phase = if finished.contains(&at) { "end" } else { "run" };
        assert_eq!(event[1]["phase"], phase);
        assert_eq!(event[1]["members"].as_array().unwrap().len(), 12);
        assert!(count(at, "under_way") <= 4);
        assert!(at == 0 || count(at, "destroyed") >= count(at - 1, "destroyed"));
    }
    // Events for the start and the end of each of the ten agents, but not for each line of a log.
    assert!((20..150).contains(&heard.len()), "{}", heard.len());
}

#[test]
fn pause_sends_nothing_more_and_lets_what_runs_go_on() {
    in_browser(Look::default(), |browser| {
        let cluster = Cluster::start(browser, [config(), config(), config()]);
        cluster.begin(3);
        browser.wait_until("the first task", || {
            cluster.control(0).snapshot().last_task().is_some()
        });
        browser.click(Role::Button, "Pause");
        cluster.run(0);
        cluster.see_in_row(0, "Destroyed");
        browser.see(Role::Button, "Resume");
        assert_eq!(cluster.deletes(), [1, 0, 0]);
        browser.click(Role::Button, "Resume");
        cluster.run(1);
        cluster.run(2);
        browser.see(Role::Heading, "Run ended");
        assert_eq!(cluster.deletes(), [1, 1, 1]);
        // Every row matches its agent.
        for agent in 0..3 {
            cluster.see_in_row(agent, "Destroyed");
        }
    });
}

#[test]
fn a_reload_in_the_middle_sends_nothing_and_keeps_the_run() {
    in_browser(Look::default(), |browser| {
        let cluster = Cluster::start(browser, [config(), config(), config()]);
        cluster.begin(3);
        browser.wait_until("the first task", || {
            cluster.control(0).snapshot().last_task().is_some()
        });
        browser.reload();
        browser.read("A run was restored after this page was reloaded.");
        let stored = browser.script("return JSON.stringify({ ...sessionStorage })", &[]);
        assert!(!stored.as_str().unwrap().contains(PASSWORD));
        cluster.run(0);
        browser.fill("Agent password", PASSWORD);
        browser.click(Role::Button, "Run pre-flight checks");
        cluster.see_in_row(0, "Destroyed");
        assert_eq!(cluster.deletes(), [1, 0, 0]);
        // DELETEs that were not sent wait for a new confirmation.
        let requests = cluster.site.requests();
        let deletes = requests.iter().filter(|request| request.method == "DELETE");
        assert_eq!(deletes.count(), 1);
    });
}

#[test]
fn addresses_that_cannot_be_used_are_named_by_line_and_the_others_kept() {
    in_browser(Look::default(), |browser| {
        let cluster = Cluster::start(browser, [config(), config()]);
        browser.click(Role::Button, "Several agents");
        let (one, two) = (cluster.address(0), cluster.address(1));
        let pasted = format!("{one}\n10.0.0.1\n{one}\n{two}");
        browser.fill("More agent addresses", &pasted);
        browser.read("10.0.0.1");
        browser.click(Role::Button, "Continue");
        browser.see(Role::Heading, "Choose agents");
        let kept = browser.value("More agent addresses");
        assert_eq!(Value::from(kept), Value::from(pasted));
        assert_eq!(cluster.deletes(), [0, 0]);
    });
}
