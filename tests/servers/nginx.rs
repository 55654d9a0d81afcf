//! Runs a real nginx with the files of `deploy/nginx/`, in its own folder.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::certificate::Certificate;
use super::{Folder, Listed, NAMES, dist, edit, free_port, shipped};

/// The program, also in Debian's folder, which is often not on a user's `PATH`.
fn program() -> PathBuf {
    let debian = Path::new("/usr/sbin/nginx");
    if debian.is_file() {
        debian.to_owned()
    } else {
        PathBuf::from("nginx")
    }
}

/// The configuration of a site.
#[derive(Debug)]
pub struct Setup {
    /// The folder of the built page.
    pub built: PathBuf,
    /// The console's path, without a slash at its end; empty for the root.
    pub base: &'static str,
    pub agents: Vec<Listed>,
    /// The site's certificate and its key, for HTTPS.
    pub certificate: Option<(PathBuf, PathBuf)>,
    /// The CA of the agents' certificates.
    pub signers: Option<PathBuf>,
    /// Replaces the shipped time limit for a client's request, in seconds.
    pub limit: Option<u32>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            built: dist(),
            base: "",
            agents: Vec::new(),
            certificate: None,
            signers: None,
            limit: None,
        }
    }
}

/// A running nginx.
#[derive(Debug)]
pub struct Nginx {
    process: Child,
    address: SocketAddr,
    scheme: &'static str,
    base: &'static str,
    folder: Folder,
}

impl Nginx {
    /// Starts nginx with the shipped files, edited at their marks.
    pub fn start(setup: &Setup) -> Self {
        let folder = Folder::new();
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let page = folder.page(&setup.built, &setup.agents);
        let here = format!("{}/", folder.path().display());

        let mut site = shipped("nginx/odp-console.conf");
        let mut console = shipped("nginx/console.conf");
        let headers = shipped("nginx/headers.conf");
        let agents = agents(&setup.agents);
        for text in [&mut site, &mut console] {
            *text = text.replace("/etc/nginx/odp-console/", &here);
        }
        edit(
            &mut site,
            "/var/www/odp-console;",
            &format!("{};", page.display()),
        );
        edit(&mut site, "/var/log/nginx/", &here);
        let names = NAMES.map(|name| format!("\"{name}\" known;")).join(" ");
        edit(&mut site, "\"console.example.com\" known;", &names);
        if let Some(seconds) = setup.limit {
            for which in ["header", "body"] {
                let directive = format!("client_{which}_timeout ");
                edit(
                    &mut site,
                    &format!("{directive}10s"),
                    &format!("{directive}{seconds}s"),
                );
            }
        }
        let redirect = "location = /console { return 308 /console/; }";
        if setup.base.is_empty() {
            edit(&mut site, "set $odp_base /console;", "set $odp_base \"\";");
            edit(&mut site, "location / { return 404; }", "");
            edit(&mut site, redirect, "");
        } else {
            let set = format!("set $odp_base {};", setup.base);
            edit(&mut site, "set $odp_base /console;", &set);
            let own = redirect.replace("/console", setup.base);
            edit(&mut site, redirect, &own);
        }
        let location = format!("location {}/ {{", setup.base);
        edit(&mut site, "location /console/ {", &location);
        let mut scheme = "http";
        if let Some((certificate, key)) = &setup.certificate {
            scheme = "https";
            fs::copy(certificate, folder.path().join("site.pem")).expect("a certificate");
            fs::copy(key, folder.path().join("site.key")).expect("its key");
            edit(&mut site, "    listen 80; # <-\n", "");
            edit(
                &mut site,
                "#listen 443 ssl",
                &format!("listen {address} ssl"),
            );
            for line in ["ssl_certificate ", "ssl_certificate_key ", "ssl_protocols "] {
                edit(&mut site, &format!("#{line}"), line);
            }
        } else {
            edit(&mut site, "listen 80;", &format!("listen {address};"));
        }
        if let Some(signers) = &setup.signers {
            edit(
                &mut console,
                "/etc/ssl/certs/ca-certificates.crt",
                &signers.display().to_string(),
            );
        }
        for (name, text) in [
            ("site.conf", &site),
            ("console.conf", &console),
            ("headers.conf", &headers),
            ("agents.conf", &agents),
            ("agent-headers.conf", &shipped("nginx/agent-headers.conf")),
        ] {
            fs::write(folder.path().join(name), text).expect("a file of nginx");
        }
        // Settings of an operator's nginx.conf that must not matter.
        let around = "gzip on; gzip_types *; gzip_vary on; types { text/plain js wasm json; }";
        let http = format!("{around}\ninclude site.conf;");
        Self::run(folder, address, scheme, setup.base, &http)
    }

    /// Starts an HTTPS front for an agent with HTTP.
    pub fn front(agent: SocketAddr, certificate: &Path, key: &Path) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let server = format!(
            "access_log off;
             server {{
                 listen {address} ssl;
                 ssl_certificate {};
                 ssl_certificate_key {};
                 location / {{ proxy_pass http://{agent}; }}
             }}",
            certificate.display(),
            key.display()
        );
        Self::run(Folder::new(), address, "https", "", &server)
    }

    /// Starts a gateway that forwards everything unchanged.
    pub fn gateway(site: SocketAddr) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let server = format!(
            "access_log off; server {{ listen {address}; location / {{ proxy_pass http://{site}; }} }}"
        );
        Self::run(Folder::new(), address, "http", "", &server)
    }

