//! Problems and their fixes: one sentence each.

mod refusal;

use super::{Both, fill, host, say, visible};
use crate::flow::ending::Cause;
use crate::flow::event::Language;
use crate::flow::settings::AddressProblem;
use crate::flow::state::{ConnectProblem, SignIn};
use crate::obshell::address::AddressError;
use crate::obshell::crypto::public_key::{PublicKeyError, SealError};
use crate::obshell::error::{
    ApiError, ErrorKind, Failure, NoAnswer, NotObshell, NotObshellKind, NotSent, Unusable,
    WipeReason,
};

/// A problem and its fix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The problem, naming the input or the cause.
    pub what: String,
    /// The fix. May end with a command; see [`split_command`](super::split_command).
    pub fix: String,
}

/// The subject of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The address field.
    Address,
    /// The password field.
    Password,
    /// Neither: the agent, or the connection to it.
    Agent,
}

impl Advice {
    fn new(language: Language, what: Both, fix: Both, values: &[&str]) -> Self {
        Self {
            what: fill(language, what, values),
            fix: fill(language, fix, values),
        }
    }
}

/// An address that was typed and is not accepted.
#[must_use]
pub fn address_problem(problem: &AddressProblem, typed: &str, language: Language) -> Advice {
    let (what, fix): (Both, Both) = match problem {
        AddressProblem::Malformed(AddressError::Empty) => (
            ["The agent address is empty.", "未填写 Agent 地址。"],
            [
                "Type HOST:PORT, such as 10.10.10.1:2886.",
                "请按 HOST:PORT 的格式填写，例如 10.10.10.1:2886。",
            ],
        ),
        AddressProblem::Malformed(AddressError::Url) => (
            [
                "The agent address {0} contains parts of a URL.",
                "Agent 地址 {0} 中含有 URL 的内容。",
            ],
            [
                "Type HOST:PORT only, without http:// and without a path.",
                "请只填写 HOST:PORT，不带 http:// 和路径。",
            ],
        ),
        AddressProblem::Malformed(AddressError::NoPort) => (
            [
                "The agent address {0} has no port.",
                "Agent 地址 {0} 缺少端口。",
            ],
            [
                "Add the port of the agent, 2886 by default.",
                "请补上 Agent 的端口，默认为 2886。",
            ],
        ),
        AddressProblem::Malformed(AddressError::Port) => (
            [
                "The port in the agent address {0} is not a valid port number.",
                "Agent 地址 {0} 中的端口无效。",
            ],
            [
                "Type a number from 1 to 65535 after the colon.",
                "请在冒号后填写 1 到 65535 之间的数字。",
            ],
        ),
        AddressProblem::Malformed(AddressError::BareIpv6) => (
            [
                "The agent address {0} has more than one colon, so the port is ambiguous.",
                "Agent 地址 {0} 中有多个冒号，无法区分端口。",
            ],
            [
                "Put an IPv6 address in brackets, such as [fd00::1]:2886.",
                "IPv6 地址请加方括号，例如 [fd00::1]:2886。",
            ],
        ),
        AddressProblem::Malformed(AddressError::Zone) => (
            [
                "The agent address {0} has an IPv6 zone (the part after %).",
                "Agent 地址 {0} 中含有 IPv6 区域标识（% 之后的部分）。",
            ],
            [
                "Browsers cannot use IPv6 zones. Type an address that is routable without one.",
                "浏览器不支持 IPv6 区域标识，请填写无需区域标识即可访问的地址。",
            ],
        ),
        AddressProblem::Malformed(AddressError::Host) => (
            [
                "The host in the agent address {0} is neither an IP address nor a host name.",
                "Agent 地址 {0} 中的主机既不是 IP 地址，也不是主机名。",
            ],
            [
                "Check the part before the port for a typing error.",
                "请检查端口之前的部分是否有误。",
            ],
        ),
        AddressProblem::NotListed => (
            [
                "The agent address {0} is not in this site's list.",
                "Agent 地址 {0} 不在本站点的列表中。",
            ],
            [
                "Choose a listed agent, or ask the site's administrator to add this one to the list.",
                "请选择列表中的 Agent，或请站点管理员把它加入列表。",
            ],
        ),
    };
    Advice::new(language, what, fix, &[&visible(typed.trim())])
}

