//! Words for tasks that are there already.

use super::{fill, say};
use crate::flow::event::Language;
use crate::obshell::dag::id::DagId;

/// What "Connect" leads to, where a link names a task.
#[must_use]
pub fn linked(id: &DagId, language: Language) -> String {
    fill(
        language,
        [
            "This link opens task {0} after you connect. Opening a task changes nothing.",
            "连接后将打开链接中的任务 {0}。打开任务不会做任何更改。",
        ],
        &[id.as_str()],
    )
}

/// The button that leaves it at that.
#[must_use]
pub fn cancel_open(language: Language) -> &'static str {
    say(language, ["Do not open the task", "不打开该任务"])
}

/// While the tasks are read.
#[must_use]
pub fn asking(language: Language) -> &'static str {
    say(
        language,
        ["Reading the agent's tasks…", "正在读取 Agent 的任务…"],
    )
}

/// Beside the tasks of an agent that does not list all.
#[must_use]
pub fn in_part(language: Language) -> &'static str {
    say(
        language,
        [
            "This version of obshell lists only its unfinished tasks and the newest task that took the ODP lock. Other finished tasks are not shown.",
            "该版本的 obshell 只列出未结束的任务和最近一个占用 ODP 运维锁的任务，其他已结束的任务不会显示。",
        ],
    )
}

/// Where such an agent lists none.
#[must_use]
pub fn none_in_part(language: Language) -> &'static str {
    say(
        language,
        ["The agent lists no ODP task.", "该 Agent 未列出 ODP 任务。"],
    )
}

/// Where there are none.
#[must_use]
pub fn none(language: Language) -> &'static str {
    say(
        language,
        ["This agent has no ODP tasks.", "该 Agent 没有 ODP 任务。"],
    )
}
