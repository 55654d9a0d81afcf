//! The pre-flight checks of a destroy.

use std::cmp::Reverse;

use yew::prelude::*;

use super::check::CheckRow;
use crate::flow::event::FlowEvent;
use crate::flow::preflight::{Check, Verdict, checks};
use crate::flow::state::Preflight;
use crate::text;
use crate::text::labels::Label;
use crate::ui::icon::{Icon, IconKind};
use crate::ui::message::{Message, to_flow};
use crate::ui::view::use_view;

/// Properties of [`Checks`].
#[derive(PartialEq, Properties)]
pub struct ChecksProps {
    /// The data of the checks.
    pub preflight: Preflight,
    /// Whether requests leave the browser by HTTPS.
    pub secure_transport: bool,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The checks that did not pass, the worst first; those that passed are collapsed into one line.
#[component]
pub fn Checks(props: &ChecksProps) -> Html {
    let ChecksProps {
        preflight,
        secure_transport,
        on_message,
    } = props;
    let view = use_view();
    let (passed, mut others): (Vec<_>, Vec<_>) = checks(preflight, *secure_transport)
        .into_iter()
        .partition(|check| check.verdict == Verdict::Pass);
    others.sort_by_key(|check| Reverse(check.verdict));
    let rows = |checks: Vec<Check>| {
        html! {
            <ul class="checks">
                for check in checks {
                    <CheckRow {check} facts={preflight.facts.clone()} />
                }
            </ul>
        }
    };
    let line = text::check::passed(passed.len(), others.is_empty(), view.language);
    let busy = preflight.rechecking.then_some("true");
    html! {
        <section class="panel preflight" aria-labelledby="checks-title" aria-busy={busy}>
            <h3 id="checks-title">{ view.label(Label::PreflightTitle) }</h3>
            if !others.is_empty() {
                { rows(others) }
            }
            <details class="passed">
                <summary>
                    <Icon kind={IconKind::Pass} />
                    { line }
                </summary>
                { rows(passed) }
            </details>
            <div class="acts">
                <button
                    type="button"
                    aria-disabled={busy}
                    onclick={to_flow(on_message, FlowEvent::Recheck)}
                >
                    { view.label(Label::CheckAgain) }
                </button>
                if preflight.holder.is_some() {
                    <button type="button" class="primary" onclick={to_flow(on_message, FlowEvent::FollowHolder)}>
                        { view.label(Label::FollowTask) }
                    </button>
                }
                if preflight.rechecking {
                    <span class="asking">
                        <Icon kind={IconKind::Running} />
                        { view.label(Label::Checking) }
                    </span>
                }
            </div>
        </section>
    }
}
