//! Runs a real Caddy with the shipped Caddyfile.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::certificate::Certificate;
use super::{Folder, Listed, NAMES, edit, free_port, shipped};

/// A running Caddy that reaches one agent.
pub struct Caddy {
    process: Child,
    address: SocketAddr,
    /// The lines of its log.
    log: Receiver<String>,
    folder: Folder,
}

impl Caddy {
    /// Starts Caddy with the page from `built`, and over HTTPS at the certificate's name if there
    /// is a certificate. `limit` replaces the shipped time limit for a client's request, in
    /// seconds.
    pub fn start(
        built: &Path,
        agent: SocketAddr,
        certificate: Option<&Certificate>,
        limit: Option<u32>,
    ) -> Self {
        let folder = Folder::new();
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let page = folder.page(built, &[Listed::plain(agent)]);
        let mut file = shipped("caddy/Caddyfile");
        let port = address.port();
        let site = match certificate {
            None => format!("\n:{port} {{"),
            Some(it) => {
                let (name, pem, key) = (it.name, it.certificate.display(), it.key.display());
                format!("\nhttps://{name}:{port} {{\n\ttls {pem} {key}")
            }
        };
        edit(&mut file, "\n:80 {", &format!("{site}\n\tbind 127.0.0.1"));
        edit(&mut file, "console.example.com", &NAMES.join(" "));
        if let Some(seconds) = limit {
            file = file.replace(
                " 10s\n\t\t\tread_body 10s",
                &format!(" {seconds}s\n\t\t\tread_body {seconds}s"),
            );
            assert!(file.contains(&format!("read_body {seconds}s")), "{file}");
        }
        edit(
            &mut file,
            "10.10.10.1:2886 [fd00::1]:2886 # <-",
            &agent.to_string(),
        );
        edit(
            &mut file,
            "/var/www/odp-console",
            &page.display().to_string(),
        );
        // The example of an agent with HTTPS, with a file that an operator must provide.
        edit(
            &mut file,
            "\t\t\t\t\t\ttls_trusted_ca_certs /etc/caddy/agents-ca.pem # <-\n",
            "",
        );
        let path = folder.path().join("Caddyfile");
        fs::write(&path, file).expect("a Caddyfile");
        let mut process = Command::new("caddy")
            .args(["run", "--adapter", "caddyfile", "--config"])
            .arg(&path)
            .env("HOME", folder.path())
            .env("XDG_CONFIG_HOME", folder.path())
            .env("XDG_DATA_HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("caddy does not run: {error}; `apt-get install caddy`"));
        let mut lines = BufReader::new(process.stderr.take().expect("piped")).lines();
        let mut said = String::new();
        let ready = lines.by_ref().map_while(Result::ok).any(|line| {
            said = format!("{said}{line}\n");
            line.contains("serving initial configuration")
        });
        assert!(ready, "caddy stopped:\n{said}");
        let (tell, log) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                // Its output must never be full or closed, even if the test does not read it.
                let _ = tell.send(line);
            }
        });
        Self {
            process,
            address,
            log,
            folder,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The folder of the page's files.
    pub fn page(&self) -> PathBuf {
        self.folder.path().join("page")
    }

    /// Returns the next log line, if there is one within this time.
    pub fn line(&self, within: Duration) -> Option<String> {
        self.log.recv_timeout(within).ok()
    }
}

impl Drop for Caddy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
