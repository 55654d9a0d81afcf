//! A sentence that must be seen, and its fix.

use yew::prelude::*;

use super::icon::Icon;
use super::prose::prose;
use super::view::View;
use crate::text::problem::Advice;

/// A box with a sentence and its fix. The sign gives the colour; the id is for
/// `aria-describedby`.
pub(super) fn notice(id: Option<&'static str>, icon: Icon, what: &str, fix: Option<&str>) -> Html {
    let fix = fix.map(|fix| html! { fix.to_owned() });
    draw(id, icon, what, fix)
}

fn draw(id: Option<&'static str>, icon: Icon, what: &str, fix: Option<Html>) -> Html {
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

/// A box with advice; a command in it can be copied.
pub(super) fn advise(view: &View, id: Option<&'static str>, icon: Icon, advice: &Advice) -> Html {
    draw(id, icon, &advice.what, Some(prose(view, &advice.fix)))
}
