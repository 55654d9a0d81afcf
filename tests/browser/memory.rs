//! Tests that the password is in the module's memory once while it is needed, and nowhere
//! afterwards.
//!
//! The browser's own copies of a password field can be neither read nor wiped.

use obshell_sim::{Config, Fail, Fate, Identity, Version};
use serde::Serialize;
use serde_json::{Value, json};

use crate::support::{Browser, Look, Role, in_browser};
use crate::walk::{PASSWORD, Walk, config};

/// Searches all of the module's memory.
fn look(browser: &Browser, word: &impl Serialize) -> Value {
    browser.script(include_str!("memory.js"), &[json!(word)])
}

/// The number of copies of the password, or of a key's bytes, in memory. No piece may be in another
/// place.
#[track_caller]
pub fn times_in_memory(browser: &Browser, word: &(impl Serialize + ?Sized)) -> usize {
    let seen = look(browser, &word);
    let list = |name: &str| seen[name].as_array().cloned().unwrap_or_default();
    assert!(seen["size"].as_u64() > Some(1 << 20), "no memory: {seen}");
    let pieces = list("pieces");
    assert!(pieces.is_empty(), "pieces of the password: {pieces:?}");
    list("whole").len()
}

#[track_caller]
pub fn nowhere(browser: &Browser, password: &str) {
    assert_eq!(times_in_memory(browser, password), 0);
    browser.check_manners();
}

/// Proves that the search finds a piece of the password.
#[test]
fn a_piece_of_the_password_would_be_found() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        let piece: String = PASSWORD.chars().skip(3).take(12).collect();
        browser.fill("Agent address", &piece);
        let seen = look(browser, &PASSWORD);
        assert_eq!(seen["whole"], json!([]));
        assert_ne!(seen["pieces"], json!([]), "the address is in memory");
        drop(walk);
    });
}

#[test]
fn the_password_is_gone_when_the_odp_is() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        // The module runs; before, it has no memory.
        browser.see(Role::Button, "Connect");
        nowhere(browser, PASSWORD);
        walk.connect();
        assert_eq!(times_in_memory(browser, PASSWORD), 1, "while it is needed");
        walk.type_address();
        walk.confirm();
        browser.see(Role::Heading, "Destroy ODP");
        assert_eq!(times_in_memory(browser, PASSWORD), 1, "while it is needed");
        walk.finish("Destroyed");
        nowhere(browser, PASSWORD);
    });
}

#[test]
fn the_password_is_kept_for_another_try_until_the_person_signs_out() {
    in_browser(Look::default(), |browser| {
        let fail = Fail::Stop;
        let walk = Walk::start(browser, Config { fail, ..config() });
        walk.destroy();
        walk.finish("Failed at stage 2");
        assert_eq!(times_in_memory(browser, PASSWORD), 1, "for a retry");
        browser.click(Role::Button, "Start over");
        browser.read("You are still signed in to this agent.");
        assert_eq!(times_in_memory(browser, PASSWORD), 1, "for another connect");
        browser.click(Role::Button, "Sign out");
        browser.see(Role::Textbox, "Agent password");
        nowhere(browser, PASSWORD);
    });
}

#[test]
fn a_password_that_was_not_accepted_is_gone() {
    in_browser(Look::default(), |browser| {
        // An agent with a shorter key, so that the password is sealed in more pieces.
        let version = Version::new(4, 3, 0, 0);
        let walk = Walk::start(
            browser,
            Config {
                version,
                ..config()
            },
        );
        let refused = || {
            let requests = walk.control.requests();
            let refused = requests
                .iter()
                .filter(|request| request.fate == Fate::Answered(401));
            refused.count()
        };
        // Passwords of several lengths, with few and many characters outside of ASCII: they are in
        // different places, and leave the browser by different ways.
        for (length, others) in [(8, 0), (20, 30), (60, 1), (60, 80), (200, 0), (200, 300)] {
            let letters = (0..length).map(|n| char::from(b'!' + (n * n + 7 * length) as u8 % 94));
            let wrong = letters.chain((0..others).map(|_| '密')).collect::<String>();
            browser.secret(&wrong);
            let before = refused();
            walk.connect_with(&wrong);
            browser.wait_until("a refusal", || refused() > before);
            browser.see(Role::Button, "Connect");
            browser.read("does not accept this agent password");
            nowhere(browser, &wrong);
        }
    });
}

#[test]
fn a_session_and_the_password_that_it_was_had_for_are_gone() {
    const ROOT: &str = "root-Zugang 53 根用户密码";
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(
            browser,
            Config {
                identity: Identity::ClusterAgent,
                ob_password: Some(ROOT.to_owned()),
                ..config()
            },
        );
        browser.secret(ROOT);
        browser.click(Role::Radio, "OceanBase root password");
        browser.fill("OceanBase root password", ROOT);
        browser.click(Role::Button, "Connect");
        browser.see(Role::Textbox, "To confirm, type the agent address");
        let sessions = walk.control.session_ids();
        let [session] = sessions.as_slice() else {
            panic!("{} sessions", sessions.len())
        };
        browser.secret(session);
        nowhere(browser, ROOT);
        assert_eq!(times_in_memory(browser, session), 1, "while it is needed");
        walk.type_address();
        walk.confirm();
        browser.see(Role::Heading, "Destroy ODP");
        walk.finish("Destroyed");
        nowhere(browser, session);
        nowhere(browser, ROOT);
    });
}

#[test]
fn the_password_is_gone_with_the_console() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        browser.see(Role::Button, "Connect");
        // A console of this test, which can be unmounted.
        let mounted = browser.script(
            "document.querySelector('odp-console').remove();
             const host = document.body.appendChild(document.createElement('div'));
             const { href } = document.querySelector('link[rel=modulepreload]');
             return import(href).then((module) => {
                 globalThis.mounted = module.mount(host, {});
                 return true;
             })",
            &[],
        );
        assert_eq!(mounted, Value::Bool(true));
        walk.connect();
        assert_eq!(times_in_memory(browser, PASSWORD), 1, "while it is needed");
        browser.script("mounted.destroy()", &[]);
        browser.miss(Role::Textbox, "To confirm, type the agent address");
        nowhere(browser, PASSWORD);
    });
}
