//! Texts of the endings: what was removed, what is kept, and the next steps.
//!
//! A stage is mentioned only as far as its sub task, its log or `/info` shows it.

mod effects;
mod next;
mod words;

use self::effects::Effects;
use self::words::EndingInputs;
use super::problem::{api_error, cause, failure, own_words};
use super::{Both, check, fill, task};
use crate::flow::ending::{Cause, Ending, Unknown};
use crate::flow::event::Language;
use crate::flow::state::{Contact, Ended, UncertainDelete};
use crate::obshell::dag::proof::Contradiction;
use crate::obshell::dag::{Dag, Operator};
use crate::obshell::error::ApiError;

/// The text of an ending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndingText {
    /// The name of the ending, for the heading.
    pub name: String,
    /// The meaning of the ending, in one sentence.
    pub summary: String,
    /// What was removed and what is kept.
    pub facts: Vec<String>,
    /// The next steps. Each may end with a command; see [`split_command`](super::split_command).
    pub next: Vec<String>,
}

/// The name of an ending.
#[must_use]
pub fn name(ending: &Ending, language: Language) -> String {
    let stage = match ending {
        Ending::Failed { stage, .. } | Ending::Cancelled { stage, .. } => stage.to_string(),
        _ => String::new(),
    };
    let both = match ending {
        Ending::Destroyed => ["Destroyed", "已销毁"],
        Ending::Skipped { .. } => ["Skipped, not destroyed", "已跳过，未销毁"],
        Ending::Failed { .. } => ["Failed at stage {0}", "在第 {0} 阶段失败"],
        Ending::Cancelled { .. } => ["Cancelled at stage {0}", "在第 {0} 阶段取消"],
        Ending::NothingToDestroy => ["Nothing to destroy", "没有可销毁的 ODP"],
        Ending::Refused(_) => ["Refused", "请求被拒绝"],
        Ending::SomeoneElse { .. } => ["Another task is running", "其他任务正在执行"],
        // For a person these are the same ending: nothing was done, and confirming again is safe.
        Ending::NotSent(_) | Ending::NotDone(_) => ["Request not sent", "请求未发送"],
        Ending::OutcomeUnknown(_) => ["Outcome unknown", "结果未知"],
        Ending::OtherTaskDone => ["Task completed", "任务已完成"],
    };
    fill(language, both, &[&stage])
}

/// The text of an ending.
#[must_use]
pub fn ending(ended: &Ended, language: Language) -> EndingText {
    let words = EndingInputs {
        ended,
        address: ended.facts.address.to_string(),
        home: ended.facts.info.home_path.to_string(),
        language,
    };
    let (summary, mut facts, next) = match &ended.ending {
        Ending::Destroyed => words.destroyed(),
        Ending::Skipped { managed } => words.skipped(*managed),
        Ending::Failed { stage, managed } => words.stopped(
            *stage,
            *managed,
            [
                "The task failed at stage {0} of {1}: {2}.",
                "任务在第 {0} 阶段失败（共 {1} 个阶段）：{2}。",
            ],
        ),
        Ending::Cancelled { stage, managed } => words.stopped(
            *stage,
            *managed,
            [
                "The task was cancelled at stage {0} of {1}: {2}. Completed work is not undone.",
                "任务在第 {0} 阶段被取消（共 {1} 个阶段）：{2}。已完成的操作不会撤销。",
            ],
        ),
        Ending::NothingToDestroy => words.nothing(),
        Ending::Refused(error) => words.refused(error),
        Ending::SomeoneElse { error, holder } => words.someone_else(error, holder.as_deref()),
        Ending::NotSent(cause) => {
            let advice = failure(cause, &words.address, language);
            (
                words.put(
                    [
                        "The DELETE request was not sent to {0}, and nothing was done.",
                        "DELETE 请求没有发送到 {0}，未执行任何操作。",
                    ],
                    &[&words.address],
                ),
                vec![advice.what],
                vec![
                    advice.fix,
                    words.say(["Then you can safely try again.", "之后可以安全重试。"]),
                ],
            )
        }
        Ending::NotDone(cause) => words.not_done(cause),
        Ending::OutcomeUnknown(unknown) => words.unknown(unknown),
        Ending::OtherTaskDone => words.other_done(),
    };
    if ended.ending.may_be_revised() {
        facts.extend(words.how_sure());
    }
    let notes = ended.task.as_ref().map(|task| task::notes(task, language));
    facts.extend(notes.into_iter().flatten().map(str::to_owned));
    EndingText {
        name: name(&ended.ending, language),
        summary,
        facts,
        next,
    }
}

