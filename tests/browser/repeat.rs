//! Tests requests that are sent once and arrive twice: the browser repeats a request on its own
//! when a reused connection breaks before the response begins (protocol: 13.13). The site closes
//! its connections, so a gateway of the test keeps them open. Whatever the agent responds to the
//! second copy, the page must end with the result of the first.

mod leg;

use crate::support::{Browser, Role, in_browser};
use crate::walk::{Walk, config};
use leg::{Leg, Way};

/// Texts that the page must never show in these tests, because they would be false.
const FALSE: [&str; 7] = [
    "Nothing to destroy",
    "Another task is running",
    "Refused",
    "Request not sent",
    "and the task shows no effect",
    "did nothing",
    "Who started the task is not known",
];

/// The number of copies of one request that arrive. Both browsers repeat it once; the second copy
/// has a new connection.
const COPIES: usize = 2;

/// Records each of the false texts that is shown from now on.
fn watch_words(browser: &Browser) {
    browser.script(
        "const root = document.querySelector('odp-console').shadowRoot;
         const seen = window.odpFalse = [];
         const note = () => {
             const text = [...root.children].filter((e) => !e.matches('style'))
                 .map((e) => e.textContent).join(' ');
             for (const word of arguments[0])
                 if (text.includes(word) && !seen.includes(word)) seen.push(word);
         };
         new MutationObserver(note).observe(root,
             { subtree: true, childList: true, characterData: true });
         note()",
        &[FALSE.into()],
    );
}

fn no_false_words(browser: &Browser) {
    let seen = browser.script("return window.odpFalse", &[]);
    assert_eq!(seen, serde_json::json!([]), "{}", browser.text());
}

/// Runs a test for every way, each with its own browser and agent.
fn every_way(test: impl Fn(&Walk<'_>, &Leg)) {
    for way in Way::ALL {
        in_browser(way.look(), |browser| {
            println!("{way:?}");
            let mut leg = None;
            let walk = Walk::start_behind(browser, config(), |site| {
                leg.insert(Leg::start(site.address(), way)).url()
            });
            let leg = leg.expect("a leg");
            // The copy that the agent rejects.
            browser.expect_in_console("Failed to load resource");
            test(&walk, &leg);
            no_false_words(browser);
        });
    }
}

/// Confirms a destroy; `meanwhile` runs after the agent has accepted it and before the browser's
/// connection breaks. The page must end with "Destroyed".
fn destroy_twice(walk: &Walk<'_>, leg: &Leg, meanwhile: impl FnOnce(&Walk<'_>)) {
    walk.review();
    watch_words(walk.browser);
    leg.swallow("DELETE");
    walk.confirm();
    leg.swallowed();
    assert!(walk.control.snapshot().locked, "the agent has accepted it");
    meanwhile(walk);
    leg.break_now();
    leg.copies(walk.browser, "DELETE", COPIES);
    walk.finish("Destroyed");
    leg.are_copies("DELETE", COPIES);
    assert_eq!(walk.sent_deletes(), COPIES);
    let agent = walk.control.snapshot();
    assert_eq!((agent.tasks.len(), agent.managed_home), (1, None));
}

#[test]
fn a_second_delete_meets_the_task_of_the_first() {
    every_way(|walk, leg| destroy_twice(walk, leg, |_| ()));
}

#[test]
fn a_second_delete_meets_no_odp() {
    every_way(|walk, leg| {
        destroy_twice(walk, leg, |walk| {
            assert!(walk.control.step_to_end(), "the task has not ended");
        });
    });
}

#[test]
fn a_second_delete_meets_a_new_key() {
    every_way(|walk, leg| {
        destroy_twice(walk, leg, |walk| {
            walk.control.rotate_key().expect("a new key");
        });
    });
}

/// Confirms a Retry of a task that failed at stage 2; the stage fails `again` more times.
fn retry_twice(walk: &Walk<'_>, leg: &Leg, again: u32, meanwhile: impl FnOnce(&Walk<'_>)) {
    let browser = walk.browser;
    walk.control.fail_stage(2, 1 + again);
    walk.destroy();
    walk.finish("Failed at stage 2");
    watch_words(browser);
    leg.swallow("POST");
    browser.click(Role::Button, "Retry");
    browser.click(Role::Button, "Retry now");
    leg.swallowed();
    meanwhile(walk);
    leg.break_now();
    leg.copies(browser, "POST", COPIES);
}

#[test]
fn a_second_retry_meets_the_running_stage() {
    every_way(|walk, leg| {
        retry_twice(walk, leg, 0, |_| ());
        walk.finish("Destroyed");
        leg.are_copies("POST", COPIES);
        assert_eq!(
            (walk.sent_deletes(), walk.control.snapshot().managed_home),
            (1, None)
        );
    });
}

#[test]
fn a_second_retry_is_accepted_after_the_first_failed() {
    every_way(|walk, leg| {
        retry_twice(walk, leg, 1, |walk| {
            assert!(walk.control.step_to_end(), "the retry has not ended");
        });
        walk.finish("Destroyed");
        leg.are_copies("POST", COPIES);
        assert_eq!(
            (walk.sent_deletes(), walk.control.snapshot().managed_home),
            (1, None)
        );
    });
}