/// "Connect" was pressed without the selected password.
#[must_use]
pub fn password_missing(sign_in: SignIn, language: Language) -> Advice {
    let (what, fix): (Both, Both) = match sign_in {
        SignIn::AgentPassword => (
            ["The agent password is empty.", "未填写 Agent 密码。"],
            [
                "Type the agent password; it is not the password of OceanBase's root user.",
                "请填写 Agent 密码，它不是 OceanBase 的 root 密码。",
            ],
        ),
        SignIn::Host => (
            [
                "The page that embeds this console did not sign in to the agent.",
                "本控制台所在的页面未能登录 Agent。",
            ],
            [
                "Sign in to that page and try again, or type a password.",
                "请先在该页面登录后重试，或填写密码。",
            ],
        ),
        SignIn::RootPassword | SignIn::NoRootPassword => (
            [
                "The OceanBase root password is empty.",
                "未填写 OceanBase root 密码。",
            ],
            [
                "Type the password of OceanBase's root user in the sys tenant, root@sys.",
                "请填写 OceanBase sys 租户 root 用户（root@sys）的密码。",
            ],
        ),
    };
    Advice::new(language, what, fix, &[])
}

/// The agent has no password. `home` is its home path, empty if unknown.
#[must_use]
pub fn password_not_set(home: &str, language: Language) -> Advice {
    Advice {
        what: say(
            language,
            [
                "No agent password is set, so the agent refuses every ODP request without a session.",
                "Agent 尚未设置 Agent 密码，因此会拒绝所有没有会话的 ODP 请求。",
            ],
        )
        .to_owned(),
        fix: set_password_fix(home, language),
    }
}

fn set_password_fix(home: &str, language: Language) -> String {
    let how = say(
        language,
        [
            "Set an agent password on the agent's host, as root or as the agent's user. Replace the dots with your password:",
            "请在 Agent 所在主机上以 root 或 Agent 的运行用户设置，并把省略号换成您的密码：",
        ],
    );
    format!("{how}\n{}", host::set_password(home))
}

/// "Connect" failed; nothing was done to the agent.
#[must_use]
pub fn connect_problem(
    problem: &ConnectProblem,
    address: &str,
    language: Language,
) -> (Input, Advice) {
    match problem {
        ConnectProblem::OpenRoutes(cause) => (Input::Address, failure(cause, address, language)),
        ConnectProblem::TooOld(version) => (
            Input::Agent,
            Advice::new(
                language,
                [
                    "The agent at {0} is obshell {1}, which has no ODP routes.",
                    "{0} 上的 Agent 是 obshell {1}，该版本没有 ODP 接口。",
                ],
                [
                    "Upgrade obshell on that host to 4.2.6.0 or later.",
                    "请将该主机上的 obshell 升级到 4.2.6.0 或更高版本。",
                ],
                &[address, &version.to_string()],
            ),
        ),
        ConnectProblem::PasswordNotSet { home } => {
            (Input::Agent, password_not_set(&home.to_string(), language))
        }
        ConnectProblem::Key(error) => (Input::Agent, key_problem(*error, address, language)),
        ConnectProblem::Credential(cause) => {
            let input = match cause {
                Failure::NotSent(NotSent::NoCredential | NotSent::CredentialWiped(_)) => {
                    Input::Password
                }
                Failure::Refused(error) => match error.kind {
                    ErrorKind::IncorrectAgentPassword
                    | ErrorKind::IncorrectOceanBasePassword
                    | ErrorKind::WithAgentPassword
                    | ErrorKind::SessionInvalid
                    | ErrorKind::SessionExpired => Input::Password,
                    _ => Input::Agent,
                },
                Failure::NoAnswer(_) => Input::Address,
                Failure::NotSent(_) | Failure::NotObshell(_) | Failure::Unusable(_) => Input::Agent,
            };
            (input, failure(cause, address, language))
        }
    }
}

/// The agent's original message.
pub(super) fn own_words(error: &ApiError, language: Language) -> String {
    fill(
        language,
        ["Agent error: {0} [{1}]", "Agent 报错：{0} [{1}]"],
        &[&error.message.to_string(), &error.shown_code().to_string()],
    )
}

