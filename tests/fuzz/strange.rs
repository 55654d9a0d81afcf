//! Tests addresses, links and names of arbitrary Unicode: the shown text is the intended one, or
//! the text is rejected by name.
//!
//! A case parses [`TEXTS`] texts, so that the tests here parse a million of each kind by default.

use std::rc::Rc;

use odp_console::browser::place::Place;
use odp_console::flow::ending::Ending;
use odp_console::flow::settings::AddressProblem;
use odp_console::obshell::address::AgentAddress;
use odp_console::obshell::agent_text::AgentText;
use odp_console::obshell::invisible::{is_invisible, symbol, visible};
use odp_console::page::hash::{read, write};
use odp_console::text;
use serde_json::Value;

use crate::cases;
use crate::random::Random;
use crate::world::{self, LANGUAGES};

/// The number of texts in a case.
const TEXTS: usize = 50;

/// Invisible characters, and characters that rearrange visible ones.
const UNSEEN: [char; 18] = [
    '\u{ad}',
    '\u{34f}',
    '\u{61c}',
    '\u{115f}',
    '\u{180e}',
    '\u{200b}',
    '\u{200c}',
    '\u{200d}',
    '\u{200e}',
    '\u{202a}',
    '\u{202e}',
    '\u{2060}',
    '\u{2066}',
    '\u{2069}',
    '\u{3164}',
    '\u{fe0f}',
    '\u{feff}',
    '\u{e0041}',
];

/// The parts of addresses and links, and lookalikes.
const PIECES: [&str; 64] = [
    "10.10.10.1",
    "db-7.example",
    "[fd00::1]",
    "fe80::1",
    "%eth0",
    "%25",
    "%",
    "%E3%80%82",
    "%e2%80%8b",
    ":2886",
    ":",
    "::",
    ".",
    "..",
    "-",
    "_",
    "[",
    "]",
    "/",
    "\\",
    "?",
    "#",
    "!",
    "@",
    "&",
    "=",
    " ",
    "0",
    "1",
    "65535",
    "a",
    "Z",
    "task",
    "agent",
    "node",
    "sub-task",
    "review",
    "42130706433028861",
    "：",
    "．",
    "。",
    "｡",
    "１",
    "Ａ",
    "％",
    "／",
    "【",
    "】",
    "［",
    "］",
    "　",
    "\u{a0}",
    "\t",
    "\n",
    "\u{0}",
    "\u{301}",
    "\u{20e3}",
    "\u{d7ff}",
    "\u{e000}",
    "\u{fffd}",
    "\u{10ffff}",
    "ß",
    "\u{660}",
    "①",
];

fn soup(random: &mut Random) -> String {
    let mut soup = String::new();
    for _ in 0..random.below(10) {
        match random.below(8) {
            0 => soup.push(random.pick(&UNSEEN)),
            1 => soup.extend(char::from_u32(random.below(0x11_0000) as u32)),
            _ => soup.push_str(random.pick(&PIECES)),
        }
    }
    soup
}

/// Returns an address in its displayed form.
fn address(random: &mut Random) -> String {
    let host = match random.below(4) {
        0 => {
            let mut part = || random.below(256);
            format!("{}.{}.{}.{}", part(), part(), part(), part())
        }
        1 => {
            let parts: Vec<_> = (0..8).map(|_| random.below(0x1_0000) as u16).collect();
            let [a, b, c, d, e, f, g, h] = parts.try_into().unwrap();
            format!("[{}]", std::net::Ipv6Addr::new(a, b, c, d, e, f, g, h))
        }
        2 => "[fd00::1]".to_owned(),
        _ => random
            .pick(&["localhost", "db-7.example", "a_b", "x1.y-2.z3"])
            .to_owned(),
    };
    format!("{host}:{}", 1 + random.below(65_535))
}

