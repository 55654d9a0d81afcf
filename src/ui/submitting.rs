//! Between the confirmation and the task: nothing to press, and what is being done.

use yew::prelude::*;

use super::build::{el, heading as heading_of, said};
use super::icon::Icon;
use super::view::{View, whole_seconds};
use crate::flow::state::{self, SubmitPhase};
use crate::text::labels::Label;

/// What is being done.
pub(super) fn submitting(view: &View, heading: &NodeRef, submitting: &state::Submitting) -> Html {
    let waited = whole_seconds(view.now - submitting.confirmed_at);
    let deleting = submitting.phase == SubmitPhase::Deleting;
    let step = |icon: Icon, label| el("li", "").node(icon.draw()).say(view.label(label));
    let (first, second) = if deleting {
        (Icon::Pass, Icon::Running)
    } else {
        (Icon::Running, Icon::Waiting)
    };
    let phases = el("ol", "phases")
        .child(step(first, Label::Refreshing))
        .child(step(second, Label::Deleting));
    let resent = submitting
        .resent
        .then(|| said("p", "hint", view.label(Label::Resent)));
    let waiting = (waited >= 3000).then(|| {
        said("p", "quiet", view.label(Label::Waited))
            .say(" ")
            .text(view.duration(waited))
    });
    el("section", "panel")
        .attr("aria-labelledby", "screen")
        .attr("aria-busy", "true")
        .child(heading_of(
            heading,
            view.label(Label::SubmittingTitle).into(),
        ))
        .child(phases)
        .maybe(resent)
        .child(said("p", "quiet", view.label(Label::SentOnce)))
        .maybe(waiting)
        .html()
}
