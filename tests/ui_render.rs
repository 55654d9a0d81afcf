//! Renders every screen and every ending to HTML in both languages.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "ui_render/hostile.rs"]
mod hostile;
#[path = "ui_render/long.rs"]
mod long;
#[path = "ui_render/page.rs"]
mod page;
#[path = "ui_render/states.rs"]
mod states;
#[path = "ui_render/surroundings.rs"]
mod surroundings;
#[path = "ui_render/title.rs"]
mod title;

use std::collections::HashSet;
use std::rc::Rc;

use odp_console::flow::event::Language;
use odp_console::flow::operation::Operation;
use odp_console::flow::preflight::{Obstacle, Verdict};
use odp_console::flow::settings::Settings;
use odp_console::flow::state::{Contact, FactsLookup, OdpLookup, Screen, SignIn};
use odp_console::obshell::answer;
use odp_console::obshell::dag::State as TaskState;
use odp_console::obshell::odp::Odp;
use odp_console::text;
use odp_console::text::labels::Label;
use page::{Page, draw, draw_several, draw_with, text as text_of};
use states::{ADDRESS, all, dag, task};

const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];

fn each(look: impl Fn(&str, &Page, Language)) {
    for (name, state) in all() {
        for language in LANGUAGES {
            let page = draw(state.clone(), language);
            look(&format!("{name} in {}", language.tag()), &page, language);
        }
    }
}

fn drawn(name: &str, language: Language) -> Page {
    let (_, state) = all().into_iter().find(|(known, _)| *known == name).unwrap();
    draw(state, language)
}

fn english(name: &str) -> Page {
    drawn(name, Language::English)
}

#[test]
fn every_screen_has_its_headings_in_order_and_one_that_takes_the_focus() {
    each(|name, page, language| {
        let levels: Vec<u8> = page
            .all("h1,h2,h3,h4")
            .iter()
            .map(|heading| heading.value().name().as_bytes()[1] - b'0')
            .collect();
        assert_eq!(levels[..2], [1, 2], "{name}");
        assert_eq!(levels.iter().filter(|level| **level <= 2).count(), 2);
        assert!(
            levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
            "{name}: {levels:?}"
        );
        assert_eq!(text_of(page.one("h1")), Label::Title.get(language));
        let heading = page.one("h2");
        assert_eq!(heading.attr("tabindex"), Some("-1"), "{name}");
        assert!(!text_of(heading).is_empty(), "{name}");
    });
}

#[test]
fn every_control_has_a_name_and_no_reference_leads_nowhere() {
    each(|name, page, _| {
        for control in page.all("button,input,select,summary,[role=log],[role=group],section") {
            assert!(!page.name(control).is_empty(), "{name}: {}", control.html());
        }
        for attribute in ["aria-describedby", "aria-labelledby", "for", "list"] {
            for element in page.all(&format!("[{attribute}]")) {
                for id in element.attr(attribute).unwrap().split_whitespace() {
                    assert!(page.by_id(id).is_some(), "{name}: {attribute}={id}");
                }
            }
        }
        let ids: Vec<&str> = page
            .all("[id]")
            .iter()
            .filter_map(|element| element.attr("id"))
            .collect();
        let unique: HashSet<&&str> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{name}: {ids:?}");
    });
}

#[test]
fn a_strict_policy_and_a_careful_reader_find_nothing_to_refuse() {
    each(|name, page, language| {
        assert!(
            page.all("[style],[onclick],script,style,link,img")
                .is_empty(),
            "{name}"
        );
        assert!(page.all("a[href]").is_empty(), "{name}");
        for field in page.all("input[type=password]") {
            assert_eq!(field.attr("value"), None, "{name}");
            assert_eq!(field.attr("autocomplete"), Some("new-password"), "{name}");
            assert_eq!(field.attr("name"), None, "{name}");
        }
        let root = page.one(".console");
        assert_eq!(root.attr("lang"), Some(language.tag()), "{name}");
        assert_eq!(root.attr("data-theme"), Some("dark"), "{name}");
        let heading = text_of(page.one("h2"));
        assert!(!page.html.contains("{0}"), "{name}: {heading}");
    });
}

#[test]
fn the_live_region_tells_each_screen_apart() {
    for language in LANGUAGES {
        let news = |name| drawn(name, language).news();
        assert_eq!(news("connect"), "");
        let told: Vec<String> = [
            "connect-asking",
            "connect-seen",
            "connect-wrong-password",
            "connect-web-page",
            "review",
            "review-held",
            "review-rechecking",
            "submitting",
            "submitting-again",
            "task",
            "task-retrying",
            "task-unauthenticated",
            "task-confirming",
            "destroyed",
            "someone-found",
            "finding-out",
        ]
        .into_iter()
        .map(news)
        .collect();
        assert!(told.iter().all(|news| !news.is_empty()), "{told:?}");
        let different: HashSet<&String> = told.iter().collect();
        assert_eq!(different.len(), told.len(), "{told:?}");
    }
    assert!(english("task").news().contains("stage 2 of 4"));
}

#[test]
fn the_steps_show_where_the_person_is() {
    for (name, current) in [
        ("connect", Some("1Connect")),
        ("review", Some("2Reviewandconfirm")),
        ("submitting", Some("3Task")),
        ("task", Some("3Task")),
        ("destroyed", None),
        ("refused", Some("3Task")),
    ] {
        let page = english(name);
        let found = page.texts(".steps [aria-current=step]");
        let found: Vec<String> = found.iter().map(|text| text.replace(' ', "")).collect();
        assert_eq!(found, Vec::from_iter(current.map(str::to_owned)), "{name}");
    }
    assert_eq!(english("destroyed").all(".steps .done").len(), 3);
}

#[test]
fn a_finished_step_has_a_check_mark_and_leads_back_where_there_is_a_way() {
    for (name, done, back) in [
        ("connect", 0, vec![]),
        ("review", 1, vec!["Connect"]),
        ("review-rechecking", 1, vec!["Connect"]),
        // No step leads away from a confirmation.
        ("submitting", 2, vec![]),
        ("finding-out", 2, vec![]),
        ("task", 2, vec!["Connect"]),
        ("destroyed", 3, vec!["Connect"]),
        // Nothing was done: the steps lead to another confirmation.
        ("not-sent", 2, vec!["Connect", "Review and confirm"]),
    ] {
        let page = english(name);
        assert_eq!(page.all(".steps .done .mark svg").len(), done, "{name}");
        assert_eq!(page.texts(".steps button"), back, "{name}");
    }
}

#[test]
fn several_agents_are_offered_where_there_is_a_way_to_a_run() {
    let name = |page: &Page| page.texts(".several button");
    assert!(name(&english("connect")).is_empty());
    let (_, state) = all()
        .into_iter()
        .find(|(name, _)| *name == "connect")
        .unwrap();
    for (has_stored_run, hint) in [(false, "whole cluster"), (true, "has stored a run")] {
        let page = draw_several(state.clone(), Language::English, has_stored_run);
        assert_eq!(name(&page), ["Several agents"]);
        let button = page.named("button", "Several agents");
        assert!(page.description(button).contains(hint), "{hint}");
    }
}

/// A failed task is watched like a running one while the effect of a retry is awaited.
#[test]
fn closing_a_task_is_not_said_to_leave_it_running() {
    for name in [
        "task-confirming",
        "task-retry-accepted",
        "failed-retry-checking",
    ] {
        let page = english(name);
        let close = page.named("button", "Close task view");
        assert_eq!(
            page.description(close),
            "Closing this view does not stop the task.",
            "{name}"
        );
    }
}

