//! How a deletion ends: in success, in failure and what mends it, and what is left behind.

use serde_json::Value;

use super::super::{
    expect::{Miss, Refusal, accepted, at, ensure, list, same, text},
    header::{header_not_found, wrong_password},
    journey::{DELETE, Failed, Journey, Operated},
    probe::Probe,
    statement::{Statement, statement},
    wire::Framing,
};
use super::{
    NODES, cancel_refused, current, is_epoch, judged, mood, moods, node, node_pass_refused,
    operated, part, pass_refused, refuses, retry_refused, rollback_refused, sub_task, time,
    under_maintenance,
};

pub(super) fn statements() -> Vec<Statement> {
    let mut all = success();
    all.extend(failure());
    all.extend(passed_nodes());
    all.extend(revival());
    all.extend(unmanaged());
    all
}

fn end(journey: &Journey) -> Result<&Value, Miss> {
    part(journey.end.as_ref(), "the deletion has no end")
}

/// The end of a deletion that nobody had to help.
fn smooth(journey: &Journey) -> Result<&Value, Miss> {
    if journey.failed.is_some() {
        return Err(Miss::not_applicable("the deletion had to be mended"));
    }
    end(journey)
}

fn after(journey: &Journey) -> Result<&super::super::journey::After, Miss> {
    part(journey.after.as_ref(), "the deletion did not succeed")
}

fn lines(node: &Value) -> Vec<&str> {
    list(sub_task(node), "/task_logs")
        .iter()
        .filter_map(Value::as_str)
        .collect()
}

fn times_run(node: &Value) -> u64 {
    at(sub_task(node), "/execute_times")
        .as_u64()
        .unwrap_or_default()
}

fn success() -> Vec<Statement> {
    vec![
        judged(
            "end.journey",
            "A deletion comes to its end, with the help of operators if need be.",
            |_, journey| match &journey.trouble {
                Some(miss) => Err(miss.clone()),
                None => Ok(()),
            },
        ),
        judged(
            "end.success",
            "A deletion that succeeds is SUCCEED/RUN at stage 4, with all its parts.",
            |_, journey| {
                let dag = smooth(journey)?;
                same("DAG", "SUCCEED/RUN", &mood(dag))?;
                same("stage", Some(4), at(dag, "/stage").as_u64())?;
                for node in list(dag, "/nodes") {
                    same(
                        "states",
                        "SUCCEED/RUN SUCCEED/RUN",
                        &format!("{} {}", mood(node), mood(sub_task(node))),
                    )?;
                    same("execute_times", 1, times_run(node))?;
                }
                Ok(())
            },
        ),
        judged(
            "end.times",
            "At the end every part has an end_time that is not before its start_time.",
            |_, journey| {
                let dag = smooth(journey)?;
                let nodes = list(dag, "/nodes");
                for part in [dag]
                    .into_iter()
                    .chain(nodes)
                    .chain(nodes.iter().map(sub_task))
                {
                    ensure(
                        time(part, "/start_time")? <= time(part, "/end_time")?,
                        "an end after the start",
                        || part.to_string(),
                    )?;
                }
                Ok(())
            },
        ),
        judged(
            "end.silent-nodes",
            "Nodes 1, 3 and 4 write no lines when they succeed.",
            |_, journey| {
                let dag = smooth(journey)?;
                [0, 2, 3].into_iter().try_for_each(|index| {
                    same(
                        "task_logs",
                        &serde_json::json!([]),
                        at(sub_task(node(dag, index)), "/task_logs"),
                    )
                })
            },
        ),
        judged(
            "end.stop-lines",
            "Node 2 tells the pid and the kill of a running obproxy, or that there is none.",
            |_, journey| {
                let seen = lines(node(smooth(journey)?, 1));
                let pid = seen
                    .first()
                    .and_then(|line| line.strip_prefix("Get obproxy pid: "))
                    .unwrap_or("?");
                let got = format!("Get obproxy pid: {pid}");
                if seen.len() == 2 {
                    return same("lines", vec![got.as_str(), "Obproxy is not running"], seen);
                }
                ensure(pid.parse::<u32>().is_ok(), "a pid", || format!("{seen:?}"))?;
                let kill = format!("Kill obproxy process {pid}");
                let (start, rest) = seen.split_at(1.min(seen.len()));
                let (rounds, last) = rest.split_at(rest.len().saturating_sub(1));
                same("first line", vec![got.as_str()], start.to_vec())?;
                same(
                    "last line",
                    vec!["Successfully killed the obproxy process"],
                    last.to_vec(),
                )?;
                let pairs = !rounds.is_empty()
                    && rounds
                        .chunks(2)
                        .all(|pair| pair == [kill.as_str(), "Check obproxy process"]);
                ensure(pairs, "pairs of kill and check", || format!("{rounds:?}"))
            },
        ),
        judged(
            "end.unmanaged",
            "After it the agent manages no ODP.",
            |_, journey| {
                same(
                    "isObproxyAgent",
                    Some(false),
                    at(&after(journey)?.info, "/isObproxyAgent").as_bool(),
                )
            },
        ),
        judged(
            "end.listed",
            "It stays in dags/agent, and is unfinished no more.",
            |p, journey| {
                p.needs_version([4, 3, 0, 0])?;
                let id = text(end(journey)?, "/id");
                let listed = list(&after(journey)?.all, "/contents")
                    .iter()
                    .any(|dag| text(dag, "/id") == id);
                ensure(listed, "the DAG in dags/agent", || {
                    after(journey)
                        .map(|after| after.all.to_string())
                        .unwrap_or_default()
                })
            },
        ),
        judged(
            "operator.retry-finished",
            "RETRY of a DAG that has succeeded is refused.",
            |p, journey| refuses(p, &after(journey)?.retry, &retry_refused()),
        ),
        judged(
            "operator.rollback-finished",
            "ROLLBACK of a DAG that has succeeded is refused.",
            |p, journey| refuses(p, &after(journey)?.rollback, &rollback_refused()),
        ),
        judged(
            "operator.cancel-finished",
            "CANCEL of a DAG that has succeeded is refused.",
            |p, journey| refuses(p, &after(journey)?.cancel, &cancel_refused()),
        ),
        judged(
            "operator.pass-finished",
            "PASS of a DAG that has succeeded is refused.",
            |p, journey| refuses(p, &after(journey)?.pass, &pass_refused()),
        ),
        judged(
            "operator.node-pass-finished",
            "PASS of a node of a DAG that has succeeded is refused.",
            |p, journey| refuses(p, &after(journey)?.node_pass, &node_pass_refused()),
        ),
    ]
}

