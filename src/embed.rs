//! The console in somebody's page: `mount(host, options)` into an open shadow root. Its types for
//! TypeScript are in `packages/odp-console/src/index.d.ts`.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsError, JsValue};
use web_sys::{Element, ShadowRootInit, ShadowRootMode};
use yew::{AppHandle, Callback, Renderer};

use crate::browser::app::{App, AppProps, Shown};
use crate::browser::listeners::Listeners;
use crate::browser::options::Options;
use crate::browser::place::{Place, plain};
use crate::browser::style::Adopted;

/// The looks of everything.
const STYLE: &str = include_str!("../static/console.css");

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
    _style: Adopted,
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
            unmount(mounted.app, root, mounted.listeners);
        }
    }

    /// Changes the options that are given; the others stay as they are.
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
        // An element of the console's own: Yew leaves its listeners on the one it is given.
        let document = host
            .owner_document()
            .ok_or("the host belongs to no document")?;
        let known = ROOTS.with_borrow_mut(Vec::pop);
        let root = match known {
            Some(root) => root,
            None => document.create_element("div").map_err(cannot_carry)?,
        };
        let listeners = Listeners::of(&root);
        let style = Adopted::new(&shadow, STYLE)
            .map_err(|_| "this browser is too old: it has no constructed style sheets")?;
        shadow.append_child(&root).map_err(cannot_carry)?;
        let props = AppProps {
            options,
            root: root.clone(),
            on_shown,
        };
        let app = Renderer::<App>::with_root_and_props(root, props.clone()).render();
        Ok(Self {
            mounted: Some(Mounted {
                app,
                props,
                listeners,
                _style: style,
            }),
        })
    }

    /// See [`update`](Self::update).
    ///
    /// # Errors
    /// What the JavaScript `Error` of `update` says.
    pub(crate) fn change(&mut self, options: &JsValue) -> Result<(), String> {
        let Mounted { app, props, .. } =
            self.mounted.as_mut().ok_or("the console was destroyed")?;
        props.options = props.options.read_over(options, &base_uri(&props.root))?;
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
            .read_over(&plain(place), &base_uri(&props.root))?;
        options.link.leaves_review = place.task.is_none() && !place.review;
        props.options = options;
        app.update(props.clone());
        Ok(())
    }
}

/// Mounts a console into the open shadow root of `host`, which is made where there is none. Any
/// number of consoles fit into a page.
///
/// # Errors
/// A JavaScript `Error` where `host` cannot carry a shadow root, or an option is wrong: it names
/// the option, what is wrong with it and what is allowed.
#[wasm_bindgen]
pub fn mount(host: &JsValue, options: &JsValue) -> Result<Handle, JsError> {
    let host: &Element = host
        .dyn_ref()
        .ok_or_else(|| JsError::new("the host is not an element of this page"))?;
    Options::default()
        .read_over(options, &base_uri(host))
        .and_then(|options| Handle::mounted(host, options, None))
        .map_err(|wrong| JsError::new(&wrong))
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

/// The URL that relative URLs in options are resolved against.
pub(crate) fn base_uri(element: &Element) -> String {
    element.base_uri().ok().flatten().unwrap_or_default()
}
