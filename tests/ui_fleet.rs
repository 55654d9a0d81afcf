//! Renders every screen of a run over several agents to HTML in both languages.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]
#![allow(
    dead_code,
    reason = "the helpers serve the single destroy's tests, too"
)]

#[path = "ui_fleet/book.rs"]
mod book;
#[path = "vectors/counter_rng.rs"]
mod counter_rng;
#[path = "ui_render/page.rs"]
mod page;
#[path = "ui_fleet/runs.rs"]
mod runs;
#[path = "ui_render/states.rs"]
mod states;
#[path = "ui_render/surroundings.rs"]
mod surroundings;

use std::collections::HashSet;
use std::rc::Rc;

use odp_console::fleet::member::{MemberId, MemberStatus};
use odp_console::fleet::state::{Fleet, Phase};
use odp_console::flow::event::Language;
use odp_console::text;
use odp_console::text::labels::Label;
use odp_console::ui::fleet::{FleetConsole, FleetConsoleProps};
use odp_console::ui::platform::Platform;
use odp_console::ui::theme::Theme;
use odp_console::ui::view::ZoneChoice;
use page::{Page, render, text as text_of};
use runs::{all, large, opened, pasted, unreached};
use surroundings::Still;
use yew::Callback;

const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];

fn draw(fleet: Fleet, opened: Option<MemberId>, language: Language) -> Page {
    render::<FleetConsole>(props(fleet, opened, language))
}

fn props(fleet: Fleet, opened: Option<MemberId>, language: Language) -> FleetConsoleProps {
    FleetConsoleProps {
        fleet: Rc::new(fleet),
        language,
        theme: Theme::Dark,
        zone: ZoneChoice::default(),
        picked: None,
        secure_transport: true,
        opened,
        evidence: Callback::from(|_| String::new()),
        on_one: Callback::noop(),
        on_message: Callback::noop(),
        platform: Platform::new(Still),
    }
}

fn english(wanted: &str) -> Page {
    let fleet = all().into_iter().find(|(name, _)| *name == wanted);
    if let Some((_, fleet)) = fleet {
        return draw(fleet, None, Language::English);
    }
    let member = opened().into_iter().find(|(name, ..)| *name == wanted);
    let (_, fleet, id) = member.unwrap();
    draw(fleet, Some(id), Language::English)
}

fn each(look: impl Fn(&str, &Page, Language)) {
    let fleets = all().into_iter().map(|(name, fleet)| (name, fleet, None));
    let members = opened()
        .into_iter()
        .map(|(name, fleet, id)| (name, fleet, Some(id)));
    for (name, fleet, open) in fleets.chain(members) {
        for language in LANGUAGES {
            let page = draw(fleet.clone(), open, language);
            look(&format!("{name} in {}", language.tag()), &page, language);
        }
    }
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
        let controls = "button,input,select,textarea,summary,table,[role=progressbar],[role=log],\
                        [role=group],section,nav";
        for control in page.all(controls) {
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
fn a_strict_policy_finds_nothing_to_refuse_and_no_password_is_kept() {
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
        assert!(!page.html.contains("{0}"), "{name}");
    });
}

#[test]
fn every_button_of_a_table_names_its_agent() {
    each(|name, page, _| {
        let names: Vec<String> = page
            .all("tbody button")
            .into_iter()
            .map(|button| page.name(button))
            .collect();
        assert!(
            names.iter().all(|button| button.contains("10.10.")),
            "{name}: {names:?}"
        );
        let different: HashSet<&String> = names.iter().collect();
        assert_eq!(different.len(), names.len(), "{name}: {names:?}");
    });
}

#[test]
fn rows_are_counted_and_cells_have_their_roles() {
    each(|name, page, _| {
        for table in page.all("table") {
            let count: usize = table.attr("aria-rowcount").unwrap().parse().unwrap();
            let select = scraper::Selector::parse("[aria-rowindex]").unwrap();
            let rows: Vec<usize> = table
                .select(&select)
                .map(|row| row.attr("aria-rowindex").unwrap().parse().unwrap())
                .collect();
            assert_eq!(rows, Vec::from_iter(1..=count), "{name}");
        }
        for (element, role) in [("tr", "row"), ("td", "cell"), ("tbody th", "rowheader")] {
            for element in page.all(element) {
                assert_eq!(element.attr("role"), Some(role), "{name}");
            }
        }
    });
}

