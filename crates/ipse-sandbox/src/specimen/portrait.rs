//! Faces that nobody has: drawn from a few shapes, friendly, and different for every seed.

use super::{
    canvas::{Canvas, Colour},
    seed::Seed,
};

/// What makes one face differ from another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Portrait {
    skin: Colour,
    hair: Colour,
    eyes: Colour,
    clothes: Colour,
    /// Face width against its height.
    width: f32,
    /// Half the distance of the eyes, in face heights.
    eye_gap: f32,
    eye_size: f32,
    nose: f32,
    mouth: f32,
    brow: f32,
    long_hair: bool,
    glasses: bool,
    freckles: bool,
}

/// How a portrait is taken: a passport picture is straight, a selfie a little turned and nearer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// Face height as a share of the area's height.
    pub size: f32,
    /// To the subject's left, which is the picture's right, in degrees. What stands out moves more: the nose before the
    /// eyes, as on a head and not as on a sheet.
    pub turn: f32,
    /// Openness of the smile, 0–1.
    pub smile: f32,
}

impl Pose {
    pub const PASSPORT: Self = Self { size: 0.62, turn: 0.0, smile: 0.15 };
    pub const SELFIE: Self = Self { size: 0.56, turn: 4.0, smile: 0.6 };
}

const EYE_DEPTH: f32 = 0.25;
const MOUTH_DEPTH: f32 = 0.27;
const NOSE_DEPTH: f32 = 0.45;

const SKINS: [Colour; 7] =
    [[250, 220, 196], [240, 200, 170], [222, 178, 140], [198, 148, 108], [160, 112, 78], [122, 82, 56], [92, 62, 44]];
const HAIRS: [Colour; 7] =
    [[40, 32, 30], [72, 48, 34], [110, 74, 44], [168, 116, 62], [214, 178, 108], [150, 62, 36], [150, 150, 154]];
const EYES: [Colour; 5] = [[70, 46, 30], [96, 66, 36], [64, 104, 82], [70, 110, 150], [90, 96, 104]];
const CLOTHES: [Colour; 6] = [[44, 74, 116], [120, 54, 66], [56, 96, 84], [86, 76, 120], [60, 64, 72], [170, 120, 60]];

fn shade(colour: Colour, factor: f32) -> Colour {
    colour.map(|c| (f32::from(c) * factor).min(255.0) as u8)
}

