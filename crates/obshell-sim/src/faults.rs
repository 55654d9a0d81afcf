//! Faults that a test asks for: what a network, or a proxy in between, does to requests.

use std::time::Duration;

/// Which requests a fault is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// The method; `None` is any.
    pub method: Option<String>,
    /// The path without its query; with a `*` at its end, whatever begins like that. `None` is any.
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

    /// Whether a request is meant. `target` is the request target as it was sent.
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

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// The connection closes without an answer, and the agent never saw the request.
    CutBeforeActing,
    /// The agent acted; the connection closes without an answer.
    CutAfterActing,
    /// A proxy answers in the agent's stead, which never saw the request.
    ProxyAnswers(Broken),
    /// The agent acted; a proxy answers something else than it did.
    ProxyAnswersAfterActing(Broken),
    /// A cache answers in the agent's stead, with the agent's last answer to the same method and target, of
    /// whatever age. Without one the agent answers.
    CacheAnswers,
    /// The request arrives twice, one copy right behind the other, as a browser repeats it when its
    /// connection breaks. The agent acts on both; the client hears the answer to the second.
    ActTwice,
    /// The connection closes without an answer; the agent sees the request this much later, or when
    /// [`crate::Control::arrive_now`] says so.
    ActLater(Duration),
    /// The agent answers, and sees a copy of the request this much later, or when
    /// [`crate::Control::arrive_now`] says so. Nobody hears the answer to that.
    ActAgainLater(Duration),
}

/// What an agent tells of its tasks that no agent should. A reader has to survive it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// A DAG that is `SUCCEED` has this stage (from 1) `FAILED`, node and sub task.
    FailedStage(usize),
    /// A DAG with details has no nodes: `[]`.
    NoNodes,
    /// Every time is Go's zero time, `0001-01-01T00:00:00Z`.
    ZeroTimes,
    /// A `null` stands before the first element of `nodes`, `sub_tasks` and `task_logs`.
    Nulls,
    /// Every node has this many sub tasks, as nodes of other tasks have: one an agent. All are in the state
    /// of the first, which alone has a log.
    SubTasks(usize),
    /// Every task has this many stages: copies of its last one follow it, none of which has run.
    Stages(usize),
}

/// What a broken proxy answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// An HTML page with this status (502, 503, 504).
    Html(u16),
    /// No body with this status.
    Empty(u16),
    /// The beginning of the agent's answer, then the connection closes: fewer bytes than `Content-Length` says.
    TruncatedByLength,
    /// The beginning of the agent's answer as if it were all of it.
    TruncatedJson,
    /// An HTML page with status 200, as a login page of a gateway is.
    HtmlOk,
}

/// A harm, for whom, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The requests it is for.
    pub matching: Matching,
    /// What happens.
    pub harm: Harm,
    /// How many matching requests are left to be harmed.
    pub times: u32,
}

/// On which side of the agent's acting something is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The request, before the agent sees it.
    Before,
    /// The answer, after the agent has acted.
    After,
}

/// The faults in force.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) waiting: Vec<Fault>,
    /// What is held back until it is let through.
    pub(crate) held: Vec<(Side, Matching)>,
    pub(crate) delay_before: Duration,
    pub(crate) delay_after: Duration,
    /// What is wrong with the tasks that are told.
    pub(crate) oddities: Vec<Oddity>,
    /// How long a new task is not shown.
    pub(crate) hide_tasks: Duration,
}

impl Faults {
    /// Whether a request is held back on this side.
    pub(crate) fn holds(&self, side: Side, method: &str, target: &str) -> bool {
        let mut held = self.held.iter();
        held.any(|(of, matching)| *of == side && matching.matches(method, target))
    }

    /// Takes one use of the first fault that is meant for this request.
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
