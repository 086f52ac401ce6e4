//! The files of the logical data structure (ICAO 9303-10 §4), as a mobile reader hands them in.

use super::ChipError;

/// A file of the chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChipFile {
    /// EF.SOD, the security object.
    Sod,
    /// EF.COM, the list of data groups; it proves nothing.
    Com,
    /// A data group, 1 to 16.
    DataGroup(u8),
}

impl ChipFile {
    /// By the names that readers give their files: `EF.SOD`, `EF_SOD.bin`, `sod`, `DG1`, `EF.DG15.bin`.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_uppercase();
        let name = name.strip_prefix("EF.").or_else(|| name.strip_prefix("EF_")).unwrap_or(&name);
        match name.split('.').next()? {
            "SOD" => Some(Self::Sod),
            "COM" => Some(Self::Com),
            group => {
                let digits = group.strip_prefix("DG")?;
                let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())??;
                (1..=16).contains(&number).then_some(Self::DataGroup(number))
            }
        }
    }

    /// Largest size in bytes. A portrait takes some twenty thousand, a finger or an iris may take more.
    pub const fn limit(self) -> usize {
        match self {
            Self::Com | Self::DataGroup(1) => 1 << 10,
            Self::DataGroup(2) => 1 << 20,
            Self::DataGroup(3..=5 | 7) => 512 << 10,
            Self::Sod | Self::DataGroup(_) => 64 << 10,
        }
    }

    /// The tag of a data group (ICAO 9303-10 §4.6.1, table 37).
    pub(super) const fn tag(group: u8) -> Option<u8> {
        Some(match group {
            1 => 0x61,
            2 => 0x75,
            3 => 0x63,
            4 => 0x76,
            5 => 0x65,
            6 => 0x66,
            7 => 0x67,
            8 => 0x68,
            9 => 0x69,
            10 => 0x6A,
            11 => 0x6B,
            12 => 0x6C,
            13 => 0x6D,
            14 => 0x6E,
            15 => 0x6F,
            16 => 0x70,
            _ => return None,
        })
    }
}

/// An active authentication: what the reader asked and what the chip answered (ICAO 9303-11 §6.1).
///
/// Whoever hands it in answers for the challenge: it proves something only if it was drawn at random for this reading.
#[derive(Clone, Copy)]
pub struct Challenge<'a> {
    /// Eight octets.
    pub challenge: &'a [u8],
    /// The chip's signature.
    pub response: &'a [u8],
}

/// What was read from one chip.
#[derive(Clone, Default)]
pub struct ChipFiles<'a> {
    files: Vec<(ChipFile, &'a [u8])>,
    /// An active authentication, if one was done.
    pub active_authentication: Option<Challenge<'a>>,
}

/// Personal data stay out of logs.
impl std::fmt::Debug for ChipFiles<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.files.iter().map(|(file, _)| file)).finish()
    }
}

impl<'a> ChipFiles<'a> {
    /// Adds a file.
    ///
    /// # Errors
    /// [`ChipError::TooLarge`] beyond the file's limit, [`ChipError::Malformed`] for a file that is there already or a
    /// data group that does not exist.
    pub fn add(&mut self, file: ChipFile, bytes: &'a [u8]) -> Result<(), ChipError> {
        if bytes.len() > file.limit() {
            return Err(ChipError::TooLarge);
        }
        let exists = !matches!(file, ChipFile::DataGroup(number) if ChipFile::tag(number).is_none());
        if !exists || self.get(file).is_some() {
            return Err(ChipError::Malformed);
        }
        self.files.push((file, bytes));
        Ok(())
    }

    /// A file's bytes.
    pub fn get(&self, file: ChipFile) -> Option<&'a [u8]> {
        self.files.iter().find(|(other, _)| *other == file).map(|(_, bytes)| *bytes)
    }

    pub(super) fn groups(&self) -> impl Iterator<Item = (u8, &'a [u8])> {
        self.files.iter().filter_map(|(file, bytes)| match file {
            ChipFile::DataGroup(number) => Some((*number, *bytes)),
            ChipFile::Sod | ChipFile::Com => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_usual_names() {
        for (name, file) in [
            ("EF.SOD", Some(ChipFile::Sod)),
            ("EF_SOD.bin", Some(ChipFile::Sod)),
            ("com", Some(ChipFile::Com)),
            ("DG1.bin", Some(ChipFile::DataGroup(1))),
            ("EF.DG15", Some(ChipFile::DataGroup(15))),
            ("DG17", None),
            ("DG+1", None),
            ("DG", None),
            ("EF.CardSecurity", None),
            ("csca_0.cer", None),
        ] {
            assert_eq!(ChipFile::from_name(name), file, "{name}");
        }
    }

    #[test]
    fn what_is_too_large_or_doubled_is_refused() {
        let mut files = ChipFiles::default();
        assert_eq!(files.add(ChipFile::DataGroup(1), &[0; 2000]), Err(ChipError::TooLarge));
        assert_eq!(files.add(ChipFile::DataGroup(1), &[0; 93]), Ok(()));
        assert_eq!(files.add(ChipFile::DataGroup(1), &[0; 93]), Err(ChipError::Malformed));
        assert_eq!(files.add(ChipFile::DataGroup(17), &[]), Err(ChipError::Malformed));
    }
}
