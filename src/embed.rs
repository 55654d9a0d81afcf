//! The console embedded in a host's page: `mount(host, options)` renders it into an open shadow
//! root. The TypeScript types are in `packages/odp-console/src/index.d.ts`.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::Reflect;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsError, JsValue};
use web_sys::{Element, Node, ShadowRoot, ShadowRootInit, ShadowRootMode};
use yew::prelude::*;
use yew::{AppHandle, Renderer};

use crate::browser::app::{App, AppProps, PageState};
use crate::browser::endpoint::page_url;
use crate::browser::listeners::Listeners;
use crate::browser::options::Options;
use crate::browser::place::{Place, plain};
use crate::browser::style::ShadowStyle;
use crate::ui::hooks::InDocument;

/// The style sheet of the console.
const STYLE: &str = include_str!("../static/console.css");

/// The attribute of the element into which a console is rendered.
const MARK: &str = "data-odp-console-root";

thread_local! {
    /// Elements of unmounted consoles. Yew keeps references to them, so they are reused.
    static ROOTS: RefCell<Vec<Element>> = const { RefCell::new(Vec::new()) };
}

/// A mounted console. Dropping the handle leaves the console mounted.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Handle {
    mounted: Option<Mounted>,
}

#[derive(Debug)]
struct Mounted {
    app: AppHandle<Embedded>,
    /// The most recent props.
    props: AppProps,
    listeners: Listeners,
    style: Rc<ShadowStyle>,
}

/// A console whose handle is garbage-collected by JavaScript stays mounted.
impl Drop for Handle {
    fn drop(&mut self) {
        std::mem::forget(self.mounted.take());
    }
}

#[wasm_bindgen]
impl Handle {
    /// Unmounts the console and removes everything that it added to its host. Pending reads are
    /// aborted and the password is wiped; a pending DELETE continues. A second call has no effect.
    pub fn destroy(&mut self) {
        if let Some(mounted) = self.mounted.take() {
            let root = mounted.props.root;
            root.remove();
            // The component keeps a reference to the style sheet a moment longer.
            mounted.style.remove();
            unmount(mounted.app, root, mounted.listeners);
        }
    }

    /// Changes the given options; the others keep their values. If the host element has moved to
    /// another document, the style sheet moves along, at the latest with the next rendering.
    ///
    /// # Errors
    /// A JavaScript `Error` that names the option, the error and the allowed values, in which case
    /// nothing changes. Also if the console has been destroyed.
    pub fn update(&mut self, options: &JsValue) -> Result<(), JsError> {
        self.change(options).map_err(|wrong| JsError::new(&wrong))
    }
}

impl Handle {
    /// Mounts a console into `host`. `on_shown` is described in [`AppProps`].
    ///
    /// # Errors
    /// The message of the JavaScript `Error` of [`mount`].
    pub(crate) fn mounted(
        host: &Element,
        options: Options,
        on_shown: Option<Callback<PageState>>,
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
            // Labels and other references by `id` would refer to elements of the other console.
            return Err(format!(
                "the host <{name}> has a console already: give each console an element of its own"
            ));
        }
        // The console renders into its own element: Yew leaves its listeners on the element.
        let document = host
            .owner_document()
            .ok_or("the host belongs to no document")?;
        let known = ROOTS.with_borrow_mut(Vec::pop);
        let root = match known {
            Some(root) => root,
            None => document.create_element("div").map_err(cannot_carry)?,
        };
        let style = Rc::new(ShadowStyle::new(&shadow, STYLE)?);
        // Every element accepts this attribute.
        let _ = root.set_attribute(MARK, "");
        let listeners = Listeners::of(&root);
        shadow.append_child(&root).map_err(cannot_carry)?;
        let followed = Rc::clone(&style);
        let props = AppProps {
            options,
            document: root.owner_document(),
            root: root.clone(),
            on_shown,
            // If a document rejects the style sheet, the next rendering tries again.
            on_drawn: Callback::from(move |()| drop(followed.follow_document())),
        };
        let app = Renderer::<Embedded>::with_root_and_props(root, props.clone()).render();
        Ok(Self {
            mounted: Some(Mounted {
                app,
                props,
                listeners,
                style,
            }),
        })
    }

    /// Changes the options; see [`update`](Self::update).
    ///
    /// # Errors
    /// The message of the JavaScript `Error` of `update`.
    pub(crate) fn change(&mut self, options: &JsValue) -> Result<(), String> {
        let Mounted {
            app, props, style, ..
        } = self.mounted.as_mut().ok_or("the console was destroyed")?;
        props.options = props.options.read_over(options, &page_url(&props.root))?;
        style.follow_document()?;
        props.document = props.root.owner_document();
        app.update(props.clone());
        Ok(())
    }

    /// Navigates to a place. From the review, the destination is the connect form before it.
    ///
    /// # Errors
    /// The errors of [`change`](Self::change).
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

/// The console, with its document as a context.
#[component]
fn Embedded(props: &AppProps) -> Html {
    let document = InDocument(props.document.clone());
    html! {
        <ContextProvider<InDocument> context={document}>
            <App ..props.clone() />
        </ContextProvider<InDocument>>
    }
}

/// Mounts a console into the open shadow root of `host`, which is created if it does not exist. A
/// page can contain any number of consoles, each in its own element. The element may be in another
/// document than the module, for example in a popup.
///
/// # Errors
/// A JavaScript `Error` if `host` cannot have a shadow root or already contains a console, or if an
/// option is invalid. The error names the option, the error and the allowed values.
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

/// Whether a value is an element of any window. Each window has its own class `Element`, so an
/// element of another window is not an instance of this window's class.
fn is_element(value: &JsValue) -> bool {
    let kind = Reflect::get(value, &"nodeType".into()).unwrap_or_default();
    value.is_object() && kind.as_f64() == Some(f64::from(Node::ELEMENT_NODE))
}

/// Whether the shadow root contains a console, rendered by any copy of the module.
fn has_console(shadow: &ShadowRoot) -> bool {
    let children = shadow.children();
    let mut children = (0..children.length()).filter_map(|index| children.item(index));
    children.any(|child| child.has_attribute(MARK))
}

/// Destroys the component once Yew has created it. Yew creates a component shortly after mounting,
/// and would create it even after `destroy`, for example when React's strict mode mounts and
/// unmounts at once.
fn unmount(app: AppHandle<Embedded>, root: Element, listeners: Listeners) {
    if app.get_component().is_none() {
        Timeout::new(0, move || unmount(app, root, listeners)).forget();
        return;
    }
    app.destroy();
    // Yew destroys the component on the next tick.
    Timeout::new(0, move || {
        drop(listeners);
        ROOTS.with_borrow_mut(|roots| roots.push(root));
    })
    .forget();
}
