//! Tests the operations on a task: the confirmation, the request, and that no intermediate state is
//! shown as an ending.

use obshell_sim::Config;
use odp_console::flow::event::FlowEvent;
use odp_console::flow::operation::Operation;
use odp_console::flow::state::{OperationPhase, Screen, State};

use crate::agent::Console;
use crate::support::{Browser, Look, Role, in_browser};
use crate::walk::{PASSWORD, Walk, config};

/// Records every heading of a screen that is drawn from now on.
fn watch_headings(browser: &Browser) {
    browser.script(
        "const root = document.querySelector('odp-console').shadowRoot;
         const headings = window.odpHeadings = [];
         const note = () => {
             const text = root.querySelector('h2')?.textContent;
             if (text && headings.at(-1) !== text) headings.push(text);
         };
         new MutationObserver(note).observe(root,
             { subtree: true, childList: true, characterData: true });
         note()",
        &[],
    );
}

fn headings(browser: &Browser) -> Vec<String> {
    let seen = browser.script("return window.odpHeadings", &[]);
    let seen = seen.as_array().cloned().unwrap_or_default();
    let texts = seen.iter().filter_map(|text| text.as_str());
    texts.map(str::to_owned).collect()
}

/// The accessible name of the focused element, as far as this page sets one.
fn focused(browser: &Browser) -> String {
    let focus = "let e = document.activeElement;
         while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
         const by = e?.getAttribute('aria-labelledby');
         const name = by ? e.getRootNode().getElementById(by) : e;
         return (name?.textContent || '').trim()";
    let name = browser.script(focus, &[]);
    name.as_str().unwrap_or_default().to_owned()
}

/// Starts a destroy that fails once at a stage, and waits for its ending.
fn failed_at<'a>(browser: &'a Browser, stage: usize) -> Walk<'a> {
    let walk = Walk::start(browser, config());
    walk.control.fail_stage(stage, 1);
    walk.destroy();
    walk.finish(&format!("Failed at stage {stage}"));
    walk
}

fn operators(walk: &Walk<'_>) -> usize {
    let requests = walk.control.requests();
    let operators = requests
        .iter()
        .filter(|request| request.method == "POST" && request.target.starts_with("/api/v1/task/"))
        .filter(|request| request.reached_agent());
    operators.count()
}

fn refreshes(walk: &Walk<'_>) -> usize {
    let requests = walk.control.requests();
    let reads = requests
        .iter()
        .filter(|request| request.target.starts_with("/api/v1/task/dag/4"));
    reads.count()
}

fn operator_arrived(walk: &Walk<'_>) {
    walk.browser
        .wait_until("the operator at the agent", || operators(walk) == 1);
}

/// Lets the page read every state of the agent's engine, until the end.
fn see_every_state(walk: &Walk<'_>) {
    for _ in 0..100 {
        let seen = refreshes(walk);
        let dag = walk.control.snapshot().last_task().cloned().unwrap();
        if ["SUCCEED", "FAILED"].contains(&dag.state.as_str()) {
            return;
        }
        // The second read was sent after the response to the first was processed.
        walk.browser.wait_until("two more refreshes", || {
            refreshes(walk) >= seen + 2 || headings(walk.browser).len() > 2
        });
        walk.control.elapse();
        walk.control.pass();
    }
    panic!("the task has not ended");
}

#[test]
fn a_retry_leads_from_failed_to_destroyed_and_nothing_flickers_through() {
    in_browser(Look::default(), |browser| {
        let walk = failed_at(browser, 2);
        watch_headings(browser);
        browser.click(Role::Button, "Retry");
        browser.see(Role::Group, "Run stage 2 (Kill obproxy) again?");
        browser.read("all sessions through it are dropped");
        assert_eq!(operators(&walk), 0, "a question sends nothing");
        // Twice in one turn, before the page is drawn again.
        browser
            .see(Role::Button, "Retry now")
            .script("const button = arguments[0]; button.click(); button.click(); button.click()");
        operator_arrived(&walk);
        see_every_state(&walk);
        browser.see(Role::Heading, "Destroyed");
        assert_eq!(
            headings(browser),
            ["Failed at stage 2", "Destroy ODP", "Destroyed"]
        );
        assert_eq!((operators(&walk), walk.deletes()), (1, 1));
        assert_eq!(walk.control.snapshot().managed_home, None);
        assert!(!browser.shows(Role::Button, "Retry"));
    });
}

