//! A sentence that must be seen, and its fix.

use yew::prelude::*;

use super::build::{el, texted};
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
    let words = el("div", "")
        .child(texted("p", "what", what.to_owned()))
        .maybe(fix.map(|fix| texted("p", "", fix.to_owned())));
    el("div", tone)
        .attr_if("id", id)
        .node(icon.draw())
        .child(words)
        .html()
}

/// A box with advice.
pub(super) fn advise(id: Option<&'static str>, icon: Icon, advice: &Advice) -> Html {
    notice(id, icon, &advice.what, Some(&advice.fix))
}
