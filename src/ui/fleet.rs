//! A run over many agents: function components that render a [`Fleet`] and report actions as
//! [`Message`]s. This module fetches nothing and makes no decisions.
//!
//! [`FleetConsole`] renders the header, the steps and the screen of the phase: choice, sign-in,
//! pre-flight checks, review, run, end. A row opens its member, which is rendered by the screens of
//! the single destroy.

mod agent_cell;
mod choose;
pub mod evidence;
mod from_book;
mod member;
mod messages;
mod preflight;
mod review;
mod row_button;
mod run;
mod shared;
mod sign_in;
mod status;
mod steps;
mod table;
mod table_focus;

use std::rc::Rc;

use yew::prelude::*;

use self::choose::ChooseScreen;
use self::evidence::RunEvidenceFormat;
use self::member::MemberScreen;
use self::preflight::PreflightScreen;
use self::review::ReviewScreen;
use self::run::RunScreen;
use self::shared::Shared;
use self::sign_in::SignInScreen;
use self::steps::Steps;
use self::table_focus::TableFocus;
use super::header::Header;
use super::hooks::{use_now, use_screen_focus};
use super::message::{Message, Picked};
use super::platform::Platform;
use super::theme::Theme;
use super::view::{View, ZoneChoice};
use crate::fleet::member::{Member, MemberId, MemberStatus};
use crate::fleet::state::{Fleet, Phase};
use crate::flow::event::Language;
use crate::flow::state::Screen;
use crate::obshell::address::AgentAddress;
use crate::obshell::time::ClockOffset;
use crate::text;
use crate::text::labels::Label;

/// Properties of [`FleetConsole`].
#[derive(Clone, Properties)]
pub struct FleetConsoleProps {
    /// The fleet to render.
    pub fleet: Rc<Fleet>,
    /// The language of all text.
    pub language: Language,
    /// The theme.
    pub theme: Theme,
    /// The time zone of all times.
    pub zone: ZoneChoice,
    /// The stage whose log the person selected, if it is a stage of the open member's task.
    pub picked: Option<Picked>,
    /// Whether requests leave the browser by HTTPS.
    pub secure_transport: bool,
    /// The initially open member.
    #[prop_or_default]
    pub opened: Option<MemberId>,
    /// Creates the evidence of the run.
    pub evidence: Callback<RunEvidenceFormat, String>,
    /// Returns to the console for one agent; the argument is the selected agent, if there is one.
    pub on_one: Callback<Option<AgentAddress>>,
    /// Receives the person's actions. A password is reported just before the event that uses it.
    pub on_message: Callback<Message>,
    /// Clock, formatting and clipboard.
    pub platform: Platform,
}

/// The fleets are equal only if they are the same allocation.
impl PartialEq for FleetConsoleProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.fleet, &other.fleet)
            && self.language == other.language
            && self.theme == other.theme
            && self.zone == other.zone
            && self.picked == other.picked
            && self.secure_transport == other.secure_transport
            && self.opened == other.opened
            && self.evidence == other.evidence
            && self.on_one == other.on_one
            && self.on_message == other.on_message
            && self.platform == other.platform
    }
}

/// The whole console of a run.
#[component]
pub fn FleetConsole(props: &FleetConsoleProps) -> Html {
    let FleetConsoleProps {
        fleet,
        language,
        theme,
        zone,
        picked,
        secure_transport,
        on_message,
        platform,
        ..
    } = props;
    let fleet = Shared::new(fleet);
    let opened = use_state(|| props.opened);
    // The member that was last open, and in which phase: the row of this member takes the focus.
    let left = use_state(|| None::<(Phase, MemberId)>);
    let member = opened.and_then(|id| fleet.member(id));
    let member = member.filter(|_| !matches!(fleet.phase, Phase::Choose | Phase::SignIn));
    let is_live = fleet.phase == Phase::Run
        || member.is_some_and(|member| member.status == MemberStatus::InProgress);
    let now = use_now(platform, is_live);
    let place = (
        fleet.phase,
        member.map(|member| (member.id, std::mem::discriminant(&member.flow.screen))),
    );
    let focus = use_screen_focus(
        place,
        member.is_some_and(|member| awaits_confirmation(member)),
    );
    let open = {
        let (opened, on_message) = (opened.setter(), on_message.clone());
        use_callback((), move |id: MemberId, ()| {
            // The selected stage belongs to another task.
            on_message.emit(Message::Pick(None));
            opened.set(Some(id));
        })
    };
    let on_close = {
        let (opened, left) = (opened.clone(), left.setter());
        let phase = fleet.phase;
        Callback::from(move |()| {
            left.set(opened.map(|id| (phase, id)));
            opened.set(None);
        })
    };
    let places = TableFocus {
        focus: focus.heading.clone(),
        spare: use_node_ref(),
        left: left
            .filter(|(phase, _)| *phase == fleet.phase)
            .map(|(_, id)| id),
    };
    let view = View {
        language: *language,
        platform: platform.clone(),
        zone: *zone,
        agent_offset: None,
        clock: ClockOffset::NONE,
    };
    let read_only = fleet.settings.read_only;
    let target = member.and_then(|member| member.flow.facts().cloned());
    let screen = match (member, fleet.phase) {
        (Some(member), _) => html! {
            <MemberScreen
                key={member.id.0}
                places={focus}
                member={Shared::new(member)}
                {read_only}
                secure_transport={*secure_transport}
                picked={picked.clone()}
                {now}
                {on_close}
                {on_message}
            />
        },
        (None, Phase::Choose) => html! {
            <ChooseScreen
                heading={focus.heading}
                fleet={fleet.clone()}
                on_one={&props.on_one}
                {on_message}
            />
        },
        (None, Phase::SignIn) => html! {
            <SignInScreen
                heading={focus.heading}
                fleet={fleet.clone()}
                {on_message}
            />
        },
        (None, Phase::Preflight) => html! {
            <PreflightScreen
                {places}
                fleet={fleet.clone()}
                secure_transport={*secure_transport}
                {open}
                {on_message}
            />
        },
        (None, Phase::Review) => html! {
            <ReviewScreen heading={focus.heading} fleet={fleet.clone()} {on_message} />
        },
        (None, Phase::Run | Phase::End) => html! {
            <RunScreen
                {places}
                fleet={fleet.clone()}
                evidence={&props.evidence}
                {now}
                {open}
                {on_message}
            />
        },
    };
    html! {
        <ContextProvider<View> context={view.clone()}>
            <section
                class="console"
                data-theme={theme.name()}
                lang={language.tag()}
                aria-label={view.label(Label::Title)}
            >
                <Header {target} theme={*theme} {on_message} />
                <div class="body">
                    <Steps phase={fleet.phase} restored={fleet.restored} {on_message} />
                    { screen }
                </div>
                // One element on all screens: screen readers ignore a newly inserted live region.
                <p class="unseen" role="status" aria-live="polite">
                    { text::fleet::announcement(&fleet, *language) }
                </p>
            </section>
        </ContextProvider<View>>
    }
}

/// Whether the screen of a member shows a question.
fn awaits_confirmation(member: &Member) -> bool {
    match &member.flow.screen {
        Screen::Task(task) => task.awaits_confirmation() && !task.is_last_known(),
        Screen::Ended(ended) => ended
            .task
            .as_ref()
            .is_some_and(|task| task.awaits_confirmation()),
        _ => false,
    }
}
