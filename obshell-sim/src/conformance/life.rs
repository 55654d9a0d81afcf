//! What has to be true of a deletion from its DELETE to its end: judged on the record of the [`super::journey`]
//! (obshell: 2.3, 3.1, 3.2, 4.3, 4.5, 4.6, 12.5 to 12.7).

use std::sync::Arc;

use serde_json::Value;

use super::{
    expect::{Check, Miss, Refusal, accepted, at, ensure, keys, list, same, text, timestamp},
    header::{decrypt_failed, expired, header_not_found, uri_mismatch, wrong_password},
    journey::{Both, DELETE, Journey, Operated, Sight},
    probe::Probe,
    shape::logs_rule,
    statement::{Statement, statement},
};

mod ending;

/// The nodes of a deletion, each with one sub task of its name.
const NODES: [&str; 4] = [
    "Check obproxy status",
    "Stop obproxy",
    "Delete obproxy",
    "Clean obproxy dir",
];

pub(super) fn statements() -> Vec<Statement> {
    let mut all = refusals();
    all.extend(cancellation());
    all.extend(creation());
    all.extend(meanwhile());
    all.extend(course());
    all.extend(ending::statements());
    all
}

/// A statement on the record.
fn judged<F>(id: &'static str, fact: &'static str, judge: F) -> Statement
where
    F: Fn(&Probe, &Journey) -> Check + Send + Sync + Copy + 'static,
{
    statement(id, fact, move |p: Arc<Probe>| async move {
        judge(&p, &*p.journey().await?)
    })
}

/// A part of the record that need not be there.
fn part<'a, T>(part: Option<&'a T>, why: &str) -> Result<&'a T, Miss> {
    part.ok_or_else(|| Miss::not_applicable(why))
}

fn refuses(probe: &Probe, both: &Both, refusal: &Refusal) -> Check {
    probe.refuses(&both.english, refusal, false)?;
    probe
        .refuses(&both.chinese, refusal, true)
        .map_err(|miss| miss.when("Accept-Language: zh-CN"))
}

fn node(dag: &Value, index: usize) -> &Value {
    list(dag, "/nodes").get(index).unwrap_or(&Value::Null)
}

fn sub_task(node: &Value) -> &Value {
    at(node, "/sub_tasks/0")
}

/// State and operator, as people say them: `FAILED/CANCEL`.
fn mood(value: &Value) -> String {
    format!("{}/{}", text(value, "/state"), text(value, "/operator"))
}

