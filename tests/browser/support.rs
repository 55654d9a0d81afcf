//! Drives the built page in a real browser: acting, reading and waiting.
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
//! Every function that reads the page waits until the expected content appears, and fails after
//! half a minute. Every test fails if the page writes an error or a warning to the console, sends a
//! request to another origin, or leaks a [secret](Browser::secret) out of memory.

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
