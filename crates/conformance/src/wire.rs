//! HTTP/1.1 over a bare TCP stream.
//!
//! A client library would hide details that matter here: raw targets, empty header values, the
//! framing of an answer, and extra bytes.

use std::{fmt, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::miss::Miss;

/// The time limit of one exchange. An agent that forwards a request to another address waits for
/// its answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request in wire form, without `Host`, `Connection` and `Content-Length`.
#[derive(Debug, Clone)]
pub(super) struct RawRequest {
    pub method: String,
    /// The request target, byte for byte.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
}

/// How the end of an answer's body is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// `Content-Length`, in bytes.
    Length(usize),
    Chunked,
    /// Neither header is present.
    Unmarked,
}

impl fmt::Display for Framing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(bytes) => write!(f, "Content-Length: {bytes}"),
            Self::Chunked => f.write_str("chunked"),
            Self::Unmarked => f.write_str("neither Content-Length nor chunked"),
        }
    }
}

/// One answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub framing: Framing,
    /// The decoded body: for an unmarked one everything up to the end of the connection.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first value of a header, whatever the case of its name.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub(super) fn json(&self) -> Result<Value, Miss> {
        serde_json::from_slice(&self.body).map_err(|_| {
            Miss::fail(
                "a JSON body",
                format!("{} {}", self.status, brief(&self.text())),
            )
        })
    }

    /// Status and body on one line, for a report.
    pub(super) fn summary(&self) -> String {
        format!("{} {}", self.status, brief(&self.text()))
    }
}

/// Truncates a text for a report.
pub(super) fn brief(text: &str) -> String {
    const LONGEST: usize = 400;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(LONGEST).collect();
    short.push('…');
    short
}

/// Sends one request on a connection of its own and reads until the agent closes it.
pub(super) async fn exchange(agent: &str, request: &RawRequest) -> Result<Answer, Miss> {
    let bytes = render(agent, request, true);
    let received = converse(agent, &bytes).await?;
    let (answer, _) = parse(&received, request.method == "HEAD")?;
    Ok(answer)
}

/// Sends two requests on one connection, the second one without waiting, and returns both answers.
///
/// # Errors
/// Fails if there is a byte more than the two answers: their absence proves that the first answer
/// ended where its header said.
pub(super) async fn pipelined(
    agent: &str,
    first: &RawRequest,
    second: &RawRequest,
) -> Result<(Answer, Answer), Miss> {
    let mut bytes = render(agent, first, false);
    bytes.extend(render(agent, second, true));
    let received = converse(agent, &bytes).await?;
    let (one, used) = parse(&received, first.method == "HEAD")?;
    let rest = received.get(used..).unwrap_or_default();
    let (two, used) = parse(rest, second.method == "HEAD")?;
    match rest.len().checked_sub(used) {
        Some(0) => Ok((one, two)),
        _ => Err(Miss::fail(
            "nothing after the second response",
            format!("{} bytes", rest.len()),
        )),
    }
}

