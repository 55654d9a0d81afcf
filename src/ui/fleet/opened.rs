//! Where the focus goes as a member is closed.

use yew::prelude::*;

use crate::fleet::member::MemberId;
use crate::fleet::state::Fleet;

/// The places that take the focus on a screen with a table.
#[derive(Clone, PartialEq)]
pub struct Opened {
    /// What takes it as the screen appears.
    pub(super) focus: NodeRef,
    /// For what does not.
    pub(super) spare: NodeRef,
    /// The member that was open just before.
    pub(super) left: Option<MemberId>,
}

impl Opened {
    /// The heading.
    pub(super) fn heading(&self) -> NodeRef {
        if self.left.is_some() {
            self.spare.clone()
        } else {
            self.focus.clone()
        }
    }

    /// The button of this member's row, where that takes the focus.
    pub(super) fn row(&self, id: MemberId) -> Option<NodeRef> {
        (self.left == Some(id)).then(|| self.focus.clone())
    }

    /// The row that is in sight as the screen appears.
    pub(super) fn first(&self, fleet: &Fleet) -> Option<usize> {
        let left = self.left?;
        fleet.members.iter().position(|member| member.id == left)
    }
}