    /// Starts a gateway that keeps the browser's connections, and breaks the connection of a
    /// request without a response from `site`: by a reset or by a close. It speaks HTTP/1.1, over
    /// TLS with a certificate.
    pub fn keeping(site: SocketAddr, certificate: Option<&Certificate>, reset: bool) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let (scheme, listen) = match certificate {
            None => ("http", format!("listen {address};")),
            Some(it) => {
                let (pem, key) = (it.certificate.display(), it.key.display());
                let listen = format!(
                    "listen {address} ssl; ssl_certificate {pem}; ssl_certificate_key {key};"
                );
                ("https", listen)
            }
        };
        let reset = if reset { "on" } else { "off" };
        // Status 444 is nginx's own: "close without a response".
        let http = format!(
            "log_format kept '$request_method $connection_requests';
             access_log kept.log kept;
             reset_timedout_connection {reset};
             keepalive_timeout 1h;
             server {{
                 {listen}
                 location / {{
                     proxy_pass http://{site};
                     proxy_http_version 1.1;
                     proxy_next_upstream off;
                     proxy_read_timeout 1h;
                     error_page 502 = @broken;
                 }}
                 location @broken {{ return 444; }}
             }}"
        );
        Self::run(Folder::new(), address, scheme, "", &http)
    }

    /// For each completed request of this method through [`Nginx::keeping`]: its number on its
    /// connection, from 1.
    pub fn numbers_on_connections(&self, method: &str) -> Vec<u32> {
        let log = fs::read_to_string(self.folder.path().join("kept.log")).expect("a log");
        let lines = log.lines().filter_map(|line| line.split_once(' '));
        lines
            .filter(|(of, _)| *of == method)
            .map(|(_, number)| number.parse().expect("a number"))
            .collect()
    }

    fn run(
        folder: Folder,
        address: SocketAddr,
        scheme: &'static str,
        base: &'static str,
        http: &str,
    ) -> Self {
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|kind| format!("{kind}_temp_path temporary-{kind};\n"))
            .collect();
        let main = format!(
            "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log stderr notice;\n\
             events {{ }}\nhttp {{\n{temporary}{http}\n}}\n"
        );
        fs::write(folder.path().join("nginx.conf"), main).expect("nginx.conf");
        let mut process = Command::new(program())
            .arg("-p")
            .arg(folder.path())
            .args(["-c", "nginx.conf"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("nginx does not run: {error}; `apt-get install nginx`"));
        let mut lines = BufReader::new(process.stderr.take().expect("piped")).lines();
        // nginx listens before it logs its event method.
        let mut said = String::new();
        let ready = lines.by_ref().map_while(Result::ok).any(|line| {
            said = format!("{said}{line}\n");
            line.contains("OS: ")
        });
        assert!(ready, "nginx stopped:\n{said}");
        // Its output must never be full or closed.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            process,
            address,
            scheme,
            base,
            folder,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the URL of the page under this host name.
    pub fn url(&self, host: &str) -> String {
        format!(
            "{}://{host}:{}{}/",
            self.scheme,
            self.address.port(),
            self.base
        )
    }

    /// The folder of the page's files.
    pub fn page(&self) -> PathBuf {
        self.folder.path().join("page")
    }

    /// Returns a file of the page, as built.
    pub fn file(&self, name: &str) -> Vec<u8> {
        fs::read(self.page().join(name)).expect("a file of the page")
    }

    /// Returns the name of the only file of the page with this prefix and suffix.
    pub fn name_of(&self, prefix: &str, suffix: &str) -> String {
        let files = fs::read_dir(self.page()).expect("the page");
        let names = files.map(|file| {
            file.expect("a file")
                .file_name()
                .into_string()
                .expect("a name")
        });
        let mut fitting = names.filter(|name| name.starts_with(prefix) && name.ends_with(suffix));
        fitting
            .next()
            .unwrap_or_else(|| panic!("no {prefix}…{suffix}"))
    }

    /// Returns the access log.
    pub fn access_log(&self) -> String {
        fs::read_to_string(self.folder.path().join("odp-console.log")).expect("a log")
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns the shipped list with these agents instead of the examples.
fn agents(listed: &[Listed]) -> String {
    let shipped = shipped("nginx/agents.conf");
    let mut lines: Vec<String> = Vec::new();
    for line in shipped.lines().filter(|line| !line.ends_with("# <-")) {
        lines.push(line.to_owned());
        for agent in listed {
            let value = match line {
                "map $odp_agent $odp_backend {" => Some(agent.backend.as_str()),
                "map $odp_agent $odp_name {" => agent.name,
                _ => None,
            };
            if let Some(value) = value {
                lines.push(format!("    \"{}\" {value};", agent.address));
            }
        }
    }
    lines.join("\n")
}
