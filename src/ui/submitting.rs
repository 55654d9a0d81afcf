//! Between the confirmation and the task: what is being done, and nothing to press but to give up
//! finding out.

use yew::prelude::*;

use super::ConsoleProps;
use super::build::{button, el, heading as heading_of, said, tells};
use super::icon::Icon;
use super::notice::notice;
use super::task::contact;
use super::view::{View, whole_seconds};
use crate::flow::event::Event as Act;
use crate::flow::state::{self, SubmitPhase};
use crate::text::labels::Label;

/// What is being done.
pub(super) fn submitting(
    props: &ConsoleProps,
    view: &View,
    heading: &NodeRef,
    submitting: &state::Submitting,
) -> Html {
    let waited = whole_seconds(view.now - submitting.confirmed_at);
    let step = |icon: Icon, label| el("li", "").node(icon.draw()).say(view.label(label));
    let (first, second) = match &submitting.phase {
        SubmitPhase::Refreshing => (Icon::Running, Icon::Waiting),
        SubmitPhase::Deleting(_) => (Icon::Pass, Icon::Running),
        SubmitPhase::FindingOut(_) => (Icon::Pass, Icon::Warn),
    };
    let phases = el("ol", "phases")
        .child(step(first, Label::Refreshing))
        .child(step(second, Label::Deleting));
    let resent = submitting
        .resent()
        .then(|| said("p", "hint", view.label(Label::Resent)));
    let waiting = (waited >= 3000).then(|| {
        said("p", "quiet", view.label(Label::Waited))
            .say(" ")
            .text(view.duration(waited))
    });
    let panel = el("section", "panel")
        .attr("aria-labelledby", "screen")
        .attr("aria-busy", "true")
        .child(heading_of(
            heading,
            view.label(Label::SubmittingTitle).into(),
        ));
    match &submitting.phase {
        SubmitPhase::FindingOut(doubt) => {
            let facts = &submitting.preflight.facts;
            let cause = view.cause(&doubt.cause, &facts.address.to_string());
            let doubted = view.label(Label::Doubt);
            let leave = tells(&props.tell, Act::StartOver);
            let leave = button("plain", view.label(Label::StopWatching), leave);
            panel
                .child(phases.child(step(Icon::Running, Label::FindingOut)))
                .node(notice(None, Icon::Warn, &cause.what, Some(doubted)))
                .node(contact(
                    props,
                    view,
                    heading,
                    facts,
                    (&doubt.contact, doubt.last_news),
                ))
                .maybe(waiting)
                .child(el("p", "leave").child(leave))
        }
        _ => panel
            .child(phases)
            .maybe(resent)
            .child(said("p", "quiet", view.label(Label::SentOnce)))
            .maybe(waiting),
    }
    .html()
}
