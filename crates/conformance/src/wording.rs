//! Known refusals, word for word in both languages and in the form before 4.3.1.0 (protocol: 1.9, 3, 4.5, 7, 12.12).

use crate::{
    expect::{at, text},
    probe::Probe,
    refusal::Refusal,
};

/// A header that could not be decrypted, for the given reason. Its numeric code was added in
/// 4.4.2.0.
pub(super) fn decrypt_failed(probe: &Probe, why: &str) -> Refusal {
    let refusal = Refusal::new(
        401,
        "Security.Authentication.Header.DecryptFailed",
        format!("Decrypt http header failed: {why}"),
    )
    .zh(format!("解密 HTTP 请求头失败：{why}"))
    .old_verification("header decrypt failed")
    .early();
    if probe.needs_version([4, 4, 2, 0]).is_ok() {
        refusal.code(1)
    } else {
        refusal
    }
}

pub(super) fn header_not_found() -> Refusal {
    Refusal::new(
        400,
        "Request.Header.NotFound",
        "X-OCS-Agent-Header or X-OCS-Header not found in http request header",
    )
    .zh("HTTP 请求头中未找到 X-OCS-Agent-Header 或 X-OCS-Header")
    .old_verification("header not found")
}

pub(super) fn uri_mismatch() -> Refusal {
    Refusal::unauthorized("Security.Authentication.Header.UriMismatch", "URI mismatch")
        .zh("URI 不匹配")
        .old_verification("uri mismatch")
}

pub(super) fn expired() -> Refusal {
    Refusal::unauthorized(
        "Security.Authentication.Expired",
        "Unauthorized: Authentication expired",
    )
    .zh("认证失败: 认证信息已过期")
    .old_verification("auth expired")
}

pub(super) fn bad_timestamp(text: &str, reason: &str) -> Refusal {
    let why = format!("strconv.ParseInt: parsing {text:?}: {reason}");
    Refusal::unauthorized(
        "Security.Authentication.Timestamp.Invalid",
        format!("Unauthorized: Invalid timestamp: {text}, err: {why}"),
    )
    .zh(format!("认证失败: 无效的时间戳：{text}，错误：{why}"))
    .old_verification(&why)
}

pub(super) fn wrong_password() -> Refusal {
    Refusal::unauthorized(
        "Security.Authentication.IncorrectAgentPassword",
        "Unauthorized: Agent password is incorrect",
    )
    .zh("认证失败: agent 密码不正确")
    .old_verification("access denied: agent password is incorrect")
}

pub(super) fn not_initialized() -> Refusal {
    Refusal::unauthorized(
        "Security.Authentication.AgentPasswordNotInitialized",
        "Unauthorized: Agent password is not initialized",
    )
    .zh("认证失败: agent 密码未初始化")
    .old_verification("agent password is not initialized")
}

/// The wrong header on a route that accepts only the agent password.
pub(super) fn only_agent_password() -> Refusal {
    with_agent_password("this route only support agent password")
        .old_verification("Please use agent password to verify")
}

pub(super) fn with_agent_password(why: &str) -> Refusal {
    Refusal::unauthorized(
        "Security.Authentication.WithAgentPassword",
        format!("Unauthorized: Should use agent_password to verify: {why}"),
    )
    .zh(format!("认证失败: 应该使用 agent_password 进行验证：{why}"))
}

pub(super) fn session_invalid() -> Refusal {
    Refusal::unauthorized(
        "Security.Authentication.SessionInvalid",
        "Session is invalid",
    )
    .zh("会话无效")
}

pub(super) fn session_expired() -> Refusal {
    Refusal::unauthorized("Security.Authentication.Expired", "Authentication expired")
        .zh("认证信息已过期")
}

pub(super) fn no_keys() -> Refusal {
    Refusal::new(
        500,
        "Request.Body.Decrypt.AES.KeyAndIv.Invalid",
        "Unauthorized: AES key and IV size error",
    )
    .zh("认证失败: AES 密钥和 IV 大小错误")
    .old_verification("body decrypt failed")
    .early()
}

pub(super) fn bad_length() -> Refusal {
    Refusal::new(
        500,
        "Request.Body.Decrypt.AES.ContentLength.Invalid",
        "Unauthorized: Decrypted string length is not a multiple of the block size",
    )
    .zh("认证失败: 解密字符串长度不是块大小的倍数")
    .old_verification("body decrypt failed")
    .early()
}

pub(super) fn bind_eof() -> Refusal {
    // "unexpected EOF" if the agent's logging does not consume the body: before 4.3.0.0.
    Refusal::new(400, "Common.BindJsonFailed", "Bind JSON failed: EOF")
        .zh("绑定 JSON 失败：EOF")
        .old_start(400, 1001, "Illegal argument: ")
}

pub(super) fn operator_required() -> Refusal {
    const WHY: &str = "Key: 'DagOperator.Operator' Error:Field validation for 'Operator' failed on the 'required' tag";
    Refusal::new(
        400,
        "Common.BindJsonFailed",
        format!("Bind JSON failed: {WHY}"),
    )
    .zh(format!("绑定 JSON 失败：{WHY}"))
    .old_start(400, 1001, "Illegal argument: ")
}