fn moods(dag: &Value) -> String {
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

fn time(value: &Value, name: &str) -> Result<chrono::DateTime<chrono::FixedOffset>, Miss> {
    timestamp(text(value, name))
}

/// Whether start and end both are the Unix epoch.
fn is_epoch(value: &Value) -> Result<bool, Miss> {
    Ok(time(value, "/start_time")?.timestamp() == 0 && time(value, "/end_time")?.timestamp() == 0)
}

/// Number of the current node, counted from 0.
fn current(dag: &Value) -> usize {
    let stage = at(dag, "/stage")
        .as_u64()
        .and_then(|stage| usize::try_from(stage).ok())
        .unwrap_or_default();
    stage.saturating_sub(1)
}

/// The agent as it names itself: `127.0.0.1:2886`, `[::1]:2886`.
fn address(probe: &Probe) -> String {
    let ip = text(&probe.info, "/ip");
    let host = if ip.contains(':') {
        format!("[{ip}]")
    } else {
        ip.to_owned()
    };
    format!("{host}:{}", at(&probe.info, "/port"))
}

fn under_maintenance(probe: &Probe, task: &str) -> Refusal {
    let agent = address(probe);
    Refusal::new(
        500,
        "Agent.UnderMaintenance",
        format!("Create task '{task}' failed: {agent} is under maintenance"),
    )
    .zh(format!("创建任务 '{task}' 失败: {agent} 处于运维状态中"))
    .old(
        500,
        1002,
        "Unexpected error: failed to start maintenance: agent is under maintenance",
    )
    .data_null()
}

fn retry_refused() -> Refusal {
    Refusal::new(
        400,
        "Task.Dag.Operator.RetryNotFailedDag",
        "Failed to set DAG retry: DAG state is not failed",
    )
    .zh("重试 DAG 失败：DAG 未失败")
    .old(
        500,
        1010,
        "Known error: failed to set dag retry: dag state is not failed",
    )
}

fn rollback_refused() -> Refusal {
    Refusal::new(
        400,
        "Task.Dag.Operator.RollbackNotFailedDag",
        "Failed to set DAG rollback: DAG state is not failed",
    )
    .zh("设置 DAG 回滚失败：DAG 未失败")
    .old(
        500,
        1010,
        "Known error: failed to set dag rollback: dag state is not failed",
    )
}

fn pass_refused() -> Refusal {
    Refusal::new(
        400,
        "Task.Dag.Operator.PassNotFailedDag",
        "Failed to pass DAG: DAG is not failed",
    )
    .zh("跳过 DAG 失败：DAG 未失败")
    .old(
        500,
        1010,
        "Known error: failed to pass dag: dag is not failed",
    )
}

fn cancel_refused() -> Refusal {
    Refusal::new(
        400,
        "Task.Dag.Operator.CancelFinishedDag",
        "Failed to cancel DAG: DAG is finished",
    )
    .zh("取消 DAG 失败：DAG 已执行完成")
    .old(
        500,
        1010,
        "Known error: failed to cancel dag: dag is finished",
    )
}

fn node_pass_refused() -> Refusal {
    Refusal::new(
        400,
        "Task.Node.Operator.PassNotFailedDag",
        "Failed to pass node: assigned DAG is not failed",
    )
    .zh("跳过节点失败：指定的 DAG 未失败")
    .old(
        500,
        1002,
        "Unexpected error: failed to pass node: associated dag is not failed",
    )
}

/// A success of an operator: an envelope without data.
fn operated(operated: &Operated) -> Check {
    let envelope = accepted(&operated.answer)?;
    same(
        "keys",
        vec!["successful", "timestamp", "duration", "status", "traceId"],
        keys(&envelope),
    )
}

/// What is refused by an agent that manages an ODP. On an agent that would not refuse it, it is gone.
fn refusals() -> Vec<Statement> {
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
            "An agent that manages an ODP takes no other, with data null.",
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

fn cancellation() -> Vec<Statement> {
    const NONE: &str = "nothing was cancelled while it was READY";
    vec![
        judged(
            "cancel.answer",
            "CANCEL of an unfinished DAG is a 200 without data.",
            |_, journey| operated(part(journey.cancelled.as_ref(), NONE)?),
        ),
        judged(
            "cancel.ready",
            "Until it is picked up, a cancelled DAG and its node are READY/CANCEL and PENDING/CANCEL, with times in 1970.",
            |_, journey| {
                let cancelled = part(journey.cancelled.as_ref(), NONE)?;
                let dag = &cancelled.after;
                if text(dag, "/state") != "READY" || at(dag, "/stage") != 1 {
                    return Err(Miss::not_applicable(NONE));
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
            "A second CANCEL before it is picked up is a 200 too.",
            |_, journey| {
                let (answer, dag) = part(journey.cancelled_again.as_ref(), NONE)?;
                if mood(dag) != "READY/CANCEL" {
                    return Err(Miss::not_applicable("it was picked up at once"));
                }
                accepted(answer).map(drop)
            },
        ),
        judged(
            "cancel.end",
            "A cancelled DAG ends FAILED/CANCEL, and so does the node that was to come.",
            |_, journey| {
                let dag = part(journey.cancelled.as_ref(), NONE)?.end();
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
            "Cancelled before its first step, the sub tasks stay PENDING/RUN and have run no time.",
            |_, journey| {
                let cancelled = part(journey.cancelled.as_ref(), NONE)?;
                if text(&cancelled.after, "/state") != "READY" {
                    return Err(Miss::not_applicable(NONE));
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
            "Cancelled at stage 1, the lock is free: the next DELETE starts a deletion. The ODP stays managed.",
            |_, journey| {
                let cancelled = part(journey.cancelled.as_ref(), NONE)?;
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

fn creation() -> Vec<Statement> {
    const NONE: &str = "no deletion was started";
    vec![
        judged(
            "delete.created",
            "DELETE answers 200 with a READY/RUN DAG at stage 1 of 4, without nodes and additional_data.",
            |_, journey| {
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
                    ("maintenance_type", 4.into()),
                    ("maintenance_key", "".into()),
                    ("state", "READY".into()),
                    ("operator", "RUN".into()),
                    ("additional_data", Value::Null),
                    ("nodes", Value::Null),
                ] {
                    same(name, Some(&value), dag.get(name))?;
                }
                same("end_time", text(dag, "/start_time"), text(dag, "/end_time"))
            },
        ),
        judged(
            "delete.numbers",
            "Each deletion has the next dag_id; nodes and sub tasks go on counting on their own.",
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
            "Its four nodes, and their sub tasks, are named as they are.",
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
            "Until it is picked up, all is PENDING/RUN, has run no time, has null for logs and one time twice.",
            |_, journey| {
                let dag = part(journey.early.as_ref(), NONE)?;
                if text(dag, "/state") != "READY" {
                    return Err(Miss::not_applicable("it was picked up at once"));
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

fn meanwhile() -> Vec<Statement> {
    const NONE: &str = "nothing was asked while it worked";
    fn asked(journey: &Journey) -> Result<&super::journey::Meanwhile, Miss> {
        let meanwhile = part(journey.meanwhile.as_ref(), NONE)?;
        if super::shape::is_finished(&meanwhile.last) {
            return Err(Miss::not_applicable("it was finished before all was asked"));
        }
        Ok(meanwhile)
    }
    vec![
        judged(
            "delete.second",
            "A second DELETE is refused with 500 Agent.UnderMaintenance and data null.",
            |p, journey| {
                refuses(
                    p,
                    &asked(journey)?.second_delete,
                    &under_maintenance(p, "Delete obproxy"),
                )
            },
        ),
        judged(
            "delete.stop-meanwhile",
            "So is a stop of the ODP, with its own name in the message.",
            |p, journey| {
                refuses(
                    p,
                    &asked(journey)?.stop,
                    &under_maintenance(p, "Stop obproxy"),
                )
            },
        ),
        judged(
            "operator.retry-working",
            "RETRY of a DAG that works is refused.",
            |p, journey| refuses(p, &asked(journey)?.retry, &retry_refused()),
        ),
        judged(
            "operator.rollback-working",
            "ROLLBACK of a DAG that works is refused; operators are read whatever their case.",
            |p, journey| refuses(p, &asked(journey)?.rollback, &rollback_refused()),
        ),
        judged(
            "operator.pass-working",
            "PASS of a DAG that works is refused.",
            |p, journey| refuses(p, &asked(journey)?.pass, &pass_refused()),
        ),
        judged(
            "operator.node-pass-working",
            "PASS of a node of a DAG that works is refused.",
            |p, journey| refuses(p, &asked(journey)?.node_pass, &node_pass_refused()),
        ),
        judged(
            "operator.no-lock",
            "RETRY of a deletion that ended at stage 1, and PASS of its node, need the lock that another one has.",
            |p, journey| {
                let refusal = Refusal::new(
                    500,
                    "Agent.UnderMaintenance",
                    format!("{} is under maintenance", address(p)),
                )
                .zh(format!("{} 处于运维状态中", address(p)));
                let meanwhile = asked(journey)?;
                refuses(p, &meanwhile.old_retry, &refusal)?;
                refuses(p, &meanwhile.old_node_pass, &refusal)
            },
        ),
        judged(
            "delete.unfinished-cluster",
            "On a CLUSTER AGENT a deletion that works is missing in dag/unfinish, whose contents are null.",
            |p, journey| {
                p.needs_identity("CLUSTER AGENT")?;
                let everywhere = &asked(journey)?.everywhere;
                same("data", &serde_json::json!({ "contents": null }), everywhere)
            },
        ),
        judged(
            "delete.status",
            "underMaintenance of /status stays false during a deletion.",
            |_, journey| {
                same(
                    "underMaintenance",
                    Some(false),
                    at(&asked(journey)?.status, "/underMaintenance").as_bool(),
                )
            },
        ),
        judged(
            "delete.unfinished",
            "A deletion that works is listed as unfinished.",
            |_, journey| {
                let meanwhile = asked(journey)?;
                let ids: Vec<&str> = list(&meanwhile.unfinished, "/contents")
                    .iter()
                    .map(|dag| text(dag, "/id"))
                    .collect();
                ensure(
                    ids.contains(&text(&meanwhile.last, "/id")),
                    "the DAG's id",
                    || format!("{ids:?}"),
                )
            },
        ),
    ]
}

/// Rank of a state on the way of a life without operators.
fn rank(state: &str) -> Option<usize> {
    ["PENDING", "READY", "RUNNING", "SUCCEED"]
        .iter()
        .position(|known| *known == state)
        .or(match state {
            "FAILED" => Some(3),
            _ => None,
        })
}

/// Expects a list of values never to fall.
fn never_falls(what: &str, values: impl Iterator<Item = Option<usize>>) -> Check {
    let values: Vec<Option<usize>> = values.collect();
    ensure(
        values.iter().all(Option::is_some) && values.is_sorted(),
        &format!("{what}: never back, never unknown"),
        || format!("{values:?}"),
    )
}

fn trail(journey: &Journey) -> Result<&[Sight], Miss> {
    if journey.trail.is_empty() {
        return Err(Miss::not_applicable(
            "the deletion was not watched from its beginning",
        ));
    }
    Ok(&journey.trail)
}

fn course() -> Vec<Statement> {
    vec![
        judged(
            "life.dag-states",
            "A DAG is READY, RUNNING, and then SUCCEED or FAILED; it never is PENDING, and its stage never falls.",
            |_, journey| {
                let trail = trail(journey)?;
                ensure(
                    trail
                        .iter()
                        .all(|sight| text(&sight.dag, "/state") != "PENDING"),
                    "no PENDING",
                    String::new,
                )?;
                never_falls(
                    "state",
                    trail.iter().map(|sight| rank(text(&sight.dag, "/state"))),
                )?;
                never_falls("stage", trail.iter().map(|sight| Some(current(&sight.dag))))
            },
        ),
        judged(
            "life.node-states",
            "A node is PENDING, RUNNING, and then SUCCEED or FAILED; it never is READY.",
            |_, journey| {
                let trail = trail(journey)?;
                for index in 0..NODES.len() {
                    let states = || {
                        trail
                            .iter()
                            .map(|sight| text(node(&sight.dag, index), "/state"))
                    };
                    ensure(
                        !states().any(|state| state == "READY"),
                        "no READY",
                        String::new,
                    )?;
                    never_falls("state", states().map(rank))?;
                }
                Ok(())
            },
        ),
        judged(
            "life.sub-task-states",
            "A sub task is PENDING, READY, RUNNING, and then SUCCEED or FAILED.",
            |_, journey| {
                let trail = trail(journey)?;
                (0..NODES.len()).try_for_each(|index| {
                    never_falls(
                        "state",
                        trail
                            .iter()
                            .map(|sight| rank(text(sub_task(node(&sight.dag, index)), "/state"))),
                    )
                })
            },
        ),
        judged(
            "life.one-by-one",
            "Nodes before the current one have succeeded, nodes after it are PENDING.",
            |_, journey| {
                for sight in trail(journey)? {
                    for (index, node) in list(&sight.dag, "/nodes").iter().enumerate() {
                        let state = text(node, "/state");
                        let fine = match index.cmp(&current(&sight.dag)) {
                            std::cmp::Ordering::Less => state == "SUCCEED",
                            std::cmp::Ordering::Equal => true,
                            std::cmp::Ordering::Greater => state == "PENDING",
                        };
                        ensure(fine, "one node after the other", || moods(&sight.dag))?;
                    }
                }
                Ok(())
            },
        ),
        judged(
            "life.gap",
            "The next node waits for one more pass: it is seen PENDING at its own stage.",
            |_, journey| {
                let trail = trail(journey)?;
                if trail.iter().all(|sight| current(&sight.dag) == 0) {
                    return Err(Miss::not_applicable("it failed at its first stage"));
                }
                let seen = trail.iter().any(|sight| {
                    let now = current(&sight.dag);
                    now > 0
                        && text(node(&sight.dag, now), "/state") == "PENDING"
                        && text(&sight.dag, "/state") == "RUNNING"
                });
                ensure(seen, "a current node that is PENDING", || {
                    all_moods(journey)
                })
            },
        ),
        judged(
            "life.late-notice",
            "A sub task's end is noticed one pass later: it is seen finished in a RUNNING node.",
            |_, journey| {
                let seen = trail(journey)?.iter().any(|sight| {
                    let node = node(&sight.dag, current(&sight.dag));
                    text(node, "/state") == "RUNNING"
                        && rank(text(sub_task(node), "/state")) == Some(3)
                });
                ensure(seen, "a finished sub task in a RUNNING node", || {
                    all_moods(journey)
                })
            },
        ),
        judged(
            "life.running-times",
            "While it is RUNNING a DAG's end_time is that of its creation, before its start_time.",
            |_, journey| {
                let created = at(
                    &accepted(part(journey.created.as_ref(), "no deletion")?)?,
                    "/data/end_time",
                )
                .clone();
                let mut running = trail(journey)?
                    .iter()
                    .filter(|sight| text(&sight.dag, "/state") == "RUNNING")
                    .peekable();
                ensure(running.peek().is_some(), "a RUNNING DAG", || {
                    all_moods(journey)
                })?;
                for sight in running {
                    same("end_time", &created, at(&sight.dag, "/end_time"))?;
                    ensure(
                        time(&sight.dag, "/end_time")? < time(&sight.dag, "/start_time")?,
                        "end_time before start_time",
                        || sight.dag.to_string(),
                    )?;
                }
                Ok(())
            },
        ),
        judged(
            "life.node-times",
            "A node that starts has its start for both times; a RUNNING sub task keeps its creation for end_time.",
            |_, journey| {
                for sight in trail(journey)? {
                    for node in list(&sight.dag, "/nodes") {
                        if text(node, "/state") == "RUNNING" {
                            same(
                                "end_time of a RUNNING node",
                                text(node, "/start_time"),
                                text(node, "/end_time"),
                            )?;
                        }
                        let task = sub_task(node);
                        if text(task, "/state") == "RUNNING" {
                            ensure(
                                time(task, "/end_time")? < time(task, "/start_time")?,
                                "end_time before start_time",
                                || task.to_string(),
                            )?;
                        }
                    }
                }
                Ok(())
            },
        ),
        judged(
            "life.logs",
            "task_logs is null before READY turns to RUNNING, and only ever grows.",
            |_, journey| {
                let mut known = vec![Vec::new(); NODES.len()];
                for sight in trail(journey)? {
                    for (node, known) in list(&sight.dag, "/nodes").iter().zip(&mut known) {
                        let task = sub_task(node);
                        logs_rule(task)?;
                        let lines = list(task, "/task_logs").to_vec();
                        ensure(
                            lines.starts_with(known),
                            "the lines of before and perhaps more",
                            || format!("{lines:?} after {known:?}"),
                        )?;
                        *known = lines;
                    }
                }
                Ok(())
            },
        ),
        judged(
            "life.times-run",
            "execute_times is 0 until a sub task is READY, and then 1.",
            |_, journey| {
                for sight in trail(journey)? {
                    for node in list(&sight.dag, "/nodes") {
                        let task = sub_task(node);
                        let times = u64::from(text(task, "/state") != "PENDING");
                        same(
                            "execute_times",
                            Some(times),
                            at(task, "/execute_times").as_u64(),
                        )?;
                    }
                }
                Ok(())
            },
        ),
        judged(
            "life.unmanaged",
            "The agent manages nothing any more as soon as the third sub task has succeeded, not before, and while the DAG still works.",
            |_, journey| {
                let trail = trail(journey)?;
                let without: Vec<&Sight> = trail.iter().filter(|sight| !sight.managed).collect();
                for sight in &without {
                    same(
                        "third sub task",
                        "SUCCEED",
                        text(sub_task(node(&sight.dag, 2)), "/state"),
                    )?;
                }
                if journey.failed.as_ref().is_some_and(|failed| failed.managed) {
                    return Err(Miss::not_applicable("it failed before its third stage"));
                }
                let early = without
                    .iter()
                    .any(|sight| text(&sight.dag, "/state") == "RUNNING");
                ensure(
                    early,
                    "isObproxyAgent false while the DAG is RUNNING",
                    || all_moods(journey),
                )
            },
        ),
    ]
}

fn all_moods(journey: &Journey) -> String {
    journey
        .trail
        .iter()
        .map(|sight| moods(&sight.dag))
        .collect::<Vec<_>>()
        .join("; ")
}
