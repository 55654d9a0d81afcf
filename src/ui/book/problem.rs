//! The reason why the last action failed.

use yew::prelude::*;

use crate::book::state;
use crate::text::book::problem;
use crate::ui::icon::IconKind;
use crate::ui::notice::Notice;
use crate::ui::view::use_view;

/// Properties of [`Problem`].
#[derive(PartialEq, Properties)]
pub struct ProblemProps {
    /// The problem.
    pub problem: Option<state::Problem>,
    /// The typed address.
    #[prop_or_default]
    pub typed: AttrValue,
}

/// The problem, announced when it appears.
#[component]
pub fn Problem(props: &ProblemProps) -> Html {
    let language = use_view().language;
    let advice = props.problem.map(|it| problem(it, &props.typed, language));
    html! {
        <div id="book-problem" role="alert">
            if let Some(advice) = advice {
                <Notice icon={IconKind::Fail} what={advice.what} fix={AttrValue::from(advice.fix)} />
            }
        </div>
    }
}
