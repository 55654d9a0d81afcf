//! Tests the evidence: its documented shape, no secret, and no text that leaves its place.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "words_world/world.rs"]
mod world;

use std::collections::BTreeSet;
use std::rc::Rc;

use odp_console::flow::ending::Ending;
use odp_console::flow::event::Language;
use odp_console::flow::settings::Settings;
use odp_console::flow::state::{OdpLookup, Preflight, Review, Screen, State, Tasks};
use odp_console::obshell::answer;
use odp_console::obshell::error::ErrorKind;
use odp_console::obshell::odp::Odp;
use odp_console::text::evidence::snapshot::snapshot;
use odp_console::text::evidence::{json, kind, markdown};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use serde_json::Value;

use world::{
    CHECK, CLEAN, DELETE, LANGUAGES, NOT_A_PID, STOP, dag, done, ended, endings, failed, failed_at,
    pending,
};

/// A change of this text changes a documented format: give `format` a new number.
const GOLDEN: &str = r#"{
  "format": "odp-console-evidence/3",
  "console_version": "0.1.0",
  "agent": {
    "address": "10.10.10.1:2886",
    "ip": "10.10.10.1",
    "port": 2886,
    "identity": "SINGLE",
    "version": "4.5.0.0-0",
    "home_path": "/home/admin/agent",
    "clock_ahead_millis": 1250,
    "zone_offset_seconds": 28800
  },
  "odp": null,
  "ending": {
    "kind": "failed",
    "name": "Failed at stage 2",
    "stage": 2,
    "managed": true
  },
  "ended_at": "2026-11-23T20:18:30+08:00",
  "seen_at": "2026-11-23T12:18:30.500Z",
  "delete": {
    "sent_at": "2026-11-23T12:18:03.000Z",
    "trace_id": "4527c2ce1bf5e8d8"
  },
  "task": {
    "id": "40168430081028862",
    "owner": "10.10.10.1:2886",
    "name": "Delete obproxy",
    "mine": true,
    "state": "FAILED",
    "operator": "RUN",
    "stage": 2,
    "max_stage": 4,
    "started": "2026-11-23T20:18:04+08:00",
    "ended": "2026-11-23T20:18:30+08:00",
    "stages": [
      {
        "number": 1,
        "id": "40168430081028865",
        "name": "Check obproxy status",
        "state": "SUCCEED",
        "operator": "RUN",
        "started": "2026-11-23T20:18:04.1+08:00",
        "ended": "2026-11-23T20:18:05.25+08:00",
        "sub_tasks": [
          {
            "id": "40168430081028867",
            "name": "Check obproxy status",
            "state": "SUCCEED",
            "operator": "RUN",
            "agent": "10.10.10.1:2886",
            "started": "2026-11-23T20:18:04.1+08:00",
            "ended": "2026-11-23T20:18:05.25+08:00",
            "execute_times": 1,
            "log_lines": 0,
            "hidden_values": 0,
            "last_log_lines": []
          }
        ]
      },
      {
        "number": 2,
        "id": "40168430081028866",
        "name": "Stop obproxy",
        "state": "FAILED",
        "operator": "RUN",
        "started": "2026-11-23T20:18:06.1+08:00",
        "ended": "2026-11-23T20:18:07.25+08:00",
        "sub_tasks": [
          {
            "id": "40168430081028868",
            "name": "Stop obproxy",
            "state": "FAILED",
            "operator": "RUN",
            "agent": "10.10.10.1:2886",
            "started": "2026-11-23T20:18:06.1+08:00",
            "ended": "2026-11-23T20:18:07.25+08:00",
            "execute_times": 1,
            "log_lines": 1,
            "hidden_values": 0,
            "last_log_lines": [
              "ERROR: [Common.Unexpected]: Unexpected error: strconv.Atoi: parsing \"not-a-pid\": invalid syntax"
            ]
          }
        ]
      },
      {
        "number": 3,
        "id": "40168430081028867",
        "name": "Delete obproxy",
        "state": "PENDING",
        "operator": "RUN",
        "started": null,
        "ended": null,
        "sub_tasks": [
          {
            "id": "40168430081028869",
            "name": "Delete obproxy",
            "state": "PENDING",
            "operator": "RUN",
            "agent": "10.10.10.1:2886",
            "started": null,
            "ended": null,
            "execute_times": 0,
            "log_lines": 0,
            "hidden_values": 0,
            "last_log_lines": []
          }
        ]
      },
      {
        "number": 4,
        "id": "40168430081028868",
        "name": "Clean obproxy dir",
        "state": "PENDING",
        "operator": "RUN",
        "started": null,
        "ended": null,
        "sub_tasks": [
          {
            "id": "401684300810288610",
            "name": "Clean obproxy dir",
            "state": "PENDING",
            "operator": "RUN",
            "agent": "10.10.10.1:2886",
            "started": null,
            "ended": null,
            "execute_times": 0,
            "log_lines": 0,
            "hidden_values": 0,
            "last_log_lines": []
          }
        ]
      }
    ]
  },
  "error": null
}"#;