pub(super) fn home_path_required() -> Refusal {
    Refusal::new(
        400,
        "Common.BindJsonFailed",
        "Bind JSON failed: Key: 'AddObproxyParam.HomePath' Error:Field validation for 'HomePath' failed on the 'required' tag",
    )
    .zh("绑定 JSON 失败：Key: 'AddObproxyParam.HomePath' Error:Field validation for 'HomePath' failed on the 'required' tag")
    .old_start(400, 1001, "Illegal argument: ")
}

/// obshell: any path that contains `/api/v1` or `/rpc/v1` and is no route.
pub(super) fn element_not_found() -> Refusal {
    Refusal::new(404, "Common.NotFound", "Element not found: 404 not found")
        .zh("未找到资源：404 not found")
        .old(400, 1000, "Bad request: 404 not found")
}

pub(super) fn invalid_id(text: &str) -> Refusal {
    Refusal::new(400, "Task.GenericID.Invalid", format!("Invalid ID: {text}"))
        .zh(format!("无效的任务通用 ID：{text}"))
        .old(400, 1001, format!("Illegal argument: invalid id: {text}"))
}

/// An id that is refused with a reason.
pub(super) fn invalid_because(text: &str, why: &str) -> Refusal {
    Refusal::new(
        400,
        "Task.GenericID.Invalid",
        format!("Invalid ID: {text}: {why}"),
    )
    .old_start(400, 1001, "Illegal argument: ")
}

/// An id whose address is invalid for Go's net package: its first byte is zero.
pub(super) fn no_address(text: &str) -> Refusal {
    const WHY: &str = "convert id to ip failed";
    Refusal::new(
        400,
        "Task.GenericID.Invalid",
        format!("Invalid ID: {text}: {WHY}"),
    )
    .zh(format!("无效的任务通用 ID：{text}: {WHY}"))
    .old(
        400,
        1001,
        format!("Illegal argument: convert id '{text}' to ip failed"),
    )
}

/// The refusal for a task that does not exist.
pub(super) fn task_not_found() -> Refusal {
    Refusal::new(404, "Task.NotFound", "Task not found: record not found")
        .zh("未找到任务: record not found")
        .old_start(404, 2300, "")
}

/// The agent's own address as it reports it: `127.0.0.1:2886`, `[::1]:2886`.
pub(super) fn address(probe: &Probe) -> String {
    let ip = text(&probe.info, "/ip");
    let host = if ip.contains(':') {
        format!("[{ip}]")
    } else {
        ip.to_owned()
    };
    format!("{host}:{}", at(&probe.info, "/port"))
}

pub(super) fn under_maintenance(probe: &Probe, task: &str) -> Refusal {
    let agent = address(probe);
    Refusal::new(
        500,
        "Agent.UnderMaintenance",
        format!("Create task '{task}' failed: {agent} is under maintenance"),
    )
    .zh(format!("创建任务 '{task}' 失败: {agent} 处于运维状态中"))
    .old(500, 1002, old_under_maintenance(probe))
    .data_null()
}

fn old_under_maintenance(probe: &Probe) -> &'static str {
    if probe.needs_version([4, 3, 0, 0]).is_ok() {
        "Unexpected error: failed to start maintenance: agent is under maintenance"
    } else {
        "Unexpected error: failed to set status to 4: agent status is not 1"
    }
}

/// CANCEL on the commit that bumps the version to 4.2.6.0, whatever the stage.
pub(super) fn cancel_not_allowed() -> Refusal {
    const WHY: &str = "Check obproxy status can not cancel";
    Refusal::new(500, "", "").old(
        500,
        1010,
        format!("Known error: failed to cancel dag: {WHY}"),
    )
}

pub(super) fn retry_refused() -> Refusal {
    Refusal::new(
        400,
        "Task.Dag.Operator.RetryNotFailedDag",
        "Failed to set DAG retry: DAG state is not failed",
    )
    .zh("重试 DAG 失败：DAG 未失败")
    .old(
        500,
        1010,
        "Known error: failed to set dag retry: dag state is not failed",
    )
}

pub(super) fn rollback_refused() -> Refusal {
    Refusal::new(
        400,
        "Task.Dag.Operator.RollbackNotFailedDag",
        "Failed to set DAG rollback: DAG state is not failed",
    )
    .zh("设置 DAG 回滚失败：DAG 未失败")
    .old(
        500,
        1010,
        "Known error: failed to set dag rollback: dag state is not failed",
    )
}

pub(super) fn pass_refused() -> Refusal {
    Refusal::new(
        400,
        "Task.Dag.Operator.PassNotFailedDag",
        "Failed to pass DAG: DAG is not failed",
    )
    .zh("跳过 DAG 失败：DAG 未失败")
    .old(
        500,
        1010,
        "Known error: failed to pass dag: dag is not failed",
    )
}

pub(super) fn cancel_refused() -> Refusal {
    Refusal::new(
        400,
        "Task.Dag.Operator.CancelFinishedDag",
        "Failed to cancel DAG: DAG is finished",
    )
    .zh("取消 DAG 失败：DAG 已执行完成")
    .old(
        500,
        1010,
        "Known error: failed to cancel dag: dag is finished",
    )
}

pub(super) fn node_pass_refused() -> Refusal {
    Refusal::new(
        400,
        "Task.Node.Operator.PassNotFailedDag",
        "Failed to pass node: assigned DAG is not failed",
    )
    .zh("跳过节点失败：指定的 DAG 未失败")
    .old(
        500,
        1002,
        "Unexpected error: failed to pass node: associated dag is not failed",
    )
}
