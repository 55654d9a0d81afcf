//! Following the end of a list that grows, until the person scrolls up.

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::ui::dom::focus;

/// Pixels from the end within which the end counts as reached.
const AT_END: i32 = 8;

/// Where the person is in a list that scrolls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Whether the end was in sight when the list was scrolled last.
    pub at_end: bool,
    /// Pixels scrolled away above.
    pub top: i32,
    /// Pixels seen at once.
    pub height: i32,
}

const START: Place = Place {
    at_end: true,
    top: 0,
    height: 480,
};

/// What [`use_follow_end`] knows of a list.
#[derive(Clone)]
pub struct Follow {
    /// What scrolls.
    pub scroller: NodeRef,
    place: UseStateHandle<Place>,
}

/// Keeps the end of a list in sight as it grows. `shown` is what its height depends on; while it is
/// `held`, the list stays where it is.
#[hook]
pub fn use_follow_end<T: PartialEq + 'static>(shown: T, held: bool) -> Follow {
    let scroller = use_node_ref();
    let place = use_state_eq(|| START);
    {
        let scroller = scroller.clone();
        let following = place.at_end && !held;
        use_effect_with((shown, following), move |&(_, following)| {
            if following {
                scroll_to_end(&scroller);
            }
        });
    }
    Follow { scroller, place }
}

impl Follow {
    /// Where the person is.
    pub fn place(&self) -> Place {
        *self.place
    }

    /// Takes note of where the person scrolled to.
    pub fn on_scroll(&self) -> Callback<Event> {
        let (scroller, place) = (self.scroller.clone(), self.place.setter());
        Callback::from(move |_| {
            if let Some(area) = scroller.cast::<HtmlElement>() {
                let (top, height) = (area.scroll_top(), area.client_height());
                place.set(Place {
                    at_end: top + height >= area.scroll_height() - AT_END,
                    top,
                    height,
                });
            }
        })
    }

    /// Goes to the end, with the focus, and follows it again.
    pub fn resume(&self) {
        scroll_to_end(&self.scroller);
        // The button goes away, and the focus with it if it stayed there.
        focus(&self.scroller);
        self.place.set(Place {
            at_end: true,
            ..*self.place
        });
    }
}

fn scroll_to_end(scroller: &NodeRef) {
    if let Some(area) = scroller.cast::<HtmlElement>() {
        area.set_scroll_top(area.scroll_height());
    }
}
