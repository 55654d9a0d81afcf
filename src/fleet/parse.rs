//! Parses pasted addresses: one per line, or separated by commas, semicolons or spaces.

use std::collections::HashMap;

use super::member::Chosen;
use super::state::Choice;
use crate::flow::settings::{AddressProblem, ListedAgent, Settings};
use crate::obshell::address::AgentAddress;

/// The result of parsing a choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// The agents in order, without duplicates: first the selected agents, then the pasted ones.
    pub chosen: Vec<Chosen>,
    /// The parts of the text that add no agent.
    pub problems: Vec<Problem>,
}

impl Read {
    /// Whether an address is unusable. A duplicate alone is only reported.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        let unusable = |problem: &Problem| matches!(problem.what, What::Unusable(_));
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
    pub what: What,
}

/// The kind of problem of a part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The part is not an address, or not one that this site allows.
    Unusable(AddressProblem),
    /// The agent already occurs in this line, counted from 1; `None` if it is selected.
    Duplicate(Option<usize>),
}

/// Parses a choice. A pasted agent that is in the site's list keeps its label and group.
#[must_use]
pub fn read(choice: &Choice, settings: &Settings) -> Read {
    let mut read = Read::default();
    let agents = settings.agents.iter();
    let known: HashMap<_, _> = agents.map(|agent| (&agent.address, agent)).collect();
    // The line of each agent in `chosen`.
    let mut lines: HashMap<AgentAddress, Option<usize>> = HashMap::new();
    for picked in &choice.picked {
        if lines.insert(picked.address.clone(), None).is_none() {
            read.chosen.push(picked.clone());
        }
    }
    for (index, line) in choice.text.lines().enumerate() {
        let number = index + 1;
        for part in line.split(is_separator).filter(|part| !part.is_empty()) {
            let what = match settings.admit(part) {
                Err(problem) => What::Unusable(problem),
                Ok(address) => match lines.get(&address) {
                    Some(first) => What::Duplicate(*first),
                    None => {
                        lines.insert(address.clone(), Some(number));
                        let listed = known.get(&address).copied();
                        read.chosen.push(chosen(address, listed));
                        continue;
                    }
                },
            };
            read.problems.push(Problem {
                line: number,
                text: part.to_owned(),
                what,
            });
        }
    }
    read
}

fn is_separator(char: char) -> bool {
    char.is_whitespace() || matches!(char, ',' | ';' | '\u{ff0c}' | '\u{ff1b}' | '\u{3001}')
}

/// An agent with the label and group from the site's list.
#[must_use]
pub fn listed(address: AgentAddress, settings: &Settings) -> Chosen {
    let listed = settings.agents.iter().find(|it| it.address == address);
    chosen(address, listed)
}

fn chosen(address: AgentAddress, listed: Option<&ListedAgent>) -> Chosen {
    Chosen {
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
        let read = read(&choice, &Settings::default());
        let chosen: Vec<_> = read
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
        let problems: Vec<_> = read
            .problems
            .iter()
            .map(|it| (it.line, it.text.as_str(), it.what))
            .collect();
        assert_eq!(
            problems,
            [
                (
                    4,
                    "10.0.0.4",
                    What::Unusable(AddressProblem::Malformed(AddressError::NoPort))
                ),
                (5, "10.0.0.1:2886", What::Duplicate(Some(1))),
                (6, "10.0.0.9:2886", What::Duplicate(None)),
            ]
        );
        assert!(read.is_stopped());
    }
}
