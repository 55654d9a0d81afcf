//! `show_details`, its panics, and lists with a task in them.

use serde_json::Value;

use super::sample::sample;
use crate::{
    dag::{nodes, path},
    expect::{at, ensure, list, same, text, timestamp},
    miss::Miss,
    refusal::Refusal,
    statement::{Statement, statement},
    task::{ALL, NEWEST},
};

pub(super) fn details() -> Vec<Statement> {
    vec![
        statement(
            "details.default",
            "A DAG has details by default; the name show_details is case-sensitive.",
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
            "Without details, nodes and additional_data are null; an empty show_details means false.",
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
            "show_details=abc and tRUE cause panics, with a plain content type.",
            |p| async move {
                let dag = sample(&p).await?;
                let node = nodes(&dag)
                    .first()
                    .map(|node| text(node, "/id"))
                    .unwrap_or_default();
                let all = matches!(p.details_of_all(), Ok(true)).then(|| ALL.to_owned());
                let one = [
                    path(text(&dag, "/id")),
                    format!("/api/v1/task/node/{node}"),
                    NEWEST.to_owned(),
                ];
                for path in one.into_iter().chain(all) {
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
            "A node without details causes a panic.",
            |p| async move {
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
            "The response to a panic has the agent's start as its timestamp, and a duration of 0.",
            |p| async move {
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

pub(super) fn lists() -> Vec<Statement> {
    vec![
        statement(
            "list.order",
            "dags/agent lists the oldest DAG first.",
            |p| async move {
                p.needs_version([4, 3, 0, 0])?;
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
            "dags/agent has details if requested (in 4.3.0.0 and 4.3.1.0 always).",
            |p| async move {
                p.needs_version([4, 3, 0, 0])?;
                let asks = p.details_of_all()?;
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
                    hidden == asks,
                    "show_details=false respected, but not up to 4.3.1.0",
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
                if text(&dag, "/name") == "Start obproxy" {
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
                if p.needs_version([4, 3, 0, 0]).is_err() {
                    return Ok(());
                }
                same(
                    "data",
                    serde_json::json!({ "contents": [] }),
                    p.data("/api/v1/task/dag/agent/main_dags").await?,
                )
            },
        ),
    ]
}