fn failed_with(logs: &[&str]) -> odp_console::flow::state::Ended {
    ended(
        Ending::Failed {
            stage: 2,
            managed: Some(true),
        },
        Some(failed_at(2, logs)),
    )
}

#[test]
fn the_json_is_as_documented() {
    // In these failures the log of stage 2 is that of the failing stage only.
    assert_eq!(json(&failed_with(&[NOT_A_PID]), "0.1.0"), GOLDEN);
}

/// Collects every path of keys in a value, with list items as `[]`.
fn paths(value: &Value, at: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                paths(value, &format!("{at}.{key}"), into);
            }
        }
        Value::Array(values) => {
            for value in values {
                paths(value, &format!("{at}[]"), into);
            }
        }
        _ => {
            into.insert(at.to_owned());
        }
    }
}

#[test]
fn every_ending_has_the_same_top_and_its_own_kind() {
    let mut kinds = BTreeSet::new();
    for ended in endings() {
        let value: Value = serde_json::from_str(&json(&ended, "0.1.0")).unwrap();
        let keys: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        let mut expected = [
            "format",
            "odp",
            "console_version",
            "agent",
            "ending",
            "ended_at",
            "seen_at",
            "delete",
            "task",
            "error",
        ];
        let mut keys: Vec<_> = keys.iter().map(String::as_str).collect();
        keys.sort_unstable();
        expected.sort_unstable();
        assert_eq!(keys, expected);
        assert_eq!(value["ending"]["kind"], kind(&ended.ending));
        kinds.insert(kind(&ended.ending));
        let wants_error = matches!(
            kind(&ended.ending),
            "refused" | "someone-else" | "not-sent" | "not-done"
        );
        assert!(!wants_error || value["error"].is_object());
        assert_eq!(value["delete"].is_null(), ended.submission.is_none());
    }
    assert_eq!(kinds.len(), 11);
}

#[test]
fn an_error_stands_with_code_message_and_trace_id() {
    let refused = ended(
        Ending::Refused(world::api_error(ErrorKind::UriMismatch)),
        None,
    );
    let value: Value = serde_json::from_str(&json(&refused, "0.1.0")).unwrap();
    let mut found = BTreeSet::new();
    paths(&value["error"], "", &mut found);
    let expected = [".code", ".kind", ".message", ".status", ".trace_id"];
    assert_eq!(
        found.iter().map(String::as_str).collect::<Vec<_>>(),
        expected
    );
    assert_eq!(
        value["error"]["code"],
        "Security.Authentication.Header.UriMismatch"
    );
    let page = markdown(&refused, Language::English);
    assert!(
        page.contains("9bbd8ced6bb4c0a4") && page.contains("UriMismatch"),
        "{page}"
    );
}

#[test]
fn a_password_in_a_log_line_or_a_message_is_left_out() {
    let line = "start obproxy cmd: ./bin/obproxy -o 'rpc_listen_port=2885,obproxy_sys_password=b4c56ee8d2854166' -n 'px'";
    let mut refused = world::api_error(ErrorKind::Unexpected);
    refused.message = line.into();
    for ended in [failed_with(&[line]), ended(Ending::Refused(refused), None)] {
        let mut texts = vec![json(&ended, "0.1.0")];
        texts.extend(LANGUAGES.map(|language| markdown(&ended, language)));
        for text in texts {
            assert!(!text.contains("b4c56ee8d2854166"), "{text}");
            assert!(text.contains("2885"), "{text}");
        }
        let page = markdown(&ended, Language::English);
        assert!(page.contains("1 secret value hidden."), "{page}");
    }
    let ended = failed_with(&[line, line]);
    let value: Value = serde_json::from_str(&json(&ended, "0.1.0")).unwrap();
    let stop = &value["task"]["stages"][1]["sub_tasks"][0];
    assert_eq!(stop["hidden_values"], 2);
    let page = markdown(&ended, Language::English);
    assert!(page.contains("2 secret values hidden."), "{page}");
    let page = markdown(&failed_with(&[line]), Language::Chinese);
    assert!(page.contains("已隐藏 1 处敏感信息。"), "{page}");
    let page = markdown(&failed_with(&[NOT_A_PID]), Language::English);
    assert!(!page.contains("secret"), "{page}");
}

