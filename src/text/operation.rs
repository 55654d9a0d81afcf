//! Texts of the operations on a task: their names, their actual effect on this task at this stage,
//! and their outcome.

use super::problem::{Advice, failure, own_words};
use super::{Both, fill, say, task};
use crate::flow::event::Language;
use crate::flow::operation::Operation;
use crate::flow::state::{Contact, OperationPhase, Task};
use crate::obshell::dag::Dag;
use crate::obshell::error::Failure;
use crate::obshell::info::Version;

/// The heading over the operations.
#[must_use]
pub fn heading(language: Language) -> &'static str {
    say(language, ["Actions", "任务操作"])
}

/// Why no operation is offered while the agent does not answer; `None` if no operation would be
/// offered anyway.
#[must_use]
pub fn not_offered(task: &Task, language: Language) -> Option<&'static str> {
    let answering = Task {
        contact: Contact::Good,
        ..task.clone()
    };
    let mut all = Operation::ALL.into_iter();
    let would = all.any(|operation| answering.offers(operation));
    let both = match &task.contact {
        Contact::Unauthenticated(_) => [
            "Sign in again to act on this task.",
            "重新登录后可操作该任务。",
        ],
        Contact::Good | Contact::Retrying { .. } => [
            "The agent cannot be reached, so no action on this task can be sent.",
            "无法连接 Agent，暂时无法操作该任务。",
        ],
    };
    would.then(|| say(language, both))
}

/// The name of an operation, for its button.
#[must_use]
pub fn name(operation: Operation, language: Language) -> &'static str {
    say(
        language,
        match operation {
            Operation::Retry => ["Retry", "重试"],
            Operation::Cancel => ["Cancel the task", "取消任务"],
            Operation::Skip => ["Skip this stage", "跳过该阶段"],
            Operation::MarkDone => ["Mark as done", "标记为完成"],
        },
    )
}

/// The name of the button that confirms an operation.
#[must_use]
pub fn confirm(operation: Operation, language: Language) -> &'static str {
    say(
        language,
        match operation {
            Operation::Retry => ["Retry now", "确认重试"],
            Operation::Cancel => ["Cancel the task now", "确认取消任务"],
            Operation::Skip => ["Skip this stage now", "确认跳过"],
            Operation::MarkDone => ["Mark as done now", "确认标记为完成"],
        },
    )
}

/// The name of the button that dismisses an operation.
#[must_use]
pub fn leave(language: Language) -> &'static str {
    say(language, ["Go back", "返回"])
}

/// The confirmation question of an operation.
#[must_use]
pub fn question(operation: Operation, dag: &Dag, language: Language) -> String {
    let both = match operation {
        Operation::Retry => ["Run stage {0} ({1}) again?", "重新执行第 {0} 阶段“{1}”？"],
        Operation::Cancel => [
            "Cancel the task at stage {0} ({1})?",
            "在第 {0} 阶段“{1}”取消任务？",
        ],
        Operation::Skip => ["Skip stage {0} ({1})?", "跳过第 {0} 阶段“{1}”？"],
        Operation::MarkDone => [
            "Mark the task as done at stage {0} ({1})?",
            "将停在第 {0} 阶段“{1}”的任务标记为完成？",
        ],
    };
    let title = dag.current_node().map_or_else(
        || "…".to_owned(),
        |node| task::stage_title(&node.name, language),
    );
    fill(language, both, &[&dag.stage.to_string(), &title])
}

const LOCK_STAYS: Both = [
    "The task keeps the agent's ODP lock until it succeeds or is marked as done.",
    "该任务会继续占用 Agent 的 ODP 运维锁，直到任务成功或被标记为完成。",
];

const LOCK_GOES: Both = [
    "The agent's ODP lock is released.",
    "Agent 的 ODP 运维锁随即释放。",
];

const LOCK_AGAIN: Both = [
    "The agent takes its ODP lock again first, and refuses the request if another task holds the lock.",
    "Agent 会先重新占用 ODP 运维锁；如果该锁被其他任务占用，则拒绝请求。",
];

const NO_WAY_BACK: Both = ["This cannot be undone.", "该操作无法撤销。"];

