//! Whom a specimen is made out to, and the lines and payloads that say so to machines.

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    Female,
    Male,
    Unspecified,
}

/// An invented person with an invented document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub given_names: String,
    pub family_name: String,
    pub birth_date: Day,
    pub sex: Sex,
    /// At most nine letters and digits.
    pub document_number: String,
    pub expiry_date: Day,
    /// Three letters; `UTO` is Utopia, which issues to nobody.
    pub issuing_state: String,
}

impl Day {
    fn yymmdd(self) -> String {
        format!("{:02}{:02}{:02}", self.year % 100, self.month, self.day)
    }

    fn ccyymmdd(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    fn mmddccyy(self) -> String {
        format!("{:02}{:02}{:04}", self.month, self.day, self.year)
    }

    /// As people write it on documents: `12 AUG 1974`.
    #[must_use]
    pub fn spoken(self) -> String {
        const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
        let month = MONTHS.get(usize::from(self.month).wrapping_sub(1)).unwrap_or(&"???");
        format!("{:02} {month} {:04}", self.day, self.year)
    }
}

impl Sex {
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Female => 'F',
            Self::Male => 'M',
            Self::Unspecified => 'X',
        }
    }
}

/// Letters and digits as they may stand in a zone; everything else becomes a filler. Marks are taken off the common
/// Latin letters.
fn transliterate(text: &str) -> String {
    let mut out = String::new();
    for character in text.to_uppercase().chars() {
        match character {
            'A'..='Z' | '0'..='9' => out.push(character),
            'Ä' | 'Æ' => out.push_str("AE"),
            'Ö' | 'Ø' => out.push_str("OE"),
            'Ü' => out.push_str("UE"),
            'Å' => out.push_str("AA"),
            'À' | 'Á' | 'Â' | 'Ã' => out.push('A'),
            'È' | 'É' | 'Ê' | 'Ë' => out.push('E'),
            'Ì' | 'Í' | 'Î' | 'Ï' => out.push('I'),
            'Ò' | 'Ó' | 'Ô' | 'Õ' => out.push('O'),
            'Ù' | 'Ú' | 'Û' => out.push('U'),
            'Ñ' => out.push('N'),
            'Ç' => out.push('C'),
            '\'' | '’' => {}
            _ => out.push('<'),
        }
    }
    out
}

fn fill(text: &str, length: usize) -> String {
    let mut out: String = text.chars().take(length).collect();
    while out.len() < length {
        out.push('<');
    }
    out
}

fn digit(text: &str) -> char {
    let sum: u32 = text
        .bytes()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(byte, weight)| {
            weight
                * match byte {
                    b'0'..=b'9' => u32::from(byte - b'0'),
                    b'A'..=b'Z' => u32::from(byte - b'A') + 10,
                    _ => 0,
                }
        })
        .sum();
    char::from_digit(sum % 10, 10).unwrap_or('0')
}

fn with_digit(text: &str) -> String {
    format!("{text}{}", digit(text))
}

impl Person {
    fn names(&self, length: usize) -> String {
        fill(&format!("{}<<{}", transliterate(&self.family_name), transliterate(&self.given_names)), length)
    }

    fn sex_in_zone(&self) -> char {
        if self.sex == Sex::Unspecified { '<' } else { self.sex.letter() }
    }

    /// The two lines of a passport.
    #[must_use]
    pub fn td3(&self) -> [String; 2] {
        let number = with_digit(&fill(&transliterate(&self.document_number), 9));
        let (birth, expiry) = (with_digit(&self.birth_date.yymmdd()), with_digit(&self.expiry_date.yymmdd()));
        let optional = with_digit(&fill("", 14));
        let composite = digit(&format!("{number}{birth}{expiry}{optional}"));
        [
            format!("P<{}{}", fill(&self.issuing_state, 3), self.names(39)),
            format!(
                "{number}{}{birth}{}{expiry}{optional}{composite}",
                fill(&self.issuing_state, 3),
                self.sex_in_zone()
            ),
        ]
    }

