//! Browser sessions, started once and passed from test to test.
//!
//! A browser takes seconds to start, Firefox seven on one core. A passing test therefore passes its
//! browser on to the next test, with a new window and without any stored data. A failing test
//! discards its browser.

use std::cell::RefCell;
use std::sync::{Mutex, PoisonError};

use fantoccini::error::CmdError;
use fantoccini::wd::{WebDriverCompatibleCommand, WindowHandle};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::bidi::Bidi;
use super::driver::Driver;
use super::{Engine, Look};

/// The browsers that no test is using.
static IDLE: Mutex<Vec<Session>> = Mutex::new(Vec::new());

/// A browser, the driver that controls it, and its open window.
pub(super) struct Session {
    pub(super) runtime: Runtime,
    pub(super) client: Client,
    /// The second connection to Firefox.
    pub(super) bidi: Option<RefCell<Bidi>>,
    /// The window's name, which is also its "browsing context" in WebDriver BiDi.
    pub(super) window: RefCell<String>,
    /// Scripts that run in every new page of Firefox.
    pub(super) preloads: RefCell<Vec<Value>>,
    /// The container in which a window of Firefox stores the data of its pages (BiDi: "user
    /// context").
    container: Option<Value>,
    /// The capabilities of the browser; it serves every test that needs the same.
    capabilities: Value,
    // Dropped last: all other fields communicate with it.
    _driver: Driver,
}

impl Session {
    /// An idle browser that was started with the capabilities of this look, or a new one.
    pub(super) fn take(look: &Look) -> Self {
        let engine = Engine::chosen();
        let capabilities = look.capabilities(engine);
        let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        let fitting = idle.iter().position(|it| it.capabilities == capabilities);
        if let Some(fitting) = fitting {
            return idle.swap_remove(fitting);
        }
        drop(idle);
        Self::start(engine, capabilities)
    }

    fn start(engine: Engine, capabilities: Value) -> Self {
        let driver = Driver::start(engine);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let Value::Object(wanted) = capabilities.clone() else {
            unreachable!("an object")
        };
        let client = runtime
            .block_on(
                ClientBuilder::new(HttpConnector::new())
                    .capabilities(wanted)
                    .connect(driver.url()),
            )
            .expect("a browser session");
        let bidi = runtime.block_on(second_line(&client));
        let window = runtime.block_on(client.window()).expect("a window");
        Self {
            runtime,
            client,
            bidi: bidi.map(RefCell::new),
            window: RefCell::new(window.into()),
            preloads: RefCell::default(),
            container: None,
            capabilities,
            _driver: driver,
        }
    }

