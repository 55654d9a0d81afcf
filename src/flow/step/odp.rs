//! Which ODP the agent manages, read from its tasks beside the checks. It informs a person and decides
//! nothing: a confirmation neither waits for it nor fails with it.

use std::rc::Rc;

use super::{Machine, opened};
use crate::flow::event::Answered;
use crate::flow::state::{Facts, Preflight, Purpose, Review, Screen, WhichOdp};
use crate::obshell::answer::{self, Opened};
use crate::obshell::dag::Dag;
use crate::obshell::info::Version;
use crate::obshell::odp::{Odp, telling_task, telling_task_before};
use crate::obshell::request::Request;

impl Machine {
    /// Reads the agent's tasks for the one whose log tells which ODP it manages. Where it manages none
    /// there is nothing to tell.
    pub(super) fn look_for_odp(&mut self) {
        let Some(preflight) = checked(&mut self.state.screen) else {
            return;
        };
        let facts = Rc::clone(&preflight.facts);
        if facts.info.manages_odp == Some(false) {
            return;
        }
        let lists_all = facts.info.version.at_least(Version::FIRST_WITH_LIST);
        let (purpose, read) = if lists_all == Some(false) {
            // Its details come unasked (protocol: 13.3).
            (Purpose::OdpNewest, Request::newest_maintenance_dag())
        } else {
            (Purpose::OdpTasks, Request::agent_dags())
        };
        self.read_for_odp(purpose, &facts, read);
    }

    /// The same for a task that was opened without the checks. The newest task with a lock, which is
    /// all that an agent without a list of all tells, is the opened one or a later one.
    pub(super) fn look_for_odp_of_task(&mut self) {
        let Screen::Task(task) = &self.state.screen else {
            return;
        };
        let facts = Rc::clone(&task.facts);
        if facts.info.version.at_least(Version::FIRST_WITH_LIST) == Some(false) {
            return self.odp_is(WhichOdp::Untold);
        }
        self.read_for_odp(Purpose::OdpTasks, &facts, Request::agent_dags());
    }

    fn read_for_odp(&mut self, purpose: Purpose, facts: &Facts, read: Request) {
        let sent = self.sealed_call(purpose, facts, read);
        self.odp_is(match sent {
            Ok(()) => WhichOdp::Asking,
            Err(_) => WhichOdp::Untold,
        });
    }

    pub(super) fn odp_tasks_answered(&mut self, all: Opened<Option<Vec<Dag>>>) {
        let all = all.ok().and_then(|said| said.what);
        if let Some(preflight) = checked(&mut self.state.screen) {
            let lockless = all
                .as_ref()
                .is_some_and(|all| all.iter().all(Dag::takes_no_lock));
            preflight.ask_for_newest = !lockless;
        }
        let all = all.unwrap_or_default().into_iter().map(Rc::new);
        self.find_odp(&all.collect::<Vec<_>>());
    }

    /// An agent without a list of all tasks tells the newest one with a lock.
    pub(super) fn odp_newest_answered(&mut self, newest: Opened<Dag>) {
        let newest = newest.ok().map(|said| Rc::new(said.what));
        self.find_odp(newest.as_slice());
    }

    /// Goes on from a list of tasks, unless a read for the ODP is under way: a log that is not in it is
    /// read.
    pub(super) fn find_odp(&mut self, dags: &[Rc<Dag>]) {
        let mut open = self.state.calls.open.iter();
        if open.any(|(_, purpose)| purpose.is_for_odp()) {
            return;
        }
        let Some(Wanted { facts, odp, until }) = wanted(&mut self.state.screen) else {
            return;
        };
        if *odp != WhichOdp::Asking {
            return;
        }
        let facts = Rc::clone(facts);
        let found = match until {
            Some(task) => telling_task_before(dags, task),
            None => telling_task(dags),
        };
        match found {
            Some(dag) if dag.nodes.is_some() => self.odp_is(told(dag)),
            Some(dag) => self.read_for_odp(Purpose::OdpTask, &facts, Request::dag(&dag.id)),
            None => self.odp_is(WhichOdp::Untold),
        }
    }

    /// A task of the past does not change, so that an answer out of a cache tells the same.
    pub(super) fn odp_task_answered(&mut self, answered: &Answered) {
        let odp = match opened(answered, answer::dag) {
            Ok(said) => told(&said.what),
            Err(_) => WhichOdp::Untold,
        };
        self.odp_is(odp);
    }

    /// A person asks for what is being read for the ODP: one read serves both. Whether there is one.
    pub(super) fn shares(&mut self, reads: Purpose, purpose: Purpose) -> bool {
        let mut open = self.state.calls.open.iter_mut();
        let shared = open.find(|(_, open)| *open == reads);
        if let Some((_, open)) = shared {
            *open = purpose;
            return true;
        }
        false
    }

    /// The reads for the ODP were given up.
    pub(super) fn stop_looking_for_odp(&mut self) {
        if let Some(Wanted { odp, .. }) = wanted(&mut self.state.screen)
            && *odp == WhichOdp::Asking
        {
            *odp = WhichOdp::Untold;
        }
    }

    fn odp_is(&mut self, found: WhichOdp) {
        if let Some(Wanted { odp, .. }) = wanted(&mut self.state.screen) {
            *odp = found;
        }
    }
}

fn told(dag: &Dag) -> WhichOdp {
    Odp::told_by(dag).map_or(WhichOdp::Untold, |odp| WhichOdp::Told(Rc::new(odp)))
}

/// The ODP of a screen.
struct Wanted<'a> {
    facts: &'a Rc<Facts>,
    odp: &'a mut WhichOdp,
    /// The task that the screen is about: a later one tells nothing of its ODP.
    until: Option<&'a Dag>,
}

fn wanted(screen: &mut Screen) -> Option<Wanted<'_>> {
    match screen {
        Screen::Review(Review { preflight, .. }) => Some(Wanted {
            facts: &preflight.facts,
            odp: &mut preflight.odp,
            until: None,
        }),
        Screen::Task(task) => Some(Wanted {
            facts: &task.facts,
            odp: &mut task.odp,
            until: Some(&task.dag),
        }),
        Screen::Ended(ended) => Some(Wanted {
            facts: &ended.facts,
            odp: &mut ended.odp,
            until: ended.task.as_ref().map(|task| &*task.dag),
        }),
        Screen::Connect | Screen::Submitting(_) => None,
    }
}

/// What is checked or reviewed.
fn checked(screen: &mut Screen) -> Option<&mut Preflight> {
    match screen {
        Screen::Review(Review { preflight, .. }) => Some(preflight),
        _ => None,
    }
}
