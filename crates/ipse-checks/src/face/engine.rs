//! The models that are loaded, and why the others are not.

use super::models::{ColourOrder, Manifest, Model, Role, Threshold};
use super::runtime::{DidNotRun, Network};
use crate::document::image::Rgb;
use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

/// The face models. Loaded once, shared by all threads; immutable.
pub struct Engine {
    set: String,
    for_tests: bool,
    detector: Option<Loaded>,
    embedder: Option<Loaded>,
    pads: Vec<Loaded>,
    landmarks: Option<Loaded>,
    status: Vec<ModelStatus>,
}

/// A model of the manifest with its network.
pub(super) struct Loaded {
    pub(super) model: Model,
    network: Network,
}

/// What became of one model of the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelStatus {
    /// Its id in reports.
    pub id: String,
    /// What it is for.
    pub role: Role,
    /// Its file.
    pub file: String,
    /// What became of it.
    pub state: ModelState,
}

/// What can become of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelState {
    /// Loaded and in use.
    Ready,
    /// An alternative to one that is in use; not loaded.
    NotNeeded,
    /// There is no such file.
    Missing,
    /// The file is not as long as the manifest says.
    WrongSize,
    /// The file is not the one the manifest names: its SHA-256 differs.
    Tampered,
    /// It is no ONNX file that can be run, or it does not have the declared tensors.
    Unusable,
}

/// What the engine can do, as data: kept with the findings, asked by the checks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Capabilities {
    /// The id of the detector.
    pub detector: Option<String>,
    /// The id of the embedder, and from which similarity on two faces are one person's.
    pub embedder: Option<(String, Bounds)>,
    /// The ids of the presentation-attack detectors, and from which mean score on a face is a live one's.
    pub pad: Option<(Vec<String>, Bounds)>,
}

impl Capabilities {
    /// The ids of the models that play a role.
    pub fn models(&self, role: Role) -> Vec<&str> {
        match role {
            Role::Detector => self.detector.iter().map(String::as_str).collect(),
            Role::Embedder => self.embedder.iter().map(|(id, _)| id.as_str()).collect(),
            Role::Pad => self.pad.iter().flat_map(|(ids, _)| ids.iter().map(String::as_str)).collect(),
            Role::Landmarks => Vec::new(),
        }
    }
}

/// Where a yes begins and a no ends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// At least this is a yes.
    pub pass: f32,
    /// Less than this is a no.
    pub review: f32,
}

impl From<&Threshold> for Bounds {
    fn from(threshold: &Threshold) -> Self {
        Self { pass: threshold.pass, review: threshold.review }
    }
}

impl Engine {
    /// Loads what can be loaded; `read` gives the bytes of a file by its name. What cannot be loaded is left out and
    /// listed in [`Engine::status`].
    pub fn load(manifest: &Manifest, mut read: impl FnMut(&str) -> Option<Vec<u8>>) -> Self {
        let mut engine = Self { set: manifest.set.clone(), for_tests: manifest.for_tests, ..Self::none() };
        for model in &manifest.models {
            let state = if engine.has_another(model.role) {
                ModelState::NotNeeded
            } else {
                match open(model, &mut read) {
                    Ok(loaded) => {
                        engine.take(loaded);
                        ModelState::Ready
                    }
                    Err(state) => state,
                }
            };
            engine.status.push(ModelStatus { id: model.id(), role: model.role, file: model.file.clone(), state });
        }
        engine
    }

    /// An engine without any model: every question stays open.
    pub const fn none() -> Self {
        Self {
            set: String::new(),
            for_tests: false,
            detector: None,
            embedder: None,
            pads: Vec::new(),
            landmarks: None,
            status: Vec::new(),
        }
    }

    fn has_another(&self, role: Role) -> bool {
        match role {
            Role::Detector => self.detector.is_some(),
            Role::Embedder => self.embedder.is_some(),
            Role::Landmarks => self.landmarks.is_some(),
            Role::Pad => false,
        }
    }

    fn take(&mut self, loaded: Loaded) {
        match loaded.model.role {
            Role::Detector => self.detector = Some(loaded),
            Role::Embedder => self.embedder = Some(loaded),
            Role::Landmarks => self.landmarks = Some(loaded),
            Role::Pad => self.pads.push(loaded),
        }
    }

    /// What became of each model of the manifest, in its order.
    pub fn status(&self) -> &[ModelStatus] {
        &self.status
    }

    /// The name of the set.
    pub fn set(&self) -> &str {
        &self.set
    }

    /// Whether its models only prove the plumbing: outside of a sandbox it must not be used.
    pub const fn is_for_tests(&self) -> bool {
        self.for_tests
    }

