//! What must be so after every step: limits, beginnings and endings.

use std::rc::Rc;

use odp_console::fleet::member::{LeftOut, Member, MemberStatus};
use odp_console::fleet::state::{Fleet, Halt, Phase};
use odp_console::flow::ending::Ending;
use odp_console::flow::state::Screen;
use odp_console::obshell::error::{Failure, NotSent};

use super::super::seen::Seen;
use super::{Checked, Host, World, ensure};
use crate::agent::{Kind, Task};

/// How many requests are in flight at most.
const MAX_IN_FLIGHT: usize = 6;

/// How many members are checked at most.
const MAX_CONCURRENT_CHECKS: usize = 8;

/// The maximum age of a member's checks at its confirmation, in milliseconds.
const FRESH: i64 = 60_000;

impl World {
    /// Checks members with a new ending: the ending is true, and a bad one halts the run.
    pub(super) fn check_ends(&mut self, before: &Fleet, seen: &mut Seen) -> Checked {
        let (run_before, run) = (before.run, self.fleet.run);
        if run_before.and_then(|it| it.halted) != run.and_then(|it| it.halted) {
            match run.and_then(|it| it.halted) {
                Some(Halt::Person) => seen.meet("halted: person"),
                Some(Halt::NotDestroyed(_)) => seen.meet("halted: bad end"),
                Some(Halt::NoCredential(_)) => seen.meet("halted: no credential"),
                Some(Halt::PageLeft) => seen.meet("halted: page left"),
                Some(Halt::ReadOnly) | None => {}
            }
        }
        for (was, is) in before.members.iter().zip(&self.fleet.members) {
            if Rc::ptr_eq(was, is) || was.id != is.id {
                continue;
            }
            let host = &self.hosts[self.index(is)];
            let in_run = run_before.is_some();
            let withdrawn = |it: &Member| {
                matches!(
                    it.ending(),
                    Some(Ending::NotSent(Failure::NotSent(NotSent::Withdrawn)))
                )
            };
            if withdrawn(is) && !withdrawn(was) {
                seen.meet("a DELETE was withdrawn");
            }
            let mut bad = false;
            if is.status == MemberStatus::Ended
                && (was.status != MemberStatus::Ended || was.ending() != is.ending())
            {
                let ending = is.ending().unwrap();
                check_ending(host, is, ending, seen)?;
                bad = was.status != MemberStatus::Ended && *ending != Ending::Destroyed;
            }
            if was.status == MemberStatus::Ended && is.status == MemberStatus::InProgress {
                let revises_ending = is.task().is_some_and(|it| it.revises_ending);
                if revises_ending {
                    seen.meet("taken back");
                }
            }
            match is.status {
                status if status == was.status => {}
                MemberStatus::Abandoned => {
                    seen.meet("lost sight");
                    if was.unread && was.flow.screen != Screen::Connect {
                        seen.meet("reloaded: unknown");
                    }
                    bad = true;
                }
                MemberStatus::LeftOut(LeftOut::Person) => seen.meet("left out by the person"),
                MemberStatus::LeftOut(_)
                    if was.status == MemberStatus::InProgress && !was.unread =>
                {
                    seen.meet("left out in its turn");
                    bad = true;
                }
                MemberStatus::LeftOut(LeftOut::Obstacle(_)) => seen.meet("left out by a check"),
                MemberStatus::Stopped => seen.meet("stopped"),
                _ => {}
            }
            if was.unread && !is.unread {
                match (&is.flow.screen, &is.sent) {
                    (Screen::Task(_), Some(sent)) if sent.presumed && was.review().is_some() => {
                        seen.meet("reloaded: its task was found");
                    }
                    (Screen::Task(_), _) => seen.meet("reloaded: its task was opened"),
                    (Screen::Review(_), None) => {
                        seen.meet("reloaded: nothing had begun");
                    }
                    _ => {}
                }
            }
            self.halted |= bad
                && in_run
                && self.fleet.phase == Phase::Run
                && self.fleet.run_settings.stop_on_bad_end;
        }
        Ok(())
    }

