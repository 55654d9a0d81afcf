//! A table that renders only the visible rows and some rows around them.

mod window;

use yew::prelude::*;

use self::window::use_window;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::view::use_view;

/// Properties of [`Table`].
#[derive(PartialEq, Properties)]
pub struct TableProps {
    /// The kind of rows, for the accessible name of the table.
    pub name: AttrValue,
    /// The class of the columns in the style sheet.
    pub class: &'static str,
    /// The headings of the columns.
    pub columns: &'static [FleetLabel],
    /// The number of rows.
    pub rows: usize,
    /// Renders a row, counted from 0, as a `<tr>` with [`row_index`] for its `aria-rowindex`.
    pub row: Callback<usize, Html>,
    /// The row that is initially visible.
    #[prop_or_default]
    pub first: Option<usize>,
    /// Receives the first visible row and the row after the last one, when they change.
    #[prop_or_default]
    pub on_shown: Option<Callback<(usize, usize)>>,
}

/// The table. A short table is as high as its rows, which are as high as their text. A long table
/// scrolls, has rows of equal height, and renders the visible ones. Roles are explicit: on narrow
/// screens the rows are laid out as cards, for which some browsers drop the implicit roles.
#[component]
pub fn Table(props: &TableProps) -> Html {
    let TableProps {
        name,
        class,
        columns,
        rows,
        row,
        first,
        on_shown,
    } = props;
    let language = use_view().language;
    let window = use_window(*rows, *first);
    {
        // Not a dependency: every rendering creates a new callback with the same effect.
        let on_shown = on_shown.clone();
        use_effect_with((window.visible_rows(), *rows), move |(seen, _)| {
            if let Some(on_shown) = on_shown {
                on_shown.emit(*seen);
            }
        });
    }
    let drawn = window.drawn();
    let gap = |rows: usize| {
        let height = rows * window.row_height();
        // An SVG has its height as an attribute; a strict policy refuses a style attribute.
        (height > 0).then(|| {
            html! {
                <tr class="gap-row" role="presentation" aria-hidden="true">
                    <td role="presentation" colspan={columns.len().to_string()}>
                        <svg class="gap" width="1" height={height.to_string()} />
                    </td>
                </tr>
            }
        })
    };
    let table = html! {
        <table
            role="table"
            class={*class}
            aria-label={name.clone()}
            aria-rowcount={(rows + 1).to_string()}
        >
            <thead role="rowgroup">
                <tr role="row" aria-rowindex="1">
                    for column in columns.iter() {
                        <th role="columnheader" scope="col">{ column.get(language) }</th>
                    }
                </tr>
            </thead>
            <tbody role="rowgroup">
                { gap(drawn.start) }
                { for drawn.clone().map(|index| row.emit(index)) }
                { gap(rows.saturating_sub(drawn.end)) }
            </tbody>
        </table>
    };
    if window.scrolls() {
        html! {
            <div
                class="rows windowed"
                ref={window.scroller.clone()}
                role="group"
                aria-label={name.clone()}
                tabindex="0"
                onscroll={window.on_scroll()}
            >
                { table }
            </div>
        }
    } else {
        html! { <div class="rows">{ table }</div> }
    }
}

/// The `aria-rowindex` of a row, counted from 0: the header is the first row.
pub(super) fn row_index(index: usize) -> String {
    (index + 2).to_string()
}
