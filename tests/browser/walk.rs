//! A person's way through the page, in shared steps.

use dev_site::Site;
use obshell_sim::{Agent, Config, Control, Matching};

use crate::support::{Browser, Role};

/// A unique text, so that any leak of it is found.
pub const PASSWORD: &str = "zwiebel-Kuchen 7391 密码";

/// The new password.
const CHANGED_PASSWORD: &str = "mohn-Strudel 5172";

/// The path that a DELETE destroys.
pub const DELETE: &str = "/api/v1/obproxy";

/// An agent with a password and a managed, running ODP.
pub fn config() -> Config {
    Config {
        agent_password: Some(PASSWORD.to_owned()),
        ..Config::default()
    }
}

/// An open page in front of an agent with a held task engine.
pub struct Walk<'a> {
    pub browser: &'a Browser,
    pub agent: Agent,
    pub control: Control,
    pub address: String,
    site: Site,
}

impl<'a> Walk<'a> {
    /// Opens the page of a site that lists one agent.
    pub fn start(browser: &'a Browser, config: Config) -> Self {
        Self::start_among(browser, config, &[])
    }

    /// As [`Walk::start`], with further agents in the site's list, so that the page preselects
    /// none.
    pub fn start_among(browser: &'a Browser, config: Config, others: &[&Agent]) -> Self {
        Self::start_at(browser, config, others, Site::url)
    }

    /// As [`Walk::start`], with another URL of the site, such as a gateway's.
    pub fn start_behind(
        browser: &'a Browser,
        config: Config,
        url: impl FnOnce(&Site) -> String,
    ) -> Self {
        Self::start_at(browser, config, &[], url)
    }

    fn start_at(
        browser: &'a Browser,
        config: Config,
        others: &[&Agent],
        url: impl FnOnce(&Site) -> String,
    ) -> Self {
        browser.secret(PASSWORD);
        let agent = browser.agent(config);
        let control = agent.control();
        control.hold();
        let site = browser.site_for(&[&[&agent], others].concat());
        browser.open_url(&url(&site));
        Self {
            browser,
            address: agent.addr().to_string(),
            agent,
            control,
            site,
        }
    }

    /// Opens the page in another window, at its first screen.
    pub fn another_window(&self) {
        self.browser.open_window(&self.site);
    }

    /// Types this password and presses "Connect".
    pub fn connect_with(&self, password: &str) {
        self.browser.fill("Agent address", &self.address);
        self.browser.fill("Agent password", password);
        self.browser.click(Role::Button, "Connect");
    }

    /// Connects, and waits for a review that allows the destroy.
    pub fn connect(&self) {
        self.connect_with(PASSWORD);
        self.browser
            .see(Role::Textbox, "To confirm, type the agent address");
    }

    /// Connects and types the address; does not press the danger button.
    pub fn review(&self) {
        self.connect();
        self.type_address();
    }

    /// Types the address to confirm.
    pub fn type_address(&self) {
        self.browser
            .fill("To confirm, type the agent address", &self.address);
    }

    /// Presses the danger button once.
    pub fn confirm(&self) {
        self.browser
            .click(Role::Button, &format!("Destroy ODP on {}", self.address));
    }

    /// Presses the danger button, and changes the agent password while the DELETE is in transit.
    pub fn confirm_as_the_password_changes(&self) {
        self.control.hold_requests(Matching::new("DELETE", DELETE));
        self.confirm();
        self.browser.wait_until("the DELETE on its way", || {
            self.control.snapshot().on_the_way("DELETE", DELETE) == 1
        });
        self.browser.secret(CHANGED_PASSWORD);
        self.control.set_password(Some(CHANGED_PASSWORD));
        self.control.let_through();
        // The agent's tasks are read with the new password before an ending is shown.
        self.browser.fill("Agent password", CHANGED_PASSWORD);
        self.browser.click(Role::Button, "Sign in");
    }

    /// Continues to a task that the agent has accepted but not started.
    pub fn destroy(&self) {
        self.review();
        self.confirm();
        self.browser.wait_until("the agent's task", || {
            self.control.snapshot().last_task().is_some()
        });
    }

    /// Runs the agent and waits for the ending.
    pub fn finish(&self, ending: &str) {
        assert!(self.control.step_to_end(), "the task has not ended");
        self.browser.see(Role::Heading, ending);
    }

    /// The number of DELETEs that reached the agent.
    pub fn deletes(&self) -> usize {
        self.control.snapshot().count("DELETE", DELETE)
    }

    /// The number of DELETEs that left the page.
    pub fn sent_deletes(&self) -> usize {
        let requests = self.site.requests();
        let deletes = requests.iter().filter(|request| request.method == "DELETE");
        deletes.count()
    }
}
