//! The building blocks of the statements about a deletion.

use serde_json::Value;
use std::sync::Arc;

use crate::{
    dag::{current, is_epoch, mood, moods, node, sub_task, time, times_run},
    expect::{accepted, at, ensure, keys, list, same, text},
    miss::{Check, Miss},
    probe::Probe,
    record::{Both, Journey, Operated, Sight},
    refusal::Refusal,
    statement::{Statement, statement},
};

/// The nodes of a deletion, each with one sub task of its name.
pub(super) const NODES: [&str; 4] = [
    "Check obproxy status",
    "Stop obproxy",
    "Delete obproxy",
    "Clean obproxy dir",
];

/// A statement on the record.
pub(super) fn judged<F>(id: &'static str, fact: &'static str, judge: F) -> Statement
where
    F: Fn(&Probe, &Journey) -> Check + Send + Sync + Copy + 'static,
{
    statement(id, fact, move |p: Arc<Probe>| async move {
        judge(&p, &*p.journey().await?)
    })
}

/// An optional part of the record.
pub(super) fn part<'a, T>(part: Option<&'a T>, why: &str) -> Result<&'a T, Miss> {
    part.ok_or_else(|| Miss::not_applicable(why))
}

pub(super) fn refuses(probe: &Probe, both: &Both, refusal: &Refusal) -> Check {
    probe.refuses(&both.english, refusal, false)?;
    probe
        .refuses(&both.chinese, refusal, true)
        .map_err(|miss| miss.when("Accept-Language: zh-CN"))
}

/// A success of an operator: an envelope without data.
pub(super) fn operated(operated: &Operated) -> Check {
    let envelope = accepted(&operated.answer)?;
    same(
        "keys",
        vec!["successful", "timestamp", "duration", "status", "traceId"],
        keys(&envelope),
    )
}

pub(super) fn trail(journey: &Journey) -> Result<&[Sight], Miss> {
    if journey.trail.is_empty() {
        return Err(Miss::not_applicable(
            "the deletion was not observed from its start",
        ));
    }
    Ok(&journey.trail)
}

pub(super) fn all_moods(journey: &Journey) -> String {
    journey
        .trail
        .iter()
        .map(|sight| moods(&sight.dag))
        .collect::<Vec<_>>()
        .join("; ")
}

pub(super) fn lines(node: &Value) -> Vec<&str> {
    list(sub_task(node), "/task_logs")
        .iter()
        .filter_map(Value::as_str)
        .collect()
}

pub(super) fn retried_ready(retry: &Operated, before: &Value) -> Result<(), Miss> {
    let dag = &retry.after;
    if text(dag, "/state") != "READY" {
        return Err(Miss::not_applicable("the scheduler picked it up at once"));
    }
    let index = current(before);
    same("DAG", "READY/RUN", &mood(dag))?;
    same("stage", at(before, "/stage"), at(dag, "/stage"))?;
    same("node", "PENDING/RETRY", &mood(node(dag, index)))?;
    ensure(
        is_epoch(dag)? && is_epoch(node(dag, index))?,
        "times in 1970",
        || dag.to_string(),
    )?;
    same(
        "sub task",
        sub_task(node(before, index)),
        sub_task(node(dag, index)),
    )
}

pub(super) fn running_after_retry(retry: &Operated) -> Result<(), Miss> {
    let mut running = retry
        .trail
        .iter()
        .filter(|sight| text(&sight.dag, "/state") == "RUNNING")
        .peekable();
    ensure(running.peek().is_some(), "a RUNNING DAG", || {
        moods(retry.end())
    })?;
    for sight in running {
        let (start, end) = (
            time(&sight.dag, "/start_time")?,
            time(&sight.dag, "/end_time")?,
        );
        ensure(
            start.timestamp() > 0 && end.timestamp() == 0,
            "a real start and an end in 1970",
            || format!("{start} and {end}"),
        )?;
    }
    Ok(())
}

pub(super) fn rolled_back(retry: &Operated, before: &Value) -> Result<(), Miss> {
    let index = current(before);
    let first = times_run(node(before, index));
    let seen = retry.trail.iter().any(|sight| {
        let node = node(&sight.dag, index);
        mood(node) == "RUNNING/RETRY"
            && mood(sub_task(node)) == "SUCCEED/ROLLBACK"
            && times_run(node) == first + 1
    });
    let all = || {
        retry
            .trail
            .iter()
            .map(|sight| moods(&sight.dag))
            .collect::<Vec<_>>()
            .join("; ")
    };
    ensure(
        seen,
        "SUCCEED/ROLLBACK in a RUNNING/RETRY node, execute_times plus 1",
        all,
    )?;
    let last = node(retry.end(), index);
    same("execute_times at the end", first + 2, times_run(last))?;
    same(
        "operator at the end",
        "RUN",
        text(sub_task(last), "/operator"),
    )
}
