//! Properties of the parser over all formats. The names and numbers are those of the standard's own Utopian specimens.

use super::*;
use crate::document::mrz::layout::check_digit;

const TD3: [&str; 2] = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];
const TD1: [&str; 3] =
    ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"];
const TD2: [&str; 2] = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"];
const MRV_A: [&str; 2] =
    ["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"];
const MRV_B: [&str; 2] = ["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<"];
/// Half the French card's name fields are given names; Utopia has to pass for France.
const FRENCH: [&str; 2] = ["IDFRAERIKSSON<<<<<<<<<<<<<<<<<952042", "0509952018746ANNA<<MARIA<<<7408122F7"];
const ALL: [(&[&str], MrzFormat); 5] = [
    (&TD3, MrzFormat::Td3),
    (&TD1, MrzFormat::Td1),
    (&TD2, MrzFormat::Td2),
    (&MRV_A, MrzFormat::MrvA),
    (&MRV_B, MrzFormat::MrvB),
];
const TODAY: (i16, i8, i8) = (2026, 11, 21);

#[test]
fn every_format_is_taken_apart() {
    for (lines, format) in ALL {
        let mrz = parse(lines).unwrap();
        assert_eq!(mrz.format, format);
        assert!(mrz.checks_agree(), "{format:?} {:?}", mrz.check_digits);
        assert_eq!((mrz.primary_identifier.as_str(), mrz.secondary_identifier.as_str()), ("ERIKSSON", "ANNA MARIA"));
        assert_eq!((mrz.issuing_state.as_str(), mrz.sex, mrz.name_truncated), ("UTO", 'F', false));
    }
    let mrz = parse(&TD3).unwrap();
    assert_eq!(
        (mrz.document_code.as_str(), mrz.document_number.as_str(), mrz.nationality.as_str()),
        ("P", "L898902C3", "UTO")
    );
    assert_eq!(mrz.optional_data, ["ZE184226B"]);
    assert_eq!(mrz.birth_date(TODAY), Some(Date::constant(1974, 8, 12)));
    assert_eq!(mrz.expiry_date(TODAY), Some(Date::constant(2012, 4, 15)));
}

