//! The three servers, each in front of the same agent.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use dev_site::{Site, SiteSetup};
use tokio::runtime::Runtime;

use crate::support::caddy::Caddy;
use crate::support::certificate::Certificate;
use crate::support::nginx::{Nginx, Setup};
use crate::support::{Folder, Listed, NAMES};

/// The names of the servers, in the order of [`Servers::addresses`].
pub const SERVERS: [&str; 3] = ["nginx", "Caddy", "development site"];

/// The path of the console at each server.
pub const BASE: &str = "/console";

/// Creates a page of one file, which suffices for these tests.
pub fn page(folder: &Folder) -> PathBuf {
    let built = folder.path().join("built");
    std::fs::create_dir_all(&built).expect("a folder");
    std::fs::write(
        built.join("index.html"),
        "<!DOCTYPE html><title>page</title>",
    )
    .expect("a page");
    built
}

/// Starts nginx and Caddy.
pub fn shipped(
    agent: SocketAddr,
    certificate: Option<&Certificate>,
    limit: Option<u32>,
) -> (Nginx, Caddy) {
    let folder = Folder::new();
    let built = page(&folder);
    let caddy = Caddy::start(&built, agent, certificate, limit);
    let nginx = Nginx::start(&Setup {
        built,
        base: BASE,
        agents: vec![Listed::plain(agent)],
        certificate: certificate.map(|it| (it.certificate.clone(), it.key.clone())),
        limit,
        ..Setup::default()
    });
    (nginx, caddy)
}

/// The running servers.
pub struct Servers {
    nginx: Nginx,
    caddy: Caddy,
    site: Site,
    _runtime: Runtime,
    _folder: Folder,
}

impl Servers {
    pub fn before(agent: SocketAddr) -> Self {
        Self::with_limit(agent, None)
    }

    /// Starts the servers; `limit` replaces the shipped time limit for a client's request, in
    /// seconds.
    pub fn with_limit(agent: SocketAddr, limit: Option<u32>) -> Self {
        let (nginx, caddy) = shipped(agent, None, limit);
        let folder = Folder::new();
        let runtime = Runtime::new().expect("a runtime");
        let setup = SiteSetup {
            base_path: BASE.to_owned(),
            hosts: NAMES.map(str::to_owned).into(),
            patience: limit.map(|seconds| Duration::from_secs(seconds.into())),
            ..SiteSetup::with_agents([agent.to_string().as_str()])
        };
        let anywhere = ([127, 0, 0, 1], 0).into();
        let site = runtime.block_on(Site::start(anywhere, &page(&folder), setup));
        Self {
            nginx,
            caddy,
            site: site.expect("a site"),
            _runtime: runtime,
            _folder: folder,
        }
    }

    pub fn addresses(&self) -> [SocketAddr; 3] {
        [
            self.nginx.address(),
            self.caddy.address(),
            self.site.address(),
        ]
    }

    /// Returns each server's name and address.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, SocketAddr)> {
        SERVERS.into_iter().zip(self.addresses())
    }
}
