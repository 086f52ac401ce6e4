//! The fine lines that pass for security print.

use super::canvas::{Canvas, Colour};

/// One family of waving lines.
#[derive(Clone, Copy, Debug)]
pub struct Waves {
    pub colour: Colour,
    /// Distance of the lines in pixels.
    pub period: f32,
    /// Height of the waves in pixels.
    pub height: f32,
    /// Length of the waves in pixels.
    pub length: f32,
    /// Slope of the family.
    pub slope: f32,
    pub phase: f32,
    /// 0–1.
    pub opacity: f32,
}

fn line(value: f32, period: f32) -> f32 {
    let from_line = ((value / period).rem_euclid(1.0) - 0.5).abs() * period;
    (1.1 - from_line).clamp(0.0, 1.0)
}

/// Lines all over a rectangle `[left, top, right, bottom]`.
pub fn waves(canvas: &mut Canvas, area: [f32; 4], family: Waves) {
    let [left, top, right, bottom] = area.map(|v| v.max(0.0) as usize);
    for x in left..right.min(canvas.width) {
        let angle = x as f32 / family.length * std::f32::consts::TAU + family.phase;
        let offset = family.height * (angle.sin() + 0.35 * (2.3 * angle).sin()) + family.slope * x as f32;
        for y in top..bottom.min(canvas.height) {
            let cover = line(y as f32 + offset, family.period);
            if cover > 0.0 {
                canvas.blend(x, y, family.colour, cover * family.opacity);
            }
        }
    }
}

/// A rosette of `petals` around a centre.
pub fn rosette(canvas: &mut Canvas, centre: (f32, f32), radius: f32, petals: f32, colour: Colour, opacity: f32) {
    let (cx, cy) = centre;
    let (left, right) = ((cx - radius).max(0.0) as usize, ((cx + radius) as usize).min(canvas.width));
    let (top, bottom) = ((cy - radius).max(0.0) as usize, ((cy + radius) as usize).min(canvas.height));
    for y in top..bottom {
        for x in left..right {
            let (dx, dy) = (x as f32 - cx, y as f32 - cy);
            let r = dx.hypot(dy);
            if r > radius || r < radius * 0.12 {
                continue;
            }
            let angle = dy.atan2(dx);
            let bend = 0.09 * radius * (petals * angle).sin();
            let cover = line(r + bend, radius / 11.0).max(line(r - bend, radius / 11.0));
            canvas.blend(x, y, colour, cover * opacity * (1.0 - r / radius).sqrt());
        }
    }
}
