//! The checks before anything is done.

use yew::prelude::*;

use super::ConsoleProps;
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
    let on = |act: Act| props.dispatch.reform(move |_: MouseEvent| act.clone());
    let tally = |icon: Icon, count: usize, label| {
        let class = if count == 0 { "tally none" } else { "tally" };
        html! { <span {class}>{ icon.draw() }{ view.count(count) }{ " " }{ view.label(label) }</span> }
    };
    html! {
        <section class="panel" aria-labelledby="screen" aria-busy={preflight.rechecking.then_some("true")}>
            <h2 id="screen" tabindex="-1" ref={heading.clone()}>{ view.label(Label::PreflightTitle) }</h2>
            <p class="tallies">
                { tally(Icon::Pass, count(Verdict::Pass), Label::Passed) }
                { tally(Icon::Warn, warnings, Label::Warnings) }
                { tally(Icon::Fail, failures, Label::Failures) }
            </p>
            <ul class="checks">{ for checks.iter().map(|check| row(view, preflight, check)) }</ul>
            <div class="acts">
                <button
                    type="button"
                    class="primary"
                    aria-disabled={(!ready).then_some("true")}
                    aria-describedby={(failures > 0).then_some("not-ready")}
                    onclick={on(Act::Review)}
                >
                    { view.label(Label::Review) }
                </button>
                <button type="button" aria-disabled={preflight.rechecking.then_some("true")} onclick={on(Act::Recheck)}>
                    { view.label(Label::CheckAgain) }
                </button>
                if preflight.holder.is_some() {
                    <button type="button" onclick={on(Act::FollowHolder)}>{ view.label(Label::FollowTask) }</button>
                }
                <button type="button" class="plain" onclick={on(Act::Back)}>{ view.label(Label::Back) }</button>
                if preflight.rechecking {
                    <span class="asking">{ Icon::Running.draw() }{ view.label(Label::Checking) }</span>
                }
            </div>
            if failures > 0 {
                <p class="hint" id="not-ready">{ view.label(Label::NotReady) }</p>
            }
        </section>
    }
}

fn row(view: &View, preflight: &state::Preflight, check: &Check) -> Html {
    let text = text::check::check(check, &preflight.facts, view.language);
    let (icon, class) = match check.verdict {
        Verdict::Pass => (Icon::Pass, "good"),
        Verdict::Warn => (Icon::Warn, "warn"),
        Verdict::Fail => (Icon::Fail, "bad"),
    };
    html! {
        <li {class}>
            { icon.draw() }
            <div>
                <p>
                    <strong>{ text.title }</strong>
                    <span class="verdict">{ text::check::verdict(check.verdict, view.language) }</span>
                </p>
                <p class="detail">{ text.detail }</p>
                if let Some(fix) = &text.fix {
                    <p class="fix">{ prose(view, fix) }</p>
                }
            </div>
        </li>
    }
}
