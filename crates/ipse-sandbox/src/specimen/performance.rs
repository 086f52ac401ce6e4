//! Somebody before a camera who is told what to do: the head of a specimen's person that turns, comes closer and takes on
//! the colour of the screen, and those who only pretend to.

use super::canvas::{Canvas, Colour};
use super::portrait::{Portrait, Pose};
use super::seed::Seed;
use jpeg_encoder::{ColorType, Encoder};

/// Size of a frame.
const FRAME: (usize, usize) = (480, 640);
/// How far a head turns, in degrees.
const TURN: f32 = 26.0;
/// How far a sheet is turned, in degrees.
const TILT: f32 = 42.0;
/// How much of the screen's colour a face takes on.
const GLOW: f32 = 0.07;

/// What the person is told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Ahead,
    Left,
    Right,
    Closer,
    Farther,
}

/// One step: a movement, and the colour of the screen meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    pub movement: Move,
    pub light: Colour,
}

/// Who is in front of the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Performer {
    /// The person of a specimen.
    Person(u64),
    /// A print of their picture, held before the camera and turned as told.
    Sheet(u64),
    /// A print that is only held.
    Still(u64),
    /// The first person, and from the fourth step on the second.
    Swapped(u64, u64),
    /// The person before a camera on a stand, who keeps still while a step lasts; the camera smooths most noise away.
    Seated(u64),
    /// One picture of the person for each movement, fed in and tinted as the screen is.
    Album(u64),
    /// A recording of the person, who does what is told, on another screen: it has dots, and a light of its own.
    Screen(u64),
}

/// The frames of a burst as JPEG, each with its step and its time in milliseconds; so many of each step. The same
/// performer and the same steps always give the same frames.
#[must_use]
pub fn perform(performer: Performer, steps: &[Told], of_each: usize) -> Vec<(usize, u32, Vec<u8>)> {
    let mut frames = Vec::new();
    for (number, told) in steps.iter().enumerate() {
        for part in 0..of_each {
            let count = number * of_each + part;
            let at_ms = (number * 1500 + (part + 1) * 1400 / of_each) as u32;
            frames.push((number, at_ms, jpeg(&frame(performer, number, *told, count))));
        }
    }
    frames
}

/// One picture of a burst.
#[must_use]
pub fn frame(performer: Performer, step: usize, told: Told, count: usize) -> Canvas {
    // What moves by itself moves with time; who keeps still moves between steps only, and a picture not at all.
    let moment = match performer {
        Performer::Seated(_) => step as f32 * 3.0,
        Performer::Album(_) => f32::from(told.movement as u8),
        _ => count as f32,
    };
    let sway = (moment * 1.7).sin();
    let (who, printed) = match performer {
        Performer::Person(seed) | Performer::Seated(seed) | Performer::Album(seed) | Performer::Screen(seed) => {
            (seed, None)
        }
        Performer::Swapped(first, second) => (if step < 3 { first } else { second }, None),
        Performer::Sheet(seed) => (seed, Some(TILT)),
        Performer::Still(seed) => (seed, Some(0.0)),
    };
    let nearness = match told.movement {
        Move::Closer => 1.3,
        Move::Farther => 0.74,
        Move::Ahead | Move::Left | Move::Right => 1.0,
    };
    let side = match told.movement {
        Move::Left => 1.0,
        Move::Right => -1.0,
        Move::Ahead | Move::Closer | Move::Farther => 0.0,
    };
    let wall = [184, 190, 196];
    let (width, height) = FRAME;
    let mut picture = Canvas::new(width, height, wall);
    // No hand is still.
    let (right, down) = (6.0 + 5.9 * (moment * 2.39).sin(), 5.0 + 4.9 * (moment * 3.07).cos());
    let area = [right, down, width as f32 + right, height as f32 + down];
    let still = Pose { size: 0.5, turn: 0.0, smile: 0.1 };
    match printed {
        None => {
            let pose = Pose { size: 0.5 * nearness * (1.0 + 0.012 * sway), turn: TURN * side + 2.0 * sway, ..still };
            Portrait::new(who).draw(&mut picture, area, wall, pose);
        }
        Some(tilt) => {
            let mut print = Canvas::new(width, height, wall);
            Portrait::new(who).draw(&mut print, area, wall, still);
            grain(&mut print, who);
            let zoom = if tilt > 0.0 { nearness } else { 1.0 };
            picture = turned(&print, tilt * side + 3.0 * sway, zoom * (1.0 + 0.02 * sway));
        }
    }
    if matches!(performer, Performer::Screen(_)) {
        dots(&mut picture);
    } else {
        glow(&mut picture, told.light);
    }
    let deviation = if matches!(performer, Performer::Seated(_)) { 0.8 } else { 2.5 };
    noise(&mut picture, who ^ (count as u64) << 32, deviation);
    picture
}

