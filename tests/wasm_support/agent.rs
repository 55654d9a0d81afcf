//! The responses of an agent, and the content of sealed requests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Encrypt, PrivateKey};
use serde_json::{Value, json};

use crate::page;

/// The offset of this agent's clock from the browser's, in milliseconds.
pub const AHEAD: i64 = 3_600_000;

pub struct Agent {
    private: PrivateKey,
    public_key: String,
    /// Whether it is a CLUSTER AGENT without any password.
    is_open: bool,
}

impl Agent {
    pub fn new() -> Self {
        let private =
            PrivateKey::from_pkcs8_pem(include_str!("../fixtures/vectors/rsa-1024.pem")).unwrap();
        let der = private.to_public_key().to_pkcs1_der().unwrap();
        let public_key = STANDARD.encode(der.as_bytes());
        Self {
            private,
            public_key,
            is_open: false,
        }
    }

    /// A CLUSTER AGENT without any password.
    pub fn open() -> Self {
        Self {
            is_open: true,
            ..Self::new()
        }
    }

    /// Responds to a request to any open route.
    pub fn answer_open(&self, n: usize) {
        let data = match page::url(n).rsplit('/').next().unwrap() {
            "info" => json!({
                "pid": 1, "state": 2, "startAt": 1_795_437_550_761_488_074_i64,
                "homePath": "/home/admin/a", "obVersion": "", "architecture": "x86_64",
                "ip": "10.10.10.1", "port": 2886, "zone": "",
                "identity": if self.is_open { "CLUSTER AGENT" } else { "SINGLE" },
                "version": "4.5.0.0-0", "isObproxyAgent": true, "security": !self.is_open,
                "supportedAuth": ["v2"], "obproxyInfo": null,
            }),
            "secret" => json!({"ip": "10.10.10.1", "port": 2886, "public_key": self.public_key}),
            "time" => {
                let time = js_sys::Date::new(&(js_sys::Date::now() + AHEAD as f64).into());
                json!(String::from(time.to_iso_string()))
            }
            other => panic!("{other} is no open route"),
        };
        answer_data(n, &data);
    }

    /// Returns the content of a request's header.
    pub fn read_header(&self, n: usize) -> Value {
        self.read(n, "X-OCS-Agent-Header")
    }

    /// As [`Agent::read_header`], of a login request.
    pub fn read_root_header(&self, n: usize) -> Value {
        self.read(n, "X-OCS-Header")
    }

    fn read(&self, n: usize, name: &str) -> Value {
        let header = page::header(n, name).expect("a sealed header");
        let text: Vec<u8> = STANDARD
            .decode(header)
            .unwrap()
            .chunks(self.private.size())
            .flat_map(|block| self.private.decrypt(Pkcs1v15Encrypt, block).unwrap())
            .collect();
        serde_json::from_slice(&text).unwrap()
    }
}

/// Returns the agent's time of the `n`-th response.
pub fn timestamp(n: usize) -> String {
    format!("2026-11-23T12:39:11.{:09}Z", 100_000_000 + n)
}

/// Responds with an envelope around `data`.
pub fn answer_data(n: usize, data: &Value) {
    let envelope = json!({
        "successful": true, "timestamp": timestamp(n), "duration": 1,
        "status": 200, "traceId": "898a66ebd82cdaa3", "data": data,
    });
    page::answer(n, 200, &envelope.to_string());
}