/// The effect of an operation on this task at this stage, in a few sentences.
#[must_use]
pub fn effect(operation: Operation, dag: &Dag, language: Language) -> Vec<&'static str> {
    let stage = if dag.is_delete() { dag.stage } else { 0 };
    let sentences: &[Both] = match (operation, stage) {
        (Operation::Retry, 1) => &[
            LOCK_AGAIN,
            [
                "If the check succeeds, the whole destroy runs: obproxy is killed immediately (kill -9), the agent forgets the ODP, and its folders etc, log, run, bin and lib are removed.",
                "如果检查通过，随后执行完整的销毁：立即强制结束 obproxy（kill -9），删除 ODP 记录，并删除 etc、log、run、bin、lib 目录。",
            ],
            NO_WAY_BACK,
        ],
        (Operation::Retry, 2) => &[
            [
                "obproxy is killed immediately (kill -9) if it is running, and all sessions through it are dropped. Then the agent forgets the ODP and removes its folders etc, log, run, bin and lib.",
                "如果 obproxy 正在运行，会立即被强制结束（kill -9），经由该 ODP 的会话将全部断开；随后 Agent 删除 ODP 记录，并删除 etc、log、run、bin、lib 目录。",
            ],
            NO_WAY_BACK,
        ],
        (Operation::Retry, 3) => &[
            [
                "The agent forgets the ODP and then removes its folders etc, log, run, bin and lib. obproxy is not touched again.",
                "Agent 删除 ODP 记录，随后删除 etc、log、run、bin、lib 目录，不会再次处理 obproxy 进程。",
            ],
            NO_WAY_BACK,
        ],
        (Operation::Retry, 4) => &[
            [
                "The agent removes what remains of the folders etc, log, run, bin and lib under the ODP's home.",
                "Agent 删除 ODP 主目录下 etc、log、run、bin、lib 的残留。",
            ],
            NO_WAY_BACK,
        ],
        (Operation::Retry, _) => &[[
            "The agent runs this stage again and then continues with the next stages.",
            "Agent 重新执行该阶段，然后继续执行后续阶段。",
        ]],
        (Operation::Cancel, 1) => &[
            [
                "This stage only checks. If the agent stops in it, nothing was changed, and the ODP lock is released.",
                "该阶段仅执行检查。如果 Agent 在此阶段停止，则未做任何改动，ODP 运维锁随即释放。",
            ],
            [
                "If the agent has reached stage 2 by then, obproxy may have been killed, which is not undone.",
                "如果届时已进入第 2 阶段，obproxy 可能已被强制结束，且无法恢复。",
            ],
        ],
        (Operation::Cancel, 2) => &[
            [
                "Completed work is not undone: most likely kill -9 has already been sent, so obproxy may be dead while the agent still manages the ODP.",
                "已完成的操作不会撤销：kill -9 很可能已经发出，obproxy 可能已结束，而 Agent 仍在管理该 ODP。",
            ],
            LOCK_STAYS,
        ],
        (Operation::Cancel, 3) => &[
            [
                "Completed work is not undone: the stop stage is over, and the agent may have already forgotten the ODP. Its folders remain unless stage 4 has started by then.",
                "已完成的操作不会撤销：停止阶段已结束，Agent 可能已删除 ODP 记录；除非届时已进入第 4 阶段，目录会保留。",
            ],
            LOCK_STAYS,
        ],
        (Operation::Cancel, 4) => &[
            [
                "Completed work is not undone: the agent has forgotten the ODP, and some of its folders may already be gone. Remove the others by hand or by a retry.",
                "已完成的操作不会撤销：Agent 已删除 ODP 记录，部分目录可能已被删除；其余目录之后需手动清理或通过重试清理。",
            ],
            LOCK_STAYS,
        ],
        (Operation::Cancel, _) => &[[
            "The agent ends the running stage. Completed work is not undone.",
            "Agent 结束当前阶段，已完成的操作不会撤销。",
        ]],
        (Operation::Skip, 1) => &[
            LOCK_AGAIN,
            [
                "Then the destroy continues without the check: obproxy is killed immediately (kill -9), the agent forgets the ODP, and its folders are removed.",
                "随后跳过检查继续销毁：立即强制结束 obproxy（kill -9），删除 ODP 记录并清理目录。",
            ],
            NO_WAY_BACK,
        ],
        (Operation::Skip, 2) => &[
            [
                "The agent continues, forgets the ODP and removes its folders, while a running obproxy keeps running. Kill obproxy by hand first.",
                "Agent 会继续删除 ODP 记录并清理目录，而仍在运行的 obproxy 不会停止，请先手动结束该进程。",
            ],
            NO_WAY_BACK,
        ],
        (Operation::Skip, 3) => &[
            [
                "The agent continues and removes the folders etc, log, run, bin and lib, and may still manage an ODP that no longer exists.",
                "Agent 会继续删除 etc、log、run、bin、lib 目录，但可能仍管理一个已不存在的 ODP。",
            ],
            NO_WAY_BACK,
        ],
        (Operation::Skip, 4) => &[
            [
                "The task ends as done, but what remains of the folders etc, log, run, bin and lib is kept. Remove the folders by hand.",
                "任务以完成结束，但 etc、log、run、bin、lib 的残留不会删除，需手动清理。",
            ],
            LOCK_GOES,
        ],
        (Operation::Skip, _) => &[[
            "The agent continues with the next stage. What this stage has not done is not done later.",
            "Agent 继续执行下一阶段，该阶段未完成的内容不会再执行。",
        ]],
        (Operation::MarkDone, 1 | 2) => &[
            [
                "Nothing more runs: the ODP is not destroyed, the agent still manages it, and its folders remain. obproxy may have been killed or may still be running.",
                "后续阶段不再执行：ODP 不会被销毁，Agent 仍管理该 ODP，目录保留。obproxy 可能已被结束，也可能仍在运行。",
            ],
            LOCK_GOES,
        ],
        (Operation::MarkDone, 3) => &[
            [
                "Nothing more runs: the ODP's folders remain, and the agent may still manage the ODP.",
                "后续阶段不再执行：ODP 的目录保留，Agent 可能仍管理该 ODP。",
            ],
            LOCK_GOES,
        ],
        (Operation::MarkDone, 4) => &[
            [
                "Nothing more runs: what remains of the folders etc, log, run, bin and lib is kept. Remove the folders by hand.",
                "后续阶段不再执行：etc、log、run、bin、lib 的残留会保留，需手动清理。",
            ],
            LOCK_GOES,
        ],
        (Operation::MarkDone, _) => &[
            [
                "The task counts as done, but nothing more runs.",
                "任务会被视为完成，但后续阶段不再执行。",
            ],
            LOCK_GOES,
        ],
    };
    sentences.iter().map(|both| say(language, *both)).collect()
}

