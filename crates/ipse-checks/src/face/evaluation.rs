//! How often a set of models is wrong, and how well that is known: error rates of ISO/IEC 19795-1 and 30107-3 from scores
//! that somebody collected, with exact intervals. `ipse evaluate face` collects them.

use super::models::{Measured, Rate};
use serde::Serialize;

/// Half of what a 95 % interval leaves out.
const TAIL: f64 = 0.025;

/// So many errors in so many trials.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Proportion {
    /// How many trials came out wrong.
    pub errors: u64,
    /// How many there were.
    pub n: u64,
}

impl Proportion {
    fn of<T>(all: &[T], is_error: impl Fn(&T) -> bool) -> Self {
        Self { errors: all.iter().filter(|one| is_error(one)).count() as u64, n: all.len() as u64 }
    }

    /// The share of errors, 0–1; nothing of nothing.
    pub fn rate(self) -> Option<f64> {
        (self.n > 0).then(|| self.errors as f64 / self.n as f64)
    }

    /// The 95 % interval of Clopper and Pearson around the rate: exact for independent trials, never too narrow for them.
    /// Everything is possible where nothing was tried.
    pub fn interval(self) -> (f64, f64) {
        let Self { errors, n } = self;
        if n == 0 {
            return (0.0, 1.0);
        }
        if errors > n / 2 {
            let (low, high) = Self { errors: n.saturating_sub(errors), n }.interval();
            return (1.0 - high, 1.0 - low);
        }
        // At the lower end this many errors or more are as unlikely as the tail, at the upper end this many or fewer.
        let low = if errors == 0 { 0.0 } else { rate_at_which(errors - 1, n, 1.0 - TAIL) };
        (low, rate_at_which(errors, n, TAIL))
    }

    /// As a manifest says it; nothing where nothing was tried. Ends of the interval are rounded outwards.
    pub fn measured(self, rate: Rate, test_set: &str) -> Option<Measured> {
        const DIGITS: f64 = 1e8;
        let (low, high) = self.interval();
        Some(Measured {
            rate,
            value: (self.rate()? * DIGITS).round() / DIGITS,
            low: (low * DIGITS).floor() / DIGITS,
            high: (high * DIGITS).ceil() / DIGITS,
            n: self.n,
            test_set: test_set.to_owned(),
        })
    }
}

/// The error rate at which at most so many errors in `n` trials have this chance.
fn rate_at_which(errors: u64, n: u64, chance: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if at_most(errors, n, middle) > chance { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The chance of at most so many errors in `n` trials. The terms are summed relative to the largest so far, since single
/// ones are smaller than any number.
fn at_most(errors: u64, n: u64, rate: f64) -> f64 {
    let odds = rate.ln() - (-rate).ln_1p();
    let (mut term, mut largest, mut sum) = (n as f64 * (-rate).ln_1p(), f64::NEG_INFINITY, 0.0);
    for count in 0..=errors {
        if term > largest {
            sum = sum * (largest - term).exp() + 1.0;
            largest = term;
        } else {
            sum += (term - largest).exp();
        }
        term += ((n - count) as f64 / (count + 1) as f64).ln() + odds;
    }
    (largest + sum.ln()).exp()
}

/// The rates of a comparison at one threshold (ISO/IEC 19795-1): of comparisons that took place. What could not be
/// acquired is counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Operating {
    /// From this similarity on two faces are taken for one person's.
    pub threshold: f32,
    /// False match rate, of the non-mated comparisons.
    pub fmr: Proportion,
    /// False non-match rate, of the mated comparisons.
    pub fnmr: Proportion,
}

/// Too few trials to speak of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TooFew {
    /// How many it takes.
    pub needed: u64,
    /// How many there are.
    pub n: u64,
}

/// Similarities of pairs of which it is known whose faces they are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparisons {
    mated: Vec<f32>,
    non_mated: Vec<f32>,
}

impl Comparisons {
    /// Adds a comparison; `same` says whether both faces are one person's.
    pub fn add(&mut self, similarity: f32, same: bool) {
        if same { &mut self.mated } else { &mut self.non_mated }.push(similarity);
    }

    /// How many comparisons of one person with themselves there are, and how many of two people.
    pub fn counts(&self) -> (u64, u64) {
        (self.mated.len() as u64, self.non_mated.len() as u64)
    }

