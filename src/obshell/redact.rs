//! Secrets in texts of an agent, hidden where the texts enter the console.
//!
//! obshell writes the command that starts an obproxy into the log of its task, with the SHA-1 of a
//! password in it (`obproxy_sys_password=…`; protocol: 13.14). No layer above this one ever holds
//! such a value. What counts as secret is [`SECRET_NAMES`], and nothing else in the console decides
//! that.

use std::ops::Range;

/// What stands in place of a hidden value.
pub const HIDDEN: &str = "***";

/// What a name contains whose value is secret, in lower case: `obproxy_sys_password`,
/// `"password":`, `--passwd`, `observer_sys_password1`, `SECRET_KEY =`.
pub const SECRET_NAMES: [&str; 6] = [
    "password",
    "passwd",
    "passphrase",
    "_pwd",
    "secret_key",
    "access_key",
];

/// What stands before a password in SQL.
const IDENTIFIED_BY: &str = "identified by";

/// What MySQL writes in place of a password (`using password: YES`).
const NO_SECRETS: [&str; 2] = ["YES", "NO"];

/// A text without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted {
    /// The text, with [`HIDDEN`] in place of each secret value.
    pub text: String,
    /// How many values were hidden.
    pub hidden: usize,
}

/// Hides the secret values in a text. A text that was redacted already stays as it is.
#[must_use]
pub fn redact(text: &str) -> Redacted {
    // Lower-casing ASCII moves no byte, so both texts have the same positions.
    let lower = text.to_ascii_lowercase();
    let mut redacted = Redacted {
        text: String::with_capacity(text.len()),
        hidden: 0,
    };
    let (mut kept, mut from) = (0, 0);
    while let Some(name) = next_name(&lower, from) {
        from = name.end;
        let Some(value) = value_of(text, &lower, &name) else {
            continue;
        };
        from = value.end.max(name.end);
        let secret = text.get(value.clone()).unwrap_or_default();
        if !secret.is_empty()
            && secret != HIDDEN
            && !NO_SECRETS.contains(&secret.trim_end_matches(')'))
        {
            let before = text.get(kept..value.start).unwrap_or_default();
            redacted.text.push_str(before);
            redacted.text.push_str(HIDDEN);
            redacted.hidden += 1;
            kept = value.end;
        }
    }
    redacted.text.push_str(text.get(kept..).unwrap_or_default());
    redacted
}

/// The next name from here on whose value is secret, from its secret part to its end.
fn next_name(lower: &str, from: usize) -> Option<Range<usize>> {
    let rest = lower.get(from..)?;
    let words = SECRET_NAMES.iter().chain([&IDENTIFIED_BY]);
    let found = words.filter_map(|word| Some((rest.find(word)?, word.len())));
    let (at, length) = found.min()?;
    let (start, mut end) = (from + at, from + at + length);
    end += length_while(lower.get(end..)?, is_name);
    Some(start..end)
}

/// Where the value of a name stands; `None` where nothing follows that would be one.
fn value_of(text: &str, lower: &str, name: &Range<usize>) -> Option<Range<usize>> {
    let word = lower.get(name.clone())?;
    let begins = lower.get(..name.start)?;
    let option = begins
        .rsplit(|c| !is_name(c) && c != '-')
        .next()?
        .starts_with("--");
    // A name in quotes, as in JSON, which may itself stand in a string.
    let rest = text.get(name.end..)?;
    let quoted = opener(rest).map_or(0, str::len);
    let after_name = rest.get(quoted..)?;
    let spaced = after_name.trim_start();
    let spaces = after_name.len() - spaced.len();
    let skipped = match spaced.chars().next()? {
        // "password= none" has no value.
        '=' if spaces == 0 => 1,
        '=' | ':' => {
            let value = spaced.get(1..)?;
            1 + value.len() - value.trim_start().len()
        }
        '(' if spaces == 0 => 1,
        _ if spaces > 0 && (word == IDENTIFIED_BY || (option && !spaced.starts_with('-'))) => 0,
        _ => return None,
    };
    let start = name.end + quoted + spaces + skipped;
    let value = text.get(start..)?;
    Some(match opener(value) {
        // The quote may end what stands around: `-o 'password=' -n 'px'`.
        Some(quote) if quoted == 0 && closes(text, start, quote) => start..start,
        Some(quote) => {
            let start = start + quote.len();
            start..start + length_in_quotes(text.get(start..)?, quote)
        }
        None => start..start + length_unquoted(value, option),
    })
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn length_while(text: &str, fits: impl Fn(char) -> bool) -> usize {
    text.find(|c| !fits(c)).unwrap_or(text.len())
}

/// A quotation mark at the beginning, with the backslashes before it.
fn opener(text: &str) -> Option<&str> {
    let backslashes = length_while(text, |c| c == '\\');
    match text.get(backslashes..)?.chars().next()? {
        '"' | '\'' => text.get(..=backslashes),
        _ => None,
    }
}

/// Whether the quotation mark at this place closes one before it: one is open there, and no value
/// follows.
fn closes(text: &str, at: usize, quote: &str) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let marks = before.match_indices(quote);
    let marks = marks.filter(|(at, _)| !before.get(..*at).is_some_and(|text| text.ends_with('\\')));
    let after = text
        .get(at + quote.len()..)
        .and_then(|text| text.chars().next());
    marks.count() % 2 == 1 && after.is_none_or(|c| c.is_whitespace() || ",;&)]}'\"".contains(c))
}