#[test]
fn a_screen_reader_hears_what_is_new() {
    for language in LANGUAGES {
        let heard: Vec<String> = [
            "sign-in",
            "checks",
            "review",
            "run",
            "run-paused",
            "run-bad-end",
            "end",
        ]
        .into_iter()
        .map(|wanted| {
            let (_, fleet) = all().into_iter().find(|(name, _)| *name == wanted).unwrap();
            draw(fleet, None, language).news()
        })
        .collect();
        assert!(heard.iter().all(|news| !news.is_empty()), "{heard:?}");
        let different: HashSet<&String> = heard.iter().collect();
        assert_eq!(different.len(), heard.len(), "{heard:?}");
    }
    assert_eq!(
        english("run").news(),
        "1 of 7 destroyed, 3 running, 1 waiting, 2 not destroyed"
    );
}

#[test]
fn agents_are_chosen_by_group_and_one_by_one() {
    let page = english("choose-some");
    let names: Vec<String> = page
        .all("input[type=checkbox]")
        .into_iter()
        .map(|field| page.name(field))
        .collect();
    assert_eq!(
        names,
        [
            "Select all of Payments (3 of 3 selected)",
            "10.10.0.1:2886",
            "10.10.0.2:2886",
            "10.10.0.3:2886",
            "Select all of Orders (0 of 2 selected)",
            "10.10.0.4:2886",
            "10.10.0.5:2886",
            "Select all of No group (0 of 1 selected)",
            "10.10.0.6:2886",
        ]
    );
    assert_eq!(page.all("input[type=checkbox][checked]").len(), 4);
}

#[test]
fn what_is_pasted_wrongly_or_twice_is_named_by_its_line_and_kept() {
    let page = english("choose-some");
    let field = page.named("textarea", "More agent addresses");
    assert_eq!(field.attr("aria-invalid"), Some("true"));
    assert!(text_of(field).contains("10.20.0.2 10.20.0.1:2886, 10.10.0.1:2886"));
    let problems = page.texts(".problems li");
    assert_eq!(
        problems,
        [
            "Line 2: The agent address 10.20.0.2 has no port. Add the port of the agent, 2886 by \
             default.",
            "Line 3: 10.20.0.1:2886 is already in line 1 and counts once.",
            "Line 3: 10.10.0.1:2886 is already selected and counts once.",
        ]
    );
    assert!(page.description(field).contains("Line 2"));
    assert_eq!(text_of(page.by_id("chosen").unwrap()), "4 agents selected");

    let page = english("choose-listed");
    assert!(page.texts(".problems li")[0].contains("not in this site's list"));

    let lines = "x\n".repeat(80);
    let mut fleet = all().remove(0).1;
    fleet.choice = pasted(&lines);
    let page = draw(fleet, None, Language::English);
    assert_eq!(page.all(".problems li").len(), 51);
    assert!(page.texts(".problems li")[50].starts_with("30 more"));
}

#[test]
fn the_checks_say_who_is_ready_and_who_is_left_out_for_which_reason() {
    let page = english("checks");
    let rows = page.texts("tbody tr");
    assert_eq!(rows.len(), 6);
    for (row, parts) in [
        (
            0,
            vec![
                "10.10.0.1:2886",
                "Ready",
                "4.5.0.0",
                "Managed",
                "All checks passed",
            ],
        ),
        (
            2,
            vec![
                "Left out",
                "A pre-flight check failed.",
                "Other ODP tasks",
                "1 failed",
            ],
        ),
        (
            3,
            vec!["Left out", "This agent manages no ODP.", "None managed"],
        ),
        (4, vec!["Sign in", "does not accept this agent password"]),
        (5, vec!["Left out", "You left this agent out.", "Include"]),
    ] {
        for part in parts {
            assert!(rows[row].contains(part), "{part}: {}", rows[row]);
        }
    }
    let review = page.named("button", "Review and confirm");
    assert_eq!(review.attr("aria-disabled"), None);
    page.named("button", "Check again: 10.10.0.1:2886");
    page.named("button", "Leave out: 10.10.0.1:2886");
    assert!(text_of(page.one(".head")).contains("2 of 6 ready, 4 left out"));

    let page = english("checks-begin");
    let review = page.named("button", "Review and confirm");
    assert_eq!(review.attr("aria-disabled"), Some("true"));
    assert_eq!(page.description(review), "The checks are running.");
}

