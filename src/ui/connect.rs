//! The connect screen: target and sign-in.

mod address_field;
mod linked_task;
mod several;
mod signed_in;

use std::rc::Rc;

use yew::prelude::*;

use self::address_field::AddressField;
use self::linked_task::LinkedTask;
use self::several::Several;
use self::signed_in::SignedIn;
use super::agent_facts::AgentFacts;
use super::book::BookPanel;
use super::dom::focus;
use super::icon::{Icon, IconKind};
use super::message::Message;
use super::notice::Notice;
use super::password::take;
use super::password_field::PasswordField;
use super::sign_in_choice::SignInChoice;
use super::view::{View, use_view};
use crate::flow::event::FlowEvent;
use crate::flow::settings::Settings;
use crate::flow::state::{ConnectForm, FactsLookup, SignIn};
use crate::text;
use crate::text::labels::Label;
use crate::text::problem::{Advice, Input};

/// Properties of [`ConnectScreen`].
#[derive(PartialEq, Properties)]
pub struct ConnectScreenProps {
    /// The element to focus when the screen appears.
    pub heading: NodeRef,
    /// The agents to choose from.
    pub settings: Rc<Settings>,
    /// The contents of the form.
    pub form: ConnectForm,
    /// Opens the run over several agents, if runs are available.
    pub on_several: Option<Callback<()>>,
    /// Whether this tab has stored a run that `on_several` restores.
    pub has_stored_run: bool,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The connect form, and beside it the facts about the agent.
#[component]
pub fn ConnectScreen(props: &ConnectScreenProps) -> Html {
    let ConnectScreenProps {
        heading,
        settings,
        form,
        on_several,
        has_stored_run,
        on_message,
    } = props;
    let view = use_view();
    let problems = problems(form, &view);
    let address_is_wrong = problems.address.is_some();
    // When the screen appears, the first empty field takes the focus.
    let first = use_memo((), |()| {
        if form.address.trim().is_empty() {
            InitialFocus::Address
        } else if form.sign_in.is_typed() {
            InitialFocus::Password
        } else {
            InitialFocus::Heading
        }
    });
    let (one, other) = (use_node_ref(), use_node_ref());
    let (title, address, password) = match *first {
        InitialFocus::Address => (one, heading.clone(), other),
        InitialFocus::Password => (one, other, heading.clone()),
        InitialFocus::Heading => (heading.clone(), one, other),
    };
    let fields = Fields {
        address,
        password,
        address_is_wrong,
    };
    // Whether "Connect" was pressed and no field has been edited since.
    let submitted = use_mut_ref(|| false);
    {
        // After "Connect" failed, focuses the field with the problem.
        let (fields, submitted) = (fields.clone(), Rc::clone(&submitted));
        use_effect_with(form.clone(), move |form| {
            if !form.connecting && submitted.replace(false) {
                fields.focus();
            }
        });
    }

    let onsubmit = {
        let (fields, on_message, submitted) =
            (fields.clone(), on_message.clone(), Rc::clone(&submitted));
        let (connecting, sign_in) = (form.connecting, form.sign_in);
        let signed_in = form.signed_in.is_some();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if connecting {
                return;
            }
            if signed_in {
                submitted.replace(true);
                on_message.emit(Message::Flow(FlowEvent::ConnectAgain));
                return;
            }
            let secret = take(&fields.password);
            let typed = !secret.is_empty();
            let has_credential = typed || !sign_in.is_typed();
            if typed {
                on_message.emit(Message::Credential(secret));
            } else if !has_credential {
                // If "Connect" is pressed again with the same problem, the form does not change and
                // is not rendered again.
                fields.focus();
            }
            submitted.replace(true);
            on_message.emit(Message::Flow(FlowEvent::Connect { has_credential }));
        })
    };
    let on_typed = Callback::from(move |()| {
        // A person who edits a field has seen the problem: the focus is not moved again.
        submitted.replace(false);
    });
    let facts = match &form.lookup {
        FactsLookup::Read(facts) => Some(Rc::clone(facts)),
        FactsLookup::NotRequested | FactsLookup::Reading | FactsLookup::Failed(_) => None,
    };
    let offered = match form.sign_in {
        SignIn::AgentPassword => facts
            .as_ref()
            .is_some_and(|facts| facts.info.has_sessions()),
        SignIn::RootPassword | SignIn::NoRootPassword => true,
        // If the host does not sign in, the person can choose to.
        SignIn::Host => problems.password.is_some(),
    };
    let is_reason_shown = address_is_wrong || problems.agent.is_some();
    let agent_problem = problems.agent.as_ref().map(|_| "agent-problem");
    html! {
        <>
            <div class="columns">
                <form class="panel" novalidate={true} aria-labelledby="screen" {onsubmit}>
                    <h2 id="screen" tabindex="-1" ref={title}>{ view.label(Label::ConnectTitle) }</h2>
                    <p class="quiet">{ view.label(Label::ConnectIntro) }</p>
                    if let Some(task) = &form.task {
                        <LinkedTask task={task.clone()} address={form.address.clone()} {on_message} />
                    }
                    <AddressField
                        {settings}
                        address={form.address.clone()}
                        problem={problems.address}
                        field={fields.address}
                        {on_typed}
                        {on_message}
                    />
                    if form.signed_in.is_some() {
                        <SignedIn {heading} {on_message} />
                    } else {
                        if offered {
                            <SignInChoice
                                chosen={form.sign_in}
                                {facts}
                                disabled={form.connecting}
                                {on_message}
                            />
                        }
                        <PasswordField
                            field={fields.password}
                            sign_in={form.sign_in}
                            problem={problems.password}
                            hint_id="password-hint"
                            hint={view.label(Label::PasswordHint)}
                        />
                    }
                    if let Some(Advice { what, fix }) = problems.agent {
                        <Notice id="agent-problem" icon={IconKind::Fail} {what} {fix} />
                    }
                    <div class="acts">
                        <button
                            type="submit"
                            class="primary"
                            aria-disabled={form.connecting.then_some("true")}
                            aria-describedby={agent_problem}
                        >
                            { view.label(Label::Connect) }
                        </button>
                        if form.connecting {
                            <span class="asking">
                                <Icon kind={IconKind::Running} />
                                { view.label(Label::Connecting) }
                            </span>
                        }
                    </div>
                    if let Some(on_several) = on_several {
                        <Several {on_several} has_stored_run={*has_stored_run} />
                    }
                </form>
                <AgentFacts lookup={form.lookup.clone()} address={form.address.clone()} {is_reason_shown} />
            </div>
            <BookPanel />
        </>
    }
}

