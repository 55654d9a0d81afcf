//! Encrypted bodies, and which error comes first when several are due (obshell: 1.6, 1.7, 1.9, 12.2, 12.8).

use super::{
    ask::{Ask, OCEANBASE_HEADER},
    expect::{Miss, Refusal},
    header::{
        decrypt_failed, expired, header_not_found, only_agent_password, uri_mismatch,
        wrong_password,
    },
    probe::{Probe, task_not_found},
    statement::{Statement, statement},
};

const LIST: &str = "/api/v1/task/dag/agent/unfinish";

pub(super) fn statements() -> Vec<Statement> {
    let mut all = sealed_bodies();
    all.extend(precedence());
    all
}

/// An operator on a DAG that does not exist: the body has to be read, and then nothing is done.
fn operate(probe: &Probe) -> Result<Ask, Miss> {
    Ok(probe
        .ask("POST", &probe.unknown("dag"))?
        .body(r#"{"operator":"RETRY"}"#))
}

fn no_keys() -> Refusal {
    Refusal::new(
        500,
        "Request.Body.Decrypt.AES.KeyAndIv.Invalid",
        "Unauthorized: AES key and IV size error",
    )
    .zh("认证失败: AES 密钥和 IV 大小错误")
    .old_verification("body decrypt failed")
    .early()
}

fn bad_length() -> Refusal {
    Refusal::new(
        500,
        "Request.Body.Decrypt.AES.ContentLength.Invalid",
        "Unauthorized: Decrypted string length is not a multiple of the block size",
    )
    .zh("认证失败: 解密字符串长度不是块大小的倍数")
    .old_verification("body decrypt failed")
    .early()
}

pub(super) fn operator_required() -> Refusal {
    const WHY: &str = "Key: 'DagOperator.Operator' Error:Field validation for 'Operator' failed on the 'required' tag";
    Refusal::new(
        400,
        "Common.BindJsonFailed",
        format!("Bind JSON failed: {WHY}"),
    )
    .zh(format!("绑定 JSON 失败：{WHY}"))
    .old_start(400, 1001, "Illegal argument: ")
}

fn bind_eof() -> Refusal {
    Refusal::new(400, "Common.BindJsonFailed", "Bind JSON failed: EOF").zh("绑定 JSON 失败：EOF")
}

/// A statement that some body is refused.
fn refused(
    id: &'static str,
    fact: &'static str,
    change: fn(Ask) -> Ask,
    refusal: fn() -> Refusal,
) -> Statement {
    statement(id, fact, move |p| async move {
        p.needs_password()?;
        p.refused(&change(operate(&p)?), &refusal()).await
    })
}

fn short_keys(ask: Ask, bytes: usize) -> Ask {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let cut: Vec<u8> = ask
        .keys
        .bytes()
        .iter()
        .copied()
        .cycle()
        .take(bytes)
        .collect();
    ask.field("Keys", STANDARD.encode(cut))
}

fn unpadded(ask: Ask, text: &[u8]) -> Ask {
    let sealed = ask.keys.seal_unpadded(text);
    ask.verbatim_body(sealed)
}

fn sealed_bodies() -> Vec<Statement> {
    vec![
        refused(
            "body.sealed",
            "An AES-128-CBC body with PKCS#7 padding, in base64, is read: the DAG is looked for.",
            |ask| ask,
            task_not_found,
        ),
        refused(
            "body.no-keys",
            "A body without Keys is a 500 of its own.",
            |ask| ask.without("Keys"),
            no_keys,
        ),
        refused(
            "body.short-keys",
            "So is one with Keys of 15 bytes.",
            |ask| short_keys(ask, 15),
            no_keys,
        ),
        refused(
            "body.odd-keys",
            "Keys of 31 bytes are a panic.",
            |ask| short_keys(ask, 31),
            Refusal::early_panic,
        ),
        refused(
            "body.long-keys",
            "Keys of 33 bytes are a panic.",
            |ask| short_keys(ask, 33),
            Refusal::early_panic,
        ),
        refused(
            "body.bad-length",
            "A body whose length is no multiple of 16 bytes is a 500 of its own.",
            |ask| ask.verbatim_body("YWJjZGVm"),
            bad_length,
        ),
        refused(
            "body.plain",
            "A plain JSON body is a panic: nothing of it is base64.",
            |ask| ask.verbatim_body(r#"{"operator":"RETRY"}"#),
            Refusal::early_panic,
        ),
        refused(
            "body.bad-padding",
            "A last byte beyond the length is a panic.",
            |ask| unpadded(ask, &[0xff; 16]),
            Refusal::early_panic,
        ),
        refused(
            "body.loose-padding",
            "The last byte is trusted for the padding, the bytes before it are not looked at.",
            |ask| unpadded(ask, b"{\"operator\":\"RETRY\"}           \x0c"),
            task_not_found,
        ),
        refused(
            "body.malformed",
            "A body that decrypts to something else than JSON cannot be bound: EOF.",
            |ask| ask.body("garbage"),
            bind_eof,
        ),
        refused(
            "body.no-operator",
            "A body without an operator is told what is missing.",
            |ask| ask.body("{}"),
            operator_required,
        ),
        statement(
            "body.absent",
            "No body at all counts as {}.",
            |p| async move {
                p.needs_password()?;
                p.refused(&p.ask("POST", &p.unknown("dag"))?, &operator_required())
                    .await
            },
        ),
        refused(
            "body.content-type",
            "The Content-Type of a body is not looked at.",
            |ask| ask.header("Content-Type", "text/plain"),
            task_not_found,
        ),
        statement(
            "body.on-get",
            "A sealed body of a GET is decrypted and ignored, an unsealed one is an error.",
            |p| async move {
                p.needs_password()?;
                p.fetch(&p.get(LIST)?.body("{}")).await?;
                p.refused(&p.get(LIST)?.body("{}").without("Keys"), &no_keys())
                    .await
            },
        ),
    ]
}

/// A statement on the order of two errors that are both due.
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

fn precedence() -> Vec<Statement> {
    vec![
        first(
            "order.decrypt-404",
            "An unreadable header comes before an unknown path.",
            |p| Ok(p.get("/api/v1/no-such-path")?.verbatim("!!!!")),
            |p| decrypt_failed(p, "illegal base64 data at input byte 0"),
        ),
        first(
            "order.decrypt-body",
            "An unreadable header comes before an unreadable body.",
            |p| Ok(operate(p)?.verbatim("!!!!").verbatim_body("YWJjZGVm")),
            |p| decrypt_failed(p, "illegal base64 data at input byte 0"),
        ),
        first(
            "order.body-password",
            "An unreadable body comes before a wrong Uri, an expired Ts and a wrong password.",
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
            "A missing header comes before an invalid id.",
            |p| Ok(p.get("/api/v1/task/dag/4")?.open()),
            |_| header_not_found(),
        ),
        first(
            "order.uri-ts",
            "A wrong Uri comes before an unreadable Ts.",
            |p| Ok(p.harmless()?.field("Uri", "/").field("Ts", "abc")),
            |_| uri_mismatch(),
        ),
        first(
            "order.uri-kind",
            "A wrong Uri comes before the wrong kind of header on a 4… or 5… task.",
            |p| Ok(p.harmless()?.in_header(OCEANBASE_HEADER).field("Uri", "/")),
            |_| uri_mismatch(),
        ),
        first(
            "order.kind-ts",
            "The wrong kind of header comes before an expired Ts on a 4… or 5… task.",
            |p| {
                Ok(p.harmless()?
                    .in_header(OCEANBASE_HEADER)
                    .field("Ts", past(p)))
            },
            |_| only_agent_password(),
        ),
        first(
            "order.ts-id",
            "An expired Ts comes before an invalid id.",
            |p| Ok(p.get("/api/v1/task/dag/4")?.field("Ts", past(p))),
            |_| expired(),
        ),
        first(
            "order.password-id",
            "A wrong password comes before an invalid id.",
            |p| Ok(p.get("/api/v1/task/dag/4")?.field("Auth", "no")),
            |_| wrong_password(),
        ),
        first(
            "order.password-body",
            "A wrong password comes before a missing operator.",
            |p| Ok(operate(p)?.body("{}").field("Auth", "no")),
            |_| wrong_password(),
        ),
        first(
            "order.body-lookup",
            "A missing operator comes before an unknown DAG.",
            |p| Ok(operate(p)?.body("{}")),
            |_| operator_required(),
        ),
        first(
            "order.id-body",
            "An invalid id comes before a missing operator.",
            |p| Ok(p.ask("POST", "/api/v1/task/dag/4")?.body("{}")),
            |_| super::task::invalid_id("4"),
        ),
        first(
            "order.lookup-operator",
            "An unknown DAG comes before an unknown operator.",
            |p| Ok(operate(p)?.body(r#"{"operator":"FOO"}"#)),
            |_| task_not_found(),
        ),
        statement(
            "order.node-operator",
            "The node route refuses other operators than PASS before it looks the node up, quoted as they were sent.",
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
            "A PASS of an unknown node is looked up, whatever its case; an id in the body is ignored.",
            |p| async move {
                p.needs_access()?;
                for name in ["PASS", "pass", "Pass"] {
                    let body = serde_json::json!({ "operator": name, "id": "another" }).to_string();
                    p.refused(
                        &p.ask("POST", &p.unknown("node"))?.body(body),
                        &task_not_found(),
                    )
                    .await?;
                }
                Ok(())
            },
        ),
    ]
}
