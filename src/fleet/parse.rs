//! Parses pasted addresses: one per line, or separated by commas, semicolons or spaces.

use std::collections::HashMap;

use super::member::ChosenAgent;
use super::state::Choice;
use crate::flow::settings::{AddressProblem, ListedAgent, Settings};
use crate::obshell::address::AgentAddress;

/// The result of parsing a choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParsedChoice {
    /// The agents in order, without duplicates: first the selected agents, then the pasted ones.
    pub chosen: Vec<ChosenAgent>,
    /// The parts of the text that add no agent.
    pub problems: Vec<Problem>,
}

impl ParsedChoice {
    /// Whether an address is unusable. A duplicate alone is only reported.
    #[must_use]
    pub fn has_unusable(&self) -> bool {
        let unusable = |problem: &Problem| matches!(problem.kind, ProblemKind::Unusable(_));
        self.problems.iter().any(unusable)
    }
}

/// A part of the text that adds no agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// The part as typed.
    pub text: String,
    /// The kind of problem.
    pub kind: ProblemKind,
}

/// The kind of problem of a part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The part is not an address, or not one that this site allows.
    Unusable(AddressProblem),
    /// The agent already occurs in this line, counted from 1; `None` if it is selected.
    Duplicate(Option<usize>),
}

/// Parses a choice. A pasted agent that is in the site's list keeps its label and group.
#[must_use]
pub fn parse_choice(choice: &Choice, settings: &Settings) -> ParsedChoice {
    let mut parsed = ParsedChoice::default();
    let agents = settings.agents.iter();
    let known: HashMap<_, _> = agents.map(|agent| (&agent.address, agent)).collect();
    // The line of each agent in `chosen`.
    let mut lines: HashMap<AgentAddress, Option<usize>> = HashMap::new();
    for picked in &choice.picked {
        if lines.insert(picked.address.clone(), None).is_none() {
            parsed.chosen.push(picked.clone());
        }
    }
    for (index, line) in choice.text.lines().enumerate() {
        let number = index + 1;
        for part in line.split(is_separator).filter(|part| !part.is_empty()) {
            let kind = match settings.admit(part) {
                Err(problem) => ProblemKind::Unusable(problem),
                Ok(address) => match lines.get(&address) {
                    Some(first) => ProblemKind::Duplicate(*first),
                    None => {
                        lines.insert(address.clone(), Some(number));
                        let listed = known.get(&address).copied();
                        parsed.chosen.push(chosen(address, listed));
                        continue;
                    }
                },
            };
            parsed.problems.push(Problem {
                line: number,
                text: part.to_owned(),
                kind,
            });
        }
    }
    parsed
}

fn is_separator(char: char) -> bool {
    char.is_whitespace() || matches!(char, ',' | ';' | '\u{ff0c}' | '\u{ff1b}' | '\u{3001}')
}

/// An agent with the label and group from the site's list.
#[must_use]
pub fn listed(address: AgentAddress, settings: &Settings) -> ChosenAgent {
    let listed = settings.agents.iter().find(|it| it.address == address);
    chosen(address, listed)
}

fn chosen(address: AgentAddress, listed: Option<&ListedAgent>) -> ChosenAgent {
    ChosenAgent {
        label: listed.and_then(|agent| agent.label.clone()),
        group: listed.and_then(|agent| agent.group.clone()),
        address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::obshell::address::AddressError;

    #[test]
    fn nothing_is_lost_and_what_is_wrong_is_named_by_line() {
        let picked = listed(
            AgentAddress::parse("10.0.0.9:2886").unwrap(),
            &Settings::default(),
        );
        let choice = Choice {
            picked: vec![picked],
            text: "10.0.0.1:2886, 10.0.0.2:2886\n\n db-3:2886;[fd00::1]:2886\n10.0.0.4\n\
                   10.0.0.1:2886\u{3001}10.0.0.5:2886\r\n10.0.0.9:2886"
                .to_owned(),
        };
        let parsed = parse_choice(&choice, &Settings::default());
        let chosen: Vec<_> = parsed
            .chosen
            .iter()
            .map(|it| it.address.to_string())
            .collect();
        assert_eq!(
            chosen,
            [
                "10.0.0.9:2886",
                "10.0.0.1:2886",
                "10.0.0.2:2886",
                "db-3:2886",
                "[fd00::1]:2886",
                "10.0.0.5:2886",
            ]
        );
        let problems: Vec<_> = parsed
            .problems
            .iter()
            .map(|it| (it.line, it.text.as_str(), it.kind))
            .collect();
        assert_eq!(
            problems,
            [
                (
                    4,
                    "10.0.0.4",
                    ProblemKind::Unusable(AddressProblem::Malformed(AddressError::NoPort))
                ),
                (5, "10.0.0.1:2886", ProblemKind::Duplicate(Some(1))),
                (6, "10.0.0.9:2886", ProblemKind::Duplicate(None)),
            ]
        );
        assert!(parsed.has_unusable());
    }
}
