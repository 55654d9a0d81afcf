//! Which agent, and its password.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::build::{El, el, heading, said, texted};
use super::facts::agent_facts;
use super::focus;
use super::icon::Icon;
use super::notice::advise;
use super::password::{password_field, take};
use super::view::View;
use crate::flow::event::Event as Act;
use crate::flow::settings::Settings;
use crate::flow::state::ConnectForm;
use crate::obshell::secret::Secret;
use crate::text::labels::Label;
use crate::text::problem::{Advice, Input};

/// Properties of [`Connect`].
#[derive(Properties, PartialEq)]
pub struct ConnectProps {
    /// Words.
    pub view: View,
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// The agents to choose from.
    pub settings: Rc<Settings>,
    /// What the form holds.
    pub form: ConnectForm,
    /// Takes acts.
    pub dispatch: Callback<Act>,
    /// Takes the password.
    pub give_credential: Callback<Secret>,
}

/// What is wrong, input by input.
#[derive(Default)]
struct Problems {
    address: Option<Advice>,
    password: Option<Advice>,
    agent: Option<Advice>,
}

fn problems(form: &ConnectForm, view: &View) -> Problems {
    let mut problems = Problems::default();
    if let Some(problem) = &form.problem {
        let (input, advice) = view.connect_problem(problem, &form.address);
        match input {
            Input::Address => problems.address = Some(advice),
            Input::Password => problems.password = Some(advice),
            Input::Agent => problems.agent = Some(advice),
        }
    }
    if let Some(problem) = &form.address_problem {
        problems.address = Some(view.address_problem(problem, &form.address));
    }
    if form.password_missing {
        problems.password = Some(view.password_missing());
    }
    problems
}

/// The connect form, and what is known of the agent beside it.
#[component]
pub fn Connect(props: &ConnectProps) -> Html {
    let ConnectProps { view, form, .. } = props;
    let address = use_node_ref();
    let password = use_node_ref();
    let problems = problems(form, view);
    let wrong = if problems.address.is_some() {
        Some(Input::Address)
    } else if problems.password.is_some() {
        Some(Input::Password)
    } else {
        None
    };

    // After "Connect" led nowhere, the field that it failed at.
    let submitted = use_mut_ref(|| false);
    {
        let (submitted, address, password) =
            (Rc::clone(&submitted), address.clone(), password.clone());
        let asked = form.connecting;
        use_effect_with(form.clone(), move |_| {
            if *submitted.borrow() && !asked {
                *submitted.borrow_mut() = false;
                let field = match wrong {
                    Some(Input::Address) => address,
                    Some(Input::Password | Input::Agent) | None => password,
                };
                focus(&field);
            }
        });
    }

    let onsubmit = {
        let (address, password) = (address.clone(), password.clone());
        let (submitted, connecting) = (Rc::clone(&submitted), form.connecting);
        let (dispatch, give) = (props.dispatch.clone(), props.give_credential.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if connecting {
                return;
            }
            let secret = take(&password);
            let has_credential = !secret.is_empty();
            if has_credential {
                give.emit(secret);
            }
            if !has_credential {
                // Pressed again with nothing mended, nothing changes, and no effect would run.
                focus(if wrong == Some(Input::Address) {
                    &address
                } else {
                    &password
                });
            }
            *submitted.borrow_mut() = true;
            dispatch.emit(Act::Connect { has_credential });
        })
    };
    // Whoever types again has seen what was wrong: the focus stays with them.
    let dispatch = {
        let dispatch = props.dispatch.clone();
        let submitted = Rc::clone(&submitted);
        use_callback(dispatch, move |act, dispatch| {
            *submitted.borrow_mut() = false;
            dispatch.emit(act);
        })
    };
    let hint = ("password-hint", Some(view.label(Label::PasswordHint)));
    let told = problems.address.is_some() || problems.agent.is_some();
    let agent = problems.agent.as_ref();
    let advice =
        agent.map(|problem| advise(&props.view, Some("agent-problem"), Icon::Fail, problem));
    let submit = said("button", "primary", view.label(Label::Connect))
        .attr("type", "submit")
        .attr_if("aria-disabled", form.connecting.then_some("true"))
        .attr_if("aria-describedby", agent.map(|_| "agent-problem"));
    let asking = form.connecting.then(|| {
        el("span", "asking")
            .node(Icon::Running.draw())
            .say(view.label(Label::Connecting))
    });
    let title = view.label(Label::ConnectTitle);
    let panel = el("form", "panel")
        .attr("novalidate", "novalidate")
        .attr("aria-labelledby", "screen")
        .onsubmit(onsubmit)
        .child(heading(&props.heading, title.into()))
        .child(said("p", "quiet", view.label(Label::ConnectIntro)))
        .node(address_field(
            props,
            &address,
            problems.address.as_ref(),
            &dispatch,
        ))
        .node(password_field(
            view,
            &password,
            problems.password.as_ref(),
            hint,
        ))
        .node(advice.unwrap_or_default())
        .child(el("div", "acts").child(submit).maybe(asking));
    el("div", "columns")
        .child(panel)
        .node(agent_facts(view, form, told))
        .html()
}

