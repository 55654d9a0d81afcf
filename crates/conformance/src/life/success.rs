//! A deletion that succeeds.

use serde_json::Value;

use super::judge::{judged, lines, part, refuses};
use crate::{
    dag::{mood, node, sub_task, time, times_run},
    expect::{at, ensure, list, same, text},
    miss::Miss,
    record::Journey,
    statement::Statement,
    wording::{cancel_refused, node_pass_refused, pass_refused, retry_refused, rollback_refused},
};

fn end(journey: &Journey) -> Result<&Value, Miss> {
    part(journey.end.as_ref(), "the deletion has no end")
}

/// The end of a deletion that succeeded without an operator.
fn smooth(journey: &Journey) -> Result<&Value, Miss> {
    if journey.failed.is_some() {
        return Err(Miss::not_applicable("the deletion needed operators"));
    }
    end(journey)
}

fn after(journey: &Journey) -> Result<&crate::record::After, Miss> {
    part(journey.after.as_ref(), "the deletion did not succeed")
}

pub(super) fn success() -> Vec<Statement> {
    vec![
        judged(
            "end.journey",
            "A deletion ends, with the help of operators if necessary.",
            |_, journey| match &journey.trouble {
                Some(miss) => Err(miss.clone()),
                None => Ok(()),
            },
        ),
        judged(
            "end.success",
            "A successful deletion is SUCCEED/RUN at stage 4, as are all its parts.",
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
            "Node 2 logs the pid and the kill of a running obproxy, or that none is running.",
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
            "After a successful deletion the agent manages no ODP.",
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
            "A successful deletion stays in dags/agent and is no longer unfinished.",
            |p, journey| {
                p.needs_version([4, 3, 0, 0])?;
                let id = text(end(journey)?, "/id");
                let all = part(after(journey)?.all.as_ref(), "there is no list of all")?;
                let listed = list(all, "/contents")
                    .iter()
                    .any(|dag| text(dag, "/id") == id);
                ensure(listed, "the DAG in dags/agent", || all.to_string())
            },
        ),
        judged(
            "operator.retry-finished",
            "RETRY of a successful DAG is rejected.",
            |p, journey| refuses(p, &after(journey)?.retry, &retry_refused()),
        ),
        judged(
            "operator.rollback-finished",
            "ROLLBACK of a successful DAG is rejected.",
            |p, journey| refuses(p, &after(journey)?.rollback, &rollback_refused()),
        ),
        judged(
            "operator.cancel-finished",
            "CANCEL of a successful DAG is rejected.",
            |p, journey| refuses(p, &after(journey)?.cancel, &cancel_refused()),
        ),
        judged(
            "operator.pass-finished",
            "PASS of a successful DAG is rejected.",
            |p, journey| refuses(p, &after(journey)?.pass, &pass_refused()),
        ),
        judged(
            "operator.node-pass-finished",
            "PASS of a node of a successful DAG is rejected.",
            |p, journey| {
                let both = &after(journey)?.node_pass;
                p.needs_node_route(&both.english)?;
                refuses(p, both, &node_pass_refused())
            },
        ),
    ]
}
