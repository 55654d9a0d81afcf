//! Sessions of a CLUSTER AGENT, and agents built without encryption (protocol: 1.8, 1.10, 12.4).

use crate::{
    ask::OCEANBASE_HEADER,
    expect::{at, ensure, text},
    header::kinds::add_nothing,
    miss::{Check, Miss},
    probe::Probe,
    refusal::Refusal,
    statement::{Statement, statement},
    wording::{
        header_not_found, home_path_required, session_expired, session_invalid, task_not_found,
        wrong_password,
    },
};

const LOGIN: &str = "/api/v1/login";

pub(super) fn statements() -> Vec<Statement> {
    let mut all = sessions();
    all.extend(without_encryption());
    all
}

fn needs_sessions(probe: &Probe) -> Check {
    probe.needs_version([4, 4, 0, 0])?;
    probe.needs_password()?;
    probe.needs_identity("CLUSTER AGENT")
}

/// A session id that does not exist.
fn unknown() -> String {
    "0".repeat(64)
}

/// Logs in; returns the session id.
async fn login(probe: &Probe) -> Result<String, Miss> {
    probe.needs_destroy()?;
    needs_sessions(probe)?;
    let ask = probe.ask("POST", LOGIN)?;
    let envelope = probe.fetch(&ask).await?;
    let sealed = text(&envelope, "/data");
    let opened = ask
        .keys
        .open(sealed)
        .and_then(|bytes| String::from_utf8(bytes).ok());
    opened.ok_or_else(|| {
        Miss::fail(
            "a session id encrypted with the request's Keys",
            envelope.to_string(),
        )
    })
}

fn sessions() -> Vec<Statement> {
    vec![
        statement(
            "session.unknown",
            "An unknown session is rejected although the password is right: the password is not checked.",
            |p| async move {
                needs_sessions(&p)?;
                p.refused(
                    &p.harmless()?.field("session_id", unknown()),
                    &session_invalid(),
                )
                .await
            },
        ),
        statement(
            "session.ts",
            "With a session, any invalid Ts is reported as expired.",
            |p| async move {
                needs_sessions(&p)?;
                for ts in ["1", "abc", ""] {
                    let ask = p.harmless()?.field("session_id", unknown()).field("Ts", ts);
                    p.refused(&ask, &session_expired())
                        .await
                        .map_err(|miss| miss.when(&format!("Ts {ts:?}")))?;
                }
                Ok(())
            },
        ),
        statement(
            "session.name",
            "The field is session_id: Session_ID is the same field, SessionID is not.",
            |p| async move {
                needs_sessions(&p)?;
                p.refused(
                    &p.harmless()?.field("Session_ID", unknown()),
                    &session_invalid(),
                )
                .await?;
                p.header_accepted(&p.harmless()?.field("SessionID", unknown()))
                    .await
            },
        ),
        statement(
            "session.obproxy-header",
            "On obproxy routes the agent header is required before the session is checked.",
            |p| async move {
                needs_sessions(&p)?;
                let ask = add_nothing(&p)?
                    .field("session_id", unknown())
                    .in_header(OCEANBASE_HEADER);
                p.refused(&ask, &header_not_found()).await
            },
        ),
        statement(
            "session.single",
            "A SINGLE agent has no sessions: the password decides.",
            |p| async move {
                p.needs_version([4, 4, 0, 0])?;
                p.needs_password()?;
                p.needs_identity("SINGLE")?;
                p.header_accepted(&p.harmless()?.field("session_id", unknown()))
                    .await?;
                p.refused(
                    &p.harmless()?
                        .field("session_id", unknown())
                        .field("Auth", "no"),
                    &wrong_password(),
                )
                .await
            },
        ),
        statement(
            "session.login",
            "A login returns 64 hexadecimal digits, encrypted with the request's Keys.",
            |p| async move {
                let id = login(&p).await?;
                ensure(
                    id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit()),
                    "64 hexadecimal digits",
                    || format!("{} characters", id.len()),
                )
            },
        ),
        statement(
            "session.use",
            "A session is accepted for ODP tasks in either header, and for obproxy routes in the agent header, without a password.",
            |p| async move {
                let id = login(&p).await?;
                let with =
                    |ask: crate::ask::Ask| ask.without("Auth").field("session_id", id.as_str());
                p.refused(&with(p.harmless()?), &task_not_found()).await?;
                p.refused(
                    &with(p.harmless()?.in_header(OCEANBASE_HEADER)),
                    &task_not_found(),
                )
                .await?;
                p.refused(&with(add_nothing(&p)?), &home_path_required())
                    .await?;
                p.refused(
                    &with(add_nothing(&p)?.in_header(OCEANBASE_HEADER)),
                    &header_not_found(),
                )
                .await
            },
        ),
        statement(
            "session.login-keys",
            "A login without Keys gets a 500 without the word Unauthorized.",
            |p| async move {
                p.needs_destroy()?;
                needs_sessions(&p)?;
                let answer = p.send(&p.ask("POST", LOGIN)?.without("Keys")).await?;
                let refusal = Refusal::new(
                    500,
                    "Request.Body.Decrypt.AES.KeyAndIv.Invalid",
                    "AES key and IV size error",
                );
                p.refuses(&answer, &refusal, false)
            },
        ),
        statement(
            "session.routes",
            "/login and /logout are routes that require a header.",
            |p| async move {
                p.needs_version([4, 4, 0, 0])?;
                p.needs_encryption()?;
                p.refused(&p.ask("POST", LOGIN)?.open(), &header_not_found())
                    .await?;
                p.refused(
                    &p.ask("POST", "/api/v1/logout")?.open(),
                    &header_not_found(),
                )
                .await
            },
        ),
        statement(
            "session.login-password",
            "A login with a wrong password is rejected.",
            |p| async move {
                needs_sessions(&p)?;
                p.refused(
                    &p.ask("POST", LOGIN)?.field("Auth", "no"),
                    &wrong_password(),
                )
                .await
            },
        ),
    ]
}

