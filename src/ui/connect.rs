//! Which agent, and its password.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use yew::prelude::*;

use super::build::{El, On, el, entered, heading, said, several, tells, texted};
use super::facts::agent_facts;
use super::focus;
use super::icon::Icon;
use super::message::Message;
use super::notice::advise;
use super::part::{Kept, Part};
use super::password::{choice, password_field, take};
use super::view::View;
use crate::flow::event::Event as Act;
use crate::flow::settings::Settings;
use crate::flow::state::{ConnectForm, Look, SignIn};
use crate::text::labels::Label;
use crate::text::problem::{Advice, Input};

/// What the connect form is given.
#[derive(PartialEq)]
pub struct ConnectProps {
    /// Words.
    pub view: View,
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// The agents to choose from.
    pub settings: Rc<Settings>,
    /// What the form holds.
    pub form: ConnectForm,
    /// Takes what a person does.
    pub tell: Callback<Message>,
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
        problems.password = Some(view.password_missing(form.sign_in));
    }
    problems
}

/// What the connect form keeps.
#[derive(Default)]
struct Own {
    address: NodeRef,
    password: NodeRef,
    /// Whether "Connect" was pressed and nobody has typed since.
    submitted: Cell<bool>,
    /// What the form held when it was drawn last.
    form: RefCell<Option<ConnectForm>>,
}

/// The connect form, and what is known of the agent beside it.
pub(super) fn connect(props: &ConnectProps, part: &Part) -> Html {
    let ConnectProps { view, form, .. } = props;
    let kept = part.kept::<Own>();
    let problems = problems(form, view);
    let address_is_wrong = problems.address.is_some();

    // After "Connect" led nowhere, the field that it failed at.
    {
        let (kept, form) = (kept.clone(), form.clone());
        part.after(move || {
            let asked = form.connecting;
            let before = kept.form.replace(Some(form));
            let changed = before != *kept.form.borrow();
            if changed && !asked && kept.submitted.take() {
                focus(kept.field(address_is_wrong));
            }
        });
    }

    let onsubmit = {
        let (kept, tell, connecting) = (kept.clone(), props.tell.clone(), form.connecting);
        let sign_in = form.sign_in;
        Callback::from(move |event: Event| {
            event.prevent_default();
            if connecting {
                return;
            }
            let secret = take(&kept.password);
            let typed = !secret.is_empty();
            let has_credential = typed || !sign_in.is_typed();
            if typed {
                tell.emit(Message::Credential(secret));
            } else if !has_credential {
                // Pressed again with nothing mended, nothing changes, and the form would not be
                // drawn again.
                focus(kept.field(address_is_wrong));
            }
            kept.submitted.set(true);
            tell.emit(Message::Flow(Act::Connect { has_credential }));
        })
    };
    let hint = ("password-hint", Some(view.label(Label::PasswordHint)));
    let told = address_is_wrong || problems.agent.is_some();
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
    let facts = match &form.look {
        Look::Seen(facts) => Some(&**facts),
        Look::Nothing | Look::Asking | Look::Failed(_) => None,
    };
    let seen = facts.is_some_and(|facts| facts.info.has_sessions());
    let offered = match form.sign_in {
        SignIn::AgentPassword => seen,
        SignIn::RootPassword | SignIn::NoRootPassword => true,
        // Where the host does not sign in, a person can.
        SignIn::Host => problems.password.is_some(),
    };
    let title = view.label(Label::ConnectTitle);
    let panel = el("form", "panel")
        .attr("novalidate", "novalidate")
        .attr("aria-labelledby", "screen")
        .on(On::Submit, onsubmit)
        .child(heading(&props.heading, title.into()))
        .child(said("p", "quiet", view.label(Label::ConnectIntro)))
        .node(view.link(form, &props.tell))
        .node(address_field(props, &kept, problems.address.as_ref()))
        .maybe(offered.then(|| choice(view, &props.tell, form.sign_in, facts, form.connecting)))
        .node(password_field(
            view,
            (&kept.password, form.sign_in),
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

impl Own {
    /// The field to go to after "Connect" led nowhere.
    fn field(&self, address: bool) -> &NodeRef {
        if address {
            &self.address
        } else {
            &self.password
        }
    }
}

/// The address: typed, with the site's agents to pick from, or one of the site's agents.
fn address_field(props: &ConnectProps, kept: &Kept<Own>, problem: Option<&Advice>) -> Html {
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
        let (kept_too, tell) = (kept.clone(), props.tell.clone());
        let oninput = Callback::from(move |event: Event| {
            // Whoever types again has seen what was wrong: the focus stays with them.
            kept_too.submitted.set(false);
            tell.emit(Message::Flow(Act::AddressEdited(entered(&event))));
        });
        let input = el("input", "")
            .attr("id", "address")
            .attr("type", "text")
            .at(&kept.address)
            .value(address.clone())
            .attr_if("list", (!agents.is_empty()).then_some("agents"))
            .attr("placeholder", "10.10.10.1:2886")
            .attr("autocomplete", "off")
            .attr("autocapitalize", "none")
            .attr("spellcheck", "false")
            .attr_if("aria-invalid", invalid)
            .attr("aria-describedby", described)
            .on(On::Input, oninput)
            .on(On::Change, tells(&props.tell, Act::AddressChosen));
        let list = (!agents.is_empty()).then(|| {
            let options = agents
                .iter()
                .map(|agent| option(agent.address.to_string(), agent.label.as_deref(), None));
            el("datalist", "").attr("id", "agents").each(options)
        });
        several(vec![input.html(), list.map(El::html).unwrap_or_default()])
    } else {
        let (kept_too, tell) = (kept.clone(), props.tell.clone());
        let choose = Callback::from(move |event: Event| {
            kept_too.submitted.set(false);
            tell.emit(Message::Flow(Act::AddressEdited(entered(&event))));
            tell.emit(Message::Flow(Act::AddressChosen));
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
            .at(&kept.address)
            .attr_if("aria-invalid", invalid)
            .attr("aria-describedby", described)
            .on(On::Change, choose)
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
        // Where there is room for one of them only, it is the address: the name stands below.
        (Some(label), Some(_)) => [address.as_str(), " · ", label].concat(),
        (Some(label), None) => label.to_owned(),
        (None, _) => address.clone(),
    };
    texted("option", "", text)
        .attr_text("value", address.into())
        .attr_if("selected", selected.unwrap_or(false).then_some("selected"))
        .html()
}
