//! To a task that is there already: by a link, or from the agent's list.

use std::rc::Rc;

use super::Machine;
use super::listed::refuses_id;
use crate::flow::event::Answered;
use crate::flow::state::{
    ConnectProblem, Facts, FactsLookup, List, Origin, Purpose, Review, Screen, Tasks,
};
use crate::obshell::answer::Opened;
use crate::obshell::dag::id::DagId;
use crate::obshell::dag::{Dag, State};
use crate::obshell::error::{ErrorKind, Failure, Unusable};
use crate::obshell::request::Request;

impl Machine {
    pub(super) fn open(&mut self, address: Option<String>, task: Option<DagId>) {
        let is_there = match &self.state.screen {
            // What comes of a DELETE is not left for a link.
            Screen::Submitting(_) => true,
            Screen::Task(shown) => Some(&shown.dag.id) == task.as_ref(),
            Screen::Ended(ended) => {
                let shown = ended.task.as_ref().map(|shown| &shown.dag.id);
                task.is_some() && shown == task.as_ref()
            }
            Screen::Review(_) => {
                let here = self.state.facts().map(|facts| facts.address.to_string());
                task.is_none() && (address.is_none() || address == here)
            }
            Screen::Connect => false,
        };
        if is_there {
            return;
        }
        self.wipe_credential();
        self.abandon_reads();
        self.state.screen = Screen::Connect;
        let settings = Rc::clone(&self.state.settings);
        let owner = task.as_ref().and_then(DagId::owner);
        let owner = owner.map(|owner| owner.to_string());
        // An agent that this site does not allow is not proposed.
        let owner = owner.filter(|owner| settings.admit(owner).is_ok());
        let form = &mut self.state.form;
        form.task = task;
        form.connecting = false;
        form.problem = None;
        form.password_missing = false;
        form.address_problem = None;
        form.lookup = FactsLookup::NotRequested;
        if let Some(address) = address.or(owner) {
            // Nobody is about to press a button: what is wrong with it is told at once.
            form.address_problem = settings.admit(&address).err();
            form.address = address;
            form.sign_in = settings.sign_in();
        }
        self.address_chosen();
    }

    pub(super) fn cancel_open(&mut self) {
        let form = &mut self.state.form;
        if !form.connecting && form.task.take().is_some() {
            form.problem = None;
        }
    }

    /// The task of a link, read with the credential that was given for it.
    pub(super) fn open_answered(&mut self, dag: Opened<Dag>) {
        let (FactsLookup::Read(facts), Some(id)) = (&self.state.form.lookup, &self.state.form.task)
        else {
            return;
        };
        let facts = Rc::clone(facts);
        match dag {
            Ok(dag) if dag.value.id != *id => {
                let other = Failure::Unusable(Unusable::OtherTask);
                self.connect_stopped(ConnectProblem::Credential(other));
            }
            Ok(dag) => {
                self.state.form.connecting = false;
                self.state.form.signed_in = None;
                self.state.form.task = None;
                self.watch(facts, Rc::new(dag.value), Origin::Opened);
                self.look_for_odp_of_task();
            }
            Err(failure) if refuses_id(id, &failure) => self.search_lists(&facts),
            Err(failure) => self.connect_stopped(ConnectProblem::Credential(failure)),
        }
    }

    pub(super) fn list_tasks(&mut self) {
        if let Screen::Review(Review { preflight, .. }) = &mut self.state.screen
            && !preflight.rechecking
            && preflight.tasks != Tasks::Reading
        {
            let facts = Rc::clone(&preflight.facts);
            preflight.tasks = Tasks::Reading;
            if self.share_read(Purpose::OdpTasks, Purpose::Tasks) {
                return;
            }
            let read = Request::agent_dags();
            if let Err(failure) = self.sealed_call(Purpose::Tasks, &facts, read) {
                self.set_tasks(Tasks::Failed(failure));
            }
        }
    }

