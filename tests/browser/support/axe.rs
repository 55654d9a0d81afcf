//! axe-core, which looks for what shuts people out.

use std::path::Path;

use super::Browser;

/// Where `cargo xtask test` puts it.
const AXE: &str = ".tools/npm/node_modules/axe-core/axe.min.js";

/// What axe cannot see, it cannot judge: it asks whether a page wants to be held one way only.
const LOOKS: &str = include_str!("../../../static/console.css");

/// What a run of axe has looked at.
#[derive(Debug, Clone, Copy)]
pub struct Looked {
    /// Rules.
    pub rules: u64,
    /// Texts whose contrast was decided.
    pub contrasts: u64,
    /// Those among them that axe left open, so that their contrast was computed here.
    pub computed: u64,
}

impl Browser {
    /// Looks for what axe-core finds in the whole page, open shadow roots included. The test fails
    /// at its end with every finding, and with the name of the screen.
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
        // Whoever looks at nothing finds nothing.
        assert!(
            looked.rules > 80 && looked.contrasts > 0,
            "{screen}: {looked:?}"
        );
        looked
    }

    /// What text and controls lose where the page is this narrow, or its letters this large:
    /// nothing may be cut off, covered, or only to be had by scrolling sideways. The test fails at
    /// its end.
    pub fn check_nothing_is_lost(&self, screen: &str) {
        let found = self.script(include_str!("reflow.js"), &[]);
        self.find_faults(screen, &found["lost"]);
        // Whoever looks at nothing finds nothing.
        assert!(found["texts"].as_u64() > Some(0), "{screen}: {found}");
    }
}
