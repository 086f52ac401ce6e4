//! Draws strips of OCR-B as a camera would have seen them, with the right answer for every position.
//!
//! A line is drawn sharp on a canvas, photographed at a small random scale and angle (texture, light, blur, noise,
//! JPEG), and cut out again the way the product cuts strips: slightly wrong in place, size and tilt.

#![allow(clippy::many_single_char_names, reason = "x, y, u, v, p and q are what the geometry calls them")]
#![allow(
    clippy::indexing_slicing,
    reason = "pixel loops over buffers sized a few lines above; a development tool, not the product"
)]

use ab_glyph::{Font, FontVec, PxScale, point};
use ipse_checks::document::mrz::strip::{ALPHABET, CLASSES, HEIGHT, PITCH, STEP, normalise};

use super::{jpeg, rng::Rng};

/// Character cells seen by one strip.
const CELLS: usize = 16;
const WIDTH: usize = CELLS * PITCH;
/// Cells drawn beyond each end, so that the ends have neighbours.
const SPARE: usize = 2;
/// Closer than this to the centre of a character, in strip pixels, a position must name it …
const CENTRED: f32 = 3.2;
/// … and farther than this from every centre it must say "nothing here"; between the two it may say either.
const BETWEEN: f32 = 6.0;

/// M N W H O 0 D Q 8 B 5 S 2 Z 1 I 6 G, as places in the alphabet: what is easily confused is practised more.
const LOOKALIKES: [u8; 18] = [12, 13, 22, 7, 14, 26, 3, 16, 34, 1, 31, 18, 28, 25, 27, 8, 32, 6];

pub struct Strip {
    pub pixels: Vec<f32>,
    pub labels: Vec<Option<usize>>,
}

/// A typeface, measured in cells of the zone.
struct Face {
    font: FontVec,
    /// Scale at which a capital is as tall as one of OCR-B whose advance is one pixel.
    unit: f32,
    /// Height of the middle of a capital above the baseline.
    middle: f32,
}

/// Height of a capital of OCR-B, in advances.
const CAPITAL: f32 = 1.0;
/// Widest glyph of another face, in cells; what is wider is condensed.
const WIDEST: f32 = 0.8;

impl Face {
    fn new(bytes: Vec<u8>) -> Option<Self> {
        let font = FontVec::try_from_vec(bytes).ok()?;
        let capital = font.outline(font.glyph_id('H'))?.bounds;
        let (low, high) = (capital.min.y.min(capital.max.y), capital.min.y.max(capital.max.y));
        let unit = CAPITAL * font.height_unscaled() / (high - low);
        Some(Self { unit, middle: CAPITAL * f32::midpoint(low, high) / (high - low), font })
    }
}

pub struct Artist {
    /// OCR-B, then what some issuers print instead.
    faces: Vec<Face>,
}

/// A grey picture of floating-point samples.
struct Field {
    width: usize,
    height: usize,
    data: Vec<f32>,
}

impl Field {
    fn new(width: usize, height: usize, value: f32) -> Self {
        Self { width, height, data: vec![value; width * height] }
    }

    fn sample(&self, x: f32, y: f32) -> f32 {
        let x = x.clamp(0.0, (self.width - 2) as f32);
        let y = y.clamp(0.0, (self.height - 2) as f32);
        let (column, row) = (x as usize, y as usize);
        let (fx, fy) = (x - column as f32, y - row as f32);
        let i = row * self.width + column;
        let upper = self.data[i] + (self.data[i + 1] - self.data[i]) * fx;
        let lower = self.data[i + self.width] + (self.data[i + self.width + 1] - self.data[i + self.width]) * fx;
        upper + (lower - upper) * fy
    }

    /// Three-tap smoothing along rows and columns; two passes of weight `w` come close to a Gaussian of variance `2 w`.
    fn smooth(&mut self, along: f32, across: f32) {
        let width = self.width;
        for row in self.data.chunks_exact_mut(width) {
            let mut before = row[0];
            for x in 0..width {
                let (here, after) = (row[x], row[(x + 1).min(width - 1)]);
                row[x] = here + along * (before + after - 2.0 * here);
                before = here;
            }
        }
        for x in 0..width {
            let mut before = self.data[x];
            for y in 0..self.height {
                let here = self.data[y * width + x];
                let after = self.data[(y + 1).min(self.height - 1) * width + x];
                self.data[y * width + x] = here + across * (before + after - 2.0 * here);
                before = here;
            }
        }
    }
}

/// A turn by twice the arc tangent of `t`, without trigonometry.
#[derive(Clone, Copy)]
struct Turn {
    cos: f32,
    sin: f32,
}