/// Until when a DELETE can start a task, and when the agent was last read for one. Both arguments
/// are formatted times.
#[must_use]
pub fn last_check(valid_until: &str, checked_at: &str, language: Language) -> String {
    fill(
        language,
        [
            "The header of the DELETE request is valid until {0}. Last check: {1}.",
            "DELETE 请求头有效期至 {0}；最近一次检查：{1}。",
        ],
        &[valid_until, checked_at],
    )
}

type Parts = (String, Vec<String>, Vec<String>);

impl EndingInputs<'_> {
    fn dag(&self) -> Option<&Dag> {
        self.ended.task.as_ref().map(|task| task.dag.as_ref())
    }

    fn destroyed(&self) -> Parts {
        let mut facts = Vec::new();
        if let Some(dag) = self.dag() {
            let effects = Effects::of(dag);
            facts.push(self.say(effects.stop()));
            facts.push(self.say([
                "The agent deleted its record of the ODP, and /info confirms this.",
                "Agent 已删除该 ODP 的记录，并已通过 /info 确认。",
            ]));
            facts.extend(effects.clean(self.language));
        }
        (
            self.put(
                [
                    "Every stage succeeded, and {0} no longer manages an ODP.",
                    "所有阶段均执行成功，{0} 不再管理 ODP。",
                ],
                &[&self.address],
            ),
            facts,
            vec![
                self.say(next::CHECK_PROCESS),
                self.say([
                    "Remove the ODP's address from load balancers and connection strings, if you have not done so yet.",
                    "如尚未处理，请从负载均衡和连接串中移除该 ODP 的地址。",
                ]),
            ],
        )
    }

    fn skipped(&self, managed: Option<bool>) -> Parts {
        let mut facts = Vec::new();
        let mut summary = [
            "The task ended as done, but some stages were skipped.",
            "任务以完成状态结束，但有阶段被跳过。",
        ];
        if let Some(dag) = self.dag() {
            if dag.operator == Operator::Pass {
                summary = [
                    "The task was marked as done before it was complete. No stage after stage {0} ran.",
                    "任务尚未执行完即被标记为完成，第 {0} 阶段之后的阶段均未执行。",
                ];
            }
            facts.extend(effects::not_run(dag, self.language));
            facts.extend(self.effects(dag, managed));
            if dag.takes_lock() == Some(true) {
                facts.push(self.say([
                    "The agent's ODP lock is released.",
                    "Agent 的 ODP 运维锁已释放。",
                ]));
            }
        }
        let mut next = Vec::new();
        match managed {
            Some(true) => next.push(self.say([
                "To destroy the ODP, start over.",
                "如仍需销毁该 ODP，请重新开始。",
            ])),
            Some(false) => {
                let remain = |dag: &Dag| Effects::of(dag).folders_may_remain();
                if self.dag().is_none_or(remain) {
                    next.push(self.say(next::BY_HAND));
                }
            }
            None => next.push(self.info_by_hand()),
        }
        next.push(self.say(next::CHECK_PROCESS));
        let stage = self.dag().map_or(0, |dag| dag.stage);
        (self.put(summary, &[&stage.to_string()]), facts, next)
    }

    /// The parts of a failed or cancelled ending.
    fn stopped(&self, stage: usize, managed: Option<bool>, summary: Both) -> Parts {
        let Some(dag) = self.dag() else {
            return (
                self.put(summary, &[&stage.to_string(), "?", "?"]),
                vec![self.managed(managed)],
                vec![self.info_by_hand()],
            );
        };
        let title = dag.node(stage).map_or_else(
            || "?".to_owned(),
            |node| task::stage_title(&node.name, self.language),
        );
        let summary = self.put(
            summary,
            &[&stage.to_string(), &dag.max_stage.to_string(), &title],
        );
        let mut facts = Vec::new();
        if stage == 1 && dag.is_delete() {
            facts.push(self.say([
                "This task changed nothing: its first stage only checks.",
                "该任务未做任何改动：第 1 阶段仅执行检查。",
            ]));
        }
        if stage != 1 || !dag.is_delete() {
            facts.extend(self.effects(dag, managed));
        } else {
            facts.push(self.managed(managed));
        }
        facts.extend(effects::lock(dag, stage).map(|both| self.say(both)));
        (summary, facts, self.after_stop(dag, stage, managed))
    }

    /// The effects of a destroy, part by part; for another task, the statement of `/info`.
    fn effects(&self, dag: &Dag, managed: Option<bool>) -> Vec<String> {
        if !dag.is_delete() {
            return vec![
                self.put(
                    [
                        "This task ({0}) is not a destroy task.",
                        "该任务（{0}）不是销毁任务。",
                    ],
                    &[&task::dag_title(&dag.name, self.language)],
                ),
                self.managed(managed),
            ];
        }
        let effects = Effects::of(dag);
        let mut facts = vec![self.say(effects.stop()), self.say(effects.forget(managed))];
        facts.extend(effects.clean(self.language));
        facts
    }

    fn managed(&self, managed: Option<bool>) -> String {
        self.say(match managed {
            Some(true) => effects::MANAGED,
            Some(false) => effects::NOT_MANAGED,
            None => [
                "It is unknown whether the agent manages an ODP now: /info did not report it.",
                "无法从 /info 确认 Agent 当前是否管理 ODP。",
            ],
        })
    }

    fn nothing(&self) -> Parts {
        let summary = if self.is_over() {
            [
                "{0} manages no ODP. It returned 204 and did nothing.",
                "{0} 没有管理 ODP：它返回 204，未执行任何操作。",
            ]
        } else {
            [
                "{0} manages no ODP and returned 204. The DELETE request has started no task so far.",
                "{0} 没有管理 ODP，返回 204。目前该 DELETE 请求没有发起任务。",
            ]
        };
        (
            self.put(summary, &[&self.address]),
            vec![
                self.say([
                    "This does not mean that an ODP was removed, only that the agent has no record of one.",
                    "这并不表示 ODP 已被删除，仅说明 Agent 没有 ODP 的记录。",
                ]),
                self.say([
                    "After an incomplete destroy, the folders etc, log, run, bin and lib may remain under the ODP's home, and obproxy may still be running.",
                    "如果之前的销毁没有完成，ODP 主目录下的 etc、log、run、bin、lib 可能仍有残留，obproxy 也可能仍在运行。",
                ]),
            ],
            vec![
                self.put(
                    [
                        "Check that {0} is the intended agent.",
                        "请确认 {0} 是目标 Agent。",
                    ],
                    &[&self.address],
                ),
                self.say(next::CHECK_PROCESS),
                self.say(next::BY_HAND),
            ],
        )
    }

    fn refused(&self, error: &ApiError) -> Parts {
        let advice = api_error(error, &self.address, self.language);
        let certain = error.kind.proves_nothing_was_done();
        let summary = if certain && self.is_over() {
            [
                "{0} refused the request, and nothing was done.",
                "{0} 拒绝了请求，未执行任何操作。",
            ]
        } else if certain {
            [
                "{0} refused the request. The DELETE request has started no task so far.",
                "{0} 拒绝了请求。目前该 DELETE 请求没有发起任务。",
            ]
        } else {
            [
                "{0} returned an error for the request.",
                "{0} 对请求返回了错误。",
            ]
        };
        (
            self.put(summary, &[&self.address]),
            vec![advice.what, own_words(error, self.language)],
            vec![advice.fix],
        )
    }

    fn someone_else(&self, error: &ApiError, holder: Option<&Dag>) -> Parts {
        let mut facts = Vec::new();
        let mut next = Vec::new();
        match holder {
            Some(dag) => {
                facts.push(check::holder(dag, self.language));
                next.push(self.say(check::holder_fix(dag)));
            }
            None => {
                facts.push(self.say([
                    "The agent's task list shows no task that holds the lock. The task may have ended.",
                    "Agent 的任务列表中没有占用运维锁的任务，该任务可能已经结束。",
                ]));
                next.push(self.say([
                    "Start over. The checks show whether the agent is free.",
                    "请重新开始，检查项会显示 Agent 当前是否空闲。",
                ]));
            }
        }
        facts.push(own_words(error, self.language));
        let summary = if self.is_over() {
            [
                "Another task holds the ODP lock of {0}. The agent refused the DELETE request, which did nothing.",
                "{0} 的 ODP 运维锁被其他任务占用，Agent 拒绝了 DELETE 请求，该请求未执行任何操作。",
            ]
        } else {
            [
                "Another task holds the ODP lock of {0}. The agent refused the DELETE request, which has started no task so far.",
                "{0} 的 ODP 运维锁被其他任务占用，Agent 拒绝了 DELETE 请求。目前该请求没有发起任务。",
            ]
        };
        (self.put(summary, &[&self.address]), facts, next)
    }

    /// Whether the agent was read after the DELETE had expired.
    fn is_over(&self) -> bool {
        let uncertain_delete = self.ended.uncertain_delete.as_ref();
        uncertain_delete.is_some_and(|uncertain| uncertain.expired)
    }

    /// How certain it is that a sent DELETE started no task, and whether this is still being
    /// checked.
    fn how_sure(&self) -> [String; 2] {
        let sure = if self.is_over() {
            [
                "The console read the agent's tasks after the header of the DELETE request had expired: the request had started no task. A task can still appear only if the agent hung while it recorded the task.",
                "DELETE 请求头过期后已读取 Agent 的任务：该请求没有发起任务。仅当 Agent 在记录任务时卡住，任务才可能在之后出现。",
            ]
        } else {
            [
                "A browser can send a request twice. Until the header of the DELETE request expires, another copy of the request can still start a task.",
                "浏览器可能会重复发送同一请求。在 DELETE 请求头过期之前，该请求的另一份副本仍可能发起任务。",
            ]
        };
        let checks =
            |uncertain: &UncertainDelete| !matches!(uncertain.contact, Contact::Unauthenticated(_));
        let uncertain_delete = if self.ended.uncertain_delete.as_deref().is_some_and(checks) {
            [
                "While this page is open, the console checks the agent's tasks and shows the task if one appears.",
                "本页面打开期间，控制台会持续检查 Agent 的任务，并在任务出现时显示该任务。",
            ]
        } else {
            [
                "The console no longer checks the agent's tasks, because the agent no longer accepts the password or session.",
                "Agent 不再接受该密码或会话，控制台已停止检查 Agent 的任务。",
            ]
        };
        [self.say(sure), self.say(uncertain_delete)]
    }

    fn not_done(&self, why: &Cause) -> Parts {
        let summary = if self.is_over() {
            [
                "As of the last check, {0} has not acted on the DELETE request and no longer accepts it: nothing was done.",
                "截至最近一次检查，{0} 没有执行该 DELETE 请求，且不再接受该请求：未做任何改动。",
            ]
        } else {
            [
                "As of the last check, {0} has not acted on the DELETE request, which has started no task so far.",
                "截至最近一次检查，{0} 没有执行该 DELETE 请求，目前该请求没有发起任务。",
            ]
        };
        (
            self.put(summary, &[&self.address]),
            vec![cause(why, &self.address, self.language).what],
            vec![self.say([
                "Run the checks again, then review and confirm. The console does not resend the request automatically.",
                "请重新检查，然后再次确认销毁。控制台不会自动重新发送请求。",
            ])],
        )
    }

    fn unknown(&self, unknown: &Unknown) -> Parts {
        match unknown {
            Unknown::Answer(why) => {
                let advice = cause(why, &self.address, self.language);
                (
                    self.put(
                        [
                            "The DELETE request may have reached {0}, but its outcome could not be determined.",
                            "DELETE 请求可能已到达 {0}，但无法确定结果。",
                        ],
                        &[&self.address],
                    ),
                    vec![
                        advice.what,
                        self.say([
                            "The agent may be destroying the ODP now, may have finished, or may have done nothing.",
                            "Agent 可能正在销毁 ODP，可能已执行完毕，也可能未执行任何操作。",
                        ]),
                        self.say([
                            "The console does not resend the request automatically.",
                            "控制台不会自动重新发送请求。",
                        ]),
                    ],
                    vec![
                        self.say([
                            "Start over. The checks show whether a task is still in progress and whether the agent manages an ODP.",
                            "请重新开始，检查项会显示是否有任务仍在执行，以及 Agent 是否仍管理 ODP。",
                        ]),
                        self.newest_task_by_hand(),
                        advice.fix,
                    ],
                )
            }
            Unknown::Forgotten => {
                let mut facts = vec![self.say([
                    "The agent was most likely reinstalled, or its data was restored from elsewhere.",
                    "Agent 很可能被重新安装，或其数据是从其他位置恢复的。",
                ])];
                facts.extend(self.dag().map(|dag| {
                    let progress = task::progress(dag, self.language);
                    self.put(
                        [
                            "Last known state of the task: {0}",
                            "任务的最近已知状态：{0}",
                        ],
                        &[&progress],
                    )
                }));
                (
                    self.put(
                        [
                            "{0} responds, but its task records are gone. The outcome is unknown.",
                            "{0} 有响应，但原有的任务记录已不存在，结果未知。",
                        ],
                        &[&self.address],
                    ),
                    facts,
                    vec![
                        self.info_by_hand(),
                        self.say(next::CHECK_PROCESS),
                        self.say(next::BY_HAND),
                    ],
                )
            }
            Unknown::StillManaged => {
                // An agent that does not report this counts as contradicting the success.
                let managed = self.ended.facts.info.manages_odp;
                let facts = self
                    .dag()
                    .map(|dag| self.effects(dag, managed))
                    .unwrap_or_default();
                let summary = if managed == Some(true) {
                    [
                        "The task reports success, but {0} still manages an ODP.",
                        "任务报告成功，但 {0} 仍在管理 ODP。",
                    ]
                } else {
                    [
                        "The task reports success, but {0} does not confirm that it no longer manages an ODP.",
                        "任务报告成功，但无法从 {0} 确认其不再管理 ODP。",
                    ]
                };
                (
                    self.put(summary, &[&self.address]),
                    facts,
                    vec![self.info_by_hand(), self.say(next::CHECK_PROCESS)],
                )
            }
            Unknown::Contradicted {
                contradiction,
                managed,
            } => self.contradicted(contradiction, *managed),
        }
    }

    /// The parts for a task that reports a success which its stages contradict.
    fn contradicted(&self, contradiction: &Contradiction, managed: Option<bool>) -> Parts {
        let mut facts = Vec::new();
        if let Some(dag) = self.dag() {
            facts.extend(self.against(dag, contradiction));
            facts.extend(self.effects(dag, managed));
        }
        (
            self.put(
                [
                    "{0} reports that the task succeeded, but the task's stages do not show it.",
                    "{0} 报告任务成功，但各阶段的状态与此不符。",
                ],
                &[&self.address],
            ),
            facts,
            vec![
                self.info_by_hand(),
                self.say(next::CHECK_PROCESS),
                self.say(next::BY_HAND),
            ],
        )
    }

    /// The contradictions of a success, stage by stage.
    fn against(&self, dag: &Dag, contradiction: &Contradiction) -> Vec<String> {
        let stages = match contradiction {
            Contradiction::NoDetails => {
                return vec![self.say([
                    "The agent did not list every stage and sub task, so nothing shows that each of them ran.",
                    "Agent 没有列出全部阶段和子任务，无法确认其均已执行。",
                ])];
            }
            // The notes on the task already mention this.
            Contradiction::Unreadable => return Vec::new(),
            Contradiction::Stages { in_answer } => {
                return vec![self.put(
                    [
                        "The task ended at stage {0} of {1}, and the agent listed {2} stages.",
                        "任务在第 {0} 阶段结束（共 {1} 个阶段），Agent 列出了 {2} 个阶段。",
                    ],
                    &[
                        &dag.stage.to_string(),
                        &dag.max_stage.to_string(),
                        &in_answer.to_string(),
                    ],
                )];
            }
            Contradiction::NotSucceeded(stages) => stages,
        };
        let found = stages.iter().filter_map(|stage| dag.node(*stage));
        found
            .map(|node| {
                let status = |state, by| task::status(state, by, self.language);
                let sub_tasks = node.sub_tasks.iter().flatten();
                let sub_tasks: Vec<_> = sub_tasks
                    .map(|sub_task| status(&sub_task.state, &sub_task.operator))
                    .collect();
                let both = if sub_tasks.is_empty() {
                    ["Stage {0} ({1}): {2}.", "第 {0} 阶段（{1}）：{2}。"]
                } else {
                    [
                        "Stage {0} ({1}): {2}; its sub task: {3}.",
                        "第 {0} 阶段（{1}）：{2}；其子任务：{3}。",
                    ]
                };
                self.put(
                    both,
                    &[
                        &node.number.to_string(),
                        &task::stage_title(&node.name, self.language),
                        &status(&node.state, &node.operator),
                        &sub_tasks.join(&self.say([", ", "、"])),
                    ],
                )
            })
            .collect()
    }

    fn other_done(&self) -> Parts {
        let title = self
            .dag()
            .map(|dag| task::dag_title(&dag.name, self.language))
            .unwrap_or_default();
        (
            self.put(
                ["The task succeeded: {0}.", "任务执行成功：{0}。"],
                &[&title],
            ),
            vec![self.say([
                "This task is not a destroy task: it removed no ODP.",
                "该任务不是销毁任务，没有删除任何 ODP。",
            ])],
            vec![self.say([
                "To destroy the ODP, start over. The checks show whether the agent is free.",
                "如需销毁 ODP，请重新开始，检查项会显示 Agent 是否空闲。",
            ])],
        )
    }
}
