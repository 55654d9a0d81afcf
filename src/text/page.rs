//! What a page of the console's own says where there is no console to say it.

use super::{Both, fill};
use crate::flow::event::Language;

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// `config.json` could not be read, or an option in it is wrong.
    Config,
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
        Failure::Link => [
            "This page's link cannot be opened ({0}).",
            "无法打开本页面的链接（{0}）。",
        ],
    };
    fill(language, sentence, &[why])
}