#[test]
fn the_connect_form_offers_the_sites_agents() {
    let page = english("connect");
    let address = page.named("input", "Agent address");
    let list = address.attr("list").unwrap();
    let options: Vec<(Option<&str>, String)> = page
        .all(&format!("#{list} option"))
        .iter()
        .map(|option| (option.attr("value"), text_of(*option)))
        .collect();
    assert_eq!(
        options,
        [
            (Some(ADDRESS), "Payments, Hangzhou".to_owned()),
            (Some("[fd00::7]:2886"), "[fd00::7]:2886".to_owned()),
        ]
    );
    page.named("input[type=password]", "Agent password");
    assert_eq!(page.named("button", "Connect").attr("type"), Some("submit"));

    let page = english("connect-plain");
    assert_eq!(page.named("input", "Agent address").attr("list"), None);

    // If no address can be typed, one is selected.
    let page = english("connect-list-only");
    page.named("select", "Agent address");
    assert_eq!(page.all("input").len(), 1);
    assert_eq!(
        page.texts("option"),
        [
            "Choose an agent",
            "10.10.10.1:2886 · Payments, Hangzhou",
            "[fd00::7]:2886",
        ]
    );
}

#[test]
fn the_tested_versions_are_named_and_what_older_ones_lack() {
    let tested = "real builds of obshell 4.3.1.0 and 4.5.0.0, and with recorded responses of \
                  4.2.6.0 and 4.3.0.0.";
    let lacking = "cannot skip a stage, and its messages are in English only. obshell 4.2.6.0 \
                   also has no task list, and may refuse Cancel and Mark as done.";
    for (name, older) in [
        ("connect-asking", false),
        ("connect-seen", false),
        ("connect-older", true),
    ] {
        let page = english(name);
        let facts = text_of(page.one(".facts"));
        assert!(facts.contains(tested), "{name}: {facts}");
        assert_eq!(facts.contains(lacking), older, "{name}: {facts}");
    }
}

#[test]
fn what_is_known_without_a_password_is_shown() {
    assert_eq!(
        english("connect-asking").one(".facts").attr("aria-busy"),
        Some("true")
    );
    let page = english("connect-seen");
    let facts = text_of(page.one(".facts dl"));
    for fact in [
        "4.5.0.0-0",
        "SINGLE",
        "Managed by this agent",
        "Set",
        "20:00:12",
        "UTC+08:00",
        "RSA 1024 bit",
    ] {
        assert!(facts.contains(fact), "{fact} in {facts}");
    }
    let target = text_of(page.one("header .target"));
    assert_eq!(target, "10.10.10.1:2886 obshell 4.5.0.0-0 SINGLE");
    // The field shows the site's label of the agent.
    let address = page.named("input", "Agent address");
    assert!(page.description(address).contains("Payments, Hangzhou"));
}

#[test]
fn the_start_of_the_agents_process_is_shown_where_the_agent_reports_it() {
    let (_, seen) = all()
        .into_iter()
        .find(|(name, _)| *name == "connect-seen")
        .unwrap();
    let FactsLookup::Read(facts) = &seen.form.lookup else {
        panic!("the agent is seen");
    };
    for (started_at, expected) in [
        (facts.info.started_at, ["19:00:05 UTC+08:00"; 2]),
        // A missing time and a time before 2000 are not shown.
        (0, ["Not reported", "未提供"]),
        (1, ["Not reported", "未提供"]),
    ] {
        let mut facts = facts.clone();
        Rc::make_mut(&mut facts).info.started_at = started_at;
        let mut state = seen.clone();
        state.form.lookup = FactsLookup::Read(facts);
        for ((language, label), expected) in LANGUAGES
            .into_iter()
            .zip(["Running since", "启动时间"])
            .zip(expected)
        {
            let page = draw(state.clone(), language);
            let names = page.texts(".facts dt");
            let at = names.iter().position(|name| name == label).unwrap();
            assert_eq!(page.texts(".facts dd")[at], expected);
        }
    }
}

#[test]
fn what_is_wrong_stands_at_its_field_with_the_fix_and_what_was_typed_stays() {
    for language in LANGUAGES {
        let page = drawn("connect-bad-address", language);
        let address = page.named("input", Label::AgentAddress.get(language));
        assert_eq!(address.attr("aria-invalid"), Some("true"));
        assert_eq!(address.attr("value"), Some("10.10.10.1"));
        let advice = text::problem::address_problem(
            &odp_console::flow::settings::AddressProblem::Malformed(
                odp_console::obshell::address::AddressError::NoPort,
            ),
            "10.10.10.1",
            language,
        );
        let said = page.description(address);
        assert!(
            said.contains(&advice.what) && said.contains(&advice.fix),
            "{said}"
        );
        let password = page.named("input", Label::AgentPassword.get(language));
        assert_eq!(password.attr("aria-invalid"), Some("true"));
        let missing = text::problem::password_missing(SignIn::AgentPassword, language);
        assert!(page.description(password).contains(&missing.what));

        let page = drawn("connect-wrong-password", language);
        let password = page.named("input", Label::AgentPassword.get(language));
        assert_eq!(password.attr("aria-invalid"), Some("true"));
        assert!(page.description(password).contains(ADDRESS));
        let address = page.named("input", Label::AgentAddress.get(language));
        assert_eq!(address.attr("value"), Some(ADDRESS));
        assert_eq!(address.attr("aria-invalid"), None);
    }
    // Each problem and its fix are shown once.
    for name in ["connect-web-page", "connect-too-old", "connect-no-password"] {
        let page = english(name);
        assert_eq!(page.all(".notice.bad").len(), 1, "{name}");
        assert_eq!(page.all(".notice .what").len(), 1, "{name}");
        assert!(page.all(".notice p").len() >= 2, "{name}");
    }
    assert!(english("connect-too-old").texts(".notice")[0].contains("4.2.5.0-1"));
}

#[test]
fn a_link_says_what_connecting_opens_and_whose_it_is() {
    for language in LANGUAGES {
        let cancel_open = text::open::cancel_open(language);
        let page = drawn("connect-link", language);
        let what = page.texts(".notice .what");
        assert_eq!(what.len(), 1);
        assert!(what[0].contains("401684300810288601"), "{what:?}");
        page.named("button", cancel_open);
        let page = drawn("connect-link-foreign", language);
        let warned = text_of(page.one(".notice.warn"));
        assert!(warned.contains("10.10.10.1:2886") && warned.contains("10.10.10.2:2886"));
        let page = drawn("connect", language);
        assert!(!page.texts("button").contains(&cancel_open.to_owned()));
    }
}

#[test]
fn the_agents_tasks_are_listed_with_state_time_and_id() {
    let page = english("tasks");
    let rows = page.texts("[aria-labelledby=tasks-title] li");
    assert_eq!(rows.len(), 3);
    for (row, state) in rows.iter().zip(["Running", "Cancelled", "Succeeded"]) {
        assert!(row.contains(state), "{row}");
        assert!(
            row.contains("Destroy ODP") && row.contains("20:00:00"),
            "{row}"
        );
        assert!(row.contains("401684300810288601"), "{row}");
    }
    assert!(
        page.news() == "ODP tasks of this agent: 3",
        "{}",
        page.news()
    );
    // Nothing is read before a request.
    let page = english("review");
    let button = page.named("button", "ODP tasks of this agent");
    assert_eq!(button.attr("aria-expanded"), Some("false"));
    assert_eq!(page.all("[aria-labelledby=tasks-title] li").len(), 0);
    assert!(english("tasks-none").html.contains("has no ODP tasks"));
    assert_eq!(english("tasks-failed").all("section .notice.bad").len(), 1);
}

