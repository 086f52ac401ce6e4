//! A telephone's camera: lays a drawing on a table and takes a picture of it.

use jpeg_encoder::{ColorType, Encoder};

use super::{canvas::Canvas, seed::Seed};

/// How a picture is taken. All defaults are a careful person in good light.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Pixels; 4000 × 3000 is twelve megapixels.
    pub width: usize,
    pub height: usize,
    /// Share of the picture's width that the document takes, 0–1.
    pub fill: f32,
    /// Turn of the document, degrees clockwise.
    pub turn: f32,
    /// Lean of the camera: how much nearer the right and the lower edge are than the opposite ones, as a share; 0.1 is
    /// much.
    pub lean: (f32, f32),
    /// Deviation of the blur in pixels of the picture.
    pub blur: f32,
    /// Deviation of the noise in grey levels.
    pub noise: f32,
    /// Fall of the light from one corner to the other, as a share.
    pub shade: f32,
    /// Strength of one gleam on the laminate, 0–1.
    pub glare: f32,
    /// JPEG quality, 1–100.
    pub quality: u8,
    pub seed: u64,
}

impl Default for Camera {
    fn default() -> Self {
        Self {
            width: 2000,
            height: 1500,
            fill: 0.84,
            turn: 1.5,
            lean: (0.02, 0.02),
            blur: 0.7,
            noise: 3.0,
            shade: 0.15,
            glare: 0.0,
            quality: 88,
            seed: 1,
        }
    }
}

impl Camera {
    /// Somebody in a hurry: tilted, leaning, in a lamp's light.
    #[must_use]
    pub fn hasty(seed: u64) -> Self {
        let mut random = Seed::new(seed);
        Self {
            turn: random.range(-12.0, 12.0),
            lean: (random.range(-0.08, 0.08), random.range(-0.08, 0.08)),
            fill: random.range(0.62, 0.8),
            blur: random.range(0.6, 1.4),
            noise: random.range(3.0, 8.0),
            shade: random.range(0.1, 0.4),
            quality: 75,
            seed,
            ..Self::default()
        }
    }
}

/// Takes the picture; a JPEG. Empty only if the size is beyond what JPEG can hold.
#[must_use]
pub fn photograph(drawing: &Canvas, camera: &Camera) -> Vec<u8> {
    let mut light = expose(drawing, camera);
    blur(&mut light, camera.width * 3, camera.blur);
    let mut random = Seed::new(camera.seed ^ 0x0A15E);
    let mut bytes = Vec::with_capacity(light.len());
    for pixel in light.chunks_exact(3) {
        // Mostly in brightness, a little in each colour.
        let grey = random.normal() * camera.noise;
        bytes.extend(
            pixel.iter().zip([0.3, -0.2, 0.25]).map(|(v, tint)| (v + grey + grey * tint).clamp(0.0, 255.0) as u8),
        );
    }
    let mut jpeg = Vec::new();
    let (Ok(width), Ok(height)) = (u16::try_from(camera.width), u16::try_from(camera.height)) else { return jpeg };
    match Encoder::new(&mut jpeg, camera.quality.clamp(1, 100)).encode(&bytes, width, height, ColorType::Rgb) {
        Ok(()) => jpeg,
        Err(_) => Vec::new(),
    }
}

