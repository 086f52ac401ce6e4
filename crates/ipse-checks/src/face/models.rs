//! Which models there are: the manifest `models.toml`, read from its text.
//!
//! A model is named by what it does (its role) and by how it wants to be asked (its family); what differs inside a
//! family — size, colour order, scale, template — is written beside it, so a model of one's own needs no code. The
//! manifest that is compiled in is the default; a folder of models may have its own.

use serde::{Deserialize, Serialize};

/// The manifest that is compiled in.
pub const DEFAULT: &str = include_str!("models.toml");
/// The most a model file may have, in bytes, whatever a manifest says.
pub const LARGEST: u64 = 512 << 20;

/// A set of models.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The name of the set.
    pub set: String,
    /// Whether the set only proves the plumbing: such models recognise nobody, and a real deployment refuses them.
    #[serde(default)]
    pub for_tests: bool,
    /// What the set is to reach; the thresholds' evidence is held against it.
    pub target: Target,
    /// The models, in order of preference: of detectors, embedders and landmark finders the first usable one is taken,
    /// of presentation-attack detectors all.
    #[serde(rename = "model")]
    pub models: Vec<Model>,
}

/// The error rates a set is to reach, as shares (ISO/IEC 19795-1, 30107-3; the defaults are those of NIST SP 800-63A-4).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// False match rate.
    pub fmr: f64,
    /// False non-match rate.
    pub fnmr: f64,
    /// Attack presentation classification error rate, of the worst species.
    pub apcer: f64,
    /// Bona fide presentation classification error rate.
    pub bpcer: f64,
}

/// What a model is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Finds faces and their five landmarks.
    Detector,
    /// Turns an aligned face into numbers that are near for the same person.
    Embedder,
    /// Tells a face from a picture of one.
    Pad,
    /// Finds the five landmarks in a face's crop; held against the detector's.
    Landmarks,
}

/// How a model wants to be asked and what it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Detector: `cls_`, `obj_`, `bbox_` and `kps_` at strides 8, 16 and 32.
    Yunet,
    /// Embedder of Open Model Zoo's re-identification networks.
    OmzReid,
    /// Embedder on the `ArcFace` template of 112 × 112 pixels, such as `SFace`.
    Arcface112,
    /// Presentation-attack detector on a widened crop of the face.
    Minifasnet,
    /// Five landmarks of Open Model Zoo.
    OmzLandmarks,
}

impl Family {
    /// What such a model is for.
    pub const fn role(self) -> Role {
        match self {
            Self::Yunet => Role::Detector,
            Self::OmzReid | Self::Arcface112 => Role::Embedder,
            Self::Minifasnet => Role::Pad,
            Self::OmzLandmarks => Role::Landmarks,
        }
    }
}

/// The order of the colour planes a model is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColourOrder {
    /// Red, green, blue.
    Rgb,
    /// Blue, green, red.
    Bgr,
}

/// One model of a set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// What it is called in reports; letters, digits and hyphens.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// How it is asked.
    pub family: Family,
    /// Its file's name, without a folder.
    pub file: String,
    /// SHA-256 of the file, in 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Size of the file.
    pub bytes: u64,
    /// Its licence, as SPDX writes it.
    pub licence: String,
    /// Where it comes from, in words.
    pub origin: String,
    /// The address it can be fetched from, of exactly this file; nothing when it has to be brought.
    #[serde(default)]
    pub source: Option<String>,
    /// Name of the input tensor.
    pub input: String,
    /// Names of the output tensors; the families say in which order.
    pub outputs: Vec<String>,
    /// Width and height of the input; for a detector the longest side of what it is given.
    pub size: [u32; 2],
    /// The order of its colour planes.
    pub colour: ColourOrder,
    /// Subtracted from each of its colour planes, in the order of the planes, before scaling.
    #[serde(default)]
    pub mean: [f32; 3],
    /// What each value 0–255 is multiplied with.
    #[serde(default = "one")]
    pub scale: f32,
    /// By how much the face's box is widened before it is cut out.
    #[serde(default = "one")]
    pub crop: f32,
    /// Where the five landmarks are to lie in the input, in pixels, for an embedder.
    #[serde(default)]
    pub template: Option<[[f32; 2]; 5]>,
    /// Which of the outputs is the probability of a live face, for a presentation-attack detector.
    #[serde(default)]
    pub live: Option<usize>,
    /// When its answer counts, and how that is known.
    #[serde(default)]
    pub threshold: Option<Threshold>,
}

const fn one() -> f32 {
    1.0
}

/// From which score on an answer is a yes, and from which on somebody has to look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// At least this is a yes.
    pub pass: f32,
    /// Less than this is a no; what lies between goes to a reviewer.
    pub review: f32,
    /// What was measured at `pass`.
    #[serde(default)]
    pub measured: Vec<Measured>,
}

