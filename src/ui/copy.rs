//! Copies a text and says whether it worked.

use std::cell::Cell;
use std::rc::Rc;

use yew::prelude::*;

use super::build::{button, el, said as said_in};
use super::log::copied;
use super::part::{Given, Part};
use super::view::View;
use crate::flow::state::Ended;
use crate::text::labels::LaterLabel;

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

/// What a button that copies is given.
#[derive(PartialEq)]
pub struct CopyButtonProps {
    /// Words and the clipboard.
    pub view: View,
    /// What to copy.
    pub source: Source,
    /// The button's name.
    pub label: LaterLabel,
}

/// A button that copies, as a child.
#[inline(never)]
pub(super) fn copy(view: &View, source: Source, label: LaterLabel) -> Html {
    let view = view.calm();
    Given::CopyButton(CopyButtonProps {
        view,
        source,
        label,
    })
    .html()
}

/// What the button keeps: whether copying worked.
#[derive(Default)]
struct Own(Cell<Option<bool>>);

/// A button that copies.
pub(super) fn copy_button(props: &CopyButtonProps, part: &Part) -> Html {
    let kept = part.kept::<Own>();
    let said = kept.0.get().map(|done| {
        props.view.later_label(if done {
            LaterLabel::Copied
        } else {
            LaterLabel::CopyFailed
        })
    });
    let (view, source) = (props.view.clone(), props.source.clone());
    let act = Callback::from(move |_| {
        let kept = kept.clone();
        let done = Callback::from(move |done| {
            kept.0.set(Some(done));
            kept.redraw();
        });
        view.platform.copy(&source.text(&view), done);
    });
    let status = said_in("span", "said", said.unwrap_or_default()).attr("role", "status");
    el("span", "copy")
        .child(button("small", props.view.later_label(props.label), act))
        .child(status)
        .html()
}
