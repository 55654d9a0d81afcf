//! Where a person is, as a host may keep it in its address bar and give it back: which agent, which
//! task, and what they chose. No secret is in it.

use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{CustomEvent, CustomEventInit, Element};

use crate::flow::state::{Look, Screen, State};
use crate::obshell::dag::id::DagId;
use crate::ui::message::Picked;

/// The event that tells a host of a new place.
const EVENT: &str = "odp-place";

/// The detail of an `odp-place` event, and the options of a console that lead there. What is not
/// known is missing: `null` would be a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The agent, `HOST:PORT`; not told where the task's id names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The id of the task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Whether the person reviews what the DELETE would do. No option leads there: the agent is read
    /// anew first.
    #[serde(skip)]
    pub review: bool,
    /// The id of a stage of the task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// The id of a sub task of the task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_task: Option<String>,
    /// What the person chose.
    #[serde(flatten)]
    pub choices: Choices,
}

/// What a person chose, as options of a console.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// The language, as a tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The looks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// The zone of times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

/// What a link asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The agent, `HOST:PORT`.
    pub agent: Option<String>,
    /// The task.
    pub task: Option<DagId>,
    /// A stage of it.
    pub picked: Option<Picked>,
    /// Whether the review of this agent is left for the connect form, as by the browser's Back.
    pub leaves_review: bool,
}

impl Place {
    /// The place that a state shows.
    #[must_use]
    pub fn of(state: &State, picked: Option<&Picked>, choices: Choices) -> Self {
        let task = match &state.screen {
            Screen::Connect => state.form.task.as_ref(),
            Screen::Task(task) => Some(&task.dag.id),
            Screen::Ended(ended) => ended.task.as_ref().map(|task| &task.dag.id),
            Screen::Review(_) | Screen::Submitting(_) => None,
        };
        // What is still being typed is no place.
        let typed = || {
            let is_chosen = state.form.look != Look::Nothing;
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

    /// Tells the host.
    pub fn tell(&self, root: &Element) {
        dispatch(root, EVENT, self);
    }
}

/// Tells the host of something, on the next tick: what it does then cannot come in between here.
/// The event bubbles and leaves the shadow root.
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

/// A value as a plain JavaScript object, `null` where it cannot be one (a number beyond 2^53).
#[must_use]
pub fn plain(value: &impl Serialize) -> JsValue {
    let serializer = Serializer::json_compatible();
    value.serialize(&serializer).unwrap_or(JsValue::NULL)
}
