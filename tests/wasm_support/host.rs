//! Tests the interface between a console and its host: options, credentials, events.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{JSON, Reflect};
use odp_console::browser::app::AppProps;
use odp_console::browser::options::Options;
use odp_console::flow::event::FlowEvent;
use odp_console::ui::message::Message;
use serde_json::{Value, json};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::CustomEvent;
use yew::Callback;

use crate::agent::{Agent, answer_data, timestamp};
use crate::page::{self, Host, Network, called, settle, until};
use crate::probe::Probed;

const ADDRESS: &str = "10.10.10.1:2886";
const CONNECT: Message = Message::Flow(FlowEvent::Connect {
    has_credential: true,
});

/// Options with one agent, and further ones.
fn options(more: &[(&str, JsValue)]) -> JsValue {
    let options = page::json(&format!(
        r#"{{"agents": [{{"address": "{ADDRESS}"}}], "locale": "en-US"}}"#
    ));
    for (name, value) in more {
        Reflect::set(&options, &(*name).into(), value).unwrap();
    }
    options
}

fn mount(host: &Host, options: &JsValue) -> Probed {
    let options = Options::default()
        .read_over(options, "https://site.example/")
        .unwrap();
    let root = host.0.clone();
    Probed::mount(AppProps {
        options,
        root,
        on_shown: None,
        document: None,
        on_drawn: Callback::noop(),
    })
}

/// Agent and reason of a request for credentials.
type Asked = (String, String);

/// Creates a function that returns the result of `give` for each call, and records the calls.
fn asked_for(give: impl Fn(usize) -> JsValue + 'static) -> (JsValue, Rc<RefCell<Vec<Asked>>>) {
    let asked = Rc::new(RefCell::new(Vec::new()));
    let kept = Rc::clone(&asked);
    let function = Closure::<dyn FnMut(JsValue) -> JsValue>::new(move |request: JsValue| {
        let said = |name: &str| {
            let value = Reflect::get(&request, &name.into()).unwrap();
            value.as_string().unwrap()
        };
        let mut kept = kept.borrow_mut();
        kept.push((said("agent"), said("reason")));
        give(kept.len())
    });
    (function.into_js_value(), asked)
}

fn password(password: &str) -> JsValue {
    page::json(&json!({ "agentPassword": password }).to_string())
}

/// Responds to the open routes `from..from + 3`.
async fn open_routes(agent: &Agent, from: usize) {
    called(from + 3).await;
    (from..from + 3).for_each(|n| agent.answer_open(n));
}

fn refuse(n: usize) {
    let refusal = json!({
        "successful": false, "timestamp": timestamp(n), "duration": 1, "status": 401,
        "traceId": "898a66ebd82cdaa3",
        "error": {"errCode": "Security.Authentication.IncorrectAgentPassword", "message": "no"},
    });
    page::answer(n, 401, &refusal.to_string());
}

/// The events with these names, and their details.
struct Heard {
    seen: Rc<RefCell<Vec<(String, Value)>>>,
    _listeners: Vec<EventListener>,
}

impl Heard {
    fn on(host: &Host) -> Self {
        let seen = Rc::new(RefCell::new(Vec::new()));
        let names = [
            "odp-auth-required",
            "odp-submitted",
            "odp-progress",
            "odp-finished",
            "odp-error",
        ];
        let listener = |name: &'static str| {
            let seen = Rc::clone(&seen);
            // On the document: they bubble.
            EventListener::new(&page::document(), name, move |event| {
                let event: &CustomEvent = event.unchecked_ref();
                assert!(event.bubbles() && event.composed());
                let detail = String::from(JSON::stringify(&event.detail()).unwrap());
                let detail = serde_json::from_str(&detail).unwrap();
                seen.borrow_mut().push((name.to_owned(), detail));
            })
        };
        assert!(host.0.is_connected());
        Self {
            _listeners: names.map(listener).into(),
            seen,
        }
    }

    fn names(&self) -> Vec<String> {
        self.seen
            .borrow()
            .iter()
            .map(|(name, _)| name.clone())
            .collect()
    }
}

