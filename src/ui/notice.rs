//! A sentence that must be seen, and its fix.

use yew::prelude::*;

use super::build::{el, texted};
use super::icon::Icon;
use super::prose::prose;
use super::view::View;
use crate::text::problem::Advice;

/// A box with a sentence and its fix. The sign gives the colour; the id is for
/// `aria-describedby`.
pub(super) fn notice(id: Option<&'static str>, icon: Icon, what: &str, fix: Option<&str>) -> Html {
    let fix = fix.map(|fix| Html::from(fix.to_owned()));
    draw(id, icon, what, fix)
}

fn draw(id: Option<&'static str>, icon: Icon, what: &str, fix: Option<Html>) -> Html {
    let tone = match icon {
        Icon::Fail => "notice bad",
        Icon::Warn => "notice warn",
        _ => "notice",
    };
    let words = el("div", "")
        .child(texted("p", "what", what.to_owned()))
        .maybe(fix.map(|fix| el("p", "").node(fix)));
    el("div", tone)
        .attr_if("id", id)
        .node(icon.draw())
        .child(words)
        .html()
}

/// A box with advice; a command in it can be copied.
pub(super) fn advise(view: &View, id: Option<&'static str>, icon: Icon, advice: &Advice) -> Html {
    draw(id, icon, &advice.what, Some(prose(view, &advice.fix)))
}
