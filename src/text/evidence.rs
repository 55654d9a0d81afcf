//! The evidence of an ending, as JSON for machines and as Markdown for a ticket.
//!
//! The JSON, `"format": "odp-console-evidence/3"`. All keys are always present; unknown values are
//! `null`:
//!
//! ```text
//! format, console_version
//! agent    { address, ip, port, identity, version, home_path, clock_ahead_millis,
//!            zone_offset_seconds }
//! odp      { home, name, cluster, port, source { task, id, started } } | null
//!            the ODP that the agent managed; source is the task whose log names it
//! ending   { kind, name, stage, managed }     kind: see `kind`; name in English
//! ended_at                                    when the task ended, as the agent wrote it
//! seen_at                                     when it was read: RFC 3339, UTC, browser's clock
//! delete   { sent_at, trace_id } | null       sent_at as seen_at
//! task     { id, owner, name, mine, state, operator, stage, max_stage, started, ended,
//!            stages [{ number, id, name, state, operator, started, ended,
//!                      sub_tasks [{ id, name, state, operator, agent, started, ended,
//!                                   execute_times, log_lines, hidden_values,
//!                                   last_log_lines [] }] }] } | null
//! error    { kind, status, code, message, trace_id } | null
//! ```
//!
//! `mine` is whether this console's DELETE started the task, `null` if unknown. States, operators,
//! names and times of the task are exactly as the agent wrote them; characters that are invisible
//! or rearrange the visible text are escaped (`\u202e`). Passwords in log lines (obshell writes one
//! when it starts an obproxy) are replaced by `***`, and `hidden_values` is their number in the
//! whole log.

mod markdown;
pub mod run;
pub mod snapshot;
mod tree;

use super::{ending, visible};
use crate::flow::ending::{Cause, Ending, Unknown};
use crate::flow::event::Language;
use crate::flow::state::{Ended, Facts, OdpLookup, Origin};
use crate::obshell::agent_text::AgentText;
use crate::obshell::dag::{Dag, Node, Span, SubTask};
use crate::obshell::error::{Failure, NoAnswer, NotObshellKind, Unusable};
use crate::obshell::redact::redact;
use crate::obshell::time::{AgentTime, Millis};

pub use self::markdown::markdown;
pub use self::tree::Tree;

/// The number of log lines kept of a sub task, counted from the end.
const LAST_LINES: usize = 50;

/// The evidence as JSON, in the format described above in this module.
#[must_use]
pub fn json(ended: &Ended, console_version: &str) -> String {
    evidence(ended, console_version).to_json()
}

fn evidence(ended: &Ended, console_version: &str) -> Tree {
    let (stage, managed) = match &ended.ending {
        Ending::Failed { stage, managed } | Ending::Cancelled { stage, managed } => {
            (Some(*stage), *managed)
        }
        Ending::Skipped { managed }
        | Ending::OutcomeUnknown(Unknown::Contradicted { managed, .. }) => (None, *managed),
        Ending::Destroyed => (None, Some(false)),
        _ => (None, None),
    };
    Tree::Map(vec![
        ("format", Tree::text("odp-console-evidence/3")),
        ("console_version", Tree::text(console_version)),
        ("agent", agent(&ended.facts)),
        ("odp", odp(&ended.odp)),
        (
            "ending",
            Tree::Map(vec![
                ("kind", Tree::text(kind(&ended.ending))),
                (
                    "name",
                    Tree::text(&ending::name(&ended.ending, Language::English)),
                ),
                ("stage", Tree::option(stage, Tree::count)),
                ("managed", Tree::option(managed, Tree::Bool)),
            ]),
        ),
        (
            "ended_at",
            Tree::option(ended.task_ended(), |time| Tree::text(time.text())),
        ),
        ("seen_at", Tree::text(&utc(ended.at))),
        (
            "delete",
            Tree::option(ended.submission.as_ref(), |sent| {
                Tree::Map(vec![
                    ("sent_at", Tree::text(&utc(sent.sent_at))),
                    (
                        "trace_id",
                        Tree::option(sent.trace_id.as_deref(), Tree::text),
                    ),
                ])
            }),
        ),
        (
            "task",
            Tree::option(task_of(ended), |(dag, mine)| task(dag, mine)),
        ),
        ("error", Tree::option(cause_of(&ended.ending), error)),
    ])
}

