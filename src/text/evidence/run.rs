//! The evidence of a run over many agents, as JSON for machines, as Markdown for a ticket and as
//! CSV for a spreadsheet; and the run's events for a host.
//!
//! The JSON, `"format": "odp-console-run/1"`. All keys are always present; unknown values are
//! `null`:
//!
//! ```text
//! format, console_version
//! confirmed_at, ended_at                      RFC 3339, UTC, browser's clock
//! settings  { batch, pause_seconds, stop_on_bad_end }
//! counts    { members, destroyed, not_destroyed, under_way, waiting, unchecked, left_out,
//!             stopped }
//! halted    person | bad-end | no-credential | page-left | read-only | null
//! members   [{ agent, label, group, standing, left_out, stage, max_stage, began_at, ended_at,
//!              delete { sent_at, trace_id } | null, task, ending, evidence }]
//!           standing  unchecked | checking | waiting | under-way | ended | lost-sight | left-out |
//!                     stopped
//!           left_out  person | unread | obstacle | not-ready | null
//!           task      the id of the task; ending: the kind, as in the evidence of one agent
//!           evidence  the evidence of one agent | null
//! ```
//!
//! Events have no `evidence`, but a `phase`: choose | sign-in | preflight | review | run | end.

use std::rc::Rc;

use super::markdown::{code, prose};
use super::snapshot::Notice;
use super::{Tree, evidence, kind, utc};
use crate::fleet::member::{LeftOut, Member, MemberStatus};
use crate::fleet::state::{Fleet, Halt, Phase, RunSettings};
use crate::flow::ending::Ending;
use crate::flow::event::Language;
use crate::flow::state::Screen;
use crate::obshell::time::Millis;
use crate::text::{Both, ending, fill, say, visible};

/// The evidence of a run as JSON, in the format described above in this module.
#[must_use]
pub fn json(fleet: &Fleet, console_version: &str) -> String {
    let mut run = vec![
        ("format", Tree::text("odp-console-run/1")),
        ("console_version", Tree::text(console_version)),
    ];
    run.extend(run_of(fleet));
    let with_evidence = |member: &Rc<Member>| {
        let mut tree = member_of(member);
        let evidence = match &member.flow.screen {
            Screen::Ended(ended) => evidence(ended, console_version),
            _ => Tree::Null,
        };
        tree.push(("evidence", evidence));
        Tree::Map(tree)
    };
    let members = fleet.members.iter().map(with_evidence).collect();
    run.push(("members", Tree::List(members)));
    Tree::Map(run).to_json()
}

/// The state of a run for a host: the detail of `odp-run-progress` and `odp-run-finished`.
#[must_use]
pub fn snapshot(fleet: &Fleet) -> Tree {
    let mut run = vec![(
        "phase",
        Tree::text(match fleet.phase {
            Phase::Choose => "choose",
            Phase::SignIn => "sign-in",
            Phase::Preflight => "preflight",
            Phase::Review => "review",
            Phase::Run => "run",
            Phase::End => "end",
        }),
    )];
    run.extend(run_of(fleet));
    let members = fleet.members.iter().map(|it| Tree::Map(member_of(it)));
    run.push(("members", Tree::List(members.collect())));
    Tree::Map(run)
}

/// The event for a host whose last known state is `before`; `None` if nothing changed for the host.
#[must_use]
pub fn notices(before: &Fleet, after: &Fleet) -> Option<Notice> {
    let event = match after.phase {
        Phase::End if before.phase != Phase::End => "odp-run-finished",
        Phase::Run if differs(before, after) => "odp-run-progress",
        _ => return None,
    };
    Some(Notice {
        event,
        detail: snapshot(after),
    })
}

/// Whether the state of the run differs for a host. A new log line makes no difference.
#[must_use]
pub fn differs(before: &Fleet, after: &Fleet) -> bool {
    let halted = |fleet: &Fleet| fleet.run.map(|run| run.halted);
    before.phase != after.phase
        || halted(before) != halted(after)
        || before.members.len() != after.members.len()
        || before
            .members
            .iter()
            .zip(&after.members)
            .any(|(was, is)| !Rc::ptr_eq(was, is) && shown(was) != shown(is))
}

fn shown(member: &Member) -> (MemberStatus, Option<usize>, Option<&Ending>) {
    let stage = member.task().map(|task| task.dag.stage);
    (member.status, stage, member.ending())
}

