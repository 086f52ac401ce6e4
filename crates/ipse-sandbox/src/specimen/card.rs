//! Cards of Utopia in the size of a bank card (85.6 × 54 mm): an identity card (ICAO Doc 9303, part 5) and a driving
//! licence.

use super::{
    OCR_PITCH_MM,
    canvas::{Canvas, Colour, Face},
    guilloche::{Waves, rosette, waves},
    mm,
    passport::signature,
    pdf417,
    person::Person,
    portrait::{Portrait, Pose},
};

const INK: Colour = [28, 30, 38];
const LABEL: Colour = [84, 92, 108];

/// A blank with its pattern, in the card's own tint.
fn blank(tint: Colour, dark: Colour) -> Canvas {
    let mut card = Canvas::new(mm(85.6) as usize, mm(54.0) as usize, tint);
    let whole = [0.0, 0.0, card.width as f32, card.height as f32];
    for (period, height, length, slope, phase) in [(12.0, 22.0, 380.0, 0.07, 0.4), (15.0, 30.0, 510.0, -0.1, 2.0)] {
        waves(&mut card, whole, Waves { colour: dark, period, height, length, slope, phase, opacity: 0.30 });
    }
    rosette(&mut card, (mm(62.0), mm(24.0)), mm(17.0), 10.0, dark, 0.42);
    card
}

fn heading(card: &mut Canvas, colour: Colour, title: &str) {
    card.rectangle([0.0, 0.0, card.width as f32, mm(8.2)], 0.0, colour, 0.92);
    card.text((mm(4.0), mm(5.9)), mm(4.4), Face::Semibold, [250, 250, 248], "UTOPIA");
    card.text((mm(23.0), mm(5.6)), mm(2.8), Face::Regular, [250, 250, 248], title);
    card.text((mm(64.0), mm(5.6)), mm(2.6), Face::Semibold, [250, 226, 160], "SPECIMEN");
}

fn fields(card: &mut Canvas, list: &[(f32, f32, &str, String)]) {
    for (x, y, label, value) in list {
        card.text((mm(*x), mm(*y)), mm(1.75), Face::Regular, LABEL, label);
        card.text((mm(*x), mm(y + 3.1)), mm(3.0), Face::Semibold, INK, value);
    }
}

/// Front of an identity card.
#[must_use]
pub fn id_card_front(person: &Person, seed: u64) -> Canvas {
    let mut card = blank([232, 240, 244], [140, 178, 204]);
    heading(&mut card, [36, 76, 118], "IDENTITY CARD · CARTE D’IDENTITÉ");
    Portrait::new(seed).draw(&mut card, [mm(4.0), mm(11.0), mm(28.0), mm(43.0)], [212, 220, 226], Pose::PASSPORT);
    fields(
        &mut card,
        &[
            (31.0, 13.0, "Surname / Nom", person.family_name.to_uppercase()),
            (31.0, 20.0, "Given names / Prénoms", person.given_names.to_uppercase()),
            (31.0, 27.0, "Sex / Sexe", person.sex.letter().to_string()),
            (42.0, 27.0, "Nationality / Nationalité", person.issuing_state.clone()),
            (31.0, 34.0, "Date of birth / Date de naissance", person.birth_date.spoken()),
            (31.0, 41.0, "Date of expiry / Date d’expiration", person.expiry_date.spoken()),
            (60.0, 41.0, "Document No. / N° du document", person.document_number.clone()),
        ],
    );
    signature(&mut card, (mm(5.0), mm(48.0)), seed);
    card
}

/// Back of an identity card, with its three machine readable lines.
#[must_use]
pub fn id_card_back(person: &Person, seed: u64) -> Canvas {
    let mut card = blank([232, 240, 244], [140, 178, 204]);
    fields(
        &mut card,
        &[
            (4.0, 5.0, "Address / Adresse", "1 AMAUROT SQUARE, UTOPIA".into()),
            (4.0, 12.0, "Authority / Autorité", "CITY OF AMAUROT".into()),
            (4.0, 19.0, "Serial", format!("{:08}", seed % 100_000_000)),
        ],
    );
    card.text((mm(50.0), mm(7.0)), mm(2.6), Face::Semibold, [120, 42, 58], "SPECIMEN · NOT VALID");
    card.rectangle([0.0, mm(30.5), card.width as f32, mm(54.0)], 0.0, [246, 248, 248], 0.75);
    for (row, line) in person.td1().iter().enumerate() {
        card.pitched((mm(4.7), mm(38.2 + 5.0 * row as f32)), mm(OCR_PITCH_MM), Face::Ocr, INK, line);
    }
    card
}

/// Front of a driving licence.
#[must_use]
pub fn licence_front(person: &Person, seed: u64) -> Canvas {
    let mut card = blank([244, 236, 226], [206, 172, 140]);
    heading(&mut card, [112, 58, 44], "DRIVING LICENCE");
    Portrait::new(seed).draw(&mut card, [mm(4.0), mm(11.0), mm(28.0), mm(43.0)], [222, 218, 210], Pose::PASSPORT);
    fields(
        &mut card,
        &[
            (31.0, 12.5, "4d  Licence No.", person.document_number.clone()),
            (60.0, 12.5, "9  Class", "D".into()),
            (31.0, 19.0, "1  Family name", person.family_name.to_uppercase()),
            (31.0, 25.5, "2  Given names", person.given_names.to_uppercase()),
            (31.0, 32.0, "8  Address", "1 AMAUROT SQUARE, AMAUROT".into()),
            (31.0, 38.5, "3  Date of birth", person.birth_date.spoken()),
            (60.0, 38.5, "15  Sex", person.sex.letter().to_string()),
            (31.0, 45.0, "4b  Expires", person.expiry_date.spoken()),
        ],
    );
    signature(&mut card, (mm(5.0), mm(48.5)), seed);
    card
}

/// Back of a driving licence, with its barcode.
#[must_use]
pub fn licence_back(person: &Person, seed: u64) -> Canvas {
    let mut card = blank([244, 236, 226], [206, 172, 140]);
    card.rectangle([mm(3.0), mm(3.0), mm(82.6), mm(27.0)], mm(0.8), [252, 252, 250], 1.0);
    pdf417::draw(&mut card, [mm(5.5), mm(5.0), mm(80.1), mm(25.0)], &person.aamva(), [18, 18, 22]);
    fields(
        &mut card,
        &[
            (4.0, 32.0, "9a  Vehicle class D", "Any vehicle that does not exist".into()),
            (4.0, 39.5, "12  Restrictions", "NONE".into()),
            (44.0, 39.5, "5  Document discriminator", format!("{:010}", seed % 10_000_000_000)),
        ],
    );
    card.text((mm(4.0), mm(50.0)), mm(2.4), Face::Semibold, [120, 42, 58], "SPECIMEN OF UTOPIA · NOT VALID ANYWHERE");
    card
}