impl Portrait {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut seed = Seed::new(seed);
        Self {
            skin: seed.pick(&SKINS).unwrap_or_default(),
            hair: seed.pick(&HAIRS).unwrap_or_default(),
            eyes: seed.pick(&EYES).unwrap_or_default(),
            clothes: seed.pick(&CLOTHES).unwrap_or_default(),
            width: seed.range(0.70, 0.82),
            eye_gap: seed.range(0.165, 0.20),
            eye_size: seed.range(0.044, 0.058),
            nose: seed.range(0.9, 1.25),
            mouth: seed.range(0.12, 0.165),
            brow: seed.range(-0.012, 0.016),
            long_hair: seed.range(0.0, 1.0) < 0.5,
            glasses: seed.range(0.0, 1.0) < 0.25,
            freckles: seed.range(0.0, 1.0) < 0.2,
        }
    }

    /// Draws into `[left, top, right, bottom]`; what lies outside is left alone.
    pub fn draw(&self, canvas: &mut Canvas, area: [f32; 4], backdrop: Colour, pose: Pose) {
        let [left, top, right, bottom] = area;
        let (width, height) = ((right - left).max(1.0), (bottom - top).max(1.0));
        let mut sheet = Canvas::new(width as usize, height as usize, backdrop);
        for y in 0..sheet.height {
            for x in 0..sheet.width {
                let away = ((x as f32 / width - 0.45).abs() + (y as f32 / height - 0.35).abs()) * 0.35;
                sheet.blend(x, y, shade(backdrop, 0.72), away);
            }
        }
        self.figure(&mut sheet, (width / 2.0, height * 0.47), height * pose.size, pose);
        canvas.place(&sheet, left as usize, top as usize);
    }

    /// The head is `h` pixels tall around `(cx, cy)`; all else follows.
    fn figure(&self, sheet: &mut Canvas, (cx, cy): (f32, f32), h: f32, pose: Pose) {
        let half = h * self.width / 2.0;
        if self.long_hair {
            sheet.rectangle(
                [cx - half * 1.22, cy - h * 0.36, cx + half * 1.22, cy + h * 0.62],
                h * 0.3,
                shade(self.hair, 0.8),
                1.0,
            );
        }
        // Shoulders, neck, collar.
        sheet.ellipse((cx, cy + h * 1.04), (h * 0.78, h * 0.42), self.clothes, 1.0);
        sheet.rectangle(
            [cx - h * 0.155, cy + h * 0.25, cx + h * 0.155, cy + h * 0.72],
            h * 0.12,
            shade(self.skin, 0.84),
            1.0,
        );
        sheet.stroke(
            &[(cx - h * 0.24, cy + h * 0.63), (cx, cy + h * 0.82), (cx + h * 0.24, cy + h * 0.63)],
            h * 0.05,
            shade(self.clothes, 1.4),
            1.0,
        );
        // Ears, hair behind, face with light from one side.
        for side in [-1.0, 1.0] {
            sheet.ellipse(
                (cx + side * half * 0.98, cy + h * 0.03),
                (h * 0.055, h * 0.095),
                shade(self.skin, 0.86),
                1.0,
            );
        }
        sheet.ellipse((cx, cy - h * 0.09), (half * 1.1, h * 0.47), self.hair, 1.0);
        let face = |sheet: &mut Canvas, colour: Colour, opacity: f32, inset: f32, dx: f32| {
            sheet.paint([cx - half, cy - h * 0.5, cx + half, cy + h * 0.56], colour, opacity, |x, y| {
                let v = (y - cy) / (h * 0.5);
                let narrow = 1.0 - 0.26 * v.max(0.0).powi(2);
                (((x - cx - dx) / (half * narrow)).hypot(v) - inset) * half
            });
        };
        face(sheet, self.skin, 1.0, 0.98, 0.0);
        for step in 0..6_u8 {
            face(sheet, shade(self.skin, 1.06), 0.10, 0.84 - 0.11 * f32::from(step), -half * 0.12);
        }
        // A fringe, not too low.
        sheet.paint([cx - half * 1.1, cy - h * 0.58, cx + half * 1.1, cy - h * 0.2], self.hair, 1.0, |x, y| {
            let inside = ((x - cx) / (half * 1.08)).hypot((y - cy + h * 0.09) / (h * 0.47));
            let parting = cy - h * 0.31 + h * 0.08 * ((x - cx + half * 0.3) / half).powi(2);
            ((inside - 1.0) * half).max(y - parting)
        });
        self.features(sheet, (cx, cy), h, pose);
    }

    fn features(&self, sheet: &mut Canvas, (middle, cy): (f32, f32), h: f32, pose: Pose) {
        let size = self.eye_size * h;
        let dark = shade(self.skin, 0.62);
        let (sin, cos) = pose.turn.to_radians().sin_cos();
        // How far things stand out from the axis that the head turns about, in face heights.
        let at_depth = |depth: f32| middle + sin * depth * h;
        let cx = at_depth(EYE_DEPTH);
        let eye_gap = self.eye_gap * cos;
        for side in [-1.0, 1.0] {
            let (x, y) = (cx + side * eye_gap * h, cy - h * 0.03);
            sheet.ellipse((x, y), (size * 1.7, size * 1.25), shade(self.skin, 0.9), 0.7);
            sheet.ellipse((x, y), (size * 1.45, size * 0.82), [248, 246, 242], 1.0);
            sheet.ellipse((x + sin * h * 0.05, y), (size * 0.72, size * 0.76), self.eyes, 1.0);
            sheet.ellipse((x + sin * h * 0.05, y), (size * 0.36, size * 0.38), [16, 14, 14], 1.0);
            sheet.ellipse((x + size * 0.25, y - size * 0.28), (size * 0.16, size * 0.16), [255, 255, 255], 0.95);
            let lid = [
                (x - size * 1.45, y - size * 0.1),
                (x - size * 0.7, y - size * 0.78),
                (x + size * 0.7, y - size * 0.78),
                (x + size * 1.45, y - size * 0.1),
            ];
            sheet.stroke(&lid, size * 0.2, shade(self.skin, 0.38), 0.9);
            let brow = y - size * 2.1;
            let arch = [
                (x - side * size * 1.5, brow + self.brow * h),
                (x, brow - size * 0.35),
                (x + side * size * 1.7, brow + size * 0.25),
            ];
            sheet.stroke(&arch, size * 0.42, shade(self.hair, 0.85), 0.9);
            sheet.ellipse((cx + side * h * 0.23, cy + h * 0.17), (h * 0.08, h * 0.055), [224, 110, 100], 0.13);
            if self.glasses {
                let ring: Vec<(f32, f32)> = (0..=24_u8)
                    .map(|i| {
                        let (sin, cos) = (f32::from(i) * std::f32::consts::TAU / 24.0).sin_cos();
                        (x + cos * size * 2.3, y + sin * size * 1.9)
                    })
                    .collect();
                sheet.stroke(&ring, size * 0.22, [50, 48, 52], 0.9);
            }
            if self.freckles {
                for (dx, dy) in [(0.19, 0.10), (0.23, 0.13), (0.16, 0.14), (0.21, 0.16), (0.26, 0.10)] {
                    sheet.ellipse((cx + side * dx * h, cy + dy * h), (h * 0.008, h * 0.008), dark, 0.5);
                }
            }
        }
        if self.glasses {
            sheet.stroke(
                &[(cx - eye_gap * h + size * 2.3, cy - h * 0.04), (cx + eye_gap * h - size * 2.3, cy - h * 0.04)],
                size * 0.22,
                [50, 48, 52],
                0.9,
            );
        }
        // Nose: a shadow down one side, two nostrils, a gleam on its tip.
        let cx = at_depth(NOSE_DEPTH);
        let tip = cy + h * 0.135 * self.nose;
        sheet.stroke(&[(cx + h * 0.025, cy - h * 0.01), (cx + h * 0.042, tip - h * 0.03)], h * 0.018, dark, 0.25);
        sheet.ellipse((cx, tip), (h * 0.055, h * 0.035), shade(self.skin, 0.93), 0.8);
        for side in [-1.0, 1.0] {
            sheet.ellipse(
                (cx + side * h * 0.027, tip + h * 0.014),
                (h * 0.014, h * 0.009),
                shade(self.skin, 0.45),
                0.8,
            );
        }
        sheet.ellipse((cx, tip - h * 0.008), (h * 0.02, h * 0.016), [252, 250, 246], 1.0);
        // Mouth.
        let cx = at_depth(MOUTH_DEPTH);
        let (y, w) = (cy + h * 0.285, self.mouth * h * cos);
        let lift = h * (0.012 + 0.03 * pose.smile);
        let lip = [176, 84, 82];
        let curve: Vec<(f32, f32)> = (0..=12_u8)
            .map(|i| (f32::from(i) / 6.0 - 1.0, ()))
            .map(|(t, ())| (cx + t * w, y + lift * (1.0 - t * t) - lift * 0.5))
            .collect();
        if pose.smile > 0.4 {
            let open: Vec<(f32, f32)> = curve.iter().map(|(x, y)| (*x * 0.86 + cx * 0.14, y + h * 0.012)).collect();
            sheet.stroke(&open, h * 0.03, [250, 248, 244], 1.0);
        }
        sheet.stroke(&curve, h * 0.022, lip, 0.95);
        let lower: Vec<(f32, f32)> =
            curve.iter().map(|(x, py)| (cx + (x - cx) * 0.7, py + h * (0.022 + 0.022 * pose.smile))).collect();
        sheet.stroke(&lower, h * 0.024, lip, 0.75);
    }
}
