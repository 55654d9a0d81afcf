//! Tests the agent book: recorded books, damaged books, and random sequences of acts.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "book/checks.rs"]
mod checks;
#[path = "vectors/counter_rng.rs"]
mod counter_rng;
#[path = "book/python.rs"]
mod python;
#[path = "book/sequences.rs"]
mod sequences;

use checks::{Agent, agents, secret};
use counter_rng::CounterRng;
use odp_console::book::{
    AgentDetails, Book, BookError, MAX_AGENTS, MAX_NAME, MAX_PASSWORD, MAX_TEXT, Plan,
};
use odp_console::obshell::address::AgentAddress;
use rand_core::{TryCryptoRng, TryRng};

const PASSPHRASE: &str = "correct horse battery";

fn address(text: &str) -> AgentAddress {
    AgentAddress::parse(text).unwrap()
}

fn details(at: &str) -> AgentDetails {
    AgentDetails::of(address(at))
}

/// Creates a book with these agents; each password contains the agent's address.
fn book(seed: &str, passphrase: &str, addresses: &[&str]) -> Book {
    let rng = &mut CounterRng::new(seed);
    let book = Book::create(&secret(passphrase), rng).unwrap();
    addresses.iter().fold(book, |book, at| {
        book.add(details(at), &secret(&format!("of {at}")), rng)
            .unwrap()
    })
}

#[test]
fn recorded_books_are_opened() {
    checks::recorded_books_are_opened();
}

#[test]
fn changed_books_are_refused_as_recorded() {
    checks::changed_books_are_refused_as_recorded();
}

#[test]
fn a_password_in_another_place_is_not_opened() {
    checks::a_password_in_another_place_is_not_opened();
}

#[test]
fn what_is_sealed_here_is_opened_here() {
    checks::what_is_sealed_here_is_opened_here();
}

#[test]
fn python_cryptography_opens_what_is_sealed_here() {
    let rng = &mut CounterRng::new("for Python");
    let mut book = Book::create(&secret("passphrase 密码短语"), rng).unwrap();
    for vector in checks::vectors().opens.iter().flat_map(|it| &it.agents) {
        let details = AgentDetails {
            label: vector.label.clone(),
            group: vector.group.clone(),
            endpoint: vector.endpoint.clone(),
            ..details(&vector.address)
        };
        match book.add(details, &secret(&vector.password), rng) {
            Ok(more) => book = more,
            Err(error) => assert_eq!(error, BookError::Taken),
        }
    }
    let opened = python::open(&book.text().unwrap(), "passphrase 密码短语");
    let opened: Vec<Agent> = serde_json::from_str(&opened).unwrap();
    assert!(opened.len() >= 4);
    assert_eq!(opened, agents(&book));
}

/// A change of any byte is detected.
#[test]
fn every_byte_that_is_another_is_noticed() {
    let book = book("bytes", PASSPHRASE, &["10.0.0.1:1", "10.0.0.2:2"]);
    let text = book.text().unwrap();
    assert_eq!(book.reopen(&text), Ok(book.clone()));
    for at in 0..text.len() {
        for flip in [1, 2, 0x20, 0x40] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= flip;
            let changed = String::from_utf8(bytes).unwrap();
            let found = Book::check(&changed).expect_err(&changed);
            assert!(
                matches!(
                    found,
                    BookError::NotABook
                        | BookError::Damaged
                        | BookError::Newer { .. }
                        | BookError::Weak
                        | BookError::Heavy
                ),
                "{at}: {found:?}"
            );
            let is_number = text.as_bytes()[at].is_ascii_digit();
            assert!(
                is_number
                    || matches!(
                        found,
                        BookError::NotABook | BookError::Damaged | BookError::Weak
                    ),
                "{at}: {found:?}"
            );
        }
    }
}

#[test]
fn a_book_that_is_cut_off_is_noticed() {
    let text = book("cut", PASSPHRASE, &["10.0.0.1:1"]).text().unwrap();
    for end in 0..text.len() {
        let found = Book::check(&text[..end]).expect_err(&text[..end]);
        let expected = if end < 24 {
            BookError::NotABook
        } else {
            BookError::Damaged
        };
        assert_eq!(found, expected, "{end}");
    }
    assert_eq!(Book::check(&format!("{text}\n")), Ok(()));
    assert_eq!(
        Book::check(&format!("{text}{text}")),
        Err(BookError::Damaged)
    );
}

