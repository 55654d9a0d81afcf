//! Tests a console's events and effects with a controlled network.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::JSON;
use odp_console::browser::app::AppProps;
use odp_console::browser::options::Options;
use odp_console::flow::event::{FlowEvent, Language};
use odp_console::flow::settings::Timeouts;
use odp_console::obshell::secret::Secret;
use odp_console::text::labels::Label;
use odp_console::ui::message::Message;
use serde_json::json;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, HtmlElement, HtmlInputElement};
use yew::Callback;

use crate::agent::{AHEAD, Agent, answer_data};
use crate::page::{self, Count, Host, Network, called, settle, until};
use crate::probe::Probed;

const PASSWORD: &str = "Pw#never-to-be-seen";
const ADDRESS: &str = "10.10.10.1:2886";
/// The number of the DELETE among the requests.
const DELETE: usize = 12;

struct Console {
    app: Probed,
    host: Host,
}

impl Console {
    fn mount(options: &str) -> Self {
        Self::mount_with(options, Timeouts::default().idle)
    }

    /// `idle` is in milliseconds.
    fn mount_with(options: &str, idle: u32) -> Self {
        let host = Host::new();
        let mut options = Options::default()
            .read_over(&page::json(options), "https://site.example/sub/index.html")
            .unwrap();
        Rc::make_mut(&mut options.settings).timeouts.idle = idle;
        let root = host.0.clone();
        let app = Probed::mount(AppProps {
            options,
            root,
            on_shown: None,
            document: None,
            on_drawn: Callback::noop(),
        });
        Self { app, host }
    }

    async fn until_it_says(&self, text: &str) {
        until(text, || {
            let said = self.host.0.text_content().unwrap_or_default();
            said.contains(text)
        })
        .await;
    }

    fn send(&self, event: FlowEvent) {
        self.app.send_message(Message::Flow(event));
    }

    async fn unmount(self) {
        self.app.destroy();
        let host = self.host;
        until("an empty host", || host.0.child_element_count() == 0).await;
    }

    /// Continues to the review. Uses the requests 0 to 7.
    async fn connect(&self, agent: &Agent) {
        called(3).await;
        (0..3).for_each(|n| agent.answer_open(n));
        settle().await;
        self.app
            .send_message(Message::Credential(Secret::new(PASSWORD.to_owned())));
        self.send(FlowEvent::Connect {
            has_credential: true,
        });
        called(6).await;
        (3..6).for_each(|n| agent.answer_open(n));
        called(7).await;
        answer_data(6, &json!({"contents": []}));
        // The ODP is identified from the agent's tasks.
        called(8).await;
        answer_data(7, &json!({"contents": [old_task()]}));
        settle().await;
    }

    /// Continues to the DELETE, which is the last request.
    async fn delete(&self, agent: &Agent) {
        self.connect(agent).await;
        self.send(FlowEvent::Confirm {
            typed: ADDRESS.to_owned(),
        });
        called(11).await;
        (8..11).for_each(|n| agent.answer_open(n));
        called(12).await;
        answer_data(11, &old_task());
        called(13).await;
        assert_eq!(page::method(DELETE), "DELETE");
    }
}

/// A task from before the DELETE.
fn old_task() -> serde_json::Value {
    let mut task = task("SUCCEED");
    task["dag_id"] = json!(1);
    task
}

fn one_agent(more: &str) -> String {
    format!(
        r#"{{"agents": [{{"address": "{ADDRESS}"}}],
             "endpoint": "https://site.example/sub/agents/{{address}}", "locale": "en-US"{more}}}"#
    )
}

#[wasm_bindgen_test]
async fn the_only_agent_is_looked_at_at_once() {
    let _network = Network::held();
    let console = Console::mount(&one_agent(""));
    called(3).await;
    let mut urls: Vec<_> = (0..3).map(page::url).collect();
    urls.sort();
    let url = |route| format!("https://site.example/sub/agents/{ADDRESS}/api/v1/{route}");
    assert_eq!(urls, ["info", "secret", "time"].map(url));
    for n in 0..3 {
        assert_eq!(page::method(n), "GET");
        assert_eq!(page::header_names(n), "accept-language");
        assert_eq!(page::header(n, "Accept-Language").as_deref(), Some("en-US"));
    }
    console.unmount().await;
}

