//! What an evaluation found: as text, as JSON, and as lines for a manifest.

use super::collect::{Attacks, Pairs};
use ipse_checks::face::evaluation::{Comparisons, Operating, Presentations, Proportion, TooFew};
use ipse_checks::face::models::{Manifest, Measured, Rate, Role};
use ipse_checks::face::{Bounds, Capabilities, Engine};
use serde::{Serialize, Serializer};
use std::fmt::{Display, Formatter, Result};

/// The rates at which thresholds are asked for.
const TARGETS: [f64; 3] = [1e-2, 1e-3, 1e-4];
/// How far around the shipped threshold the table of thresholds reaches, in steps of 0.05.
const STEPS: std::ops::RangeInclusive<i8> = -4..=4;

/// An evaluation.
#[derive(Serialize)]
pub(super) struct Report {
    set: String,
    models: Capabilities,
    for_tests: bool,
    comparison: Option<Comparison>,
    presentation: Option<Presentation>,
    /// What these figures, beside the thresholds of the manifest, would still leave to be shown.
    below_target: Vec<String>,
    #[serde(skip)]
    manifest: String,
}

#[derive(Serialize)]
struct Comparison {
    test_set: String,
    bounds: Bounds,
    failure_to_acquire: Share,
    pairs_left_out: u64,
    mated: u64,
    non_mated: u64,
    shipped: Rates,
    /// Share of the mated comparisons that would go to a reviewer, and of the others.
    reviewed: [Share; 2],
    thresholds: Vec<Rates>,
    for_fmr: Vec<ForFmr>,
    groups: Vec<Groups>,
}

#[derive(Serialize)]
struct Groups {
    column: String,
    groups: Vec<(String, Rates)>,
}

#[derive(Serialize)]
struct ForFmr {
    fmr: f64,
    #[serde(flatten)]
    answer: Answer,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Threshold(Rates),
    TooFew(TooFew),
}

#[derive(Serialize)]
struct Presentation {
    test_set: String,
    bounds: Bounds,
    /// Each species: APCER at the shipped threshold, and the share without an answer (APNRR).
    species: Vec<(String, Share, Share)>,
    bpcer: Share,
    bpnrr: Share,
    thresholds: Vec<(f32, Vec<Share>, Share)>,
}

#[derive(Serialize)]
struct Rates {
    threshold: f32,
    fmr: Share,
    fnmr: Share,
}

/// A proportion that is written with its interval.
struct Share(Proportion);

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let Proportion { errors, n } = self.0;
        serde_json::json!({ "rate": self.0.rate(), "interval": self.0.interval(), "errors": errors, "n": n })
            .serialize(serializer)
    }
}

impl Display for Share {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Some(rate) = self.0.rate() else { return f.pad("not measured") };
        let (low, high) = self.0.interval();
        let Proportion { errors, n } = self.0;
        f.pad(&format!("{} [{}, {}] {errors}/{n}", percent(rate), percent(low), percent(high)))
    }
}

/// As many digits as small shares need.
fn percent(share: f64) -> String {
    let share = share * 100.0;
    if share == 0.0 || share >= 0.1 { format!("{share:.2} %") } else { format!("{share:.4} %") }
}

impl From<Operating> for Rates {
    fn from(at: Operating) -> Self {
        Self { threshold: at.threshold, fmr: Share(at.fmr), fnmr: Share(at.fnmr) }
    }
}

/// Thresholds around the shipped one, which is among them.
fn around(shipped: f32) -> impl Iterator<Item = f32> {
    STEPS.map(move |step| shipped + 0.05 * f32::from(step)).filter(|threshold| (-1.0..=1.0).contains(threshold))
}

