//! The focus after a member is closed.

use yew::prelude::*;

use crate::fleet::member::MemberId;
use crate::fleet::state::Fleet;

/// The elements that take the focus on a screen with a table.
#[derive(Clone, PartialEq)]
pub struct TableFocus {
    /// The element that takes the focus when the screen appears.
    pub(super) focus: NodeRef,
    /// For the element that does not take the focus.
    pub(super) spare: NodeRef,
    /// The member that was open immediately before.
    pub(super) left: Option<MemberId>,
}

impl TableFocus {
    /// The reference for the heading.
    pub(super) fn heading(&self) -> NodeRef {
        if self.left.is_some() {
            self.spare.clone()
        } else {
            self.focus.clone()
        }
    }

    /// The reference for the button of this member's row, if the button takes the focus.
    pub(super) fn row(&self, id: MemberId) -> Option<NodeRef> {
        (self.left == Some(id)).then(|| self.focus.clone())
    }

    /// The row that is visible when the screen appears.
    pub(super) fn first(&self, fleet: &Fleet) -> Option<usize> {
        let left = self.left?;
        fleet.members.iter().position(|member| member.id == left)
    }
}
