//! Tests where a console stores its run for a reload.

use odp_console::browser::journal::Slot;
use odp_console::fleet::journal::Journal;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, ShadowRootInit, ShadowRootMode};

use crate::page::{Host, document};

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
