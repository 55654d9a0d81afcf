//! What a destroy does, for the review before it (protocol: 3.1).

use super::{Both, fill, say};
use crate::flow::event::Language;

/// A stage of the destroy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageText {
    /// The name of its node, as the agent writes it.
    pub wire_name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// What it does.
    pub effect: &'static str,
}

const STAGES: [(&str, Both); 4] = [
    (
        "Check obproxy status",
        [
            "The agent checks that it still manages an ODP. Nothing is changed.",
            "agent 确认自己仍在管理 ODP，不做任何改动。",
        ],
    ),
    (
        "Stop obproxy",
        [
            "The agent sends kill -9 to the process named in run/obproxy.pid under the ODP's home. All sessions through this ODP are cut at once; nothing is drained. This takes from 5 s to 75 s if obproxy runs.",
            "agent 对 ODP 主目录下 run/obproxy.pid 中的进程执行 kill -9。经过该 ODP 的所有会话立即中断，不会等待会话结束。如果 obproxy 在运行，该阶段需要 5 到 75 秒。",
        ],
    ),
    (
        "Delete obproxy",
        [
            "The agent forgets the ODP: its home, its port and its passwords. From then on it manages no ODP.",
            "agent 删除该 ODP 的记录，包括主目录、端口和密码，此后不再管理 ODP。",
        ],
    ),
    (
        "Clean obproxy dir",
        [
            "The agent removes the folders etc, log, run, bin and lib under the ODP's home, in this order. The home itself and everything else in it stay.",
            "agent 依次删除 ODP 主目录下的 etc、log、run、bin、lib 目录。主目录本身及其中的其他内容保留。",
        ],
    ),
];

/// The stages of a destroy in their order.
#[must_use]
pub fn stages(language: Language) -> [StageText; 4] {
    STAGES.map(|(wire_name, effect)| StageText {
        wire_name,
        title: super::task::known_title(wire_name, language).unwrap_or(wire_name),
        effect: say(language, effect),
    })
}

/// What it comes to, in one sentence, for the top of the review.
#[must_use]
pub fn summary(address: &str, language: Language) -> String {
    fill(
        language,
        [
            "The agent {0} will kill its ODP, forget it and remove its folders.",
            "agent {0} 将强制结束它管理的 ODP，删除其记录并清理其目录。",
        ],
        &[address],
    )
}

/// What must be known before.
#[must_use]
pub fn warnings(language: Language) -> [&'static str; 5] {
    [
        [
            "All sessions through this ODP are cut at once by kill -9, without draining.",
            "经过该 ODP 的所有会话会因 kill -9 立即中断，不会等待会话结束。",
        ],
        [
            "There is no way back: the agent cannot roll this task back, and removed files are not kept anywhere.",
            "操作不可逆：agent 无法回滚该任务，已删除的文件也没有备份。",
        ],
        [
            "The agent kills the process in run/obproxy.pid without checking that it is obproxy: an outdated pid file can hit another process.",
            "agent 不会核对 run/obproxy.pid 中的进程是否为 obproxy：pid 文件若已过时，可能误杀其他进程。",
        ],
        [
            "obproxyd is not stopped: if it watches this obproxy, it may start it again. Stop obproxyd on the host first.",
            "obproxyd 不会被停止：如果它在守护该 obproxy，可能将其重新拉起。请先在主机上停止 obproxyd。",
        ],
        [
            "If the agent's own home is the ODP's home, the agent's bin and run folders are removed, too.",
            "如果 agent 自身的主目录就是 ODP 的主目录，agent 的 bin 和 run 目录也会被删除。",
        ],
    ]
    .map(|both| say(language, both))
}

/// What to type to confirm.
#[must_use]
pub fn confirm(address: &str, language: Language) -> String {
    fill(
        language,
        ["To confirm, type {0}.", "请输入 {0} 以确认。"],
        &[address],
    )
}

/// What was typed to confirm is not the agent's address.
#[must_use]
pub fn mismatch(address: &str, language: Language) -> String {
    fill(
        language,
        [
            "This is not the agent's address. Type exactly {0}. Nothing was sent.",
            "输入内容与 agent 地址不一致，请准确输入 {0}。尚未发送任何请求。",
        ],
        &[address],
    )
}
