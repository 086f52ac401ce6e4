//! What the page says of the camera. Everything here can be forged, so it is collected, and decides nothing alone.

use serde::{Deserialize, Serialize};

/// What the page collected of the camera.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Source {
    /// What kind of camera its name speaks of; the name itself is not kept.
    pub label: CameraLabel,
    /// Width of the track, in pixels.
    pub width: Option<u32>,
    /// Height of the track, in pixels.
    pub height: Option<u32>,
    /// Frames a second, as the track says.
    pub frame_rate: Option<f32>,
    /// How many frames the statistics are of.
    pub frames: u32,
    /// Mean time between two frames, in milliseconds.
    pub interval_ms: f32,
    /// Standard deviation of that time, in milliseconds.
    pub interval_deviation_ms: f32,
}

/// What a camera's name speaks of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CameraLabel {
    /// The page has no name.
    #[default]
    Absent,
    /// Nothing unusual.
    Ordinary,
    /// A program that pretends to be a camera.
    Virtual,
}

impl CameraLabel {
    /// What a camera's name speaks of.
    pub fn of(name: &str) -> Self {
        const PROGRAMS: [&str; 17] = [
            "obs",
            "virtual",
            "manycam",
            "snap camera",
            "xsplit",
            "v4l2loopback",
            "dummy",
            "splitcam",
            "youcam",
            "webcamoid",
            "fake",
            "e2esoft",
            "vcam",
            "deepfacelive",
            "camtwist",
            "ndi",
            "screen capture",
        ];
        let name = name.to_lowercase();
        let words: Vec<&str> = name.split(|letter: char| !letter.is_alphanumeric()).collect();
        let is_named = |program: &str| match program.len() {
            // Short names are words of their own: "obs" is not in "observer".
            0..=4 => words.contains(&program),
            _ => name.contains(program),
        };
        if name.trim().is_empty() {
            Self::Absent
        } else if PROGRAMS.iter().any(|program| is_named(program)) {
            Self::Virtual
        } else {
            Self::Ordinary
        }
    }
}

/// Something unusual about a camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// Its name is that of a program.
    VirtualCamera,
    /// Its frames come more evenly than a sensor's do.
    RegularFrameTimes,
    /// Frames have another shape than the track says, or not all the same.
    SizeDiffers,
    /// Frames were encoded in different ways.
    EncodedAnew,
}

/// Fewer frames say nothing of their regularity.
const ENOUGH: u32 = 20;
/// Browsers give times to a tenth of a millisecond; a sensor's frames vary by more.
const REGULAR: f32 = 0.05;

impl Source {
    /// What is unusual, given the sizes and the encodings of the frames.
    pub(super) fn signals(&self, sizes: &[(usize, usize)], encodings: &[Vec<u8>]) -> Vec<Signal> {
        let mut signals = Vec::new();
        if self.label == CameraLabel::Virtual {
            signals.push(Signal::VirtualCamera);
        }
        let deviation = self.interval_deviation_ms;
        if self.frames >= ENOUGH && self.interval_ms > 0.0 && (0.0..REGULAR).contains(&deviation) {
            signals.push(Signal::RegularFrameTimes);
        }
        let shape = |width: f64, height: f64| width.max(height) / width.min(height).max(1.0);
        let said = self.width.zip(self.height).map(|(width, height)| shape(f64::from(width), f64::from(height)));
        let differs = |(width, height): &(usize, usize)| {
            said.is_some_and(|said| (shape(*width as f64, *height as f64) - said).abs() > 0.05)
        };
        if sizes.windows(2).any(|pair| pair.first() != pair.last()) || sizes.iter().any(differs) {
            signals.push(Signal::SizeDiffers);
        }
        if encodings.windows(2).any(|pair| pair.first() != pair.last()) {
            signals.push(Signal::EncodedAnew);
        }
        signals
    }
}

/// The quantisation tables of a JPEG: those of one encoder at one setting are the same for every frame. Empty for other
/// formats.
pub(super) fn encoding(file: &[u8]) -> Vec<u8> {
    let mut tables = Vec::new();
    let mut rest = file.strip_prefix(&[0xFF, 0xD8]).unwrap_or_default();
    while let [0xFF, marker, high, low, ..] = *rest {
        let length = 2 + usize::from(u16::from_be_bytes([high, low]));
        match marker {
            0xDA => break,
            0xDB => tables.extend_from_slice(rest.get(4..length).unwrap_or_default()),
            _ => {}
        }
        rest = rest.get(length.max(4)..).unwrap_or_default();
    }
    tables
}
