//! When two names are the same name: published rules, not vibes.
//!
//! [`exact`] wants the same words in the same order; only case and spacing may differ.
//!
//! [`relaxed`] also forgives, and says which of them it needed ([`Forgiven`]):
//!
//! | forgiven | example |
//! |---|---|
//! | `diacritics` | Núñez = Nunez |
//! | `transliteration` | Müller = MUELLER, Øster = OESTER, Þór = THOR (ICAO 9303-3 §6) |
//! | `hyphen` | Anne-Marie = Anne Marie = Annemarie, O'Neill = ONEILL |
//! | `order` | given and family name exchanged |
//! | `middle_name` | names after the first given name present on one side only |
//! | `truncated` | a name cut at the end of a machine-readable zone |
//! | `nickname` | Bob = Robert ([`nickname`]) |
//!
//! What it never forgives: another family name, another first name, an initial for a name, an empty name.

mod fold;
pub mod nickname;
pub mod preset;

use fold::{Word, words};
pub use preset::Preset;
use serde::{Deserialize, Serialize};

/// A name in its two halves. Either half may be several words; the order of halves is the order of writing.
#[derive(Clone, Copy)]
pub struct Name<'a> {
    /// All given names, first one first.
    pub given: &'a str,
    /// All family names.
    pub family: &'a str,
    /// Whether the source cuts long names, and may have cut this one.
    pub truncated: bool,
}

/// What had to be forgiven for two names to match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forgiven {
    /// Accents and the like.
    Diacritics,
    /// A letter written as two, as in machine-readable zones.
    Transliteration,
    /// Hyphens, apostrophes and spaces inside a name.
    Hyphen,
    /// Given and family name exchanged.
    Order,
    /// Given names after the first, on one side only.
    MiddleName,
    /// A name cut short.
    Truncated,
    /// A common short form.
    Nickname,
    /// One or two letters ([`Preset::Duo`] only).
    Spelling,
}

/// Whether the words are the same in the same order, after case and spacing.
pub fn exact(claimed: Name<'_>, documented: Name<'_>) -> bool {
    same_words(claimed.given, documented.given) && same_words(claimed.family, documented.family)
}

/// A text in upper-case ASCII as far as that goes: accents dropped, other scripts transliterated.
pub fn plain(text: &str) -> String {
    any_ascii::any_ascii(text).to_ascii_uppercase()
}

fn same_words(left: &str, right: &str) -> bool {
    let upper = |text: &str| text.split_whitespace().map(str::to_uppercase).collect::<Vec<_>>();
    let (left, right) = (upper(left), upper(right));
    !left.is_empty() && left == right
}

/// Whether the names are the same under the relaxed rule, and what had to be forgiven.
pub fn relaxed(claimed: Name<'_>, documented: Name<'_>) -> Option<Vec<Forgiven>> {
    let straight = halves(claimed, documented.given, documented.family, documented.truncated);
    let mut forgiven = if let Some(forgiven) = straight {
        forgiven
    } else {
        let mut crossed = halves(claimed, documented.family, documented.given, documented.truncated)?;
        crossed.push(Forgiven::Order);
        crossed
    };
    forgiven.sort_unstable();
    forgiven.dedup();
    Some(forgiven)
}

fn halves(claimed: Name<'_>, given: &str, family: &str, truncated: bool) -> Option<Vec<Forgiven>> {
    let mut forgiven = family_names(&words(claimed.family), &words(family), truncated)?;
    forgiven.extend(given_names(&words(claimed.given), &words(given), truncated)?);
    Some(forgiven)
}

fn family_names(claimed: &[Word], documented: &[Word], truncated: bool) -> Option<Vec<Forgiven>> {
    if claimed.is_empty() || documented.is_empty() {
        return None;
    }
    let mut forgiven = in_order(claimed, documented, false)
        .filter(|_| claimed.len() == documented.len())
        .or_else(|| joined(claimed, documented));
    if forgiven.is_none() && truncated && documented.len() <= claimed.len() {
        forgiven = in_order(claimed, documented, true);
    }
    forgiven
}

