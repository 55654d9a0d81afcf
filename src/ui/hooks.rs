//! Hooks for state that outlives a rendering.

mod focus;
mod follow_end;
mod now;
mod printing;
mod size;

pub use self::focus::{ScreenFocus, use_screen_focus};
pub use self::follow_end::use_follow_end;
pub use self::now::use_now;
pub use self::printing::{InDocument, use_printing};
pub use self::size::{UNMEASURED, use_size};
