//! The panel of the agent book.

use std::mem::{Discriminant, discriminant};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::about::About;
use super::action::{AgentFields, BookAction};
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
use crate::book::state::{
    BookState, ClosedTask, Goal, NoBookTask, PanelView, StorageContent, Task,
};
use crate::flow::event::Language;
use crate::obshell::address::AgentAddress;
use crate::obshell::secret::Secret;
use crate::text::book::{BookLabel, count, storage_advice};
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
    let BookView {
        state, on_action, ..
    } = &props.book;
    let view = use_view();
    let language = view.language;
    let (body, acted) = (use_node_ref(), use_mut_ref(|| false));
    {
        // The activated button is removed, so the next form takes the focus. Changes without an
        // action of the person, such as locking after the idle time, do not move the focus.
        let (body, acted) = (body.clone(), Rc::clone(&acted));
        use_effect_with((step_of(state), state.problem), move |_| {
            if acted.replace(false) {
                focus_first(&body);
            }
        });
    }
    let on_action = {
        let (on_action, acted) = (on_action.clone(), Rc::clone(&acted));
        use_callback(on_action, move |action: BookAction, on_action| {
            // The other actions leave the form unchanged.
            acted.replace(!matches!(
                action,
                BookAction::Expand(false) | BookAction::SignIn(_) | BookAction::Export
            ));
            on_action.emit(action);
        })
    };
    let expanded = state.expanded;
    html! {
        <section class="panel book" aria-labelledby="book">
            <div class="head">
                <h3 id="book">
                    <button
                        type="button"
                        class="link disclosure"
                        aria-expanded={expanded.to_string()}
                        onclick={on_action.reform(move |_| BookAction::Expand(!expanded))}
                    >
                        { BookLabel::Title.get(language) }
                    </button>
                </h3>
                <span class="quiet">{ state_of(state, &view) }</span>
            </div>
            if expanded {
                <div class="unfolded" tabindex="-1" ref={body}>
                    <Body state={Rc::clone(state)} {on_action} />
                    <WorkLine {state} />
                    <About />
                </div>
            }
        </section>
    }
}

/// Properties of [`Body`].
#[derive(PartialEq, Properties)]
struct BodyProps {
    state: Rc<BookState>,
    on_action: Callback<BookAction>,
}

