//! Ids and lists of tasks, with or without a task (protocol: 4.2, 4.4, 12.3, 12.9, 12.10).

use crate::{
    expect::{at, ensure, keys, same, text},
    miss::Miss,
    refusal::Refusal,
    statement::{Statement, statement},
    wording::{invalid_because, invalid_id, no_address, task_not_found},
};

/// The route that lists the DAGs of this agent, whatever its identity.
pub(super) const ALL: &str = "/api/v1/task/dags/agent";
pub(super) const UNFINISHED: &str = "/api/v1/task/dag/agent/unfinish";
pub(super) const NEWEST: &str = "/api/v1/task/dag/maintain/agent";

pub(super) fn statements() -> Vec<Statement> {
    let mut all = ids();
    all.extend(lists());
    all
}

fn ids() -> Vec<Statement> {
    vec![
        statement(
            "id.too-short",
            "An id that is too short for its first digit is invalid.",
            |p| async move {
                p.needs_access()?;
                for id in ["4", "41", "5", "4213070643302886", "52130706433028861"] {
                    p.refused(&p.get(&format!("/api/v1/task/dag/{id}"))?, &invalid_id(id))
                        .await?;
                }
                Ok(())
            },
        ),
        statement(
            "id.kinds",
            "Node and sub task ids are checked in the same way.",
            |p| async move {
                p.needs_access()?;
                for kind in ["node", "sub_task"] {
                    p.refused(&p.get(&format!("/api/v1/task/{kind}/4"))?, &invalid_id("4"))
                        .await
                        .map_err(|miss| miss.when(kind))?;
                }
                Ok(())
            },
        ),
        statement(
            "id.first-digit",
            "An id that starts with another digit or a letter is not a generic id.",
            |p| async move {
                p.needs_access()?;
                for id in ["9", "abc"] {
                    let answer = p.send(&p.get(&format!("/api/v1/task/dag/{id}"))?).await?;
                    p.refuses(&answer, &invalid_because(id, "invalid generic id"), false)?;
                }
                Ok(())
            },
        ),
        statement(
            "id.port",
            "An id whose port is not a number is invalid.",
            |p| async move {
                p.needs_access()?;
                let id = "42130706433xxxxx1";
                let answer = p.send(&p.get(&format!("/api/v1/task/dag/{id}"))?).await?;
                p.refuses(&answer, &invalid_because(id, "parse port failed"), false)
            },
        ),
        statement(
            "id.unknown",
            "An unknown DAG, node or sub task gets a 404.",
            |p| async move {
                p.needs_access()?;
                for kind in ["dag", "node", "sub_task"] {
                    p.refused(&p.get(&p.unknown(kind))?, &task_not_found())
                        .await
                        .map_err(|miss| miss.when(kind))?;
                }
                Ok(())
            },
        ),
        statement(
            "id.unknown-local",
            "An unknown DAG, node or sub task of the local kind (2… or 3…) also gets a 404.",
            |p| async move {
                p.needs_access()?;
                let kind = if p.id_prefix.starts_with('4') {
                    '2'
                } else {
                    '3'
                };
                let id = format!("{kind}{}", p.id(999_999_999).split_at(1).1);
                p.refused(
                    &p.get(&format!("/api/v1/task/dag/{id}"))?,
                    &task_not_found(),
                )
                .await
            },
        ),
        statement(
            "id.unknown-logs",
            "The log of an unknown sub task is an empty list, not a 404.",
            |p| async move {
                p.needs_version([4, 3, 0, 0])?;
                p.needs_access()?;
                let logs = p.data(&format!("{}/logs", p.unknown("sub_task"))).await?;
                same("data", serde_json::json!({ "contents": [] }), logs)
            },
        ),
        statement(
            "id.zero-byte",
            "An id whose address starts with a zero byte is rejected: an agent on ::1 rejects its own ids.",
            |p| async move {
                p.needs_access()?;
                let id = format!("5{:039}028861", 1);
                for kind in ["dag", "node", "sub_task"] {
                    p.refused(
                        &p.get(&format!("/api/v1/task/{kind}/{id}"))?,
                        &no_address(&id),
                    )
                    .await
                    .map_err(|miss| miss.when(kind))?;
                }
                Ok(())
            },
        ),
        statement(
            "id.cluster",
            "Before 4.3.1.0 the id of a cluster task is looked up in an OceanBase that does not exist.",
            |p| async move {
                p.needs_access()?;
                p.needs_identity("SINGLE")?;
                let refusal = Refusal::new(404, "Task.NotFound", "").old(
                    404,
                    2300,
                    "Task not found: oceanbase db is nil",
                );
                if !p.is_old() {
                    return Err(Miss::not_applicable("the format since 4.3.1.0 is unknown"));
                }
                p.refused(&p.get("/api/v1/task/dag/12")?, &refusal).await
            },
        ),
        statement(
            "id.unknown-details",
            "An unknown DAG is reported despite show_details=abc.",
            |p| async move {
                p.needs_access()?;
                p.refused(
                    &p.get(&format!("{}?show_details=abc", p.unknown("dag")))?,
                    &task_not_found(),
                )
                .await
            },
        ),
        statement(
            "id.elsewhere",
            "An id of another agent is looked up at that agent; Go's error has a prefix only if the request names a language.",
            |p| async move {
                p.needs_version([4, 3, 1, 0])?;
                p.needs_access()?;
                // Port 1 of 127.254.254.254, where nothing listens.
                let id = "42147417854000011";
                let path = format!("/api/v1/task/dag/{id}");
                let why = format!(
                    "Get \"http://127.254.254.254:1{path}\": dial tcp 127.254.254.254:1: connect: connection refused"
                );
                for (language, prefix) in [
                    (None, ""),
                    (Some("en-US"), "Unexpected error: "),
                    (Some("zh-CN"), "非预期错误："),
                ] {
                    let ask = p.get(&path)?;
                    let answer = p
                        .send(&match language {
                            Some(tag) => ask.language(tag),
                            None => ask,
                        })
                        .await?;
                    p.refuses(
                        &answer,
                        &Refusal::new(500, "Common.Unexpected", format!("{prefix}{why}")),
                        false,
                    )?;
                }
                Ok(())
            },
        ),
    ]
}

