//! What is fetched when it is needed, and not before the first screen: the end with its evidence,
//! the words for what goes wrong, and what a login needs. Nobody needs them on the way to a running task, and they
//! would be a quarter of what there is to fetch.
//!
//! The build cuts the module at [`Later::fetch`] (`cfg(split)`, see `xtask/page/src/module.rs`):
//! what can only be reached through `Parts` goes into a file of its own. In tests and debug
//! builds nothing is cut, and it is there at once.

use std::fmt;
use std::rc::Rc;

use yew::prelude::*;

use super::ConsoleProps;
use super::copy::{CopyButtonProps, Form, copy_button};
use super::ended;
use super::log::{self, LogProps};
use super::message::Message;
use super::open;
use super::operate;
use super::part::Part;
use super::task::{AuthenticateProps, authenticate};
use super::view::View;
use crate::browser::engine::SignInParts;
use crate::browser::hand::{HAND, Hand};
use crate::browser::host;
use crate::flow::ending::Cause;
use crate::flow::event::Language;
use crate::flow::settings::AddressProblem;
use crate::flow::state::{
    ConnectForm, ConnectProblem, Contact, Ended, Facts, Look, Screen, SignIn, State, SubmitPhase,
    Task, Tasks,
};
use crate::obshell::answer;
use crate::obshell::dag::State as NodeState;
use crate::obshell::error::Failure;
use crate::text::evidence::{
    self,
    snapshot::{Notice, notices},
};
use crate::text::labels::Label;
use crate::text::operation;
use crate::text::problem::{self, Advice, Input};

/// The looks of what is fetched later.
const STYLE: &str = include_str!("../../static/later.css");
/// The version of the console.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The part of the console that is fetched later.
#[derive(Clone, Copy)]
pub struct Later(&'static Parts);

/// All that can be asked of it.
struct Parts {
    ended: fn(&ConsoleProps, &View, (&NodeRef, &NodeRef), &Rc<Ended>) -> Html,
    link: fn(&View, &ConnectForm, &Callback<Message>) -> Html,
    tasks: fn(&View, &Callback<Message>, &Facts, &Tasks) -> Html,
    operations: fn(&View, &Callback<Message>, &NodeRef, &Task) -> Html,
    authenticate: fn(&AuthenticateProps, &Part) -> Html,
    copy_button: fn(&CopyButtonProps, &Part) -> Html,
    log_tools: fn(&LogProps, &Part, usize) -> Html,
    operation: fn(&Task, Language) -> Option<Advice>,
    evidence: fn(Form, &Ended, Language) -> String,
    address_problem: fn(&AddressProblem, &str, Language) -> Advice,
    password_missing: fn(SignIn, Language) -> Advice,
    connect_problem: fn(&ConnectProblem, &str, Language) -> (Input, Advice),
    failure: fn(&Failure, &str, Language) -> Advice,
    cause: fn(&Cause, &str, Language) -> Advice,
    style: &'static str,
    hand: Hand,
    sign_in: SignInParts,
    notices: fn(&State, &State, Language, &str) -> Vec<Notice>,
}

static PARTS: Parts = Parts {
    ended: ended::ended,
    link: open::link,
    tasks: open::tasks,
    operations: operate::operations,
    authenticate,
    copy_button,
    log_tools: log::tools,
    operation: operation::standing,
    evidence,
    address_problem: problem::address_problem,
    password_missing: problem::password_missing,
    connect_problem: problem::connect_problem,
    failure: problem::failure,
    cause: problem::cause,
    style: STYLE,
    hand: HAND,
    sign_in: SignInParts {
        open_login: answer::login,
        ask_host: host::ask,
    },
    notices,
};

fn evidence(form: Form, ended: &Ended, language: Language) -> String {
    match form {
        Form::Json => evidence::json(ended, VERSION),
        Form::Markdown => evidence::markdown(ended, language),
    }
}

#[expect(clippy::unused_async, reason = "as it is where it has to be fetched")]
async fn parts() -> Result<&'static Parts, std::convert::Infallible> {
    Ok(&PARTS)
}

impl Later {
    /// Without fetching: where the module was not cut in two.
    #[must_use]
    pub fn here() -> Self {
        Self(&PARTS)
    }

    /// Fetches it; `None` where that failed. It may be tried again.
    pub async fn fetch() -> Option<Self> {
        parts().await.ok().map(Self)
    }

