//! Stores in this browser tab the DELETEs that this console sent, so that a reload does not lose
//! them. The data contains no secret and is deleted with the tab.
//!
//! `sessionStorage["odp-console.deletes"]` is a list, the newest last:
//!
//! ```text
//! agent     HOST:PORT
//! key       SHA-256 of the agent's public key, in hex: a reinstalled agent restarts its numbering
//! task      the id of the task that the DELETE started
//! sentAt    when the DELETE was sent: milliseconds since 1970, browser's clock
//! traceId   the trace id of the DELETE; absent if there is none
//! presumed  whether the response to the DELETE does not show that the task is this console's
//! ```

use gloo_storage::{SessionStorage, Storage as _};
use gloo_utils::window;
use serde::{Deserialize, Serialize};

use crate::flow::state::{Origin, Screen, State, Submission, Task};
use crate::obshell::dag::id::DagId;
use crate::obshell::time::Millis;

const KEY: &str = "odp-console.deletes";

/// The number of DELETEs kept.
const KEPT: usize = 20;

/// One DELETE, and the task that it started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delete {
    agent: String,
    key: String,
    task: String,
    sent_at: Millis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
    presumed: bool,
}

/// Stores the DELETE of a task that `now` shows for the first time, or restores it if the task was
/// found or opened. `before` is the previous state.
pub fn record_or_recall(before: &State, now: &mut State) {
    let Screen::Task(task) = &mut now.screen else {
        return;
    };
    if shown(before) == Some(&task.dag.id) {
        return;
    }
    match &task.origin {
        Origin::Mine(submission) => store(task, submission, false),
        Origin::Presumed(submission) => store(task, submission, true),
        Origin::Followed | Origin::Opened => {
            if let Some(origin) = recall(task) {
                task.origin = origin;
            }
        }
    }
}

fn shown(state: &State) -> Option<&DagId> {
    match &state.screen {
        Screen::Task(task) => Some(&task.dag.id),
        Screen::Ended(ended) => ended.task.as_ref().map(|task| &task.dag.id),
        _ => None,
    }
}

fn store(task: &Task, submission: &Submission, presumed: bool) {
    let Ok(key) = &task.facts.key else {
        return;
    };
    let delete = Delete {
        agent: task.facts.address.to_string(),
        key: key.fingerprint().to_owned(),
        task: task.dag.id.as_str().to_owned(),
        sent_at: submission.sent_at,
        trace_id: submission.trace_id.clone(),
        presumed,
    };
    let mut deletes = read();
    deletes.retain(|other| (&other.agent, &other.task) != (&delete.agent, &delete.task));
    deletes.push(delete);
    let oldest = deletes.len().saturating_sub(KEPT);
    if is_allowed() {
        // If the storage is full, the stored list remains.
        let _ = SessionStorage::set(KEY, deletes.get(oldest..).unwrap_or_default());
    }
}

fn recall(task: &Task) -> Option<Origin> {
    let agent = task.facts.address.to_string();
    let key = task.facts.key.as_ref().ok()?.fingerprint();
    let delete = read().into_iter().find(|delete| {
        (
            delete.agent.as_str(),
            delete.key.as_str(),
            delete.task.as_str(),
        ) == (agent.as_str(), key, task.dag.id.as_str())
    })?;
    let submission = Submission {
        sent_at: delete.sent_at,
        trace_id: delete.trace_id,
    };
    Some(if delete.presumed {
        Origin::Presumed(submission)
    } else {
        Origin::Mine(submission)
    })
}

fn read() -> Vec<Delete> {
    if !is_allowed() {
        return Vec::new();
    }
    SessionStorage::get(KEY).unwrap_or_default()
}

/// Whether the page may use the browser's storage: `gloo-storage` panics if it may not.
pub(super) fn is_allowed() -> bool {
    matches!(window().session_storage(), Ok(Some(_)))
}