#[test]
fn what_is_no_book_is_told_from_a_damaged_one() {
    for text in [
        "",
        "null",
        "[]",
        "{}",
        "hello",
        r#"{"format":1,"version":1}"#,
    ] {
        assert_eq!(Book::check(text), Err(BookError::NotABook), "{text}");
    }
    let newer = r#"{"format":"odp-console agent book","version":7,"whatever":{}}"#;
    assert_eq!(Book::check(newer), Err(BookError::Newer { version: 7 }));
    let large = " ".repeat(MAX_TEXT + 1);
    assert_eq!(Book::check(&large), Err(BookError::TooLarge));
}

#[test]
fn a_wrong_passphrase_is_told_from_damage() {
    let text = book("wrong", PASSPHRASE, &["10.0.0.1:1"]).text().unwrap();
    for wrong in ["", "correct horse batterY", "correct horse battery "] {
        assert_eq!(
            Book::open(&text, &secret(wrong)),
            Err(BookError::Passphrase)
        );
    }
    assert!(Book::open(&text, &secret(PASSPHRASE)).is_ok());
}

#[test]
fn an_older_password_cannot_be_put_in_the_place_of_a_newer() {
    let rng = &mut CounterRng::new("older");
    let old = book("older book", PASSPHRASE, &["10.0.0.1:1"]);
    let at = address("10.0.0.1:1");
    let new = old.edit(&at, details("10.0.0.1:1"), Some(&secret("new")), rng);
    let [old, new] = [&old, &new.unwrap()].map(|book| book.text().unwrap());
    let passwords = |text: &str| {
        let book: serde_json::Value = serde_json::from_str(text).unwrap();
        book["passwords"].as_object().unwrap().clone()
    };
    let [old, new] = [passwords(&old), passwords(&new)];
    assert_eq!(old.keys().filter(|id| new.contains_key(*id)).count(), 0);
}

#[test]
fn a_book_holds_its_limits() {
    let rng = &mut CounterRng::new("limits");
    let empty = book("limits", PASSPHRASE, &[]);
    let long = |count| Some("密".repeat(count));
    let label = |label| AgentDetails {
        label,
        ..details("10.0.0.1:1")
    };
    let password = secret("p");
    assert!(empty.add(label(long(MAX_NAME)), &password, rng).is_ok());
    let too_long = Err(BookError::TooLong);
    assert_eq!(
        empty.add(label(long(MAX_NAME + 1)), &password, rng),
        too_long
    );
    let password = |count| secret(&"p".repeat(count));
    let longest = empty.add(details("10.0.0.1:1"), &password(MAX_PASSWORD), rng);
    let longest = longest.unwrap();
    let opened = longest.open_password(&longest.entries()[0]).unwrap();
    assert_eq!(opened.expose().len(), MAX_PASSWORD);
    let found = empty.add(details("10.0.0.1:1"), &password(MAX_PASSWORD + 1), rng);
    assert_eq!(found, too_long);
    let found = longest.add(details("10.0.0.1:1"), &password(1), rng);
    assert_eq!(found, Err(BookError::Taken));
    let found = longest.remove(&address("10.0.0.2:1"), rng);
    assert_eq!(found, Err(BookError::Missing));
}

#[test]
fn a_book_is_full_with_a_thousand_agents_and_opens_them() {
    let rng = &mut CounterRng::new("full");
    let mut full = book("full", PASSPHRASE, &[]);
    for count in 0..MAX_AGENTS {
        let at = format!("10.0.{}.{}:2886", count / 250, count % 250);
        full = full.add(details(&at), &secret(&at), rng).unwrap();
    }
    let found = full.add(details("10.9.9.9:1"), &secret("p"), rng);
    assert_eq!(found, Err(BookError::Full));
    let text = full.text().unwrap();
    assert!(text.len() < MAX_TEXT / 2, "{}", text.len());
    let opened = full.reopen(&text).unwrap();
    for entry in opened.entries() {
        let password = opened.open_password(entry).unwrap();
        assert_eq!(password.expose(), entry.details.address.to_string());
    }
}