/// The review over HTTP, with a warning of a check.
fn review_over_http(language: Language) -> Page {
    let (_, state) = all()
        .into_iter()
        .find(|(name, _)| *name == "review")
        .unwrap();
    draw_with(state, language, false)
}

#[test]
fn checks_that_pass_are_one_line_that_opens() {
    for (language, line, tally) in [
        (
            Language::English,
            "10 checks passed",
            "Pre-flight checks: 10 passed",
        ),
        (Language::Chinese, "10 项检查全部通过", "预检查: 10 项通过"),
    ] {
        let page = drawn("review", language);
        let lines = page.one("details.passed");
        assert_eq!(lines.attr("open"), None);
        assert_eq!(page.texts("details.passed summary"), [line]);
        assert_eq!(page.all("details.passed .checks li").len(), 10);
        assert_eq!(page.all(".checks li").len(), 10);
        assert_eq!(page.news(), tally);
    }
}

#[test]
fn checks_that_do_not_pass_stand_open_with_the_worst_first() {
    let page = review_over_http(Language::English);
    assert_eq!(page.texts("details.passed summary"), ["9 checks passed"]);
    assert_eq!(page.news(), "Pre-flight checks: 1 warning, 9 passed");
    let open = page.all(".preflight > .checks > li");
    assert_eq!(open.len(), 1);
    assert!(text_of(page.one(".checks li.warn")).contains("HTTP"));
    assert!(!text_of(page.one(".checks .warn .fix")).is_empty());
    assert_eq!(page.all(".confirm").len(), 1, "a warning stops nobody");

    let (_, state) = all()
        .into_iter()
        .find(|(name, _)| *name == "review-held")
        .unwrap();
    let page = draw_with(state, Language::English, false);
    assert_eq!(
        page.texts(".preflight > .checks > li .verdict"),
        ["Failed", "Warning"]
    );
    assert_eq!(
        page.news(),
        "Pre-flight checks: 1 failed, 1 warning, 8 passed"
    );
}

#[test]
fn a_check_that_fails_takes_the_confirmation_away_and_says_so() {
    for language in LANGUAGES {
        let page = drawn("review-held", language);
        assert_eq!(page.all("form, .danger").len(), 0);
        let told = page.texts("#obstacle .what");
        let advice = text::review::obstacle(Obstacle::CheckFailed, language);
        assert_eq!(told, [advice.what]);
        page.named("button", Label::FollowTask.get(language));
        page.named("button", Label::CheckAgain.get(language));
        let word = text::check::verdict(Verdict::Fail, language);
        assert_eq!(page.texts(".checks .bad .verdict"), [word]);
        // The effects are still shown.
        assert_eq!(page.all(".effects li").len(), 4);
    }
}

#[test]
fn a_destroy_that_is_known_to_do_nothing_is_offered_to_those_who_insist() {
    for language in LANGUAGES {
        let page = drawn("review-nothing-managed", language);
        assert_eq!(page.all("form, .danger, .effects").len(), 0);
        let advice = text::review::obstacle(Obstacle::NothingManaged, language);
        assert_eq!(page.texts("#obstacle .what"), [&*advice.what]);
        let on = page.named("button", Label::ContinueAnyway.get(language));
        assert!(page.description(on).contains(&advice.what));

        let page = drawn("review-insists", language);
        assert_eq!(page.all("#obstacle").len(), 0);
        page.named("input", Label::TypeToConfirm.get(language));
        assert_eq!(page.all(".confirm .danger").len(), 1);
        // The button does not promise to destroy something.
        assert_ne!(
            page.texts("#lead"),
            drawn("review", language).texts("#lead")
        );
    }
}

#[test]
fn a_read_only_console_shows_agent_and_checks_and_nothing_to_confirm() {
    for name in ["review", "review-held", "review-nothing-managed"] {
        let (_, mut state) = all().into_iter().find(|(it, _)| *it == name).unwrap();
        let mut settings = (*state.settings).clone();
        settings.read_only = true;
        state.settings = Rc::new(settings);
        let page = draw(state, Language::English);
        assert_eq!(page.all("form, .danger, .effects, #obstacle").len(), 0);
        let notice = page.texts(".notice .what").join(" ");
        assert!(notice.contains("read-only"), "{notice}");
        assert!(!page.all(".checks li").is_empty());
        page.named("button", "Run checks again");
        page.named("button", "ODP tasks of this agent");
        assert_eq!(page.texts("h2"), ["Review"]);
    }
}

#[test]
fn while_the_checks_run_again_the_confirmation_waits() {
    let page = english("review-rechecking");
    let danger = page.named("button", "Destroy ODP on 10.10.10.1:2886");
    assert_eq!(danger.attr("aria-disabled"), Some("true"));
    let again = page.named("button", "Run checks again");
    assert_eq!(again.attr("aria-disabled"), Some("true"));
    assert_eq!(page.news(), "Running checks…");
}

#[test]
fn the_review_tells_every_stage_and_asks_for_the_address() {
    for language in LANGUAGES {
        let page = drawn("review", language);
        let stages = page.texts(".effects li");
        for (stage, told) in text::review::stages(language).iter().zip(&stages) {
            assert!(told.contains(stage.title) && told.contains(stage.effect));
        }
        assert_eq!(stages.len(), 4);
        let told = page.texts(".warnings li");
        assert_eq!(told, text::review::warnings(language));
        let field = page.named("input", Label::TypeToConfirm.get(language));
        assert_eq!(field.attr("value").unwrap_or_default(), "");
        assert_eq!(field.attr("aria-invalid"), None);
        assert!(page.description(field).contains(ADDRESS));
    }
    let page = english("review");
    let danger = page.named("button", "Destroy ODP on 10.10.10.1:2886");
    assert!(danger.attr("disabled").is_some());
    // In focus order the field is before the button.
    let order: Vec<String> = page
        .all(".confirm input, .confirm button")
        .iter()
        .map(|element| page.name(*element))
        .collect();
    assert_eq!(
        order,
        [
            "Copy address",
            "To confirm, type the agent address",
            "Destroy ODP on 10.10.10.1:2886",
            "Back"
        ]
    );
    assert_eq!(page.texts("button.primary").len(), 0);
    assert_eq!(page.texts(".confirm code"), [ADDRESS]);
    assert_eq!(
        page.texts("#lead"),
        ["Permanently destroy the ODP managed by 10.10.10.1:2886 . This cannot be undone."]
    );
    assert!(
        drawn("review", Language::Chinese)
            .html
            .contains("销毁 10.10.10.1:2886 上的 ODP")
    );

    let page = english("review-mismatch");
    let field = page.named("input", "To confirm, type the agent address");
    assert_eq!(field.attr("aria-invalid"), Some("true"));
    assert!(
        page.description(field)
            .contains("The address does not match.")
    );
}

#[test]
fn while_the_delete_is_under_way_there_is_nothing_to_press() {
    for name in ["submitting", "submitting-again"] {
        let page = english(name);
        let body = page.all(".body button, .body input, .body select");
        assert!(body.is_empty(), "{name}");
        assert!(text_of(page.one(".panel")).contains("5.0 s"), "{name}");
    }
    assert_eq!(english("submitting").all(".phases .turning").len(), 1);
    let again = text_of(english("submitting-again").one(".panel"));
    assert!(again.contains(Label::Resent.get(Language::English)));
}

