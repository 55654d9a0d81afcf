//! The meaning of an agent's refusal, by its kind (protocol: 1.9, 3, 4).

use crate::obshell::error::ErrorKind;
use crate::text::Both;

/// The meaning and the fix; `{0}` is the agent's address, `{1}` its error code.
pub(super) fn words(kind: ErrorKind) -> (Both, Both) {
    match kind {
        ErrorKind::HeaderDecryptFailed => (
            [
                "{0} could not decrypt the request header. The usual cause is that the agent's key has changed.",
                "{0} 无法解密请求头，通常是因为 Agent 的密钥已更换。",
            ],
            [
                "Connect again to read the new key. If the error persists, check that every request reaches the same agent and that no proxy changes X-OCS-Agent-Header.",
                "请重新连接以读取新公钥；如果仍然出现，请检查所有请求是否到达同一个 Agent，以及代理是否改动了 X-OCS-Agent-Header。",
            ],
        ),
        ErrorKind::HeaderNotFound => (
            [
                "{0} received the request without the header X-OCS-Agent-Header.",
                "{0} 收到的请求中没有 X-OCS-Agent-Header。",
            ],
            [
                "A proxy dropped the header. Configure the proxy to forward it unchanged.",
                "该请求头在途中被代理丢弃，请让代理原样转发它。",
            ],
        ),
        ErrorKind::UriMismatch => (
            [
                "The path that {0} received is not the path that was signed.",
                "{0} 收到的路径与签名的路径不一致。",
            ],
            [
                "The reverse proxy rewrites the path. Set signedPath (in config.json, or in the page that embeds this console) to \"stripped\" if it removes its prefix, to \"full\" if it keeps it.",
                "反向代理改写了路径：如果它去掉前缀，请将 signedPath（在 config.json 或本控制台所在的页面中）设为 \"stripped\"；如果保留前缀，请设为 \"full\"。",
            ],
        ),
        ErrorKind::Expired => (
            [
                "The request header had expired when {0} received it.",
                "{0} 收到请求时请求头已过期。",
            ],
            [
                "Connect again to measure the agent's clock. If the error persists, check the clock of that host and whether a proxy delays requests or caches /api/v1/time.",
                "请重新连接以再次校准 Agent 的时钟；如果仍然出现，请检查该主机的时钟，以及代理是否延迟请求或缓存了 /api/v1/time。",
            ],
        ),
        ErrorKind::TimestampInvalid => (
            [
                "{0} could not read the expiry time in the header.",
                "{0} 无法识别请求头中的过期时间。",
            ],
            [
                "Check the date on this computer and on the agent's host, then reload the page.",
                "请检查本机和 Agent 所在主机的日期是否正确，然后刷新页面。",
            ],
        ),
        ErrorKind::IncorrectAgentPassword => (
            [
                "{0} does not accept this agent password.",
                "{0} 的 Agent 密码不正确。",
            ],
            [
                "Type the agent password of this agent, not the password of OceanBase's root user.",
                "请填写这个 Agent 自己的 Agent 密码，它不是 OceanBase 的 root 密码。",
            ],
        ),
        // The fix contains a command, so the caller creates it.
        ErrorKind::AgentPasswordNotInitialized => (
            ["{0} has no agent password.", "{0} 尚未设置 Agent 密码。"],
            ["Set an agent password.", "请设置 Agent 密码。"],
        ),
        ErrorKind::WithAgentPassword => (
            [
                "{0} requires the agent password and received the OceanBase password. Either its OceanBase has no root password, or a proxy changed a header.",
                "{0} 在此要求 Agent 密码，但收到的是 OceanBase 密码：可能其 OceanBase 没有设置 root 密码，或请求头在途中被改动。",
            ],
            [
                "Sign in with the agent password. If you did, check that the proxy forwards X-OCS-Agent-Header and does not add X-OCS-Header.",
                "请使用 Agent 密码登录；如果已经使用，请检查代理是否原样转发 X-OCS-Agent-Header，并且没有自行添加 X-OCS-Header。",
            ],
        ),
        ErrorKind::WithOceanBasePassword => (
            [
                "{0} has no agent password. It accepts a session obtained with the password of OceanBase's root user.",
                "{0} 没有 Agent 密码；它接受以 OceanBase 的 root 密码登录后获得的会话。",
            ],
            ["Set an agent password.", "请设置 Agent 密码。"],
        ),
        ErrorKind::IncorrectOceanBasePassword => (
            [
                "{0} did not accept the password of OceanBase's root user.",
                "{0} 没有接受 OceanBase 的 root 密码。",
            ],
            [
                "Use the agent password, or type the password of root@sys again.",
                "请使用 Agent 密码，或重新填写 root@sys 的密码。",
            ],
        ),
        ErrorKind::IncorrectToken => (
            [
                "{0} accepts only tokens of other agents, as a FOLLOWER does.",
                "{0} 只接受其他 Agent 的令牌，这是 FOLLOWER 的行为。",
            ],
            [
                "Wait until it has joined its cluster or left its MASTER, then connect again.",
                "请让它完成加入集群，或脱离其 MASTER，然后重新连接。",
            ],
        ),
        ErrorKind::SessionInvalid => (
            [
                "{0} does not recognise this session: the agent may have restarted, or a password may have changed.",
                "{0} 不认识该会话：Agent 可能已重启，或密码已被修改。",
            ],
            [
                "Sign in again, with the OceanBase root password or the agent password.",
                "请使用 OceanBase root 密码或 Agent 密码重新登录。",
            ],
        ),
        ErrorKind::SessionExpired => (
            [
                "The session on {0} expired after a period without use (30 min by default).",
                "{0} 上的会话因长时间未使用（默认 30 分钟）而过期。",
            ],
            ["Sign in again.", "请重新登录以获取新的会话。"],
        ),
        ErrorKind::BodyKeyInvalid => (
            [
                "{0} found no usable AES key for the request's body in the header.",
                "{0} 在请求头中没有找到可用于解密请求体的 AES 密钥。",
            ],
            [
                "Reload the page and try again. If the error persists, check that no proxy replaces X-OCS-Agent-Header.",
                "请刷新页面后重试；如果仍然出现，请检查代理是否替换了 X-OCS-Agent-Header。",
            ],
        ),
        ErrorKind::BodyLengthInvalid => (
            [
                "The encrypted request body was altered or truncated before it reached {0}.",
                "加密的请求体到达 {0} 时已被改动或截断。",
            ],
            [
                "Configure the proxy to forward request bodies unchanged.",
                "请让代理原样转发请求体。",
            ],
        ),
        ErrorKind::BindJsonFailed => (
            ["{0} could not parse the request.", "{0} 无法解析请求内容。"],
            [
                "Check that no proxy changes the request body, and that this console supports the agent's version.",
                "请检查代理是否改动了请求体，并核对 Agent 版本是否受本控制台支持。",
            ],
        ),
        ErrorKind::PermissionDenied => (
            [
                "The proxy uses the Unix socket of {0} as a user without permission.",
                "代理通过 Unix socket 访问 {0}，但其系统用户没有权限。",
            ],
            [
                "Configure the proxy to use the agent's TCP port.",
                "请让代理改用 Agent 的 TCP 端口。",
            ],
        ),
        ErrorKind::RouteNotFound => (
            ["{0} does not support this route.", "{0} 不支持该接口。"],
            [
                "ODP routes require obshell 4.2.6.0 or later. If the version is sufficient, check the path that the proxy forwards.",
                "ODP 接口需要 obshell 4.2.6.0 或更高版本；如果版本满足，请检查代理转发的路径。",
            ],
        ),
        ErrorKind::UnderMaintenance => (
            [
                "Another ODP task holds the lock of {0}.",
                "{0} 的运维锁被另一个 ODP 任务占用。",
            ],
            [
                "Wait for that task to end. If it has failed, retry it or mark it as done to release the lock.",
                "请等待该任务结束；如果它已失败，请重试或将其标记为完成，锁随后释放。",
            ],
        ),
        ErrorKind::NotManaged => (
            ["{0} manages no ODP.", "{0} 没有管理任何 ODP。"],
            [
                "Check that this is the intended agent. If an earlier destroy did not finish, files may remain on the host.",
                "请确认这是目标 Agent；如果之前的销毁没有完成，主机上可能还有残留文件。",
            ],
        ),
        ErrorKind::TaskNotFound => (
            ["{0} has no task with this id.", "{0} 上没有该 ID 的任务。"],
            [
                "Check the id and that the task belongs to this agent.",
                "请检查任务 ID，以及该任务是否属于这个 Agent。",
            ],
        ),
        ErrorKind::TaskIdInvalid => (
            [
                "{0} does not accept this task id.",
                "{0} 认为该任务 ID 格式无效。",
            ],
            [
                "Copy the whole id. The id of an ODP task is a long number that begins with 4 or 5.",
                "请完整复制任务 ID：ODP 任务的 ID 是以 4 或 5 开头的长数字。",
            ],
        ),
        ErrorKind::TaskCreateFailed => (
            [
                "{0} reports that it could not create the task. Parts of the task may exist.",
                "{0} 报告创建任务失败，任务可能已部分创建。",
            ],
            [
                "Read the agent's message, and check its tasks before you try again.",
                "请阅读 Agent 的报错，并先查看它的任务列表，再决定是否重试。",
            ],
        ),
        ErrorKind::RetryNotFailed => (
            [
                "The task cannot be retried because it has not failed.",
                "任务未失败，不能重试。",
            ],
            [
                "Wait for the task to end. Only a failed task can be retried.",
                "请等待任务结束，只有失败的任务可以重试。",
            ],
        ),
        ErrorKind::CancelFinished => (
            [
                "The task cannot be cancelled because it has ended.",
                "任务已结束，不能取消。",
            ],
            [
                "Check the result of the task. Nothing is left to cancel.",
                "请查看任务的结果，已没有可取消的内容。",
            ],
        ),
        ErrorKind::PassNotFailed => (
            [
                "The task cannot be marked as done because it has not failed.",
                "任务未失败，不能标记为完成。",
            ],
            [
                "Wait for the task to end. Only a failed task can be marked as done.",
                "请等待任务结束，只有失败的任务可以标记为完成。",
            ],
        ),
        ErrorKind::CancelNotAllowed => (
            [
                "The task cannot be cancelled because one of its stages forbids it.",
                "任务中有阶段不允许取消，因此不能取消。",
            ],
            [
                "Wait for the task to end. Some builds of obshell 4.2.6 never cancel an ODP task.",
                "请等待任务结束。部分 obshell 4.2.6 构建不支持取消 ODP 任务。",
            ],
        ),
        ErrorKind::PassNotAllowed => (
            [
                "The task cannot be marked as done because one of its stages forbids it.",
                "任务中有阶段不允许跳过，因此不能标记为完成。",
            ],
            [
                "Fix the cause of the failure, then retry the task. Some builds of obshell 4.2.6 never mark an ODP task as done.",
                "请排除失败原因后重试任务。部分 obshell 4.2.6 构建不支持将 ODP 任务标记为完成。",
            ],
        ),
        ErrorKind::RollbackNotFailed => (
            [
                "The task cannot be rolled back because it has not failed.",
                "任务未失败，不能回滚。",
            ],
            [
                "Wait for the task to end. A destroy cannot be rolled back, even after a failure.",
                "请等待任务结束；即使失败，销毁任务也不支持回滚。",
            ],
        ),
        ErrorKind::RollbackNotAllowed => (
            [
                "The task cannot be rolled back because one of its stages forbids it.",
                "任务中有阶段不允许回滚，因此不能回滚。",
            ],
            [
                "Retry the task or skip the failed stage. A destroy can never be rolled back.",
                "请重试任务或跳过失败的阶段；销毁任务始终不能回滚。",
            ],
        ),
        ErrorKind::DagOperatorNotSupported => (
            [
                "{0} does not support this operation on a task.",
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
                "Wait for the task to end. A stage can be skipped only in a failed task.",
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
                "{0} does not support this operation on a stage.",
                "{0} 不支持对阶段执行该操作。",
            ],
            [
                "A stage can only be skipped. Other operations apply to the whole task.",
                "阶段只能跳过，其他操作须对整个任务执行。",
            ],
        ),
        ErrorKind::Unexpected => (
            [
                "{0} reports an unexpected error. Changes up to that point are not undone.",
                "{0} 报告非预期错误，已执行的部分不会撤销。",
            ],
            [
                "Search log_obshell/obshell.log under the agent's home for the trace id, and check the agent's tasks before you try again.",
                "请在 Agent 主目录下的 log_obshell/obshell.log 中查找该 trace id，并先查看 Agent 的任务再决定是否重试。",
            ],
        ),
        ErrorKind::Other => (
            [
                "{0} returned an error that this console does not know ({1}).",
                "{0} 返回了未知错误（{1}）。",
            ],
            [
                "Read the agent's message, and check its tasks: the request may have been carried out.",
                "请阅读 Agent 的报错原文并查看其任务：请求可能已被执行。",
            ],
        ),
    }
}
