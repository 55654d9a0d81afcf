//! The effects of a destroy.

use yew::prelude::*;

use crate::text;
use crate::text::labels::Label;
use crate::ui::icon::{Icon, IconKind};
use crate::ui::view::use_view;

/// Properties of [`Effects`].
#[derive(PartialEq, Properties)]
pub struct EffectsProps {
    /// Whether the component has its own heading.
    #[prop_or(true)]
    pub titled: bool,
}

/// The stages of a destroy, and the facts to know before confirming it.
#[component]
pub fn Effects(props: &EffectsProps) -> Html {
    let view = use_view();
    let language = view.language;
    html! {
        <>
            if props.titled {
                <h3>{ view.label(Label::ReviewStages) }</h3>
            }
            <ol class="effects">
                for stage in text::review::stages(language) {
                    <li>
                        <p>
                            <strong>{ stage.title }</strong>
                            <code>{ stage.wire_name }</code>
                        </p>
                        <p class="detail">{ stage.effect }</p>
                    </li>
                }
            </ol>
            <h3>{ view.label(Label::ReviewKnow) }</h3>
            <ul class="warnings">
                for warning in text::review::warnings(language) {
                    <li>
                        <Icon kind={IconKind::Warn} />
                        <span>{ warning }</span>
                    </li>
                }
            </ul>
        </>
    }
}
