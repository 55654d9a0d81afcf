//! The console in somebody's page: `mount(host, options)` into an open shadow root. Its types for
//! TypeScript are in `packages/odp-console/src/index.d.ts`.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::Reflect;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsError, JsValue};
use web_sys::{Element, Node, ShadowRoot, ShadowRootInit, ShadowRootMode};
use yew::{AppHandle, Callback, Renderer};

use crate::browser::app::{App, AppProps, Shown};
use crate::browser::endpoint::page_url;
use crate::browser::listeners::Listeners;
use crate::browser::options::Options;
use crate::browser::place::{Place, plain};
use crate::browser::style::Adopted;

/// The looks of everything.
const STYLE: &str = include_str!("../static/console.css");

/// Marks the element that a console is drawn into.
const MARK: &str = "data-odp-console-root";

thread_local! {
    /// Elements that Yew does not let go of, to be drawn into again.
    static ROOTS: RefCell<Vec<Element>> = const { RefCell::new(Vec::new()) };
}

/// A mounted console. Losing the handle leaves the console mounted.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Handle {
    mounted: Option<Mounted>,
}

#[derive(Debug)]
struct Mounted {
    app: AppHandle<App>,
    /// As they were given last.
    props: AppProps,
    listeners: Listeners,
    style: Rc<Adopted>,
}

/// The console of a handle that is lost (by JavaScript's garbage collector, that is) stays as it is.
impl Drop for Handle {
    fn drop(&mut self) {
        std::mem::forget(self.mounted.take());
    }
}

#[wasm_bindgen]
impl Handle {
    /// Unmounts the console and removes everything it put into its host. Reads under way are
    /// aborted and the password is wiped; a DELETE under way is not called back. A second call
    /// does nothing.
    pub fn destroy(&mut self) {
        if let Some(mounted) = self.mounted.take() {
            let root = mounted.props.root;
            root.remove();
            // The component holds it for a moment more.
            mounted.style.remove();
            unmount(mounted.app, root, mounted.listeners);
        }
    }

    /// Changes the options that are given; the others stay as they are. A console whose host has moved
    /// to another document takes its looks along; it does so with its next drawing in any case.
    ///
    /// # Errors
    /// A JavaScript `Error` that names the option, what is wrong with it and what is allowed;
    /// nothing is changed then. Also where the console was destroyed.
    pub fn update(&mut self, options: &JsValue) -> Result<(), JsError> {
        self.change(options).map_err(|wrong| JsError::new(&wrong))
    }
}

impl Handle {
    /// Mounts a console into `host`; `on_shown` as in [`AppProps`].
    ///
    /// # Errors
    /// What the JavaScript `Error` of [`mount`] says.
    pub(crate) fn mounted(
        host: &Element,
        options: Options,
        on_shown: Option<Callback<Shown>>,
    ) -> Result<Self, String> {
        let cannot_carry = |_: JsValue| {
            let name = host.local_name();
            format!(
                "the host <{name}> cannot carry an open shadow root: use a <div>, or a custom \
                 element without a closed one"
            )
        };
        let shadow = match host.shadow_root() {
            Some(shadow) => shadow,
            None => host
                .attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))
                .map_err(cannot_carry)?,
        };
        if has_console(&shadow) {
            let name = host.local_name();
            // Labels, and what else names an element by its id, would reach into the other one.
            return Err(format!(
                "the host <{name}> has a console already: give each console an element of its own"
            ));
        }
        // An element of the console's own: Yew leaves its listeners on the one it is given.
        let document = host
            .owner_document()
            .ok_or("the host belongs to no document")?;
        let known = ROOTS.with_borrow_mut(Vec::pop);
        let root = match known {
            Some(root) => root,
            None => document.create_element("div").map_err(cannot_carry)?,
        };
        let style = Rc::new(Adopted::new(&shadow, STYLE)?);
        // Every element takes this attribute.
        let _ = root.set_attribute(MARK, "");
        let listeners = Listeners::of(&root);
        shadow.append_child(&root).map_err(cannot_carry)?;
        let followed = Rc::clone(&style);
        let props = AppProps {
            options,
            document: root.owner_document(),
            root: root.clone(),
            on_shown,
            // Where a document takes no style sheet, the next drawing tries again.
            on_drawn: Callback::from(move |()| drop(followed.follow())),
        };
        let app = Renderer::<App>::with_root_and_props(root, props.clone()).render();
        Ok(Self {
            mounted: Some(Mounted {
                app,
                props,
                listeners,
                style,
            }),
        })
    }

    /// See [`update`](Self::update).
    ///
    /// # Errors
    /// What the JavaScript `Error` of `update` says.
    pub(crate) fn change(&mut self, options: &JsValue) -> Result<(), String> {
        let Mounted {
            app, props, style, ..
        } = self.mounted.as_mut().ok_or("the console was destroyed")?;
        props.options = props.options.read_over(options, &page_url(&props.root))?;
        style.follow()?;
        props.document = props.root.owner_document();
        app.update(props.clone());
        Ok(())
    }

    /// Goes to a place. From the review, the target is the connect form before it.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub(crate) fn go(&mut self, place: &Place) -> Result<(), String> {
        let Mounted { app, props, .. } =
            self.mounted.as_mut().ok_or("the console was destroyed")?;
        let mut options = props
            .options
            .read_over(&plain(place), &page_url(&props.root))?;
        options.link.leaves_review = place.task.is_none() && !place.review;
        props.options = options;
        app.update(props.clone());
        Ok(())
    }
}

/// Mounts a console into the open shadow root of `host`, which is made where there is none. Any
/// number of consoles fit into a page, each into an element of its own; the element may be in another
/// document than the module, such as that of a popup.
///
/// # Errors
/// A JavaScript `Error` where `host` cannot carry a shadow root or has a console already, or an option
/// is wrong: it names the option, what is wrong with it and what is allowed.
#[wasm_bindgen]
pub fn mount(host: &JsValue, options: &JsValue) -> Result<Handle, JsError> {
    if !is_element(host) {
        return Err(JsError::new("the host is not an element of a page"));
    }
    let host: &Element = host.unchecked_ref();
    Options::default()
        .read_over(options, &page_url(host))
        .and_then(|options| Handle::mounted(host, options, None))
        .map_err(|wrong| JsError::new(&wrong))
}

/// Each window has a class `Element` of its own: an element of another one is no instance of this one's.
fn is_element(value: &JsValue) -> bool {
    let kind = Reflect::get(value, &"nodeType".into()).unwrap_or_default();
    value.is_object() && kind.as_f64() == Some(f64::from(Node::ELEMENT_NODE))
}

/// Whether a console is drawn in this shadow root, whichever copy of the module draws it.
fn has_console(shadow: &ShadowRoot) -> bool {
    let children = shadow.children();
    let mut children = (0..children.length()).filter_map(|index| children.item(index));
    children.any(|child| child.has_attribute(MARK))
}

/// Yew makes the component a moment after mounting, and would make it even after it was told to
/// destroy it: whoever mounts and unmounts in one go (React's strict mode does) has to wait.
fn unmount(app: AppHandle<App>, root: Element, listeners: Listeners) {
    if app.get_component().is_none() {
        Timeout::new(0, move || unmount(app, root, listeners)).forget();
        return;
    }
    app.destroy();
    // That takes a tick as well.
    Timeout::new(0, move || {
        drop(listeners);
        ROOTS.with_borrow_mut(|roots| roots.push(root));
    })
    .forget();
}
