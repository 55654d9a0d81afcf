//! From the connect form to the review.

use std::rc::Rc;

use super::credential::needs_credential;
use super::{Machine, no_credential};
use crate::flow::preflight::{Obstacle, holder, obstacle};
use crate::flow::state::{
    ConnectProblem, CredentialStatus, Facts, FactsLookup, Goal, OdpLookup, Preflight, Purpose,
    Review, Screen, SignIn, Tasks,
};
use crate::obshell::answer::Opened;
use crate::obshell::dag::Dag;
use crate::obshell::error::Failure;
use crate::obshell::info::Version;
use crate::obshell::request::Request;

impl Machine {
    pub(super) fn address_edited(&mut self, text: String) {
        if !matches!(self.state.screen, Screen::Connect) || self.state.form.address == text {
            return;
        }
        if self.state.form.connecting || self.state.form.signed_in.is_some() {
            self.wipe_credential();
        }
        self.abandon_reads();
        let form = &mut self.state.form;
        form.address = text;
        form.address_problem = None;
        form.sign_in = self.state.settings.sign_in();
        form.lookup = FactsLookup::NotRequested;
        form.connecting = false;
        form.problem = None;
    }

    pub(super) fn address_chosen(&mut self) {
        if !matches!(self.state.screen, Screen::Connect) || self.state.form.connecting {
            return;
        }
        let form = &mut self.state.form;
        // Reported at "Connect": a message that appears when the field loses focus would move the
        // button away from under the pointer that is about to press it.
        let Ok(address) = self.state.settings.admit(&form.address) else {
            return;
        };
        // Normalised, if it was typed in another form.
        form.address = address.to_string();
        let known = match &form.lookup {
            FactsLookup::Read(facts) => facts.address == address,
            FactsLookup::Reading => true,
            FactsLookup::NotRequested | FactsLookup::Failed(_) => false,
        };
        if !known {
            form.lookup = FactsLookup::Reading;
            form.problem = None;
            self.gather(Goal::ShowFacts, address);
        }
    }

    pub(super) fn show_facts(&mut self, facts: Rc<Facts>) {
        self.wipe_if_other(&facts);
        let form = &mut self.state.form;
        if form.sign_in != SignIn::Host
            && facts.info.has_sessions()
            && facts.info.password_set == Some(false)
        {
            if form.sign_in != SignIn::RootPassword && form.signed_in.is_some() {
                self.wipe_credential();
            }
            self.state.form.sign_in = SignIn::RootPassword;
        }
        let form = &mut self.state.form;
        form.problem = blocker(&facts, form.sign_in);
        form.lookup = FactsLookup::Read(facts);
    }

    /// Wipes the credential if it was given for another agent.
    fn wipe_if_other(&mut self, facts: &Facts) {
        let signed_in = self.state.form.signed_in.as_ref();
        if signed_in.is_some_and(|known| !facts.info.is_same_agent(&known.info)) {
            self.wipe_credential();
        }
    }

    /// "Connect" with the kept credential. All facts are read again.
    pub(super) fn connect_again(&mut self) {
        if !matches!(self.state.screen, Screen::Connect) || self.state.form.connecting {
            return;
        }
        let form = &mut self.state.form;
        if let Some(facts) = &form.signed_in {
            let address = facts.address.clone();
            form.problem = None;
            form.password_missing = false;
            form.connecting = true;
            self.gather(Goal::Connect, address);
        }
    }

    /// Clears the kept credential, so that the person can give another one.
    pub(super) fn sign_out(&mut self) {
        if self.state.form.signed_in.is_some() && !self.state.form.connecting {
            self.wipe_credential();
        }
    }

    pub(super) fn connect(&mut self, has_credential: bool) {
        if !matches!(self.state.screen, Screen::Connect) || self.state.form.connecting {
            return;
        }
        let form = &mut self.state.form;
        form.problem = None;
        form.password_missing = !has_credential;
        let address = self.state.settings.admit(&form.address);
        form.address_problem = address.as_ref().err().copied();
        form.signed_in = None;
        if let (Ok(address), true) = (address, has_credential) {
            form.connecting = true;
            self.password_given();
            self.gather(Goal::Connect, address);
        } else if has_credential {
            // The credential is given again together with a valid address.
            self.wipe_credential();
        }
    }

    /// Also the way to another confirmation after an ending in which certainly nothing was done: it
    /// leads through the review, like the first confirmation.
    pub(super) fn recheck(&mut self) {
        let address = match &mut self.state.screen {
            Screen::Review(Review { preflight, .. }) if !preflight.rechecking => {
                preflight.rechecking = true;
                preflight.facts.address.clone()
            }
            Screen::Ended(ended) if ended.ending.may_confirm_again() => {
                if let CredentialStatus::Absent(why) = self.state.calls.credential {
                    let facts = Rc::clone(&ended.facts);
                    return self.ask_to_connect(Some(facts), no_credential(why));
                }
                let address = ended.facts.address.clone();
                self.state.screen = Screen::Connect;
                self.state.form.connecting = true;
                self.state.form.problem = None;
                address
            }
            _ => return,
        };
        self.abandon_reads();
        self.gather(Goal::Connect, address);
    }

