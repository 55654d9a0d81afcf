//! Tests that a secret in every form within random text is hidden, and that text without such a
//! form is unchanged.

use odp_console::obshell::redact::{HIDDEN, redact};

use crate::cases;
use crate::random::Random;

/// Text around a form, in any order: unclosed quotation marks, beginnings of other forms.
const AROUND: [&str; 22] = [
    "start obproxy cmd: ",
    "cd '/home/a'; ",
    "'",
    "\"",
    "\\",
    "'\\''",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    "=",
    ": ",
    "password",
    "--password ",
    "mysql -uroot ",
    "http://h:80/",
    "密码",
    "***",
];

/// Parts of texts without a secret.
const HARMLESS: [&str; 18] = [
    "the password of root",
    "set obproxy user password",
    "(using password: YES)",
    "/etc/passwd",
    "pwd",
    "PWD=/home/admin",
    "mysql -uroot -P2881",
    "obclient",
    "--port 2881",
    "http://10.0.0.1:2881/a@b",
    "https://root@h/p",
    "root@sys",
    "'it''s'",
    "\"quoted\"",
    "a=1,b=2;",
    "\u{1b}[31m",
    "密码",
    "password=***",
];

/// The characters of a secret besides letters and digits.
#[derive(Clone, Copy)]
enum Holds {
    /// Anything that can be quoted.
    Anything,
    /// Characters that need no quotation marks.
    Word,
    /// Characters that need no percent-encoding in an address.
    Authority,
}

type Form = (Holds, fn(&str) -> String);

fn json(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn sql(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn member(text: &str) -> String {
    format!("{{\"password\":{},\"x\":\"y\"}}", json(text))
}

const FORMS: [Form; 29] = [
    (Holds::Anything, member),
    (Holds::Anything, |it| json(&member(it))),
    (Holds::Anything, |it| json(&json(&member(it)))),
    (Holds::Anything, |it| format!("\"rootPwd\" : {}", json(it))),
    (Holds::Anything, |it| format!("password={}", json(it))),
    (Holds::Anything, |it| format!("--password={}", shell(it))),
    (Holds::Anything, |it| format!("--password {}", shell(it))),
    (Holds::Anything, |it| format!("PASSWORD = {}", sql(it))),
    (Holds::Anything, |it| format!("PASSWORD({})", sql(it))),
    (Holds::Anything, |it| format!("IDENTIFIED BY {}", sql(it))),
    (Holds::Anything, |it| {
        format!("mysql -uroot -p{}", shell(it))
    }),
    (Holds::Anything, |it| {
        format!("mysql -uroot -p{} -A", json(it))
    }),
    (Holds::Anything, |it| {
        format!("/bin/obclient -p {} -A", shell(it))
    }),
    (Holds::Anything, |it| {
        format!("[\"mysql\",{}]", json(&format!("-p{it}")))
    }),
    (Holds::Anything, |it| {
        format!("[\"mysql\",\"-p\",{}]", json(it))
    }),
    (Holds::Word, |it| format!("passwd={it}")),
    (Holds::Word, |it| format!("pwd={it}")),
    (Holds::Word, |it| format!("MYSQL_PWD={it}")),
    (Holds::Word, |it| format!("password: {it}")),
    (Holds::Word, |it| format!("--password {it}")),
    (Holds::Word, |it| format!("--sys-passwd={it}")),
    (Holds::Word, |it| format!("PASSWORD = {it}")),
    (Holds::Word, |it| {
        format!("-o 'a=1,obproxy_sys_password={it},b=2' -n 'px'")
    }),
    (Holds::Word, |it| format!("mysql -uroot -p{it} -P2881")),
    (Holds::Word, |it| format!("obclient -uroot -p {it} -P2881")),
    (Holds::Word, |it| format!("sh -c \"mysql -uroot -p{it}\"")),
    (Holds::Authority, |it| {
        format!("mysql://root:{it}@10.0.0.1:2881/x")
    }),
    (Holds::Authority, |it| {
        format!("https://root:{it}@[fd00::1]:2886")
    }),
    (Holds::Authority, |it| {
        format!("root:{it}@tcp(10.0.0.1:2881)/oceanbase")
    }),
];

/// Returns two runs of letters and digits with something between them, and the two runs.
fn secret(random: &mut Random, holds: Holds) -> (String, [String; 2]) {
    const LETTERS: &[u8] = b"bcdfghjkmnqrtvxz23456789";
    let mut run = || {
        let letters = (0..8).map(|_| char::from(random.pick(LETTERS)));
        let letters: String = letters.collect();
        format!("q{letters}")
    };
    let runs = [run(), run()];
    let between: &[&str] = match holds {
        Holds::Anything => &[
            "", "\"", "'", "\\", " ", ",", ";", "密", "=", "'\"", "\\\"", "\\\\", "|", "&", "-p",
        ],
        Holds::Word => &[
            "", "!", "#", "$", "%", "*", "+", "/", ".", ":", "_", "=", "-", "@", "密",
        ],
        Holds::Authority => &[
            "", "!", "$", "%21", "*", "+", ".", ":", "_", "=", "-", "@", "密",
        ],
    };
    let between: String = (0..=random.below(2))
        .map(|_| random.pick(between))
        .collect();
    (format!("{}{between}{}", runs[0], runs[1]), runs)
}

fn around(random: &mut Random) -> String {
    (0..random.below(8)).map(|_| random.pick(&AROUND)).collect()
}

#[test]
fn a_secret_in_any_form_never_survives() {
    cases(1, |random| {
        let (holds, form) = random.pick(&FORMS);
        let (secret, runs) = secret(random, holds);
        let line = format!("{} {} {}", around(random), form(&secret), around(random));
        let redacted = redact(&line);
        for run in &runs {
            assert!(!redacted.text.contains(run), "{line}\n{}", redacted.text);
        }
        assert!(redacted.hidden > 0 && redacted.text.contains(HIDDEN));
        // The number of hidden values is counted once.
        assert_eq!(
            redact(&redacted.text).hidden,
            0,
            "{line}\n{}",
            redacted.text
        );
    });
}

#[test]
fn a_text_without_a_form_stays_as_it_is() {
    cases(1, |random| {
        let words = (0..random.below(12)).map(|_| random.pick(&HARMLESS));
        let line = words.collect::<Vec<_>>().join(" ");
        let redacted = redact(&line);
        assert_eq!((redacted.text, redacted.hidden), (line, 0));
    });
}
