//! The barcode on the back of a licence.

use rxing::{BarcodeFormat, EncodeHints, Writer, pdf417::PDF417Writer};

use super::canvas::{Canvas, Colour};

/// Draws a payload as PDF417 into `[left, top, right, bottom]`, keeping a margin of paper; nothing is drawn if the
/// payload does not fit.
pub fn draw(canvas: &mut Canvas, area: [f32; 4], payload: &str, ink: Colour) {
    let hints =
        EncodeHints { Margin: Some("0".to_owned()), ErrorCorrection: Some("4".to_owned()), ..EncodeHints::default() };
    let Ok(matrix) = PDF417Writer.encode_with_hints(payload, &BarcodeFormat::PDF_417, 1, 1, &hints) else { return };
    let [left, top, right, bottom] = area;
    let (columns, rows) = (matrix.width() as f32, matrix.height() as f32);
    // Whole pixels for each module: a printer's raster, and easier on the decoder.
    let module = ((right - left) / columns).floor().max(1.0);
    let height = ((bottom - top) / rows).floor().max(1.0);
    let (left, top) = (left + ((right - left) - module * columns) / 2.0, top + ((bottom - top) - height * rows) / 2.0);
    for y in 0..matrix.height() {
        for x in 0..matrix.width() {
            if matrix.get(x, y) {
                for dy in 0..height as u32 {
                    for dx in 0..module as u32 {
                        let (px, py) = (left + x as f32 * module + dx as f32, top + y as f32 * height + dy as f32);
                        canvas.blend(px as usize, py as usize, ink, 1.0);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rxing::{
        BarcodeFormat, BinaryBitmap, DecodeHints, Luma8LuminanceSource, Reader, common::HybridBinarizer,
        pdf417::PDF417Reader,
    };

    use crate::specimen::{Day, Person, Sex, licence_back};

    #[test]
    fn the_barcode_says_what_was_put_in() {
        let person = Person {
            given_names: "Mina".into(),
            family_name: "Morgan".into(),
            birth_date: Day { year: 1987, month: 2, day: 11 },
            sex: Sex::Female,
            document_number: "M1234567".into(),
            expiry_date: Day { year: 2031, month: 2, day: 11 },
            issuing_state: "UTO".into(),
        };
        let card = licence_back(&person, 7);
        let grey = card.data.chunks_exact(3).map(|c| c[1]).collect();
        let source = Luma8LuminanceSource::new(grey, card.width as u32, card.height as u32);
        let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source.unwrap()));
        let hints = DecodeHints { TryHarder: Some(true), ..DecodeHints::default() };
        let result = PDF417Reader.decode_with_hints(&mut bitmap, &hints).unwrap();
        assert_eq!(result.getBarcodeFormat(), &BarcodeFormat::PDF_417);
        assert_eq!(result.getText(), person.aamva());
    }
}
