//! The responses of a server to bytes that no browser would send.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use super::PATIENCE;

/// The name of the site's host.
pub const HOST: &str = "console.lan";

/// A response.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    /// As received: still chunked if it was chunked.
    pub body: Vec<u8>,
}

impl Answer {
    /// Returns the header with this lower-case name, if there is exactly one.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut fitting = self.headers.iter().filter(|(found, _)| found == name);
        let first = fitting.next().map(|(_, value)| value.as_str());
        assert!(fitting.next().is_none(), "several {name}: {self:?}");
        first
    }

    /// Returns every value of the header with this lower-case name.
    pub fn values(&self, name: &str) -> Vec<&str> {
        let fitting = self.headers.iter().filter(|(found, _)| found == name);
        fitting.map(|(_, value)| value.as_str()).collect()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends a request line and header lines, without a `Connection: close`, and reads until the server
/// closes the connection.
pub fn ask(server: SocketAddr, request_line: &str, headers: &[&str]) -> Answer {
    ask_as(server, HOST, request_line, headers, "")
}

/// As [`ask`], with another host name and a body.
pub fn ask_as(
    server: SocketAddr,
    host: &str,
    request_line: &str,
    headers: &[&str],
    body: &str,
) -> Answer {
    let mut request = format!("{request_line} HTTP/1.1\r\nHost: {host}\r\n");
    for header in headers {
        request.push_str(header);
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    request.push_str(body);
    let bytes = exchange(server, &request);
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("{request_line}: {}", String::from_utf8_lossy(&bytes)));
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers = lines.filter_map(|line| {
        let (name, value) = line.split_once(": ")?;
        Some((name.to_ascii_lowercase(), value.to_owned()))
    });
    Answer {
        status: status.expect("a status"),
        headers: headers.collect(),
        body: bytes[end + 4..].to_vec(),
    }
}

/// Sends these bytes and reads until the server closes the connection.
pub fn exchange(server: SocketAddr, request: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(server).expect("the server accepts");
    stream.set_read_timeout(Some(PATIENCE)).expect("patience");
    stream.write_all(request.as_bytes()).expect("a request");
    let mut bytes = Vec::new();
    stream
        .read_to_end(&mut bytes)
        .expect("an answer, and the end of the connection");
    bytes
}

/// Two requests for the same target that arrive together on one connection. The first asks to keep
/// the connection; the second asks to close it, so that a server that responds to it is detected at
/// once.
pub fn twice(target: &str) -> String {
    let request =
        |wish| format!("GET {target} HTTP/1.1\r\nHost: {HOST}\r\nConnection: {wish}\r\n\r\n");
    request("keep-alive") + &request("close")
}

/// Fails unless these bytes, the whole response to [`twice`], are one HTTP/1.1 response that
/// announces the end of the connection.
pub fn answered_once(target: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    assert_eq!(text.matches("HTTP/1.1 ").count(), 1, "{target}: {text}");
    let lower = text.to_ascii_lowercase();
    assert!(
        lower.contains("\r\nconnection: close\r\n"),
        "{target}: {text}"
    );
}

/// Fails unless the server closes the connection after one response, for every target.
pub fn closes(server: SocketAddr, targets: &[String]) {
    for target in targets {
        answered_once(target, &exchange(server, &twice(target)));
    }
}

/// Sends a GET request.
pub fn get(server: SocketAddr, target: &str, headers: &[&str]) -> Answer {
    ask(server, &format!("GET {target}"), headers)
}