#[test]
fn a_running_task_is_cancelled_and_told_as_such() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        browser.see(Role::Heading, "Destroy ODP");
        watch_headings(browser);
        browser.wait_until("the running step", || {
            walk.control.pass();
            browser.text().contains("Kill obproxy process")
        });
        browser.click(Role::Button, "Cancel the task");
        browser.see(Role::Group, "Cancel the task at stage 2 (Kill obproxy)?");
        // The person can go back.
        browser.click(Role::Button, "Go back");
        browser.see(Role::Button, "Cancel the task");
        assert_eq!(operators(&walk), 0);
        browser.click(Role::Button, "Cancel the task");
        browser.click(Role::Button, "Cancel the task now");
        operator_arrived(&walk);
        browser.read("Cancelling");
        see_every_state(&walk);
        browser.see(Role::Heading, "Cancelled at stage 2");
        assert_eq!(headings(browser), ["Destroy ODP", "Cancelled at stage 2"]);
        assert_eq!((operators(&walk), walk.deletes()), (1, 1));
        let agent = walk.control.snapshot();
        assert!(agent.locked && agent.managed_home.is_some() && agent.odp_pid.is_none());
        // The operations that the agent accepts now.
        for name in ["Retry", "Skip this stage", "Mark as done"] {
            browser.see(Role::Button, name);
        }
        assert!(!browser.shows(Role::Button, "Cancel the task"));
    });
}

#[test]
fn a_skipped_stage_leads_to_an_end_that_is_no_destroy() {
    in_browser(Look::default(), |browser| {
        let walk = failed_at(browser, 2);
        watch_headings(browser);
        browser.click(Role::Button, "Skip this stage");
        browser.see(Role::Group, "Skip stage 2 (Kill obproxy)?");
        browser.read("a running obproxy keeps running");
        browser.click(Role::Button, "Skip this stage now");
        operator_arrived(&walk);
        see_every_state(&walk);
        browser.see(Role::Heading, "Skipped, not destroyed");
        assert_eq!(
            headings(browser),
            ["Failed at stage 2", "Destroy ODP", "Skipped, not destroyed"]
        );
        assert_eq!((operators(&walk), walk.deletes()), (1, 1));
        let agent = walk.control.snapshot();
        assert!(agent.odp_pid.is_some() && agent.managed_home.is_none() && !agent.locked);
    });
}

#[test]
fn marking_as_done_by_keyboard_alone() {
    in_browser(Look::default(), |browser| {
        let walk = failed_at(browser, 4);
        watch_headings(browser);
        let tab_to = |name: &str| {
            browser.wait_until(&format!("the keyboard's focus on {name:?}"), || {
                if focused(browser) == name {
                    return true;
                }
                browser.press("\u{e004}");
                false
            });
        };
        let question = "Mark the task as done at stage 4 (Remove the ODP's folders)?";
        tab_to("Mark as done");
        browser.press("\u{e007}");
        browser.wait_until("the focus on the question", || focused(browser) == question);
        // Enter in the confirmation does nothing: no button has the focus yet.
        browser.press("\u{e007}");
        browser.press("\u{e004}");
        assert_eq!(focused(browser), "Go back", "the first of the two");
        browser.press("\u{e007}");
        browser.see(Role::Button, "Mark as done");
        browser.wait_until("the focus back at the end", || {
            focused(browser) == "Failed at stage 4"
        });
        assert_eq!(operators(&walk), 0);

        tab_to("Mark as done");
        browser.press("\u{e007}");
        browser.wait_until("the focus on the question", || focused(browser) == question);
        tab_to("Mark as done now");
        browser.press(" ");
        operator_arrived(&walk);
        browser.see(Role::Heading, "Skipped, not destroyed");
        assert_eq!(
            headings(browser),
            ["Failed at stage 4", "Destroy ODP", "Skipped, not destroyed"]
        );
        assert!(browser.status().contains("Skipped"), "{}", browser.status());
        assert_eq!((operators(&walk), walk.deletes()), (1, 1));
    });
}

