//! Tests the running task: updates arrive automatically, nothing jumps, and the person's position
//! is kept.

use obshell_sim::Config;

use crate::support::{Look, Role, in_browser};
use crate::walk::{PASSWORD, Walk, config};

#[test]
fn stages_and_log_lines_appear_as_they_come() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        browser.wait_until("stage 2 at the agent", || {
            walk.control.pass();
            walk.control
                .snapshot()
                .last_task()
                .is_some_and(|dag| dag.stage == 2)
        });
        browser.wait_until("the running step's first lines", || {
            walk.control.pass();
            browser.text().contains("Kill obproxy process")
        });
        walk.control
            .append_log(&["a line that came later".to_owned()]);
        browser.read("a line that came later");
        walk.finish("Destroyed");
        browser.read("Successfully killed the obproxy process");
    });
}

/// Grants the permission for notifications, and records them instead of showing them.
const NOTIFICATIONS: &str = r"
    window.notified = [];
    window.Notification = class {
        static permission = 'default';
        static async requestPermission() { return (this.permission = 'granted'); }
        constructor(title, { lang, tag }) { window.notified.push({ title, lang, tag }); }
    };
";

#[test]
fn the_end_of_a_task_in_the_background_is_notified_where_the_person_asked_for_it() {
    in_browser(Look::default(), |browser| {
        browser.run_in_new_pages(NOTIFICATIONS);
        let walk = Walk::start(browser, config());
        walk.destroy();
        let notify_me = "Notify me when the task ends";
        browser.click(Role::Checkbox, notify_me);
        let ticked = || {
            browser
                .see(Role::Checkbox, notify_me)
                .script("return arguments[0].checked")
        };
        browser.wait_until("the permission", || ticked() == true);
        browser.show_page(false);
        assert!(walk.control.step_to_end(), "the task has not ended");
        // A hidden page reads the task three times a minute.
        let notified = || browser.script("return window.notified", &[]);
        browser.wait_until("the notification", || notified() != serde_json::json!([]));
        let title = format!("Destroyed · {}", walk.address);
        let expected =
            serde_json::json!([{ "title": title, "lang": "en-US", "tag": "odp-console" }]);
        assert_eq!(notified(), expected);
        browser.see(Role::Heading, "Destroyed");
    });
}

/// Lines that wrap to one to four rows; every fifth entry has a second line of its own.
fn long_lines(from: usize, to: usize) -> Vec<String> {
    let line = |number: usize| {
        let words = "words that fill a row ".repeat(1 + number % 4 * 6);
        let second = if number.is_multiple_of(5) {
            "\nsecond line"
        } else {
            ""
        };
        format!("entry {number}: {words}{second}")
    };
    (from..to).map(line).collect()
}

/// Returns the numbers of the visible lines, and the position of the first one in pixels from the
/// top.
const IN_SIGHT: &str = "
    const log = [...deep()].find((e) => e.matches('[role=log]'));
    const area = log.getBoundingClientRect();
    const seen = [...log.querySelectorAll('.line')].filter((line) => {
        const box = line.getBoundingClientRect();
        return box.bottom > area.top + 1 && box.top < area.bottom - 1;
    });
    return { numbers: seen.map((line) => +line.dataset.number),
             top: Math.round(seen[0]?.getBoundingClientRect().top - area.top),
             over: log.scrollTop + log.clientHeight >= log.scrollHeight - 1 };
";

/// Paging through a long log shows every line.
#[test]
fn paging_through_a_wrapped_log_shows_every_line() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        browser.wait_until("the running step", || {
            walk.control.pass();
            walk.control.append_log(&long_lines(0, 1_200))
        });
        browser.read("entry 1199");
        let script = |body: &str| browser.script(body, &[]);
        script(
            "const log = [...deep()].find((e) => e.matches('[role=log]'));
             log.scrollTop = 0",
        );
        let numbers = |sight: &serde_json::Value| -> Vec<u64> {
            let numbers = sight["numbers"].as_array().unwrap().iter();
            numbers.map(|number| number.as_u64().unwrap()).collect()
        };
        browser.wait_until("the first line", || {
            numbers(&script(IN_SIGHT)).first() == Some(&1)
        });
        let mut last = 0;
        loop {
            let sight = script(IN_SIGHT);
            let seen = numbers(&sight);
            let (first, newest) = (seen[0], *seen.last().unwrap());
            assert!(
                first <= last + 1,
                "lines {last} to {first} were passed over"
            );
            last = newest;
            if sight["over"] == true {
                break;
            }
            // The distance of "Page Down", which a browser may animate.
            script(
                "const log = [...deep()].find((e) => e.matches('[role=log]'));
                 log.scrollBy({ top: log.clientHeight - 20, behavior: 'instant' })",
            );
            let mut before = sight;
            browser.wait_until("the next page", || {
                let sight = script(IN_SIGHT);
                let moved = numbers(&sight).first().is_some_and(|now| *now > first);
                let rests = std::mem::replace(&mut before, sight) == before;
                rests && (moved || before["over"] == true)
            });
        }
        assert!(last >= 1_200, "{last}");
    });
}

