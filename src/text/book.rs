//! Texts of the agent book.

mod problem;

use super::labels::labels;
use super::{Both, fill, say};
use crate::book::state::{Outcome, Work};
use crate::book::{Entry, Plan};
use crate::flow::event::Language;

pub use self::problem::{problem, storage_advice};

labels! {
    /// A short text of the agent book.
    BookLabel:

    Title = "Saved agents", "已保存的 Agent";
    StateAsking = "Reading the agent book…", "正在读取 Agent 密码本…";
    StateAbsent = "None", "无";
    StateLocked = "Locked", "已锁定";
    StateUnreadable = "Cannot be opened", "无法打开";
    StateNoStorage = "Not available", "不可用";

    Intro = "Save agents and their passwords in this browser, sealed under a passphrase. Choosing a saved agent signs in without typing its password.", "将 Agent 及其密码保存在此浏览器中，并用口令加密。选择已保存的 Agent 即可登录，无需再次输入密码。";
    Create = "Create agent book", "创建 Agent 密码本";
    Creating = "Creating the agent book…", "正在创建 Agent 密码本…";
    Unlock = "Unlock", "解锁";
    UnlockTitle = "Unlock the agent book", "解锁 Agent 密码本";
    Unlocking = "Unlocking…", "正在解锁…";
    Lock = "Lock", "锁定";
    LockHint = "Locks after 15 idle minutes and when you leave this page.", "闲置 15 分钟后或离开本页面时自动锁定。";
    Storing = "Saving…", "正在保存…";
    Passphrase = "Passphrase", "口令";
    NewPassphrase = "New passphrase", "新口令";
    PassphraseAgain = "Repeat the passphrase", "再次输入口令";
    PassphraseHint = "At least 12 characters. Length matters most: five random words resist guessing far better than a short password with symbols. A lost passphrase cannot be recovered.", "至少 12 个字符。长度最重要：五个随机词语远比带符号的短密码更难猜测。口令遗失后无法找回。";
    FilePassphraseHint = "The passphrase under which the file was exported.", "导出该文件时密码本所用的口令。";
    ShowPassphrase = "Show", "显示";

    NoAgents = "The agent book has no agents yet.", "密码本中还没有 Agent。";
    Add = "Add agent", "添加 Agent";
    AddTitle = "Add an agent", "添加 Agent";
    EditTitle = "Edit agent", "编辑 Agent";
    Edit = "Edit", "编辑";
    Remove = "Remove", "移除";
    SignIn = "Sign in", "登录";
    Save = "Save", "保存";
    Cancel = "Cancel", "取消";
    NoGroup = "No group", "未分组";
    Address = "Address", "地址";
    Name = "Label (optional)", "名称（可选）";
    Group = "Group (optional)", "分组（可选）";
    Endpoint = "Endpoint (optional)", "接入地址（可选）";
    EndpointHint = "URL of the agent if it differs from this site's, absolute or relative to the page.", "Agent 的 URL（与本站点的默认地址不同时填写），可为绝对地址或相对于本页面的地址。";
    Password = "Password", "密码";
    KeepPassword = "Leave empty to keep the saved password.", "留空则保留已保存的密码。";

    ChangePassphrase = "Change passphrase", "修改口令";
    ChangingPassphrase = "Changing the passphrase…", "正在修改口令…";
    ChangePassphraseHint = "Exported files keep the passphrase they were exported under.", "已导出的文件仍使用导出时的口令。";
    Export = "Export to file", "导出到文件";
    ExportHint = "The file is sealed under the passphrase of the agent book.", "文件使用密码本的口令加密。";
    Import = "Import from file", "从文件导入";
    ImportTitle = "Import an agent book", "导入 Agent 密码本";
    File = "Agent book file", "Agent 密码本文件";
    OpenFile = "Open file", "打开文件";
    OpeningFile = "Opening the file…", "正在打开文件…";
    Merge = "Merge", "合并";
    Replace = "Replace", "替换";

    Delete = "Delete agent book", "删除 Agent 密码本";
    DeleteEffect = "Removes all saved agents and passwords from this browser. Exported files are not affected. This cannot be undone.", "从此浏览器中移除所有已保存的 Agent 及密码，不影响已导出的文件。此操作不可撤销。";
    TypeToDelete = "To confirm, type the words below", "请输入以下文字以确认";

    About = "What the agent book protects", "密码本的保护范围";
    Protects = "Protects saved passwords if someone copies this browser's profile or an exported file.", "当他人复制此浏览器的配置文件或已导出的文件时，可保护其中保存的密码。";
    CannotScripts = "Cannot protect against scripts in this page or browser extensions: they can read the passphrase as you type it.", "无法防范本页面中的脚本或浏览器扩展：它们可以读取您输入的口令。";
    CannotMalware = "Cannot protect against malware on this machine.", "无法防范本机上的恶意软件。";
    CannotWeak = "Cannot protect a weak passphrase: anyone with a copy can keep guessing.", "无法保护强度不足的口令：持有副本的人可以不断尝试猜测。";
    Shows = "A locked book shows the number of agents. Addresses, labels and groups are sealed.", "锁定的密码本会显示 Agent 的数量，地址、名称和分组均已加密。";

    Offer = "Save this agent and its password in the agent book?", "是否将该 Agent 及其密码保存到密码本？";
    SaveAgent = "Save this agent", "保存该 Agent";
    NotNow = "Not now", "暂不保存";
}

