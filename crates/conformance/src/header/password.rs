//! The password, and the behaviour of the obproxy routes.

use super::kinds::{LIST, add_nothing, refused};
use crate::{
    ask::{Ask, OCEANBASE_HEADER},
    probe::Probe,
    refusal::Refusal,
    statement::{Statement, statement},
    wording::{
        expired, header_not_found, home_path_required, not_initialized, uri_mismatch,
        wrong_password,
    },
};

pub(super) fn password() -> Vec<Statement> {
    vec![
        refused(
            "password.wrong",
            "A wrong agent password is rejected.",
            |_, ask| ask.field("Auth", "not the password"),
            |_| wrong_password(),
        ),
        refused(
            "password.empty",
            "An empty password counts as a wrong password.",
            |_, ask| ask.field("Auth", ""),
            |_| wrong_password(),
        ),
        refused(
            "password.absent",
            "A missing password counts as a wrong password.",
            |_, ask| ask.without("Auth"),
            |_| wrong_password(),
        ),
        statement(
            "password.wrong-list",
            "Lists also reject a wrong agent password.",
            |p| async move {
                p.needs_password()?;
                p.refused(
                    &p.get(LIST)?.field("Auth", "not the password"),
                    &wrong_password(),
                )
                .await
            },
        ),
        statement(
            "password.sealed-list",
            "On lists of a SINGLE agent, Auth may also be the RSA-encrypted password.",
            |p| async move {
                p.needs_password()?;
                p.needs_identity("SINGLE")?;
                let auth = p.key.seal(p.password.as_bytes(), p.key.room())?;
                p.fetch(&p.get(LIST)?.field("Auth", auth)).await.map(drop)
            },
        ),
        statement(
            "password.sealed-task",
            "On ODP tasks and obproxy routes, Auth may not be the RSA-encrypted password.",
            |p| async move {
                p.needs_password()?;
                let auth = p.key.seal(p.password.as_bytes(), p.key.room())?;
                p.refused(
                    &p.harmless()?.field("Auth", auth.as_str()),
                    &wrong_password(),
                )
                .await?;
                p.refused(
                    &add_nothing(&p)?.field("Auth", auth.as_str()),
                    &wrong_password(),
                )
                .await
            },
        ),
        statement(
            "password.unset-obproxy",
            "Without an agent password, obproxy routes are rejected.",
            |p| async move {
                p.needs_no_password()?;
                p.refused(&add_nothing(&p)?, &not_initialized()).await
            },
        ),
        statement(
            "password.unset-task",
            "Without an agent password, ODP tasks are rejected before Ts and Auth are checked.",
            |p| async move {
                p.needs_no_password()?;
                p.refused(&p.harmless()?, &not_initialized()).await?;
                p.refused(&p.harmless()?.field("Ts", "abc"), &not_initialized())
                    .await?;
                p.refused(
                    &p.harmless()?.field("Auth", "").field("Ts", "1"),
                    &not_initialized(),
                )
                .await
            },
        ),
        statement(
            "password.unset-uri",
            "Without an agent password, a wrong Uri is still reported first.",
            |p| async move {
                p.needs_no_password()?;
                p.refused(&p.harmless()?.field("Uri", "/elsewhere"), &uri_mismatch())
                    .await?;
                p.refused(
                    &add_nothing(&p)?.field("Uri", "/elsewhere"),
                    &uri_mismatch(),
                )
                .await
            },
        ),
        statement(
            "password.unset-list",
            "Without an agent password, lists accept any readable header with the right Uri, whatever its Ts.",
            |p| async move {
                p.needs_no_password()?;
                p.needs_identity("SINGLE")?;
                for ask in [
                    p.get(LIST)?.field("Auth", "any").field("Ts", "1"),
                    p.get(LIST)?.field("Ts", "abc").in_header(OCEANBASE_HEADER),
                ] {
                    p.fetch(&ask).await?;
                }
                p.refused(&p.get(LIST)?.field("Uri", "/elsewhere"), &uri_mismatch())
                    .await
            },
        ),
        statement(
            "password.info",
            "security in /info states whether a password is set; routes that require one behave accordingly.",
            |p| async move {
                p.needs_encryption()?;
                let answer = p.send(&p.harmless()?.field("Auth", "")).await?;
                let refusal = if p.security() {
                    wrong_password()
                } else {
                    not_initialized()
                };
                p.refuses(&answer, &refusal, false)
            },
        ),
    ]
}

/// A statement that an obproxy route refuses a header. The request would add an ODP without its
/// parameters.
fn obproxy_refused(
    id: &'static str,
    fact: &'static str,
    change: fn(&Probe, Ask) -> Ask,
    refusal: fn(&Probe) -> Refusal,
) -> Statement {
    statement(id, fact, move |p| async move {
        p.needs_password()?;
        p.refused(&change(&p, add_nothing(&p)?), &refusal(&p)).await
    })
}

pub(super) fn obproxy_rule() -> Vec<Statement> {
    vec![
        obproxy_refused(
            "obproxy.accepted",
            "An obproxy route accepts the agent password: it reports a missing home_path.",
            |_, ask| ask,
            |_| home_path_required(),
        ),
        obproxy_refused(
            "obproxy.wrong-password",
            "An obproxy route rejects a wrong password.",
            |_, ask| ask.field("Auth", "no"),
            |_| wrong_password(),
        ),
        obproxy_refused(
            "obproxy.expired",
            "An obproxy route rejects an expired Ts before it checks the password.",
            |p, ask| {
                ask.field("Ts", (p.now() - 10).to_string())
                    .field("Auth", "no")
            },
            |_| expired(),
        ),
        obproxy_refused(
            "obproxy.uri",
            "An obproxy route rejects a wrong Uri before it checks Ts.",
            |_, ask| ask.field("Uri", "/").field("Ts", "abc"),
            |_| uri_mismatch(),
        ),
        obproxy_refused(
            "obproxy.kind-before-uri",
            "On obproxy routes the kind of the header is checked before its Uri.",
            |_, ask| ask.in_header(OCEANBASE_HEADER).field("Uri", "/"),
            |_| header_not_found().old_verification("aegnt header not found"),
        ),
    ]
}
