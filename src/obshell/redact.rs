//! Hides secrets in the texts of an agent when the texts enter the console.
//!
//! obshell writes the command that starts an obproxy into the log of its task, including the SHA-1
//! of a password (`obproxy_sys_password=…`; protocol: 13.14). No layer above this one ever contains
//! such a value. Three forms are known, and no other code decides which values are secret:
//!
//! - the value of a name that contains one of [`SECRET_NAMES`]: `"password":"…"`, `--passwd …`,
//!   `PASSWORD = …`;
//! - `-p…` and `-p …` after one of [`CLIENTS`];
//! - the password in `scheme://user:password@host` and in `user:password@tcp(host)`, the format of
//!   Go's MySQL driver.

use std::cmp::Reverse;
use std::ops::Range;

/// The replacement of a hidden value.
pub const HIDDEN: &str = "***";

/// The parts, in lower case, that mark the name of a secret value: `obproxy_sys_password`,
/// `"password":`, `--passwd`, `observer_sys_password1`, `rootPwd`, `SECRET_KEY =`.
pub const SECRET_NAMES: [&str; 6] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret_key",
    "access_key",
];

/// Every name of a secret value contains one of these: a line without any of them is not searched
/// further.
const STEMS: [&str; 4] = ["pass", "pwd", "_key", "identified by"];

/// Programs whose option `-p` is a password.
pub const CLIENTS: [&str; 8] = [
    "mysql",
    "mysqladmin",
    "mysqldump",
    "mysqlimport",
    "mariadb",
    "obclient",
    "obdumper",
    "obloader",
];

/// The names of a shell's working directory: a path, not a password.
const FOLDERS: [&str; 2] = ["PWD", "OLDPWD"];

/// The words before a password, or before a hash of one, in SQL.
const IDENTIFIED_BY: [&str; 2] = ["identified by", "identified by password"];

/// The number of bytes searched around a name or an `@` for the context of a value: a line with a
/// million names must not take minutes.
const MOST_AROUND: usize = 4096;

/// The words that MySQL writes instead of a password (`using password: YES`).
const NO_SECRETS: [&str; 2] = ["YES", "NO"];

/// A quotation mark inside quotation marks, as a shell writes it.
const SHELL_QUOTE: &str = r"'\''";

/// The maximum number of passes over a text in which values were hidden.
const MOST_PASSES: usize = 8;

/// A text without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted {
    /// The text, with [`HIDDEN`] in place of each secret value.
    pub text: String,
    /// The number of hidden values.
    pub hidden: usize,
}

/// Hides the secret values in a text. A redacted text is unchanged.
#[must_use]
pub fn redact(text: &str) -> Redacted {
    let mut redacted = hide(text);
    if redacted.hidden == 0 {
        return redacted;
    }
    // Hiding a value together with its quotation marks may leave other values in quotation marks.
    for _ in 0..MOST_PASSES {
        let more = hide(&redacted.text);
        if more.hidden == 0 {
            break;
        }
        redacted.text = more.text;
        redacted.hidden += more.hidden;
    }
    redacted
}

fn hide(text: &str) -> Redacted {
    // Lower-casing ASCII moves no bytes, so positions are valid in both texts.
    let lower = text.to_ascii_lowercase();
    let mut secrets = Vec::new();
    if STEMS.iter().any(|stem| lower.contains(stem)) {
        secrets.extend(named(text, &lower));
    }
    if text.contains("-p") {
        secrets.extend(options_of_clients(text, &lower));
    }
    if text.contains('@') {
        secrets.extend(in_addresses(text));
    }
    if secrets.is_empty() {
        return Redacted {
            text: text.to_owned(),
            hidden: 0,
        };
    }
    secrets.retain(|secret| is_secret(text.get(secret.clone()).unwrap_or_default()));
    secrets.sort_by_key(|secret| (secret.start, Reverse(secret.end)));
    let mut redacted = Redacted {
        text: String::with_capacity(text.len()),
        hidden: 0,
    };
    let mut kept = 0;
    for secret in secrets {
        // A value may match several forms.
        if secret.start > kept || redacted.hidden == 0 {
            let before = text.get(kept..secret.start).unwrap_or_default();
            redacted.text.push_str(before);
            redacted.text.push_str(HIDDEN);
            redacted.hidden += 1;
        }
        kept = kept.max(secret.end);
    }
    redacted.text.push_str(text.get(kept..).unwrap_or_default());
    redacted
}

