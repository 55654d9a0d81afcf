//! Statements about a deletion from its DELETE to its end, evaluated on the record of the
//! [`crate::journey`] (protocol: 2.3, 3.1, 3.2, 4.3, 4.5, 4.6, 12.5 to 12.7).

use crate::statement::Statement;

mod aftermath;
mod course;
mod failure;
mod judge;
mod meanwhile;
mod start;
mod success;

pub(super) fn statements() -> Vec<Statement> {
    let mut all = start::refusals();
    all.extend(start::cancellation());
    all.extend(start::creation());
    all.extend(meanwhile::meanwhile());
    all.extend(course::course());
    all.extend(success::success());
    all.extend(failure::failure());
    all.extend(failure::passed_nodes());
    all.extend(aftermath::revival());
    all.extend(aftermath::unmanaged());
    all
}
