//! Unlocking the book where its agents or passwords are needed, outside of its panel.

use yew::prelude::*;

use super::context::{BookView, use_book_view};
use super::problem::Problem;
use super::unlock::Unlock;
use super::work::WorkLine;

/// Properties of [`UnlockHere`].
#[derive(PartialEq, Properties)]
pub struct UnlockHereProps {
    /// Further buttons.
    #[prop_or_default]
    pub children: Html,
}

/// The form that unlocks, what is wrong, and what is under way.
#[component]
pub fn UnlockHere(props: &UnlockHereProps) -> Html {
    let Some(BookView { desk, act, .. }) = use_book_view() else {
        return Html::default();
    };
    html! {
        <div class="unlock">
            <Unlock heading="h3" busy={desk.work.is_some()} {act}>{ props.children.clone() }</Unlock>
            <Problem problem={desk.problem} />
            <WorkLine {desk} />
        </div>
    }
}
