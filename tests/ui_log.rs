//! Tests the log view in a browser: the reading position and the selection are kept when lines
//! arrive.
#![cfg(target_arch = "wasm32")]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]
#![allow(dead_code, reason = "the page's helpers serve several tests")]

#[path = "wasm_support/page.rs"]
mod page;

use std::rc::Rc;

use odp_console::browser::platform::Browser;
use odp_console::flow::event::Language;
use odp_console::obshell::time::ClockOffset;
use odp_console::ui::log::Log;
use odp_console::ui::platform::Platform;
use odp_console::ui::view::{View, ZoneChoice};
use page::{Host, until};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[derive(PartialEq, Properties)]
struct LogPageProps {
    view: View,
    lines: Rc<Vec<String>>,
}

/// A log with its surroundings.
#[component]
fn LogPage(props: &LogPageProps) -> Html {
    html! {
        <ContextProvider<View> context={props.view.clone()}>
            <Log lines={&props.lines} name="Stop obproxy" live={true} />
        </ContextProvider<View>>
    }
}

fn props(view: &View, lines: usize) -> LogPageProps {
    LogPageProps {
        view: view.clone(),
        lines: Rc::new((0..lines).map(|line| format!("line {line}")).collect()),
    }
}

#[wasm_bindgen_test]
async fn lines_keep_their_elements_as_others_come() {
    let host = Host::new();
    let view = View {
        language: Language::English,
        platform: Platform::new(Browser::new(host.0.clone())),
        zone: ZoneChoice::Agent,
        agent_offset: None,
        clock: ClockOffset::NONE,
    };
    let lines = || host.0.query_selector_all(".line").unwrap().length();
    let line = |number: usize| {
        let selector = format!(".line[data-number='{number}']");
        host.0.query_selector(&selector).unwrap().unwrap()
    };
    let mut log =
        yew::Renderer::<LogPage>::with_root_and_props(host.0.clone(), props(&view, 3)).render();
    until("three lines", || lines() == 3).await;
    let kept = [line(1), line(3)];

    log.update(props(&view, 60));
    until("sixty lines", || lines() == 60).await;
    assert!(kept[0].is_same_node(Some(&line(1))));
    assert!(kept[1].is_same_node(Some(&line(3))));
    assert_eq!(kept[0].text_content().as_deref(), Some("line 0"));

    // A hundred thousand lines can be scrolled through, and few of them are drawn.
    log.update(props(&view, 100_000));
    until("the last line", || {
        let last = host.0.query_selector(".line[data-number='100000']");
        last.unwrap().is_some()
    })
    .await;
    assert!(lines() < 300, "{}", lines());
    log.destroy();
}
