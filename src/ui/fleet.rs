//! A run over many agents: function components that draw a [`Fleet`] and report acts as
//! [`Message`]s. There is no fetch and no decision here.
//!
//! [`FleetConsole`] draws the header, the steps and the screen of the phase: choose, sign in,
//! pre-flight checks, review, run, end. A row opens its member, which is drawn by the screens of the
//! single destroy.

mod agent_cell;
mod choose;
pub mod evidence;
mod from_book;
mod member;
mod opened;
mod preflight;
mod review;
mod row_button;
mod run;
mod same;
mod sign_in;
mod standing;
mod steps;
mod table;
mod tell;

use std::rc::Rc;

use yew::prelude::*;

use self::choose::ChooseScreen;
use self::evidence::RunForm;
use self::member::MemberScreen;
use self::opened::Opened;
use self::preflight::PreflightScreen;
use self::review::ReviewScreen;
use self::run::RunScreen;
use self::same::Same;
use self::sign_in::SignInScreen;
use self::steps::Steps;
use super::header::Header;
use super::hooks::{use_now, use_screen_focus};
use super::message::{Message, Picked};
use super::platform::Platform;
use super::theme::Theme;
use super::view::{View, ZoneChoice};
use crate::fleet::member::{Member, MemberId, Standing};
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
    /// What to draw.
    pub fleet: Rc<Fleet>,
    /// The language of every word.
    pub language: Language,
    /// The looks.
    pub theme: Theme,
    /// The zone of every time.
    pub zone: ZoneChoice,
    /// The stage whose log a person wants to see, where it is one of the open member's task.
    pub picked: Option<Picked>,
    /// Whether requests leave the browser by https.
    pub secure_transport: bool,
    /// The member that is open at first.
    #[prop_or_default]
    pub opened: Option<MemberId>,
    /// Makes the evidence of the run.
    pub evidence: Callback<RunForm, String>,
    /// Called to go back to a single agent: the one that was chosen, where one was.
    pub on_one: Callback<Option<AgentAddress>>,
    /// Takes what a person does. A password comes just before the event that it is for.
    pub tell: Callback<Message>,
    /// Clock, words for times, clipboard.
    pub platform: Platform,
}

/// The fleet is the same where it is the very same.
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
            && self.tell == other.tell
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
        tell,
        platform,
        ..
    } = props;
    let fleet = Same::new(fleet);
    let opened = use_state(|| props.opened);
    // The member that was open last, and in which phase: its row takes the focus then.
    let left = use_state(|| None::<(Phase, MemberId)>);
    let member = opened.and_then(|id| fleet.member(id));
    let member = member.filter(|_| !matches!(fleet.phase, Phase::Choose | Phase::SignIn));
    let is_live = fleet.phase == Phase::Run
        || member.is_some_and(|member| member.standing == Standing::UnderWay);
    let now = use_now(platform, is_live);
    let place = (
        fleet.phase,
        member.map(|member| (member.id, std::mem::discriminant(&member.flow.screen))),
    );
    let focus = use_screen_focus(place, member.is_some_and(|member| asks(member)));
    let open = {
        let (opened, tell) = (opened.setter(), tell.clone());
        use_callback((), move |id: MemberId, ()| {
            // The stage that was picked is another task's.
            tell.emit(Message::Pick(None));
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
    let places = Opened {
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
                member={Same::new(member)}
                {read_only}
                secure_transport={*secure_transport}
                picked={picked.clone()}
                {now}
                {on_close}
                {tell}
            />
        },
        (None, Phase::Choose) => html! {
            <ChooseScreen
                heading={focus.heading}
                fleet={fleet.clone()}
                on_one={&props.on_one}
                {tell}
            />
        },
        (None, Phase::SignIn) => html! {
            <SignInScreen
                heading={focus.heading}
                fleet={fleet.clone()}
                {tell}
            />
        },
        (None, Phase::Preflight) => html! {
            <PreflightScreen
                {places}
                fleet={fleet.clone()}
                secure_transport={*secure_transport}
                {open}
                {tell}
            />
        },
        (None, Phase::Review) => html! {
            <ReviewScreen heading={focus.heading} fleet={fleet.clone()} {tell} />
        },
        (None, Phase::Run | Phase::End) => html! {
            <RunScreen
                {places}
                fleet={fleet.clone()}
                evidence={&props.evidence}
                {now}
                {open}
                {tell}
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
                <Header {target} theme={*theme} {tell} />
                <div class="body">
                    <Steps phase={fleet.phase} restored={fleet.restored} {tell} />
                    { screen }
                </div>
                // On every screen the same one: a new live region would not be listened to.
                <p class="unseen" role="status" aria-live="polite">
                    { text::fleet::news(&fleet, *language) }
                </p>
            </section>
        </ContextProvider<View>>
    }
}

/// Whether a question is on a member's screen.
fn asks(member: &Member) -> bool {
    match &member.flow.screen {
        Screen::Task(task) => task.asks() && !task.is_last_known(),
        Screen::Ended(ended) => ended.task.as_ref().is_some_and(|task| task.asks()),
        _ => false,
    }
}
