//! Long lists: printing in another document, the end of a list of uneven rows, and scrolling on a busy
//! machine.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Reflect;
use odp_console::ui::hooks::InDocument;
use odp_console::ui::rows::Rows;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Document, Event, HtmlElement, MutationObserver, MutationObserverInit};
use yew::prelude::*;
use yew::{AppHandle, Renderer};

use crate::page::{self, Host, document, settle, until};

const ROWS: usize = 300;
/// A list in which seven rows or so are visible at once, and higher rows from the middle on.
const STYLE: &str = ".long { position: relative; height: 300px; overflow: auto } \
                     .list { margin: 0; padding: 0 } \
                     .list > li { display: block } \
                     .list > [aria-posinset] { height: 40px } \
                     .list > .high { height: 80px } \
                     .gap { display: block }";

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

/// Lets the clock jump at every look at it, as on a busy machine: Yew then lets the browser draw
/// wherever it may. The clock is right again when this is dropped.
struct BusyClock(JsValue);

impl BusyClock {
    fn start() -> Self {
        let date = js_sys::eval("Date").unwrap();
        let right = Reflect::get(&date, &"now".into()).unwrap();
        js_sys::eval("{ let now = Date.now(); Date.now = () => (now += 100); }").unwrap();
        Self(right)
    }
}

impl Drop for BusyClock {
    fn drop(&mut self) {
        let date = js_sys::eval("Date").unwrap();
        Reflect::set(&date, &"now".into(), &self.0).unwrap();
    }
}

#[wasm_bindgen_test]
async fn a_list_never_becomes_shorter_while_its_rows_are_replaced_by_a_placeholder() {
    let list = List::mount().await;
    let area = list.area().unwrap();
    let heights = Rc::new(RefCell::new(vec![area.scroll_height()]));
    let observe = {
        let (area, heights) = (area.clone(), Rc::clone(&heights));
        Closure::<dyn FnMut()>::new(move || heights.borrow_mut().push(area.scroll_height()))
    };
    let observer = MutationObserver::new(observe.as_ref().unchecked_ref()).unwrap();
    let whole = MutationObserverInit::new();
    whole.set_child_list(true);
    whole.set_subtree(true);
    observer.observe_with_options(&area, &whole).unwrap();

    let clock = BusyClock::start();
    let drawn = |row: i32| {
        let row = format!("[aria-posinset='{row}']");
        list.host.0.query_selector(&row).unwrap().is_some()
    };
    // The first row has the focus and stays drawn, with its block of fifty.
    for (top, there, gone) in [
        (2_500, 60, None),
        (5_500, 160, Some(60)),
        (12_000, 210, Some(160)),
    ] {
        area.set_scroll_top(top);
        area.dispatch_event(&Event::new("scroll").unwrap()).unwrap();
        until("other rows", || {
            drawn(there) && gone.is_none_or(|gone| !drawn(gone))
        })
        .await;
        // They are measured.
        settle().await;
    }
    drop(clock);
    observer.disconnect();
    let heights = heights.take();
    assert!(heights.len() > 3, "{heights:?}");
    assert!(heights.is_sorted(), "{heights:?}");
    list.unmount().await;
}
