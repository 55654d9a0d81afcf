//! The header's Uri and Ts.

use super::kinds::{refused, spelled};
use crate::{
    statement::{Statement, statement},
    wording::{bad_timestamp, expired, uri_mismatch, wrong_password},
};

pub(super) fn uri() -> Vec<Statement> {
    vec![
        refused(
            "uri.other-path",
            "Uri must be the requested path.",
            |_, ask| ask.field("Uri", "/api/v1/obproxy"),
            |_| uri_mismatch(),
        ),
        refused(
            "uri.trailing-slash",
            "Uri must not have an additional slash.",
            |p, ask| ask.field("Uri", format!("{}/", p.unknown("dag"))),
            |_| uri_mismatch(),
        ),
        refused(
            "uri.absolute",
            "Uri must not contain scheme and host.",
            |p, ask| ask.field("Uri", format!("http://{}{}", p.agent, p.unknown("dag"))),
            |_| uri_mismatch(),
        ),
        refused(
            "uri.absent",
            "A header without any field is rejected for its Uri.",
            |_, ask| ask.sealed_text("{}"),
            |_| uri_mismatch(),
        ),
        statement(
            "uri.query",
            "Uri contains the query, byte for byte as on the request line.",
            |p| async move {
                p.needs_password()?;
                let path = p.unknown("dag");
                let target = format!("{path}?show_details=tru%65&x=%2f");
                p.header_accepted(&p.get(&target)?).await?;
                for wrong in [
                    path.clone(),
                    format!("{path}?show_details=true&x=%2f"),
                    format!("{path}?show_details=tru%65&x=%2F"),
                    format!("{path}?x=%2f&show_details=tru%65"),
                ] {
                    p.refused(
                        &p.get(&target)?.field("Uri", wrong.as_str()),
                        &uri_mismatch(),
                    )
                    .await
                    .map_err(|miss| miss.when(&wrong))?;
                }
                Ok(())
            },
        ),
    ]
}

pub(super) fn expiry() -> Vec<Statement> {
    vec![
        refused(
            "ts.expired",
            "A Ts in the past is rejected as expired.",
            |p, ask| ask.field("Ts", (p.now() - 10).to_string()),
            |_| expired(),
        ),
        refused(
            "ts.before-password",
            "An expired Ts with a wrong password is reported as expired.",
            |p, ask| {
                ask.field("Ts", (p.now() - 10).to_string())
                    .field("Auth", "no")
            },
            |_| expired(),
        ),
        refused(
            "ts.empty-auth",
            "With an empty Auth, Ts is not checked: the password is wrong.",
            |p, ask| {
                ask.field("Ts", (p.now() - 10).to_string())
                    .field("Auth", "")
            },
            |_| wrong_password(),
        ),
        refused(
            "ts.word",
            "A Ts that is not a number is rejected with Go's message.",
            |_, ask| ask.field("Ts", "abc"),
            |_| bad_timestamp("abc", "invalid syntax"),
        ),
        refused(
            "ts.float",
            "1e12 is no number here.",
            |_, ask| ask.field("Ts", "1e12"),
            |_| bad_timestamp("1e12", "invalid syntax"),
        ),
        refused(
            "ts.empty",
            "An empty Ts is no number.",
            |_, ask| ask.field("Ts", ""),
            |_| bad_timestamp("", "invalid syntax"),
        ),
        refused(
            "ts.absent",
            "No Ts at all is an empty one.",
            |_, ask| ask.without("Ts"),
            |_| bad_timestamp("", "invalid syntax"),
        ),
        refused(
            "ts.too-long",
            "A Ts beyond 64 bits is out of range.",
            |_, ask| ask.field("Ts", "99999999999999999999"),
            |_| bad_timestamp("99999999999999999999", "value out of range"),
        ),
        spelled(
            "ts.milliseconds",
            "Milliseconds count as seconds in the far future: there is no upper bound.",
            |p, ask| ask.field("Ts", (p.now() * 1000).to_string()),
        ),
        spelled("ts.plus", "A Ts with a plus sign is accepted.", |p, ask| {
            ask.field("Ts", format!("+{}", p.now() + 60))
        }),
        spelled(
            "ts.zeros",
            "A Ts with leading zeros is accepted.",
            |p, ask| ask.field("Ts", format!("00{}", p.now() + 60)),
        ),
    ]
}