impl Turn {
    fn new(t: f32) -> Self {
        Self { cos: (1.0 - t * t) / (1.0 + t * t), sin: 2.0 * t / (1.0 + t * t) }
    }

    fn apply(self, x: f32, y: f32) -> (f32, f32) {
        (x * self.cos - y * self.sin, x * self.sin + y * self.cos)
    }
}

fn triangle(phase: f32) -> f32 {
    (phase - phase.floor() - 0.5).abs() * 4.0 - 1.0
}

impl Artist {
    /// From font files, OCR-B first.
    pub fn new(fonts: Vec<Vec<u8>>) -> Option<Self> {
        Some(Self { faces: fonts.into_iter().map(Face::new).collect::<Option<_>>()? })
    }

    /// Characters of a line, `None` where the paper is bare.
    fn text(rng: &mut Rng) -> Vec<Option<usize>> {
        let count = CELLS + 2 * SPARE;
        let filler = rng.range(0.05, 0.4);
        let mut text = Vec::with_capacity(count);
        while text.len() < count {
            if rng.chance(filler) {
                let run = if rng.chance(0.5) { 1 } else { 2 + rng.below(5) };
                text.extend(std::iter::repeat_n(Some(36), run));
            } else {
                text.push(if rng.chance(0.3) {
                    Some(usize::from(LOOKALIKES[rng.below(LOOKALIKES.len())]))
                } else {
                    Some(rng.below(36))
                });
            }
        }
        text.truncate(count);
        if rng.chance(0.25) {
            let bare = SPARE + 1 + rng.below(7);
            text[..bare].fill(None);
        }
        if rng.chance(0.25) {
            let bare = SPARE + 1 + rng.below(7);
            text[count - bare..].fill(None);
        }
        text
    }

    fn canvas(&self, text: &[Option<usize>], q: f32, rng: &mut Rng) -> Field {
        let mut canvas = Field::new((text.len() as f32 * q) as usize + 4, (2.8 * q) as usize + 4, 0.0);
        let other = if rng.chance(0.12) { 1 + rng.below(self.faces.len() - 1) } else { 0 };
        let face = &self.faces[other];
        let (tall, wide) = (rng.range(0.9, 1.11), rng.range(0.92, 1.06));
        let baseline = canvas.height as f32 / 2.0 + face.middle * q * tall;
        let unsteady = if rng.chance(0.2) { 0.05 } else { 0.012 };
        for (cell, character) in text.iter().enumerate() {
            let Some(character) = character else { continue };
            let mut scale = PxScale { x: face.unit * q * wide, y: face.unit * q * tall };
            let id = face.font.glyph_id(char::from(ALPHABET[*character]));
            if let Some(glyph) = face.font.outline_glyph(id.with_scale(scale)) {
                scale.x *= (WIDEST * q / glyph.px_bounds().width()).min(1.0);
            }
            let advance = face.font.h_advance_unscaled(id) * scale.x / face.font.height_unscaled();
            let x = (cell as f32 + 0.5 + unsteady * rng.normal()) * q - advance / 2.0;
            let y = baseline + unsteady * rng.normal() * q;
            let Some(outline) = face.font.outline_glyph(id.with_scale_and_position(scale, point(x, y))) else {
                continue;
            };
            let bounds = outline.px_bounds();
            outline.draw(|gx, gy, coverage| {
                let (px, py) = (bounds.min.x as i64 + i64::from(gx), bounds.min.y as i64 + i64::from(gy));
                if (0..canvas.width as i64).contains(&px) && (0..canvas.height as i64).contains(&py) {
                    let value = &mut canvas.data[py as usize * canvas.width + px as usize];
                    *value = value.max(coverage.min(1.0));
                }
            });
        }
        Self::clutter(&mut canvas, q, rng);
        // Ink spreads or starves: blur, then move the threshold.
        for _ in 0..rng.below(3) {
            canvas.smooth(0.25, 0.25);
        }
        let (threshold, softness) = (rng.range(0.22, 0.62), rng.range(0.15, 0.6));
        canvas.data.iter_mut().for_each(|v| *v = ((*v - threshold) / softness + 0.5).clamp(0.0, 1.0));
        canvas
    }