#[test]
fn the_review_names_every_member_and_takes_nothing_for_granted() {
    let page = english("review");
    assert_eq!(
        text_of(page.one(".lead")),
        "Permanently destroy the ODPs of 2 agents. This cannot be undone."
    );
    assert_eq!(page.texts("tbody th"), ["10.10.0.1:2886", "10.10.0.2:2886"]);
    assert!(page.html.contains("4 agents are not included."));
    let field = page.named("input#confirm", "To confirm, type");
    assert_eq!(field.attr("value").unwrap_or_default(), "");
    assert_eq!(page.description(field), "destroy 2");
    let danger = page.named("button", "Destroy 2 ODPs");
    assert!(danger.attr("disabled").is_some());
    assert!(page.all("[autofocus]").is_empty());
    // The defaults: one at a time, without a pause, and stopping at a bad end.
    assert_eq!(page.texts("#batch option[selected]"), ["1"]);
    assert_eq!(page.texts("#batch option").len(), 10);
    let pause = page.named("input#pause", "Pause between batches, in seconds");
    assert_eq!(pause.attr("value"), Some("0"));
    let stop = page.one("input[type=checkbox]");
    assert!(stop.attr("checked").is_some());
    // The effects are listed once.
    assert_eq!(page.all(".effects li").len(), 4);

    let page = english("review-mismatch");
    let field = page.one("#confirm");
    assert_eq!(field.attr("aria-invalid"), Some("true"));
    assert!(
        page.description(field)
            .contains("Type destroy 2 to confirm. Nothing was sent.")
    );

    let page = english("review-read-only");
    assert!(page.all(".danger,#confirm,#batch").is_empty());
}

#[test]
fn a_run_tells_how_far_each_member_is() {
    let page = english("run");
    let rows = page.texts("tbody tr");
    for (row, parts) in [
        (0, vec!["Destroyed", "4/4", "60.0 s"]),
        (1, vec!["Failed at stage 2", "2/4", "Retry"]),
        (
            2,
            vec![
                "Running",
                "2/4",
                "Stage 2 of 4",
                "70.0 s",
                "Successfully killed the obproxy process",
            ],
        ),
        (3, vec!["Checking the outcome"]),
        (4, vec!["Contact lost"]),
        (5, vec!["Waiting", "Leave out"]),
        (6, vec!["Left out", "Include"]),
        (7, vec!["Refused", "Retry"]),
    ] {
        for part in parts {
            assert!(rows[row].contains(part), "{part}: {}", rows[row]);
        }
    }
    let bar = page.one("[role=progressbar]");
    assert_eq!(bar.attr("aria-valuemax"), Some("7"));
    assert_eq!(bar.attr("aria-valuenow"), Some("3"));
    assert_eq!(
        page.texts(".counts > div"),
        [
            "Destroyed 1",
            "Running 3",
            "Waiting 1",
            "Not destroyed 2",
            "Left out 1"
        ]
    );
    let pause = page.named("button", "Pause");
    assert!(page.description(pause).contains("no further DELETE"));
    assert!(english("run-between").html.contains("starts in 12"));
}

#[test]
fn a_paused_run_says_why_and_what_to_do() {
    for (name, why) in [
        ("run-paused", "Paused."),
        (
            "run-bad-end",
            "Paused: 10.10.0.2:2886 ended as \"Failed at stage 2\".",
        ),
        ("run-no-credential", "not signed in to 10.10.0.6:2886"),
        ("run-left", "leaving the page cleared the passwords"),
    ] {
        let page = english(name);
        assert!(
            text_of(page.one(".controls .notice")).contains(why),
            "{name}"
        );
        page.named("button", "Resume");
        page.named("button", "End run");
    }
    let page = english("run-read-only");
    let buttons = page.texts("button");
    assert!(
        !buttons
            .iter()
            .any(|it| ["Resume", "Retry", "Leave out"].contains(&&**it))
    );
}

#[test]
fn the_end_counts_what_is_not_known_as_not_destroyed() {
    let page = english("end");
    assert_eq!(text_of(page.one(".lead")), "1 of 5 ODPs were destroyed.");
    let rows = page.texts("tbody tr");
    assert!(rows[2].contains("Outcome unknown"));
    assert!(rows[4].contains("Not started"));
    assert_eq!(
        page.texts(".choices button"),
        [
            "Copy Markdown",
            "Download Markdown",
            "Copy JSON",
            "Download JSON",
            "Copy CSV",
            "Download CSV"
        ]
    );
    assert!(page.all(".result.warn").len() == 1);
    let page = english("end-good");
    assert_eq!(text_of(page.one(".lead")), "All 3 ODPs were destroyed.");
    assert!(page.all(".result.good").len() == 1);
}

#[test]
fn a_member_is_drawn_by_the_screens_of_the_single_destroy() {
    for (name, heading) in [
        ("open-task", "Destroy ODP"),
        ("open-destroyed", "Destroyed"),
        ("open-failed", "Failed at stage 2"),
        ("open-finding-out", "Starting the task"),
        ("open-ready", "Pre-flight checks"),
    ] {
        let page = english(name);
        assert_eq!(text_of(page.one("h2")), heading, "{name}");
        page.named("button", "Back to all agents");
    }
    assert_eq!(english("open-task").all("[role=log]").len(), 1);
    // Starting over applies to the run, not to a member.
    for name in ["open-failed", "open-destroyed", "open-refused"] {
        let buttons = english(name).texts("button");
        assert!(!buttons.contains(&"Start over".to_owned()), "{name}");
    }
    // A DELETE was sent: another one is confirmed for this agent only.
    let page = english("open-refused");
    assert_eq!(page.description(page.one("#confirm")), "10.10.0.8:2886");
    assert_eq!(page.one("#confirm").attr("value").unwrap_or_default(), "");
    english("open-retrying").named("button", "Stop waiting");
}

