//! Numbers that look like chance and are the same on every machine.

/// Knuth's linear congruential generator (MMIX).
pub(super) struct Chance(u64);

impl Chance {
    /// One sequence for each number.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// False as often as `gone` of a hundred.
    pub(super) fn keeps(&mut self, gone: u64) -> bool {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % 100 >= gone
    }
}