/// Why the response to a DELETE does not show its outcome. Says nothing about what the agent did.
#[must_use]
pub fn cause(cause: &Cause, address: &str, language: Language) -> Advice {
    match cause {
        Cause::Failure(cause) => failure(cause, address, language),
        Cause::NothingManaged => Advice::new(
            language,
            [
                "{0} returned 204, the response of an agent that manages no ODP.",
                "{0} 返回 204，即没有管理 ODP 的 Agent 的响应。",
            ],
            [
                "Check whether a proxy or gateway responds in place of the agent.",
                "请检查是否有代理或网关代替 Agent 返回响应。",
            ],
            &[address],
        ),
    }
}

/// A request without a usable response. Says nothing about what the agent did.
#[must_use]
pub fn failure(failure: &Failure, address: &str, language: Language) -> Advice {
    match failure {
        Failure::NotSent(cause) => not_sent(cause, address, language),
        Failure::NoAnswer(NoAnswer::Network) => Advice::new(
            language,
            [
                "No response from {0}: the connection was refused or broken, or the host name was not found.",
                "没有收到 {0} 的响应：连接被拒绝或中断，或者域名无法解析。",
            ],
            [
                "Check the address, the network between this browser and the site, and that obshell is running on that host.",
                "请检查地址、浏览器到站点的网络，以及该主机上的 obshell 是否在运行。",
            ],
            &[address],
        ),
        Failure::NoAnswer(NoAnswer::Timeout(millis)) => Advice::new(
            language,
            [
                "The request to {0} timed out after {1} s.",
                "请求 {0} 超时（{1} 秒）。",
            ],
            [
                "Check the load of that host and whether a firewall drops the connection.",
                "请检查该主机的负载，以及防火墙是否丢弃了连接。",
            ],
            &[address, &seconds(*millis)],
        ),
        Failure::NotObshell(answer) => not_obshell(answer, address, language),
        Failure::Refused(error) => api_error(error, address, language),
        Failure::Unusable(why) => unusable(*why, address, language),
    }
}

fn unusable(why: Unusable, address: &str, language: Language) -> Advice {
    let (what, fix): (Both, Both) = match why {
        Unusable::Stale => (
            [
                "{0} returned an old response from a cache: its timestamp is not later than that of an earlier response.",
                "{0} 的响应是缓存中的旧响应：其时间戳不晚于之前的响应。",
            ],
            [
                "Make sure that no proxy, CDN or service worker caches responses under /api/v1.",
                "请确认代理、CDN 和 service worker 都没有缓存 /api/v1 下的响应。",
            ],
        ),
        Unusable::OtherTask => (
            [
                "{0} returned a task other than the one requested.",
                "{0} 返回的不是所请求的任务。",
            ],
            [
                "Make sure that no proxy mixes up or caches responses.",
                "请确认代理没有混淆或缓存响应。",
            ],
        ),
        Unusable::OtherAgent => (
            [
                "A different agent responds at {0}: its own address or its home folder has changed.",
                "{0} 上响应的是另一个 Agent：其自身地址或主目录与之前不同。",
            ],
            [
                "Make sure that the address and the proxy lead to the same agent every time.",
                "请确认该地址和代理始终指向同一个 Agent。",
            ],
        ),
        Unusable::NotListed { all: true } => (
            [
                "{0} refuses the id of this task, and the task is not in its task lists.",
                "{0} 不接受该任务的 ID，其任务列表中也没有该任务。",
            ],
            LOOK_ON_THE_HOST,
        ),
        Unusable::NotListed { all: false } => (
            [
                "{0} refuses the id of this task and no longer lists it; this version of obshell lists unfinished tasks and the newest one only.",
                "{0} 不接受该任务的 ID，也不再列出该任务；该版本的 obshell 只列出未结束的任务和最新的任务。",
            ],
            LOOK_ON_THE_HOST,
        ),
        Unusable::ListUnread => (
            [
                "{0} refuses the id of this task, and its list of tasks has an entry that cannot be read.",
                "{0} 不接受该任务的 ID，其任务列表中有无法读取的条目。",
            ],
            LOOK_ON_THE_HOST,
        ),
    };
    Advice::new(language, what, fix, &[address])
}