#[test]
fn reading_is_not_moved_while_lines_come() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        browser.wait_until("the running step", || {
            walk.control.pass();
            walk.control.append_log(&long_lines(0, 950))
        });
        browser.read("entry 949");
        let script = |body: &str| browser.script(body, &[]);
        script(
            "const log = [...deep()].find((e) => e.matches('[role=log]'));
             log.scrollTop = log.scrollHeight / 2",
        );
        browser.see(Role::Button, "Jump to end");
        let before = script(IN_SIGHT);
        // Beyond the number of lines above which only some are drawn, and far beyond it.
        for (from, to) in [(950, 1_010), (1_010, 1_040), (1_040, 4_000)] {
            walk.control.append_log(&long_lines(from, to));
            let count = walk.control.snapshot().requests.len();
            browser.wait_until("two more refreshes", || {
                walk.control.snapshot().requests.len() >= count + 2
            });
            assert_eq!(script(IN_SIGHT), before, "at {to} lines");
        }
    });
}

#[test]
fn what_did_not_change_is_not_drawn_again_and_a_selection_survives() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        browser.wait_until("the running step", || {
            walk.control.pass();
            walk.control.append_log(&["the marked line".to_owned()])
        });
        browser.read("the marked line");
        let marked = browser.script(
            "const line = [...deep()].filter((e) => e.childElementCount === 0 &&
                 e.textContent.includes('the marked line')).pop();
             line.odpMark = true;
             const range = document.createRange();
             range.selectNodeContents(line);
             const selection = line.getRootNode().getSelection?.() ?? getSelection();
             selection.removeAllRanges();
             selection.addRange(range);
             return selection.toString()",
            &[],
        );
        assert_eq!(marked, "the marked line");
        for number in 0..3 {
            let line = format!("line {number} after the mark");
            walk.control.append_log(std::slice::from_ref(&line));
            browser.read(&line);
        }
        let still = browser.script(
            "const line = [...deep()].find((e) => e.odpMark);
             const selection = line?.getRootNode().getSelection?.() ?? getSelection();
             return line && line.isConnected ? selection.toString() : 'drawn again'",
            &[],
        );
        assert_eq!(still, "the marked line");
    });
}

#[test]
fn the_log_follows_its_end_until_the_person_scrolls_up() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        browser.wait_until("the running step", || {
            walk.control.pass();
            walk.control.append_log_lines(400)
        });
        let at_end = "const log = [...deep()].find((e) => e.matches('[role=log]'));
             return log && log.scrollHeight > log.clientHeight + 500 &&
                 log.scrollTop + log.clientHeight >= log.scrollHeight - 40";
        browser.wait_until("the end of a long log", || {
            browser.script(at_end, &[]) == true
        });
        walk.control.append_log(&["the newest line".to_owned()]);
        browser.read("the newest line");
        browser.wait_until("the end again", || browser.script(at_end, &[]) == true);

        browser.script(
            "const log = [...deep()].find((e) => e.matches('[role=log]')); log.scrollTop = 100",
            &[],
        );
        browser.see(Role::Button, "Jump to end");
        let top = "return [...deep()].find((e) => e.matches('[role=log]')).scrollTop";
        let before = browser.script(top, &[]);
        walk.control.append_log(&["unseen for now".to_owned()]);
        let polls = |_: ()| walk.control.snapshot().requests.len();
        let now = polls(());
        browser.wait_until("two more refreshes", || polls(()) >= now + 2);
        assert_eq!(
            browser.script(top, &[]),
            before,
            "the person's place is kept"
        );
        browser.click(Role::Button, "Jump to end");
        browser.read("unseen for now");
    });
}

#[test]
fn it_asks_about_once_a_second_and_never_twice_at_once() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        let asked = || {
            let requests = walk.control.requests();
            requests
                .iter()
                .filter(|request| request.target.starts_with("/api/v1/task/dag/4"))
                .count()
        };
        let (first, start) = (asked(), std::time::Instant::now());
        browser.wait_until("five refreshes", || asked() >= first + 5);
        let seconds = start.elapsed().as_secs_f64();
        assert!(seconds > 3.5, "five refreshes in {seconds} s");
        walk.finish("Destroyed");
        let after = asked();
        browser.read("Destroyed");
        assert_eq!(asked(), after, "nothing is asked after the end");
    });
}

#[test]
fn a_reload_asks_for_the_password_again() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.connect();
        browser.reload();
        browser.see(Role::Button, "Connect");
        assert_eq!(browser.value("Agent password"), "");
    });
}

#[test]
fn a_changed_password_is_asked_for_in_place_and_the_task_goes_on() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        browser.expect_in_console("401");
        browser.secret("the new one 4711");
        walk.control.set_password(Some("the new one 4711"));
        browser.fill("Agent password", "the new one 4711");
        browser.press("\u{e007}");
        walk.finish("Destroyed");
        assert_eq!(walk.deletes(), 1);
    });
}

#[test]
fn the_language_changes_at_run_time_and_the_agent_is_asked_in_it() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, Config { ..config() });
        walk.review();
        browser.click(Role::Button, "中文");
        browser.read("销毁");
        walk.control.set_password(Some("changed meanwhile"));
        browser.expect_in_console("401");
        browser.wait_until("the danger button in Chinese", || {
            browser
                .names(Role::Button)
                .iter()
                .any(|name| name.contains(&walk.address))
        });
        let danger = browser.names(Role::Button);
        let danger = danger
            .iter()
            .find(|name| name.contains(&walk.address))
            .unwrap();
        browser.click(Role::Button, danger);
        browser.see(Role::Heading, "请求未发送");
        browser.script(
            "[...deep()].find((it) => it.matches('details.evidence')).open = true",
            &[],
        );
        browser.read("认证失败: agent 密码不正确");
        assert!(!browser.text().contains(PASSWORD));
    });
}
