//! Restores a run after a reload without sending anything. Each member is read once it has a
//! credential, and the outcome of a DELETE is found in the tasks of the agent.

use std::rc::Rc;

use super::Machine;
use super::drive::is_same_key;
use crate::fleet::journal::{Entry, Journal, Sent, VERSION};
use crate::fleet::member::{ChosenAgent, LeftOut, MemberId, MemberStatus};
use crate::fleet::state::Phase;
use crate::flow::event::FlowEvent;
use crate::flow::state::{Origin, Screen, Submission, Tasks};
use crate::obshell::address::AgentAddress;
use crate::obshell::dag::id::DagId;
use crate::obshell::time::Millis;

/// The time within which the task of a sent DELETE may appear, in milliseconds: the longest
/// validity of its header plus the time in which an agent records a task.
const APPEARS_WITHIN: Millis = 90_000;

/// The delay before an agent is read again for the task of a DELETE, in milliseconds.
const LOOK_AGAIN: Millis = 5_000;

impl Machine {
    pub(super) fn restored(&mut self, journal: &Journal) {
        if !self.is_in(Phase::Choose) || journal.version != VERSION {
            return;
        }
        // An agent that the site no longer allows is not restored.
        let admitted = |entry: &&Entry| self.fleet.settings.admit(&entry.address).is_ok();
        let entries: Vec<_> = journal.members.iter().filter(admitted).collect();
        let chosen = entries.iter().filter_map(|entry| chosen(entry)).collect();
        self.replace_members(chosen);
        if self.fleet.members.is_empty() {
            return;
        }
        for (member, entry) in self.fleet.members.iter_mut().zip(entries) {
            let member = Rc::make_mut(member);
            member.sent = entry.sent.clone().map(Rc::new);
            match &entry.sent {
                Some(sent) => {
                    member.status = MemberStatus::InProgress;
                    member.unread = true;
                    // A browser clock that was set back must not put the time into the future.
                    member.began = Some(sent.sent_at.min(self.now));
                    let task = sent.task.as_deref();
                    Rc::make_mut(&mut member.flow).form.task =
                        task.and_then(|task| DagId::parse(task).ok());
                }
                None if entry.left_out => {
                    member.status = MemberStatus::LeftOut(LeftOut::Person);
                }
                None => {}
            }
        }
        self.fleet.run_settings = journal.run_settings();
        self.fleet.restored = true;
        self.fleet.phase = Phase::SignIn;
    }

    /// Continues with a member that has a DELETE in the journal, as far as its flow has been read.
    pub(super) fn determine_outcome(&mut self, id: MemberId) {
        let now = self.now;
        let Some(member) = self.member(id) else {
            return;
        };
        let Some(sent) = member.sent.clone() else {
            return;
        };
        let review = match &member.flow.screen {
            Screen::Review(review) if !review.preflight.rechecking => review,
            Screen::Task(_) | Screen::Ended(_) => {
                if let Some(member) = self.member_mut(id) {
                    member.unread = false;
                    member.reread_at = None;
                }
                return;
            }
            _ => return,
        };
        let tasks = match &review.preflight.tasks {
            Tasks::NotRequested => return self.drive(id, FlowEvent::ListTasks),
            Tasks::Reading => return,
            Tasks::Failed(_) => return self.reread(id),
            Tasks::Listed(tasks) | Tasks::ListedInPart(tasks) => Rc::clone(tasks),
        };
        let is_same = is_same_key(member, &sent);
        let begun = tasks
            .iter()
            .filter(|dag| is_same && dag.is_delete() && dag.number > sent.noted)
            .max_by_key(|dag| dag.number);
        if let Some(dag) = begun {
            let presumed = Sent {
                task: Some(dag.id.as_str().to_owned()),
                presumed: true,
                ..(*sent).clone()
            };
            let task = dag.id.clone();
            if let Some(member) = self.member_mut(id) {
                member.sent = Some(Rc::new(presumed));
            }
            return self.drive(id, FlowEvent::OpenTask(task));
        }
        let since = now.saturating_sub(member.began.unwrap_or(sent.sent_at));
        let manages = review.preflight.facts.info.manages_odp == Some(true);
        if is_same && since < APPEARS_WITHIN {
            self.reread(id);
        } else if is_same && manages {
            // The DELETE started no task, and can no longer start one.
            if let Some(member) = self.member_mut(id) {
                member.unread = false;
                member.sent = None;
                member.began = None;
                member.reread_at = None;
            }
            // The member is not part of the run that was confirmed since.
            let in_run = self.fleet.run.is_some();
            if let Some(member) = self.member(id) {
                let status = if in_run {
                    MemberStatus::LeftOut(LeftOut::NotReady)
                } else {
                    self.readiness(member)
                };
                self.set_status(id, status);
            }
        } else {
            self.abandon(id);
        }
    }

    fn reread(&mut self, id: MemberId) {
        let at = self.now.saturating_add(LOOK_AGAIN);
        if let Some(member) = self.member_mut(id)
            && member.reread_at.is_none()
        {
            member.reread_at = Some(at);
        }
    }
}

impl Sent {
    /// The origin of the task that the DELETE started.
    pub(super) fn origin(&self) -> Origin {
        let submission = Submission {
            sent_at: self.sent_at,
            trace_id: self.trace_id.clone(),
        };
        if self.presumed {
            Origin::Presumed(submission)
        } else {
            Origin::Mine(submission)
        }
    }
}

fn chosen(entry: &Entry) -> Option<ChosenAgent> {
    Some(ChosenAgent {
        address: AgentAddress::parse(&entry.address).ok()?,
        label: entry.label.clone(),
        group: entry.group.clone(),
    })
}
