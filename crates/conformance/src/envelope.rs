//! The envelope of every answer: order of keys, trace ids, language, framing (protocol: 2.1 to 2.7).

use crate::{
    expect::{at, ensure, is_trace_id, keys, same, text, timestamp},
    statement::{Statement, statement},
    wire::Framing,
    wording::{decrypt_failed, header_not_found},
};

const TRACE: &str = "X-OBSHELL-Trace-ID";

pub(super) fn statements() -> Vec<Statement> {
    let mut all = shape();
    all.extend(traces());
    all.extend(languages());
    all
}

fn shape() -> Vec<Statement> {
    vec![
        statement(
            "envelope.success",
            "A success has successful, timestamp, duration, status, traceId and data, in this order.",
            |p| async move {
                let answer = p.send(&p.get("/api/v1/time")?.open()).await?;
                let envelope = crate::expect::accepted(&answer)?;
                same(
                    "keys",
                    vec![
                        "successful",
                        "timestamp",
                        "duration",
                        "status",
                        "traceId",
                        "data",
                    ],
                    keys(&envelope),
                )?;
                same("status", Some(200), at(&envelope, "/status").as_u64())?;
                ensure(
                    at(&envelope, "/duration").is_u64(),
                    "duration in whole milliseconds",
                    || envelope.to_string(),
                )?;
                timestamp(text(&envelope, "/timestamp")).map(drop)
            },
        ),
        statement(
            "envelope.error",
            "An error has no data on routes that are not obproxy's, and a success has no error.",
            |p| async move {
                let failure = p
                    .send(&p.get("/api/v1/no-such-path")?.open())
                    .await?
                    .json()?;
                same(
                    "keys",
                    vec![
                        "successful",
                        "timestamp",
                        "duration",
                        "status",
                        "traceId",
                        "error",
                    ],
                    keys(&failure),
                )?;
                timestamp(text(&failure, "/timestamp")).map(drop)
            },
        ),
        statement(
            "envelope.compact",
            "The JSON is compact and ends without a line feed.",
            |p| async move {
                let answer = p.send(&p.get("/api/v1/time")?.open()).await?;
                let body = answer.text();
                ensure(
                    body.ends_with("\"}")
                        && body.starts_with("{\"successful\":true,\"timestamp\":\""),
                    "compact JSON",
                    || body.clone(),
                )
            },
        ),
        statement(
            "envelope.escapes",
            "<, > and & are written as \\u003c, \\u003e and \\u0026.",
            |p| async move {
                p.needs_access()?;
                let answer = p.send(&p.get("/api/v1/task/dag/%3C%26%3E")?).await?;
                let body = answer.text();
                ensure(
                    body.contains("\\u003c\\u0026\\u003e") && !body.contains('<'),
                    "\\u003c\\u0026\\u003e in the message",
                    || body.clone(),
                )
            },
        ),
        statement(
            "envelope.length",
            "A short body has a Content-Length.",
            |p| async move {
                let answer = p.send(&p.get("/api/v1/info")?.open()).await?;
                same(
                    "framing",
                    Framing::Length(answer.body.len()),
                    answer.framing,
                )
            },
        ),
        statement(
            "envelope.clock",
            "The timestamp increases, and every time has the agent's zone.",
            |p| async move {
                let ask = p.get("/api/v1/time")?.open();
                let first = p.fetch(&ask).await?;
                let second = p.fetch(&ask).await?;
                let (earlier, later) = (
                    timestamp(text(&first, "/timestamp"))?,
                    timestamp(text(&second, "/timestamp"))?,
                );
                ensure(earlier < later, "a later timestamp", || {
                    format!("{earlier} then {later}")
                })?;
                same(
                    "offset",
                    earlier.offset(),
                    timestamp(text(&second, "/data"))?.offset(),
                )
            },
        ),
    ]
}

fn traces() -> Vec<Statement> {
    vec![
        statement(
            "trace.fresh",
            "Without a trace id in the request, every response has its own, of 16 hexadecimal digits.",
            |p| async move {
                let ask = p.get("/api/v1/time")?.open();
                let first = p.fetch(&ask).await?;
                let second = p.fetch(&ask).await?;
                is_trace_id(text(&first, "/traceId"))?;
                is_trace_id(text(&second, "/traceId"))?;
                ensure(
                    text(&first, "/traceId") != text(&second, "/traceId"),
                    "two different trace ids",
                    || text(&first, "/traceId").to_owned(),
                )
            },
        ),
        statement(
            "trace.echo",
            "X-OBSHELL-Trace-ID is echoed in traceId, whatever its value, and in no header.",
            |p| async move {
                for id in ["my-trace-1", "x"] {
                    let answer = p
                        .send(&p.get("/api/v1/time")?.open().header(TRACE, id))
                        .await?;
                    same("traceId", id, text(&answer.json()?, "/traceId"))?;
                    same("header", None, answer.header(TRACE))?;
                }
                Ok(())
            },
        ),
        statement(
            "trace.echo-error",
            "Errors after the decryption echo the trace id too.",
            |p| async move {
                p.needs_encryption()?;
                for ask in [p.get("/api/v1/no-such-path")?.open(), p.harmless()?.open()] {
                    let answer = p.send(&ask.header(TRACE, "my-trace-2")).await?;
                    same("traceId", "my-trace-2", text(&answer.json()?, "/traceId"))?;
                }
                Ok(())
            },
        ),
        statement(
            "trace.early",
            "The response to a header that cannot be decrypted has an empty trace id.",
            |p| async move {
                p.needs_encryption()?;
                let answer = p
                    .send(&p.harmless()?.verbatim("!!!!").header(TRACE, "my-trace-3"))
                    .await?;
                p.refuses(
                    &answer,
                    &decrypt_failed(&p, "illegal base64 data at input byte 0"),
                    false,
                )
            },
        ),
    ]
}

fn languages() -> Vec<Statement> {
    vec![
        statement(
            "language.chinese",
            "A single Chinese language tag selects Chinese messages: zh-CN, zh, zh_CN, zh-TW, zh-Hans-CN.",
            |p| async move {
                p.needs_version([4, 3, 1, 0])?;
                p.needs_encryption()?;
                for tag in ["zh-CN", "zh", "zh_CN", "zh-TW", "zh-Hans-CN"] {
                    let answer = p.send(&p.harmless()?.open().language(tag)).await?;
                    p.refuses(&answer, &header_not_found(), true)
                        .map_err(|miss| miss.when(tag))?;
                }
                Ok(())
            },
        ),
        statement(
            "language.english",
            "Any other tag, a list of tags, a star and an empty value select English.",
            |p| async move {
                p.needs_encryption()?;
                for tag in ["en-US", "en", "fr", "zh-CN,zh;q=0.9,en;q=0.8", "*", ""] {
                    let answer = p.send(&p.harmless()?.open().language(tag)).await?;
                    p.refuses(&answer, &header_not_found(), false)
                        .map_err(|miss| miss.when(tag))?;
                }
                Ok(())
            },
        ),
    ]
}
