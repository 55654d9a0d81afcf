//! Tests mounting and unmounting in a host page: an unmounted console leaves nothing behind.

use std::collections::BTreeMap;

use odp_console::browser::options::Options;
use odp_console::browser::place::plain;
use odp_console::embed::mount;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{self, Count, Host, Network, called, document, json, settle, until};

async fn drawn(host: &Host, consoles: usize) {
    until("the consoles are drawn", || {
        let roots = host.roots();
        roots.len() == consoles && roots.iter().all(|root| root.child_element_count() > 0)
    })
    .await;
}

/// Waits until no request is pending.
async fn all_given_up() {
    settle().await;
    until("the requests are given up", || {
        (0..page::call_count()).all(page::is_aborted)
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_console_leaves_its_host_and_the_page_as_they_were() {
    let head = document().head().unwrap().inner_html();
    let globals = js_sys::Object::keys(&js_sys::global()).length();
    let _network = Network::held();
    let count = Count::start();
    let host = Host::new();
    let page_before = document().body().unwrap().outer_html();
    let options = json(r#"{"agents": [{"address": "10.10.10.1:2886"}]}"#);
    let mut handle = mount(&host.0, &options).unwrap();
    drawn(&host, 1).await;
    called(3).await;
    assert_eq!(host.style_sheets(), 1);
    assert_eq!(document().head().unwrap().inner_html(), head);

    handle.destroy();
    assert_eq!(host.roots().len(), 0);
    assert_eq!(host.style_sheets(), 0);
    settle().await;
    assert!((0..3).all(page::is_aborted));
    assert_eq!(page::timer_count(), 0);
    assert_eq!(page::listener_types(), "");
    assert_eq!(page::unhandled_rejections(), "");
    assert_eq!(document().body().unwrap().outer_html(), page_before);
    assert_eq!(host.0.outer_html(), "<div></div>");
    assert_eq!(document().head().unwrap().inner_html(), head);
    assert_eq!(js_sys::Object::keys(&js_sys::global()).length(), globals);
    // A second call changes nothing.
    handle.destroy();
    drop(count);
}

#[wasm_bindgen_test]
async fn a_console_that_goes_before_it_was_drawn_is_gone() {
    let _network = Network::held();
    let count = Count::start();
    let host = Host::new();
    let options = json(r#"{"agents": [{"address": "10.10.10.1:2886"}]}"#);
    mount(&host.0, &options).unwrap().destroy();
    assert_eq!(host.roots().len(), 0);
    // In a slow browser the console is unmounted before its first request.
    all_given_up().await;
    until("it is gone", || {
        page::timer_count() == 0 && page::listener_types().is_empty()
    })
    .await;
    drop(count);
}

#[wasm_bindgen_test]
async fn consoles_live_beside_each_other() {
    let _network = Network::held();
    let (one, other) = (Host::new(), Host::new());
    let mut first = mount(&one.0, &json(r#"{"locale": "en-US"}"#)).unwrap();
    let mut second = mount(&other.0, &json(r#"{"locale": "zh-CN"}"#)).unwrap();
    drawn(&one, 1).await;
    drawn(&other, 1).await;
    let lang = |host: &Host| host.roots()[0].get_attribute("lang").unwrap();
    assert_eq!(lang(&one), "en-US");
    assert_eq!(lang(&other), "zh-CN");
    // Two in one element would have the same ids.
    assert_eq!(
        refusal(&other.0, &JsValue::UNDEFINED),
        "the host <div> has a console already: give each console an element of its own"
    );
    assert_eq!((other.roots().len(), other.style_sheets()), (1, 1));

    second.destroy();
    settle().await;
    drawn(&one, 1).await;
    assert_eq!((other.roots().len(), other.style_sheets()), (0, 0));
    // The host of an unmounted console accepts another, even immediately.
    let mut third = mount(&other.0, &json(r#"{"locale": "en-US"}"#)).unwrap();
    third.destroy();
    let mut fourth = mount(&other.0, &json(r#"{"locale": "zh-CN"}"#)).unwrap();
    drawn(&other, 1).await;
    assert_eq!(lang(&other), "zh-CN");
    fourth.destroy();
    first.destroy();
    settle().await;
    assert_eq!(other.roots().len() + one.roots().len(), 0);
}

#[wasm_bindgen_test]
async fn losing_the_handle_leaves_the_console_mounted() {
    let _network = Network::held();
    let host = Host::new();
    drop(mount(&host.0, &JsValue::UNDEFINED).unwrap());
    drawn(&host, 1).await;
    settle().await;
    assert_eq!((host.roots().len(), host.style_sheets()), (1, 1));
}

#[wasm_bindgen_test]
async fn an_update_changes_what_it_names() {
    let _network = Network::held();
    let host = Host::new();
    let mut handle = mount(&host.0, &json(r#"{"locale": "en-US"}"#)).unwrap();
    drawn(&host, 1).await;
    let lang = || host.roots()[0].get_attribute("lang").unwrap();
    handle.update(&json(r#"{"locale": "zh-CN"}"#)).unwrap();
    until("Chinese", || lang() == "zh-CN").await;
    // The only agent is read; the language was not set.
    handle
        .update(&json(
            r#"{"agents": [{"address": "10.10.10.1:2886"}], "endpoint": "gate/{address}"}"#,
        ))
        .unwrap();
    called(3).await;
    assert!(page::url(0).contains("/gate/10.10.10.1:2886/api/v1/"));
    assert_eq!(page::header(0, "Accept-Language").as_deref(), Some("zh-CN"));
    assert_eq!(lang(), "zh-CN");

    let error: JsValue = handle
        .update(&json(r#"{"theme": "blue"}"#))
        .unwrap_err()
        .into();
    assert!(message(&error).contains("theme"));
    assert_eq!(host.roots().len(), 1);

    handle.destroy();
    let error: JsValue = handle.update(&json("{}")).unwrap_err().into();
    assert_eq!(message(&error), "the console was destroyed");
    settle().await;
}

#[wasm_bindgen_test]
async fn a_link_is_opened_although_another_option_follows_at_once() {
    let _network = Network::held();
    let host = Host::new();
    let mut handle = mount(&host.0, &json(r#"{"locale": "en-US"}"#)).unwrap();
    drawn(&host, 1).await;
    handle
        .update(&json(r#"{"agent": "10.10.10.1:2886"}"#))
        .unwrap();
    handle.update(&json(r#"{"theme": "dark"}"#)).unwrap();
    called(3).await;
    assert!(page::url(0).contains("/10.10.10.1:2886/"));
    handle.destroy();
    all_given_up().await;
}

fn message(error: &JsValue) -> String {
    js_sys::Error::from(error.clone()).message().into()
}

fn refusal(host: &JsValue, options: &JsValue) -> String {
    let error: JsValue = mount(host, options).expect_err("refused").into();
    assert!(wasm_bindgen::JsCast::is_instance_of::<js_sys::Error>(
        &error
    ));
    message(&error)
}

#[wasm_bindgen_test]
fn what_cannot_be_a_host_is_said() {
    for no_element in [JsValue::NULL, JsValue::UNDEFINED, "#app".into()] {
        assert_eq!(
            refusal(&no_element, &JsValue::UNDEFINED),
            "the host is not an element of a page"
        );
    }
    let input = document().create_element("input").unwrap();
    let said = refusal(&input, &JsValue::UNDEFINED);
    assert!(said.contains("<input>"), "{said}");
}

#[wasm_bindgen_test]
fn a_wrong_option_names_the_key_what_is_wrong_and_what_is_allowed() {
    const ADDRESS: &str = "HOST:PORT, such as 10.10.10.1:2886 or [fd00::1]:2886";
    const KEYS: &str = "agents, typedAddress, endpoint, signedPath, locale, theme, zone, readOnly, notifications, timeouts, \
                        credentials, book, agent, task, node, subTask";
    let host = Host::new();
    for (options, said) in [
        (
            r#"[]"#,
            &*format!("the options are an array; allowed: an object with {KEYS}"),
        ),
        (
            r#""x""#,
            &format!("the options are \"x\"; allowed: an object with {KEYS}"),
        ),
        (
            r#"{"theem": 1}"#,
            &format!("option \"theem\" is unknown; known are {KEYS}"),
        ),
        (
            r#"{"theme": "blue"}"#,
            r#"option "theme" is "blue"; allowed: "system", "light", "dark""#,
        ),
        (
            r#"{"theme": null}"#,
            r#"option "theme" is null; allowed: "system", "light", "dark""#,
        ),
        (
            r#"{"locale": "en"}"#,
            r#"option "locale" is "en"; allowed: "auto", "en-US", "zh-CN""#,
        ),
        (
            r#"{"signedPath": true}"#,
            r#"option "signedPath" is true; allowed: "stripped", "full""#,
        ),
        (
            r#"{"typedAddress": 1}"#,
            r#"option "typedAddress" is 1; allowed: true, false"#,
        ),
        (
            r#"{"agents": {}}"#,
            r#"option "agents" is of type object; allowed: an array of {address, label?, group?, endpoint?}"#,
        ),
        (
            r#"{"agents": ["10.10.10.1:2886"]}"#,
            r#"option "agents[0]" is "10.10.10.1:2886"; allowed: an object with address, label, group, endpoint"#,
        ),
        (
            r#"{"agents": [{}]}"#,
            &format!(r#"option "agents[0].address" is missing; allowed: {ADDRESS}"#),
        ),
        (
            r#"{"agents": [{"address": "10.0.0.1:1"}, {"address": "10.0.0.1"}]}"#,
            &format!(r#"option "agents[1].address" is "10.0.0.1"; allowed: {ADDRESS}"#),
        ),
        (
            r#"{"agents": [{"address": "10.0.0.1:1"}, {"address": " 10.0.0.1:1"}]}"#,
            r#"option "agents[1].address" is " 10.0.0.1:1"; allowed: every address once"#,
        ),
        (
            r#"{"agents": [{"address": "10.0.0.1:1", "label": 7}]}"#,
            r#"option "agents[0].label" is 7; allowed: a text"#,
        ),
        (
            r#"{"agents": [{"address": "10.0.0.1:1", "password": "Pw#1"}]}"#,
            r#"option "agents[0].password" is unknown; known are address, label, group, endpoint"#,
        ),
        (
            r#"{"readOnly": "yes"}"#,
            r#"option "readOnly" is "yes"; allowed: true, false"#,
        ),
        (
            r#"{"timeouts": {"destroy": 30}}"#,
            r#"option "timeouts.destroy" is 30; allowed: milliseconds from 1000 to 600000"#,
        ),
        (
            r#"{"timeouts": {"delete": 30000}}"#,
            r#"option "timeouts.delete" is unknown; known are read, destroy"#,
        ),
        (
            r#"{"credentials": "Pw#1"}"#,
            "option \"credentials\" is not usable; allowed: an object with agentPassword or sessionId, a \
             function that gives one or promises to, null",
        ),
        (
            r#"{"agents": null}"#,
            r#"option "agents" is null; allowed: an array of {address, label?, group?, endpoint?}"#,
        ),
        (
            r#"{"agents": [{"address": "10.0.0.1:1"}, null]}"#,
            r#"option "agents[1]" is null; allowed: an object with address, label, group, endpoint"#,
        ),
        (
            r#"{"agents": [{"address": "10.0.0.1:1"}, {"address": 7}]}"#,
            &format!(r#"option "agents[1].address" is 7; allowed: {ADDRESS}"#),
        ),
        (
            r#"{"timeouts": 30000}"#,
            r#"option "timeouts" is 30000; allowed: an object with read, destroy"#,
        ),
        (
            r#"{"timeouts": {"read": null}}"#,
            r#"option "timeouts.read" is null; allowed: milliseconds from 1000 to 600000"#,
        ),
        (
            r#"{"task": 42130706433028861}"#,
            r#"option "task" is 42130706433028860; allowed: an id as a text of digits"#,
        ),
        (
            r#"{"subTask": {"agentPassword": "Pw#1"}}"#,
            r#"option "subTask" is of type object; allowed: an id as a text of digits"#,
        ),
        (
            r#"{"typedAddress": false}"#,
            "option \"agents\" is empty while \"typedAddress\" is false: no agent could be reached; \
             give an agent or allow typing",
        ),
    ] {
        assert_eq!(refusal(&host.0, &json(options)), said);
        assert!(host.0.shadow_root().is_none(), "{options}");
    }
}

#[wasm_bindgen_test]
fn what_is_undefined_is_not_given() {
    let options = json(r#"{"agents": [{"address": "10.0.0.1:1"}], "timeouts": {"read": 2000.5}}"#);
    let set = |object: &JsValue, key: &str| {
        js_sys::Reflect::set(object, &key.into(), &JsValue::UNDEFINED).unwrap();
    };
    for key in ["theme", "locale", "credentials", "task", "endpoint"] {
        set(&options, key);
    }
    let get = |key: &str| js_sys::Reflect::get(&options, &key.into()).unwrap();
    set(&get("timeouts"), "destroy");
    set(&js_sys::Array::from(&get("agents")).get(0), "label");
    let read = Options::default().read_over(&options, "https://site.example/");
    let read = read.unwrap();
    assert_eq!(read.settings.timeouts.read, 2_000);
    assert_eq!(read.settings.timeouts.destroy, 60_000);
    assert_eq!(read.settings.agents[0].label, None);
    assert!(read.credentials.is_none() && !read.settings.host_signs_in);
}

#[wasm_bindgen_test]
fn what_a_host_is_told_is_a_plain_object() {
    let detail = BTreeMap::from([("a", Some(1_795_436_683_702_i64)), ("b", None)]);
    let told = plain(&detail);
    let prototype = js_sys::Object::get_prototype_of(&told);
    assert_eq!(
        prototype,
        js_sys::Object::get_prototype_of(&js_sys::Object::new())
    );
    let told: String = js_sys::JSON::stringify(&told).unwrap().into();
    assert_eq!(told, r#"{"a":1795436683702,"b":null}"#);
}

#[wasm_bindgen_test]
async fn an_endpoint_reaches_the_agent_that_it_is_for() {
    let _network = Network::held();
    let host = Host::new();
    for endpoint in [
        // This endpoint would be used for every typed address.
        "https://gate.example/agent",
        "ftp://gate.example/{address}",
        "https://user:Pw#1@gate.example/{address}",
        "https://gate.example/{address}?a=b",
        "https://gate.example/{address}#",
        "https://{address}:x/",
        "localhost:{address}",
        "",
        // The part after the address leads to the same place for every agent.
        "agents/{address}/../..",
        "agents/{address}/../elsewhere",
        "agents/{address}/%2e%2e/x",
        "agents/{address}/.%2E/x",
        "agents/{address}%2f..%2f..",
        "agents/{address}/%252e%252e/x",
        r"agents/{address}\..\x",
        r"\\gate.example\{address}",
        "agents/{address}/.\t./x",
        "//gate.example/{address}",
        "https:\\\\gate.example\\{address}",
    ] {
        let options = json(&serde_json::json!({"endpoint": endpoint}).to_string());
        let said = refusal(&host.0, &options);
        assert!(
            said.starts_with("option \"endpoint\" is not usable; allowed: a URL of"),
            "{said}"
        );
        assert!(!said.contains("Pw#1"), "{said}");
    }
    for endpoint in [
        "gate/{address}",
        "/{address}/",
        "https://{address}",
        "../x/{address}/y",
    ] {
        let options = json(&serde_json::json!({"endpoint": endpoint}).to_string());
        mount(&host.0, &options).unwrap().destroy();
    }
    for endpoint in [
        "//gate.example/x",
        "gate/%2e%2e/x",
        r"gate\x",
        "https://a:Pw#1@gate",
    ] {
        let options =
            serde_json::json!({"agents": [{"address": "10.0.0.1:1", "endpoint": endpoint}]});
        let said = refusal(&host.0, &json(&options.to_string()));
        let beginning = "option \"agents[0].endpoint\" is not usable; allowed: a URL of";
        assert!(said.starts_with(beginning), "{said}");
        assert!(!said.contains("Pw#1"), "{said}");
    }
    // An agent's own endpoint applies only to that agent.
    let own = r#"{"agents": [{"address": "10.0.0.1:1", "endpoint": "https://gate.example"}]}"#;
    let mut handle = mount(&host.0, &json(own)).unwrap();
    called(3).await;
    assert!(page::url(0).starts_with("https://gate.example/api/v1/"));
    handle.destroy();
    all_given_up().await;
}

/// A page opened with a user name and a password in its address.
#[wasm_bindgen_test]
async fn a_page_with_credentials_in_its_address_reaches_its_agents() {
    let _network = Network::held();
    let base = document().create_element("base").unwrap();
    let opened = "http://admin:Pw%231@gate.example/ops/page.html";
    base.set_attribute("href", opened).unwrap();
    document().head().unwrap().append_child(&base).unwrap();
    let host = Host::new();
    let said = refusal(&host.0, &json(r#"{"endpoint": "{address}?"}"#));
    assert!(!said.contains("Pw"), "{said}");
    let options = json(r#"{"agents": [{"address": "10.10.10.1:2886"}]}"#);
    let mut handle = mount(&host.0, &options).unwrap();
    called(3).await;
    let reached = "http://gate.example/ops/agents/10.10.10.1:2886/api/v1/";
    assert!(page::url(0).starts_with(reached), "{}", page::url(0));
    let shown = host.roots()[0].outer_html();
    assert!(!shown.contains("admin") && !shown.contains("Pw%231"));
    handle.destroy();
    base.remove();
    all_given_up().await;
}

/// Returns the computed styles of the console.
fn looks(host: &Host) -> String {
    let console = host.roots()[0].query_selector(".console").unwrap().unwrap();
    let window = console.owner_document().unwrap().default_view().unwrap();
    let style = window.get_computed_style(&console).unwrap().unwrap();
    style.get_property_value("background-color").unwrap()
}

#[wasm_bindgen_test]
async fn a_console_that_moves_to_another_document_keeps_its_looks() {
    let _network = Network::held();
    let host = Host::new();
    let mut handle = mount(&host.0, &json(r#"{"locale": "en-US", "theme": "light"}"#)).unwrap();
    drawn(&host, 1).await;
    let before = looks(&host);
    let frame = page::frame();
    let there = page::document_of(&frame);
    there.body().unwrap().append_child(&host.0).unwrap();
    assert_eq!(host.style_sheets(), 0, "they stay with their document");
    handle.update(&json("{}")).unwrap();
    assert_eq!((host.style_sheets(), looks(&host)), (1, before.clone()));
    // Moved back; a drawing suffices.
    document().body().unwrap().append_child(&host.0).unwrap();
    page::wrap_texts(&host.roots()[0]);
    until("its looks", || host.style_sheets() == 1).await;
    assert_eq!(looks(&host), before);
    // The console still works.
    handle.update(&json(r#"{"locale": "zh-CN"}"#)).unwrap();
    until("Chinese", || {
        host.roots()[0].get_attribute("lang").unwrap() == "zh-CN"
    })
    .await;
    handle.destroy();
    assert_eq!(host.style_sheets(), 0);
    frame.remove();
    settle().await;
}

#[wasm_bindgen_test]
async fn an_element_of_another_document_is_a_host() {
    let _network = Network::held();
    let frame = page::frame();
    let there = page::document_of(&frame);
    let host = Host(there.create_element("div").unwrap());
    there.body().unwrap().append_child(&host.0).unwrap();
    let mut handle = mount(&host.0, &json(r#"{"theme": "light"}"#)).unwrap();
    drawn(&host, 1).await;
    assert_ne!(looks(&host), "rgba(0, 0, 0, 0)");
    handle.destroy();
    // A document without a window is rejected with that reason.
    let nowhere = js_sys::eval("document.implementation.createHTMLDocument('')").unwrap();
    let nowhere: web_sys::Document = wasm_bindgen::JsCast::unchecked_into(nowhere);
    let said = refusal(&nowhere.create_element("div").unwrap(), &JsValue::UNDEFINED);
    assert!(said.contains("is in no window"), "{said}");
    drop(host);
    frame.remove();
    settle().await;
}

#[wasm_bindgen_test]
async fn words_that_a_translator_took_away_are_drawn_anew() {
    let _network = Network::held();
    let host = Host::new();
    let mut handle = mount(&host.0, &json(r#"{"locale": "en-US"}"#)).unwrap();
    drawn(&host, 1).await;
    let field = |id: &str| -> web_sys::HtmlInputElement {
        let field = host.roots()[0].query_selector(id).unwrap().unwrap();
        wasm_bindgen::JsCast::unchecked_into(field)
    };
    let console = || host.roots()[0].query_selector(".console").unwrap().unwrap();
    let first = console();
    // A whole screen in another language, drawn by Yew, does not count as a change of the page.
    handle.update(&json(r#"{"locale": "zh-CN"}"#)).unwrap();
    until("Chinese", || {
        console().text_content().unwrap().contains("连接 Agent")
    })
    .await;
    settle().await;
    assert_eq!(console(), first);

    field("#password").set_value("Pw#typed");
    field("#password").focus().unwrap();
    assert!(page::wrap_texts(&host.roots()[0]) > 5);
    until("a drawing", || console() != first).await;
    settle().await;
    assert!(host.roots()[0].query_selector("font").unwrap().is_none());
    assert_eq!(field("#password").value(), "Pw#typed");
    let focused = host.0.shadow_root().unwrap().active_element().unwrap();
    assert_eq!(focused.id(), "password");
    handle.update(&json(r#"{"locale": "en-US"}"#)).unwrap();
    until("English", || {
        console()
            .text_content()
            .unwrap()
            .contains("Connect to an agent")
    })
    .await;
    assert!(!console().text_content().unwrap().contains("连接 Agent"));

    // A page that continues its changes is redrawn at most once a second.
    let stop = page::wrap_for_ever(&host.roots()[0]);
    page::wrap_texts(&host.roots()[0]);
    for _ in 0..10 {
        settle().await;
    }
    let times = stop.call0(&JsValue::NULL).unwrap().as_f64().unwrap();
    assert!(times <= 4.0, "{times}");
    handle.destroy();
    settle().await;
}
