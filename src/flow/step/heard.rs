//! Tells current responses from old responses of a cache, by the agent's own clock.
//!
//! Every response of an agent carries the time of its clock. All reads except the three open routes
//! are sequential, so the next response shows a later time than the last. If it does not, a proxy
//! or a service worker returned an earlier response, or the clock was set back. Reading the open
//! routes twice distinguishes the two cases: a clock advances between the reads, a cached response
//! does not.

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
    /// Opens a response, unless it is an old one, which counts as no response.
    pub(super) fn fresh<T>(
        &mut self,
        purpose: Purpose,
        answered: &Answered,
        open: fn(u16, &[u8]) -> Opened<T>,
    ) -> Opened<T> {
        let opened = opened(answered, open);
        let at = match (&opened, &answered.reply) {
            (Ok(said), _) => said.at.clone(),
            // The response to a panic carries the time of the agent's start (protocol: 2.6).
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

    /// As [`fresh`](Self::fresh), for a read that runs beside others: its response is compared with
    /// the last accepted one, but no other response is compared with it.
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

    /// Whether a response with this time of the agent's clock is current. Two responses to
    /// different requests may carry the same time: not every clock counts nanoseconds.
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

    /// As [`hear`](Self::hear), for the open routes, which were requested at the same moment. If
    /// they are not current, they are read once more at once; a second time is a failure.
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
        // After a new start there is no response to compare with: the clock may have been set
        // since.
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
