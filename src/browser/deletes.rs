//! What this browser tab remembers of the DELETEs that this console sent, so that a reload does not
//! lose it. No secret is in it, and it is gone with the tab.
//!
//! `sessionStorage["odp-console.deletes"]` is a list, the newest last:
//!
//! ```text
//! agent     HOST:PORT
//! key       SHA-256 of the agent's public key, in hex: a reinstalled agent counts its tasks anew
//! task      the id of the task that the DELETE started
//! sentAt    when the DELETE was sent: milliseconds since 1970, browser's clock
//! traceId   its trace id; absent where it had none
//! presumed  whether the answer to the DELETE does not tell that the task is this console's
//! ```

use gloo_storage::{SessionStorage, Storage as _};
use gloo_utils::window;
use serde::{Deserialize, Serialize};

use crate::flow::state::{Origin, Screen, State, Submission, Task};
use crate::obshell::dag::id::DagId;
use crate::obshell::time::Millis;

const KEY: &str = "odp-console.deletes";

/// How many are remembered.
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

/// Remembers the DELETE of a task that `now` begins to show, or recalls it where the task was found
/// or opened. `before` is the state before.
pub fn follow(before: &State, now: &mut State) {
    let Screen::Task(task) = &mut now.screen else {
        return;
    };
    if shown(before) == Some(&task.dag.id) {
        return;
    }
    match &task.origin {
        Origin::Mine(submission) => keep(task, submission, false),
        Origin::Presumed(submission) => keep(task, submission, true),
        Origin::Followed | Origin::Opened => {
            if let Some(origin) = recalled(task) {
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

fn keep(task: &Task, submission: &Submission, presumed: bool) {
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
        // A full storage keeps what it has.
        let _ = SessionStorage::set(KEY, deletes.get(oldest..).unwrap_or_default());
    }
}

fn recalled(task: &Task) -> Option<Origin> {
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

/// Whether the browser has a storage for this page: `gloo-storage` panics where there is none.
pub(super) fn is_allowed() -> bool {
    matches!(window().session_storage(), Ok(Some(_)))
}
