//! A sentence, and the command that it may offer.

use yew::prelude::*;

use super::copy::{CopyButton, Source};
use super::view::View;
use crate::text::labels::Label;
use crate::text::split_command;

/// Draws a sentence; a command in it is set apart and can be copied.
pub(super) fn prose(view: &View, text: &str) -> Html {
    let (sentence, command) = split_command(text);
    html! {
        <>
            { sentence }
            if let Some(command) = command {
                <span class="command">
                    <code>{ command }</code>
                    <CopyButton
                        view={view.calm()}
                        source={Source::Text(AttrValue::from(command.to_owned()))}
                        label={Label::CopyCommand}
                    />
                </span>
            }
        </>
    }
}
