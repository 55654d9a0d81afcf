//! The labels of the screens: names of buttons, fields, headings and columns.

use crate::flow::event::Language;

macro_rules! labels {
    ($(#[$doc:meta])+ $labels:ident: $($name:ident = $english:literal, $chinese:literal;)+) => {
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $labels {
            $(#[doc = concat!("\"", $english, "\"")] $name,)+
        }

        impl $labels {
            /// Every label, for tests.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The text of the label.
            #[must_use]
            pub fn get(self, language: Language) -> &'static str {
                match language {
                    Language::English => match self { $(Self::$name => $english,)+ },
                    Language::Chinese => match self { $(Self::$name => $chinese,)+ },
                }
            }
        }
    };
}
pub(super) use labels;

labels! {
    /// A label on a screen.
    Label:

    // The frame.
    Title = "ODP console", "ODP 控制台";
    Language = "Language", "语言";
    Theme = "Appearance", "外观";
    ThemeSystem = "System", "跟随系统";
    ThemeLight = "Light", "浅色";
    ThemeDark = "Dark", "深色";
    Steps = "Steps", "步骤";
    StepConnect = "Connect", "连接";
    StepReview = "Review and confirm", "核对并确认";
    StepTask = "Task", "任务";
    Back = "Back", "返回";

    // Connect.
    ConnectTitle = "Connect to an agent", "连接 Agent";
    ConnectIntro = "Connect to the obshell agent that manages the ODP you want to destroy.", "请连接待销毁 ODP 所属的 obshell Agent。";
    AgentAddress = "Agent address", "Agent 地址";
    AddressHint = "Host and port of the agent, for example 10.10.10.1:2886.", "Agent 所在主机及端口，例如 10.10.10.1:2886。";
    AddressListHint = "Only the listed agents are allowed on this site.", "本站点仅允许连接列表中的 Agent。";
    ChooseAgent = "Choose an agent", "请选择 Agent";
    AgentPassword = "Agent password", "Agent 密码";
    RootPassword = "OceanBase root password", "OceanBase root 密码";
    NoRootPassword = "OceanBase root, no password", "OceanBase root（无密码）";
    NoRootPasswordWarning = "Anyone who can reach this agent can sign in the same way and destroy the ODP. Set a password for root@sys in OceanBase.", "任何能够访问该 Agent 的人都可以用同样的方式登录并销毁 ODP。请在 OceanBase 中为 root@sys 设置密码。";
    SignInWith = "Sign in with", "登录方式";
    PasswordHint = "Kept in memory only. Cleared when the ODP is destroyed, when you leave this page, and after 15 idle minutes.", "仅保存在内存中，在 ODP 销毁后、离开本页面时或闲置 15 分钟后清除。";
    HostSignsIn = "The page that embeds this console signs in to the agent.", "由嵌入本控制台的页面登录 Agent。";
    ShowPassword = "Show password", "显示密码";
    SignedIn = "You are still signed in to this agent.", "当前仍处于登录状态。";
    SignOut = "Sign out", "退出登录";
    Connect = "Connect", "连接";
    Connecting = "Connecting…", "正在连接…";
    FactsTitle = "Agent details", "Agent 信息";
    FactsNothing = "Enter the agent address to see the agent's details. No password is needed.", "填写 Agent 地址后，此处显示该 Agent 的信息，无需密码。";
    FactsAsking = "Reading the agent's details…", "正在读取 Agent 信息…";
    FactsRead = "Agent details loaded.", "已读取 Agent 信息。";
    FactsUnknown = "No details of this agent are available yet.", "暂无该 Agent 的信息。";
    Version = "Version", "版本";
    Identity = "Identity", "身份";
    ManagedOdp = "ODP", "ODP";
    Managed = "Managed by this agent", "由该 Agent 管理";
    NotManaged = "None managed", "未管理 ODP";
    Password = "Agent password", "Agent 密码";
    PasswordSet = "Set", "已设置";
    PasswordNotSet = "Not set", "未设置";
    NotTold = "Not reported", "未提供";
    Home = "Agent home", "Agent 主目录";
    AgentClock = "Agent clock", "Agent 时钟";
    RunningSince = "Running since", "启动时间";
    Key = "Public key", "公钥";
    VersionsTested = "This console is tested with real builds of obshell 4.3.1.0 and 4.5.0.0, and with recorded responses of 4.2.6.0 and 4.3.0.0.", "本控制台使用 obshell 4.3.1.0 和 4.5.0.0 的真实构建，以及 4.2.6.0 和 4.3.0.0 的响应记录进行测试。";
    VersionIsOlder = "obshell before 4.3.1.0 cannot skip a stage, and its messages are in English only. obshell 4.2.6.0 also has no task list, and may refuse Cancel and Mark as done.", "4.3.1.0 之前的 obshell 不支持跳过阶段，且消息仅有英文。obshell 4.2.6.0 还没有任务列表，并可能拒绝“取消任务”和“标记为完成”。";

    // Checks.
    PreflightTitle = "Pre-flight checks", "预检查";
    Checking = "Running checks…", "正在检查…";
    CheckAgain = "Run checks again", "重新检查";
    FollowTask = "View task", "查看任务";
    ListTasks = "ODP tasks of this agent", "该 Agent 的 ODP 任务";
    ReadOnly = "This console is read-only. It cannot destroy the ODP or change anything else.", "本控制台为只读模式，无法执行销毁或其他变更操作。";

    // Review.
    OdpTitle = "ODP to destroy", "要销毁的 ODP";
    OdpAsking = "Reading the agent's tasks…", "正在读取 Agent 的任务…";
    OdpHome = "Home", "主目录";
    OdpName = "Name", "名称";
    OdpCluster = "Cluster", "集群";
    OdpPort = "Port", "端口";
    ReviewTitle = "Review and confirm", "核对并确认";
    ReviewReadOnly = "Review", "查看";
    ReviewStages = "What happens", "执行过程";
    ReviewKnow = "Before you confirm", "确认前须知";
    ContinueAnyway = "Continue anyway", "仍要继续";
    TypeToConfirm = "To confirm, type the agent address", "请输入 Agent 地址以确认";
    CopyAddress = "Copy address", "复制地址";

    // Submitting.
    SubmittingTitle = "Starting the task", "正在提交任务";
    Refreshing = "Reading the agent's key and clock again", "重新读取 Agent 的公钥与时钟";
    Deleting = "DELETE request in progress", "DELETE 请求已发出，等待响应";
    DeterminingOutcome = "Checking what the DELETE request did", "正在确认 DELETE 请求的结果";
    UncertainDelete = "The response does not show whether the agent acted on the DELETE request. The console reads the agent's tasks and clock until the outcome is known, which takes about 30 seconds.", "无法根据响应判断 Agent 是否已执行 DELETE 请求。控制台正在读取 Agent 的任务与时钟，直到结果确定，大约需要 30 秒。";
    SentOnce = "Each confirmation sends one DELETE request. No action is needed here.", "每次确认只发送一次 DELETE 请求，此处无需操作。";
    Resent = "The agent could not decrypt the first DELETE request, and its tasks show that the request started nothing. The console sends the request once more with the agent's new key.", "Agent 无法解密第一次 DELETE 请求，其任务列表显示该请求没有发起任务。控制台使用 Agent 的新公钥再发送一次。";
    Waited = "Waiting for", "已等待";

    // The task.
    Stage = "Stage", "阶段";
    Stages = "Stages", "阶段";
    Elapsed = "Elapsed", "耗时";
    TaskId = "Task ID", "任务 ID";
    Next = "Next:", "下一步：";
    Confirming = "The task has ended. Checking whether the agent still manages an ODP…", "任务已结束，正在确认 Agent 是否仍管理 ODP…";
    ContactLost = "Lost contact with the agent. Retrying automatically.", "与 Agent 的连接已中断，正在自动重试。";
    SignInRefused = "The agent no longer accepts the credentials.", "Agent 不再接受当前凭据。";
    SignedOut = "Signed out. Sign in again to see updates.", "已退出登录，请重新登录以获取最新状态。";
    GoOn = "Sign in", "登录";
    StopWatching = "Close task view", "关闭任务页面";
    TryNow = "Try now", "立即重试";
    StopChecking = "Stop checking", "停止查询";
    StopWatchingHint = "Closing this view does not stop the task.", "关闭任务页面不会停止任务。";
    NotifyMe = "Notify me when the task ends", "任务结束时通知我";
    NotificationsBlocked = "The browser blocks notifications from this site. Allow them in the browser's site settings, then try again.", "浏览器已阻止本站点的通知。请在浏览器的站点设置中允许通知，然后重试。";
    NoDetails = "The agent has not reported the stages yet.", "Agent 尚未返回阶段信息。";
    TimesIn = "Time zone", "时区";
    ZoneAgent = "Agent", "Agent";
    ZoneBrowser = "Browser", "浏览器";
    ShowLog = "Show the log of this stage", "查看该阶段的日志";
    FollowStage = "Show the running stage", "查看执行中的阶段";
    Start = "Start", "开始";
    End = "End", "结束";
    Duration = "Duration", "耗时";
    Operator = "Operator", "操作";
    SubTask = "Sub task", "子任务";
    SubTasks = "Sub tasks", "子任务";
    SubTaskName = "Name", "名称";
    SubTaskId = "ID", "ID";
    SubTaskAgent = "Agent", "执行 Agent";
    Details = "Details", "详情";
    LastKnown = "last known", "最近已知状态";
    BarWaited = "Waiting", "等待";
    BarRan = "Running", "执行";
    Executions = "Executions", "执行次数";

    // The log.
    Log = "Log", "日志";
    Line = "line", "行";
    Lines = "lines", "行";
    NoLinesYet = "No log lines yet.", "暂无日志。";
    NoLines = "This stage wrote no log.", "该阶段没有日志。";
    JumpToEnd = "Jump to end", "跳到末尾";

    // The end.
    StartOver = "Start over", "重新开始";
    Copied = "Copied", "已复制";
    CopyFailed = "Copy failed", "复制失败";
    CopyCommand = "Copy", "复制";
    SearchLog = "Search the log", "搜索日志";
    PreviousMatch = "Previous match", "上一处";
    NextMatch = "Next match", "下一处";
    Wrap = "Wrap", "自动换行";
    CopyLog = "Copy log", "复制日志";
    EndFacts = "Removed and kept", "已删除与保留的内容";
    EndKnown = "Known facts", "已知信息";
    EndNext = "Next steps", "后续步骤";
    SignInNext = "Sign in again before the console sends anything else.", "发送其他请求前，控制台会要求重新登录。";
    Evidence = "Evidence", "执行证据";
    Agent = "Agent", "Agent";
    ErrorCode = "Error code", "错误码";
    ErrorMessage = "Agent message", "Agent 返回信息";
    TraceId = "Trace ID", "Trace ID";
    SentAt = "DELETE sent", "DELETE 发送时间";
    EndedAt = "Task ended", "任务结束时间";
    SeenAt = "Seen by this page", "本页面获知时间";
    CopyMarkdown = "Copy Markdown", "复制 Markdown";
    DownloadMarkdown = "Download Markdown", "下载 Markdown";
    CopyJson = "Copy JSON", "复制 JSON";
    DownloadJson = "Download JSON", "下载 JSON";
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: Language = Language::English;
    const CHINESE: Language = Language::Chinese;

    #[test]
    fn chinese_labels_are_chinese() {
        let same = ["ODP", "ID", "Trace ID", "Agent"];
        let labels = Label::ALL
            .iter()
            .map(|label| [ENGLISH, CHINESE].map(|in_it| label.get(in_it)));
        for [english, chinese] in labels {
            assert_eq!(chinese.is_ascii(), same.contains(&chinese), "{chinese}");
            assert!(
                english.chars().all(|c| c.is_ascii() || c == '…'),
                "{english}"
            );
        }
    }
}
