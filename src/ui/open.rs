//! Tasks that are there already: the one of a link, and the agent's list.

use std::rc::Rc;

use yew::prelude::*;

use super::build::{button, el, said, several, tells, texted};
use super::icon::Icon;
use super::message::Message;
use super::notice::{advise, notice};
use super::task::icon_of;
use super::view::View;
use crate::flow::event::Event as Act;
use crate::flow::state::{ConnectForm, Facts, Tasks};
use crate::obshell::address::AgentAddress;
use crate::obshell::dag::Dag;
use crate::text;
use crate::text::labels::Label;

/// What "Connect" leads to, where a link names a task, and the way out of that.
pub(super) fn link(view: &View, form: &ConnectForm, tell: &Callback<Message>) -> Html {
    let Some(id) = &form.task else {
        return Html::default();
    };
    let language = view.language;
    let foreign = AgentAddress::parse(&form.address)
        .ok()
        .and_then(|address| text::task::foreign_owner(id, &address, language));
    let let_go = button(
        "small",
        text::open::let_go(language),
        tells(tell, Act::OpenNothing),
    );
    let linked = text::open::linked(id, language);
    several(vec![
        match foreign {
            Some(foreign) => notice(None, Icon::Warn, &linked, Some(&foreign)),
            None => notice(None, Icon::Info, &linked, None),
        },
        el("p", "").child(let_go).html(),
    ])
}

/// The agent's ODP tasks.
pub(super) fn tasks(view: &View, tell: &Callback<Message>, facts: &Facts, tasks: &Tasks) -> Html {
    let language = view.language;
    let body = match tasks {
        Tasks::Unasked => return Html::default(),
        Tasks::Asking => el("p", "asking")
            .node(Icon::Running.draw())
            .say(text::open::asking(language))
            .html(),
        Tasks::Failed(failure) => {
            let advice = view.failure(failure, &facts.address.to_string());
            advise(view, None, Icon::Fail, &advice)
        }
        Tasks::Listed(listed) if listed.is_empty() => {
            said("p", "quiet", text::open::none(language)).html()
        }
        Tasks::Listed(listed) => rows(view, tell, listed),
        Tasks::ListedInPart(listed) => several(vec![
            said("p", "quiet", text::open::in_part(language)).html(),
            if listed.is_empty() {
                said("p", "quiet", text::open::none_in_part(language)).html()
            } else {
                rows(view, tell, listed)
            },
        ]),
    };
    el("section", "panel")
        .attr("aria-labelledby", "tasks-title")
        .child(said("h3", "", view.label(Label::ListTasks)).attr("id", "tasks-title"))
        .node(body)
        .html()
}

fn rows(view: &View, tell: &Callback<Message>, listed: &[Rc<Dag>]) -> Html {
    el("ul", "stages tasks")
        .each(listed.iter().map(|dag| row(view, tell, dag)))
        .html()
}

fn row(view: &View, tell: &Callback<Message>, dag: &Dag) -> Html {
    let language = view.language;
    let open = tells(tell, Act::OpenTask(dag.id.clone()));
    let title = text::task::dag_title(&dag.name, language);
    let choose = el("button", "link")
        .attr("type", "button")
        .on(super::build::On::Click, open)
        .text(title);
    let standing = text::task::standing(&dag.state, &dag.operator, language);
    let began = dag.span.started.as_ref().or(dag.created.as_ref());
    let stage = said("span", "", view.label(Label::Stage))
        .say(" ")
        .text(view.count(dag.stage))
        .say(" / ")
        .text(view.count(dag.max_stage));
    let words = el("div", "stage")
        .child(
            el("div", "line-1")
                .child(choose)
                .child(texted("span", "standing", standing)),
        )
        .child(
            el("p", "told")
                .node(began.map(|began| view.time(began)).unwrap_or_default())
                .say(" · ")
                .child(stage)
                .say(" · ")
                .child(texted("code", "", dag.id.to_string())),
        );
    el("li", "")
        .key(dag.id.as_str())
        .node(icon_of(&dag.state, &dag.operator).draw())
        .child(words)
        .html()
}
