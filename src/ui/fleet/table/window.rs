//! The range of rows to render.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::ui::hooks::use_size;

/// The largest number of rows for which every row is rendered, as high as its text.
const DRAW_ALL: usize = 60;

/// The number of rows rendered above and below the visible ones.
const SPARE: usize = 3;

/// The number of rows by which the range moves.
const STRIDE: usize = 3;

/// The number of visible rows before it is measured: small, so that a new screen appears at once
/// and the other rows follow.
const COUNT: usize = 4;

/// The height of a row in pixels before it is measured, as in the style sheet.
const ROW_HEIGHT: usize = 68;

/// The visible part of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    /// The first row, counted from 0, rounded down to a multiple of [`STRIDE`].
    first: usize,
    /// The number of rows.
    count: usize,
    /// The height of a row in pixels.
    height: usize,
}

/// The rendered rows of a table.
#[derive(Clone)]
pub(super) struct Window {
    /// The element that scrolls, if the table does.
    pub(super) scroller: NodeRef,
    rows: usize,
    place: UseStateHandle<Place>,
    /// The pending task that measures the visible part.
    pending: Rc<RefCell<Option<Timeout>>>,
}

/// Tracks the visible part of a table with `rows` rows; the row `first` is initially visible.
#[hook]
pub(super) fn use_window(rows: usize, first: Option<usize>) -> Window {
    let scroller = use_node_ref();
    let size = use_size(&scroller);
    let place = use_state_eq(|| Place {
        first: first.unwrap_or(0).saturating_sub(SPARE) / STRIDE * STRIDE,
        count: COUNT,
        height: ROW_HEIGHT,
    });
    let pending = use_mut_ref(|| None);
    let window = Window {
        scroller,
        rows,
        place,
        pending,
    };
    {
        let window = window.clone();
        use_effect_with(rows, move |_| {
            if let (Some(first), Some(area)) = (first, window.area()) {
                let height = window.row_height();
                let top = i32::try_from(first * height).unwrap_or(i32::MAX);
                area.set_scroll_top(top.saturating_sub(area.client_height() / 2));
            }
        });
    }
    {
        let window = window.clone();
        use_effect_with((rows, size), move |_| window.schedule_measure());
    }
    window
}

impl Window {
    /// Whether the table scrolls.
    pub(super) fn scrolls(&self) -> bool {
        self.rows > DRAW_ALL
    }

    /// The height of a row in pixels.
    pub(super) fn row_height(&self) -> usize {
        self.place.height
    }

    /// The rows to render.
    pub(super) fn drawn(&self) -> Range<usize> {
        if !self.scrolls() {
            return 0..self.rows;
        }
        around(*self.place, self.rows)
    }

    /// The first visible row, and the row after the last visible one.
    pub(super) fn visible_rows(&self) -> (usize, usize) {
        if !self.scrolls() {
            return (0, self.rows);
        }
        let first = self.place.first.min(self.rows);
        (first, (first + self.place.count + STRIDE).min(self.rows))
    }

    /// Updates the visible part after scrolling.
    pub(super) fn on_scroll(&self) -> Callback<Event> {
        let window = self.clone();
        Callback::from(move |_| window.schedule_measure())
    }

    fn area(&self) -> Option<HtmlElement> {
        self.scroller.cast().filter(|_| self.scrolls())
    }

    /// Measures the visible part in a separate task of the browser: in the task of the scroll event
    /// or of the rendering before, measuring and rendering would keep the page from reacting for
    /// too long.
    fn schedule_measure(&self) {
        let window = self.clone();
        self.pending.borrow_mut().get_or_insert_with(|| {
            Timeout::new(0, move || {
                window.pending.take();
                window.measure();
            })
        });
    }

    fn measure(&self) {
        let found = self.area().and_then(|area| {
            let row = area.query_selector("tbody [aria-rowindex]").ok()??;
            let row = row.dyn_into::<HtmlElement>().ok()?;
            let pixels = |pixels: i32| usize::try_from(pixels).unwrap_or(0);
            let height = pixels(row.offset_height());
            let first = pixels(area.scroll_top()).checked_div(height)?;
            Some(Place {
                first: first / STRIDE * STRIDE,
                count: pixels(area.client_height()) / height + 2,
                height,
            })
        });
        if let Some(place) = found {
            self.place.set(place);
        }
    }
}

/// The visible rows and some rows around them.
fn around(place: Place, rows: usize) -> Range<usize> {
    let end = (place.first + STRIDE + place.count + SPARE).min(rows);
    let whole = place.count + STRIDE + 2 * SPARE;
    let first = place.first.saturating_sub(SPARE);
    first.min(rows.saturating_sub(whole))..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_is_seen_and_stays_within_the_rows() {
        let rows = 1_000;
        for visible_rows in [0, 3, 17, 500, 986, 999, 2_000] {
            let place = Place {
                first: visible_rows / STRIDE * STRIDE,
                count: 14,
                height: ROW_HEIGHT,
            };
            let drawn = around(place, rows);
            assert!(
                drawn.start <= visible_rows.min(rows - 14),
                "{visible_rows}: {drawn:?}"
            );
            assert!(
                drawn.end >= (visible_rows + 14).min(rows),
                "{visible_rows}: {drawn:?}"
            );
            assert!(
                drawn.end <= rows && drawn.len() <= 23,
                "{visible_rows}: {drawn:?}"
            );
        }
    }
}
