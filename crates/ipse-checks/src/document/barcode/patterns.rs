//! The bar patterns of all codewords as a blurred camera sees them.

use std::sync::OnceLock;

use rxing::pdf417::pdf_417_common::{CODEWORD_TABLE, NUMBER_OF_CODEWORDS, SYMBOL_TABLE};

/// Samples to a module, and modules to a codeword.
pub(super) const PER_MODULE: usize = 2;
pub(super) const SAMPLES: usize = 17 * PER_MODULE;
const WORDS: usize = NUMBER_OF_CODEWORDS as usize;

/// What a cell was taken for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Match {
    pub word: u32,
    /// 0, 1 or 2: which third of the patterns; rows take them in turn.
    pub cluster: usize,
    /// Correlation with the pattern, at most 1.
    pub score: f32,
    /// By how much the next best pattern is worse.
    pub lead: f32,
}

/// All patterns under one blur, each with mean 0 and length 1, transposed for speed: sample by sample, all words.
pub(super) struct Patterns {
    clusters: [Vec<f32>; 3],
}

/// How much of each module each sample sees, the modules from one before the codeword to one after it.
fn weights(blur: f32) -> Vec<[f32; 19]> {
    let edge = |distance: f32| 1.0 / (1.0 + (-1.702 * distance / blur.max(0.05)).exp());
    (0..SAMPLES)
        .map(|sample| {
            let at = (sample as f32 + 0.5) / PER_MODULE as f32;
            std::array::from_fn(|module| {
                let left = module as f32 - 1.0;
                edge(at - left) - edge(at - left - 1.0)
            })
        })
        .collect()
}

impl Patterns {
    /// `blur` is the deviation of the blur in modules.
    fn new(blur: f32) -> Self {
        let weights = weights(blur);
        let mut clusters: [Vec<f32>; 3] = std::array::from_fn(|_| vec![0.0; SAMPLES * WORDS]);
        for (symbol, number) in SYMBOL_TABLE.iter().zip(CODEWORD_TABLE) {
            let word = (number - 1) as usize % WORDS;
            // A space stands before every codeword and a bar begins the next; beyond these two, either.
            let modules: [f32; 19] = std::array::from_fn(|module| match module {
                0 => 1.0,
                18 => 0.0,
                _ => {
                    if symbol >> (17 - module) & 1 == 1 {
                        0.0
                    } else {
                        1.0
                    }
                }
            });
            let mut samples: [f32; SAMPLES] = [0.0; SAMPLES];
            for (slot, weights) in samples.iter_mut().zip(&weights) {
                let seen: f32 = weights.iter().sum();
                *slot = weights.iter().zip(modules).map(|(weight, module)| weight * module).sum::<f32>()
                    + (1.0 - seen) * 0.5;
            }
            normalise(&mut samples);
            if let Some(table) = clusters.get_mut(cluster(*symbol)) {
                for (row, sample) in table.chunks_exact_mut(WORDS).zip(samples) {
                    if let Some(slot) = row.get_mut(word) {
                        *slot = sample;
                    }
                }
            }
        }
        Self { clusters }
    }

    /// The best word of a cluster for samples of grey.
    pub fn best(&self, mut samples: [f32; SAMPLES], cluster: usize) -> Match {
        normalise(&mut samples);
        let mut scores = [0.0_f32; WORDS];
        let table = self.clusters.get(cluster).map_or(&[][..], |table| table);
        for (row, sample) in table.chunks_exact(WORDS).zip(samples) {
            for (score, value) in scores.iter_mut().zip(row) {
                *score += sample * value;
            }
        }
        let (mut word, mut best, mut second) = (0, f32::MIN, f32::MIN);
        for (index, score) in scores.into_iter().enumerate() {
            if score > best {
                (word, second, best) = (index, best, score);
            } else if score > second {
                second = score;
            }
        }
        Match { word: word as u32, cluster, score: best, lead: best - second }
    }

    /// The best word of all clusters.
    pub fn best_of_all(&self, samples: &[f32; SAMPLES]) -> Match {
        let mut all = [0, 1, 2].map(|cluster| self.best(*samples, cluster));
        all.sort_by(|a, b| b.score.total_cmp(&a.score));
        let [first, second, _] = all;
        Match { lead: first.lead.min(first.score - second.score), ..first }
    }
}

/// The cluster by the widths of the bars (5.3.1): (b1 − b2 + b3 − b4) mod 9, which is 0, 3 or 6.
fn cluster(symbol: u32) -> usize {
    let (mut widths, mut bar, mut before) = ([0_i32; 4], 0, false);
    for module in (0..17).rev() {
        let dark = symbol >> module & 1 == 1;
        if dark {
            if !before && module != 16 {
                bar += 1;
            }
            if let Some(width) = widths.get_mut(bar) {
                *width += 1;
            }
        }
        before = dark;
    }
    let [a, b, c, d] = widths;
    ((a - b + c - d).rem_euclid(9) / 3) as usize
}

pub(super) fn normalise(samples: &mut [f32]) {
    let mean = samples.iter().sum::<f32>() / samples.len().max(1) as f32;
    let length = samples.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>().sqrt().max(1e-3);
    for sample in samples {
        *sample = (*sample - mean) / length;
    }
}

/// The blurs that are told apart, in tenths of a module.
const BLURS: std::ops::RangeInclusive<usize> = 2..=12;

/// The patterns under the blur that a profile of the start guard shows: `PER_MODULE` samples to the module, from the
/// symbol's left edge. They are the same for every picture, so each blur's are made once.
pub(super) fn seen_in(profile: &[f32]) -> &'static Patterns {
    static MADE: [OnceLock<Patterns>; 13] = [const { OnceLock::new() }; 13];
    let tenths = blur_of(profile);
    let made = MADE.get(tenths).unwrap_or(&MADE[0]);
    made.get_or_init(|| Patterns::new(tenths as f32 / 10.0))
}

fn blur_of(profile: &[f32]) -> usize {
    let bars = [(0.0, 8.0), (9.0, 10.0), (11.0, 12.0), (13.0, 14.0)];
    let mut seen = profile.to_vec();
    normalise(&mut seen);
    let fit = |blur: f32| {
        let edge = |distance: f32| 1.0 / (1.0 + (-1.702 * distance / blur).exp());
        let mut ideal: Vec<f32> = (0..seen.len())
            .map(|sample| {
                let at = (sample as f32 + 0.5) / PER_MODULE as f32;
                -bars.iter().map(|(from, to)| edge(at - from) - edge(at - to)).sum::<f32>()
            })
            .collect();
        normalise(&mut ideal);
        ideal.iter().zip(&seen).map(|(a, b)| a * b).sum::<f32>()
    };
    let fits = BLURS.map(|tenths| (tenths, fit(tenths as f32 / 10.0)));
    fits.max_by(|a, b| a.1.total_cmp(&b.1)).map_or(*BLURS.start(), |(tenths, _)| tenths)
}
