//! Texts of the console's own page outside the console: the title of the tab, and errors that
//! prevent the console from starting.

use super::{Both, ending, fill, problem, say, task, visible};
use crate::flow::event::Language;
use crate::flow::settings::AddressProblem;
use crate::flow::state::{Contact, Screen, State, Task};
use crate::obshell::address::AddressError;
use crate::obshell::dag::progress::Progress;
use crate::obshell::dag::{DELETE_DAG_NAME, Dag};

/// The kind of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// `config.json` could not be read.
    Config,
    /// An option in `config.json` is wrong.
    Option,
    /// The place in the page's address cannot be opened.
    Link,
}

/// One sentence: the failure and its cause.
#[must_use]
pub fn failure(what: Failure, why: &str, language: Language) -> String {
    let sentence: Both = match what {
        Failure::Config => [
            "The ODP console cannot start: config.json beside this page could not be read ({0}).",
            "ODP 控制台无法启动：无法读取本页面旁的 config.json（{0}）。",
        ],
        Failure::Option => [
            "The ODP console cannot start: {0}. Correct config.json beside this page.",
            "ODP 控制台无法启动：{0}。请修改本页面旁的 config.json。",
        ],
        Failure::Link => [
            "This page's link cannot be opened ({0}).",
            "无法打开本页面的链接（{0}）。",
        ],
    };
    fill(language, sentence, &[why])
}

/// The part of a link that cannot be read, as it stands there; the beginning of a long one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// It is not percent-encoded UTF-8.
    Encoding(String),
    /// It names no place of this console.
    Place(String),
    /// It stands where the agent is due, and is no address.
    Agent(String, AddressError),
    /// It stands where an id is due, and is none; empty where nothing stands there.
    Id(String),
}

/// What of the page's link cannot be read, and what is allowed there.
#[must_use]
pub fn malformed(malformed: &Malformed, language: Language) -> String {
    let (both, part): (Both, _) = match malformed {
        Malformed::Agent(text, error) => {
            let why = AddressProblem::Malformed(*error);
            let advice = problem::address_problem(&why, text, language);
            let both = [
                "This page's link cannot be opened. {0} {1}",
                "无法打开本页面的链接。{0}{1}",
            ];
            return fill(language, both, &[&advice.what, &advice.fix]);
        }
        Malformed::Encoding(part) => (
            [
                "This page's link cannot be opened. \"{0}\" is not percent-encoded UTF-8. Write % as %25.",
                "无法打开本页面的链接。“{0}”不是百分号编码的 UTF-8，请将 % 写成 %25。",
            ],
            part,
        ),
        Malformed::Place(part) => (
            [
                "This page's link cannot be opened. \"{0}\" is not a place in this console. Allowed: #/agent/HOST:PORT and #/task/ID.",
                "无法打开本页面的链接。“{0}”不是本控制台中的位置。允许的格式：#/agent/HOST:PORT 和 #/task/ID。",
            ],
            part,
        ),
        Malformed::Id(part) if part.is_empty() => (
            [
                "This page's link cannot be opened. It ends where an ID is expected. An ID consists of digits.",
                "无法打开本页面的链接。链接中缺少 ID，ID 由数字组成。",
            ],
            part,
        ),
        Malformed::Id(part) => (
            [
                "This page's link cannot be opened. \"{0}\" is not an ID. An ID consists of digits.",
                "无法打开本页面的链接。“{0}”不是 ID，ID 由数字组成。",
            ],
            part,
        ),
    };
    fill(language, both, &[&visible(part)])
}

const DESTROYING: Both = ["Destroying…", "正在销毁…"];

/// The title of the tab: state, progress and agent, as far as known. A hidden page does not follow
/// a task unless a notification is requested, so its title shows the last known state.
#[must_use]
pub fn title(state: &State, language: Language) -> String {
    let console = say(language, ["ODP console", "ODP 控制台"]);
    let Some(facts) = state.facts() else {
        return console.to_owned();
    };
    let what = match &state.screen {
        Screen::Connect => console.to_owned(),
        Screen::Review(_) => say(language, ["Review", "确认"]).to_owned(),
        Screen::Submitting(_) => say(language, DESTROYING).to_owned(),
        Screen::Task(task) if state.visible || state.notifies => of_task(task, language),
        Screen::Task(task) => {
            let last = of_task(task, language);
            fill(language, ["Last known: {0}", "最近状态：{0}"], &[&last])
        }
        Screen::Ended(ended) => ending::name(&ended.ending, language),
    };
    format!("{what} · {}", facts.address)
}

fn of_task(task: &Task, language: Language) -> String {
    let both = match task.contact {
        Contact::Good => return progress(&task.dag, language),
        Contact::Retrying { .. } => ["Contact lost", "失去联系"],
        Contact::Unauthenticated(_) => ["Signed out", "已退出登录"],
    };
    say(language, both).to_owned()
}

fn progress(dag: &Dag, language: Language) -> String {
    let what = match dag.progress() {
        Progress::Cancelling => say(language, ["Cancelling…", "正在取消…"]).to_owned(),
        Progress::Waiting | Progress::Running if dag.name == DELETE_DAG_NAME => {
            say(language, DESTROYING).to_owned()
        }
        _ => task::dag_title(&dag.name, language),
    };
    format!("{}/{} {what}", dag.stage, dag.max_stage)
}
