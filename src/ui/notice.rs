//! A sentence that must be seen, and its fix.

use yew::prelude::*;

use super::icon::Icon;
use crate::text::problem::Advice;

/// A box with a sentence and its fix. The sign gives the colour; the id is for
/// `aria-describedby`.
pub(super) fn notice(id: Option<&'static str>, icon: Icon, what: &str, fix: Option<&str>) -> Html {
    let tone = match icon {
        Icon::Fail => "notice bad",
        Icon::Warn => "notice warn",
        _ => "notice",
    };
    html! {
        <div class={tone} {id}>
            { icon.draw() }
            <div>
                <p class="what">{ what }</p>
                if let Some(fix) = fix {
                    <p>{ fix }</p>
                }
            </div>
        </div>
    }
}

/// A box with advice.
pub(super) fn advise(id: Option<&'static str>, icon: Icon, advice: &Advice) -> Html {
    notice(id, icon, &advice.what, Some(&advice.fix))
}
