//! Rules that others publish for when a name in a directory is the one on a document, beside ours.
//!
//! | preset | given name | family name | published |
//! |---|---|---|---|
//! | `exact` | the same words | the same words | here |
//! | `relaxed` | see [`super`] | see [`super`] | here |
//! | `duo` | first name within two characters, or a nickname | the same words | Cisco Duo, identity verification |
//! | `entra` | every word among the document's, in either half | likewise | Microsoft Entra account recovery, "relaxed" |
//!
//! Differences from what is published: `duo` wants at least half of the letters to stay, so that short names are not
//! all alike; `entra` lets a directory's half have several words.

use super::{Forgiven, Name, Word, family_names, given_names, nickname, same_words, words};
use serde::{Deserialize, Serialize};

/// When two names are the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// The same words in the same order, after case and spacing.
    Exact,
    /// See [`super::relaxed`].
    #[default]
    Relaxed,
    /// As Cisco Duo publishes it.
    Duo,
    /// As Microsoft Entra publishes it.
    Entra,
}

/// Each half for itself: what had to be forgiven, or `None` where it is not the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Halves {
    /// The given names.
    pub given: Option<Vec<Forgiven>>,
    /// The family names.
    pub family: Option<Vec<Forgiven>>,
}

impl Preset {
    /// Every preset.
    pub const ALL: [Self; 4] = [Self::Exact, Self::Relaxed, Self::Duo, Self::Entra];

    /// The name in settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Relaxed => "relaxed",
            Self::Duo => "duo",
            Self::Entra => "entra",
        }
    }

    /// Reads the name in settings.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == text)
    }

    /// Compares two names half by half. An empty half is never the same.
    pub fn compare(self, claimed: Name<'_>, documented: Name<'_>) -> Halves {
        match self {
            Self::Exact => Halves {
                given: same_words(claimed.given, documented.given).then(Vec::new),
                family: same_words(claimed.family, documented.family).then(Vec::new),
            },
            Self::Relaxed => relaxed(claimed, documented),
            Self::Duo => Halves {
                given: duo(claimed.given, documented.given),
                family: same_words(claimed.family, documented.family).then(Vec::new),
            },
            Self::Entra => Halves {
                given: among(claimed.given, documented, documented.given),
                family: among(claimed.family, documented, documented.family),
            },
        }
    }
}

fn relaxed(claimed: Name<'_>, documented: Name<'_>) -> Halves {
    let (given, family) = (words(claimed.given), words(claimed.family));
    let compare = |documented_given: &str, documented_family: &str| Halves {
        given: given_names(&given, &words(documented_given), documented.truncated),
        family: family_names(&family, &words(documented_family), documented.truncated),
    };
    let straight = compare(documented.given, documented.family);
    if straight.given.is_some() && straight.family.is_some() {
        return straight;
    }
    // Exchanged halves only explain both at once.
    match compare(documented.family, documented.given) {
        Halves { given: Some(mut given), family: Some(mut family) } => {
            given.push(Forgiven::Order);
            family.push(Forgiven::Order);
            Halves { given: Some(given), family: Some(family) }
        }
        _ => straight,
    }
}

/// The first name within two characters, or a common form of it.
fn duo(claimed: &str, documented: &str) -> Option<Vec<Forgiven>> {
    let (claimed, documented) = (words(claimed), words(documented));
    let (left, right) = (claimed.first()?, documented.first()?);
    if left.upper == right.upper {
        return Some(Vec::new());
    }
    if nickname::are_the_same(&left.plain, &right.plain) {
        return Some(vec![Forgiven::Nickname]);
    }
    let letters = |word: &Word| word.upper.chars().collect::<Vec<_>>();
    let (left, right) = (letters(left), letters(right));
    let apart = distance(&left, &right);
    (apart <= 2 && apart * 2 <= left.len().min(right.len())).then(|| vec![Forgiven::Spelling])
}

