//! Encrypted bodies, and the precedence of errors (protocol: 1.6, 1.7, 1.9, 12.2, 12.8).

use crate::{
    ask::Ask,
    body::order::operate,
    refusal::Refusal,
    statement::{Statement, statement},
    wording::{bad_length, bind_eof, no_keys, operator_required, task_not_found},
};

mod order;

const LIST: &str = "/api/v1/task/dag/agent/unfinish";

pub(super) fn statements() -> Vec<Statement> {
    let mut all = sealed_bodies();
    all.extend(order::precedence());
    all
}

/// A statement that a body is refused.
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
            "An AES-128-CBC body with PKCS#7 padding, in base64, is decrypted: the agent looks up the DAG.",
            |ask| ask,
            task_not_found,
        ),
        refused(
            "body.no-keys",
            "A body without Keys gets a 500 with its own message.",
            |ask| ask.without("Keys"),
            no_keys,
        ),
        refused(
            "body.short-keys",
            "A body with Keys of 15 bytes gets the same 500.",
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
            "A body whose length is not a multiple of 16 bytes gets a 500 with its own message.",
            |ask| ask.verbatim_body("YWJjZGVm"),
            bad_length,
        ),
        refused(
            "body.plain",
            "A plain JSON body causes a panic: it is not base64.",
            |ask| ask.verbatim_body(r#"{"operator":"RETRY"}"#),
            Refusal::early_panic,
        ),
        refused(
            "body.bad-padding",
            "A last byte greater than the length causes a panic.",
            |ask| unpadded(ask, &[0xff; 16]),
            Refusal::early_panic,
        ),
        refused(
            "body.loose-padding",
            "The last byte determines the padding; the bytes before it are not checked.",
            |ask| unpadded(ask, b"{\"operator\":\"RETRY\"}           \x0c"),
            task_not_found,
        ),
        refused(
            "body.malformed",
            "A body that does not decrypt to JSON cannot be bound: EOF.",
            |ask| ask.body("garbage"),
            bind_eof,
        ),
        refused(
            "body.no-operator",
            "A body without an operator gets an error that names the missing field.",
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
            "The Content-Type of a body is ignored.",
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
