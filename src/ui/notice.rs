//! A notice: a message and its fix.

use yew::prelude::*;

use super::icon::{Icon, IconKind};
use super::prose::Prose;

/// Properties of [`Notice`].
#[derive(PartialEq, Properties)]
pub struct NoticeProps {
    /// For `aria-describedby`.
    #[prop_or_default]
    pub id: Option<&'static str>,
    /// The icon, which determines the colour.
    pub icon: IconKind,
    /// The message.
    pub what: AttrValue,
    /// The fix. A command in it can be copied.
    #[prop_or_default]
    pub fix: Option<AttrValue>,
}

/// A box with a message and its fix.
#[component]
pub fn Notice(props: &NoticeProps) -> Html {
    let tone = match props.icon {
        IconKind::Fail => "notice bad",
        IconKind::Warn => "notice warn",
        _ => "notice",
    };
    html! {
        <div id={props.id} class={tone}>
            <Icon kind={props.icon} />
            <div>
                <p class="what">{ &props.what }</p>
                if let Some(fix) = &props.fix {
                    <p><Prose text={fix.clone()} /></p>
                }
            </div>
        </div>
    }
}
