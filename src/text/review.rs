//! Texts of the review: the effects of a destroy (protocol: 3.1).

use super::labels::Label;
use super::problem::Advice;
use super::{Both, fill, say};
use crate::flow::event::Language;
use crate::flow::preflight::Obstacle;
use crate::flow::state::Review;

/// A stage of the destroy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageText {
    /// The name of its node, as the agent writes it.
    pub wire_name: &'static str,
    /// The title of the stage.
    pub title: &'static str,
    /// The effect of the stage.
    pub effect: &'static str,
}

const STAGES: [(&str, Both); 4] = [
    (
        "Check obproxy status",
        [
            "The agent checks that it manages an ODP. Nothing is changed.",
            "Agent 检查自身是否管理 ODP，不做任何改动。",
        ],
    ),
    (
        "Stop obproxy",
        [
            "The agent sends kill -9 to the process in run/obproxy.pid under the ODP home. This takes 5 to 75 s if obproxy is running.",
            "Agent 对 ODP 主目录下 run/obproxy.pid 中的进程执行 kill -9。如果 obproxy 正在运行，该阶段耗时 5 到 75 秒。",
        ],
    ),
    (
        "Delete obproxy",
        [
            "The agent deletes its record of the ODP: home, port and passwords. The agent then manages no ODP.",
            "Agent 删除该 ODP 的记录（主目录、端口和密码），此后不再管理 ODP。",
        ],
    ),
    (
        "Clean obproxy dir",
        [
            "The agent removes the folders etc, log, run, bin and lib under the ODP home, in this order. The home folder and its other contents are kept.",
            "Agent 依次删除 ODP 主目录下的 etc、log、run、bin、lib 目录。主目录及其中的其他内容会保留。",
        ],
    ),
];

/// The stages of a destroy, in order.
#[must_use]
pub fn stages(language: Language) -> [StageText; 4] {
    STAGES.map(|(wire_name, effect)| StageText {
        wire_name,
        title: super::task::known_title(wire_name, language).unwrap_or(wire_name),
        effect: say(language, effect),
    })
}

/// The summary at the top of a review: the texts before and after the agent's address.
#[must_use]
pub fn summary(review: &Review, language: Language) -> [&'static str; 2] {
    let manages_none = review.preflight.facts.info.manages_odp == Some(false);
    let [before, after]: [Both; 2] = if manages_none {
        [
            ["Send a destroy request to ", "将向 Agent "],
            [
                ", which reports no managed ODP. An ODP added since then is permanently destroyed.",
                " 发送销毁请求。该 Agent 未报告所管理的 ODP；如果此后新增了 ODP，该 ODP 将被永久销毁。",
            ],
        ]
    } else {
        [
            [
                "Permanently destroy the ODP managed by ",
                "将永久销毁 Agent ",
            ],
            [". This cannot be undone.", " 管理的 ODP，此操作不可撤销。"],
        ]
    };
    [say(language, before), say(language, after)]
}

/// Why the confirmation is not offered, and the fix.
#[must_use]
pub fn obstacle(obstacle: Obstacle, language: Language) -> Advice {
    let (what, fix) = match obstacle {
        Obstacle::ReadOnly => (Label::ReadOnly.get(language), ["", ""]),
        Obstacle::CheckFailed => (
            say(
                language,
                [
                    "The ODP cannot be destroyed while a pre-flight check fails.",
                    "存在未通过的预检查，暂时无法销毁 ODP。",
                ],
            ),
            [
                "Resolve the failed check, then run the checks again. Warnings do not block the destroy.",
                "请处理未通过的检查项，然后重新检查。警告项不影响销毁。",
            ],
        ),
        Obstacle::NothingManaged => (
            say(
                language,
                [
                    "There is nothing to destroy: this agent manages no ODP.",
                    "没有可销毁的 ODP：该 Agent 未管理 ODP。",
                ],
            ),
            [
                "The agent would respond to a destroy request with 204 and do nothing. If an earlier destroy did not finish, look for leftover files on the host.",
                "Agent 对销毁请求会返回 204，不执行任何操作。如果之前的销毁未完成，请在主机上检查残留文件。",
            ],
        ),
    };
    Advice {
        what: what.to_owned(),
        fix: say(language, fix).to_owned(),
    }
}

/// The facts to know before the confirmation.
#[must_use]
pub fn warnings(language: Language) -> [&'static str; 5] {
    [
        [
            "All client sessions through this ODP are dropped immediately (kill -9, no draining).",
            "经过该 ODP 的所有客户端会话会立即中断（kill -9，不等待会话结束）。",
        ],
        [
            "The agent cannot roll this task back, and it keeps no copy of the removed files.",
            "Agent 无法回滚该任务，也不会备份已删除的文件。",
        ],
        [
            "The agent does not check that the process in run/obproxy.pid is obproxy. An outdated PID file can cause another process to be killed.",
            "Agent 不会核对 run/obproxy.pid 中的进程是否为 obproxy。PID 文件过期时，可能误杀其他进程。",
        ],
        [
            "obproxyd is not stopped and may start obproxy again. If obproxyd is running on the host, stop it first.",
            "obproxyd 不会被停止，可能重新拉起 obproxy。如果主机上运行了 obproxyd，请先将其停止。",
        ],
        [
            "If the agent and the ODP share a home folder, the agent's bin and run folders are also removed.",
            "如果 Agent 与 ODP 使用同一主目录，Agent 的 bin 和 run 目录也会被删除。",
        ],
    ]
    .map(|both| say(language, both))
}

/// The button that destroys: the action and its target.
#[must_use]
pub fn destroy(address: &str, language: Language) -> String {
    fill(
        language,
        ["Destroy ODP on {0}", "销毁 {0} 上的 ODP"],
        &[address],
    )
}

/// The message when the typed text is not the agent's address.
#[must_use]
pub fn mismatch(address: &str, language: Language) -> String {
    fill(
        language,
        [
            "The address does not match. Type {0} to confirm. Nothing was sent.",
            "输入的地址不一致。请输入 {0} 以确认。尚未发送任何请求。",
        ],
        &[address],
    )
}
