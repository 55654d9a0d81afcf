//! Which ODP the agent manages, and how to find out on the host.

use super::fill;
use crate::flow::event::Language;
use crate::obshell::odp::Source;

/// The source of the facts; `when` is the formatted start of the task, empty if it is unknown.
#[must_use]
pub fn source(source: &Source, when: &str, language: Language) -> String {
    let name = source.name.to_string();
    if when.is_empty() {
        return fill(
            language,
            ["From the log of task {0}.", "来自任务 {0} 的日志。"],
            &[&name],
        );
    }
    fill(
        language,
        [
            "From the log of task {0}, {1}.",
            "来自任务 {0}（{1}）的日志。",
        ],
        &[&name, when],
    )
}

/// The message that no task records the ODP, with the command that lists the obproxy processes of a
/// host.
#[must_use]
pub fn unknown(language: Language) -> &'static str {
    match language {
        Language::English => {
            "The agent does not report which ODP it manages. To list the obproxy processes, run this command on the agent's host:\nps -ef | grep '[o]bproxy'"
        }
        Language::Chinese => {
            "Agent 未提供其管理的 ODP 的信息。请在 Agent 所在主机上执行以下命令查看 obproxy 进程：\nps -ef | grep '[o]bproxy'"
        }
    }
}
