//! Faces: from the bytes a person sent to who is in them, and whether somebody was there.
//!
//! A picture goes through detection, quality, alignment by five landmarks and embedding; two templates are compared. A
//! burst of frames is judged against the challenge that the server drew. Models are brought, never shipped: without them
//! every question stays open, and nothing here ever passes for want of an answer.

mod align;
mod detect;
mod embed;
mod engine;
pub mod evaluation;
pub mod liveness;
pub mod models;
mod pad;
mod photo;
mod quality;
mod runtime;
mod selfie;

pub use embed::{ModelMismatch, Template, compare};
pub use engine::{Bounds, Capabilities, Engine, ModelState, ModelStatus, is_sha256};
pub use pad::Presentation;
pub use photo::photo;
pub use quality::{Pose, Quality};
pub use selfie::{FaceFindings, Origin, Portrait, Reference, examine_selfie, portrait};

use serde::{Deserialize, Serialize};

/// A place in a picture, in pixels from its upper left corner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

impl Point {
    fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    fn middle(self, other: Self) -> Self {
        Self { x: f32::midpoint(self.x, other.x), y: f32::midpoint(self.y, other.y) }
    }
}

/// An upright rectangle in a picture, in pixels; it may reach over the edge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Its left edge.
    pub left: f32,
    /// Its upper edge.
    pub top: f32,
    /// How wide it is.
    pub width: f32,
    /// How high it is.
    pub height: f32,
}

impl Area {
    fn size(&self) -> f32 {
        self.width * self.height
    }

    fn centre(&self) -> Point {
        Point { x: self.left + self.width / 2.0, y: self.top + self.height / 2.0 }
    }

    /// The shared part of the two as a share of both together.
    fn overlap(&self, other: &Self) -> f32 {
        let width = (self.left + self.width).min(other.left + other.width) - self.left.max(other.left);
        let height = (self.top + self.height).min(other.top + other.height) - self.top.max(other.top);
        let shared = width.max(0.0) * height.max(0.0);
        shared / (self.size() + other.size() - shared).max(f32::EPSILON)
    }
}

/// The five landmarks, left and right as the subject has them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Landmarks {
    /// The middle of the right eye, on the left of an unmirrored picture.
    pub right_eye: Point,
    /// The middle of the left eye.
    pub left_eye: Point,
    /// The tip of the nose.
    pub nose: Point,
    /// The right corner of the mouth.
    pub right_mouth: Point,
    /// The left corner of the mouth.
    pub left_mouth: Point,
}

impl Landmarks {
    const fn points(&self) -> [Point; 5] {
        [self.right_eye, self.left_eye, self.nose, self.right_mouth, self.left_mouth]
    }
}

impl From<[Point; 5]> for Landmarks {
    fn from([right_eye, left_eye, nose, right_mouth, left_mouth]: [Point; 5]) -> Self {
        Self { right_eye, left_eye, nose, right_mouth, left_mouth }
    }
}

/// A face in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Face {
    /// Where it is.
    pub area: Area,
    /// Its landmarks.
    pub landmarks: Landmarks,
    /// How sure the detector is, 0–1.
    pub score: f32,
    /// How the head is turned.
    pub pose: Pose,
    /// How well it can be seen.
    pub quality: Quality,
}
