//! One member: the screens of the single destroy, rendered from its state, and the way back to all
//! members.

mod facts;
mod retry_form;

use std::rc::Rc;

use yew::prelude::*;

use self::facts::MemberFacts;
use self::retry_form::RetryForm;
use super::messages::send;
use super::shared::Shared;
use crate::fleet::event::{FleetEvent, MemberSelection};
use crate::fleet::member::{Member, MemberId, MemberStatus};
use crate::fleet::summary::Retry;
use crate::flow::event::FlowEvent;
use crate::flow::state::{Contact, Screen, SignIn};
use crate::obshell::time::{ClockOffset, Millis};
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::ended::EndedScreen;
use crate::ui::hooks::ScreenFocus;
use crate::ui::icon::IconKind;
use crate::ui::message::{Message, Picked};
use crate::ui::notice::Notice;
use crate::ui::submitting::SubmittingScreen;
use crate::ui::task::TaskScreen;
use crate::ui::view::{View, use_view};

/// Properties of [`MemberScreen`].
#[derive(PartialEq, Properties)]
pub struct MemberScreenProps {
    /// The elements that take the focus.
    pub places: ScreenFocus,
    /// The member.
    pub member: Shared<Member>,
    /// Whether the console is read-only.
    pub read_only: bool,
    /// Whether requests leave the browser by HTTPS.
    pub secure_transport: bool,
    /// The stage whose log the person selected, if it is a stage of this task.
    pub picked: Option<Picked>,
    /// The browser's clock, in milliseconds since 1970.
    pub now: Millis,
    /// Returns to all members.
    pub on_close: Callback<()>,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The screen of the member below the button that returns to all members.
#[component]
pub fn MemberScreen(props: &MemberScreenProps) -> Html {
    let MemberScreenProps {
        places,
        member,
        read_only,
        secure_transport,
        picked,
        now,
        on_close,
        on_message,
    } = props;
    let view = use_view();
    let language = view.language;
    // The kind of password that the person selected here.
    let sign_in = use_state(SignIn::default);
    let all = on_message;
    let on_message = for_member(on_message, member, on_close, &sign_in);
    let flow = &member.flow;
    let facts = flow.facts();
    let view = View {
        agent_offset: facts.map(|facts| facts.agent_time.offset_seconds()),
        clock: facts.map_or(ClockOffset::NONE, |facts| facts.clock),
        ..view
    };
    let (picked, read_only, now, sign_in) = (picked.clone(), *read_only, *now, *sign_in);
    let heading = places.heading.clone();
    let id = member.id;
    let retry = member.retry().filter(|_| !read_only);
    let retry = retry.map(|retry| {
        html! { <RetryForm address={member.chosen.address.to_string()} {id} {retry} on_message={all} /> }
    });
    let screen = match &flow.screen {
        Screen::Connect | Screen::Review(_) => html! {
            <MemberFacts {heading} {member} secure_transport={*secure_transport} {read_only} on_message={all}>
                { retry.unwrap_or_default() }
            </MemberFacts>
        },
        Screen::Submitting(submitting) => html! {
            <SubmittingScreen
                {heading}
                submitting={submitting.clone()}
                {sign_in}
                {now}
                {on_message}
            />
        },
        Screen::Task(task) => {
            let (places, task) = (places.clone(), Rc::new(task.clone()));
            html! {
                <TaskScreen
                    {places}
                    {task}
                    {picked}
                    {read_only}
                    notifies={None}
                    {sign_in}
                    {now}
                    {on_message}
                />
            }
        }
        Screen::Ended(ended) => {
            let (places, ended) = (places.clone(), Rc::new(ended.clone()));
            let wipe_reason = flow.wipe_reason();
            // A failed task is retried through its operations.
            let retry = retry.filter(|_| member.retry() != Some(Retry::Task));
            html! {
                <EndedScreen
                    {places}
                    {ended}
                    {wipe_reason}
                    {picked}
                    {read_only}
                    again={retry.unwrap_or_default()}
                    {now}
                    {on_message}
                />
            }
        }
    };
    html! {
        <ContextProvider<View> context={view}>
            <nav class="acts" aria-label={member.chosen.address.to_string()}>
                <button type="button" onclick={on_close.reform(|_| ())}>
                    { FleetLabel::BackToAll.get(language) }
                </button>
                <strong>{ member.chosen.address.to_string() }</strong>
                if let Some(label) = &member.chosen.label {
                    <span class="quiet">{ label }</span>
                }
                if is_without_news(member) {
                    <button
                        type="button"
                        class="plain"
                        onclick={send(all, FleetEvent::StopWaiting(id))}
                    >
                        { FleetLabel::StopWaiting.get(language) }
                    </button>
                }
            </nav>
            if member.status == MemberStatus::Abandoned {
                <Notice
                    icon={IconKind::Warn}
                    what={FleetLabel::LostSightWhat.get(language)}
                    fix={FleetLabel::LostSightFix.get(language)}
                />
            }
            if let MemberStatus::LeftOut(why) = member.status {
                <Notice icon={IconKind::Info} what={text::fleet::left_out(why, language)} />
            }
            { screen }
        </ContextProvider<View>>
    }
}

/// Whether the outcome of the member is open and its agent does not answer: the run need not wait
/// for the member.
fn is_without_news(member: &Member) -> bool {
    let silent = match &member.flow.screen {
        // The agent was not reached since a reload.
        Screen::Connect => member.unread && member.flow.form.problem.is_some(),
        _ => !matches!(member.flow.contact(), None | Some((Contact::Good, _))),
    };
    member.status == MemberStatus::InProgress && silent
}

/// The actions on the screens of the single destroy, as events for this member of the run.
fn for_member(
    on_message: &Callback<Message>,
    member: &Member,
    on_close: &Callback<()>,
    sign_in: &UseStateHandle<SignIn>,
) -> Callback<Message> {
    let (on_message, on_close, sign_in) = (on_message.clone(), on_close.clone(), sign_in.clone());
    let id: MemberId = member.id;
    let is_submitting = matches!(member.flow.screen, Screen::Submitting(_));
    Callback::from(move |message| {
        let fleet = |event| on_message.emit(Message::Fleet(event));
        match message {
            Message::Credential(secret) => {
                on_message.emit(Message::MemberCredential(
                    MemberSelection::Member(id),
                    secret,
                ));
            }
            Message::Flow(act) => match act {
                FlowEvent::SignInWith(chosen) => sign_in.set(chosen),
                FlowEvent::Authenticate { has_credential } => fleet(FleetEvent::SignIn {
                    selection: MemberSelection::Member(id),
                    sign_in: *sign_in,
                    has_credential,
                }),
                FlowEvent::StartOver if is_submitting => fleet(FleetEvent::StopWaiting(id)),
                FlowEvent::StartOver | FlowEvent::Back => on_close.emit(()),
                act => fleet(FleetEvent::Member(id, act)),
            },
            other => on_message.emit(other),
        }
    })
}
