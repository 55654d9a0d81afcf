//! A client that sends raw requests and reads raw responses, without a library that would correct
//! them.

use std::net::SocketAddr;

use aes::Aes128;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use getrandom::SysRng;
use obshell_sim::Agent;
use rsa::pkcs1::DecodeRsaPublicKey as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{BoxedUint, Pkcs1v15Encrypt, PublicKey};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub const PASSWORD: &str = "Pw#1";
/// Key and IV of every request here.
pub const KEYS: [u8; 32] = [0x5a; 32];
pub const AGENT_HEADER: &str = "X-OCS-Agent-Header";
pub const OB_HEADER: &str = "X-OCS-Header";

/// A raw response.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn data(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        self.json()["data"].clone()
    }

    pub fn message(&self) -> String {
        self.json()["error"]["message"]
            .as_str()
            .unwrap_or_else(|| panic!("no error: {self:?}"))
            .to_owned()
    }

    pub fn err_code(&self) -> String {
        self.json()["error"]["errCode"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

/// A client with an agent's key and password.
#[derive(Clone)]
pub struct Client {
    pub addr: SocketAddr,
    pub key: PublicKey,
    pub password: String,
}

impl Client {
    /// Fetches the agent's key.
    pub async fn new(agent: &Agent) -> Self {
        let secret = send(agent.addr(), "GET", "/api/v1/secret", &[], b"")
            .await
            .unwrap();
        let key = secret.data()["public_key"].as_str().unwrap().to_owned();
        Self {
            addr: agent.addr(),
            key: parse_key(&key),
            password: PASSWORD.to_owned(),
        }
    }

    /// Creates a correctly sealed request.
    pub fn ask<'a>(&'a self, method: &'a str, target: &'a str) -> Ask<'a> {
        let header = json!({
            "Auth": self.password,
            "Ts": in_seconds(60),
            "Uri": target,
            "Keys": STANDARD.encode(KEYS),
        });
        Ask {
            client: self,
            method,
            target,
            sealed: vec![(AGENT_HEADER, header)],
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub async fn get(&self, target: &str) -> Answer {
        self.ask("GET", target).send().await
    }

    pub async fn delete(&self) -> Answer {
        self.ask("DELETE", "/api/v1/obproxy").send().await
    }

    pub async fn operate(&self, target: &str, operator: &str) -> Answer {
        self.ask("POST", target)
            .json(&json!({ "operator": operator }))
            .send()
            .await
    }
}

/// A request that is sealed when it is sent.
#[derive(Clone)]
pub struct Ask<'a> {
    client: &'a Client,
    method: &'a str,
    target: &'a str,
    sealed: Vec<(&'static str, Value)>,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Ask<'_> {
    /// Sets a field of the sealed header.
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.sealed[0].1[field] = value.into();
        self
    }

    /// Omits a field of the sealed header.
    pub fn without(mut self, field: &str) -> Self {
        self.sealed[0].1.as_object_mut().unwrap().remove(field);
        self
    }

    /// Replaces the whole sealed header.
    pub fn sealing(mut self, header: Value) -> Self {
        self.sealed[0].1 = header;
        self
    }

    /// Sends the sealed header under the name for the OceanBase password.
    pub fn under_ob_name(mut self) -> Self {
        self.sealed[0].0 = OB_HEADER;
        self
    }

    pub fn unsealed(mut self) -> Self {
        self.sealed.clear();
        self
    }

    /// Adds a plain header.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn in_chinese(self) -> Self {
        self.header("Accept-Language", "zh-CN")
    }

    /// Adds a sealed JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.sealed_body(body.to_string().as_bytes())
    }

    pub fn sealed_body(self, body: &[u8]) -> Self {
        self.body(encrypt(body))
    }

    /// Adds a plain body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub async fn send(self) -> Answer {
        let mut headers = self.headers.clone();
        for (name, header) in &self.sealed {
            headers.push((name, self.client.seal(header.to_string().as_bytes())));
        }
        send(
            self.client.addr,
            self.method,
            self.target,
            &headers,
            &self.body,
        )
        .await
        .unwrap()
    }
}