const LOOK_ON_THE_HOST: Both = [
    "Check the state of the ODP on the agent's host: its processes, and the folders under its home.",
    "请在 Agent 所在主机上检查该 ODP 的状态：进程，以及主目录下的目录。",
];

/// An agent's refusal. The agent's original message is shown beside it.
#[must_use]
pub fn api_error(error: &ApiError, address: &str, language: Language) -> Advice {
    if error.kind == ErrorKind::AgentPasswordNotInitialized {
        return password_not_set("", language);
    }
    let (what, fix) = refusal::words(error.kind);
    let code = error.shown_code().to_string();
    let mut advice = Advice::new(language, what, fix, &[address, &code]);
    if error.kind == ErrorKind::WithOceanBasePassword {
        advice.fix = set_password_fix("", language);
    }
    advice
}

/// Seconds with at most one decimal.
fn seconds(millis: u32) -> String {
    match (millis / 1000, millis % 1000 / 100) {
        (whole, 0) => whole.to_string(),
        (whole, tenths) => format!("{whole}.{tenths}"),
    }
}

fn not_sent(cause: &NotSent, address: &str, language: Language) -> Advice {
    let mut minutes = String::new();
    let (what, fix): (Both, Both) = match cause {
        NotSent::NoCredential => (
            [
                "There is no password for {0}, so nothing was sent.",
                "没有 {0} 的密码，因此未发送请求。",
            ],
            ["Type the password again.", "请重新填写密码。"],
        ),
        NotSent::CredentialWiped(why) => (
            match why {
                WipeReason::Idle(millis) => {
                    minutes = (millis / 60_000).to_string();
                    [
                        "This console was idle for {1} minutes, so the credentials for {0} were cleared from memory.",
                        "本控制台已闲置 {1} 分钟，{0} 的凭据已从内存中清除。",
                    ]
                }
                WipeReason::PageLeft => [
                    "You left this page, so the credentials for {0} were cleared from memory.",
                    "您已离开本页面，{0} 的凭据已从内存中清除。",
                ],
                WipeReason::BookLocked => [
                    "The agent book is locked, so its password for {0} cannot be used.",
                    "密码本已锁定，无法使用其中 {0} 的密码。",
                ],
            },
            match why {
                WipeReason::BookLocked => {
                    ["Unlock the agent book to continue.", "请解锁密码本以继续。"]
                }
                WipeReason::Idle(_) | WipeReason::PageLeft => {
                    ["Sign in again to continue.", "请重新登录以继续。"]
                }
            },
        ),
        NotSent::Key(error) => return key_problem(*error, address, language),
        NotSent::Seal(SealError::Randomness) => (
            [
                "This browser does not provide secure random numbers, so nothing was sent.",
                "浏览器无法提供安全随机数，因此未发送请求。",
            ],
            [
                "Use a current browser, and check that no policy disables cryptography.",
                "请使用较新的浏览器，并确认没有禁用加密功能的策略。",
            ],
        ),
        NotSent::Withdrawn => (
            [
                "The request to {0} was withdrawn before it was sent.",
                "发往 {0} 的请求在发送前已撤回。",
            ],
            ["Resume the run to continue.", "请继续执行以重试。"],
        ),
        NotSent::Unlisted => (
            [
                "This page removed {0} from its list of agents, so nothing was sent.",
                "本页面已将 {0} 从 Agent 列表中移除，因此未发送请求。",
            ],
            [
                "Ask the site's administrator why this agent was removed.",
                "请向站点管理员确认移除该 Agent 的原因。",
            ],
        ),
        NotSent::Rerouted => (
            [
                "This page changed the endpoint of {0}, so nothing was sent.",
                "本页面更改了 {0} 的 endpoint，因此未发送请求。",
            ],
            ["Connect to the agent again.", "请重新连接该 Agent。"],
        ),
        NotSent::Browser => (
            [
                "The browser refused to send the request to {0}.",
                "浏览器拒绝向 {0} 发送请求。",
            ],
            [
                "Check the endpoint setting (config.json, or the page that embeds this console), and that no extension or policy blocks the request.",
                "请检查 endpoint 设置（config.json，或本控制台所在的页面），以及是否有扩展或策略拦截。",
            ],
        ),
    };
    Advice::new(language, what, fix, &[address, &minutes])
}