#[test]
fn a_merge_does_what_was_told() {
    let rng = &mut CounterRng::new("merge");
    let mine = book(
        "mine",
        PASSPHRASE,
        &["10.0.0.1:1", "10.0.0.2:1", "10.0.0.3:1"],
    );
    let theirs = book(
        "theirs",
        "another passphrase",
        &["10.0.0.2:1", "10.0.0.3:1", "10.0.0.4:1"],
    );
    let at = address("10.0.0.3:1");
    let theirs = theirs.edit(&at, details("10.0.0.3:1"), Some(&secret("changed")), rng);
    let theirs = theirs.unwrap();
    assert_eq!(
        mine.plan(&theirs),
        Ok(Plan {
            added: 1,
            updated: 1,
            same: 1,
            own: 1
        })
    );
    let passwords = |book: &Book| -> Vec<(String, String)> {
        let all = agents(book).into_iter();
        all.map(|agent| (agent.address, agent.password)).collect()
    };
    let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        let pairs = pairs.iter();
        pairs
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect()
    };
    let merged = mine.merged_with(&theirs, rng).unwrap();
    assert_eq!(
        passwords(&merged),
        owned(&[
            ("10.0.0.1:1", "of 10.0.0.1:1"),
            ("10.0.0.2:1", "of 10.0.0.2:1"),
            ("10.0.0.3:1", "changed"),
            ("10.0.0.4:1", "of 10.0.0.4:1"),
        ])
    );
    let replaced = mine.replaced_by(&theirs, rng).unwrap();
    assert_eq!(passwords(&replaced), passwords(&theirs));
    // Both keep the passphrase of this book.
    for book in [&merged, &replaced] {
        let text = book.text().unwrap();
        assert_eq!(mine.reopen(&text).as_ref(), Ok(book));
        assert_eq!(theirs.reopen(&text), Err(BookError::OtherKey));
    }
}

#[test]
fn an_address_that_is_corrected_keeps_its_password() {
    let rng = &mut CounterRng::new("moved");
    let before = book("moved", PASSPHRASE, &["10.0.0.1:1", "10.0.0.2:1"]);
    let at = address("10.0.0.1:1");
    let found = before.edit(&at, details("10.0.0.2:1"), None, rng);
    assert_eq!(found, Err(BookError::Taken));
    let moved = before.edit(&at, details("10.0.0.9:1"), None, rng).unwrap();
    let entry = moved.entry(&address("10.0.0.9:1")).unwrap();
    assert_eq!(
        moved.open_password(entry).unwrap().expose(),
        "of 10.0.0.1:1"
    );
    assert_eq!(moved.entry(&at), None);
}

/// A source of randomness that fails.
struct Broken;

#[derive(Debug)]
struct Failed;

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("failed")
    }
}

impl std::error::Error for Failed {}

impl TryRng for Broken {
    type Error = Failed;

    fn try_next_u32(&mut self) -> Result<u32, Failed> {
        Err(Failed)
    }

    fn try_next_u64(&mut self) -> Result<u64, Failed> {
        Err(Failed)
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Failed> {
        Err(Failed)
    }
}

impl TryCryptoRng for Broken {}

#[test]
fn without_randomness_nothing_is_sealed() {
    let nothing = Err(BookError::Randomness);
    assert_eq!(Book::create(&secret(PASSPHRASE), &mut Broken), nothing);
    let empty = book("broken", PASSPHRASE, &[]);
    let found = empty.add(details("10.0.0.1:1"), &secret("p"), &mut Broken);
    assert_eq!(found, nothing);
}

#[test]
fn no_nonce_is_used_twice() {
    let rng = &mut CounterRng::new("nonces");
    let mut book = book("nonces", PASSPHRASE, &[]);
    let mut seen = std::collections::HashSet::new();
    for count in 0..50 {
        let details = details(&format!("10.0.0.{}:1", count + 1));
        book = book.add(details, &secret("the same"), rng).unwrap();
        let text: serde_json::Value = serde_json::from_str(&book.text().unwrap()).unwrap();
        let list = text["list"].as_str().unwrap();
        assert!(seen.insert(list[..16].to_owned()));
    }
    let text: serde_json::Value = serde_json::from_str(&book.text().unwrap()).unwrap();
    for sealed in text["passwords"].as_object().unwrap().values() {
        assert!(seen.insert(sealed.as_str().unwrap()[..16].to_owned()));
    }
}