    /// The rates at a threshold.
    pub fn at(&self, threshold: f32) -> Operating {
        Operating {
            threshold,
            fmr: Proportion::of(&self.non_mated, |similarity| *similarity >= threshold),
            fnmr: Proportion::of(&self.mated, |similarity| *similarity < threshold),
        }
    }

    /// The least threshold, to four digits, at which no larger share of the non-mated comparisons matches.
    ///
    /// # Errors
    /// When there are fewer than three for each one that `rate` allows: by the rule of three, not even a test without any
    /// error would show that the rate is held.
    pub fn at_fmr(&self, rate: f64) -> Result<Operating, TooFew> {
        const DIGITS: f64 = 1e4;
        let n = self.non_mated.len();
        let needed = (3.0 / rate).ceil() as u64;
        if (n as u64) < needed {
            return Err(TooFew { needed, n: n as u64 });
        }
        let mut falling = self.non_mated.clone();
        falling.sort_by(|a, b| b.total_cmp(a));
        // The highest one that must not match.
        let limit = falling.get((n as f64 * rate) as usize).copied().unwrap_or(-1.0);
        let threshold = ((f64::from(limit) * DIGITS).floor() + 1.0) / DIGITS;
        Ok(self.at(threshold as f32))
    }

    /// Every threshold at which a rate changes, rising: the detection error trade-off.
    pub fn trade_off(&self) -> Vec<Operating> {
        let sorted = |scores: &[f32]| {
            let mut scores = scores.to_vec();
            scores.sort_by(f32::total_cmp);
            scores
        };
        let (mated, non_mated) = (sorted(&self.mated), sorted(&self.non_mated));
        let mut thresholds: Vec<f32> = mated.iter().chain(&non_mated).map(|score| score.next_up()).collect();
        thresholds.sort_by(f32::total_cmp);
        thresholds.dedup();
        let below = |scores: &[f32], threshold: f32| scores.partition_point(|score| *score < threshold) as u64;
        let (of_mated, of_others) = (mated.len() as u64, non_mated.len() as u64);
        let at = |threshold| Operating {
            threshold,
            fmr: Proportion { errors: of_others - below(&non_mated, threshold), n: of_others },
            fnmr: Proportion { errors: below(&mated, threshold), n: of_mated },
        };
        thresholds.into_iter().map(at).collect()
    }
}

/// What presentation-attack detectors said of pictures of one kind: of one species of attack, or of live people.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Presentations {
    scores: Vec<f32>,
    silent: u64,
}

impl Presentations {
    /// Adds the probability of a live face; nothing where no face, or no single one, could be looked at.
    pub fn add(&mut self, live: Option<f32>) {
        match live {
            Some(live) => self.scores.push(live),
            None => self.silent += 1,
        }
    }

    /// How many were looked at, the silent ones aside.
    pub fn count(&self) -> u64 {
        self.scores.len() as u64
    }

    /// The share that got no answer (APNRR or BPNRR).
    pub fn non_response(&self) -> Proportion {
        Proportion { errors: self.silent, n: self.silent + self.scores.len() as u64 }
    }

    /// The share that was taken for live faces, of those with an answer: APCER, if these are attacks of one species.
    pub fn taken_for_live(&self, threshold: f32) -> Proportion {
        Proportion::of(&self.scores, |live| *live >= threshold)
    }

