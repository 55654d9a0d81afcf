//! Where a person is, as a host may keep it in its address bar and give it back: which agent, which
//! task, and what they chose. No secret is in it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{CustomEvent, CustomEventInit, Element};

use crate::flow::state::{Look, Screen, State};
use crate::obshell::dag::id::DagId;
use crate::ui::message::Picked;

/// The event that tells a host of a new place.
const EVENT: &str = "odp-place";

/// What a host is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The agent; not told where the task's id names it.
    agent: Option<String>,
    task: Option<DagId>,
    picked: Option<Picked>,
    chosen: Chosen,
}

/// What the person chose, as options.
pub type Chosen = [(&'static str, Option<&'static str>); 3];

/// What a link asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The agent, `HOST:PORT`.
    pub agent: Option<String>,
    /// The task.
    pub task: Option<DagId>,
    /// A stage of it.
    pub picked: Option<Picked>,
}

impl Place {
    /// The place that a state shows.
    #[must_use]
    pub fn of(state: &State, picked: Option<&Picked>, chosen: Chosen) -> Self {
        let task = match &state.screen {
            Screen::Connect => state.form.task.clone(),
            Screen::Task(task) => Some(task.dag.id.clone()),
            Screen::Ended(ended) => ended.task.as_ref().map(|task| task.dag.id.clone()),
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
        let owner = task.as_ref().and_then(DagId::owner);
        Self {
            agent: agent
                .filter(|agent| owner.as_ref() != Some(agent))
                .map(|agent| agent.to_string()),
            picked: picked.filter(|_| task.is_some()).cloned(),
            task,
            chosen,
        }
    }

    /// Tells the host.
    pub fn tell(&self, root: &Element) {
        let (node, sub_task) = match &self.picked {
            Some(Picked::Node(id)) => (Some(id.as_str()), None),
            Some(Picked::SubTask(id)) => (None, Some(id.as_str())),
            None => (None, None),
        };
        let options = [
            ("agent", self.agent.as_deref()),
            ("task", self.task.as_ref().map(DagId::as_str)),
            ("node", node),
            ("subTask", sub_task),
        ];
        let options = options.into_iter().chain(self.chosen);
        // What is not told is missing: `null` would be a value.
        let told: BTreeMap<_, _> = options
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
        dispatch(root, EVENT, &told);
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
