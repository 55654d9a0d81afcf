//! Tests where a console stores its run for a reload.

use std::rc::Rc;

use odp_console::browser::fleet::FleetEngine;
use odp_console::browser::journal::Slot;
use odp_console::fleet::event::{FleetEvent, MemberSelection};
use odp_console::fleet::journal::{Entry, Journal};
use odp_console::fleet::member::MemberStatus;
use odp_console::fleet::state::Run;
use odp_console::flow::event::Language;
use odp_console::flow::settings::Settings;
use odp_console::flow::state::SignIn;
use odp_console::obshell::secret::Secret;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, ShadowRootInit, ShadowRootMode};
use yew::Callback;

use crate::page::{self, Host, Network, called, document};

fn journal(batch: u8) -> Journal {
    Journal {
        version: odp_console::fleet::journal::VERSION,
        batch,
        pause: 0,
        stop_on_bad_end: true,
        confirmed_at: 1,
        members: Vec::new(),
    }
}

/// The element that a console is drawn into, in the shadow root of its host.
fn root(host: &Element) -> Element {
    let shadow = host.shadow_root().unwrap_or_else(|| {
        let open = ShadowRootInit::new(ShadowRootMode::Open);
        host.attach_shadow(&open).unwrap()
    });
    let root = document().create_element("div").unwrap();
    shadow.append_child(&root).unwrap();
    root
}

fn slot(host: &Host) -> Slot {
    Slot::of_host(&root(&host.0))
}

#[wasm_bindgen_test]
fn consoles_beside_each_other_keep_their_runs_apart() {
    let (one, other, named) = (Host::new(), Host::new(), Host::new());
    named.0.set_id("odp-of-orders");
    let slots = [slot(&one), slot(&other), slot(&named), Slot::of_page()];
    for (batch, slot) in (1..).zip(&slots) {
        assert_eq!(slot.read(), None);
        slot.store(&journal(batch));
    }
    let kept = || slots.each_ref().map(|slot| slot.read().map(|it| it.batch));
    assert_eq!(kept(), [Some(1), Some(2), Some(3), Some(4)]);
    // Another console in the same place, as after a reload, and a host that the page moved.
    assert_eq!(slot(&one), slots[0]);
    one.0.before_with_node_1(&named.0).unwrap();
    assert_eq!(slot(&named), slots[2]);
    slots[1].discard();
    assert_eq!(kept(), [Some(1), None, Some(3), Some(4)]);
    slots.iter().for_each(Slot::discard);
    assert_eq!(kept(), [None; 4]);
}

#[wasm_bindgen_test]
fn what_cannot_be_read_is_no_run() {
    let slot = Slot::of_page();
    let storage = web_sys::window()
        .unwrap()
        .session_storage()
        .unwrap()
        .unwrap();
    storage
        .set_item("odp-console.run", "{\"version\":1}")
        .unwrap();
    assert_eq!(slot.read(), None);
    slot.discard();
    assert_eq!(storage.get_item("odp-console.run").unwrap(), None);
}

/// A run of one agent as a reload finds it, with the endpoint that the journal names.
fn restored(endpoint: &str) -> FleetEngine {
    let mut journal = journal(1);
    journal.members.push(Entry {
        address: "10.10.10.1:2886".to_owned(),
        label: None,
        group: None,
        endpoint: Some(endpoint.to_owned()),
        left_out: false,
        sent: None,
    });
    let page = "https://site.example/index.html".to_owned();
    let settings = Rc::new(Settings::default());
    let mut engine = FleetEngine::new(settings, Language::English, page, Callback::noop());
    engine.dispatch(FleetEvent::Restored(Box::new(journal)));
    engine
}

#[wasm_bindgen_test]
async fn an_agent_with_its_own_endpoint_is_reached_by_it_after_a_reload() {
    for (endpoint, beginning) in [
        ("https://gate.example/one", "https://gate.example/one/"),
        // A journal that was tampered with leads nowhere else.
        (
            "agents/{address}/../..",
            "https://site.example/agents/10.10.10.1:2886/",
        ),
    ] {
        let _network = Network::held();
        let mut engine = restored(endpoint);
        engine.store_password(MemberSelection::All, Secret::new("Pw".to_owned()));
        engine.dispatch(FleetEvent::SignIn {
            selection: MemberSelection::All,
            sign_in: SignIn::AgentPassword,
            has_credential: true,
        });
        engine.dispatch(FleetEvent::Check);
        called(3).await;
        for n in 0..3 {
            assert!(page::url(n).starts_with(beginning), "{}", page::url(n));
        }
    }
}

#[wasm_bindgen_test]
fn the_journal_keeps_the_endpoint_of_an_agent_that_has_its_own() {
    let host = Host::new();
    let mut engine = restored("https://gate.example/one");
    engine.store_in(slot(&host));
    let mut fleet = (*engine.fleet).clone();
    fleet.run = Some(Run {
        confirmed_at: 1,
        ended_at: None,
        halted: None,
        next_at: None,
        ending: false,
    });
    let member = Rc::make_mut(&mut fleet.members[0]);
    member.status = MemberStatus::Waiting;
    let id = member.id;
    engine.fleet = Rc::new(fleet);
    engine.dispatch(FleetEvent::LeaveOut(id));
    let journal = slot(&host).read().unwrap();
    slot(&host).discard();
    assert!(journal.members[0].left_out);
    let endpoint = journal.members[0].endpoint.as_deref();
    assert_eq!(endpoint, Some("https://gate.example/one"));
}
