//! Unlocking outside of the panel, where the agents or passwords of the book are needed.

use yew::prelude::*;

use super::context::{BookView, use_book_view};
use super::problem::Problem;
use super::unlock::Unlock;
use super::work::WorkLine;

/// Properties of [`UnlockHere`].
#[derive(PartialEq, Properties)]
pub struct UnlockHereProps {
    /// Additional buttons.
    #[prop_or_default]
    pub children: Html,
}

/// The form that unlocks the book, with its problem and the work in progress.
#[component]
pub fn UnlockHere(props: &UnlockHereProps) -> Html {
    let book = use_book_view();
    html! {
        <div class="unlock">
            if let Some(BookView { state, on_action, .. }) = book {
                <Unlock heading="h3" busy={state.work.is_some()} {on_action}>
                    { props.children.clone() }
                </Unlock>
                <Problem problem={state.problem} />
                <WorkLine {state} />
            }
        </div>
    }
}
