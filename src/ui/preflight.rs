//! The checks before anything is done.

mod check;

use yew::prelude::*;

use self::check::CheckRow;
use super::icon::{Icon, IconKind};
use super::message::{Message, to_flow};
use super::task_list::TaskList;
use super::view::use_view;
use crate::flow::event::Event as Act;
use crate::flow::preflight::{Verdict, checks, may_proceed};
use crate::flow::state::Preflight;
use crate::text::labels::Label;

/// Properties of [`PreflightScreen`].
#[derive(PartialEq, Properties)]
pub struct PreflightScreenProps {
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// What was found.
    pub preflight: Preflight,
    /// Whether requests leave the browser by https.
    pub secure_transport: bool,
    /// Whether the console only looks.
    pub read_only: bool,
    /// Takes what a person does.
    pub tell: Callback<Message>,
}

/// The list of checks, and the ways on.
#[component]
pub fn PreflightScreen(props: &PreflightScreenProps) -> Html {
    let PreflightScreenProps {
        heading,
        preflight,
        secure_transport,
        read_only,
        tell,
    } = props;
    let view = use_view();
    let checks = checks(preflight, *secure_transport);
    let count = |verdict| {
        let alike = checks.iter().filter(|check| check.verdict == verdict);
        alike.count()
    };
    let tally = |kind, verdict, label| {
        let count = count(verdict);
        let class = if count == 0 { "tally none" } else { "tally" };
        html! {
            <span {class}>
                <Icon {kind} />
                { view.count(count) }
                { " " }
                { view.label(label) }
            </span>
        }
    };
    let failed = count(Verdict::Fail) > 0;
    let busy = preflight.rechecking.then_some("true");
    let why_not = if *read_only {
        Some(Label::ReadOnly)
    } else {
        failed.then_some(Label::NotReady)
    };
    html! {
        <>
            <section class="panel" aria-labelledby="screen" aria-busy={busy}>
                <h2 id="screen" tabindex="-1" ref={heading}>
                    { view.label(Label::PreflightTitle) }
                </h2>
                <p class="tallies">
                    { tally(IconKind::Pass, Verdict::Pass, Label::Passed) }
                    { tally(IconKind::Warn, Verdict::Warn, Label::Warnings) }
                    { tally(IconKind::Fail, Verdict::Fail, Label::Failures) }
                </p>
                <ul class="checks">
                    for check in checks.iter().cloned() {
                        <CheckRow {check} facts={preflight.facts.clone()} />
                    }
                </ul>
                <div class="acts">
                    if !read_only {
                        <button
                            type="button"
                            class="primary"
                            aria-disabled={(!may_proceed(preflight)).then_some("true")}
                            aria-describedby={failed.then_some("not-ready")}
                            onclick={to_flow(tell, Act::Review)}
                        >
                            { view.label(Label::Review) }
                        </button>
                    }
                    <button
                        type="button"
                        aria-disabled={busy}
                        onclick={to_flow(tell, Act::Recheck)}
                    >
                        { view.label(Label::CheckAgain) }
                    </button>
                    if preflight.holder.is_some() {
                        <button type="button" onclick={to_flow(tell, Act::FollowHolder)}>
                            { view.label(Label::FollowTask) }
                        </button>
                    }
                    <button type="button" onclick={to_flow(tell, Act::ListTasks)}>
                        { view.label(Label::ListTasks) }
                    </button>
                    <button type="button" class="plain" onclick={to_flow(tell, Act::Back)}>
                        { view.label(Label::Back) }
                    </button>
                    if preflight.rechecking {
                        <span class="asking">
                            <Icon kind={IconKind::Running} />
                            { view.label(Label::Checking) }
                        </span>
                    }
                </div>
                if let Some(label) = why_not {
                    <p class="hint" id="not-ready">{ view.label(label) }</p>
                }
            </section>
            <TaskList facts={preflight.facts.clone()} tasks={preflight.tasks.clone()} {tell} />
        </>
    }
}
