//! Renders an agent whose texts contain invisible characters, or characters that rearrange visible
//! ones.

use std::rc::Rc;

use odp_console::flow::ending::{Cause, Ending, Unknown};
use odp_console::flow::event::Language;
use odp_console::flow::state::{
    ConnectProblem, Facts, FactsLookup, OdpLookup, Preflight, Screen, State, Task, Tasks,
};
use odp_console::obshell::agent_text::AgentText;
use odp_console::obshell::dag::{Dag, Operator, State as TaskState};
use odp_console::obshell::error::{ApiError, Failure};
use odp_console::obshell::info::{Identity, Version};
use odp_console::obshell::invisible::symbol;
use odp_console::obshell::odp::Odp;
use odp_console::text;

use crate::page::draw;
use crate::states::all;

/// The characters in every text of the agent, and their displayed form.
const HIDDEN: &str = "\u{202e}\u{200b}\u{e0041}\u{1b}";
const SHOWN: &str = "‹U+202E›‹U+200B›‹U+E0041›␛";

fn spoil(text: &mut AgentText) {
    *text = AgentText::from(format!("{HIDDEN}{}", text.raw()));
}

fn facts(facts: &mut Rc<Facts>) {
    let info = &mut Rc::make_mut(facts).info;
    info.version = Version::new(&format!("{}-{HIDDEN}", info.version));
    info.identity = Identity::Other(format!("{HIDDEN}{}", info.identity).into());
    spoil(&mut info.ip);
    spoil(&mut info.home_path);
}

fn dag(dag: &mut Rc<Dag>) {
    let dag = Rc::make_mut(dag);
    spoil(&mut dag.name);
    for node in dag.nodes.iter_mut().flatten() {
        let node = Rc::make_mut(node);
        spoil(&mut node.name);
        node.operator = Operator::Unknown(HIDDEN.into());
        for sub_task in node.sub_tasks.iter_mut().flatten() {
            let sub_task = Rc::make_mut(sub_task);
            spoil(&mut sub_task.name);
            sub_task.state = TaskState::Unknown(HIDDEN.into());
            sub_task.operator = Operator::Unknown(HIDDEN.into());
            sub_task.logs = Some(Rc::new(vec![HIDDEN.to_owned()]));
        }
    }
}

fn odp(odp: &mut OdpLookup) {
    if let OdpLookup::Found(told) = odp {
        let Odp {
            home,
            name,
            cluster,
            source,
            ..
        } = Rc::make_mut(told);
        for text in [home, name, cluster].into_iter().flatten() {
            spoil(text);
        }
        spoil(&mut source.name);
    }
}

fn error(error: &mut ApiError) {
    spoil(&mut error.message);
    error.err_code = Some(HIDDEN.into());
    error.trace_id = HIDDEN.to_owned();
}

fn failure(failure: &mut Failure) {
    if let Failure::Refused(refused) = failure {
        error(refused);
    }
}

fn task(task: &mut Task) {
    facts(&mut task.facts);
    odp(&mut task.odp);
    dag(&mut task.dag);
}

fn preflight(preflight: &mut Preflight) {
    facts(&mut preflight.facts);
    odp(&mut preflight.odp);
    preflight.holder.iter_mut().for_each(dag);
    match &mut preflight.tasks {
        Tasks::Listed(listed) | Tasks::ListedInPart(listed) => {
            Rc::make_mut(listed).iter_mut().for_each(dag);
        }
        Tasks::Failed(why) => failure(why),
        Tasks::NotRequested | Tasks::Reading => {}
    }
}

fn ending(ending: &mut Ending) {
    match ending {
        Ending::Refused(refused) => error(refused),
        Ending::SomeoneElse {
            error: refused,
            holder,
            ..
        } => {
            error(refused);
            holder.iter_mut().for_each(dag);
        }
        Ending::NotSent(why)
        | Ending::NotDone(Cause::Failure(why))
        | Ending::OutcomeUnknown(Unknown::Answer(Cause::Failure(why))) => failure(why),
        _ => {}
    }
}

/// Returns the state with the texts of a hostile agent.
fn hostile(mut state: State) -> State {
    if let FactsLookup::Read(seen) = &mut state.form.lookup {
        facts(seen);
    }
    match &mut state.form.problem {
        Some(ConnectProblem::OpenRoutes(why) | ConnectProblem::Credential(why)) => failure(why),
        Some(ConnectProblem::PasswordNotSet { home }) => spoil(home),
        Some(ConnectProblem::TooOld(version)) => *version = Version::new(HIDDEN),
        Some(ConnectProblem::Key(_)) | None => {}
    }
    match &mut state.screen {
        Screen::Connect => {}
        Screen::Review(review) => preflight(&mut review.preflight),
        Screen::Submitting(submitting) => preflight(&mut submitting.preflight),
        Screen::Task(shown) => task(shown),
        Screen::Ended(ended) => {
            facts(&mut ended.facts);
            odp(&mut ended.odp);
            ending(&mut ended.ending);
            ended.task.iter_mut().map(Rc::make_mut).for_each(task);
        }
    }
    state
}

fn is_seen(text: &str) -> bool {
    text.chars().all(|character| symbol(character).is_none())
}

#[test]
fn nothing_that_an_agent_says_is_shown_unseen() {
    let mut shown = 0;
    for (name, state) in all() {
        let state = hostile(state);
        for language in [Language::English, Language::Chinese] {
            let page = draw(state.clone(), language).html;
            assert!(is_seen(&page), "{name}: {page:?}");
            shown += page.matches(SHOWN).count();
            let title = text::page::title(&state, language);
            assert!(is_seen(&title), "{name}: {title:?}");
            if let Screen::Ended(ended) = &state.screen {
                let markdown = text::evidence::markdown(ended, language);
                assert!(is_seen(&markdown), "{name}: {markdown:?}");
                let json = text::evidence::json(ended, "0.1.0");
                assert!(is_seen(&json), "{name}: {json:?}");
            }
        }
    }
    assert!(shown > 500, "{shown}");
}