fn is_secret(value: &str) -> bool {
    !["", HIDDEN, "''", "\"\""].contains(&value)
        && !NO_SECRETS.contains(&value.trim_end_matches(')'))
}

/// The values of secret names.
fn named(text: &str, lower: &str) -> Vec<Range<usize>> {
    let words = SECRET_NAMES.iter().chain(&IDENTIFIED_BY);
    let found = words.flat_map(|word| {
        let places = lower.match_indices(word);
        places.map(|(at, _)| (at, at + word.len()))
    });
    let mut found: Vec<_> = found.collect();
    found.sort_unstable();
    let (mut values, mut hidden_to) = (Vec::new(), 0);
    for (start, end) in found {
        let rest = lower.get(end..).unwrap_or_default();
        let name = start..end + length_while(rest, is_name);
        // An unclosed quotation mark may have made a name part of a value: the value of that name
        // is hidden, too.
        let text = if start < hidden_to {
            let end = text.floor_char_boundary(name.end + MOST_AROUND);
            text.get(..end).unwrap_or(text)
        } else {
            text
        };
        if let Some(value) = value_of(text, lower, &name)
            && !is_folder(text, &name, &value)
        {
            hidden_to = hidden_to.max(value.end);
            values.push(value);
        }
    }
    values
}

/// Whether a value is the working directory of a shell.
fn is_folder(text: &str, name: &Range<usize>, value: &Range<usize>) -> bool {
    let whole = text.get(..name.end).unwrap_or_default();
    let name = whole.rsplit(|c| !is_name(c)).next().unwrap_or_default();
    let value = text.get(value.clone()).unwrap_or_default();
    FOLDERS.contains(&name) && value.starts_with('/')
}

/// The passwords of clients: `mysql -ps3`, `obclient -p s3`, `"mysql","-ps3"`.
fn options_of_clients(text: &str, lower: &str) -> Vec<Range<usize>> {
    let ends_word = |c: char| c.is_whitespace() || "\"',".contains(c);
    let mut commands: Vec<usize> = CLIENTS
        .iter()
        .flat_map(|client| {
            let places = lower.match_indices(client);
            places.map(|(at, _)| (at, at + client.len()))
        })
        .filter(|(start, end)| {
            let before = lower
                .get(..*start)
                .and_then(|text| text.chars().next_back());
            let after = lower.get(*end..).and_then(|text| text.chars().next());
            before.is_none_or(|c| !is_name(c) && c != '-' && c != '.')
                && after.is_some_and(ends_word)
        })
        .map(|(_, end)| end)
        .collect();
    commands.sort_unstable();
    let (mut values, mut from) = (Vec::new(), 0);
    for command in commands {
        if command >= from {
            from = options_from(text, command, &mut values);
        }
    }
    values
}

/// The passwords among the options of a command. Returns where the command ends.
fn options_from(text: &str, command: usize, values: &mut Vec<Range<usize>>) -> usize {
    let (mut at, mut before) = (command, ' ');
    // The open quotation mark: a separator inside quotation marks does not end the command.
    let mut quoted = None;
    while let Some(rest) = text.get(at..)
        && let Some(c) = rest.chars().next()
    {
        if rest.starts_with("-p") && (before.is_whitespace() || "\"',[".contains(before)) {
            let value = password_after(text, at + 2, before);
            at = value.end.max(at + 2);
            values.push(value);
            before = 'p';
            continue;
        }
        match c {
            '"' | '\'' if before != '\\' => match quoted {
                None => quoted = Some(c),
                Some(open) if open == c => quoted = None,
                Some(_) => {}
            },
            ';' | '|' | '&' | '\n' if quoted.is_none() => return at,
            _ => {}
        }
        before = c;
        at += c.len_utf8();
    }
    text.len()
}

