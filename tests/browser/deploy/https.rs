//! The site by https, and an agent by https whose certificate is checked.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use obshell_sim::Agent;

use super::answer::{HOST, answered_once, get, twice};
use super::caddy::Caddy;
use super::nginx::{Nginx, Setup};
use super::way::{connect, destroy, no_violation, watch_policy};
use super::{Folder, Listed};
use crate::support::{Look, Role, in_browser};
use crate::walk::{PASSWORD, config};

/// The name in the agent's certificate.
const NAME: &str = "odp.test";

/// A certificate and its key.
pub struct Certificate {
    /// The name of the host that it is for.
    pub name: &'static str,
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// Makes one by OpenSSL: for itself, or signed by somebody.
pub fn certificate(
    folder: &Folder,
    name: &'static str,
    signer: Option<&Certificate>,
) -> Certificate {
    let made = Certificate {
        name,
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

/// What OpenSSL's client tells of a connection by TLS on which it offers HTTP/2 and HTTP/1.1, sends
/// these bytes, and reads until the server closes.
fn by_tls(server: SocketAddr, request: &str) -> String {
    let mut client = Command::new("openssl")
        .args(["s_client", "-ign_eof", "-alpn", "h2,http/1.1"])
        .args(["-servername", HOST, "-connect", &server.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl runs");
    let mut input = client.stdin.take().expect("piped");
    input.write_all(request.as_bytes()).expect("a request");
    let output = client.wait_with_output().expect("openssl ends");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn by_https_too_a_connection_serves_one_request_of_http_1_1() {
    let folder = Folder::new();
    let of_site = certificate(&folder, HOST, None);
    let nobody = SocketAddr::from(([127, 0, 0, 1], 1));
    let caddy = Caddy::start_with(nobody, Some(&of_site));
    let nginx = Nginx::start(&Setup {
        base: "/console",
        certificate: Some((of_site.certificate.clone(), of_site.key.clone())),
        ..Setup::default()
    });
    for server in [nginx.address(), caddy.address()] {
        for target in ["/console/", "/console/agents/127.0.0.1:2/api/v1/info"] {
            let told = by_tls(server, &twice(target));
            assert!(told.contains("\nALPN protocol: http/1.1\n"), "{told}");
            answered_once(target, told.as_bytes());
        }
    }
}