impl Client {
    /// The length of the key, and of a sealed block, in bytes.
    pub fn key_bytes(&self) -> usize {
        self.key.size()
    }

    /// Seals in blocks of 53 bytes, which fit any key.
    pub fn seal(&self, text: &[u8]) -> String {
        self.seal_in(text, 53)
    }

    pub fn seal_in(&self, text: &[u8], block: usize) -> String {
        let seal = |block: &[u8]| {
            self.key
                .encrypt(&mut SysRng, Pkcs1v15Encrypt, block)
                .unwrap()
        };
        STANDARD.encode(text.chunks(block).flat_map(seal).collect::<Vec<u8>>())
    }
}

pub fn parse_key(base64: &str) -> PublicKey {
    use rsa::pkcs1::der::Decode as _;
    let der = STANDARD.decode(base64).unwrap();
    if let Ok(key) = PublicKey::from_pkcs1_der(&der) {
        return key;
    }
    // The key is shorter than the crate's minimum.
    let key: rsa::pkcs1::RsaPublicKey<rsa::pkcs1::UintRef<'_>> =
        rsa::pkcs1::RsaPublicKey::from_der(&der).unwrap();
    let number = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(bytes);
    PublicKey::new_unchecked(
        number(key.modulus.as_bytes()),
        number(key.public_exponent.as_bytes()),
    )
}

pub fn key_bits(key: &PublicKey) -> usize {
    key.size() * 8
}

pub fn in_seconds(seconds: i64) -> String {
    (chrono::Utc::now().timestamp() + seconds).to_string()
}

pub fn encrypt(text: &[u8]) -> Vec<u8> {
    let (key, iv) = KEYS.split_at(16);
    let cipher = cbc::Encryptor::<Aes128>::new_from_slices(key, iv).unwrap();
    STANDARD
        .encode(cipher.encrypt_padded_vec::<Pkcs7>(text))
        .into_bytes()
}

/// Encrypts whole blocks without padding.
pub fn encrypt_blocks(text: &[u8]) -> Vec<u8> {
    let (key, iv) = KEYS.split_at(16);
    let cipher = cbc::Encryptor::<Aes128>::new_from_slices(key, iv).unwrap();
    STANDARD
        .encode(cipher.encrypt_padded_vec::<NoPadding>(text))
        .into_bytes()
}

pub fn decrypt(base64: &str) -> String {
    let (key, iv) = KEYS.split_at(16);
    let cipher = cbc::Decryptor::<Aes128>::new_from_slices(key, iv).unwrap();
    let text = STANDARD.decode(base64).unwrap();
    String::from_utf8(cipher.decrypt_padded_vec::<Pkcs7>(&text).unwrap()).unwrap()
}

/// Sends one request on a new connection and reads until the connection ends.
pub async fn send(
    addr: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&'static str, String)],
    body: &[u8],
) -> std::io::Result<Answer> {
    let raw = exchange(addr, method, target, headers, body).await?;
    parse(&raw)
        .ok_or_else(|| std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "no whole answer"))
}

/// Returns the bytes of a response.
pub async fn exchange(
    addr: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&'static str, String)],
    body: &[u8],
) -> std::io::Result<Vec<u8>> {
    let mut request =
        format!("{method} {target} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        request.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    request.push_str("\r\n");
    let mut stream = TcpStream::connect(addr).await?;
    stream
        .write_all(&[request.as_bytes(), body].concat())
        .await?;
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw).await?;
    Ok(raw)
}

/// Parses a response; `None` if it is incomplete.
pub fn parse(raw: &[u8]) -> Option<Answer> {
    let end = raw.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&raw[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut answer = Answer {
        status,
        headers,
        body: String::new(),
    };
    let rest = &raw[end + 4..];
    let body = if answer.header("Transfer-Encoding") == Some("chunked") {
        dechunk(rest)?
    } else {
        rest.to_vec()
    };
    answer.body = String::from_utf8(body).unwrap();
    Some(answer)
}

fn dechunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(end + 2..end + 2 + length)?);
        rest = rest.get(end + 2 + length + 2..)?;
    }
}
