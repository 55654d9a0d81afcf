//! Long lists: printing in another document, and the end of a list of uneven rows.

use odp_console::ui::hooks::InDocument;
use odp_console::ui::rows::Rows;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Document, Event, HtmlElement};
use yew::prelude::*;
use yew::{AppHandle, Renderer};

use crate::page::{self, Host, document, settle, until};

const ROWS: usize = 300;
/// A list in which seven rows or so are visible at once, and higher rows from the middle on.
const STYLE: &str = ".long { position: relative; height: 300px; overflow: auto } \
                     .list { margin: 0; padding: 0 } \
                     .list > li { display: block; height: 40px } \
                     .list > li.high { height: 80px }";

#[derive(Clone, PartialEq, Properties)]
struct ProbeProps {
    document: Option<Document>,
}

#[component]
fn Probe(props: &ProbeProps) -> Html {
    html! {
        <ContextProvider<InDocument> context={InDocument(props.document.clone())}>
            <style>{ STYLE }</style>
            <Listed />
        </ContextProvider<InDocument>>
    }
}

/// The list, whose own props stay the same when it moves to another document.
#[component]
fn Listed() -> Html {
    let row = Callback::from(|(index, [position, of]): (usize, [Option<String>; 2])| {
        html! {
            <li
                key={index}
                class={(index >= ROWS / 2).then_some("high")}
                aria-posinset={position}
                aria-setsize={of}
            />
        }
    });
    html! {
        <Rows name="rows" tag="ul" class="list" rows={ROWS} {row} />
    }
}

struct List {
    app: AppHandle<Probe>,
    host: Host,
}

impl List {
    async fn mount() -> Self {
        let host = Host::new();
        let props = ProbeProps {
            document: host.0.owner_document(),
        };
        let app = Renderer::<Probe>::with_root_and_props(host.0.clone(), props).render();
        let list = Self { app, host };
        until("a list", || list.area().is_some()).await;
        settle().await;
        list
    }

    fn area(&self) -> Option<HtmlElement> {
        let area = self.host.0.query_selector(".long").unwrap()?;
        Some(area.unchecked_into())
    }

    fn drawn(&self) -> u32 {
        let rows = self.host.0.query_selector_all("[aria-posinset]");
        rows.unwrap().length()
    }

    /// Moves the list to another document, as its host does.
    fn move_to(&mut self, document: &Document) {
        document.body().unwrap().append_child(&self.host.0).unwrap();
        let document = Some(document.clone());
        self.app.update(ProbeProps { document });
    }

    async fn unmount(self) {
        self.app.destroy();
        settle().await;
    }
}

#[wasm_bindgen_test]
async fn a_list_is_printed_whole_by_the_window_that_it_is_in() {
    let print = |document: &Document, name: &str| {
        let window = document.default_view().unwrap();
        window.dispatch_event(&Event::new(name).unwrap()).unwrap();
    };
    let mut list = List::mount().await;
    assert!(list.drawn() < 150, "{}", list.drawn());
    let frame = page::frame();
    let there = page::document_of(&frame);
    list.move_to(&there);
    settle().await;
    print(&document(), "beforeprint");
    settle().await;
    assert!(list.drawn() < 150, "another page is printed");
    print(&document(), "afterprint");
    print(&there, "beforeprint");
    until("every row", || list.drawn() == 300).await;
    print(&there, "afterprint");
    until("those in sight", || list.drawn() < 150).await;
    // And back.
    list.move_to(&document());
    settle().await;
    print(&document(), "beforeprint");
    until("every row", || list.drawn() == 300).await;
    print(&document(), "afterprint");
    list.unmount().await;
    frame.remove();
}

#[wasm_bindgen_test]
async fn the_end_of_a_list_stays_drawn_when_its_rows_are_higher_than_estimated() {
    let list = List::mount().await;
    let area = list.area().unwrap();
    let last = format!("[aria-posinset='{ROWS}']");
    let is_drawn = || list.host.0.query_selector(&last).unwrap().is_some();
    let estimated = area.scroll_height();
    area.set_scroll_top(estimated);
    area.dispatch_event(&Event::new("scroll").unwrap()).unwrap();
    until("the last row", is_drawn).await;
    until("a higher list", || area.scroll_height() > estimated).await;
    settle().await;
    assert!(is_drawn());
    list.unmount().await;
}
