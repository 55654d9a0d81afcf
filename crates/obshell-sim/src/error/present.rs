//! The format since 4.3.1.0: a name, a sentence in one of two languages, and for some errors a
//! number.

use super::refusal::{not_supported, refused_wording};
use super::{ApiError, Wording};

impl Wording {
    pub(super) fn new(
        status: u16,
        err_code: &'static str,
        en: impl Into<String>,
        zh: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code: 0,
            err_code: Some(err_code),
            en: en.into(),
            zh: zh.into(),
            bare: None,
        }
    }

    const fn code(mut self, code: u32) -> Self {
        self.code = code;
        self
    }

    /// Wrapped by obshell's "unauthorized": an ASCII colon in both languages.
    fn unauthorized(status: u16, err_code: &'static str, en: &str, zh: &str) -> Self {
        Self::new(
            status,
            err_code,
            format!("Unauthorized: {en}"),
            format!("认证失败: {zh}"),
        )
    }

    fn security(err_code: &'static str, en: &str, zh: &str) -> Self {
        Self::unauthorized(401, err_code, en, zh).code(10008)
    }
}

impl ApiError {
    /// The text of the error in an agent that has `errCode`s. `numbered` adds `code` 1 to
    /// DecryptFailed.
    pub(crate) fn wording(&self, numbered: bool) -> Wording {
        self.header_wording(numbered)
            .or_else(|| self.security_wording())
            .or_else(|| self.body_wording())
            .or_else(|| self.task_wording())
            .unwrap_or_else(|| self.odp_wording())
    }

    fn header_wording(&self, numbered: bool) -> Option<Wording> {
        Some(match self {
            Self::HeaderNotFound | Self::AgentHeaderNotFound => Wording::new(
                400,
                "Request.Header.NotFound",
                "X-OCS-Agent-Header or X-OCS-Header not found in http request header",
                "HTTP 请求头中未找到 X-OCS-Agent-Header 或 X-OCS-Header",
            ),
            Self::HeaderDecrypt(why) => Wording::new(
                401,
                "Security.Authentication.Header.DecryptFailed",
                format!("Decrypt http header failed: {why}"),
                format!("解密 HTTP 请求头失败：{why}"),
            )
            .code(u32::from(numbered)),
            Self::UriMismatch => Wording::new(
                401,
                "Security.Authentication.Header.UriMismatch",
                "URI mismatch",
                "URI 不匹配",
            )
            .code(10008),
            _ => return None,
        })
    }

    fn security_wording(&self) -> Option<Wording> {
        Some(match self {
            Self::Expired => Wording::security(
                "Security.Authentication.Expired",
                "Authentication expired",
                "认证信息已过期",
            ),
            Self::TimestampInvalid { ts, why } => Wording::security(
                "Security.Authentication.Timestamp.Invalid",
                &format!("Invalid timestamp: {ts}, err: {why}"),
                &format!("无效的时间戳：{ts}，错误：{why}"),
            ),
            Self::IncorrectAgentPassword => Wording::security(
                "Security.Authentication.IncorrectAgentPassword",
                "Agent password is incorrect",
                "agent 密码不正确",
            ),
            Self::AgentPasswordNotInitialized => Wording::security(
                "Security.Authentication.AgentPasswordNotInitialized",
                "Agent password is not initialized",
                "agent 密码未初始化",
            ),
            Self::WithAgentPassword(why) => Wording::security(
                "Security.Authentication.WithAgentPassword",
                &format!("Should use agent_password to verify: {why}"),
                &format!("应该使用 agent_password 进行验证：{why}"),
            ),
            Self::WithOceanBasePassword(why) => Wording::security(
                "Security.Authentication.WithOceanBasePassword",
                &format!("Should use oceanbase_password to verify: {why}"),
                &format!("应该使用 oceanbase_password 进行验证：{why}"),
            ),
            Self::IncorrectOceanBasePassword => Wording::security(
                "Security.Authentication.IncorrectOceanbasePassword",
                "OceanBase password is incorrect",
                "OceanBase root 密码不正确",
            ),
            // Session errors are not wrapped.
            Self::SessionInvalid => Wording::new(
                401,
                "Security.Authentication.SessionInvalid",
                "Session is invalid",
                "会话无效",
            )
            .code(10008),
            Self::SessionExpired => Wording::new(
                401,
                "Security.Authentication.SessionExpired",
                "Session is expired",
                "会话已过期",
            )
            .code(10008),
            Self::SessionTime => Wording::new(
                401,
                "Security.Authentication.Expired",
                "Authentication expired",
                "认证信息已过期",
            )
            .code(10008),
            Self::SsoTokenMissing => Wording::new(
                401,
                "Security.SSO.TokenMissing",
                "SSO token is missing",
                "缺少 SSO token",
            )
            .code(10008),
            Self::SsoTokenInvalid => Wording::new(
                401,
                "Security.SSO.TokenInvalid",
                "SSO token is invalid or expired",
                "SSO token 无效或已过期",
            )
            .code(10008),
            _ => return None,
        })
    }

