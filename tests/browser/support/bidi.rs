//! WebDriver BiDi: Firefox's events, and scripts that run in the page's own realm.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Map, Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::elements::ELEMENT_KEY;

/// How long a browser may take to answer. Reached only by a browser that hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection to a browser.
#[derive(Debug)]
pub(super) struct Bidi {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The number of commands sent so far: each has its own number.
    sent: u64,
    /// The received events that were not taken yet.
    events: Vec<Event>,
}

/// An event of the browser.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) name: String,
    pub(super) content: Value,
}

impl Bidi {
    pub(super) async fn connect(url: &str) -> Self {
        let (socket, _) = connect_async(url)
            .await
            .unwrap_or_else(|error| panic!("{url}: {error}"));
        Self {
            socket,
            sent: 0,
            events: Vec::new(),
        }
    }

    /// Runs a command to its end.
    pub(super) async fn command(
        &mut self,
        method: &str,
        parameters: Value,
    ) -> Result<Value, String> {
        self.sent += 1;
        let id = self.sent;
        let command = json!({ "id": id, "method": method, "params": parameters });
        let answer = async {
            let message = Message::text(command.to_string());
            self.socket.send(message).await.map_err(told)?;
            loop {
                let message = self.socket.next().await.ok_or("the browser went away")?;
                let Message::Text(text) = message.map_err(told)? else {
                    continue;
                };
                let mut said: Value = serde_json::from_str(&text).map_err(told)?;
                if said["type"] == "event" {
                    self.events.push(Event {
                        name: text_of(&said["method"]),
                        content: said["params"].take(),
                    });
                } else if said["id"] == id {
                    return match said["type"].as_str() {
                        Some("success") => Ok(said["result"].take()),
                        _ => Err(format!("{method}: {}", said["message"])),
                    };
                }
            }
        };
        tokio::time::timeout(PATIENCE, answer)
            .await
            .unwrap_or_else(|_| Err(format!("{method}: no answer")))
    }

    /// Runs a script as the body of a function in the page's own realm, like a script of the page.
    pub(super) async fn script(
        &mut self,
        context: &str,
        body: &str,
        arguments: &[Value],
    ) -> Result<Value, String> {
        let arguments: Vec<Value> = arguments.iter().map(to_page).collect();
        let mut result = self
            .command(
                "script.callFunction",
                json!({
                    "functionDeclaration": format!("function () {{\n{body}\n}}"),
                    "arguments": arguments,
                    "awaitPromise": true,
                    "target": { "context": context },
                }),
            )
            .await?;
        match result["type"].as_str() {
            Some("success") => Ok(from_page(&result["result"])),
            _ => Err(result["exceptionDetails"]["text"].take().to_string()),
        }
    }

    /// Returns the events received since the last call.
    pub(super) fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }
}

/// A value in the format that BiDi passes to a page ("script.LocalValue").
fn to_page(value: &Value) -> Value {
    match value {
        Value::Null => json!({ "type": "null" }),
        Value::Bool(_) => json!({ "type": "boolean", "value": value }),
        Value::Number(_) => json!({ "type": "number", "value": value }),
        Value::String(_) => json!({ "type": "string", "value": value }),
        Value::Array(items) => {
            let items: Vec<Value> = items.iter().map(to_page).collect();
            json!({ "type": "array", "value": items })
        }
        Value::Object(fields) => {
            if let Some(id) = fields.get(ELEMENT_KEY) {
                return json!({ "sharedId": id });
            }
            let fields: Vec<Value> = fields
                .iter()
                .map(|(key, value)| json!([key, to_page(value)]))
                .collect();
            json!({ "type": "object", "value": fields })
        }
    }
}

/// Converts a value from the format that BiDi returns ("script.RemoteValue") to WebDriver's.
fn from_page(value: &Value) -> Value {
    let inner = &value["value"];
    let items = || inner.as_array().into_iter().flatten();
    match value["type"].as_str() {
        Some("string" | "boolean" | "number") => inner.clone(),
        Some("array" | "nodelist" | "htmlcollection") => items().map(from_page).collect(),
        Some("node") => json!({ ELEMENT_KEY: value["sharedId"] }),
        Some("object") => {
            let fields = items().filter_map(|field| {
                let key = field.get(0)?.as_str()?.to_owned();
                Some((key, from_page(field.get(1)?)))
            });
            Value::Object(fields.collect::<Map<_, _>>())
        }
        _ => Value::Null,
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "takes the error out of a result"
)]
fn told(error: impl ToString) -> String {
    error.to_string()
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
