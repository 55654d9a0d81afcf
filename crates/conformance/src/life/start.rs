//! The requests that must not affect a managed ODP, and the start of a deletion.

use serde_json::Value;

use super::judge::{NODES, judged, operated, part};
use crate::{
    dag::{
        current, is_epoch, is_finished, logs_rule, mood, moods, node, sub_task, time, times_run,
    },
    expect::{accepted, at, ensure, keys, list, same, text},
    journey::DELETE,
    miss::{Check, Miss},
    probe::Probe,
    record::{Journey, Operated},
    refusal::Refusal,
    statement::{Statement, statement},
    wording::{
        cancel_not_allowed, decrypt_failed, expired, header_not_found, uri_mismatch, wrong_password,
    },
};

/// Requests that an agent with a managed ODP refuses. An agent that accepted one would lose its
/// ODP.
pub(super) fn refusals() -> Vec<Statement> {
    async fn needs_managed(probe: &Probe) -> Check {
        probe.needs_destroy()?;
        probe.needs_access()?;
        if probe.managed().await? {
            return Ok(());
        }
        Err(Miss::not_applicable("the agent manages no ODP"))
    }
    vec![
        statement(
            "delete.refusals",
            "A DELETE with no header, a wrong Uri, an old Ts or a wrong password does nothing.",
            |p| async move {
                p.needs_encryption()?;
                needs_managed(&p).await?;
                let delete = || p.ask("DELETE", DELETE);
                let past = (p.now() - 10).to_string();
                p.refused(&delete()?.open(), &header_not_found()).await?;
                p.refused(&delete()?.field("Uri", "/"), &uri_mismatch())
                    .await?;
                p.refused(&delete()?.field("Ts", past), &expired()).await?;
                p.refused(&delete()?.field("Auth", "no"), &wrong_password())
                    .await?;
                let foreign = delete()?.with_foreign_key();
                let refusal = decrypt_failed(&p, "crypto/rsa: decryption error");
                p.refused(&foreign, &refusal).await?;
                same("isObproxyAgent", true, p.managed().await?)
            },
        ),
        statement(
            "obproxy.already-managed",
            "An agent that manages an ODP rejects another, with data null.",
            |p| async move {
                needs_managed(&p).await?;
                let ask = p.ask("POST", DELETE)?.body(r#"{"home_path":"/nowhere"}"#);
                let refusal = Refusal::new(
                    400,
                    "OBProxy.AlreadyManaged",
                    "Agent has already managed OBProxy",
                )
                .zh("agent已经管理了 OBProxy")
                .data_null();
                p.refused(&ask, &refusal).await
            },
        ),
    ]
}

/// The deletion that was cancelled, unless CANCEL was too late.
fn cancelled(journey: &Journey) -> Result<&Operated, Miss> {
    let cancelled = part(journey.cancelled.as_ref(), "nothing was cancelled")?;
    if is_finished(&cancelled.after) && text(&cancelled.after, "/operator") != "CANCEL" {
        return Err(Miss::not_applicable(
            "the task ended before it could be cancelled",
        ));
    }
    Ok(cancelled)
}

pub(super) fn cancellation() -> Vec<Statement> {
    const LATE: &str = "the scheduler picked it up at once";
    vec![
        judged(
            "cancel.not-allowed",
            "The commit that bumps the version to 4.2.6.0 rejects every CANCEL, and the deletion continues.",
            |p, journey| {
                let answer = part(
                    journey.cancel_refused.as_ref(),
                    "this agent's tasks can be cancelled",
                )?;
                p.refuses(answer, &cancel_not_allowed(), false)
            },
        ),
        judged(
            "cancel.answer",
            "CANCEL of an unfinished DAG returns 200 without data.",
            |_, journey| operated(cancelled(journey)?),
        ),
        judged(
            "cancel.ready",
            "Until the scheduler picks it up, a cancelled DAG is READY/CANCEL and its node PENDING/CANCEL, with times in 1970.",
            |_, journey| {
                let cancelled = cancelled(journey)?;
                let dag = &cancelled.after;
                if text(dag, "/state") != "READY" || at(dag, "/stage") != 1 {
                    return Err(Miss::not_applicable(LATE));
                }
                same(
                    "states",
                    "READY/CANCEL and PENDING/CANCEL",
                    &format!("{} and {}", mood(dag), mood(node(dag, 0))),
                )?;
                ensure(is_epoch(dag)?, "both times in 1970", || dag.to_string())
            },
        ),
        judged(
            "cancel.again",
            "A second CANCEL before the scheduler picks up the first also returns 200.",
            |_, journey| {
                let (answer, dag) = part(journey.cancelled_again.as_ref(), LATE)?;
                if mood(dag) != "READY/CANCEL" {
                    return Err(Miss::not_applicable("the scheduler picked it up at once"));
                }
                accepted(answer).map(drop)
            },
        ),
        judged(
            "cancel.end",
            "A cancelled DAG ends FAILED/CANCEL, as does its next node.",
            |_, journey| {
                let dag = cancelled(journey)?.end();
                same("DAG", "FAILED/CANCEL", &mood(dag))?;
                same("node", "FAILED/CANCEL", &mood(node(dag, current(dag))))?;
                ensure(
                    time(dag, "/start_time")? <= time(dag, "/end_time")?,
                    "an end after the start",
                    || dag.to_string(),
                )
            },
        ),
        judged(
            "cancel.never-ran",
            "If a DAG is cancelled before its first step, its sub tasks stay PENDING/RUN with execute_times 0.",
            |_, journey| {
                let cancelled = cancelled(journey)?;
                if times_run(node(&cancelled.after, 0)) != 0 {
                    return Err(Miss::not_applicable(LATE));
                }
                for node in list(cancelled.end(), "/nodes") {
                    same("sub task", "PENDING/RUN", &mood(sub_task(node)))?;
                    same(
                        "execute_times",
                        Some(0),
                        at(sub_task(node), "/execute_times").as_u64(),
                    )?;
                    logs_rule(sub_task(node))?;
                }
                Ok(())
            },
        ),
        judged(
            "cancel.lock",
            "Cancelling at stage 1 frees the lock: the next DELETE starts a deletion. The ODP stays managed.",
            |_, journey| {
                let cancelled = cancelled(journey)?;
                if at(cancelled.end(), "/stage") != 1 {
                    return Err(Miss::not_applicable("cancelled at a later stage"));
                }
                ensure(
                    cancelled.trail.iter().all(|sight| sight.managed),
                    "a managed ODP",
                    || moods(cancelled.end()),
                )?;
                accepted(part(journey.created.as_ref(), "no second deletion")?).map(drop)
            },
        ),
    ]
}

pub(super) fn creation() -> Vec<Statement> {
    const NONE: &str = "no deletion was started";
    vec![
        judged(
            "delete.created",
            "DELETE returns 200 with a READY/RUN DAG at stage 1 of 4, without nodes and additional_data.",
            |p, journey| {
                let envelope = accepted(part(journey.created.as_ref(), NONE)?)?;
                same(
                    "keys",
                    vec![
                        "successful",
                        "timestamp",
                        "duration",
                        "status",
                        "traceId",
                        "data",
                    ],
                    keys(&envelope),
                )?;
                let dag = at(&envelope, "/data");
                for (name, value) in [
                    ("name", "Delete obproxy".into()),
                    ("stage", 1.into()),
                    ("max_stage", 4.into()),
                    ("state", "READY".into()),
                    ("operator", "RUN".into()),
                    ("additional_data", Value::Null),
                    ("nodes", Value::Null),
                ] {
                    same(name, Some(&value), dag.get(name))?;
                }
                let told = p.tells_maintenance();
                let (kind, key) = (Value::from(4), Value::from(""));
                let kind = told.then_some(&kind);
                same("maintenance_type", kind, dag.get("maintenance_type"))?;
                let key = told.then_some(&key);
                same("maintenance_key", key, dag.get("maintenance_key"))?;
                same("end_time", text(dag, "/start_time"), text(dag, "/end_time"))
            },
        ),
        judged(
            "delete.numbers",
            "Each deletion has the next dag_id; node ids and sub task ids are counted separately.",
            |_, journey| {
                let first = part(journey.cancelled.as_ref(), NONE)?.end();
                let second = part(journey.early.as_ref(), NONE)?;
                for (what, pointer, step) in [
                    ("dag_id", "/dag_id", 1),
                    ("node_id", "/nodes/0/node_id", 4),
                    ("task_id", "/nodes/0/sub_tasks/0/task_id", 4),
                ] {
                    let before = at(first, pointer).as_u64().unwrap_or_default();
                    same(
                        what,
                        Some(before.saturating_add(step)),
                        at(second, pointer).as_u64(),
                    )?;
                }
                Ok(())
            },
        ),
        judged(
            "delete.nodes",
            "The four nodes of a deletion, and their sub tasks, have the known names.",
            |_, journey| {
                let dag = part(journey.early.as_ref(), NONE)?;
                let names: Vec<&str> = list(dag, "/nodes")
                    .iter()
                    .map(|node| text(node, "/name"))
                    .collect();
                same("names", NODES.to_vec(), names)
            },
        ),
        judged(
            "delete.ready",
            "Until the scheduler picks it up, every part is PENDING/RUN with execute_times 0, task_logs null and equal times.",
            |_, journey| {
                let dag = part(journey.early.as_ref(), NONE)?;
                if text(dag, "/state") != "READY" {
                    return Err(Miss::not_applicable("the scheduler picked it up at once"));
                }
                for node in list(dag, "/nodes") {
                    let task = sub_task(node);
                    same(
                        "states",
                        "PENDING/RUN PENDING/RUN",
                        &format!("{} {}", mood(node), mood(task)),
                    )?;
                    same(
                        "execute_times",
                        Some(0),
                        at(task, "/execute_times").as_u64(),
                    )?;
                    same("task_logs", &Value::Null, at(task, "/task_logs"))?;
                    for part in [dag, node, task] {
                        same(
                            "end_time",
                            text(part, "/start_time"),
                            text(part, "/end_time"),
                        )?;
                    }
                }
                Ok(())
            },
        ),
    ]
}