fn key_problem(error: PublicKeyError, address: &str, language: Language) -> Advice {
    let mut number = String::new();
    let what: Both = match error {
        PublicKeyError::Empty => ["The public key of {0} is empty.", "{0} 的公钥为空。"],
        PublicKeyError::NotBase64 => [
            "The public key of {0} is not base64.",
            "{0} 的公钥不是 base64 编码。",
        ],
        PublicKeyError::NotDer => [
            "The public key of {0} is not a PKCS#1 RSA key.",
            "{0} 的公钥不是 PKCS#1 格式的 RSA 公钥。",
        ],
        PublicKeyError::Spki => [
            "The public key of {0} is a SubjectPublicKeyInfo; obshell uses PKCS#1.",
            "{0} 的公钥是 SubjectPublicKeyInfo 格式，而 obshell 使用 PKCS#1。",
        ],
        PublicKeyError::TrailingData => [
            "The public key of {0} is followed by extra data.",
            "{0} 的公钥之后带有多余数据。",
        ],
        PublicKeyError::TooSmall { bits } => {
            number = bits.to_string();
            [
                "The public key of {0} has {1} bits; at least 512 are needed.",
                "{0} 的公钥只有 {1} 位，至少需要 512 位。",
            ]
        }
        PublicKeyError::TooLarge { bits } => {
            number = bits.to_string();
            [
                "The public key of {0} has {1} bits; at most 8192 are accepted.",
                "{0} 的公钥有 {1} 位，最多接受 8192 位。",
            ]
        }
        PublicKeyError::EvenModulus => [
            "The public key of {0} has an even modulus, which no RSA key has.",
            "{0} 的公钥模数为偶数，不是有效的 RSA 公钥。",
        ],
        PublicKeyError::ExponentTooSmall { exponent } => {
            number = exponent.to_string();
            [
                "The public key of {0} has the exponent {1}, which is too small.",
                "{0} 的公钥指数为 {1}，过小。",
            ]
        }
        PublicKeyError::ExponentTooLarge => [
            "The public key of {0} has an exponent that is too large.",
            "{0} 的公钥指数过大。",
        ],
        PublicKeyError::EvenExponent { exponent } => {
            number = exponent.to_string();
            [
                "The public key of {0} has the even exponent {1}, which no RSA key has.",
                "{0} 的公钥指数 {1} 为偶数，不是有效的 RSA 公钥。",
            ]
        }
    };
    let fix = [
        "Check that an obshell agent responds at this address and that no proxy changes the response.",
        "请确认该地址上是 obshell Agent，并且代理没有改动响应。",
    ];
    Advice::new(language, what, fix, &[address, &number])
}

