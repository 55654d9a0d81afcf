//! How the person's browser is set up.

use serde_json::{Value, json};

/// The browser's window, theme and language.
#[derive(Debug, Clone)]
pub struct Look {
    /// Width of the page in CSS pixels.
    pub width: u32,
    /// Height of the page in CSS pixels.
    pub height: u32,
    /// Whether the system asks for a dark theme.
    pub dark: bool,
    /// The browser's language, such as `en-US` or `zh-CN`.
    pub language: &'static str,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            width: 1280,
            height: 900,
            dark: false,
            language: "en-US",
        }
    }
}

impl Look {
    pub(super) fn capabilities(&self) -> Value {
        json!({
            "browserName": "chrome",
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
                    format!("--window-size={},{}", self.width, self.height),
                ],
                "prefs": { "intl.accept_languages": self.language },
            },
        })
    }

    /// DevTools commands that make the rest of it so. A window cannot be as narrow as a telephone.
    pub(super) fn emulation(&self) -> [(&'static str, Value); 2] {
        let theme = if self.dark { "dark" } else { "light" };
        [
            (
                "Emulation.setDeviceMetricsOverride",
                json!({ "width": self.width, "height": self.height, "deviceScaleFactor": 1, "mobile": false }),
            ),
            (
                "Emulation.setEmulatedMedia",
                json!({ "features": [{ "name": "prefers-color-scheme", "value": theme }] }),
            ),
        ]
    }
}