/// Returns a text that is equal for a person, as an input method, a spreadsheet or a chat may write
/// it.
fn rewritten(random: &mut Random, text: &str) -> String {
    let [wide, unseen, upper] = [4, 6, 3].map(|rarely| if random.once_in(2) { rarely } else { 0 });
    let mut happens = |rarely: usize| rarely > 0 && random.once_in(rarely);
    let mut rewritten = String::new();
    for character in text.chars() {
        if happens(unseen) {
            rewritten.push(UNSEEN[(rewritten.len() * 7) % UNSEEN.len()]);
        }
        let character = if happens(upper) {
            character.to_ascii_uppercase()
        } else {
            character
        };
        rewritten.push(match character {
            '.' if happens(wide) => ['。', '｡', '．'][rewritten.len() % 3],
            '[' if happens(wide) => '【',
            ']' if happens(wide) => '】',
            '!'..='~' if happens(wide) => {
                char::from_u32(u32::from(character) - 0x21 + 0xff01).unwrap()
            }
            _ => character,
        });
    }
    rewritten
}

fn is_seen(text: &str) -> bool {
    text.chars().all(|character| symbol(character).is_none())
}

/// Returns the visible part of a text, without the letters and digits of an input method.
fn seen(text: &str) -> String {
    let seen = text.chars().filter(|character| !is_invisible(*character));
    let seen: String = seen
        .map(|character| match character {
            '\u{3000}' => ' ',
            '。' | '｡' => '.',
            '【' => '[',
            '】' => ']',
            '！'..='～' => char::from_u32(u32::from(character) - 0xff01 + 0x21).unwrap(),
            _ => character,
        })
        .collect();
    seen.trim().to_lowercase()
}

fn check_address(typed: &str) {
    match AgentAddress::parse(typed) {
        Ok(address) => {
            let shown = address.to_string();
            assert!(shown.is_ascii() && is_seen(&shown), "{typed:?}: {shown}");
            assert_eq!(
                AgentAddress::parse(&shown).as_ref(),
                Ok(&address),
                "{typed:?}"
            );
            // Only the spelling of an IPv6 address and a dot at the end of the host may differ.
            let (host, port) = shown.rsplit_once(':').unwrap();
            let seen = seen(typed);
            let (seen_host, seen_port) = seen.rsplit_once(':').unwrap();
            assert_eq!(port.parse::<u16>(), seen_port.parse::<u16>(), "{typed:?}");
            if host.starts_with('[') {
                let ip = |host: &str| host.trim_matches(['[', ']']).parse::<std::net::Ipv6Addr>();
                assert_eq!(ip(host), ip(seen_host), "{typed:?}");
            } else {
                assert_eq!(
                    host,
                    seen_host.strip_suffix('.').unwrap_or(seen_host),
                    "{typed:?}"
                );
            }
        }
        Err(error) => {
            let why = AddressProblem::Malformed(error);
            for language in LANGUAGES {
                let words = text::problem::address_problem(&why, typed, language);
                assert!(
                    !words.what.is_empty() && is_seen(&words.what),
                    "{typed:?}: {}",
                    words.what
                );
            }
        }
    }
}

#[test]
fn an_address_is_taken_as_it_was_meant_or_refused_by_name() {
    cases(1, |random| {
        for _ in 0..TEXTS / 2 {
            let shown = address(random);
            let typed = rewritten(random, &shown);
            let dot = if shown.starts_with('[') {
                ""
            } else {
                random.pick(&["", "", "."])
            };
            let (host, port) = typed.rsplit_once([':', '：']).unwrap();
            let typed = format!(
                "{}{host}{dot}:{port} ",
                random.pick(&["", " ", "\u{feff}", "\u{3000}"])
            );
            let read = AgentAddress::parse(&typed).map(|address| address.to_string());
            assert_eq!(read.as_ref(), Ok(&shown), "{typed:?}");
            check_address(&typed);
            check_address(&soup(random));
        }
    });
}

fn digits(random: &mut Random) -> Option<String> {
    let digits = (0..=random.below(40)).map(|_| random.pick(&['0', '1', '7', '9']));
    Some(digits.collect())
}

