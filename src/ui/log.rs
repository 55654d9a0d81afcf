//! The live log of a sub task: follows its end until the person scrolls up, can be searched, and
//! remains fluid at a hundred thousand lines, because only the lines near the visible ones are
//! rendered.

mod block;
pub(super) mod blocks;
pub(super) mod gap;
mod line;
mod search;
mod search_bar;

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use self::block::Block;
use self::blocks::{
    Heights, HeightsAction, Measurement, Piece, Seen, are_windowed, block_of, lines_of, pieces,
};
use self::gap::gap;
use self::search::matching_lines;
use self::search_bar::SearchBar;
use super::copy_button::{CopyButton, Source};
use super::hooks::{use_follow_end, use_printing};
use super::icon::{Icon, IconKind};
use super::view::use_view;
use crate::text;
use crate::text::labels::Label;

/// Properties of [`Log`].
#[derive(PartialEq, Properties)]
pub struct LogProps {
    /// The lines in order; more may follow.
    pub lines: Rc<Vec<String>>,
    /// The name of the log's sub task.
    pub name: AttrValue,
    /// Whether more lines may follow.
    pub live: bool,
    /// How many secret values are hidden in the lines.
    #[prop_or_default]
    pub hidden: usize,
}

/// The log view.
#[component]
pub fn Log(props: &LogProps) -> Html {
    let LogProps {
        lines,
        name,
        live,
        hidden,
    } = props;
    let view = use_view();
    // Whether long lines are wrapped.
    let wrap = use_state(|| true);
    let query = use_state(AttrValue::default);
    // The selected match, counted from 0.
    let chosen = use_state(|| 0);
    let matches = use_memo((Rc::clone(lines), (*query).clone()), |(lines, query)| {
        matching_lines(lines, query)
    });
    let index = (*chosen).min(matches.len().saturating_sub(1));
    let current = matches.get(index).copied();
    let windowed = are_windowed(lines.len());
    let heights = use_reducer_eq(Heights::default);
    let shown = (lines.len(), *wrap, (*heights).clone());
    let follow = use_follow_end(shown, current.is_some());
    let printing = use_printing(&follow.scroller);
    {
        let (heights, scroller) = (heights.dispatcher(), follow.scroller.clone());
        let lines = lines.len();
        use_effect(move || measure(&heights, &scroller, lines));
    }
    {
        // Scrolls a match into view.
        let scroller = follow.scroller.clone();
        use_effect_with(
            (current, *chosen, (*query).clone()),
            move |(current, _, _)| {
                if current.is_some() {
                    bring_into_sight(&scroller);
                }
            },
        );
    }

    let on_query = {
        let (query, chosen) = (query.setter(), chosen.setter());
        Callback::from(move |typed| {
            chosen.set(0);
            query.set(typed);
        })
    };
    let on_choose = {
        let chosen = chosen.setter();
        Callback::from(move |index| chosen.set(index))
    };
    let on_wrap = {
        let (wrap, heights) = (wrap.clone(), heights.dispatcher());
        move |_| {
            wrap.set(!*wrap);
            heights.dispatch(HeightsAction::Reset);
        }
    };
    let on_end = {
        let (query, follow) = (query.setter(), follow.clone());
        move |_| {
            query.set(AttrValue::default());
            follow.resume();
        }
    };
    let place = follow.place();
    let seen = Seen {
        whole: printing || !windowed,
        at_end: place.at_end && current.is_none(),
        top: place.top,
        height: place.height,
        line: current,
    };
    let piece = |piece| match piece {
        Piece::Block(block) => html! {
            <Block
                key={block}
                {lines}
                {block}
                query={(*query).clone()}
                current={current.filter(|line| block_of(*line) == block)}
            />
        },
        Piece::Gap { first, height } => gap(first, height),
    };
    let unit = if lines.len() == 1 {
        Label::Line
    } else {
        Label::Lines
    };
    let nothing = if *live {
        Label::NoLinesYet
    } else {
        Label::NoLines
    };
    let spoken = if *live && !windowed { "polite" } else { "off" };
    html! {
        <div class="log">
            <div class="bar">
                <SearchBar
                    query={(*query).clone()}
                    count={matches.len()}
                    {index}
                    {on_query}
                    {on_choose}
                />
                <button
                    type="button"
                    class="small"
                    aria-pressed={wrap.to_string()}
                    onclick={on_wrap}
                >
                    { view.label(Label::Wrap) }
                </button>
                <CopyButton source={Source::Lines(Rc::clone(lines))} label={Label::CopyLog} />
                <span class="quiet count">
                    { view.count(lines.len()) }
                    { " " }
                    { view.label(unit) }
                </span>
            </div>
            <div
                class={if *wrap { "lines wrap" } else { "lines" }}
                ref={&follow.scroller}
                role="log"
                aria-label={format!("{name} – {}", view.label(Label::Log))}
                aria-live={spoken}
                tabindex="0"
                onscroll={follow.on_scroll()}
            >
                if lines.is_empty() {
                    <p class="quiet">{ view.label(nothing) }</p>
                }
                // A list of its own, in which every child has a key: blocks keep their elements as
                // other blocks are added or removed, which preserves a text selection.
                for one in pieces(lines.len(), &heights, seen) {
                    { piece(one) }
                }
            </div>
            if *hidden > 0 {
                <p class="quiet">{ text::hidden_values(*hidden, view.language) }</p>
            }
            if !place.at_end {
                <button type="button" class="small to-end" onclick={on_end}>
                    <Icon kind={IconKind::Down} />
                    { view.label(Label::JumpToEnd) }
                </button>
            }
        </div>
    }
}

/// Measures the rendered blocks. Yew renders before it runs effects, so all blocks exist.
fn measure(heights: &UseReducerDispatcher<Heights>, scroller: &NodeRef, lines: usize) {
    let Some(Ok(blocks)) = scroller
        .cast::<HtmlElement>()
        .map(|area| area.query_selector_all(".block"))
    else {
        return;
    };
    let mut measured = Vec::new();
    for index in 0..blocks.length() {
        let block = blocks
            .item(index)
            .and_then(|block| block.dyn_into::<HtmlElement>().ok());
        if let Some(block) = block
            && let Some(number) = block.dataset().get("block").and_then(|it| it.parse().ok())
        {
            measured.push(Measurement {
                block: number,
                lines: lines_of(number, lines).len(),
                height: block.offset_height(),
            });
        }
    }
    heights.dispatch(HeightsAction::Measured(measured));
}

/// Scrolls to the selected match, which is always rendered.
fn bring_into_sight(scroller: &NodeRef) {
    if let Some(area) = scroller.cast::<HtmlElement>()
        && let Ok(Some(found)) = area.query_selector(".current")
        && let Ok(found) = found.dyn_into::<HtmlElement>()
    {
        area.set_scroll_top(found.offset_top() - area.client_height() / 2);
    }
}
