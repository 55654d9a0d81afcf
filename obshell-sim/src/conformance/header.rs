//! The sealed header: how it may be spelled, and each way in which it is refused (obshell: 1.2 to 1.5, 1.7, 1.9).

use super::{
    ask::{AGENT_HEADER, Ask, OCEANBASE_HEADER},
    expect::{Miss, Refusal},
    probe::Probe,
    statement::{Statement, statement},
};

/// A list that every agent has; under the general rule.
const LIST: &str = "/api/v1/task/dag/agent/unfinish";

pub(super) fn statements() -> Vec<Statement> {
    let mut all = spelling();
    all.extend(unreadable());
    all.extend(missing());
    all.extend(uri());
    all.extend(expiry());
    all.extend(password());
    all.extend(obproxy_rule());
    all
}

/// A header that could not be decrypted, for the given reason.
pub(super) fn decrypt_failed(probe: &Probe, why: &str) -> Refusal {
    let refusal = Refusal::new(
        401,
        "Security.Authentication.Header.DecryptFailed",
        format!("Decrypt http header failed: {why}"),
    )
    .zh(format!("解密 HTTP 请求头失败：{why}"))
    .old_verification("header decrypt failed")
    .early();
    // The numeric code came with 4.4.2.0; before it there was the one of all such errors.
    if probe.needs_version([4, 4, 2, 0]).is_ok() {
        refusal.code(1)
    } else {
        refusal.code(10008)
    }
}

pub(super) fn header_not_found() -> Refusal {
    Refusal::new(
        400,
        "Request.Header.NotFound",
        "X-OCS-Agent-Header or X-OCS-Header not found in http request header",
    )
    .zh("HTTP 请求头中未找到 X-OCS-Agent-Header 或 X-OCS-Header")
    .old_verification("header not found")
}

pub(super) fn uri_mismatch() -> Refusal {
    Refusal::unauthorized("Security.Authentication.Header.UriMismatch", "URI mismatch")
        .zh("URI 不匹配")
        .old_verification("uri mismatch")
}

pub(super) fn expired() -> Refusal {
    Refusal::unauthorized(
        "Security.Authentication.Expired",
        "Unauthorized: Authentication expired",
    )
    .zh("认证失败: 认证信息已过期")
    .old_verification("auth expired")
}

pub(super) fn wrong_password() -> Refusal {
    Refusal::unauthorized(
        "Security.Authentication.IncorrectAgentPassword",
        "Unauthorized: Agent password is incorrect",
    )
    .zh("认证失败: agent 密码不正确")
    .old_verification("access denied: agent password is incorrect")
}

pub(super) fn bad_timestamp(text: &str, reason: &str) -> Refusal {
    let why = format!("strconv.ParseInt: parsing {text:?}: {reason}");
    Refusal::unauthorized(
        "Security.Authentication.Timestamp.Invalid",
        format!("Unauthorized: Invalid timestamp: {text}, err: {why}"),
    )
    .zh(format!("认证失败: 无效的时间戳：{text}，错误：{why}"))
    .old_verification(&why)
}

/// The other header where only the agent password counts.
pub(super) fn only_agent_password() -> Refusal {
    with_agent_password("this route only support agent password")
        .old_verification("Please use agent password to verify")
}

fn with_agent_password(why: &str) -> Refusal {
    Refusal::unauthorized(
        "Security.Authentication.WithAgentPassword",
        format!("Unauthorized: Should use agent_password to verify: {why}"),
    )
    .zh(format!("认证失败: 应该使用 agent_password 进行验证：{why}"))
}

/// A question to an obproxy route that can do no harm: adding an ODP without saying which is refused.
pub(super) fn add_nothing(probe: &Probe) -> Result<Ask, Miss> {
    probe.ask("POST", "/api/v1/obproxy")
}

pub(super) fn home_path_required() -> Refusal {
    Refusal::new(
        400,
        "Common.BindJsonFailed",
        "Bind JSON failed: Key: 'AddObproxyParam.HomePath' Error:Field validation for 'HomePath' failed on the 'required' tag",
    )
    .zh("绑定 JSON 失败：Key: 'AddObproxyParam.HomePath' Error:Field validation for 'HomePath' failed on the 'required' tag")
    .old_start(400, 1001, "Illegal argument: ")
}

/// A statement that some spelling of the header is accepted.
fn spelled(id: &'static str, fact: &'static str, change: fn(&Probe, Ask) -> Ask) -> Statement {
    statement(id, fact, move |p| async move {
        p.header_accepted(&change(&p, p.harmless()?)).await
    })
}

