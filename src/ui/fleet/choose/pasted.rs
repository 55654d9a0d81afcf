//! The field for pasted or typed addresses.

use yew::prelude::*;

use crate::fleet::parse::{Problem, ProblemKind};
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::dom::value_of;
use crate::ui::icon::{Icon, IconKind};
use crate::ui::view::use_view;

/// The maximum number of problems listed; further problems are counted.
const MOST_NAMED: usize = 50;

/// Properties of [`PastedAddresses`].
#[derive(PartialEq, Properties)]
pub struct PastedAddressesProps {
    /// The field, to be focused.
    pub field: NodeRef,
    /// The text of the field.
    pub text: AttrValue,
    /// The parts of the text that add no agent.
    pub problems: Vec<Problem>,
    /// Whether the site allows only agents of its list.
    pub listed_only: bool,
    /// Receives the typed text.
    pub on_type: Callback<String>,
}

/// The field, and its problems by line.
#[component]
pub fn PastedAddresses(props: &PastedAddressesProps) -> Html {
    let PastedAddressesProps {
        field,
        text: typed,
        problems,
        listed_only,
        on_type,
    } = props;
    let language = use_view().language;
    let label = if *listed_only {
        FleetLabel::PasteListed
    } else {
        FleetLabel::Paste
    };
    let invalid = problems
        .iter()
        .any(|problem| matches!(problem.kind, ProblemKind::Unusable(_)));
    let described = if problems.is_empty() {
        "paste-hint"
    } else {
        "paste-problems paste-hint"
    };
    let row = |problem: &Problem| {
        let advice = text::fleet::problem(problem, language);
        let (class, kind) = match problem.kind {
            ProblemKind::Unusable(_) => ("bad", IconKind::Fail),
            ProblemKind::Duplicate(_) => ("info", IconKind::Info),
        };
        html! {
            <li {class}>
                <Icon {kind} />
                <span>{ advice.what }{ " " }{ advice.fix }</span>
            </li>
        }
    };
    html! {
        <div class="field">
            <label for="paste">{ label.get(language) }</label>
            <textarea
                id="paste"
                ref={field}
                rows="5"
                value={typed}
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-invalid={invalid.then_some("true")}
                aria-describedby={described}
                oninput={on_type.reform(|event: InputEvent| value_of(&event))}
            />
            if !problems.is_empty() {
                <ul class="problems" id="paste-problems">
                    { for problems.iter().take(MOST_NAMED).map(row) }
                    if problems.len() > MOST_NAMED {
                        <li>{ text::fleet::more_problems(problems.len() - MOST_NAMED, language) }</li>
                    }
                </ul>
            }
            <p class="hint" id="paste-hint">{ FleetLabel::PasteHint.get(language) }</p>
        </div>
    }
}
