//! Parsing a DAG in JSON.

use serde_json::Value;

use crate::expect::{at, ensure, list, text, timestamp};
use crate::miss::{Check, Miss};

pub(super) fn path(id: &str) -> String {
    format!("/api/v1/task/dag/{id}")
}

pub(super) fn is_finished(dag: &Value) -> bool {
    matches!(text(dag, "/state"), "SUCCEED" | "FAILED")
}

pub(super) fn nodes(dag: &Value) -> &[Value] {
    list(dag, "/nodes")
}

pub(super) fn sub_tasks(dag: &Value) -> impl Iterator<Item = &Value> {
    nodes(dag).iter().flat_map(|node| list(node, "/sub_tasks"))
}

pub(super) fn node(dag: &Value, index: usize) -> &Value {
    list(dag, "/nodes").get(index).unwrap_or(&Value::Null)
}

pub(super) fn sub_task(node: &Value) -> &Value {
    at(node, "/sub_tasks/0")
}

/// Index of the current node, counted from 0.
pub(super) fn current(dag: &Value) -> usize {
    let stage = at(dag, "/stage")
        .as_u64()
        .and_then(|stage| usize::try_from(stage).ok())
        .unwrap_or_default();
    stage.saturating_sub(1)
}

/// State and operator: `FAILED/CANCEL`.
pub(super) fn mood(value: &Value) -> String {
    format!("{}/{}", text(value, "/state"), text(value, "/operator"))
}

pub(super) fn moods(dag: &Value) -> String {
    let parts = list(dag, "/nodes")
        .iter()
        .map(|node| format!("{}[{}]", mood(node), mood(sub_task(node))));
    format!(
        "{} stage {} | {}",
        mood(dag),
        at(dag, "/stage"),
        parts.collect::<Vec<_>>().join(" ")
    )
}

pub(super) fn time(
    value: &Value,
    name: &str,
) -> Result<chrono::DateTime<chrono::FixedOffset>, Miss> {
    timestamp(text(value, name))
}

/// Whether both start and end are the Unix epoch.
pub(super) fn is_epoch(value: &Value) -> Result<bool, Miss> {
    Ok(time(value, "/start_time")?.timestamp() == 0 && time(value, "/end_time")?.timestamp() == 0)
}

/// obshell: `task_logs` is null while PENDING or READY; a skipped sub task that never ran has `[]`.
pub(super) fn logs_rule(task: &Value) -> Check {
    let logs = at(task, "/task_logs");
    let waits = matches!(text(task, "/state"), "PENDING" | "READY");
    let fine = if waits {
        logs.is_null()
    } else {
        logs.is_array()
    };
    ensure(fine, if waits { "null" } else { "a list" }, || {
        format!("{} with task_logs {logs}", text(task, "/state"))
    })
}

/// How often a node's sub task has run, forwards and back.
pub(super) fn times_run(node: &Value) -> u64 {
    at(sub_task(node), "/execute_times")
        .as_u64()
        .unwrap_or_default()
}