/// How many letters have to be added, dropped or exchanged (Levenshtein).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, one) in left.iter().enumerate() {
        let mut diagonal = above;
        let mut before = above + 1;
        for (cell, other) in row.iter_mut().skip(1).zip(right) {
            let exchanged = diagonal + usize::from(one != other);
            diagonal = *cell;
            before = exchanged.min(diagonal + 1).min(before + 1);
            *cell = before;
        }
        if let Some(first) = row.first_mut() {
            *first = above + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Every word somewhere on the document; in the other half only where it is not in its own.
fn among(claimed: &str, documented: Name<'_>, own: &str) -> Option<Vec<Forgiven>> {
    let claimed = words(claimed);
    let (given, family, own) = (words(documented.given), words(documented.family), words(own));
    let has = |words: &[Word], word: &Word| words.iter().any(|other| other.upper == word.upper);
    let somewhere = claimed.iter().all(|word| has(&given, word) || has(&family, word));
    if claimed.is_empty() || !somewhere {
        return None;
    }
    let crossed = claimed.iter().any(|word| !has(&own, word));
    let fewer = claimed.len() < own.len();
    let forgiven = [crossed.then_some(Forgiven::Order), fewer.then_some(Forgiven::MiddleName)];
    Some(forgiven.into_iter().flatten().collect())
}

/// Whether middle names given by themselves are those after the first given name, or those a source keeps apart.
/// An initial stands for a name under every preset but `exact`.
pub fn middle_names(preset: Preset, claimed: &str, documented_given: &str, documented: &str) -> Option<Vec<Forgiven>> {
    let given = words(documented_given);
    let mut names = words(documented);
    if names.is_empty() {
        names = given.into_iter().skip(1).collect();
    }
    let claimed = words(claimed);
    if claimed.is_empty() || claimed.len() != names.len() {
        return None;
    }
    let mut forgiven = Vec::new();
    for (left, right) in claimed.iter().zip(&names) {
        let found = match preset {
            Preset::Exact => (left.upper == right.upper && left.marks == right.marks).then(Vec::new),
            _ => super::one(left, right, false).or_else(|| super::initial(left, right)),
        };
        forgiven.extend(found?);
    }
    Some(forgiven)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name<'a>(given: &'a str, family: &'a str) -> Name<'a> {
        Name { given, family, truncated: false }
    }

    fn holds(preset: Preset, claimed: (&str, &str), documented: (&str, &str)) -> (bool, bool) {
        let halves = preset.compare(name(claimed.0, claimed.1), name(documented.0, documented.1));
        (halves.given.is_some(), halves.family.is_some())
    }

    #[test]
    fn each_preset_by_its_examples() {
        use Preset::{Duo, Entra, Exact, Relaxed};
        let table = [
            (Exact, ("Anna", "Eriksson"), ("ANNA", "ERIKSSON"), (true, true)),
            (Exact, ("Anna", "Eriksson"), ("ANNA MARIA", "ERIKSSON"), (false, true)),
            (Relaxed, ("Jürgen", "Müller"), ("JUERGEN", "MUELLER"), (true, true)),
            (Relaxed, ("Wei", "Zhang"), ("ZHANG", "WEI"), (true, true)),
            (Relaxed, ("Anna", "Eriksson"), ("EVA", "ERIKSSON"), (false, true)),
            (Relaxed, ("Anna", "Eriksson"), ("ANNA", "LARSSON"), (true, false)),
            (Duo, ("Jim", "Smith"), ("JAMES", "SMITH"), (true, true)),
            (Duo, ("Jonh", "Smith"), ("JOHN", "SMITH"), (true, true)),
            (Duo, ("Johnny-Lee", "Smith"), ("MARY", "SMITH"), (false, true)),
            (Duo, ("Bo", "Smith"), ("AL", "SMITH"), (false, true)),
            (Duo, ("James", "Smyth"), ("JAMES", "SMITH"), (true, false)),
            (Entra, ("Maria", "Eriksson"), ("ANNA MARIA", "ERIKSSON"), (true, true)),
            (Entra, ("Zhang", "Wei"), ("WEI", "ZHANG"), (true, true)),
            (Entra, ("Bob", "Smith"), ("ROBERT", "SMITH"), (false, true)),
        ];
        for (preset, claimed, documented, expected) in table {
            assert_eq!(holds(preset, claimed, documented), expected, "{preset:?} {claimed:?} {documented:?}");
        }
    }

    #[test]
    fn nothing_is_never_the_same() {
        for preset in Preset::ALL {
            assert_eq!(holds(preset, ("", ""), ("", "")), (false, false));
            assert_eq!(holds(preset, ("'", "-"), ("ANNA", "ERIKSSON")), (false, false));
            assert_eq!(holds(preset, ("Anna", "Eriksson"), ("", "")), (false, false));
        }
    }

    #[test]
    fn distance_counts_changes() {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        for (left, right, apart) in [("", "", 0), ("ABC", "", 3), ("KITTEN", "SITTING", 3), ("AB", "BA", 2)] {
            assert_eq!(distance(&letters(left), &letters(right)), apart);
            assert_eq!(distance(&letters(right), &letters(left)), apart);
        }
    }

    #[test]
    fn middle_names_stand_alone_or_after_the_first() {
        use Forgiven::MiddleName;
        let found = |preset, claimed, given, middle| middle_names(preset, claimed, given, middle);
        assert_eq!(found(Preset::Exact, "Maria", "ANNA MARIA", ""), Some(vec![]));
        assert_eq!(found(Preset::Exact, "Maria", "ANNA", "MARIA"), Some(vec![]));
        assert_eq!(found(Preset::Exact, "M", "ANNA MARIA", ""), None);
        assert_eq!(found(Preset::Relaxed, "M", "ANNA MARIA", ""), Some(vec![MiddleName]));
        assert_eq!(found(Preset::Relaxed, "Maria", "ANNA", ""), None);
        assert_eq!(found(Preset::Relaxed, "Sofia", "ANNA MARIA", ""), None);
    }
}
