//! The checks before a DELETE, made from what was read.

use std::rc::Rc;

use super::state::{Preflight, Review};
use crate::obshell::dag::{Dag, State};
use crate::obshell::info::Version;

/// A clock difference from which it is shown, in milliseconds. Headers are right all the same:
/// their expiry is written in the agent's time.
pub const NOTABLE_CLOCK_MILLIS: i64 = 60_000;

/// Keys below this are broken by anyone who cares to, in bits; agents up to 4.4.1.x have 512.
pub const WEAK_KEY_BITS: usize = 1024;

/// The verdict of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Pass,
    /// The destroy can be confirmed, knowing this.
    Warn,
    /// The destroy cannot be confirmed.
    Fail,
}

/// A check and what it found.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Its verdict.
    pub verdict: Verdict,
    /// What was found.
    pub finding: Finding,
}

/// What the checks find.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// The agent answered.
    Reachable {
        /// How long the answer to `/time` took, in milliseconds.
        round_trip: i64,
    },
    /// The agent is obshell of this version; ODP routes need 4.2.6.0.
    Version(Version),
    /// Whether an ODP is managed; `None` where the agent does not say.
    Managed(Option<bool>),
    /// An agent password is set.
    PasswordSet,
    /// A read that needs the credential was accepted, so the signed path equals what the agent
    /// sees, too.
    CredentialAccepted,
    /// The path that is signed, which the agent saw as it was signed.
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
    /// Whether the page talks to its server by https.
    Transport {
        /// `false`: plain http.
        secure: bool,
    },
    /// No task holds the agent, or this one does.
    Holder {
        /// The task; `None` where none of those that could be read does.
        holder: Option<Rc<Dag>>,
        /// How many of the agent's unfinished tasks could not be read.
        unread: usize,
    },
}

/// The checks, in the order of reading. `secure_transport` is whether requests leave the browser
/// by https.
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
        // Not a failure: the agent alone decides, and where nothing is managed its answer to the
        // DELETE is 204 and it does nothing. The confirmation is offered to those who insist.
        check(
            warn_unless(facts.info.manages_odp == Some(true)),
            Finding::Managed(facts.info.manages_odp),
        ),
        // With a session none is needed, and without one such an agent is not connected to.
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
            // The agent alone knows then.
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
    /// The agent manages no ODP, so a DELETE is known to do nothing. The person may insist.
    NothingManaged,
}

/// What stands in the way of the confirmation, the weightiest first; nothing where it is offered.
/// While the checks run again the confirmation waits for them.
#[must_use]
pub fn obstacle(review: &Review, read_only: bool) -> Option<Obstacle> {
    let preflight = &review.preflight;
    // No check fails because of the transport.
    let failed = |check: &Check| check.verdict == Verdict::Fail;
    if read_only {
        Some(Obstacle::ReadOnly)
    } else if checks(preflight, true).iter().any(failed) {
        Some(Obstacle::CheckFailed)
    } else if preflight.facts.info.manages_odp == Some(false) && !review.insists {
        Some(Obstacle::NothingManaged)
    } else {
        None
    }
}

/// The task among an agent's unfinished ones that holds its ODP lock.
///
/// The lock does not say who holds it, and before 4.3.1.0 a task does not say whether it takes one:
/// its name does then, and a task on an ODP of which neither tells may hold it. A task that runs does; a failed one does from its second
/// stage on, while a failure of the first stage gives the lock back and leaves the task in the
/// list all the same (obshell: FAILURE_EXIT_MAINTENANCE).
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
        // One that runs before one that failed, and before that one that certainly takes a lock; of
        // equals the newest, which stands last.
        .max_by_key(|dag| (dag.takes_lock(), dag.state != State::Failed))
}
