//! Determines from the agent's tasks which ODP the agent manages, beside the checks. The result
//! informs a person and decides nothing: a confirmation neither waits for it nor fails with it.

use std::rc::Rc;

use super::{Machine, opened};
use crate::flow::event::Answered;
use crate::flow::state::{Facts, OdpLookup, Preflight, Purpose, Review, Screen};
use crate::obshell::answer::{self, Opened};
use crate::obshell::dag::Dag;
use crate::obshell::info::Version;
use crate::obshell::odp::{Odp, source_task, source_task_before};
use crate::obshell::request::Request;

impl Machine {
    /// Reads the agent's tasks to find the one whose log records the managed ODP. Does nothing if
    /// the agent manages none.
    pub(super) fn look_for_odp(&mut self) {
        let Some(preflight) = reviewed(&mut self.state.screen) else {
            return;
        };
        let facts = Rc::clone(&preflight.facts);
        if facts.info.manages_odp == Some(false) {
            return;
        }
        let lists_all = facts.info.version.at_least(Version::FIRST_WITH_LIST);
        let (purpose, read) = if lists_all == Some(false) {
            // The response contains the details without a parameter (protocol: 13.3).
            (Purpose::OdpNewest, Request::newest_maintenance_dag())
        } else {
            (Purpose::OdpTasks, Request::agent_dags())
        };
        self.read_for_odp(purpose, &facts, read);
    }

    /// As [`look_for_odp`](Self::look_for_odp), for a task that was opened without the checks. An
    /// agent without a list of all tasks is not read: the newest task with a lock, which is all
    /// that it returns, is the opened task or a later one.
    pub(super) fn look_for_odp_of_task(&mut self) {
        let Screen::Task(task) = &self.state.screen else {
            return;
        };
        let facts = Rc::clone(&task.facts);
        if facts.info.version.at_least(Version::FIRST_WITH_LIST) == Some(false) {
            return self.set_odp(OdpLookup::NotFound);
        }
        self.read_for_odp(Purpose::OdpTasks, &facts, Request::agent_dags());
    }

    fn read_for_odp(&mut self, purpose: Purpose, facts: &Facts, read: Request) {
        let sent = self.sealed_call(purpose, facts, read);
        self.set_odp(match sent {
            Ok(()) => OdpLookup::Reading,
            Err(_) => OdpLookup::NotFound,
        });
    }

    pub(super) fn odp_tasks_answered(&mut self, all: Opened<Option<Vec<Dag>>>) {
        let all = all.ok().and_then(|answer| answer.value);
        if let Some(preflight) = reviewed(&mut self.state.screen) {
            let lockless = all
                .as_ref()
                .is_some_and(|all| all.iter().all(Dag::takes_no_lock));
            preflight.ask_for_newest = !lockless;
        }
        let all = all.unwrap_or_default().into_iter().map(Rc::new);
        self.find_odp(&all.collect::<Vec<_>>());
    }

    /// Handles the newest task with a lock, from an agent without a list of all tasks.
    pub(super) fn odp_newest_answered(&mut self, newest: Opened<Dag>) {
        let newest = newest.ok().map(|answer| Rc::new(answer.value));
        self.find_odp(newest.as_slice());
    }

    /// Continues with a list of tasks, unless a read for the ODP is pending: a log missing from the
    /// list is read.
    pub(super) fn find_odp(&mut self, dags: &[Rc<Dag>]) {
        let mut open = self.state.calls.open.iter();
        if open.any(|(_, purpose)| purpose.is_for_odp()) {
            return;
        }
        let Some(OdpTarget { facts, odp, until }) = odp_target(&mut self.state.screen) else {
            return;
        };
        if *odp != OdpLookup::Reading {
            return;
        }
        let facts = Rc::clone(facts);
        let found = match until {
            Some(task) => source_task_before(dags, task),
            None => source_task(dags),
        };
        match found {
            Some(dag) if dag.nodes.is_some() => self.set_odp(odp_from(dag)),
            Some(dag) => self.read_for_odp(Purpose::OdpTask, &facts, Request::dag(&dag.id)),
            None => self.set_odp(OdpLookup::NotFound),
        }
    }

    /// Handles the task with its log. A past task does not change, so a cached response is as good.
    pub(super) fn odp_task_answered(&mut self, answered: &Answered) {
        let odp = match opened(answered, answer::dag) {
            Ok(answer) => odp_from(&answer.value),
            Err(_) => OdpLookup::NotFound,
        };
        self.set_odp(odp);
    }

    /// Lets a person's request share a pending read for the ODP. Returns whether there is such a
    /// read.
    pub(super) fn share_read(&mut self, reads: Purpose, purpose: Purpose) -> bool {
        let mut open = self.state.calls.open.iter_mut();
        let shared = open.find(|(_, open)| *open == reads);
        if let Some((_, open)) = shared {
            *open = purpose;
            return true;
        }
        false
    }

    /// The reads for the ODP were abandoned.
    pub(super) fn stop_looking_for_odp(&mut self) {
        if let Some(OdpTarget { odp, .. }) = odp_target(&mut self.state.screen)
            && *odp == OdpLookup::Reading
        {
            *odp = OdpLookup::NotFound;
        }
    }

    fn set_odp(&mut self, found: OdpLookup) {
        if let Some(OdpTarget { odp, .. }) = odp_target(&mut self.state.screen) {
            *odp = found;
        }
    }
}

fn odp_from(dag: &Dag) -> OdpLookup {
    Odp::from_task(dag).map_or(OdpLookup::NotFound, |odp| OdpLookup::Found(Rc::new(odp)))
}

/// The ODP of a screen.
struct OdpTarget<'a> {
    facts: &'a Rc<Facts>,
    odp: &'a mut OdpLookup,
    /// The task that the screen is about: later tasks say nothing about its ODP.
    until: Option<&'a Dag>,
}

fn odp_target(screen: &mut Screen) -> Option<OdpTarget<'_>> {
    match screen {
        Screen::Review(Review { preflight, .. }) => Some(OdpTarget {
            facts: &preflight.facts,
            odp: &mut preflight.odp,
            until: None,
        }),
        Screen::Task(task) => Some(OdpTarget {
            facts: &task.facts,
            odp: &mut task.odp,
            until: Some(&task.dag),
        }),
        Screen::Ended(ended) => Some(OdpTarget {
            facts: &ended.facts,
            odp: &mut ended.odp,
            until: ended.task.as_ref().map(|task| &*task.dag),
        }),
        Screen::Connect | Screen::Submitting(_) => None,
    }
}

/// The pre-flight data of a checked or reviewed target.
fn reviewed(screen: &mut Screen) -> Option<&mut Preflight> {
    match screen {
        Screen::Review(Review { preflight, .. }) => Some(preflight),
        _ => None,
    }
}
