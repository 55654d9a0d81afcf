//! The starting points of sequences, and how a sequence is played.

use super::*;
use crate::random::Random;

/// The starting points of sequences.
pub struct Starts {
    /// Before a DELETE.
    before: Vec<Sequence>,
    /// The same with a session of a CLUSTER AGENT.
    with_session: Vec<Sequence>,
    /// The same with old agents, and with those that refuse their own ids.
    other: Vec<Sequence>,
    /// At the end of a destroy that stopped and accepts operations.
    stopped: Vec<Sequence>,
    /// At the review of an agent that manages no ODP.
    unmanaged: Sequence,
    /// At an ending that says that nothing was done, while a copy of the DELETE is in transit.
    said: Vec<Sequence>,
}

impl Starts {
    pub fn new() -> Self {
        let fresh = |agent: Agent| Sequence {
            agent,
            state: State::new(Rc::new(Settings {
                notifications: true,
                ..Settings::default()
            })),
            now: START,
            ahead: 0,
            vault: None,
            flights: Vec::new(),
            late: Vec::new(),
            answers: 0,
            cache: Vec::new(),
            shown: None,
            shown_before: None,
            newest: 0,
            timer: None,
            stale: None,
            confirmations: Vec::new(),
            agreed: None,
            moments: 0,
            read_at: 0,
            operated_at: 0,
            jumped: false,
            set_back: false,
            listed: false,
            managed: true,
        };
        let new = Agent::new();
        let mut added = Agent::new();
        added.managed = false;
        assert!(added.start(Kind::Add, None, START));
        (0..5).for_each(|_| added.tick(0, false, START));
        assert!(added.managed && !added.locked);
        let mut failed = added.clone();
        assert!(failed.start(Kind::Delete, None, START));
        failed.tick(1, false, START);
        failed.tick(1, true, START);
        assert!(!failed.locked);
        let starts = |is_cluster: bool, version: Version, refuses_ids: bool| {
            let mut starts = vec![fresh(new.clone())];
            for agent in [&new, &added, &failed] {
                let agent = Agent {
                    is_cluster,
                    version,
                    refuses_ids,
                    ..agent.clone()
                };
                let mut sequence = fresh(agent);
                let mut seen = Seen::default();
                let edited = FlowEvent::AddressEdited(ADDRESS.to_owned());
                sequence.tell(edited, &mut seen).unwrap();
                sequence.tell(FlowEvent::AddressChosen, &mut seen).unwrap();
                sequence.be_fair(&mut seen).unwrap();
                if is_cluster {
                    let root = FlowEvent::SignInWith(SignIn::RootPassword);
                    sequence.tell(root, &mut seen).unwrap();
                }
                sequence.authenticate(&mut seen).unwrap();
                sequence.be_fair(&mut seen).unwrap();
                assert!(matches!(sequence.state.screen, Screen::Review(_)));
                assert_eq!(sequence.agent.sessions.len(), usize::from(is_cluster));
                starts.push(sequence);
            }
            starts
        };
        let agents = [
            (Version::V4_5_0_0, false),
            (Version::V4_5_0_0, true),
            (Version::V4_3_0_0, false),
            (Version::V4_2_6_0, false),
        ];
        let stages = [1, 2, 3, 4].into_iter();
        let stopped = stages.flat_map(|stage| agents.map(|agent| (stage, agent)));
        let stopped = stopped.map(|(stage, (version, refuses_ids))| {
            let mut agent = Agent::new();
            (agent.version, agent.refuses_ids) = (version, refuses_ids);
            assert!(agent.start(Kind::Delete, None, START));
            (0..stage).for_each(|_| agent.tick(0, false, START));
            let mut sequence = fresh(agent);
            let mut seen = Seen::default();
            let edited = FlowEvent::AddressEdited(ADDRESS.to_owned());
            sequence.tell(edited, &mut seen).unwrap();
            sequence.authenticate(&mut seen).unwrap();
            while !matches!(sequence.state.screen, Screen::Review(_)) {
                sequence.pass(10, &mut seen).unwrap();
                sequence.deliver(0, false, &mut seen).unwrap();
                sequence.answer(0, None, &mut seen).unwrap();
            }
            sequence.agent.tick(0, true, sequence.now);
            sequence.tell(FlowEvent::FollowHolder, &mut seen).unwrap();
            sequence.be_fair(&mut seen).unwrap();
            assert_eq!(
                watched(&sequence.state).is_some_and(|task| task.offers(Operation::Retry)),
                !refuses_ids
            );
            sequence
        });
        let before = starts(false, Version::V4_5_0_0, false);
        let with_session = starts(true, Version::V4_5_0_0, false);
        let other = [
            starts(false, Version::V4_3_0_0, false),
            starts(false, Version::V4_2_6_0, false),
            starts(false, Version::V4_5_0_0, true),
            starts(false, Version::V4_2_6_0, true),
        ];
        let other: Vec<_> = other.concat();
        let mut said = Vec::new();
        for start in before.iter().chain(&with_session).chain(&other) {
            if !matches!(start.state.screen, Screen::Review(_)) {
                continue;
            }
            for lost in [true, false] {
                let mut sequence = start.clone();
                sequence.say_too_early(lost).unwrap();
                said.push(sequence);
            }
        }
        // Nothing to destroy, and a person who may continue anyway.
        let mut none = Agent::new();
        none.managed = false;
        let mut sequence = fresh(none);
        let mut seen = Seen::default();
        let edited = FlowEvent::AddressEdited(ADDRESS.to_owned());
        sequence.tell(edited, &mut seen).unwrap();
        sequence.tell(FlowEvent::AddressChosen, &mut seen).unwrap();
        sequence.be_fair(&mut seen).unwrap();
        sequence.authenticate(&mut seen).unwrap();
        sequence.be_fair(&mut seen).unwrap();
        assert!(matches!(sequence.state.screen, Screen::Review(_)));
        Self {
            unmanaged: sequence,
            before,
            with_session,
            other,
            stopped: stopped.collect(),
            said,
        }
    }

