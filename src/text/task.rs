//! A task that is watched, in words.

use super::{Both, fill, say};
use crate::flow::event::Language;
use crate::flow::state::{Contact, Origin, Task};
use crate::obshell::address::AgentAddress;
use crate::obshell::dag::id::DagId;
use crate::obshell::dag::progress::Progress;
use crate::obshell::dag::{Dag, Operator, State};
use crate::obshell::error::{Failure, NotSent};

/// Titles of the tasks on an ODP, by the names that the agent gives them (protocol: 3.3).
const DAGS: [(&str, Both); 5] = [
    ("Delete obproxy", ["Destroy ODP", "销毁 ODP"]),
    ("Add obproxy", ["Add ODP", "添加 ODP"]),
    ("Start obproxy", ["Start obproxy", "启动 obproxy"]),
    ("Stop obproxy", ["Stop obproxy", "停止 obproxy"]),
    ("Upgrade obproxy", ["Upgrade obproxy", "升级 obproxy"]),
];

/// Titles of their stages, by the names of nodes and sub tasks.
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

/// The title of a stage by its wire name; an unknown one as written.
#[must_use]
pub fn stage_title(name: &str, language: Language) -> String {
    known_title(name, language).unwrap_or(name).to_owned()
}

/// The title of a task by its wire name; an unknown one as written.
#[must_use]
pub fn dag_title(name: &str, language: Language) -> String {
    known(&DAGS, name, language).unwrap_or(name).to_owned()
}

/// The word for a state; an unknown one as written.
#[must_use]
pub fn state(state: &State, language: Language) -> String {
    match state {
        State::Pending => say(language, ["Pending", "等待中"]),
        State::Ready => say(language, ["Ready", "就绪"]),
        State::Running => say(language, ["Running", "执行中"]),
        State::Failed => say(language, ["Failed", "失败"]),
        State::Succeed => say(language, ["Succeeded", "成功"]),
        State::Unknown(text) => text,
    }
    .to_owned()
}

/// The word for an operator; an unknown one as written.
#[must_use]
pub fn operator(operator: &Operator, language: Language) -> String {
    match operator {
        Operator::Run => say(language, ["Run", "执行"]),
        Operator::Retry => say(language, ["Retry", "重试"]),
        Operator::Rollback => say(language, ["Rollback", "回滚"]),
        Operator::Cancel => say(language, ["Cancel", "取消"]),
        Operator::Pass => say(language, ["Skip", "跳过"]),
        Operator::Unknown(text) => text,
    }
    .to_owned()
}

/// The word for a state together with its operator, as the two mean it: what was passed did not
/// succeed, and what was cancelled did not fail.
#[must_use]
pub fn standing(of: &State, by: &Operator, language: Language) -> String {
    let both = match (of, by) {
        (State::Succeed, Operator::Pass) => ["Skipped", "已跳过"],
        (State::Failed, Operator::Cancel) => ["Cancelled", "已取消"],
        (State::Ready | State::Running | State::Pending, Operator::Cancel) => {
            ["Cancelling", "取消中"]
        }
        (State::Ready | State::Running, Operator::Retry) => ["Running again", "重试中"],
        (State::Pending, Operator::Retry) => ["Pending, to run again", "等待重试"],
        // A step inside of a RETRY that undoes nothing a person would count on.
        (State::Ready | State::Running, Operator::Rollback) => ["Rollback step", "执行回滚步骤"],
        (State::Succeed, Operator::Rollback) => ["Rollback step ended", "回滚步骤已结束"],
        _ => return state(of, language),
    };
    say(language, both).to_owned()
}

/// The word for the state of a task that reports a success which its stages do not show.
#[must_use]
pub fn reported(language: Language) -> &'static str {
    say(language, ["Reported as succeeded", "agent 报告成功"])
}