#[wasm_bindgen_test]
async fn the_host_signs_in_and_nobody_types() {
    let _network = Network::held();
    let (host, agent) = (Host::new(), Agent::new());
    let (credentials, asked) =
        asked_for(|_| js_sys::Promise::resolve(&password("Pw#of-the-host")).into());
    let console = mount(&host, &options(&[("credentials", credentials)]));
    open_routes(&agent, 0).await;
    until("the form", || {
        host.0.query_selector("form").unwrap().is_some()
    })
    .await;
    assert!(host.0.query_selector("[type=password]").unwrap().is_none());
    assert!(asked.borrow().is_empty(), "asked before it is needed");
    console.send_message(CONNECT);
    open_routes(&agent, 3).await;
    called(7).await;
    assert_eq!(agent.read_header(6)["Auth"], "Pw#of-the-host");
    let once = [(ADDRESS.to_owned(), "connect".to_owned())];
    assert_eq!(*asked.borrow(), once);
    assert!(!page::everything_kept().contains("Pw#of-the-host"));
    console.destroy();
}

#[wasm_bindgen_test]
async fn a_session_of_the_host_goes_into_the_header() {
    let _network = Network::held();
    let (host, agent) = (Host::new(), Agent::new());
    let session = page::json(r#"{"sessionId": "5e55108f"}"#);
    let console = mount(&host, &options(&[("credentials", session)]));
    open_routes(&agent, 0).await;
    console.send_message(CONNECT);
    open_routes(&agent, 3).await;
    called(7).await;
    assert_eq!(agent.read_header(6)["session_id"], "5e55108f");
    console.destroy();
}

/// The host is not called while the page is hidden, and afterwards not with the reason "refused".
#[wasm_bindgen_test]
async fn a_host_is_asked_again_when_the_page_comes_back() {
    let fixed = page::json(r#"{"agentPassword": "fixed"}"#);
    let (function, asked) = asked_for(|n| password(if n == 1 { "first" } else { "second" }));
    for (credentials, again) in [(fixed, "fixed"), (function, "second")] {
        let _network = Network::held();
        let (host, agent) = (Host::new(), Agent::new());
        let console = mount(&host, &options(&[("credentials", credentials)]));
        open_routes(&agent, 0).await;
        console.send_message(CONNECT);
        open_routes(&agent, 3).await;
        called(7).await;
        answer_data(6, &json!({"contents": [task("RUNNING", 4)]}));
        // The ODP is identified from the agent's tasks.
        called(8).await;
        console.send_message(Message::Flow(FlowEvent::FollowHolder));
        called(9).await;
        page::leave();
        settle().await;
        assert!(page::is_aborted(8));
        assert_eq!(page::call_count(), 9, "nobody is asked for anything");
        page::come_back();
        open_routes(&agent, 9).await;
        called(13).await;
        assert_eq!(agent.read_header(12)["Auth"], again);
        console.destroy();
    }
    let reasons: Vec<_> = asked.borrow().iter().map(|(_, why)| why.clone()).collect();
    assert_eq!(reasons, ["connect", "connect"]);
}

#[wasm_bindgen_test]
async fn a_refused_credential_is_asked_for_again_when_the_person_says_so() {
    let _network = Network::held();
    let (host, agent) = (Host::new(), Agent::new());
    let heard = Heard::on(&host);
    let (credentials, asked) = asked_for(|_| password("wrong"));
    let console = mount(&host, &options(&[("credentials", credentials)]));
    open_routes(&agent, 0).await;
    console.send_message(CONNECT);
    open_routes(&agent, 3).await;
    called(7).await;
    refuse(6);
    until("the event", || !heard.names().is_empty()).await;
    settle().await;
    assert_eq!(heard.names(), ["odp-auth-required"]);
    {
        let seen = heard.seen.borrow();
        assert_eq!(seen[0].1["agent"], ADDRESS);
        assert_eq!(seen[0].1["kind"], "credential");
        assert!(!seen[0].1.to_string().contains("wrong\""));
    }
    // Nothing is repeated by itself.
    assert_eq!((page::call_count(), asked.borrow().len()), (7, 1));
    console.send_message(CONNECT);
    called(10).await;
    assert_eq!(asked.borrow()[1].1, "refused");
    console.destroy();
}

#[wasm_bindgen_test]
async fn a_host_that_gives_nothing_lets_the_person_type() {
    for given in [
        || JsValue::NULL,
        || page::json(r#"{"agentPassword": ""}"#),
        || page::json(r#"{"agentPassword": 5}"#),
        || js_sys::Promise::reject(&JsValue::from_str("not signed in")).into(),
    ] as [fn() -> JsValue; 4]
    {
        let _network = Network::held();
        let (host, agent) = (Host::new(), Agent::new());
        let (credentials, _) = asked_for(move |_| given());
        let console = mount(&host, &options(&[("credentials", credentials)]));
        open_routes(&agent, 0).await;
        console.send_message(CONNECT);
        until("what is wrong", || {
            let text = host.0.text_content().unwrap_or_default();
            text.contains("did not sign in to the agent")
        })
        .await;
        assert_eq!(page::call_count(), 3);
        // The choice is shown.
        assert!(host.0.query_selector("[type=radio]").unwrap().is_some());
        assert_eq!(page::unhandled_rejections(), "");
        console.destroy();
    }
}

#[wasm_bindgen_test]
async fn a_credential_for_an_agent_that_was_left_is_not_used() {
    let _network = Network::held();
    let (host, agent) = (Host::new(), Agent::new());
    let give = Rc::new(RefCell::new(None::<js_sys::Function>));
    let kept = Rc::clone(&give);
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        kept.replace(Some(resolve));
    });
    let (credentials, _) = asked_for(move |_| promise.clone().into());
    let console = mount(&host, &options(&[("credentials", credentials)]));
    open_routes(&agent, 0).await;
    console.send_message(CONNECT);
    settle().await;
    console.send_message(Message::Flow(FlowEvent::AddressEdited(
        "10.10.10.2:2886".into(),
    )));
    settle().await;
    let resolve = give.borrow().clone().unwrap();
    resolve
        .call1(&JsValue::NULL, &password("for the first"))
        .unwrap();
    settle().await;
    assert_eq!(page::call_count(), 3, "the open routes of the first agent");
    console.destroy();
}

#[wasm_bindgen_test]
async fn a_host_that_does_not_answer_for_one_agent_is_asked_for_the_next() {
    let _network = Network::held();
    let (host, agent) = (Host::new(), Agent::new());
    let (credentials, asked) = asked_for(|n| match n {
        1 => js_sys::Promise::new(&mut |_, _| ()).into(),
        _ => password("for the second"),
    });
    let console = mount(&host, &options(&[("credentials", credentials)]));
    open_routes(&agent, 0).await;
    console.send_message(CONNECT);
    // Pressed again immediately.
    console.send_message(CONNECT);
    settle().await;
    assert_eq!(asked.borrow().len(), 1);
    console.send_message(Message::Flow(FlowEvent::AddressEdited(
        "10.10.10.2:2886".into(),
    )));
    console.send_message(CONNECT);
    open_routes(&agent, 3).await;
    called(7).await;
    assert_eq!(agent.read_header(6)["Auth"], "for the second");
    assert_eq!(asked.borrow()[1].0, "10.10.10.2:2886");
    console.destroy();
}

#[wasm_bindgen_test]
async fn a_host_hears_of_a_destroy_from_beginning_to_end() {
    let _network = Network::held();
    let (host, agent) = (Host::new(), Agent::new());
    let heard = Heard::on(&host);
    let (credentials, asked) = asked_for(|n| password(if n == 1 { "first" } else { "second" }));
    let console = mount(&host, &options(&[("credentials", credentials)]));
    open_routes(&agent, 0).await;
    console.send_message(CONNECT);
    open_routes(&agent, 3).await;
    called(7).await;
    answer_data(6, &json!({"contents": []}));
    // The ODP is identified from the agent's tasks.
    called(8).await;
    answer_data(7, &json!({"contents": [task("SUCCEED", 3)]}));
    settle().await;
    console.send_message(Message::Flow(FlowEvent::Confirm {
        typed: ADDRESS.to_owned(),
    }));
    open_routes(&agent, 8).await;
    called(12).await;
    answer_data(11, &task("SUCCEED", 3));
    called(13).await;
    assert_eq!(page::method(12), "DELETE");
    settle().await;
    assert_eq!(heard.names(), ["odp-submitted"]);
    answer_data(12, &task("RUNNING", 4));
    called(14).await;
    settle().await;
    assert_eq!(heard.names(), ["odp-submitted", "odp-progress"]);
    // The password was changed; the host is called automatically, once.
    refuse(13);
    open_routes(&agent, 14).await;
    assert_eq!(
        asked
            .borrow()
            .iter()
            .map(|(_, reason)| reason.as_str())
            .collect::<Vec<_>>(),
        ["connect", "refused"]
    );
    called(18).await;
    assert_eq!(agent.read_header(17)["Auth"], "second");
    // Rejected again, without a success in between: the host is not called again.
    refuse(17);
    settle().await;
    assert_eq!((page::call_count(), asked.borrow().len()), (18, 2));
    console.send_message(Message::Flow(FlowEvent::Authenticate {
        has_credential: true,
    }));
    open_routes(&agent, 18).await;
    called(22).await;
    answer_data(21, &task("SUCCEED", 4));
    called(23).await;
    agent.answer_open(22);
    until("the end", || {
        heard.names().iter().any(|name| name == "odp-finished")
    })
    .await;
    let seen = heard.seen.borrow();
    let names: Vec<_> = seen.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "odp-submitted",
            "odp-progress",
            "odp-auth-required",
            "odp-auth-required",
            "odp-progress",
            "odp-finished"
        ],
        "{seen:?}"
    );
    assert_eq!(seen[1].1["task"]["id"], "4100000000287601010101");
    assert_eq!(seen[1].1["task"]["mine"], true);
    // The agent of this test always manages an ODP, so the host never gets the ending "destroyed".
    assert_eq!(seen[5].1["ending"]["kind"], "outcome-unknown");
    assert_eq!(seen[5].1["agent"]["address"], ADDRESS);
    for (_, detail) in &*seen {
        let text = detail.to_string();
        assert!(!text.contains("\"first\"") && !text.contains("\"second\""));
    }
    drop(seen);
    console.destroy();
}

