//! The sealed agent book: agents with their passwords, sealed under a passphrase.
//!
//! This module is pure: randomness is an argument, and the shell stores the text.
//! `docs/agent-book.md` describes the text byte by byte. A [`Book`] is an open book. Every
//! operation returns a new [`Book`] and leaves the old one unchanged, so that a change that cannot
//! be stored is not shown.
//!
//! ```
//! use odp_console::book::{Book, AgentDetails};
//! use odp_console::obshell::address::AgentAddress;
//! use odp_console::obshell::secret::Secret;
//! # let mut rng = getrandom::SysRng;
//!
//! let passphrase = Secret::new("correct horse battery".to_owned());
//! let book = Book::create(&passphrase, &mut rng)?;
//! let address = AgentAddress::parse("10.10.10.1:2886").map_err(|_| "an address")?;
//! let book = book.add(AgentDetails::of(address), &Secret::new("Pw#1".to_owned()), &mut rng)?;
//!
//! let opened = Book::open(&book.text()?, &passphrase)?;
//! let [entry] = opened.entries() else { panic!("one agent") };
//! assert_eq!(opened.open_password(entry)?.expose(), "Pw#1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod entry;
mod error;
mod format;
mod kdf;
mod key;
mod merge;
mod seal;
pub mod state;

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

pub use self::entry::{AgentDetails, Entry, MAX_ENDPOINT, MAX_NAME};
pub use self::error::BookError;
use self::format::{Header, Stored, hex};
pub use self::format::{MAX_TEXT, VERSION};
pub use self::kdf::Kdf;
pub use self::key::BookKey;
use self::key::SALT;
pub use self::merge::Plan;
use crate::obshell::address::AgentAddress;
use crate::obshell::secret::Secret;

/// The maximum number of agents in a book.
pub const MAX_AGENTS: usize = 1_000;

/// The maximum length of a password, in bytes of UTF-8.
pub const MAX_PASSWORD: usize = 1_000;

/// The minimum length of a new passphrase, in characters.
pub const MIN_PASSPHRASE: usize = 12;

/// Passwords are padded to a multiple of this number of bytes, so that a book does not reveal their
/// lengths.
const PADDED: usize = 64;

/// An open book.
///
/// Contains the key and the list of agents. Only [`open_password`](Self::open_password) decrypts a
/// password. Dropping the last copy wipes the key.
#[derive(Clone)]
pub struct Book {
    key: Rc<BookKey>,
    entries: Rc<[Entry]>,
    stored: Rc<Stored>,
}

impl Book {
    /// Creates an empty book with a new salt. Takes about 100 ms.
    ///
    /// # Errors
    /// [`BookError::Randomness`] if the source of randomness fails, [`BookError::Heavy`] if
    /// memory is insufficient for the key derivation.
    pub fn create<R: TryCryptoRng + ?Sized>(
        passphrase: &Secret,
        rng: &mut R,
    ) -> Result<Self, BookError> {
        let mut salt = [0; SALT];
        rng.try_fill_bytes(&mut salt)
            .map_err(|_| BookError::Randomness)?;
        let kdf = Kdf::DEFAULT;
        let key = BookKey::derive(passphrase, kdf, &salt)?;
        let check = *key.check();
        let header = Header { kdf, salt, check };
        Self::sealed(Rc::new(key), header, Vec::new(), BTreeMap::new(), rng)
    }

    /// Checks, without a passphrase, whether a text is an agent book. Derives no key.
    ///
    /// # Errors
    /// The errors of [`open`](Self::open) that do not depend on the passphrase.
    pub fn check(text: &str) -> Result<(), BookError> {
        Stored::read(text).map(|_| ())
    }

    /// Opens the text of a book: decrypts the list of agents, but no password. Takes about 100 ms.
    ///
    /// # Errors
    /// [`BookError::NotABook`], [`BookError::Damaged`], [`BookError::TooLarge`],
    /// [`BookError::Newer`], [`BookError::Weak`] and [`BookError::Heavy`] describe the text;
    /// [`BookError::Passphrase`] means a wrong passphrase, [`BookError::Changed`] modified content.
    pub fn open(text: &str, passphrase: &Secret) -> Result<Self, BookError> {
        let stored = Stored::read(text)?;
        let key = BookKey::derive(passphrase, stored.header.kdf, &stored.header.salt)?;
        if *key.check() != stored.header.check {
            return Err(BookError::Passphrase);
        }
        Self::opened(Rc::new(key), stored)
    }

