//! Tests every ending of the page, reached like a person reaches it.

use obshell_sim::{Broken, Config, Fail, Matching, Odp};

use crate::agent::Console;
use crate::support::{Look, Role, in_browser};
use crate::walk::{PASSWORD, Walk, config};

#[test]
fn destroyed() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        walk.finish("Destroyed");
        assert_eq!(walk.deletes(), 1);
        assert_eq!(walk.control.snapshot().managed_home, None);
    });
}

#[test]
fn failed_at_each_stage_that_can_fail() {
    for (fail, stage, last_line) in [
        (Fail::Stop, 2, "strconv.Atoi"),
        (Fail::StopTimeout, 2, "Kill OBProxy process timeout"),
        (Fail::Clean, 4, "device or resource busy"),
    ] {
        in_browser(Look::default(), |browser| {
            let walk = Walk::start(browser, Config { fail, ..config() });
            walk.destroy();
            walk.finish(&format!("Failed at stage {stage}"));
            browser.read(last_line);
            assert!(!browser.shows(Role::Heading, "Destroyed"));
            assert_eq!(walk.deletes(), 1);
        });
    }
}

#[test]
fn nothing_to_destroy() {
    in_browser(Look::default(), |browser| {
        let odp = Odp::Unmanaged;
        let walk = Walk::start(browser, Config { odp, ..config() });
        walk.connect_with(PASSWORD);
        browser.read("There is nothing to destroy: this agent manages no ODP.");
        let danger = format!("Destroy ODP on {}", walk.address);
        assert!(!browser.shows(Role::Button, &danger));
        browser.click(Role::Button, "Continue anyway");
        walk.type_address();
        walk.confirm();
        browser.see(Role::Heading, "Nothing to destroy");
        assert_eq!(walk.deletes(), 1);
        assert!(walk.control.snapshot().tasks.is_empty());
    });
}

#[test]
fn refused() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.review();
        browser.expect_in_console("401");
        walk.confirm_as_the_password_changes();
        browser.see(Role::Heading, "Refused");
        browser.read("Security.Authentication.IncorrectAgentPassword");
        browser.read("Unauthorized: Agent password is incorrect");
        assert!(walk.control.snapshot().managed_home.is_some());
        assert_eq!(walk.deletes(), 1);
    });
}

#[test]
fn someone_else_is_at_it_and_their_task_is_followed() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.review();
        browser.block_on(async {
            let mut other = Console::at(&walk.agent);
            other.connect(PASSWORD).await;
            other.confirm_without_news().await;
        });
        browser.expect_in_console("500");
        walk.confirm();
        browser.see(Role::Heading, "Another task is running");
        browser.read("Agent.UnderMaintenance");
        browser.click(Role::Button, "View task");
        walk.finish("Destroyed");
        assert_eq!(walk.control.snapshot().tasks.len(), 1);
    });
}

#[test]
fn not_sent() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.review();
        browser.block_on(walk.control.go_away()).unwrap();
        browser.expect_in_console("502");
        walk.confirm();
        browser.see(Role::Heading, "Request not sent");
        assert_eq!(walk.deletes(), 0);
        assert!(walk.control.snapshot().managed_home.is_some());
    });
}

#[test]
fn an_answer_that_a_proxy_swallowed_is_looked_into_and_nothing_is_sent_again() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.review();
        let delete = Matching::new("DELETE", "/api/v1/obproxy");
        walk.control.broken_proxy(delete, Broken::Html(502), 1);
        browser.expect_in_console("502");
        walk.confirm();
        browser.read("Checking what the DELETE request did");
        browser.click(Role::Button, "Stop checking");
        browser.see(Role::Heading, "Outcome unknown");
        assert!(walk.deletes() <= 1);
    });
}

#[test]
fn an_answer_that_was_cut_off_is_found_out_by_reading() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.review();
        let delete = Matching::new("DELETE", "/api/v1/obproxy");
        walk.control.cut_after_acting(delete);
        browser.expect_in_console("502");
        walk.confirm();
        browser.read("the response does not show who started the task");
        walk.finish("Destroyed");
        assert_eq!(walk.control.snapshot().tasks.len(), 1);
    });
}
