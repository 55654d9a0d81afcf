//! What will happen, and the confirmation.

use std::cell::RefCell;

use yew::prelude::*;

use super::build::{On, button, el, entered, heading, is_enter, said, tells, texted};
use super::icon::Icon;
use super::message::Message;
use super::notice::notice;
use super::part::{Kept, Part};
use super::view::View;
use crate::flow::event::{Event as Act, Language};
use crate::flow::state;
use crate::text;
use crate::text::labels::Label;

/// What the review is given.
#[derive(PartialEq)]
pub struct ReviewProps {
    /// Words.
    pub view: View,
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// What is reviewed.
    pub review: state::Review,
    /// Takes what a person does.
    pub tell: Callback<Message>,
}

/// What the review keeps: what was typed to confirm.
#[derive(Default)]
struct Own(RefCell<String>);

/// The stages in plain words, what they mean, and the confirmation.
pub(super) fn review(props: &ReviewProps, part: &Part) -> Html {
    let ReviewProps { view, review, .. } = props;
    let language = view.language;
    let address = review.preflight.facts.address.to_string();
    let kept = part.kept::<Own>();
    let matches = kept.0.borrow().trim() == address;
    let wrong = review.mismatch && !matches;

    let oninput = {
        let kept = kept.clone();
        Callback::from(move |event: Event| {
            kept.0.replace(entered(&event));
            kept.redraw();
        })
    };
    // With its only button disabled a form is not submitted by Enter: without this, nothing would
    // say why. The flow refuses what does not match.
    let onkeydown = {
        let (kept, tell) = (kept.clone(), props.tell.clone());
        Callback::from(move |event: Event| {
            if !matches && is_enter(&event) {
                event.prevent_default();
                confirm(&kept, &tell);
            }
        })
    };
    let onsubmit = {
        let tell = props.tell.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            if matches {
                confirm(&kept, &tell);
            }
        })
    };
    let back = tells(&props.tell, Act::Back);
    let stages = text::review::stages(language);
    let stages = stages.iter().map(|stage| {
        let name = el("p", "")
            .child(said("strong", "", stage.title))
            .child(said("code", "", stage.wire_name));
        el("li", "")
            .child(name)
            .child(said("p", "detail", stage.effect))
            .html()
    });
    let warnings = text::review::warnings(language);
    let warnings = warnings.iter().map(|warning| {
        el("li", "")
            .node(Icon::Warn.draw())
            .child(said("span", "", warning))
            .html()
    });
    let described = if wrong {
        "mismatch confirm-hint"
    } else {
        "confirm-hint"
    };
    let input = el("input", "")
        .attr("id", "confirm")
        .attr("type", "text")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "none")
        .attr("spellcheck", "false")
        .attr_if("aria-invalid", wrong.then_some("true"))
        .attr("aria-describedby", described)
        .on(On::Input, oninput)
        .on(On::Key, onkeydown);
    let mismatch = wrong.then(|| {
        let what = text::review::mismatch(&address, language);
        notice(Some("mismatch"), Icon::Fail, &what, None)
    });
    let field = el("div", "field")
        .child(said("label", "", view.label(Label::TypeToConfirm)).attr("for", "confirm"))
        .child(input)
        .node(mismatch.unwrap_or_default());
    let destroy = texted("button", "danger", destroy(&address, language))
        .attr("type", "submit")
        .attr_if("disabled", (!matches).then_some("disabled"));
    let acts =
        el("div", "acts")
            .child(destroy)
            .child(button("plain", view.label(Label::Back), back));
    let hint = text::review::confirm(&address, language);
    let form = el("form", "confirm")
        .attr("novalidate", "novalidate")
        .on(On::Submit, onsubmit)
        .child(texted("p", "", hint).attr("id", "confirm-hint"))
        .child(field)
        .child(acts);
    let title = view.label(Label::ReviewTitle);
    let summary = text::review::summary(&address, language);
    el("section", "panel")
        .attr("aria-labelledby", "screen")
        .child(heading(&props.heading, title.into()))
        .child(texted("p", "lead", summary))
        .child(said("h3", "", view.label(Label::ReviewStages)))
        .child(el("ol", "effects").each(stages))
        .child(said("h3", "", view.label(Label::ReviewKnow)))
        .child(el("ul", "warnings").each(warnings))
        .child(form)
        .html()
}

/// Confirms with what was typed.
fn confirm(kept: &Kept<Own>, tell: &Callback<Message>) {
    let typed = kept.0.borrow().trim().to_owned();
    tell.emit(Message::Flow(Act::Confirm { typed }));
}

/// The act and its target.
fn destroy(address: &str, language: Language) -> String {
    match language {
        Language::English => ["Destroy ODP on ", address].concat(),
        Language::Chinese => ["销毁 ", address, " 上的 ODP"].concat(),
    }
}
