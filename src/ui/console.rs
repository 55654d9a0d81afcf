//! The whole console.

use std::rc::Rc;

use yew::prelude::*;

use super::connect::ConnectScreen;
use super::ended::EndedScreen;
use super::header::Header;
use super::hooks::{ScreenFocus, use_now, use_screen_focus};
use super::message::{Message, Picked};
use super::news::news;
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
    /// What to draw.
    pub state: Rc<State>,
    /// The language of every word.
    pub language: Language,
    /// The looks.
    pub theme: Theme,
    /// The zone of every time.
    pub zone: ZoneChoice,
    /// The stage whose log a person wants to see, where it is one of the task's.
    pub picked: Option<Picked>,
    /// Whether requests leave the browser by https.
    pub secure_transport: bool,
    /// Leads to a run over several agents, where there is one.
    #[prop_or_default]
    pub on_several: Option<Callback<()>>,
    /// Takes what a person does. A password comes just before the event that it is for.
    pub tell: Callback<Message>,
    /// Clock, words for times, clipboard.
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
        tell,
        platform,
        ..
    } = props;
    let now = use_now(platform, is_live(&state.screen));
    let places = use_screen_focus(std::mem::discriminant(&state.screen), asks(&state.screen));
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
                // A page's translation would take text nodes away that the console goes on writing to;
                // the console speaks both of its languages itself.
                translate="no"
                aria-label={view.label(Label::Title)}
            >
                <Header target={facts.cloned()} theme={*theme} {tell} />
                <div class="body">
                    <Steps state={Rc::clone(state)} {tell} />
                    { screen(props, places, now) }
                </div>
                // On every screen the same one: a new live region would not be listened to.
                <p class="unseen" role="status" aria-live="polite">{ news(state, *secure_transport, &view) }</p>
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
        tell,
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
                {tell}
            />
        },
        Screen::Review(review) => html! {
            <ReviewScreen
                {heading}
                review={review.clone()}
                secure_transport={*secure_transport}
                {read_only}
                {tell}
            />
        },
        Screen::Submitting(submitting) => html! {
            <SubmittingScreen {heading} submitting={submitting.clone()} {sign_in} {now} {tell} />
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
                    {tell}
                />
            }
        }
        Screen::Ended(ended) => {
            let ended = Rc::new(ended.clone());
            let forgotten = state.forgotten();
            html! { <EndedScreen {places} {ended} {forgotten} {picked} {read_only} {now} {tell} /> }
        }
    }
}

/// Whether a question is on the screen.
fn asks(screen: &Screen) -> bool {
    match screen {
        Screen::Task(task) => task.asks() && !task.is_last_known(),
        Screen::Ended(ended) => ended.task.as_ref().is_some_and(|task| task.asks()),
        _ => false,
    }
}

/// Whether something on the screen grows older by itself.
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
