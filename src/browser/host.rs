//! The credential of a host: requested on demand, and stored only in the vault.

use std::fmt;

use js_sys::{Function, JsString, Promise, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::Callback;

use super::place::plain;
use crate::flow::state::{ConnectProblem, Contact, State};
use crate::obshell::error::{Failure, NotSent};
use crate::obshell::request::Credential;
use crate::obshell::time::Millis;
use crate::ui::message::Message;
use crate::ui::password::secret;

/// The option `credentials`: an object with the credential, or a function that returns one or a
/// promise of one.
#[derive(Clone, PartialEq)]
pub struct HostCredentials(JsValue);

/// The argument of the host's function.
#[derive(Serialize)]
struct Request<'a> {
    /// The agent, `HOST:PORT`.
    agent: &'a str,
    reason: Reason,
}

/// Why the host is asked for a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// The console connects to an agent.
    Connect,
    /// The agent rejected the previous credential, or no longer accepts it.
    Refused,
}

impl Reason {
    /// The reason for a request for the agent of this flow.
    pub(super) fn of(state: &State) -> Self {
        let refused = match (lost_credential(state), &state.form.problem) {
            (Some(lost), _) => !is_wiped(lost),
            (None, Some(ConnectProblem::Credential(failure))) => !is_wiped((failure, 0)),
            (None, _) => false,
        };
        if refused {
            Self::Refused
        } else {
            Self::Connect
        }
    }
}

impl HostCredentials {
    /// Accepts a function or an object; `None` for any other value.
    #[must_use]
    pub fn new(value: JsValue) -> Option<Self> {
        (value.is_object() || value.is_function()).then_some(Self(value))
    }

    /// Whether a further request may return another credential.
    #[must_use]
    pub fn can_be_asked(&self) -> bool {
        self.0.is_function()
    }
}

/// The value may contain a secret, so `Debug` does not show it.
impl fmt::Debug for HostCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HostCredentials")
    }
}

/// Asks the host for the credential of an agent and reports the response as
/// [`Message::HostResponded`].
pub fn ask(
    credentials: &HostCredentials,
    agent: String,
    reason: Reason,
    on_message: Callback<Message>,
) {
    let credentials = credentials.clone();
    spawn_local(async move {
        let given = given(&credentials.0, &agent, reason).await;
        on_message.emit(Message::HostResponded(agent, given));
    });
}

/// The credential of the host; `None` if the host throws or returns any other value.
async fn given(credentials: &JsValue, agent: &str, reason: Reason) -> Option<Credential> {
    let given = match credentials.dyn_ref::<Function>() {
        Some(function) => {
            let request = plain(&Request { agent, reason });
            let answer = function.call1(&JsValue::UNDEFINED, &request).ok()?;
            JsFuture::from(Promise::resolve(&answer)).await.ok()?
        }
        None => credentials.clone(),
    };
    let named = |name: &str| {
        let value = Reflect::get(&given, &name.into()).ok()?;
        let text = value.dyn_ref::<JsString>()?;
        Some(secret(text)).filter(|secret| !secret.is_empty())
    };
    named("agentPassword")
        .map(Credential::AgentPassword)
        .or_else(|| named("sessionId").map(Credential::Session))
}

/// Why the agent no longer accepts a credential, and the time of its last answer; `None` while a
/// credential is accepted.
pub(super) fn lost_credential(state: &State) -> Option<(&Failure, Millis)> {
    match state.contact()? {
        (Contact::Unauthenticated(failure), last_update) => Some((failure, last_update)),
        _ => None,
    }
}

/// Whether the console itself cleared the credential.
pub(super) fn is_wiped((failure, _): (&Failure, Millis)) -> bool {
    matches!(failure, Failure::NotSent(NotSent::CredentialWiped(_)))
}
