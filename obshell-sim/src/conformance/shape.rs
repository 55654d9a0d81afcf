//! Shape of a DAG with its nodes and sub tasks. It takes a DAG of the ODP to look at: the newest one is taken
//! (obshell: 2.4, 2.6, 4.2 to 4.5, 12.8, 12.9).

use serde_json::Value;

use super::{
    expect::{Check, Miss, Refusal, at, ensure, keys, list, same, text, timestamp},
    probe::Probe,
    statement::{Statement, statement},
    task::ALL,
    wire::Framing,
};

/// Bodies up to this many bytes have a length.
const CHUNKED_ABOVE: usize = 2048;

pub(super) fn statements() -> Vec<Statement> {
    let mut all = objects();
    all.extend(routes());
    all.extend(details());
    all.extend(lists());
    all.extend(refused_operators());
    all
}

/// The newest DAG of the ODP, with details.
async fn sample(probe: &Probe) -> Result<Value, Miss> {
    probe.needs_version([4, 3, 0, 0])?;
    probe.needs_access()?;
    let all = probe.data(ALL).await?;
    let own = list(&all, "/contents")
        .iter()
        .rfind(|dag| text(dag, "/id").starts_with(['4', '5']));
    let id = own
        .map(|dag| text(dag, "/id"))
        .ok_or_else(|| Miss::not_applicable("the agent has no DAG of an ODP"))?;
    probe.data(&path(id)).await
}

/// The newest DAG of the ODP if nothing happens to it any more.
async fn finished(probe: &Probe) -> Result<Value, Miss> {
    let dag = sample(probe).await?;
    if is_finished(&dag) {
        Ok(dag)
    } else {
        Err(Miss::not_applicable("the newest DAG is still at work"))
    }
}

pub(super) fn is_finished(dag: &Value) -> bool {
    matches!(text(dag, "/state"), "SUCCEED" | "FAILED")
}

pub(super) fn path(id: &str) -> String {
    format!("/api/v1/task/dag/{id}")
}

fn nodes(dag: &Value) -> &[Value] {
    list(dag, "/nodes")
}

fn sub_tasks(dag: &Value) -> impl Iterator<Item = &Value> {
    nodes(dag).iter().flat_map(|node| list(node, "/sub_tasks"))
}

