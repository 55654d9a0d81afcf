//! A sub task's log, live: follows its end until the person scrolls up, can be searched, and
//! stays fluent at a hundred thousand lines because only a window of them is drawn.

mod line;
mod search;
mod window;

use std::rc::Rc;

use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

pub(super) use self::line::copied;
use self::line::line;
use self::search::Found;
use self::window::{LINE_HEIGHT, Window};
use super::build::{button, el, said, texted};
use super::copy::{Source, copy_button};
use super::focus;
use super::header::word;
use super::icon::Icon;
use super::view::View;
use crate::text::labels::Label;

/// Properties of [`Log`].
#[derive(Properties, PartialEq)]
pub struct LogProps {
    /// Words.
    pub view: View,
    /// The lines in order; more may follow.
    pub lines: Rc<Vec<String>>,
    /// What it is the log of.
    pub name: AttrValue,
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

/// The log view.
#[component]
pub fn Log(props: &LogProps) -> Html {
    let LogProps { view, lines, .. } = props;
    let scroller = use_node_ref();
    let place = use_state_eq(|| START);
    let wrap = use_state_eq(|| true);
    let query = use_state_eq(String::new);
    let chosen = use_state_eq(|| 0_usize);
    let found = use_memo((Rc::clone(lines), (*query).clone()), |(lines, query)| {
        Found::search(lines, query)
    });
    let current = found.line((*chosen).min(found.count().saturating_sub(1)));

    let windowed = Window::needed(lines.len());

    // The end is followed as lines come.
    {
        let scroller = scroller.clone();
        let following = place.following && current.is_none();
        use_effect_with((lines.len(), following, *wrap), move |(_, following, _)| {
            if *following {
                to_end(&scroller);
            }
        });
    }
    // A match is brought into sight.
    {
        let scroller = scroller.clone();
        use_effect_with(
            (current, (*query).clone(), *chosen),
            move |(current, _, _)| {
                if let Some(index) = current {
                    bring_into_sight(&scroller, *index, windowed);
                }
            },
        );
    }

    let onscroll = {
        let place = place.clone();
        Callback::from(move |event: Event| {
            if let Some(area) = event.target_dyn_into::<HtmlElement>() {
                let (top, height) = (area.scroll_top(), area.client_height());
                place.set(Place {
                    following: top + height >= area.scroll_height() - AT_END,
                    top,
                    height,
                });
            }
        })
    };
    let follow = {
        let (place, query, scroller) = (place.clone(), query.clone(), scroller.clone());
        Callback::from(move |_: MouseEvent| {
            query.set(String::new());
            to_end(&scroller);
            // The button goes away, and the focus with it if it stayed there.
            focus(&scroller);
            place.set(Place {
                following: true,
                ..*place
            });
        })
    };
    let turn_wrap = {
        let wrap = wrap.clone();
        Callback::from(move |_: MouseEvent| wrap.set(!*wrap))
    };

    let window = if windowed {
        Window::around(
            place.following && current.is_none(),
            place.top,
            place.height,
            lines.len(),
        )
    } else {
        Window::whole(lines.len())
    };
    // A list of its own, in which every child has a key: lines keep their elements as others
    // come and go, and so a selection survives.
    let drawn: Html = lines
        .iter()
        .enumerate()
        .skip(window.first)
        .take(window.count)
        .map(|(index, text)| line(index, text, &query, current == Some(index)))
        .collect();
    let class = if *wrap { "lines wrap" } else { "lines" };
    let name = AttrValue::from([&*props.name, " – ", view.label(Label::Log)].concat());
    let unit = if lines.len() == 1 {
        Label::Line
    } else {
        Label::Lines
    };
    let count = texted("span", "quiet count", view.count(lines.len()))
        .say(" ")
        .say(view.label(unit));
    let bar = el("div", "bar")
        .node(search_bar(view, &query, &chosen, found.count()))
        .child(
            button("small", view.label(Label::Wrap), turn_wrap).attr("aria-pressed", word(*wrap)),
        )
        .node(copy_button(
            view,
            Source::Lines(Rc::clone(lines)),
            Label::CopyLog,
        ))
        .child(count);
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
        .at(&scroller)
        .attr("role", "log")
        .attr_text("aria-label", name)
        .attr("aria-live", spoken)
        .attr("tabindex", "0")
        .onscroll(onscroll)
        .maybe(nothing)
        .node(gap(window.first))
        .node(drawn)
        .node(gap(lines.len().saturating_sub(window.first + window.count)));
    let to_end = (!place.following).then(|| {
        el("button", "small to-end")
            .attr("type", "button")
            .onclick(follow)
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
        && let Ok(found) = wasm_bindgen::JsCast::dyn_into::<HtmlElement>(found)
    {
        area.set_scroll_top(found.offset_top() - area.client_height() / 2);
    }
}

/// Search over all lines, with the number of lines that match.
fn search_bar(
    view: &View,
    query: &UseStateHandle<String>,
    chosen: &UseStateHandle<usize>,
    count: usize,
) -> Html {
    let index = (**chosen).min(count.saturating_sub(1));
    let go = {
        let chosen = chosen.clone();
        move |forward: bool| {
            if count > 0 {
                let step = if forward { 1 } else { count - 1 };
                chosen.set((index + step) % count);
            }
        }
    };
    let oninput = {
        let (query, chosen) = (query.clone(), chosen.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                chosen.set(0);
                query.set(input.value());
            }
        })
    };
    let onkeydown = {
        let go = go.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && !event.is_composing() {
                event.prevent_default();
                go(!event.shift_key());
            }
        })
    };
    let step = |label, icon: Icon, forward| {
        let go = go.clone();
        let onclick = Callback::from(move |_: MouseEvent| go(forward));
        let name = view.label(label);
        el("button", "small")
            .attr("type", "button")
            .attr("aria-label", name)
            .attr("title", name)
            .onclick(onclick)
            .node(icon.draw())
            .html()
    };
    let input = el("input", "")
        .attr("type", "search")
        .attr("aria-label", view.label(Label::SearchLog))
        .attr("placeholder", view.label(Label::SearchLog))
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .value((**query).clone())
        .oninput(oninput)
        .onkeydown(onkeydown);
    let matches: Html = if query.is_empty() {
        Html::default()
    } else {
        let place = if count == 0 { 0 } else { index + 1 };
        let place = texted("span", "count", view.count(place))
            .attr("role", "status")
            .say(" / ")
            .text(view.count(count));
        let parts = [
            place.html(),
            step(Label::PreviousMatch, Icon::Up, false),
            step(Label::NextMatch, Icon::Down, true),
        ];
        parts.into_iter().collect()
    };
    el("div", "search")
        .attr("role", "search")
        .child(input)
        .node(matches)
        .html()
}
