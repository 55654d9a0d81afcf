//! Pseudorandom bytes that are the same on every platform and in every run.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};

/// Generates SHA-256(seed ‖ 0) ‖ SHA-256(seed ‖ 1) ‖ …, with counters of 8 bytes, big-endian.
///
/// `tests/fixtures/vectors/generate.py` has the same generator, so that both draw the same padding.
pub struct CounterRng {
    seed: String,
    counter: u64,
    unread: Vec<u8>,
}

impl CounterRng {
    pub fn new(seed: &str) -> Self {
        Self {
            seed: seed.to_owned(),
            counter: 0,
            unread: Vec::new(),
        }
    }
}

impl TryRng for CounterRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Infallible> {
        while self.unread.len() < destination.len() {
            let block = Sha256::new()
                .chain_update(&self.seed)
                .chain_update(self.counter.to_be_bytes())
                .finalize();
            self.unread.extend_from_slice(&block);
            self.counter += 1;
        }
        let rest = self.unread.split_off(destination.len());
        destination.copy_from_slice(&self.unread);
        self.unread = rest;
        Ok(())
    }
}

/// For tests only: its output is public.
impl TryCryptoRng for CounterRng {}