fn lists() -> Vec<Statement> {
    vec![
        statement(
            "list.shape",
            "Lists are wrapped in contents; an empty one is [].",
            |p| async move {
                p.needs_access()?;
                let all = p.needs_version([4, 3, 0, 0]).is_ok().then_some(ALL);
                for path in [UNFINISHED].into_iter().chain(all) {
                    let data = p.data(path).await?;
                    same("keys", vec!["contents"], keys(&data)).map_err(|miss| miss.when(path))?;
                    ensure(at(&data, "/contents").is_array(), "an array", || {
                        data.to_string()
                    })
                    .map_err(|miss| miss.when(path))?;
                }
                Ok(())
            },
        ),
        statement(
            "list.unfinished",
            "On a SINGLE agent, dag/unfinish and dag/agent/unfinish list the same DAGs.",
            |p| async move {
                p.needs_access()?;
                p.needs_identity("SINGLE")?;
                same(
                    "data",
                    p.data("/api/v1/task/dag/unfinish").await?,
                    p.data(UNFINISHED).await?,
                )
            },
        ),
        statement(
            "list.cluster-null",
            "On a CLUSTER AGENT, dag/unfinish omits the agent's own deletion: its contents are null if there is no other DAG.",
            |p| async move {
                p.needs_access()?;
                p.needs_identity("CLUSTER AGENT")?;
                let data = p.data("/api/v1/task/dag/unfinish").await?;
                let own = at(&data, "/contents")
                    .as_array()
                    .into_iter()
                    .flatten()
                    .any(|dag| text(dag, "/name") == "Delete obproxy");
                ensure(
                    !own && !at(&data, "/contents").as_array().is_some_and(Vec::is_empty),
                    "null, or DAGs of others",
                    || data.to_string(),
                )
            },
        ),
        statement(
            "list.empty-abc",
            "show_details=abc causes a panic on the lists of unfinished DAGs, empty or not; the name in another letter case is ignored.",
            |p| async move {
                p.needs_access()?;
                for path in [UNFINISHED, "/api/v1/task/dag/unfinish"] {
                    p.fetch(&p.get(&format!("{path}?Show_Details=abc"))?)
                        .await?;
                    let ask = p.get(&format!("{path}?show_details=abc"))?;
                    p.refused(&ask, &Refusal::panic())
                        .await
                        .map_err(|miss| miss.when(path))?;
                }
                Ok(())
            },
        ),
        statement(
            "list.all-empty-abc",
            "dags/agent ignores show_details=abc while there is no DAG.",
            |p| async move {
                p.needs_version([4, 3, 0, 0])?;
                p.needs_access()?;
                let all = p.data(ALL).await?;
                if !crate::expect::list(&all, "/contents").is_empty() {
                    return Err(Miss::not_applicable("the agent has DAGs"));
                }
                same(
                    "data",
                    all,
                    p.data(&format!("{ALL}?show_details=abc")).await?,
                )
            },
        ),
        statement(
            "list.newest",
            "maintain/agent returns the newest DAG under maintenance in any state, or a 404 with a full-width Chinese colon.",
            |p| async move {
                p.needs_access()?;
                p.needs_version([4, 3, 0, 0])?;
                let all = p.data(ALL).await?;
                let newest = crate::expect::list(&all, "/contents")
                    .iter()
                    // In every version, the name identifies a task that takes no lock.
                    .rfind(|dag| text(dag, "/name") != "Start obproxy");
                match newest {
                    Some(dag) => same("id", at(dag, "/id"), at(&p.data(NEWEST).await?, "/id")),
                    None => {
                        let refusal = Refusal::new(
                            404,
                            "Task.NotFound",
                            "Task not found: Agent is not under maintenance",
                        )
                        .zh("未找到任务：Agent is not under maintenance")
                        .old_start(404, 2300, "");
                        p.refused(&p.get(NEWEST)?, &refusal).await
                    }
                }
            },
        ),
        statement(
            "list.never-panic",
            "maintain/agents and main_dags panic on a SINGLE agent that never had a DAG under maintenance.",
            |p| async move {
                p.needs_access()?;
                p.needs_identity("SINGLE")?;
                let ever = p.send(&p.get(NEWEST)?).await?.status == 200;
                let main = p.needs_version([4, 3, 0, 0]).is_ok();
                let main = main.then_some("/api/v1/task/dag/agent/main_dags");
                for path in ["/api/v1/task/dag/maintain/agents"].into_iter().chain(main) {
                    if ever {
                        p.fetch(&p.get(path)?)
                            .await
                            .map_err(|miss| miss.when(path))?;
                    } else {
                        p.refused(&p.get(path)?, &Refusal::panic())
                            .await
                            .map_err(|miss| miss.when(path))?;
                    }
                }
                Ok(())
            },
        ),
        statement(
            "list.cluster-only",
            "A SINGLE agent rejects the routes of a cluster: maintain/ob, dags/ob, dag/ob/unfinish.",
            |p| async move {
                p.needs_access()?;
                p.needs_identity("SINGLE")?;
                let answer = p.send(&p.get("/api/v1/task/dag/maintain/ob")?).await?;
                let refusal = Refusal::new(
                    500,
                    "Agent.OceanBase.NotHold",
                    "Agent is not holding OceanBase",
                )
                .old(500, 1002, "Unexpected error: oceanbase db is nil");
                p.refuses(&answer, &refusal, false)?;
                let unfinished = "/api/v1/task/dag/ob/unfinish";
                let all = p.needs_version([4, 3, 0, 0]).is_ok();
                let all = all.then_some(("/api/v1/task/dags/ob", "all cluster dags"));
                let lists = [(unfinished, "cluster unfinished dags")]
                    .into_iter()
                    .chain(all);
                for (path, what) in lists {
                    let answer = p.send(&p.get(path)?).await?;
                    let refusal = Refusal::new(
                        500,
                        "Common.Unexpected",
                        "Unexpected error: ocsagent cannot build response body",
                    )
                    .old(
                        400,
                        1000,
                        format!("Bad request: only cluster agent can get {what}"),
                    );
                    p.refuses(&answer, &refusal, false)
                        .map_err(|miss| miss.when(path))?;
                }
                Ok(())
            },
        ),
    ]
}