    /// Edges of the page, frames and stray print above, below and beside the line.
    fn clutter(canvas: &mut Field, q: f32, rng: &mut Rng) {
        if rng.chance(0.15) {
            let away = rng.range(0.66, 1.1) * q;
            let middle = canvas.height as f32 / 2.0 + if rng.chance(0.5) { away } else { -away };
            let thick = rng.range(0.05, 0.8) * q;
            let ink = rng.range(0.3, 1.0);
            for y in 0..canvas.height {
                let from_edge = if middle > canvas.height as f32 / 2.0 { y as f32 - middle } else { middle - y as f32 };
                if (0.0..thick).contains(&from_edge) {
                    canvas.data[y * canvas.width..(y + 1) * canvas.width].fill(ink);
                }
            }
        }
        if rng.chance(0.15) {
            let x = rng.below(canvas.width);
            let ink = rng.range(0.3, 1.0);
            for row in canvas.data.chunks_exact_mut(canvas.width) {
                for value in row.iter_mut().skip(x).take(1 + (q / 6.0) as usize) {
                    *value = value.max(ink);
                }
            }
        }
    }

    pub fn draw(&self, rng: &mut Rng) -> Strip {
        let p = match rng.below(10) {
            0..=3 => rng.range(5.0, 8.5),
            4..=7 => rng.range(8.5, 15.0),
            _ => rng.range(15.0, 27.0),
        };
        let q = (1.5 * p).clamp(13.0, 34.0);
        let text = Self::text(rng);
        let canvas = self.canvas(&text, q, rng);

        let lean = if rng.chance(0.5) { 0.008 } else { 0.09 };
        let t = rng.range(-lean, lean);
        let turn = Turn::new(t);
        let length = (CELLS as f32 + 1.6) * p;
        let mut photo = Field::new(length as usize + 6, (2.4 * p + length * turn.sin.abs()) as usize + 6, 0.0);
        let centre = (photo.width as f32 / 2.0, photo.height as f32 / 2.0);
        let taper = rng.range(-0.06, 0.06) / photo.width as f32;
        let shear = rng.range(-0.1, 0.1);
        let (middle_x, middle_y) = (canvas.width as f32 / 2.0 - 2.0, canvas.height as f32 / 2.0);
        let to_canvas = |x: f32, y: f32| {
            let (u, v) = turn.apply(x - centre.0, y - centre.1);
            let scale = q / p * (1.0 + taper * u);
            (middle_x + u * scale + shear * v * scale, middle_y + v * scale)
        };
        Self::expose(&canvas, &mut photo, &to_canvas, p, rng);

        let wrong = (1.0 + 0.04 * rng.normal().clamp(-2.2, 2.2), 1.0 + 0.045 * rng.normal().clamp(-2.2, 2.2));
        let off = (rng.range(-8.0, 8.0), 1.1 * rng.normal().clamp(-2.2, 2.2));
        let back = Turn::new(-t + rng.normal().clamp(-2.0, 2.0) * 0.0045);
        let to_photo = |x: f32, y: f32| {
            let (u, v) = back.apply(
                (x - WIDTH as f32 / 2.0 + off.0) * p / PITCH as f32 * wrong.0,
                (y - HEIGHT as f32 / 2.0 + off.1) * p / PITCH as f32 * wrong.1,
            );
            (centre.0 + u, centre.1 + v)
        };
        let mut pixels = Vec::with_capacity(WIDTH * HEIGHT);
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                let (cx, cy) = to_photo(x as f32 + 0.5, y as f32 + 0.5);
                pixels.push(photo.sample(cx - 0.5, cy - 0.5));
            }
        }
        normalise(&mut pixels);
        let labels = (0..WIDTH / STEP)
            .map(|position| {
                let (cx, cy) = to_photo((position * STEP) as f32 + STEP as f32 / 2.0, HEIGHT as f32 / 2.0 - off.1);
                let cell = to_canvas(cx, cy).0 / q;
                let from_centre = (cell - cell.floor() - 0.5).abs() * PITCH as f32;
                match text.get(cell.max(0.0) as usize).copied().flatten() {
                    Some(character) if from_centre <= CENTRED => Some(character),
                    Some(_) if from_centre < BETWEEN => None,
                    _ => Some(CLASSES - 1),
                }
            })
            .collect();
        Strip { pixels, labels }
    }

    /// Paper, ink, light, lens, sensor, file format.
    fn expose(canvas: &Field, photo: &mut Field, to_canvas: &dyn Fn(f32, f32) -> (f32, f32), p: f32, rng: &mut Rng) {
        let paper = rng.range(110.0, 250.0);
        let ink = rng.range(0.0, 0.75) * (paper - 40.0).min(130.0);
        let pattern = if rng.chance(0.6) { rng.range(0.0, 0.6) * rng.unit() * (paper - ink) } else { 0.0 };
        let waves: Vec<[f32; 3]> = (0..3)
            .map(|_| {
                // Security print, or the raster of a screen or printer.
                let fine = if rng.chance(0.25) { 5.0 } else { 1.2 };
                [rng.range(-fine, fine) / p, rng.range(-fine, fine) / p, rng.unit()]
            })
            .collect();
        let coarse = 3 + rng.below(8);
        let patches =
            Field { width: coarse + 2, height: 4, data: (0..4 * (coarse + 2)).map(|_| rng.normal()).collect() };
        let blotch = if rng.chance(0.5) { rng.range(0.0, 0.2) * (paper - ink) } else { 0.0 };
        let (light_x, light_y) = (rng.normal() * 0.15 / photo.width as f32, rng.normal() * 0.12 / photo.height as f32);
        let gleam = if rng.chance(0.12) { rng.range(20.0, 140.0) } else { 0.0 };
        let gleam_at = rng.unit() * photo.width as f32;
        let gleam_size = rng.range(1.0, 6.0) * p;
        let width = photo.width;
        for y in 0..photo.height {
            for x in 0..width {
                let (fx, fy) = (x as f32 + 0.5, y as f32 + 0.5);
                let mut covered = 0.0;
                for (dx, dy) in [(-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25)] {
                    let (u, v) = to_canvas(fx + dx, fy + dy);
                    covered += 0.25 * canvas.sample(u - 0.5, v - 0.5);
                }
                let lines: f32 = waves.iter().map(|[a, b, c]| triangle(fx * a + fy * b + c)).sum();
                let patch = patches.sample(fx / width as f32 * coarse as f32, fy / photo.height as f32 * 2.0);
                let base = paper + pattern * lines / 3.0 + blotch * patch;
                let lit =
                    1.0 + (fx - width as f32 / 2.0) * light_x * 2.0 + (fy - photo.height as f32 / 2.0) * light_y * 2.0;
                let near = (1.0 - (fx - gleam_at).abs() / gleam_size).max(0.0);
                let value = (base + (ink - base) * covered) * lit + gleam * near * near * (3.0 - 2.0 * near);
                photo.data[y * width + x] = value;
            }
        }
        Self::unfocus(photo, p, rng);
        let noise = rng.unit() * rng.unit() * 0.16 * (paper - ink);
        photo.data.iter_mut().for_each(|v| *v = (*v + noise * rng.normal()).clamp(0.0, 255.0));
        if rng.chance(0.15) {
            // Sharpened for a small copy, or so much that black and white is all that is left.
            let soft = photo.data.clone();
            photo.smooth(0.25, 0.25);
            let amount = rng.range(0.3, 1.5);
            photo
                .data
                .iter_mut()
                .zip(soft)
                .for_each(|(v, sharp)| *v = (sharp + amount * (sharp - *v)).clamp(0.0, 255.0));
        } else if rng.chance(0.08) {
            let threshold = ink + rng.range(0.35, 0.75) * (paper - ink);
            let softness = rng.range(2.0, 60.0);
            photo.data.iter_mut().for_each(|v| *v = 128.0 + 110.0 * ((*v - threshold) / softness).clamp(-1.0, 1.0));
        }
        if rng.chance(0.55) {
            jpeg::degrade(&mut photo.data, width, 20 + rng.below(75) as u32);
        }
    }

    /// Lens out of focus, hand in motion.
    fn unfocus(photo: &mut Field, p: f32, rng: &mut Rng) {
        let sigma = if rng.chance(0.78) {
            rng.unit() * rng.unit() * (0.16 * p).min(2.6) + 0.25
        } else {
            rng.range(0.05, 0.19) * p
        };
        let direction = if rng.chance(0.25) { rng.range(0.2, 1.0) } else { 1.0 };
        let (mut left, shared) = (sigma * sigma, rng.chance(0.5));
        while left > 0.0 {
            let weight = (left / 2.0).min(0.25);
            photo.smooth(
                if shared { weight } else { weight * direction },
                if shared { weight * direction } else { weight },
            );
            left -= 2.0 * weight;
        }
        if rng.chance(0.1) {
            let length = rng.range(0.1, 0.4) * p;
            let (dx, dy) = Turn::new(rng.range(-1.0, 1.0)).apply(length, 0.0);
            let still = Field { width: photo.width, height: photo.height, data: photo.data.clone() };
            for (index, value) in photo.data.iter_mut().enumerate() {
                let (x, y) = ((index % still.width) as f32, (index / still.width) as f32);
                let along = |part: f32| still.sample(x + part * dx, y + part * dy);
                *value = [-0.5, -0.3, -0.1, 0.1, 0.3, 0.5].map(along).iter().sum::<f32>() / 6.0;
            }
        }
    }
}
