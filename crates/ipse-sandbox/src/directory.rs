//! Who works at Utopia: the directory that the miniature systems share.

use crate::specimen::{Day, Person, Sex};

/// Somebody in the directory.
#[derive(Clone)]
pub struct Employee {
    /// Their id in the directory.
    pub id: &'static str,
    /// Their address.
    pub email: &'static str,
    /// Their number.
    pub phone: &'static str,
    /// Who they are, and the document they carry.
    pub person: Person,
}

/// The directory.
pub fn employees() -> Vec<Employee> {
    let person = |given: &str, family: &str, birth: (u16, u8, u8), sex, number: &str| Person {
        given_names: given.to_owned(),
        family_name: family.to_owned(),
        birth_date: Day { year: birth.0, month: birth.1, day: birth.2 },
        sex,
        document_number: number.to_owned(),
        expiry_date: Day { year: 2034, month: 5, day: 14 },
        issuing_state: "UTO".to_owned(),
    };
    vec![
        Employee {
            id: "a.eriksson",
            email: "anna.eriksson@utopia.example",
            phone: "+14155550101",
            person: person("Anna Maria", "Eriksson", (1974, 8, 12), Sex::Female, "L898902C3"),
        },
        Employee {
            id: "j.mueller",
            email: "juergen.mueller@utopia.example",
            phone: "+14155550102",
            person: person("Jürgen", "Müller", (1988, 2, 29), Sex::Male, "C01X00T47"),
        },
        Employee {
            id: "w.zhang",
            email: "wei.zhang@utopia.example",
            phone: "+14155550103",
            person: person("Wei", "Zhang", (1995, 11, 3), Sex::Female, "E40218765"),
        },
    ]
}
