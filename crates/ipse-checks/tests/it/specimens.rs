//! People and pictures for the tests.

use ipse_sandbox::specimen::{Day, Person, Sex};

pub fn person(seed: u64) -> Person {
    let index = usize::try_from(seed % 5).unwrap();
    Person {
        given_names: ["Mina", "Anna Maria", "Otto", "Gwendolyn", "Jon Bo"][index].into(),
        family_name: ["Morgan", "Quiroz", "Oduya-Webb", "Zimmermann", "Lu"][index].into(),
        birth_date: Day { year: 1950 + u16::try_from(seed % 50).unwrap(), month: 2, day: 11 },
        sex: [Sex::Female, Sex::Male, Sex::Unspecified][index % 3],
        document_number: format!("L{:08}", 12_345_678 + seed * 1_000_003),
        expiry_date: Day { year: 2031, month: 12, day: 5 },
        issuing_state: "UTO".into(),
    }
}
