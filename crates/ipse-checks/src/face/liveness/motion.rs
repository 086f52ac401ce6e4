//! What the head did, and whether it moved like a head. The nose stands out from the plane of eyes and mouth, so when a
//! head turns it moves against them; on paper and on a screen it does not, however they are held.

use super::Action;
use crate::face::{Landmarks, Point, Pose};

/// How far the head must have turned, in degrees, against the beginning.
const TURNED: f32 = 12.0;
/// How much larger the face must have become.
const CLOSER: f32 = 1.15;
/// How much smaller.
const FARTHER: f32 = 0.87;
/// Least shift of the nose in a turn, in widths of the face.
pub(super) const DEPTH: f32 = 0.06;

/// What is known of the head in one frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stance {
    pub(super) pose: Pose,
    /// Distance of the eyes in pixels, as if the head were not turned.
    pub(super) eyes: f32,
    pub(super) landmarks: Landmarks,
}

/// The middle one of each; nothing of nothing.
pub(super) fn beginning(stances: &[Stance]) -> Option<Stance> {
    let mut sorted = stances.to_vec();
    sorted.sort_by(|a, b| a.pose.yaw.total_cmp(&b.pose.yaw));
    let mut middle = *sorted.get(sorted.len() / 2)?;
    sorted.sort_by(|a, b| a.eyes.total_cmp(&b.eyes));
    middle.eyes = sorted.get(sorted.len() / 2)?.eyes;
    Some(middle)
}

/// What the head does, against the beginning. A turn outweighs a change of distance, which looks different in a turn.
pub(super) fn action(stance: &Stance, beginning: &Stance) -> Action {
    let turn = stance.pose.yaw - beginning.pose.yaw;
    let nearer = stance.eyes / beginning.eyes.max(1.0);
    if turn > TURNED {
        Action::TurnLeft
    } else if turn < -TURNED {
        Action::TurnRight
    } else if nearer > CLOSER {
        Action::Closer
    } else if nearer < FARTHER {
        Action::Farther
    } else {
        Action::LookAhead
    }
}

/// How far the nose moved against eyes and mouth, in widths of the face, towards where a head that does this moves it.
pub(super) fn shift(stance: &Stance, beginning: &Stance, action: Action) -> Option<f32> {
    let moved = across(&stance.landmarks)? - across(&beginning.landmarks)?;
    match action {
        Action::TurnLeft => Some(moved),
        Action::TurnRight => Some(-moved),
        Action::LookAhead | Action::Closer | Action::Farther => None,
    }
}

/// Whether the face became narrower or wider without its nose moving: a sheet that is turned.
pub(super) fn is_tilted_sheet(stance: &Stance, beginning: &Stance) -> bool {
    let narrow = |landmarks: &Landmarks| {
        let eyes = landmarks.right_eye.distance(landmarks.left_eye);
        let mouth = landmarks.right_mouth.middle(landmarks.left_mouth);
        eyes / landmarks.right_eye.middle(landmarks.left_eye).distance(mouth).max(1.0)
    };
    let change = narrow(&stance.landmarks) / narrow(&beginning.landmarks).max(f32::EPSILON);
    let moved = across(&stance.landmarks).zip(across(&beginning.landmarks)).map(|(now, then)| (now - then).abs());
    change < 0.85 && moved.is_some_and(|moved| moved < DEPTH)
}

/// Where the nose is between the right (0) and the left (1) half of the face, in the square that eyes and corners of the
/// mouth span in perspective: no movement of a flat picture changes it.
fn across(landmarks: &Landmarks) -> Option<f32> {
    let Landmarks { right_eye, left_eye, nose, right_mouth, left_mouth } = *landmarks;
    let (edge, base) = (minus(left_eye, left_mouth), minus(right_mouth, left_mouth));
    let around = minus(minus(right_eye, left_eye), minus(right_mouth, left_mouth));
    // How much the two directions converge in perspective.
    let area = cross(edge, base);
    let (along, down) = (cross(around, base) / area, cross(edge, around) / area);
    let towards = |end: Point, converges: f32| Point {
        x: end.x - right_eye.x + converges * (end.x - nose.x),
        y: end.y - right_eye.y + converges * (end.y - nose.y),
    };
    let (first, second) = (towards(left_eye, along), towards(right_mouth, down));
    let across = cross(minus(nose, right_eye), second) / cross(first, second);
    across.is_finite().then_some(across)
}

fn cross(a: Point, b: Point) -> f32 {
    a.x * b.y - b.x * a.y
}

fn minus(a: Point, b: Point) -> Point {
    Point { x: a.x - b.x, y: a.y - b.y }
}
