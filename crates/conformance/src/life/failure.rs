//! A deletion that fails, and its repair.

use super::judge::{
    judged, lines, operated, part, refuses, retried_ready, rolled_back, running_after_retry,
};
use crate::{
    dag::{current, is_epoch, mood, moods, node, sub_task},
    expect::{at, ensure, list, same, text},
    miss::Miss,
    record::{Failed, Journey, Operated},
    refusal::Refusal,
    statement::Statement,
    wording::{cancel_refused, under_maintenance},
};

fn failed(journey: &Journey) -> Result<&Failed, Miss> {
    part(journey.failed.as_ref(), "the deletion did not fail")
}

/// A failure of the work itself, as opposed to a CANCEL.
fn broken(journey: &Journey) -> Result<&Failed, Miss> {
    let failed = failed(journey)?;
    if text(&failed.dag, "/operator") == "CANCEL" {
        return Err(Miss::not_applicable("the deletion was cancelled"));
    }
    Ok(failed)
}

/// A failure with a failed sub task: a CANCEL may find one that never ran, or that has succeeded.
fn fallen(journey: &Journey) -> Result<&Failed, Miss> {
    let failed = failed(journey)?;
    let sub_task = sub_task(node(&failed.dag, current(&failed.dag)));
    if text(sub_task, "/state") == "FAILED" {
        return Ok(failed);
    }
    Err(Miss::not_applicable("the sub task itself did not fail"))
}

pub(super) fn failure() -> Vec<Statement> {
    vec![
        judged(
            "failed.states",
            "A failed deletion is FAILED/RUN, as are its node and sub task; later nodes stay PENDING.",
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
            "The last log line of the failed sub task is its error, since 4.3.1.0 with the error code.",
            |p, journey| {
                let dag = &broken(journey)?.dag;
                let seen = lines(node(dag, current(dag)));
                let last = seen.last().copied().unwrap_or_default();
                let coded = last.starts_with("ERROR: [") && last.contains("]: ");
                let (fine, wanted) = if p.is_old() {
                    (last.starts_with("ERROR: ") && !coded, "ERROR: text")
                } else {
                    (coded, "ERROR: [code]: text")
                };
                ensure(fine, wanted, || format!("{seen:?}"))
            },
        ),
        judged(
            "failed.lock",
            "A deletion that failed at stage 2 or later keeps the lock of a managed ODP: DELETE is rejected as under maintenance.",
            |p, journey| {
                let second = part(
                    failed(journey)?.second_delete.as_ref(),
                    "the lock was released",
                )?;
                refuses(p, second, &under_maintenance(p, "Delete obproxy"))
            },
        ),
        judged(
            "failed.rollback",
            "ROLLBACK of a failed deletion is never possible: its first node does not allow it.",
            |p, journey| {
                let refusal = Refusal::new(
                    400,
                    "Task.Dag.Operator.RollbackNotAllowed",
                    "Failed to set DAG rollback: node Check obproxy status cannot rollback",
                )
                .zh("设置 DAG 回滚失败：节点 Check obproxy status 不能回滚")
                .old(
                    500,
                    1010,
                    "Known error: failed to set dag rollback: node 1. Check obproxy status can not rollback",
                );
                refuses(p, &failed(journey)?.rollback, &refusal)
            },
        ),
        judged(
            "failed.cancel",
            "CANCEL of a failed deletion is rejected: the deletion is finished.",
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
            "RETRY of a failed DAG returns 200 without data.",
            |_, journey| operated(&failed(journey)?.retry),
        ),
        judged(
            "retry.ready",
            "Until the scheduler picks it up, a retried DAG is READY/RUN and its node PENDING/RETRY, with times in 1970; its sub task is unchanged.",
            |_, journey| {
                let failed = failed(journey)?;
                retried_ready(&failed.retry, &failed.dag)
            },
        ),
        judged(
            "retry.running-times",
            "A retried DAG that is RUNNING has a real start_time and an end_time in 1970.",
            |_, journey| running_after_retry(&failed(journey)?.retry),
        ),
        judged(
            "retry.rollback",
            "A failed sub task is first rolled back (SUCCEED/ROLLBACK, execute_times plus 1) and then run again (plus 1).",
            |_, journey| {
                let failed = fallen(journey)?;
                rolled_back(&failed.retry, &failed.dag)
            },
        ),
        judged(
            "retry.lines",
            "The log lines of the new run follow those of the first.",
            |_, journey| {
                let failed = fallen(journey)?;
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
            "The node stays RETRY, whatever the result.",
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

pub(super) fn passed_nodes() -> Vec<Statement> {
    fn passes(journey: &Journey) -> Result<&Operated, Miss> {
        part(failed(journey)?.passes.first(), "no node had to be passed")
    }
    vec![
        judged(
            "pass.answer",
            "PASS of a failed node returns 200 without data.",
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
            "The DAG continues with the next node: first READY/RUN with times in 1970.",
            |_, journey| {
                let dag = &passes(journey)?.after;
                if text(dag, "/state") != "READY" {
                    return Err(Miss::not_applicable("the scheduler picked it up at once"));
                }
                same("DAG", "READY/RUN", &mood(dag))?;
                ensure(is_epoch(dag)?, "times in 1970", || dag.to_string())
            },
        ),
        judged(
            "pass.end",
            "A deletion that continued by PASS of its nodes ends SUCCEED/RUN, and the agent manages no ODP.",
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
