//! The settings of the person's browser.

use serde_json::{Value, json};

use super::Engine;

/// The browser's window, theme and language.
#[derive(Debug, Clone)]
pub struct Look {
    /// Width of the page in CSS pixels.
    pub width: u32,
    /// Height of the page in CSS pixels.
    pub height: u32,
    /// Device pixels per CSS pixel: 2 corresponds to a window of twice the width and height, zoomed
    /// to 200 %.
    pub zoom: u32,
    /// Whether the system has a dark theme.
    pub dark: bool,
    /// Whether the system restricts pages to its own colours (forced colours).
    pub forced_colors: bool,
    /// Whether the system requests reduced motion.
    pub reduced_motion: bool,
    /// The browser's language, such as `en-US` or `zh-CN`.
    pub language: &'static str,
    /// A host name that resolves to this machine, besides the names that always do.
    pub here: Option<&'static str>,
    /// Whether a certificate of an unknown issuer is accepted.
    pub any_certificate: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            width: 1280,
            height: 900,
            zoom: 1,
            dark: false,
            forced_colors: false,
            reduced_motion: false,
            language: "en-US",
            here: None,
            any_certificate: false,
        }
    }
}

impl Look {
    /// The capabilities with which a browser is started. All other settings can be changed later,
    /// so that a browser serves many tests.
    pub(super) fn capabilities(&self, engine: Engine) -> Value {
        match engine {
            Engine::Chromium => self.capabilities_of_chromium(),
            Engine::Firefox => self.capabilities_of_firefox(),
        }
    }

    fn capabilities_of_chromium(&self) -> Value {
        let mut capabilities = json!({
            "browserName": "chrome",
            "acceptInsecureCerts": self.any_certificate,
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
            "goog:chromeOptions": {
                "args": [
                    "--headless",
                    // Chromium refuses to start as root with its sandbox, and containers are root.
                    "--no-sandbox",
                    "--disable-dev-shm-usage",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--hide-scrollbars",
                    format!("--lang={}", self.language),
                    // Large enough for every page; `emulation` sets the size of the page.
                    "--window-size=1280,900",
                ],
                "prefs": { "intl.accept_languages": self.language },
            },
        });
        if let Some(arguments) = capabilities["goog:chromeOptions"]["args"].as_array_mut() {
            let rule = |name| json!(format!("--host-resolver-rules=MAP {name} 127.0.0.1"));
            arguments.extend(self.here.map(rule));
        }
        capabilities
    }

    fn capabilities_of_firefox(&self) -> Value {
        let mut settings = json!({
            "intl.accept_languages": self.language,
            // A single page needs no preallocated processes; without them Firefox starts sooner.
            "dom.ipc.processCount": 1,
            "dom.ipc.processPrelaunch.enabled": false,
            // Disables the back/forward cache, so that a page is always loaded again and never
            // restored in an earlier state.
            "browser.sessionhistory.max_total_viewers": 0,
        });
        if let Some(name) = self.here {
            settings["network.dns.localDomains"] = json!(name);
        }
        json!({
            "browserName": "firefox",
            "acceptInsecureCerts": self.any_certificate,
            "webSocketUrl": true,
            "moz:firefoxOptions": {
                "args": ["-headless", "--width=1280", "--height=900"],
                "prefs": settings,
            },
        })
    }

    /// Settings of Firefox (`about:config`) that replace those of a system.
    pub(super) fn settings_of_firefox(&self) -> [(&'static str, i32); 3] {
        [
            // 0 is dark, 1 is light.
            (
                "layout.css.prefers-color-scheme.content-override",
                i32::from(!self.dark),
            ),
            // 0 is the page's choice, 2 is never.
            (
                "browser.display.document_color_use",
                i32::from(self.forced_colors) * 2,
            ),
            ("ui.prefersReducedMotion", i32::from(self.reduced_motion)),
        ]
    }

    /// DevTools commands that apply the other settings. A window cannot be as narrow as a phone.
    pub(super) fn emulation(&self) -> [(&'static str, Value); 2] {
        let theme = if self.dark { "dark" } else { "light" };
        let colors = if self.forced_colors { "active" } else { "none" };
        let motion = if self.reduced_motion {
            "reduce"
        } else {
            "no-preference"
        };
        [
            (
                "Emulation.setDeviceMetricsOverride",
                json!({ "width": self.width, "height": self.height, "deviceScaleFactor": self.zoom, "mobile": false }),
            ),
            (
                "Emulation.setEmulatedMedia",
                json!({ "features": [
                    { "name": "prefers-color-scheme", "value": theme },
                    { "name": "forced-colors", "value": colors },
                    { "name": "prefers-reduced-motion", "value": motion },
                ] }),
            ),
        ]
    }

    /// A script that returns whether the page has these settings.
    pub(super) fn is_worn(&self) -> String {
        let media = [
            (self.dark, "prefers-color-scheme: dark"),
            (self.forced_colors, "forced-colors: active"),
            (self.reduced_motion, "prefers-reduced-motion: reduce"),
        ];
        let media = media.map(|(so, query)| format!("matchMedia('({query})').matches === {so}"));
        format!(
            "return innerWidth === {} && devicePixelRatio === {} && {}",
            self.width,
            self.zoom,
            media.join(" && ")
        )
    }
}