/// The address: typed, with the site's agents to pick from, or one of the site's agents.
fn address_field(
    props: &ConnectProps,
    field: &NodeRef,
    problem: Option<&Advice>,
    dispatch: &Callback<Act>,
) -> Html {
    let ConnectProps { view, settings, .. } = props;
    let address = &props.form.address;
    let agents = &settings.agents;
    let described = if problem.is_some() {
        "address-problem address-hint"
    } else {
        "address-hint"
    };
    let invalid = problem.map(|_| "true");
    let control = if settings.typed_address || agents.is_empty() {
        let oninput = dispatch.reform(|event: InputEvent| {
            Act::AddressEdited(
                event
                    .target_dyn_into::<HtmlInputElement>()
                    .map_or_else(String::new, |input| input.value()),
            )
        });
        let onchange = dispatch.reform(|_: Event| Act::AddressChosen);
        let input = el("input", "")
            .attr("id", "address")
            .attr("type", "text")
            .at(field)
            .value(address.clone())
            .attr_if("list", (!agents.is_empty()).then_some("agents"))
            .attr("placeholder", "10.10.10.1:2886")
            .attr("autocomplete", "off")
            .attr("autocapitalize", "none")
            .attr("spellcheck", "false")
            .attr_if("aria-invalid", invalid)
            .attr("aria-describedby", described)
            .oninput(oninput)
            .onchange(onchange);
        let list = (!agents.is_empty()).then(|| {
            let options = agents
                .iter()
                .map(|agent| option(agent.address.to_string(), agent.label.as_deref(), None));
            el("datalist", "").attr("id", "agents").each(options)
        });
        [input.html(), list.map(El::html).unwrap_or_default()]
            .into_iter()
            .collect::<Html>()
    } else {
        let dispatch = dispatch.clone();
        let onchange = Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                dispatch.emit(Act::AddressEdited(select.value()));
                dispatch.emit(Act::AddressChosen);
            }
        });
        let none = said("option", "", view.label(Label::ChooseAgent))
            .attr("value", "")
            .attr_if("selected", address.is_empty().then_some("selected"));
        let options = agents.iter().map(|agent| {
            let listed = agent.address.to_string();
            let selected = *address == listed;
            option(listed, agent.label.as_deref(), Some(selected))
        });
        el("select", "")
            .attr("id", "address")
            .at(field)
            .attr_if("aria-invalid", invalid)
            .attr("aria-describedby", described)
            .onchange(onchange)
            .child(none)
            .each(options)
            .html()
    };
    // The name that the site gave the agent, once its address stands in the field.
    let named = agents
        .iter()
        .find(|agent| agent.address.to_string() == address.trim())
        .and_then(|agent| agent.label.as_deref());
    let hint = match named {
        Some(named) => el("p", "hint").child(texted("strong", "", named.to_owned())),
        None if settings.typed_address => said("p", "hint", view.label(Label::AddressHint)),
        None => said("p", "hint", view.label(Label::AddressListHint)),
    };
    let problem =
        problem.map(|problem| advise(&props.view, Some("address-problem"), Icon::Fail, problem));
    el("div", "field")
        .child(said("label", "", view.label(Label::AgentAddress)).attr("for", "address"))
        .node(control)
        .node(problem.unwrap_or_default())
        .child(hint.attr("id", "address-hint"))
        .html()
}

/// In a list to type into, the browser shows value and text; in a list to choose from, the text
/// alone.
fn option(address: String, label: Option<&str>, selected: Option<bool>) -> Html {
    let text = match (label, selected) {
        (Some(label), Some(_)) => [label, " · ", &address].concat(),
        (Some(label), None) => label.to_owned(),
        (None, _) => address.clone(),
    };
    texted("option", "", text)
        .attr_text("value", address.into())
        .attr_if("selected", selected.unwrap_or(false).then_some("selected"))
        .html()
}
