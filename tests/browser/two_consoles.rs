//! Tests two people at the same time: two windows, one agent.

use obshell_sim::Matching;

use crate::support::{Look, Role, in_browser};
use crate::walk::{DELETE, Walk, config};

/// Both DELETEs reach the agent at the same time; the agent accepts one of them.
#[test]
fn who_confirms_at_the_same_moment_follows_one_task() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.control.hold_requests(Matching::new("DELETE", DELETE));
        walk.review();
        walk.another_window();
        walk.review();
        for (number, window) in [0, 1].into_iter().enumerate() {
            browser.go_to_window(window);
            walk.confirm();
            browser.wait_until("the DELETE on its way", || {
                walk.control.snapshot().on_the_way("DELETE", DELETE) == number + 1
            });
        }
        walk.control.let_through();
        browser.wait_until("two answers", || walk.deletes() == 2);
        assert!(walk.control.step_to_end());

        let told = [0, 1].map(|window| {
            browser.go_to_window(window);
            browser.see(Role::Heading, "Destroyed");
            browser.check_manners();
            browser.text()
        });
        let doubted = "the response does not show who started the task";
        let doubting = told.iter().filter(|text| text.contains(doubted)).count();
        assert_eq!(doubting, 1, "one began the task, the other found it");
        assert_eq!(walk.control.snapshot().tasks.len(), 1);
        assert_eq!((walk.sent_deletes(), walk.deletes()), (2, 2));
    });
}

/// One person is faster; the other is told about the running task and follows it.
#[test]
fn who_confirms_a_moment_later_is_told_of_the_others_task() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.review();
        walk.another_window();
        walk.review();
        browser.go_to_window(0);
        walk.confirm();
        browser.see(Role::Heading, "Destroy ODP");
        browser.go_to_window(1);
        walk.confirm();
        browser.see(Role::Heading, "Another task is running");
        browser.click(Role::Button, "View task");
        walk.finish("Destroyed");
        browser.read("Who started the task is not known here");
        browser.go_to_window(0);
        browser.see(Role::Heading, "Destroyed");
        assert_eq!(walk.control.snapshot().tasks.len(), 1);
        assert_eq!((walk.sent_deletes(), walk.deletes()), (2, 2));
    });
}