/// The content of the current view.
#[component]
fn Body(props: &BodyProps) -> Html {
    let BodyProps { state, on_action } = props;
    let language = use_view().language;
    let busy = state.work.is_some();
    // Kept outside the form, so that typed values survive a rejection.
    let form = use_state(AgentFields::default);
    {
        let form = form.setter();
        let entry = edited(state);
        use_effect_with(step_of(state), move |_| {
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
                problem={state.problem}
                {busy}
                {on_action}
            />
        }
    };
    let main = match &state.view {
        PanelView::Reading => {
            html! { <p class="quiet">{ BookLabel::StateAsking.get(language) }</p> }
        }
        PanelView::NoStorage(why) => unusable(StorageContent::NoStorage(*why), language),
        PanelView::Absent(NoBookTask::Start) => html! {
            <>
                <p class="quiet">{ BookLabel::Intro.get(language) }</p>
                <div class="acts">
                    <button type="button" onclick={on_action.reform(|_| BookAction::Go(Goal::Create))}>
                        { BookLabel::Create.get(language) }
                    </button>
                    <button
                        type="button"
                        class="plain"
                        onclick={on_action.reform(|_| BookAction::Go(Goal::Import))}
                    >
                        { BookLabel::Import.get(language) }
                    </button>
                </div>
            </>
        },
        PanelView::Absent(NoBookTask::Create) => html! {
            <NewPassphrase
                title={BookLabel::Create}
                label={BookLabel::Passphrase}
                {busy}
                on_typed={on_action.reform(|[passphrase, again]: [Secret; 2]| BookAction::Create {
                    passphrase,
                    again,
                })}
                {on_action}
            />
        },
        PanelView::Absent(NoBookTask::Import(import))
        | PanelView::Open {
            task: Task::Import(import),
            ..
        } => html! { <Import import={import.clone()} {busy} {on_action} /> },
        PanelView::Locked(ClosedTask::Unlock) => html! {
            <Unlock heading="h4" {busy} {on_action}>
                <button
                    type="button"
                    class="plain"
                    onclick={on_action.reform(|_| BookAction::Go(Goal::Delete))}
                >
                    { BookLabel::Delete.get(language) }
                </button>
            </Unlock>
        },
        PanelView::Unreadable {
            why,
            task: ClosedTask::Unlock,
        } => html! {
            <>
                { unusable(StorageContent::Unreadable(*why), language) }
                <div class="acts">
                    <button type="button" onclick={on_action.reform(|_| BookAction::Export)}>
                        { BookLabel::Export.get(language) }
                    </button>
                    <button
                        type="button"
                        class="plain"
                        onclick={on_action.reform(|_| BookAction::Go(Goal::Delete))}
                    >
                        { BookLabel::Delete.get(language) }
                    </button>
                </div>
            </>
        },
        PanelView::Locked(ClosedTask::Delete)
        | PanelView::Unreadable {
            task: ClosedTask::Delete,
            ..
        }
        | PanelView::Open {
            task: Task::Delete, ..
        } => html! { <Delete {busy} {on_action} /> },
        PanelView::Open { agents, task } => match task {
            Task::Add => agent_form(None, agents),
            Task::Edit(address) => agent_form(find(agents, address).cloned(), agents),
            Task::Remove(address) => match find(agents, address) {
                Some(entry) => html! { <Remove entry={entry.clone()} {busy} {on_action} /> },
                None => Html::default(),
            },
            Task::Passphrase => html! {
                <NewPassphrase
                    title={BookLabel::ChangePassphrase}
                    hint={BookLabel::ChangePassphraseHint}
                    label={BookLabel::NewPassphrase}
                    {busy}
                    on_typed={on_action.reform(|[passphrase, again]: [Secret; 2]| BookAction::ChangePassphrase {
                        passphrase,
                        again,
                    })}
                    {on_action}
                />
            },
            Task::List | Task::Import(_) | Task::Delete => html! { <List {agents} {on_action} /> },
        },
    };
    html! {
        <>
            { main }
            <Problem problem={state.problem} typed={form.address.clone()} />
        </>
    }
}

fn unusable(why: StorageContent, language: Language) -> Html {
    match storage_advice(why, language) {
        Some(advice) => html! {
            <Notice icon={IconKind::Warn} what={advice.what} fix={AttrValue::from(advice.fix)} />
        },
        None => Html::default(),
    }
}

/// The state displayed beside the title.
fn state_of(state: &BookState, view: &View) -> String {
    let label = match &state.view {
        PanelView::Open { agents, .. } => return count(&view.count(agents.len()), view.language),
        PanelView::Reading => BookLabel::StateAsking,
        PanelView::NoStorage(_) => BookLabel::StateNoStorage,
        PanelView::Unreadable { .. } => BookLabel::StateUnreadable,
        PanelView::Absent(_) => BookLabel::StateAbsent,
        PanelView::Locked(_) => BookLabel::StateLocked,
    };
    label.get(view.language).to_owned()
}

fn edited(state: &BookState) -> Option<Entry> {
    match &state.view {
        PanelView::Open {
            agents,
            task: Task::Edit(address),
        } => find(agents, address).cloned(),
        _ => None,
    }
}

fn find<'a>(agents: &'a [Entry], address: &AgentAddress) -> Option<&'a Entry> {
    agents
        .iter()
        .find(|entry| entry.details.address == *address)
}

fn form_of(entry: &Entry) -> AgentFields {
    let details = &entry.details;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    AgentFields {
        address: details.address.to_string(),
        label: text(&details.label),
        group: text(&details.group),
        endpoint: text(&details.endpoint),
    }
}

/// A value that differs between forms.
fn step_of(state: &BookState) -> (bool, Discriminant<PanelView>, String) {
    let task = match &state.view {
        PanelView::Reading | PanelView::NoStorage(_) => String::new(),
        PanelView::Absent(task) => format!("{task:?}"),
        PanelView::Locked(task) | PanelView::Unreadable { task, .. } => format!("{task:?}"),
        PanelView::Open { task, .. } => format!("{task:?}"),
    };
    (state.expanded, discriminant(&state.view), task)
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
