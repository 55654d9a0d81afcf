//! The screen of an ending: result, next steps and evidence.

mod evidence;
mod holder;
mod plain_list;

use std::rc::Rc;

use yew::prelude::*;

use self::evidence::{EvidenceFacts, EvidenceMenu};
use self::holder::LockHolder;
use self::plain_list::PlainList;
use super::hooks::ScreenFocus;
use super::icon::{Icon, IconKind};
use super::message::{Message, Picked, to_flow};
use super::notice::Notice;
use super::operations::{Operations, outcome};
use super::prose::Prose;
use super::task::began;
use super::task::detail::TaskDetail;
use super::task::strip::TaskStrip;
use super::view::{View, use_view};
use crate::flow::ending::{Ending, Unknown};
use crate::flow::event::FlowEvent;
use crate::flow::operation::Operation;
use crate::flow::state::Ended;
use crate::obshell::error::{Failure, NotSent, WipeReason};
use crate::obshell::time::Millis;
use crate::text;
use crate::text::labels::Label;

/// Properties of [`EndedScreen`].
#[derive(PartialEq, Properties)]
pub struct EndedScreenProps {
    /// The elements that take the focus.
    pub places: ScreenFocus,
    /// The ending.
    pub ended: Rc<Ended>,
    /// Why the credential was cleared in the meantime, as long as no new one is held.
    pub wipe_reason: Option<WipeReason>,
    /// The stage whose log the person selected, if it is a stage of this task.
    pub picked: Option<Picked>,
    /// Whether the console is read-only.
    pub read_only: bool,
    /// The actions that replace "Start over"; a member of a run has its own.
    #[prop_or_default]
    pub again: Option<Html>,
    /// The browser's clock, in milliseconds since 1970.
    pub now: Millis,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The result card with the next steps, and below it the stages and the log.
#[component]
pub fn EndedScreen(props: &EndedScreenProps) -> Html {
    let EndedScreenProps {
        places,
        ended,
        wipe_reason,
        picked,
        read_only,
        again,
        now,
        on_message,
    } = props;
    let now = *now;
    let view = use_view();
    let words = text::ending::ending(ended, view.language);
    let (kind, class) = tone(&ended.ending);
    let facts_title = if ended.task.is_some() {
        Label::EndFacts
    } else {
        Label::EndKnown
    };
    let operated = ended.task.as_ref().filter(|_| {
        !read_only
            && matches!(
                ended.ending,
                Ending::Failed { .. } | Ending::Cancelled { .. }
            )
    });
    let again = again.clone().unwrap_or_else(|| {
        html! {
            <>
                if ended.ending.may_confirm_again() {
                    <button type="button" class="primary" onclick={to_flow(on_message, FlowEvent::Recheck)}>
                        { view.label(Label::CheckAgain) }
                    </button>
                }
                <button
                    type="button"
                    class={is_mended_by_starting_over(&ended.ending).then_some("primary")}
                    onclick={to_flow(on_message, FlowEvent::StartOver)}
                >
                    { view.label(Label::StartOver) }
                </button>
            </>
        }
    });
    html! {
        <>
            <section {class} aria-labelledby="screen">
                <div class="head">
                    <div class="verdict-line">
                        <Icon {kind} />
                        <h2 id="screen" tabindex="-1" ref={&places.heading}>{ words.name }</h2>
                    </div>
                    <EvidenceMenu {ended} />
                </div>
                <p class="lead"><Prose text={words.summary} /></p>
                <div class="halves">
                    <div class="part">
                        if !words.facts.is_empty() {
                            <PlainList title={facts_title} lines={words.facts} />
                        }
                        if let Some(words) = last_check(&view, ended) {
                            <p class="quiet">{ words }</p>
                        }
                        <EvidenceFacts {ended} />
                    </div>
                    <div class="part">
                        if let Ending::SomeoneElse { holder: Some(dag), .. } = &ended.ending {
                            <LockHolder {dag} {now} {on_message} />
                        }
                        if !words.next.is_empty() {
                            <PlainList title={Label::EndNext} lines={words.next} />
                        }
                        if let Some(why) = wipe_reason {
                            <Notice
                                icon={IconKind::Info}
                                what={signed_out(&view, ended, *why)}
                                fix={view.label(Label::SignInNext)}
                            />
                        }
                        if let Some(task) = operated {
                            <Operations
                                place={&places.operations}
                                {task}
                                repair={repair(&ended.ending)}
                                {on_message}
                            >
                                { again }
                            </Operations>
                        } else {
                            if let Some(task) = &ended.task {
                                { outcome(task, view.language) }
                            }
                            <div class="acts">{ again }</div>
                        }
                    </div>
                </div>
            </section>
            if let Some(task) = &ended.task {
                <TaskDetail dag={&task.dag} picked={picked.clone()} {now} {on_message}>
                    <h3 id="task-title">
                        { text::task::dag_title(&task.dag.name, view.language) }
                    </h3>
                    <TaskStrip dag={&task.dag} since={began(task)} ended={true} {now} />
                </TaskDetail>
            }
        </>
    }
}

/// The operation that repairs an ending, if the agent accepts it.
fn repair(ending: &Ending) -> Option<Operation> {
    matches!(ending, Ending::Failed { .. }).then_some(Operation::Retry)
}

/// Whether starting over is the only next step.
fn is_mended_by_starting_over(ending: &Ending) -> bool {
    matches!(
        ending,
        Ending::Refused(_)
            | Ending::SomeoneElse { holder: None, .. }
            | Ending::OutcomeUnknown(Unknown::Answer(_))
    )
}

/// The icon and the colour of an ending.
fn tone(ending: &Ending) -> (IconKind, &'static str) {
    match ending {
        Ending::Destroyed | Ending::OtherTaskDone => (IconKind::Pass, "panel result good"),
        Ending::Skipped { .. } => (IconKind::Skipped, "panel result warn"),
        Ending::Cancelled { .. } => (IconKind::Cancelled, "panel result warn"),
        Ending::Failed { .. } | Ending::Refused(_) => (IconKind::Fail, "panel result bad"),
        Ending::SomeoneElse { .. } | Ending::OutcomeUnknown(_) => {
            (IconKind::Warn, "panel result warn")
        }
        Ending::NothingToDestroy | Ending::NotSent(_) | Ending::NotDone(_) => {
            (IconKind::Info, "panel result")
        }
    }
}

/// Until when the DELETE can start a task, and when the agent was last read for one.
fn last_check(view: &View, ended: &Ended) -> Option<String> {
    let uncertain = ended.uncertain_delete.as_ref()?;
    let expires = uncertain.expires.saturating_mul(1000);
    let valid_until = view.moment(expires.saturating_sub(ended.facts.clock.millis));
    let checked_at = format!(
        "{} {}",
        view.moment(uncertain.last_update),
        view.zone_name()
    );
    Some(text::ending::last_check(
        &valid_until,
        &checked_at,
        view.language,
    ))
}

/// The message that the credential was cleared, for endings whose next steps need it.
fn signed_out(view: &View, ended: &Ended, why: WipeReason) -> String {
    let failure = Failure::NotSent(NotSent::CredentialWiped(why));
    let address = ended.facts.address.to_string();
    text::problem::failure(&failure, &address, view.language).what
}