/// How long a text is up to the quotation mark that ends it; the whole where none does.
fn length_in_quotes(text: &str, quote: &str) -> usize {
    let mut ends = text.match_indices(quote);
    let end = ends.find(|(at, _)| !text.get(..*at).is_some_and(|before| before.ends_with('\\')));
    end.map_or(text.len(), |(at, _)| at)
}

/// How long a value without quotation marks is. In a list of options it ends at the next; the value
/// of an option of a command goes on to the next space. What stands in brackets belongs to it, and
/// so does a quotation mark as a shell writes it inside of quotation marks.
fn length_unquoted(text: &str, option: bool) -> usize {
    const SHELL_QUOTE: &str = r"'\''";
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(rest) = text.get(at..)
        && let Some(c) = rest.chars().next()
    {
        if rest.starts_with(SHELL_QUOTE) {
            at += SHELL_QUOTE.len();
            continue;
        }
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ',' | ';' | '&' if option => {}
            ',' | ';' | '&' | '\'' | '"' => break,
            c if c.is_whitespace() => break,
            _ => {}
        }
        at += c.len_utf8();
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(of: &str) -> String {
        redact(of).text
    }

    #[test]
    fn the_password_in_the_recorded_start_command_is_hidden() {
        let hash = "b4c56ee8d2854166dec66644f541b85247105b2c";
        let line = format!(
            "start obproxy cmd: cd '/home/admin/px2'; ./bin/obproxy -o 'listen_port=2883,obproxy_sys_password={hash},rpc_listen_port=2885' -n 'px'"
        );
        let redacted = redact(&line);
        assert_eq!(redacted.text, line.replace(hash, HIDDEN));
        assert_eq!(redacted.hidden, 1);
        assert_eq!(redact(&redacted.text).text, redacted.text);
        assert_eq!(redact(&redacted.text).hidden, 0, "nothing is hidden twice");
    }

    #[test]
    fn values_are_hidden_however_they_are_written() {
        for (line, hidden) in [
            (
                "./bin/obproxy -o 'listen_port=2883,obproxy_sys_password=b4c56,Password=x' -n 'px'",
                "./bin/obproxy -o 'listen_port=2883,obproxy_sys_password=***,Password=***' -n 'px'",
            ),
            ("密码 password=password=x", "密码 password=***"),
            (
                "observer_sys_password1=s3,passwd=s3;root_pwd=s3",
                "observer_sys_password1=***,passwd=***;root_pwd=***",
            ),
            (r#"{"password":"s3"}"#, r#"{"password":"***"}"#),
            (
                r#"{"rootPwd": 1, "new_password" : "s \" 3", "x": 1}"#,
                r#"{"rootPwd": 1, "new_password" : "***", "x": 1}"#,
            ),
            (
                r#""{\"password\":\"s3\",\"x\":1}""#,
                r#""{\"password\":\"***\",\"x\":1}""#,
            ),
            ("{'password': 's3'}", "{'password': '***'}"),
            ("password: s3, x", "password: ***, x"),
            (
                "mysql --password s3,3 --user root",
                "mysql --password *** --user root",
            ),
            ("x --sys-password=s3&3 y", "x --sys-password=*** y"),
            ("--root-passwd 's 3' y", "--root-passwd '***' y"),
            (
                "ALTER proxyconfig SET observer_sys_password = s3",
                "ALTER proxyconfig SET observer_sys_password = ***",
            ),
            ("PASSWORD = 's 3'; x", "PASSWORD = '***'; x"),
            ("SET PASSWORD = PASSWORD('s3'); x", "SET PASSWORD = ***; x"),
            ("password('s3')", "password('***')"),
            (
                "ALTER USER root IDENTIFIED BY 's3'",
                "ALTER USER root IDENTIFIED BY '***'",
            ),
            (
                r"-o 'a=1,password=s'\''3,b=2' -n 'px'",
                "-o 'a=1,password=***,b=2' -n 'px'",
            ),
            (
                "secret_key=s3 access_key_id=s3",
                "secret_key=*** access_key_id=***",
            ),
            ("password=\"s3", "password=\"***"),
            // A quotation mark before it that is not closed.
            (
                "it's \" {\"password\":\"s3\"}",
                "it's \" {\"password\":\"***\"}",
            ),
            ("it's password='s3'", "it's password='***'"),
        ] {
            assert_eq!(text(line), hidden);
            assert_eq!(text(hidden), hidden, "it stays");
            assert!(redact(line).hidden > 0);
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for line in [
            "",
            "password",
            "password= none",
            "password=",
            "-o 'a=1,obproxy_sys_password=' -n 'px'",
            "set obproxy user password",
            "Set proxyro password for connect",
            "Access denied for user 'root'@'127.0.0.1' (using password: YES)",
            "get password failed",
            "--password --user root",
            "\"password\" is not set",
            "Get obproxy pid: 8897",
            "PWD=/home/admin",
        ] {
            assert_eq!(
                redact(line),
                Redacted {
                    text: line.to_owned(),
                    hidden: 0
                }
            );
        }
    }
}
