//! Cutting a face out: by its landmarks onto a template (a similarity transform), or by its box.

use super::{Area, Landmarks, Point};
use crate::document::image::Rgb;

/// A rotation with scale and a shift: `(x, y) → (a·x − b·y + tx, b·x + a·y + ty)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Similarity {
    a: f32,
    b: f32,
    tx: f32,
    ty: f32,
}

impl Similarity {
    /// The one that brings `from` nearest to `to`, by least squares. Nothing when all points of `from` are one.
    pub(super) fn between(from: &[Point; 5], to: &[Point; 5]) -> Option<Self> {
        let (from_centre, to_centre) = (centre(from), centre(to));
        let (mut dot, mut cross, mut spread) = (0.0, 0.0, 0.0);
        for (from, to) in from.iter().zip(to) {
            let (x, y) = (from.x - from_centre.x, from.y - from_centre.y);
            let (u, v) = (to.x - to_centre.x, to.y - to_centre.y);
            dot += x * u + y * v;
            cross += x * v - y * u;
            spread += x * x + y * y;
        }
        if spread <= f32::EPSILON {
            return None;
        }
        let (a, b) = (dot / spread, cross / spread);
        let tx = to_centre.x - a * from_centre.x + b * from_centre.y;
        let ty = to_centre.y - b * from_centre.x - a * from_centre.y;
        Some(Self { a, b, tx, ty })
    }

    /// Where a point comes to lie.
    pub(super) fn apply(&self, point: Point) -> Point {
        Point { x: self.a * point.x - self.b * point.y + self.tx, y: self.b * point.x + self.a * point.y + self.ty }
    }
}

fn centre(points: &[Point; 5]) -> Point {
    let sum = points.iter().fold(Point::default(), |sum, point| Point { x: sum.x + point.x, y: sum.y + point.y });
    Point { x: sum.x / 5.0, y: sum.y / 5.0 }
}

/// Cuts a face out so that its landmarks lie on the template. What lies outside of the picture is black.
pub(super) fn aligned(picture: &Rgb, landmarks: &Landmarks, template: &[[f32; 2]; 5], size: [u32; 2]) -> Option<Rgb> {
    let template = template.map(|[x, y]| Point { x, y });
    // From the template to the picture, so that each pixel of the result asks where it comes from.
    let back = Similarity::between(&template, &landmarks.points())?;
    let [width, height] = size.map(|side| side as usize);
    // A face larger than the template is averaged first, or single pixels would be picked out of many.
    let shrink = (back.a.hypot(back.b) / 2.0).floor().max(1.0);
    let (source, factor) =
        if shrink >= 2.0 { (reduced_around(picture, landmarks, shrink)?, shrink) } else { (Crop::whole(picture), 1.0) };
    let mut data = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            let from = back.apply(Point { x: x as f32, y: y as f32 });
            data.extend(source.at((from.x + 0.5) / factor - 0.5, (from.y + 0.5) / factor - 0.5));
        }
    }
    Some(Rgb { width, height, data })
}

/// A part of a picture, perhaps smaller, that knows where it was.
struct Crop<'a> {
    pixels: std::borrow::Cow<'a, [u8]>,
    width: usize,
    height: usize,
    left: f32,
    top: f32,
}

impl<'a> Crop<'a> {
    fn whole(picture: &'a Rgb) -> Self {
        Self {
            pixels: std::borrow::Cow::Borrowed(&picture.data),
            width: picture.width,
            height: picture.height,
            left: 0.0,
            top: 0.0,
        }
    }

