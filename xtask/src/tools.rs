//! The tools for building and testing: found on `PATH`, or installed into `.tools/`.
//!
//! Nothing else on the machine is changed, with one exception: Python's `venv`, and npm if there is
//! no Node.js, work only if the system's package manager installs them ([`system`]).

mod browser;
mod cargo_tools;
mod commands;
mod host_packages;
mod npm;
mod rust;
mod system;
mod unpacked;

use anyhow::{Result, bail};

use crate::{process, progress};

pub use commands::Tools;
pub use host_packages::{FOLDER as HOSTS, NEXT, UMI, npm};

/// A prerequisite of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// rustfmt and clippy.
    Lints,
    /// The standard library of the browser's target.
    WasmTarget,
    Trunk,
    WasmBindgen,
    /// The runner of WebAssembly tests.
    WasmTestRunner,
    /// Node.js with npm.
    Npm,
    /// wasm-opt and esbuild.
    Small,
    /// axe-core, which checks a page for accessibility.
    Axe,
    /// Python with venv, for the official client.
    Python,
    OpenSsl,
    Nginx,
    Caddy,
    /// Chromium with chromedriver.
    Chromium,
    Firefox,
    Geckodriver,
    /// cargo-deny.
    Deny,
    /// A font with Chinese characters.
    Chinese,
    /// The npm packages of the host pages in `tests/hosts/`.
    HostPackages,
}

/// The tools for building the page and the package.
pub const PAGE: &[Tool] = &[
    Tool::WasmTarget,
    Tool::Small,
    Tool::WasmBindgen,
    Tool::Trunk,
];
/// The tools that the tests need first; they are installed quickly.
pub const TEST_FIRST: &[Tool] = &[
    Tool::Lints,
    Tool::Python,
    Tool::OpenSsl,
    Tool::Nginx,
    Tool::Caddy,
    Tool::Chromium,
    Tool::Firefox,
];
/// The tools that the tests need later, besides [`PAGE`]; installing them takes minutes.
pub const TEST_LATER: &[Tool] = &[
    Tool::WasmTestRunner,
    Tool::Axe,
    Tool::HostPackages,
    Tool::Geckodriver,
    Tool::Deny,
];

impl Tool {
    /// The description for a person, and the seconds that installing takes on two cores.
    fn described(self) -> (String, u64) {
        let (text, seconds) = match self {
            Self::Lints => ("rustfmt and clippy (rustup)", 10),
            Self::WasmTarget => ("Rust's wasm32-unknown-unknown target (rustup)", 10),
            Self::Trunk => return cargo_tools::described(cargo_tools::Kind::Trunk),
            Self::WasmBindgen | Self::WasmTestRunner => {
                return cargo_tools::described(cargo_tools::Kind::WasmBindgen);
            }
            Self::Geckodriver => return cargo_tools::described(cargo_tools::Kind::Geckodriver),
            Self::Deny => return cargo_tools::described(cargo_tools::Kind::Deny),
            Self::Npm => ("Node.js with npm (apt-get, as root)", 60),
            Self::Small => ("wasm-opt and esbuild (npm)", 20),
            Self::Axe => ("axe-core (npm)", 10),
            Self::Python => ("python3-venv (apt-get, as root)", 30),
            Self::OpenSsl => ("OpenSSL's command line (Debian's package, unpacked)", 20),
            Self::Nginx => ("nginx (Debian's package, unpacked)", 20),
            Self::Caddy => ("Caddy (Debian's package, unpacked)", 20),
            Self::Chromium => (
                "Chromium and chromedriver (Debian's packages, unpacked)",
                60,
            ),
            Self::Firefox => ("Firefox (Debian's package, unpacked)", 40),
            Self::Chinese => (
                "a font with Chinese characters (Debian's package, unpacked)",
                20,
            ),
            Self::HostPackages => ("1.7 GB of npm packages, into tests/hosts/", 120),
        };
        (text.to_owned(), seconds)
    }

    const fn is_compiled(self) -> bool {
        matches!(
            self,
            Self::Trunk | Self::WasmBindgen | Self::WasmTestRunner | Self::Geckodriver | Self::Deny
        )
    }

    const fn comes_by_npm(self) -> bool {
        matches!(self, Self::Small | Self::Axe | Self::HostPackages)
    }
}

