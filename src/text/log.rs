//! The meaning of the agent's log lines of an ODP task (protocol: 3.1).

use super::{Both, say};
use crate::flow::event::Language;

/// Parts of log lines, each with its meaning. The first match counts.
const HINTS: [(&str, Both); 12] = [
    (
        "Kill OBProxy process timeout",
        [
            "The process survived 15 kill -9 signals. Either the agent's user has no permission to kill it, or it hangs in the kernel (state D), or it is a zombie (state Z) that its parent does not reap. Check it with ps and fix the cause before you retry the stage.",
            "该进程在 15 次 kill -9 之后仍然存在：Agent 的运行用户可能无权结束它，或者它卡在内核态（D 状态），或者是父进程未回收的僵尸进程（Z 状态）。请先用 ps 查看并排除原因，再重新执行该阶段。",
        ],
    ),
    (
        "strconv.Atoi: parsing",
        [
            "run/obproxy.pid under the ODP's home does not hold a number. Write the correct process id into it, or remove the file after you have checked that no obproxy is running.",
            "ODP 主目录下的 run/obproxy.pid 内容不是数字。请写入正确的进程号；如果确认没有 obproxy 在运行，也可以删除该文件。",
        ],
    ),
    (
        "/cwd: permission denied",
        [
            "The process named in run/obproxy.pid belongs to another user, and the agent has no permission to inspect it. Check that it is obproxy and kill it manually, or run the agent as that user or as root.",
            "run/obproxy.pid 中的进程属于其他用户，Agent 无权查看。请确认它确实是 obproxy 并手动结束，或者用该用户或 root 运行 Agent。",
        ],
    ),
    (
        "/cwd: no such file or directory",
        [
            "The process named in run/obproxy.pid was exiting or was a zombie when the agent checked. If it persists, have its parent reap it, then retry the stage.",
            "Agent 查看时，run/obproxy.pid 中的进程正在退出或已成为僵尸进程。如果它一直存在，请先让其父进程回收，再重新执行该阶段。",
        ],
    ),
    (
        "device or resource busy",
        [
            "The path is a mount point or is in use. Unmount it, then retry the stage.",
            "该路径是挂载点或正被占用。请先卸载，再重新执行该阶段。",
        ],
    ),
    (
        "ermission denied",
        [
            "The agent's user has no permission to change this path. Grant the permission, or remove the path manually.",
            "Agent 的运行用户无权修改该路径。请授予权限，或手动删除该路径。",
        ],
    ),
    (
        "operation not permitted",
        [
            "The system forbids this even to the path's owner, often because of an immutable flag (see lsattr). Remove the flag, then retry the stage.",
            "系统禁止该操作，常见原因是设置了不可变属性（可用 lsattr 查看）。请解除后重新执行该阶段。",
        ],
    ),
    (
        "read-only file system",
        [
            "The file system is mounted read-only. Remount it writable, then retry the stage.",
            "文件系统以只读方式挂载。请改为可写挂载，再重新执行该阶段。",
        ],
    ),
    (
        "directory not empty",
        [
            "A process writes to this folder during removal, perhaps an obproxy that is still running or was restarted by obproxyd. Stop it, then retry the stage.",
            "删除该目录时仍有程序向其中写入，可能是仍在运行或被 obproxyd 重新拉起的 obproxy。请先结束它，再重新执行该阶段。",
        ],
    ),
    (
        "OBProxy.NotBeManaged",
        [
            "The agent managed no ODP when this stage ran. An earlier task may have removed the ODP from the agent.",
            "执行该阶段时 Agent 没有管理任何 ODP，可能此前已有其他任务将其移除。",
        ],
    ),
    (
        "sub task timeout",
        [
            "The sub task timed out after 3600 s.",
            "子任务执行超时（3600 秒）。",
        ],
    ),
    (
        "sub task cancelled",
        [
            "The task was cancelled while this sub task was running. Completed changes are not undone.",
            "任务在该子任务执行期间被取消，此前已完成的操作不会撤销。",
        ],
    ),
];

/// The number of secret values that are hidden in a log.
#[must_use]
pub fn hidden_values(count: usize, language: Language) -> String {
    match (language, count) {
        (Language::English, 1) => "1 secret value hidden.".to_owned(),
        (Language::English, _) => format!("{count} secret values hidden."),
        (Language::Chinese, _) => format!("已隐藏 {count} 处敏感信息。"),
    }
}

/// The meaning of a log line and the fix, if known.
#[must_use]
pub fn log_hint(line: &str, language: Language) -> Option<String> {
    HINTS
        .iter()
        .find(|(piece, _)| line.contains(piece))
        .map(|(_, both)| say(language, *both).to_owned())
}
