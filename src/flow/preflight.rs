//! The pre-flight checks of a DELETE, computed from the data read.

use std::rc::Rc;

use super::state::{Preflight, Review};
use crate::obshell::dag::{Dag, State};
use crate::obshell::info::Version;

/// The clock difference from which a warning is shown, in milliseconds. Headers remain valid
/// regardless: their expiry is computed in the agent's time.
pub const NOTABLE_CLOCK_MILLIS: i64 = 60_000;

/// The size below which keys can be broken with modest effort, in bits; agents up to 4.4.1.x use
/// 512.
pub const WEAK_KEY_BITS: usize = 1024;

/// The verdict of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The check passed.
    Pass,
    /// The destroy can be confirmed, with a warning.
    Warn,
    /// The destroy cannot be confirmed.
    Fail,
}

/// A check and its finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Its verdict.
    pub verdict: Verdict,
    /// What was found.
    pub finding: Finding,
}

/// The findings of the checks.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// The agent answered.
    Reachable {
        /// How long the answer to `/time` took, in milliseconds.
        round_trip: i64,
    },
    /// The agent is obshell of this version; ODP routes need 4.2.6.0.
    Version(Version),
    /// Whether an ODP is managed; `None` if the agent does not report it.
    Managed(Option<bool>),
    /// An agent password is set.
    PasswordSet,
    /// The agent accepted the credential for a read that needs it, so the signed path also equals
    /// the path that the agent receives.
    CredentialAccepted,
    /// The signed path, which the agent received unchanged.
    SignedPath,
    /// How far the agent's clock is ahead, in milliseconds.
    Clock {
        /// Positive: the agent is ahead.
        ahead: i64,
    },
    /// The public key.
    Key {
        /// Its size.
        bits: usize,
        /// SHA-256 of its DER, in hex.
        fingerprint: String,
    },
    /// Whether the page uses HTTPS to its server.
    Transport {
        /// `false`: plain HTTP.
        secure: bool,
    },
    /// No task holds the agent's ODP lock, or this one does.
    Holder {
        /// The task; `None` if none of the readable tasks holds the lock.
        holder: Option<Rc<Dag>>,
        /// How many of the agent's unfinished tasks could not be read.
        unread: usize,
    },
}

/// The checks, in reading order. `secure_transport`: requests leave the browser by HTTPS.
#[must_use]
pub fn checks(preflight: &Preflight, secure_transport: bool) -> Vec<Check> {
    let facts = &preflight.facts;
    let check = |verdict, finding| Check { verdict, finding };
    let warn_unless = |good| if good { Verdict::Pass } else { Verdict::Warn };
    let fail_unless = |good| if good { Verdict::Pass } else { Verdict::Fail };
    let mut checks = vec![
        check(
            Verdict::Pass,
            Finding::Reachable {
                round_trip: facts.round_trip,
            },
        ),
        check(
            match facts.info.version.at_least(Version::FIRST_WITH_ODP) {
                Some(true) => Verdict::Pass,
                Some(false) => Verdict::Fail,
                None => Verdict::Warn,
            },
            Finding::Version(facts.info.version.clone()),
        ),
        // Not a failure: the agent decides, and if nothing is managed it answers the DELETE with
        // 204 and does nothing. The confirmation is offered to a person who insists.
        check(
            warn_unless(facts.info.manages_odp == Some(true)),
            Finding::Managed(facts.info.manages_odp),
        ),
        // A session needs no agent password, and without a session such an agent cannot be
        // connected to.
        check(
            fail_unless(facts.info.password_set != Some(false) || facts.info.has_sessions()),
            Finding::PasswordSet,
        ),
        check(Verdict::Pass, Finding::CredentialAccepted),
        check(Verdict::Pass, Finding::SignedPath),
        check(
            warn_unless(facts.clock.millis.abs() < NOTABLE_CLOCK_MILLIS),
            Finding::Clock {
                ahead: facts.clock.millis,
            },
        ),
    ];
    if let Ok(key) = &facts.key {
        checks.push(check(
            warn_unless(key.bits() >= WEAK_KEY_BITS),
            Finding::Key {
                bits: key.bits(),
                fingerprint: key.fingerprint().to_owned(),
            },
        ));
    }
    checks.push(check(
        warn_unless(secure_transport),
        Finding::Transport {
            secure: secure_transport,
        },
    ));
    let holder = preflight.holder.clone();
    checks.push(check(
        match &holder {
            None => warn_unless(preflight.unread == 0),
            // Only the agent knows whether the lock is taken.
            Some(dag) => fail_unless(dag.takes_lock() != Some(true)).max(Verdict::Warn),
        },
        Finding::Holder {
            holder,
            unread: preflight.unread,
        },
    ));
    checks
}

/// Why a review offers no confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The console is read-only.
    ReadOnly,
    /// A check failed.
    CheckFailed,
    /// The agent manages no ODP, so a DELETE would do nothing. The person may insist.
    NothingManaged,
}

/// The most important obstacle to the confirmation; `None` if the confirmation is offered. While
/// the checks run again, the confirmation waits for them.
#[must_use]
pub fn obstacle(review: &Review, read_only: bool) -> Option<Obstacle> {
    let preflight = &review.preflight;
    // The transport check never fails.
    let failed = |check: &Check| check.verdict == Verdict::Fail;
    if read_only {
        Some(Obstacle::ReadOnly)
    } else if checks(preflight, true).iter().any(failed) {
        Some(Obstacle::CheckFailed)
    } else if preflight.facts.info.manages_odp == Some(false) && !review.continues_anyway {
        Some(Obstacle::NothingManaged)
    } else {
        None
    }
}

/// The task among an agent's unfinished ones that holds its ODP lock.
///
/// The lock does not record its holder, and before 4.3.1.0 a task does not report whether it takes
/// the lock: its name shows it then, and an ODP task for which neither is known may hold it. A
/// running task holds the lock; a failed one does from its second stage on, while a failure of the
/// first stage releases the lock but leaves the task in the list (obshell:
/// FAILURE_EXIT_MAINTENANCE).
#[must_use]
pub fn holder(unfinished: Vec<Dag>) -> Option<Dag> {
    let holds = |dag: &Dag| match dag.state {
        State::Failed => dag.stage >= 2,
        State::Succeed => false,
        _ => true,
    };
    unfinished
        .into_iter()
        .filter(|dag| dag.is_odp_task() && dag.takes_lock() != Some(false) && holds(dag))
        // Prefers a task that certainly takes a lock, then a running one to a failed one, then the
        // newest, which is last in the list.
        .max_by_key(|dag| (dag.takes_lock(), dag.state != State::Failed))
}
