//! The end: what came of it, what to do now, and the evidence.

mod evidence;
mod holder;
mod last_lines;
mod plain_list;

use std::rc::Rc;

use yew::prelude::*;

use self::evidence::Evidence;
use self::holder::Holder;
use self::last_lines::LastLines;
use self::plain_list::PlainList;
use super::hooks::ScreenFocus;
use super::icon::{Icon, IconKind};
use super::message::{Message, Picked, to_flow};
use super::notice::Notice;
use super::operations::{Operations, Outcome};
use super::prose::Prose;
use super::task::detail::TaskDetail;
use super::task::strip::TaskStrip;
use super::view::{View, use_view};
use crate::flow::ending::Ending;
use crate::flow::event::Event as Act;
use crate::flow::state::Ended;
use crate::obshell::error::{Failure, Forgotten, NotSent};
use crate::obshell::time::Millis;
use crate::text;
use crate::text::labels::Label;

/// Properties of [`EndedScreen`].
#[derive(PartialEq, Properties)]
pub struct EndedScreenProps {
    /// The places that take the focus.
    pub places: ScreenFocus,
    /// The end.
    pub ended: Rc<Ended>,
    /// Why the credential was cleared since, as long as there is no other.
    pub forgotten: Option<Forgotten>,
    /// The stage whose log a person wants to see, where it is one of the task's.
    pub picked: Option<Picked>,
    /// Whether the console only looks.
    pub read_only: bool,
    /// The browser's clock, in milliseconds since 1970.
    pub now: Millis,
    /// Takes what a person does.
    pub tell: Callback<Message>,
}

/// The result card, and below it the stages and the log.
#[component]
pub fn EndedScreen(props: &EndedScreenProps) -> Html {
    let EndedScreenProps {
        places,
        ended,
        forgotten,
        picked,
        read_only,
        now,
        tell,
    } = props;
    let now = *now;
    let view = use_view();
    let words = text::ending::ending(ended, view.language);
    let (kind, class) = tone(&ended.ending);
    let again = ended.ending.may_confirm_again();
    let over = (!again).then_some("primary");
    let facts_title = if ended.task.is_some() {
        Label::EndFacts
    } else {
        Label::EndKnown
    };
    let offers_operations = !read_only
        && matches!(
            ended.ending,
            Ending::Failed { .. } | Ending::Cancelled { .. }
        );
    html! {
        <>
            <section {class} aria-labelledby="screen">
                <div class="verdict-line">
                    <Icon {kind} />
                    <h2 id="screen" tabindex="-1" ref={&places.heading}>{ words.name }</h2>
                </div>
                <p class="lead"><Prose text={words.summary} /></p>
                if let Ending::SomeoneElse { holder: Some(dag), .. } = &ended.ending {
                    <Holder {dag} {now} {tell} />
                }
                <div class="halves">
                    <PlainList title={facts_title} lines={words.facts} />
                    <PlainList title={Label::EndNext} lines={words.next} />
                </div>
                if let Some(words) = last_check(&view, ended) {
                    <p class="quiet">{ words }</p>
                }
                if let Some(why) = forgotten {
                    <Notice
                        icon={IconKind::Info}
                        what={signed_out(&view, ended, *why)}
                        fix={view.label(Label::SignInNext)}
                    />
                }
                if let Some(task) = &ended.task {
                    if offers_operations {
                        <Operations place={&places.operations} {task} {tell} />
                    } else {
                        <Outcome {task} />
                    }
                }
                <LastLines {ended} />
                <Evidence {ended} />
                <div class="acts">
                    if again {
                        <button
                            type="button"
                            class="primary"
                            onclick={to_flow(tell, Act::Recheck)}
                        >
                            { view.label(Label::CheckAgain) }
                        </button>
                    }
                    <button type="button" class={over} onclick={to_flow(tell, Act::StartOver)}>
                        { view.label(Label::StartOver) }
                    </button>
                </div>
            </section>
            if let Some(task) = &ended.task {
                <section class="panel" aria-labelledby="task-title">
                    <h3 id="task-title">
                        { text::task::dag_title(&task.dag.name, view.language) }
                    </h3>
                    <TaskStrip dag={&task.dag} {now} />
                </section>
                <TaskDetail dag={&task.dag} picked={picked.clone()} {now} {tell} />
            }
        </>
    }
}

/// The sign and the colour of an ending.
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

/// Until when the DELETE can start a task, and when the agent was last asked whether it did.
fn last_check(view: &View, ended: &Ended) -> Option<String> {
    let doubt = ended.looking.as_ref()?;
    let expires = doubt.expires.saturating_mul(1000);
    let valid_until = view.moment(expires.saturating_sub(ended.facts.clock.millis));
    let checked_at = format!("{} {}", view.moment(doubt.last_news), view.zone_name());
    Some(text::ending::last_check(
        &valid_until,
        &checked_at,
        view.language,
    ))
}

/// That the credential was cleared, where it would be needed for what can be done now.
fn signed_out(view: &View, ended: &Ended, why: Forgotten) -> String {
    let failure = Failure::NotSent(NotSent::Forgotten(why));
    let address = ended.facts.address.to_string();
    text::problem::failure(&failure, &address, view.language).what
}
