//! Texts of a run over many agents.

pub mod labels;

use self::labels::FleetLabel;
use super::problem::{Advice, address_problem};
use super::{Both, ending, fill, say, task};
use crate::fleet::member::{LeftOut, Member, MemberStatus};
use crate::fleet::parse::{Problem, ProblemKind};
use crate::fleet::state::{Fleet, Halt, Phase};
use crate::fleet::summary::{Counts, DisplayStatus, NextStep};
use crate::flow::event::Language;
use crate::flow::preflight::Obstacle;
use crate::obshell::dag::progress::Progress;

/// The number of agents.
#[must_use]
pub fn agents(count: usize, language: Language) -> String {
    let both = match count {
        1 => ["{0} agent", "{0} 个 Agent"],
        _ => ["{0} agents", "{0} 个 Agent"],
    };
    fill(language, both, &[&count.to_string()])
}

/// The number of selected agents.
#[must_use]
pub fn chosen(count: usize, language: Language) -> String {
    let both = match count {
        0 => ["No agents selected", "未选择 Agent"],
        1 => [
            "1 agent selected: continue to destroy its ODP.",
            "已选择 1 个 Agent，继续以销毁该 Agent 的 ODP。",
        ],
        _ => ["{0} agents selected", "已选择 {0} 个 Agent"],
    };
    fill(language, both, &[&count.to_string()])
}

/// The check box that selects a group. `picked` of its `count` agents are selected.
#[must_use]
pub fn select_group(group: &str, picked: usize, count: usize, language: Language) -> String {
    fill(
        language,
        [
            "Select all of {0} ({1} of {2} selected)",
            "全选 {0}（已选 {1}/{2}）",
        ],
        &[group, &picked.to_string(), &count.to_string()],
    )
}

/// The problem with a part of the pasted text, and the fix, if one can be applied.
#[must_use]
pub fn problem(problem: &Problem, language: Language) -> Advice {
    let line = problem.line.to_string();
    match problem.kind {
        ProblemKind::Unusable(why) => {
            let advice = address_problem(&why, &problem.text, language);
            let what = fill(
                language,
                ["Line {0}: {1}", "第 {0} 行：{1}"],
                &[&line, &advice.what],
            );
            Advice { what, ..advice }
        }
        ProblemKind::Duplicate(first) => {
            let both = match first {
                Some(_) => [
                    "Line {0}: {1} is already in line {2} and counts once.",
                    "第 {0} 行：{1} 与第 {2} 行重复，只计一次。",
                ],
                None => [
                    "Line {0}: {1} is already selected and counts once.",
                    "第 {0} 行：{1} 已被选择，只计一次。",
                ],
            };
            let first = first.map(|line| line.to_string()).unwrap_or_default();
            Advice {
                what: fill(language, both, &[&line, &problem.text, &first]),
                fix: String::new(),
            }
        }
    }
}

/// The number of problems that are not shown.
#[must_use]
pub fn more_problems(count: usize, language: Language) -> String {
    fill(
        language,
        ["{0} more lines to correct.", "还有 {0} 处需要更正。"],
        &[&count.to_string()],
    )
}

/// The name of the password field of an agent.
#[must_use]
pub fn password_of(address: &str, language: Language) -> String {
    fill(
        language,
        ["Agent password of {0}", "{0} 的 Agent 密码"],
        &[address],
    )
}

/// The number of agents with a password.
#[must_use]
pub fn passwords(given: usize, of: usize, language: Language) -> String {
    fill(
        language,
        ["{0} of {1} passwords entered", "已填写 {0}/{1} 个密码"],
        &[&given.to_string(), &of.to_string()],
    )
}

/// For how many agents there is a password, saved or typed.
#[must_use]
pub fn passwords_for(given: usize, of: usize, language: Language) -> String {
    fill(
        language,
        [
            "Passwords for {0} of {1} agents",
            "{1} 个 Agent 中已有 {0} 个的密码",
        ],
        &[&given.to_string(), &of.to_string()],
    )
}