    /// The share that was not taken for live faces, of those with an answer: BPCER, if these are bona fide.
    pub fn not_taken_for_live(&self, threshold: f32) -> Proportion {
        Proportion::of(&self.scores, |live| *live < threshold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(errors: u64, n: u64) -> (f64, f64) {
        Proportion { errors, n }.interval()
    }

    #[test]
    fn intervals_are_the_published_ones() {
        // Newcombe, Statistics in Medicine 17 (1998), table I, method 5: Clopper–Pearson, to four digits.
        for (errors, n, low, high) in
            [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)]
        {
            let (lower, upper) = interval(errors, n);
            assert!((lower - low).abs() < 5e-5 && (upper - high).abs() < 5e-5, "{errors}/{n}: {lower} {upper}");
            let (lower, upper) = interval(n - errors, n);
            assert!((lower - (1.0 - high)).abs() < 5e-5 && (upper - (1.0 - low)).abs() < 5e-5, "{errors}/{n}");
        }
    }

    #[test]
    fn intervals_hold_where_terms_are_smaller_than_any_number() {
        // Without errors the upper end is 1 − 0.025^(1/n), whatever n is.
        for n in [1, 2, 102, 30_000, 10_000_000] {
            let expected = -(TAIL.ln() / n as f64).exp_m1();
            let (low, high) = interval(0, n);
            assert!(low == 0.0 && (high / expected - 1.0).abs() < 1e-9, "{n}: {high} {expected}");
        }
        // With many, the interval is nearly the normal one.
        let (low, high) = interval(25_000, 100_000);
        let half = 1.959_964 * (0.25_f64 * 0.75 / 1e5).sqrt();
        assert!((low - (0.25 - half)).abs() < 2e-5 && (high - (0.25 + half)).abs() < 2e-5, "{low} {high}");
        assert_eq!(interval(0, 0), (0.0, 1.0));
        assert_eq!(Proportion::default().rate(), None);
        assert_eq!(Proportion::default().measured(Rate::Fmr, "nothing"), None);
    }

    fn comparisons() -> Comparisons {
        let mut comparisons = Comparisons::default();
        for number in 0..1000 {
            comparisons.add(number as f32 / 2000.0, false);
            comparisons.add(0.4 + number as f32 / 2000.0, true);
        }
        comparisons
    }

    #[test]
    fn a_score_on_the_threshold_is_a_match() {
        let mut comparisons = Comparisons::default();
        for (similarity, same) in [(0.5, true), (0.4, true), (0.5, false), (0.6, false), (0.1, false)] {
            comparisons.add(similarity, same);
        }
        let at = comparisons.at(0.5);
        assert_eq!((at.fmr, at.fnmr), (Proportion { errors: 2, n: 3 }, Proportion { errors: 1, n: 2 }));
        assert_eq!(comparisons.counts(), (2, 3));
    }

    #[test]
    fn a_threshold_is_named_only_where_enough_was_compared() {
        let comparisons = comparisons();
        let at = comparisons.at_fmr(1e-2).unwrap();
        assert_eq!((at.fmr.errors, at.threshold), (10, 0.4946), "{at:?}");
        assert_eq!(comparisons.at(at.threshold - 0.001).fmr.errors, 12);
        assert_eq!(comparisons.at_fmr(1e-3), Err(TooFew { needed: 3000, n: 1000 }));
        assert_eq!(Comparisons::default().at_fmr(1e-2), Err(TooFew { needed: 300, n: 0 }));
    }

    #[test]
    fn the_trade_off_runs_from_all_to_nothing() {
        let comparisons = comparisons();
        let curve = comparisons.trade_off();
        let (first, last) = (curve.first().unwrap(), curve.last().unwrap());
        assert_eq!((first.fmr.errors, first.fnmr.errors), (999, 0));
        assert_eq!((last.fmr.errors, last.fnmr.errors), (0, 1000));
        for (one, next) in curve.iter().zip(curve.iter().skip(1)) {
            assert!(one.fmr.errors >= next.fmr.errors && one.fnmr.errors <= next.fnmr.errors);
            assert_eq!(*one, comparisons.at(one.threshold));
        }
    }

    #[test]
    fn presentations_without_an_answer_are_counted_apart() {
        let mut prints = Presentations::default();
        for live in [Some(0.9), Some(0.8), Some(0.1), None] {
            prints.add(live);
        }
        assert_eq!(prints.taken_for_live(0.8), Proportion { errors: 2, n: 3 });
        assert_eq!(prints.not_taken_for_live(0.8), Proportion { errors: 1, n: 3 });
        assert_eq!(prints.non_response(), Proportion { errors: 1, n: 4 });
    }

    #[test]
    fn what_is_written_down_never_flatters() {
        let written = Proportion { errors: 1, n: 30_000 }.measured(Rate::Fmr, "some").unwrap();
        let (low, high) = interval(1, 30_000);
        assert!(written.low <= low && written.high >= high && (written.value - 1.0 / 30_000.0).abs() < 1e-8);
    }
}
