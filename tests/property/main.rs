//! Tests the flow under random events, against a model of an agent whose true state is known: in
//! every step of every sequence it sends no DELETE too many, makes no false statement, and
//! continues.
//!
//! `ODP_PROPERTY_SEQUENCES` sets the number of sequences (default: 1,000,000), and
//! `ODP_PROPERTY_SEED` the first seed. A failure names its seed and prints its events.

#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

mod agent;
mod fleet;
mod random;
mod sequence;

use std::thread;
use std::time::Instant;

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |value| value.parse().unwrap())
}

#[test]
fn whatever_happens_it_tells_the_truth_and_destroys_at_most_once() {
    let count = from_environment("ODP_PROPERTY_SEQUENCES", 1_000_000);
    let first = from_environment("ODP_PROPERTY_SEED", 0);
    let threads = thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let began = Instant::now();
    let seen = thread::scope(|scope| {
        let play = |thread: u64| {
            let starts = sequence::Starts::new();
            let mut seen = sequence::Seen::default();
            for seed in (first + thread..first + count).step_by(threads as usize) {
                if let Err(what) = starts.play(seed, &mut seen, None) {
                    let mut story = Vec::new();
                    let _ = starts.play(seed, &mut sequence::Seen::default(), Some(&mut story));
                    panic!("seed {seed}: {what}\n{}", story.join("\n"));
                }
            }
            seen
        };
        let threads: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || play(thread)))
            .collect();
        threads
            .into_iter()
            .fold(sequence::Seen::default(), |seen, thread| {
                seen.with(thread.join().unwrap())
            })
    });
    assert_eq!(seen.sequences, count);
    // A test that never reaches an ending proves nothing about it.
    if count >= 100_000 {
        seen.assert_everything_was_met();
    }
    // Shown with `--nocapture`.
    eprintln!("{seen:#?} in {:?}", began.elapsed());
}
