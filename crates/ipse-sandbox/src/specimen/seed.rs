//! Choices that look random and are always the same for the same seed.

/// `SplitMix64`.
#[derive(Clone, Debug)]
pub struct Seed(u64);

impl Seed {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed ^ 0x5EED_0F07_0914)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in `low..high`.
    pub fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * ((self.next() >> 40) as f32 / 16_777_216.0)
    }

    /// One of several.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> Option<T> {
        let index = (self.next() >> 33) as usize % choices.len().max(1);
        choices.get(index).copied()
    }

    /// Nearly normal, mean 0 and deviation 1.
    pub fn normal(&mut self) -> f32 {
        let bits = self.next();
        let sum: f32 = [0, 16, 32, 48].iter().map(|shift| ((bits >> shift) & 0xFFFF) as f32 / 65_536.0).sum();
        (sum - 2.0) * 1.732_050_8
    }
}