#[wasm_bindgen_test]
async fn the_agent_is_asked_in_the_language_of_the_moment() {
    let _network = Network::held();
    let console = Console::mount(&one_agent(""));
    called(3).await;
    assert_eq!(
        console.host.0.get_attribute("lang").as_deref(),
        Some("en-US")
    );
    console
        .app
        .send_message(Message::Language(Language::Chinese));
    console.send(FlowEvent::AddressEdited("10.10.10.2:2886".to_owned()));
    console.send(FlowEvent::AddressChosen);
    called(6).await;
    assert_eq!(page::header(5, "Accept-Language").as_deref(), Some("zh-CN"));
    assert_eq!(
        console.host.0.get_attribute("lang").as_deref(),
        Some("zh-CN")
    );
    // The requests to the first agent are no longer awaited.
    assert!((0..3).all(page::is_aborted));
    assert!(!(3..6).any(page::is_aborted));
    console.unmount().await;
}

#[wasm_bindgen_test]
async fn the_callback_of_the_screens_stays_the_same() {
    let _network = Network::held();
    let console = Console::mount(&one_agent(""));
    called(3).await;
    let drawn = console.app.told.borrow().len();
    console
        .app
        .send_message(Message::Language(Language::Chinese));
    until("another drawing", || {
        console.app.told.borrow().len() > drawn
    })
    .await;
    let told = console.app.told.borrow().clone();
    assert!(told.iter().all(|tell| *tell == told[0]));
    console.unmount().await;
    // There is no receiver.
    told[0].emit(Message::Language(Language::English));
}

#[wasm_bindgen_test]
async fn a_message_that_arises_while_another_is_handled_is_handled_next() {
    let _network = Network::throwing();
    let console = Console::mount(&one_agent(""));
    // The read of the open routes fails within the message that requests it.
    console.until_it_says("10.10.10.1:2886").await;
    settle().await;
    let drawn = console.app.told.borrow().len();
    console.send(FlowEvent::AddressEdited("10.10.10.2:2886".to_owned()));
    console.send(FlowEvent::AddressChosen);
    console.send(FlowEvent::AddressEdited("10.10.10.3:2886".to_owned()));
    until("another drawing", || {
        console.app.told.borrow().len() > drawn
    })
    .await;
    let field = console.host.0.query_selector("input").unwrap().unwrap();
    assert_eq!(
        field.unchecked_into::<HtmlInputElement>().value(),
        "10.10.10.3:2886"
    );
    console.unmount().await;
}