/// One error rate, measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// Which.
    pub rate: Rate,
    /// The share that came out wrong.
    pub value: f64,
    /// The 95 % interval (Clopper–Pearson), lower end.
    pub low: f64,
    /// … and upper end.
    pub high: f64,
    /// How many comparisons or presentations.
    pub n: u64,
    /// Of what.
    pub test_set: String,
}

/// The error rates of ISO/IEC 19795-1 and 30107-3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rate {
    /// False match rate.
    Fmr,
    /// False non-match rate.
    Fnmr,
    /// Attack presentation classification error rate.
    Apcer,
    /// Bona fide presentation classification error rate.
    Bpcer,
}

/// Why a manifest cannot be used: one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadManifest(pub String);

impl std::fmt::Display for BadManifest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for BadManifest {}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// When the text is no manifest, or one that contradicts itself.
    pub fn parse(text: &str) -> Result<Self, BadManifest> {
        let manifest: Self = toml::from_str(text).map_err(|error| BadManifest(error.to_string()))?;
        for model in &manifest.models {
            model.check().map_err(|fault| BadManifest(format!("{}: {fault}", model.name)))?;
        }
        let mut files: Vec<_> = manifest.models.iter().map(|model| &model.file).collect();
        files.sort();
        if files.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(BadManifest("two models share a file".into()));
        }
        Ok(manifest)
    }

    /// What is missing before the set may be relied on in strict mode: every threshold's evidence must reach the target
    /// with its whole 95 % interval. Empty when nothing is.
    pub fn below_target(&self) -> Vec<String> {
        let target = &self.target;
        let mut missing = Vec::new();
        for (role, rates) in [
            (Role::Embedder, [(Rate::Fmr, target.fmr), (Rate::Fnmr, target.fnmr)]),
            (Role::Pad, [(Rate::Apcer, target.apcer), (Rate::Bpcer, target.bpcer)]),
        ] {
            // The ensemble of presentation-attack detectors has one threshold, the first one's.
            let Some(model) = self.models.iter().find(|model| model.role == role) else {
                missing.push(format!("there is no {role:?}").to_lowercase());
                continue;
            };
            let measured = model.threshold.iter().flat_map(|threshold| &threshold.measured);
            for (rate, at_most) in rates {
                let worst = measured.clone().filter(|measured| measured.rate == rate).map(|measured| measured.high);
                match worst.fold(None, |worst: Option<f64>, high| Some(worst.map_or(high, |worst| worst.max(high)))) {
                    Some(high) if high <= at_most => {}
                    Some(high) => missing.push(format!(
                        "{}: {rate:?} is shown to be below {high:.2e} only; the target is {at_most}",
                        model.name
                    )),
                    None => missing.push(format!("{}: no {rate:?} was measured", model.name)),
                }
            }
        }
        missing
    }
}

impl Model {
    /// What reports call it: its name and the beginning of its hash.
    pub fn id(&self) -> String {
        format!("{}@{}", self.name, self.sha256.get(..12).unwrap_or_default())
    }

    fn check(&self) -> Result<(), &'static str> {
        let is_hex = |letter: char| letter.is_ascii_digit() || ('a'..='f').contains(&letter);
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        let [width, height] = self.size;
        if self.name.is_empty() || !self.name.chars().all(is_name) {
            Err("its name is not letters, digits and hyphens")
        } else if self.role != self.family.role() {
            Err("its family does not play its role")
        } else if self.sha256.len() != 64 || !self.sha256.chars().all(is_hex) {
            Err("sha256 is not 64 lower-case hexadecimal digits")
        } else if self.bytes == 0 || self.bytes > LARGEST {
            Err("its size is out of bounds")
        } else if self.file.is_empty() || self.file.starts_with('.') || self.file.contains(['/', '\\', ':', '\0']) {
            Err("its file is not a plain name")
        } else if !(16..=2048).contains(&width) || !(16..=2048).contains(&height) {
            Err("the size of its input is out of bounds")
        } else if !(self.scale.is_finite() && self.scale > 0.0 && (0.5..=8.0).contains(&self.crop)) {
            Err("its scale or its crop is out of bounds")
        } else if self.role == Role::Embedder && self.template.is_none() {
            Err("an embedder needs a template")
        } else if self.role == Role::Pad && self.live.is_none() {
            Err("a presentation-attack detector needs to say which output is live")
        } else if matches!(self.role, Role::Embedder | Role::Pad) && self.threshold.is_none() {
            Err("it needs a threshold")
        } else if self.threshold.as_ref().is_some_and(|threshold| !threshold.is_sound()) {
            Err("its threshold contradicts itself")
        } else {
            Ok(())
        }
    }
}

impl Threshold {
    fn is_sound(&self) -> bool {
        self.pass.is_finite() && self.review.is_finite() && self.review <= self.pass
    }
}
