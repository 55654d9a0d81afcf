//! Routes to the parts of a task, and operators that are refused in any state.

use serde_json::Value;

use super::sample::{finished, sample};
use crate::{
    dag::{nodes, path, sub_tasks},
    expect::{at, keys, list, same, text, timestamp},
    refusal::Refusal,
    statement::{Statement, statement},
    wording::operator_required,
};

pub(super) fn routes() -> Vec<Statement> {
    vec![
        statement(
            "node.route",
            "The node route returns the same node as the DAG.",
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
            "The sub task route returns the same sub task as the DAG.",
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
            "The log route returns the lines of task_logs in order, each with its seven keys.",
            |p| async move {
                p.needs_version([4, 3, 0, 0])?;
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
            "The right number with the first digit of local tasks gets a 404 with its own reason.",
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

pub(super) fn refused_operators() -> Vec<Statement> {
    vec![
        statement(
            "operator.unknown",
            "An unknown operator is rejected, and quoted as sent.",
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
            "A body without an operator is also rejected for an existing DAG.",
            |p| async move {
                let path = path(text(&sample(&p).await?, "/id"));
                p.refused(&p.ask("POST", &path)?.body("{}"), &operator_required())
                    .await
            },
        ),
        statement(
            "operator.other-id",
            "A different id in the body gets a 404 before the operator is checked; the same id is accepted.",
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
