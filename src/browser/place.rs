//! The place of a person in the console: agent, task, and the choices of the person. A host can
//! store the place in its address bar and pass it back. It contains no secret.

use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{CustomEvent, CustomEventInit, Element};

use crate::flow::state::{FactsLookup, Screen, State};
use crate::obshell::dag::id::DagId;
use crate::ui::message::Picked;

/// The name of the event that reports a new place to the host.
const EVENT: &str = "odp-place";

/// The detail of an `odp-place` event, and the options that open this place. Unknown values are
/// absent, because `null` would be a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The agent, `HOST:PORT`; absent if the task's id identifies the agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The id of the task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Whether the person reviews the destroy. No option opens the review: the agent's state must
    /// be read first.
    #[serde(skip)]
    pub review: bool,
    /// The id of a stage of the task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// The id of a sub task of the task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_task: Option<String>,
    /// The choices of the person.
    #[serde(flatten)]
    pub choices: Choices,
}

/// The language, theme and time zone that a person chose, as options of a console.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// The language tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The theme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// The time zone of times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

/// The content of a link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The agent, `HOST:PORT`.
    pub agent: Option<String>,
    /// The id of the task.
    pub task: Option<DagId>,
    /// A stage or sub task of the task.
    pub picked: Option<Picked>,
    /// Whether the link leaves the review of this agent for the connect form, as the browser's Back
    /// button does.
    pub leaves_review: bool,
}

impl Place {
    /// The place of a state.
    #[must_use]
    pub fn of(state: &State, picked: Option<&Picked>, choices: Choices) -> Self {
        let task = match &state.screen {
            Screen::Connect => state.form.task.as_ref(),
            Screen::Task(task) => Some(&task.dag.id),
            Screen::Ended(ended) => ended.task.as_ref().map(|task| &task.dag.id),
            Screen::Review(_) | Screen::Submitting(_) => None,
        };
        // An address that is still being typed is not part of the place.
        let typed = || {
            let is_chosen = state.form.lookup != FactsLookup::NotRequested;
            let admitted = state.settings.admit(&state.form.address).ok();
            admitted.filter(|_| is_chosen)
        };
        let agent = match state.facts() {
            Some(facts) => Some(facts.address.clone()),
            None => typed(),
        };
        let owner = task.and_then(DagId::owner);
        let (node, sub_task) = match picked.filter(|_| task.is_some()) {
            Some(Picked::Node(id)) => (Some(id.as_str().to_owned()), None),
            Some(Picked::SubTask(id)) => (None, Some(id.as_str().to_owned())),
            None => (None, None),
        };
        Self {
            agent: agent
                .filter(|agent| owner.as_ref() != Some(agent))
                .map(|agent| agent.to_string()),
            task: task.map(|id| id.as_str().to_owned()),
            review: matches!(state.screen, Screen::Review(_)),
            node,
            sub_task,
            choices,
        }
    }

    /// Reports the place to the host.
    pub fn report(&self, root: &Element) {
        dispatch(root, EVENT, self);
    }
}

/// Dispatches an event to the host on the next tick, so that the host's handler cannot run inside
/// the console's own code. The event bubbles and crosses the shadow root.
pub fn dispatch(root: &Element, event: &'static str, detail: &impl Serialize) {
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_detail(&plain(detail));
    let root = root.clone();
    spawn_local(async move {
        if let Ok(event) = CustomEvent::new_with_event_init_dict(event, &init) {
            let _ = root.dispatch_event(&event);
        }
    });
}

/// Converts a value to a plain JavaScript object; `null` if the value cannot be represented (a
/// number beyond 2^53).
#[must_use]
pub fn plain(value: &impl Serialize) -> JsValue {
    let serializer = Serializer::json_compatible();
    value.serialize(&serializer).unwrap_or(JsValue::NULL)
}
