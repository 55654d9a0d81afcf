//! The precedence of errors.

use crate::{
    ask::{Ask, OCEANBASE_HEADER},
    miss::Miss,
    probe::Probe,
    refusal::Refusal,
    statement::{Statement, statement},
    wording::{
        decrypt_failed, expired, header_not_found, invalid_id, no_keys, only_agent_password,
        operator_required, task_not_found, uri_mismatch, wrong_password,
    },
};

/// An operator on a DAG that does not exist: the body has to be parsed, and nothing is changed.
pub(super) fn operate(probe: &Probe) -> Result<Ask, Miss> {
    Ok(probe
        .ask("POST", &probe.unknown("dag"))?
        .body(r#"{"operator":"RETRY"}"#))
}

/// A statement about the precedence of two errors that both apply.
fn first(
    id: &'static str,
    fact: &'static str,
    ask: fn(&Probe) -> Result<Ask, Miss>,
    refusal: fn(&Probe) -> Refusal,
) -> Statement {
    statement(id, fact, move |p| async move {
        p.needs_password()?;
        p.refused(&ask(&p)?, &refusal(&p)).await
    })
}

fn past(probe: &Probe) -> String {
    (probe.now() - 10).to_string()
}

pub(super) fn precedence() -> Vec<Statement> {
    vec![
        first(
            "order.decrypt-404",
            "An unreadable header is reported before an unknown path.",
            |p| Ok(p.get("/api/v1/no-such-path")?.verbatim("!!!!")),
            |p| decrypt_failed(p, "illegal base64 data at input byte 0"),
        ),
        first(
            "order.decrypt-body",
            "An unreadable header is reported before an unreadable body.",
            |p| Ok(operate(p)?.verbatim("!!!!").verbatim_body("YWJjZGVm")),
            |p| decrypt_failed(p, "illegal base64 data at input byte 0"),
        ),
        first(
            "order.body-password",
            "An unreadable body is reported before a wrong Uri, an expired Ts and a wrong password.",
            |p| {
                Ok(operate(p)?
                    .without("Keys")
                    .field("Auth", "no")
                    .field("Ts", past(p))
                    .field("Uri", "/"))
            },
            |_| no_keys(),
        ),
        first(
            "order.header-id",
            "A missing header is reported before an invalid id.",
            |p| Ok(p.get("/api/v1/task/dag/4")?.open()),
            |_| header_not_found(),
        ),
        first(
            "order.uri-ts",
            "A wrong Uri is reported before an unreadable Ts.",
            |p| Ok(p.harmless()?.field("Uri", "/").field("Ts", "abc")),
            |_| uri_mismatch(),
        ),
        first(
            "order.uri-kind",
            "A wrong Uri is reported before the wrong kind of header on a 4… or 5… task.",
            |p| Ok(p.harmless()?.in_header(OCEANBASE_HEADER).field("Uri", "/")),
            |_| uri_mismatch(),
        ),
        first(
            "order.kind-ts",
            "The wrong kind of header is reported before an expired Ts on a 4… or 5… task.",
            |p| {
                Ok(p.harmless()?
                    .in_header(OCEANBASE_HEADER)
                    .field("Ts", past(p)))
            },
            |_| only_agent_password(),
        ),
        first(
            "order.ts-id",
            "An expired Ts is reported before an invalid id.",
            |p| Ok(p.get("/api/v1/task/dag/4")?.field("Ts", past(p))),
            |_| expired(),
        ),
        first(
            "order.password-id",
            "A wrong password is reported before an invalid id.",
            |p| Ok(p.get("/api/v1/task/dag/4")?.field("Auth", "no")),
            |_| wrong_password(),
        ),
        first(
            "order.password-body",
            "A wrong password is reported before a missing operator.",
            |p| Ok(operate(p)?.body("{}").field("Auth", "no")),
            |_| wrong_password(),
        ),
        first(
            "order.body-lookup",
            "A missing operator is reported before an unknown DAG.",
            |p| Ok(operate(p)?.body("{}")),
            |_| operator_required(),
        ),
        first(
            "order.id-body",
            "An invalid id is reported before a missing operator.",
            |p| Ok(p.ask("POST", "/api/v1/task/dag/4")?.body("{}")),
            |_| invalid_id("4"),
        ),
        first(
            "order.lookup-operator",
            "An unknown DAG is reported before an unknown operator.",
            |p| Ok(operate(p)?.body(r#"{"operator":"FOO"}"#)),
            |_| task_not_found(),
        ),
        statement(
            "order.node-operator",
            "The node route rejects operators other than PASS before it looks up the node, and quotes them as sent.",
            |p| async move {
                p.needs_access()?;
                for name in ["RETRY", "FOO", "foo", " retry", "CANCEL"] {
                    let body = serde_json::json!({ "operator": name, "id": "another" }).to_string();
                    let ask = p.ask("POST", &p.unknown("node"))?.body(body);
                    let answer = p.send(&ask).await?;
                    let refusal = Refusal::new(
                        400,
                        "Task.Node.Operator.NotSupport",
                        format!("Operator {name} is not supported"),
                    );
                    p.refuses(&answer, &refusal, false)
                        .map_err(|miss| miss.when(name))?;
                }
                Ok(())
            },
        ),
        statement(
            "order.node-pass",
            "A PASS of an unknown node, in any letter case, is looked up; an id in the body is ignored.",
            |p| async move {
                p.needs_access()?;
                for name in ["PASS", "pass", "Pass"] {
                    let body = serde_json::json!({ "operator": name, "id": "another" }).to_string();
                    let ask = p.ask("POST", &p.unknown("node"))?.body(body);
                    p.needs_node_route(&p.send(&ask).await?)?;
                    p.refused(&ask, &task_not_found()).await?;
                }
                Ok(())
            },
        ),
    ]
}
