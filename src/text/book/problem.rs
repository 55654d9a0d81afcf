//! Why an action on the agent book failed, and the fix.

use super::DELETE_WORDS;
use crate::book::state::{Problem, StorageContent, StoreProblem};
use crate::book::{BookError, MAX_AGENTS, MAX_ENDPOINT, MAX_NAME, MAX_PASSWORD};
use crate::flow::event::Language;
use crate::flow::settings::AddressProblem;
use crate::text::problem::{Advice, address_problem};
use crate::text::{Both, fill, say};

/// Why the stored book cannot be opened, or used at all.
#[must_use]
pub fn storage_advice(storage_advice: StorageContent, language: Language) -> Option<Advice> {
    match storage_advice {
        StorageContent::Nothing | StorageContent::Book => None,
        StorageContent::Unreadable(why) => Some(book_error(why, BookSource::Stored, language)),
        StorageContent::NoStorage(why) => Some(store_problem(why, language)),
    }
}

/// Why an action failed, and the fix. `typed` is the address as typed.
#[must_use]
pub fn problem(problem: Problem, typed: &str, language: Language) -> Advice {
    match problem {
        Problem::Book(error) => book_error(error, BookSource::Stored, language),
        Problem::File(error) => book_error(error, BookSource::File, language),
        Problem::Store(problem) => store_problem(problem, language),
        Problem::Address(error) => {
            address_problem(&AddressProblem::Malformed(error), typed, language)
        }
        Problem::FileUnread => advice(
            language,
            [
                "The browser could not read the file.",
                "浏览器无法读取该文件。",
            ],
            ["Choose the file again.", "请重新选择文件。"],
        ),
        Problem::PassphraseMissing => advice(
            language,
            ["The passphrase is missing.", "未输入口令。"],
            ["Enter the passphrase.", "请输入口令。"],
        ),
        Problem::PassphraseShort => advice(
            language,
            ["The passphrase is too short.", "口令太短。"],
            ["Use at least 12 characters.", "请使用至少 12 个字符。"],
        ),
        Problem::PassphrasesDiffer => advice(
            language,
            ["The two passphrases differ.", "两次输入的口令不一致。"],
            ["Enter both again.", "请重新输入。"],
        ),
        Problem::PasswordMissing => advice(
            language,
            ["The agent password is missing.", "未输入 Agent 密码。"],
            ["Enter the agent password.", "请输入 Agent 密码。"],
        ),
        Problem::Endpoint => advice(
            language,
            [
                "The endpoint is not a usable URL.",
                "接入地址不是可用的 URL。",
            ],
            [
                "Use an http or https URL without user name, password, ? and #, or leave the field empty.",
                "请填写不含用户名、密码、? 和 # 的 http 或 https 地址，或将该项留空。",
            ],
        ),
        Problem::NotConfirmed => {
            let what = [
                "The words do not match. Nothing was deleted.",
                "输入的文字不一致，未删除任何数据。",
            ];
            let fix = fill(
                language,
                ["Type {0} to confirm.", "请输入 {0} 以确认。"],
                &[DELETE_WORDS],
            );
            Advice {
                what: say(language, what).into(),
                fix,
            }
        }
    }
}

/// The book that an error is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BookSource {
    Stored,
    File,
}

