//! A person's way through the page, in steps that tests share.

use dev_site::Site;
use obshell_sim::{Agent, Config, Control, Matching};

use crate::support::{Browser, Role};

/// Unlike anything else on the page, so that it is found wherever it leaks to.
pub const PASSWORD: &str = "zwiebel-Kuchen 7391 密码";

/// What the password is changed to.
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

/// A page in front of an agent whose task engine is held.
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

    /// The same where the site lists others, too, so that the page chooses none.
    pub fn start_among(browser: &'a Browser, config: Config, others: &[&Agent]) -> Self {
        Self::start_at(browser, config, others, Site::url)
    }

    /// The same where the browser reaches the site at another URL, such as a gateway's.
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

    /// Opens the page in a further window, where the way begins anew.
    pub fn another_window(&self) {
        self.browser.open_window(&self.site);
    }

    /// Presses "Connect" with this password.
    pub fn connect_with(&self, password: &str) {
        self.browser.fill("Agent address", &self.address);
        self.browser.fill("Agent password", password);
        self.browser.click(Role::Button, "Connect");
    }

    /// Up to the review, whose checks let the destroy go on.
    pub fn connect(&self) {
        self.connect_with(PASSWORD);
        self.browser
            .see(Role::Textbox, "To confirm, type the agent address");
    }

    /// Up to the danger button, with the address typed; not pressed yet.
    pub fn review(&self) {
        self.connect();
        self.type_address();
    }

    /// Types the address that confirms.
    pub fn type_address(&self) {
        self.browser
            .fill("To confirm, type the agent address", &self.address);
    }

    /// Presses the danger button, once.
    pub fn confirm(&self) {
        self.browser
            .click(Role::Button, &format!("Destroy ODP on {}", self.address));
    }

    /// Presses the danger button; the agent password changes while the DELETE is on its way.
    pub fn confirm_as_the_password_changes(&self) {
        self.control.hold_requests(Matching::new("DELETE", DELETE));
        self.confirm();
        self.browser.wait_until("the DELETE on its way", || {
            self.control.snapshot().on_the_way("DELETE", DELETE) == 1
        });
        self.browser.secret(CHANGED_PASSWORD);
        self.control.set_password(Some(CHANGED_PASSWORD));
        self.control.let_through();
        // The agent's tasks are read with it before anything is told.
        self.browser.fill("Agent password", CHANGED_PASSWORD);
        self.browser.click(Role::Button, "Sign in");
    }

    /// Up to a task that the agent has accepted and not begun.
    pub fn destroy(&self) {
        self.review();
        self.confirm();
        self.browser.wait_until("the agent's task", || {
            self.control.snapshot().last_task().is_some()
        });
    }

    /// Lets the agent run, and waits for the ending.
    pub fn finish(&self, ending: &str) {
        assert!(self.control.step_to_end(), "the task has not ended");
        self.browser.see(Role::Heading, ending);
    }

    /// How many DELETEs reached the agent.
    pub fn deletes(&self) -> usize {
        self.control.snapshot().count("DELETE", DELETE)
    }

    /// How many DELETEs left the page.
    pub fn sent_deletes(&self) -> usize {
        let requests = self.site.requests();
        let deletes = requests.iter().filter(|request| request.method == "DELETE");
        deletes.count()
    }
}