#[test]
fn a_refusal_is_shown_in_the_agents_words() {
    in_browser(Look::default(), |browser| {
        // The failed check released the lock, and another destroy takes it.
        let walk = failed_at(browser, 1);
        browser.block_on(async {
            let mut other = Console::at(&walk.agent);
            other.connect(PASSWORD).await;
            other.confirm_without_news().await;
        });
        browser.expect_in_console("500");
        browser.click(Role::Button, "Retry");
        browser.click(Role::Button, "Retry now");
        browser.read("Retry: the agent refused the request");
        browser.read("Agent.UnderMaintenance");
        assert_eq!((operators(&walk), walk.deletes()), (1, 2));
    });
}

#[test]
fn a_retry_that_another_console_was_faster_with_is_followed_to_the_true_end() {
    in_browser(Look::default(), |browser| {
        let walk = failed_at(browser, 2);
        // Another console has confirmed a retry that was not sent yet.
        let mut other = Console::at(&walk.agent);
        browser.block_on(async {
            other.connect(PASSWORD).await;
            other.act(FlowEvent::FollowHolder).await;
            other
                .act_until(FlowEvent::Operate(Operation::Retry), |_| true)
                .await;
            other.act_until(FlowEvent::ConfirmOperation, is_sent).await;
        });
        browser.click(Role::Button, "Retry");
        let seen = refreshes(&walk);
        walk.control
            .delay_answers(std::time::Duration::from_secs(1));
        browser.click(Role::Button, "Retry now");
        browser.wait_until("the last read before the operator", || {
            refreshes(&walk) > seen
        });
        browser.block_on(other.act_until(FlowEvent::Visible(true), is_accepted));
        walk.control.heal();
        // The task shows a retry of unknown origin.
        browser.wait_until("both operators", || operators(&walk) == 2);
        walk.finish("Destroyed");
        assert_eq!((operators(&walk), walk.deletes()), (2, 1));
        assert_eq!(walk.control.snapshot().tasks.len(), 1);
    });
}

fn phase(state: &State) -> Option<&OperationPhase> {
    let task = match &state.screen {
        Screen::Task(task) => task,
        Screen::Ended(ended) => ended.task.as_ref()?,
        _ => return None,
    };
    Some(&task.operating.as_ref()?.phase)
}

fn is_sent(state: &State) -> bool {
    phase(state) == Some(&OperationPhase::Sent)
}

fn is_accepted(state: &State) -> bool {
    phase(state) == Some(&OperationPhase::Accepted)
}

#[test]
fn an_answer_that_got_lost_is_not_sent_again_and_the_task_tells() {
    in_browser(Look::default(), |browser| {
        let walk = failed_at(browser, 2);
        watch_headings(browser);
        browser.expect_in_console("502");
        let post = obshell_sim::Matching::new("POST", "/api/v1/task/*");
        walk.control.cut_after_acting(post);
        browser.click(Role::Button, "Retry");
        browser.click(Role::Button, "Retry now");
        operator_arrived(&walk);
        see_every_state(&walk);
        browser.see(Role::Heading, "Destroyed");
        assert_eq!(
            headings(browser),
            ["Failed at stage 2", "Destroy ODP", "Destroyed"]
        );
        assert_eq!((operators(&walk), walk.deletes()), (1, 1));
    });
}

#[test]
fn an_agent_before_4_3_offers_no_skip() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(
            browser,
            Config {
                version: obshell_sim::Version::new(4, 2, 6, 0),
                ..config()
            },
        );
        walk.control.fail_stage(2, 1);
        walk.destroy();
        walk.finish("Failed at stage 2");
        browser.see(Role::Button, "Retry");
        browser.see(Role::Button, "Mark as done");
        assert!(!browser.shows(Role::Button, "Skip this stage"));
        browser.click(Role::Button, "Mark as done");
        browser.expect_in_console("500");
        browser.click(Role::Button, "Mark as done now");
        // As in the recorded responses: this version never passes a task that stops obproxy.
        browser.read("Mark as done: the agent refused the request");
        browser.read("Stop obproxy can not pass");
        assert_eq!(operators(&walk), 1);
        assert!(walk.control.snapshot().locked);
    });
}
