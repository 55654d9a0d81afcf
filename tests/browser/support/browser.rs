//! A browser session: opening the page, waiting, acting.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dev_site::{Site, SiteSetup};
use fantoccini::Client;
use fantoccini::error::CmdError;
use fantoccini::wd::WindowHandle;
use obshell_sim::{Agent, Config};
use serde::Serialize;
use serde_json::{Value, json};

use super::Look;
use super::bidi::Event;
use super::evidence::Evidence;
use super::session::Session;

/// How long any content may take to appear. Reached only by a failing test.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait before reading the page again: at first, and after many reads. A read costs the
/// machine more than a short wait.
const BETWEEN_LOOKS: [Duration; 2] = [Duration::from_millis(10), Duration::from_millis(100)];

/// The folder of the built page, as written by `cargo xtask build`.
pub fn dist() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("dist")
}

/// The pages of a host.
#[derive(Debug, Clone)]
pub struct Home {
    /// The folder of the pages.
    pub folder: PathBuf,
    /// The content security policy of the pages, if the console's own is too strict.
    pub policy: Option<&'static str>,
}

/// A browser used by one test at a time, without any state of earlier tests.
pub struct Browser {
    session: Session,
    /// The pages that sites serve, if not the console's own.
    home: RefCell<Option<Home>>,
    /// The console entries and requests of the page so far.
    pub(super) evidence: RefCell<Evidence>,
    shots: Cell<u32>,
    /// The open windows in the order of opening, if there is more than one.
    windows: RefCell<Vec<WindowHandle>>,
}

/// Runs a test in a clean browser, and then checks that the page did nothing forbidden.
pub fn in_browser(look: Look, test: impl FnOnce(&Browser)) {
    let browser = Browser {
        session: Session::take(&look),
        home: RefCell::default(),
        evidence: RefCell::default(),
        shots: Cell::new(0),
        windows: RefCell::default(),
    };
    let result = catch_unwind(AssertUnwindSafe(|| {
        browser.wear(&look);
        test(&browser);
        browser.check_manners();
    }));
    let Err(panic) = result else {
        let Browser {
            session, evidence, ..
        } = browser;
        session.give_back(evidence.borrow().origins());
        return;
    };
    // A failure here must not hide the failure of the test.
    let _ = catch_unwind(AssertUnwindSafe(|| browser.leave_traces()));
    browser.session.close();
    resume_unwind(panic);
}

impl Browser {
    /// Changes width, theme and similar settings; the language is fixed when the browser starts.
    pub fn wear(&self, look: &Look) {
        if self.session.bidi.is_some() {
            self.change_settings(&look.settings_of_firefox());
            let viewport = json!({ "width": look.width, "height": look.height });
            let shape = json!({
                "context": *self.session.window.borrow(),
                "viewport": viewport,
                "devicePixelRatio": look.zoom,
            });
            self.bidi("browsingContext.setViewport", shape);
        } else {
            for (command, parameters) in look.emulation() {
                self.devtools(command, parameters);
            }
        }
        let worn = look.is_worn();
        self.wait_until(&format!("{look:?}"), || self.script(&worn, &[]) == true);
    }

    /// Enlarges only the text of the page, like Firefox's setting for this.
    pub fn enlarge_letters(&self, times: u32) {
        let script = "gBrowser.selectedBrowser.browsingContext.textZoom = arguments[0]";
        self.in_firefox_itself(script, json!(times));
    }

    /// Changes settings of Firefox from the context of its own scripts.
    fn change_settings(&self, settings: &[(&str, i32)]) {
        let script =
            "for (const [name, value] of arguments[0]) Services.prefs.setIntPref(name, value)";
        self.in_firefox_itself(script, json!(settings));
    }

    /// Runs a script in the context of Firefox's own scripts, not in a page.
    fn in_firefox_itself(&self, script: &str, argument: Value) {
        let context = |name: &str| {
            self.post("moz/context", json!({ "context": name }))
                .unwrap_or_else(|error| panic!("{name}: {error}"));
        };
        context("chrome");
        self.block_on(self.session.client.execute(script, vec![argument]))
            .unwrap_or_else(|error| panic!("{script}: {error}"));
        context("content");
    }

