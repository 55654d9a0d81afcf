//! Texts of a watched task.

use super::{Both, fill, say};
use crate::flow::event::Language;
use crate::flow::state::{Contact, Origin, Task};
use crate::obshell::address::AgentAddress;
use crate::obshell::agent_text::AgentText;
use crate::obshell::dag::id::DagId;
use crate::obshell::dag::progress::Progress;
use crate::obshell::dag::{Dag, Operator, State};
use crate::obshell::error::{Failure, NotSent};

/// Titles of the tasks on an ODP, by their names in the agent's responses (protocol: 3.3).
const DAGS: [(&str, Both); 5] = [
    ("Delete obproxy", ["Destroy ODP", "销毁 ODP"]),
    ("Add obproxy", ["Add ODP", "添加 ODP"]),
    ("Start obproxy", ["Start obproxy", "启动 obproxy"]),
    ("Stop obproxy", ["Stop obproxy", "停止 obproxy"]),
    ("Upgrade obproxy", ["Upgrade obproxy", "升级 obproxy"]),
];

/// Titles of the stages of these tasks, by the names of nodes and sub tasks.
const STAGES: [(&str, Both); 17] = [
    (
        "Check obproxy status",
        ["Check the ODP's status", "检查 ODP 状态"],
    ),
    ("Stop obproxy", ["Kill obproxy", "强制结束 obproxy"]),
    ("Delete obproxy", ["Forget the ODP", "删除 ODP 记录"]),
    (
        "Clean obproxy dir",
        ["Remove the ODP's folders", "清理 ODP 目录"],
    ),
    ("Start obproxy", ["Start obproxy", "启动 obproxy"]),
    (
        "Set proxyro password for connect",
        ["Set the proxyro password", "设置 proxyro 密码"],
    ),
    (
        "Persist obproxy info",
        ["Save the ODP's record", "保存 ODP 记录"],
    ),
    (
        "Create upgrade dir",
        ["Create the upgrade folder", "创建升级目录"],
    ),
    (
        "Download obproxy pkg from sqlite",
        ["Unpack the obproxy package", "取出 obproxy 安装包"],
    ),
    (
        "Check obproxy pkg",
        ["Check the obproxy package", "检查 obproxy 安装包"],
    ),
    (
        "Backup for upgrade",
        ["Back up for the upgrade", "升级前备份"],
    ),
    (
        "Reinstall obproxy bin",
        ["Replace the obproxy program", "替换 obproxy 程序"],
    ),
    (
        "Copy obproxy config db file",
        ["Copy the configuration database", "复制配置数据库文件"],
    ),
    (
        "Record obproxy info",
        ["Record the ODP's data", "记录 ODP 信息"],
    ),
    (
        "Hot restart obproxy",
        ["Hot restart obproxy", "热重启 obproxy"],
    ),
    (
        "Wait hot restart obproxy finish",
        ["Wait for the hot restart", "等待热重启完成"],
    ),
    (
        "Remove upgrade dir",
        ["Remove the upgrade folder", "删除升级目录"],
    ),
];

fn known(table: &[(&str, Both)], name: &str, language: Language) -> Option<&'static str> {
    let (_, both) = table.iter().find(|(wire_name, _)| *wire_name == name)?;
    Some(say(language, *both))
}

pub(super) fn known_title(name: &str, language: Language) -> Option<&'static str> {
    known(&STAGES, name, language)
}

/// The title of a stage by its wire name; an unknown name unchanged.
#[must_use]
pub fn stage_title(name: &AgentText, language: Language) -> String {
    known_title(name.raw(), language).map_or_else(|| name.to_string(), str::to_owned)
}

/// The title of a task by its wire name; an unknown name unchanged.
#[must_use]
pub fn dag_title(name: &AgentText, language: Language) -> String {
    known(&DAGS, name.raw(), language).map_or_else(|| name.to_string(), str::to_owned)
}