    /// Opens a stored version of this book with the same key, for example after a write in another
    /// tab.
    ///
    /// # Errors
    /// The errors of [`open`](Self::open), and [`BookError::OtherKey`] if the passphrase was
    /// changed.
    pub fn reopen(&self, text: &str) -> Result<Self, BookError> {
        let stored = Stored::read(text)?;
        if stored.header != self.stored.header {
            return Err(BookError::OtherKey);
        }
        Self::opened(Rc::clone(&self.key), stored)
    }

    /// The text of the book, as `docs/agent-book.md` describes it.
    ///
    /// # Errors
    /// [`BookError::TooLarge`] if the text exceeds [`MAX_TEXT`].
    pub fn text(&self) -> Result<String, BookError> {
        self.stored.write()
    }

    /// The agents, in the order in which they were added.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The agents as a shared list, for a caller that keeps them.
    #[must_use]
    pub fn shared_entries(&self) -> Rc<[Entry]> {
        Rc::clone(&self.entries)
    }

    /// The entry of the agent with this address, if the book has one.
    #[must_use]
    pub fn entry(&self, address: &AgentAddress) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.details.address == *address)
    }

    /// Decrypts the password of one agent.
    ///
    /// # Errors
    /// [`BookError::Missing`] if the agent is not in this book; [`BookError::Changed`] if its
    /// sealed password was modified or belongs to another agent.
    pub fn open_password(&self, entry: &Entry) -> Result<Secret, BookError> {
        let sealed = self
            .stored
            .passwords
            .get(&entry.password)
            .ok_or(BookError::Missing)?;
        let address = entry.details.address.to_string();
        let associated = self
            .stored
            .header
            .associated_of_password(&entry.password, &address);
        let padded = seal::open(&self.key, &associated, sealed)?;
        let (length, rest) = padded.split_first_chunk::<2>().ok_or(BookError::Changed)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let password = rest.get(..length).ok_or(BookError::Changed)?;
        let password = std::str::from_utf8(password).map_err(|_| BookError::Changed)?;
        Ok(Secret::new(password.to_owned()))
    }

    /// Returns the book with one more agent.
    ///
    /// # Errors
    /// [`BookError::Taken`] if the address is in the book, [`BookError::Full`],
    /// [`BookError::TooLong`], [`BookError::TooLarge`] and [`BookError::Randomness`].
    pub fn add<R: TryCryptoRng + ?Sized>(
        &self,
        details: AgentDetails,
        password: &Secret,
        rng: &mut R,
    ) -> Result<Self, BookError> {
        let mut changed = self.draft();
        changed.add(self, details, password, rng)?;
        self.with(changed, rng)
    }

    /// Returns the book with new details for the agent at `address`, and with a new password if one
    /// is given. The details may change the address.
    ///
    /// # Errors
    /// [`BookError::Missing`] if no agent has this address, and the errors of [`add`](Self::add)
    /// and [`open_password`](Self::open_password).
    pub fn edit<R: TryCryptoRng + ?Sized>(
        &self,
        address: &AgentAddress,
        details: AgentDetails,
        password: Option<&Secret>,
        rng: &mut R,
    ) -> Result<Self, BookError> {
        let mut changed = self.draft();
        changed.edit(self, address, details, password, rng)?;
        self.with(changed, rng)
    }

    /// Returns the book without the agent and its password.
    ///
    /// # Errors
    /// [`BookError::Missing`] if no agent has this address, and [`BookError::Randomness`].
    pub fn remove<R: TryCryptoRng + ?Sized>(
        &self,
        address: &AgentAddress,
        rng: &mut R,
    ) -> Result<Self, BookError> {
        let mut changed = self.draft();
        let at = changed.position(address)?;
        let entry = changed.entries.remove(at);
        changed.passwords.remove(&entry.password);
        self.with(changed, rng)
    }

    /// Returns the same agents under another passphrase, with a new salt and key. Takes about 100
    /// ms.
    ///
    /// # Errors
    /// The errors of [`create`](Self::create) and [`open_password`](Self::open_password).
    pub fn change_passphrase<R: TryCryptoRng + ?Sized>(
        &self,
        passphrase: &Secret,
        rng: &mut R,
    ) -> Result<Self, BookError> {
        Self::create(passphrase, rng)?.replaced_by(self, rng)
    }

    fn opened(key: Rc<BookKey>, stored: Stored) -> Result<Self, BookError> {
        let associated = stored.header.associated_of_list();
        let list = seal::open(&key, &associated, &stored.list)?;
        let entries = entry::read(&list)?;
        let listed = entries
            .iter()
            .all(|entry| stored.passwords.contains_key(&entry.password));
        if !listed || entries.len() != stored.passwords.len() {
            return Err(BookError::Changed);
        }
        Ok(Self {
            key,
            entries: entries.into(),
            stored: Rc::new(stored),
        })
    }

    fn sealed<R: TryCryptoRng + ?Sized>(
        key: Rc<BookKey>,
        header: Header,
        entries: Vec<Entry>,
        passwords: BTreeMap<String, String>,
        rng: &mut R,
    ) -> Result<Self, BookError> {
        let list = entry::write(&entries)?;
        let list = seal::seal(&key, &header.associated_of_list(), &list, rng)?;
        let stored = Stored {
            header,
            list,
            passwords,
        };
        stored.write()?;
        Ok(Self {
            key,
            entries: entries.into(),
            stored: Rc::new(stored),
        })
    }

    fn draft(&self) -> Draft {
        Draft {
            entries: self.entries.to_vec(),
            passwords: self.stored.passwords.clone(),
        }
    }

    fn with<R: TryCryptoRng + ?Sized>(
        &self,
        changed: Draft,
        rng: &mut R,
    ) -> Result<Self, BookError> {
        let (key, header) = (Rc::clone(&self.key), self.stored.header.clone());
        Self::sealed(key, header, changed.entries, changed.passwords, rng)
    }

    /// Seals a password for an address under a new id. Returns the id and the sealed password.
    fn seal_password<R: TryCryptoRng + ?Sized>(
        &self,
        address: &AgentAddress,
        password: &Secret,
        rng: &mut R,
    ) -> Result<(String, String), BookError> {
        let bytes = password.expose().as_bytes();
        if bytes.len() > MAX_PASSWORD {
            return Err(BookError::TooLong);
        }
        let length = u16::try_from(bytes.len()).map_err(|_| BookError::TooLong)?;
        let whole = (bytes.len() + 2).next_multiple_of(PADDED);
        let mut padded = Zeroizing::new(Vec::with_capacity(whole));
        padded.extend_from_slice(&length.to_be_bytes());
        padded.extend_from_slice(bytes);
        padded.resize(whole, 0);
        let mut id = [0; 16];
        rng.try_fill_bytes(&mut id)
            .map_err(|_| BookError::Randomness)?;
        let id = hex(&id);
        let header = &self.stored.header;
        let associated = header.associated_of_password(&id, &address.to_string());
        let sealed = seal::seal(&self.key, &associated, &padded, rng)?;
        Ok((id, sealed))
    }
}

