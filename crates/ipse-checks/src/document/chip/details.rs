//! Data groups 11 and 12: more of the holder, and how the document came to be (ICAO 9303-10 §4.7.11, §4.7.12).

use super::ChipError;
use super::ber::{Element, Reader};
use super::read::group;
use ipse_core::Private;
use ipse_core::date::Date;
use serde::{Deserialize, Serialize};

/// Data group 11. Texts are as issuers write them: in national characters, `<` between parts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Name of the holder in full.
    pub full_name: Option<Private<String>>,
    /// Other names.
    pub other_names: Vec<Private<String>>,
    /// Personal number.
    pub personal_number: Option<Private<String>>,
    /// Date of birth in full.
    pub birthdate: Option<Private<Date>>,
    /// Place of birth, its parts in order.
    pub birthplace: Option<Private<String>>,
    /// Permanent address, its parts in order.
    pub address: Option<Private<String>>,
    /// Telephone number.
    pub telephone: Option<Private<String>>,
    /// Profession.
    pub profession: Option<Private<String>>,
    /// Title.
    pub title: Option<Private<String>>,
}

/// Data group 12.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Issuing authority.
    pub authority: Option<Private<String>>,
    /// Date of issue.
    pub date: Option<Private<Date>>,
    /// Endorsements and observations.
    pub observations: Option<Private<String>>,
}

impl Details {
    /// Reads the file.
    pub(super) fn read(file: &[u8]) -> Result<Self, ChipError> {
        let mut details = Self::default();
        let mut elements = group(file, 11)?;
        while !elements.is_empty() {
            let element = elements.next()?;
            match element.tag {
                0x5F0E => details.full_name = text(element),
                0x5F0F => details.other_names.extend(text(element)),
                0xA0 => details.other_names.extend(others(element)?),
                0x5F10 => details.personal_number = text(element),
                0x5F2B => details.birthdate = date(element),
                0x5F11 => details.birthplace = text(element),
                0x5F42 => details.address = text(element),
                0x5F12 => details.telephone = text(element),
                0x5F13 => details.profession = text(element),
                0x5F14 => details.title = text(element),
                _ => {}
            }
        }
        Ok(details)
    }
}

impl Issue {
    /// Reads the file.
    pub(super) fn read(file: &[u8]) -> Result<Self, ChipError> {
        let mut issue = Self::default();
        let mut elements = group(file, 12)?;
        while !elements.is_empty() {
            let element = elements.next()?;
            match element.tag {
                0x5F19 => issue.authority = text(element),
                0x5F26 => issue.date = date(element),
                0x5F1B => issue.observations = text(element),
                _ => {}
            }
        }
        Ok(issue)
    }
}

fn text(element: Element<'_>) -> Option<Private<String>> {
    let text = String::from_utf8_lossy(element.content).trim_end_matches(['\0', ' ']).to_owned();
    (!text.is_empty()).then(|| Private::new(text))
}

/// The names in a template of other names, whose first element counts them.
fn others(template: Element<'_>) -> Result<Vec<Private<String>>, ChipError> {
    let mut names: Reader<'_> = template.inside();
    let mut found = Vec::new();
    while !names.is_empty() {
        let element = names.next()?;
        if element.tag == 0x5F0F {
            found.extend(text(element));
        }
    }
    Ok(found)
}

/// `CCYYMMDD`, in letters or, as early issuers wrote it, in packed digits. Unknown parts are zeros: then there is no
/// such date.
fn date(element: Element<'_>) -> Option<Private<Date>> {
    let digits: String = match element.content.len() {
        8 => element.content.iter().map(|byte| char::from(*byte)).collect(),
        4 => element.content.iter().map(|byte| format!("{byte:02X}")).collect(),
        _ => return None,
    };
    let part = |from: usize, to: usize| digits.get(from..to).filter(|p| p.bytes().all(|b| b.is_ascii_digit()));
    let (year, month, day) = (part(0, 4)?.parse().ok()?, part(4, 6)?.parse().ok()?, part(6, 8)?.parse().ok()?);
    Date::new(year, month, day).ok().map(Private::new)
}
