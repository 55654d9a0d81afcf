//! A sub task's log, live: follows its end until the person scrolls up, can be searched, and
//! stays fluent at a hundred thousand lines because only a window of them is drawn.

mod line;
mod search;
mod window;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

pub(super) use self::line::copied;
use self::line::line;
use self::search::Found;
use self::window::{LINE_HEIGHT, Window};
use super::build::{On, button, el, entered, is_enter, said, several, texted};
use super::copy::{Source, copy};
use super::focus;
use super::header::word;
use super::icon::Icon;
use super::part::{Kept, Part};
use super::view::View;
use crate::text::labels::{Label, LaterLabel};

/// What a log is given.
#[derive(PartialEq)]
pub struct LogProps {
    /// Words.
    pub view: View,
    /// The lines in order; more may follow.
    pub lines: Rc<Vec<String>>,
    /// What it is the log of.
    pub name: String,
    /// Whether more lines may follow.
    pub live: bool,
}

/// Where the person is in the log.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    /// Whether the end is followed.
    following: bool,
    /// Pixels scrolled away above.
    top: i32,
    /// Pixels seen at once.
    height: i32,
}

const START: Place = Place {
    following: true,
    top: 0,
    height: 480,
};

/// Pixels from the end within which the end counts as reached.
const AT_END: i32 = 8;

/// What the log keeps.
struct Own {
    /// What scrolls.
    scroller: NodeRef,
    place: Cell<Place>,
    /// Whether long lines are wrapped.
    wrap: Cell<bool>,
    query: RefCell<String>,
    /// The chosen match, counted from 0.
    chosen: Cell<usize>,
    found: RefCell<Found>,
    /// For which lines the end was last brought into sight.
    ended: Cell<Option<(usize, bool, bool)>>,
    /// Which match was last brought into sight, and of which search.
    sought: RefCell<(Option<usize>, usize, String)>,
}

impl Default for Own {
    fn default() -> Self {
        Self {
            scroller: NodeRef::default(),
            place: Cell::new(START),
            wrap: Cell::new(true),
            query: RefCell::default(),
            chosen: Cell::default(),
            found: RefCell::default(),
            ended: Cell::default(),
            sought: RefCell::default(),
        }
    }
}

/// The log view.
pub(super) fn log(props: &LogProps, part: &Part) -> Html {
    let LogProps { view, lines, .. } = props;
    let kept = part.kept::<Own>();
    let (place, wrap, chosen) = (kept.place.get(), kept.wrap.get(), kept.chosen.get());
    let query = kept.query.borrow();
    let mut found = kept.found.borrow_mut();
    found.update(lines, &query);
    let count = found.count();
    let current = found.line(chosen.min(count.saturating_sub(1)));
    let windowed = Window::needed(lines.len());
    let following = place.following && current.is_none();

    {
        let (kept, end) = (kept.clone(), (lines.len(), following, wrap));
        let sought = (current, chosen, query.clone());
        part.after(move || {
            // The end is followed as lines come.
            if kept.ended.replace(Some(end)) != Some(end) && following {
                to_end(&kept.scroller);
            }
            // A match is brought into sight.
            if *kept.sought.borrow() != sought {
                if let Some(index) = current {
                    bring_into_sight(&kept.scroller, index, windowed);
                }
                kept.sought.replace(sought);
            }
        });
    }

    let onscroll = {
        let kept = kept.clone();
        Callback::from(move |_| {
            if let Some(area) = kept.scroller.cast::<HtmlElement>() {
                let (top, height) = (area.scroll_top(), area.client_height());
                let place = Place {
                    following: top + height >= area.scroll_height() - AT_END,
                    top,
                    height,
                };
                if kept.place.replace(place) != place {
                    kept.redraw();
                }
            }
        })
    };
    let follow = {
        let kept = kept.clone();
        Callback::from(move |_| {
            kept.query.replace(String::new());
            to_end(&kept.scroller);
            // The button goes away, and the focus with it if it stayed there.
            focus(&kept.scroller);
            kept.place.set(Place {
                following: true,
                ..kept.place.get()
            });
            kept.redraw();
        })
    };
    let window = if windowed {
        Window::around(following, place.top, place.height, lines.len())
    } else {
        Window::whole(lines.len())
    };
    // A list of its own, in which every child has a key: lines keep their elements as others
    // come and go, and so a selection survives.
    let mut drawn = Vec::new();
    let shown = lines.iter().enumerate().skip(window.first);
    for (index, text) in shown.take(window.count) {
        drawn.push(line(index, text, &query, current == Some(index)));
    }
    let class = if wrap { "lines wrap" } else { "lines" };
    let name = AttrValue::from([&props.name, " – ", view.label(Label::Log)].concat());
    let unit = if lines.len() == 1 {
        Label::Line
    } else {
        Label::Lines
    };
    let length = texted("span", "quiet count", view.count(lines.len()))
        .say(" ")
        .say(view.label(unit));
    let bar = el("div", "bar")
        .node(view.log_tools(props, part, count))
        .child(length);
    let nothing = if props.live {
        Label::NoLinesYet
    } else {
        Label::NoLines
    };
    let nothing = lines
        .is_empty()
        .then(|| said("p", "quiet", view.label(nothing)));
    let spoken = if props.live && !windowed {
        "polite"
    } else {
        "off"
    };
    let area = el("div", class)
        .at(&kept.scroller)
        .attr("role", "log")
        .attr_text("aria-label", name)
        .attr("aria-live", spoken)
        .attr("tabindex", "0")
        .on(On::Scroll, onscroll)
        .maybe(nothing)
        .node(gap(window.first))
        .list(drawn)
        .node(gap(lines.len().saturating_sub(window.first + window.count)));
    let to_end = (!place.following).then(|| {
        el("button", "small to-end")
            .attr("type", "button")
            .on(On::Click, follow)
            .node(Icon::Down.draw())
            .say(view.label(Label::JumpToEnd))
    });
    el("div", "log").child(bar).child(area).maybe(to_end).html()
}