/// The state of a member, in one or two words.
#[must_use]
pub fn status_text(
    member: &Member,
    display_status: DisplayStatus,
    in_run: bool,
    language: Language,
) -> String {
    let both: Both = match display_status {
        DisplayStatus::SignIn => ["Sign-in required", "待登录"],
        DisplayStatus::Unchecked => ["Waiting for checks", "等待检查"],
        DisplayStatus::Checking => ["Checking", "检查中"],
        DisplayStatus::Waiting if in_run => ["Waiting", "等待中"],
        DisplayStatus::Waiting => ["Ready", "就绪"],
        DisplayStatus::Preparing => ["Preparing", "准备中"],
        DisplayStatus::Sending => ["Sending DELETE", "正在发送 DELETE"],
        DisplayStatus::DeterminingOutcome => ["Checking the outcome", "正在确认结果"],
        DisplayStatus::Task(Progress::Running) => ["Running", "执行中"],
        DisplayStatus::Task(Progress::Waiting) => ["Pending", "等待执行"],
        DisplayStatus::Task(Progress::Cancelling) => ["Cancelling", "正在取消"],
        DisplayStatus::Task(Progress::Done) => ["Verifying", "正在确认"],
        DisplayStatus::Task(Progress::Contradicted) => return task::reported(language).to_owned(),
        DisplayStatus::Task(Progress::Skipped) => ["Skipped", "已跳过"],
        DisplayStatus::Task(Progress::Failed { .. }) => ["Failed", "失败"],
        DisplayStatus::Task(Progress::Cancelled { .. }) => ["Cancelled", "已取消"],
        DisplayStatus::Task(Progress::Unknown) => ["Unknown state", "未知状态"],
        DisplayStatus::LostContact => ["Contact lost", "失去联系"],
        DisplayStatus::Ended => match member.ending() {
            Some(end) => return ending::name(end, language),
            None => ["Ended", "已结束"],
        },
        DisplayStatus::Abandoned => ["Outcome unknown", "结果未知"],
        DisplayStatus::LeftOut(_) => ["Left out", "已排除"],
        DisplayStatus::Stopped => ["Not started", "未执行"],
    };
    say(language, both).to_owned()
}

/// Why a member is excluded.
#[must_use]
pub fn left_out(why: LeftOut, language: Language) -> &'static str {
    let both = match why {
        LeftOut::Person => ["You left this agent out.", "已手动排除。"],
        LeftOut::Unread => [
            "The agent could not be checked.",
            "未能完成对该 Agent 的检查。",
        ],
        LeftOut::Obstacle(Obstacle::ReadOnly) => {
            return FleetLabel::ReadOnly.get(language);
        }
        LeftOut::Obstacle(Obstacle::CheckFailed) => {
            ["A pre-flight check failed.", "存在未通过的预检查。"]
        }
        LeftOut::Obstacle(Obstacle::NothingManaged) => {
            ["This agent manages no ODP.", "该 Agent 未管理 ODP。"]
        }
        LeftOut::NotReady => [
            "The checks had not finished when the run was confirmed.",
            "确认批量任务时，该 Agent 尚未完成检查。",
        ],
    };
    say(language, both)
}

/// The state of the checks of all members.
#[must_use]
pub fn checks(counts: &Counts, language: Language) -> String {
    let part =
        |count: usize, both| (count > 0).then(|| fill(language, both, &[&count.to_string()]));
    let parts = [
        Some(fill(
            language,
            ["{0} of {1} ready", "{0}/{1} 就绪"],
            &[&counts.waiting.to_string(), &counts.members.to_string()],
        )),
        part(counts.unchecked, ["{0} not checked", "{0} 个未检查"]),
        part(counts.left_out, ["{0} left out", "{0} 个已排除"]),
        part(counts.in_progress, ["{0} in progress", "{0} 个执行中"]),
        part(
            counts.destroyed + counts.not_destroyed,
            ["{0} ended", "{0} 个已结束"],
        ),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    parts.join(say(language, [", ", "，"]))
}

/// Which agents the agent book has no password for. Some are named, and the others counted.
#[must_use]
pub fn not_saved(addresses: &[String], language: Language) -> String {
    const MOST_NAMED: usize = 5;
    let named = addresses.iter().take(MOST_NAMED).map(String::as_str);
    let named = named.collect::<Vec<_>>().join(say(language, [", ", "、"]));
    let both = match addresses.len() {
        1 => [
            "The agent book has no password for {0}.",
            "密码本中没有 {0} 的密码。",
        ],
        2..=MOST_NAMED => [
            "The agent book has no password for {1} agents: {0}.",
            "密码本中没有以下 {1} 个 Agent 的密码：{0}。",
        ],
        _ => [
            "The agent book has no password for {1} agents: {0} and others.",
            "密码本中没有以下 {1} 个 Agent 的密码：{0} 等。",
        ],
    };
    fill(language, both, &[&named, &addresses.len().to_string()])
}

/// Why the review is not offered yet.
#[must_use]
pub fn not_reviewable(fleet: &Fleet, language: Language) -> Option<&'static str> {
    let counts = fleet.counts();
    let both = if fleet.can_review() {
        return None;
    } else if counts.unchecked > 0
        && fleet
            .members
            .iter()
            .any(|it| it.status == MemberStatus::Checking)
    {
        ["The checks are running.", "正在执行检查。"]
    } else if fleet.members.iter().any(|it| it.needs_credential()) {
        [
            "No agent is ready. Sign in to the agents to check them.",
            "没有就绪的 Agent。请先登录 Agent 以执行检查。",
        ]
    } else if counts.waiting == 0 {
        [
            "No agent is ready. Resolve the failed checks, then check again.",
            "没有就绪的 Agent。请处理未通过的检查项，然后重新检查。",
        ]
    } else {
        ["The checks are running.", "正在执行检查。"]
    };
    Some(say(language, both))
}