/// Table, document, shade and gleam, in linear passes over the picture.
fn expose(drawing: &Canvas, camera: &Camera) -> Vec<f32> {
    let (width, height) = (camera.width as f32, camera.height as f32);
    let scale = drawing.width as f32 / (width * camera.fill);
    let (sin, cos) = camera.turn.to_radians().sin_cos();
    let mut random = Seed::new(camera.seed);
    let table: [f32; 3] = [random.range(60.0, 150.0), random.range(55.0, 125.0), random.range(50.0, 115.0)];
    let grain = random.range(0.02, 0.06);
    let gleam = (width * random.range(0.25, 0.75), height * random.range(0.25, 0.75));
    let gleam_size = width * random.range(0.06, 0.12);
    let mut light = Vec::with_capacity(camera.width * camera.height * 3);
    for y in 0..camera.height {
        for x in 0..camera.width {
            let (dx, dy) = (x as f32 + 0.5 - width / 2.0, y as f32 + 0.5 - height / 2.0);
            let depth = 1.0 + camera.lean.0 * dx / width * 2.0 + camera.lean.1 * dy / height * 2.0;
            let (px, py) = (dx * scale / depth, dy * scale / depth);
            let u = px * cos + py * sin + drawing.width as f32 / 2.0;
            let v = py * cos - px * sin + drawing.height as f32 / 2.0;
            let mut colour = sample(drawing, u, v).unwrap_or_else(|| {
                let wave = (dy * grain + (dx * grain * 0.13).sin() * 3.0).sin() * 9.0;
                table.map(|t| t + wave)
            });
            let lit = 1.0 - camera.shade * (0.5 + dx / width * 0.6 + dy / height * 0.4).clamp(0.0, 1.0);
            let near = (1.0 - (dx + width / 2.0 - gleam.0).hypot(dy + height / 2.0 - gleam.1) / gleam_size).max(0.0);
            let extra = 400.0 * camera.glare * near * near;
            colour = colour.map(|c| c * lit + extra);
            light.extend(colour);
        }
    }
    light
}

/// Bilinear; `None` beyond the edge.
fn sample(drawing: &Canvas, u: f32, v: f32) -> Option<[f32; 3]> {
    if u < 0.0 || v < 0.0 || u >= drawing.width as f32 || v >= drawing.height as f32 {
        return None;
    }
    let (u, v) = ((u - 0.5).max(0.0), (v - 0.5).max(0.0));
    let (x, y) = (u as usize, v as usize);
    let (fx, fy) = (u - x as f32, v - y as f32);
    let corners = [drawing.at(x, y), drawing.at(x + 1, y), drawing.at(x, y + 1), drawing.at(x + 1, y + 1)];
    let weights = [(1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy];
    let mut out = [0.0; 3];
    for (corner, weight) in corners.iter().zip(weights) {
        for (slot, value) in out.iter_mut().zip(corner) {
            *slot += f32::from(*value) * weight;
        }
    }
    Some(out)
}

/// Small Gaussian by repeated three-tap smoothing, rows then columns.
fn blur(light: &mut [f32], stride: usize, deviation: f32) {
    let mut left = deviation * deviation;
    while left > 0.01 {
        let weight = (left / 2.0).min(0.25);
        for row in light.chunks_exact_mut(stride) {
            smooth(row, 3, weight);
        }
        // Down the picture: each row with its neighbours, keeping the untouched row above.
        let mut above: Vec<f32> = light.iter().take(stride).copied().collect();
        let mut rows: Vec<&mut [f32]> = light.chunks_exact_mut(stride).collect();
        for index in 0..rows.len() {
            let below: Vec<f32> = rows.get(index + 1).map_or_else(|| above.clone(), |row| row.to_vec());
            if let Some(row) = rows.get_mut(index) {
                for ((here, up), down) in row.iter_mut().zip(&mut above).zip(&below) {
                    let old = *here;
                    *here = old + weight * (*up + down - 2.0 * old);
                    *up = old;
                }
            }
        }
        left -= 2.0 * weight;
    }
}

/// Smooths interleaved samples along a row.
fn smooth(row: &mut [f32], channels: usize, weight: f32) {
    let old = row.to_vec();
    let before = old.iter().take(channels).chain(&old);
    let after = old.iter().skip(channels).chain(old.iter().rev().take(channels).rev());
    for (((here, up), down), middle) in row.iter_mut().zip(before).zip(after).zip(&old) {
        *here = middle + weight * (up + down - 2.0 * middle);
    }
}
