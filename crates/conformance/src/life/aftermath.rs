//! After the deletion: a cancelled deletion with nothing to delete, and an agent that manages no
//! ODP.

use super::judge::{
    NODES, judged, lines, operated, part, retried_ready, rolled_back, running_after_retry,
};
use crate::{
    dag::{mood, moods, node, sub_task, time, times_run},
    expect::{accepted, at, ensure, list, same, text},
    journey::DELETE,
    miss::Miss,
    probe::Probe,
    refusal::Refusal,
    statement::{Statement, statement},
    wire::Framing,
    wording::{header_not_found, wrong_password},
};

pub(super) fn revival() -> Vec<Statement> {
    const NONE: &str = "no cancelled deletion remained";
    const LINE: &str = "ERROR: [OBProxy.NotBeManaged]: This is not an OBProxy agent";
    vec![
        judged(
            "revive.no-rollback",
            "RETRY of a sub task that never ran has no ROLLBACK step: the sub task runs for the first time.",
            |_, journey| {
                let first = &part(journey.revived.as_ref(), NONE)?.first;
                let before = part(journey.cancelled.as_ref(), NONE)?.end();
                if times_run(node(before, 0)) != 0 {
                    return Err(Miss::not_applicable("the sub task had run"));
                }
                ensure(
                    !first.trail.iter().any(|sight| {
                        text(sub_task(node(&sight.dag, 0)), "/operator") == "ROLLBACK"
                    }),
                    "no ROLLBACK",
                    || moods(first.end()),
                )?;
                same("execute_times", 1, times_run(node(first.end(), 0)))
            },
        ),
        judged(
            "revive.ready",
            "RETRY of a cancelled DAG makes the DAG READY/RUN and its node PENDING/RETRY.",
            |_, journey| {
                let before = part(journey.cancelled.as_ref(), NONE)?.end();
                retried_ready(&part(journey.revived.as_ref(), NONE)?.first, before)
            },
        ),
        judged(
            "revive.fails",
            "With nothing to delete, the first step fails with that error.",
            |p, journey| {
                let first = part(journey.revived.as_ref(), NONE)?.first.end();
                same(
                    "states",
                    "FAILED/RUN FAILED/RETRY FAILED/RUN",
                    &format!(
                        "{} {} {}",
                        mood(first),
                        mood(node(first, 0)),
                        mood(sub_task(node(first, 0)))
                    ),
                )?;
                let seen = lines(node(first, 0));
                if p.is_old() {
                    return ensure(seen.len() == 1, "one line", || format!("{seen:?}"));
                }
                same("lines", vec![LINE], seen)
            },
        ),
        judged(
            "revive.rollback",
            "RETRY of a sub task that ran has the ROLLBACK step: three executions in all, and the log line twice.",
            |p, journey| {
                let revived = part(journey.revived.as_ref(), NONE)?;
                let before = revived.first.end();
                rolled_back(&revived.second, before)?;
                let seen = lines(node(revived.second.end(), 0));
                if p.is_old() {
                    return same("number of lines", 2, seen.len());
                }
                same("lines", vec![LINE, LINE], seen)
            },
        ),
        judged(
            "revive.times",
            "After RETRY the end_time of the DAG stays in 1970 while the DAG is RUNNING.",
            |_, journey| running_after_retry(&part(journey.revived.as_ref(), NONE)?.second),
        ),
        judged(
            "pass.dag",
            "PASS of a failed DAG makes it SUCCEED/PASS at its stage, with all nodes SUCCEED, and runs nothing.",
            |_, journey| {
                let pass = &part(journey.passed.as_ref(), NONE)?.pass;
                operated(pass)?;
                let dag = pass.end();
                same("DAG", "SUCCEED/PASS", &mood(dag))?;
                same("stage", Some(1), at(dag, "/stage").as_u64())?;
                ensure(
                    list(dag, "/nodes")
                        .iter()
                        .all(|node| text(node, "/state") == "SUCCEED"),
                    "SUCCEED in every node",
                    || moods(dag),
                )
            },
        ),
        judged(
            "pass.moment",
            "PASS gives the same end_time to every part that had not ended; before 4.3.1.0 the DAG's start_time becomes 1970.",
            |p, journey| {
                let dag = part(journey.passed.as_ref(), NONE)?.pass.end();
                let end = text(dag, "/end_time");
                for node in list(dag, "/nodes").iter().skip(1) {
                    for part in [node, sub_task(node)] {
                        same("end_time", end, text(part, "/end_time"))?;
                    }
                }
                let lost = time(dag, "/start_time")?.timestamp() == 0;
                same("start_time in 1970", p.is_old(), lost)
            },
        ),
        judged(
            "pass.never-ran",
            "Passed sub tasks that never ran are SUCCEED/PASS, with execute_times 0, task_logs [] and the end_time of the PASS.",
            |_, journey| {
                let dag = part(journey.passed.as_ref(), NONE)?.pass.end();
                let ended = time(dag, "/end_time")?;
                for index in 1..NODES.len() {
                    let task = sub_task(node(dag, index));
                    same("sub task", "SUCCEED/PASS", &mood(task))?;
                    same("execute_times", 0, times_run(node(dag, index)))?;
                    same("task_logs", &serde_json::json!([]), at(task, "/task_logs"))?;
                    let gap = ended
                        .signed_duration_since(time(task, "/end_time")?)
                        .num_milliseconds()
                        .abs();
                    ensure(gap < 1000, "the end of the DAG", || task.to_string())?;
                }
                Ok(())
            },
        ),
        judged(
            "pass.finished",
            "A passed DAG is no longer unfinished.",
            |_, journey| {
                let revived = part(journey.passed.as_ref(), NONE)?;
                same(
                    "unfinished DAGs",
                    0,
                    list(&revived.unfinished, "/contents").len(),
                )
            },
        ),
    ]
}