#[wasm_bindgen_test]
async fn a_sealed_request_carries_password_path_and_the_agents_time() {
    for (signed_path, prefix) in [("stripped", ""), ("full", "/sub/agents/10.10.10.1:2886")] {
        let _network = Network::held();
        let agent = Agent::new();
        let console = Console::mount(&one_agent(&format!(r#", "signedPath": "{signed_path}""#)));
        console.connect(&agent).await;
        let header = agent.read_header(6);
        assert_eq!(header["Auth"], PASSWORD);
        assert_eq!(
            header["Uri"],
            format!("{prefix}/api/v1/task/dag/agent/unfinish")
        );
        let expiry: i64 = header["Ts"].as_str().unwrap().parse().unwrap();
        let expected = (js_sys::Date::now() as i64 + AHEAD) / 1000 + 60;
        assert!((expiry - expected).abs() <= 10, "{expiry} {expected}");
        console.unmount().await;
    }
}

#[wasm_bindgen_test]
async fn one_confirmation_sends_one_delete_which_unmounting_leaves_alone() {
    let _network = Network::held();
    let count = Count::start();
    let agent = Agent::new();
    let console = Console::mount(&one_agent(""));
    console.delete(&agent).await;
    assert_eq!(agent.read_header(DELETE)["Uri"], "/api/v1/obproxy");
    assert!(page::manners(DELETE).ends_with("manual no-referrer true"));
    // Pressed again immediately.
    console.send(FlowEvent::Confirm {
        typed: ADDRESS.to_owned(),
    });
    settle().await;
    assert_eq!(page::call_count(), DELETE + 1);
    console.unmount().await;
    assert!(!page::is_aborted(DELETE));
    // Its response is not awaited, and nothing else remains.
    assert_eq!(page::timer_count(), 0);
    assert_eq!(page::listener_types(), "");
    page::answer(DELETE, 204, "");
    settle().await;
    assert_eq!(page::call_count(), DELETE + 1);
    assert_eq!(page::unhandled_rejections(), "");
    drop(count);
}

#[wasm_bindgen_test]
async fn unmounting_gives_up_reads_timers_and_listeners() {
    let _network = Network::held();
    let count = Count::start();
    let console = Console::mount(&one_agent(""));
    called(3).await;
    assert_eq!(page::timer_count(), 3, "a read has a time limit");
    assert_eq!(page::listener_types(), "pagehide pageshow visibilitychange");
    console.unmount().await;
    assert!((0..3).all(page::is_aborted));
    assert_eq!(page::timer_count(), 0);
    assert_eq!(page::listener_types(), "");
    settle().await;
    assert_eq!(page::unhandled_rejections(), "");
    drop(count);
}

#[wasm_bindgen_test]
async fn a_forgotten_password_is_not_sent_again() {
    let _network = Network::held();
    let agent = Agent::new();
    let console = Console::mount(&one_agent(""));
    console.delete(&agent).await;
    page::answer(DELETE, 204, "");
    settle().await;
    // There was nothing to destroy, so the flow wiped the password. Without a new one, no request
    // that needs it is sent.
    console.send(FlowEvent::StartOver);
    console.send(FlowEvent::AddressEdited(ADDRESS.to_owned()));
    console.send(FlowEvent::Connect {
        has_credential: true,
    });
    until("the open routes", || page::call_count() >= DELETE + 4).await;
    let last = page::call_count();
    (last - 3..last).for_each(|n| agent.answer_open(n));
    settle().await;
    assert_eq!(page::call_count(), last);
    console.unmount().await;
}

#[wasm_bindgen_test]
async fn the_password_is_kept_nowhere_else() {
    let _network = Network::held();
    let agent = Agent::new();
    let console = Console::mount(&one_agent(""));
    console.delete(&agent).await;
    let kept = page::everything_kept();
    assert!(kept.contains("<html"), "{kept}");
    assert!(!kept.contains(PASSWORD));
    for n in 0..page::call_count() {
        assert!(!page::url(n).contains("never-to-be-seen"));
        for name in page::header_names(n).split(' ') {
            assert!(!page::header(n, name).unwrap().contains(PASSWORD));
        }
    }
    console.unmount().await;
}

/// Returns the value of `mine` in the progress events, once the task of the link is shown.
async fn whose_task_a_link_opens(agent: &Agent) -> serde_json::Value {
    let _network = Network::held();
    let link = format!(r#", "task": "{}""#, task("RUNNING")["id"].as_str().unwrap());
    let console = Console::mount(&one_agent(&link));
    let told = Rc::new(RefCell::new(Vec::new()));
    let heard = Rc::clone(&told);
    let _listener = EventListener::new(&console.host.0, "odp-progress", move |event| {
        let detail = event.unchecked_ref::<CustomEvent>().detail();
        let detail: String = JSON::stringify(&detail).unwrap().into();
        let detail: serde_json::Value = serde_json::from_str(&detail).unwrap();
        heard.borrow_mut().push(detail["task"]["mine"].clone());
    });
    // The only agent is read, and then the one of the link.
    called(6).await;
    (3..6).for_each(|n| agent.answer_open(n));
    settle().await;
    console
        .app
        .send_message(Message::Credential(Secret::new(PASSWORD.to_owned())));
    console.send(FlowEvent::Connect {
        has_credential: true,
    });
    called(9).await;
    (6..9).for_each(|n| agent.answer_open(n));
    called(10).await;
    answer_data(9, &task("RUNNING"));
    until("the task", || !told.borrow().is_empty()).await;
    console.unmount().await;
    told.borrow()[0].clone()
}

#[wasm_bindgen_test]
async fn a_delete_is_remembered_for_its_task_alone() {
    let agent = Agent::new();
    {
        let _network = Network::held();
        let console = Console::mount(&one_agent(""));
        console.delete(&agent).await;
        answer_data(DELETE, &task("RUNNING"));
        settle().await;
        console.unmount().await;
    }
    let storage = web_sys::window().unwrap().session_storage();
    let storage = storage.unwrap().unwrap();
    let kept = storage.get_item("odp-console.deletes").unwrap().unwrap();
    assert!(kept.contains(ADDRESS) && kept.contains("traceId"), "{kept}");
    assert!(!kept.contains(PASSWORD));

    assert_eq!(whose_task_a_link_opens(&agent).await, json!(true));
    // A reinstalled agent has the same ids and another key.
    for name in ["key", "agent", "task"] {
        let mut other: serde_json::Value = serde_json::from_str(&kept).unwrap();
        other[0][name] = json!("another");
        let other = other.to_string();
        storage.set_item("odp-console.deletes", &other).unwrap();
        assert_eq!(whose_task_a_link_opens(&agent).await, json!(null), "{name}");
    }
    storage.set_item("odp-console.deletes", "[{}]").unwrap();
    assert_eq!(whose_task_a_link_opens(&agent).await, json!(null));
    storage.remove_item("odp-console.deletes").unwrap();
}

#[wasm_bindgen_test]
async fn a_hidden_page_asks_nothing_and_asks_at_once_on_return() {
    let _network = Network::held();
    let agent = Agent::new();
    let console = Console::mount(&one_agent(""));
    console.delete(&agent).await;
    answer_data(DELETE, &task("RUNNING"));
    until("the first refresh", || page::call_count() >= DELETE + 2).await;
    page::set_hidden(true);
    answer_data(DELETE + 1, &task("RUNNING"));
    settle().await;
    let before = page::call_count();
    page::set_hidden(false);
    until("a refresh on return", || page::call_count() > before).await;
    assert_eq!(page::method(before), "GET");
    assert!(page::url(before).contains("/api/v1/task/dag/"));
    console.unmount().await;
}

/// `tests/browser/leaving.rs` tests the browser's own cache, if it has one.
#[wasm_bindgen_test]
async fn a_page_that_is_left_at_the_review_asks_for_the_password() {
    let _network = Network::held();
    let agent = Agent::new();
    let console = Console::mount(&one_agent(""));
    console.connect(&agent).await;
    settle().await;
    // The event of a page that was just loaded has no effect.
    page::show();
    settle().await;
    console
        .until_it_says(Label::ReviewTitle.get(Language::English))
        .await;
    page::leave();
    // Immediately: the page may never be restored.
    until("the password field", || {
        let field = console.host.0.query_selector("#password").unwrap();
        field.is_some()
    })
    .await;
    page::come_back();
    console.until_it_says("You left this page").await;
    let before = page::call_count();
    console.send(FlowEvent::Confirm {
        typed: ADDRESS.to_owned(),
    });
    settle().await;
    assert_eq!(page::call_count(), before);
    console.unmount().await;
}

#[wasm_bindgen_test]
async fn a_password_that_was_typed_and_not_given_is_gone_with_the_page() {
    let _network = Network::held();
    let console = Console::mount(&one_agent(""));
    called(3).await;
    let field = console.host.0.query_selector("#password").unwrap().unwrap();
    let field: HtmlInputElement = field.unchecked_into();
    field.set_value(PASSWORD);
    page::leave();
    until("an empty field", || field.value().is_empty()).await;
    console.unmount().await;
}

#[wasm_bindgen_test]
async fn a_page_that_comes_back_beside_a_delete_asks_for_the_password_in_place() {
    let _network = Network::held();
    let agent = Agent::new();
    let console = Console::mount(&one_agent(""));
    console.delete(&agent).await;
    page::leave();
    settle().await;
    assert!(!page::is_aborted(DELETE));
    page::come_back();
    settle().await;
    answer_data(DELETE, &task("RUNNING"));
    console.until_it_says("You left this page").await;
    assert_eq!(page::call_count(), DELETE + 1, "nothing is sealed");
    assert!(
        console
            .host
            .0
            .query_selector("#password")
            .unwrap()
            .is_some()
    );
    console
        .app
        .send_message(Message::Credential(Secret::new("again".to_owned())));
    console.send(FlowEvent::Authenticate {
        has_credential: true,
    });
    called(DELETE + 4).await;
    (DELETE + 1..DELETE + 4).for_each(|n| agent.answer_open(n));
    called(DELETE + 5).await;
    assert_eq!(agent.read_header(DELETE + 4)["Auth"], "again");
    assert_eq!(page::method(DELETE + 4), "GET");
    console.unmount().await;
}

#[wasm_bindgen_test]
async fn nobody_who_uses_the_console_is_idle_and_whoever_is_has_to_sign_in_again() {
    const IDLE: u32 = 1_000;
    let _network = Network::held();
    let agent = Agent::new();
    let console = Console::mount_with(&one_agent(""), IDLE);
    console.connect(&agent).await;
    let signed_in = js_sys::Date::now();
    until("half of the idle time", || {
        js_sys::Date::now() > signed_in + f64::from(IDLE) / 2.0
    })
    .await;
    let moved = web_sys::Event::new("pointermove").unwrap();
    let used = js_sys::Date::now();
    console.host.0.dispatch_event(&moved).unwrap();
    console.until_it_says("This console was idle").await;
    let idle = js_sys::Date::now() - used;
    // Times are whole milliseconds.
    assert!(idle >= f64::from(IDLE) - 2.0, "{idle}");
    console.unmount().await;
}

#[wasm_bindgen_test]
async fn that_root_has_no_password_is_sent_as_the_empty_one() {
    let _network = Network::held();
    let agent = Agent::open();
    let console = Console::mount(&one_agent(""));
    called(3).await;
    (0..3).for_each(|n| agent.answer_open(n));
    settle().await;
    // An empty field is not a password.
    submit(&console);
    console
        .until_it_says("The OceanBase root password is empty")
        .await;
    let radios = console.host.0.query_selector_all("[type=radio]").unwrap();
    let radio: HtmlInputElement = radios.item(2).unwrap().unchecked_into();
    radio.click();
    console
        .until_it_says("Anyone who can reach this agent")
        .await;
    assert!(
        console
            .host
            .0
            .query_selector("#password")
            .unwrap()
            .is_none()
    );
    assert_eq!(page::call_count(), 3);
    submit(&console);
    called(6).await;
    (3..6).for_each(|n| agent.answer_open(n));
    called(7).await;
    assert!(page::url(6).ends_with("/api/v1/login"));
    assert_eq!(agent.read_root_header(6)["Auth"], "");
    console.unmount().await;
}

/// Presses "Connect".
fn submit(console: &Console) {
    let button = console.host.0.query_selector("[type=submit]").unwrap();
    button.unwrap().unchecked_into::<HtmlElement>().click();
}

/// The second task of the agent, in this state.
fn task(state: &str) -> serde_json::Value {
    let time = "2026-11-23T12:39:11.059772819Z";
    json!({
        "id": "4100000000287601010101", "dag_id": 2, "name": "Delete obproxy",
        "type": "OBPROXY", "stage": 1, "max_stage": 4, "state": state, "operator": "RUN",
        "start_time": time, "end_time": "1970-01-01T00:00:00Z", "nodes": [],
        "additional_data": null,
    })
}
