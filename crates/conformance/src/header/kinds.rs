//! The requests that test a header, and the two kinds of statement about it: accepted, and refused.

use crate::{
    ask::Ask,
    miss::Miss,
    probe::Probe,
    refusal::Refusal,
    statement::{Statement, statement},
};

/// A list that every agent has; it follows the general rule of access.
pub(super) const LIST: &str = "/api/v1/task/dag/agent/unfinish";

/// A harmless request to an obproxy route: adding an ODP without its parameters is refused.
pub(crate) fn add_nothing(probe: &Probe) -> Result<Ask, Miss> {
    probe.ask("POST", "/api/v1/obproxy")
}

/// A statement that a spelling of the header is accepted.
pub(super) fn spelled(
    id: &'static str,
    fact: &'static str,
    change: fn(&Probe, Ask) -> Ask,
) -> Statement {
    statement(id, fact, move |p| async move {
        p.header_accepted(&change(&p, p.harmless()?)).await
    })
}

/// A statement that a header is refused on a task route.
pub(super) fn refused(
    id: &'static str,
    fact: &'static str,
    change: fn(&Probe, Ask) -> Ask,
    refusal: fn(&Probe) -> Refusal,
) -> Statement {
    statement(id, fact, move |p| async move {
        p.needs_password()?;
        p.refused(&change(&p, p.harmless()?), &refusal(&p)).await
    })
}