/// How far a task is, in one sentence for the status line.
#[must_use]
pub fn progress(dag: &Dag, language: Language) -> String {
    let stage = dag.stage.to_string();
    let both = match dag.progress() {
        Progress::Waiting => [
            "{0}: waiting for the agent to run it, stage {1} of {2}.",
            "{0}：等待 agent 执行，第 {1} 阶段，共 {2} 个阶段。",
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
            "{0}: reported as succeeded at stage {1} of {2}, while its stages do not show it.",
            "{0}：agent 报告任务已在第 {1} 阶段成功（共 {2} 个阶段），但各阶段的状态与此不符。",
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
            "{0}: in the state {4}/{5}, which this console does not know.",
            "{0}：处于本控制台不认识的状态 {4}/{5}。",
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

/// What happens next by itself.
#[must_use]
pub fn next(dag: &Dag, language: Language) -> String {
    let both = match dag.progress() {
        Progress::Waiting => [
            "The agent runs it within a few seconds.",
            "agent 将在数秒内执行。",
        ],
        Progress::Running if dag.is_delete() => match dag.stage {
            1 => [
                "Next, obproxy is killed and all sessions through it are cut.",
                "接下来将强制结束 obproxy，经过它的所有会话都会中断。",
            ],
            2 => [
                "obproxy is being killed, which takes from 5 s to 75 s if it runs. Next, the agent forgets the ODP.",
                "正在强制结束 obproxy；如果它在运行，需要 5 到 75 秒。接下来 agent 将删除 ODP 记录。",
            ],
            3 => [
                "Next, the folders etc, log, run, bin and lib under the ODP's home are removed.",
                "接下来将删除 ODP 主目录下的 etc、log、run、bin、lib 目录。",
            ],
            4 => [
                "This is the last stage. Then the agent is asked whether it manages no ODP any more.",
                "这是最后一个阶段，之后将向 agent 确认是否已不再管理 ODP。",
            ],
            _ => LATER,
        },
        Progress::Running => LATER,
        Progress::Cancelling => [
            "The agent ends the running stage. What is done stays done.",
            "agent 正在结束当前阶段，已完成的操作不会撤销。",
        ],
        Progress::Done if dag.is_delete() => [
            "The agent is asked whether it manages no ODP any more.",
            "正在向 agent 确认是否已不再管理 ODP。",
        ],
        Progress::Contradicted => [
            "The agent is asked again for the stages, then whether it manages no ODP any more.",
            "将再次查询各阶段，然后向 agent 确认是否已不再管理 ODP。",
        ],
        Progress::Done
        | Progress::Skipped
        | Progress::Failed { .. }
        | Progress::Cancelled { .. } => ["Nothing more happens by itself.", "任务不会再自动继续。"],
        Progress::Unknown => [
            "The console keeps asking the agent and shows the state as the agent writes it.",
            "控制台会继续查询，并按 agent 的原文显示状态。",
        ],
    };
    say(language, both).to_owned()
}

const LATER: Both = [
    "The agent runs the stages one after the other.",
    "agent 将依次执行各个阶段。",
];

/// How the contact with the agent is. `last_news` is a time of day, `wait` the length of time
/// until the next question, both as the person reads them.
#[must_use]
pub fn contact(contact: &Contact, last_news: &str, wait: &str, language: Language) -> String {
    let both = match contact {
        Contact::Good => ["Last news {0}.", "最近更新 {0}。"],
        Contact::Retrying { .. } => [
            "No news from the agent. Last news {0}, trying again in {1}. What the agent does, does not depend on this page.",
            "未能获取 agent 的最新状态。最近更新 {0}，{1}后重试。agent 的执行不依赖本页面。",
        ],
        Contact::Unauthenticated(Failure::NotSent(NotSent::Forgotten(_))) => [
            "This console is signed out. Last news {0}. What the agent does, does not depend on this page; sign in again to go on watching.",
            "本控制台已退出登录。最近更新 {0}。agent 的执行不依赖本页面；请重新登录以继续查看。",
        ],
        Contact::Unauthenticated(_) => [
            "The agent does not accept the credentials any more. Last news {0}. What the agent does, does not depend on this page; sign in again to go on watching.",
            "agent 不再接受当前凭据。最近更新 {0}。agent 的执行不依赖本页面；请重新登录以继续查看。",
        ],
    };
    fill(language, both, &[last_news, wait])
}

/// What else is to be known of a task that is watched: whose it is, where that is not plain, that
/// the agent was restarted or refuses the task's id, and that parts of its answer are missing.
#[must_use]
pub fn notes(task: &Task, language: Language) -> Vec<&'static str> {
    let origin: Option<Both> = match task.origin {
        Origin::Mine(_) | Origin::Opened => None,
        Origin::Presumed(_) => Some([
            "This task was not there just before this console sent its DELETE, whose answer does not tell whose it is: this console's, or that of someone else who began at the same moment.",
            "本控制台发送 DELETE 之前，该任务尚不存在；但 DELETE 的响应无法说明它由谁发起：可能是本控制台，也可能是同一时刻的其他人。",
        ]),
        Origin::Followed => Some([
            "This task was not started in this session. The console only follows it.",
            "该任务并非由本次会话发起，控制台仅跟踪其进度。",
        ]),
    };
    let restarted = task.restarted.then_some([
        "The agent was restarted meanwhile; a stage that it interrupted runs again from its beginning.",
        "其间 agent 曾重启；被中断的阶段会从头重新执行。",
    ]);
    let takes_back = task.takes_back.then_some([
        "This console reported that the DELETE had started no task. Then this task appeared: if it comes from this console's DELETE, that report was wrong.",
        "本控制台此前提示 DELETE 没有发起任务，随后出现了该任务：如果它由本控制台的 DELETE 发起，则此前的提示有误。",
    ]);
    let by_lists = task.watch.by_lists.then_some([
        "The agent refuses the id of this task, as an agent does whose address begins with a zero byte. The console follows the task in the agent's lists. The task cannot be retried, skipped, cancelled or marked as done.",
        "agent 不接受该任务的 ID：地址首字节为零的 agent 都有此限制。控制台改为通过任务列表跟踪该任务；无法对其重试、跳过、取消或标记为完成。",
    ]);
    let parts = (task.dag.left_out.parts > 0).then_some([
        "Part of the agent's answer could not be read: stages or sub tasks are missing here.",
        "agent 的部分响应无法读取：此处缺少部分阶段或子任务。",
    ]);
    let fields = (task.dag.left_out.fields > 0).then_some([
        "Part of the agent's answer could not be read: times, log lines or other details are missing here.",
        "agent 的部分响应无法读取：此处缺少部分时间、日志或其他信息。",
    ]);
    let notes = takes_back
        .into_iter()
        .chain(origin)
        .chain(restarted)
        .chain(by_lists)
        .chain(parts)
        .chain(fields);
    notes.map(|both| say(language, both)).collect()
}

/// The id of the task names another agent than the one that is asked; `None` where it does not.
/// An address by name cannot be compared.
#[must_use]
pub fn foreign_owner(id: &DagId, asked: &AgentAddress, language: Language) -> Option<String> {
    let owner = id.owner()?;
    (asked.ip().is_some() && owner != *asked).then(|| {
        fill(
            language,
            [
                "By its id this task belongs to the agent {0}, while {1} is asked.",
                "从 ID 看，该任务属于 agent {0}，而当前的 agent 是 {1}。",
            ],
            &[&owner.to_string(), &asked.to_string()],
        )
    })
}
