//! The result of a run.

use std::fmt;

/// The outcome of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The agent behaves as the statement says.
    Pass,
    /// The agent behaves differently.
    Fail {
        /// The expected behaviour.
        expected: String,
        /// The actual behaviour.
        seen: String,
    },
    /// The statement does not apply to this agent in its present state.
    NotApplicable {
        /// The missing precondition.
        why: String,
    },
}

/// One statement with its outcome.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Finding {
    /// Short name of the statement, `subject.detail`.
    pub id: &'static str,
    /// The checked fact about obshell, in one sentence.
    pub fact: &'static str,
    /// The outcome.
    pub outcome: Outcome,
}

/// Every statement's outcome, in the order of the run.
///
/// Its `Display` output is a table with one line per statement and a summary at the end.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Report {
    /// The tested agent, `HOST:PORT`.
    pub agent: String,
    /// The version and identity that the agent reported.
    pub description: String,
    /// The outcomes.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Number of statements that held.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Pass))
    }

    /// Number of statements that did not hold.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Fail { .. }))
    }

    /// Number of statements that do not apply to this agent.
    #[must_use]
    pub fn not_applicable(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::NotApplicable { .. }))
    }

    /// The outcome of one statement.
    #[must_use]
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.findings
            .iter()
            .find(|finding| finding.id == id)
            .map(|finding| &finding.outcome)
    }

    /// Whether something was checked and nothing failed.
    #[must_use]
    pub fn is_conformant(&self) -> bool {
        self.failed() == 0 && self.passed() > 0
    }

    fn count(&self, which: fn(&Outcome) -> bool) -> usize {
        self.findings
            .iter()
            .filter(|finding| which(&finding.outcome))
            .count()
    }
}

/// One line of the table; a failure takes two more.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match &self.outcome {
            Outcome::Pass => "pass",
            Outcome::Fail { .. } => "FAIL",
            Outcome::NotApplicable { .. } => "n/a",
        };
        write!(f, "{word:<4}  {:<34}  {}", self.id, self.fact)?;
        match &self.outcome {
            Outcome::Pass => Ok(()),
            Outcome::Fail { expected, seen } => {
                write!(f, "\n      expected: {expected}\n      seen:     {seen}")
            }
            Outcome::NotApplicable { why } => write!(f, " [{why}]"),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Agent {}: {}\n", self.agent, self.description)?;
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        write!(
            f,
            "\n{} statements: {} passed, {} failed, {} not applicable",
            self.findings.len(),
            self.passed(),
            self.failed(),
            self.not_applicable()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(id: &'static str, outcome: Outcome) -> Finding {
        Finding {
            id,
            fact: "The sky is blue.",
            outcome,
        }
    }

    #[test]
    fn the_table_counts_and_explains() {
        let report = Report {
            agent: "127.0.0.1:2886".to_owned(),
            description: "4.5.0.0-0, SINGLE".to_owned(),
            findings: vec![
                finding("sky.day", Outcome::Pass),
                finding(
                    "sky.night",
                    Outcome::Fail {
                        expected: "blue".to_owned(),
                        seen: "black".to_owned(),
                    },
                ),
                finding(
                    "sky.cave",
                    Outcome::NotApplicable {
                        why: "no sky".to_owned(),
                    },
                ),
            ],
        };
        let table = report.to_string();
        assert!(table.contains("FAIL  sky.night"), "{table}");
        assert!(
            table.contains("expected: blue\n      seen:     black"),
            "{table}"
        );
        assert!(table.contains("[no sky]"), "{table}");
        assert!(
            table.ends_with("3 statements: 1 passed, 1 failed, 1 not applicable"),
            "{table}"
        );
        assert!(!report.is_conformant());
    }

    #[test]
    fn nothing_checked_is_no_proof() {
        let none = Report {
            agent: String::new(),
            description: String::new(),
            findings: Vec::new(),
        };
        assert!(!none.is_conformant());
    }
}