fn not_obshell(answer: &NotObshell, address: &str, language: Language) -> Advice {
    let mut own_status = String::new();
    let (what, fix): (Both, Both) = match (answer.status, answer.kind) {
        (_, NotObshellKind::Status(status)) => {
            own_status = status.to_string();
            (
                [
                    "A gateway in front of {0} changed the status of the response: the agent sent {2}, this browser received {1}.",
                    "{0} 前面的网关改动了响应的状态码：Agent 返回的是 {2}，浏览器收到的是 {1}。",
                ],
                [
                    "Configure the gateway to pass the status of every response through unchanged.",
                    "请配置网关，使其原样透传每个响应的状态码。",
                ],
            )
        }
        (_, NotObshellKind::TooLarge) => (
            [
                "The response of {0} exceeds 64 MiB or has too many values, and was not read.",
                "{0} 的响应超过 64 MiB 或数据项过多，未读取。",
            ],
            [
                "Check that an obshell agent responds at this address.",
                "请确认该地址上是 obshell Agent。",
            ],
        ),
        (_, NotObshellKind::Redirect) | (300..400, _) => (
            [
                "The request to {0} was redirected. The console does not follow redirects.",
                "通往 {0} 的请求被重定向，本控制台不会跟随重定向。",
            ],
            [
                "Reload the page, sign in to the site if required, and check the scheme and path in the endpoint setting (config.json, or the page that embeds this console).",
                "请刷新页面，必要时重新登录站点，并检查 endpoint 设置（config.json，或本控制台所在的页面）中的协议和路径。",
            ],
        ),
        (403, _) => (
            [
                "This site does not forward requests to {0} (HTTP 403).",
                "本站点不允许访问 {0}（HTTP 403）。",
            ],
            [
                "Ask the site's administrator to add this agent to the site's list.",
                "请站点管理员将该 Agent 加入站点的列表。",
            ],
        ),
        (401 | 407, _) => (
            [
                "A proxy in front of {0} requires a separate sign-in (HTTP {1}).",
                "{0} 前面的代理要求单独登录（HTTP {1}）。",
            ],
            [
                "Reload the page and sign in to the site. The agent password is not the cause.",
                "请刷新页面并登录站点；这与 Agent 的密码无关。",
            ],
        ),
        (429, _) => (
            [
                "A proxy in front of {0} limits the request rate (HTTP 429).",
                "{0} 前面的代理限制了请求频率（HTTP 429）。",
            ],
            [
                "Wait a minute, and ask the site's administrator to allow several requests per second.",
                "请稍候一分钟，并请站点管理员放宽限制，允许每秒数个请求。",
            ],
        ),
        (502..=504, _) => (
            [
                "The proxy could not reach {0}, or received an incomplete response (HTTP {1}).",
                "代理无法连接 {0}，或没有收到完整响应（HTTP {1}）。",
            ],
            [
                "Check that obshell is running on that host, that its port is reachable from the proxy, and that the proxy uses HTTPS if the agent does.",
                "请检查该主机上的 obshell 是否在运行、端口是否对代理开放；如果 Agent 启用了 HTTPS，代理也须使用 HTTPS。",
            ],
        ),
        (400, _) if address.contains('[') => (
            [
                "A server between this browser and {0} refused the request (HTTP 400), possibly because of the brackets in the path.",
                "通往 {0} 的途中，请求被拒绝（HTTP 400），可能是因为路径中有方括号。",
            ],
            [
                "Set an endpoint without brackets for this agent (config.json, or the page that embeds this console), such as agents/odp-6, and forward that path to the agent.",
                "请为该 Agent 设置不含方括号的 endpoint（config.json，或本控制台所在的页面），例如 agents/odp-6，并让代理把该路径转发到 Agent。",
            ],
        ),
        (400, _) => (
            [
                "A server between this browser and {0} refused the request (HTTP 400).",
                "通往 {0} 的途中，请求被拒绝（HTTP 400）。",
            ],
            [
                "If the agent has a certificate in its ca folder, it accepts HTTPS only. Configure the proxy to use HTTPS.",
                "如果 Agent 的 ca 目录下有证书，它只接受 HTTPS，请让代理以 HTTPS 访问它。",
            ],
        ),
        (404, _) => (
            [
                "The path to {0} does not exist (HTTP 404).",
                "通往 {0} 的路径不存在（HTTP 404）。",
            ],
            [
                "Check the endpoint setting (config.json, or the page that embeds this console) and the proxy's path to the agent.",
                "请检查 endpoint 设置（config.json，或本控制台所在的页面），以及代理到 Agent 的路径。",
            ],
        ),
        (200, NotObshellKind::Page) => (
            [
                "{0} returned a web page instead of an obshell response (HTTP {1}).",
                "{0} 返回的是网页，不是 obshell Agent 的响应（HTTP {1}）。",
            ],
            [
                "Check host and port, and that the endpoint setting (config.json, or the page that embeds this console) points to the agent. The web page may also be the sign-in page of a gateway, or the error page of a gateway that returns 200 for errors.",
                "请检查主机和端口，以及 endpoint 设置（config.json，或本控制台所在的页面）是否指向 Agent；该网页也可能是网关的登录页，或网关以 200 返回的错误页。",
            ],
        ),
        (_, NotObshellKind::Page) => (
            [
                "{0} returned a web page instead of an obshell response (HTTP {1}).",
                "{0} 返回的是网页，不是 obshell Agent 的响应（HTTP {1}）。",
            ],
            [
                "Check host and port, and that the endpoint setting (config.json, or the page that embeds this console) points to the agent. The web page may also be a proxy's error or sign-in page.",
                "请检查主机和端口，以及 endpoint 设置（config.json，或本控制台所在的页面）是否指向 Agent；该网页也可能是代理的错误页或登录页。",
            ],
        ),
        (200, NotObshellKind::Empty) => (
            [
                "The response of {0} is empty, although its status is 200.",
                "{0} 的响应状态码为 200，但内容为空。",
            ],
            [
                "Check the proxy's log for this request. If the proxy returns 200 in place of another status, such as 204 or 502, configure it to pass the status through unchanged.",
                "请查看代理对该请求的日志；如果代理把 204、502 等状态码改为 200，请让它原样透传状态码。",
            ],
        ),
        (_, NotObshellKind::Empty) => (
            [
                "The response of {0} is empty (HTTP {1}).",
                "{0} 的响应为空（HTTP {1}）。",
            ],
            [
                "Check the proxy's log for this request, and that obshell is running on that host.",
                "请查看代理对该请求的日志，并确认该主机上的 obshell 在运行。",
            ],
        ),
        (_, NotObshellKind::Truncated) => (
            [
                "The response of {0} is incomplete (HTTP {1}).",
                "{0} 的响应不完整（HTTP {1}）。",
            ],
            [
                "Check the proxy's size and time limits.",
                "请检查代理的大小和超时限制。",
            ],
        ),
        (200, NotObshellKind::Other) => (
            [
                "{0} returned something other than an obshell response (HTTP {1}).",
                "{0} 的响应不是 obshell Agent 的格式（HTTP {1}）。",
            ],
            [
                "Check host and port, and that no proxy changes the agent's responses or returns 200 for its own errors.",
                "请检查主机和端口，并确认代理没有改动 Agent 的响应，也没有以 200 返回自身的错误。",
            ],
        ),
        (_, NotObshellKind::Other) => (
            [
                "{0} returned something other than an obshell response (HTTP {1}).",
                "{0} 的响应不是 obshell Agent 的格式（HTTP {1}）。",
            ],
            [
                "Check host and port, and that no proxy changes the agent's responses.",
                "请检查主机和端口，并确认代理没有改动 Agent 的响应。",
            ],
        ),
    };
    let status = answer.status.to_string();
    Advice::new(language, what, fix, &[address, &status, &own_status])
}

