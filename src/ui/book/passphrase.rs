//! Changing the passphrase.

use yew::prelude::*;

use super::act::Act;
use super::new_passphrase::NewPassphrase;
use crate::book::desk::Goal;
use crate::text::book::BookLabel;
use crate::ui::password::take;
use crate::ui::view::use_view;

/// Properties of [`ChangePassphrase`].
#[derive(PartialEq, Properties)]
pub struct ChangePassphraseProps {
    /// Whether something is under way.
    pub busy: bool,
    /// Takes what a person does.
    pub act: Callback<Act>,
}

/// The form that changes the passphrase.
#[component]
pub fn ChangePassphrase(props: &ChangePassphraseProps) -> Html {
    let ChangePassphraseProps { busy, act } = props;
    let language = use_view().language;
    let fields = [use_node_ref(), use_node_ref()];
    let onsubmit = {
        let ([one, other], act, busy) = (fields.clone(), act.clone(), *busy);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !busy {
                act.emit(Act::ChangePassphrase {
                    passphrase: take(&one),
                    again: take(&other),
                });
            }
        })
    };
    html! {
        <form novalidate={true} aria-labelledby="book-task" {onsubmit}>
            <h4 id="book-task">{ BookLabel::ChangePassphrase.get(language) }</h4>
            <p class="quiet">{ BookLabel::ChangePassphraseHint.get(language) }</p>
            <NewPassphrase label={BookLabel::NewPassphrase} {fields} />
            <div class="acts">
                <button
                    type="submit"
                    class="primary"
                    aria-disabled={busy.then_some("true")}
                    aria-describedby="book-problem"
                >
                    { BookLabel::ChangePassphrase.get(language) }
                </button>
                <button
                    type="button"
                    class="plain"
                    onclick={act.reform(|_| Act::Go(Goal::Back))}
                >
                    { BookLabel::Cancel.get(language) }
                </button>
            </div>
        </form>
    }
}
