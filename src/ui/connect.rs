//! Which agent, and its password.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

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
use crate::text::problem::{self, Advice, Input};

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
        let (input, advice) = problem::connect_problem(problem, &form.address, view.language);
        match input {
            Input::Address => problems.address = Some(advice),
            Input::Password => problems.password = Some(advice),
            Input::Agent => problems.agent = Some(advice),
        }
    }
    if let Some(problem) = &form.address_problem {
        problems.address = Some(problem::address_problem(
            problem,
            &form.address,
            view.language,
        ));
    }
    if form.password_missing {
        problems.password = Some(problem::password_missing(view.language));
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
    html! {
        <div class="columns">
            <form {onsubmit} class="panel" novalidate=true aria-labelledby="screen">
                <h2 id="screen" tabindex="-1" ref={props.heading.clone()}>{ view.label(Label::ConnectTitle) }</h2>
                <p class="quiet">{ view.label(Label::ConnectIntro) }</p>
                { address_field(props, &address, problems.address.as_ref(), &dispatch) }
                { password_field(view, &password, problems.password.as_ref(), hint) }
                if let Some(problem) = &problems.agent {
                    { advise(&props.view, Some("agent-problem"), Icon::Fail, problem) }
                }
                <div class="acts">
                    <button type="submit" class="primary" aria-disabled={form.connecting.then_some("true")}
                        aria-describedby={problems.agent.is_some().then_some("agent-problem")}>
                        { view.label(Label::Connect) }
                    </button>
                    if form.connecting {
                        <span class="asking">{ Icon::Running.draw() }{ view.label(Label::Connecting) }</span>
                    }
                </div>
            </form>
            { agent_facts(view, form, told) }
        </div>
    }
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
        html! {
            <>
                <input
                    id="address"
                    type="text"
                    ref={field.clone()}
                    value={address.clone()}
                    list={(!agents.is_empty()).then_some("agents")}
                    placeholder="10.10.10.1:2886"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-invalid={invalid}
                    aria-describedby={described}
                    {oninput}
                    {onchange}
                />
                if !agents.is_empty() {
                    <datalist id="agents">{ for agents.iter().map(|agent| option(agent.address.to_string(), agent.label.as_deref(), None)) }</datalist>
                }
            </>
        }
    } else {
        let dispatch = dispatch.clone();
        let onchange = Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                dispatch.emit(Act::AddressEdited(select.value()));
                dispatch.emit(Act::AddressChosen);
            }
        });
        html! {
            <select id="address" ref={field.clone()} aria-invalid={invalid} aria-describedby={described} {onchange}>
                <option value="" selected={address.is_empty()}>{ view.label(Label::ChooseAgent) }</option>
                { for agents.iter().map(|agent| {
                    let listed = agent.address.to_string();
                    let selected = *address == listed;
                    option(listed, agent.label.as_deref(), Some(selected))
                }) }
            </select>
        }
    };
    // The name that the site gave the agent, once its address stands in the field.
    let named = agents
        .iter()
        .find(|agent| agent.address.to_string() == address.trim())
        .and_then(|agent| agent.label.as_deref());
    html! {
        <div class="field">
            <label for="address">{ view.label(Label::AgentAddress) }</label>
            { control }
            if let Some(problem) = problem {
                { advise(&props.view, Some("address-problem"), Icon::Fail, problem) }
            }
            <p class="hint" id="address-hint">
                if let Some(named) = named {
                    <strong>{ named.to_owned() }</strong>
                } else {
                    { view.label(if settings.typed_address { Label::AddressHint } else { Label::AddressListHint }) }
                }
            </p>
        </div>
    }
}

/// In a list to type into, the browser shows value and text; in a list to choose from, the text
/// alone.
fn option(address: String, label: Option<&str>, selected: Option<bool>) -> Html {
    let text = match (label, selected) {
        (Some(label), Some(_)) => [label, " · ", &address].concat(),
        (Some(label), None) => label.to_owned(),
        (None, _) => address.clone(),
    };
    html! { <option value={address} selected={selected.unwrap_or(false)}>{ text }</option> }
}