#[test]
fn any_changed_digit_is_noticed_by_its_check() {
    for (lines, format) in ALL {
        for check in format.layout().checks {
            let (line, column) = check.at;
            let right = lines[line].as_bytes()[column];
            for wrong in (b'0'..=b'9').filter(|digit| *digit != right) {
                let mut changed: Vec<String> = lines.iter().map(|l| (*l).to_owned()).collect();
                changed[line].replace_range(column..=column, &char::from(wrong).to_string());
                let mrz = parse(&changed.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
                let failed: Vec<_> = mrz.check_digits.iter().filter(|c| !c.ok).map(|c| c.field).collect();
                assert!(failed.contains(&check.field), "{format:?} {:?}", check.field);
            }
        }
    }
}

#[test]
fn every_single_digit_slip_in_a_date_is_noticed() {
    for column in (13..19).chain(21..27) {
        let right = TD3[1].as_bytes()[column];
        for wrong in (b'0'..=b'9').filter(|digit| *digit != right) {
            let mut line = TD3[1].to_owned();
            line.replace_range(column..=column, &char::from(wrong).to_string());
            assert!(!parse(&[TD3[0], &line]).unwrap().checks_agree());
        }
    }
}

#[test]
fn wrong_shapes_are_refused() {
    for (lines, _) in ALL {
        for end in 0..lines[0].len() {
            let mut short = lines.to_vec();
            short[0] = &lines[0][..end];
            assert_eq!(parse(&short), Err(MrzParseError::Shape));
        }
        let long = format!("{}<", lines[0]);
        let mut oversized = lines.to_vec();
        oversized[0] = &long;
        assert_eq!(parse(&oversized), Err(MrzParseError::Shape));
        assert_eq!(parse(&lines[1..]), Err(MrzParseError::Shape));
        assert_eq!(parse(&[lines, lines].concat()), Err(MrzParseError::Shape));
    }
    assert_eq!(parse(&[]), Err(MrzParseError::Shape));
    let huge = "<".repeat(1 << 20);
    assert_eq!(parse(&[&huge, &huge]), Err(MrzParseError::Shape));
}

#[test]
fn foreign_characters_are_refused_wherever_they_stand() {
    for (lines, _) in ALL {
        for foreign in ["é", "a", " ", "«", "\0", "０", "-"] {
            for column in 0..lines[0].len() {
                let mut line = lines[0].to_owned();
                line.replace_range(column..=column, foreign);
                let mut changed = lines.to_vec();
                changed[0] = &line;
                assert_eq!(parse(&changed), Err(MrzParseError::Character { line: 0, column }));
            }
        }
    }
}

#[test]
fn long_document_numbers_continue_in_the_optional_data() {
    let digit = check_digit(*b"D23145890734").unwrap();
    let first = format!("I<UTOD23145890<734{digit}<AB<<<<<<<<");
    let second_open = "7408122F1204159UTO<<<<<<<<<<<";
    let composite = check_digit([&first.as_bytes()[5..30], b"7408122", b"1204159", b"<<<<<<<<<<<"].concat()).unwrap();
    let second = format!("{second_open}{composite}");
    let mrz = parse(&[&first, &second, TD1[2]]).unwrap();
    assert_eq!(mrz.document_number, "D23145890734");
    assert_eq!(mrz.optional_data, ["AB", ""]);
    assert!(mrz.checks_agree(), "{:?}", mrz.check_digits);
}

#[test]
fn centuries_follow_today() {
    let with = |birth: &str, expiry: &str| Mrz {
        birth_date: birth.into(),
        expiry_date: expiry.into(),
        ..parse(&TD3).unwrap()
    };
    assert_eq!(with("261121", "").birth_date(TODAY), Some(Date::constant(2026, 11, 21)));
    assert_eq!(with("261122", "").birth_date(TODAY), Some(Date::constant(1926, 11, 22)));
    assert_eq!(with("", "700101").expiry_date(TODAY), Some(Date::constant(2070, 1, 1)));
    assert_eq!(with("", "990101").expiry_date(TODAY), Some(Date::constant(1999, 1, 1)));
    assert_eq!(with("74<<<<", "").birth_date(TODAY), None);
    assert_eq!(with("740230", "").birth_date(TODAY), None);
    assert_eq!(with("000229", "").birth_date(TODAY), Some(Date::constant(2000, 2, 29)));
}

#[test]
fn an_unused_optional_field_may_go_without_its_digit() {
    for digit in ["<", "0"] {
        let open = format!("L898902C36UTO7408122F1204159<<<<<<<<<<<<<<{digit}");
        let covered = [&open.as_bytes()[..10], &open.as_bytes()[13..20], &open.as_bytes()[21..43]].concat();
        let line = format!("{open}{}", check_digit(covered).unwrap());
        assert!(parse(&[TD3[0], &line]).unwrap().checks_agree());
    }
}

#[test]
fn the_old_french_card_keeps_its_names_on_two_lines_and_never_expires() {
    let mrz = parse(&FRENCH).unwrap();
    assert_eq!(mrz.format, MrzFormat::FrenchId);
    assert!(mrz.checks_agree(), "{:?}", mrz.check_digits);
    assert_eq!((mrz.primary_identifier.as_str(), mrz.secondary_identifier.as_str()), ("ERIKSSON", "ANNA MARIA"));
    assert_eq!((mrz.issuing_state.as_str(), mrz.nationality.as_str(), mrz.sex), ("FRA", "FRA", 'F'));
    assert_eq!((mrz.document_number.as_str(), mrz.birth_date.as_str()), ("050995201874", "740812"));
    assert_eq!((mrz.expiry_date.as_str(), mrz.expiry_date(TODAY)), ("", None));
}