fn px() -> OdpLookup {
    let text = include_str!("fixtures/captures/06-add-stop-start-delete.txt");
    let (_, after) = text.split_once("## add final\n").unwrap();
    let add = answer::dag(200, after.lines().nth(1).unwrap().as_bytes());
    OdpLookup::Found(Rc::new(Odp::from_task(&add.unwrap().value).unwrap()))
}

#[test]
fn the_odp_and_the_task_that_tells_it_are_named() {
    let mut ended = failed_with(&[NOT_A_PID]);
    ended.odp = px();
    let value: Value = serde_json::from_str(&json(&ended, "0.1.0")).unwrap();
    let expected = serde_json::json!({
        "home": "/home/admin/px2",
        "name": "px",
        "cluster": null,
        "port": 2883,
        "source": {
            "task": "Add obproxy",
            "id": "42130706433028864",
            "started": "2026-11-23T12:19:47.732964947Z",
        },
    });
    assert_eq!(value["odp"], expected);
    let page = markdown(&ended, Language::English);
    for line in [
        "- ODP home: `/home/admin/px2`",
        "- ODP name: `px`",
        "- ODP port: `2883`",
        "- From the log of task Add obproxy, 2026-11-23T12:19:47.732964947Z.",
    ] {
        assert!(page.contains(line), "{page}");
    }
    assert!(
        !page.contains("ODP cluster") && !page.contains("b4c56ee8"),
        "{page}"
    );
    let page = markdown(&ended, Language::Chinese);
    assert!(page.contains("- ODP 主目录：`/home/admin/px2`"), "{page}");

    ended.odp = OdpLookup::NotFound;
    let page = markdown(&ended, Language::English);
    assert!(page.contains("`ps -ef | grep '[o]bproxy'`"), "{page}");
    ended.odp = OdpLookup::NotRequested;
    assert!(!markdown(&ended, Language::English).contains("obproxy'"));
}

#[test]
fn what_a_host_is_told_of_a_review_names_the_odp_and_no_secret() {
    let mut state = State::new(Rc::new(Settings::default()));
    let preflight = Preflight {
        facts: Rc::new(world::facts(Some(true))),
        holder: None,
        unread: 0,
        rechecking: false,
        tasks: Tasks::NotRequested,
        odp: px(),
        ask_for_newest: true,
    };
    state.screen = Screen::Review(Review {
        preflight,
        mismatch: false,
        continues_anyway: false,
    });
    let told = snapshot(&state, true, Language::English, "0.1.0");
    let told = serde_json::to_value(&told).unwrap();
    assert_eq!(told["odp"]["port"], 2883);
    assert!(!told.to_string().contains("b4c56ee8"));
    state.screen = Screen::Connect;
    let told = snapshot(&state, true, Language::English, "0.1.0");
    assert_eq!(serde_json::to_value(&told).unwrap()["odp"], Value::Null);
}

#[test]
fn only_the_last_lines_are_kept_and_their_number_is_told() {
    let lines: Vec<String> = (1..=120).map(|number| format!("line {number}")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let ended = failed_with(&lines);
    let value: Value = serde_json::from_str(&json(&ended, "0.1.0")).unwrap();
    let stop = &value["task"]["stages"][1]["sub_tasks"][0];
    assert_eq!(stop["log_lines"], 120);
    let kept = stop["last_log_lines"].as_array().unwrap();
    assert_eq!(
        (kept.len(), &kept[0], &kept[49]),
        (50, &"line 71".into(), &"line 120".into())
    );
    assert!(markdown(&ended, Language::English).contains("last 50 of 120 lines"));
}

/// The result of a Markdown parser: the fenced blocks, the headings, and whether there is HTML, a
/// link or an image.
#[derive(Default)]
struct Seen {
    blocks: Vec<String>,
    headings: Vec<String>,
    harm: Vec<String>,
}

fn read(page: &str) -> Seen {
    let mut seen = Seen::default();
    let (mut block, mut heading) = (None::<String>, None::<String>);
    for event in Parser::new(page) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => block = Some(String::new()),
            Event::End(TagEnd::CodeBlock) => seen.blocks.extend(block.take()),
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => seen.headings.extend(heading.take()),
            Event::Text(text) => {
                for open in [&mut block, &mut heading].into_iter().flatten() {
                    open.push_str(&text);
                }
            }
            Event::Html(text) | Event::InlineHtml(text) => seen.harm.push(text.to_string()),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                seen.harm.push(dest_url.to_string());
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => {
                seen.harm.push("an indented block".to_owned());
            }
            _ => {}
        }
    }
    seen
}

