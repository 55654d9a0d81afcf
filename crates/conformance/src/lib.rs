//! Black-box statements about an obshell agent.
//!
//! Each statement has a short name, the fact that it checks in one sentence, and a check that uses
//! only the wire protocol. The same list therefore runs against the simulated agent and against a
//! real one: the simulator may be trusted for the statements that hold for both.
//!
//! The client is separate from the console's: raw HTTP, and sealing that can also be wrong on
//! purpose.
//!
//! A run changes nothing unless [`Options::destroy`] is set: each of its requests is refused by any
//! agent that checks its headers, or concerns something that does not exist.

mod ask;
mod body;
mod dag;
mod envelope;
mod expect;
mod header;
mod journey;
mod life;
mod miss;
mod open;
mod options;
mod probe;
mod record;
mod refusal;
mod report;
mod seal;
mod session;
mod shape;
mod statement;
mod task;
mod version;
mod wire;
mod wording;

use std::sync::Arc;

pub use options::{Options, Progress};
pub use report::{Finding, Outcome, Report};

use miss::Miss;
use probe::Probe;
use statement::Statement;

/// Checks every statement against the agent at `HOST:PORT`.
///
/// The run itself never fails: an agent that is unreachable or has another password results in a
/// report with a failed statement.
pub async fn run(agent: &str, password: &str, options: Options) -> Report {
    let mut report = Report {
        agent: agent.to_owned(),
        description: "not reached".to_owned(),
        findings: Vec::new(),
    };
    let mut tell = |id, fact, result: Result<(), Miss>| {
        let outcome = result.map_or_else(Outcome::from, |()| Outcome::Pass);
        let finding = Finding { id, fact, outcome };
        if let Some(progress) = &options.progress {
            progress(&finding);
        }
        report.findings.push(finding);
    };
    let met = Probe::new(agent, password, &options).await;
    let (acquaintance, probe) = match met {
        Ok(probe) => (Ok(()), Some(Arc::new(probe))),
        Err(miss) => (Err(miss), None),
    };
    tell(
        "agent.answers",
        "The agent responds to /secret, /info and /time like obshell.",
        acquaintance,
    );
    if let Some(probe) = &probe {
        let admitted = admitted(probe).await;
        let refused = matches!(admitted, Err(Miss::Fail { .. }));
        tell(
            "agent.password",
            "The agent accepts the given password.",
            admitted,
        );
        for statement in statements() {
            // Without the right password nearly every statement would fail, for the same reason.
            let result = if refused {
                Err(Miss::not_applicable("the given password is not accepted"))
            } else {
                statement.check(Arc::clone(probe)).await
            };
            tell(statement.id, statement.fact, result);
        }
    }
    if let Some(probe) = probe {
        report.description = probe.description();
    }
    report
}

async fn admitted(probe: &Probe) -> Result<(), Miss> {
    probe.needs_version([4, 2, 6, 0])?;
    probe.header_accepted(&probe.harmless()?).await
}

/// All statements, in the order of a run: the deletion precedes the checks of its DAG.
fn statements() -> Vec<Statement> {
    let mut all = open::statements();
    all.extend(envelope::statements());
    all.extend(header::statements());
    all.extend(body::statements());
    all.extend(task::statements());
    all.extend(session::statements());
    all.extend(life::statements());
    all.extend(shape::statements());
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_statement_has_a_name_of_its_own_and_a_sentence() {
        let all = statements();
        let names: BTreeSet<&str> = all.iter().map(|statement| statement.id).collect();
        assert_eq!(names.len(), all.len(), "two statements share a name");
        for Statement { id, fact, .. } in &all {
            assert!(id.contains('.'), "{id} names no subject");
            assert!(fact.ends_with('.'), "{id} states no sentence: {fact}");
        }
    }
}
