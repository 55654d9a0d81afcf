//! The console in somebody's page: `mount(host, options)` into an open shadow root.

use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsError, JsValue};
use web_sys::{Element, ShadowRootInit, ShadowRootMode};
use yew::{AppHandle, Renderer};

use crate::browser::options::Options;
use crate::browser::runtime::{App, AppProps};
use crate::browser::style::Adopted;

/// The looks of everything but what is fetched later.
#[cfg(not(split))]
const STYLE: &str = include_str!("../static/console.css");
/// The same, minified by the build of the page that ships.
#[cfg(split)]
const STYLE: &str = include_str!(env!("ODP_CONSOLE_STYLE"));

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** An agent to choose from. */
export interface ListedAgent {
  /** `HOST:PORT`, an IPv6 host in brackets. */
  address: string;
  /** A name for people. */
  label?: string;
  /** This agent's own endpoint, where the template does not fit; `{address}` stands for `address`. */
  endpoint?: string;
}

/** The options of a console; every one may be left out. `config.json` has the same keys. */
export interface ConsoleOptions {
  /** The agents to choose from. Default: none. */
  agents?: ListedAgent[];
  /** Whether an address that is not in `agents` may be typed. Default: `true`. */
  typedAddress?: boolean;
  /**
   * The template of the URL that reaches an agent: absolute, or relative to `document.baseURI`;
   * `{address}` stands for `HOST:PORT`. Default: `"agents/{address}"`.
   */
  endpoint?: string;
  /**
   * What the agent sees of the endpoint's path: nothing, where the proxy strips it, or all of it.
   * Default: `"stripped"`.
   */
  signedPath?: "stripped" | "full";
  /** The language to begin with; `"auto"` goes by the browser's. Default: `"auto"`. */
  locale?: "auto" | "en-US" | "zh-CN";
  /** The looks to begin with. Default: `"system"`. */
  theme?: "system" | "light" | "dark";
  /** The zone of times to begin with. Default: `"agent"`. */
  zone?: "agent" | "browser" | "utc";
  /** An agent to begin with, `HOST:PORT`. Given by `update`, it is opened then. */
  agent?: string;
  /** A task to open, by its id; its agent is the one that the id names, unless `agent` is given. */
  task?: string;
  /** A stage of that task whose log is shown, by its id. */
  node?: string;
  /** The same by the id of one of its sub tasks. */
  subTask?: string;
}

/**
 * The detail of the event `odp-place`, which a console sends when the person is somewhere else: the
 * options that lead there, and what the person has chosen. Give them to
 * `mount` to lead a person back. There is no secret in it.
 */
export type Place = Pick<
  ConsoleOptions, "agent" | "task" | "node" | "subTask" | "locale" | "theme" | "zone"
>;
"#;

/// A mounted console. Losing the handle leaves the console mounted.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Handle {
    mounted: Option<Mounted>,
}

#[derive(Debug)]
struct Mounted {
    app: AppHandle<App>,
    options: Options,
    root: Element,
    _style: Adopted,
}

#[wasm_bindgen]
impl Handle {
    /// Unmounts the console and removes everything it put into its host. Reads under way are
    /// aborted and the password is wiped; a DELETE under way is not called back. A second call
    /// does nothing.
    pub fn destroy(&mut self) {
        if let Some(mounted) = self.mounted.take() {
            unmount(mounted.app);
            mounted.root.remove();
        }
    }

    /// Changes the options that are given; the others stay as they are.
    ///
    /// # Errors
    /// A JavaScript `Error` that names the option, what is wrong with it and what is allowed;
    /// nothing is changed then. Also where the console was destroyed.
    pub fn update(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "ConsoleOptions")] options: &JsValue,
    ) -> Result<(), JsError> {
        let mounted = self
            .mounted
            .as_mut()
            .ok_or_else(|| JsError::new("the console was destroyed"))?;
        let options = mounted
            .options
            .read_over(options, &base_uri(&mounted.root))
            .map_err(|wrong| JsError::new(&wrong))?;
        mounted.options = options.clone();
        mounted.app.update(AppProps {
            options,
            root: mounted.root.clone(),
        });
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
pub fn mount(
    #[wasm_bindgen(unchecked_param_type = "Element")] host: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ConsoleOptions")] options: &JsValue,
) -> Result<Handle, JsError> {
    let host: &Element = host
        .dyn_ref()
        .ok_or_else(|| JsError::new("the host is not an element of this page"))?;
    let options = Options::default()
        .read_over(options, &base_uri(host))
        .map_err(|wrong| JsError::new(&wrong))?;
    let cannot_carry = |_: JsValue| {
        let name = host.local_name();
        JsError::new(&format!(
            "the host <{name}> cannot carry an open shadow root: use a <div>, or a custom element \
             without a closed one"
        ))
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
        .ok_or_else(|| JsError::new("the host belongs to no document"))?;
    let root = document.create_element("div").map_err(cannot_carry)?;
    let style = Adopted::new(&shadow, STYLE)
        .map_err(|_| JsError::new("this browser is too old: it has no constructed style sheets"))?;
    shadow.append_child(&root).map_err(cannot_carry)?;
    let properties = AppProps {
        options: options.clone(),
        root: root.clone(),
    };
    let app = Renderer::<App>::with_root_and_props(root.clone(), properties).render();
    Ok(Handle {
        mounted: Some(Mounted {
            app,
            options,
            root,
            _style: style,
        }),
    })
}

/// Yew makes the component a moment after mounting, and would make it even after it was told to
/// destroy it: whoever mounts and unmounts in one go (React's strict mode does) has to wait.
fn unmount(app: AppHandle<App>) {
    if app.get_component().is_some() {
        app.destroy();
    } else {
        Timeout::new(0, move || unmount(app)).forget();
    }
}

fn base_uri(element: &Element) -> String {
    element.base_uri().ok().flatten().unwrap_or_default()
}
