//! Determines the effects of a destroy from its sub tasks and their logs.

use crate::flow::event::Language;
use crate::obshell::dag::{Dag, Node, Operator, State, SubTask};
use crate::text::{Both, fill, say, task};

pub(super) const MANAGED: Both = ["The agent still manages the ODP.", "Agent 仍在管理该 ODP。"];

pub(super) const NOT_MANAGED: Both = [
    "The agent manages no ODP now. From now on, it returns 204 for a DELETE request and does nothing.",
    "Agent 目前没有管理 ODP，此后对 DELETE 请求返回 204，不执行任何操作。",
];

/// The folders in the order in which they are removed (protocol: 3.1).
const FOLDERS: [&str; 5] = ["etc", "log", "run", "bin", "lib"];

/// The progress of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StageProgress {
    /// The stage ran to its end.
    Done,
    /// The stage ran without success: some of its work may be done.
    Begun,
    /// The stage never ran.
    NotRun,
    /// The response has no details.
    Unknown,
}

impl StageProgress {
    fn of(node: Option<&Node>) -> Self {
        let sub_tasks = node.and_then(|node| node.sub_tasks.as_deref());
        let Some(sub_tasks @ [_, ..]) = sub_tasks else {
            return Self::Unknown;
        };
        // A skipped sub task is also recorded as SUCCEED, and so is the rollback step of a RETRY.
        let done = |sub_task: &SubTask| {
            sub_task.state == State::Succeed
                && sub_task.execute_times > 0
                && matches!(sub_task.operator, Operator::Run | Operator::Retry)
        };
        if sub_tasks.iter().all(|sub_task| done(sub_task)) {
            Self::Done
        } else if sub_tasks.iter().all(|sub_task| sub_task.execute_times == 0) {
            Self::NotRun
        } else {
            Self::Begun
        }
    }
}

/// The findings in the log of the stop stage.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StopLog {
    /// There is no log.
    None,
    /// No attempt to kill the process.
    NoKill,
    /// kill -9 was sent, and the process was not seen to end.
    Killing,
    /// kill -9 was sent, and the process had then ended.
    Killed,
    /// No process was found.
    NotRunning,
}

impl StopLog {
    fn of(node: Option<&Node>) -> Self {
        let Some(lines) = lines(node) else {
            return Self::None;
        };
        lines.fold(Self::NoKill, |so_far, line| {
            if line.starts_with("Kill obproxy process ") {
                Self::Killing
            } else if line.starts_with("Successfully killed the obproxy process") {
                Self::Killed
            } else if line.starts_with("Obproxy is not running") {
                match so_far {
                    Self::Killing | Self::Killed => Self::Killed,
                    _ => Self::NotRunning,
                }
            } else {
                so_far
            }
        })
    }
}

/// The log lines of a node's first sub task; ODP tasks have one.
fn lines(node: Option<&Node>) -> Option<impl DoubleEndedIterator<Item = &str>> {
    let logs = node?.sub_tasks.as_ref()?.first()?.logs.as_ref()?;
    Some(logs.iter().map(String::as_str))
}

/// The effects of a destroy.
pub(super) struct Effects {
    stop: StageProgress,
    stop_log: StopLog,
    forget: StageProgress,
    clean: StageProgress,
    /// Index in [`FOLDERS`] of the folder that could not be removed.
    stuck: Option<usize>,
}

impl Effects {
    pub(super) fn of(dag: &Dag) -> Self {
        let node = |name: &str| {
            let mut nodes = dag.nodes.iter().flatten();
            nodes.find(|node| node.name == name).map(AsRef::as_ref)
        };
        let (stop, clean) = (node("Stop obproxy"), node("Clean obproxy dir"));
        Self {
            stop: StageProgress::of(stop),
            stop_log: StopLog::of(stop),
            forget: StageProgress::of(node("Delete obproxy")),
            clean: StageProgress::of(clean),
            stuck: lines(clean)
                .and_then(|lines| lines.rev().find(|line| line.starts_with("ERROR")))
                .and_then(stuck),
        }
    }

