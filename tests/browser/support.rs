//! A real browser before the built page: what a test does, sees and waits for.
//!
//! A test is plain synchronous code:
//!
//! ```ignore
//! #[test]
//! fn it_connects() {
//!     in_browser(Look::default(), |browser| {
//!         let agent = browser.agent(Config { agent_password: Some("secret".into()), ..Config::default() });
//!         browser.secret("secret");
//!         let site = browser.site_for(&[&agent]);
//!         browser.open(&site);
//!         browser.fill("Agent password", "secret");
//!         browser.click(Role::Button, "Connect");
//!         browser.see(Role::Heading, "…");
//!     });
//! }
//! ```
//!
//! Everything that looks at the page waits until it is there, and gives up after half a minute.
//! Whatever a test does, it fails when the page writes an error or a warning to the console,
//! asks another origin for anything, or lets a [secret](Browser::secret) out of memory.

mod axe;
mod bidi;
mod browser;
mod driver;
mod elements;
mod engine;
mod evidence;
mod look;
mod session;

pub use browser::{Browser, Home, PATIENCE, dist, in_browser};
pub use elements::Role;
pub use engine::Engine;
pub use look::Look;
