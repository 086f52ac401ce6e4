//! How well a face can be seen, and how the head is turned; what a person can do better.

use super::align::widened;
use super::detect::Found;
use super::engine::Engine;
use super::{Area, Face, Landmarks, Point};
use crate::document::image::Rgb;
use ipse_core::reason::Reason;
use serde::{Deserialize, Serialize};

/// Side of the copy on which light and sharpness are measured.
const SIDE: usize = 96;
/// Least distance of the eyes, in pixels (ISO/IEC 29794-5 asks for 90 of a portrait; a card's may have half).
const EYES: f32 = 48.0;
/// Least sharpness, see [`Quality::sharpness`].
const SHARP: f32 = 2.2;
/// Mean grey levels between which a face is well lit.
const LIT: std::ops::Range<f32> = 45.0..225.0;
/// Most of the face that may be without any detail, being black or white.
const CLIPPED: f32 = 0.35;
/// Largest turn in degrees at which a face counts as looking ahead.
pub(super) const AHEAD: f32 = 18.0;
/// Largest tilt of the head to a shoulder, in degrees.
const TILT: f32 = 25.0;
/// Least share of the face's box that must lie inside of the picture.
const INSIDE: f32 = 0.9;
/// Largest distance between the landmarks of detector and landmark finder, in distances of the eyes.
const AGREE: f32 = 0.22;

/// How the head is turned, in degrees, from five landmarks; good to a few degrees near the middle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Pose {
    /// To the subject's left, which is the right of an unmirrored picture.
    pub yaw: f32,
    /// Upwards.
    pub pitch: f32,
    /// To the subject's right shoulder: clockwise in an unmirrored picture is negative.
    pub roll: f32,
}

/// How well a face can be seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Distance of the eyes in pixels, as if the head were not turned.
    pub eyes: f32,
    /// Mean absolute second difference inside of the face at 96 pixels, in grey levels.
    pub sharpness: f32,
    /// Mean grey level of the face, 0–255.
    pub brightness: f32,
    /// Share of the face that is black or white without detail, 0–1.
    pub clipped: f32,
    /// Share of the box that lies inside of the picture, 0–1.
    pub inside: f32,
    /// Mean distance between the landmarks of detector and landmark finder, in distances of the eyes: large where
    /// something covers the face. Nothing without a landmark finder.
    pub disagreement: Option<f32>,
}

/// A head of which the eyes are 1 apart: right eye, left eye, nose, right and left corner of the mouth; to the right,
/// downwards, towards the camera. Flat distances as in the templates of the embedders, depths of an adult head.
const HEAD: [[f32; 3]; 5] =
    [[-0.5, 0.0, 0.0], [0.5, 0.0, 0.0], [0.0, 0.49, 0.5], [-0.41, 0.99, 0.08], [0.41, 0.99, 0.08]];

/// The turn of a head that would show these landmarks from afar, and the distance of its eyes in pixels.
pub(super) fn pose(landmarks: &Landmarks) -> (Pose, f32) {
    let points = landmarks.points();
    let mean = |of: fn(&Point) -> f32| points.iter().map(of).sum::<f32>() / 5.0;
    let (cx, cy) = (mean(|p| p.x), mean(|p| p.y));
    let depth = |axis: fn(&[f32; 3]) -> f32| HEAD.iter().map(axis).sum::<f32>() / 5.0;
    let (hy, hz) = (depth(|p| p[1]), depth(|p| p[2]));
    // Sums of products of the head's coordinates with each other and with the landmarks'. The head is symmetrical, so
    // its first axis is solved alone and the other two together.
    let (mut xx, mut yy, mut yz, mut zz) = (0.0, 0.0, 0.0, 0.0);
    let mut with = [[0.0_f32; 3]; 2];
    for ([x, y, z], point) in HEAD.into_iter().zip(&points) {
        let (y, z) = (y - hy, z - hz);
        xx += x * x;
        yy += y * y;
        yz += y * z;
        zz += z * z;
        for (sums, at) in with.iter_mut().zip([point.x - cx, point.y - cy]) {
            for (sum, axis) in sums.iter_mut().zip([x, y, z]) {
                *sum += at * axis;
            }
        }
    }
    let determinant = yy * zz - yz * yz;
    let solve = |[x, y, z]: [f32; 3]| [x / xx, (y * zz - z * yz) / determinant, (z * yy - y * yz) / determinant];
    let [right, down] = with.map(solve);
    let length = |[x, y, z]: [f32; 3]| (x * x + y * y + z * z).sqrt().max(f32::EPSILON);
    let (right_length, down_length) = (length(right), length(down));
    let ([rx, _, rz], [dx, _, dz]) = (right, down);
    let degrees = |sine: f32| sine.clamp(-1.0, 1.0).asin().to_degrees();
    let pose = Pose {
        yaw: degrees(rz / right_length),
        pitch: -degrees(dz / down_length),
        roll: (dx / down_length).atan2(rx / right_length).to_degrees(),
    };
    (pose, f32::midpoint(right_length, down_length))
}

