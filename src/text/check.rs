//! Texts of the pre-flight checks.

use super::problem::password_not_set;
use super::{fill, say, task};
use crate::flow::event::Language;
use crate::flow::preflight::{Check, Finding, Verdict};
use crate::flow::state::Facts;
use crate::obshell::dag::{Dag, State};
use crate::obshell::time::ClockOffset;

/// The text of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckText {
    /// The subject of the check.
    pub title: String,
    /// The finding.
    pub detail: String,
    /// The fix, unless the check passed. May end with a command; see
    /// [`split_command`](super::split_command).
    pub fix: Option<String>,
}

/// The word for a verdict.
#[must_use]
pub fn verdict(verdict: Verdict, language: Language) -> &'static str {
    say(
        language,
        match verdict {
            Verdict::Pass => ["Passed", "通过"],
            Verdict::Warn => ["Warning", "警告"],
            Verdict::Fail => ["Failed", "未通过"],
        },
    )
}

/// The number of checks that passed; `all`: there are no other checks.
#[must_use]
pub fn passed(count: usize, all: bool, language: Language) -> String {
    let both = match (count, all) {
        (1, _) => ["{0} check passed", "{0} 项检查通过"],
        (_, true) => ["{0} checks passed", "{0} 项检查全部通过"],
        (_, false) => ["{0} checks passed", "{0} 项检查通过"],
    };
    fill(language, both, &[&count.to_string()])
}