fn failed(journey: &Journey) -> Result<&Failed, Miss> {
    part(journey.failed.as_ref(), "the deletion did not fail")
}

/// A failure of the work itself, not a CANCEL.
fn broken(journey: &Journey) -> Result<&Failed, Miss> {
    let failed = failed(journey)?;
    if text(&failed.dag, "/operator") == "CANCEL" {
        return Err(Miss::not_applicable("it was cancelled"));
    }
    Ok(failed)
}

fn failure() -> Vec<Statement> {
    vec![
        judged(
            "failed.states",
            "A deletion that fails is FAILED/RUN with its node and sub task; the nodes behind it stay PENDING.",
            |_, journey| {
                let dag = &broken(journey)?.dag;
                same("DAG", "FAILED/RUN", &mood(dag))?;
                let at_fault = current(dag);
                same("node", "FAILED/RUN", &mood(node(dag, at_fault)))?;
                same(
                    "sub task",
                    "FAILED/RUN",
                    &mood(sub_task(node(dag, at_fault))),
                )?;
                ensure(
                    list(dag, "/nodes")
                        .iter()
                        .skip(at_fault + 1)
                        .all(|node| mood(node) == "PENDING/RUN"),
                    "PENDING behind it",
                    || moods(dag),
                )
            },
        ),
        judged(
            "failed.line",
            "The failed sub task's last line is its error with the error's code.",
            |_, journey| {
                let dag = &broken(journey)?.dag;
                let seen = lines(node(dag, current(dag)));
                let last = seen.last().copied().unwrap_or_default();
                ensure(
                    last.starts_with("ERROR: [") && last.contains("]: "),
                    "ERROR: [code]: text",
                    || format!("{seen:?}"),
                )
            },
        ),
        judged(
            "failed.lock",
            "Failed at stage 2 or later, a managed ODP keeps its lock: DELETE is refused as under maintenance.",
            |p, journey| {
                let second = part(
                    failed(journey)?.second_delete.as_ref(),
                    "the lock was let go",
                )?;
                refuses(p, second, &under_maintenance(p, "Delete obproxy"))
            },
        ),
        judged(
            "failed.rollback",
            "ROLLBACK of a failed deletion is never possible: its first node cannot.",
            |p, journey| {
                let refusal = Refusal::new(
                    400,
                    "Task.Dag.Operator.RollbackNotAllowed",
                    "Failed to set DAG rollback: node Check obproxy status cannot rollback",
                )
                .zh("设置 DAG 回滚失败：节点 Check obproxy status 不能回滚");
                refuses(p, &failed(journey)?.rollback, &refusal)
            },
        ),
        judged(
            "failed.cancel",
            "CANCEL of a failed deletion is refused: it is finished.",
            |p, journey| refuses(p, &failed(journey)?.cancel, &cancel_refused()),
        ),
        judged(
            "failed.unfinished",
            "A failed deletion stays in the lists of unfinished DAGs.",
            |_, journey| {
                let failed = failed(journey)?;
                let listed = list(&failed.unfinished, "/contents")
                    .iter()
                    .any(|dag| at(dag, "/id") == at(&failed.dag, "/id"));
                ensure(listed, "the DAG among the unfinished", || {
                    failed.unfinished.to_string()
                })
            },
        ),
        judged(
            "retry.answer",
            "RETRY of a failed DAG is a 200 without data.",
            |_, journey| operated(&failed(journey)?.retry),
        ),
        judged(
            "retry.ready",
            "Until it is picked up, a retried DAG is READY/RUN and its node PENDING/RETRY, with times in 1970; its sub task is as it was.",
            |_, journey| {
                let failed = failed(journey)?;
                retried_ready(&failed.retry, &failed.dag)
            },
        ),
        judged(
            "retry.running-times",
            "A retried DAG that is RUNNING has a real start_time and its end_time in 1970.",
            |_, journey| running_after_retry(&failed(journey)?.retry),
        ),
        judged(
            "retry.rollback",
            "A sub task that ran is first rolled back (SUCCEED/ROLLBACK, one time more) and then run again (one more).",
            |_, journey| {
                let failed = failed(journey)?;
                if times_run(node(&failed.dag, current(&failed.dag))) == 0 {
                    return Err(Miss::not_applicable("the sub task never ran"));
                }
                rolled_back(&failed.retry, &failed.dag)
            },
        ),
        judged(
            "retry.lines",
            "Its lines go on behind those of the first time.",
            |_, journey| {
                let failed = failed(journey)?;
                let index = current(&failed.dag);
                let (before, now) = (
                    lines(node(&failed.dag, index)),
                    lines(node(failed.retry.end(), index)),
                );
                ensure(
                    now.starts_with(&before) && now.len() > before.len(),
                    "the old lines and more",
                    || format!("{now:?}"),
                )
            },
        ),
        judged(
            "retry.operator",
            "The node stays RETRY, whatever comes of it.",
            |_, journey| {
                let failed = failed(journey)?;
                same(
                    "operator",
                    "RETRY",
                    text(node(failed.retry.end(), current(&failed.dag)), "/operator"),
                )
            },
        ),
    ]
}

