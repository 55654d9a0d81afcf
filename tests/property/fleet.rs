//! Tests a run over several agents under random events, against a model of each agent whose true
//! state is known: the guarantees of `docs/guarantees.md` for a run hold in every step of every
//! sequence, every ending is true, and with a fair network every run ends.
//!
//! Plays a fifth of `ODP_PROPERTY_SEQUENCES` (200,000 by default): a sequence has up to twelve
//! agents.

mod people;
mod seen;
mod starts;
mod ways;
mod world;

use std::thread;
use std::time::Instant;

use crate::from_environment;
use seen::Seen;
use starts::Starts;

#[test]
fn whatever_happens_a_run_keeps_its_promises() {
    let count = from_environment("ODP_PROPERTY_SEQUENCES", 1_000_000) / 5;
    let first = from_environment("ODP_PROPERTY_SEED", 0);
    let threads = thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let began = Instant::now();
    let seen = thread::scope(|scope| {
        let play = |thread: u64| {
            let starts = Starts::new();
            let mut seen = Seen::default();
            for seed in (first + thread..first + count).step_by(threads as usize) {
                if let Err(what) = starts.play(seed, &mut seen, None) {
                    let mut story = Vec::new();
                    let _ = starts.play(seed, &mut Seen::default(), Some(&mut story));
                    panic!("seed {seed}: {what}\n{}", story.join("\n"));
                }
            }
            seen
        };
        let threads: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || play(thread)))
            .collect();
        threads.into_iter().fold(Seen::default(), |seen, thread| {
            seen.with(thread.join().unwrap())
        })
    });
    assert_eq!(seen.sequences, count);
    if count >= 100_000 {
        seen.assert_everything_was_met();
    }
    // Shown with `--nocapture`.
    eprintln!("{seen:#?} in {:?}", began.elapsed());
}