/// The text to type to delete the book, in every language.
pub const DELETE_WORDS: &str = "delete book";

/// The name of an exported file.
pub const FILE_NAME: &str = "odp-agent-book.json";

/// The number of agents in an open book.
#[must_use]
pub fn count(agents: &str, language: Language) -> String {
    let both = if agents == "1" {
        ["{0} agent", "{0} 个 Agent"]
    } else {
        ["{0} agents", "{0} 个 Agent"]
    };
    fill(language, both, &[agents])
}

/// The name of an agent of the book: label and address.
#[must_use]
pub fn name(entry: &Entry) -> String {
    let address = entry.details.address.to_string();
    match &entry.details.label {
        Some(label) => format!("{label} ({address})"),
        None => address,
    }
}

/// The accessible names of an agent's buttons, which distinguish them for screen readers.
#[must_use]
pub fn action_on(act: BookLabel, name: &str, language: Language) -> String {
    let both = match act {
        BookLabel::SignIn => ["Sign in to {0}", "登录 {0}"],
        BookLabel::Edit => ["Edit {0}", "编辑 {0}"],
        _ => ["Remove {0}", "移除 {0}"],
    };
    fill(language, both, &[name])
}

/// The question before an agent is removed.
#[must_use]
pub fn remove_question(name: &str, language: Language) -> String {
    let both = [
        "Remove {0} and its password from the agent book?",
        "是否从密码本中移除 {0} 及其密码？",
    ];
    fill(language, both, &[name])
}

/// The message for an operation in progress.
#[must_use]
pub fn work_label(work: Work, language: Language) -> &'static str {
    let label = match work {
        Work::Unlocking => BookLabel::Unlocking,
        Work::Creating => BookLabel::Creating,
        Work::ChangingPassphrase => BookLabel::ChangingPassphrase,
        Work::OpeningFile => BookLabel::OpeningFile,
        Work::Storing => BookLabel::Storing,
    };
    label.get(language)
}

/// The effects of merging a file, and of replacing the book with it.
#[must_use]
pub fn plan(plan: &Plan, name: &str, language: Language) -> [String; 3] {
    let [total, new, changed, same, own, kept] = [
        plan.added + plan.updated + plan.same,
        plan.added,
        plan.updated,
        plan.same,
        plan.own,
        plan.own + plan.same,
    ]
    .map(|count| count.to_string());
    [
        fill(
            language,
            [
                "{0} has {1}: {2} new, {3} different from the saved ones, {4} identical.",
                "{0} 中有 {1}：{2} 个为新增，{3} 个与已保存的不同，{4} 个相同。",
            ],
            &[name, &count(&total, language), &new, &changed, &same],
        ),
        fill(
            language,
            [
                "Merge adds {0}, updates {1} with the data of the file and keeps {2} as saved.",
                "合并：新增 {0} 个，用文件中的数据更新 {1} 个，{2} 个保持不变。",
            ],
            &[&new, &changed, &kept],
        ),
        fill(
            language,
            [
                "Replace does the same and removes the {0} that the file does not have.",
                "替换：除上述变更外，还会移除文件中不存在的 {0} 个。",
            ],
            &[&own],
        ),
    ]
}

/// The message after an action.
#[must_use]
pub fn outcome(outcome: &Outcome, language: Language) -> String {
    let both: Both = match outcome {
        Outcome::Created => ["Agent book created and unlocked.", "密码本已创建并解锁。"],
        Outcome::Added => ["Agent saved.", "Agent 已保存。"],
        Outcome::Edited => ["Agent updated.", "Agent 已更新。"],
        Outcome::Removed => ["Agent removed.", "Agent 已移除。"],
        Outcome::PassphraseChanged => ["Passphrase changed.", "口令已修改。"],
        Outcome::Imported(plan) => {
            let [added, updated] = [plan.added, plan.updated].map(|count| count.to_string());
            return fill(
                language,
                [
                    "Imported: {0} added, {1} updated.",
                    "导入完成：新增 {0} 个，更新 {1} 个。",
                ],
                &[&added, &updated],
            );
        }
        Outcome::ImportedWhole => ["Agent book imported and unlocked.", "密码本已导入并解锁。"],
        Outcome::Exported => ["Agent book exported.", "密码本已导出。"],
        Outcome::Deleted => ["Agent book deleted.", "密码本已删除。"],
        Outcome::LockedIdle => [
            "Locked after 15 idle minutes.",
            "闲置 15 分钟，已自动锁定。",
        ],
        Outcome::LockedLeft => ["Locked when you left this page.", "离开页面时已自动锁定。"],
        Outcome::OtherPassphrase => [
            "Another tab changed the passphrase. Unlock with the new one. Nothing was lost.",
            "其他标签页修改了口令，请使用新口令解锁。数据未丢失。",
        ],
        Outcome::DeletedElsewhere => [
            "Another tab deleted the agent book.",
            "其他标签页删除了密码本。",
        ],
    };
    say(language, both).to_owned()
}
