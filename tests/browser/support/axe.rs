//! axe-core, which checks accessibility.

use std::path::Path;

use super::Browser;

/// The path at which `cargo xtask test` installs it.
const AXE: &str = ".tools/npm/node_modules/axe-core/axe.min.js";

/// The style sheet. axe cannot read it in the page, so its rule against a locked orientation is
/// replaced by a check of this text.
const LOOKS: &str = include_str!("../../../static/console.css");

/// The extent of a run of axe.
#[derive(Debug, Clone, Copy)]
pub struct Looked {
    /// Rules.
    pub rules: u64,
    /// Texts whose contrast was determined.
    pub contrasts: u64,
    /// Texts that axe left undecided, so that their contrast was computed here.
    pub computed: u64,
}

impl Browser {
    /// Checks the whole page with axe-core, including open shadow roots. The test fails at its end
    /// with every finding and the name of the screen.
    pub fn check_with_axe(&self, screen: &str) -> Looked {
        if self.script("return typeof window.axe", &[]) != "object" {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(AXE);
            let axe = std::fs::read_to_string(&path).unwrap_or_else(|error| {
                panic!("{}: {error}; `cargo xtask test` fetches it", path.display())
            });
            self.script(&axe, &[]);
        }
        let found = self.script(include_str!("axe.js"), &[]);
        assert!(!LOOKS.contains("orientation"));
        self.find_faults(screen, &found["problems"]);
        let number = |name: &str| found[name].as_u64().expect("a number");
        let looked = Looked {
            rules: number("rules"),
            contrasts: number("contrasts"),
            computed: number("undecided"),
        };
        // A check of nothing finds nothing.
        assert!(
            looked.rules > 80 && looked.contrasts > 0,
            "{screen}: {looked:?}"
        );
        looked
    }

    /// Checks that text and controls remain usable at this width, or at this text size: nothing may
    /// be cut off, covered, or reachable only by scrolling sideways. The test fails at its end.
    pub fn check_nothing_is_lost(&self, screen: &str) {
        let found = self.script(include_str!("reflow.js"), &[]);
        self.find_faults(screen, &found["lost"]);
        // A check of nothing finds nothing.
        assert!(found["texts"].as_u64() > Some(0), "{screen}: {found}");
    }
}