    /// The outcome for obproxy.
    pub(super) fn stop(&self) -> Both {
        match (self.stop, self.stop_log) {
            (StageProgress::NotRun, _) => [
                "The stop stage did not run: this task did not touch the obproxy process.",
                "停止阶段未执行：该任务未处理 obproxy 进程。",
            ],
            (_, StopLog::Killed) => [
                "The agent sent kill -9 to the process in obproxy's pid file and confirmed that the process was gone. All sessions through it were dropped.",
                "Agent 对 obproxy 的 pid 文件中的进程执行了 kill -9，并确认该进程已不存在。经由该 ODP 的会话已全部断开。",
            ],
            (_, StopLog::NotRunning) => [
                "The agent found no running obproxy by the pid file and killed no process.",
                "Agent 根据 pid 文件没有找到正在运行的 obproxy，因此没有结束任何进程。",
            ],
            (StageProgress::Done, _) => [
                "The stop stage succeeded: the agent killed obproxy or found none running.",
                "停止阶段执行成功：Agent 已结束 obproxy，或 obproxy 没有运行。",
            ],
            (_, StopLog::Killing) => [
                "The agent sent kill -9 to the process in obproxy's pid file and did not see it end: it may be dead or may still be running.",
                "Agent 对 obproxy 的 pid 文件中的进程执行了 kill -9，但没有确认该进程已退出：进程可能已结束，也可能仍在运行。",
            ],
            (StageProgress::Begun, StopLog::NoKill) => [
                "The log shows no attempt to kill obproxy: if it was running, it most likely still is.",
                "日志中没有结束 obproxy 的操作：如果 obproxy 此前在运行，则很可能仍在运行。",
            ],
            (StageProgress::Begun | StageProgress::Unknown, _) => [
                "obproxy may or may not have been killed.",
                "obproxy 可能已被结束，也可能没有。",
            ],
        }
    }

    /// Whether the agent still manages the ODP.
    pub(super) fn forget(&self, managed: Option<bool>) -> Both {
        match (managed, self.forget) {
            (Some(true), StageProgress::Done) => [
                "This task deleted the agent's record of the ODP, but the agent manages an ODP now. The ODP may have been added since.",
                "该任务已删除 ODP 记录，但 Agent 当前管理着一个 ODP，可能是之后重新添加的。",
            ],
            (Some(true), _) => MANAGED,
            (Some(false), _) => NOT_MANAGED,
            (None, StageProgress::Done) => [
                "The task reports that the agent deleted its record of the ODP; /info did not confirm it.",
                "任务显示 Agent 已删除 ODP 记录，但无法从 /info 确认。",
            ],
            (None, StageProgress::NotRun) => [
                "This task did not delete the agent's record of the ODP; /info did not report whether the agent still manages the ODP.",
                "该任务没有删除 ODP 记录，且无法从 /info 确认 Agent 是否仍管理该 ODP。",
            ],
            (None, StageProgress::Begun | StageProgress::Unknown) => [
                "It is unknown whether the agent still manages the ODP: /info did not report it.",
                "无法从 /info 确认 Agent 是否仍管理该 ODP。",
            ],
        }
    }

    /// Whether folders may remain, as far as this task shows.
    pub(super) fn folders_may_remain(&self) -> bool {
        self.clean != StageProgress::Done
    }

