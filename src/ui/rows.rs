//! A list of an agent. A long one scrolls, and of its rows those in sight are drawn, and some around.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};
use yew::prelude::*;

use super::hooks::{UNMEASURED, use_printing, use_size};
use super::log::blocks::{
    Heights, HeightsAction, Measurement, Piece, Seen, block_of, lines_of, pieces,
};
use super::log::gap::gap;

/// Up to here every row is drawn.
const DRAW_ALL: usize = 100;

/// Where a list is scrolled to, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    /// Scrolled away above.
    top: i32,
    /// Seen at once.
    height: i32,
    /// Whether the last row is in sight. It stays drawn when rows turn out higher than estimated.
    at_end: bool,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            top: 0,
            height: UNMEASURED.height,
            at_end: false,
        }
    }
}

/// Properties of [`Rows`].
#[derive(PartialEq, Properties)]
pub struct RowsProps {
    /// What the rows are, for the accessible name of a list that scrolls.
    pub name: AttrValue,
    /// The element of the list: `ol` or `ul`.
    pub tag: &'static str,
    /// The class of the list.
    pub class: &'static str,
    /// How many rows there are.
    pub rows: usize,
    /// Draws a row, counted from 0, as an `<li>` with a key and its place.
    pub row: Callback<(usize, PlaceInList), Html>,
    /// The row that is in sight at first.
    #[prop_or_default]
    pub first: usize,
}

/// `aria-posinset` and `aria-setsize` of a row; `None` where every row is drawn, and a browser counts
/// them.
pub(super) type PlaceInList = [Option<String>; 2];

fn place_in_list(index: usize, rows: usize) -> PlaceInList {
    [index + 1, rows].map(|number| (rows > DRAW_ALL).then(|| number.to_string()))
}

/// The list. Rows are as high as their text needs: heights are measured, as those of a log are.
#[component]
pub fn Rows(props: &RowsProps) -> Html {
    let RowsProps {
        name,
        tag,
        class,
        rows,
        row,
        first,
    } = props;
    let rows = *rows;
    let scroller = use_node_ref();
    let printing = use_printing(&scroller);
    let size = use_size(&scroller);
    let heights = use_reducer_eq(Heights::default);
    let place = use_state_eq(Place::default);
    // The row with the focus is drawn wherever the list is scrolled to.
    let kept = use_state_eq(|| *first);
    {
        let heights = heights.dispatcher();
        let (scroller, place) = (scroller.clone(), place.clone());
        use_effect(move || {
            measure(&heights, &scroller, rows);
            stay_at_end(&scroller, &place);
        });
    }
    {
        let (scroller, first) = (scroller.clone(), *first);
        use_effect_with((), move |()| bring_into_sight(&scroller, first));
    }
    {
        let (scroller, place) = (scroller.clone(), place.setter());
        use_effect_with(size, move |_| look(&scroller, &place));
    }
    let draw = |index| row.emit((index, place_in_list(index, rows)));
    if rows <= DRAW_ALL {
        return html! { <@{*tag} class={*class}>{ for (0..rows).map(draw) }</@> };
    }
    let onscroll = {
        let (scroller, place) = (scroller.clone(), place.setter());
        move |_: Event| look(&scroller, &place)
    };
    let onfocusin = {
        let (scroller, kept) = (scroller.clone(), kept.setter());
        move |event: FocusEvent| {
            let target: Option<Node> = event.target_dyn_into();
            let mut rows = drawn_rows(&scroller).into_iter();
            if let Some((index, _)) = rows.find(|(_, row)| row.contains(target.as_ref())) {
                kept.set(index);
            }
        }
    };
    let seen = Seen {
        whole: printing,
        at_end: place.at_end,
        top: place.top,
        height: place.height,
        line: Some((*kept).min(rows - 1)),
    };
    let drawn = pieces(rows, &heights, seen)
        .into_iter()
        .flat_map(|piece| match piece {
            Piece::Block(block) => lines_of(block, rows).map(draw).collect(),
            Piece::Gap { first, height } => vec![gap_row(first, height)],
        });
    html! {
        <div
            class="long"
            ref={scroller}
            role="group"
            aria-label={name.clone()}
            tabindex="0"
            {onscroll}
            {onfocusin}
        >
            <@{*tag} class={*class}>{ for drawn }</@>
        </div>
    }
}

/// The place of rows that are not drawn.
fn gap_row(first: usize, height: i64) -> Html {
    html! {
        <li key={format!("gap {first}")} class="gap-row" role="presentation" aria-hidden="true">
            { gap(first, height) }
        </li>
    }
}

/// The rendered rows, counted from 0. The lists inside the rows are not among them.
fn drawn_rows(scroller: &NodeRef) -> Vec<(usize, HtmlElement)> {
    let rows = scroller
        .cast::<HtmlElement>()
        .and_then(|area| area.query_selector_all(":scope > * > [aria-posinset]").ok());
    let rows = rows.iter().flat_map(|rows| {
        (0..rows.length()).filter_map(|index| {
            let row: HtmlElement = rows.item(index)?.dyn_into().ok()?;
            let position: usize = row.get_attribute("aria-posinset")?.parse().ok()?;
            Some((position.checked_sub(1)?, row))
        })
    });
    rows.collect()
}

/// Takes note of where the person scrolled to.
fn look(scroller: &NodeRef, place: &UseStateSetter<Place>) {
    if let Some(area) = scroller.cast::<HtmlElement>().filter(is_shown) {
        let (top, height) = (area.scroll_top(), area.client_height());
        place.set(Place {
            top,
            height,
            // Positions are rounded.
            at_end: top > 0 && top + height + 1 >= area.scroll_height(),
        });
    }
}

/// Scrolls to the end of a list that became higher while its last row was in sight, unless the
/// person scrolled up since. A browser may have scrolled down (scroll anchoring).
fn stay_at_end(scroller: &NodeRef, place: &UseStateHandle<Place>) {
    if place.at_end
        && let Some(area) = scroller.cast::<HtmlElement>()
        && area.scroll_top() >= place.top
    {
        area.set_scroll_top(area.scroll_height());
        look(scroller, &place.setter());
    }
}

/// Whether the list has a height. A list inside a closed `<details>` has none.
fn is_shown(area: &HtmlElement) -> bool {
    area.client_height() > 0
}

/// Scrolls to a row that is drawn.
fn bring_into_sight(scroller: &NodeRef, row: usize) {
    let mut rows = drawn_rows(scroller).into_iter();
    if let Some(area) = scroller.cast::<HtmlElement>()
        && let Some((_, row)) = rows.find(|(index, _)| *index == row)
    {
        area.set_scroll_top(row.offset_top() - area.client_height() / 2);
    }
}

/// Measures the blocks that are drawn. Yew draws before effects run, so all of them are there.
fn measure(heights: &UseReducerDispatcher<Heights>, scroller: &NodeRef, rows: usize) {
    if scroller.cast().as_ref().is_none_or(|area| !is_shown(area)) {
        return;
    }
    let mut measured = Vec::new();
    let mut top_of_block = 0;
    for (index, row) in drawn_rows(scroller) {
        let block = block_of(index);
        let lines = lines_of(block, rows);
        if index == lines.start {
            top_of_block = row.offset_top();
        }
        if index + 1 == lines.end {
            let bottom = row.offset_top() + row.offset_height();
            measured.push(Measurement {
                block,
                lines: lines.len(),
                height: bottom - top_of_block,
            });
        }
    }
    heights.dispatch(HeightsAction::Measured(measured));
}
