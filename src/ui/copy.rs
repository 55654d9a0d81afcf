//! Copies a text and says whether it worked.

use std::rc::Rc;

use yew::prelude::*;

use super::build::{button, el, said as said_in};
use super::log::copied;
use super::view::View;
use crate::flow::state::Ended;
use crate::text::labels::Label;

/// What to copy; made into text when it is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A text.
    Text(AttrValue),
    /// The lines of a log, as they are shown.
    Lines(Rc<Vec<String>>),
    /// The evidence of an end.
    Evidence(Form, Rc<Ended>),
}

/// Forms of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For machines.
    Json,
    /// For a ticket.
    Markdown,
}

impl Source {
    /// Makes the text; an empty one where what makes it was not fetched yet.
    #[must_use]
    pub fn text(&self, view: &View) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::Lines(lines) => copied(lines),
            Self::Evidence(form, ended) => view.evidence(*form, ended),
        }
    }
}

/// Properties of [`CopyButton`].
#[derive(Properties, PartialEq)]
pub struct CopyButtonProps {
    /// Words and the clipboard.
    pub view: View,
    /// What to copy.
    pub source: Source,
    /// The button's name.
    pub label: Label,
}

/// A button that copies, as a child.
#[inline(never)]
pub(super) fn copy_button(view: &View, source: Source, label: Label) -> Html {
    let view = view.calm();
    html! { <CopyButton {view} {source} {label} /> }
}

/// A button that copies.
#[component]
pub fn CopyButton(props: &CopyButtonProps) -> Html {
    let copied_well = use_state_eq(|| None::<bool>);
    let onclick = {
        let (view, source) = (props.view.clone(), props.source.clone());
        let copied_well = copied_well.clone();
        Callback::from(move |_: MouseEvent| {
            let copied_well = copied_well.clone();
            let done = Callback::from(move |done| copied_well.set(Some(done)));
            view.platform.copy(&source.text(&view), done);
        })
    };
    let said = copied_well.map(|done| {
        props.view.label(if done {
            Label::Copied
        } else {
            Label::CopyFailed
        })
    });
    let status = said_in("span", "said", said.unwrap_or_default()).attr("role", "status");
    el("span", "copy")
        .child(button("small", props.view.label(props.label), onclick))
        .child(status)
        .html()
}
