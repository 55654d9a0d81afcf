//! After a reload: the table is there again, and nothing is sent. Each member is read once there is a
//! credential, and what came of a DELETE is found in the agent's tasks.

use std::rc::Rc;

use super::Machine;
use super::drive::is_same_key;
use crate::fleet::journal::{Entry, Journal, Sent, VERSION};
use crate::fleet::member::{Chosen, LeftOut, MemberId, Standing};
use crate::fleet::state::Phase;
use crate::flow::event::Event;
use crate::flow::state::{Origin, Screen, Submission, Tasks};
use crate::obshell::address::AgentAddress;
use crate::obshell::dag::id::DagId;
use crate::obshell::time::Millis;

/// How long after a DELETE left its task may appear, in milliseconds: the longest life of its header
/// and the time in which an agent writes a task down.
const APPEARS_WITHIN: Millis = 90_000;

/// How long to wait before an agent is read once more for the task of a DELETE, in milliseconds.
const LOOK_AGAIN: Millis = 5_000;

impl Machine {
    pub(super) fn restored(&mut self, journal: &Journal) {
        if !self.is_in(Phase::Choose) || journal.version != VERSION {
            return;
        }
        // A site that no longer allows an agent does not have it back.
        let admitted = |entry: &&Entry| self.fleet.settings.admit(&entry.address).is_ok();
        let entries: Vec<_> = journal.members.iter().filter(admitted).collect();
        let chosen = entries.iter().filter_map(|entry| chosen(entry)).collect();
        self.take_members(chosen);
        if self.fleet.members.is_empty() {
            return;
        }
        for (member, entry) in self.fleet.members.iter_mut().zip(entries) {
            let member = Rc::make_mut(member);
            member.sent = entry.sent.clone().map(Rc::new);
            match &entry.sent {
                Some(sent) => {
                    member.standing = Standing::UnderWay;
                    member.unread = true;
                    // A clock that was set back does not make it a thing of the future.
                    member.began = Some(sent.sent_at.min(self.now));
                    let task = sent.task.as_deref();
                    Rc::make_mut(&mut member.flow).form.task =
                        task.and_then(|task| DagId::parse(task).ok());
                }
                None if entry.left_out => {
                    member.standing = Standing::LeftOut(LeftOut::Person);
                }
                None => {}
            }
        }
        self.fleet.run_settings = journal.run_settings();
        self.fleet.restored = true;
        self.fleet.phase = Phase::SignIn;
    }

    /// Goes on with a member that a journal says a DELETE was sent to, as far as its flow has read.
    pub(super) fn find_out(&mut self, id: MemberId) {
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
                    member.look_at = None;
                }
                return;
            }
            _ => return,
        };
        let tasks = match &review.preflight.tasks {
            Tasks::Unasked => return self.drive(id, Event::ListTasks),
            Tasks::Asking => return,
            Tasks::Failed(_) => return self.look_again(id),
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
            return self.drive(id, Event::OpenTask(task));
        }
        let since = now.saturating_sub(member.began.unwrap_or(sent.sent_at));
        let manages = review.preflight.facts.info.manages_odp == Some(true);
        if is_same && since < APPEARS_WITHIN {
            self.look_again(id);
        } else if is_same && manages {
            // It began nothing, and can no longer begin anything.
            if let Some(member) = self.member_mut(id) {
                member.unread = false;
                member.sent = None;
                member.began = None;
                member.look_at = None;
            }
            // It is no part of what was confirmed since.
            let in_run = self.fleet.run.is_some();
            if let Some(member) = self.member(id) {
                let standing = if in_run {
                    Standing::LeftOut(LeftOut::NotReady)
                } else {
                    self.readiness(member)
                };
                self.set_standing(id, standing);
            }
        } else {
            self.lose_sight(id);
        }
    }

    fn look_again(&mut self, id: MemberId) {
        let at = self.now.saturating_add(LOOK_AGAIN);
        if let Some(member) = self.member_mut(id)
            && member.look_at.is_none()
        {
            member.look_at = Some(at);
        }
    }
}

impl Sent {
    /// Whose task it began.
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

fn chosen(entry: &Entry) -> Option<Chosen> {
    Some(Chosen {
        address: AgentAddress::parse(&entry.address).ok()?,
        label: entry.label.clone(),
        group: entry.group.clone(),
    })
}