/// The introduction of the review.
#[must_use]
pub fn lead(count: usize, language: Language) -> String {
    let both = match count {
        1 => [
            "Permanently destroy the ODP of 1 agent. This cannot be undone.",
            "将永久销毁 1 个 Agent 的 ODP，此操作不可撤销。",
        ],
        _ => [
            "Permanently destroy the ODPs of {0} agents. This cannot be undone.",
            "将永久销毁 {0} 个 Agent 的 ODP，此操作不可撤销。",
        ],
    };
    fill(language, both, &[&count.to_string()])
}

/// The number of members that are excluded from the confirmation.
#[must_use]
pub fn not_included(count: usize, language: Language) -> String {
    let both = match count {
        1 => ["1 agent is not included.", "另有 1 个 Agent 不在其中。"],
        _ => [
            "{0} agents are not included.",
            "另有 {0} 个 Agent 不在其中。",
        ],
    };
    fill(language, both, &[&count.to_string()])
}

/// The button that destroys: the action and the number of agents.
#[must_use]
pub fn destroy(count: usize, language: Language) -> String {
    let both = match count {
        1 => ["Destroy 1 ODP", "销毁 1 个 ODP"],
        _ => ["Destroy {0} ODPs", "销毁 {0} 个 ODP"],
    };
    fill(language, both, &[&count.to_string()])
}

/// The message when the typed text does not match.
#[must_use]
pub fn mismatch(expected: &str, language: Language) -> String {
    fill(
        language,
        [
            "The text does not match. Type {0} to confirm. Nothing was sent.",
            "输入的内容不一致。请输入 {0} 以确认。尚未发送任何请求。",
        ],
        &[expected],
    )
}

/// The button that opens a member.
#[must_use]
pub fn open(address: &str, language: Language) -> String {
    fill(language, ["Details of {0}", "{0} 的详情"], &[address])
}

/// The accessible name of a button in a row: the action and the agent.
#[must_use]
pub fn act_on(act: &str, address: &str, language: Language) -> String {
    fill(language, ["{0}: {1}", "{0}：{1}"], &[act, address])
}

/// The progress of a run, in one sentence.
#[must_use]
pub fn progress(counts: &Counts, language: Language) -> String {
    let all = counts.members - counts.left_out;
    let mut text = fill(
        language,
        ["{0} of {1} destroyed", "已销毁 {0}/{1}"],
        &[&counts.destroyed.to_string(), &all.to_string()],
    );
    for (count, both) in [
        (counts.in_progress, ["{0} running", "{0} 个执行中"]),
        (
            counts.waiting + counts.unchecked,
            ["{0} waiting", "{0} 个等待中"],
        ),
        (counts.not_destroyed, ["{0} not destroyed", "{0} 个未销毁"]),
        (counts.stopped, ["{0} not started", "{0} 个未执行"]),
    ] {
        if count > 0 {
            text.push_str(say(language, [", ", "，"]));
            text.push_str(&fill(language, both, &[&count.to_string()]));
        }
    }
    text
}

/// The next step of a run. `wait` is the formatted time until the next batch.
#[must_use]
pub fn next(next: NextStep, counts: &Counts, wait: &str, language: Language) -> String {
    let both: Both = match next {
        NextStep::Nothing if counts.in_progress > 0 => [
            "The last agents are in progress.",
            "最后一批 Agent 正在执行。",
        ],
        NextStep::Nothing => return String::new(),
        NextStep::Batch => [
            "The next batch starts when this batch has ended.",
            "本批结束后开始下一批。",
        ],
        NextStep::At(_) => ["The next batch starts in {0}.", "下一批将在{0}后开始。"],
        NextStep::Halted(_) => return String::new(),
    };
    fill(language, both, &[wait])
}