fn given_names(claimed: &[Word], documented: &[Word], truncated: bool) -> Option<Vec<Forgiven>> {
    let (first, rest) = claimed.split_first()?;
    if let Some(forgiven) = joined(claimed, documented) {
        return Some(forgiven);
    }
    // A compound first name on one side may be several words on the other, before any middle names.
    for (left, right) in [(1, 2), (2, 1)] {
        let words = claimed.get(..left).zip(documented.get(..right));
        if let Some(mut forgiven) = words.and_then(|(left, right)| joined(left, right)) {
            forgiven.push(Forgiven::MiddleName);
            return Some(forgiven);
        }
    }
    let (documented_first, documented_rest) = documented.split_first()?;
    let mut forgiven = one(first, documented_first, truncated && documented_rest.is_empty())?;
    // Middle names may be missing on one side, but those both sides give must not contradict each other.
    let (shorter, longer) =
        if rest.len() <= documented_rest.len() { (rest, documented_rest) } else { (documented_rest, rest) };
    let mut candidates = longer.iter();
    for word in shorter {
        let found = candidates.by_ref().find_map(|candidate| {
            one(word, candidate, truncated)
                .or_else(|| one(candidate, word, truncated))
                .or_else(|| initial(word, candidate))
        })?;
        forgiven.extend(found);
    }
    if shorter.len() != longer.len() {
        forgiven.push(Forgiven::MiddleName);
    }
    Some(forgiven)
}

/// Word by word; the last may be cut when `cut` is allowed.
fn in_order(claimed: &[Word], documented: &[Word], cut: bool) -> Option<Vec<Forgiven>> {
    let mut forgiven = Vec::new();
    let last = documented.len().checked_sub(1)?;
    for (place, (left, right)) in claimed.iter().zip(documented).enumerate() {
        forgiven.extend(same_spelling(left, right, cut && place == last)?);
        if left.marks != right.marks {
            forgiven.push(Forgiven::Hyphen);
        }
    }
    if cut && claimed.len() > documented.len() {
        forgiven.push(Forgiven::Truncated);
    }
    Some(forgiven)
}

/// The same letters, however they are split into words.
fn joined(claimed: &[Word], documented: &[Word]) -> Option<Vec<Forgiven>> {
    let (left, right) = (fold::join(claimed), fold::join(documented));
    let mut forgiven = same_spelling(&left, &right, false)?;
    if claimed.len() != documented.len() || left.marks != right.marks {
        forgiven.push(Forgiven::Hyphen);
    }
    Some(forgiven)
}

/// One given name against another: the same spelling, or a nickname of it.
fn one(claimed: &Word, documented: &Word, cut: bool) -> Option<Vec<Forgiven>> {
    same_spelling(claimed, documented, cut)
        .or_else(|| nickname::are_the_same(&claimed.plain, &documented.plain).then(|| vec![Forgiven::Nickname]))
}

/// A middle initial stands for a middle name, never for a first name.
fn initial(left: &Word, right: &Word) -> Option<Vec<Forgiven>> {
    let stands_for = |short: &Word, long: &Word| short.plain.len() == 1 && long.plain.starts_with(&short.plain);
    (stands_for(left, right) || stands_for(right, left)).then(|| vec![Forgiven::MiddleName])
}

fn same_spelling(claimed: &Word, documented: &Word, cut: bool) -> Option<Vec<Forgiven>> {
    if claimed.plain.is_empty() || documented.plain.is_empty() {
        return None;
    }
    if claimed.upper == documented.upper {
        return Some(Vec::new());
    }
    if claimed.plain == documented.plain {
        return Some(vec![Forgiven::Diacritics]);
    }
    let transliterated =
        [&claimed.plain, &claimed.icao].into_iter().any(|left| [&documented.plain, &documented.icao].contains(&left));
    if transliterated {
        return Some(vec![Forgiven::Transliteration]);
    }
    // A cut name must still say something: two letters at least.
    let cut_short = cut
        && documented.plain.len() >= 2
        && (claimed.plain.starts_with(&documented.plain) || claimed.icao.starts_with(&documented.plain));
    cut_short.then(|| vec![Forgiven::Truncated])
}

#[cfg(test)]
mod tests;