#[test]
fn of_a_thousand_rows_those_in_sight_are_drawn() {
    let fleet = large(1_000);
    let page = draw(fleet, None, Language::English);
    let rows = page.all("tbody [aria-rowindex]").len();
    assert!((10..=60).contains(&rows), "{rows} rows");
    let table = page.one("table");
    assert_eq!(table.attr("aria-rowcount"), Some("1001"));
    let scroller = page.one(".windowed");
    assert_eq!(scroller.attr("tabindex"), Some("0"));
    assert!(!page.name(scroller).is_empty());
    let gap = page.one(".gap-row svg");
    let height: usize = gap.attr("height").unwrap().parse().unwrap();
    assert_eq!(height % (1_000 - rows), 0);
    assert!(page.html.len() < 120_000, "{} bytes", page.html.len());
}

#[test]
fn the_title_tells_how_far_the_run_is() {
    let titled = |wanted: &str, language| {
        let (_, fleet) = all().into_iter().find(|(name, _)| *name == wanted).unwrap();
        text::fleet::title(&fleet, language)
    };
    for (name, english, chinese) in [
        ("choose", "ODP console", "ODP 控制台"),
        ("sign-in", "Sign in · 6 agents", "登录 · 6 个 Agent"),
        ("checks", "Checks · 6 agents", "检查 · 6 个 Agent"),
        ("review", "Review · 6 agents", "确认 · 6 个 Agent"),
        (
            "run",
            "1/7 destroyed… · 8 agents",
            "已销毁 1/7… · 8 个 Agent",
        ),
        (
            "run-paused",
            "Paused, 1/7 destroyed · 8 agents",
            "已暂停，已销毁 1/7 · 8 个 Agent",
        ),
        ("end", "1/5 destroyed · 6 agents", "已销毁 1/5 · 6 个 Agent"),
    ] {
        assert_eq!(titled(name, Language::English), english, "{name}");
        assert_eq!(titled(name, Language::Chinese), chinese, "{name}");
    }
}

#[test]
fn the_steps_lead_back_until_the_confirmation() {
    for (name, current, back) in [
        ("choose", "1Choose agents", vec![]),
        (
            "checks",
            "3Pre-flight checks",
            vec!["Choose agents", "Sign in"],
        ),
        ("checks-restored", "3Pre-flight checks", vec![]),
        ("run", "5Run", vec![]),
    ] {
        let page = english(name);
        let found = page.texts(".steps [aria-current=step]");
        let found: Vec<String> = found.iter().map(|text| text.replacen(' ', "", 1)).collect();
        assert_eq!(found, [current], "{name}");
        assert_eq!(page.texts(".steps button"), back, "{name}");
    }
}

#[test]
fn an_agent_that_was_not_reached_is_checked_again_and_asks_for_no_password() {
    let fleet = unreached();
    let id = fleet.members[0].id;
    let page = draw(fleet.clone(), None, Language::English);
    for address in ["10.10.0.1:2886", "10.10.0.2:2886"] {
        page.named("button", &format!("Check again: {address}"));
    }
    let buttons = page.all("button").into_iter().map(|it| page.name(it));
    let buttons: Vec<_> = buttons.collect();
    assert!(
        !buttons.iter().any(|it| it.starts_with("Sign in:")),
        "{buttons:?}"
    );
    page.named("button", "Check all again");
    let page = draw(fleet, Some(id), Language::English);
    page.named("button", "Check again");
    assert_eq!(page.all("input[type=password]").len(), 0);
}

#[test]
fn a_restored_agent_that_was_not_reached_is_checked_again_or_not_waited_for() {
    let mut fleet = unreached();
    fleet.phase = Phase::Run;
    for member in &mut fleet.members {
        let member = Rc::make_mut(member);
        (member.status, member.unread) = (MemberStatus::InProgress, true);
    }
    let id = fleet.members[0].id;
    let page = draw(fleet.clone(), None, Language::English);
    page.named("button", "Check again: 10.10.0.1:2886");
    assert!(page.texts("td").contains(&"Contact lost".to_owned()));
    let page = draw(fleet, Some(id), Language::English);
    page.named("button", "Stop waiting");
}
