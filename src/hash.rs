//! A hash for lookups of short texts and small numbers: several times cheaper than the standard library's, and like
//! it seeded anew in every process, so that nobody can write a policy whose names all collide. Nothing is ever
//! listed in the order of such a hash.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Makes hashers of one seed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seeded {
    seed: u64,
}

impl Default for Seeded {
    fn default() -> Self {
        Seeded { seed: RandomState::new().build_hasher().finish() }
    }
}

impl BuildHasher for Seeded {
    type Hasher = Folding;

    fn build_hasher(&self) -> Folding {
        Folding { state: self.seed, factor: self.seed.rotate_left(32) | 1 }
    }
}

/// Folds word after word: the state and the word are multiplied, and both halves of the product kept.
#[derive(Debug)]
pub(crate) struct Folding {
    state: u64,
    factor: u64,
}

impl Folding {
    fn fold(&mut self, word: u64) {
        let product = u128::from(self.state ^ word) * u128::from(self.factor);
        self.state = ((product >> 64) ^ product) as u64 ^ word.rotate_left(17);
    }
}

impl Hasher for Folding {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.fold(u64::from_le_bytes(*word));
        }
        match bytes.last_chunk::<8>() {
            _ if rest.is_empty() => {}
            // The last eight bytes, some of them for the second time.
            Some(last) => self.fold(u64::from_le_bytes(*last) ^ bytes.len() as u64),
            None => self.fold(rest.iter().fold(bytes.len() as u64, |last, byte| last << 8 | u64::from(*byte))),
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.fold(u64::from(number));
    }

    fn write_u32(&mut self, number: u32) {
        self.fold(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.fold(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.fold(number as u64);
    }

    fn finish(&self) -> u64 {
        self.state
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::hash::BuildHasher;

    use super::Seeded;

    #[test]
    fn like_names_spread_evenly_and_equal_ones_meet() {
        let seeded = Seeded::default();
        let names: Vec<String> = (0..4096).map(|number| format!("team-{number:05}")).collect();
        let hashes: BTreeSet<u64> = names.iter().map(|name| seeded.hash_one(name.as_str())).collect();
        assert_eq!(hashes.len(), names.len());
        // The table takes its place from the low bits and its tag from the highest seven.
        let ends: BTreeSet<(u64, u64)> = hashes.iter().map(|hash| (hash & 0xff, hash >> 57)).collect();
        assert!(ends.len() > 3_000, "{}", ends.len());
        assert_eq!(seeded.hash_one(smol_str::SmolStr::new("team-00007")), seeded.hash_one("team-00007"));
    }
}
