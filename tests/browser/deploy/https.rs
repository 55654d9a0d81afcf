//! Tests the site over HTTPS, and an agent over HTTPS whose certificate is verified.

use obshell_sim::Agent;

use super::answer::get;
use super::certificate::{Certificate, certificate};
use super::nginx::{Nginx, Setup};
use super::way::{connect, destroy, no_violation, watch_policy};
use super::{Folder, Listed};
use crate::support::{Look, Role, in_browser};
use crate::walk::{PASSWORD, config};

/// The name in the agent's certificate.
const NAME: &str = "odp.test";

#[test]
fn it_destroys_by_https_up_to_the_agent() {
    let look = Look {
        any_certificate: true,
        ..Look::default()
    };
    in_browser(look, |browser| {
        browser.secret(PASSWORD);
        watch_policy(browser);
        let folder = Folder::new();
        let signer = certificate(&folder, "signer", None);
        let of_agent = certificate(&folder, NAME, Some(&signer));
        let of_site = certificate(&folder, "console.test", None);
        let agent = browser.agent(config());
        let front = Nginx::front(agent.addr(), &of_agent.certificate, &of_agent.key);
        let nginx = Nginx::start(&Setup {
            base: "/console",
            agents: vec![by_https(&agent, &front)],
            certificate: Some((of_site.certificate, of_site.key)),
            signers: Some(signer.certificate),
            ..Setup::default()
        });
        browser.open_url(&nginx.url("127.0.0.1"));
        connect(browser, &agent.addr().to_string());
        browser.click(Role::Button, "10 checks passed");
        browser.read("Requests leave this browser over HTTPS.");
        destroy(browser, &agent);
        browser.click(Role::Button, "Evidence");
        browser.click(Role::Button, "Copy JSON");
        browser.read("Copied");
        no_violation(browser);
    });
}

fn by_https(agent: &Agent, front: &Nginx) -> Listed {
    Listed {
        address: agent.addr().to_string(),
        backend: format!("https://{}", front.address()),
        name: Some(NAME),
    }
}

#[test]
fn an_agent_whose_certificate_is_not_good_is_not_asked() {
    in_browser(Look::default(), |browser| {
        let folder = Folder::new();
        let signer = certificate(&folder, "signer", None);
        let stranger = certificate(&folder, "stranger", None);
        let good = certificate(&folder, NAME, Some(&signer));
        let agent = browser.agent(config());
        let front = Nginx::front(agent.addr(), &good.certificate, &good.key);
        let listed = by_https(&agent, &front);
        let ask = |listed: Listed, signers: &Certificate| {
            let nginx = Nginx::start(&Setup {
                agents: vec![listed],
                signers: Some(signers.certificate.clone()),
                ..Setup::default()
            });
            let target = format!("/agents/{}/api/v1/info", agent.addr());
            get(nginx.address(), &target, &[]).status
        };
        // Signed by another CA; another name; no name.
        assert_eq!(ask(listed.clone(), &stranger), 502);
        for name in [Some("another.test"), None] {
            let listed = Listed {
                name,
                ..listed.clone()
            };
            assert_eq!(ask(listed, &signer), 502);
        }
        assert!(agent.control().requests().is_empty());
        assert_eq!(ask(listed.clone(), &signer), 200);
        assert_eq!(agent.control().requests().len(), 1);

        // The message for the person.
        let nginx = Nginx::start(&Setup {
            agents: vec![listed],
            signers: Some(stranger.certificate),
            ..Setup::default()
        });
        browser.open_url(&nginx.url("127.0.0.1"));
        connect(browser, &agent.addr().to_string());
        browser.read("The proxy could not reach");
        assert_eq!(agent.control().requests().len(), 1);
    });
}