/// The list of agents is sealed, so `Debug` does not show it either.
impl fmt::Debug for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Book(..)")
    }
}

/// Two books are equal if their sealed content is equal.
impl PartialEq for Book {
    fn eq(&self, other: &Self) -> bool {
        self.stored == other.stored
    }
}

/// The content of a book during a change. The list is not sealed yet.
struct Draft {
    entries: Vec<Entry>,
    passwords: BTreeMap<String, String>,
}

impl Draft {
    fn position(&self, address: &AgentAddress) -> Result<usize, BookError> {
        self.entries
            .iter()
            .position(|entry| entry.details.address == *address)
            .ok_or(BookError::Missing)
    }

    /// Adds an agent. `book` supplies the key.
    fn add<R: TryCryptoRng + ?Sized>(
        &mut self,
        book: &Book,
        details: AgentDetails,
        password: &Secret,
        rng: &mut R,
    ) -> Result<(), BookError> {
        details.check()?;
        if self.position(&details.address).is_ok() {
            return Err(BookError::Taken);
        }
        if self.entries.len() >= MAX_AGENTS {
            return Err(BookError::Full);
        }
        let (password, sealed) = book.seal_password(&details.address, password, rng)?;
        self.passwords.insert(password.clone(), sealed);
        self.entries.push(Entry { details, password });
        Ok(())
    }

    fn edit<R: TryCryptoRng + ?Sized>(
        &mut self,
        book: &Book,
        address: &AgentAddress,
        details: AgentDetails,
        password: Option<&Secret>,
        rng: &mut R,
    ) -> Result<(), BookError> {
        details.check()?;
        let at = self.position(address)?;
        if details.address != *address && self.position(&details.address).is_ok() {
            return Err(BookError::Taken);
        }
        let Some(entry) = self.entries.get_mut(at) else {
            return Err(BookError::Missing);
        };
        let moved = details.address != *address;
        let kept = match password {
            None if moved => Some(book.open_password(entry)?),
            _ => None,
        };
        if let Some(password) = password.or(kept.as_ref()) {
            let (id, sealed) = book.seal_password(&details.address, password, rng)?;
            self.passwords.remove(&entry.password);
            self.passwords.insert(id.clone(), sealed);
            entry.password = id;
        }
        entry.details = details;
        Ok(())
    }
}
