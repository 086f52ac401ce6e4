//! A sheet to draw on: colours, soft-edged shapes, text.

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};

/// Red, green, blue.
pub type Colour = [u8; 3];

/// A drawing, row by row, three bytes a pixel.
#[derive(Clone, PartialEq, Eq)]
pub struct Canvas {
    pub width: usize,
    pub height: usize,
    pub data: Vec<u8>,
}

/// The typefaces of the specimens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Regular,
    Semibold,
    /// OCR-B, for machine readable lines.
    Ocr,
}

static REGULAR: &[u8] = include_bytes!("../../../../fixtures/fonts/OpenSans-Regular.ttf");
static SEMIBOLD: &[u8] = include_bytes!("../../../../fixtures/fonts/OpenSans-Semibold.ttf");
static OCR: &[u8] = include_bytes!("../../../../fixtures/fonts/OCRB.otf");

impl Face {
    fn font(self) -> Option<FontRef<'static>> {
        FontRef::try_from_slice(match self {
            Self::Regular => REGULAR,
            Self::Semibold => SEMIBOLD,
            Self::Ocr => OCR,
        })
        .ok()
    }
}

impl Canvas {
    #[must_use]
    pub fn new(width: usize, height: usize, colour: Colour) -> Self {
        Self { width, height, data: colour.repeat(width * height) }
    }

    /// The colour at a place; the edge goes on for ever.
    #[must_use]
    pub fn at(&self, x: usize, y: usize) -> Colour {
        let start = (y.min(self.height.saturating_sub(1)) * self.width + x.min(self.width.saturating_sub(1))) * 3;
        self.data.get(start..start + 3).and_then(|c| c.try_into().ok()).unwrap_or_default()
    }

    /// Lays a colour over one pixel; `cover` is 0–1.
    pub fn blend(&mut self, x: usize, y: usize, colour: Colour, cover: f32) {
        if x >= self.width || y >= self.height {
            return;
        }
        let start = (y * self.width + x) * 3;
        if let Some(pixel) = self.data.get_mut(start..start + 3) {
            for (old, new) in pixel.iter_mut().zip(colour) {
                *old = (f32::from(*old) + (f32::from(new) - f32::from(*old)) * cover.clamp(0.0, 1.0)).round() as u8;
            }
        }
    }

    /// Paints wherever `distance` (pixels from the shape's edge, negative inside) says so, within a rectangle `[left,
    /// top, right, bottom]`.
    pub fn paint(&mut self, area: [f32; 4], colour: Colour, opacity: f32, distance: impl Fn(f32, f32) -> f32) {
        let [left, top, right, bottom] = area;
        for y in (top.max(0.0) as usize)..(bottom.max(0.0).ceil() as usize).min(self.height) {
            for x in (left.max(0.0) as usize)..(right.max(0.0).ceil() as usize).min(self.width) {
                let cover = (0.5 - distance(x as f32 + 0.5, y as f32 + 0.5)).clamp(0.0, 1.0);
                if cover > 0.0 {
                    self.blend(x, y, colour, cover * opacity);
                }
            }
        }
    }

    pub fn rectangle(&mut self, area: [f32; 4], radius: f32, colour: Colour, opacity: f32) {
        let [left, top, right, bottom] = area;
        let (cx, cy) = (f32::midpoint(left, right), f32::midpoint(top, bottom));
        let (hw, hh) = ((right - left) / 2.0 - radius, (bottom - top) / 2.0 - radius);
        self.paint(area, colour, opacity, |x, y| {
            let (dx, dy) = ((x - cx).abs() - hw, (y - cy).abs() - hh);
            dx.max(0.0).hypot(dy.max(0.0)) + dx.max(dy).min(0.0) - radius
        });
    }

    pub fn ellipse(&mut self, centre: (f32, f32), radii: (f32, f32), colour: Colour, opacity: f32) {
        let ((cx, cy), (rx, ry)) = (centre, radii);
        self.paint([cx - rx - 1.0, cy - ry - 1.0, cx + rx + 1.0, cy + ry + 1.0], colour, opacity, |x, y| {
            let r = ((x - cx) / rx).hypot((y - cy) / ry);
            (r - 1.0) * rx.min(ry)
        });
    }

    /// A stroke with round ends through some points.
    pub fn stroke(&mut self, points: &[(f32, f32)], width: f32, colour: Colour, opacity: f32) {
        for ((ax, ay), (bx, by)) in points.iter().zip(points.iter().skip(1)) {
            let (dx, dy) = (bx - ax, by - ay);
            let length = (dx * dx + dy * dy).max(1e-6);
            let half = width / 2.0;
            let area = [
                ax.min(*bx) - half - 1.0,
                ay.min(*by) - half - 1.0,
                ax.max(*bx) + half + 1.0,
                ay.max(*by) + half + 1.0,
            ];
            self.paint(area, colour, opacity, |x, y| {
                let t = (((x - ax) * dx + (y - ay) * dy) / length).clamp(0.0, 1.0);
                (x - ax - t * dx).hypot(y - ay - t * dy) - half
            });
        }
    }

    fn glyph(&mut self, font: &FontRef<'_>, id: GlyphId, scale: PxScale, at: (f32, f32), colour: Colour) {
        if let Some(outline) = font.outline_glyph(id.with_scale_and_position(scale, point(at.0, at.1))) {
            let bounds = outline.px_bounds();
            outline.draw(|x, y, cover| {
                let (px, py) = (bounds.min.x + x as f32, bounds.min.y + y as f32);
                if px >= 0.0 && py >= 0.0 {
                    self.blend(px as usize, py as usize, colour, cover);
                }
            });
        }
    }

    /// Writes from `at` (left end of the baseline), `size` being the height of the face in pixels; the text's width.
    pub fn text(&mut self, at: (f32, f32), size: f32, face: Face, colour: Colour, text: &str) -> f32 {
        let Some(font) = face.font() else { return 0.0 };
        let scale = PxScale::from(size);
        let scaled = font.as_scaled(scale);
        let mut x = at.0;
        for character in text.chars() {
            let id = font.glyph_id(character);
            self.glyph(&font, id, scale, (x, at.1), colour);
            x += scaled.h_advance(id);
        }
        x - at.0
    }

    /// Writes with a fixed pitch in pixels, as machine readable lines are.
    pub fn pitched(&mut self, at: (f32, f32), pitch: f32, face: Face, colour: Colour, text: &str) {
        let Some(font) = face.font() else { return };
        let unit = font.height_unscaled() / font.h_advance_unscaled(font.glyph_id('0')).max(1.0);
        for (cell, character) in text.chars().enumerate() {
            self.glyph(
                &font,
                font.glyph_id(character),
                PxScale::from(unit * pitch),
                (at.0 + cell as f32 * pitch, at.1),
                colour,
            );
        }
    }

    /// Copies another drawing onto this one, its corner at `(left, top)`.
    pub fn place(&mut self, other: &Self, left: usize, top: usize) {
        for y in 0..other.height {
            for x in 0..other.width {
                self.blend(left + x, top + y, other.at(x, y), 1.0);
            }
        }
    }
}