/// A sheet that is turned about its upright middle, and nearer or farther.
fn turned(sheet: &Canvas, degrees: f32, zoom: f32) -> Canvas {
    let (width, height) = FRAME;
    let (sin, cos) = degrees.to_radians().sin_cos();
    let mut picture = Canvas::new(width, height, [150, 156, 150]);
    let (cx, cy) = (width as f32 / 2.0, height as f32 / 2.0);
    for y in 0..height {
        for x in 0..width {
            let (dx, dy) = ((x as f32 - cx) / zoom, (y as f32 - cy) / zoom);
            // One side is farther away: the picture of a plane, three widths from the camera.
            let across = dx / (cos - dx * sin / (3.0 * width as f32));
            let down = dy * (1.0 + across * sin / (3.0 * width as f32));
            let (sx, sy) = (across + cx, down + cy);
            if sx >= 0.0 && sy >= 0.0 && sx < width as f32 && sy < height as f32 {
                picture.blend(x, y, sheet.at(sx as usize, sy as usize), 1.0);
            }
        }
    }
    picture
}

/// The grain of a cheap print, which stays on the paper.
fn grain(print: &mut Canvas, seed: u64) {
    let mut seed = Seed::new(seed ^ 0x0009_4A14);
    for pixel in print.data.chunks_exact_mut(3) {
        let level = seed.range(-34.0, 34.0);
        for value in pixel {
            *value = (f32::from(*value) + level).clamp(0.0, 255.0) as u8;
        }
    }
}

/// The light of a screen in front: its colour is added to what it shines on, and the camera's exposure takes the rest.
fn glow(picture: &mut Canvas, light: Colour) {
    let mean = light.iter().map(|value| f32::from(*value)).sum::<f32>() / 3.0;
    let factors = light.map(|value| 1.0 + GLOW * (f32::from(value) - mean) / 255.0);
    for pixel in picture.data.chunks_exact_mut(3) {
        for (value, factor) in pixel.iter_mut().zip(factors) {
            *value = (f32::from(*value) * factor).min(255.0) as u8;
        }
    }
}

/// The dots of a screen, as large as a camera sees those of a telephone a hand's breadth away.
fn dots(picture: &mut Canvas) {
    let width = picture.width.max(1);
    for (place, pixel) in picture.data.chunks_exact_mut(3).enumerate() {
        let (x, y) = (place % width, place / width);
        let level = if x % 3 == 2 || y % 3 == 2 { 0.62 } else { 1.08 };
        for value in pixel {
            *value = (f32::from(*value) * level).min(255.0) as u8;
        }
    }
}

/// What every sensor adds.
fn noise(picture: &mut Canvas, seed: u64, deviation: f32) {
    let mut seed = Seed::new(seed);
    for value in &mut picture.data {
        *value = (f32::from(*value) + deviation * seed.normal()).clamp(0.0, 255.0) as u8;
    }
}

/// A frame as the camera would send it.
#[must_use]
pub fn jpeg(picture: &Canvas) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let (Ok(width), Ok(height)) = (u16::try_from(picture.width), u16::try_from(picture.height)) else { return jpeg };
    match Encoder::new(&mut jpeg, 90).encode(&picture.data, width, height, ColorType::Rgb) {
        Ok(()) => jpeg,
        Err(_) => Vec::new(),
    }
}

/// The steps of a challenge as it comes over the wire: `action` and `light` of each. What is not known is to look ahead.
#[must_use]
pub fn read_steps(steps: &serde_json::Value) -> Vec<Told> {
    let word = |step: &serde_json::Value, name: &str| {
        step.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    };
    let told = |step| Told {
        movement: match word(step, "action").as_str() {
            "turn_left" => Move::Left,
            "turn_right" => Move::Right,
            "closer" => Move::Closer,
            "farther" => Move::Farther,
            _ => Move::Ahead,
        },
        light: match word(step, "light").as_str() {
            "red" => [255, 0, 0],
            "green" => [0, 255, 0],
            "blue" => [0, 0, 255],
            _ => [255, 255, 255],
        },
    };
    steps.as_array().map(|steps| steps.iter().map(told).collect()).unwrap_or_default()
}

/// The tiny models that know the drawn people, by the names of their files.
pub const FACE_MODELS: [(&str, &[u8]); 5] = [
    ("models.toml", include_bytes!("../../../../fixtures/face-models/models.toml")),
    ("detector.onnx", include_bytes!("../../../../fixtures/face-models/detector.onnx")),
    ("embedder.onnx", include_bytes!("../../../../fixtures/face-models/embedder.onnx")),
    ("landmarks.onnx", include_bytes!("../../../../fixtures/face-models/landmarks.onnx")),
    ("pad.onnx", include_bytes!("../../../../fixtures/face-models/pad.onnx")),
];