/// The password of an option `-p` that ends at `at`; `before` is the character before the option.
fn password_after(text: &str, at: usize, before: char) -> Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    let in_quotes = ['"', '\''].contains(&before);
    let closes = in_quotes && rest.starts_with(before);
    if in_quotes && !closes && !rest.starts_with(char::is_whitespace) {
        let quote = if before == '"' { "\"" } else { "'" };
        return at..at + length_in_quotes(rest, quote);
    }
    let closing = usize::from(closes);
    let gap = rest.get(closing..).unwrap_or_default();
    let gap = closing + length_while(gap, |c| c.is_whitespace() || (closes && c == ','));
    let value = rest.get(gap..).unwrap_or_default();
    let start = at + gap;
    if gap > 0 && value.starts_with('-') {
        return start..start;
    }
    match opener(value) {
        // A value in one pair of quotation marks keeps them.
        Some(quote) => {
            let inner = start + quote.len();
            let length = length_in_quotes(text.get(inner..).unwrap_or_default(), quote);
            let end = inner + length;
            let after = text.get(end + quote.len()..).unwrap_or_default();
            if gap > 0 || after.chars().next().is_none_or(is_end_of_value) {
                inner..end
            } else {
                start..start + length_of_word(value)
            }
        }
        None => start..start + length_of_word(value),
    }
}

/// The length of a word in a shell's syntax. A quotation mark at its end closes an earlier one.
fn length_of_word(text: &str) -> usize {
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(c) = rest.chars().next()
    {
        if rest.starts_with(SHELL_QUOTE) {
            at += SHELL_QUOTE.len();
            continue;
        }
        match c {
            c if c.is_whitespace() => break,
            '\\' => at += 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            '"' | '\'' => {
                let inner = rest.get(1..).unwrap_or_default();
                if at > 0 && inner.chars().next().is_none_or(is_end_of_value) {
                    break;
                }
                let quote = if c == '"' { "\"" } else { "'" };
                at += 1 + length_in_quotes(inner, quote);
                at += usize::from(text.get(at..).is_some_and(|text| text.starts_with(c)));
            }
            _ => at += c.len_utf8(),
        }
    }
    at.min(text.len())
}

/// The passwords in `scheme://user:password@host` and `user:password@tcp(host)`.
fn in_addresses(text: &str) -> Vec<Range<usize>> {
    let ends = |c: char| c.is_whitespace() || "\"'<>`".contains(c);
    let mut values = Vec::new();
    for (at, mark) in text.match_indices("://") {
        let start = at + mark.len();
        let end = text.floor_char_boundary(start + MOST_AROUND);
        let rest = text.get(start..end).unwrap_or_default();
        let whole = rest
            .get(..length_while(rest, |c| !ends(c)))
            .unwrap_or_default();
        let authority = whole.split(['/', '?', '#']).next().unwrap_or_default();
        let Some(colon) = authority.find(':').filter(|_| !authority.starts_with('[')) else {
            continue;
        };
        let after = authority.get(colon + 1..).unwrap_or_default();
        // A password may contain unencoded slashes; a port consists of digits.
        let is_port = after.bytes().all(|byte| byte.is_ascii_digit());
        let end = match authority.rfind('@') {
            Some(end) => Some(end),
            None if is_port => None,
            None => whole.rfind('@'),
        };
        if let Some(end) = end.filter(|end| *end > colon) {
            values.push(start + colon + 1..start + end);
        }
    }
    for (end, _) in text
        .match_indices("@tcp(")
        .chain(text.match_indices("@unix("))
    {
        let from = text.floor_char_boundary(end.saturating_sub(MOST_AROUND));
        let before = text.get(from..end).unwrap_or_default();
        let word = before.rsplit(ends).next().unwrap_or_default();
        if let Some(colon) = word.find(':').filter(|_| !word.contains("://")) {
            values.push(end - word.len() + colon + 1..end);
        }
    }
    values
}

