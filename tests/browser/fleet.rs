//! A run over several agents, as a person does it, and what the agents say that was done.

use obshell_sim::{Agent, Config, Control, Odp};
use serde_json::Value;

use crate::support::{Browser, Look, Role, in_browser};
use crate::walk::{DELETE, PASSWORD, config};

const OTHER_PASSWORD: &str = "quark-Taschen 8802";

/// Agents with their engines held, on a site that lists them.
pub struct Cluster<'a> {
    browser: &'a Browser,
    agents: Vec<Agent>,
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
        for agent in &agents {
            agent.control().hold();
        }
        let site = browser.site_for(&agents.iter().collect::<Vec<_>>());
        browser.open(&site);
        Self {
            browser,
            agents,
            site,
        }
    }

    pub fn control(&self, agent: usize) -> Control {
        self.agents[agent].control()
    }

    pub fn address(&self, agent: usize) -> String {
        self.agents[agent].addr().to_string()
    }

    /// How many DELETEs reached each agent.
    pub fn deletes(&self) -> Vec<usize> {
        let count = |agent: &Agent| agent.control().snapshot().count("DELETE", DELETE);
        self.agents.iter().map(count).collect()
    }

    /// Gives every agent by its address.
    pub fn choose(&self) {
        let browser = self.browser;
        browser.click(Role::Button, "Several agents");
        browser.see(Role::Heading, "Choose agents");
        let addresses = (0..self.agents.len()).map(|agent| self.address(agent));
        let addresses: Vec<_> = addresses.collect();
        browser.fill("More agent addresses", &addresses.join(", "));
    }

    /// Up to the table of checks, with one password for all.
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

    /// Up to the confirmation.
    pub fn review(&self) {
        self.browser.click(Role::Button, "Review and confirm");
        self.browser.see(Role::Heading, "Review and confirm");
        assert_eq!(self.deletes().iter().sum::<usize>(), 0);
    }

    /// Confirms a run of so many members.
    pub fn confirm(&self, members: usize) {
        let browser = self.browser;
        browser.fill("To confirm, type", &format!("destroy {members}"));
        browser.click(Role::Button, &format!("Destroy {members} ODPs"));
        browser.see(Role::Heading, "Run");
    }

    /// The whole way to a run of so many members.
    fn begin(&self, members: usize) {
        self.choose();
        self.sign_in();
        self.review();
        self.confirm(members);
    }

    /// Waits for an agent's task and lets it run to its end.
    pub fn run(&self, agent: usize) {
        let control = self.control(agent);
        self.browser.wait_until("the agent's task", || {
            control.snapshot().last_task().is_some()
        });
        assert!(control.step_to_end(), "the task has not ended");
    }

    /// The cells of an agent's row, in one text.
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
        // Every row tells the truth of its agent.
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
        // What had not been sent waits for a confirmation of its own.
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
