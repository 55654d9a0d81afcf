//! The panel of the agent book.

use std::mem::{Discriminant, discriminant};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::about::About;
use super::act::{Act, Form};
use super::agent_form::AgentForm;
use super::context::{BookView, use_book_view};
use super::delete::Delete;
use super::import::Import;
use super::list::List;
use super::new_passphrase::NewPassphrase;
use super::problem::Problem;
use super::remove::Remove;
use super::unlock::Unlock;
use super::work::WorkLine;
use crate::book::Entry;
use crate::book::desk::{AbsentTask, Desk, Found, Goal, Place, ShutTask, Task};
use crate::flow::event::Language;
use crate::obshell::address::AgentAddress;
use crate::obshell::secret::Secret;
use crate::text::book::{BookLabel, count, found};
use crate::ui::dom::focus;
use crate::ui::icon::IconKind;
use crate::ui::notice::Notice;
use crate::ui::view::{View, use_view};

/// The agent book on the connect form, if the console has one.
#[component]
pub fn BookPanel() -> Html {
    match use_book_view() {
        Some(book) => html! { <Panel {book} /> },
        None => Html::default(),
    }
}

/// Properties of [`Panel`].
#[derive(PartialEq, Properties)]
struct PanelProps {
    book: BookView,
}

#[component]
fn Panel(props: &PanelProps) -> Html {
    let BookView { desk, act, .. } = &props.book;
    let view = use_view();
    let language = view.language;
    let (body, acted) = (use_node_ref(), use_mut_ref(|| false));
    {
        // The activated button is removed, so the next form takes the focus. Changes without an
        // action of the person, such as locking after the idle time, do not move the focus.
        let (body, acted) = (body.clone(), Rc::clone(&acted));
        use_effect_with((step_of(desk), desk.problem), move |_| {
            if acted.replace(false) {
                focus_first(&body);
            }
        });
    }
    let act = {
        let (act, acted) = (act.clone(), Rc::clone(&acted));
        use_callback(act, move |one: Act, act| {
            // The other actions leave the form unchanged.
            acted.replace(!matches!(
                one,
                Act::Unfold(false) | Act::SignIn(_) | Act::Export
            ));
            act.emit(one);
        })
    };
    let unfolded = desk.unfolded;
    html! {
        <section class="panel book" aria-labelledby="book">
            <div class="head">
                <h3 id="book">
                    <button
                        type="button"
                        class="link disclosure"
                        aria-expanded={unfolded.to_string()}
                        onclick={act.reform(move |_| Act::Unfold(!unfolded))}
                    >
                        { BookLabel::Title.get(language) }
                    </button>
                </h3>
                <span class="quiet">{ state_of(desk, &view) }</span>
            </div>
            if unfolded {
                <div class="unfolded" tabindex="-1" ref={body}>
                    <Body desk={Rc::clone(desk)} {act} />
                    <WorkLine {desk} />
                    <About />
                </div>
            }
        </section>
    }
}

/// Properties of [`Body`].
#[derive(PartialEq, Properties)]
struct BodyProps {
    desk: Rc<Desk>,
    act: Callback<Act>,
}