/// The name of a state; an unknown one unchanged.
#[must_use]
pub fn state(state: &State, language: Language) -> String {
    match state {
        State::Pending => say(language, ["Pending", "等待中"]),
        State::Ready => say(language, ["Ready", "就绪"]),
        State::Running => say(language, ["Running", "执行中"]),
        State::Failed => say(language, ["Failed", "失败"]),
        State::Succeed => say(language, ["Succeeded", "成功"]),
        State::Unknown(text) => return text.to_string(),
    }
    .to_owned()
}

/// The name of an operator; an unknown one unchanged.
#[must_use]
pub fn operator(operator: &Operator, language: Language) -> String {
    match operator {
        Operator::Run => say(language, ["Run", "执行"]),
        Operator::Retry => say(language, ["Retry", "重试"]),
        Operator::Rollback => say(language, ["Rollback", "回滚"]),
        Operator::Cancel => say(language, ["Cancel", "取消"]),
        Operator::Pass => say(language, ["Skip", "跳过"]),
        Operator::Unknown(text) => return text.to_string(),
    }
    .to_owned()
}

/// The name of a state combined with its operator: a skipped item did not succeed, and a cancelled
/// one did not fail.
#[must_use]
pub fn status(of: &State, by: &Operator, language: Language) -> String {
    let both = match (of, by) {
        (State::Succeed, Operator::Pass) => ["Skipped", "已跳过"],
        (State::Failed, Operator::Cancel) => ["Cancelled", "已取消"],
        (State::Ready | State::Running | State::Pending, Operator::Cancel) => {
            ["Cancelling", "取消中"]
        }
        (State::Ready | State::Running, Operator::Retry) => ["Running again", "重试中"],
        (State::Pending, Operator::Retry) => ["Pending, to run again", "等待重试"],
        // A step inside a RETRY, which undoes nothing that a person relies on.
        (State::Ready | State::Running, Operator::Rollback) => ["Rollback step", "执行回滚步骤"],
        (State::Succeed, Operator::Rollback) => ["Rollback step ended", "回滚步骤已结束"],
        _ => return state(of, language),
    };
    say(language, both).to_owned()
}

/// The name for the state of a task that reports a success which its stages contradict.
#[must_use]
pub fn reported(language: Language) -> &'static str {
    say(language, ["Reported as succeeded", "Agent 报告成功"])
}

/// The progress of a task, in one sentence for the status line.
#[must_use]
pub fn progress(dag: &Dag, language: Language) -> String {
    let stage = dag.stage.to_string();
    let both = match dag.progress() {
        Progress::Waiting => [
            "{0}: pending, stage {1} of {2}.",
            "{0}：等待执行，第 {1} 阶段，共 {2} 个阶段。",
        ],
        Progress::Running => [
            "{0}: running, stage {1} of {2}: {3}.",
            "{0}：执行中，第 {1} 阶段，共 {2} 个阶段：{3}。",
        ],
        Progress::Cancelling => [
            "{0}: cancelling at stage {1} of {2}.",
            "{0}：正在取消，第 {1} 阶段，共 {2} 个阶段。",
        ],
        Progress::Done => [
            "{0}: all {2} stages have ended.",
            "{0}：全部 {2} 个阶段已结束。",
        ],
        Progress::Contradicted => [
            "{0}: reported as succeeded at stage {1} of {2}, but its stages do not show it.",
            "{0}：Agent 报告任务已在第 {1} 阶段成功（共 {2} 个阶段），但各阶段的状态与此不符。",
        ],
        Progress::Skipped => [
            "{0}: ended, with stages skipped.",
            "{0}：已结束，有阶段被跳过。",
        ],
        Progress::Failed { .. } => [
            "{0}: failed at stage {1} of {2}.",
            "{0}：在第 {1} 阶段失败，共 {2} 个阶段。",
        ],
        Progress::Cancelled { .. } => [
            "{0}: cancelled at stage {1} of {2}.",
            "{0}：在第 {1} 阶段取消，共 {2} 个阶段。",
        ],
        Progress::Unknown => [
            "{0}: in state {4}/{5}, which this console does not recognize.",
            "{0}：处于本控制台无法识别的状态 {4}/{5}。",
        ],
    };
    let title = dag
        .current_node()
        .map_or_else(|| "…".to_owned(), |node| stage_title(&node.name, language));
    fill(
        language,
        both,
        &[
            &dag_title(&dag.name, language),
            &stage,
            &dag.max_stage.to_string(),
            &title,
            &dag.state.to_string(),
            &dag.operator.to_string(),
        ],
    )
}

