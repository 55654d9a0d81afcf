//! What the page of the console's own says beside the console: the title of its tab, and what failed
//! where there is no console to say it.

use super::{Both, ending, fill, say, task};
use crate::flow::event::Language;
use crate::flow::state::{Contact, Screen, State, Task};
use crate::obshell::dag::progress::Progress;
use crate::obshell::dag::{DELETE_DAG_NAME, Dag};

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// `config.json` could not be read.
    Config,
    /// An option in `config.json` is wrong.
    Option,
    /// The page's address names something that cannot be opened.
    Link,
}

/// One sentence: what failed, and why.
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

const DESTROYING: Both = ["Destroying…", "正在销毁…"];

/// The title of the tab: state, progress and agent, as far as they are known. A hidden page follows
/// no task unless its end is to be notified, so that its title tells what was known last.
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
