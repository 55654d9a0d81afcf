//! The whole console.

use std::rc::Rc;

use yew::prelude::*;

use super::announcement::announcement;
use super::connect::ConnectScreen;
use super::ended::EndedScreen;
use super::header::Header;
use super::hooks::{ScreenFocus, use_now, use_screen_focus};
use super::message::{Message, Picked};
use super::platform::Platform;
use super::review::ReviewScreen;
use super::steps::Steps;
use super::submitting::SubmittingScreen;
use super::task::TaskScreen;
use super::theme::Theme;
use super::view::{View, ZoneChoice};
use crate::flow::ending::Ending;
use crate::flow::event::Language;
use crate::flow::state::{Screen, State};
use crate::obshell::time::{ClockOffset, Millis};
use crate::text::labels::Label;

/// Properties of [`Console`].
#[derive(PartialEq, Properties)]
pub struct ConsoleProps {
    /// The state to render.
    pub state: Rc<State>,
    /// The language of all texts.
    pub language: Language,
    /// The theme.
    pub theme: Theme,
    /// The time zone of all times.
    pub zone: ZoneChoice,
    /// The stage whose log the person selected, if it is a stage of this task.
    pub picked: Option<Picked>,
    /// Whether requests leave the browser by HTTPS.
    pub secure_transport: bool,
    /// Opens the run over several agents, if runs are available.
    #[prop_or_default]
    pub on_several: Option<Callback<()>>,
    /// Whether this tab has stored a run that `on_several` restores.
    #[prop_or_default]
    pub has_stored_run: bool,
    /// Receives the person's actions. A password is reported just before the event that uses it.
    pub on_message: Callback<Message>,
    /// Clock, formatting and clipboard.
    pub platform: Platform,
}

/// The whole console.
#[component]
pub fn Console(props: &ConsoleProps) -> Html {
    let ConsoleProps {
        state,
        language,
        theme,
        zone,
        secure_transport,
        on_message,
        platform,
        ..
    } = props;
    let now = use_now(platform, is_live(&state.screen));
    let places = use_screen_focus(
        std::mem::discriminant(&state.screen),
        awaits_confirmation(&state.screen),
    );
    let facts = state.facts();
    let view = View {
        language: *language,
        platform: platform.clone(),
        zone: *zone,
        agent_offset: facts.map(|facts| facts.agent_time.offset_seconds()),
        clock: facts.map_or(ClockOffset::NONE, |facts| facts.clock),
    };
    html! {
        <ContextProvider<View> context={view.clone()}>
            <section
                class="console"
                data-theme={theme.name()}
                lang={language.tag()}
                // A page translation would replace text nodes that Yew updates later. The console
                // itself has both of its languages.
                translate="no"
                aria-label={view.label(Label::Title)}
            >
                <Header target={facts.cloned()} theme={*theme} {on_message} />
                <div class="body">
                    <Steps state={Rc::clone(state)} {on_message} />
                    { screen(props, places, now) }
                </div>
                // One element on all screens: screen readers ignore a newly inserted live region.
                <p class="unseen" role="status" aria-live="polite">{ announcement(state, *secure_transport, &view) }</p>
            </section>
        </ContextProvider<View>>
    }
}

/// The screen of a state.
fn screen(props: &ConsoleProps, places: ScreenFocus, now: Millis) -> Html {
    let ConsoleProps {
        state,
        picked,
        secure_transport,
        on_message,
        ..
    } = props;
    let picked = picked.clone();
    let read_only = state.settings.read_only;
    let sign_in = state.form.sign_in;
    let heading = places.heading.clone();
    match &state.screen {
        Screen::Connect => html! {
            <ConnectScreen
                {heading}
                settings={&state.settings}
                form={state.form.clone()}
                on_several={&props.on_several}
                has_stored_run={props.has_stored_run}
                {on_message}
            />
        },
        Screen::Review(review) => html! {
            <ReviewScreen
                {heading}
                review={review.clone()}
                secure_transport={*secure_transport}
                {read_only}
                {on_message}
            />
        },
        Screen::Submitting(submitting) => html! {
            <SubmittingScreen {heading} submitting={submitting.clone()} {sign_in} {now} {on_message} />
        },
        Screen::Task(task) => {
            let task = Rc::new(task.clone());
            let notifies = state.settings.notifications.then_some(state.notifies);
            html! {
                <TaskScreen
                    {places}
                    {task}
                    {picked}
                    {read_only}
                    {notifies}
                    {sign_in}
                    {now}
                    {on_message}
                />
            }
        }
        Screen::Ended(ended) => {
            let ended = Rc::new(ended.clone());
            let wipe_reason = state.wipe_reason();
            html! { <EndedScreen {places} {ended} {wipe_reason} {picked} {read_only} {now} {on_message} /> }
        }
    }
}

/// Whether the screen shows a confirmation question.
fn awaits_confirmation(screen: &Screen) -> bool {
    match screen {
        Screen::Task(task) => task.awaits_confirmation() && !task.is_last_known(),
        Screen::Ended(ended) => ended
            .task
            .as_ref()
            .is_some_and(|task| task.awaits_confirmation()),
        _ => false,
    }
}

/// Whether the screen shows a duration or time that advances without an event.
fn is_live(screen: &Screen) -> bool {
    match screen {
        Screen::Connect | Screen::Review(_) => false,
        Screen::Submitting(_) | Screen::Task(_) => true,
        Screen::Ended(ended) => matches!(
            ended.ending,
            Ending::SomeoneElse {
                holder: Some(_),
                ..
            }
        ),
    }
}