/// A caution about an operation on an agent of this version; `None` if there is none.
#[must_use]
pub fn caution(
    operation: Operation,
    version: &Version,
    language: Language,
) -> Option<&'static str> {
    let every_build = version.at_least(Version::FIRST_WITH_CANCEL) != Some(false);
    let both = match operation {
        _ if every_build => return None,
        Operation::Cancel => [
            "Some builds of obshell 4.2.6 refuse to cancel an ODP task. The task then continues.",
            "部分 obshell 4.2.6 构建会拒绝取消 ODP 任务，此时任务会继续执行。",
        ],
        Operation::MarkDone => [
            "Some builds of obshell 4.2.6 refuse to mark an ODP task as done. The task then remains unchanged.",
            "部分 obshell 4.2.6 构建会拒绝将 ODP 任务标记为完成，此时任务保持不变。",
        ],
        Operation::Retry | Operation::Skip => return None,
    };
    Some(say(language, both))
}

/// The outcome of the operation so far, and the fix; `None` if there is no operation, or only the
/// question.
#[must_use]
pub fn status(task: &Task, language: Language) -> Option<Advice> {
    let operating = task.operating.as_ref()?;
    let (both, cause): (Both, _) = match &operating.phase {
        OperationPhase::AwaitingConfirmation => return None,
        OperationPhase::Refreshing => (
            [
                "{0}: reading the agent and the task again before the request is sent.",
                "{0}：发送前再次读取 Agent 与任务的状态。",
            ],
            None,
        ),
        OperationPhase::Sent => (
            [
                "{0}: sent once; waiting for the agent's response.",
                "{0}：已发送一次，等待 Agent 响应。",
            ],
            None,
        ),
        OperationPhase::Accepted => (
            [
                "{0}: the agent has accepted the request; the task does not show its effect yet.",
                "{0}：Agent 已接受请求，任务状态尚未更新。",
            ],
            None,
        ),
        OperationPhase::Checking(error) => (
            [
                "{0}: the agent refused the request. The console reads the task before it shows the outcome, because a browser can send a request twice. {1}",
                "{0}：Agent 拒绝了该请求。浏览器可能会重复发送同一请求，因此先读取任务再显示结果。{1}",
            ],
            Some(Failure::Refused(error.clone())),
        ),
        OperationPhase::Refused(error) => (
            [
                "{0}: the agent refused the request, and the task shows no effect. {1}",
                "{0}：Agent 拒绝了该操作，任务状态没有变化。{1}",
            ],
            Some(Failure::Refused(error.clone())),
        ),
        OperationPhase::NotSent(None) => (
            [
                "{0}: not sent, because the task is no longer as it was when you confirmed.",
                "{0}：未发送，因为任务状态与确认时已不同。",
            ],
            None,
        ),
        OperationPhase::NotSent(Some(cause)) => (
            ["{0}: not sent. {1}", "{0}：未发送。{1}"],
            Some(cause.clone()),
        ),
        OperationPhase::Lost(cause) if task.dag.progress().is_final() => (
            [
                "{0}: the response does not show whether the agent accepted the request, and the task shows no effect so far. The console does not resend the request automatically. {1}",
                "{0}：无法根据响应判断 Agent 是否已接受请求，目前任务状态没有变化。控制台不会自动重新发送请求。{1}",
            ],
            Some(cause.clone()),
        ),
        OperationPhase::Lost(cause) => (
            [
                "{0}: the response does not show whether the agent accepted the request. The console does not resend the request automatically; the task's state shows the outcome. {1}",
                "{0}：无法根据响应判断 Agent 是否已接受请求。控制台不会自动重新发送请求，请以任务状态为准。{1}",
            ],
            Some(cause.clone()),
        ),
    };
    let name = name(operating.operation, language);
    let mut advice = Advice {
        what: String::new(),
        fix: String::new(),
    };
    if let Some(cause) = &cause {
        advice = failure(cause, &task.facts.address.to_string(), language);
        if let Failure::Refused(error) = cause {
            let own = own_words(error, language);
            advice.what = [&*advice.what, " ", &own].concat();
        }
    }
    advice.what = fill(language, both, &[name, &advice.what]);
    Some(advice)
}
