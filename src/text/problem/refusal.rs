//! What an agent's refusal means, by its kind (protocol: 1.9, 3, 4).

use crate::obshell::error::ErrorKind;
use crate::text::Both;

/// What it means, and the fix; `{0}` is the agent's address, `{1}` its error code.
pub(super) fn words(kind: ErrorKind) -> (Both, Both) {
    match kind {
        ErrorKind::HeaderDecryptFailed => (
            [
                "{0} could not decrypt the request's header: most often its key has changed since it was read.",
                "{0} 无法解密请求头，最常见的原因是读取公钥之后 agent 更换了密钥。",
            ],
            [
                "Connect again to read the new key; if it stays, check that every request reaches the same agent and that no proxy changes X-OCS-Agent-Header.",
                "请重新连接以读取新公钥；如果仍然出现，请检查所有请求是否到达同一个 agent，以及代理是否改动了 X-OCS-Agent-Header。",
            ],
        ),
        ErrorKind::HeaderNotFound => (
            [
                "{0} received the request without the header X-OCS-Agent-Header.",
                "{0} 收到的请求中没有 X-OCS-Agent-Header。",
            ],
            [
                "A proxy dropped it on the way: let it pass the header on unchanged.",
                "该请求头在途中被代理丢弃，请让代理原样转发它。",
            ],
        ),
        ErrorKind::UriMismatch => (
            [
                "The path that {0} received is not the path that was signed.",
                "{0} 收到的路径与签名的路径不一致。",
            ],
            [
                "The reverse proxy rewrites the path: set signedPath (in config.json, or in the page around this console) to \"stripped\" if it removes its prefix, to \"full\" if it keeps it.",
                "反向代理改写了路径：如果它去掉前缀，请将 signedPath（在 config.json 或本控制台所在的页面中）设为 \"stripped\"；如果保留前缀，请设为 \"full\"。",
            ],
        ),
        ErrorKind::Expired => (
            [
                "The header had expired when {0} received it; it lives 60 s by the agent's clock.",
                "{0} 收到请求时请求头已过期；其有效期按 agent 的时钟计为 60 秒。",
            ],
            [
                "Connect again to measure the agent's clock anew; if it stays, check the clock of that host and whether a proxy holds requests back or caches /api/v1/time.",
                "请重新连接以再次校准 agent 的时钟；如果仍然出现，请检查该主机的时钟，以及代理是否延迟请求或缓存了 /api/v1/time。",
            ],
        ),
        ErrorKind::TimestampInvalid => (
            [
                "{0} could not read the expiry time in the header.",
                "{0} 无法识别请求头中的过期时间。",
            ],
            [
                "Check that the clocks of this computer and of the agent's host show the right date, then reload the page.",
                "请检查本机和 agent 所在主机的日期是否正确，然后刷新页面。",
            ],
        ),
        ErrorKind::IncorrectAgentPassword => (
            [
                "{0} does not accept this agent password.",
                "{0} 的 agent 密码不正确。",
            ],
            [
                "Type the agent password of this agent; it is not the password of OceanBase's root user.",
                "请填写这个 agent 自己的 agent 密码，它不是 OceanBase 的 root 密码。",
            ],
        ),
        // The fix has a command in it, so the caller makes it.
        ErrorKind::AgentPasswordNotInitialized => (
            ["{0} has no agent password.", "{0} 尚未设置 agent 密码。"],
            ["Set an agent password.", "请设置 agent 密码。"],
        ),
        ErrorKind::WithAgentPassword => (
            [
                "{0} wants the agent password here and received OceanBase's: its OceanBase has no root password, or a header was changed on the way.",
                "{0} 在此要求 agent 密码，但收到的是 OceanBase 密码：可能其 OceanBase 没有设置 root 密码，或请求头在途中被改动。",
            ],
            [
                "Sign in with the agent password; if you did, check that the proxy passes X-OCS-Agent-Header on and adds no X-OCS-Header of its own.",
                "请使用 agent 密码登录；如果已经使用，请检查代理是否原样转发 X-OCS-Agent-Header，并且没有自行添加 X-OCS-Header。",
            ],
        ),
        ErrorKind::WithOceanBasePassword => (
            [
                "{0} has no agent password; it takes a session that was had with the password of OceanBase's root user.",
                "{0} 没有 agent 密码；它接受以 OceanBase 的 root 密码登录后获得的会话。",
            ],
            ["Set an agent password.", "请设置 agent 密码。"],
        ),
        ErrorKind::IncorrectOceanBasePassword => (
            [
                "{0} did not accept the password of OceanBase's root user.",
                "{0} 没有接受 OceanBase 的 root 密码。",
            ],
            [
                "Use the agent password, or type the password of root@sys again.",
                "请使用 agent 密码，或重新填写 root@sys 的密码。",
            ],
        ),
        ErrorKind::IncorrectToken => (
            [
                "{0} takes tokens of other agents only, as a FOLLOWER does.",
                "{0} 只接受其他 agent 的令牌，这是 FOLLOWER 的行为。",
            ],
            [
                "Let it finish joining its cluster or leave its MASTER, then connect again.",
                "请让它完成加入集群，或脱离其 MASTER，然后重新连接。",
            ],
        ),
        ErrorKind::SessionInvalid => (
            [
                "{0} does not know this session: it was restarted, or a password was changed.",
                "{0} 不认识该会话：agent 可能已重启，或密码已被修改。",
            ],
            [
                "Sign in again, with the OceanBase root password or the agent password.",
                "请使用 OceanBase root 密码或 agent 密码重新登录。",
            ],
        ),
        ErrorKind::SessionExpired => (
            [
                "The session on {0} was not used for too long, by default 30 min, and has ended.",
                "{0} 上的会话因长时间未使用（默认 30 分钟）而过期。",
            ],
            [
                "Sign in again to get a new session.",
                "请重新登录以获取新的会话。",
            ],
        ),
        ErrorKind::BodyKeyInvalid => (
            [
                "{0} found no usable AES key for the request's body in the header.",
                "{0} 在请求头中没有找到可用于解密请求体的 AES 密钥。",
            ],
            [
                "Reload the page and try again; if it stays, check that no proxy replaces X-OCS-Agent-Header.",
                "请刷新页面后重试；如果仍然出现，请检查代理是否替换了 X-OCS-Agent-Header。",
            ],
        ),
        ErrorKind::BodyLengthInvalid => (
            [
                "The encrypted body reached {0} changed or cut short.",
                "加密的请求体到达 {0} 时已被改动或截断。",
            ],
            [
                "Let the proxy pass request bodies on unchanged.",
                "请让代理原样转发请求体。",
            ],
        ),
        ErrorKind::BindJsonFailed => (
            [
                "{0} could not make sense of the request's content.",
                "{0} 无法解析请求内容。",
            ],
            [
                "Check that no proxy changes the request's body, and compare the agent's version with those that this console knows.",
                "请检查代理是否改动了请求体，并核对 agent 版本是否受本控制台支持。",
            ],
        ),
        ErrorKind::PermissionDenied => (
            [
                "The proxy reaches {0} through its Unix socket as a user without the right to it.",
                "代理通过 Unix socket 访问 {0}，但其系统用户没有权限。",
            ],
            [
                "Let the proxy use the agent's TCP port.",
                "请让代理改用 agent 的 TCP 端口。",
            ],
        ),
        ErrorKind::RouteNotFound => (
            ["{0} does not know this route.", "{0} 不支持该接口。"],
            [
                "ODP routes need obshell 4.2.6.0 or later; if the agent is new enough, check the path that the proxy sends to it.",
                "ODP 接口需要 obshell 4.2.6.0 或更高版本；如果版本满足，请检查代理转发的路径。",
            ],
        ),
        ErrorKind::UnderMaintenance => (
            [
                "Another ODP task holds the lock of {0}.",
                "{0} 的运维锁被另一个 ODP 任务占用。",
            ],
            [
                "Follow that task to its end; if it has failed, retry it or mark it as done, which gives the lock back.",
                "请等待该任务结束；如果它已失败，请重试或将其标记为完成，锁随后释放。",
            ],
        ),
        ErrorKind::NotManaged => (
            ["{0} manages no ODP.", "{0} 没有管理任何 ODP。"],
            [
                "Check that this is the agent you mean; if an earlier destroy did not finish, files may remain on the host.",
                "请确认这是目标 agent；如果之前的销毁没有完成，主机上可能还有残留文件。",
            ],
        ),
        ErrorKind::TaskNotFound => (
            ["{0} has no task with this id.", "{0} 上没有该 ID 的任务。"],
            [
                "Check the id and that the task belongs to this agent.",
                "请检查任务 ID，以及该任务是否属于这个 agent。",
            ],
        ),
        ErrorKind::TaskIdInvalid => (
            [
                "{0} does not accept this as a task id.",
                "{0} 认为该任务 ID 格式无效。",
            ],
            [
                "Copy the whole id; it is a long number that begins with 4 or 5 for ODP tasks.",
                "请完整复制任务 ID：ODP 任务的 ID 是以 4 或 5 开头的长数字。",
            ],
        ),
        ErrorKind::TaskCreateFailed => (
            [
                "{0} reports that it could not create the task; that no part of it exists is not certain.",
                "{0} 报告创建任务失败，但不能确定任务完全没有建立。",
            ],
            [
                "Read the agent's message, and look at its tasks before you try again.",
                "请阅读 agent 的报错，并先查看它的任务列表，再决定是否重试。",
            ],
        ),
        ErrorKind::RetryNotFailed => (
            [
                "The task cannot be retried because it has not failed.",
                "任务未失败，不能重试。",
            ],
            [
                "Wait for its end; only a failed task can be retried.",
                "请等待任务结束，只有失败的任务可以重试。",
            ],
        ),
        ErrorKind::CancelFinished => (
            [
                "The task cannot be cancelled because it has ended.",
                "任务已结束，不能取消。",
            ],
            [
                "Look at how it ended; there is nothing left to cancel.",
                "请查看任务的结果，已没有可取消的内容。",
            ],
        ),
        ErrorKind::PassNotFailed => (
            [
                "The task cannot be marked as done because it has not failed.",
                "任务未失败，不能标记为完成。",
            ],
            [
                "Wait for its end; only a failed task can be marked as done.",
                "请等待任务结束，只有失败的任务可以标记为完成。",
            ],
        ),
        ErrorKind::CancelNotAllowed => (
            [
                "The task cannot be cancelled because one of its stages forbids it.",
                "任务中有阶段不允许取消，因此不能取消。",
            ],
            [
                "Follow the task to its end. Some builds of obshell 4.2.6 never cancel an ODP task.",
                "请跟踪任务直到结束。部分 obshell 4.2.6 构建不支持取消 ODP 任务。",
            ],
        ),
        ErrorKind::PassNotAllowed => (
            [
                "The task cannot be marked as done because one of its stages forbids it.",
                "任务中有阶段不允许跳过，因此不能标记为完成。",
            ],
            [
                "Remove the cause of the failure, then retry the task. Some builds of obshell 4.2.6 never mark an ODP task as done.",
                "请排除失败原因后重试任务。部分 obshell 4.2.6 构建不支持将 ODP 任务标记为完成。",
            ],
        ),
        ErrorKind::RollbackNotFailed => (
            [
                "The task cannot be rolled back because it has not failed.",
                "任务未失败，不能回滚。",
            ],
            [
                "Wait for its end; a destroy has no rollback even then.",
                "请等待任务结束；即使失败，销毁任务也不支持回滚。",
            ],
        ),
        ErrorKind::RollbackNotAllowed => (
            [
                "The task cannot be rolled back because one of its stages forbids it.",
                "任务中有阶段不允许回滚，因此不能回滚。",
            ],
            [
                "Retry the task or skip the failed stage; a destroy can never be rolled back.",
                "请重试任务或跳过失败的阶段；销毁任务始终不能回滚。",
            ],
        ),
        ErrorKind::DagOperatorNotSupported => (
            [
                "{0} does not know this operation on a task.",
                "{0} 不支持对任务执行该操作。",
            ],
            [
                "Use retry, cancel or mark as done.",
                "请使用重试、取消或标记为完成。",
            ],
        ),
        ErrorKind::NodePassNotFailedDag => (
            [
                "The stage cannot be skipped because its task has not failed.",
                "任务未失败，不能跳过其中的阶段。",
            ],
            [
                "Wait until the task ends; only then, and only if it failed, can a stage be skipped.",
                "请等待任务结束，只有失败的任务才能跳过阶段。",
            ],
        ),
        ErrorKind::NodePassNotFailed => (
            [
                "The stage cannot be skipped because it is not the one that failed.",
                "该阶段未失败，不能跳过。",
            ],
            ["Choose the failed stage.", "请选择失败的那个阶段。"],
        ),
        ErrorKind::NodeOperatorNotSupported => (
            [
                "{0} does not know this operation on a stage.",
                "{0} 不支持对阶段执行该操作。",
            ],
            [
                "A stage can only be skipped; every other operation is on the whole task.",
                "阶段只能跳过，其他操作须对整个任务执行。",
            ],
        ),
        ErrorKind::Unexpected => (
            [
                "{0} met an error that it did not foresee; if it had begun to act by then, that is not undone.",
                "{0} 遇到非预期错误；如果此前已开始执行，已执行的部分不会撤销。",
            ],
            [
                "Look for the trace id in log_obshell/obshell.log under the agent's home, and at the agent's tasks before you try again.",
                "请在 agent 主目录下的 log_obshell/obshell.log 中查找该 trace id，并先查看 agent 的任务再决定是否重试。",
            ],
        ),
        ErrorKind::Other => (
            [
                "{0} answered with an error that this console does not know ({1}).",
                "{0} 返回了本控制台不认识的错误（{1}）。",
            ],
            [
                "Read the agent's own message, and do not take it for certain that nothing was done.",
                "请阅读 agent 的报错原文，不要认定操作没有执行。",
            ],
        ),
    }
}
