//! Follows the end of a growing list until the person scrolls up.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use super::size::{Size, use_size};
use crate::ui::dom::focus;

/// Distance from the end, in pixels, within which the end counts as reached.
const AT_END: i32 = 8;

/// The scroll position of a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Whether the end was visible when the list was last scrolled.
    pub at_end: bool,
    /// Pixels scrolled out of view above.
    pub top: i32,
    /// Visible height, in pixels.
    pub height: i32,
}

/// The position that was scrolled to.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Position {
    at_end: bool,
    top: i32,
}

const START: Position = Position {
    at_end: true,
    top: 0,
};

/// The scroll state returned by [`use_follow_end`].
#[derive(Clone)]
pub struct Follow {
    /// The scrolling element.
    pub scroller: NodeRef,
    position: UseStateHandle<Position>,
    size: Size,
    /// The last known position, in pixels from the top.
    top: Rc<RefCell<i32>>,
}

/// Keeps the end of a growing list in view, also when the list is resized. `shown` is the data that
/// determines its height; while `held`, the list does not scroll.
#[hook]
pub fn use_follow_end<T: PartialEq + 'static>(shown: T, held: bool) -> Follow {
    let scroller = use_node_ref();
    let size = use_size(&scroller);
    let position = use_state_eq(|| START);
    let top = use_mut_ref(|| 0);
    {
        let (scroller, top) = (scroller.clone(), Rc::clone(&top));
        let following = position.at_end && !held;
        use_effect_with((shown, following, size), move |&(_, following, _)| {
            if following && !has_scrolled_up(&scroller, *top.borrow()) {
                scroll_to_end(&scroller, &top);
            }
        });
    }
    Follow {
        scroller,
        position,
        size,
        top,
    }
}

impl Follow {
    /// The scroll position.
    pub fn place(&self) -> Place {
        let Position { at_end, top } = *self.position;
        Place {
            at_end,
            top,
            height: self.size.height,
        }
    }

    /// Records the position that the person scrolled to.
    pub fn on_scroll(&self) -> Callback<Event> {
        let (scroller, position) = (self.scroller.clone(), self.position.setter());
        let (known_top, was_at_end) = (Rc::clone(&self.top), self.position.at_end);
        Callback::from(move |_| {
            if let Some(area) = scroller.cast::<HtmlElement>() {
                let top = area.scroll_top();
                // A list that has just become lower is not at its end, though nobody scrolled.
                let stays = was_at_end && !has_scrolled_up(&scroller, *known_top.borrow());
                let is_at_end = top + area.client_height() >= area.scroll_height() - AT_END;
                *known_top.borrow_mut() = top;
                position.set(Position {
                    at_end: stays || is_at_end,
                    top,
                });
            }
        })
    }

    /// Scrolls to the end, moves the focus there, and follows the end again.
    pub fn resume(&self) {
        scroll_to_end(&self.scroller, &self.top);
        // The button is removed, and the focus must not be removed with it.
        focus(&self.scroller);
        self.position.set(Position {
            at_end: true,
            ..*self.position
        });
    }
}

fn scroll_to_end(scroller: &NodeRef, known_top: &RefCell<i32>) {
    if let Some(area) = scroller.cast::<HtmlElement>() {
        area.set_scroll_top(area.scroll_height());
        *known_top.borrow_mut() = area.scroll_top();
    }
}

/// Whether the person has scrolled up since the list was at `known_top`: the event may come after a
/// rendering. A list that became shorter is at its new end.
fn has_scrolled_up(scroller: &NodeRef, known_top: i32) -> bool {
    scroller.cast::<HtmlElement>().is_some_and(|area| {
        let end = area.scroll_height() - area.client_height();
        area.scroll_top() < known_top.min(end) - AT_END
    })
}
