//! The browser's clock.

use crate::obshell::time::Millis;

/// Milliseconds since 1970 by the browser's clock.
#[must_use]
pub fn now() -> Millis {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole milliseconds, far below 2^53"
    )]
    let now = js_sys::Date::now() as Millis;
    now
}
