//! Tests reloads, links, and the agent's own list of tasks. Only the password is requested again.

use std::net::Ipv4Addr;
use std::time::Duration;

use odp_console::flow::event::Language;
use odp_console::text::labels::Label;
use serde_json::json;

use crate::support::{Browser, Look, Role, in_browser};
use crate::walk::{PASSWORD, Walk, config};

/// Waits until the fragment of the page's address is this.
fn hash(browser: &Browser, wanted: &str) {
    browser.wait_until(wanted, || browser.url().ends_with(wanted));
}

/// Pastes a link into the address bar of the open page.
fn paste(browser: &Browser, hash: &str) {
    browser.script("location.hash = arguments[0]", &[json!(hash)]);
}

fn title(browser: &Browser) -> String {
    let title = browser.script("return document.title", &[]);
    title.as_str().unwrap().to_owned()
}

fn titled(browser: &Browser, wanted: &str) {
    browser.wait_until(wanted, || title(browser) == wanted);
}

fn give_password(browser: &Browser) {
    browser.fill("Agent password", PASSWORD);
    browser.click(Role::Button, "Connect");
}

/// The agent's id for the number of a DAG, node or sub task.
pub fn told(walk: &Walk<'_>, number: i64) -> String {
    let port = walk.agent.addr().port();
    format!("4{:010}{port:05}{number}", Ipv4Addr::LOCALHOST.to_bits())
}

/// Returns the id of the newest task.
fn id(walk: &Walk<'_>) -> String {
    told(walk, walk.control.snapshot().last_task().unwrap().id)
}

/// Starts a task and adds a line to the log of its running stage.
fn run(walk: &Walk<'_>, line: &str) {
    walk.browser.wait_until("a running step", || {
        walk.control.pass();
        walk.control.append_log(&[line.to_owned()])
    });
    walk.browser.read(line);
}

#[test]
fn a_reload_keeps_target_task_and_choices_and_asks_for_the_password_alone() {
    in_browser(Look::default(), |browser| {
        // Firefox reports pending fetches to a page that is being left.
        browser.expect_in_console("NetworkError when attempting to fetch");
        // The same for a response that has started.
        browser.expect_in_console("AbortError: The operation was aborted.");
        let walk = Walk::start(browser, config());
        walk.connect();
        hash(browser, &format!("#/agent/{}/review", walk.address));
        titled(browser, &format!("Review · {}", walk.address));
        browser.click(Role::Button, "中文");
        browser.click(Role::Button, "浅色");
        browser.see(Role::Heading, "核对并确认");
        titled(browser, &format!("确认 · {}", walk.address));
        let language = "return document.documentElement.lang";
        assert_eq!(browser.script(language, &[]), "zh-CN");

        browser.reload();
        browser.see(Role::Button, "连接");
        assert_eq!(browser.value("Agent 地址"), walk.address);
        let looks = "return [...deep()].find((e) => e.matches('.console')).dataset.theme";
        assert_eq!(browser.script(looks, &[]), "light");
        browser.click(Role::Button, "EN");

        browser.reload();
        give_password(browser);
        walk.type_address();
        walk.confirm();
        run(&walk, "a line from before the reload");
        let task = id(&walk);
        hash(browser, &format!("#/task/{task}"));

        browser.reload();
        browser.read(&format!("This link opens task {task}"));
        assert_eq!(browser.value("Agent address"), walk.address);
        assert_eq!(browser.value("Agent password"), "");
        give_password(browser);
        browser.see(Role::Heading, "Destroy ODP");
        browser.read("a line from before the reload");
        browser.wait_until("progress in the title", || {
            title(browser).ends_with(&format!("/4 Destroying… · {}", walk.address))
        });
        walk.finish("Destroyed");
        assert_eq!(walk.deletes(), 1);
        titled(browser, &format!("Destroyed · {}", walk.address));
        // The tab stores the DELETE of the task.
        browser.script(
            "[...deep()].find((it) => it.matches('details.evidence')).open = true",
            &[],
        );
        browser.read(Label::SentAt.get(Language::English));
        browser.read(Label::TraceId.get(Language::English));

        // An ending is also a place.
        browser.reload();
        give_password(browser);
        browser.see(Role::Heading, "Destroyed");
        browser.click(Role::Button, "Start over");
        hash(browser, &format!("#/agent/{}", walk.address));
        assert_eq!(walk.deletes(), 1);
    });
}

#[test]
fn a_link_opens_a_stage_of_a_task_from_any_screen() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        run(&walk, "a line of the running stage");
        let task = id(&walk);
        let nodes = walk.control.snapshot().last_task().unwrap().nodes.clone();
        walk.finish("Destroyed");

        // The selected stage is part of the place; another tab opens the same stage.
        browser.click(Role::Button, "3 Forget the ODP");
        let place = format!("#/task/{task}/node/{}", told(&walk, nodes[2].id));
        hash(browser, &place);
        browser.reload();
        give_password(browser);
        browser.see(Role::Heading, "Destroyed");
        browser.see(Role::Heading, "Log of stage 3 · Forget the ODP");

        browser.click(Role::Button, "Start over");
        give_password(browser);
        browser.see(Role::Heading, "Review and confirm");
        paste(
            browser,
            &format!(
                "#/task/{task}/sub-task/{}",
                told(&walk, nodes[1].sub_task.id)
            ),
        );
        give_password(browser);
        browser.see(Role::Heading, "Destroyed");
        browser.see(Role::Heading, "Log of stage 2 · Kill obproxy");
    });
}

