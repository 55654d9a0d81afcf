//! Tests the whole way to "Destroyed" through a server, under the strict policy, at any path.

use obshell_sim::{Agent, Config};
use serde_json::json;

use super::nginx::{Nginx, Setup};
use super::{Listed, free_port};
use crate::support::{Browser, Look, Role, in_browser};
use crate::walk::{DELETE, PASSWORD, config};

/// Records every violation of the policy from the start of the page.
pub fn watch_policy(browser: &Browser) {
    let source = "window.violations = [];
        document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
            violations.push(violatedDirective + ' ' + blockedURI));";
    browser.run_in_new_pages(source);
}

/// Fails if the policy was violated.
pub fn no_violation(browser: &Browser) {
    assert_eq!(browser.script("return window.violations", &[]), json!([]));
}

/// Connects: from the empty form to the pre-flight checks.
pub fn connect(browser: &Browser, address: &str) {
    browser.fill("Agent address", address);
    browser.fill("Agent password", PASSWORD);
    browser.click(Role::Button, "Connect");
}

/// Destroys: from the pre-flight checks to the ending.
pub fn destroy(browser: &Browser, agent: &Agent) {
    destroy_at(browser, agent, &agent.addr().to_string());
}

fn destroy_at(browser: &Browser, agent: &Agent, address: &str) {
    let control = agent.control();
    control.hold();
    browser.fill("To confirm, type the agent address", address);
    browser.click(Role::Button, &format!("Destroy ODP on {address}"));
    browser.wait_until("the agent's task", || {
        control.snapshot().last_task().is_some()
    });
    assert!(control.step_to_end(), "the task has not ended");
    browser.see(Role::Heading, "Destroyed");
    assert_eq!(control.snapshot().count("DELETE", DELETE), 1);
    assert_eq!(control.snapshot().managed_home, None);
}

fn the_whole_way(base: &'static str) {
    in_browser(Look::default(), |browser| {
        browser.secret(PASSWORD);
        watch_policy(browser);
        let agents = [browser.agent(config()), browser.agent(config())];
        let nginx = Nginx::start(&Setup {
            base,
            agents: agents
                .iter()
                .map(|agent| Listed::plain(agent.addr()))
                .collect(),
            ..Setup::default()
        });
        browser.open_url(&nginx.url("127.0.0.1"));
        let [first, second] = &agents;
        connect(browser, &first.addr().to_string());
        destroy(browser, first);
        // The other agent is unchanged, and the proxy to it works as well.
        assert!(second.control().snapshot().managed_home.is_some());
        browser.click(Role::Button, "Start over");
        connect(browser, &second.addr().to_string());
        destroy(browser, second);

        no_violation(browser);
        let outside: Vec<String> = browser
            .requested()
            .into_iter()
            .filter(|url| !url.starts_with(&nginx.url("127.0.0.1")))
            .collect();
        assert!(
            outside.is_empty(),
            "beside the console's path: {outside:#?}"
        );
        // The log has the request line, but no headers.
        let log = nginx.access_log();
        assert!(
            log.contains(&format!("DELETE {base}/agents/{}{DELETE} ", first.addr())),
            "{log}"
        );
        assert!(!log.contains("OCS") && !log.contains("=="), "{log}");
    });
}

#[test]
fn it_destroys_at_the_root() {
    the_whole_way("");
}

#[test]
fn it_destroys_at_any_path() {
    the_whole_way("/some/path");
}

#[test]
fn it_destroys_at_an_ipv6_address() {
    in_browser(Look::default(), |browser| {
        browser.secret(PASSWORD);
        // The backend is another address, because not every machine has IPv6: only the spelling
        // counts.
        let (host, port) = ("fd00::1".parse().expect("an address"), 2886);
        let agent = browser.agent(Config {
            shown: Some((host, port)),
            ..config()
        });
        let nginx = Nginx::start(&Setup {
            base: "/console",
            agents: vec![Listed {
                address: "[fd00::1]:2886".to_owned(),
                backend: format!("http://{}", agent.addr()),
                name: None,
            }],
            ..Setup::default()
        });
        browser.open_url(&nginx.url("127.0.0.1"));
        connect(browser, "[fd00::1]:2886");
        destroy_at(browser, &agent, "[fd00::1]:2886");
    });
}

#[test]
fn it_destroys_behind_a_gateway_that_strips_nothing() {
    in_browser(Look::default(), |browser| {
        browser.secret(PASSWORD);
        let agent = browser.agent(config());
        let nginx = Nginx::start(&Setup {
            base: "/ocp/odp",
            agents: vec![Listed::plain(agent.addr())],
            ..Setup::default()
        });
        let gateway = Nginx::gateway(nginx.address());
        browser.open_url(&format!("{}ocp/odp/", gateway.url("127.0.0.1")));
        connect(browser, &agent.addr().to_string());
        destroy(browser, &agent);
    });
}

#[test]
fn a_violation_would_have_been_seen() {
    in_browser(Look::default(), |browser| {
        watch_policy(browser);
        let nginx = Nginx::start(&Setup::default());
        browser.open_url(&nginx.url("127.0.0.1"));
        browser.see(Role::Button, "Connect");
        no_violation(browser);
        browser.expect_in_console("Content Security Policy");
        browser.expect_in_console("Content-Security-Policy");
        browser.expect_in_console("TrustedHTML");
        browser.script(
            "try { document.body.innerHTML = '' } catch {}
             document.body.setAttribute('style', 'color: red');
             document.body.append(Object.assign(document.createElement('img'), { src: 'data:,' }));",
            &[],
        );
        browser.wait_until("three violations", || {
            let seen = browser.script("return window.violations", &[]).to_string();
            ["require-trusted-types-for", "style-src", "img-src"]
                .iter()
                .all(|directive| seen.contains(directive))
        });
    });
}

#[test]
fn an_agent_that_the_site_does_not_reach_is_told_as_such() {
    in_browser(Look::default(), |browser| {
        let listed = browser.agent(config());
        let other = browser.agent(config());
        let nginx = Nginx::start(&Setup {
            base: "/console",
            agents: vec![Listed::plain(listed.addr())],
            ..Setup::default()
        });
        browser.open_url(&nginx.url("127.0.0.1"));
        connect(browser, &other.addr().to_string());
        browser.read(&format!(
            "This site does not forward requests to {} (HTTP 403).",
            other.addr()
        ));
        browser.read("Ask the site's administrator to add this agent to the site's list.");
        assert!(other.control().requests().is_empty());
        connect(browser, &listed.addr().to_string());
        browser.see(Role::Textbox, "To confirm, type the agent address");
    });
}

#[test]
fn an_agent_that_is_down_is_told_as_such() {
    in_browser(Look::default(), |browser| {
        let nobody = format!("127.0.0.1:{}", free_port());
        let nginx = Nginx::start(&Setup {
            agents: vec![Listed::plain(&nobody)],
            ..Setup::default()
        });
        let target = format!("/agents/{nobody}/api/v1/info");
        let answer = super::answer::get(nginx.address(), &target, &[]);
        assert_eq!(answer.status, 502);
        assert!(
            answer.text().contains("<h1>502 Bad Gateway</h1>"),
            "{answer:?}"
        );
        browser.open_url(&nginx.url("127.0.0.1"));
        connect(browser, &nobody);
        browser.read(&format!("The proxy could not reach {nobody}"));
        browser.read("(HTTP 502)");
    });
}