fn retried_ready(retry: &Operated, before: &Value) -> Result<(), Miss> {
    let dag = &retry.after;
    if text(dag, "/state") != "READY" {
        return Err(Miss::not_applicable("it was picked up at once"));
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

fn running_after_retry(retry: &Operated) -> Result<(), Miss> {
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

fn rolled_back(retry: &Operated, before: &Value) -> Result<(), Miss> {
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
        "SUCCEED/ROLLBACK in a RUNNING/RETRY node, one time more",
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

fn passed_nodes() -> Vec<Statement> {
    fn passes(journey: &Journey) -> Result<&Operated, Miss> {
        part(failed(journey)?.passes.first(), "no node had to be passed")
    }
    vec![
        judged(
            "pass.answer",
            "PASS of a failed node is a 200 without data.",
            |_, journey| operated(passes(journey)?),
        ),
        judged(
            "pass.node",
            "The passed node and its sub task are SUCCEED/PASS.",
            |_, journey| {
                let failed = failed(journey)?;
                let index = current(failed.retry.end());
                let node = node(passes(journey)?.end(), index);
                same(
                    "states",
                    "SUCCEED/PASS SUCCEED/PASS",
                    &format!("{} {}", mood(node), mood(sub_task(node))),
                )
            },
        ),
        judged(
            "pass.continues",
            "The DAG goes on with the next node: READY/RUN with times in 1970 first.",
            |_, journey| {
                let dag = &passes(journey)?.after;
                if text(dag, "/state") != "READY" {
                    return Err(Miss::not_applicable("it was picked up at once"));
                }
                same("DAG", "READY/RUN", &mood(dag))?;
                ensure(is_epoch(dag)?, "times in 1970", || dag.to_string())
            },
        ),
        judged(
            "pass.end",
            "A deletion that was helped on by PASS of its nodes ends SUCCEED/RUN, and really unmanaged.",
            |_, journey| {
                let failed = failed(journey)?;
                let last = part(failed.passes.last(), "no node had to be passed")?;
                same("DAG", "SUCCEED/RUN", &mood(last.end()))?;
                let third = text(sub_task(node(last.end(), 2)), "/operator");
                let managed = last.trail.last().is_some_and(|sight| sight.managed);
                same("isObproxyAgent", third == "PASS", managed)
            },
        ),
    ]
}

fn revival() -> Vec<Statement> {
    const NONE: &str = "no cancelled deletion was left";
    const LINE: &str = "ERROR: [OBProxy.NotBeManaged]: This is not an OBProxy agent";
    vec![
        judged(
            "revive.no-rollback",
            "RETRY of a sub task that never ran has no ROLLBACK step: it runs for the first time.",
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
            "RETRY of a cancelled DAG makes it READY/RUN, and its node PENDING/RETRY.",
            |_, journey| {
                let before = part(journey.cancelled.as_ref(), NONE)?.end();
                retried_ready(&part(journey.revived.as_ref(), NONE)?.first, before)
            },
        ),
        judged(
            "revive.fails",
            "With nothing to delete the first step fails and says so.",
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
            "RETRY of a sub task that ran has the ROLLBACK step: three times in all, and the line twice.",
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
            "After RETRY the DAG's end_time stays in 1970 while it is RUNNING.",
            |_, journey| running_after_retry(&part(journey.revived.as_ref(), NONE)?.second),
        ),
        judged(
            "pass.dag",
            "PASS of a failed DAG makes it SUCCEED/PASS where it stands, with all nodes SUCCEED, and nothing is run.",
            |_, journey| {
                let pass = &part(journey.revived.as_ref(), NONE)?.pass;
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
            "pass.never-ran",
            "Passed sub tasks that never ran are SUCCEED/PASS, ran no time, have [] for logs and end with the PASS.",
            |_, journey| {
                let dag = part(journey.revived.as_ref(), NONE)?.pass.end();
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
            "A passed DAG is unfinished no more.",
            |_, journey| {
                let revived = part(journey.revived.as_ref(), NONE)?;
                same(
                    "unfinished DAGs",
                    0,
                    list(&revived.unfinished, "/contents").len(),
                )
            },
        ),
    ]
}

/// For statements that send real DELETEs: the agent may be changed, and there is nothing to change.
async fn needs_nothing_managed(probe: &Probe) -> Result<(), Miss> {
    probe.needs_destroy()?;
    probe.needs_access()?;
    if probe.managed().await? {
        Err(Miss::not_applicable("the agent manages an ODP"))
    } else {
        Ok(())
    }
}

fn unmanaged() -> Vec<Statement> {
    vec![
        statement(
            "unmanaged.delete",
            "DELETE on an agent that manages nothing is a 204 of zero bytes, without a length, with only Content-Type and Date.",
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
                    .map_err(|miss| miss.when("right behind the 204"))
            },
        ),
        statement(
            "unmanaged.delete-spellings",
            "Blocks of 53 bytes, lower-case names, no Keys, Keys as numbers and an encrypted {} are all the same to it.",
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
            "A DELETE without a header or with a wrong password is refused before it is noticed that nothing is managed.",
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
            "A stop on an agent that manages nothing is refused, with data null.",
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