/// The keyword of an ending in the JSON.
#[must_use]
pub fn kind(ending: &Ending) -> &'static str {
    match ending {
        Ending::Destroyed => "destroyed",
        Ending::Skipped { .. } => "skipped",
        Ending::Failed { .. } => "failed",
        Ending::Cancelled { .. } => "cancelled",
        Ending::NothingToDestroy => "nothing-to-destroy",
        Ending::Refused(_) => "refused",
        Ending::SomeoneElse { .. } => "someone-else",
        Ending::NotSent(_) => "not-sent",
        Ending::NotDone(_) => "not-done",
        Ending::OutcomeUnknown(_) => "outcome-unknown",
        Ending::OtherTaskDone => "other-task-done",
    }
}

/// The task of the evidence, and whether this console's DELETE started it, if known.
fn task_of(ended: &Ended) -> Option<(&Dag, Option<bool>)> {
    match (&ended.task, &ended.ending) {
        (Some(task), _) => Some((&task.dag, mine(&task.origin))),
        (None, Ending::SomeoneElse { holder, .. }) => Some((holder.as_ref()?, Some(false))),
        (None, _) => None,
    }
}

/// Whether this console's DELETE started the task; `None` if unknown.
fn mine(origin: &Origin) -> Option<bool> {
    match origin {
        Origin::Mine(_) => Some(true),
        Origin::Presumed(_) | Origin::Opened => None,
        Origin::Followed => Some(false),
    }
}

/// The error that caused the ending, if there is one.
fn cause_of(ending: &Ending) -> Option<Cause> {
    match ending {
        Ending::Refused(error) | Ending::SomeoneElse { error, .. } => {
            Some(Failure::Refused(error.clone()).into())
        }
        Ending::NotSent(failure) => Some(failure.clone().into()),
        Ending::NotDone(cause) | Ending::OutcomeUnknown(Unknown::Answer(cause)) => {
            Some(cause.clone())
        }
        _ => None,
    }
}

fn agent(facts: &Facts) -> Tree {
    Tree::Map(vec![
        ("address", Tree::text(&facts.address.to_string())),
        ("ip", Tree::text(facts.info.ip.raw())),
        ("port", Tree::Number(facts.info.port.into())),
        ("identity", Tree::text(facts.info.identity.raw())),
        ("version", Tree::text(facts.info.version.raw())),
        ("home_path", Tree::text(facts.info.home_path.raw())),
        ("clock_ahead_millis", Tree::Number(facts.clock.millis)),
        (
            "zone_offset_seconds",
            Tree::Number(facts.agent_time.offset_seconds().into()),
        ),
    ])
}

/// The ODP that the agent manages, if one of its tasks names it.
fn odp(odp: &OdpLookup) -> Tree {
    let OdpLookup::Found(odp) = odp else {
        return Tree::Null;
    };
    let text =
        |value: &Option<AgentText>| Tree::option(value.as_ref().map(AgentText::raw), Tree::text);
    let source = &odp.source;
    Tree::Map(vec![
        ("home", text(&odp.home)),
        ("name", text(&odp.name)),
        ("cluster", text(&odp.cluster)),
        (
            "port",
            Tree::option(odp.port, |port| Tree::Number(port.into())),
        ),
        (
            "source",
            Tree::Map(vec![
                ("task", Tree::text(source.name.raw())),
                ("id", Tree::text(source.id.as_str())),
                (
                    "started",
                    Tree::option(source.started.as_ref(), |time| Tree::text(time.text())),
                ),
            ]),
        ),
    ])
}

fn task(dag: &Dag, mine: Option<bool>) -> Tree {
    let stages = dag.nodes.iter().flatten();
    let stages = stages.map(|node| stage(node)).collect();
    let mut map = vec![
        ("id", Tree::text(dag.id.as_str())),
        (
            "owner",
            Tree::option(dag.id.owner(), |owner| Tree::text(&owner.to_string())),
        ),
        ("name", Tree::text(dag.name.raw())),
        ("mine", Tree::option(mine, Tree::Bool)),
        ("state", Tree::text(dag.state.raw())),
        ("operator", Tree::text(dag.operator.raw())),
        ("stage", Tree::count(dag.stage)),
        ("max_stage", Tree::count(dag.max_stage)),
    ];
    push_span(&mut map, &dag.span);
    map.push(("stages", Tree::List(stages)));
    Tree::Map(map)
}

fn stage(node: &Node) -> Tree {
    let sub_tasks = node.sub_tasks.iter().flatten();
    let mut map = vec![
        ("number", Tree::count(node.number)),
        ("id", Tree::text(node.id.as_str())),
        ("name", Tree::text(node.name.raw())),
        ("state", Tree::text(node.state.raw())),
        ("operator", Tree::text(node.operator.raw())),
    ];
    push_span(&mut map, &node.span);
    map.push((
        "sub_tasks",
        Tree::List(sub_tasks.map(|sub_task| self::sub_task(sub_task)).collect()),
    ));
    Tree::Map(map)
}

