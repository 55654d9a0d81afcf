//! An agent that returns given responses.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use crate::support::PATIENCE;

/// An agent that reports the requests that it received, and returns a given response.
pub struct Agent {
    pub address: SocketAddr,
    answer: Arc<Mutex<String>>,
    heard: Receiver<String>,
}

impl Agent {
    pub fn new() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let answer = Arc::new(Mutex::new(with_headers("")));
        let (tell, heard) = channel();
        let ours = Arc::clone(&answer);
        std::thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                let request = whole_request(&mut stream);
                if tell.send(request).is_err() {
                    return;
                }
                let answer = ours.lock().expect("no panic").clone();
                // The client may have disconnected.
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self {
            address,
            answer,
            heard,
        }
    }

    /// Sets the response.
    pub fn answers(&self, answer: String) {
        *self.answer.lock().expect("no panic") = answer;
    }

    pub fn hears(&self) -> String {
        self.heard.recv_timeout(PATIENCE).expect("a request")
    }

    /// Fails if the agent received a request.
    pub fn heard_nothing(&self, why: &str) {
        if let Ok(request) = self.heard.try_recv() {
            panic!("{why}: {request}");
        }
    }
}

/// Returns a response with these header lines, each with its line end.
pub fn with_headers(lines: &str) -> String {
    let length = if lines.contains("Content-Length") {
        ""
    } else {
        "Content-Length: 2\r\n"
    };
    format!("HTTP/1.1 200 OK\r\n{length}{lines}\r\n{{}}")
}

/// Reads head and body, as far as they arrive.
fn whole_request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&request);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let lower = head.to_ascii_lowercase();
            let length = lower
                .split("\r\ncontent-length: ")
                .nth(1)
                .and_then(|rest| rest.lines().next()?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return text.into_owned();
            }
        }
        match stream.read(&mut piece) {
            Ok(read) if read > 0 => request.extend(&piece[..read]),
            _ => return String::from_utf8_lossy(&request).into_owned(),
        }
    }
}
