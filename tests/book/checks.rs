//! Checks that run natively and in a browser: the vectors of `vectors.py`.

use odp_console::book::{Book, BookError};
use odp_console::obshell::secret::Secret;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Vectors {
    pub opens: Vec<Opens>,
    pub refused: Refused,
    pub unopened: Refused,
}

#[derive(Deserialize)]
pub struct Opens {
    pub name: String,
    pub passphrase: String,
    pub agents: Vec<Agent>,
    pub text: String,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct Agent {
    pub address: String,
    pub label: Option<String>,
    pub group: Option<String>,
    pub endpoint: Option<String>,
    pub password: String,
}

#[derive(Deserialize)]
pub struct Refused {
    pub passphrase: String,
    pub books: Vec<RefusedBook>,
}

#[derive(Deserialize)]
pub struct RefusedBook {
    pub name: String,
    pub text: String,
    /// The name of the error; empty if the list opens.
    #[serde(default)]
    pub error: String,
}

pub fn vectors() -> Vectors {
    serde_json::from_str(include_str!("vectors.json")).unwrap()
}

pub fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

/// Returns the agents of a book with their passwords.
pub fn agents(book: &Book) -> Vec<Agent> {
    let entries = book.entries().iter();
    entries
        .map(|entry| Agent {
            address: entry.details.address.to_string(),
            label: entry.details.label.clone(),
            group: entry.details.group.clone(),
            endpoint: entry.details.endpoint.clone(),
            password: book.open_password(entry).unwrap().expose().to_owned(),
        })
        .collect()
}

pub fn recorded_books_are_opened() {
    for vector in vectors().opens {
        let book = Book::open(&vector.text, &secret(&vector.passphrase)).unwrap();
        assert_eq!(agents(&book), vector.agents, "{}", vector.name);
        // Writing the book again gives the same text.
        assert_eq!(book.text().unwrap(), vector.text, "{}", vector.name);
        assert_eq!(
            Book::open(&vector.text, &secret("not the passphrase")).err(),
            Some(BookError::Passphrase),
            "{}",
            vector.name
        );
    }
}

pub fn changed_books_are_refused_as_recorded() {
    let Refused { passphrase, books } = vectors().refused;
    assert!(books.len() > 10);
    for RefusedBook { name, text, error } in books {
        let found = Book::open(&text, &secret(&passphrase)).expect_err(&name);
        assert!(
            format!("{found:?}").starts_with(&error),
            "{name}: {found:?}"
        );
    }
}

/// Each password belongs to its agent and to its book.
pub fn a_password_in_another_place_is_not_opened() {
    let Refused { passphrase, books } = vectors().unopened;
    assert_eq!(books.len(), 2);
    for RefusedBook { name, text, .. } in books {
        let book = Book::open(&text, &secret(&passphrase)).unwrap();
        let found = book.entries().iter().map(|entry| book.open_password(entry));
        let refused = found.filter(|found| matches!(found, Err(BookError::Changed)));
        assert!(refused.count() >= 1, "{name}");
    }
}

/// A book sealed with the platform's randomness opens again, and each sealing differs.
pub fn what_is_sealed_here_is_opened_here() {
    use odp_console::book::AgentDetails;
    use odp_console::obshell::address::AgentAddress;

    let rng = &mut getrandom::SysRng;
    let passphrase = secret("correct horse battery");
    let book = Book::create(&passphrase, rng).unwrap();
    let address = AgentAddress::parse("10.10.10.1:2886").unwrap();
    let details = AgentDetails::of(address);
    let password = secret("Pw#1 密码");
    let one = book.add(details.clone(), &password, rng).unwrap();
    let other = book.add(details, &password, rng).unwrap();
    assert_ne!(one.text().unwrap(), other.text().unwrap());
    let opened = Book::open(&one.text().unwrap(), &passphrase).unwrap();
    assert_eq!(agents(&opened), agents(&other));
    assert!(!one.text().unwrap().contains("10.10.10.1"));
}
