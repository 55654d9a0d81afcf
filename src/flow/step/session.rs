//! Passwords and sessions, from the choice of how to sign in to the end of a session.

use std::mem;

use super::{Machine, opened};
use crate::flow::effect::{Call, CallId, Effect, SealWith};
use crate::flow::event::Answered;
use crate::flow::state::{
    ConnectProblem, CredentialStatus, Facts, FactsLookup, Goal, Purpose, Screen, Session, SignIn,
    SubmitPhase,
};
use crate::obshell::answer::{self, Opened};
use crate::obshell::error::{ErrorKind, Failure};
use crate::obshell::request::{HEADER_LIFE_SECONDS, Request};

impl Machine {
    pub(super) fn sign_in_with(&mut self, sign_in: SignIn) {
        if self.state.form.connecting || self.state.form.sign_in == sign_in {
            return;
        }
        if self.state.form.signed_in.is_some() {
            self.wipe_credential();
        }
        let form = &mut self.state.form;
        form.sign_in = sign_in;
        form.password_missing = false;
        // The problem with the other password does not apply to this one.
        form.problem = match &form.lookup {
            FactsLookup::Read(facts) => super::connect::blocker(facts, sign_in),
            FactsLookup::NotRequested | FactsLookup::Reading | FactsLookup::Failed(_) => None,
        };
    }

    /// The vault has received a password.
    pub(super) fn password_given(&mut self) {
        let calls = &mut self.state.calls;
        calls.reread = false;
        calls.session = match self.state.form.sign_in {
            // The host ends a session that the host supplied.
            SignIn::AgentPassword | SignIn::Host => Session::None,
            SignIn::RootPassword | SignIn::NoRootPassword => Session::Required,
        };
        calls.credential = CredentialStatus::InUse;
    }

    /// Requests a session before any other sealed request. Returns whether it does.
    pub(super) fn log_in_if_required(&mut self, facts: &Facts) -> bool {
        let wanted = self.state.calls.session == Session::Required;
        if wanted {
            let login = Request::login();
            match self.sealed_call(Purpose::Login, facts, login) {
                Ok(()) => self.state.calls.session = Session::LoggingIn,
                Err(failure) => self.login_failed(failure),
            }
        }
        wanted
    }

    /// Handles the response to a login. The session itself is already in the vault.
    pub(super) fn login_answered(&mut self, session: Opened<()>) {
        if let Err(failure) = session {
            self.state.calls.session = Session::Required;
            return self.login_failed(failure);
        }
        self.state.calls.session = Session::Open;
        if let Some(facts) = self.state.facts().cloned() {
            match self.goal() {
                Goal::Connect => self.connect_gathered(facts),
                _ => self.resume(&facts),
            }
        }
    }

    fn login_failed(&mut self, failure: Failure) {
        match self.goal() {
            Goal::Connect => self.connect_stopped(ConnectProblem::Credential(failure)),
            _ => self.update_failed(failure),
        }
    }

    /// Abandons a pending login: its response is ignored.
    pub(super) fn abandon_login(&mut self) {
        let session = &mut self.state.calls.session;
        if *session == Session::LoggingIn {
            *session = Session::Required;
        }
    }

    /// Wipes a rejected credential: there is no session to end.
    pub(super) fn wipe_refused(&mut self) {
        self.state.calls.session = Session::None;
        self.wipe_credential();
    }

    /// Wipes the credential. A session is also ended at the agent, without waiting for the
    /// response. Not while the call that the credential was given for is pending: the end of the
    /// session could arrive first.
    pub(super) fn wipe_credential(&mut self) {
        let calls = &mut self.state.calls;
        let session = mem::take(&mut calls.session);
        if let CredentialStatus::InUse | CredentialStatus::Idle { .. } = calls.credential {
            calls.credential = CredentialStatus::Absent(None);
        }
        let signed_in = self.state.form.signed_in.take();
        if session == Session::Open
            && !self.writes()
            && let Some(facts) = signed_in.or_else(|| self.state.facts().cloned())
            && let Ok(key) = &facts.key
        {
            let seal = SealWith {
                key: key.clone(),
                clock: facts.clock,
                life_seconds: HEADER_LIFE_SECONDS,
            };
            let id = CallId(self.next());
            self.effects.push(Effect::Call(Call {
                id,
                agent: facts.address.clone(),
                request: Request::logout(),
                seal: Some(seal),
                timeout: Some(self.state.settings.timeouts.read),
            }));
        }
        self.effects.push(Effect::WipeCredential);
    }

    /// Reads key and clock again and repeats a sealed read that the agent could not decrypt, before
    /// the failure is reported: such a response only shows that the agent's key has changed.
    /// Returns whether the read is repeated. A DELETE has its own handling of this case, and an
    /// operation is sent once.
    pub(super) fn retry_with_new_key(&mut self, purpose: Purpose, answered: &Answered) -> bool {
        match purpose {
            Purpose::Login
            | Purpose::Credential
            | Purpose::Open
            | Purpose::Tasks
            | Purpose::TasksInPart(_)
            | Purpose::Listed(_)
            | Purpose::Dag
            | Purpose::Newest
            | Purpose::AnyLock
            | Purpose::Unfinished => {}
            _ => return false,
        }
        let calls = &mut self.state.calls;
        let before = mem::replace(&mut calls.reread, undecrypted(answered));
        if before || !calls.reread {
            return false;
        }
        self.abandon_login();
        let Some(address) = self.state.facts().map(|facts| facts.address.clone()) else {
            return false;
        };
        self.gather(
            match purpose {
                Purpose::Tasks | Purpose::TasksInPart(_) => Goal::List,
                _ => self.goal(),
            },
            address,
        );
        true
    }

    /// The purpose of the sealed reads of this screen.
    fn goal(&self) -> Goal {
        match &self.state.screen {
            Screen::Task(_) => Goal::Resume,
            Screen::Submitting(submitting) => match submitting.phase {
                SubmitPhase::DeterminingOutcome(_) => Goal::Resume,
                SubmitPhase::Refreshing | SubmitPhase::Deleting(_) => Goal::Submit,
            },
            Screen::Ended(_) => Goal::Resume,
            _ => Goal::Connect,
        }
    }
}

fn undecrypted(answered: &Answered) -> bool {
    // Most responses succeed, and parsing them twice takes time.
    matches!(&answered.reply, Ok(reply) if reply.status >= 400)
        && matches!(
            opened(answered, answer::done),
            Err(Failure::Refused(error)) if error.kind == ErrorKind::HeaderDecryptFailed
        )
}
