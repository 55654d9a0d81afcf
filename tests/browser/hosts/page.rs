//! The host pages, and the common steps of their tests.

use std::path::{Path, PathBuf};

use dev_site::{Site, SiteSetup};
use obshell_sim::Agent;
use serde_json::Value;

use crate::support::{Browser, Home, Role};
use crate::walk::{DELETE, PASSWORD, config};

/// A policy for the scripts of antd and React, which need style elements, and strings as HTML.
const STYLES: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:";
/// A policy for Next.js, whose pages contain inline scripts.
const INLINE: &str = "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; \
     style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:";
/// A policy for qiankun, which evaluates fetched scripts.
const EVALUATED: &str = "default-src 'none'; script-src 'self' 'unsafe-eval'; \
     style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:";

/// Unmounts all consoles and mounts them again, if the page has no button for it.
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

/// Records every event of the package that reaches the document.
const LISTEN: &str = r"
    window.heard = [];
    for (const name of ['odp-auth-required', 'odp-submitted', 'odp-progress', 'odp-finished', 'odp-error']) {
        document.addEventListener(name, ({ detail }) => window.heard.push([name, detail]));
    }
";

/// Tracks the timers that have not fired yet, except those of the tests.
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

/// A host page.
#[derive(Debug, Clone, Copy)]
pub struct Host {
    /// Its folder in `tests/hosts/dist`.
    name: &'static str,
    /// The policy for the page's own scripts, if the console's is too strict.
    policy: Option<&'static str>,
    /// The role of the page's own theme switch.
    pub theme: Role,
    /// The label of the password field.
    pub password: &'static str,
    /// The script that unmounts the consoles.
    away: &'static str,
    /// The number of DOM nodes that the page itself keeps per round.
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
    // Measured with an application of one empty element instead of the console.
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
/// A page with the React component, built by umi/max.
pub const UMI: Host = Host {
    name: "umi",
    policy: Some(STYLES),
    ..REACT_19
};

/// Built by Next.js with its App Router, whose pages contain inline scripts.
pub const NEXT: Host = Host {
    name: "next",
    policy: Some(INLINE),
    ..REACT_19
};

/// An open host page in front of agents with held task engines.
pub struct Visit<'a> {
    pub host: Host,
    pub browser: &'a Browser,
    pub site: Site,
    pub agents: Vec<Agent>,
}

impl Host {
    /// Makes sites serve this page from now on.
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

    /// The folder of the built page.
    pub fn folder(self) -> PathBuf {
        let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts/dist");
        built.join(self.name)
    }

    /// Opens the page in front of this many agents.
    pub fn visit(self, browser: &Browser, agents: usize) -> Visit<'_> {
        self.house(browser);
        browser.secret(PASSWORD);
        // The plain HTML page has three consoles; those without an agent log an error.
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

    /// The number of DELETEs that an agent executed.
    pub fn deletes(&self, agent: usize) -> usize {
        let control = self.agents[agent].control();
        control.snapshot().count("DELETE", DELETE)
    }

    /// The events of one agent so far.
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

    /// Signs in and types the confirmation.
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