impl Tools {
    /// The tools that are missing.
    pub fn missing(&self, tools: &[Tool]) -> Vec<Tool> {
        let missing = |tool: &&Tool| !self.has(**tool);
        let mut missing: Vec<Tool> = tools.iter().filter(missing).copied().collect();
        if missing.iter().any(|tool| tool.comes_by_npm())
            && !missing.contains(&Tool::Npm)
            && !self.has(Tool::Npm)
        {
            missing.insert(0, Tool::Npm);
        }
        missing
    }

    /// Announces what a command does and installs the tools it needs.
    pub fn prepare(&self, command: &str, tools: &[Tool]) -> Result<()> {
        let missing = self.missing(tools);
        progress::say(&format!("cargo xtask {command}. {}", listed(&missing)));
        self.install(&missing)
    }

    /// Installs the missing tools.
    pub fn install(&self, missing: &[Tool]) -> Result<()> {
        let result = missing.iter().try_for_each(|tool| self.install_one(*tool));
        self.tidy(missing);
        result
    }

    /// Installs these tools one after the other, continuing after a failure.
    pub fn install_all(&self, missing: &[Tool]) -> Result<()> {
        let mut failures = Vec::new();
        for tool in missing {
            if let Err(error) = self.install_one(*tool) {
                failures.push(format!("{error:#}"));
            }
        }
        self.tidy(missing);
        if failures.is_empty() {
            return Ok(());
        }
        bail!("{}", failures.join("\n"))
    }

    /// Removes what compiling these tools left. Another thread may be compiling others.
    fn tidy(&self, tools: &[Tool]) {
        if tools.iter().any(|tool| tool.is_compiled()) {
            cargo_tools::tidy(self);
        }
    }

    fn install_one(&self, tool: Tool) -> Result<()> {
        // Another tool may have installed this one.
        if self.has(tool) {
            return Ok(());
        }
        let (text, seconds) = tool.described();
        progress::say(&format!(
            "Installing {text}, {} …",
            progress::about(seconds)
        ));
        let _activity = progress::activity(&text);
        match tool {
            Tool::Lints => rust::add(self, &["component", "add", "rustfmt", "clippy"]),
            Tool::WasmTarget => rust::add(self, &["target", "add", rust::WASM]),
            Tool::Trunk => cargo_tools::trunk(self),
            Tool::WasmBindgen | Tool::WasmTestRunner => cargo_tools::wasm_bindgen(self),
            Tool::Geckodriver => cargo_tools::geckodriver(self),
            Tool::Deny => cargo_tools::deny(self),
            Tool::Npm => system::install(self, "npm", &["nodejs", "npm"]),
            Tool::Small | Tool::Axe => npm::install(self),
            Tool::Python => system::install(self, "Python 3 with venv", &["python3-venv"]),
            Tool::OpenSsl => unpacked::install(self, &["openssl"]),
            Tool::Nginx => unpacked::install(self, &["nginx"]),
            Tool::Caddy => unpacked::install(self, &["caddy"]),
            Tool::Chromium => unpacked::install(self, &["chromium", "chromium-driver"]),
            Tool::Firefox => unpacked::install(self, &["firefox-esr"]),
            Tool::Chinese => unpacked::install(self, &["fontconfig", "fonts-noto-cjk"]),
            Tool::HostPackages => host_packages::install(self),
        }?;
        if self.has(tool) {
            return Ok(());
        }
        bail!("{text}: installed, but does not run. {}", self.hint(tool))
    }

    /// Whether the tool is installed and runs.
    pub fn has(&self, tool: Tool) -> bool {
        let runs = |name: &str, argument: &str| {
            process::output(self.command(name).arg(argument)).is_some()
        };
        match tool {
            Tool::Lints => runs("rustfmt", "--version") && runs("cargo-clippy", "--version"),
            Tool::WasmTarget => rust::has(self, &format!("{}/lib", rust::WASM)),
            Tool::Trunk => cargo_tools::has_trunk(self),
            Tool::WasmBindgen => cargo_tools::has_wasm_bindgen(self, "wasm-bindgen"),
            Tool::WasmTestRunner => cargo_tools::has_wasm_bindgen(self, "wasm-bindgen-test-runner"),
            Tool::Geckodriver => cargo_tools::has_geckodriver(self),
            Tool::Deny => cargo_tools::has_deny(self),
            Tool::Npm => self.find("npm").is_some(),
            Tool::Small => npm::has_wasm_opt_and_esbuild(self),
            Tool::Axe => npm::has_axe(self),
            Tool::Python => {
                let mut python = self.command("python3");
                process::output(python.args(["-c", "import venv, ensurepip"])).is_some()
            }
            Tool::OpenSsl => runs("openssl", "version"),
            Tool::Nginx => runs("nginx", "-v"),
            Tool::Caddy => runs("caddy", "version"),
            Tool::Chromium => browser::has_chromium(self),
            Tool::Firefox => runs("firefox", "--version"),
            Tool::Chinese => browser::has_chinese_letters(self),
            Tool::HostPackages => host_packages::is_installed(self),
        }
    }

