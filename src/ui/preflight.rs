//! The checks before anything is done.

use yew::prelude::*;

use super::ConsoleProps;
use super::build::{El, button, el, heading as heading_of, said, several, tells, texted};
use super::icon::Icon;
use super::prose::prose;
use super::view::View;
use crate::flow::event::Event as Act;
use crate::flow::preflight::{Check, Verdict, checks, may_proceed};
use crate::flow::state;
use crate::text;
use crate::text::labels::Label;

/// The list of checks, and the ways on.
pub(super) fn preflight(
    props: &ConsoleProps,
    view: &View,
    heading: &NodeRef,
    preflight: &state::Preflight,
) -> Html {
    let checks = checks(preflight, props.secure_transport);
    let count = |verdict| {
        checks
            .iter()
            .filter(|check| check.verdict == verdict)
            .count()
    };
    let (warnings, failures) = (count(Verdict::Warn), count(Verdict::Fail));
    let ready = may_proceed(preflight);
    let tally = |icon: Icon, count: usize, label| {
        let class = if count == 0 { "tally none" } else { "tally" };
        el("span", class)
            .node(icon.draw())
            .text(view.count(count))
            .say(" ")
            .say(view.label(label))
    };
    let press = |class, label, act| button(class, view.label(label), tells(&props.tell, act));
    let busy = preflight.rechecking.then_some("true");
    let review = press("primary", Label::Review, Act::Review)
        .attr_if("aria-disabled", (!ready).then_some("true"))
        .attr_if("aria-describedby", (failures > 0).then_some("not-ready"));
    let follow = preflight.holder.as_ref();
    let follow = follow.map(|_| press("", Label::FollowTask, Act::FollowHolder));
    let asking = preflight.rechecking.then(|| {
        el("span", "asking")
            .node(Icon::Running.draw())
            .say(view.label(Label::Checking))
    });
    let read_only = props.state.settings.read_only;
    let acts = el("div", "acts")
        .maybe((!read_only).then_some(review))
        .child(press("", Label::CheckAgain, Act::Recheck).attr_if("aria-disabled", busy))
        .maybe(follow)
        .child(press("", Label::ListTasks, Act::ListTasks))
        .child(press("plain", Label::Back, Act::Back))
        .maybe(asking);
    let why_not = if read_only {
        Some(Label::ReadOnly)
    } else {
        (failures > 0).then_some(Label::NotReady)
    };
    let why_not = why_not.map(|label| said("p", "hint", view.label(label)).attr("id", "not-ready"));
    let rows = checks
        .iter()
        .map(|check| row(view, preflight, check).html());
    let panel = el("section", "panel")
        .attr("aria-labelledby", "screen")
        .attr_if("aria-busy", busy)
        .child(heading_of(
            heading,
            view.label(Label::PreflightTitle).into(),
        ))
        .child(
            el("p", "tallies")
                .child(tally(Icon::Pass, count(Verdict::Pass), Label::Passed))
                .child(tally(Icon::Warn, warnings, Label::Warnings))
                .child(tally(Icon::Fail, failures, Label::Failures)),
        )
        .child(el("ul", "checks").each(rows))
        .child(acts)
        .maybe(why_not);
    let tasks = view.tasks(&props.tell, &preflight.facts, &preflight.tasks);
    several(vec![panel.html(), tasks])
}

fn row(view: &View, preflight: &state::Preflight, check: &Check) -> El {
    let text = text::check::check(check, &preflight.facts, view.language);
    let (icon, class) = match check.verdict {
        Verdict::Pass => (Icon::Pass, "good"),
        Verdict::Warn => (Icon::Warn, "warn"),
        Verdict::Fail => (Icon::Fail, "bad"),
    };
    let verdict = text::check::verdict(check.verdict, view.language);
    let title = el("p", "")
        .child(texted("strong", "", text.title))
        .child(texted("span", "verdict", verdict.into()));
    let fix = text.fix.as_ref();
    let words = el("div", "")
        .child(title)
        .child(texted("p", "detail", text.detail))
        .maybe(fix.map(|fix| el("p", "fix").node(prose(view, fix))));
    el("li", class).node(icon.draw()).child(words)
}
