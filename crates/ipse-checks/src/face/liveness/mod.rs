//! Was a living person in front of the camera, now? The server draws a challenge; the page sends a burst of frames; they
//! are judged here, on the server, against the challenge.

mod burst;
mod challenge;
mod duplicates;
mod light;
mod motion;
mod source;

pub use burst::judge_burst;
pub use challenge::{Action, Challenge, LightColour, Step};
pub use source::{CameraLabel, Signal, Source};

use super::engine::Capabilities;
use super::{Presentation, Template};
use ipse_core::reason::Reason;
use serde::{Deserialize, Serialize};

/// The most frames of a burst that are looked at; more are refused.
pub const MOST_FRAMES: usize = 24;

/// One frame of a burst.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// When it was taken, in milliseconds after the challenge began, by the page's clock.
    pub at_ms: u32,
    /// Which step of the challenge was shown, from 0.
    pub step: usize,
    /// The picture.
    pub bytes: &'a [u8],
}

/// What was found in a burst.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BurstFindings {
    /// What could be asked at the time, and by which models.
    pub engine: Capabilities,
    /// Why it is refused, if it is.
    pub faults: Vec<Fault>,
    /// What is unusual about the camera: never a reason to refuse.
    pub signals: Vec<Signal>,
    /// For each step, whether the person did it.
    pub followed: Vec<bool>,
    /// How far the nose moved against eyes and mouth when the head turned, in widths of the face, at the turn where it
    /// moved least: 0 for a sheet of paper.
    pub parallax: Option<f32>,
    /// The least similarity of a frame to the best one.
    pub steadiness: Option<f32>,
    /// Whether the face took on the colours of the screen.
    pub light: LightAnswer,
    /// What the presentation-attack detectors say of the sharpest frames, on the mean.
    pub presentation: Option<Presentation>,
    /// Which frame is the best picture of the person, from 0.
    pub best: Option<usize>,
    /// What could be better about it.
    pub hints: Vec<Reason>,
    /// Its template.
    pub template: Option<Template>,
    /// What could not be asked, and why.
    pub open: Vec<(Question, Unanswered)>,
}

/// Whether the face took on the colours of the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum LightAnswer {
    /// Nobody can say: it is too bright around, or too few frames show the face.
    #[default]
    Unknown,
    /// In the order of the challenge.
    Seen {
        /// How well colours shown and seen agree, −1 to 1.
        agreement: f32,
    },
    /// There were changes of colour, but not those of the challenge.
    Differs {
        /// How well colours shown and seen agree, −1 to 1.
        agreement: f32,
    },
}

/// Why a burst is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// A step has fewer than two frames, or none.
    TooFewFrames,
    /// More than [`MOST_FRAMES`].
    TooManyFrames,
    /// Times or steps go backwards, or a step does not exist.
    OutOfOrder,
    /// Two frames are one to the last pixel, or one moment, perhaps encoded anew, is shown for two steps.
    DuplicateFrames,
    /// Longer than a minute, or five seconds without a frame.
    TooSlow,
    /// Steps follow each other faster than anybody can move.
    TooFast,
    /// A frame is no picture, or larger than allowed.
    Unreadable,
    /// Frames without a face.
    NoFace,
    /// Frames with more than one.
    SeveralFaces,
    /// The head did not do what the challenge asked for.
    NotFollowed,
    /// The person did steps of the challenge, but in another order.
    WrongOrder,
    /// It is not one person in all frames.
    FaceChanged,
    /// The face moves like a sheet of paper.
    NoParallax,
    /// The colours on the face are not those that were shown.
    LightDiffers,
}

impl Fault {
    /// What the report says.
    pub const fn reason(self) -> Reason {
        match self {
            Self::TooFewFrames
            | Self::TooManyFrames
            | Self::TooSlow
            | Self::TooFast
            | Self::Unreadable
            | Self::NoFace
            | Self::SeveralFaces => Reason::LivenessFramesUnusable,
            Self::OutOfOrder | Self::DuplicateFrames => Reason::LivenessFramesRepeated,
            Self::NotFollowed | Self::WrongOrder => Reason::LivenessChallengeFailed,
            Self::FaceChanged => Reason::LivenessFaceChanged,
            Self::NoParallax => Reason::LivenessNoDepth,
            Self::LightDiffers => Reason::LivenessLightDiffers,
        }
    }
}

/// A question to a burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Does the head follow the challenge?
    Challenge,
    /// Is it one person throughout?
    Steadiness,
    /// Does the face move like a head?
    Parallax,
    /// Does the face take on the screen's colours?
    Light,
    /// Is it a face or a picture of one?
    Presentation,
}

/// Why a question stays open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unanswered {
    /// The model for it is not installed.
    NoModel,
    /// The frames do not show enough.
    NotShown,
    /// The light around is brighter than the screen.
    TooBright,
}
