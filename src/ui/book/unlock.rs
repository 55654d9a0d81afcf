//! The form that unlocks a book.

use yew::prelude::*;

use super::action::BookAction;
use super::buttons::submit;
use super::secret_field::SecretField;
use crate::text::book::BookLabel;
use crate::ui::password::take;
use crate::ui::view::use_view;

/// Properties of [`Unlock`].
#[derive(PartialEq, Properties)]
pub struct UnlockProps {
    /// The element name of the heading, which depends on the location of the form.
    pub heading: &'static str,
    /// Whether work is in progress.
    pub busy: bool,
    /// Receives the person's actions.
    pub on_action: Callback<BookAction>,
    /// Additional buttons.
    pub children: Html,
}

/// The form that unlocks the book.
#[component]
pub fn Unlock(props: &UnlockProps) -> Html {
    let UnlockProps {
        heading,
        busy,
        on_action,
        children,
    } = props;
    let language = use_view().language;
    let field = use_node_ref();
    let onsubmit = {
        let (field, on_action, busy) = (field.clone(), on_action.clone(), *busy);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !busy {
                on_action.emit(BookAction::Unlock(take(&field)));
            }
        })
    };
    html! {
        <form novalidate={true} aria-labelledby="book-task" {onsubmit}>
            <@{*heading} id="book-task">{ BookLabel::UnlockTitle.get(language) }</@>
            <SecretField
                id="book-passphrase"
                label={BookLabel::Passphrase.get(language)}
                hint={BookLabel::LockHint.get(language)}
                {field}
            />
            <div class="acts">
                { submit(BookLabel::Unlock.get(language), *busy) }
                { children.clone() }
            </div>
        </form>
    }
}
