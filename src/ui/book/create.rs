//! Creating a book.

use yew::prelude::*;

use super::act::Act;
use super::new_passphrase::NewPassphrase;
use crate::book::desk::Goal;
use crate::text::book::BookLabel;
use crate::ui::password::take;
use crate::ui::view::use_view;

/// Properties of [`Create`].
#[derive(PartialEq, Properties)]
pub struct CreateProps {
    /// Whether something is under way.
    pub busy: bool,
    /// Takes what a person does.
    pub act: Callback<Act>,
}

/// The form that creates a book.
#[component]
pub fn Create(props: &CreateProps) -> Html {
    let CreateProps { busy, act } = props;
    let language = use_view().language;
    let fields = [use_node_ref(), use_node_ref()];
    let onsubmit = {
        let ([one, other], act, busy) = (fields.clone(), act.clone(), *busy);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !busy {
                act.emit(Act::Create {
                    passphrase: take(&one),
                    again: take(&other),
                });
            }
        })
    };
    html! {
        <form novalidate={true} aria-labelledby="book-task" {onsubmit}>
            <h4 id="book-task">{ BookLabel::Create.get(language) }</h4>
            <NewPassphrase label={BookLabel::Passphrase} {fields} />
            <div class="acts">
                <button
                    type="submit"
                    class="primary"
                    aria-disabled={busy.then_some("true")}
                    aria-describedby="book-problem"
                >
                    { BookLabel::Create.get(language) }
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
