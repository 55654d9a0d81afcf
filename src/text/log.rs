//! What the agent's log lines of an ODP task mean (protocol: 3.1).

use super::{Both, say};
use crate::flow::event::Language;

/// Pieces of log lines, and what to say where one is found. The first that fits counts.
const HINTS: [(&str, Both); 12] = [
    (
        "Kill OBProxy process timeout",
        [
            "The process outlived 15 times kill -9. Either the agent's user may not kill it, or it hangs in the kernel (state D), or it is a zombie (state Z) that its parent does not collect. Look at it with ps and remove the cause before the stage runs again.",
            "该进程在 15 次 kill -9 之后仍然存在：agent 的运行用户可能无权结束它，或者它卡在内核态（D 状态），或者是父进程未回收的僵尸进程（Z 状态）。请先用 ps 查看并排除原因，再重新执行该阶段。",
        ],
    ),
    (
        "strconv.Atoi: parsing",
        [
            "run/obproxy.pid under the ODP's home does not hold a number. Write the right process id into it, or remove the file after you have made sure that no obproxy runs.",
            "ODP 主目录下的 run/obproxy.pid 内容不是数字。请写入正确的进程号；如果确认没有 obproxy 在运行，也可以删除该文件。",
        ],
    ),
    (
        "/cwd: permission denied",
        [
            "The process named in run/obproxy.pid belongs to another user, and the agent may not look at it. Check that it is obproxy and end it by hand, or run the agent as that user or as root.",
            "run/obproxy.pid 中的进程属于其他用户，agent 无权查看。请确认它确实是 obproxy 并手动结束，或者用该用户或 root 运行 agent。",
        ],
    ),
    (
        "/cwd: no such file or directory",
        [
            "The process named in run/obproxy.pid was ending or is a zombie when the agent looked. If it stays, let its parent collect it, then run the stage again.",
            "agent 查看时，run/obproxy.pid 中的进程正在退出或已成为僵尸进程。如果它一直存在，请先让其父进程回收，再重新执行该阶段。",
        ],
    ),
    (
        "device or resource busy",
        [
            "The path is a mount point or is in use. Unmount it, then run the stage again.",
            "该路径是挂载点或正被占用。请先卸载，再重新执行该阶段。",
        ],
    ),
    (
        "ermission denied",
        [
            "The agent's user may not change this path. Give it the right, or remove the path by hand.",
            "agent 的运行用户无权修改该路径。请授予权限，或手动删除该路径。",
        ],
    ),
    (
        "operation not permitted",
        [
            "The system forbids this even to the path's owner, often by an immutable flag (lsattr shows it). Lift it, then run the stage again.",
            "系统禁止该操作，常见原因是设置了不可变属性（可用 lsattr 查看）。请解除后重新执行该阶段。",
        ],
    ),
    (
        "read-only file system",
        [
            "The file system is mounted read-only. Mount it writable, then run the stage again.",
            "文件系统以只读方式挂载。请改为可写挂载，再重新执行该阶段。",
        ],
    ),
    (
        "directory not empty",
        [
            "Something writes into this folder while it is removed, perhaps an obproxy that is still running or was started again by obproxyd. End it, then run the stage again.",
            "删除该目录时仍有程序向其中写入，可能是仍在运行或被 obproxyd 重新拉起的 obproxy。请先结束它，再重新执行该阶段。",
        ],
    ),
    (
        "OBProxy.NotBeManaged",
        [
            "The agent managed no ODP when this stage ran; another task may have made it forget the ODP before.",
            "执行该阶段时 agent 没有管理任何 ODP，可能此前已有其他任务将其移除。",
        ],
    ),
    (
        "sub task timeout",
        [
            "The sub task ran for more than 3600 s and the agent gave it up.",
            "子任务执行超过 3600 秒，agent 已放弃等待。",
        ],
    ),
    (
        "sub task cancelled",
        [
            "The task was cancelled while this sub task ran; what it had done by then stays done.",
            "任务在该子任务执行期间被取消，此前已完成的操作不会撤销。",
        ],
    ),
];

/// How many secret values are hidden in a log.
#[must_use]
pub fn hidden_values(count: usize, language: Language) -> String {
    match (language, count) {
        (Language::English, 1) => "1 secret value hidden.".to_owned(),
        (Language::English, _) => format!("{count} secret values hidden."),
        (Language::Chinese, _) => format!("已隐藏 {count} 处敏感信息。"),
    }
}

/// What a log line means and what to do about it, where that is known.
#[must_use]
pub fn log_hint(line: &str, language: Language) -> Option<String> {
    HINTS
        .iter()
        .find(|(piece, _)| line.contains(piece))
        .map(|(_, both)| say(language, *both).to_owned())
}