impl Report {
    /// Gathers the rates; `names` are those of the test sets, of pairs and of attacks.
    pub(super) fn new(
        manifest: &Manifest,
        engine: &Engine,
        pairs: Option<&Pairs>,
        attacks: Option<&Attacks>,
        (pairs_name, attacks_name): (String, String),
    ) -> Self {
        let models = engine.capabilities();
        let of = |bounds: Option<Bounds>| bounds.unwrap_or(Bounds { pass: 1.0, review: 1.0 });
        let embedder = of(models.embedder.as_ref().map(|(_, bounds)| *bounds));
        let pad = of(models.pad.as_ref().map(|(_, bounds)| *bounds));
        let mut measured: Vec<(Role, Option<Measured>)> = Vec::new();
        if let Some(pairs) = pairs {
            let at = pairs.all.at(embedder.pass);
            measured.push((Role::Embedder, at.fmr.measured(Rate::Fmr, &pairs_name)));
            measured.push((Role::Embedder, at.fnmr.measured(Rate::Fnmr, &pairs_name)));
        }
        if let Some(attacks) = attacks {
            for (species, scores) in &attacks.species {
                let name = format!("{attacks_name}: {species}");
                measured.push((Role::Pad, scores.taken_for_live(pad.pass).measured(Rate::Apcer, &name)));
            }
            let bpcer = attacks.bona_fide.not_taken_for_live(pad.pass);
            measured.push((Role::Pad, bpcer.measured(Rate::Bpcer, &attacks_name)));
        }
        let used = |role| models.models(role).first().map(ToString::to_string);
        let mut with = manifest.clone();
        let mut lines = String::new();
        for role in [Role::Embedder, Role::Pad] {
            let figures: Vec<Measured> =
                measured.iter().filter(|(of, _)| *of == role).filter_map(|(_, one)| one.clone()).collect();
            let Some(model) = with.models.iter_mut().find(|model| Some(model.id()) == used(role)) else { continue };
            if figures.is_empty() {
                continue;
            }
            lines +=
                &format!("# {}, at pass = {}\n", model.name, if role == Role::Pad { pad.pass } else { embedder.pass });
            lines.extend(figures.iter().map(block));
            if let Some(threshold) = &mut model.threshold {
                threshold.measured = figures;
            }
        }
        Self {
            set: manifest.set.clone(),
            for_tests: manifest.for_tests,
            comparison: pairs.map(|pairs| Comparison::new(pairs, embedder, pairs_name)),
            presentation: attacks.map(|attacks| Presentation::new(attacks, pad, attacks_name)),
            below_target: with.below_target(),
            models,
            manifest: lines,
        }
    }
}

/// One figure, as a manifest has it under its model.
fn block(measured: &Measured) -> String {
    let Measured { rate, value, low, high, n, test_set } = measured;
    let rate = format!("{rate:?}").to_lowercase();
    let value = [value, low, high].map(|number| format!("{number:?}"));
    let [value, low, high] = value;
    format!(
        "[[model.threshold.measured]]\nrate = \"{rate}\"\nvalue = {value}\nlow = {low}\nhigh = {high}\nn = {n}\ntest_set = {}\n\n",
        serde_json::Value::from(test_set.as_str())
    )
}

impl Comparison {
    fn new(pairs: &Pairs, bounds: Bounds, test_set: String) -> Self {
        let (mated, non_mated) = pairs.all.counts();
        let (pass, review) = (pairs.all.at(bounds.pass), pairs.all.at(bounds.review));
        let between = |more: u64, less: u64, n| Share(Proportion { errors: more.saturating_sub(less), n });
        let for_fmr = |fmr| ForFmr {
            fmr,
            answer: match pairs.all.at_fmr(fmr) {
                Ok(at) => Answer::Threshold(at.into()),
                Err(too_few) => Answer::TooFew(too_few),
            },
        };
        let by_group = |(column, groups): &(String, std::collections::BTreeMap<String, Comparisons>)| Groups {
            column: column.clone(),
            groups: groups.iter().map(|(name, scores)| (name.clone(), scores.at(bounds.pass).into())).collect(),
        };
        Self {
            test_set,
            bounds,
            failure_to_acquire: Share(pairs.acquired),
            pairs_left_out: pairs.left_out,
            mated,
            non_mated,
            shipped: pass.into(),
            reviewed: [
                between(pass.fnmr.errors, review.fnmr.errors, mated),
                between(review.fmr.errors, pass.fmr.errors, non_mated),
            ],
            thresholds: around(bounds.pass).map(|threshold| pairs.all.at(threshold).into()).collect(),
            for_fmr: TARGETS.map(for_fmr).into(),
            groups: pairs.groups.iter().map(by_group).collect(),
        }
    }
}

