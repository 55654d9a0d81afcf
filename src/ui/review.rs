//! What will happen, and the confirmation.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icon::Icon;
use super::notice::notice;
use super::view::View;
use crate::flow::event::{Event as Act, Language};
use crate::flow::state;
use crate::text;
use crate::text::labels::Label;

/// Properties of [`Review`].
#[derive(Properties, PartialEq)]
pub struct ReviewProps {
    /// Words.
    pub view: View,
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// What is reviewed.
    pub review: state::Review,
    /// Takes acts.
    pub dispatch: Callback<Act>,
}

/// The stages in plain words, what they mean, and the confirmation.
#[component]
pub fn Review(props: &ReviewProps) -> Html {
    let ReviewProps { view, review, .. } = props;
    let language = view.language;
    let address = review.preflight.facts.address.to_string();
    let typed = use_state_eq(String::new);
    let matches = typed.trim() == address;
    let wrong = review.mismatch && !matches;

    let confirm = {
        let (dispatch, typed) = (props.dispatch.clone(), typed.clone());
        move || {
            dispatch.emit(Act::Confirm {
                typed: typed.trim().to_owned(),
            });
        }
    };
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                typed.set(input.value());
            }
        })
    };
    // With its only button disabled a form is not submitted by Enter: without this, nothing would
    // say why. The flow refuses what does not match.
    let onkeydown = {
        let confirm = confirm.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && !event.is_composing() && !matches {
                event.prevent_default();
                confirm();
            }
        })
    };
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        if matches {
            confirm();
        }
    });
    let back = props.dispatch.reform(|_: MouseEvent| Act::Back);
    let stages = text::review::stages(language);
    html! {
        <section class="panel" aria-labelledby="screen">
            <h2 id="screen" tabindex="-1" ref={props.heading.clone()}>{ view.label(Label::ReviewTitle) }</h2>
            <p class="lead">{ text::review::summary(&address, language) }</p>
            <h3>{ view.label(Label::ReviewStages) }</h3>
            <ol class="effects">
                { for stages.iter().map(|stage| html! {
                    <li>
                        <p><strong>{ stage.title }</strong><code>{ stage.wire_name }</code></p>
                        <p class="detail">{ stage.effect }</p>
                    </li>
                }) }
            </ol>
            <h3>{ view.label(Label::ReviewKnow) }</h3>
            <ul class="warnings">
                { for text::review::warnings(language).iter().map(|warning| html! {
                    <li>{ Icon::Warn.draw() }<span>{ *warning }</span></li>
                }) }
            </ul>
            <form class="confirm" {onsubmit} novalidate=true>
                <p id="confirm-hint">{ text::review::confirm(&address, language) }</p>
                <div class="field">
                    <label for="confirm">{ view.label(Label::TypeToConfirm) }</label>
                    <input
                        id="confirm"
                        type="text"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        aria-invalid={wrong.then_some("true")}
                        aria-describedby={if wrong { "mismatch confirm-hint" } else { "confirm-hint" }}
                        {oninput}
                        {onkeydown}
                    />
                    if wrong {
                        { notice(Some("mismatch"), Icon::Fail, &text::review::mismatch(&address, language), None) }
                    }
                </div>
                <div class="acts">
                    <button type="submit" class="danger" disabled={!matches}>{ destroy(&address, language) }</button>
                    <button type="button" class="plain" onclick={back}>{ view.label(Label::Back) }</button>
                </div>
            </form>
        </section>
    }
}

/// The act and its target.
fn destroy(address: &str, language: Language) -> String {
    match language {
        Language::English => ["Destroy ODP on ", address].concat(),
        Language::Chinese => ["销毁 ", address, " 上的 ODP"].concat(),
    }
}