    /// Checks members that start now: the batch has room, and their checks are recent.
    pub(super) fn check_begins(&mut self, before: &Fleet, seen: &mut Seen) -> Checked {
        let batch = usize::from(self.fleet.run_settings.batch);
        let counts = |it: &Member| {
            it.status == MemberStatus::InProgress
                && !it.unread
                && !it.task().is_some_and(|task| task.revises_ending)
        };
        let in_progress = self.fleet.members.iter().filter(|it| counts(it)).count();
        for (was, is) in before.members.iter().zip(&self.fleet.members) {
            if Rc::ptr_eq(was, is) || was.id != is.id {
                continue;
            }
            let begins =
                matches!(was.status, MemberStatus::Waiting | MemberStatus::Ended) && counts(is);
            if begins {
                ensure!(
                    in_progress <= batch,
                    "{in_progress} under way, and the batch is {batch}"
                );
                if in_progress > 1 {
                    seen.meet("several at once");
                }
            }
            let submits = matches!(is.flow.screen, Screen::Submitting(_))
                && !matches!(was.flow.screen, Screen::Submitting(_));
            if submits {
                let age = self.now - self.hosts[self.index(is)].read_at;
                ensure!(
                    age <= FRESH || self.set_back,
                    "confirmed with checks of {age} ms ago"
                );
                let continues_anyway = was.review().is_some_and(|it| it.continues_anyway);
                ensure!(!continues_anyway, "an insisted one is confirmed");
            }
        }
        Ok(())
    }

    /// The requests in flight, the members that are checked, and the counts.
    pub(super) fn check_limits(&self, seen: &mut Seen) -> Checked {
        let flying = self.flights.len();
        ensure!(flying <= MAX_IN_FLIGHT, "{flying} in flight");
        if flying == MAX_IN_FLIGHT {
            seen.meet("6 in flight");
        }
        let checked = |it: &&Rc<Member>| {
            let connecting = matches!(it.flow.screen, Screen::Connect) && it.flow.form.connecting;
            connecting || it.review().is_some_and(|it| it.preflight.rechecking)
        };
        let checked = self.fleet.members.iter().filter(checked).count();
        ensure!(checked <= MAX_CONCURRENT_CHECKS, "{checked} are checked");
        if checked == MAX_CONCURRENT_CHECKS {
            seen.meet("8 checked");
        }
        let counts = self.fleet.counts();
        ensure!(
            counts.members
                == counts.unchecked
                    + counts.waiting
                    + counts.in_progress
                    + counts.destroyed
                    + counts.not_destroyed
                    + counts.left_out
                    + counts.stopped,
            "{counts:?}"
        );
        Ok(())
    }
}

/// Checks that the ending of a member is true.
fn check_ending(host: &Host, member: &Member, ending: &Ending, seen: &mut Seen) -> Checked {
    let dag = member.task().map(|task| task.dag.id.to_string());
    let was = |wanted: &dyn Fn(&Task) -> bool| {
        let same = |task: &&Task| dag.as_deref() == Some(&task.id());
        host.agent.past.iter().filter(same).any(wanted)
    };
    let what = match ending {
        Ending::Destroyed => {
            ensure!(
                was(&|task| task.kind == Kind::Delete
                    && task.state == "SUCCEED"
                    && task.operator != "PASS"
                    && task.passed.is_empty()),
                "destroyed by no task"
            );
            ensure!(member.is_destroyed(), "not counted");
            "destroyed"
        }
        Ending::Failed { stage, .. } => {
            ensure!(
                was(&|task| task.state == "FAILED"
                    && task.operator != "CANCEL"
                    && task.stage == *stage),
                "failed, and it did not"
            );
            "failed"
        }
        Ending::Cancelled { stage, .. } => {
            ensure!(
                was(&|task| task.state == "FAILED"
                    && task.operator == "CANCEL"
                    && task.stage == *stage),
                "cancelled, and it was not"
            );
            "cancelled"
        }
        Ending::Skipped { .. } => {
            ensure!(
                was(&|task| task.state == "SUCCEED"
                    && (task.operator == "PASS" || !task.passed.is_empty())),
                "skipped, and it was not"
            );
            "skipped"
        }
        Ending::NotSent(_) => {
            let sent = host.confirmations.last().map_or(0, |it| it.sent);
            ensure!(sent == 0, "not sent, and it was");
            "not sent"
        }
        Ending::NothingToDestroy => "nothing to destroy",
        Ending::Refused(_) => "refused",
        Ending::SomeoneElse { .. } => "someone else",
        Ending::NotDone(_) => "not done",
        Ending::OutcomeUnknown(_) => "unknown",
        Ending::OtherTaskDone => "other task done",
    };
    seen.meet(what);
    Ok(())
}