/// The content of the current view.
#[component]
fn Body(props: &BodyProps) -> Html {
    let BodyProps { desk, act } = props;
    let language = use_view().language;
    let busy = desk.work.is_some();
    // Kept outside the form, so that typed values survive a rejection.
    let form = use_state(Form::default);
    {
        let form = form.setter();
        let entry = edited(desk);
        use_effect_with(step_of(desk), move |_| {
            form.set(entry.as_ref().map(form_of).unwrap_or_default());
        });
    }
    let agent_form = |entry: Option<Entry>, agents: &Rc<[Entry]>| {
        let on_typed = {
            let form = form.setter();
            Callback::from(move |typed| form.set(typed))
        };
        html! {
            <AgentForm
                {entry}
                {agents}
                form={(*form).clone()}
                {on_typed}
                problem={desk.problem}
                {busy}
                {act}
            />
        }
    };
    let main = match &desk.place {
        Place::Reading => html! { <p class="quiet">{ BookLabel::StateAsking.get(language) }</p> },
        Place::NoStorage(why) => unusable(Found::NoStorage(*why), language),
        Place::Absent(AbsentTask::Start) => html! {
            <>
                <p class="quiet">{ BookLabel::Intro.get(language) }</p>
                <div class="acts">
                    <button type="button" onclick={act.reform(|_| Act::Go(Goal::Create))}>
                        { BookLabel::Create.get(language) }
                    </button>
                    <button
                        type="button"
                        class="plain"
                        onclick={act.reform(|_| Act::Go(Goal::Import))}
                    >
                        { BookLabel::Import.get(language) }
                    </button>
                </div>
            </>
        },
        Place::Absent(AbsentTask::Create) => html! {
            <NewPassphrase
                title={BookLabel::Create}
                label={BookLabel::Passphrase}
                {busy}
                on_typed={act.reform(|[passphrase, again]: [Secret; 2]| Act::Create {
                    passphrase,
                    again,
                })}
                {act}
            />
        },
        Place::Absent(AbsentTask::Import(import))
        | Place::Open {
            task: Task::Import(import),
            ..
        } => html! { <Import import={import.clone()} {busy} {act} /> },
        Place::Locked(ShutTask::Unlock) => html! {
            <Unlock heading="h4" {busy} {act}>
                <button
                    type="button"
                    class="plain"
                    onclick={act.reform(|_| Act::Go(Goal::Delete))}
                >
                    { BookLabel::Delete.get(language) }
                </button>
            </Unlock>
        },
        Place::Unreadable {
            why,
            task: ShutTask::Unlock,
        } => html! {
            <>
                { unusable(Found::Unreadable(*why), language) }
                <div class="acts">
                    <button type="button" onclick={act.reform(|_| Act::Export)}>
                        { BookLabel::Export.get(language) }
                    </button>
                    <button
                        type="button"
                        class="plain"
                        onclick={act.reform(|_| Act::Go(Goal::Delete))}
                    >
                        { BookLabel::Delete.get(language) }
                    </button>
                </div>
            </>
        },
        Place::Locked(ShutTask::Delete)
        | Place::Unreadable {
            task: ShutTask::Delete,
            ..
        }
        | Place::Open {
            task: Task::Delete, ..
        } => html! { <Delete {busy} {act} /> },
        Place::Open { agents, task } => match task {
            Task::Add => agent_form(None, agents),
            Task::Edit(address) => agent_form(find(agents, address).cloned(), agents),
            Task::Remove(address) => match find(agents, address) {
                Some(entry) => html! { <Remove entry={entry.clone()} {busy} {act} /> },
                None => Html::default(),
            },
            Task::Passphrase => html! {
                <NewPassphrase
                    title={BookLabel::ChangePassphrase}
                    hint={BookLabel::ChangePassphraseHint}
                    label={BookLabel::NewPassphrase}
                    {busy}
                    on_typed={act.reform(|[passphrase, again]: [Secret; 2]| Act::ChangePassphrase {
                        passphrase,
                        again,
                    })}
                    {act}
                />
            },
            Task::List | Task::Import(_) | Task::Delete => html! { <List {agents} {act} /> },
        },
    };
    html! {
        <>
            { main }
            <Problem problem={desk.problem} typed={form.address.clone()} />
        </>
    }
}

fn unusable(why: Found, language: Language) -> Html {
    match found(why, language) {
        Some(advice) => html! {
            <Notice icon={IconKind::Warn} what={advice.what} fix={AttrValue::from(advice.fix)} />
        },
        None => Html::default(),
    }
}

/// The state displayed beside the title.
fn state_of(desk: &Desk, view: &View) -> String {
    let label = match &desk.place {
        Place::Open { agents, .. } => return count(&view.count(agents.len()), view.language),
        Place::Reading => BookLabel::StateAsking,
        Place::NoStorage(_) => BookLabel::StateNoStorage,
        Place::Unreadable { .. } => BookLabel::StateUnreadable,
        Place::Absent(_) => BookLabel::StateAbsent,
        Place::Locked(_) => BookLabel::StateLocked,
    };
    label.get(view.language).to_owned()
}

fn edited(desk: &Desk) -> Option<Entry> {
    match &desk.place {
        Place::Open {
            agents,
            task: Task::Edit(address),
        } => find(agents, address).cloned(),
        _ => None,
    }
}

fn find<'a>(agents: &'a [Entry], address: &AgentAddress) -> Option<&'a Entry> {
    agents.iter().find(|entry| entry.card.address == *address)
}

fn form_of(entry: &Entry) -> Form {
    let card = &entry.card;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    Form {
        address: card.address.to_string(),
        label: text(&card.label),
        group: text(&card.group),
        endpoint: text(&card.endpoint),
    }
}

/// A value that differs between forms.
fn step_of(desk: &Desk) -> (bool, Discriminant<Place>, String) {
    let task = match &desk.place {
        Place::Reading | Place::NoStorage(_) => String::new(),
        Place::Absent(task) => format!("{task:?}"),
        Place::Locked(task) | Place::Unreadable { task, .. } => format!("{task:?}"),
        Place::Open { task, .. } => format!("{task:?}"),
    };
    (desk.unfolded, discriminant(&desk.place), task)
}

/// Focuses the first field, or the body if there is no field.
fn focus_first(body: &NodeRef) {
    let Some(place) = body.cast::<Element>() else {
        return;
    };
    match place.query_selector("input").ok().flatten() {
        // An element that cannot be focused has been removed; there is nothing to do.
        Some(field) => drop(field.unchecked_ref::<HtmlElement>().focus()),
        None => focus(body),
    }
}
