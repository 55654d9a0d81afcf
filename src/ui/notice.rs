//! A sentence that must be seen, and its fix.

use yew::prelude::*;

use super::icon::Icon;

/// Properties of [`Notice`].
#[derive(Properties, PartialEq)]
pub struct NoticeProps {
    /// Its sign, which gives the colour, too.
    pub icon: Icon,
    /// What is wrong, or what is to know.
    pub what: AttrValue,
    /// What helps.
    #[prop_or_default]
    pub fix: Option<AttrValue>,
    /// The id for `aria-describedby`.
    #[prop_or_default]
    pub id: Option<AttrValue>,
    /// More of it.
    #[prop_or_default]
    pub children: Html,
}

/// A box with a sentence and its fix.
#[component]
pub fn Notice(props: &NoticeProps) -> Html {
    let tone = match props.icon {
        Icon::Fail => "notice bad",
        Icon::Warn => "notice warn",
        Icon::Pass => "notice good",
        _ => "notice",
    };
    html! {
        <div class={tone} id={props.id.clone()}>
            { props.icon.draw() }
            <div>
                <p class="what">{ &props.what }</p>
                if let Some(fix) = &props.fix {
                    <p>{ fix }</p>
                }
                { props.children.clone() }
            </div>
        </div>
    }
}
