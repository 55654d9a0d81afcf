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
use crate::flow::state::{Goal, LastResponse, Purpose, Screen};
use crate::obshell::address::AgentAddress;
use crate::obshell::answer::Opened;
use crate::obshell::envelope::agent_time_of;
use crate::obshell::error::{ErrorKind, Failure, Unusable};
use crate::obshell::time::AgentTime;

impl Machine {
    /// Opens a response, unless it is an old one, which counts as no response.
    pub(super) fn open_fresh<T>(
        &mut self,
        purpose: Purpose,
        answered: &Answered,
        open: fn(u16, &[u8]) -> Opened<T>,
    ) -> Opened<T> {
        let opened = opened(answered, open);
        let agent_time = match (&opened, &answered.reply) {
            (Ok(answer), _) => answer.agent_time.clone(),
            // The response to a panic carries the time of the agent's start (protocol: 2.6).
            (Err(Failure::Refused(error)), _) if error.kind == ErrorKind::Unexpected => None,
            (Err(Failure::Refused(_)), Ok(Reply { body, .. })) => agent_time_of(body),
            (Err(_), _) => None,
        };
        if agent_time.is_none_or(|time| self.accept_if_newer(purpose, time)) {
            opened
        } else {
            Err(Failure::Unusable(Unusable::Stale))
        }
    }

    /// As [`open_fresh`](Self::open_fresh), for a read that runs beside others: its response is
    /// compared with the last accepted one, but no other response is compared with it.
    pub(super) fn open_fresh_concurrent<T>(
        &self,
        answered: &Answered,
        open: fn(u16, &[u8]) -> Opened<T>,
    ) -> Opened<T> {
        let answer = opened(answered, open)?;
        let last = self.state.calls.last_response.as_ref();
        let times = last.zip(answer.agent_time.as_ref());
        if times.is_some_and(|(last, time)| last.agent_time.is_after(time)) {
            return Err(Failure::Unusable(Unusable::Stale));
        }
        Ok(answer)
    }

    /// Accepts a response with this time of the agent's clock if it is current. Returns whether it
    /// is. Two responses to different requests may carry the same time: not every clock counts
    /// nanoseconds.
    fn accept_if_newer(&mut self, purpose: Purpose, agent_time: AgentTime) -> bool {
        let last_response = &mut self.state.calls.last_response;
        if let Some(last) = last_response
            && (last.agent_time.is_after(&agent_time)
                || (last.purpose == purpose && !agent_time.is_after(&last.agent_time)))
        {
            return false;
        }
        *last_response = Some(LastResponse {
            agent_time,
            purpose,
            set_back: None,
        });
        true
    }

    /// As [`accept_if_newer`](Self::accept_if_newer), for the open routes, which were requested at
    /// the same moment. If they are not current, they are read once more at once; a second time is
    /// a failure.
    pub(super) fn accept_open_routes(
        &mut self,
        goal: Goal,
        agent: &AgentAddress,
        agent_times: &[AgentTime],
    ) -> bool {
        let oldest = agent_times.iter().min_by_key(|time| time.instant());
        let newest = agent_times.iter().max_by_key(|time| time.instant());
        let (Some(oldest), Some(newest)) = (oldest, newest) else {
            return true;
        };
        let limit = i64::from(self.state.settings.timeouts.read) + JUMP_MILLIS;
        let close_together = newest.millis().saturating_sub(oldest.millis()) <= limit;
        // After a new start there is no response to compare with: the clock may have been set
        // since.
        let is_first = matches!(goal, Goal::ShowFacts | Goal::Connect);
        let last = self.state.calls.last_response.take().filter(|_| !is_first);
        let is_later = last
            .as_ref()
            .is_none_or(|last| !last.agent_time.is_after(oldest));
        let set_back = last.as_ref().and_then(|last| last.set_back.as_ref());
        let is_final_attempt = is_first || set_back.is_some();
        let was_set_back = set_back.is_some_and(|before| oldest.is_after(before));
        if close_together && (is_later || was_set_back) {
            if !is_later && let Screen::Task(task) = &mut self.state.screen {
                task.watch.clock_set = true;
            }
            self.state.calls.last_response = Some(LastResponse {
                agent_time: newest.clone(),
                purpose: Purpose::Info,
                set_back: None,
            });
            return true;
        }
        self.state.calls.last_response = last.map(|last| LastResponse {
            set_back: Some(newest.clone()),
            ..last
        });
        if is_final_attempt {
            self.reading_failed(goal, Failure::Unusable(Unusable::Stale));
        } else {
            self.gather(goal, agent.clone());
        }
        false
    }
}
