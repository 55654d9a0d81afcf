//! A button that copies a text and shows whether copying succeeded.

use std::rc::Rc;

use yew::prelude::*;

use super::view::{View, use_view};
use super::visible::copied;
use crate::flow::state::Ended;
use crate::text::evidence;
use crate::text::labels::Label;

/// The version of the console.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The source of the text; converted to text when the button is pressed.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A text.
    Text(AttrValue),
    /// The lines of a log, as shown.
    Lines(Rc<Vec<String>>),
    /// The evidence of an ending.
    Evidence(EvidenceFormat, Rc<Ended>),
}

/// The formats of the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceFormat {
    /// For machines.
    Json,
    /// For a ticket.
    Markdown,
}

impl EvidenceFormat {
    /// The evidence of an ending in this format.
    #[must_use]
    pub fn evidence(self, ended: &Ended, view: &View) -> String {
        match self {
            Self::Json => evidence::json(ended, VERSION),
            Self::Markdown => evidence::markdown(ended, view.language),
        }
    }
}

impl Source {
    /// Converts the source to text.
    #[must_use]
    pub fn text(&self, view: &View) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::Lines(lines) => copied(lines),
            Self::Evidence(form, ended) => form.evidence(ended, view),
        }
    }
}

/// Properties of [`CopyButton`].
#[derive(PartialEq, Properties)]
pub struct CopyButtonProps {
    /// What to copy.
    pub source: Source,
    /// The button's name.
    pub label: Label,
}

/// A button that copies.
#[component]
pub fn CopyButton(props: &CopyButtonProps) -> Html {
    let view = use_view();
    let worked = use_state(|| None);
    let copy_result = copy_result(*worked, &view);
    let onclick = {
        let (view, source) = (view.clone(), props.source.clone());
        Callback::from(move |_| {
            let worked = worked.setter();
            let done = Callback::from(move |done| worked.set(Some(done)));
            view.platform.copy(&source.text(&view), done);
        })
    };
    html! {
        <span class="copy">
            <button type="button" class="small" {onclick}>{ view.label(props.label) }</button>
            <span class="said" role="status">{ copy_result }</span>
        </span>
    }
}

/// A message about whether copying succeeded; empty before the first attempt.
pub(super) fn copy_result(worked: Option<bool>, view: &View) -> &'static str {
    match worked {
        Some(true) => view.label(Label::Copied),
        Some(false) => view.label(Label::CopyFailed),
        None => "",
    }
}