fn needs_no_encryption(probe: &Probe) -> Check {
    if probe.encryption {
        Err(Miss::not_applicable("built with encryption"))
    } else {
        Ok(())
    }
}

fn without_encryption() -> Vec<Statement> {
    vec![
        statement(
            "plain.no-header",
            "An agent built without encryption requires no header, even on obproxy routes.",
            |p| async move {
                needs_no_encryption(&p)?;
                p.refused(&p.harmless()?.open(), &task_not_found()).await?;
                p.refused(&add_nothing(&p)?.open(), &home_path_required())
                    .await
            },
        ),
        statement(
            "plain.bad-header",
            "An agent built without encryption ignores invalid headers.",
            |p| async move {
                needs_no_encryption(&p)?;
                p.refused(&p.harmless()?.verbatim("!!!!"), &task_not_found())
                    .await?;
                p.fetch(&p.get("/api/v1/info")?.verbatim("!!!!"))
                    .await
                    .map(drop)
            },
        ),
        statement(
            "plain.body",
            "An agent built without encryption accepts plain JSON bodies.",
            |p| async move {
                needs_no_encryption(&p)?;
                let ask = p
                    .ask("POST", &p.unknown("dag"))?
                    .open()
                    .verbatim_body(r#"{"operator":"RETRY"}"#);
                p.refused(&ask, &task_not_found()).await
            },
        ),
        statement(
            "plain.secret",
            "An agent built without encryption still returns a public key.",
            |p| async move {
                needs_no_encryption(&p)?;
                let secret = p.data("/api/v1/secret").await?;
                crate::seal::PublicKey::parse(text(&secret, "/public_key"))?;
                ensure(at(&secret, "/port").is_u64(), "a port", || {
                    secret.to_string()
                })
            },
        ),
    ]
}
