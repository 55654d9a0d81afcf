//! A task whose id the agent refuses, found in the agent's lists (protocol: 13.8).

use std::rc::Rc;

use super::Machine;
use crate::flow::event::Answered;
use crate::flow::state::{ConnectProblem, Facts, FactsLookup, List, Origin, Purpose, Screen};
use crate::obshell::answer::{self, Answer, Opened};
use crate::obshell::dag::Dag;
use crate::obshell::dag::id::DagId;
use crate::obshell::error::{ErrorKind, Failure, Unusable};
use crate::obshell::request::Request;

impl List {
    /// The request for the list, with details.
    pub(super) fn request(self) -> Request {
        match self {
            Self::Newest => Request::newest_maintenance_dag(),
            Self::Unfinished => Request::agent_unfinished_dags(),
            Self::All => Request::agent_dags_with_details(),
        }
    }

    fn next(self) -> Option<Self> {
        match self {
            Self::Newest => Some(Self::Unfinished),
            Self::Unfinished => Some(Self::All),
            Self::All => None,
        }
    }
}

/// Whether the agent refuses the id of a task although it is well-formed: the id contains an
/// address whose ids the agent cannot parse.
pub(super) fn refuses_id(id: &DagId, failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(error) if error.kind == ErrorKind::TaskIdInvalid)
        && id.owner().is_some()
}

impl Machine {
    /// Looks for the task in the lists, the likeliest first.
    pub(super) fn search_lists(&mut self, facts: &Facts) {
        self.read_list(facts, List::Newest);
    }

    fn read_list(&mut self, facts: &Facts, list: List) {
        if let Err(failure) = self.sealed_call(Purpose::Listed(list), facts, list.request()) {
            self.list_failed(failure);
        }
    }

    fn list_failed(&mut self, failure: Failure) {
        match &self.state.screen {
            Screen::Task(_) => self.task_failed(failure),
            _ => self.connect_stopped(ConnectProblem::Credential(failure)),
        }
    }

    /// The task to be found, and the agent to read.
    fn searched_task(&self) -> Option<(DagId, Rc<Facts>)> {
        match (&self.state.screen, &self.state.form.lookup) {
            (Screen::Task(task), _) => Some((task.dag.id.clone(), Rc::clone(&task.facts))),
            (Screen::Connect, FactsLookup::Read(facts)) => {
                Some((self.state.form.task.clone()?, Rc::clone(facts)))
            }
            _ => None,
        }
    }

    pub(super) fn listed_answered(&mut self, list: List, answered: &Answered) {
        let dags = self.listed(list, answered);
        let Some((id, facts)) = self.searched_task() else {
            return;
        };
        let failure = match dags {
            Ok(answer) => {
                let unread = answer.unparsed > 0;
                if let Some(dag) = answer.value.into_iter().find(|dag| dag.id == id) {
                    return match &self.state.screen {
                        Screen::Task(_) => self.update_task(dag, answered.received_at),
                        _ => self.opened_from_list(facts, dag),
                    };
                }
                // The unreadable entry may be the task.
                if unread {
                    Unusable::ListUnread
                } else {
                    Unusable::NotListed { all: true }
                }
            }
            // 4.2.6.x has no list of all tasks.
            Err(Failure::Refused(error))
                if list == List::All && error.kind == ErrorKind::RouteNotFound =>
            {
                Unusable::NotListed { all: false }
            }
            Err(failure) => return self.list_failed(failure),
        };
        match list.next() {
            Some(next) => self.read_list(&facts, next),
            None => self.list_failed(Failure::Unusable(failure)),
        }
    }

    /// The tasks of a list; empty if there is no newest task.
    pub(super) fn listed(&mut self, list: List, answered: &Answered) -> Opened<Vec<Dag>> {
        let purpose = Purpose::Listed(list);
        if list != List::Newest {
            return self.open_fresh(purpose, answered, answer::dags);
        }
        match self.open_fresh(purpose, answered, answer::dag) {
            Ok(answer) => Ok(Answer {
                value: vec![answer.value],
                trace_id: answer.trace_id,
                agent_time: answer.agent_time,
                unparsed: answer.unparsed,
            }),
            Err(Failure::Refused(error)) if error.kind == ErrorKind::TaskNotFound => Ok(Answer {
                value: Vec::new(),
                trace_id: error.trace_id,
                agent_time: None,
                unparsed: 0,
            }),
            Err(failure) => Err(failure),
        }
    }

    fn opened_from_list(&mut self, facts: Rc<Facts>, dag: Dag) {
        self.state.form.connecting = false;
        self.state.form.signed_in = None;
        self.state.form.task = None;
        self.watch_by_lists(facts, Rc::new(dag), Origin::Opened);
        self.look_for_odp_of_task();
    }
}
