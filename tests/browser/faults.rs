//! Tests for former bugs in the screens of a task and its ending, each as a person meets it.

use obshell_sim::{Broken, Fate, Matching};

use crate::support::{Browser, Look, Role, in_browser};
use crate::walk::{PASSWORD, Walk, config};

/// The strip of a task: state, elapsed time, whether its sign turns, and the bar's segments.
const STRIP: &str = "
    const one = (selector) => [...deep()].find((e) => e.matches(selector));
    return { state: one('.strip .state')?.textContent.trim(),
             elapsed: one('.strip .elapsed')?.textContent,
             turns: Boolean(one('.strip .turning')),
             segments: one('.segments-bar')?.childElementCount };
";

fn failed_at_2(browser: &Browser) -> Walk<'_> {
    let walk = Walk::start(browser, config());
    walk.control.fail_stage(2, 1);
    walk.destroy();
    walk.finish("Failed at stage 2");
    walk
}

fn runs_stage_2(walk: &Walk<'_>) {
    walk.browser.wait_until("the running step", || {
        walk.control.pass();
        walk.browser.text().contains("Kill obproxy process")
    });
}

#[test]
fn after_a_failure_retry_is_the_filled_button_and_starting_over_keeps_the_sign_in() {
    in_browser(Look::default(), |browser| {
        let walk = failed_at_2(browser);
        let fill = |name: &str| {
            let script = "return getComputedStyle(arguments[0]).backgroundColor";
            browser.see(Role::Button, name).script(script)
        };
        let others = ["Skip this stage", "Mark as done", "Start over"];
        for other in others {
            assert_ne!(fill("Retry"), fill(other), "{other}");
        }
        assert_eq!(fill(others[0]), fill(others[2]));

        browser.click(Role::Button, "Start over");
        browser.see(Role::Heading, "Connect to an agent");
        assert_eq!(browser.value("Agent address"), walk.address);
        // The password is not typed again; the target is confirmed again.
        browser.click(Role::Button, "Connect");
        browser.see(Role::Heading, "Review and confirm");
        assert_eq!(walk.deletes(), 1);
    });
}

#[test]
fn a_stage_that_never_ran_has_no_times_and_no_bar() {
    in_browser(Look::default(), |browser| {
        let walk = failed_at_2(browser);
        browser.click(Role::Button, "Mark as done");
        browser.click(Role::Button, "Mark as done now");
        walk.finish("Skipped, not destroyed");
        let stages = browser.script(
            "const stages = [...deep()].filter((e) => e.matches('li:has(> .stage)'));
             return stages.map((stage) => {
                 const shown = stage.querySelector('.stage');
                 const text = [...shown.children].filter((e) => !e.matches('details'));
                 return text.map((e) => e.textContent).join(' ');
             })",
            &[],
        );
        let stages: Vec<&str> = stages
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it.as_str().unwrap())
            .collect();
        assert_eq!(stages.len(), 4, "{stages:?}");
        for (number, stage) in stages.iter().enumerate() {
            assert_eq!(stage.contains("Start"), number < 2, "{stage}");
        }
    });
}

#[test]
fn with_contact_lost_time_stands_still_and_no_action_is_offered() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        runs_stage_2(&walk);
        let proxy = Matching::any();
        walk.control.broken_proxy(proxy, Broken::Html(502), 1_000);
        browser.see(Role::Button, "Try now");
        let lost = browser.script(STRIP, &[]);
        let state = lost["state"].as_str().unwrap();
        assert!(state.starts_with("Last known at"), "{state}");
        assert_eq!(lost["turns"], false);
        assert!(!browser.shows(Role::Button, "Cancel the task"));
        browser.read("This does not stop the task.");
        // After two more attempts nothing has changed.
        let tries = || walk.control.snapshot().requests.len();
        let before = tries();
        browser.wait_until("two more tries", || tries() >= before + 2);
        assert_eq!(browser.script(STRIP, &[]), lost);

        walk.control.heal();
        browser.click(Role::Button, "Try now");
        browser.see(Role::Button, "Cancel the task");
        assert_eq!(browser.script(STRIP, &[])["turns"], true);
    });
}

#[test]
fn a_task_that_is_found_on_the_agent_is_said_to_be_found_and_no_more() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        browser.see(Role::Heading, "Destroy ODP");
        // Reconnects in another tab.
        walk.another_window();
        walk.connect_with(PASSWORD);
        browser.click(Role::Button, "View task");
        browser.read(
            "This console found the task on the agent. Who started the task is not known here.",
        );
    });
}

#[test]
fn a_task_that_is_being_cancelled_keeps_its_sign_its_time_and_its_bar() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        runs_stage_2(&walk);
        browser.click(Role::Button, "Cancel the task");
        browser.click(Role::Button, "Cancel the task now");
        browser.wait_until("Cancelling", || {
            browser.script(STRIP, &[])["state"] == "Cancelling"
        });
        let strip = browser.script(STRIP, &[]);
        assert_eq!(strip["turns"], true);
        assert!(strip["elapsed"].is_string(), "{strip}");
        assert_eq!(strip["segments"], 4);
        walk.finish("Cancelled at stage 2");
    });
}

#[test]
fn no_request_on_the_way_to_a_destroyed_odp_is_answered_with_an_error() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        walk.finish("Destroyed");
        for request in walk.control.requests() {
            let (method, target, fate) = (&request.method, &request.target, &request.fate);
            let answered = matches!(fate, Fate::Answered(200..=299) | Fate::Pending);
            assert!(answered, "{method} {target}: {fate:?}");
        }
        let errors = browser
            .console()
            .into_iter()
            .filter(|entry| entry.level == "SEVERE");
        assert_eq!(
            errors.map(|entry| entry.message).collect::<Vec<_>>(),
            [""; 0]
        );
    });
}