#[test]
fn a_link_that_leads_nowhere_is_told_and_the_way_on_is_open() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        for (link, said) in [
            ("#/task/twelve", "\"twelve\" is not an ID"),
            ("#/agent/10.0.0.1", "The agent address 10.0.0.1 has no port"),
            ("#/task/%", "\"%\" is not percent-encoded"),
        ] {
            paste(browser, link);
            browser.wait_until(said, || {
                let said_it = browser.script(
                    "return document.querySelector('.failure')?.textContent",
                    &[],
                );
                said_it
                    .as_str()
                    .is_some_and(|sentence| sentence.contains(said))
            });
            hash(browser, link);
        }
        // An id of this agent that it does not know.
        walk.destroy();
        walk.finish("Destroyed");
        let mut other = id(&walk);
        other.push('9');
        paste(browser, &format!("#/task/{other}"));
        browser.read(&other);
        assert_eq!(
            browser.script("return document.querySelector('.failure')", &[]),
            json!(null)
        );
        give_password(browser);
        browser.read("has no task with this id");
        browser.click(Role::Button, "Do not open the task");
        give_password(browser);
        browser.see(Role::Heading, "Review and confirm");
    });
}

#[test]
fn a_link_pasted_at_the_moment_of_a_new_place_is_opened() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        browser.see(Role::Button, "中文");
        // The browser reports the new address after the page has drawn the new place.
        browser.script(
            "location.hash = arguments[0];
             [...deep()].find((it) => it.matches('button') && it.textContent.trim() === '中文').click()",
            &[json!("#/task/twelve")],
        );
        browser.see(Role::Button, "连接");
        browser.read("\"twelve\" is not an ID");
        assert_eq!(walk.sent_deletes(), 0);
    });
}

#[test]
fn no_link_leads_away_from_a_delete_under_way() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.review();
        walk.control.delay_answers(Duration::from_secs(2));
        walk.confirm();
        paste(browser, "#/agent/10.0.0.1:2886");
        browser.wait_until("the DELETE", || walk.deletes() == 1);
        walk.control.heal();
        browser.see(Role::Heading, "Destroy ODP");
        hash(browser, &format!("#/task/{}", id(&walk)));
        walk.finish("Destroyed");
        assert_eq!(walk.deletes(), 1);
    });
}

/// Presses a button of the browser.
fn go(browser: &Browser, way: &str, wanted: &str) {
    browser.script(&format!("history.{way}()"), &[]);
    hash(browser, wanted);
}

#[test]
fn back_and_forward_go_between_the_places_and_never_to_a_confirmed_delete() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        let target = format!("#/agent/{}", walk.address);
        let review = format!("{target}/review");
        let danger = format!("Destroy ODP on {}", walk.address);
        hash(browser, &target);
        walk.review();
        hash(browser, &review);
        assert!(browser.shows(Role::Button, &danger));

        // From the review to the form, which asks for the password; without it, Forward leads no
        // further.
        go(browser, "back", &target);
        browser.see(Role::Button, "Connect");
        assert!(!browser.shows(Role::Button, &danger));
        assert_eq!(browser.value("Agent address"), walk.address);
        go(browser, "forward", &review);
        browser.see(Role::Button, "Connect");
        assert!(!browser.shows(Role::Button, &danger));

        walk.review();
        walk.confirm();
        run(&walk, "a line of the task");
        let task = format!("#/task/{}", id(&walk));
        hash(browser, &task);
        go(browser, "back", &target);
        browser.see(Role::Button, "Connect");
        assert!(!browser.shows(Role::Button, &danger));
        assert_eq!(browser.value("Agent address"), walk.address);
        go(browser, "forward", &task);
        browser.read("This link opens task");
        give_password(browser);
        browser.read("a line of the task");

        // Stages are also places.
        browser.click(Role::Button, "3 Forget the ODP");
        browser.see(Role::Heading, "Log of stage 3 · Forget the ODP");
        browser.wait_until("the stage in the address", || {
            browser.url().contains("/node/")
        });
        go(browser, "back", &task);
        browser.read("a line of the task");
        walk.finish("Destroyed");
        assert_eq!(walk.deletes(), 1);
    });
}

#[test]
fn the_agents_tasks_are_listed_and_open_in_the_same_view() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.connect();
        browser.click(Role::Button, "ODP tasks of this agent");
        browser.read("This agent has no ODP tasks.");

        walk.control.fail_stage(2, u32::MAX);
        walk.type_address();
        walk.confirm();
        browser.wait_until("the agent's task", || {
            walk.control.snapshot().last_task().is_some()
        });
        walk.finish("Failed at stage 2");
        browser.click(Role::Button, "Start over");
        browser.read("You are still signed in to this agent.");
        browser.click(Role::Button, "Connect");
        browser.click(Role::Button, "ODP tasks of this agent");
        browser.read(&id(&walk));
        browser.click(Role::Button, "Destroy ODP");
        browser.see(Role::Heading, "Failed at stage 2");
        hash(browser, &format!("#/task/{}", id(&walk)));
    });
}