    /// The three lines of an identity card.
    #[must_use]
    pub fn td1(&self) -> [String; 3] {
        let number = with_digit(&fill(&transliterate(&self.document_number), 9));
        let (birth, expiry) = (with_digit(&self.birth_date.yymmdd()), with_digit(&self.expiry_date.yymmdd()));
        let (first_optional, second_optional) = (fill("", 15), fill("", 11));
        let composite = digit(&format!("{number}{first_optional}{birth}{expiry}{second_optional}"));
        [
            format!("I<{}{number}{first_optional}", fill(&self.issuing_state, 3)),
            format!(
                "{birth}{}{expiry}{}{second_optional}{composite}",
                self.sex_in_zone(),
                fill(&self.issuing_state, 3)
            ),
            self.names(30),
        ]
    }

    /// What the barcode of a licence says, in the manner of the AAMVA card design standard of 2020, for an issuer that
    /// does not exist.
    #[must_use]
    pub fn aamva(&self) -> String {
        let sex = match self.sex {
            Sex::Male => '1',
            Sex::Female => '2',
            Sex::Unspecified => '9',
        };
        let mut given = self.given_names.split_whitespace();
        let first = given.next().unwrap_or("NONE").to_uppercase();
        let middle = given.collect::<Vec<_>>().join(" ").to_uppercase();
        let elements = [
            format!("DAQ{}", self.document_number),
            format!("DCS{}", self.family_name.to_uppercase()),
            "DDEN".to_owned(),
            format!("DAC{first}"),
            "DDFN".to_owned(),
            format!("DAD{}", if middle.is_empty() { "NONE" } else { &middle }),
            "DDGN".to_owned(),
            "DCAD".to_owned(),
            "DCBNONE".to_owned(),
            "DCDNONE".to_owned(),
            format!("DBD{:02}01{:04}", self.expiry_date.month, self.expiry_date.year.saturating_sub(8)),
            format!("DBB{}", self.birth_date.mmddccyy()),
            format!("DBA{}", self.expiry_date.mmddccyy()),
            format!("DBC{sex}"),
            "DAU069 in".to_owned(),
            "DAYGRN".to_owned(),
            "DAG1 AMAUROT SQUARE".to_owned(),
            "DAIAMAUROT".to_owned(),
            "DAJUT".to_owned(),
            "DAK000010000  ".to_owned(),
            format!("DCF{}{}", self.document_number, self.birth_date.ccyymmdd()),
            format!("DCG{}", self.issuing_state),
        ];
        let subfile = format!("DL{}\r", elements.join("\n"));
        format!("@\n\u{1e}\rANSI 999999100001DL{:04}{:04}{subfile}", 31, subfile.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The standard's own specimen.
    fn anna() -> Person {
        Person {
            given_names: "Anna Maria".into(),
            family_name: "Eriksson".into(),
            birth_date: Day { year: 1974, month: 8, day: 12 },
            sex: Sex::Female,
            document_number: "D23145890".into(),
            expiry_date: Day { year: 2012, month: 4, day: 15 },
            issuing_state: "UTO".into(),
        }
    }

    #[test]
    fn lines_are_those_of_the_standard() {
        assert_eq!(
            anna().td1(),
            ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]
        );
        assert_eq!(anna().td3()[0], "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<");
        assert_eq!(&anna().td3()[1][..28], "D231458907UTO7408122F1204159");
    }

    #[test]
    fn the_subfile_is_where_the_header_says() {
        let payload = anna().aamva();
        let (offset, length): (usize, usize) = (payload[23..27].parse().unwrap(), payload[27..31].parse().unwrap());
        assert_eq!(offset + length, payload.len());
        assert!(payload[offset..].starts_with("DLDAQD23145890\n"), "{payload:?}");
    }

    #[test]
    fn letters_with_marks_are_spelt_out() {
        assert_eq!(transliterate("Müller-O’Brién Šø"), "MUELLER<OBRIEN<<OE");
    }
}
