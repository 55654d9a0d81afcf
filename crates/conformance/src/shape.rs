//! The shape of a DAG with its nodes and sub tasks, checked on the newest DAG of the ODP (obshell:
//! 2.4, 2.6, 4.2 to 4.5, 12.8, 12.9).

use serde_json::Value;

use crate::{
    dag::{logs_rule, nodes, path, sub_tasks},
    expect::{at, ensure, keys, list, same, text, timestamp},
    shape::sample::sample,
    statement::{Statement, statement},
    wire::Framing,
};

mod details;
mod routes;
mod sample;

/// Bodies of up to this many bytes have a `Content-Length`.
const CHUNKED_ABOVE: usize = 2048;

pub(super) fn statements() -> Vec<Statement> {
    let mut all = objects();
    all.extend(routes::routes());
    all.extend(details::details());
    all.extend(details::lists());
    all.extend(routes::refused_operators());
    all
}

fn objects() -> Vec<Statement> {
    vec![
        statement(
            "dag.keys",
            "A DAG has its thirteen keys in order; maintenance_type and maintenance_key since 4.3.1.0.",
            |p| async move {
                let dag = sample(&p).await?;
                let mut names = vec![
                    "id",
                    "dag_id",
                    "name",
                    "stage",
                    "max_stage",
                    "maintenance_type",
                    "maintenance_key",
                    "state",
                    "operator",
                    "start_time",
                    "end_time",
                    "additional_data",
                    "nodes",
                ];
                if !p.tells_maintenance() {
                    names.retain(|name| !name.starts_with("maintenance_"));
                }
                same("keys", names, keys(&dag))
            },
        ),
        statement(
            "node.keys",
            "A node has its nine keys in order.",
            |p| async move {
                let expected = vec![
                    "id",
                    "node_id",
                    "name",
                    "state",
                    "operator",
                    "start_time",
                    "end_time",
                    "additional_data",
                    "sub_tasks",
                ];
                nodes(&sample(&p).await?)
                    .iter()
                    .try_for_each(|node| same("keys", expected.clone(), keys(node)))
            },
        ),
        statement(
            "sub_task.keys",
            "A sub task has its eleven keys in order.",
            |p| async move {
                let expected = vec![
                    "id",
                    "task_id",
                    "name",
                    "state",
                    "operator",
                    "start_time",
                    "end_time",
                    "additional_data",
                    "execute_times",
                    "execute_agent",
                    "task_logs",
                ];
                sub_tasks(&sample(&p).await?).try_for_each(|task| {
                    same("keys", expected.clone(), keys(task))?;
                    same(
                        "keys of execute_agent",
                        vec!["ip", "port"],
                        keys(at(task, "/execute_agent")),
                    )
                })
            },
        ),
        statement(
            "dag.ids",
            "An id is the agent's address and port followed by dag_id, node_id or task_id, which are counted separately.",
            |p| async move {
                let dag = sample(&p).await?;
                let check = |value: &Value, number: &str| {
                    let n = at(value, number).as_u64().unwrap_or_default();
                    ensure(n > 0, "a number from 1", || value.to_string())?;
                    same("id", p.id(n).as_str(), text(value, "/id"))
                };
                check(&dag, "/dag_id")?;
                nodes(&dag)
                    .iter()
                    .try_for_each(|node| check(node, "/node_id"))?;
                sub_tasks(&dag).try_for_each(|task| check(task, "/task_id"))
            },
        ),
        statement(
            "dag.stages",
            "max_stage is the number of nodes, stage lies between 1 and it; maintenance_key is empty.",
            |p| async move {
                let dag = sample(&p).await?;
                let count = u64::try_from(nodes(&dag).len()).unwrap_or_default();
                same("max_stage", Some(count), at(&dag, "/max_stage").as_u64())?;
                let stage = at(&dag, "/stage").as_u64().unwrap_or_default();
                ensure(
                    (1..=count).contains(&stage),
                    "a stage within the DAG",
                    || stage.to_string(),
                )?;
                if !p.tells_maintenance() {
                    return Ok(());
                }
                same(
                    "maintenance_key",
                    Some(""),
                    at(&dag, "/maintenance_key").as_str(),
                )?;
                let kind = if text(&dag, "/name") == "Start obproxy" {
                    1
                } else {
                    4
                };
                same(
                    "maintenance_type",
                    Some(kind),
                    at(&dag, "/maintenance_type").as_u64(),
                )
            },
        ),
        statement(
            "dag.additional-data",
            "additional_data is {} for a DAG with details and null for nodes and sub tasks.",
            |p| async move {
                let dag = sample(&p).await?;
                same(
                    "of the DAG",
                    &serde_json::json!({}),
                    at(&dag, "/additional_data"),
                )?;
                nodes(&dag)
                    .iter()
                    .chain(sub_tasks(&dag))
                    .try_for_each(|part| {
                        same("of a part", &Value::Null, at(part, "/additional_data"))
                    })
            },
        ),
        statement(
            "dag.sub-tasks",
            "Each node has one sub task with its name, executed by this agent.",
            |p| async move {
                let dag = sample(&p).await?;
                for node in nodes(&dag) {
                    let tasks = list(node, "/sub_tasks");
                    same("sub tasks of a node", 1, tasks.len())?;
                    for task in tasks {
                        same("name", text(node, "/name"), text(task, "/name"))?;
                        same("ip", at(&p.info, "/ip"), at(task, "/execute_agent/ip"))?;
                        same(
                            "port",
                            at(&p.info, "/port"),
                            at(task, "/execute_agent/port"),
                        )?;
                    }
                }
                Ok(())
            },
        ),
        statement(
            "dag.times",
            "All times are RFC 3339 in the zone of the agent's clock.",
            |p| async move {
                let dag = sample(&p).await?;
                let clock = p.data("/api/v1/time").await?;
                let zone = *timestamp(clock.as_str().unwrap_or_default())?.offset();
                for part in [&dag].into_iter().chain(nodes(&dag)).chain(sub_tasks(&dag)) {
                    for name in ["/start_time", "/end_time"] {
                        let time = timestamp(text(part, name))?;
                        // The UTC offset of 1970 may differ from today's.
                        ensure(
                            time.timestamp() == 0 || *time.offset() == zone,
                            "the zone of /time",
                            || time.to_rfc3339(),
                        )?;
                    }
                }
                Ok(())
            },
        ),
        statement(
            "dag.logs-null",
            "task_logs is null for a waiting sub task, and a list for one that has run.",
            |p| async move { sub_tasks(&sample(&p).await?).try_for_each(logs_rule) },
        ),
        statement(
            "dag.chunked",
            "A body of more than 2048 bytes is chunked; a shorter body has a length.",
            |p| async move {
                let dag = sample(&p).await?;
                let path = path(text(&dag, "/id"));
                for target in [path.clone(), format!("{path}?show_details=false")] {
                    let answer = p.send(&p.get(&target)?).await?;
                    let framing = if answer.body.len() > CHUNKED_ABOVE {
                        Framing::Chunked
                    } else {
                        Framing::Length(answer.body.len())
                    };
                    same("framing", framing, answer.framing)
                        .map_err(|miss| miss.when(&format!("{} bytes", answer.body.len())))?;
                }
                Ok(())
            },
        ),
    ]
}
