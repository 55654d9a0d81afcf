//! The next steps after a task that did not succeed.

use super::words::EndingInputs;
use crate::flow::operation::Operation;
use crate::obshell::dag::Dag;
use crate::text::{Both, host, log_hint, operation};

/// An obproxy process that the agent did not detect may be running.
pub(super) const CHECK_PROCESS: Both = [
    "Check on the host that no obproxy is running. The agent relies on the pid file and does not stop obproxyd, which may restart obproxy:\nps -ef | grep '[o]bproxy'",
    "请在主机上确认没有 obproxy 在运行。Agent 仅根据 pid 文件判断，且不会停止可能重新拉起 obproxy 的 obproxyd：\nps -ef | grep '[o]bproxy'",
];

/// No operation of the agent can remove the rest.
pub(super) const BY_HAND: Both = [
    "Remove what remains under the ODP's home (etc, log, run, bin and lib) by hand. The agent does not report where that home is.",
    "请手动清理 ODP 主目录下的残留（etc、log、run、bin、lib）。Agent 没有提供该主目录位置的接口。",
];

impl EndingInputs<'_> {
    fn with(&self, both: Both, command: &str) -> String {
        let mut text = self.say(both);
        text.push('\n');
        text.push_str(command);
        text
    }

    /// How to find out on the host whether an ODP is managed.
    pub(super) fn info_by_hand(&self) -> String {
        self.with(
            [
                "Check on the agent's host whether the agent manages an ODP (isObproxyAgent):",
                "请在 Agent 所在主机上查看 Agent 是否管理 ODP（isObproxyAgent）：",
            ],
            &host::get(&self.home, "info"),
        )
    }

    /// How to find out the outcome of a DELETE on the host.
    pub(super) fn newest_task_by_hand(&self) -> String {
        self.with(
            [
                "Or read the newest task that took the lock on the agent's host, as root or as the agent's user:",
                "或在 Agent 所在主机上，以 root 或 Agent 的运行用户查看最近一个占用运维锁的任务：",
            ],
            &host::get(&self.home, "task/dag/maintain/agent"),
        )
    }

    /// The next steps after a failure or a cancellation.
    pub(super) fn after_stop(&self, dag: &Dag, stage: usize, managed: Option<bool>) -> Vec<String> {
        let hint = dag.node(stage).and_then(|node| {
            let logs = node.sub_tasks.as_ref()?.first()?.logs.as_ref()?;
            let last = logs.last()?;
            // The heading already contains this.
            (last != "sub task cancelled")
                .then(|| log_hint(last, self.language))
                .flatten()
        });
        let mut next = Vec::from_iter(hint);
        if stage <= 1 {
            next.push(self.say(match managed {
                Some(false) => BY_HAND,
                _ => [
                    "Fix the cause, then start over. A new task can start at once unless another task holds the lock.",
                    "请排除原因后重新开始。只要没有其他任务占用运维锁，即可立即发起新任务。",
                ],
            }));
            return next;
        }
        if let Some(task) = &self.ended.task {
            let offered = Operation::ALL.into_iter().filter(|one| task.offers(*one));
            let names: Vec<_> = offered
                .map(|one| operation::name(one, self.language))
                .collect();
            if !names.is_empty() {
                next.push(self.put(
                    [
                        "Available actions: {0}. Each action explains its effect before you confirm.",
                        "可执行的操作：{0}。每项操作在确认前都会说明其影响。",
                    ],
                    &[&names.join(self.say([", ", "、"]).as_str())],
                ));
            }
        }
        next
    }
}