fn run_of(fleet: &Fleet) -> Vec<(&'static str, Tree)> {
    let at = |at: Option<Millis>| Tree::option(at, |at| Tree::text(&utc(at)));
    let RunSettings {
        batch,
        pause,
        stop_on_bad_end,
    } = fleet.run_settings;
    let counts = fleet.counts();
    vec![
        ("confirmed_at", at(fleet.run.map(|run| run.confirmed_at))),
        ("ended_at", at(fleet.run.and_then(|run| run.ended_at))),
        (
            "settings",
            Tree::Map(vec![
                ("batch", Tree::Number(batch.into())),
                ("pause_seconds", Tree::Number(pause.into())),
                ("stop_on_bad_end", Tree::Bool(stop_on_bad_end)),
            ]),
        ),
        (
            "counts",
            Tree::Map(vec![
                ("members", Tree::count(counts.members)),
                ("destroyed", Tree::count(counts.destroyed)),
                ("not_destroyed", Tree::count(counts.not_destroyed)),
                ("under_way", Tree::count(counts.in_progress)),
                ("waiting", Tree::count(counts.waiting)),
                ("unchecked", Tree::count(counts.unchecked)),
                ("left_out", Tree::count(counts.left_out)),
                ("stopped", Tree::count(counts.stopped)),
            ]),
        ),
        (
            "halted",
            Tree::option(fleet.run.and_then(|run| run.halted), |halt| {
                Tree::text(match halt {
                    Halt::Person => "person",
                    Halt::NotDestroyed(_) => "bad-end",
                    Halt::NoCredential(_) => "no-credential",
                    Halt::PageLeft => "page-left",
                    Halt::ReadOnly => "read-only",
                })
            }),
        ),
    ]
}

fn member_of(member: &Member) -> Vec<(&'static str, Tree)> {
    let at = |at: Option<Millis>| Tree::option(at, |at| Tree::text(&utc(at)));
    let chosen = &member.chosen;
    let dag = member.task().map(|task| &task.dag);
    let left_out = match member.status {
        MemberStatus::LeftOut(why) => Some(match why {
            LeftOut::Person => "person",
            LeftOut::Unread => "unread",
            LeftOut::Obstacle(_) => "obstacle",
            LeftOut::NotReady => "not-ready",
        }),
        _ => None,
    };
    vec![
        ("agent", Tree::text(&chosen.address.to_string())),
        ("label", Tree::option(chosen.label.as_deref(), Tree::text)),
        ("group", Tree::option(chosen.group.as_deref(), Tree::text)),
        ("standing", Tree::text(status(member.status))),
        ("left_out", Tree::option(left_out, Tree::text)),
        ("stage", Tree::option(dag, |dag| Tree::count(dag.stage))),
        (
            "max_stage",
            Tree::option(dag, |dag| Tree::count(dag.max_stage)),
        ),
        ("began_at", at(member.began)),
        ("ended_at", at(member.ended)),
        (
            "delete",
            Tree::option(member.sent.as_ref(), |sent| {
                Tree::Map(vec![
                    ("sent_at", Tree::text(&utc(sent.sent_at))),
                    (
                        "trace_id",
                        Tree::option(sent.trace_id.as_deref(), Tree::text),
                    ),
                ])
            }),
        ),
        ("task", Tree::option(dag, |dag| Tree::text(dag.id.as_str()))),
        (
            "ending",
            Tree::option(end_of(member), |ending| Tree::text(kind(ending))),
        ),
    ]
}

fn status(status: MemberStatus) -> &'static str {
    match status {
        MemberStatus::Unchecked => "unchecked",
        MemberStatus::Checking => "checking",
        MemberStatus::Waiting => "waiting",
        MemberStatus::InProgress => "under-way",
        MemberStatus::Ended => "ended",
        MemberStatus::Abandoned => "lost-sight",
        MemberStatus::LeftOut(_) => "left-out",
        MemberStatus::Stopped => "stopped",
    }
}

/// The ending of a member. Excludes an ending of its flow that the member is about to leave.
fn end_of(member: &Member) -> Option<&Ending> {
    member
        .ending()
        .filter(|_| member.status == MemberStatus::Ended)
}

/// The status of a member in words: its ending, if it has one.
fn outcome(member: &Member, language: Language) -> String {
    let both: Both = match member.status {
        MemberStatus::Ended => {
            return match member.ending() {
                Some(ending) => ending::name(ending, language),
                None => String::new(),
            };
        }
        MemberStatus::Unchecked => ["Not checked", "未检查"],
        MemberStatus::Checking => ["Checking", "检查中"],
        MemberStatus::Waiting => ["Waiting", "等待中"],
        MemberStatus::InProgress => ["In progress", "进行中"],
        MemberStatus::Abandoned => ["Outcome unknown", "结果未知"],
        MemberStatus::LeftOut(_) => ["Left out", "已排除"],
        MemberStatus::Stopped => ["Not started", "未开始"],
    };
    say(language, both).to_owned()
}

const COLUMNS: [Both; 10] = [
    ["Agent", "Agent"],
    ["Label", "名称"],
    ["Group", "分组"],
    ["Result", "结果"],
    ["Stage", "阶段"],
    ["Task ID", "任务 ID"],
    ["DELETE sent (UTC)", "DELETE 发送时间（UTC）"],
    ["Trace ID", "Trace ID"],
    ["Started (UTC)", "开始时间（UTC）"],
    ["Ended (UTC)", "结束时间（UTC）"],
];