#[test]
fn a_running_task_shows_state_stage_and_time_by_the_agents_clock() {
    let page = english("task");
    let strip = text_of(page.one(".strip"));
    // Started at 12:00:00.5 UTC; the browser's clock is at 12:00:10, the agent's at 12:00:12.
    for part in [
        "Running",
        "Stage 2 of 4",
        "Elapsed 11.0 s",
        "401684300810288601",
    ] {
        assert!(strip.contains(part), "{part} in {strip}");
    }
    let next = text::task::next(&dag(2, "RUNNING", "RUN"), Language::English);
    assert!(text_of(page.one(".next")).contains(&next));
    let stages = page.texts(".stages > li");
    assert_eq!(stages.len(), 4);
    for part in [
        "Start 20:00:00",
        "End 20:00:02",
        "Duration 2.0 s",
        "Executions 1",
        "10.10.10.1:2886",
        "Check obproxy status",
        "401684300810288601",
    ] {
        assert!(stages[0].contains(part), "{part} in {}", stages[0]);
    }
    assert!(stages[1].contains("Duration 9.0 s"), "{}", stages[1]);
    assert!(!stages[1].contains("End"), "{}", stages[1]);
    assert!(!stages[2].contains("Start"), "{}", stages[2]);
    // Exact values as tooltips.
    assert_eq!(
        page.all(".stages time")[0].attr("title"),
        Some("2026-11-23T20:00:00.5+08:00")
    );
    // Finished stages have a bar, stages that have not started have none.
    assert_eq!(page.all(".stages svg.span").len(), 2);
    assert_eq!(page.all(".stages svg.span .running").len(), 1);
}

#[test]
fn the_log_of_the_running_stage_is_shown_without_being_asked_for() {
    let page = english("task");
    let log = page.one("[role=log]");
    assert_eq!(log.attr("aria-live"), Some("polite"));
    assert_eq!(log.attr("tabindex"), Some("0"));
    assert!(page.name(log).contains("Log"));
    let lines = page.all(".line");
    let shown: Vec<String> = lines.iter().map(|line| text_of(*line)).collect();
    assert_eq!(
        shown,
        [
            "Get obproxy pid: 8897",
            "Kill obproxy process 8897",
            "Successfully killed the obproxy process"
        ]
    );
    // Line numbers are not part of the text, so that they are not copied.
    assert_eq!(lines[2].attr("data-number"), Some("3"));
    let shown = page.one(".stages [aria-pressed=true]");
    assert!(text_of(shown).starts_with('2'));
    page.named("input[type=search]", "Search the log");
    page.named("button", "Wrap");
    page.named("button", "Copy log");
    // After success, the log is that of the last stage with lines.
    assert_eq!(english("destroyed").all(".line").len(), 2);
}

/// The recorded task that started an ODP (capture 06), whose log contains the hash of a password.
#[test]
fn a_secret_in_a_log_is_not_drawn_and_the_log_says_so() {
    let text = include_str!("fixtures/captures/06-add-stop-start-delete.txt");
    let (_, after) = text.split_once("## add final\n").unwrap();
    let mut add = answer::dag(200, after.lines().nth(1).unwrap().as_bytes())
        .unwrap()
        .value;
    // The state while that stage ran.
    add.state = TaskState::Running;
    add.stage = 2;
    Rc::make_mut(&mut add.nodes.as_mut().unwrap()[1]).state = TaskState::Running;
    let (_, mut state) = all().into_iter().find(|(name, _)| *name == "task").unwrap();
    state.screen = Screen::Task(task(add, Contact::Good));
    for (language, note) in [
        (Language::English, "1 secret value hidden."),
        (Language::Chinese, "已隐藏 1 处敏感信息。"),
    ] {
        let page = draw(state.clone(), language);
        assert!(!page.html.contains("b4c56ee8"), "{}", page.html);
        let line = page.all(".line").into_iter().map(text_of).next().unwrap();
        assert!(line.contains("obproxy_sys_password=***' -n 'px'"), "{line}");
        assert!(page.html.contains(note));
    }
    assert!(!english("task").html.contains("secret value"));
}

#[test]
fn review_and_task_show_which_odp_it_is_and_where_that_is_known_from() {
    let text = include_str!("fixtures/captures/06-add-stop-start-delete.txt");
    let (_, after) = text.split_once("## add final\n").unwrap();
    let add = answer::dag(200, after.lines().nth(1).unwrap().as_bytes());
    let told = OdpLookup::Found(Rc::new(Odp::from_task(&add.unwrap().value).unwrap()));
    for screen in ["review", "task"] {
        let with = |odp: &OdpLookup, language| {
            let (_, mut state) = all().into_iter().find(|(name, _)| *name == screen).unwrap();
            match &mut state.screen {
                Screen::Review(review) => review.preflight.odp = odp.clone(),
                Screen::Task(task) => task.odp = odp.clone(),
                other => panic!("{other:?}"),
            }
            draw(state, language)
        };
        for language in LANGUAGES {
            let page = with(&told, language);
            let facts = page.texts(".odp-facts dd");
            let none = Label::NotTold.get(language);
            assert_eq!(facts, ["/home/admin/px2", "px", none, "2883"], "{screen}");
            let source = text_of(page.one(".odp-facts p"));
            assert!(source.contains("Add obproxy"), "{source}");
            assert!(source.contains("20:19"), "in the chosen zone: {source}");
            assert!(!page.html.contains("b4c56ee8"));
            let page = with(&OdpLookup::NotFound, language);
            let command = text_of(page.one(".odp-facts code"));
            assert_eq!(command, "ps -ef | grep '[o]bproxy'", "{screen}");
        }
        let page = with(&OdpLookup::Reading, Language::English);
        assert!(text_of(page.one(".odp-facts")).contains("Reading"));
        assert!(
            with(&OdpLookup::NotRequested, Language::English)
                .all(".odp-facts")
                .is_empty()
        );
    }
}

#[test]
fn a_log_is_shown_and_never_obeyed_and_a_long_one_is_drawn_in_part() {
    let with_lines = |lines: Vec<String>| {
        let mut dag = dag(2, "RUNNING", "RUN");
        let nodes = dag.nodes.as_mut().unwrap();
        let node = Rc::make_mut(&mut nodes[1]);
        let sub_task = Rc::make_mut(&mut node.sub_tasks.as_mut().unwrap()[0]);
        sub_task.logs = Some(Rc::new(lines));
        let (_, mut state) = all().into_iter().find(|(name, _)| *name == "task").unwrap();
        state.screen = Screen::Task(task(dag, Contact::Good));
        draw(state, Language::English)
    };
    let page = with_lines(vec![
        "ERROR <b>\u{1b}[2Jgone\u{202e}".to_owned(),
        "plain".to_owned(),
    ]);
    let lines = page.all(".line");
    let whole: String = lines[0].text().collect();
    assert_eq!(whole, "ERROR <b>␛[2Jgone‹U+202E›");
    assert_eq!(page.texts(".line .control"), ["␛", "‹U+202E›"]);
    assert!(lines[0].value().classes().any(|class| class == "bad"));
    assert!(lines[1].value().classes().all(|class| class != "bad"));

    let page = with_lines((0..100_000).map(|line| format!("line {line}")).collect());
    let lines = page.texts(".line");
    assert!(lines.len() < 300, "{}", lines.len());
    // The log follows its end.
    assert_eq!(lines.last().map(String::as_str), Some("line 99999"));
    let gap: usize = page.one("svg.gap").attr("height").unwrap().parse().unwrap();
    assert_eq!(gap / 20 + lines.len(), 100_000);
    // Not announced: the drawn lines also change by scrolling.
    assert_eq!(page.one("[role=log]").attr("aria-live"), Some("off"));
    assert!(text_of(page.one(".log .bar")).contains("100000 lines"));
}

