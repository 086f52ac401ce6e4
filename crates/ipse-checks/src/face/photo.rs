//! The picture of a person that goes into a wallet: the face in the middle, no larger than it has to be, nothing of the camera.

use super::{Engine, portrait};
use crate::document::image::Rgb;
use jpeg_encoder::{ColorType, Encoder};

/// How much larger than the face the picture is.
const ROOM: f32 = 1.9;
/// The sides that it may have, in pixels: wallets that compare faces want 200 at least.
const SIDES: (usize, usize) = (200, 480);
/// The quality of its JPEG, 1 to 100. At most some 60 kB come of it.
const QUALITY: u8 = 85;

/// The face in a picture, as a square JPEG of its own. Nothing where there is none, where a second of
/// somebody else is nearly as large, or where the picture is too small.
pub fn photo(engine: &Engine, picture: &Rgb) -> Option<Vec<u8>> {
    let face = portrait(engine, picture)?.face.area;
    let shortest = picture.width.min(picture.height);
    if shortest < SIDES.0 {
        return None;
    }
    let side = ((face.width.max(face.height) * ROOM) as usize).clamp(SIDES.0, shortest);
    let middle = face.centre();
    let from = |middle: f32, length: usize| ((middle - side as f32 / 2.0).max(0.0) as usize).min(length - side);
    let (left, top) = (from(middle.x, picture.width), from(middle.y, picture.height));
    let row = |y: usize| {
        let start = (y * picture.width + left) * 3;
        picture.data.get(start..start + side * 3)
    };
    let data = (top..top + side).map(row).collect::<Option<Vec<_>>>()?.concat();
    let cut = Rgb { width: side, height: side, data };
    let cut = if side > SIDES.1 { cut.resized(SIDES.1, SIDES.1)? } else { cut };
    let mut jpeg = Vec::new();
    Encoder::new(&mut jpeg, QUALITY).encode(&cut.data, cut.width as u16, cut.height as u16, ColorType::Rgb).ok()?;
    Some(jpeg)
}
