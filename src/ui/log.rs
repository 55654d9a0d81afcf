//! A sub task's log, live: follows its end until the person scrolls up, can be searched, and
//! stays fluent at a hundred thousand lines because only a window of them is drawn.

mod gap;
mod line;
mod search;
mod search_bar;
mod window;

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use self::gap::Gap;
use self::line::line;
use self::search::matching_lines;
use self::search_bar::SearchBar;
use self::window::{LINE_HEIGHT, Window};
use super::copy_button::{CopyButton, Source};
use super::hooks::use_follow_end;
use super::icon::{Icon, IconKind};
use super::view::use_view;
use crate::text;
use crate::text::labels::Label;

/// Properties of [`Log`].
#[derive(PartialEq, Properties)]
pub struct LogProps {
    /// The lines in order; more may follow.
    pub lines: Rc<Vec<String>>,
    /// What it is the log of.
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
    // The match that is chosen, counted from 0.
    let chosen = use_state(|| 0);
    let matches = use_memo((Rc::clone(lines), (*query).clone()), |(lines, query)| {
        matching_lines(lines, query)
    });
    let index = (*chosen).min(matches.len().saturating_sub(1));
    let current = matches.get(index).copied();
    let windowed = Window::needed(lines.len());
    let follow = use_follow_end((lines.len(), *wrap), current.is_some());
    {
        // A match is brought into sight.
        let scroller = follow.scroller.clone();
        use_effect_with(
            (current, *chosen, (*query).clone()),
            move |(current, _, _)| {
                if let Some(index) = *current {
                    bring_into_sight(&scroller, index, windowed);
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
        let wrap = wrap.clone();
        move |_| wrap.set(!*wrap)
    };
    let on_end = {
        let (query, follow) = (query.setter(), follow.clone());
        move |_| {
            query.set(AttrValue::default());
            follow.resume();
        }
    };
    let place = follow.place();
    let window = if windowed {
        let at_end = place.at_end && current.is_none();
        Window::around(at_end, place.top, place.height, lines.len())
    } else {
        Window::whole(lines.len())
    };
    let drawn = lines.iter().enumerate().skip(window.first);
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
                <Gap lines={window.first} />
                // A list of its own, in which every child has a key: lines keep their elements as
                // others come and go, and so a selection survives.
                for (index, text) in drawn.take(window.count) {
                    { line(index, text, &query, current == Some(index)) }
                }
                <Gap lines={lines.len().saturating_sub(window.first + window.count)} />
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

/// Scrolls to a line, counted from 0, where it stands or would stand.
fn bring_into_sight(scroller: &NodeRef, index: usize, windowed: bool) {
    let Some(area) = scroller.cast::<HtmlElement>() else {
        return;
    };
    if windowed {
        let top = i32::try_from(index * LINE_HEIGHT).unwrap_or(i32::MAX);
        area.set_scroll_top(top.saturating_sub(area.client_height() / 2));
    } else if let Ok(Some(found)) = area.query_selector(".current")
        && let Ok(found) = found.dyn_into::<HtmlElement>()
    {
        area.set_scroll_top(found.offset_top() - area.client_height() / 2);
    }
}
