//! Renders the content again after other code changed it: a translator or an extension that wraps
//! text in its own elements removes nodes to which Yew still writes.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, Event, EventInit, HtmlElement, MutationObserver, MutationObserverInit, MutationRecord,
    Node, NodeList, ShadowRoot,
};
use yew::prelude::*;

use super::clock;

/// The minimum time between two repeated renderings, in milliseconds: a page that changes the
/// content continuously does not keep the browser busy.
const AGAIN_MILLIS: i64 = 1_000;

/// Elements that take the focus or text, or can be opened.
const PLACES: &str = "a, button, details, input, select, summary, textarea, [tabindex]";

/// The key of the content of `root`, which changes whenever other code changed the content. Typed
/// text and the focus are restored. `on_drawn` is called after every rendering.
#[hook]
pub fn use_redrawn(root: &Element, on_drawn: &Callback<()>) -> u32 {
    let drawing = use_state_eq(|| 0);
    let input = use_mut_ref(InputState::default);
    {
        let (drawing, input) = (drawing.setter(), Rc::clone(&input));
        use_effect_with(root.clone(), move |root| {
            let spoilt = {
                let root = root.clone();
                let number = Cell::new(0);
                move || {
                    input.replace(InputState::of(&root));
                    number.set(number.get() + 1);
                    drawing.set(number.get());
                }
            };
            let watch = Watch::start(root, spoilt);
            move || drop(watch)
        });
    }
    {
        let root = root.clone();
        use_effect_with(*drawing, move |_| input.take().put_back(&root));
    }
    {
        let on_drawn = on_drawn.clone();
        use_effect(move || on_drawn.emit(()));
    }
    *drawing
}

/// Observes `root` for nodes that Yew did not create, until dropped.
struct Watch {
    observer: Option<MutationObserver>,
    _look: Closure<dyn FnMut(Array)>,
    due: Rc<RefCell<Option<Timeout>>>,
}

impl Watch {
    /// Calls `spoilt` immediately if `root` contains such nodes, at most once a second.
    fn start(root: &Element, spoilt: impl Fn() + 'static) -> Self {
        let spoilt = Rc::new(spoilt);
        let last = Rc::new(Cell::new(i64::MIN));
        let due = Rc::new(RefCell::new(None));
        let look = {
            let (root, due) = (root.clone(), Rc::clone(&due));
            Closure::<dyn FnMut(Array)>::new(move |records: Array| {
                if due.borrow().is_some() || !are_foreign(&root, &records) {
                    return;
                }
                let draw = {
                    let (spoilt, last, due) =
                        (Rc::clone(&spoilt), Rc::clone(&last), Rc::clone(&due));
                    move || {
                        due.take();
                        last.set(clock::now());
                        spoilt();
                    }
                };
                let since = clock::now().saturating_sub(last.get());
                match u32::try_from(AGAIN_MILLIS - since.clamp(0, AGAIN_MILLIS)) {
                    Ok(wait @ 1..) => drop(due.replace(Some(Timeout::new(wait, draw)))),
                    _ => draw(),
                }
            })
        };
        let observer = MutationObserver::new(look.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            let options = MutationObserverInit::new();
            options.set_child_list(true);
            options.set_subtree(true);
            // Every node can be observed.
            let _ = observer.observe_with_options(root, &options);
        }
        Self {
            observer,
            _look: look,
            due,
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
        // Clears the timer, which would otherwise keep itself alive.
        self.due.take();
    }
}

/// Whether any of these changes was not made by Yew: translators wrap text in `<font>`, and Yew never
/// replaces a node by an element in one mutation.
fn are_foreign(root: &Element, records: &Array) -> bool {
    // Rendering a table adds thousands of records: names are compared only if there is such an element.
    let has_font = matches!(root.query_selector("font"), Ok(Some(_)));
    let mut records = records.iter().map(JsCast::unchecked_into);
    records.any(|record: MutationRecord| {
        let replaces = record.removed_nodes().length() > 0;
        (replaces || has_font)
            && each(&record.added_nodes()).any(|node| {
                let is_element = node.node_type() == Node::ELEMENT_NODE;
                is_element && (replaces || node.node_name().eq_ignore_ascii_case("font"))
            })
    })
}

fn each(nodes: &NodeList) -> impl Iterator<Item = Node> {
    (0..nodes.length()).filter_map(|index| nodes.item(index))
}

/// The state of a person's input, which a new rendering loses. Elements are identified by their
/// index among [`PLACES`].
#[derive(Default)]
struct InputState {
    places: Vec<Element>,
    focused: Option<usize>,
}

impl InputState {
    fn of(root: &Element) -> Self {
        let places = places(root);
        let shadow: Option<ShadowRoot> = root.get_root_node().dyn_into().ok();
        let active = shadow.and_then(|shadow| shadow.active_element());
        let focused = active.and_then(|active| places.iter().position(|place| *place == active));
        Self { places, focused }
    }

    /// Restores text and focus in the elements that replaced the recorded ones, and opens the
    /// previously open ones.
    fn put_back(self, root: &Element) {
        for (index, (old, new)) in self.places.iter().zip(places(root)).enumerate() {
            if old.local_name() != new.local_name() || old.id() != new.id() {
                continue;
            }
            if ["input", "textarea"].contains(&&*old.local_name()) {
                move_text(old, &new);
            }
            if old.local_name() == "details" && old.has_attribute("open") {
                // Every element accepts this attribute.
                let _ = new.set_attribute("open", "");
            }
            if self.focused == Some(index) {
                let _ = new.unchecked_ref::<HtmlElement>().focus();
            }
        }
    }
}

fn places(root: &Element) -> Vec<Element> {
    let found = root.query_selector_all(PLACES).ok();
    let places = found.iter().flat_map(each);
    places.map(JsCast::unchecked_into).collect()
}

/// Moves typed text from one field to another without reading the text: it may be a password.
fn move_text(from: &Element, to: &Element) {
    let value = JsValue::from_str("value");
    let text = Reflect::get(from, &value).unwrap_or_default();
    if text.is_undefined() || text == Reflect::get(to, &value).unwrap_or_default() {
        return;
    }
    // A field accepts any text.
    let _ = Reflect::set(to, &value, &text);
    let _ = Reflect::set(from, &value, &JsValue::from_str(""));
    let init = EventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &init) {
        let _ = to.dispatch_event(&event);
    }
}
