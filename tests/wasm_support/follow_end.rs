//! Follows the end of a growing list.

use odp_console::ui::hooks::use_follow_end;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, HtmlElement};
use yew::prelude::*;
use yew::{AppHandle, Renderer};

use crate::page::{Host, settle, until};

/// In pixels, as the list is high.
const LINE: i32 = 20;
const HEIGHT: i32 = 100;
const STYLE: &str = ".tail { height: 100px; overflow: auto; overflow-anchor: none } \
                     .tail > p { margin: 0; height: 20px }";

#[derive(Clone, PartialEq, Properties)]
struct TailProps {
    lines: i32,
}

#[component]
fn Tail(props: &TailProps) -> Html {
    let follow = use_follow_end(props.lines, false);
    html! {
        <>
            <style>{ STYLE }</style>
            <div
                class="tail"
                ref={&follow.scroller}
                data-at-end={follow.place().at_end.to_string()}
                data-height={follow.place().height.to_string()}
                onscroll={follow.on_scroll()}
            >
                for line in 0..props.lines {
                    <p key={line}>{ line }</p>
                }
            </div>
        </>
    }
}

struct List {
    app: AppHandle<Tail>,
    host: Host,
}

impl List {
    async fn mount(lines: i32) -> Self {
        let host = Host::new();
        let root = host.0.clone();
        let app = Renderer::<Tail>::with_root_and_props(root, TailProps { lines }).render();
        let list = Self { app, host };
        until("a list", || list.find().is_some()).await;
        settle().await;
        list
    }

    fn find(&self) -> Option<HtmlElement> {
        let area = self.host.0.query_selector(".tail").unwrap()?;
        Some(area.unchecked_into())
    }

    fn top(&self) -> i32 {
        self.find().unwrap().scroll_top()
    }

    async fn set_lines(&mut self, lines: i32) {
        self.app.update(TailProps { lines });
        settle().await;
    }

    async fn unmount(self) {
        self.app.destroy();
        settle().await;
    }
}

fn end_of(lines: i32) -> i32 {
    lines * LINE - HEIGHT
}

#[wasm_bindgen_test]
async fn the_end_is_followed_while_lines_come_and_go() {
    let mut list = List::mount(50).await;
    assert_eq!(list.top(), end_of(50));
    // Fewer lines, and more again before the browser has sent a scroll event.
    for lines in [80, 30, 31, 90] {
        list.set_lines(lines).await;
        assert_eq!(list.top(), end_of(lines), "{lines} lines");
    }
    list.unmount().await;
}

#[wasm_bindgen_test]
async fn the_end_stays_in_view_when_the_list_is_resized() {
    let mut list = List::mount(50).await;
    let area = list.find().unwrap();
    let height_seen = || area.get_attribute("data-height").unwrap();
    for height in [60, 140, 100] {
        area.style()
            .set_property("height", &format!("{height}px"))
            .unwrap();
        until("the new height", || height_seen() == height.to_string()).await;
        settle().await;
        assert_eq!(list.top(), 50 * LINE - height);
    }
    // Whoever scrolled up is left there.
    area.set_scroll_top(300);
    area.dispatch_event(&Event::new("scroll").unwrap()).unwrap();
    area.style().set_property("height", "70px").unwrap();
    until("the new height", || height_seen() == "70").await;
    assert_eq!(list.top(), 300);
    list.set_lines(80).await;
    assert_eq!(list.top(), 300);
    list.unmount().await;
}

#[wasm_bindgen_test]
async fn scrolling_up_is_not_undone_by_lines_that_come_before_the_scroll_event() {
    let mut list = List::mount(50).await;
    let area = list.find().unwrap();
    area.set_scroll_top(300);
    list.set_lines(80).await;
    assert_eq!(list.top(), 300);
    let is_at_end = || area.get_attribute("data-at-end").unwrap() == "true";
    area.dispatch_event(&Event::new("scroll").unwrap()).unwrap();
    until("a list that is not followed", || !is_at_end()).await;
    list.unmount().await;
}