/// The element that takes the focus first.
#[derive(PartialEq)]
enum InitialFocus {
    Address,
    Password,
    Heading,
}

/// The problems, by field.
#[derive(Default)]
struct Problems {
    address: Option<Advice>,
    password: Option<Advice>,
    agent: Option<Advice>,
}

fn problems(form: &ConnectForm, view: &View) -> Problems {
    let language = view.language;
    let mut problems = Problems::default();
    if let Some(problem) = &form.problem {
        let (input, advice) = text::problem::connect_problem(problem, &form.address, language);
        match input {
            Input::Address => problems.address = Some(advice),
            Input::Password => problems.password = Some(advice),
            Input::Agent => problems.agent = Some(advice),
        }
    }
    if let Some(problem) = &form.address_problem {
        problems.address = Some(text::problem::address_problem(
            problem,
            &form.address,
            language,
        ));
    }
    if form.password_missing {
        problems.password = Some(text::problem::password_missing(form.sign_in, language));
    }
    problems
}

/// The fields of the form.
#[derive(Clone)]
struct Fields {
    address: NodeRef,
    password: NodeRef,
    address_is_wrong: bool,
}

impl Fields {
    /// Focuses the field with the problem that "Connect" reported.
    fn focus(&self) {
        focus(if self.address_is_wrong {
            &self.address
        } else {
            &self.password
        });
    }
}
