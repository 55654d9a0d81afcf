//! The credential that a host gives: asked for when it is needed, and kept in the vault alone.

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

/// The option `credentials`: an object with the credential, or a function that gives one or
/// promises to.
#[derive(Clone, PartialEq)]
pub struct HostCredentials(JsValue);

/// What the host is asked.
#[derive(Serialize)]
struct Request<'a> {
    /// The agent, `HOST:PORT`.
    agent: &'a str,
    reason: Reason,
}

/// Why the host is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// An agent is connected to.
    Connect,
    /// The agent has refused what was given before, or does not accept it any more.
    Refused,
}

impl Reason {
    /// Why the host is asked for the agent of this flow.
    pub(super) fn of(state: &State) -> Self {
        let refused = match (lost_credential(state), &state.form.problem) {
            (Some(lost), _) => !is_forgotten(lost),
            (None, Some(ConnectProblem::Credential(failure))) => !is_forgotten((failure, 0)),
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
    /// The credentials of a value that is a function or an object.
    #[must_use]
    pub fn new(value: JsValue) -> Option<Self> {
        (value.is_object() || value.is_function()).then_some(Self(value))
    }

    /// Whether asking again may bring something else.
    #[must_use]
    pub fn can_be_asked(&self) -> bool {
        self.0.is_function()
    }
}

/// Whatever is in there is not shown.
impl fmt::Debug for HostCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HostCredentials")
    }
}

/// Asks the host for the credential of an agent, and reports it as [`Message::HostGave`].
pub fn ask(credentials: &HostCredentials, agent: String, reason: Reason, tell: Callback<Message>) {
    let credentials = credentials.clone();
    spawn_local(async move {
        let given = given(&credentials.0, &agent, reason).await;
        tell.emit(Message::HostGave(agent, given));
    });
}

/// What the host gives; nothing where it throws, or gives something else.
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

/// Why there is no credential any more that the agent accepts, and the time of the last news.
pub(super) fn lost_credential(state: &State) -> Option<(&Failure, Millis)> {
    match state.contact()? {
        (Contact::Unauthenticated(failure), last_news) => Some((failure, last_news)),
        _ => None,
    }
}

/// Whether the console cleared the credential by itself.
pub(super) fn is_forgotten((failure, _): (&Failure, Millis)) -> bool {
    matches!(failure, Failure::NotSent(NotSent::Forgotten(_)))
}