#[cfg(test)]
mod tests {
    use super::*;

    const IPV6: &str = "[fd00::1]:2886";

    fn summary(status: u16, kind: NotObshellKind, address: &str, language: Language) -> String {
        let failure = Failure::NotObshell(NotObshell { status, kind });
        let Advice { what, fix } = super::failure(&failure, address, language);
        format!("{what} {fix}")
    }

    #[test]
    fn a_gateway_that_answers_200_whatever_happened_is_named() {
        let english =
            |kind| summary(200, kind, "10.10.10.1:2886", Language::English).replace("HTTP 200", "");
        for kind in [
            NotObshellKind::Page,
            NotObshellKind::Empty,
            NotObshellKind::Other,
        ] {
            assert!(english(kind).contains("returns 200"), "{kind:?}");
        }
        let changed = english(NotObshellKind::Status(401));
        assert!(
            changed.contains("sent 401, this browser received 200"),
            "{changed}"
        );
        // The status set by the gateway does not matter: the agent's answer is not a statement of
        // the gateway.
        for status in [400, 403, 404, 502] {
            let text = summary(status, NotObshellKind::Status(401), IPV6, Language::Chinese);
            assert!(text.contains("Agent 返回的是 401"), "{text}");
        }
    }

    #[test]
    fn a_gateway_that_refuses_the_brackets_of_an_ipv6_address_is_named() {
        for language in [Language::English, Language::Chinese] {
            let refused = |address| summary(400, NotObshellKind::Page, address, language);
            assert!(refused(IPV6).contains("agents/odp-6"), "{language:?}");
            assert!(!refused("10.10.10.1:2886").contains("agents/odp-6"));
        }
    }
}
