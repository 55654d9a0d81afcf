//! Long lists: printing in another document, and following a row.

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
    #[prop_or_default]
    current: usize,
}

#[component]
fn Probe(props: &ProbeProps) -> Html {
    html! {
        <ContextProvider<InDocument> context={InDocument(props.document.clone())}>
            <style>{ STYLE }</style>
            <Listed current={props.current} />
        </ContextProvider<InDocument>>
    }
}

#[derive(PartialEq, Properties)]
struct ListedProps {
    current: usize,
}

/// The list, whose own props stay the same when it moves to another document.
#[component]
fn Listed(props: &ListedProps) -> Html {
    let row = Callback::from(|(index, [position, of]): (usize, [Option<String>; 2])| {
        html! {
            <li
                key={index}
                class={(index >= ROWS / 2).then_some("high")}
                tabindex="-1"
                aria-posinset={position}
                aria-setsize={of}
            />
        }
    });
    html! {
        <Rows name="rows" tag="ul" class="list" rows={ROWS} {row} current={props.current} />
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
            current: 0,
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
        self.app.update(ProbeProps {
            document,
            current: 0,
        });
    }

    /// Makes another row, counted from 0, the current one.
    async fn go_to(&mut self, current: usize) {
        self.app.update(ProbeProps {
            document: self.host.0.owner_document(),
            current,
        });
        settle().await;
    }

    fn row(&self, index: usize) -> Option<HtmlElement> {
        let selector = format!("[aria-posinset='{}']", index + 1);
        let row = self.host.0.query_selector(&selector).unwrap()?;
        Some(row.unchecked_into())
    }

    /// Whether the whole row is in sight.
    fn shows(&self, index: usize) -> bool {
        let (Some(area), Some(row)) = (self.area(), self.row(index)) else {
            return false;
        };
        let top = row.offset_top() - area.scroll_top();
        0 <= top && top + row.offset_height() <= area.client_height()
    }

    async fn scroll_to(&self, pixels: i32) {
        self.area().unwrap().set_scroll_top(pixels);
        settle().await;
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
async fn a_list_follows_its_current_row_unless_the_person_looks_elsewhere() {
    let mut list = List::mount().await;
    assert!(list.shows(0));
    list.go_to(140).await;
    until("the row far below", || list.shows(140)).await;
    let before = list.area().unwrap().scroll_top();
    list.go_to(141).await;
    assert!(list.shows(141));
    assert_eq!(list.area().unwrap().scroll_top(), before, "it was in sight");
    list.go_to(250).await;
    until("among the higher rows", || list.shows(250)).await;
    list.go_to(299).await;
    until("the last row", || list.shows(299)).await;

    // Has a row in use.
    let used = list.row(298).unwrap();
    used.focus().unwrap();
    list.go_to(200).await;
    assert!(list.shows(298) && !list.shows(200));
    used.blur().unwrap();
    list.go_to(299).await;
    list.go_to(120).await;
    until("the row far above", || list.shows(120)).await;

    // Reads the beginning.
    list.scroll_to(0).await;
    list.go_to(140).await;
    assert!(list.shows(0) && !list.shows(140));
    list.unmount().await;
}

#[wasm_bindgen_test]
async fn the_end_of_a_list_stays_drawn_when_its_rows_are_higher_than_estimated() {
    let list = List::mount().await;
    let height = list.area().unwrap().scroll_height();
    list.scroll_to(height).await;
    until("the end", || list.row(ROWS - 1).is_some()).await;
    // Its rows have been measured.
    until("a higher list", || {
        list.area().unwrap().scroll_height() > height
    })
    .await;
    settle().await;
    assert!(list.row(ROWS - 1).is_some());
    list.unmount().await;
}
