//! Faults that a test injects: the effects of a network, or of a proxy in between, on requests.

use std::time::Duration;

/// The requests that a fault applies to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// The method; `None`: any.
    pub method: Option<String>,
    /// The path without its query; with a trailing `*`, a prefix. `None`: any.
    pub path: Option<String>,
}

impl Matching {
    /// Every request.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// Requests of this method and path.
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            method: Some(method.to_owned()),
            path: Some(path.to_owned()),
        }
    }

    /// Requests of this path, whatever their method.
    #[must_use]
    pub fn path(path: &str) -> Self {
        Self {
            method: None,
            path: Some(path.to_owned()),
        }
    }

    /// Whether a request matches. `target` is the request target as sent.
    #[must_use]
    pub fn matches(&self, method: &str, target: &str) -> bool {
        let path = target.split('?').next().unwrap_or(target);
        let method_fits = self
            .method
            .as_deref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method));
        let path_fits = self
            .path
            .as_deref()
            .is_none_or(|wanted| match wanted.strip_suffix('*') {
                Some(beginning) => path.starts_with(beginning),
                None => path == wanted,
            });
        method_fits && path_fits
    }
}

/// The effect on a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// The connection is closed without an answer, and the request never reached the agent.
    CutBeforeActing,
    /// The agent acted; the connection is closed without an answer.
    CutAfterActing,
    /// A proxy answers instead of the agent, which the request never reached.
    ProxyAnswers(Broken),
    /// The agent acted; a proxy replaces its answer.
    ProxyAnswersAfterActing(Broken),
    /// A cache answers instead of the agent, with the agent's last answer to the same method and
    /// target, of any age. If there is none, the agent answers.
    CacheAnswers,
    /// The request arrives twice, one copy right after the other, as a browser repeats it when its
    /// connection breaks. The agent acts on both; the client receives the answer to the second.
    ActTwice,
    /// The connection is closed without an answer; the request reaches the agent this much later,
    /// or at [`crate::Control::arrive_now`].
    ActLater(Duration),
    /// The agent answers, and a copy of the request reaches it this much later, or at
    /// [`crate::Control::arrive_now`]. The answer to the copy is discarded.
    ActAgainLater(Duration),
}

/// Task data that violates the protocol. A reader must handle it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// A DAG that is `SUCCEED` has this stage (from 1) `FAILED`, node and sub task.
    FailedStage(usize),
    /// A DAG with details has no nodes: `[]`.
    NoNodes,
    /// Every time is Go's zero time, `0001-01-01T00:00:00Z`.
    ZeroTimes,
    /// A `null` precedes the first element of `nodes`, `sub_tasks` and `task_logs`.
    Nulls,
    /// Every node has this many sub tasks, as nodes of other tasks have: one per agent. All have
    /// the state of the first, and only the first has a log.
    SubTasks(usize),
    /// Every task has this many stages: copies of its last one follow it, none of which has run.
    Stages(usize),
}

/// The answer of a broken proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// An HTML page with this status (502, 503, 504).
    Html(u16),
    /// No body with this status.
    Empty(u16),
    /// A truncated answer of the agent, then the connection is closed: fewer bytes than
    /// `Content-Length` states.
    TruncatedByLength,
    /// A truncated answer of the agent, framed as if it were complete.
    TruncatedJson,
    /// An HTML page with status 200, like a login page of a gateway.
    HtmlOk,
}

/// A harm, the requests that it applies to, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The requests that it applies to.
    pub matching: Matching,
    /// The effect.
    pub harm: Harm,
    /// How many more matching requests it affects.
    pub times: u32,
}

/// The side of the agent's action on which a request or its answer is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The request, before it reaches the agent.
    Before,
    /// The answer, after the agent has acted.
    After,
}

/// The faults in force.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) waiting: Vec<Fault>,
    /// What is held until it is released.
    pub(crate) held: Vec<(Side, Matching)>,
    pub(crate) delay_before: Duration,
    pub(crate) delay_after: Duration,
    /// The protocol violations in the task data.
    pub(crate) oddities: Vec<Oddity>,
    /// How long a new task is hidden.
    pub(crate) hide_tasks: Duration,
}

impl Faults {
    /// Whether a request is held on this side.
    pub(crate) fn holds(&self, side: Side, method: &str, target: &str) -> bool {
        let mut held = self.held.iter();
        held.any(|(of, matching)| *of == side && matching.matches(method, target))
    }

    /// Takes one use of the first fault that applies to this request.
    pub(crate) fn take(&mut self, method: &str, target: &str) -> Option<Harm> {
        let position = self
            .waiting
            .iter()
            .position(|fault| fault.times > 0 && fault.matching.matches(method, target))?;
        let fault = self.waiting.get_mut(position)?;
        fault.times -= 1;
        let harm = fault.harm;
        if fault.times == 0 {
            self.waiting.remove(position);
        }
        Some(harm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_used_up_by_matching_requests_only() {
        let fault = Fault {
            matching: Matching::new("DELETE", "/api/v1/obproxy"),
            harm: Harm::CutAfterActing,
            times: 2,
        };
        let mut faults = Faults {
            waiting: vec![fault],
            ..Faults::default()
        };
        assert_eq!(faults.take("POST", "/api/v1/obproxy"), None);
        assert_eq!(
            faults.take("DELETE", "/api/v1/obproxy?x=1"),
            Some(Harm::CutAfterActing)
        );
        assert_eq!(
            faults.take("DELETE", "/api/v1/obproxy"),
            Some(Harm::CutAfterActing)
        );
        assert_eq!(faults.take("DELETE", "/api/v1/obproxy"), None);
    }

    #[test]
    fn a_star_stands_for_what_follows() {
        let tasks = Matching::path("/api/v1/task/*");
        assert!(tasks.matches("GET", "/api/v1/task/dag/4?show_details=true"));
        assert!(!tasks.matches("GET", "/api/v1/info"));
    }
}
