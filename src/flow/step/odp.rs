//! Which ODP the agent manages, read from its tasks beside the checks. It informs a person and decides
//! nothing: a confirmation neither waits for it nor fails with it.

use std::rc::Rc;

use super::{Machine, opened};
use crate::flow::event::Answered;
use crate::flow::state::{Preflight, Purpose, Review, Screen, WhichOdp};
use crate::obshell::answer::{self, Opened};
use crate::obshell::dag::Dag;
use crate::obshell::info::Version;
use crate::obshell::odp::{Odp, telling_task};
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
        preflight.odp = WhichOdp::Asking;
        let lists_all = facts.info.version.at_least(Version::FIRST_WITH_LIST);
        let (purpose, read) = if lists_all == Some(false) {
            // Its details come unasked (protocol: 13.3).
            (Purpose::OdpNewest, Request::newest_maintenance_dag())
        } else {
            (Purpose::OdpTasks, Request::agent_dags())
        };
        if self.sealed_call(purpose, &facts, read).is_err() {
            self.odp_is(WhichOdp::Untold);
        }
    }

    pub(super) fn odp_tasks_answered(&mut self, all: Opened<Option<Vec<Dag>>>) {
        let all = all.ok().and_then(|said| said.what);
        let Some(preflight) = checked(&mut self.state.screen) else {
            return;
        };
        let lockless = all
            .as_ref()
            .is_some_and(|all| all.iter().all(Dag::takes_no_lock));
        preflight.ask_for_newest = !lockless;
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
        let reads = open.any(|(_, purpose)| {
            matches!(
                purpose,
                Purpose::OdpTasks | Purpose::OdpNewest | Purpose::OdpTask
            )
        });
        let Some(preflight) = checked(&mut self.state.screen) else {
            return;
        };
        if reads || preflight.odp != WhichOdp::Asking {
            return;
        }
        let facts = Rc::clone(&preflight.facts);
        let odp = match telling_task(dags) {
            Some(dag) if dag.nodes.is_some() => told(dag),
            Some(dag) => {
                let read = Request::dag(&dag.id);
                match self.sealed_call(Purpose::OdpTask, &facts, read) {
                    Ok(()) => return,
                    Err(_) => WhichOdp::Untold,
                }
            }
            None => WhichOdp::Untold,
        };
        self.odp_is(odp);
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
        if let Some(preflight) = checked(&mut self.state.screen)
            && preflight.odp == WhichOdp::Asking
        {
            preflight.odp = WhichOdp::Untold;
        }
    }

    fn odp_is(&mut self, odp: WhichOdp) {
        if let Some(preflight) = checked(&mut self.state.screen) {
            preflight.odp = odp;
        }
    }
}

fn told(dag: &Dag) -> WhichOdp {
    Odp::told_by(dag).map_or(WhichOdp::Untold, |odp| WhichOdp::Told(Rc::new(odp)))
}

/// What is checked or reviewed.
fn checked(screen: &mut Screen) -> Option<&mut Preflight> {
    match screen {
        Screen::Review(Review { preflight, .. }) => Some(preflight),
        _ => None,
    }
}