fn sub_task(sub_task: &SubTask) -> Tree {
    let mut map = vec![
        ("id", Tree::text(sub_task.id.as_str())),
        ("name", Tree::text(sub_task.name.raw())),
        ("state", Tree::text(sub_task.state.raw())),
        ("operator", Tree::text(sub_task.operator.raw())),
        (
            "agent",
            Tree::option(sub_task.agent.as_ref(), |agent| {
                Tree::text(&agent.to_string())
            }),
        ),
    ];
    push_span(&mut map, &sub_task.span);
    map.extend([
        ("execute_times", Tree::Number(sub_task.execute_times.into())),
        ("log_lines", Tree::count(lines(sub_task).len())),
        ("hidden_values", Tree::count(sub_task.hidden)),
        (
            "last_log_lines",
            Tree::List(last_lines(sub_task).map(Tree::text).collect()),
        ),
    ]);
    Tree::Map(map)
}

fn push_span(map: &mut Vec<(&'static str, Tree)>, span: &Span) {
    let time =
        |time: &Option<AgentTime>| Tree::option(time.as_ref(), |time| Tree::text(time.text()));
    map.extend([
        ("started", time(&span.started)),
        ("ended", time(&span.ended)),
    ]);
}

fn error(cause: Cause) -> Tree {
    let Cause::Failure(failure) = cause else {
        return Tree::Map(vec![
            ("kind", Tree::text("no-content")),
            ("status", Tree::Number(204)),
            ("code", Tree::Null),
            ("message", Tree::Null),
            ("trace_id", Tree::Null),
        ]);
    };
    let (kind, status, code, message, trace_id) = match &failure {
        Failure::NotSent(_) => ("not-sent", None, None, None, None),
        Failure::NoAnswer(NoAnswer::Network) => ("network", None, None, None, None),
        Failure::NoAnswer(NoAnswer::Timeout(_)) => ("timeout", None, None, None, None),
        Failure::NotObshell(answer) => (
            match answer.kind {
                NotObshellKind::Page => "page",
                NotObshellKind::Empty => "empty",
                NotObshellKind::Truncated => "truncated",
                NotObshellKind::Other => "not-obshell",
                NotObshellKind::Status(_) => "other-status",
                NotObshellKind::Redirect => "redirect",
                NotObshellKind::TooLarge => "too-large",
            },
            Some(answer.status),
            None,
            None,
            None,
        ),
        Failure::Refused(error) => (
            "refused",
            Some(error.status),
            Some(error.shown_code()),
            Some(redact(error.message.raw()).text),
            Some(error.trace_id.as_str()),
        ),
        Failure::Unusable(why) => {
            let kind = match why {
                Unusable::Stale => "old-answer",
                Unusable::OtherTask => "other-task",
                Unusable::OtherAgent => "other-agent",
                Unusable::NotListed { .. } => "not-listed",
                Unusable::ListUnread => "list-unread",
            };
            (kind, None, None, None, None)
        }
    };
    Tree::Map(vec![
        ("kind", Tree::text(kind)),
        (
            "status",
            Tree::option(status, |status| Tree::Number(status.into())),
        ),
        (
            "code",
            Tree::option(code.as_ref().map(AgentText::raw), Tree::text),
        ),
        ("message", Tree::option(message.as_deref(), Tree::text)),
        ("trace_id", Tree::option(trace_id, Tree::text)),
    ])
}

fn lines(sub_task: &SubTask) -> &[String] {
    sub_task.logs.as_ref().map_or(&[], |logs| logs.as_slice())
}

fn last_lines(sub_task: &SubTask) -> impl Iterator<Item = &str> {
    let lines = lines(sub_task);
    lines
        .iter()
        .skip(lines.len().saturating_sub(LAST_LINES))
        .map(String::as_str)
}

/// RFC 3339 in UTC, to the millisecond. Uses the proleptic Gregorian calendar with years that start
/// in March, so that the leap day is the last day.
fn utc(millis: Millis) -> String {
    let (days, of_day) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
    // Days since 1 March of year 0; 400 years have 146,097 days.
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 {
        (year, month + 3)
    } else {
        (year + 1, month - 9)
    };
    let (seconds, fraction) = (of_day / 1000, of_day % 1000);
    format!(
        "{:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{fraction:03}Z",
        era * 400 + year,
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_right() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (1_795_436_683_702, "2026-11-23T12:24:43.702Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(utc(millis), text);
            let parsed = AgentTime::parse(text).unwrap();
            assert_eq!(parsed.millis(), millis);
        }
    }
}