fn cells(member: &Member, language: Language) -> [String; COLUMNS.len()] {
    let at = |at: Option<Millis>| at.map(utc).unwrap_or_default();
    let chosen = &member.chosen;
    let dag = member.task().map(|task| &task.dag);
    let sent = member.sent.as_ref();
    [
        chosen.address.to_string(),
        chosen.label.clone().unwrap_or_default(),
        chosen.group.clone().unwrap_or_default(),
        outcome(member, language),
        dag.map(|dag| format!("{}/{}", dag.stage, dag.max_stage))
            .unwrap_or_default(),
        dag.map(|dag| dag.id.as_str().to_owned())
            .unwrap_or_default(),
        at(sent.map(|sent| sent.sent_at)),
        sent.and_then(|sent| sent.trace_id.clone())
            .unwrap_or_default(),
        at(member.began),
        at(member.ended),
    ]
}

/// The evidence of a run as CSV (RFC 4180), one line per member, in UTF-8 with a byte order mark,
/// which spreadsheets need for Chinese. A cell that a spreadsheet would read as a formula, and an
/// id with more digits than a number can hold, starts with an apostrophe.
#[must_use]
pub fn csv(fleet: &Fleet, language: Language) -> String {
    let mut text = String::from('\u{feff}');
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<_> = cells.map(|cell| cell_of(&cell)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    };
    line(&mut COLUMNS.iter().map(|both| say(language, *both).to_owned()));
    for member in &fleet.members {
        line(&mut cells(member, language).into_iter());
    }
    text
}

fn cell_of(text: &str) -> String {
    let text = visible(text);
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let is_long_number = text.len() > 15 && text.bytes().all(|byte| byte.is_ascii_digit());
    // A spreadsheet would read a stage as a date.
    let is_date = text.len() < 8
        && text
            .split_once('/')
            .is_some_and(|(a, b)| a.parse::<u16>().is_ok() && b.parse::<u16>().is_ok());
    let apostrophe = if is_formula || is_long_number || is_date {
        "'"
    } else {
        ""
    };
    format!("\"{apostrophe}{}\"", text.replace('"', "\"\""))
}

/// The evidence of a run as Markdown (GitHub Flavored, for its table) in this language.
#[must_use]
pub fn markdown(fleet: &Fleet, language: Language) -> String {
    let counts = fleet.counts();
    let at = |at: Option<Millis>| code(&at.map(utc).unwrap_or_default());
    let count = |count: usize| count.to_string();
    let mut text = fill(
        language,
        [
            "## Destroyed {0} of {1} ODPs\n\n",
            "## 已销毁 {0}/{1} 个 ODP\n\n",
        ],
        &[&count(counts.destroyed), &count(counts.members)],
    );
    if let Some(run) = &fleet.run {
        text.push_str(&fill(
            language,
            [
                "- Confirmed (browser's clock): {0}\n",
                "- 确认时间（浏览器时钟）：{0}\n",
            ],
            &[&at(Some(run.confirmed_at))],
        ));
        if run.ended_at.is_some() {
            text.push_str(&fill(
                language,
                [
                    "- Ended (browser's clock): {0}\n",
                    "- 结束时间（浏览器时钟）：{0}\n",
                ],
                &[&at(run.ended_at)],
            ));
        }
    }
    let settings = fleet.run_settings;
    text.push_str(&fill(
        language,
        [
            "- Batch size: {0}, pause between batches: {1} s\n",
            "- 每批数量：{0}，批次间隔：{1} 秒\n",
        ],
        &[&settings.batch.to_string(), &settings.pause.to_string()],
    ));
    text.push_str(&fill(
        language,
        [
            "- Destroyed: {0}, not destroyed: {1}, left out: {2}, not started: {3}\n\n",
            "- 已销毁：{0}，未销毁：{1}，已排除：{2}，未开始：{3}\n\n",
        ],
        &[
            &count(counts.destroyed),
            &count(counts.not_destroyed),
            &count(counts.left_out),
            &count(counts.stopped + counts.waiting),
        ],
    ));
    let head = COLUMNS.map(|both| say(language, both));
    text.push_str(&format!("| {} |\n", head.join(" | ")));
    text.push_str(&format!("|{}\n", " --- |".repeat(COLUMNS.len())));
    for member in &fleet.members {
        let cells = cells(member, language).map(|cell| prose(&cell));
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, cell) in [
            ("10.0.0.1:2886", "\"10.0.0.1:2886\""),
            ("=1+1", "\"'=1+1\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("a \"b\", c", "\"a \"\"b\"\", c\""),
            ("42130706433028861", "\"'42130706433028861\""),
            ("2/4", "\"'2/4\""),
            ("a\u{202e}b", "\"a‹U+202E›b\""),
            ("", "\"\""),
        ] {
            assert_eq!(cell_of(text), cell);
        }
    }
}