/// Why a run is paused, and the fix.
#[must_use]
pub fn halt(fleet: &Fleet, halt: Halt, language: Language) -> Advice {
    let of = |id| {
        let member = fleet.member(id);
        let address = member.map(|it| it.chosen.address.to_string());
        let end = member.and_then(|it| it.ending());
        let end = end.map_or_else(
            || say(language, ["Outcome unknown", "结果未知"]).to_owned(),
            |end| ending::name(end, language),
        );
        [address.unwrap_or_default(), end]
    };
    let resume: Both = [
        "Resume the run to continue with the waiting agents.",
        "恢复执行后，将继续处理等待中的 Agent。",
    ];
    let (what, fix, [address, end]): (Both, Both, _) = match halt {
        Halt::Person => (["Paused.", "已暂停。"], resume, Default::default()),
        Halt::NotDestroyed(id) => (
            [
                "Paused: {0} ended as \"{1}\".",
                "已暂停：{0} 的结果为“{1}”。",
            ],
            [
                "Open the agent to see what happened. Retry it, or resume the run to continue with the waiting agents.",
                "请打开该 Agent 查看详情。可以重试该 Agent，或恢复执行以继续处理等待中的 Agent。",
            ],
            of(id),
        ),
        Halt::NoCredential(id) => (
            [
                "Paused: the console is not signed in to {0}, the next agent.",
                "已暂停：尚未登录下一个 Agent {0}。",
            ],
            [
                "Sign in, or leave this agent out. Then resume the run.",
                "请登录或排除该 Agent，然后恢复执行。",
            ],
            of(id),
        ),
        Halt::PageLeft => (
            [
                "Paused: leaving the page cleared the passwords.",
                "已暂停：离开页面时已清除密码。",
            ],
            [
                "Sign in again, then resume the run.",
                "请重新登录，然后恢复执行。",
            ],
            Default::default(),
        ),
        Halt::ReadOnly => (
            [
                "Paused: this console is now read-only.",
                "已暂停：本控制台已变为只读模式。",
            ],
            [
                "Tasks in progress continue on their agents.",
                "执行中的任务会在 Agent 上继续。",
            ],
            Default::default(),
        ),
    };
    Advice {
        what: fill(language, what, &[&address, &end]),
        fix: say(language, fix).to_owned(),
    }
}

/// The result of a run, in one sentence.
#[must_use]
pub fn summary(counts: &Counts, language: Language) -> String {
    let all = counts.members - counts.left_out;
    let values = [counts.destroyed.to_string(), all.to_string()];
    let both = if counts.destroyed == all && all > 0 {
        match all {
            1 => ["The ODP was destroyed.", "该 ODP 已销毁。"],
            _ => ["All {1} ODPs were destroyed.", "全部 {1} 个 ODP 已销毁。"],
        }
    } else {
        [
            "{0} of {1} ODPs were destroyed.",
            "{1} 个 ODP 中已销毁 {0} 个。",
        ]
    };
    fill(language, both, &[&values[0], &values[1]])
}

/// The announcement for screen readers when the run changes.
#[must_use]
pub fn announcement(fleet: &Fleet, language: Language) -> String {
    let counts = fleet.counts();
    match fleet.phase {
        Phase::Choose => String::new(),
        Phase::SignIn => agents(counts.members, language),
        Phase::Preflight => [
            FleetLabel::ChecksTitle.get(language),
            ": ",
            &checks(&counts, language),
        ]
        .concat(),
        Phase::Review => lead(counts.waiting, language),
        Phase::Run => {
            let far = progress(&counts, language);
            match fleet.next() {
                NextStep::Halted(why) => {
                    let Advice { what, .. } = halt(fleet, why, language);
                    [&*what, " ", &far].concat()
                }
                _ => far,
            }
        }
        Phase::End => summary(&counts, language),
    }
}

/// The title of the tab.
#[must_use]
pub fn title(fleet: &Fleet, language: Language) -> String {
    let counts = fleet.counts();
    let all = counts.members - counts.left_out;
    let far = |both| {
        fill(
            language,
            both,
            &[&counts.destroyed.to_string(), &all.to_string()],
        )
    };
    let what = match fleet.phase {
        Phase::Choose => return say(language, ["ODP console", "ODP 控制台"]).to_owned(),
        Phase::SignIn => say(language, ["Sign in", "登录"]).to_owned(),
        Phase::Preflight => say(language, ["Checks", "检查"]).to_owned(),
        Phase::Review => say(language, ["Review", "确认"]).to_owned(),
        Phase::Run => match fleet.next() {
            NextStep::Halted(_) => far(["Paused, {0}/{1} destroyed", "已暂停，已销毁 {0}/{1}"]),
            _ => far(["{0}/{1} destroyed…", "已销毁 {0}/{1}…"]),
        },
        Phase::End => far(["{0}/{1} destroyed", "已销毁 {0}/{1}"]),
    };
    format!("{what} · {}", agents(counts.members, language))
}