    pub(super) fn connect_gathered(&mut self, facts: Rc<Facts>) {
        self.wipe_if_other(&facts);
        self.state.form.lookup = FactsLookup::Read(Rc::clone(&facts));
        if let Some(problem) = blocker(&facts, self.state.form.sign_in) {
            return self.connect_stopped(problem);
        }
        if self.log_in_if_required(&facts) {
            return;
        }
        let (purpose, read) = match &self.state.form.task {
            None => (Purpose::Credential, Request::agent_unfinished_dags()),
            Some(id) => (Purpose::Open, Request::dag(id)),
        };
        if let Err(failure) = self.sealed_call(purpose, &facts, read) {
            self.connect_stopped(ConnectProblem::Credential(failure));
        }
    }

    pub(super) fn connect_failed(&mut self, failure: Failure) {
        self.state.form.lookup = FactsLookup::Failed(failure.clone());
        self.connect_stopped(ConnectProblem::OpenRoutes(failure));
    }

    pub(super) fn credential_answered(&mut self, unfinished: Opened<Vec<Dag>>) {
        let facts = match &self.state.form.lookup {
            FactsLookup::Read(facts) => Rc::clone(facts),
            FactsLookup::NotRequested | FactsLookup::Reading | FactsLookup::Failed(_) => return,
        };
        match unfinished {
            Ok(unfinished) => {
                self.state.form.connecting = false;
                self.state.form.signed_in = None;
                let preflight = Preflight {
                    facts,
                    unread: unfinished.unparsed,
                    holder: holder(unfinished.value).map(Rc::new),
                    rechecking: false,
                    tasks: Tasks::NotRequested,
                    odp: OdpLookup::NotRequested,
                    ask_for_newest: false,
                };
                let lists = self.show_review(preflight);
                self.look_for_odp();
                if lists {
                    self.list_tasks();
                }
            }
            Err(failure) => self.connect_stopped(ConnectProblem::Credential(failure)),
        }
    }

    /// Returns to the form with its contents kept; only the password must be given again.
    pub(super) fn connect_stopped(&mut self, problem: ConnectProblem) {
        match &problem {
            ConnectProblem::Credential(failure) if needs_credential(failure) => {
                self.wipe_refused();
            }
            _ => self.wipe_credential(),
        }
        self.state.screen = Screen::Connect;
        self.state.form.connecting = false;
        self.state.form.problem = Some(problem);
    }

    /// Shows the review with the checks just read. If the checks were run again, the person's input
    /// is kept. Returns whether the review listed the agent's tasks, which must then be read again,
    /// too.
    fn show_review(&mut self, preflight: Preflight) -> bool {
        let Screen::Review(review) = &mut self.state.screen else {
            self.state.screen = Screen::Review(Review {
                preflight,
                mismatch: false,
                continues_anyway: false,
            });
            return false;
        };
        let lists = review.preflight.tasks != Tasks::NotRequested;
        review.preflight = preflight;
        lists
    }

    pub(super) fn continue_anyway(&mut self) {
        let read_only = self.state.settings.read_only;
        if let Screen::Review(review) = &mut self.state.screen
            && obstacle(review, read_only) == Some(Obstacle::NothingManaged)
        {
            review.continues_anyway = true;
        }
    }

    pub(super) fn back(&mut self) {
        if let Screen::Review(Review { preflight, .. }) = &self.state.screen {
            self.state.form.lookup = FactsLookup::Read(Rc::clone(&preflight.facts));
            self.state.form.problem = None;
            self.state.screen = Screen::Connect;
            self.wipe_credential();
            self.abandon_reads();
        }
    }

    pub(super) fn start_over(&mut self) {
        match &self.state.screen {
            Screen::Task(_) => {
                self.wipe_credential();
                self.reset_form();
            }
            Screen::Ended(ended) => {
                let facts = Rc::clone(&ended.facts);
                let form = &self.state.form;
                let is_target =
                    self.state.settings.admit(&form.address) == Ok(facts.address.clone());
                // A credential that nobody typed can be requested again at no cost to a person.
                let stays = is_target
                    && form.sign_in.is_typed()
                    && !matches!(self.state.calls.credential, CredentialStatus::Absent(_));
                if stays {
                    self.state.form.signed_in = Some(facts);
                } else {
                    self.wipe_credential();
                }
                self.reset_form();
            }
            Screen::Submitting(_) => self.stop_finding_out(),
            Screen::Connect | Screen::Review(_) => {}
        }
    }

    /// Shows the connect form with the typed address and reads the facts about the agent again.
    fn reset_form(&mut self) {
        self.abandon_reads();
        self.state.screen = Screen::Connect;
        self.state.form.lookup = FactsLookup::NotRequested;
        self.state.form.problem = None;
        self.address_chosen();
    }
}

/// The certain obstacle to connecting that is known without a password.
pub(super) fn blocker(facts: &Facts, sign_in: SignIn) -> Option<ConnectProblem> {
    if facts.info.version.at_least(Version::FIRST_WITH_ODP) == Some(false) {
        return Some(ConnectProblem::TooOld(facts.info.version.clone()));
    }
    if facts.info.password_set == Some(false) && sign_in == SignIn::AgentPassword {
        let home = facts.info.home_path.clone();
        return Some(ConnectProblem::PasswordNotSet { home });
    }
    match &facts.key {
        Err(error) => Some(ConnectProblem::Key(*error)),
        Ok(_) => None,
    }
}
