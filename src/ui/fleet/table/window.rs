//! Which rows are drawn.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Up to here every row is drawn, as high as its text.
const DRAW_ALL: usize = 60;

/// Rows drawn beyond what is seen, above and below.
const SPARE: usize = 5;

/// The window moves by so many rows at a time.
const STRIDE: usize = 5;

/// Rows in sight until they are measured: few, so that a new screen is drawn at once and the other
/// rows follow.
const COUNT: usize = 4;

/// The height of a row in pixels until it is measured, as in the style sheet.
const ROW_HEIGHT: usize = 68;

/// What is in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    /// The first row, counted from 0, to the nearest [`STRIDE`] above.
    first: usize,
    /// How many rows.
    count: usize,
    /// The height of a row in pixels.
    height: usize,
}

/// The rows of a table that are drawn.
#[derive(Clone)]
pub(super) struct Window {
    /// What scrolls, where it does.
    pub(super) scroller: NodeRef,
    rows: usize,
    place: UseStateHandle<Place>,
    /// The task that will measure what is in sight.
    due: Rc<RefCell<Option<Timeout>>>,
}

/// Follows what is in sight of a table of `rows`; at first the row `first` is.
#[hook]
pub(super) fn use_window(rows: usize, first: Option<usize>) -> Window {
    let scroller = use_node_ref();
    let place = use_state_eq(|| Place {
        first: first.unwrap_or(0).saturating_sub(SPARE) / STRIDE * STRIDE,
        count: COUNT,
        height: ROW_HEIGHT,
    });
    let due = use_mut_ref(|| None);
    let window = Window {
        scroller,
        rows,
        place,
        due,
    };
    {
        let window = window.clone();
        use_effect_with(rows, move |_| {
            if let (Some(first), Some(area)) = (first, window.area()) {
                let height = window.row_height();
                let top = i32::try_from(first * height).unwrap_or(i32::MAX);
                area.set_scroll_top(top.saturating_sub(area.client_height() / 2));
            }
            window.look_soon();
        });
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

    /// The rows to draw.
    pub(super) fn drawn(&self) -> Range<usize> {
        if !self.scrolls() {
            return 0..self.rows;
        }
        around(*self.place, self.rows)
    }

    /// The first row in sight, and the one behind the last.
    pub(super) fn seen(&self) -> (usize, usize) {
        if !self.scrolls() {
            return (0, self.rows);
        }
        let first = self.place.first.min(self.rows);
        (first, (first + self.place.count + STRIDE).min(self.rows))
    }

    /// Takes note of where the person scrolled to.
    pub(super) fn on_scroll(&self) -> Callback<Event> {
        let window = self.clone();
        Callback::from(move |_| window.look_soon())
    }

    fn area(&self) -> Option<HtmlElement> {
        self.scroller.cast().filter(|_| self.scrolls())
    }

    /// Looks in a task of its own: measuring and drawing right after a scroll event or a drawing would
    /// add to the same task of the browser, which is then too long for a smooth page.
    fn look_soon(&self) {
        let window = self.clone();
        self.due.borrow_mut().get_or_insert_with(|| {
            Timeout::new(0, move || {
                window.due.take();
                window.look();
            })
        });
    }

    fn look(&self) {
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

/// The rows in sight and some around.
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
        for seen in [0, 3, 17, 500, 986, 999, 2_000] {
            let place = Place {
                first: seen / STRIDE * STRIDE,
                count: 14,
                height: ROW_HEIGHT,
            };
            let drawn = around(place, rows);
            assert!(drawn.start <= seen.min(rows - 14), "{seen}: {drawn:?}");
            assert!(drawn.end >= (seen + 14).min(rows), "{seen}: {drawn:?}");
            assert!(drawn.end <= rows && drawn.len() <= 29, "{seen}: {drawn:?}");
        }
    }
}
