//! The states of a deletion.

use super::judge::{NODES, all_moods, judged, part, trail};
use crate::{
    dag::{current, logs_rule, moods, node, sub_task, time},
    expect::{accepted, at, ensure, list, same, text},
    miss::{Check, Miss},
    record::Sight,
    statement::Statement,
};

/// Rank of a state in a life without operators.
fn rank(state: &str) -> Option<usize> {
    ["PENDING", "READY", "RUNNING", "SUCCEED"]
        .iter()
        .position(|known| *known == state)
        .or(match state {
            "FAILED" => Some(3),
            _ => None,
        })
}

/// Expects that a sequence of values never decreases.
fn never_falls(what: &str, values: impl Iterator<Item = Option<usize>>) -> Check {
    let values: Vec<Option<usize>> = values.collect();
    ensure(
        values.iter().all(Option::is_some) && values.is_sorted(),
        &format!("{what}: never back, never unknown"),
        || format!("{values:?}"),
    )
}

pub(super) fn course() -> Vec<Statement> {
    vec![
        judged(
            "life.dag-states",
            "A DAG is READY, RUNNING, and then SUCCEED or FAILED. It is never PENDING, and its stage never decreases.",
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
            "A node is PENDING, RUNNING, and then SUCCEED or FAILED. It is never READY.",
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
            "The next node waits for one more pass: it is PENDING at its own stage.",
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
            "The end of a sub task is noticed one pass later: a finished sub task is in a RUNNING node.",
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
            "While a DAG is RUNNING, its end_time is the time of its creation, before its start_time.",
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
            "The start_time and end_time of a node that starts are equal; the end_time of a RUNNING sub task is the time of its creation.",
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
            "task_logs is null until READY turns to RUNNING, and then only grows.",
            |_, journey| {
                let mut known = vec![Vec::new(); NODES.len()];
                for sight in trail(journey)? {
                    for (node, known) in list(&sight.dag, "/nodes").iter().zip(&mut known) {
                        let task = sub_task(node);
                        logs_rule(task)?;
                        let lines = list(task, "/task_logs").to_vec();
                        ensure(
                            lines.starts_with(known),
                            "the previous lines, perhaps with more",
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
            "execute_times is 0 until a sub task is READY, then 1.",
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
            "The agent no longer manages an ODP as soon as the third sub task has succeeded, not before, while the DAG is still running.",
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
