//! The initial focus of the page: the first empty field of the connect form.

use gloo_timers::callback::Timeout;
use gloo_utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// The fields of the connect form, in order.
const FIELDS: [&str; 2] = ["#address", "#password"];

/// Focuses the first empty field once the console inside `host` is rendered, unless the person has
/// already focused an element. In a host's page, the host decides about the focus.
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
        // A list of agents is a `select`, which has the same property `value`.
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
