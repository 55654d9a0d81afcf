//! The pages themselves, and what every test does in them.

use std::path::{Path, PathBuf};

use dev_site::{Site, SiteSetup};
use obshell_sim::Agent;
use serde_json::Value;

use crate::support::{Browser, Home, Role};
use crate::walk::{DELETE, PASSWORD, config};

/// What the scripts of antd and React need: style elements, and strings as HTML.
const STYLES: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:";
/// Next.js writes what its pages begin with into them.
const INLINE: &str = "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; \
     style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:";
/// qiankun evaluates what it fetches.
const EVALUATED: &str = "default-src 'none'; script-src 'self' 'unsafe-eval'; \
     style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:";

/// Takes all consoles away and puts them back, where the page has no button for it.
const BY_SCRIPT: &str = r"
    const consoles = [...document.querySelectorAll('odp-console')];
    window.takeAway = () => consoles.forEach((it) => it.remove());
    window.putBack = () => document.body.append(...consoles);
";
const BY_BUTTON: &str = r"
    const press = (name) => [...document.querySelectorAll('button')].find((it) => it.innerText === name).click();
    window.takeAway = () => press('Take away');
    window.putBack = () => press('Put back');
";

/// Keeps every event of the package that reaches the document.
const LISTEN: &str = r"
    window.heard = [];
    for (const name of ['odp-auth-required', 'odp-submitted', 'odp-progress', 'odp-finished', 'odp-error']) {
        document.addEventListener(name, ({ detail }) => window.heard.push([name, detail]));
    }
";

/// Knows every timer that has not fired yet. What the tests wait by is none of the page's.
const TIMERS: &str = r"
    window.timers = new Set();
    window.later = setTimeout.bind(window);
    for (const kind of ['Timeout', 'Interval']) {
        const [set, clear] = [window[`set${kind}`].bind(window), window[`clear${kind}`].bind(window)];
        window[`set${kind}`] = (work, ...more) => {
            const id = set((...given) => {
                if (kind === 'Timeout') timers.delete(id);
                work(...given);
            }, ...more);
            timers.add(id);
            return id;
        };
        window[`clear${kind}`] = (id) => (timers.delete(id), clear(id));
    }
";

/// A page of somebody else's.
#[derive(Debug, Clone, Copy)]
pub struct Host {
    /// Its folder in `tests/hosts/dist`.
    name: &'static str,
    /// The policy that its own scripts need, where the console's does not do.
    policy: Option<&'static str>,
    /// What is the page's own switch of themes.
    pub theme: Role,
    /// Where the agent's password is typed.
    pub password: &'static str,
    /// How its consoles are taken away.
    away: &'static str,
    /// How many DOM nodes it keeps of its own each time, whatever comes and goes.
    pub keeps: i64,
}

pub const ELEMENT: Host = Host {
    name: "element",
    policy: None,
    theme: Role::Button,
    password: "Agent password",
    away: BY_SCRIPT,
    keeps: 0,
};
pub const REACT_19: Host = Host {
    name: "react-19",
    password: "Host's password",
    away: BY_BUTTON,
    ..ELEMENT
};
pub const HEADLESS: Host = Host {
    name: "headless",
    ..ELEMENT
};
pub const ANTD_4: Host = Host {
    name: "antd-4",
    policy: Some(STYLES),
    away: BY_BUTTON,
    ..ELEMENT
};
pub const ANTD_5: Host = Host {
    name: "antd-5",
    theme: Role::Checkbox,
    ..ANTD_4
};
pub const QIANKUN: Host = Host {
    name: "qiankun",
    policy: Some(EVALUATED),
    password: "Host's password",
    // Seen with an application of one empty element in the console's place.
    keeps: 1,
    ..ANTD_4
};
/// Built by webpack.
pub const SINGLE_SPA: Host = Host {
    name: "webpack",
    policy: Some(STYLES),
    keeps: 0,
    ..QIANKUN
};
/// The same page as [`ELEMENT`].
pub const VITE: Host = Host {
    name: "vite",
    ..ELEMENT
};
/// A page of its own with the component for React, built by umi/max.
pub const UMI: Host = Host {
    name: "umi",
    policy: Some(STYLES),
    ..REACT_19
};

/// Built by Next.js with its App Router, whose pages carry scripts in place.
pub const NEXT: Host = Host {
    name: "next",
    policy: Some(INLINE),
    ..REACT_19
};

/// A page of somebody else's that is open, in front of its agents, whose task engines are held.
pub struct Visit<'a> {
    pub host: Host,
    pub browser: &'a Browser,
    pub site: Site,
    pub agents: Vec<Agent>,
}

impl Host {
    /// From now on sites have this page, with their agents.
    pub fn house(self, browser: &Browser) {
        let folder = self.folder();
        assert!(
            folder.join("index.html").is_file(),
            "{} is not built: `cargo xtask hosts` does",
            folder.display()
        );
        let policy = self.policy;
        browser.live_in(Home { folder, policy });
    }

    /// Where it is built.
    pub fn folder(self) -> PathBuf {
        let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts/dist");
        built.join(self.name)
    }

    /// Opens the page in front of so many agents.
    pub fn visit(self, browser: &Browser, agents: usize) -> Visit<'_> {
        self.house(browser);
        browser.secret(PASSWORD);
        // The page in plain HTML has three consoles: those without an agent say so.
        browser.expect_in_console("odp-console: option");
        let agents: Vec<_> = (0..agents).map(|_| browser.agent(config())).collect();
        let addresses: Vec<_> = agents
            .iter()
            .map(|agent| agent.addr().to_string())
            .collect();
        let listed = addresses.iter().map(String::as_str);
        let site = browser.site(SiteSetup::with_agents(listed));
        for agent in &agents {
            agent.control().hold();
        }
        browser.run_in_new_pages(TIMERS);
        browser.open(&site);
        browser.script(LISTEN, &[]);
        browser.script(self.away, &[]);
        Visit {
            host: self,
            browser,
            site,
            agents,
        }
    }
}

impl Visit<'_> {
    /// `HOST:PORT` of the first agent.
    pub fn address(&self) -> String {
        self.agents[0].addr().to_string()
    }

    /// How many DELETEs an agent has acted on.
    pub fn deletes(&self, agent: usize) -> usize {
        let control = self.agents[agent].control();
        control.snapshot().count("DELETE", DELETE)
    }

    /// The events heard so far, of one agent.
    pub fn heard(&self, agent: &str) -> Vec<String> {
        let heard = self.browser.script("return window.heard", &[]);
        let of = |detail: &Value| {
            let told = &detail["agent"];
            told == agent || told["address"] == agent
        };
        let all = heard.as_array().unwrap().iter();
        let told = all.filter(|event| of(&event[1]));
        told.map(|event| event[0].as_str().unwrap().to_owned())
            .collect()
    }

    /// From the password to the danger button.
    pub fn review(&self) {
        self.browser.fill(self.host.password, PASSWORD);
        self.browser.click(Role::Button, "Connect");
        self.browser
            .fill("To confirm, type the agent address", &self.address());
    }

    /// Presses the danger button.
    pub fn confirm(&self) {
        self.browser
            .click(Role::Button, &format!("Destroy ODP on {}", self.address()));
    }
}