    /// The looks of it.
    #[must_use]
    pub fn style(self) -> &'static str {
        self.0.style
    }

    /// Clipboard and downloads.
    #[must_use]
    pub fn hand(self) -> Hand {
        self.0.hand
    }

    /// What few need to sign in.
    #[must_use]
    pub fn sign_in(self) -> SignInParts {
        self.0.sign_in
    }

    /// See [`notices`].
    #[must_use]
    pub fn notices(self, before: &State, after: &State, language: Language) -> Vec<Notice> {
        (self.0.notices)(before, after, language, VERSION)
    }

    /// Whether this state shows something of it that cannot wait, or will: a task that runs comes to
    /// an end.
    #[must_use]
    pub fn is_needed(state: &State) -> bool {
        let form = &state.form;
        match &state.screen {
            Screen::Connect => {
                form.task.is_some()
                    || form.sign_in != SignIn::AgentPassword
                    || form.problem.is_some()
                    || form.address_problem.is_some()
                    || form.password_missing
                    || matches!(form.look, Look::Failed(_))
            }
            Screen::Preflight(preflight) => preflight.tasks != Tasks::Unasked,
            Screen::Review(_) => false,
            Screen::Submitting(submitting) => {
                matches!(submitting.phase, SubmitPhase::FindingOut(_))
            }
            // Not before a stage that runs is on the screen.
            Screen::Task(task) => {
                let mut nodes = task.dag.nodes.iter().flatten();
                task.contact != Contact::Good || nodes.any(|node| node.state != NodeState::Pending)
            }
            Screen::Ended(_) => true,
        }
    }
}

/// There is but one.
impl PartialEq for Later {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Later {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Later")
    }
}

impl View {
    /// The end.
    pub(super) fn ended(
        &self,
        props: &ConsoleProps,
        at: (&NodeRef, &NodeRef),
        ended: &Rc<Ended>,
    ) -> Html {
        match self.later {
            Some(Later(parts)) => (parts.ended)(props, self, at, ended),
            None => ended::name_only(props, self, at.0, ended),
        }
    }

    /// The task of a link; nothing as long as its words are not there.
    pub(super) fn link(&self, form: &ConnectForm, tell: &Callback<Message>) -> Html {
        match self.later {
            Some(Later(parts)) => (parts.link)(self, form, tell),
            None => Html::default(),
        }
    }

    /// The agent's ODP tasks; nothing as long as that is not there.
    pub(super) fn tasks(&self, tell: &Callback<Message>, facts: &Facts, tasks: &Tasks) -> Html {
        match self.later {
            Some(Later(parts)) => (parts.tasks)(self, tell, facts, tasks),
            None => Html::default(),
        }
    }

    /// What can be told to the agent of a task; nothing as long as its words are not there.
    pub(super) fn operations(&self, tell: &Callback<Message>, at: &NodeRef, task: &Task) -> Html {
        match self.later {
            Some(Later(parts)) => (parts.operations)(self, tell, at, task),
            None => Html::default(),
        }
    }

    /// The password once more; nothing as long as that is not there.
    pub(super) fn authenticate(&self, props: &AuthenticateProps, part: &Part) -> Html {
        match self.later {
            Some(Later(parts)) => (parts.authenticate)(props, part),
            None => Html::default(),
        }
    }

    /// A button that copies; none as long as it could not.
    pub(super) fn copy_button(&self, props: &CopyButtonProps, part: &Part) -> Html {
        match self.later {
            Some(Later(parts)) => (parts.copy_button)(props, part),
            None => Html::default(),
        }
    }

    /// What a log can be searched, wrapped and copied with; nothing as long as that is not there.
    pub(super) fn log_tools(&self, props: &LogProps, part: &Part, count: usize) -> Html {
        match self.later {
            Some(Later(parts)) => (parts.log_tools)(props, part, count),
            None => Html::default(),
        }
    }

    /// See [`operation::standing`].
    pub(super) fn operation(&self, task: &Task) -> Option<Advice> {
        (self.later?.0.operation)(task, self.language)
    }

    /// The evidence of an end; nothing as long as it cannot be made.
    pub(super) fn evidence(&self, form: Form, ended: &Ended) -> String {
        match self.later {
            Some(Later(parts)) => (parts.evidence)(form, ended, self.language),
            None => String::new(),
        }
    }

    /// See [`problem::address_problem`].
    pub(super) fn address_problem(&self, problem: &AddressProblem, typed: &str) -> Advice {
        match self.later {
            Some(Later(parts)) => (parts.address_problem)(problem, typed, self.language),
            None => self.advice_is_coming(),
        }
    }

    /// See [`problem::password_missing`].
    pub(super) fn password_missing(&self, sign_in: SignIn) -> Advice {
        match self.later {
            Some(Later(parts)) => (parts.password_missing)(sign_in, self.language),
            None => self.advice_is_coming(),
        }
    }

    /// See [`problem::connect_problem`].
    pub(super) fn connect_problem(&self, problem: &ConnectProblem, typed: &str) -> (Input, Advice) {
        match self.later {
            Some(Later(parts)) => (parts.connect_problem)(problem, typed, self.language),
            None => (Input::Agent, self.advice_is_coming()),
        }
    }

    /// See [`problem::failure`].
    pub(super) fn failure(&self, failure: &Failure, address: &str) -> Advice {
        match self.later {
            Some(Later(parts)) => (parts.failure)(failure, address, self.language),
            None => self.advice_is_coming(),
        }
    }

    /// See [`problem::cause`].
    pub(super) fn cause(&self, cause: &Cause, address: &str) -> Advice {
        match self.later {
            Some(Later(parts)) => (parts.cause)(cause, address, self.language),
            None => self.advice_is_coming(),
        }
    }

    fn advice_is_coming(&self) -> Advice {
        Advice {
            what: self.label(Label::AdviceComing).to_owned(),
            fix: String::new(),
        }
    }
}
