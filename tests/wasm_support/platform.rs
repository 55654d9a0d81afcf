//! Tests the texts of times and numbers, the clipboard, and the language of the browser.

use std::cell::RefCell;
use std::rc::Rc;

use odp_console::browser::endpoint::Endpoint;
use odp_console::browser::options::Locale;
use odp_console::browser::platform::Browser;
use odp_console::flow::event::Language::{Chinese, English};
use odp_console::ui::platform::{PlatformServices, Zone};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::Callback;

use crate::page::{Count, Host, document, timer_count, until};

fn browser() -> (Host, Browser) {
    let host = Host::new();
    let browser = Browser::new(host.0.clone());
    (host, browser)
}

#[wasm_bindgen_test]
fn times_are_shown_in_the_zone_and_language_asked_for() {
    let (_host, browser) = browser();
    let time = 1_795_436_683_702;
    let offset = Zone::Offset { seconds: 28_800 };
    for (zone, language, shown) in [
        (Zone::Utc, English, "Nov 23, 2026, 12:24:43"),
        (Zone::Utc, Chinese, "2026年11月23日 12:24:43"),
        (offset, English, "Nov 23, 2026, 20:24:43"),
        (
            Zone::Offset { seconds: -43_200 },
            Chinese,
            "2026年11月23日 00:24:43",
        ),
    ] {
        assert_eq!(browser.date_time(time, zone, language), shown);
    }
    let here = js_sys::Date::new(&(time as f64).into());
    let shown = browser.date_time(time, Zone::Browser, English);
    let hour = format!(" {:02}:24:43", here.get_hours());
    assert!(shown.ends_with(&hour), "{shown}");
    // No date.
    assert_eq!(
        browser.date_time(i64::MAX, Zone::Utc, English),
        (i64::MAX as f64).to_string()
    );
}

#[wasm_bindgen_test]
fn zones_have_names() {
    let (_host, browser) = browser();
    for (seconds, name) in [
        (0, "UTC"),
        (28_800, "UTC+08:00"),
        (-12_600, "UTC-03:30"),
        (20_700, "UTC+05:45"),
    ] {
        assert_eq!(browser.zone_name(Zone::Offset { seconds }), name);
    }
    assert_eq!(browser.zone_name(Zone::Utc), "UTC");
    assert!(!browser.zone_name(Zone::Browser).is_empty());
}

#[wasm_bindgen_test]
fn lengths_of_time_are_as_exact_as_they_are_useful() {
    let (_host, browser) = browser();
    for (millis, english, chinese) in [
        (-5, "0 sec", "0秒"),
        (0, "0 sec", "0秒"),
        (1_249, "1.2 sec", "1.2秒"),
        (59_949, "59.9 sec", "59.9秒"),
        (59_950, "1 min 00 sec", "1分钟00秒"),
        (185_000, "3 min 05 sec", "3分钟05秒"),
        (3_599_499, "59 min 59 sec", "59分钟59秒"),
        (3_599_500, "1 hr 00 min", "1小时00分钟"),
        (90_061_000, "25 hr 01 min", "25小时01分钟"),
    ] {
        assert_eq!(browser.duration(millis, English), english);
        assert_eq!(browser.duration(millis, Chinese), chinese);
    }
    assert_eq!(browser.number(1_234_567.5, English), "1,234,567.5");
    assert_eq!(browser.number(1_234_567.0, Chinese), "1,234,567");
}

#[wasm_bindgen_test]
async fn a_copy_says_whether_it_worked_and_leaves_no_field_behind() {
    let (host, browser) = browser();
    let before = document().body().unwrap().outer_html();
    let told = Rc::new(RefCell::new(Vec::new()));
    let tell = Rc::clone(&told);
    browser.copy(
        "evidence",
        Callback::from(move |copied| tell.borrow_mut().push(copied)),
    );
    until("a word on the copy", || told.borrow().len() == 1).await;
    assert_eq!(document().body().unwrap().outer_html(), before);
    drop(host);
}

#[wasm_bindgen_test]
async fn the_tick_stops_with_its_guard() {
    let (_host, browser) = browser();
    let count = Count::start();
    let ticks = Rc::new(RefCell::new(0));
    let tick = Rc::clone(&ticks);
    let guard = browser.every_second(Callback::from(move |()| *tick.borrow_mut() += 1));
    until("a tick", || *ticks.borrow() == 1).await;
    assert_eq!(timer_count(), 1);
    drop(guard);
    assert_eq!(timer_count(), 0);
    drop(count);
}

#[wasm_bindgen_test]
fn the_language_follows_the_browser_unless_it_is_given() {
    for (browser, language) in [
        (Some("zh"), Chinese),
        (Some("zh-CN"), Chinese),
        (Some("ZH-Hant-TW"), Chinese),
        (Some("en-GB"), English),
        (Some("zha"), English),
        (None, English),
    ] {
        assert_eq!(Locale::Auto.language(browser), language, "{browser:?}");
        assert_eq!(Locale::Fixed(English).language(browser), English);
    }
}

#[wasm_bindgen_test]
fn endpoints_are_relative_to_the_page() {
    let page = "https://site.example/sub/index.html";
    let resolve = |endpoint| Endpoint::resolve(endpoint, page);
    for (endpoint, url, path) in [
        (
            "agents/[::1]:2886",
            "https://site.example/sub/agents/[::1]:2886/x",
            "/sub/agents/[::1]:2886",
        ),
        (
            "/agents/a:1/",
            "https://site.example/agents/a:1/x",
            "/agents/a:1",
        ),
        ("https://a:1", "https://a:1/x", ""),
        (
            "",
            "https://site.example/sub/index.html/x",
            "/sub/index.html",
        ),
    ] {
        let endpoint = resolve(endpoint).unwrap();
        assert_eq!(endpoint.url("/x"), url);
        assert_eq!(endpoint.path(), path);
        assert!(endpoint.is_secure());
    }
    assert!(!resolve("http://a:1").unwrap().is_secure());
    for endpoint in [
        "mailto:a",
        "https://u@a",
        "https://:p@a",
        "a?",
        "a#",
        "https://",
    ] {
        assert_eq!(resolve(endpoint), None, "{endpoint}");
    }
}