/// The position of the value of a name; `None` if no value follows.
fn value_of(text: &str, lower: &str, name: &Range<usize>) -> Option<Range<usize>> {
    let word = lower.get(name.clone())?;
    let begins = lower.get(..name.start)?;
    let option = begins
        .rsplit(|c| !is_name(c) && c != '-')
        .next()?
        .starts_with("--");
    // A name in quotation marks, as in JSON, which may itself be inside a string.
    let rest = text.get(name.end..)?;
    let quoted = opener(rest).map_or(0, str::len);
    let after_name = rest.get(quoted..)?;
    let spaced = after_name.trim_start();
    let spaces = after_name.len() - spaced.len();
    let skipped = match spaced.chars().next()? {
        // "password= none" contains no value.
        '=' if spaces == 0 => 1,
        '=' | ':' => {
            let value = spaced.get(1..)?;
            1 + value.len() - value.trim_start().len()
        }
        '(' if spaces == 0 => 1,
        _ if spaces > 0
            && (IDENTIFIED_BY.contains(&word) || (option && !spaced.starts_with('-'))) =>
        {
            0
        }
        _ => return None,
    };
    let start = name.end + quoted + spaces + skipped;
    let value = text.get(start..)?;
    Some(match opener(value) {
        // The quotation mark may end the surrounding text: `-o 'password=' -n 'px'`.
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

/// A leading quotation mark, with the backslashes before it.
fn opener(text: &str) -> Option<&str> {
    if text.starts_with(SHELL_QUOTE) {
        return Some(SHELL_QUOTE);
    }
    let backslashes = length_while(text, |c| c == '\\');
    match text.get(backslashes..)?.chars().next()? {
        '"' | '\'' => text.get(..=backslashes),
        _ => None,
    }
}

/// Whether the quotation mark at this position closes an earlier one: one is open, and no value
/// follows.
fn closes(text: &str, at: usize, quote: &str) -> bool {
    let from = text.floor_char_boundary(at.saturating_sub(MOST_AROUND));
    let before = text.get(from..at).unwrap_or_default();
    let marks = before.match_indices(quote);
    let marks = marks.filter(|(at, _)| !before.get(..*at).is_some_and(|text| text.ends_with('\\')));
    let after = text
        .get(at + quote.len()..)
        .and_then(|text| text.chars().next());
    marks.count() % 2 == 1 && after.is_none_or(is_end_of_value)
}

fn is_end_of_value(c: char) -> bool {
    c.is_whitespace() || ",;&)]}'\"".contains(c)
}

/// The length of a text up to its closing quotation mark; the whole text if there is none.
fn length_in_quotes(text: &str, quote: &str) -> usize {
    if quote == SHELL_QUOTE {
        return text.find(quote).unwrap_or(text.len());
    }
    let (Some(mark), depth) = (quote.chars().next_back(), quote.len() - 1) else {
        return text.len();
    };
    let mut from = 0;
    while let Some(rest) = text.get(from..)
        && let Some(at) = rest.find(mark)
    {
        let at = from + at;
        let before = text.get(..at).unwrap_or_default();
        let backslashes = before.len() - before.trim_end_matches('\\').len();
        let in_shell = depth == 0
            && text
                .get(at..)
                .is_some_and(|text| text.starts_with(SHELL_QUOTE));
        if in_shell {
            from = at + SHELL_QUOTE.len();
        } else if ends_quote(backslashes, depth) {
            return at - backslashes.min(depth);
        } else {
            from = at + mark.len_utf8();
        }
    }
    text.len()
}

/// Whether a quotation mark after this number of backslashes ends a text that started after `depth`
/// backslashes. JSON in a string has one backslash before a quotation mark of its own and three
/// before one inside its texts; each further level has twice as many plus one.
fn ends_quote(mut backslashes: usize, mut depth: usize) -> bool {
    while depth > 0 {
        if backslashes.is_multiple_of(2) {
            // The end of the surrounding text.
            return true;
        }
        (backslashes, depth) = ((backslashes - 1) / 2, (depth - 1) / 2);
    }
    backslashes.is_multiple_of(2)
}

/// The length of a value without quotation marks. In a list of options, the value ends at the next
/// option; the value of a command's option extends to the next space. Text in brackets belongs to
/// the value, and so does a shell's quotation mark inside quotation marks.
fn length_unquoted(text: &str, option: bool) -> usize {
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
                r#"{"rootPwd": ***, "new_password" : "***", "x": 1}"#,
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
            // An earlier quotation mark that is not closed.
            (
                "it's \" {\"password\":\"s3\"}",
                "it's \" {\"password\":\"***\"}",
            ),
            ("it's password='s3'", "it's password='***'"),
            ("pwd=s3 PWD=s3", "pwd=*** PWD=***"),
            (r#"{"rootPwd":"s3"}"#, r#"{"rootPwd":"***"}"#),
            ("MYSQL_PWD=s3 mysql", "MYSQL_PWD=*** mysql"),
            // Escapes inside quotation marks.
            (
                r#"{"password":"s\\","x":"y"}"#,
                r#"{"password":"***","x":"y"}"#,
            ),
            (
                r#"{"password":"s\"3","x":"y"}"#,
                r#"{"password":"***","x":"y"}"#,
            ),
            (
                r#""{\"password\":\"s\\\"3\",\"x\":\"y\"}""#,
                r#""{\"password\":\"***\",\"x\":\"y\"}""#,
            ),
            (
                r#""{\"a\":\"{\\\"password\\\":\\\"s 3\\\"}\"}""#,
                r#""{\"a\":\"{\\\"password\\\":\\\"***\\\"}\"}""#,
            ),
            (r"--password='s'\''3 4' y", "--password='***' y"),
            (
                r"-o 'a='\''1'\'',password='\''s 3'\'',b=2' -n 'px'",
                r"-o 'a='\''1'\'',password='\''***'\'',b=2' -n 'px'",
            ),
            (
                "SET PASSWORD IDENTIFIED BY PASSWORD '*s3'",
                "SET PASSWORD IDENTIFIED BY *** '***'",
            ),
            // A quotation mark that is not closed.
            ("passwd=' password='s3'", "passwd='***'***'"),
            // Clients.
            ("mysql -uroot -ps3 -P2881", "mysql -uroot -p*** -P2881"),
            (
                "/u01/obclient/bin/obclient -p s3 -A",
                "/u01/obclient/bin/obclient -p *** -A",
            ),
            (
                "obclient -h1.1.1.1 -p's 3' -e 'x'",
                "obclient -h1.1.1.1 -p'***' -e 'x'",
            ),
            (r#"mysql -p"s \" 3" x"#, r#"mysql -p"***" x"#),
            (r"mysql -ps\ 3 x", "mysql -p*** x"),
            (r#"sh -c "mysql -ps3" y"#, r#"sh -c "mysql -p***" y"#),
            (
                r#"["mysql","-uroot","-ps3","x"]"#,
                r#"["mysql","-uroot","-p***","x"]"#,
            ),
            (r#"["mysql","-p","s3","x"]"#, r#"["mysql","-p","***","x"]"#),
            ("[mysql -ps3 -e x]", "[mysql -p*** -e x]"),
            (
                "mysql -e 'select 1; select 2' -ps3",
                "mysql -e 'select 1; select 2' -p***",
            ),
            (
                "mysqldump -ps3 a | mysql -ps4 b",
                "mysqldump -p*** a | mysql -p*** b",
            ),
            // Addresses.
            (
                "dial mysql://root:s3@10.0.0.1:2881/x failed",
                "dial mysql://root:***@10.0.0.1:2881/x failed",
            ),
            ("https://u:s@3@h/p?x#y", "https://u:***@h/p?x#y"),
            ("http://u:s/3@h/p", "http://u:***@h/p"),
            (
                "root@sys:s3@tcp(10.0.0.1:2881)/oceanbase",
                "root@sys:***@tcp(10.0.0.1:2881)/oceanbase",
            ),
        ] {
            assert_eq!(text(line), hidden);
            assert_eq!(text(hidden), hidden, "it stays");
            assert!(redact(line).hidden > 0);
        }
    }

    #[test]
    fn every_name_has_a_stem() {
        for name in SECRET_NAMES.iter().chain(&IDENTIFIED_BY) {
            assert!(STEMS.iter().any(|stem| name.contains(stem)), "{name}");
        }
    }

    #[test]
    fn a_line_of_many_names_is_read_in_bounded_time() {
        for piece in ["pwd(", "://a:", "a:@tcp(", "mysql -p", "password=\\\""] {
            let redacted = redact(&piece.repeat(20_000));
            assert_eq!(redact(&redacted.text).hidden, 0, "{piece}");
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
            "OLDPWD='/home/admin'",
            "cd /home/admin && pwd",
            "the password of root is not set",
            "mysql -uroot -p",
            "mysql -p -uroot",
            "mysql -p''",
            "mysql --protocol tcp; mkdir -p /home/admin",
            "ps -p 8897",
            "mkdir -p /home/admin/mysql",
            "mysql.server -p x",
            "http://10.0.0.1:2881/a@b",
            "http://[fd00::1]:2886/a@b",
            "https://h/p",
            "https://u@h/p",
            "https://u:@h/p",
            "admin@tcp(x)",
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
