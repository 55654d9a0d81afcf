//! Import of the agents of another book.

use std::collections::BTreeMap;

use rand_core::TryCryptoRng;

use super::entry::Entry;
use super::error::BookError;
use super::{Book, Draft};

/// What the import of another book does, in numbers of agents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Agents only in the other book: added.
    pub added: usize,
    /// Agents in both books with another label, group, endpoint or password: replaced by those of
    /// the other book.
    pub updated: usize,
    /// Agents that are equal in both books.
    pub same: usize,
    /// Agents only in this book: kept by a merge, removed by a replacement.
    pub own: usize,
}

impl Book {
    /// Counts what [`merged_with`](Self::merged_with) and [`replaced_by`](Self::replaced_by) would
    /// do.
    ///
    /// # Errors
    /// The errors of [`open_password`](Self::open_password).
    pub fn plan(&self, other: &Self) -> Result<Plan, BookError> {
        let mut plan = Plan::default();
        for entry in other.entries() {
            match self.entry(&entry.details.address) {
                None => plan.added += 1,
                Some(known) if self.is_same(known, other, entry)? => plan.same += 1,
                Some(_) => plan.updated += 1,
            }
        }
        plan.own = self.entries().len() - plan.same - plan.updated;
        Ok(plan)
    }

    /// Returns this book with the agents of the other book added. An agent with the same address is
    /// replaced.
    ///
    /// # Errors
    /// The errors of [`add`](Self::add) and [`open_password`](Self::open_password).
    pub fn merged_with<R: TryCryptoRng + ?Sized>(
        &self,
        other: &Self,
        rng: &mut R,
    ) -> Result<Self, BookError> {
        let changed = self.draft();
        self.import_into(other, changed, rng)
    }

    /// Returns this book with only the agents of the other book. The passphrase remains that of
    /// this book.
    ///
    /// # Errors
    /// The errors of [`add`](Self::add) and [`open_password`](Self::open_password).
    pub fn replaced_by<R: TryCryptoRng + ?Sized>(
        &self,
        other: &Self,
        rng: &mut R,
    ) -> Result<Self, BookError> {
        let nothing = Draft {
            entries: Vec::new(),
            passwords: BTreeMap::new(),
        };
        self.import_into(other, nothing, rng)
    }

    fn import_into<R: TryCryptoRng + ?Sized>(
        &self,
        other: &Self,
        mut changed: Draft,
        rng: &mut R,
    ) -> Result<Self, BookError> {
        for entry in other.entries() {
            let (details, password) = (entry.details.clone(), other.open_password(entry)?);
            let address = details.address.clone();
            if changed.position(&address).is_ok() {
                changed.edit(self, &address, details, Some(&password), rng)?;
            } else {
                changed.add(self, details, &password, rng)?;
            }
        }
        self.with(changed, rng)
    }

    fn is_same(&self, known: &Entry, other: &Self, entry: &Entry) -> Result<bool, BookError> {
        Ok(known.details == entry.details
            && self.open_password(known)?.expose() == other.open_password(entry)?.expose())
    }
}
