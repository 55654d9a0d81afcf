//! The labels on the screens of a run.

use crate::flow::event::Language;
use crate::text::labels::labels;

labels! {
    /// A label on a screen of a run.
    FleetLabel:

    // The frame.
    StepChoose = "Choose agents", "选择 Agent";
    StepSignIn = "Sign in", "登录";
    StepChecks = "Pre-flight checks", "预检查";
    StepReview = "Review and confirm", "核对并确认";
    StepRun = "Run", "执行";

    // Choosing.
    Several = "Several agents", "多个 Agent";
    StoredRunHint = "This tab has stored a run over several agents. It opens here.", "本标签页保存了一个批量任务，可在此打开。";
    SeveralHint = "Destroy the ODPs of a whole cluster in one run.", "在一次批量任务中销毁整个集群的 ODP。";
    OneAgent = "One agent", "单个 Agent";
    ChooseTitle = "Choose agents", "选择 Agent";
    ChooseIntro = "Choose the obshell agents whose ODPs you want to destroy.", "请选择待销毁 ODP 所属的 obshell Agent。";
    SiteAgents = "Agents of this site", "本站点的 Agent";
    NoGroup = "No group", "未分组";
    Paste = "More agent addresses", "其他 Agent 地址";
    PasteListed = "Listed agents by address", "按地址选择列表中的 Agent";
    PasteHint = "One address a line, or separated by commas, semicolons or spaces. For example 10.10.10.1:2886.", "每行一个地址，也可用逗号、分号或空格分隔，例如 10.10.10.1:2886。";
    ChooseSaved = "Choose from saved agents", "从已保存的 Agent 中选择";
    SavedNotListed = "Saved agents that are not in this site's list cannot be chosen.", "不在本站点列表中的已保存 Agent 不可选择。";
    NothingChosen = "Choose at least one agent.", "请至少选择一个 Agent。";
    FixAddresses = "Correct the addresses named below.", "请更正下列地址。";
    Continue = "Continue", "继续";
    ClearChoice = "Clear selection", "清除选择";

    // Signing in.
    SignInTitle = "Sign in to the agents", "登录 Agent";
    HowToSignIn = "Passwords", "密码";
    OnePassword = "One password for all agents", "所有 Agent 使用同一密码";
    PasswordEach = "A password for each agent", "每个 Agent 使用各自的密码";
    SavedPasswords = "Passwords from the agent book", "使用密码本中的密码";
    BookHint = "A saved password is decrypted for each request and cleared right after. Passwords that you type are kept in memory until the ODP is destroyed.", "已保存的密码仅在发送请求时解密，随后立即清除。手动填写的密码在 ODP 销毁前保存在内存中。";
    EnterPasswords = "Enter the missing passwords below.", "请在下方填写缺少的密码。";
    PasswordSaved = "Saved in the agent book", "已保存在密码本中";
    BookLockedWhat = "The agent book is locked. Tasks in progress continue on their agents.", "密码本已锁定。执行中的任务会在 Agent 上继续。";
    BookLockedFix = "Unlock the agent book to sign in again.", "请解锁密码本以重新登录。";
    FromBook = "Sign in with saved passwords", "使用已保存的密码登录";
    PasswordsHint = "Kept in memory only. The password of an agent is cleared when its ODP is destroyed. All passwords are cleared when you leave this page and after 15 idle minutes.", "仅保存在内存中。ODP 销毁后清除对应 Agent 的密码；离开本页面或闲置 15 分钟后清除全部密码。";
    HostSignsIn = "The page that embeds this console signs in to each agent.", "由嵌入本控制台的页面登录各 Agent。";
    PasswordGiven = "Password entered", "已填写密码";
    RunChecks = "Run pre-flight checks", "执行预检查";
    RestoredWhat = "A run was restored after this page was reloaded. Nothing was sent since.", "页面重新加载后已恢复批量任务，此后未发送任何请求。";
    RestoredFix = "Sign in to read the agents again. Agents that have not received a DELETE request wait for a new confirmation.", "请重新登录以读取各 Agent 的状态。尚未发送 DELETE 请求的 Agent 需要重新确认。";
    GiveUpRun = "Discard this run", "放弃该批量任务";

    // Before the confirmation.
    ChecksTitle = "Pre-flight checks", "预检查";
    CheckAllAgain = "Check all again", "全部重新检查";
    CheckAgain = "Check again", "重新检查";
    LeaveOut = "Leave out", "排除";
    Include = "Include", "重新加入";
    ReviewAgents = "Review and confirm", "核对并确认";
    AllChecksPassed = "All checks passed", "检查全部通过";
    SignInAll = "Sign in to all waiting agents", "登录所有待登录的 Agent";
    ToSignIn = "Sign in", "登录";

    // Columns.
    Agent = "Agent", "Agent";
    Label = "Label", "标签";
    Version = "Version", "版本";
    Checks = "Checks", "检查结果";
    Odp = "ODP", "ODP";
    Position = "No.", "序号";
    Stage = "Stage", "阶段";
    State = "Status", "状态";
    Elapsed = "Elapsed", "耗时";
    NewestLine = "Latest log line", "最新日志";
    Actions = "Actions", "操作";
    Password = "Password", "密码";
    Managed = "Managed", "已管理";
    NotManaged = "None managed", "未管理";
    Unknown = "Unknown", "未知";

    // Review.
    ReviewTitle = "Review and confirm", "核对并确认";
    Order = "Agents in order", "执行顺序";
    LeftOutAgents = "Left out", "已排除";
    HowToRun = "How to run", "执行方式";
    Batch = "Batch size", "每批数量";
    BatchHint = "How many ODPs are destroyed at a time. The next batch starts when every agent of the batch before has ended.", "同时销毁的 ODP 数量。一批中的 Agent 全部结束后才开始下一批。";
    PauseSeconds = "Pause between batches, in seconds", "批次间隔（秒）";
    PauseHint = "0 to 3600.", "0 到 3600。";
    StopOnBadEnd = "Stop when an agent does not end as Destroyed", "有 Agent 未以“已销毁”结束时停止";
    StopHint = "No further DELETE request is sent until you resume the run.", "恢复执行之前，不再发送 DELETE 请求。";
    WhatHappens = "What happens on each agent", "每个 Agent 的执行过程";
    TypeToConfirm = "To confirm, type", "请输入以下内容以确认";
    ReadOnly = "This console is read-only. It cannot destroy an ODP or change anything else.", "本控制台为只读模式，无法执行销毁或其他变更操作。";

    // The run.
    RunTitle = "Run", "批量任务";
    RunProgress = "Progress of the run", "批量任务进度";
    Pause = "Pause", "暂停";
    Resume = "Resume", "恢复执行";
    EndRun = "End run", "结束批量任务";
    PauseEffect = "Pause sends no further DELETE request. Tasks in progress continue.", "暂停后不再发送 DELETE 请求，执行中的任务会继续。";
    EndEffect = "End run leaves every waiting ODP in place.", "结束批量任务后，等待中的 ODP 均不会被销毁。";
    Retry = "Retry", "重试";
    StopWaiting = "Stop waiting", "不再等待";
    Destroyed = "Destroyed", "已销毁";
    Running = "Running", "执行中";
    Waiting = "Waiting", "等待中";
    NotDestroyed = "Not destroyed", "未销毁";
    NotStarted = "Not started", "未执行";
    BackToAll = "Back to all agents", "返回全部 Agent";
    AgentsOfRun = "Agents of the run", "批量任务中的 Agent";
    TryAgain = "Retry this agent", "重试该 Agent";
    RetryTurn = "No DELETE request was sent. The agent is checked and its turn is scheduled again.", "尚未发送 DELETE 请求。控制台会重新检查该 Agent 并再次排队。";
    RetryTask = "The agent runs the stage again as soon as a place in the batch is free.", "批次有空位时，Agent 会重新执行该阶段。";
    RetryConfirm = "A DELETE request was sent before. The console reads the agent again, then sends one new DELETE request. Type the agent address to confirm.", "此前已发送过 DELETE 请求。控制台会重新读取该 Agent，然后再发送一次 DELETE 请求。请输入 Agent 地址以确认。";
    LostSightWhat = "The outcome on this agent is unknown. It counts as not destroyed.", "该 Agent 上的结果未知，按未销毁计。";
    LostSightFix = "Check the agent's tasks on the host.", "请在主机上检查该 Agent 的任务。";

    // The end.
    EndTitle = "Run ended", "批量任务已结束";
    CopyMarkdown = "Copy Markdown", "复制 Markdown";
    DownloadMarkdown = "Download Markdown", "下载 Markdown";
    CopyJson = "Copy JSON", "复制 JSON";
    DownloadJson = "Download JSON", "下载 JSON";
    CopyCsv = "Copy CSV", "复制 CSV";
    DownloadCsv = "Download CSV", "下载 CSV";
    StartOver = "Start over", "重新开始";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_labels_are_chinese() {
        for label in FleetLabel::ALL {
            let [english, chinese] =
                [Language::English, Language::Chinese].map(|language| label.get(language));
            assert_eq!(
                chinese.is_ascii(),
                ["Agent", "ODP"].contains(&chinese),
                "{chinese}"
            );
            assert!(english.is_ascii(), "{english}");
        }
    }
}