#[test]
fn a_lost_contact_says_since_when_and_until_when() {
    let page = english("task-retrying");
    let notice = text_of(page.one(".notice.warn"));
    // 12:00:09 UTC in the agent's zone, and 3.4 s rounded up.
    assert!(notice.contains("20:00:09 UTC+08:00"), "{notice}");
    assert!(notice.contains("4.0 s"), "{notice}");

    let page = english("task-unauthenticated");
    let password = page.named("input[type=password]", "Agent password");
    assert!(page.description(password).contains("20:00:09 UTC+08:00"));
    page.named("button", "Sign in");
}

#[test]
fn a_notification_is_offered_where_the_site_allows_it() {
    for (allowed, on) in [(false, false), (true, false), (true, true)] {
        let (_, mut state) = all()
            .into_iter()
            .find(|(name, _)| *name == "task-new")
            .unwrap();
        state.settings = Rc::new(Settings {
            notifications: allowed,
            ..(*state.settings).clone()
        });
        state.notifies = on;
        let page = draw(state, Language::English);
        let boxes = page.all(".task input[type=checkbox]");
        assert_eq!(boxes.len(), usize::from(allowed));
        let ticked = boxes
            .iter()
            .filter(|one| one.value().attr("checked").is_some());
        assert_eq!(ticked.count(), usize::from(on));
    }
}

/// While the agent does not respond, the last known state is shown, and marked as such.
#[test]
fn with_contact_lost_nothing_is_shown_as_if_it_went_on() {
    for language in LANGUAGES {
        for name in [
            "task-retrying",
            "task-retrying-asked",
            "task-unauthenticated",
        ] {
            let page = drawn(name, language);
            let state = text_of(page.one(".strip .state"));
            let running = text::task::status(
                &odp_console::obshell::dag::State::Running,
                &odp_console::obshell::dag::Operator::Run,
                language,
            );
            let at = "20:00:09 UTC+08:00";
            let last_known = text::task::last_known(at, &running, language);
            assert_eq!(state, last_known, "{name}");
            assert!(page.all(".strip .turning, .next").is_empty(), "{name}");
            let stages = text_of(page.one("#stages-title"));
            let mark = Label::LastKnown.get(language);
            assert!(stages.contains(mark), "{name}: {stages}");
            // Animated elements are in a part that is marked as still.
            let moving = page.all(".turning, .segments-bar .running").len();
            let still = page.all(".still .turning, .still .segments-bar .running");
            assert_eq!(moving, still.len(), "{name}");
            // Mentioned once.
            let untouched = match language {
                Language::English => "This does not stop the task.",
                Language::Chinese => "任务不会因此停止。",
            };
            assert_eq!(page.html.matches(untouched).count(), 1, "{name}");
            // Whether the task still runs is unknown.
            let runs_on = Label::StopWatchingHint.get(language);
            assert!(!page.html.contains(runs_on), "{name}");
            // No operation is offered, and the reason is shown.
            assert!(page.all(".operate button, .danger").is_empty(), "{name}");
            let why = text_of(page.one(".operate > .quiet"));
            assert!(!why.is_empty(), "{name}");
        }
    }
    // The agent's clock was at 20:00:11, and stays there.
    let page = english("task-retrying");
    assert_eq!(text_of(page.one(".elapsed")), "10.0 s");
    assert!(page.texts(".stages > li")[1].contains("Duration 8.0 s"));
    page.named("button", "Try now");
    page.named("button", "Close task view");
    let unauthenticated = english("task-unauthenticated");
    assert!(
        !unauthenticated
            .texts("button")
            .contains(&"Try now".to_owned())
    );
    english("finding-out-retrying").named("button", "Try now");
    let finding_out = english("finding-out-retrying");
    assert!(finding_out.all(".phases .turning").is_empty());
    assert_eq!(english("finding-out").all(".phases .turning").len(), 1);
}

#[test]
fn while_cancelling_the_sign_the_time_and_the_bar_stay() {
    let (running, cancelling) = (english("task"), english("task-cancelling"));
    assert!(text_of(cancelling.one(".strip .state")).contains("Cancelling"));
    for (parts, count) in [
        (".strip .state .turning", 1),
        (".stages .turning", 1),
        (".strip .elapsed", 1),
        (".segments-bar .running", 1),
        (".stages svg.span .running", 1),
        (".stages > li > .stage > dl", 2),
    ] {
        assert_eq!(running.all(parts).len(), count, "{parts}");
        assert_eq!(cancelling.all(parts).len(), count, "{parts}");
    }
    assert_eq!(text_of(cancelling.one(".elapsed")), "11.0 s");
    assert!(cancelling.texts(".stages > li")[1].contains("Duration 9.0 s"));
}

#[test]
fn a_stage_that_never_ran_has_no_bar_and_no_length_of_time() {
    for (name, bars) in [("cancelled-before", 0), ("skipped", 2), ("task", 2)] {
        let page = english(name);
        assert_eq!(page.all(".stages svg.span").len(), bars, "{name}");
        let times = page.all(".stages > li > .stage > dl").len();
        assert_eq!(times, bars, "{name}");
    }
    let segments = english("cancelled-before");
    assert!(segments.all(".segments-bar [class]").is_empty());
}

/// The only filled button is the one that repairs.
#[test]
fn the_primary_action_is_the_one_that_repairs() {
    for (name, primary) in [
        ("failed", Some("Retry")),
        ("failed-skip-refused", Some("Retry")),
        ("failed-by-lists", None),
        ("cancelled", None),
        ("destroyed", None),
        ("nothing", None),
        ("not-sent", Some(Label::CheckAgain.get(Language::English))),
        ("not-done", Some(Label::CheckAgain.get(Language::English))),
        (
            "someone-found",
            Some(Label::FollowTask.get(Language::English)),
        ),
        ("someone-gone", Some("Start over")),
        ("refused", Some("Start over")),
        ("unknown", Some("Start over")),
        ("forgotten", None),
    ] {
        let page = english(name);
        let filled = page.texts(".primary");
        assert_eq!(filled, Vec::from_iter(primary.map(str::to_owned)), "{name}");
        page.named("button", "Start over");
    }
}

#[test]
fn who_starts_over_is_still_signed_in_and_can_sign_out() {
    for language in LANGUAGES {
        let page = drawn("connect-again", language);
        assert!(page.all("input[type=password]").is_empty());
        let address = page.named("input", Label::AgentAddress.get(language));
        assert_eq!(address.attr("value"), Some(ADDRESS));
        page.named("button", Label::SignOut.get(language));
        let connect = page.named("button", Label::Connect.get(language));
        assert_eq!(connect.attr("aria-disabled"), None);
        assert!(page.html.contains(Label::SignedIn.get(language)));
    }
}

#[test]
fn the_date_stands_once_above_the_times_of_day() {
    let page = english("task");
    assert_eq!(page.html.matches("day 20780").count(), 1, "{}", page.html);
}

#[test]
fn times_can_be_read_in_three_zones() {
    let page = english("task");
    page.named("select", "Time zone");
    assert_eq!(
        page.texts("select option"),
        ["Agent · UTC+08:00", "Browser · Asia/Tokyo", "UTC"]
    );
    assert!(page.all("select option")[0].attr("selected").is_some());
}