impl Presentation {
    fn new(attacks: &Attacks, bounds: Bounds, test_set: String) -> Self {
        let apcer = |scores: &Presentations, threshold| Share(scores.taken_for_live(threshold));
        let species = |(name, scores): (&String, &Presentations)| {
            (name.clone(), apcer(scores, bounds.pass), Share(scores.non_response()))
        };
        let at = |threshold| {
            let all = attacks.species.values().map(|scores| apcer(scores, threshold)).collect();
            (threshold, all, Share(attacks.bona_fide.not_taken_for_live(threshold)))
        };
        Self {
            test_set,
            bounds,
            species: attacks.species.iter().map(species).collect(),
            bpcer: Share(attacks.bona_fide.not_taken_for_live(bounds.pass)),
            bpnrr: Share(attacks.bona_fide.non_response()),
            thresholds: around(bounds.pass).filter(|threshold| *threshold > 0.0).map(at).collect(),
        }
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let of = |role| self.models.models(role).join(", ");
        let (detector, embedder, pad) = (of(Role::Detector), of(Role::Embedder), of(Role::Pad));
        writeln!(f, "Models {}: detector {detector}; embedder {embedder}; presentation attacks {pad}", self.set)?;
        if self.for_tests {
            writeln!(f, "These models are for tests: they recognise nobody.")?;
        }
        writeln!(f, "Rates are given with their 95 % interval (Clopper–Pearson) and errors/trials.")?;
        self.comparison.iter().try_for_each(|comparison| write!(f, "\n{comparison}"))?;
        self.presentation.iter().try_for_each(|presentation| write!(f, "\n{presentation}"))?;
        writeln!(f, "\nFor models.toml, under the model that each is of:\n\n{}", self.manifest.trim_end())?;
        match self.below_target.as_slice() {
            [] => writeln!(f, "\nWith these figures the set reaches its target: strict mode would accept it."),
            below => {
                writeln!(f, "\nWith these figures strict mode would refuse the set:")?;
                below.iter().try_for_each(|one| writeln!(f, "  {one}"))
            }
        }
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Bounds { pass, review } = self.bounds;
        writeln!(f, "Comparison (ISO/IEC 19795-1), {}", self.test_set)?;
        writeln!(f, "  failure to acquire (FTA)     {}", self.failure_to_acquire)?;
        writeln!(f, "  pairs left out for that      {}", self.pairs_left_out)?;
        writeln!(f, "  mated comparisons (genuine)  {}", self.mated)?;
        writeln!(f, "  non-mated (impostor)         {}", self.non_mated)?;
        writeln!(f, "  at the shipped threshold {pass}, similarity from which on it is a match:")?;
        writeln!(f, "    false match rate (FMR)       {}", self.shipped.fmr)?;
        writeln!(f, "    false non-match rate (FNMR)  {}", self.shipped.fnmr)?;
        let [mated, others] = &self.reviewed;
        writeln!(f, "    to a reviewer, from {review}      mated {mated}; non-mated {others}")?;
        writeln!(f, "  Comparisons that share a person are not independent: the intervals are too narrow for them.\n")?;
        writeln!(f, "  {:<12}{:<40}FNMR", "threshold", "FMR")?;
        for Rates { threshold, fmr, fnmr } in &self.thresholds {
            writeln!(f, "  {threshold:<12.3}{fmr:<40}{fnmr}")?;
        }
        writeln!(f)?;
        for ForFmr { fmr, answer } in &self.for_fmr {
            match answer {
                Answer::Threshold(Rates { threshold, fnmr, .. }) => {
                    writeln!(f, "  FMR ≤ {fmr:.0e}: threshold {threshold:.4}, FNMR {fnmr}")?;
                }
                Answer::TooFew(TooFew { needed, n }) => {
                    writeln!(
                        f,
                        "  FMR ≤ {fmr:.0e}: not supported; rule of three: {needed} non-mated comparisons, there are {n}"
                    )?;
                }
            }
        }
        for Groups { column, groups } in &self.groups {
            writeln!(f, "\n  {column:<24}{:<40}FNMR", "FMR")?;
            for (name, Rates { fmr, fnmr, .. }) in groups {
                writeln!(f, "  {name:<24}{fmr:<40}{fnmr}")?;
            }
        }
        Ok(())
    }
}

impl Display for Presentation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Bounds { pass, review } = self.bounds;
        writeln!(f, "Presentation attacks (ISO/IEC 30107-3), {}", self.test_set)?;
        writeln!(
            f,
            "  at the shipped threshold {pass} (less than {review} is refused, between them a reviewer looks):\n"
        )?;
        writeln!(f, "  {:<24}{:<40}APNRR (no answer)", "species", "APCER")?;
        for (name, apcer, silent) in &self.species {
            writeln!(f, "  {name:<24}{apcer:<40}{silent}")?;
        }
        writeln!(f, "  {:<24}{:<40}BPNRR", "", "BPCER")?;
        writeln!(f, "  {:<24}{:<40}{}\n", "bona fide", self.bpcer, self.bpnrr)?;
        write!(f, "  {:<12}", "threshold")?;
        for (name, ..) in &self.species {
            write!(f, "{:<40}", format!("APCER {name}"))?;
        }
        writeln!(f, "BPCER")?;
        for (threshold, species, bpcer) in &self.thresholds {
            write!(f, "  {threshold:<12.3}")?;
            species.iter().try_for_each(|apcer| write!(f, "{apcer:<40}"))?;
            writeln!(f, "{bpcer}")?;
        }
        Ok(())
    }
}