    /// Plays the sequence of this seed.
    pub fn play(&self, seed: u64, seen: &mut Seen, mut story: Option<&mut Vec<String>>) -> Checked {
        let mut random = Random::new(seed);
        let start = random
            .below(self.before.len() * 4)
            .min(self.before.len() - 1);
        let start = if random.once_in(8) { 0 } else { start.max(1) };
        let mut sequence = if random.once_in(50) {
            self.unmanaged.clone()
        } else if random.once_in(8) {
            self.said[random.below(self.said.len())].clone()
        } else if random.once_in(4) {
            self.stopped[random.below(self.stopped.len())].clone()
        } else if random.once_in(3) {
            self.other[random.below(self.other.len())].clone()
        } else if random.once_in(4) {
            self.with_session[start].clone()
        } else {
            self.before[start].clone()
        };
        // Most start with a destroy; some read the agent's past tasks.
        if random.once_in(40) {
            sequence.tell(FlowEvent::ListTasks, seen)?;
        } else if start > 0 && !random.once_in(8) && ending(&sequence.state).is_none() {
            sequence.confirm(seen)?;
        }
        let calm = random.once_in(2);
        let longest = random.pick(&[15, 15, 25, 25, 60]);
        for _ in 0..10 + random.below(longest - 9) {
            seen.events += 1;
            let what = sequence.happen(&mut random, calm, seen)?;
            if let Some(story) = &mut story {
                story.push(format!(
                    "{} {what}: {}",
                    sequence.now - START,
                    sequence.brief()
                ));
            }
        }
        seen.sequences += 1;
        // The others are unmounted: they get no further events, and their DELETE may still arrive.
        if random.once_in(3) {
            if random.once_in(2) {
                sequence.agent.be(None);
            }
            sequence
                .be_fair(seen)
                .map_err(|what| format!("with a fair agent: {what}; {}", sequence.brief()))?;
        }
        sequence.arrive_late(seen)
    }
}
