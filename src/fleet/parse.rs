//! Pasted addresses: one a line, or separated by commas, semicolons or blanks.

use super::member::Chosen;
use super::state::Choice;
use crate::flow::settings::{AddressProblem, Settings};
use crate::obshell::address::AgentAddress;

/// What a choice means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// The agents in order, each once: what was picked, then what was pasted.
    pub chosen: Vec<Chosen>,
    /// What of the text is no further agent.
    pub problems: Vec<Problem>,
}

impl Read {
    /// Whether an address cannot be used. A duplicate is only told.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        let unusable = |problem: &Problem| matches!(problem.what, What::Unusable(_));
        self.problems.iter().any(unusable)
    }
}

/// A part of the text that is no further agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its line, counted from 1.
    pub line: usize,
    /// The part as written.
    pub text: String,
    /// What is wrong with it.
    pub what: What,
}

/// What is wrong with a part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It is no address, or none that this site allows.
    Unusable(AddressProblem),
    /// The same agent stands in this line already, counted from 1; `None`: it is picked.
    Duplicate(Option<usize>),
}

/// Reads a choice. A pasted agent of the site's list keeps its label and group.
#[must_use]
pub fn read(choice: &Choice, settings: &Settings) -> Read {
    let mut read = Read::default();
    // The line of each, in the order of `chosen`.
    let mut lines: std::collections::HashMap<AgentAddress, Option<usize>> = Default::default();
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
                        read.chosen.push(listed(address, settings));
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

/// An agent with what the site's list says of it.
#[must_use]
pub fn listed(address: AgentAddress, settings: &Settings) -> Chosen {
    let listed = settings.agents.iter().find(|it| it.address == address);
    Chosen {
        label: listed.and_then(|agent| agent.label.clone()),
        group: listed.and_then(|agent| agent.group.clone()),
        address,
    }
}
