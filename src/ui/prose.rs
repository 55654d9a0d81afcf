//! A sentence with an optional command.

use yew::prelude::*;

use super::copy_button::{CopyButton, Source};
use crate::text::labels::Label;
use crate::text::split_command;

/// Properties of [`Prose`].
#[derive(PartialEq, Properties)]
pub struct ProseProps {
    /// The sentence; a command follows a line break.
    pub text: AttrValue,
}

/// A sentence; its command is set apart and can be copied.
#[component]
pub fn Prose(props: &ProseProps) -> Html {
    let (sentence, command) = split_command(&props.text);
    html! {
        <>
            { sentence }
            if let Some(command) = command {
                <span class="command">
                    <code>{ command }</code>
                    <CopyButton
                        source={Source::Text(AttrValue::from(command.to_owned()))}
                        label={Label::CopyCommand}
                    />
                </span>
            }
        </>
    }
}