#[test]
fn every_ending_is_a_heading_with_its_name() {
    for (state, english, chinese, task) in [
        ("destroyed", "Destroyed", "已销毁", true),
        ("skipped", "Skipped, not destroyed", "已跳过，未销毁", true),
        ("failed", "Failed at stage 2", "在第 2 阶段失败", true),
        ("cancelled", "Cancelled at stage 2", "在第 2 阶段取消", true),
        ("nothing", "Nothing to destroy", "没有可销毁的 ODP", false),
        ("refused", "Refused", "请求被拒绝", false),
        (
            "someone-found",
            "Another task is running",
            "其他任务正在执行",
            false,
        ),
        ("not-sent", "Request not sent", "请求未发送", false),
        ("not-done", "Request not sent", "请求未发送", false),
        ("unknown", "Outcome unknown", "结果未知", false),
        ("forgotten", "Outcome unknown", "结果未知", true),
        ("still-managed", "Outcome unknown", "结果未知", true),
    ] {
        for (language, name) in LANGUAGES.into_iter().zip([english, chinese]) {
            let page = drawn(state, language);
            assert_eq!(text_of(page.one("h2")), name);
            assert!(page.news().contains(name), "{name}");
            let (_, drawn) = all()
                .into_iter()
                .find(|(known, _)| *known == state)
                .unwrap();
            let Screen::Ended(ended) = drawn.screen else {
                panic!("{state} is no ending");
            };
            let words = text::ending::ending(&ended, language);
            let card = text_of(page.one(".result"));
            for sentence in words.facts.iter().chain(&words.next) {
                let (sentence, command) = text::split_command(sentence);
                assert!(card.contains(sentence), "{name}: {sentence}");
                assert!(
                    command.is_none_or(|command| card.contains(command)),
                    "{name}"
                );
            }
            // The evidence is behind one button.
            page.named(".menu > summary", Label::Evidence.get(language));
            let choices = [
                Label::CopyMarkdown,
                Label::DownloadMarkdown,
                Label::CopyJson,
                Label::DownloadJson,
            ];
            assert_eq!(
                page.texts(".menu .choices button"),
                choices.map(|label| label.get(language)),
                "{name}"
            );
            page.named("button", Label::StartOver.get(language));
            assert_eq!(page.all(".stages").len(), usize::from(task), "{name}");
            assert!(
                card.contains(ADDRESS) && card.contains("4.5.0.0-0"),
                "{name}"
            );
        }
    }
}

#[test]
fn a_failed_step_shows_its_log_and_no_line_of_it_twice() {
    for name in ["failed", "cancelled"] {
        let page = english(name);
        let last = page.texts(".line").pop().unwrap();
        assert_eq!(last, "Successfully killed the obproxy process", "{name}");
        assert_eq!(page.html.matches(&last).count(), 1, "{name}");
    }
}

/// No fact of a task is shown twice on one screen.
#[test]
fn an_id_and_a_time_stand_on_the_screen_once() {
    for name in ["failed", "destroyed", "skipped"] {
        let page = english(name);
        let id = format!("<code>{}</code>", dag(2, "FAILED", "RUN").id);
        // The details of the result; node 1 and its sub task have the same id here.
        assert_eq!(page.html.matches(&id).count(), 3, "{name}");
    }
}

#[test]
fn a_refusal_shows_the_agents_own_words() {
    let card = text_of(english("refused").one(".evidence"));
    for part in [
        "Security.Authentication.Expired",
        "Verification failed: auth expired",
        "7777777777777777",
    ] {
        assert!(card.contains(part), "{part} in {card}");
    }
    // Without a response, the request's own trace id can be searched for.
    let card = text_of(english("unknown").one(".evidence"));
    assert!(card.contains("00c0ffee00c0ffee"), "{card}");
}

#[test]
fn the_task_that_holds_the_agent_is_shown_and_can_be_followed() {
    let page = english("someone-found");
    let holder = text_of(page.one(".holder"));
    for part in ["Running", "Stage 2 of 4", "401684300810288601"] {
        assert!(holder.contains(part), "{part} in {holder}");
    }
    page.named("button", "View task");
    let gone = english("someone-gone").texts("button");
    assert!(gone.iter().all(|text| text != "View task"));
}

#[test]
fn what_is_found_out_is_told_and_can_be_given_up() {
    for name in [
        "finding-out",
        "finding-out-retrying",
        "finding-out-unauthenticated",
    ] {
        for language in LANGUAGES {
            let page = drawn(name, language);
            let words = text_of(page.one(".panel"));
            for label in [Label::DeterminingOutcome, Label::UncertainDelete] {
                assert!(words.contains(label.get(language)), "{name}: {words}");
            }
            page.named("button", Label::StopChecking.get(language));
            let asks = usize::from(name == "finding-out-unauthenticated");
            assert_eq!(page.all("#password").len(), asks, "{name}");
        }
    }
    let lost = text_of(english("finding-out-retrying").one(".panel"));
    assert!(lost.contains("retrying in 4.0 s"), "{lost}");
    // There may be no task.
    assert!(!lost.contains("stop the task"), "{lost}");
}

#[test]
fn a_task_of_uncertain_origin_and_a_restart_are_told() {
    let words = english("task-presumed").texts(".panel").concat();
    for part in ["does not show who started the task", "agent restarted"] {
        assert!(words.contains(part), "{words}");
    }
    assert!(
        !english("task")
            .texts(".panel")
            .concat()
            .contains("restarted")
    );
}

#[test]
fn another_confirmation_is_offered_where_nothing_was_done_only() {
    for (name, _) in all() {
        let page = english(name);
        if page.all(".result").is_empty() {
            continue;
        }
        let offered = page
            .texts("button")
            .iter()
            .any(|text| text == "Run checks again");
        assert_eq!(offered, ["not-sent", "not-done"].contains(&name), "{name}");
    }
}

#[test]
fn what_can_be_told_to_the_agent_is_offered_by_name_and_nothing_else() {
    use Operation::{Cancel, MarkDone, Retry, Skip};
    for (state, offered) in [
        ("task-new", &[Cancel][..]),
        ("task", &[Cancel]),
        ("failed", &[Retry, Skip, MarkDone]),
        ("cancelled", &[Retry, Skip, MarkDone]),
        ("failed-skip-refused", &[Retry, Skip, MarkDone]),
        ("failed-retry-lost", &[Retry, Skip, MarkDone]),
        ("failed-retry-not-sent", &[Retry, Skip, MarkDone]),
        // One operation at a time.
        ("task-cancel-sent", &[]),
        ("task-confirming", &[]),
        ("destroyed", &[]),
        ("skipped", &[]),
        ("still-managed", &[]),
        ("forgotten", &[]),
    ] {
        for language in LANGUAGES {
            let page = drawn(state, language);
            let names: Vec<_> = offered
                .iter()
                .map(|operation| text::operation::name(*operation, language))
                .collect();
            let offers = page.texts(".operate .acts button");
            let over = Label::StartOver.get(language);
            let offers: Vec<_> = offers.iter().filter(|name| **name != over).collect();
            assert_eq!(offers, names, "{state}");
            // No heading without content.
            let groups = page.all(".operate");
            assert_eq!(groups.is_empty(), offered.is_empty(), "{state}");
            for group in groups {
                assert_eq!(group.attr("role"), Some("group"), "{state}");
                let heading = text::operation::heading(language);
                assert_eq!(page.name(group), heading, "{state}");
                assert_eq!(group.attr("aria-describedby"), None, "{state}");
                // An offered operation only opens a confirmation.
                assert!(page.all(".operate .danger").is_empty());
            }
        }
    }
}