/// Measures a face that was found, and looks whether something covers it.
pub(super) fn measured(engine: &Engine, picture: &Rgb, found: &Found) -> Face {
    let mut face = glanced(picture, found);
    face.quality.disagreement = disagreement(engine, picture, &face);
    face
}

/// Measures a face that was found without asking a model.
pub(super) fn glanced(picture: &Rgb, found: &Found) -> Face {
    let (pose, eyes) = pose(&found.landmarks);
    let mut quality = Quality { eyes, inside: inside(picture, &found.area), ..Quality::default() };
    if let Some(copy) = widened(picture, &found.area, 0.9, [SIDE as u32; 2]) {
        let grey: Vec<i32> = copy.data.chunks_exact(3).map(luma).collect();
        let count = grey.len().max(1) as f32;
        quality.brightness = grey.iter().sum::<i32>() as f32 / count;
        quality.clipped = grey.iter().filter(|level| !(12..=246).contains(*level)).count() as f32 / count;
        quality.sharpness = sharpness(&grey);
    }
    Face { area: found.area, landmarks: found.landmarks, score: found.score, pose, quality }
}

fn luma(pixel: &[u8]) -> i32 {
    let &[red, green, blue] = pixel else { return 0 };
    (i32::from(red) * 77 + i32::from(green) * 150 + i32::from(blue) * 29) >> 8
}

fn sharpness(grey: &[i32]) -> f32 {
    let rows: Vec<&[i32]> = grey.chunks_exact(SIDE).collect();
    let (mut sum, mut count) = (0, 0_i32);
    for (above, (row, below)) in rows.iter().zip(rows.iter().skip(1).zip(rows.iter().skip(2))) {
        for ((above, middle), below) in above.iter().skip(1).zip(row.windows(3)).zip(below.iter().skip(1)) {
            if let &[left, here, right] = middle {
                sum += (left + right + above + below - 4 * here).abs();
                count += 1;
            }
        }
    }
    sum as f32 / 4.0 / count.max(1) as f32
}

fn inside(picture: &Rgb, area: &Area) -> f32 {
    let within = |from: f32, length: f32, limit: usize| ((from + length).min(limit as f32) - from.max(0.0)).max(0.0);
    let seen = within(area.left, area.width, picture.width) * within(area.top, area.height, picture.height);
    seen / area.size().max(f32::EPSILON)
}

/// How far the landmark finder's landmarks are from the detector's.
pub(super) fn disagreement(engine: &Engine, picture: &Rgb, found: &Face) -> Option<f32> {
    let finder = engine.landmarks()?;
    // It wants the face in a square, with its box's centre in the middle.
    let side = found.area.width.max(found.area.height);
    let centre = found.area.centre();
    let square = Area { left: centre.x - side / 2.0, top: centre.y - side / 2.0, width: side, height: side };
    if inside(picture, &square) < INSIDE {
        return None;
    }
    let crop = widened(picture, &square, 1.0, finder.model.size)?;
    let answer = finder.run(&crop).ok()?.into_iter().next()?;
    let eyes = found.landmarks.right_eye.distance(found.landmarks.left_eye).max(1.0);
    let apart = answer.chunks_exact(2).zip(found.landmarks.points()).map(|(pair, point)| {
        let (x, y) = pair.first().zip(pair.last()).map_or((0.0, 0.0), |(x, y)| (*x, *y));
        point.distance(Point { x: square.left + x * side, y: square.top + y * side })
    });
    Some(apart.sum::<f32>() / 5.0 / eyes)
}

impl Face {
    /// What to do better, if this is to be a picture for comparing: empty for a good one.
    pub fn hints(&self) -> Vec<Reason> {
        let quality = &self.quality;
        let faults = [
            (quality.inside < INSIDE, Reason::FaceCutOff),
            (quality.eyes < EYES, Reason::FaceTooSmall),
            (self.pose.yaw.abs() > AHEAD || self.pose.roll.abs() > TILT, Reason::FaceTurned),
            (!LIT.contains(&quality.brightness) || quality.clipped > CLIPPED, Reason::FaceBadlyLit),
            (quality.sharpness < SHARP, Reason::FaceBlurred),
            (quality.disagreement.is_some_and(|apart| apart > AGREE), Reason::FaceCovered),
        ];
        faults.into_iter().filter(|(fault, _)| *fault).map(|(_, reason)| reason).collect()
    }
}