/// A statement that some header is refused when a task is asked for.
fn refused(
    id: &'static str,
    fact: &'static str,
    change: fn(&Probe, Ask) -> Ask,
    refusal: fn(&Probe) -> Refusal,
) -> Statement {
    statement(id, fact, move |p| async move {
        p.needs_password()?;
        p.refused(&change(&p, p.harmless()?), &refusal(&p)).await
    })
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
            "Blocks of 53 bytes, as both SDKs make them, are accepted whatever the key's size.",
            |_, ask| ask.chunked_by(53),
        ),
        spelled(
            "header.chunk-any",
            "The fill of the blocks does not matter: 7 bytes in each are accepted.",
            |_, ask| ask.chunked_by(7),
        ),
        spelled(
            "header.lower-case",
            "Field names are matched whatever their case: auth, ts, uri, keys.",
            |_, ask| ask.rename(str::to_lowercase),
        ),
        spelled(
            "header.upper-case",
            "Field names are matched whatever their case: AUTH, TS, URI, KEYS.",
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
            "Bytes behind the JSON object are ignored.",
            |_, ask| ask.followed_by(" and more"),
        ),
        spelled(
            "header.no-keys",
            "Keys may be absent when there is no body.",
            |_, ask| ask.without("Keys"),
        ),
        spelled(
            "header.null-keys",
            "Keys may be null when there is no body.",
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
            "With both headers the agent header counts; the other one is not even decrypted.",
            |_, ask| ask.header(OCEANBASE_HEADER, "!!!!"),
        ),
        statement(
            "header.empty-is-absent",
            "An empty agent header counts as absent: the other header is looked at.",
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
            "One sealed header works again and again until its Ts.",
            |p| async move {
                p.needs_password()?;
                let request = p.harmless()?.render(&p.key, true)?;
                for _ in 0..3 {
                    let answer = super::wire::exchange(&p.agent, &request).await?;
                    p.refuses(&answer, &super::probe::task_not_found(), false)?;
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
            "A header that is not base64 is refused with the place of the first bad byte.",
            |_, ask| ask.verbatim("AAAA!AAA"),
            |p| decrypt_failed(p, "illegal base64 data at input byte 4"),
        ),
        refused(
            "decrypt.short",
            "Base64 of the wrong length is an RSA error.",
            |_, ask| ask.verbatim("YWJj"),
            |p| decrypt_failed(p, "crypto/rsa: decryption error"),
        ),
        refused(
            "decrypt.other-key",
            "A header sealed with another key is an RSA error.",
            |_, ask| ask.with_foreign_key(),
            |p| decrypt_failed(p, "crypto/rsa: decryption error"),
        ),
        refused(
            "decrypt.not-json",
            "A header that decrypts to something else than JSON is refused with Go's words.",
            |_, ask| ask.sealed_text("hello"),
            |p| decrypt_failed(p, "invalid character 'h' looking for beginning of value"),
        ),
        refused(
            "decrypt.empty",
            "A header that decrypts to nothing is refused with EOF.",
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
            "X-OCS-Header is decrypted too, and refused the same way.",
            |_, ask| ask.in_header(OCEANBASE_HEADER).verbatim("!!!!"),
            |p| decrypt_failed(p, "illegal base64 data at input byte 0"),
        ),
    ]
}