#[test]
fn log_lines_stay_in_their_block() {
    let hostile = [
        "```",
        "~~~",
        "    ````` </code></pre><script>alert(1)</script>",
        "# Destroyed",
        "",
        "- [x](javascript:alert(1)) ![](http://example.invalid/x.png)",
        "two\nlines\n```\n# and more",
        "\u{1b}[31mred\u{1b}[0m\r\u{202e}desrever",
        "1. one",
    ];
    for language in LANGUAGES {
        let page = markdown(&failed_with(&hostile), language);
        let seen = read(&page);
        assert_eq!(seen.harm, [""; 0], "{page}");
        let expected = hostile
            .join("\n")
            .replace('\u{1b}', "␛")
            .replace('\r', "␍")
            .replace('\u{202e}', "‹U+202E›");
        assert_eq!(seen.blocks, [format!("{expected}\n")], "{page}");
        assert!(
            seen.headings
                .iter()
                .all(|heading| !heading.contains("Destroyed")),
            "{page}"
        );
    }
}

#[test]
fn what_an_agent_calls_itself_or_its_errors_is_no_markup() {
    let nasty = "`x` <img src=x onerror=y> [a](http://b) # c\n# d *e*";
    let mut error = world::api_error(ErrorKind::Other);
    error.message = nasty.into();
    error.err_code = Some(nasty.into());
    error.trace_id = format!("`{nasty}`");
    let mut refused = ended(Ending::Refused(error), None);
    let facts = Rc::make_mut(&mut refused.facts);
    facts.info.home_path = nasty.into();
    let mut followed = failed_with(&["plain"]);
    let mut named = dag(
        DELETE,
        2,
        ("FAILED", "RUN"),
        &[
            done(CHECK, &[]),
            failed(STOP, &["plain"]),
            pending(DELETE),
            pending(CLEAN),
        ],
    );
    named.name = nasty.into();
    Rc::make_mut(&mut named.nodes.as_mut().unwrap()[1]).name = nasty.into();
    let mut task = (**followed.task.as_ref().unwrap()).clone();
    task.dag = Rc::new(named);
    followed.task = Some(Rc::new(task));
    for ended in [refused, followed] {
        for language in LANGUAGES {
            let page = markdown(&ended, language);
            let seen = read(&page);
            assert_eq!(seen.harm, [""; 0], "{page}");
            assert!(
                seen.headings
                    .iter()
                    .all(|heading| !heading.starts_with('d')),
                "{page}"
            );
        }
    }
}

#[test]
fn the_page_names_who_what_when_and_how_it_ended() {
    for language in LANGUAGES {
        let page = markdown(&failed_with(&[NOT_A_PID]), language);
        for fact in [
            "10.10.10.1:2886",
            "SINGLE",
            "4.5.0.0-0",
            "/home/admin/agent",
            "40168430081028862",
            "4527c2ce1bf5e8d8",
            "2026-11-23T12:18:03.000Z",
            "2026-11-23T20:18:04+08:00",
            "2026-11-23T20:18:30+08:00",
            "FAILED / RUN",
            "strconv.Atoi",
            "execute_times 1",
        ] {
            assert!(page.contains(fact), "{fact}: {page}");
        }
        assert!(read(&page).headings[0].contains('2'), "{page}");
    }
}

#[test]
fn an_end_that_the_agent_does_not_tell_is_not_told() {
    let mut destroyed = world::destroyed();
    destroyed.span.ended = None;
    let ended = ended(Ending::Destroyed, Some(destroyed));
    let value: Value = serde_json::from_str(&json(&ended, "0.1.0")).unwrap();
    assert_eq!(value["ended_at"], Value::Null);
    assert_eq!(value["seen_at"], "2026-11-23T12:18:30.500Z");
    let page = markdown(&ended, Language::English);
    assert!(page.contains("- Task ended: not reported"), "{page}");
    let told = self::ended(Ending::Destroyed, Some(world::destroyed()));
    let page = markdown(&told, Language::English);
    assert!(
        page.contains("Task ended: `2026-11-23T20:18:30+08:00`"),
        "{page}"
    );
    assert!(page.contains("Seen (browser's clock)"), "{page}");
}