/// Precondition of statements that send real DELETEs: the agent may be changed, and manages no ODP.
async fn needs_nothing_managed(probe: &Probe) -> Result<(), Miss> {
    probe.needs_destroy()?;
    probe.needs_access()?;
    if probe.managed().await? {
        Err(Miss::not_applicable("the agent manages an ODP"))
    } else {
        Ok(())
    }
}

pub(super) fn unmanaged() -> Vec<Statement> {
    vec![
        statement(
            "unmanaged.delete",
            "DELETE on an agent that manages no ODP returns 204 with zero bytes, no length, and only Content-Type and Date.",
            |p| async move {
                needs_nothing_managed(&p).await?;
                let (delete, next) = p
                    .send_both(&p.ask("DELETE", DELETE)?, &p.get("/api/v1/time")?.open())
                    .await?;
                same("HTTP status", 204, delete.status)?;
                same("framing", Framing::Unmarked, delete.framing)?;
                let mut names: Vec<String> = delete
                    .headers
                    .iter()
                    .map(|(name, _)| name.to_ascii_lowercase())
                    .collect();
                names.sort();
                same(
                    "headers",
                    vec!["content-type".to_owned(), "date".to_owned()],
                    names,
                )?;
                same(
                    "Content-Type",
                    Some("application/json"),
                    delete.header("content-type"),
                )?;
                accepted(&next)
                    .map(drop)
                    .map_err(|miss| miss.when("immediately after the 204"))
            },
        ),
        statement(
            "unmanaged.delete-spellings",
            "DELETE accepts blocks of 53 bytes, lower-case names, no Keys, Keys as numbers and an encrypted {}.",
            |p| async move {
                needs_nothing_managed(&p).await?;
                let ask = || p.ask("DELETE", DELETE);
                let numbers = ask()?;
                let bytes = numbers.keys.bytes().to_vec();
                for ask in [
                    ask()?.chunked_by(53),
                    ask()?.rename(str::to_lowercase),
                    ask()?.without("Keys"),
                    ask()?.body("{}"),
                    numbers.field("Keys", bytes),
                ] {
                    let answer = p.send(&ask).await?;
                    ensure(
                        answer.status == 204 && answer.body.is_empty(),
                        "204 and nothing else",
                        || answer.summary(),
                    )?;
                }
                Ok(())
            },
        ),
        statement(
            "unmanaged.refusals",
            "A DELETE without a header or with a wrong password is rejected before the agent checks whether it manages an ODP.",
            |p| async move {
                p.needs_encryption()?;
                needs_nothing_managed(&p).await?;
                p.refused(&p.ask("DELETE", DELETE)?.open(), &header_not_found())
                    .await?;
                p.refused(
                    &p.ask("DELETE", DELETE)?.field("Auth", "no"),
                    &wrong_password(),
                )
                .await
            },
        ),
        statement(
            "unmanaged.stop",
            "A stop on an agent that manages no ODP is rejected, with data null.",
            |p| async move {
                needs_nothing_managed(&p).await?;
                let refusal =
                    Refusal::new(400, "OBProxy.NotBeManaged", "This is not an OBProxy agent")
                        .zh("agent 未管理 OBProxy")
                        .old(400, 1000, "Bad request: This is not an obproxy agent")
                        .data_null();
                p.refused(&p.ask("POST", "/api/v1/obproxy/stop")?, &refusal)
                    .await
            },
        ),
    ]
}