/// The next step that the agent takes on its own.
#[must_use]
pub fn next(dag: &Dag, language: Language) -> String {
    let both = match dag.progress() {
        Progress::Waiting => [
            "The agent starts the task within a few seconds.",
            "Agent 将在数秒内开始执行任务。",
        ],
        Progress::Running if dag.is_delete() => match dag.stage {
            1 => [
                "Stop obproxy and drop all sessions through it.",
                "强制停止 obproxy，经由该 ODP 的会话将全部断开。",
            ],
            2 => [
                "Delete the agent's record of the ODP. Stopping obproxy takes 5 to 75 s if it is running.",
                "删除 Agent 中的 ODP 记录。如果 obproxy 正在运行，停止过程需要 5 到 75 秒。",
            ],
            3 => [
                "Remove the folders etc, log, run, bin and lib under the ODP's home.",
                "删除 ODP 主目录下的 etc、log、run、bin、lib 目录。",
            ],
            4 => [
                "Check that the agent no longer manages an ODP. This is the last stage.",
                "确认 Agent 不再管理 ODP。当前为最后一个阶段。",
            ],
            _ => LATER,
        },
        Progress::Running => LATER,
        Progress::Cancelling => [
            "The agent ends the running stage. Completed work is not undone.",
            "Agent 正在结束当前阶段，已完成的操作不会撤销。",
        ],
        Progress::Done if dag.is_delete() => [
            "Check that the agent no longer manages an ODP.",
            "确认 Agent 不再管理 ODP。",
        ],
        Progress::Contradicted => [
            "Read the stages again, then check that the agent no longer manages an ODP.",
            "再次查询各阶段，然后确认 Agent 不再管理 ODP。",
        ],
        Progress::Done
        | Progress::Skipped
        | Progress::Failed { .. }
        | Progress::Cancelled { .. } => ["Nothing more runs automatically.", "后续不会自动执行。"],
        Progress::Unknown => [
            "The console keeps reading the task and shows the state as the agent reports it.",
            "控制台会继续查询任务，并按 Agent 返回的原文显示状态。",
        ],
    };
    say(language, both).to_owned()
}

const LATER: Both = [
    "The agent runs the remaining stages in order.",
    "Agent 将依次执行其余阶段。",
];

/// The state of the contact with the agent. `last_update` is a formatted time of day, `wait` the
/// formatted time until the next request. `has_task`: whether a task is watched, which continues
/// without the page.
#[must_use]
pub fn contact(
    contact: &Contact,
    has_task: bool,
    last_update: &str,
    wait: &str,
    language: Language,
) -> String {
    let both = match contact {
        Contact::Good => return updated(last_update, language),
        Contact::Retrying { .. } => [
            "Lost contact with the agent. Last update {0}; retrying in {1}.",
            "与 Agent 的连接已中断。最近更新：{0}，{1}后重试。",
        ],
        Contact::Unauthenticated(Failure::NotSent(NotSent::CredentialWiped(_))) => [
            "Signed out. Last update {0}. Sign in again to see updates.",
            "已退出登录。最近更新：{0}。请重新登录以获取最新状态。",
        ],
        Contact::Unauthenticated(_) => [
            "The agent no longer accepts the credentials. Last update {0}. Sign in again to see updates.",
            "Agent 不再接受当前凭据。最近更新：{0}。请重新登录以获取最新状态。",
        ],
    };
    let mut text = fill(language, both, &[last_update, wait]);
    if has_task {
        // It is not known here whether the task is still running.
        let untouched = [" This does not stop the task.", "任务不会因此停止。"];
        text.push_str(say(language, untouched));
    }
    text
}