    /// The colour between four pixels; black outside.
    fn at(&self, x: f32, y: f32) -> [u8; 3] {
        let (x, y) = (x - self.left, y - self.top);
        let (left, top) = (x.floor(), y.floor());
        let (right_part, lower_part) = (x - left, y - top);
        let mut sum = [0.0_f32; 3];
        for (dx, dy, part) in [
            (0.0, 0.0, (1.0 - right_part) * (1.0 - lower_part)),
            (1.0, 0.0, right_part * (1.0 - lower_part)),
            (0.0, 1.0, (1.0 - right_part) * lower_part),
            (1.0, 1.0, right_part * lower_part),
        ] {
            let (column, row) = (left + dx, top + dy);
            if column < 0.0 || row < 0.0 || column as usize >= self.width || row as usize >= self.height {
                continue;
            }
            let start = (row as usize * self.width + column as usize) * 3;
            if let Some(pixel) = self.pixels.get(start..start + 3) {
                for (sum, value) in sum.iter_mut().zip(pixel) {
                    *sum += part * f32::from(*value);
                }
            }
        }
        sum.map(|value| value.round() as u8)
    }
}

/// The surroundings of a face at one `factor`th of the size, by averaging.
fn reduced_around(picture: &Rgb, landmarks: &Landmarks, factor: f32) -> Option<Crop<'static>> {
    let step = factor as usize;
    let points = landmarks.points();
    let reach = 3.0 * landmarks.right_eye.distance(landmarks.left_eye).max(landmarks.nose.distance(landmarks.left_eye));
    let bounds = |of: fn(&Point) -> f32, limit: usize| {
        let (least, most) = points.iter().map(of).fold((f32::MAX, f32::MIN), |(a, b), v| (a.min(v), b.max(v)));
        let first = ((least - reach).max(0.0) as usize).min(limit) / step;
        let end = ((most + reach).max(0.0) as usize).min(limit) / step;
        (first, end.saturating_sub(first))
    };
    let ((left, width), (top, height)) = (bounds(|p| p.x, picture.width), bounds(|p| p.y, picture.height));
    let mut pixels = Vec::with_capacity(width * height * 3);
    for row in 0..height {
        let mut sums = vec![0_u32; width * 3];
        for y in 0..step {
            let start = (((top + row) * step + y) * picture.width + left * step) * 3;
            let line = picture.data.get(start..start + width * step * 3)?;
            for (block, sum) in line.chunks_exact(step * 3).zip(sums.chunks_exact_mut(3)) {
                for pixel in block.chunks_exact(3) {
                    for (sum, value) in sum.iter_mut().zip(pixel) {
                        *sum += u32::from(*value);
                    }
                }
            }
        }
        let count = (step * step) as u32;
        pixels.extend(sums.iter().map(|sum| ((sum + count / 2) / count) as u8));
    }
    Some(Crop { pixels: pixels.into(), width, height, left: left as f32, top: top as f32 })
}

/// Cuts a box widened by `factor` out and brings it to `size`. The box is moved and made smaller until it lies in the
/// picture, as the authors of `MiniFASNet` do.
pub(super) fn widened(picture: &Rgb, area: &Area, factor: f32, size: [u32; 2]) -> Option<Rgb> {
    let (wide, high) = (picture.width as f32, picture.height as f32);
    if area.width < 1.0 || area.height < 1.0 {
        return None;
    }
    let factor = factor.min((wide - 1.0) / area.width).min((high - 1.0) / area.height);
    let (width, height) = (area.width * factor, area.height * factor);
    let centre = area.centre();
    let left = (centre.x - width / 2.0).clamp(0.0, (wide - 1.0 - width).max(0.0));
    let top = (centre.y - height / 2.0).clamp(0.0, (high - 1.0 - height).max(0.0));
    let (first_column, first_row) = (left as usize, top as usize);
    let (columns, rows) = ((left + width) as usize - first_column + 1, (top + height) as usize - first_row + 1);
    let mut data = Vec::with_capacity(columns * rows * 3);
    for row in first_row..first_row + rows {
        let start = (row * picture.width + first_column) * 3;
        data.extend_from_slice(picture.data.get(start..start + columns * 3)?);
    }
    Rgb { width: columns, height: rows, data }.resized_bilinear(size.map(|side| side as usize))
}
