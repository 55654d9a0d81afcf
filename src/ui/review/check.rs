//! A row of the checks.

use std::rc::Rc;

use yew::prelude::*;

use crate::flow::preflight::{Check, Verdict};
use crate::flow::state::Facts;
use crate::text;
use crate::ui::icon::{Icon, IconKind};
use crate::ui::prose::Prose;
use crate::ui::view::use_view;

/// Properties of [`CheckRow`].
#[derive(PartialEq, Properties)]
pub struct CheckRowProps {
    /// The check.
    pub check: Check,
    /// The facts about the agent.
    pub facts: Rc<Facts>,
}

/// A check: its verdict, its finding and the fix.
#[component]
pub fn CheckRow(props: &CheckRowProps) -> Html {
    let CheckRowProps { check, facts } = props;
    let language = use_view().language;
    let words = text::check::check(check, facts, language);
    let (kind, class) = match check.verdict {
        Verdict::Pass => (IconKind::Pass, "good"),
        Verdict::Warn => (IconKind::Warn, "warn"),
        Verdict::Fail => (IconKind::Fail, "bad"),
    };
    html! {
        <li {class}>
            <Icon {kind} />
            <div>
                <p>
                    <strong>{ words.title }</strong>
                    <span class="verdict">{ text::check::verdict(check.verdict, language) }</span>
                </p>
                <p class="detail">{ words.detail }</p>
                if let Some(fix) = words.fix {
                    <p class="fix"><Prose text={fix} /></p>
                }
            </div>
        </li>
    }
}