#[test]
fn the_question_says_what_it_does_and_no_button_is_in_the_focus_by_itself() {
    for (state, operation) in [
        ("task-cancel-asked", Operation::Cancel),
        ("failed-retry-asked", Operation::Retry),
        ("failed-skip-asked", Operation::Skip),
        ("failed-done-asked", Operation::MarkDone),
    ] {
        let running = if operation == Operation::Cancel {
            dag(2, "RUNNING", "RUN")
        } else {
            dag(2, "FAILED", "RUN")
        };
        for language in LANGUAGES {
            let page = drawn(state, language);
            let group = page.one(".operate");
            // The confirmation as a whole gets the focus; it is not a control.
            assert_eq!(group.value().name(), "div");
            assert_eq!(group.attr("role"), Some("group"));
            assert_eq!(group.attr("tabindex"), Some("-1"));
            let question = text::operation::question(operation, &running, language);
            assert_eq!(page.name(group), question);
            let effect = text::operation::effect(operation, &running, language);
            assert_eq!(page.description(group), effect.join(" "));
            assert!(page.all("[autofocus]").is_empty(), "{state}");
            // In focus order, leaving is first and the operation last.
            assert_eq!(
                page.texts(".operate button"),
                [
                    text::operation::leave(language),
                    text::operation::confirm(operation, language)
                ]
            );
            let act = page.named("button", text::operation::confirm(operation, language));
            assert_eq!(act.attr("class"), Some("danger"), "{state}");
            assert_eq!(act.attr("type"), Some("button"));
        }
    }
}

#[test]
fn an_ending_that_may_be_taken_back_says_until_when_and_when_it_was_checked() {
    for name in ["nothing", "refused", "someone-found", "not-done"] {
        let card = text_of(english(name).one(".result"));
        assert!(
            card.contains("The header of the DELETE request is valid until"),
            "{name}: {card}"
        );
        assert!(card.contains("Last check: "), "{name}: {card}");
    }
    for name in ["destroyed", "not-sent", "unknown"] {
        let card = text_of(english(name).one(".result"));
        assert!(!card.contains("Last check"), "{name}: {card}");
    }
}

#[test]
fn a_statement_that_is_taken_back_is_a_warning_beside_the_task() {
    let page = english("task-taken-back");
    let notices = page.all(".notice");
    let warning = notices
        .iter()
        .find(|notice| text_of(**notice).contains("that report was wrong"))
        .unwrap();
    assert_eq!(warning.attr("class"), Some("notice warn"));
    assert!(english("task-presumed").all(".notice.warn").is_empty());
}

#[test]
fn what_came_of_an_operation_is_shown_and_told() {
    for (state, name, parts) in [
        (
            "failed-skip-refused",
            "notice bad",
            &[
                "Skip this stage: the agent refused the request, and the task shows no effect.",
                "Failed to pass node: node Stop obproxy is not failed",
                "Task.Node.Operator.PassNotFailedNode",
            ][..],
        ),
        (
            "failed-retry-checking",
            "notice warn",
            &[
                "Retry: the agent refused the request.",
                "Failed to retry: the task is not failed",
            ],
        ),
        (
            "failed-retry-lost",
            "notice warn",
            &["does not show whether", "does not resend the request"],
        ),
        (
            "failed-retry-not-sent",
            "notice warn",
            &["Retry: not sent.", "No response from"],
        ),
        ("task-cancel-sent", "notice", &["sent once"]),
        (
            "task-retry-accepted",
            "notice",
            &["has accepted the request"],
        ),
    ] {
        let page = english(state);
        let notices = page.all(".notice");
        let told = notices
            .iter()
            .find(|notice| text_of(**notice).contains(parts[0]))
            .unwrap_or_else(|| panic!("{state}: {:?}", page.texts(".notice")));
        assert_eq!(told.attr("class"), Some(name), "{state}");
        for part in parts {
            assert!(text_of(*told).contains(part), "{state}: {part}");
            assert!(page.news().contains(part), "{state}: {}", page.news());
        }
    }
    // The ending from before an accepted retry is not shown as the next one.
    let page = english("task-retry-accepted");
    assert!(page.texts(".next").is_empty());
    assert_eq!(text_of(page.one("h2")), "Destroy ODP");
}

#[test]
fn what_was_skipped_or_cancelled_has_not_succeeded_in_any_word_or_colour() {
    for (state, word, stage) in [
        ("skipped-stage", "Skipped", 1),
        ("skipped", "Skipped", 1),
        ("cancelled", "Cancelled", 1),
    ] {
        let page = english(state);
        let strip = text_of(page.one(".strip .state"));
        assert_eq!(strip, word, "{state}");
        let segments = page.all(".segments-bar span");
        assert_eq!(segments[stage].attr("class"), Some("warn"), "{state}");
        assert_eq!(page.all(".stages svg.span .warn").len(), 1, "{state}");
        let never_ran = segments.len() - (stage + 1);
        let bare = segments
            .iter()
            .filter(|segment| segment.attr("class").is_none())
            .count();
        assert_eq!(
            bare,
            if state == "skipped-stage" {
                0
            } else {
                never_ran
            }
        );
        assert!(page.texts(".stages > li")[stage].contains(word), "{state}");
    }
    let strip = text_of(english("destroyed").one(".strip .state"));
    assert_eq!(strip, "Succeeded");
}

#[test]
fn a_choice_of_passwords_stands_where_the_agent_takes_either_and_nowhere_else() {
    for (name, state) in all() {
        let cluster = state.facts().is_some_and(|facts| facts.info.has_sessions());
        let asks = state.form.lookup != FactsLookup::NotRequested
            && matches!(state.screen, Screen::Connect)
            || name.ends_with("session-ended");
        let page = draw(state, Language::English);
        let choices = page.all("fieldset.choice").len();
        assert_eq!(choices, usize::from(cluster && asks), "{name}");
    }
    for language in LANGUAGES {
        for (name, chosen) in [
            ("connect-cluster", SignIn::AgentPassword),
            ("connect-cluster-root", SignIn::RootPassword),
            ("task-session-ended", SignIn::AgentPassword),
        ] {
            let page = drawn(name, language);
            let legend = page.one("fieldset.choice legend");
            assert_eq!(text_of(legend), Label::SignInWith.get(language));
            let both = [
                (SignIn::AgentPassword, Label::AgentPassword),
                (SignIn::RootPassword, Label::RootPassword),
            ];
            for (sign_in, label) in both {
                let label = label.get(language);
                let radio = page.named("input[type=radio]", label);
                assert_eq!(radio.attr("name"), Some("sign-in"), "{name}");
                let is_chosen = sign_in == chosen;
                assert_eq!(radio.attr("checked").is_some(), is_chosen, "{name}");
                // The field is for the selected way to sign in.
                let field = page.name(page.one("input[type=password]"));
                assert_eq!(field == label, is_chosen, "{name}: {field}");
            }
        }
        let page = drawn("connect-cluster-root", language);
        let missing = text::problem::password_missing(SignIn::RootPassword, language);
        let field = page.one("input[type=password]");
        assert!(page.description(field).contains(&missing.what));
    }
}

