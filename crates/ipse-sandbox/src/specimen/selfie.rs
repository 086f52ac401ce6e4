//! The person of a specimen, before a wall, holding a telephone nobody sees.

use super::{
    canvas::Canvas,
    portrait::{Portrait, Pose},
    seed::Seed,
};

/// The same face as on documents with this seed, upright, 1080 × 1440 pixels. `frame` counts the pictures of a burst:
/// the head moves a little.
#[must_use]
pub fn selfie(seed: u64, frame: u8) -> Canvas {
    let mut wall = Seed::new(seed ^ 0x5E1F);
    let tint =
        wall.pick(&[[196, 204, 196], [206, 196, 184], [184, 196, 210], [214, 210, 200]]).unwrap_or([200, 200, 200]);
    let mut picture = Canvas::new(1080, 1440, tint);
    let sway = (f32::from(frame) * 0.9).sin();
    let pose =
        Pose { turn: Pose::SELFIE.turn + 2.5 * sway, size: Pose::SELFIE.size * (1.0 + 0.01 * sway), ..Pose::SELFIE };
    Portrait::new(seed).draw(&mut picture, [0.0, 0.0, 1080.0, 1440.0], tint, pose);
    picture
}
