//! What is news and what is an old answer out of a cache, by the agent's own clock.
//!
//! Every answer of an agent carries the time of its clock. All reads but the three open routes
//! follow one another, so the next answer shows a later time than the last. Where it does not, a
//! proxy or a service worker gave an answer from before, or the clock was set back; the open routes,
//! read twice, tell the two apart: a clock goes on between them, a cached answer does not.

use super::{Machine, opened};
use crate::flow::event::{Answered, Reply};
use crate::flow::poll::JUMP_MILLIS;
use crate::flow::state::{Goal, Heard, Purpose, Screen};
use crate::obshell::address::AgentAddress;
use crate::obshell::answer::Opened;
use crate::obshell::envelope::answered_at;
use crate::obshell::error::{ErrorKind, Failure, Unusable};
use crate::obshell::time::AgentTime;

impl Machine {
    /// Opens an answer, unless it is an old one: that is none.
    pub(super) fn fresh<T>(
        &mut self,
        purpose: Purpose,
        answered: &Answered,
        open: fn(u16, &[u8]) -> Opened<T>,
    ) -> Opened<T> {
        let opened = opened(answered, open);
        let at = match (&opened, &answered.reply) {
            (Ok(said), _) => said.at.clone(),
            // A panic is answered with the moment of the agent's start (protocol: 2.6).
            (Err(Failure::Refused(error)), _) if error.kind == ErrorKind::Unexpected => None,
            (Err(Failure::Refused(_)), Ok(Reply { body, .. })) => answered_at(body),
            (Err(_), _) => None,
        };
        if at.is_none_or(|at| self.hear(purpose, at)) {
            opened
        } else {
            Err(Failure::Unusable(Unusable::Old))
        }
    }

    /// The same for a read that is under way beside others: its answer is held against what was heard,
    /// and no other is held against it.
    pub(super) fn fresh_aside<T>(
        &self,
        answered: &Answered,
        open: fn(u16, &[u8]) -> Opened<T>,
    ) -> Opened<T> {
        let said = opened(answered, open)?;
        let heard = self.state.calls.heard.as_ref();
        let old = heard.zip(said.at.as_ref());
        if old.is_some_and(|(heard, at)| heard.at.is_after(at)) {
            return Err(Failure::Unusable(Unusable::Old));
        }
        Ok(said)
    }

    /// Whether an answer of this time of the agent's clock is news. The same time twice is, where
    /// two things were asked: not every clock counts nanoseconds.
    fn hear(&mut self, purpose: Purpose, at: AgentTime) -> bool {
        let heard = &mut self.state.calls.heard;
        if let Some(last) = heard
            && (last.at.is_after(&at) || (last.purpose == purpose && !at.is_after(&last.at)))
        {
            return false;
        }
        *heard = Some(Heard {
            at,
            purpose,
            set_back: None,
        });
        true
    }

    /// The same for the open routes, which were asked at the same moment. Where they are no news
    /// they are read once more at once, and then it failed.
    pub(super) fn heard_together(
        &mut self,
        goal: Goal,
        agent: &AgentAddress,
        heard: &[AgentTime],
    ) -> bool {
        let oldest = heard.iter().min_by_key(|at| at.instant());
        let newest = heard.iter().max_by_key(|at| at.instant());
        let (Some(oldest), Some(newest)) = (oldest, newest) else {
            return true;
        };
        let apart = i64::from(self.state.settings.timeouts.read) + JUMP_MILLIS;
        let together = newest.millis().saturating_sub(oldest.millis()) <= apart;
        // Whoever begins anew has nothing to compare with: the clock may have been set since.
        let begins = matches!(goal, Goal::Look | Goal::Connect);
        let last = self.state.calls.heard.take().filter(|_| !begins);
        let goes_on = last.as_ref().is_none_or(|last| !last.at.is_after(oldest));
        let set_back = last.as_ref().and_then(|last| last.set_back.as_ref());
        let asked_before = begins || set_back.is_some();
        let was_set_back = set_back.is_some_and(|before| oldest.is_after(before));
        if together && (goes_on || was_set_back) {
            if !goes_on && let Screen::Task(task) = &mut self.state.screen {
                task.watch.clock_set = true;
            }
            self.state.calls.heard = Some(Heard {
                at: newest.clone(),
                purpose: Purpose::Info,
                set_back: None,
            });
            return true;
        }
        self.state.calls.heard = last.map(|last| Heard {
            set_back: Some(newest.clone()),
            ..last
        });
        if asked_before {
            self.reading_failed(goal, Failure::Unusable(Unusable::Old));
        } else {
            self.gather(goal, agent.clone());
        }
        false
    }
}