fn objects() -> Vec<Statement> {
    vec![
        statement(
            "dag.keys",
            "A DAG has its thirteen keys in order.",
            |p| async move {
                let dag = sample(&p).await?;
                same(
                    "keys",
                    vec![
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
                    ],
                    keys(&dag),
                )
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
            "Ids are the agent's address and port and then dag_id, node_id or task_id: three separate numbers.",
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
            "Each node has one sub task of its own name, executed by this agent.",
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
                        // The zone of 1970 need not be the one of today.
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
            "task_logs is null for a sub task that waits, and a list for one that has run.",
            |p| async move { sub_tasks(&sample(&p).await?).try_for_each(logs_rule) },
        ),
        statement(
            "dag.chunked",
            "A body of more than 2048 bytes is chunked, a shorter one has a length.",
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

/// obshell: `task_logs` is null while PENDING or READY; a PASSed sub task that never ran has `[]`.
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

fn routes() -> Vec<Statement> {
    vec![
        statement(
            "node.route",
            "The node route gives the same node as the DAG.",
            |p| async move {
                for node in nodes(&finished(&p).await?) {
                    let path = format!("/api/v1/task/node/{}", text(node, "/id"));
                    same("node", node, &p.data(&path).await?)?;
                    same(
                        "node",
                        node,
                        &p.data(&format!("{path}?show_details=true")).await?,
                    )?;
                }
                Ok(())
            },
        ),
        statement(
            "sub_task.route",
            "The sub task route gives the same sub task as the DAG.",
            |p| async move {
                for task in sub_tasks(&finished(&p).await?) {
                    let path = format!("/api/v1/task/sub_task/{}", text(task, "/id"));
                    same("sub task", task, &p.data(&path).await?)?;
                }
                Ok(())
            },
        ),
        statement(
            "sub_task.logs",
            "The log route gives the lines of task_logs in order, each with its seven keys.",
            |p| async move {
                for task in sub_tasks(&finished(&p).await?) {
                    let logs = p
                        .data(&format!("/api/v1/task/sub_task/{}/logs", text(task, "/id")))
                        .await?;
                    let lines = list(&logs, "/contents");
                    for line in lines {
                        let expected = vec![
                            "id",
                            "sub_task_id",
                            "execute_times",
                            "log_content",
                            "is_sync",
                            "create_time",
                            "update_time",
                        ];
                        same("keys", expected, keys(line))?;
                        same(
                            "sub_task_id",
                            at(task, "/task_id"),
                            at(line, "/sub_task_id"),
                        )?;
                        timestamp(text(line, "/create_time"))?;
                    }
                    let told: Vec<&str> = lines
                        .iter()
                        .map(|line| text(line, "/log_content"))
                        .collect();
                    let known: Vec<&str> = list(task, "/task_logs")
                        .iter()
                        .filter_map(Value::as_str)
                        .collect();
                    same("lines", known, told)?;
                }
                Ok(())
            },
        ),
        statement(
            "id.wrong-kind",
            "The right number with the first digit of local tasks is a 404 with its own reason.",
            |p| async move {
                let dag = sample(&p).await?;
                let first = |value: Option<&Value>| {
                    value
                        .map(|value| text(value, "/id").to_owned())
                        .unwrap_or_default()
                };
                for (kind, id, why) in [
                    ("dag", text(&dag, "/id").to_owned(), "dag id not match"),
                    ("node", first(nodes(&dag).first()), "node type not match"),
                    (
                        "sub_task",
                        first(sub_tasks(&dag).next()),
                        "sub task type not match",
                    ),
                ] {
                    let local = if id.starts_with('4') { '2' } else { '3' };
                    let id = format!("{local}{}", id.get(1..).unwrap_or_default());
                    let answer = p
                        .send(&p.get(&format!("/api/v1/task/{kind}/{id}"))?)
                        .await?;
                    let refusal =
                        Refusal::new(404, "Task.NotFound", format!("Task not found: {why}"))
                            .old_start(404, 2300, "");
                    p.refuses(&answer, &refusal, false)?;
                }
                Ok(())
            },
        ),
    ]
}

fn details() -> Vec<Statement> {
    vec![
        statement(
            "details.default",
            "A DAG is shown with details unless asked otherwise; the name show_details is case-sensitive.",
            |p| async move {
                let id = path(text(&sample(&p).await?, "/id"));
                for query in [
                    "",
                    "?show_details=1",
                    "?show_details=t",
                    "?show_details=T",
                    "?show_details=true",
                    "?show_details=True",
                    "?show_details=TRUE",
                    "?Show_Details=false",
                ] {
                    let dag = p.data(&format!("{id}{query}")).await?;
                    ensure(at(&dag, "/nodes").is_array(), "nodes", || dag.to_string())
                        .map_err(|miss| miss.when(query))?;
                }
                Ok(())
            },
        ),
        statement(
            "details.none",
            "Without details nodes and additional_data are null; an empty show_details means false.",
            |p| async move {
                let id = path(text(&sample(&p).await?, "/id"));
                for query in ["=false", "=0", "=f", "=F", "=False", "=FALSE", "="] {
                    let dag = p.data(&format!("{id}?show_details{query}")).await?;
                    same("nodes", &Value::Null, at(&dag, "/nodes"))
                        .map_err(|miss| miss.when(query))?;
                    same(
                        "additional_data",
                        &Value::Null,
                        at(&dag, "/additional_data"),
                    )
                    .map_err(|miss| miss.when(query))?;
                }
                Ok(())
            },
        ),
        statement(
            "details.panic",
            "show_details=abc and tRUE are panics, with a plain content type.",
            |p| async move {
                p.needs_version([4, 3, 1, 0])?;
                let dag = sample(&p).await?;
                let node = nodes(&dag)
                    .first()
                    .map(|node| text(node, "/id"))
                    .unwrap_or_default();
                for path in [
                    path(text(&dag, "/id")),
                    format!("/api/v1/task/node/{node}"),
                    ALL.to_owned(),
                ] {
                    for value in ["abc", "tRUE"] {
                        let target = format!("{path}?show_details={value}");
                        p.refused(&p.get(&target)?, &Refusal::panic())
                            .await
                            .map_err(|miss| miss.when(&target))?;
                    }
                }
                Ok(())
            },
        ),
        statement(
            "details.node-panic",
            "A node without details is a panic.",
            |p| async move {
                p.needs_version([4, 3, 1, 0])?;
                let dag = sample(&p).await?;
                let node = nodes(&dag)
                    .first()
                    .map(|node| text(node, "/id"))
                    .unwrap_or_default();
                p.refused(
                    &p.get(&format!("/api/v1/task/node/{node}?show_details=false"))?,
                    &Refusal::panic(),
                )
                .await
            },
        ),
        statement(
            "panic.static",
            "Every panic is answered with the moment of the agent's start for a timestamp, and a duration of 0.",
            |p| async move {
                p.needs_version([4, 3, 1, 0])?;
                p.needs_password()?;
                let ask = p
                    .ask("POST", &p.unknown("dag"))?
                    .verbatim_body("not base64!");
                let (first, second) = (p.send(&ask).await?.json()?, p.send(&ask).await?.json()?);
                same("answers", &first, &second)?;
                same("duration", Some(0), at(&first, "/duration").as_u64())?;
                let told = timestamp(text(&first, "/timestamp"))?.timestamp();
                let started = at(&p.data("/api/v1/info").await?, "/startAt")
                    .as_i64()
                    .unwrap_or_default()
                    / 1_000_000_000;
                ensure(
                    (told - started).abs() <= 10,
                    "a timestamp within seconds of startAt",
                    || format!("{told} and {started}"),
                )
            },
        ),
    ]
}

fn lists() -> Vec<Statement> {
    vec![
        statement(
            "list.order",
            "dags/agent lists the oldest DAG first.",
            |p| async move {
                sample(&p).await?;
                let all = p.data(ALL).await?;
                let ids: Vec<u64> = list(&all, "/contents")
                    .iter()
                    .filter_map(|dag| at(dag, "/dag_id").as_u64())
                    .collect();
                ensure(ids.is_sorted(), "ascending dag_id", || format!("{ids:?}"))
            },
        ),
        statement(
            "list.details",
            "dags/agent shows details if asked (before 4.3.1.0 always).",
            |p| async move {
                sample(&p).await?;
                let all = p.data(&format!("{ALL}?show_details=true")).await?;
                ensure(
                    list(&all, "/contents")
                        .iter()
                        .all(|dag| at(dag, "/nodes").is_array()),
                    "nodes in every DAG",
                    || all.to_string(),
                )?;
                let none = p.data(&format!("{ALL}?show_details=false")).await?;
                let hidden = list(&none, "/contents")
                    .iter()
                    .all(|dag| at(dag, "/nodes").is_null());
                ensure(
                    hidden != p.is_old(),
                    "show_details=false heeded since 4.3.1.0, ignored before",
                    || none.to_string(),
                )
            },
        ),
        statement(
            "list.agents",
            "maintain/agents lists the newest DAG under maintenance, main_dags is empty for an ODP.",
            |p| async move {
                let dag = sample(&p).await?;
                p.needs_identity("SINGLE")?;
                if at(&dag, "/maintenance_type") != 4 {
                    return Err(Miss::not_applicable(
                        "the newest DAG is not under maintenance",
                    ));
                }
                let agents = p.data("/api/v1/task/dag/maintain/agents").await?;
                same(
                    "ids",
                    vec![text(&dag, "/id")],
                    list(&agents, "/contents")
                        .iter()
                        .map(|dag| text(dag, "/id"))
                        .collect(),
                )?;
                same(
                    "data",
                    serde_json::json!({ "contents": [] }),
                    p.data("/api/v1/task/dag/agent/main_dags").await?,
                )
            },
        ),
    ]
}

fn refused_operators() -> Vec<Statement> {
    vec![
        statement(
            "operator.unknown",
            "An operator that there is not is refused, quoted as it was sent.",
            |p| async move {
                let path = path(text(&sample(&p).await?, "/id"));
                for name in ["FOO", "foo", " retry"] {
                    let ask = p
                        .ask("POST", &path)?
                        .body(serde_json::json!({ "operator": name }).to_string());
                    let mut refusal = Refusal::new(
                        400,
                        "Task.Dag.Operator.NotSupport",
                        format!("Operator {name} is not supported"),
                    )
                    .zh(format!("不支持的任务操作 '{name}'"));
                    if name == "FOO" {
                        refusal = refusal.old(500, 1010, "Known error: invalid operator: FOO");
                    }
                    if !(p.is_old() && name != "FOO") {
                        p.refused(&ask, &refusal).await?;
                    }
                }
                Ok(())
            },
        ),
        statement(
            "operator.missing",
            "A body without an operator is refused for a DAG that exists too.",
            |p| async move {
                let path = path(text(&sample(&p).await?, "/id"));
                p.refused(
                    &p.ask("POST", &path)?.body("{}"),
                    &super::body::operator_required(),
                )
                .await
            },
        ),
        statement(
            "operator.other-id",
            "An id in the body that differs is a 404, before the operator is looked at; the right one is fine.",
            |p| async move {
                let dag = sample(&p).await?;
                let path = path(text(&dag, "/id"));
                let refusal =
                    Refusal::new(404, "Task.NotFound", "Task not found: dag id not match")
                        .old_start(404, 2300, "");
                let body =
                    serde_json::json!({ "operator": "FOO", "id": p.id(999_999_999) }).to_string();
                let answer = p.send(&p.ask("POST", &path)?.body(body)).await?;
                p.refuses(&answer, &refusal, false)?;
                let body =
                    serde_json::json!({ "operator": "FOO", "id": text(&dag, "/id") }).to_string();
                let answer = p.send(&p.ask("POST", &path)?.body(body)).await?;
                let refusal = Refusal::new(
                    400,
                    "Task.Dag.Operator.NotSupport",
                    "Operator FOO is not supported",
                )
                .old(500, 1010, "Known error: invalid operator: FOO");
                p.refuses(&answer, &refusal, false)
            },
        ),
    ]
}
