//! The data page of a Utopian passport: 125 × 88 mm, two machine readable lines (ICAO Doc 9303, part 4).

use super::{
    OCR_PITCH_MM,
    canvas::{Canvas, Colour, Face},
    guilloche::{Waves, rosette, waves},
    mm,
    person::Person,
    portrait::{Portrait, Pose},
};

const INK: Colour = [28, 30, 38];
const LABEL: Colour = [74, 92, 116];
const EMBLEM: Colour = [120, 42, 58];

/// Draws the page.
#[must_use]
pub fn passport(person: &Person, seed: u64) -> Canvas {
    let mut page = Canvas::new(mm(125.0) as usize, mm(88.0) as usize, [236, 240, 238]);
    background(&mut page);
    page.text((mm(5.0), mm(8.2)), mm(5.0), Face::Semibold, EMBLEM, "UTOPIA");
    page.text((mm(28.0), mm(7.9)), mm(3.0), Face::Regular, EMBLEM, "PASSPORT · PASSEPORT · PASAPORTE");
    page.text((mm(89.0), mm(7.9)), mm(3.0), Face::Semibold, EMBLEM, "SPECIMEN · NOT VALID");
    page.rectangle([mm(5.0), mm(9.6), mm(120.0), mm(9.9)], 0.0, EMBLEM, 0.8);

    Portrait::new(seed).draw(&mut page, [mm(5.0), mm(14.0), mm(38.0), mm(56.0)], [206, 216, 224], Pose::PASSPORT);
    // A ghost of the portrait, as many issuers print.
    let mut ghost = Canvas::new(mm(14.0) as usize, mm(18.0) as usize, [236, 240, 238]);
    let (width, height) = (ghost.width as f32, ghost.height as f32);
    Portrait::new(seed).draw(&mut ghost, [0.0, 0.0, width, height], [230, 236, 236], Pose::PASSPORT);
    for y in 0..ghost.height {
        for x in 0..ghost.width {
            page.blend(mm(105.0) as usize + x, mm(36.0) as usize + y, ghost.at(x, y), 0.38);
        }
    }

    let sex = person.sex.letter().to_string();
    let fields: [(f32, f32, &str, String); 10] = [
        (42.0, 14.5, "Type / Type", "P".into()),
        (56.0, 14.5, "Issuing state / État émetteur", person.issuing_state.clone()),
        (90.0, 14.5, "Passport No. / Passeport N°", person.document_number.clone()),
        (42.0, 22.5, "Surname / Nom", person.family_name.to_uppercase()),
        (42.0, 30.5, "Given names / Prénoms", person.given_names.to_uppercase()),
        (42.0, 38.5, "Nationality / Nationalité", "UTOPIAN".into()),
        (42.0, 46.5, "Date of birth / Date de naissance", person.birth_date.spoken()),
        (82.0, 46.5, "Sex / Sexe", sex),
        (42.0, 54.5, "Date of expiry / Date d’expiration", person.expiry_date.spoken()),
        (82.0, 54.5, "Authority / Autorité", "PASSPORT OFFICE, AMAUROT".into()),
    ];
    for (x, y, label, value) in fields {
        page.text((mm(x), mm(y)), mm(2.0), Face::Regular, LABEL, label);
        page.text((mm(x), mm(y + 3.6)), mm(3.5), Face::Semibold, INK, &value);
    }
    signature(&mut page, (mm(8.0), mm(60.5)), seed);

    page.rectangle([0.0, mm(64.8), mm(125.0), mm(88.0)], 0.0, [244, 246, 244], 0.72);
    let [first, second] = person.td3();
    page.pitched((mm(6.3), mm(73.9)), mm(OCR_PITCH_MM), Face::Ocr, INK, &first);
    page.pitched((mm(6.3), mm(80.3)), mm(OCR_PITCH_MM), Face::Ocr, INK, &second);
    page
}

fn background(page: &mut Canvas) {
    let whole = [0.0, 0.0, page.width as f32, page.height as f32];
    for (colour, period, height, length, slope, phase) in [
        ([150, 190, 196], 11.0, 26.0, 420.0, 0.05, 0.0),
        ([206, 172, 178], 13.0, 34.0, 560.0, -0.08, 1.7),
        ([178, 196, 160], 17.0, 18.0, 300.0, 0.12, 3.1),
    ] {
        waves(page, whole, Waves { colour, period, height, length, slope, phase, opacity: 0.42 });
    }
    rosette(page, (mm(76.0), mm(36.0)), mm(26.0), 12.0, [120, 160, 186], 0.5);
    rosette(page, (mm(112.0), mm(20.0)), mm(10.0), 8.0, [190, 120, 130], 0.5);
}

/// A flourish instead of a signature.
pub(super) fn signature(page: &mut Canvas, at: (f32, f32), seed: u64) {
    let mut random = super::seed::Seed::new(seed ^ 0x51);
    let (rate, lean) = (random.range(2.2, 3.6), random.range(0.2, 0.5));
    let points: Vec<(f32, f32)> = (0..90_u8)
        .map(|i| {
            let t = f32::from(i) / 89.0;
            let swing = (t * rate * std::f32::consts::TAU).sin() * mm(1.9) * (1.0 - 0.6 * t);
            (at.0 + t * mm(24.0) + swing * lean + (t * 21.0).cos() * mm(0.5), at.1 - swing)
        })
        .collect();
    page.stroke(&points, mm(0.28), [30, 44, 110], 0.85);
}