fn render(agent: &str, request: &RawRequest, last: bool) -> Vec<u8> {
    let mut head = format!(
        "{} {} HTTP/1.1\r\nHost: {agent}\r\n",
        request.method, request.target
    );
    for (name, value) in &request.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if last {
        head.push_str("Connection: close\r\n");
    }
    if let Some(body) = &request.body {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend(request.body.iter().flatten());
    bytes
}

async fn converse(agent: &str, bytes: &[u8]) -> Result<Vec<u8>, Miss> {
    let talk = async {
        let mut stream = TcpStream::connect(agent).await?;
        stream.set_nodelay(true)?;
        stream.write_all(bytes).await?;
        let mut received = Vec::new();
        stream.read_to_end(&mut received).await?;
        std::io::Result::Ok(received)
    };
    match timeout(PATIENCE, talk).await {
        Ok(Ok(received)) if received.is_empty() => Err(Miss::fail(
            "an answer",
            "the connection was closed without one",
        )),
        Ok(Ok(received)) => Ok(received),
        Ok(Err(error)) => Err(Miss::fail("an answer", format!("{agent}: {error}"))),
        Err(_) => Err(Miss::fail(
            "an answer",
            format!("none within {} s", PATIENCE.as_secs()),
        )),
    }
}

/// Parses one answer at the start of `received`; returns it with the number of bytes it took.
fn parse(received: &[u8], head_request: bool) -> Result<(Answer, usize), Miss> {
    let broken = |why: &str| {
        Miss::fail(
            "an HTTP/1.1 answer",
            format!("{why}: {}", brief(&String::from_utf8_lossy(received))),
        )
    };
    let mut fields = [httparse::EMPTY_HEADER; 64];
    let mut parsed = httparse::Response::new(&mut fields);
    let start = match parsed.parse(received) {
        Ok(httparse::Status::Complete(start)) => start,
        Ok(httparse::Status::Partial) => return Err(broken("the head is cut off")),
        Err(error) => return Err(broken(&error.to_string())),
    };
    let headers: Vec<(String, String)> = parsed
        .headers
        .iter()
        .map(|field| {
            (
                field.name.to_owned(),
                String::from_utf8_lossy(field.value).into_owned(),
            )
        })
        .collect();
    let mut answer = Answer {
        status: parsed.code.unwrap_or_default(),
        headers,
        framing: Framing::Unmarked,
        body: Vec::new(),
    };
    let rest = received.get(start..).unwrap_or_default();
    if answer
        .header("transfer-encoding")
        .is_some_and(|value| value.eq_ignore_ascii_case("chunked"))
    {
        answer.framing = Framing::Chunked;
    } else if let Some(length) = answer
        .header("content-length")
        .and_then(|value| value.parse().ok())
    {
        answer.framing = Framing::Length(length);
    }
    let used = match answer.framing {
        // RFC 9112, 6.3: these never have a body. The following bytes belong to the next answer.
        _ if head_request || answer.status == 204 || answer.status == 304 => 0,
        Framing::Length(length) => {
            let body = rest
                .get(..length)
                .ok_or_else(|| broken("the body is cut off"))?;
            answer.body = body.to_vec();
            length
        }
        Framing::Chunked => {
            let (body, used) = unchunk(rest).ok_or_else(|| broken("the chunks are cut off"))?;
            answer.body = body;
            used
        }
        Framing::Unmarked => {
            answer.body = rest.to_vec();
            rest.len()
        }
    };
    Ok((answer, start.saturating_add(used)))
}

/// Joins the chunks at the start of `rest`; returns the body with the number of bytes read.
fn unchunk(rest: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut body = Vec::new();
    let mut at = 0_usize;
    loop {
        let line = rest.get(at..)?;
        let (skip, size) = match httparse::parse_chunk_size(line) {
            Ok(httparse::Status::Complete(found)) => found,
            _ => return None,
        };
        at = at.checked_add(skip)?;
        let end = at.checked_add(usize::try_from(size).ok()?)?;
        body.extend(rest.get(at..end)?);
        // Every chunk, including the empty last one (no trailers here), is followed by an empty
        // line.
        rest.get(end..end.checked_add(2)?)
            .filter(|line| *line == b"\r\n")?;
        at = end.checked_add(2)?;
        if size == 0 {
            return Some((body, at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_its_header_says() {
        let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1";
        let (answer, used) = parse(bytes, false).unwrap();
        assert_eq!((answer.text().as_str(), used), ("ok", bytes.len() - 8));
        assert_eq!(answer.framing, Framing::Length(2));
    }

    #[test]
    fn chunks_are_joined_and_counted() {
        let bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\nrest";
        let (answer, used) = parse(bytes, false).unwrap();
        assert_eq!(answer.text(), "abcd");
        assert_eq!(&bytes[used..], b"rest");
    }

    #[test]
    fn a_204_has_no_body_and_what_follows_it_is_not_its_own() {
        let bytes = b"HTTP/1.1 204 No Content\r\nContent-Type: application/json\r\n\r\nx";
        let (answer, used) = parse(bytes, false).unwrap();
        assert_eq!((answer.framing, used), (Framing::Unmarked, bytes.len() - 1));
    }

    #[test]
    fn a_cut_off_body_is_said_to_be_one() {
        let cut = parse(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", false);
        assert!(
            matches!(cut, Err(Miss::Fail { seen, .. }) if seen.starts_with("the body is cut off"))
        );
    }
}