#[wasm_bindgen_test]
async fn a_console_to_look_only_has_no_way_to_the_review() {
    let _network = Network::held();
    let (host, agent) = (Host::new(), Agent::new());
    let more = [("readOnly", JsValue::TRUE), ("credentials", password("Pw"))];
    let console = mount(&host, &options(&more));
    open_routes(&agent, 0).await;
    console.send_message(CONNECT);
    open_routes(&agent, 3).await;
    called(7).await;
    answer_data(6, &json!({"contents": []}));
    until("the checks", || {
        let text = host.0.text_content().unwrap_or_default();
        text.contains("This console is read-only")
    })
    .await;
    let buttons = host.0.query_selector_all("button").unwrap();
    for n in 0..buttons.length() {
        assert_ne!(buttons.item(n).unwrap().text_content().unwrap(), "Review");
    }
    console.destroy();
}

fn task(state: &str, number: u32) -> Value {
    let time = "2026-11-23T12:39:11.059772819Z";
    let sub_task = json!({
        "id": "4100000000287601010101", "name": "Delete obproxy", "state": state,
        "operator": "RUN", "start_time": time, "end_time": time, "execute_times": 1,
    });
    let node = json!({
        "id": "4100000000287601010101", "name": "Delete obproxy", "state": state,
        "operator": "RUN", "start_time": time, "end_time": time, "sub_tasks": [sub_task],
    });
    json!({
        "id": "4100000000287601010101", "dag_id": number, "name": "Delete obproxy",
        "maintenance_type": 4, "stage": 4, "max_stage": 4, "state": state, "operator": "RUN",
        "start_time": time, "end_time": time, "nodes": [node, node, node, node],
        "additional_data": null,
    })
}
