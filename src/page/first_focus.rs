//! The focus as the page opens: on the field of the connect form that is empty.

use gloo_timers::callback::Timeout;
use gloo_utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// The fields of the connect form, in their order.
const FIELDS: [&str; 2] = ["#address", "#password"];

/// Focuses the first field that is empty once the console inside `host` is drawn, unless the person
/// was faster. A console in a host's page leaves that to the host.
pub fn focus_empty_field(host: &Element) {
    let host = host.clone();
    Timeout::new(0, move || {
        let (active, body) = (document().active_element(), document().body());
        if active != body.map(Element::from) {
            return;
        }
        let Some(root) = host.shadow_root() else {
            return;
        };
        let fields = FIELDS.map(|field| root.query_selector(field).ok().flatten());
        // A list of agents to choose from has a value by the same name.
        let mut fields = fields
            .into_iter()
            .flatten()
            .map(JsCast::unchecked_into::<HtmlInputElement>);
        if let Some(field) = fields.find(|field| field.value().is_empty()) {
            let _ = field.focus();
        }
    })
    .forget();
}