/// The place of lines that are not drawn. A drawing has its height in an attribute; a style
/// attribute would be refused by a strict policy.
fn gap(lines: usize) -> Html {
    if lines == 0 {
        return Html::default();
    }
    el("svg", "gap")
        .attr("width", "1")
        .attr_text("height", (lines * LINE_HEIGHT).to_string().into())
        .attr("aria-hidden", "true")
        .html()
}

fn to_end(scroller: &NodeRef) {
    if let Some(area) = scroller.cast::<HtmlElement>() {
        area.set_scroll_top(area.scroll_height());
    }
}

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

/// What a log can be searched, wrapped and copied with. `count`: how many lines match.
pub(super) fn tools(props: &LogProps, part: &Part, count: usize) -> Html {
    let LogProps { view, lines, .. } = props;
    let kept = part.kept::<Own>();
    let wrap = word(kept.wrap.get());
    let turn_wrap = {
        let kept = kept.clone();
        Callback::from(move |_| {
            kept.wrap.set(!kept.wrap.get());
            kept.redraw();
        })
    };
    let turn = button("small", view.later_label(LaterLabel::Wrap), turn_wrap);
    several(vec![
        search_bar(view, &kept, count),
        turn.attr("aria-pressed", wrap).html(),
        copy(view, Source::Lines(Rc::clone(lines)), LaterLabel::CopyLog),
    ])
}

/// Search over all lines, with the number of lines that match.
fn search_bar(view: &View, kept: &Kept<Own>, count: usize) -> Html {
    let index = kept.chosen.get().min(count.saturating_sub(1));
    // The match that is chosen next.
    let go = move |kept: &Kept<Own>, forward: bool| {
        if count > 0 {
            let step = if forward { 1 } else { count - 1 };
            kept.chosen.set((index + step) % count);
            kept.redraw();
        }
    };
    let oninput = {
        let kept = kept.clone();
        Callback::from(move |event: Event| {
            kept.chosen.set(0);
            kept.query.replace(entered(&event));
            kept.redraw();
        })
    };
    let onkeydown = {
        let kept = kept.clone();
        Callback::from(move |event: Event| {
            if is_enter(&event) {
                event.prevent_default();
                let shift = event.unchecked_ref::<KeyboardEvent>().shift_key();
                go(&kept, !shift);
            }
        })
    };
    let step = |label: LaterLabel, icon: Icon, forward| {
        let kept = kept.clone();
        let act = Callback::from(move |_| go(&kept, forward));
        let name = view.later_label(label);
        el("button", "small")
            .attr("type", "button")
            .attr("aria-label", name)
            .attr("title", name)
            .on(On::Click, act)
            .node(icon.draw())
            .html()
    };
    let query = kept.query.borrow();
    let input = el("input", "")
        .attr("type", "search")
        .attr("aria-label", view.later_label(LaterLabel::SearchLog))
        .attr("placeholder", view.later_label(LaterLabel::SearchLog))
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .value(query.clone())
        .on(On::Input, oninput)
        .on(On::Key, onkeydown);
    let matches = if query.is_empty() {
        Html::default()
    } else {
        let place = if count == 0 { 0 } else { index + 1 };
        let place = texted("span", "count", view.count(place))
            .attr("role", "status")
            .say(" / ")
            .text(view.count(count));
        several(vec![
            place.html(),
            step(LaterLabel::PreviousMatch, Icon::Up, false),
            step(LaterLabel::NextMatch, Icon::Down, true),
        ])
    };
    el("div", "search")
        .attr("role", "search")
        .child(input)
        .node(matches)
        .html()
}
