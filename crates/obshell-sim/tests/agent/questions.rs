//! The requests of captures 15, 16, 18 and 19: the title of an exchange describes its special
//! properties.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use getrandom::SysRng;
use rsa::Pkcs1v15Encrypt;
use serde_json::{Value, json};

use super::script::Exchange;
use super::wire::{AGENT_HEADER, Ask, Client, KEYS, PASSWORD, in_seconds};

/// Routes that need no header.
const OPEN: [&str; 5] = ["info", "secret", "time", "status", "git-info"];

/// Creates the requests of a script.
pub struct Asker<'a> {
    pub client: &'a Client,
    /// Seals with the key of another agent.
    pub stranger: &'a Client,
}

impl Asker<'_> {
    /// Creates the request of an exchange.
    pub fn ask<'a>(&'a self, exchange: &'a Exchange) -> Ask<'a> {
        let title = exchange.title.as_str();
        let ask = self.client.ask(&exchange.method, &exchange.target);
        let ask = self.with_body(ask, exchange);
        let open = OPEN
            .iter()
            .any(|route| exchange.target == format!("/api/v1/{route}"));
        let ask = if open { ask.unsealed() } else { ask };
        let (title, chinese) = match title.strip_suffix(" [zh-CN]") {
            Some(title) => (title, true),
            None => (title, false),
        };
        let ask = self.with_header(ask, title);
        if chinese { ask.in_chinese() } else { ask }
    }

    /// Applies the header described in a title.
    fn with_header<'a>(&'a self, ask: Ask<'a>, title: &str) -> Ask<'a> {
        let raw = |ask: Ask<'a>, value: String| ask.unsealed().header(AGENT_HEADER, value);
        let about = title.split_once(": ").map_or(title, |(_, about)| about);
        match about {
            "missing header" => ask.unsealed(),
            "empty header" => raw(ask, String::new()),
            "wrong password" => ask.with("Auth", "wrong"),
            "empty password" => ask.with("Auth", ""),
            "X-OCS-Header with the agent password" => ask.under_ob_name(),
            "X-OCS-Header, wrong password" => ask.under_ob_name().with("Auth", "wrong"),
            "expired Ts" => ask.with("Ts", in_seconds(-10)),
            "expired Ts and wrong password" => {
                ask.with("Ts", in_seconds(-10)).with("Auth", "wrong")
            }
            "Ts abc" => ask.with("Ts", "abc"),
            "Ts empty" => ask.with("Ts", ""),
            "Ts a JSON number" => ask.with("Ts", 1_795_436_163),
            "wrong Uri" => ask.with("Uri", "/api/v1/other"),
            "wrong Uri and wrong password" => {
                ask.with("Uri", "/api/v1/other").with("Auth", "wrong")
            }
            "no Uri" => ask.without("Uri"),
            "undecryptable header" | "undecryptable header (another key of 1024 bits)" => {
                raw(ask, self.stranger.seal(b"{}"))
            }
            "undecryptable header (random bytes of one key length)" => {
                raw(ask, STANDARD.encode(vec![0x11; self.client.key_bytes()]))
            }
            "header not base64" => raw(ask, "!!junk!!".to_owned()),
            "header decrypts but is not JSON" => raw(ask, self.client.seal(b"hello")),
            "header decrypts to nothing" => raw(ask, self.empty_block()),
            "Keys not base64" => ask.with("Keys", "!!"),
            _ if title.ends_with("with an undecryptable header") => {
                raw(ask, self.stranger.seal(b"{}"))
            }
            _ if title.ends_with(", wrong password") => ask.with("Auth", "wrong"),
            _ if title.ends_with(", no header")
                || title.starts_with("node route without header") =>
            {
                ask.unsealed()
            }
            _ if title.contains("no password set") => ask.with("Auth", ""),
            "body but no Keys" => ask.without("Keys"),
            "body, Keys of 8 bytes" => ask.with("Keys", STANDARD.encode(KEYS.get(..8).unwrap())),
            _ => ask,
        }
    }

    fn empty_block(&self) -> String {
        let sealed = self.client.key.encrypt(&mut SysRng, Pkcs1v15Encrypt, b"");
        STANDARD.encode(sealed.unwrap())
    }

    /// Applies the body described in a title.
    fn with_body<'a>(&'a self, ask: Ask<'a>, exchange: &Exchange) -> Ask<'a> {
        let title = exchange.title.as_str();
        match title {
            "DELETE with an encrypted {}" => return ask.sealed_body(b"{}"),
            "set the agent password over the unix socket" => {
                return ask.json(&json!({ "password": PASSWORD }));
            }
            _ => {}
        }
        if exchange.method != "POST" || !exchange.target.starts_with("/api/v1/task/") {
            return ask;
        }
        let operate = |body: Value| ask.clone().json(&body);
        match title {
            "dag operator, no body" => ask,
            "dag RETRY with another id in the body" => {
                operate(json!({"id": "42130706433028862", "operator": "RETRY"}))
            }
            "body not a multiple of 16" => ask.body(*b"YWJj"),
            "body plain JSON" => ask.body(*br#"{"operator":"RETRY"}"#),
            "body decrypts to malformed JSON" => ask.sealed_body(br#"{"operator":"#),
            "body without operator" => operate(json!({})),
            "body operator a number" => operate(json!({"operator": 5})),
            _ if title.starts_with("node route without header") => ask,
            _ => operate(json!({ "operator": operator(title) })),
        }
    }
}

/// Returns the operator in a title.
fn operator(title: &str) -> &str {
    if title.starts_with("body") {
        return "RETRY";
    }
    ["RETRY", "retry", "CANCEL", "PASS", "ROLLBACK", "FOO"]
        .into_iter()
        .find(|operator| title.split([' ', ',', ':']).any(|word| word == *operator))
        .unwrap_or_else(|| panic!("no operator in {title:?}"))
}