fn book_error(error: BookError, source: BookSource, language: Language) -> Advice {
    let restore = if source == BookSource::File {
        [
            "Export the file again, or use another copy. The saved agents are unchanged.",
            "请重新导出文件或使用其他副本。已保存的 Agent 未受影响。",
        ]
    } else {
        [
            "Nothing was changed. If you have an exported file, delete the agent book and import the file.",
            "未做任何更改。如有导出的文件，请删除密码本后导入该文件。",
        ]
    };
    let retry = ["Nothing was changed. Try again.", "未做任何更改，请重试。"];
    let (what, fix) = match error {
        BookError::NotABook if source == BookSource::File => (
            [
                "The file is not an agent book.",
                "该文件不是 Agent 密码本。",
            ],
            [
                "Choose a file that this console exported.",
                "请选择由本控制台导出的文件。",
            ],
        ),
        BookError::NotABook => (
            [
                "The stored data is not an agent book.",
                "存储的数据不是 Agent 密码本。",
            ],
            restore,
        ),
        BookError::Damaged => (
            [
                "The agent book is damaged or incomplete: its checksum does not match.",
                "密码本已损坏或不完整：校验和不匹配。",
            ],
            restore,
        ),
        BookError::TooLarge => (
            ["The agent book is larger than 1 MiB.", "密码本超过 1 MiB。"],
            [
                "Nothing was changed. Remove agents, or shorten labels and endpoints.",
                "未做任何更改。请移除部分 Agent，或缩短名称和接入地址。",
            ],
        ),
        BookError::Newer { version } => {
            let version = version.to_string();
            let what = [
                "The agent book has format version {0}; this console reads version 1.",
                "密码本的格式版本为 {0}，本控制台仅支持版本 1。",
            ];
            let fix = [
                "Open it with a newer console. Nothing was changed.",
                "请使用更新版本的控制台打开。未做任何更改。",
            ];
            return Advice {
                what: fill(language, what, &[&version]),
                fix: say(language, fix).to_owned(),
            };
        }
        BookError::Weak => (
            [
                "The agent book uses a key derivation that is too weak.",
                "密码本使用的密钥派生强度不足。",
            ],
            restore,
        ),
        BookError::Heavy => (
            [
                "The key derivation of the agent book needs more memory or time than this console allows.",
                "密码本的密钥派生所需内存或时间超出本控制台的限制。",
            ],
            restore,
        ),
        BookError::Passphrase => (
            [
                "The passphrase does not open the agent book.",
                "口令无法打开密码本。",
            ],
            [
                "Check Caps Lock and the keyboard layout, then try again. Nothing was changed.",
                "请检查大写锁定和键盘布局后重试。未做任何更改。",
            ],
        ),
        BookError::Changed => (
            [
                "The passphrase is correct, but the sealed data was changed after it was saved.",
                "口令正确，但加密数据在保存之后被更改过。",
            ],
            restore,
        ),
        BookError::OtherKey => (
            [
                "Another tab changed the passphrase.",
                "其他标签页修改了口令。",
            ],
            ["Unlock with the new passphrase.", "请使用新口令解锁。"],
        ),
        BookError::Taken => (
            [
                "The agent book already has an agent with this address.",
                "密码本中已有该地址的 Agent。",
            ],
            ["Edit the saved agent instead.", "请编辑已保存的 Agent。"],
        ),
        BookError::Missing => (
            [
                "The agent is no longer in the agent book.",
                "该 Agent 已不在密码本中。",
            ],
            ["Add the agent again.", "请重新添加该 Agent。"],
        ),
        BookError::Full => {
            let limit = MAX_AGENTS.to_string();
            let what = [
                "The agent book is full: {0} agents.",
                "密码本已满：{0} 个 Agent。",
            ];
            let fix = [
                "Remove agents you no longer need.",
                "请移除不再需要的 Agent。",
            ];
            return Advice {
                what: fill(language, what, &[&limit]),
                fix: say(language, fix).to_owned(),
            };
        }
        BookError::TooLong => {
            let limits = [MAX_NAME, MAX_ENDPOINT, MAX_PASSWORD].map(|limit| limit.to_string());
            let [names, endpoint, password] = &limits;
            let fix = [
                "Limits: label and group {0} characters, endpoint {1} characters, password {2} bytes.",
                "上限：名称和分组 {0} 个字符，接入地址 {1} 个字符，密码 {2} 字节。",
            ];
            return Advice {
                what: say(language, ["A field is too long.", "某一项过长。"]).into(),
                fix: fill(language, fix, &[names, endpoint, password]),
            };
        }
        BookError::Randomness => (
            [
                "The browser provided no random numbers.",
                "浏览器未提供随机数。",
            ],
            retry,
        ),
    };
    advice(language, what, fix)
}

fn store_problem(problem: StoreProblem, language: Language) -> Advice {
    let (what, fix) = match problem {
        StoreProblem::Refused => (
            [
                "This browser does not allow this page to store data.",
                "此浏览器不允许本页面存储数据。",
            ],
            [
                "Allow site data for this page, then reload it.",
                "请在浏览器中允许本页面存储数据，然后重新加载。",
            ],
        ),
        StoreProblem::Full => (
            [
                "The browser's storage for this page is full. The agent book is unchanged.",
                "浏览器为本页面分配的存储空间已满，密码本未更改。",
            ],
            [
                "Clear other data of this site, then try again.",
                "请清理本站点的其他数据后重试。",
            ],
        ),
        StoreProblem::Unverified => (
            [
                "The agent book could not be read back after writing. The previous version is unchanged.",
                "写入后无法读回密码本，之前的版本未更改。",
            ],
            ["Try again.", "请重试。"],
        ),
        StoreProblem::Changed => (
            [
                "Another tab changed the agent book at the same time. Nothing was saved here.",
                "其他标签页同时更改了密码本，此处未保存。",
            ],
            ["Try again.", "请重试。"],
        ),
        StoreProblem::Host => (
            [
                "The page that embeds this console could not load or save the agent book.",
                "嵌入本控制台的页面无法读取或保存密码本。",
            ],
            [
                "Try again, or contact the operator of the page.",
                "请重试，或联系该页面的管理员。",
            ],
        ),
    };
    advice(language, what, fix)
}

fn advice(language: Language, what: Both, fix: Both) -> Advice {
    Advice {
        what: say(language, what).into(),
        fix: say(language, fix).to_owned(),
    }
}