    /// The fix for a tool that does not run.
    fn hint(&self, tool: Tool) -> String {
        match tool {
            Tool::Chromium => browser::hint(self),
            Tool::Small => npm::HINT.to_owned(),
            _ => "Install it yourself and put it on PATH.".to_owned(),
        }
    }

    /// The inputs of a build of the page besides the files of the work tree.
    pub fn versions_for_the_page(&self) -> Vec<String> {
        let version = |name: &str, argument: &str| {
            let text = process::output(self.command(name).arg(argument));
            format!("{name}: {}", text.unwrap_or_default())
        };
        vec![
            version("rustc", "-vV"),
            version("trunk", "--version"),
            version("wasm-bindgen", "--version"),
            version("wasm-opt", "--version"),
            version("esbuild", "--version"),
        ]
    }

    /// Whether cargo has already compiled for the browser's target in this profile (`debug` or
    /// `release`): most dependencies are then compiled.
    pub fn has_compiled(&self, profile: &str) -> bool {
        self.target().join(rust::WASM).join(profile).is_dir()
    }
}

/// Seconds that installing these tools takes on two cores.
pub fn estimate(missing: &[Tool]) -> u64 {
    once(missing).into_iter().map(|(_, seconds)| seconds).sum()
}

/// A paragraph that lists what will be installed.
pub fn listed(missing: &[Tool]) -> String {
    if missing.is_empty() {
        return "All tools are present; nothing is installed.".to_owned();
    }
    let lines: Vec<String> = once(missing)
        .into_iter()
        .map(|(text, seconds)| format!("  {text}, {}", progress::about(seconds)))
        .collect();
    format!(
        "Installs (into .tools/ unless stated otherwise):\n{}",
        lines.join("\n")
    )
}

/// Removes duplicates: two tools may be installed together.
fn once(missing: &[Tool]) -> Vec<(String, u64)> {
    let mut all: Vec<(String, u64)> = Vec::new();
    for tool in missing {
        let described = tool.described();
        if !all.contains(&described) {
            all.push(described);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{PAGE, TEST_FIRST, TEST_LATER, Tool, estimate, listed};

    #[test]
    fn what_comes_together_is_installed_once() {
        let both = [Tool::WasmBindgen, Tool::WasmTestRunner];
        assert_eq!(estimate(&both), estimate(&[Tool::WasmBindgen]));
        assert_eq!(listed(&both), listed(&[Tool::WasmBindgen]));
    }

    #[test]
    fn everything_that_will_be_installed_is_said_beforehand() {
        for tool in [PAGE, TEST_FIRST, TEST_LATER, &[Tool::Chinese]].concat() {
            let (text, seconds) = tool.described();
            assert!(listed(&[tool]).contains(&text));
            assert!(seconds > 0, "{tool:?}");
        }
        assert!(listed(&[]).contains("nothing is installed"));
    }

    /// [`TEST_LATER`] is installed at the same time, and both would use the same folder.
    #[test]
    fn what_the_tests_need_first_is_not_compiled() {
        for tool in TEST_FIRST {
            assert!(!tool.is_compiled(), "{tool:?}");
        }
    }

    #[test]
    fn what_is_compiled_is_announced_as_such() {
        for tool in [PAGE, TEST_FIRST, TEST_LATER, &[Tool::Chinese]].concat() {
            let (text, _) = tool.described();
            assert_eq!(tool.is_compiled(), text.contains("compiled"), "{tool:?}");
        }
    }

    #[test]
    fn every_tool_of_a_list_is_in_it_once() {
        let all = [PAGE, TEST_FIRST, TEST_LATER].concat();
        for tool in &all {
            assert_eq!(
                all.iter().filter(|other| *other == tool).count(),
                1,
                "{tool:?}"
            );
        }
    }
}