/// The number of checks by verdict, the worst first: "1 failed, 2 warnings, 7 passed".
#[must_use]
pub fn tally(checks: &[Check], language: Language) -> String {
    let of = |verdict| {
        let alike = checks.iter().filter(|check| check.verdict == verdict);
        alike.count()
    };
    let part =
        |count: usize, both| (count > 0).then(|| fill(language, both, &[&count.to_string()]));
    let warned = of(Verdict::Warn);
    let parts = [
        part(of(Verdict::Fail), ["{0} failed", "{0} 项未通过"]),
        part(
            warned,
            if warned == 1 {
                ["{0} warning", "{0} 项警告"]
            } else {
                ["{0} warnings", "{0} 项警告"]
            },
        ),
        part(of(Verdict::Pass), ["{0} passed", "{0} 项通过"]),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    parts.join(say(language, [", ", "，"]))
}

/// The text of a check. `facts` are the facts that the check was computed from.
#[must_use]
pub fn check(check: &Check, facts: &Facts, language: Language) -> CheckText {
    let good = check.verdict == Verdict::Pass;
    let address = facts.address.to_string();
    let put = |both, values: &[&str]| fill(language, both, values);
    let plain = |both| say(language, both).to_owned();
    let (title, detail, fix) = match &check.finding {
        Finding::Reachable { round_trip } => (
            ["Agent reachable", "Agent 连通性"],
            put(
                ["{0} responded in {1} ms.", "{0} 在 {1} 毫秒内响应。"],
                &[&address, &round_trip.to_string()],
            ),
            None,
        ),
        Finding::Version(version) => {
            let version = version.to_string();
            let (detail, fix) = match check.verdict {
                Verdict::Pass => (
                    [
                        "obshell {0}, identity {1}. This version has ODP routes.",
                        "obshell {0}，身份 {1}。该版本支持 ODP 接口。",
                    ],
                    None,
                ),
                Verdict::Warn => (
                    [
                        "Version \"{0}\" cannot be compared with 4.2.6.0, the first version with ODP routes. Identity: {1}.",
                        "版本“{0}”无法与首个支持 ODP 接口的版本 4.2.6.0 比较。身份：{1}。",
                    ],
                    Some([
                        "Check that this build of obshell has ODP routes.",
                        "请确认该 obshell 构建支持 ODP 接口。",
                    ]),
                ),
                Verdict::Fail => (
                    [
                        "obshell {0} has no ODP routes. Identity: {1}.",
                        "obshell {0} 不支持 ODP 接口。身份：{1}。",
                    ],
                    Some([
                        "Upgrade obshell on the host to 4.2.6.0 or later.",
                        "请将该主机上的 obshell 升级到 4.2.6.0 或更高版本。",
                    ]),
                ),
            };
            (
                ["Agent version", "Agent 版本"],
                put(detail, &[&version, &facts.info.identity.to_string()]),
                fix.map(plain),
            )
        }
        Finding::Managed(managed) => {
            let (detail, fix) = match managed {
                Some(true) => (
                    [
                        "The agent manages an ODP.",
                        "该 Agent 管理着一个 ODP。",
                    ],
                    None,
                ),
                Some(false) => (
                    [
                        "The agent manages no ODP.",
                        "该 Agent 未管理 ODP。",
                    ],
                    Some([
                        "Check that this is the agent you mean.",
                        "请确认这是目标 Agent。",
                    ]),
                ),
                None => (
                    [
                        "The agent does not report whether it manages an ODP.",
                        "该 Agent 未报告是否管理 ODP。",
                    ],
                    Some([
                        "Continue only if you know which ODP this agent manages.",
                        "请仅在已确认该 Agent 所管理的 ODP 后继续。",
                    ]),
                ),
            };
            (["Managed ODP", "所管理的 ODP"], plain(detail), fix.map(plain))
        }
        Finding::PasswordSet => {
            let title = ["Agent password", "Agent 密码"];
            if good {
                let detail = match facts.info.password_set {
                    Some(false) => [
                        "No agent password is set. The session in use does not need one.",
                        "未设置 Agent 密码，当前会话不需要该密码。",
                    ],
                    Some(true) => ["An agent password is set.", "已设置 Agent 密码。"],
                    None => [
                        "The agent does not report whether a password is set.",
                        "该 Agent 未报告是否设置了密码。",
                    ],
                };
                (title, plain(detail), None)
            } else {
                let advice = password_not_set(&facts.info.home_path.to_string(), language);
                (title, advice.what, Some(advice.fix))
            }
        }
        Finding::CredentialAccepted => (
            ["Sign-in", "登录"],
            plain([
                "Signed in to the agent.",
                "已登录 Agent。",
            ]),
            None,
        ),
        Finding::SignedPath => (
            ["Request path", "请求路径"],
            plain([
                "The request path reaches the agent as signed.",
                "Agent 收到的请求路径与签名一致。",
            ]),
            None,
        ),
        Finding::Clock { .. } => {
            (
                ["Clock difference", "时钟偏差"],
                clock(facts.clock, language),
                (!good).then(|| {
                    plain([
                        "Requests carry the agent's time, so they are not affected. Synchronize the clocks with NTP: timestamps in logs differ.",
                        "请求使用 Agent 的时间，不受影响。日志时间存在偏差，建议通过 NTP 同步时钟。",
                    ])
                }),
            )
        }
        Finding::Key { bits, fingerprint } => (
            ["Public key", "公钥"],
            put(
                [
                    "RSA, {0} bits, SHA-256 {1}.",
                    "RSA {0} 位，SHA-256 {1}。",
                ],
                &[&bits.to_string(), fingerprint],
            ),
            (!good).then(|| {
                plain([
                    "A key this short can be broken: anyone who records the traffic can recover the password. Connect only over a trusted network. obshell 4.4.2.0 and later use 1024-bit keys.",
                    "该密钥过短，可被破解，截获流量的人可还原密码。请仅通过可信网络访问该 Agent。obshell 4.4.2.0 及以上版本使用 1024 位密钥。",
                ])
            }),
        ),
        Finding::Transport { secure } => (
            ["Transport encryption", "传输加密"],
            plain(if *secure {
                [
                    "Requests leave this browser over HTTPS.",
                    "浏览器通过 HTTPS 发送请求。",
                ]
            } else {
                [
                    "Requests leave this browser over plain HTTP.",
                    "浏览器通过未加密的 HTTP 发送请求。",
                ]
            }),
            (!good).then(|| {
                plain([
                    "The password is encrypted, but anyone on the network path can alter this page or the agent's responses. Use HTTPS.",
                    "密码已加密，但网络中间人可篡改本页面或 Agent 的响应。请使用 HTTPS。",
                ])
            }),
        ),
        Finding::Holder {
            holder: None,
            unread: 1..,
        } => (
            HOLDER,
            plain([
                "Some unfinished tasks of the agent could not be read, so another ODP task may hold the agent's ODP lock.",
                "未能读取 Agent 的全部未结束任务，可能有其他 ODP 任务占用该 Agent 的 ODP 运维锁。",
            ]),
            Some(plain([
                "Run the checks again. While a task holds the lock, the agent refuses the destroy request.",
                "请重新检查。有任务占用该锁时，Agent 会拒绝销毁请求。",
            ])),
        ),
        Finding::Holder { holder: None, .. } => (
            HOLDER,
            plain([
                "No other ODP task holds the agent's ODP lock.",
                "没有其他 ODP 任务占用该 Agent 的 ODP 运维锁。",
            ]),
            None,
        ),
        Finding::Holder {
            holder: Some(dag), ..
        } => (
            HOLDER,
            holder(dag, language),
            Some(say(language, holder_fix(dag)).to_owned()),
        ),
    };
    CheckText {
        title: plain(title),
        detail,
        fix,
    }
}

/// The difference between the agent's clock and the browser's.
#[must_use]
pub fn clock(clock: ClockOffset, language: Language) -> String {
    let ahead = clock.millis;
    let distance = ahead.unsigned_abs();
    let uncertainty = clock.uncertainty.unsigned_abs();
    if distance <= uncertainty.max(100) {
        // The measured difference plus its uncertainty, in seconds.
        let within = (distance + uncertainty).div_ceil(1000).max(1);
        let both = [
            "The agent's clock matches this browser's (within {0} s).",
            "Agent 的时钟与浏览器一致（误差在 {0} 秒以内）。",
        ];
        return fill(language, both, &[&within.to_string()]);
    }
    let both = if ahead > 0 {
        [
            "The agent's clock is {0} s ahead of this browser's.",
            "Agent 的时钟比浏览器快 {0} 秒。",
        ]
    } else {
        [
            "The agent's clock is {0} s behind this browser's.",
            "Agent 的时钟比浏览器慢 {0} 秒。",
        ]
    };
    fill(language, both, &[&seconds(distance)])
}

const HOLDER: super::Both = ["Other ODP tasks", "其他 ODP 任务"];

/// The task that holds the agent's ODP lock, in one sentence.
pub(super) fn holder(dag: &Dag, language: Language) -> String {
    fill(
        language,
        if dag.takes_lock() != Some(true) {
            [
                "Task {0} ({1}) is at stage {2} and may hold the agent's ODP lock: neither its type nor its name shows whether it takes the lock.",
                "任务“{0}”（{1}）处于第 {2} 阶段，可能占用该 Agent 的 ODP 运维锁：其类型和名称均未表明是否占用该锁。",
            ]
        } else if dag.state == State::Failed {
            [
                "Task {0} ({1}) failed at stage {2} and still holds the agent's ODP lock.",
                "任务“{0}”（{1}）在第 {2} 阶段失败，仍占用该 Agent 的 ODP 运维锁。",
            ]
        } else {
            [
                "Task {0} ({1}) is at stage {2}, is not finished, and holds the agent's ODP lock.",
                "任务“{0}”（{1}）处于第 {2} 阶段，尚未结束，占用该 Agent 的 ODP 运维锁。",
            ]
        },
        &[
            &task::dag_title(&dag.name, language),
            dag.id.as_str(),
            &dag.stage.to_string(),
        ],
    )
}

pub(super) fn holder_fix(dag: &Dag) -> super::Both {
    if dag.state == State::Failed && dag.id.is_refused_by_its_agent() {
        [
            "View the task to see why it failed. The agent refuses the IDs of its own tasks, so the task can neither be retried nor marked as done.",
            "请查看任务以确认失败原因。该 Agent 不接受自身任务的 ID，因此无法重试该任务，也无法将其标记为完成。",
        ]
    } else if dag.state == State::Failed {
        [
            "View the task to see why it failed, then retry it or mark it as done to release the lock.",
            "请查看任务以确认失败原因，然后重试该任务，或将其标记为完成以释放锁。",
        ]
    } else {
        [
            "View the task and wait until it ends.",
            "请查看该任务并等待其结束。",
        ]
    }
}

/// Seconds with one decimal below a minute, whole above.
fn seconds(millis: u64) -> String {
    if millis < 60_000 {
        format!("{}.{}", millis / 1000, millis % 1000 / 100)
    } else {
        (millis / 1000).to_string()
    }
}