/// An empty field is not a choice: "no password" for root is selected explicitly, with a warning.
#[test]
fn that_root_has_no_password_is_a_choice_with_a_warning() {
    for language in LANGUAGES {
        let label = Label::NoRootPassword.get(language);
        let warning = Label::NoRootPasswordWarning.get(language);
        let page = drawn("connect-cluster-no-password", language);
        let radio = page.named("input[type=radio]", label);
        assert!(radio.attr("checked").is_some());
        assert!(page.all("input[type=password]").is_empty());
        assert!(page.texts(".notice.warn").join(" ").contains(warning));
        // Offered, but not preselected.
        let page = drawn("connect-cluster-root", language);
        let radio = page.named("input[type=radio]", label);
        assert!(radio.attr("checked").is_none());
        assert!(!page.texts(".notice").join(" ").contains(warning));
        // With an agent password, the agent rejects such a login.
        let page = drawn("connect-cluster", language);
        assert_eq!(page.all("input[type=radio]").len(), 2);
    }
}

#[test]
fn a_credential_that_was_cleared_is_asked_for_and_not_called_wrong() {
    let page = english("connect-forgotten");
    let said = page.description(page.one("input[type=password]"));
    let idle = "This console was idle for 15 minutes";
    assert!(said.contains(idle), "{said}");
    assert_eq!(page.one("#address").attr("value"), Some(ADDRESS));
    for name in ["task-forgotten", "failed-forgotten"] {
        let page = english(name);
        let said = page.texts(".notice").join(" ");
        assert!(said.contains("You left this page"), "{name}: {said}");
        assert!(!said.contains("not accept"), "{name}: {said}");
        let news = page.texts("[role=status]").join(" ");
        assert!(!news.contains("not accept"), "{name}: {news}");
    }
    let page = english("task-forgotten");
    assert_eq!(page.all("input[type=password]").len(), 1);
    assert!(page.texts("[role=status]").join(" ").contains("Signed out"));
}

#[test]
fn a_session_that_ended_is_not_called_a_wrong_password() {
    let page = english("task-session-ended");
    let said = page.texts(".notice").join(" ");
    assert!(said.contains("does not recognise this session"), "{said}");
    assert!(said.contains("Sign in again"), "{said}");
    assert!(!said.contains("password any more"), "{said}");

    let page = english("review-session");
    assert_eq!(page.texts(".passed summary"), ["10 checks passed"]);
    let checks = page.texts(".checks li").join(" ");
    assert!(checks.contains("No agent password is set"), "{checks}");
    assert!(
        checks.contains("The session in use does not need one"),
        "{checks}"
    );
}

#[test]
fn clocks_that_differ_by_a_minute_are_told_beside_the_task() {
    let notices = |name| english(name).texts(".notice").join(" ");
    assert!(!notices("task").contains("clock"));
    let told = notices("task-clocks-differ");
    assert!(
        told.contains("The agent's clock is 7200 s behind this browser's."),
        "{told}"
    );
}

/// DAG, node and sub task ids may be equal, and an agent may repeat them.
#[test]
fn what_has_the_same_id_is_drawn_all_the_same() {
    let mut dag = dag(2, "RUNNING", "RUN");
    let nodes = dag.nodes.as_mut().unwrap();
    let first = nodes[0].id.clone();
    for node in nodes.iter_mut() {
        let node = Rc::make_mut(node);
        node.id = first.clone();
        let sub_tasks = node.sub_tasks.as_mut().unwrap();
        sub_tasks.push(Rc::clone(&sub_tasks[0]));
    }
    let (_, mut state) = all().into_iter().find(|(name, _)| *name == "task").unwrap();
    state.screen = Screen::Task(task(dag, Contact::Good));
    let page = draw(state, Language::English);
    assert_eq!(page.all(".stages > li").len(), 4);
    assert_eq!(page.all(".stages .sub-task").len(), 8);
    assert_eq!(page.all("[role=log]").len(), 2);
    assert_eq!(page.all(".stages > .shown").len(), 1);
}

#[test]
fn a_success_that_its_stages_do_not_show_is_no_success_in_any_word_or_colour() {
    let page = english("contradicted");
    assert_eq!(text_of(page.one("h2")), "Outcome unknown");
    let strip = text_of(page.one(".strip .state"));
    assert_eq!(strip, "Reported as succeeded");
    let segments = page.all(".segments-bar span");
    assert_eq!(segments[1].attr("class"), Some("bad"));
    let card = text_of(page.one(".result"));
    assert!(card.contains("Stage 2 (Kill obproxy): Failed"), "{card}");
    assert!(!page.html.contains("Every stage succeeded"));
}

#[test]
fn the_end_is_the_tasks_by_the_agents_clock_and_not_told_where_the_agent_does_not_tell() {
    let rows = |name: &str| {
        let page = english(name);
        let of = |kind| page.texts(&format!(".evidence dl {kind}"));
        of("dt").into_iter().zip(of("dd")).collect::<Vec<_>>()
    };
    let value = |name: &str, label: Label| {
        let label = label.get(Language::English);
        let found = rows(name).into_iter().find(|(named, _)| named == label);
        found.map(|(_, value)| value)
    };
    let ended = value("destroyed", Label::EndedAt).unwrap();
    assert!(ended.contains("20:00:08"), "{ended}");
    let seen = value("destroyed", Label::SeenAt).unwrap();
    assert!(seen.contains("20:00:10"), "{seen}");
    assert_eq!(value("timeless", Label::EndedAt).unwrap(), "Not reported");
    assert_eq!(value("refused", Label::EndedAt), None, "there is no task");
    assert!(value("refused", Label::SeenAt).is_some());
}

#[test]
fn no_length_of_time_comes_of_a_time_that_is_none() {
    let page = english("timeless");
    assert_eq!(page.all(".strip .elapsed").len(), 0);
    let times = page.texts(".stages > li > .stage > dl");
    assert_eq!(times.len(), 4);
    for times in times {
        assert!(times.starts_with("Start 20:00:0"), "{times}");
        assert!(
            !times.contains("End") && !times.contains("Duration"),
            "{times}"
        );
    }
}

#[test]
fn what_could_not_be_read_is_told_and_the_other_stages_keep_their_numbers() {
    let page = english("task-in-part");
    let stages = page.texts(".stages > li");
    assert_eq!(stages.len(), 3);
    assert!(stages[0].starts_with("2 "), "{}", stages[0]);
    assert!(page.html.contains("could not be read"));
    assert!(page.html.contains("Log of stage 2"));
    let segments = page.all(".segments-bar span");
    assert_eq!(segments.len(), 4);
    assert_eq!(segments[0].attr("class"), None);
    assert_eq!(segments[1].attr("class"), Some("running"));
    let checks = text_of(english("review-unread").one(".preflight > .checks"));
    assert!(checks.contains("may hold the agent's ODP lock"), "{checks}");
}

#[test]
fn a_task_whose_id_the_agent_refuses_offers_nothing_and_says_why() {
    let page = english("failed-by-lists");
    assert_eq!(page.all(".operate").len(), 0);
    let card = text_of(page.one(".result"));
    assert!(card.contains("refuses the ID of this task"), "{card}");
    assert!(!card.contains("Available actions"), "{card}");
}

#[test]
fn what_an_old_version_does_not_tell_or_may_refuse_is_said() {
    let part = english("tasks-in-part");
    assert_eq!(part.texts("[aria-labelledby=tasks-title] li").len(), 1);
    assert!(part.html.contains("Other finished tasks are not shown"));
    assert_eq!(part.news(), "ODP tasks of this agent: 1");
    let none = english("tasks-none-in-part");
    assert!(none.html.contains("lists no ODP task"));
    assert!(!none.html.contains("has no ODP tasks"));
    let asked = text_of(english("old-cancel-asked").one(".operate"));
    assert!(asked.contains("Some builds of obshell 4.2.6 refuse to cancel"));
    let asked = text_of(english("task-cancel-asked").one(".operate"));
    assert!(!asked.contains("4.2.6"));
}