    /// Makes the browser available to the next test, in the state of a newly started one. `origins`
    /// are those of the pages that the test opened.
    pub(super) fn give_back<'a>(mut self, origins: impl Iterator<Item = &'a String>) {
        let cleaned = if self.bidi.is_some() {
            self.clean_firefox()
        } else {
            self.clean_chromium(origins)
        };
        match cleaned {
            Ok(()) => IDLE
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(self),
            Err(error) => {
                println!("this browser does not become clean, and is closed: {error}");
                self.close();
            }
        }
    }

    /// Closes the browser.
    pub(super) fn close(self) {
        let _ = self.runtime.block_on(self.client.clone().close());
    }

    /// Opens a window with separate storage, and closes the old ones.
    fn clean_firefox(&mut self) -> Result<(), String> {
        for script in self.preloads.take() {
            self.bidi("script.removePreloadScript", json!({ "script": script }))?;
        }
        let container = self.bidi("browser.createUserContext", json!({}))?["userContext"].take();
        let parameters = json!({ "type": "window", "userContext": container });
        let window = self.bidi("browsingContext.create", parameters)?["context"].take();
        self.keep_only(text(&window))?;
        if let Some(before) = self.container.replace(container) {
            self.bidi(
                "browser.removeUserContext",
                json!({ "userContext": before }),
            )?;
        }
        // The events of the closed windows are received before this answer.
        self.bidi("browsingContext.getTree", json!({}))?;
        if let Some(bidi) = &self.bidi {
            bidi.borrow_mut().take_events();
        }
        Ok(())
    }

    /// Opens a window beside the present one, with the same store. Firefox keeps what a container's
    /// pages store apart, and WebDriver would open the window outside of the container.
    pub(super) fn open_window(&self) -> Result<WindowHandle, String> {
        let Some(container) = &self.container else {
            let opened = self.block_on(self.client.new_window(false));
            return Ok(opened.map_err(|error| error.to_string())?.handle);
        };
        let parameters = json!({ "type": "window", "userContext": container });
        let window = self.bidi("browsingContext.create", parameters)?["context"].take();
        WindowHandle::try_from(text(&window)).map_err(|error| error.to_string())
    }

    /// Opens a new window, closes the old ones, and clears all stored data.
    fn clean_chromium<'a>(
        &mut self,
        origins: impl Iterator<Item = &'a String>,
    ) -> Result<(), String> {
        let opened = self.block_on(self.client.new_window(false));
        let window = opened.map_err(|error| error.to_string())?.handle;
        self.keep_only(window.into())?;
        self.devtools("Network.clearBrowserCookies", json!({}))?;
        self.devtools("Network.clearBrowserCache", json!({}))?;
        for origin in origins {
            let everything = json!({ "origin": origin, "storageTypes": "all" });
            self.devtools("Storage.clearDataForOrigin", everything)?;
        }
        for kind in ["browser", "performance"] {
            self.command("se/log", Some(json!({ "type": kind })))
                .map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Closes every other window, and switches to this one.
    fn keep_only(&self, window: String) -> Result<(), String> {
        let kept = self.block_on(async {
            for handle in self.client.windows().await? {
                if String::from(handle.clone()) != window {
                    self.client.switch_to_window(handle).await?;
                    self.client.close_window().await?;
                }
            }
            let handle = WindowHandle::try_from(window.clone())?;
            self.client.switch_to_window(handle).await
        });
        kept.map_err(|error: CmdError| error.to_string())?;
        self.window.replace(window);
        Ok(())
    }

    pub(super) fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// A command of WebDriver BiDi, which is used only with Firefox.
    pub(super) fn bidi(&self, method: &str, parameters: Value) -> Result<Value, String> {
        let bidi = self.bidi.as_ref().ok_or("no browser that speaks BiDi")?;
        self.block_on(bidi.borrow_mut().command(method, parameters))
    }

    /// A command of the DevTools protocol, which only Chromium supports.
    pub(super) fn devtools(&self, command: &str, parameters: Value) -> Result<Value, String> {
        let body = json!({ "cmd": command, "params": parameters });
        self.command("goog/cdp/execute", Some(body))
            .map_err(|error| format!("{command}: {error}"))
    }

    /// A WebDriver command that the client library lacks: a POST if there is a body.
    pub(super) fn command(&self, path: &str, body: Option<Value>) -> Result<Value, Box<CmdError>> {
        let path = path.to_owned();
        self.block_on(self.client.issue_cmd(Extension { path, body }))
            .map_err(Box::new)
    }
}

/// Opens the WebDriver BiDi connection, if the browser supports one: it reports the console entries
/// and the requests of the page.
async fn second_line(client: &Client) -> Option<Bidi> {
    let capabilities = client.capabilities()?;
    let url = capabilities.get("webSocketUrl")?.as_str()?;
    let mut bidi = Bidi::connect(url).await;
    let told = json!({ "events": ["log.entryAdded", "network.beforeRequestSent"] });
    bidi.command("session.subscribe", told)
        .await
        .expect("a subscription");
    Some(bidi)
}

/// A WebDriver command that the client library lacks.
#[derive(Debug)]
struct Extension {
    path: String,
    body: Option<Value>,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(
        &self,
        base_url: &url::Url,
        session_id: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base_url.join(&format!(
            "session/{}/{}",
            session_id.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        match &self.body {
            Some(body) => (http::Method::POST, Some(body.to_string())),
            None => (http::Method::GET, None),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
