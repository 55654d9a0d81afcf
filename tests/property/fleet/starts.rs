//! Where sequences begin, and how one is played.

use odp_console::fleet::event::FleetEvent;
use odp_console::fleet::state::Phase;

use super::seen::Seen;
use super::world::{Checked, World};
use crate::agent::START;
use crate::random::Random;

/// Where sequences begin.
pub struct Starts {
    /// By the number of members: at signing in, at the review, in a run.
    worlds: Vec<[World; 3]>,
}

impl Starts {
    pub fn new() -> Self {
        let worlds = (1..=12).map(|count| {
            let mut seen = Seen::default();
            let signing_in = World::new(count);
            let mut reviewed = signing_in.clone();
            reviewed.give_passwords(&mut seen).unwrap();
            reviewed.tell(FleetEvent::Check, &mut seen).unwrap();
            reviewed.settle(&mut seen).unwrap();
            assert!(reviewed.fleet.can_review(), "{}", reviewed.brief());
            reviewed.tell(FleetEvent::Review, &mut seen).unwrap();
            let mut running = reviewed.clone();
            running.confirm(&mut seen).unwrap();
            assert_eq!(running.fleet.phase, Phase::Run);
            [signing_in, reviewed, running]
        });
        Self {
            worlds: worlds.collect(),
        }
    }

    pub fn play(&self, seed: u64, seen: &mut Seen, mut story: Option<&mut Vec<String>>) -> Checked {
        let mut random = Random::new(seed);
        // Few members more often: the rules are about two of them mostly.
        let count = if random.once_in(8) {
            1 + random.below(12)
        } else {
            1 + random.below(4)
        };
        let mut world = self.worlds[count - 1][random.pick(&[0, 1, 1, 2, 2, 2])].clone();
        world.is_host = random.once_in(8);
        if world.fleet.phase != Phase::Run || random.once_in(2) {
            world.set_up(&mut random, seen)?;
        }
        let length = 10 + random.below(80);
        for _ in 0..length {
            let what = world.happen(&mut random, seen);
            if let Some(story) = &mut story {
                let what = what.as_ref().map_or("", |what| what);
                story.push(format!("{} {what}: {}", world.now - START, world.brief()));
            }
            what?;
            seen.events += 1;
        }
        if random.once_in(10) {
            if let Some(story) = &mut story {
                story.push("from now on everything is fair".to_owned());
            }
            let fair = world.be_fair(seen);
            if let Some(story) = &mut story {
                story.push(world.brief());
            }
            fair?;
        }
        seen.sequences += 1;
        Ok(())
    }
}