    /// Whether faces can be found and compared.
    pub const fn can_compare(&self) -> bool {
        self.detector.is_some() && self.embedder.is_some()
    }

    /// Whether all presentation-attack detectors of the manifest are there, and a detector.
    pub fn can_judge_presentation(&self) -> bool {
        let all_ready =
            self.status.iter().filter(|model| model.role == Role::Pad).all(|model| model.state == ModelState::Ready);
        self.detector.is_some() && !self.pads.is_empty() && all_ready
    }

    /// What it can do, as data.
    pub fn capabilities(&self) -> Capabilities {
        let bounds = |loaded: &Loaded| loaded.model.threshold.as_ref().map(Bounds::from);
        let pad = self.can_judge_presentation().then(|| self.pads.first().and_then(bounds)).flatten();
        Capabilities {
            detector: self.detector.as_ref().map(|loaded| loaded.model.id()),
            embedder: self.embedder.as_ref().and_then(|loaded| Some((loaded.model.id(), bounds(loaded)?))),
            pad: pad.map(|bounds| (self.pads.iter().map(|loaded| loaded.model.id()).collect(), bounds)),
        }
    }

    pub(super) const fn detector(&self) -> Option<&Loaded> {
        self.detector.as_ref()
    }

    pub(super) const fn embedder(&self) -> Option<&Loaded> {
        self.embedder.as_ref()
    }

    pub(super) const fn landmarks(&self) -> Option<&Loaded> {
        self.landmarks.as_ref()
    }

    /// Empty unless all of the manifest are there: half an ensemble has no threshold.
    pub(super) fn pads(&self) -> &[Loaded] {
        if self.can_judge_presentation() { &self.pads } else { &[] }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Engine").field("set", &self.set).field("status", &self.status).finish_non_exhaustive()
    }
}

fn open(model: &Model, read: &mut impl FnMut(&str) -> Option<Vec<u8>>) -> Result<Loaded, ModelState> {
    let file = read(&model.file).ok_or(ModelState::Missing)?;
    if file.len() as u64 != model.bytes {
        return Err(ModelState::WrongSize);
    }
    if !is_sha256(&file, &model.sha256) {
        return Err(ModelState::Tampered);
    }
    // A detector takes pictures of any size.
    let size = (model.role != Role::Detector).then_some(model.size);
    let network = Network::open(file, &model.input, &model.outputs, size).ok_or(ModelState::Unusable)?;
    let loaded = Loaded { model: model.clone(), network };
    if loaded.answers() { Ok(loaded) } else { Err(ModelState::Unusable) }
}

/// Whether the bytes have this SHA-256, in lower-case hexadecimal digits.
pub fn is_sha256(bytes: &[u8], expected: &str) -> bool {
    let digest = digest(&SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>() == expected
}

impl Loaded {
    /// Gives the network a picture of exactly the size it wants.
    pub(super) fn run(&self, picture: &Rgb) -> Result<Vec<Vec<f32>>, DidNotRun> {
        self.network.run(self.planes(picture), picture.width, picture.height)
    }

    /// The picture's colour planes in the order and on the scale of the model.
    fn planes(&self, picture: &Rgb) -> Vec<f32> {
        let order = match self.model.colour {
            ColourOrder::Rgb => [0, 1, 2],
            ColourOrder::Bgr => [2, 1, 0],
        };
        let scale = self.model.scale;
        let mut planes = Vec::with_capacity(picture.data.len());
        for (plane, mean) in order.into_iter().zip(self.model.mean) {
            planes.extend(picture.data.iter().skip(plane).step_by(3).map(|value| (f32::from(*value) - mean) * scale));
        }
        planes
    }

    /// Asks once, about a grey picture: are the answers of the shape the family has?
    fn answers(&self) -> bool {
        let [width, height] = self.model.size.map(|side| side as usize);
        let grey = Rgb { width, height, data: vec![128; width * height * 3] };
        let Ok(answers) = self.run(&grey) else { return false };
        let lengths: Vec<usize> = answers.iter().map(Vec::len).collect();
        match self.model.role {
            Role::Detector => {
                let cells = |stride: usize| (width / stride) * (height / stride);
                let expected =
                    [1, 1, 4, 10].into_iter().flat_map(|each| [8, 16, 32].map(|stride| each * cells(stride)));
                width.is_multiple_of(32) && height.is_multiple_of(32) && lengths == expected.collect::<Vec<_>>()
            }
            Role::Embedder => matches!(lengths.as_slice(), [values] if (32..=4096).contains(values)),
            Role::Landmarks => lengths == [10],
            Role::Pad => matches!((lengths.as_slice(), self.model.live), ([values], Some(live)) if live < *values),
        }
    }
}
