//! The run: its progress, its members and the available actions; and its end.

mod controls;
mod progress;
mod row;
mod stage_bar;

use yew::prelude::*;

use self::controls::Controls;
use self::progress::{CountList, ProgressBar};
use self::row::RunRow;
use super::evidence::{EvidenceMenu, RunEvidenceFormat};
use super::messages::{send, shown};
use super::shared::Shared;
use super::table::Table;
use super::table_focus::TableFocus;
use crate::fleet::event::FleetEvent;
use crate::fleet::member::{MemberId, MemberStatus};
use crate::fleet::state::{Fleet, Phase};
use crate::obshell::time::Millis;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::book::use_focus_when_unlocked;
use crate::ui::icon::{Icon, IconKind};
use crate::ui::message::Message;
use crate::ui::view::use_view;

const COLUMNS: [FleetLabel; 6] = [
    FleetLabel::Agent,
    FleetLabel::State,
    FleetLabel::Stage,
    FleetLabel::Elapsed,
    FleetLabel::NewestLine,
    FleetLabel::Actions,
];

/// Properties of [`RunScreen`].
#[derive(PartialEq, Properties)]
pub struct RunScreenProps {
    /// The elements that take the focus.
    pub places: TableFocus,
    /// The run.
    pub fleet: Shared<Fleet>,
    /// Creates the evidence of the run, for a run that has ended.
    pub evidence: Callback<RunEvidenceFormat, String>,
    /// The browser's clock, in milliseconds since 1970.
    pub now: Millis,
    /// Opens a member.
    pub open: Callback<MemberId>,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// Progress, counts, available actions, and a row for each member.
#[component]
pub fn RunScreen(props: &RunScreenProps) -> Html {
    let RunScreenProps {
        places,
        fleet,
        evidence,
        now,
        open,
        on_message,
    } = props;
    use_focus_when_unlocked(&places.heading());
    let language = use_view().language;
    let say = |label: FleetLabel| label.get(language);
    let counts = fleet.counts();
    let ended = fleet.phase == Phase::End;
    let read_only = fleet.settings.read_only;
    let row = {
        let (fleet, places, now) = (Shared::clone(fleet), places.clone(), *now);
        let (open, on_message) = (open.clone(), on_message.clone());
        Callback::from(move |index: usize| {
            let Some(member) = fleet.members.get(index) else {
                return Html::default();
            };
            let (id, place) = (member.id, places.row(member.id));
            // The rows of the other members do not depend on the time.
            let now = (member.status == MemberStatus::InProgress).then_some(now);
            let (open, on_message, member) =
                (open.clone(), on_message.clone(), Shared::new(member));
            html! {
                <RunRow key={id.0} {index} {member} {now} {read_only} {place} {open} {on_message} />
            }
        })
    };
    let all_destroyed = counts.not_destroyed + counts.stopped == 0 && counts.destroyed > 0;
    let (class, kind) = match (ended, all_destroyed) {
        (false, _) => ("panel", IconKind::Running),
        (true, true) => ("panel result good", IconKind::Pass),
        (true, false) => ("panel result warn", IconKind::Warn),
    };
    let title = if ended {
        FleetLabel::EndTitle
    } else {
        FleetLabel::RunTitle
    };
    html! {
        <>
            <section {class} aria-labelledby="screen">
                <div class="head">
                    <div class="verdict-line">
                        if ended {
                            <Icon {kind} />
                        }
                        <h2 id="screen" tabindex="-1" ref={places.heading()}>{ say(title) }</h2>
                    </div>
                    if ended {
                        <EvidenceMenu members={counts.members} make={evidence} />
                    }
                </div>
                if ended {
                    <p class="lead">{ text::fleet::summary(&counts, language) }</p>
                }
                <ProgressBar {counts} />
                <CountList {counts} />
                if ended {
                    if !read_only {
                        <div class="acts">
                            <button type="button" onclick={send(on_message, FleetEvent::StartOver)}>
                                { say(FleetLabel::StartOver) }
                            </button>
                        </div>
                    }
                } else {
                    <Controls {fleet} {counts} now={*now} {open} {on_message} />
                }
            </section>
            <section class="panel" aria-labelledby="run-agents">
                <h3 id="run-agents">{ say(FleetLabel::AgentsOfRun) }</h3>
                <Table
                    name={say(FleetLabel::AgentsOfRun)}
                    class="running-agents"
                    columns={&COLUMNS[..]}
                    rows={fleet.members.len()}
                    {row}
                    first={places.first(fleet)}
                    on_shown={shown(fleet, on_message)}
                />
            </section>
        </>
    }
}
