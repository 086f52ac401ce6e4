//! Brings a written name down to what can be compared.

use unicode_normalization::UnicodeNormalization;

/// One word of a name in the spellings it may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Upper case, marks inside the word removed, accents kept.
    pub(super) upper: String,
    /// Upper case ASCII, accents dropped: `MULLER`.
    pub(super) plain: String,
    /// Upper case ASCII as a machine-readable zone writes it: `MUELLER` (ICAO 9303-3 §6).
    pub(super) icao: String,
    /// Whether hyphens or apostrophes were removed.
    pub(super) marks: bool,
}

/// The words of a name; a hyphen separates words like a space does, an apostrophe does not.
pub(super) fn words(name: &str) -> Vec<Word> {
    let hyphens = ['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{00ad}'];
    name.split(|character: char| character.is_whitespace() || hyphens.contains(&character) || character == '<')
        .map(|word| fold(word, name.contains(hyphens)))
        .filter(|word| !word.plain.is_empty())
        .collect()
}

/// All words as one.
pub(super) fn join(words: &[Word]) -> Word {
    Word {
        upper: words.iter().map(|word| word.upper.as_str()).collect(),
        plain: words.iter().map(|word| word.plain.as_str()).collect(),
        icao: words.iter().map(|word| word.icao.as_str()).collect(),
        marks: words.iter().any(|word| word.marks),
    }
}

fn fold(word: &str, hyphenated: bool) -> Word {
    let composed: String = word.nfc().collect();
    let letters: String = composed.chars().filter(|character| character.is_alphabetic()).collect();
    let marks = hyphenated || letters.len() != composed.len();
    let upper = letters.to_uppercase();
    let icao = upper.chars().map(icao).collect::<String>();
    Word { plain: ascii(&upper), icao: ascii(&icao), upper, marks }
}

fn ascii(text: &str) -> String {
    any_ascii::any_ascii(text)
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|character| character.to_ascii_uppercase())
        .collect()
}

/// The letters for which ICAO 9303-3 §6.A writes something else than the bare letter.
fn icao(character: char) -> String {
    match character {
        'Ä' | 'Æ' => "AE",
        'Å' => "AA",
        'Ö' | 'Ø' | 'Œ' => "OE",
        'Ü' => "UE",
        'ẞ' | 'ß' => "SS",
        'Þ' => "TH",
        'Ð' | 'Đ' => "D",
        'Ĳ' => "IJ",
        'Ñ' => "N",
        other => return other.to_string(),
    }
    .to_owned()
}
