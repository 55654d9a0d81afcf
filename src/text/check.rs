//! The checks before a destroy, in words.

use super::problem::password_not_set;
use super::{fill, say, task};
use crate::flow::event::Language;
use crate::flow::preflight::{Check, Finding, Verdict};
use crate::flow::state::Facts;
use crate::obshell::dag::{Dag, State};
use crate::obshell::time::ClockOffset;

/// A check in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckText {
    /// What was checked.
    pub title: String,
    /// What was found.
    pub detail: String,
    /// What to do about it, where it is not as it should be. May end with a command; see
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
            Verdict::Warn => ["Warning", "注意"],
            Verdict::Fail => ["Failed", "未通过"],
        },
    )
}

/// A check in words. `facts` are those that it was made from.
#[must_use]
pub fn check(check: &Check, facts: &Facts, language: Language) -> CheckText {
    let good = check.verdict == Verdict::Pass;
    let address = facts.address.to_string();
    let put = |both, values: &[&str]| fill(language, both, values);
    let plain = |both| say(language, both).to_owned();
    let (title, detail, fix) = match &check.finding {
        Finding::Reachable { round_trip } => (
            ["Agent reachable", "agent 可达"],
            put(
                ["{0} answered within {1} ms.", "{0} 在 {1} 毫秒内响应。"],
                &[&address, &round_trip.to_string()],
            ),
            None,
        ),
        Finding::Version(version) => {
            let version = version.to_string();
            let (detail, fix) = match check.verdict {
                Verdict::Pass => (
                    [
                        "obshell {0}, identity {1}; it has ODP routes.",
                        "obshell {0}，身份 {1}，支持 ODP 接口。",
                    ],
                    None,
                ),
                Verdict::Warn => (
                    [
                        "The version \"{0}\" cannot be compared with 4.2.6.0, the first with ODP routes; identity {1}.",
                        "版本“{0}”无法与首个支持 ODP 接口的 4.2.6.0 比较；身份 {1}。",
                    ],
                    Some([
                        "Make sure that this build of obshell has ODP routes.",
                        "请确认该 obshell 构建支持 ODP 接口。",
                    ]),
                ),
                Verdict::Fail => (
                    [
                        "obshell {0} has no ODP routes; identity {1}.",
                        "obshell {0} 没有 ODP 接口；身份 {1}。",
                    ],
                    Some([
                        "Upgrade obshell on that host to 4.2.6.0 or later.",
                        "请将该主机上的 obshell 升级到 4.2.6.0 或更高版本。",
                    ]),
                ),
            };
            (
                ["Agent version", "agent 版本"],
                put(detail, &[&version, &facts.info.identity.to_string()]),
                fix.map(plain),
            )
        }
        Finding::Managed(managed) => {
            let (detail, fix) = match managed {
                Some(true) => (
                    [
                        "The agent manages an ODP.",
                        "agent 正在管理一个 ODP。",
                    ],
                    None,
                ),
                Some(false) => (
                    [
                        "The agent manages no ODP: it would answer the DELETE with 204 and do nothing.",
                        "agent 没有管理 ODP：它会对 DELETE 返回 204，不执行任何操作。",
                    ],
                    Some([
                        "Check that this is the agent you mean; if an earlier destroy did not finish, look for files that remain on the host.",
                        "请确认这是目标 agent；如果之前的销毁没有完成，请在主机上检查残留文件。",
                    ]),
                ),
                None => (
                    [
                        "The agent does not say whether it manages an ODP.",
                        "agent 没有说明是否在管理 ODP。",
                    ],
                    Some([
                        "Go on only if you know from elsewhere what it manages.",
                        "请仅在通过其他途径确认其管理的 ODP 后继续。",
                    ]),
                ),
            };
            (["Managed ODP", "被管理的 ODP"], plain(detail), fix.map(plain))
        }
        Finding::PasswordSet => {
            let title = ["Agent password", "agent 密码"];
            if good {
                let detail = match facts.info.password_set {
                    Some(false) => [
                        "No agent password is set; the session in use needs none.",
                        "未设置 agent 密码；当前使用的会话不需要它。",
                    ],
                    Some(true) => ["An agent password is set.", "已设置 agent 密码。"],
                    None => [
                        "The agent does not say whether a password is set; it accepted the one given.",
                        "agent 没有说明是否设置了密码，但接受了所填写的密码。",
                    ],
                };
                (title, plain(detail), None)
            } else {
                let advice = password_not_set(&facts.info.home_path, language);
                (title, advice.what, Some(advice.fix))
            }
        }
        Finding::CredentialAccepted => (
            ["Credentials accepted", "凭据有效"],
            plain([
                "The agent accepted the credentials for a read that needs them.",
                "agent 接受了凭据，需要认证的读取请求已成功。",
            ]),
            None,
        ),
        Finding::SignedPath => (
            ["Signed path", "签名路径"],
            plain([
                "The agent received the path as it was signed.",
                "agent 收到的路径与签名一致。",
            ]),
            None,
        ),
        Finding::Clock { .. } => {
            (
                ["Clock difference", "时钟差"],
                clock(facts.clock, language),
                (!good).then(|| {
                    plain([
                        "Requests are signed with the agent's time, so nothing fails by this; set the clocks by NTP, as times in logs differ.",
                        "请求按 agent 的时间签名，不受影响；但日志时间会有偏差，建议用 NTP 校准时钟。",
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
                    "A key this short can be broken: whoever records the traffic can read the password. obshell 4.4.2.0 and later have 1024 bits; reach the agent over a network you trust.",
                    "该密钥过短，可被破解：截获流量的人可能读出密码。obshell 4.4.2.0 起使用 1024 位密钥；请仅通过可信网络访问该 agent。",
                ])
            }),
        ),
        Finding::Transport { secure } => (
            ["Transport", "传输"],
            plain(if *secure {
                [
                    "This browser talks to the site by https.",
                    "浏览器与站点之间使用 HTTPS。",
                ]
            } else {
                [
                    "This browser talks to the site by plain http.",
                    "浏览器与站点之间使用未加密的 HTTP。",
                ]
            }),
            (!good).then(|| {
                plain([
                    "The password is encrypted all the same, but whoever sits in between can change the page or the answers: use https.",
                    "密码仍然是加密的，但中间人可以篡改页面或响应，请使用 HTTPS。",
                ])
            }),
        ),
        Finding::Holder {
            holder: None,
            unread: 1..,
        } => (
            HOLDER,
            plain([
                "Not all unfinished tasks of the agent could be read, so whether an ODP task holds the agent is not known.",
                "未能读取 agent 的全部未结束任务，无法确定是否有 ODP 任务占用该 agent。",
            ]),
            Some(plain([
                "Check again. While a task holds the agent, the agent refuses the DELETE.",
                "请重新检查。如果有任务占用该 agent，它会拒绝 DELETE。",
            ])),
        ),
        Finding::Holder { holder: None, .. } => (
            HOLDER,
            plain([
                "No ODP task holds the agent.",
                "没有 ODP 任务占用该 agent。",
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

/// How far the agent's clock is from the browser's.
#[must_use]
pub fn clock(clock: ClockOffset, language: Language) -> String {
    let ahead = clock.millis;
    let both = match ahead {
        _ if ahead.abs() <= clock.uncertainty.max(100) => [
            "The agent's clock agrees with this browser's, as far as can be measured.",
            "在可测量的精度内，agent 的时钟与浏览器一致。",
        ],
        1.. => [
            "The agent's clock is {0} s ahead of this browser's.",
            "agent 的时钟比浏览器快 {0} 秒。",
        ],
        _ => [
            "The agent's clock is {0} s behind this browser's.",
            "agent 的时钟比浏览器慢 {0} 秒。",
        ],
    };
    fill(language, both, &[&seconds(ahead.unsigned_abs())])
}

const HOLDER: super::Both = ["Other ODP tasks", "其他 ODP 任务"];

/// The task that holds the agent, in one sentence.
pub(super) fn holder(dag: &Dag, language: Language) -> String {
    fill(
        language,
        if dag.takes_lock() != Some(true) {
            [
                "The task {0} ({1}) is at stage {2} and may hold the agent's ODP lock: neither its type nor its name tells.",
                "任务“{0}”（{1}）处于第 {2} 阶段，可能占用 agent 的 ODP 运维锁：其类型和名称均无法说明。",
            ]
        } else if dag.state == State::Failed {
            [
                "The task {0} ({1}) failed at stage {2} and still holds the agent's ODP lock.",
                "任务“{0}”（{1}）在第 {2} 阶段失败，仍占用 agent 的 ODP 运维锁。",
            ]
        } else {
            [
                "The task {0} ({1}) is not finished, at stage {2}, and holds the agent's ODP lock.",
                "任务“{0}”（{1}）尚未结束，处于第 {2} 阶段，占用 agent 的 ODP 运维锁。",
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
            "Open that task to see why it failed. The agent refuses the ids of its own tasks, so the task can neither be retried nor marked as done.",
            "请打开该任务查看失败原因。agent 不接受自身任务的 ID，因此无法重试该任务，也无法将其标记为完成。",
        ]
    } else if dag.state == State::Failed {
        [
            "Open that task to see why it failed; retry it, or mark it as done to give the lock back.",
            "请打开该任务查看失败原因，然后重试，或将其标记为完成以释放锁。",
        ]
    } else {
        ["Follow that task to its end.", "请跟踪该任务直到结束。"]
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