    /// Runs a script in every page opened from now on, before the page's own scripts.
    pub fn run_in_new_pages(&self, script: &str) {
        if self.session.bidi.is_some() {
            let function = format!("() => {{\n{script}\n}}");
            let preload = json!({ "functionDeclaration": function });
            let mut added = self.bidi("script.addPreloadScript", preload);
            self.session
                .preloads
                .borrow_mut()
                .push(added["script"].take());
        } else {
            self.devtools(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": script }),
            );
        }
    }

    /// Runs a future to its end, such as an order to a simulated agent.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.session.block_on(future)
    }

    /// Starts a simulated agent on a free port. Dropping it stops the agent.
    pub fn agent(&self, config: Config) -> Agent {
        self.block_on(Agent::start(config))
            .expect("a simulated agent")
    }

    /// Makes sites serve the pages of a host instead of the console's own, from now on.
    pub fn live_in(&self, home: Home) {
        self.home.replace(Some(home));
    }

    /// Starts a site on a free port. Dropping it stops the site.
    pub fn site(&self, mut setup: SiteSetup) -> Site {
        let Some(home) = self.home.borrow().clone() else {
            return self.site_in(&dist(), setup);
        };
        setup.policy = home.policy;
        self.site_in(&home.folder, setup)
    }

    /// Starts a site with the page in this folder.
    pub fn site_in(&self, folder: &Path, setup: SiteSetup) -> Site {
        let anywhere = ([127, 0, 0, 1], 0).into();
        self.block_on(Site::start(anywhere, folder, setup))
            .expect("a site")
    }

    /// Starts a site that lists these agents.
    pub fn site_for(&self, agents: &[&Agent]) -> Site {
        let addresses: Vec<String> = agents
            .iter()
            .map(|agent| agent.addr().to_string())
            .collect();
        self.site(SiteSetup::with_agents(addresses.iter().map(String::as_str)))
    }

    /// Opens the page of a site.
    pub fn open(&self, site: &Site) {
        self.open_url(&site.url());
    }

    /// Opens a URL, whose origin then counts as one of the page's own.
    pub fn open_url(&self, url: &str) {
        self.evidence.borrow_mut().own(url);
        self.block_on(self.session.client.goto(url))
            .unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Loads the page again.
    pub fn reload(&self) {
        self.block_on(self.session.client.refresh())
            .expect("the page loads again");
    }

    /// Opens the page of a site in a new window beside the open ones, and switches to it.
    pub fn open_window(&self, site: &Site) {
        if self.windows.borrow().is_empty() {
            let first = self
                .block_on(self.session.client.window())
                .expect("a window");
            self.windows.borrow_mut().push(first);
        }
        let handle = self.session.open_window().expect("a new window");
        self.windows.borrow_mut().push(handle.clone());
        self.enter(handle);
        self.open(site);
    }

    /// Switches to the `number`-th window, counted from 0 in the order of opening.
    pub fn go_to_window(&self, number: usize) {
        let window = self.windows.borrow().get(number).cloned();
        self.enter(window.expect("that window"));
    }

    fn enter(&self, window: WindowHandle) {
        *self.session.window.borrow_mut() = window.clone().into();
        self.block_on(self.session.client.switch_to_window(window))
            .expect("the window is open");
    }

    /// Makes the page visible or hidden, as far as its scripts can tell.
    pub fn show_page(&self, visible: bool) {
        self.script(
            "const hidden = !arguments[0];
             Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
             document.dispatchEvent(new Event('visibilitychange'))",
            &[visible.into()],
        );
    }

    /// The URL that the browser shows.
    pub fn url(&self) -> String {
        self.block_on(self.session.client.current_url())
            .expect("a page is open")
            .into()
    }

    /// Repeats `look` until it returns a value: quickly at first, then less and less often.
    ///
    /// # Panics
    /// If `look` returned no value within [`PATIENCE`]. The message contains `what`.
    pub fn wait_for<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let [mut pause, longest] = BETWEEN_LOOKS;
        loop {
            if let Some(seen) = look() {
                return seen;
            }
            assert!(
                Instant::now() < deadline,
                "waited {} s in vain for {what}; the page shows:\n{}",
                PATIENCE.as_secs(),
                self.text()
            );
            std::thread::sleep(pause);
            pause = longest.min(pause * 3 / 2);
        }
    }

    /// Waits until a condition holds.
    pub fn wait_until(&self, what: &str, mut so: impl FnMut() -> bool) {
        self.wait_for(what, || so().then_some(()));
    }

    /// Runs a script as the body of a function; `deep` iterates over elements through shadow roots.
    pub fn script(&self, body: &str, arguments: &[Value]) -> Value {
        self.try_script(body, arguments)
            .unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    pub(super) fn try_script(&self, body: &str, arguments: &[Value]) -> Result<Value, String> {
        let script = format!("{}\n{body}", include_str!("shadow.js"));
        let Some(bidi) = &self.session.bidi else {
            return self
                .block_on(self.session.client.execute(&script, arguments.to_vec()))
                .map_err(|error| error.to_string());
        };
        // With WebDriver, Firefox would run it in a separate realm beside the page's.
        let context = self.session.window.borrow();
        self.block_on(bidi.borrow_mut().script(&context, &script, arguments))
    }

    /// A command of WebDriver BiDi.
    fn bidi(&self, method: &str, parameters: Value) -> Value {
        self.session
            .bidi(method, parameters)
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// The events of Firefox since the last call; `None` in another browser.
    pub(super) fn take_events(&self) -> Option<Vec<Event>> {
        let bidi = self.session.bidi.as_ref()?;
        // The events before the answer to this script are received before the answer.
        let _ = self.try_script("return true", &[]);
        Some(bidi.borrow_mut().take_events())
    }

    /// A command of the DevTools protocol, which only Chromium supports.
    pub fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.session
            .devtools(command, parameters)
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// Presses keys on the focused element; WebDriver's `Key` as characters: `\u{e004}` is Tab.
    pub fn press(&self, keys: &str) {
        let keys = keys.chars();
        self.key_actions(
            keys.flat_map(|key| ["keyDown", "keyUp"].map(|kind| key_action(kind, key))),
        );
    }

    /// Presses keys one after another and then releases all of them, such as Shift and Tab.
    pub fn press_together(&self, keys: &[&str]) {
        let all = |kind: &'static str| keys.iter().map(move |key| key_action(kind, key));
        self.key_actions(all("keyDown").chain(all("keyUp")));
    }

    fn key_actions(&self, actions: impl Iterator<Item = Value>) {
        let actions: Vec<Value> = actions.collect();
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        self.post("actions", body)
            .unwrap_or_else(|error| panic!("pressing keys: {error}"));
    }

    /// Writes a screenshot of the whole page, not only of the visible part, to a PNG file.
    pub fn screenshot(&self, path: &Path) {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).expect("a folder for screenshots");
        }
        let image = STANDARD.decode(self.picture()).expect("base64");
        std::fs::write(path, image).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// A PNG of the whole page, in base64.
    fn picture(&self) -> String {
        if self.session.bidi.is_some() {
            let shot = self
                .get("moz/screenshot/full")
                .unwrap_or_else(|error| panic!("a picture: {error}"));
            return shot.as_str().expect("an image").to_owned();
        }
        let size = self.devtools("Page.getLayoutMetrics", json!({}));
        let clip = json!({
            "x": 0,
            "y": 0,
            "width": size["cssContentSize"]["width"],
            "height": size["cssContentSize"]["height"],
            "scale": 1,
        });
        let parameters = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let shot = self.devtools("Page.captureScreenshot", parameters);
        shot["data"].as_str().expect("an image").to_owned()
    }

    /// All visible text of the page, through shadow roots.
    pub fn text(&self) -> String {
        let text = self.try_script("return visibleText(document.body)", &[]);
        text.map_or_else(|error| error, |text| text.as_str().unwrap_or("").to_owned())
    }

    pub(super) fn client(&self) -> &Client {
        &self.session.client
    }

    pub(super) fn post(&self, path: &str, body: Value) -> Result<Value, Box<CmdError>> {
        self.session.command(path, Some(body))
    }

    pub(super) fn get(&self, path: &str) -> Result<Value, Box<CmdError>> {
        self.session.command(path, None)
    }

    /// Saves a failed test's last screenshot and the console's log.
    fn leave_traces(&self) {
        self.shots.set(self.shots.get() + 1);
        let name = std::thread::current()
            .name()
            .unwrap_or("test")
            .replace("::", "-");
        let file = format!("{name}-{}.png", self.shots.get());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("browser")
            .join(file);
        self.screenshot(&path);
        println!(
            "screenshot: {}\nconsole: {:#?}",
            path.display(),
            self.console()
        );
    }
}

fn key_action(kind: &str, key: impl Serialize) -> Value {
    json!({ "type": kind, "value": key })
}
