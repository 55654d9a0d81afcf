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
    /// Further switches of the browser.
    pub switches: &'static [&'static str],
    /// Whether a certificate that nobody known signed is good enough.
    pub any_certificate: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            width: 1280,
            height: 900,
            dark: false,
            language: "en-US",
            switches: &[],
            any_certificate: false,
        }
    }
}

impl Look {
    pub(super) fn capabilities(&self) -> Value {
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
                    format!("--window-size={},{}", self.width, self.height),
                ],
                "prefs": { "intl.accept_languages": self.language },
            },
        });
        if let Some(arguments) = capabilities["goog:chromeOptions"]["args"].as_array_mut() {
            arguments.extend(self.switches.iter().map(|switch| json!(switch)));
        }
        capabilities
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