    pub(super) fn tasks_answered(&mut self, dags: Opened<Vec<Dag>>) {
        match dags {
            Ok(dags) => {
                self.set_tasks(Tasks::Listed(Rc::new(listed(dags.value))));
            }
            // 4.2.6.x has no such list (protocol: 13.2).
            Err(Failure::Refused(error)) if error.kind == ErrorKind::RouteNotFound => {
                self.ask_in_part(List::Unfinished);
            }
            Err(failure) => self.set_tasks(Tasks::Failed(failure)),
        }
    }

    fn ask_in_part(&mut self, list: List) {
        if let Some(facts) = self.state.facts().cloned() {
            let purpose = Purpose::TasksInPart(list);
            if list == List::Newest && self.share_read(Purpose::OdpNewest, purpose) {
                return;
            }
            if let Err(failure) = self.sealed_call(purpose, &facts, list.request()) {
                self.set_tasks(Tasks::Failed(failure));
            }
        }
    }

    /// The unfinished tasks, then the newest with a lock, which may be one of them.
    pub(super) fn tasks_in_part_answered(&mut self, list: List, answered: &Answered) {
        let dags = match self.listed(list, answered) {
            Ok(answer) => answer.value,
            Err(failure) => return self.set_tasks(Tasks::Failed(failure)),
        };
        let in_part = &mut self.state.calls.in_part;
        if list == List::Unfinished {
            *in_part = dags;
            return self.ask_in_part(List::Newest);
        }
        let mut all = std::mem::take(in_part);
        let more = dags.into_iter();
        let more: Vec<_> = more
            .filter(|dag| all.iter().all(|known| known.id != dag.id))
            .collect();
        all.extend(more);
        all.sort_by_key(|dag| dag.number);
        self.set_tasks(Tasks::ListedInPart(Rc::new(listed(all))));
    }

    /// Once more, with another key.
    pub(super) fn tasks_gathered(&mut self, facts: Rc<Facts>) {
        self.set_tasks(Tasks::NotRequested);
        if let Screen::Review(Review { preflight, .. }) = &mut self.state.screen {
            preflight.facts = facts;
            self.list_tasks();
        }
    }

    pub(super) fn set_tasks(&mut self, tasks: Tasks) {
        let listed = match &tasks {
            Tasks::Listed(listed) | Tasks::ListedInPart(listed) => Some(Rc::clone(listed)),
            Tasks::Failed(_) => Some(Rc::default()),
            Tasks::NotRequested | Tasks::Reading => None,
        };
        if let Screen::Review(Review { preflight, .. }) = &mut self.state.screen {
            preflight.tasks = tasks;
        }
        // A read that was shared for the ODP.
        if let Some(listed) = listed {
            self.find_odp(&listed);
        }
    }

    pub(super) fn open_listed(&mut self, id: &DagId) {
        if let Screen::Review(Review { preflight, .. }) = &self.state.screen
            && let Tasks::Listed(tasks) | Tasks::ListedInPart(tasks) = &preflight.tasks
            && let Some(task) = tasks.iter().find(|task| task.id == *id)
        {
            let (facts, task) = (Rc::clone(&preflight.facts), Rc::clone(task));
            self.abandon_reads();
            self.watch(facts, task, Origin::Opened);
        }
    }
}

/// The ODP tasks: what runs, then what failed, then the others; the newest first.
fn listed(dags: Vec<Dag>) -> Vec<Rc<Dag>> {
    // The agent sends the oldest first.
    let tasks: Vec<_> = dags.into_iter().rev().filter(Dag::is_odp_task).collect();
    let rank = |task: &Dag| match task.state {
        State::Succeed => 2,
        State::Failed => 1,
        _ => 0,
    };
    let mut listed: [Vec<_>; 3] = Default::default();
    for task in tasks {
        if let Some(of_rank) = listed.get_mut(rank(&task)) {
            of_rank.push(Rc::new(task));
        }
    }
    listed.concat()
}