/// When the agent last reported the data shown.
#[must_use]
pub fn updated(at: &str, language: Language) -> String {
    fill(language, ["Updated {0}", "更新于 {0}"], &[at])
}

/// The name of a state that may be outdated: the agent has not answered since `at`.
#[must_use]
pub fn last_known(at: &str, status: &str, language: Language) -> String {
    fill(
        language,
        ["Last known at {0}: {1}", "截至 {0} 的状态：{1}"],
        &[at, status],
    )
}

/// The number of the stage and the number of stages.
#[must_use]
pub fn stage_of(stage: &str, of: &str, language: Language) -> String {
    fill(
        language,
        ["Stage {0} of {1}", "第 {0} 阶段，共 {1} 个阶段"],
        &[stage, of],
    )
}

/// Further notes on a watched task: who started it, if that is not obvious; a restart of the agent;
/// a refused task id; and missing parts of the agent's response.
#[must_use]
pub fn notes(task: &Task, language: Language) -> Vec<&'static str> {
    let origin: Option<Both> = match task.origin {
        Origin::Mine(_) | Origin::Opened => None,
        Origin::Presumed(_) => Some([
            "This task did not exist just before this console sent its DELETE request, and the response does not show who started the task: this console, or another client at the same moment.",
            "本控制台发送 DELETE 请求前，该任务尚不存在。根据响应无法确定任务由本控制台发起，还是由其他客户端同时发起。",
        ]),
        Origin::Followed => Some([
            "This console found the task on the agent. Who started the task is not known here.",
            "该任务并非由本次会话发起，控制台仅跟踪其进度。",
        ]),
    };
    let restarted = task.restarted.then_some([
        "The agent restarted while the console watched the task. An interrupted stage runs again from its beginning.",
        "查看任务期间 Agent 曾重启，被中断的阶段会从头重新执行。",
    ]);
    let revises_ending = task.revises_ending.then_some([
        "This console reported that the DELETE request had started no task, and then this task appeared. If the request started this task, that report was wrong.",
        "本控制台此前提示 DELETE 请求没有发起任务，随后出现了该任务。如果该任务由此请求发起，则此前的提示有误。",
    ]);
    let by_lists = task.watch.by_lists.then_some([
        "The agent refuses the ID of this task, as agents do whose address begins with a zero byte. The console follows the task in the agent's task lists. The task cannot be retried, skipped, cancelled or marked as done.",
        "Agent 不接受该任务的 ID：地址首字节为零的 Agent 都有此限制。控制台通过任务列表获取任务状态，无法对该任务执行重试、跳过、取消或标记为完成。",
    ]);
    let parts = (task.dag.unparsed.parts > 0).then_some([
        "Part of the agent's response could not be read. Some stages or sub tasks are missing here.",
        "Agent 的部分响应无法解析，此处缺少部分阶段或子任务。",
    ]);
    let fields = (task.dag.unparsed.fields > 0).then_some([
        "Part of the agent's response could not be read. Some times, log lines or other details are missing here.",
        "Agent 的部分响应无法解析，此处缺少部分时间、日志或其他信息。",
    ]);
    let notes = revises_ending
        .into_iter()
        .chain(origin)
        .chain(restarted)
        .chain(by_lists)
        .chain(parts)
        .chain(fields);
    notes.map(|both| say(language, both)).collect()
}

/// The message that the id of the task names another agent than `asked`; `None` if it does not. An
/// address with a host name cannot be compared.
#[must_use]
pub fn foreign_owner(id: &DagId, asked: &AgentAddress, language: Language) -> Option<String> {
    let owner = id.owner()?;
    (asked.ip().is_some() && owner != *asked).then(|| {
        fill(
            language,
            [
                "According to its ID, this task belongs to the agent {0}, but the target is {1}.",
                "根据 ID，该任务属于 Agent {0}，而当前目标为 {1}。",
            ],
            &[&owner.to_string(), &asked.to_string()],
        )
    })
}