    /// The outcome for the folders.
    pub(super) fn clean(&self, language: Language) -> Vec<String> {
        const REST: Both = [
            "The home folder itself and everything else in it remain.",
            "主目录本身及其中的其他内容均保留。",
        ];
        let mut values = [String::new(), String::new()];
        let both = match (self.clean, self.stuck) {
            (StageProgress::Done, _) => [
                "Removed under the ODP's home: etc, log, run, bin and lib.",
                "已删除 ODP 主目录下的 etc、log、run、bin、lib。",
            ],
            (StageProgress::NotRun, _) => [
                "This task removed no folder under the ODP's home: etc, log, run, bin and lib are unchanged.",
                "该任务没有删除 ODP 主目录下的任何目录，etc、log、run、bin、lib 均未改动。",
            ],
            (StageProgress::Begun, Some(stuck)) => {
                let (removed, left) = FOLDERS.split_at_checked(stuck).unwrap_or_default();
                let comma = say(language, [", ", "、"]);
                values = [removed.join(comma), left.join(comma)];
                if removed.is_empty() {
                    [
                        "Under the ODP's home these may remain, in part or whole: {1}.",
                        "ODP 主目录下以下目录可能仍有残留（部分或全部）：{1}。",
                    ]
                } else {
                    [
                        "Removed under the ODP's home: {0}. These may remain, in part or whole: {1}.",
                        "已删除 ODP 主目录下的 {0}。以下目录可能仍有残留（部分或全部）：{1}。",
                    ]
                }
            }
            (StageProgress::Begun, None) => [
                "The folders etc, log, run, bin and lib under the ODP's home are removed in this order, and the stage did not finish: the later ones may remain, in part or whole.",
                "ODP 主目录下的 etc、log、run、bin、lib 按此顺序删除，但该阶段没有执行完：靠后的目录可能仍有残留（部分或全部）。",
            ],
            (StageProgress::Unknown, _) => [
                "It is unknown whether the folders etc, log, run, bin and lib under the ODP's home were removed.",
                "无法确定 ODP 主目录下的 etc、log、run、bin、lib 是否已删除。",
            ],
        };
        let mut sentences = vec![fill(language, both, &values.each_ref().map(String::as_str))];
        if matches!(self.clean, StageProgress::Done | StageProgress::Begun) {
            sentences.push(say(language, REST).to_owned());
        }
        sentences
    }
}

/// The folder that an error line names, if only one of them occurs in the path. The home's own path
/// may contain a folder of such a name, in which case the folder cannot be determined.
fn stuck(line: &str) -> Option<usize> {
    let path = line.split_once(" /")?.1;
    let last = path.match_indices(": ").last();
    let path = last.and_then(|(at, _)| path.get(..at)).unwrap_or(path);
    let mut found = path
        .split('/')
        .filter_map(|part| FOLDERS.iter().position(|folder| *folder == part));
    found.next().filter(|_| found.next().is_none())
}

/// The stages of a task that never ran or were skipped, in one sentence each.
pub(super) fn not_run(dag: &Dag, language: Language) -> Vec<String> {
    let mut sentences = Vec::new();
    for node in dag.nodes.iter().flatten() {
        let both = match StageProgress::of(Some(node)) {
            StageProgress::NotRun => ["Stage {0} did not run: {1}.", "第 {0} 阶段未执行：{1}。"],
            StageProgress::Begun => [
                "Stage {0} ran without success and was then skipped: {1}.",
                "第 {0} 阶段执行未成功，随后被跳过：{1}。",
            ],
            StageProgress::Done | StageProgress::Unknown => continue,
        };
        let title = task::stage_title(&node.name, language);
        sentences.push(fill(language, both, &[&node.number.to_string(), &title]));
    }
    sentences
}

/// The state of the agent's ODP lock after a failure or a cancellation (protocol: 3.2); `None` if
/// it is unknown.
pub(super) fn lock(dag: &Dag, stage: usize) -> Option<Both> {
    let first_gives_back = dag
        .node(1)
        .is_some_and(|node| node.name == "Check obproxy status");
    if dag.takes_lock() != Some(true) {
        None
    } else if stage >= 2 {
        Some([
            "This task keeps the agent's ODP lock until it succeeds or is marked as done. Until then, the agent refuses other tasks that need the lock.",
            "该任务会继续占用 Agent 的 ODP 运维锁，直到任务成功或被标记为完成。在此之前，Agent 会拒绝需要该锁的其他任务。",
        ])
    } else if stage == 1 && first_gives_back {
        Some([
            "This task released the agent's ODP lock.",
            "该任务已释放 Agent 的 ODP 运维锁。",
        ])
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stuck_folder_is_named_where_it_is_certain() {
        for (line, folder) in [
            (
                "ERROR: [Common.Unexpected]: Unexpected error: unlinkat /home/admin/proxy/lib: device or resource busy",
                Some("lib"),
            ),
            (
                "ERROR: unlinkat /home/admin/proxy/etc/x: permission denied",
                Some("etc"),
            ),
            // The home's own path contains such a name.
            ("ERROR: unlinkat /srv/lib/odp/bin: busy", None),
            ("ERROR: unlinkat /home/x/lib/etc: busy", None),
            ("ERROR: exit status 3", None),
        ] {
            assert_eq!(stuck(line).map(|index| FOLDERS[index]), folder, "{line}");
        }
    }
}
