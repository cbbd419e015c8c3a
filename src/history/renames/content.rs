//! What is remembered of a file's content: a key for equality, and its lines for similarity.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Files with fewer lines than this (blank ones aside) say too little about themselves to be matched by similarity.
const SMALL_LINES: usize = 3;

/// Stands for a content up to its line ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Key {
    bytes: u64,
    hash: u64,
    /// Fewer than three lines.
    pub(super) small: bool,
    /// Nothing but white space.
    pub(super) empty: bool,
}

impl Key {
    pub(super) fn of(content: &[u8]) -> Self {
        // The standard hasher has the same keys in every run as long as it is made this way.
        let mut hasher = DefaultHasher::new();
        let (mut bytes, mut filled) = (0, 0);
        for line in lines(content) {
            line.hash(&mut hasher);
            bytes += line.len() as u64 + 1;
            filled += usize::from(!line.trim_ascii().is_empty());
        }
        Self { bytes, hash: hasher.finish(), small: filled < SMALL_LINES, empty: filled == 0 }
    }
}

/// The lines of a content as a multiset: the hash of a line, and how many bytes all its occurrences take.
pub(super) struct Lines {
    weights: Vec<(u64, u64)>,
    total: u64,
}

impl Lines {
    /// `None` for binary content.
    pub(super) fn of(content: &[u8]) -> Option<Self> {
        if content.contains(&0) {
            return None;
        }
        let mut single: Vec<(u64, u64)> = lines(content).map(|line| (hash_of(line), line.len() as u64 + 1)).collect();
        single.sort_unstable();
        let mut weights: Vec<(u64, u64)> = Vec::with_capacity(single.len());
        for (hash, weight) in single {
            match weights.last_mut() {
                Some(last) if last.0 == hash => last.1 += weight,
                _ => weights.push((hash, weight)),
            }
        }
        let total = weights.iter().map(|(_, weight)| weight).sum();
        Some(Self { weights, total })
    }

    /// Bytes in common by ten thousand, of the larger one; `None` below one half.
    pub(super) fn similarity(&self, other: &Self) -> Option<u64> {
        let larger = self.total.max(other.total).max(1);
        if self.total.min(other.total) * 2 < larger {
            return None;
        }
        let (mut common, mut a, mut b) = (0, 0, 0);
        while let (Some((hash_a, weight_a)), Some((hash_b, weight_b))) = (self.weights.get(a), other.weights.get(b)) {
            match hash_a.cmp(hash_b) {
                std::cmp::Ordering::Less => a += 1,
                std::cmp::Ordering::Greater => b += 1,
                std::cmp::Ordering::Equal => {
                    common += weight_a.min(weight_b);
                    (a, b) = (a + 1, b + 1);
                }
            }
        }
        (common * 2 >= larger).then(|| common * 10_000 / larger)
    }
}

/// Lines without their ends; a missing last line end makes no difference.
fn lines(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    content.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

fn hash_of(line: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    line.hash(&mut hasher);
    hasher.finish()
}
