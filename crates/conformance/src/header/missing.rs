//! No header, or one of the wrong kind.

use super::kinds::{LIST, add_nothing};
use crate::{
    ask::OCEANBASE_HEADER,
    expect::text,
    miss::Miss,
    statement::{Statement, statement},
    wording::{header_not_found, only_agent_password, with_agent_password},
};

pub(super) fn missing() -> Vec<Statement> {
    vec![
        statement(
            "missing.task",
            "A task route without a header returns 400.",
            |p| async move {
                p.needs_encryption()?;
                p.refused(&p.harmless()?.open(), &header_not_found()).await
            },
        ),
        statement(
            "missing.list",
            "A list route without a header returns 400, whether a password is set or not.",
            |p| async move {
                p.needs_encryption()?;
                p.refused(&p.get(LIST)?.open(), &header_not_found()).await
            },
        ),
        statement(
            "missing.obproxy",
            "An obproxy route without a header returns 400.",
            |p| async move {
                p.needs_encryption()?;
                p.refused(&add_nothing(&p)?.open(), &header_not_found())
                    .await
            },
        ),
        statement(
            "missing.empty",
            "An empty header is no header.",
            |p| async move {
                p.needs_encryption()?;
                p.refused(&p.harmless()?.verbatim(""), &header_not_found())
                    .await
            },
        ),
        statement(
            "kind.obproxy",
            "X-OCS-Header on an obproxy route gets the same 400 as no header.",
            |p| async move {
                p.needs_encryption()?;
                let refusal = header_not_found().old_verification("aegnt header not found");
                p.refused(&add_nothing(&p)?.in_header(OCEANBASE_HEADER), &refusal)
                    .await
            },
        ),
        statement(
            "kind.task",
            "X-OCS-Header on a 4… or 5… task is rejected: only the agent password is supported.",
            |p| async move {
                p.needs_encryption()?;
                p.refused(
                    &p.harmless()?.in_header(OCEANBASE_HEADER),
                    &only_agent_password(),
                )
                .await
            },
        ),
        statement(
            "kind.list",
            "X-OCS-Header on a list of a SINGLE agent with a password is rejected.",
            |p| async move {
                p.needs_password()?;
                p.needs_identity("SINGLE")?;
                let refusal = with_agent_password("agent password has been set")
                    .old_verification("agent password has been set, use agent password to verify");
                p.refused(&p.get(LIST)?.in_header(OCEANBASE_HEADER), &refusal)
                    .await
            },
        ),
        statement(
            "kind.list-cluster",
            "X-OCS-Header on a list of a CLUSTER AGENT with an agent password but no OceanBase password is rejected.",
            |p| async move {
                p.needs_password()?;
                p.needs_identity("CLUSTER AGENT")?;
                let ask = p.get(LIST)?.in_header(OCEANBASE_HEADER);
                if text(&p.send(&ask).await?.json()?, "/error/errCode")
                    .ends_with("IncorrectOceanbasePassword")
                {
                    return Err(Miss::not_applicable("OceanBase has a password"));
                }
                p.refused(
                    &ask,
                    &with_agent_password("oceanbase password is not initialized"),
                )
                .await
            },
        ),
    ]
}
