//! What can be done after a task that did not succeed.

use super::Words;
use crate::obshell::dag::{Dag, State};
use crate::text::{Both, host, log_hint};

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
        let node = stage
            .checked_sub(1)
            .and_then(|index| dag.nodes.as_ref()?.get(index));
        let hint = node.and_then(|node| {
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
        next.push(self.with(
            [
                "Retry: the agent runs this stage again and then goes on. On the agent's host, as root or as the agent's user:",
                "重试：agent 重新执行该阶段，然后继续。请在 agent 所在主机上，以 root 或 agent 的运行用户执行：",
            ],
            &self.operate("dag", dag.id.as_str(), "RETRY"),
        ));
        if let Some(node) = node.filter(|node| node.state == State::Failed) {
            next.push(self.with(
                match node.name.as_str() {
                    "Stop obproxy" if dag.is_delete() => [
                        "Skip this stage: the agent goes on, forgets the ODP and removes its folders, while an obproxy that runs goes on running; kill it by hand first.",
                        "跳过该阶段：agent 会继续删除 ODP 记录并清理目录，而仍在运行的 obproxy 不会停止，请先手动结束它。",
                    ],
                    "Delete obproxy" => [
                        "Skip this stage: the agent goes on and removes the folders, and may go on managing an ODP that is not there any more.",
                        "跳过该阶段：agent 会继续清理目录，但可能仍管理着一个已不存在的 ODP。",
                    ],
                    "Clean obproxy dir" => [
                        "Skip this stage: the task ends and the lock is given back, while what remains of the folders stays; remove it by hand.",
                        "跳过该阶段：任务结束并释放锁，但残留的目录不会删除，需手动清理。",
                    ],
                    _ => [
                        "Skip this stage: the agent goes on with the next, and what this stage should have done stays undone.",
                        "跳过该阶段：agent 继续执行下一阶段，该阶段未完成的内容不会再执行。",
                    ],
                },
                &self.operate("node", node.id.as_str(), "PASS"),
            ));
        }
        next.push(self.with(
            [
                "Mark the task as done: nothing more runs, the lock is given back, and the ODP may still be there.",
                "将任务标记为完成：后续不再执行，锁随即释放，但 ODP 可能仍然存在。",
            ],
            &self.operate("dag", dag.id.as_str(), "PASS"),
        ));
        next
    }

    fn operate(&self, what: &str, id: &str, operator: &str) -> String {
        host::post(
            self.home,
            &format!("task/{what}/{id}"),
            &format!(r#"{{"operator":"{operator}"}}"#),
        )
    }
}
