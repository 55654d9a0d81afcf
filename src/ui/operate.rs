//! What a person may tell the agent to do with the task, and the question before it.

use yew::prelude::*;

use super::build::{button, el, said, tells, texted};
use super::icon::Icon;
use super::message::Message;
use super::notice::advise;
use super::view::View;
use crate::flow::event::Event as Act;
use crate::flow::operation::Operation;
use crate::flow::state::{OperationPhase, Task};
use crate::text::operation;

/// What came of the last operation, the question before the next, or what there is to choose from.
/// The focus comes to the whole of it as the question appears and goes: never to a button that
/// does something.
pub(super) fn operations(view: &View, tell: &Callback<Message>, at: &NodeRef, task: &Task) -> Html {
    let language = view.language;
    let act = |class, name, act| button(class, name, tells(tell, act));
    let asked = task
        .operating
        .as_ref()
        .filter(|operating| operating.phase == OperationPhase::Asked);
    let group = |class| {
        el("div", class)
            .attr("role", "group")
            .attr("tabindex", "-1")
            .attr("aria-labelledby", "operate")
            .attr_if("aria-describedby", asked.map(|_| "operate-effect"))
            .at(at)
            .node(standing(view, task))
    };
    if let Some(asked) = asked {
        let operation = asked.operation;
        let question = operation::question(operation, &task.dag, language);
        let version = &task.facts.info.version;
        let mut effect = operation::effect(operation, &task.dag, language);
        effect.extend(operation::caution(operation, version, language));
        let effect = effect.iter().map(|sentence| said("p", "", sentence).html());
        return group("operate asks")
            .child(texted("h3", "", question).attr("id", "operate"))
            .child(el("div", "").attr("id", "operate-effect").each(effect))
            .child(
                el("div", "acts")
                    .child(act("", operation::leave(language), Act::LeaveOperation))
                    .child(act(
                        "danger",
                        operation::confirm(operation, language),
                        Act::ConfirmOperation,
                    )),
            )
            .html();
    }
    let offered = Operation::ALL
        .into_iter()
        .filter(|operation| task.offers(*operation))
        .map(|operation| {
            act(
                "",
                operation::name(operation, language),
                Act::Operate(operation),
            )
            .html()
        })
        .collect::<Vec<_>>();
    if offered.is_empty() {
        return standing(view, task);
    }
    group("operate")
        .child(said("h3", "", operation::heading(language)).attr("id", "operate"))
        .child(el("div", "acts").list(offered))
        .html()
}

/// What came of the last operation.
pub(super) fn standing(view: &View, task: &Task) -> Html {
    let standing = operation::standing(task, view.language);
    let icon = match task.operating.as_ref().map(|operating| &operating.phase) {
        Some(OperationPhase::Refused(_)) => Icon::Fail,
        Some(
            OperationPhase::Checking(_) | OperationPhase::NotSent(_) | OperationPhase::Lost(_),
        ) => Icon::Warn,
        _ => Icon::Info,
    };
    standing
        .map(|standing| advise(view, None, icon, &standing))
        .unwrap_or_default()
}
