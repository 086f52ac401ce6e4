//! Where the faces are: `YuNet`'s answers at three strides, read, and overlapping ones merged.

use super::engine::{Engine, Loaded};
use super::{Area, Landmarks, Point};
use crate::document::image::Rgb;

/// Of two boxes that overlap more than this the less sure one goes.
const SAME: f32 = 0.3;
/// The most boxes that are compared with each other.
const MOST: usize = 400;

/// A face that was found, before anybody looked at it more closely.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    pub(super) area: Area,
    pub(super) landmarks: Landmarks,
    pub(super) score: f32,
}

/// The faces of a picture, the surest first; nothing when there is no detector or it did not run.
pub(super) fn faces(engine: &Engine, picture: &Rgb) -> Option<Vec<Found>> {
    let detector = engine.detector()?;
    let least = detector.model.threshold.as_ref().map_or(0.7, |threshold| threshold.pass);
    let [longest, _] = detector.model.size;
    let mut found = at_size(detector, picture, longest as usize, least)?;
    if found.is_empty() && picture.width.max(picture.height) > longest as usize {
        // A small face in a large picture, such as a card's portrait.
        found = at_size(detector, picture, longest as usize * 2, least)?;
    }
    Some(found)
}

/// The faces of a frame of a burst. Who answers a challenge is near: with seven tenths of the resolution the landmarks of a
/// face a quarter as wide as the frame or more are as good, at half the cost. Where none is found, all of it is used.
pub(super) fn near_faces(engine: &Engine, picture: &Rgb) -> Option<Vec<Found>> {
    let detector = engine.detector()?;
    let least = detector.model.threshold.as_ref().map_or(0.7, |threshold| threshold.pass);
    let [longest, _] = detector.model.size;
    let found = at_size(detector, picture, longest as usize * 7 / 10, least)?;
    if found.is_empty() { faces(engine, picture) } else { Some(found) }
}

/// The faces of a picture of which many are small, such as a document: looked at with twice the resolution at once.
pub(super) fn small_faces(engine: &Engine, picture: &Rgb) -> Option<Vec<Found>> {
    let detector = engine.detector()?;
    let least = detector.model.threshold.as_ref().map_or(0.7, |threshold| threshold.pass);
    let [longest, _] = detector.model.size;
    at_size(detector, picture, longest as usize * 2, least)
}

fn at_size(detector: &Loaded, picture: &Rgb, longest: usize, least: f32) -> Option<Vec<Found>> {
    // Not enlarged beyond four times: a thumbnail does not gain by it.
    let factor = (longest as f32 / picture.width.max(picture.height).max(1) as f32).min(4.0);
    let part = |side: usize| ((side as f32 * factor).round() as usize).max(1);
    let (width, height) = (part(picture.width), part(picture.height));
    let small = picture.resized(width, height)?;
    let padded = padded(&small, width.next_multiple_of(32), height.next_multiple_of(32));
    let answers = detector.run(&padded).ok()?;
    let found = read(&answers, padded.width, padded.height, least);
    // The factor of each axis is what the rounding made of it.
    let (fx, fy) = (picture.width as f32 / width as f32, picture.height as f32 / height as f32);
    Some(merged(found).into_iter().map(|found| found.scaled(fx, fy)).collect())
}

/// The picture in the upper left corner of a black one.
fn padded(picture: &Rgb, width: usize, height: usize) -> Rgb {
    let mut data = Vec::with_capacity(width * height * 3);
    for row in picture.data.chunks_exact((picture.width * 3).max(1)) {
        data.extend_from_slice(row);
        data.resize(data.len() + (width - picture.width) * 3, 0);
    }
    data.resize(width * height * 3, 0);
    Rgb { width, height, data }
}

impl Found {
    fn scaled(self, fx: f32, fy: f32) -> Self {
        let Area { left, top, width, height } = self.area;
        let area = Area { left: left * fx, top: top * fy, width: width * fx, height: height * fy };
        let point = |point: Point| Point { x: point.x * fx, y: point.y * fy };
        Self { area, landmarks: self.landmarks.points().map(point).into(), score: self.score }
    }
}

/// Reads the cells of the three strides: class, object, box and landmarks.
fn read(answers: &[Vec<f32>], width: usize, height: usize, least: f32) -> Vec<Found> {
    let mut found = Vec::new();
    for (level, stride) in [8, 16, 32].into_iter().enumerate() {
        let part = |kind: usize| answers.get(kind * 3 + level).map_or(&[][..], Vec::as_slice);
        let (classes, objects, boxes, landmarks) = (part(0), part(1), part(2), part(3));
        let columns = width / stride;
        let cells = classes.iter().zip(objects).zip(boxes.chunks_exact(4).zip(landmarks.chunks_exact(10)));
        for (cell, ((class, object), (area, landmarks))) in cells.enumerate().take(columns * (height / stride)) {
            let score = (class.clamp(0.0, 1.0) * object.clamp(0.0, 1.0)).sqrt();
            if score < least {
                continue;
            }
            let (column, row, step) = ((cell % columns) as f32, (cell / columns) as f32, stride as f32);
            let (&[dx, dy, dw, dh], Some(landmarks)) = (area, points(landmarks, column, row, step)) else { continue };
            let (wide, high) = (dw.min(10.0).exp() * step, dh.min(10.0).exp() * step);
            let (x, y) = ((column + dx) * step, (row + dy) * step);
            let area = Area { left: x - wide / 2.0, top: y - high / 2.0, width: wide, height: high };
            found.push(Found { area, landmarks, score });
        }
    }
    found
}

fn points(values: &[f32], column: f32, row: f32, step: f32) -> Option<Landmarks> {
    let mut points = [Point::default(); 5];
    for (point, pair) in points.iter_mut().zip(values.chunks_exact(2)) {
        let &[x, y] = pair else { return None };
        *point = Point { x: (column + x) * step, y: (row + y) * step };
    }
    Some(points.into())
}

/// Each face once: the surest of the boxes that overlap.
fn merged(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    found.truncate(MOST);
    let mut kept: Vec<Found> = Vec::new();
    for one in found {
        if kept.iter().all(|known| known.area.overlap(&one.area) <= SAME) {
            kept.push(one);
        }
    }
    kept
}
