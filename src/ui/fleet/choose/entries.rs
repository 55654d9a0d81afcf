//! The rows of a table of agents: one for each group, followed by one for each of its agents.

use std::collections::HashSet;
use std::ops::Range;

use crate::fleet::member::ChosenAgent;
use crate::flow::settings::ListedAgent;
use crate::obshell::address::AgentAddress;

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A group with its agents, as indexes into the known agents. `None` for agents without a
    /// group.
    Group(Option<String>, Vec<usize>),
    /// An agent, as its index into the known agents.
    Agent(usize),
}

/// The rows of the agents at these indexes. Groups are in order of appearance; agents without a
/// group come last. If no agent has a group, one row represents all agents.
#[must_use]
pub fn entries(known: &[ListedAgent], range: Range<usize>) -> Vec<Entry> {
    let mut groups: Vec<(Option<&str>, Vec<usize>)> = Vec::new();
    let agents = known.iter().enumerate();
    for (place, agent) in agents.skip(range.start).take(range.len()) {
        let name = agent.group.as_deref();
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, places)) => places.push(place),
            None => groups.push((name, vec![place])),
        }
    }
    groups.sort_by_key(|(name, _)| name.is_none());
    let rows = groups.into_iter().flat_map(|(name, places)| {
        let agents: Vec<_> = places.iter().copied().map(Entry::Agent).collect();
        std::iter::once(Entry::Group(name.map(str::to_owned), places)).chain(agents)
    });
    rows.collect()
}

/// The selection after the agents at these indexes are selected (`pick`) or deselected. Known
/// agents are in their own order without duplicates, followed by the other agents in their previous
/// order.
#[must_use]
pub fn picked(
    before: &[ChosenAgent],
    known: &[ListedAgent],
    places: &[usize],
    pick: bool,
) -> Vec<ChosenAgent> {
    let mut addresses: HashSet<&AgentAddress> = before.iter().map(|it| &it.address).collect();
    for agent in places.iter().filter_map(|place| known.get(*place)) {
        if pick {
            addresses.insert(&agent.address);
        } else {
            addresses.remove(&agent.address);
        }
    }
    let all: HashSet<&AgentAddress> = known.iter().map(|it| &it.address).collect();
    let listed = known.iter();
    let listed = listed.filter(|agent| addresses.remove(&agent.address));
    let listed = listed.map(|agent| ChosenAgent {
        address: agent.address.clone(),
        label: agent.label.clone(),
        group: agent.group.clone(),
    });
    let others = before.iter().filter(|it| !all.contains(&it.address));
    listed.chain(others.cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(address: &str, group: Option<&str>) -> ListedAgent {
        ListedAgent {
            address: AgentAddress::parse(address).unwrap(),
            label: None,
            group: group.map(str::to_owned),
            endpoint: None,
        }
    }

    #[test]
    fn groups_keep_their_order_and_their_agents_together() {
        let agents = [
            agent("10.0.0.1:2886", None),
            agent("10.0.0.2:2886", Some("b")),
            agent("10.0.0.3:2886", Some("a")),
            agent("10.0.0.4:2886", Some("b")),
        ];
        assert_eq!(
            entries(&agents, 0..4),
            [
                Entry::Group(Some("b".to_owned()), vec![1, 3]),
                Entry::Agent(1),
                Entry::Agent(3),
                Entry::Group(Some("a".to_owned()), vec![2]),
                Entry::Agent(2),
                Entry::Group(None, vec![0]),
                Entry::Agent(0),
            ]
        );
        assert_eq!(
            entries(&agents, 2..3),
            [Entry::Group(Some("a".to_owned()), vec![2]), Entry::Agent(2)]
        );
    }

    #[test]
    fn what_is_picked_stands_in_the_order_of_the_list_and_others_stay() {
        let known = [
            agent("10.0.0.1:2886", None),
            agent("10.0.0.2:2886", None),
            agent("10.0.0.3:2886", None),
            // The agent book also contains this agent.
            agent("10.0.0.1:2886", Some("saved")),
        ];
        let of_the_book = ChosenAgent {
            address: AgentAddress::parse("10.0.9.9:2886").unwrap(),
            label: Some("Book".to_owned()),
            group: None,
        };
        let shown = |picked: &[ChosenAgent]| -> Vec<String> {
            picked.iter().map(|it| it.address.to_string()).collect()
        };
        let all = picked(&[of_the_book], &known, &[2, 3], true);
        assert_eq!(
            shown(&all),
            ["10.0.0.1:2886", "10.0.0.3:2886", "10.0.9.9:2886"]
        );
        let fewer = picked(&all, &known, &[0], false);
        assert_eq!(shown(&fewer), ["10.0.0.3:2886", "10.0.9.9:2886"]);
    }
}
