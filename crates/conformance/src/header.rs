//! The sealed header: its accepted spellings, and each way in which it is refused (protocol: 1.2 to
//! 1.5, 1.7, 1.9).

use crate::{
    ask::{AGENT_HEADER, OCEANBASE_HEADER},
    header::kinds::{refused, spelled},
    header::password::{obproxy_rule, password},
    header::validity::{expiry, uri},
    statement::{Statement, statement},
    wording::{decrypt_failed, only_agent_password, task_not_found},
};

pub(crate) mod kinds;
mod missing;
mod password;
mod validity;

pub(super) fn statements() -> Vec<Statement> {
    let mut all = spelling();
    all.extend(unreadable());
    all.extend(missing::missing());
    all.extend(uri());
    all.extend(expiry());
    all.extend(password());
    all.extend(obproxy_rule());
    all
}

fn capitalised(name: &str) -> String {
    name.to_uppercase()
}

fn spelling() -> Vec<Statement> {
    vec![
        spelled(
            "header.plain",
            "Auth, Ts, Uri and Keys, sealed in blocks of modulus bytes minus 11, are accepted.",
            |_, ask| ask,
        ),
        spelled(
            "header.chunk-53",
            "Blocks of 53 bytes, as both SDKs send them, are accepted for every key size.",
            |_, ask| ask.chunked_by(53),
        ),
        spelled(
            "header.chunk-any",
            "The number of bytes in a block does not matter: 7 bytes in each are accepted.",
            |_, ask| ask.chunked_by(7),
        ),
        spelled(
            "header.lower-case",
            "Field names match in any letter case: auth, ts, uri, keys.",
            |_, ask| ask.rename(str::to_lowercase),
        ),
        spelled(
            "header.upper-case",
            "Field names match in any letter case: AUTH, TS, URI, KEYS.",
            |_, ask| ask.rename(capitalised),
        ),
        spelled(
            "header.extra-fields",
            "Unknown fields are ignored.",
            |_, ask| {
                ask.field("Colour", "blue")
                    .field("Nested", serde_json::json!({"a": [1]}))
            },
        ),
        spelled(
            "header.trailing",
            "Bytes after the JSON object are ignored.",
            |_, ask| ask.followed_by(" and more"),
        ),
        spelled(
            "header.no-keys",
            "Keys may be absent if there is no body.",
            |_, ask| ask.without("Keys"),
        ),
        spelled(
            "header.null-keys",
            "Keys may be null if there is no body.",
            |_, ask| ask.field("Keys", serde_json::Value::Null),
        ),
        spelled(
            "header.array-keys",
            "Keys may be an array of 32 numbers.",
            |_, ask| {
                let numbers = ask.keys.bytes().to_vec();
                ask.field("Keys", numbers)
            },
        ),
        spelled(
            "header.both",
            "With both headers, the agent header counts; the other header is not even decrypted.",
            |_, ask| ask.header(OCEANBASE_HEADER, "!!!!"),
        ),
        statement(
            "header.empty-is-absent",
            "An empty agent header counts as absent: the other header counts.",
            |p| async move {
                p.needs_password()?;
                let ask = p
                    .harmless()?
                    .in_header(OCEANBASE_HEADER)
                    .header(AGENT_HEADER, "");
                p.refused(&ask, &only_agent_password()).await
            },
        ),
        statement(
            "header.replay",
            "A sealed header can be reused until its Ts.",
            |p| async move {
                p.needs_password()?;
                let request = p.harmless()?.render(&p.key, true)?;
                for _ in 0..3 {
                    let answer = crate::wire::exchange(&p.agent, &request).await?;
                    p.refuses(&answer, &task_not_found(), false)?;
                }
                Ok(())
            },
        ),
    ]
}

fn unreadable() -> Vec<Statement> {
    vec![
        refused(
            "decrypt.not-base64",
            "A header that is not base64 is rejected with the position of the first bad byte.",
            |_, ask| ask.verbatim("AAAA!AAA"),
            |p| decrypt_failed(p, "illegal base64 data at input byte 4"),
        ),
        refused(
            "decrypt.short",
            "Base64 of the wrong length causes an RSA error.",
            |_, ask| ask.verbatim("YWJj"),
            |p| decrypt_failed(p, "crypto/rsa: decryption error"),
        ),
        refused(
            "decrypt.other-key",
            "A header sealed with another key causes an RSA error.",
            |_, ask| ask.with_foreign_key(),
            |p| decrypt_failed(p, "crypto/rsa: decryption error"),
        ),
        refused(
            "decrypt.not-json",
            "A header that does not decrypt to JSON is rejected with Go's message.",
            |_, ask| ask.sealed_text("hello"),
            |p| decrypt_failed(p, "invalid character 'h' looking for beginning of value"),
        ),
        refused(
            "decrypt.empty",
            "A header that decrypts to nothing is rejected with EOF.",
            |_, ask| ask.sealed_text(""),
            |p| decrypt_failed(p, "EOF"),
        ),
        refused(
            "decrypt.ts-number",
            "Ts must be a string: a number cannot be decoded.",
            |p, ask| ask.field("Ts", p.now() + 60),
            |p| {
                decrypt_failed(
                    p,
                    "json: cannot unmarshal number into Go struct field HttpHeader.Ts of type string",
                )
            },
        ),
        refused(
            "decrypt.keys-not-base64",
            "Keys that are not base64 cannot be decoded.",
            |_, ask| ask.field("Keys", "!!!!"),
            |p| decrypt_failed(p, "illegal base64 data at input byte 0"),
        ),
        refused(
            "decrypt.in-other-header",
            "X-OCS-Header is also decrypted, and rejected in the same way.",
            |_, ask| ask.in_header(OCEANBASE_HEADER).verbatim("!!!!"),
            |p| decrypt_failed(p, "illegal base64 data at input byte 0"),
        ),
    ]
}
