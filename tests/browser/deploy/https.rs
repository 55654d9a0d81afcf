//! The site by https, and an agent by https whose certificate is checked.

use std::path::PathBuf;
use std::process::Command;

use obshell_sim::Agent;

use super::answer::get;
use super::nginx::{Nginx, Setup};
use super::way::{connect, destroy, no_violation, watch_policy};
use super::{Folder, Listed};
use crate::support::{Look, Role, in_browser};
use crate::walk::{PASSWORD, config};

/// The name in the agent's certificate.
const NAME: &str = "odp.test";

/// A certificate and its key.
struct Certificate {
    certificate: PathBuf,
    key: PathBuf,
}

/// Makes one by OpenSSL: for itself, or signed by somebody.
fn certificate(folder: &Folder, name: &str, signer: Option<&Certificate>) -> Certificate {
    let made = Certificate {
        certificate: folder.path().join(format!("{name}.pem")),
        key: folder.path().join(format!("{name}.key")),
    };
    let mut openssl = Command::new("openssl");
    openssl
        .args(["req", "-x509", "-days", "2", "-nodes", "-newkey", "ec"])
        .args(["-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-subj", &format!("/CN={name}")])
        .args(["-addext", &format!("subjectAltName=DNS:{name}")])
        .arg("-keyout")
        .arg(&made.key)
        .arg("-out")
        .arg(&made.certificate);
    if let Some(signer) = signer {
        openssl.arg("-CA").arg(&signer.certificate);
        openssl.arg("-CAkey").arg(&signer.key);
        openssl.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    }
    let output = openssl.output().expect("openssl runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    made
}

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
        });
        browser.open_url(&nginx.url("127.0.0.1"));
        connect(browser, &agent.addr().to_string());
        browser.read("This browser talks to the site by https.");
        destroy(browser, &agent);
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
        // Signed by somebody else; another name; no name at all.
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

        // What the person reads.
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