    fn body_wording(&self) -> Option<Wording> {
        const KEY_SIZE: &str = "Request.Body.Decrypt.AES.KeyAndIv.Invalid";
        const KEY_SIZE_EN: &str = "AES key and IV size error";
        const KEY_SIZE_ZH: &str = "AES 密钥和 IV 大小错误";
        Some(match self {
            Self::BodyKeySize => Wording::unauthorized(500, KEY_SIZE, KEY_SIZE_EN, KEY_SIZE_ZH),
            Self::AesKeySize => Wording::new(500, KEY_SIZE, KEY_SIZE_EN, KEY_SIZE_ZH),
            Self::AesKeyNotFound => Wording::new(
                400,
                "Request.AESKey.NotFound",
                "AES key for encrypting session ID not found in http request header",
                "HTTP 请求头中未找到用于加密 session ID 的 AES 密钥",
            ),
            Self::BodyLength => Wording::unauthorized(
                500,
                "Request.Body.Decrypt.AES.ContentLength.Invalid",
                "Decrypted string length is not a multiple of the block size",
                "解密字符串长度不是块大小的倍数",
            ),
            Self::BindJson(why) => Wording::new(
                400,
                "Common.BindJsonFailed",
                format!("Bind JSON failed: {why}"),
                format!("绑定 JSON 失败：{why}"),
            ),
            Self::FileMissing(why) => Wording::new(
                500,
                "Request.File.Missing",
                format!("File 'file' in the request is missing: {why}"),
                format!("请求中不存在文件 'file'：{why}"),
            ),
            _ => return None,
        })
    }

    fn task_wording(&self) -> Option<Wording> {
        Some(match self {
            Self::RouteNotFound => Wording::new(
                404,
                "Common.NotFound",
                "Element not found: 404 not found",
                "未找到资源：404 not found",
            ),
            // Two texts of obshell's with two colons in Chinese.
            Self::TaskRecordNotFound => Wording::new(
                404,
                "Task.NotFound",
                "Task not found: record not found",
                "未找到任务: record not found",
            ),
            Self::TaskNotFound(why) => Wording::new(
                404,
                "Task.NotFound",
                format!("Task not found: {why}"),
                format!("未找到任务：{why}"),
            ),
            Self::InvalidId { id, why } => {
                let behind = why
                    .as_ref()
                    .map(|why| format!(": {why}"))
                    .unwrap_or_default();
                Wording::new(
                    400,
                    "Task.GenericID.Invalid",
                    format!("Invalid ID: {id}{behind}"),
                    format!("无效的任务通用 ID：{id}{behind}"),
                )
            }
            Self::DagOperatorNotSupported(operator) => {
                not_supported("Task.Dag.Operator.NotSupport", operator)
            }
            Self::NodeOperatorNotSupported(operator) => {
                not_supported("Task.Node.Operator.NotSupport", operator)
            }
            Self::CreateFailed { task, agent } => Wording::new(
                500,
                "Agent.UnderMaintenance",
                format!("Create task '{task}' failed: {agent} is under maintenance"),
                format!("创建任务 '{task}' 失败: {agent} 处于运维状态中"),
            ),
            Self::Refused { refused, agent } => refused_wording(*refused, agent),
            _ => return None,
        })
    }

    fn odp_wording(&self) -> Wording {
        match self {
            Self::NotManaged => Wording::new(
                400,
                "OBProxy.NotBeManaged",
                "This is not an OBProxy agent",
                "agent 未管理 OBProxy",
            ),
            Self::AlreadyManaged => Wording::new(
                400,
                "OBProxy.AlreadyManaged",
                "Agent has already managed OBProxy",
                "agent已经管理了 OBProxy",
            ),
            Self::PathNotExist(path) => home(
                400,
                "Common.PathNotExist",
                &format!("'{path}' does not exist"),
                &format!("'{path}' 不存在"),
            ),
            Self::DirNotEmpty(path) => home(
                500,
                "Common.DirNotEmpty",
                &format!("Directory '{path}' is not empty"),
                &format!("目录 '{path}' 不为空"),
            ),
            Self::InvalidPort(port) => Wording::new(
                400,
                "Common.InvalidPort",
                format!("The port '{port}' is invalid, must be in [1024, 65535]"),
                format!("端口 '{port}' 无效，必须在 (1024, 65535] 范围内"),
            ),
            Self::RsListAndConfigUrl => Wording::new(
                400,
                "OBProxy.RsListAndConfigUrl.Conflicted",
                "rs_list and config_url cannot be specified at the same time",
                "rs_list 和 config_url 不能同时指定",
            ),
            Self::NeitherRsListNorConfigUrl => Wording::new(
                400,
                "OBProxy.RsListOrConfigUrl.NotSpecified",
                "rs_list or config_url must be specified when agent is not cluster agent",
                "当 agent 不是 'CLUSTER AGENT' 时，必须指定 rs_list 或 config_url",
            ),
            Self::OdpPackageNotFound(package) => Wording::new(
                400,
                "OBProxy.Package.NotFound",
                format!("Package {package} is not found"),
                format!("未找到包 {package}"),
            ),
            Self::NotHoldingOceanBase => Wording::new(
                500,
                "Agent.OceanBase.NotHold",
                "Agent is not holding OceanBase",
                "agent 未持有 OceanBase 集群连接",
            ),
            // An error of obshell's own, which has its prefix in any language.
            Self::NoAnswer => Wording {
                bare: None,
                ..plain("ocsagent cannot build response body")
            },
            Self::Plain(text) => plain(text),
            // The other tables contain the remaining errors.
            _ => plain("unhandled error"),
        }
    }
}

fn plain(text: &str) -> Wording {
    let mut wording = Wording::new(
        500,
        "Common.Unexpected",
        format!("Unexpected error: {text}"),
        format!("非预期错误：{text}"),
    );
    wording.bare = Some(text.to_owned());
    wording
}

/// Wrapped as an error of the home path; the wrapping is English in either language.
fn home(status: u16, err_code: &'static str, en: &str, zh: &str) -> Wording {
    const WRAPPING: &str = "invalid obproxy home path: ";
    Wording::new(
        status,
        err_code,
        format!("{WRAPPING}{en}"),
        format!("{WRAPPING}{zh}"),
    )
}