fn place(random: &mut Random) -> Place {
    let mut place = Place {
        agent: Some(address(random)),
        ..Place::default()
    };
    if random.once_in(3) {
        place.review = random.once_in(2);
        return place;
    }
    place.task = digits(random);
    if random.once_in(2) {
        place.agent = None;
    }
    match random.below(3) {
        0 => place.node = digits(random),
        1 => place.sub_task = digits(random),
        _ => {}
    }
    place
}

/// Returns a link as a chat changes it.
fn sent(random: &mut Random, hash: &str) -> String {
    let fragment = rewritten(random, hash.trim_start_matches('#'));
    let rarely = random.pick(&[1, 3, 1000]);
    let mut sent = random.pick(&["#", "#", "#!", "#%21", ""]).to_owned();
    for character in fragment.chars() {
        if random.once_in(rarely) {
            for byte in character.to_string().bytes() {
                sent.push_str(&format!("%{byte:02X}"));
            }
        } else {
            sent.push(character);
        }
    }
    for _ in 0..random.below(3) {
        sent.push_str(random.pick(&[
            ".",
            ")",
            ",",
            "。",
            "%20",
            "，",
            "）",
            "\"",
            "%E3%80%82",
            ">",
            "*",
            "…",
            "!",
            "\u{200b}",
            "/",
        ]));
    }
    sent
}

fn check_link(hash: &str) {
    match read(hash) {
        Ok(place) => {
            if let Some(written) = write(&place) {
                assert!(written.is_ascii(), "{hash:?}: {written}");
                let again = read(&written).unwrap();
                assert_eq!(write(&again).as_ref(), Some(&written), "{hash:?}");
                assert_eq!(
                    (&again.task, &again.agent),
                    (&place.task, &place.agent),
                    "{hash:?}"
                );
            }
        }
        Err(malformed) => {
            for language in LANGUAGES {
                let words = text::page::malformed(&malformed, language);
                assert!(is_seen(&words), "{hash:?}: {words}");
            }
        }
    }
}

#[test]
fn a_link_leads_where_it_was_made_or_is_refused_by_name() {
    cases(1, |random| {
        for _ in 0..TEXTS / 2 {
            let place = place(random);
            let hash = write(&place).unwrap();
            let sent = sent(random, &hash);
            assert_eq!(read(&sent).as_ref(), Ok(&place), "{hash} as {sent:?}");
            check_link(&format!(
                "#/{}/{}",
                random.pick(&["task", "agent", "Task"]),
                soup(random)
            ));
        }
        check_link(&soup(random));
    });
}

#[test]
fn a_name_is_shown_whole_and_read_as_it_was_written() {
    cases(1, |random| {
        let mut name = String::new();
        for _ in 0..TEXTS {
            name = soup(random);
            let text = AgentText::from(name.as_str());
            let shown = text.to_string();
            assert!(is_seen(&shown), "{name:?}: {shown:?}");
            assert_eq!(visible(&shown), shown);
            assert_eq!(text.raw(), name);
            assert!(!is_seen(&name) || shown == name, "{name:?}: {shown:?}");
        }
        let mut dag = world::destroyed();
        dag.name = name.as_str().into();
        let dag = Rc::new(dag);
        for language in LANGUAGES {
            assert!(is_seen(&text::task::dag_title(&dag.name, language)));
        }
        if random.once_in(50) {
            let ended = world::ended(Ending::Destroyed, Some((*dag).clone()));
            let json = text::evidence::json(&ended, "0.1.0");
            assert!(is_seen(&json), "{name:?}: {json:?}");
            let read: Value = serde_json::from_str(&json).unwrap();
            assert_eq!(read["task"]["name"], name);
            for language in LANGUAGES {
                let page = text::evidence::markdown(&ended, language);
                assert!(is_seen(&page), "{name:?}: {page:?}");
            }
        }
    });
}
