//! What can be done after a task that did not succeed.

use super::words::Words;
use crate::flow::operation::Operation;
use crate::obshell::dag::Dag;
use crate::text::{Both, host, log_hint, operation};

/// A process that the agent did not see may run.
pub(super) const CHECK_PROCESS: Both = [
    "Check on the host that no obproxy runs; the agent trusts the pid file, and it does not stop obproxyd, which may start obproxy again:\nps -ef | grep '[o]bproxy'",
    "请在主机上确认没有 obproxy 在运行：agent 只依据 pid 文件判断，也不会停止可能重新拉起 obproxy 的 obproxyd：\nps -ef | grep '[o]bproxy'",
];

/// The agent cannot help any more.
pub(super) const BY_HAND: Both = [
    "What remains under the ODP's home (etc, log, run, bin and lib) can only be removed by hand; no route of the agent tells where that home is.",
    "ODP 主目录下的残留（etc、log、run、bin、lib）只能手动清理；agent 没有接口提供该主目录的位置。",
];

impl Words<'_> {
    fn with(&self, both: Both, command: &str) -> String {
        let mut text = self.say(both);
        text.push('\n');
        text.push_str(command);
        text
    }

    /// How to read on the host whether an ODP is managed.
    pub(super) fn info_by_hand(&self) -> String {
        self.with(
            [
                "See on the agent's host whether it manages an ODP (isObproxyAgent):",
                "请在 agent 所在主机上查看它是否管理 ODP（isObproxyAgent）：",
            ],
            &host::get(self.home, "info"),
        )
    }

    /// How to read on the host what became of a DELETE.
    pub(super) fn newest_task_by_hand(&self) -> String {
        self.with(
            [
                "Or see on the agent's host, as root or as the agent's user, the newest task that took the lock:",
                "或在 agent 所在主机上，以 root 或 agent 的运行用户查看最近一个占用锁的任务：",
            ],
            &host::get(self.home, "task/dag/maintain/agent"),
        )
    }

    /// What can be done after a failure or a cancellation.
    pub(super) fn after_stop(&self, dag: &Dag, stage: usize, managed: Option<bool>) -> Vec<String> {
        let hint = dag.node(stage).and_then(|node| {
            let logs = node.sub_tasks.as_ref()?.first()?.logs.as_ref()?;
            let last = logs.last()?;
            // The heading says so already.
            (last != "sub task cancelled")
                .then(|| log_hint(last, self.language))
                .flatten()
        });
        let mut next = Vec::from_iter(hint);
        if stage <= 1 {
            next.push(self.say(match managed {
                Some(false) => BY_HAND,
                _ => [
                    "Remove the cause, then start over; a new task can begin at once unless another one holds the lock.",
                    "排除原因后可重新开始；只要没有其他任务占用锁，即可立即发起新任务。",
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
                        "The agent can be told to go on: {0}. Each says what it does before it is sent.",
                        "可让 agent 继续处理：{0}。每项操作在发送前都会说明其影响。",
                    ],
                    &[&names.join(self.say([", ", "、"]).as_str())],
                ));
            }
        }
        next
    }
}