fn missing() -> Vec<Statement> {
    vec![
        statement(
            "missing.task",
            "A task route without a header answers 400.",
            |p| async move {
                p.needs_encryption()?;
                p.refused(&p.harmless()?.open(), &header_not_found()).await
            },
        ),
        statement(
            "missing.list",
            "A list route without a header answers 400, whether a password is set or not.",
            |p| async move {
                p.needs_encryption()?;
                p.refused(&p.get(LIST)?.open(), &header_not_found()).await
            },
        ),
        statement(
            "missing.obproxy",
            "An obproxy route without a header answers 400.",
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
            "X-OCS-Header on an obproxy route: the same 400 as none at all.",
            |p| async move {
                p.needs_encryption()?;
                let refusal = header_not_found().old_verification("aegnt header not found");
                p.refused(&add_nothing(&p)?.in_header(OCEANBASE_HEADER), &refusal)
                    .await
            },
        ),
        statement(
            "kind.task",
            "X-OCS-Header on a 4… or 5… task: only the agent password is supported.",
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
            "X-OCS-Header on a list of a SINGLE agent with a password is refused.",
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
            "X-OCS-Header on a list of a CLUSTER AGENT that has an agent but no OceanBase password is refused.",
            |p| async move {
                p.needs_password()?;
                p.needs_identity("CLUSTER AGENT")?;
                let ask = p.get(LIST)?.in_header(OCEANBASE_HEADER);
                if super::expect::text(&p.send(&ask).await?.json()?, "/error/errCode")
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

fn uri() -> Vec<Statement> {
    vec![
        refused(
            "uri.other-path",
            "Uri must be the path that was asked for.",
            |_, ask| ask.field("Uri", "/api/v1/obproxy"),
            |_| uri_mismatch(),
        ),
        refused(
            "uri.trailing-slash",
            "Uri must not have a slash more.",
            |p, ask| ask.field("Uri", format!("{}/", p.unknown("dag"))),
            |_| uri_mismatch(),
        ),
        refused(
            "uri.absolute",
            "Uri must not have scheme and host.",
            |p, ask| ask.field("Uri", format!("http://{}{}", p.agent, p.unknown("dag"))),
            |_| uri_mismatch(),
        ),
        refused(
            "uri.absent",
            "A header without any field fails at its Uri.",
            |_, ask| ask.sealed_text("{}"),
            |_| uri_mismatch(),
        ),
        statement(
            "uri.query",
            "Uri holds the query, byte for byte as on the request line.",
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

fn expiry() -> Vec<Statement> {
    vec![
        refused(
            "ts.expired",
            "A Ts in the past is refused as expired.",
            |p, ask| ask.field("Ts", (p.now() - 10).to_string()),
            |_| expired(),
        ),
        refused(
            "ts.before-password",
            "An expired Ts with a wrong password is told as expired.",
            |p, ask| {
                ask.field("Ts", (p.now() - 10).to_string())
                    .field("Auth", "no")
            },
            |_| expired(),
        ),
        refused(
            "ts.empty-auth",
            "With an empty Auth the Ts is not looked at: the password is wrong.",
            |p, ask| {
                ask.field("Ts", (p.now() - 10).to_string())
                    .field("Auth", "")
            },
            |_| wrong_password(),
        ),
        refused(
            "ts.word",
            "A Ts that is no number is refused with Go's words.",
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
            "Milliseconds are taken for a far future: there is no upper bound.",
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

fn password() -> Vec<Statement> {
    vec![
        refused(
            "password.wrong",
            "A wrong agent password is refused.",
            |_, ask| ask.field("Auth", "not the password"),
            |_| wrong_password(),
        ),
        refused(
            "password.empty",
            "An empty password is a wrong one.",
            |_, ask| ask.field("Auth", ""),
            |_| wrong_password(),
        ),
        refused(
            "password.absent",
            "No password at all is a wrong one.",
            |_, ask| ask.without("Auth"),
            |_| wrong_password(),
        ),
        statement(
            "password.wrong-list",
            "A wrong agent password is refused on lists too.",
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
            "On a SINGLE agent's lists the Auth may also be the RSA-encrypted password.",
            |p| async move {
                p.needs_password()?;
                p.needs_identity("SINGLE")?;
                let auth = p.key.seal(p.password.as_bytes(), p.key.room())?;
                p.fetch(&p.get(LIST)?.field("Auth", auth)).await.map(drop)
            },
        ),
        statement(
            "password.sealed-task",
            "On ODP tasks and obproxy routes it may not.",
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
            "Without an agent password obproxy routes are refused.",
            |p| async move {
                p.needs_no_password()?;
                p.refused(&add_nothing(&p)?, &not_initialized()).await
            },
        ),
        statement(
            "password.unset-task",
            "Without an agent password ODP tasks are refused, before Ts and Auth are looked at.",
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
            "Without an agent password a wrong Uri is still told first.",
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
            "Without an agent password lists take any readable header with the right Uri, whatever its Ts.",
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
            "/info tells in security whether a password is set: what asks for one is refused or not accordingly.",
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

fn not_initialized() -> Refusal {
    Refusal::unauthorized(
        "Security.Authentication.AgentPasswordNotInitialized",
        "Unauthorized: Agent password is not initialized",
    )
    .zh("认证失败: agent 密码未初始化")
    .old_verification("agent password is not initialized")
}

/// A statement that an obproxy route refuses some header. It asks for the addition of nothing.
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

fn obproxy_rule() -> Vec<Statement> {
    vec![
        obproxy_refused(
            "obproxy.accepted",
            "An obproxy route with the agent password is served: a missing home_path is noticed.",
            |_, ask| ask,
            |_| home_path_required(),
        ),
        obproxy_refused(
            "obproxy.wrong-password",
            "An obproxy route refuses a wrong password.",
            |_, ask| ask.field("Auth", "no"),
            |_| wrong_password(),
        ),
        obproxy_refused(
            "obproxy.expired",
            "An obproxy route refuses an expired Ts, before it looks at the password.",
            |p, ask| {
                ask.field("Ts", (p.now() - 10).to_string())
                    .field("Auth", "no")
            },
            |_| expired(),
        ),
        obproxy_refused(
            "obproxy.uri",
            "An obproxy route refuses a wrong Uri, before it looks at Ts.",
            |_, ask| ask.field("Uri", "/").field("Ts", "abc"),
            |_| uri_mismatch(),
        ),
        obproxy_refused(
            "obproxy.kind-before-uri",
            "The kind of the header is judged before its Uri on obproxy routes.",
            |_, ask| ask.in_header(OCEANBASE_HEADER).field("Uri", "/"),
            |_| header_not_found().old_verification("aegnt header not found"),
        ),
    ]
}
