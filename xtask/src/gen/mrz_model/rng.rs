//! A small deterministic source of randomness, so that the same program writes the same weights everywhere.

/// `SplitMix64`.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in `0..1`.
    pub fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / 16_777_216.0
    }

    /// Uniform in `low..high`.
    pub fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Uniform in `0..count`.
    pub fn below(&mut self, count: usize) -> usize {
        ((self.next() >> 32) as usize * count) >> 32
    }

    pub fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// Nearly normal, mean 0 and deviation 1, by the sum of uniforms: no library call whose last bit differs between
    /// systems.
    pub fn normal(&mut self) -> f32 {
        let bits = self.next();
        let mut sum = 0.0;
        for shift in [0, 16, 32, 48] {
            sum += ((bits >> shift) & 0xFFFF) as f32 / 65_536.0;
        }
        (sum - 2.0) * 1.732_050_8
    }
}
