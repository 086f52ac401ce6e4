//! From probabilities to lines: the grammar of each format and its check digits decide what the eye left open.
//!
//! For one layout the most probable text that satisfies the grammar *and every check digit* is found exactly, see
//! [`super::checked`]. If it costs little against the freest reading, and no other text that satisfies the digits is
//! nearly as probable, it is the answer. If it costs much and every character is clear, the document is printed with
//! wrong digits and is reported as printed. Between the two nobody can tell a misprint from a misreading: nothing is
//! reported.

#![allow(clippy::indexing_slicing, reason = "dynamic programming over tables sized a few lines above")]

use super::{
    checked::{Role, with_checks},
    issuers::expect_issuer,
    layout::{CheckedField, LAYOUTS, Layout, MrzFormat, allows, weight},
    recognise::Column,
    strip::ALPHABET,
};

/// Most that the check digits may cost against the freest reading (natural logarithm).
const DEAREST_CORRECTION: f32 = 3.0;
/// Least cost of satisfying the check digits for which they are taken to be printed wrong.
const MISPRINT: f32 = 7.0;
/// Most that the grammar may cost, over all characters, where it changes one into another that looks alike …
const DEAREST_LOOKALIKES: f32 = 40.0;
/// … and where it changes one into something else: that is then another format, or not a zone.
const DEAREST_GRAMMAR: f32 = 5.0;
/// Least confidence of a character that no check digit covers …
const CLEAR_ALONE: f32 = 0.93;
/// … of one that is covered, given that all digits agree …
const CLEAR_CHECKED: f32 = 0.90;
/// … and of every character when the check digits disagree with the print.
const CLEAR_AGAINST_CHECKS: f32 = 0.93;
/// Least mean confidence of each line.
const CLEAR_LINE: f32 = 0.92;
/// Log-probability of a character that will hardly look otherwise another time …
const CERTAIN: f32 = -0.2;
/// … and how many of those may be where they cannot be in a zone that is worth another look.
const MOST_MISPLACED: usize = 4;
/// Nothing is less probable than this.
const FLOOR: f32 = -14.0;
/// What a font or a blur makes alike.
const LOOKALIKES: [&[u8]; 8] = [b"O0DQU", b"I1LT", b"S5", b"B8", b"Z27", b"G6C", b"4A", b"<K"];

/// A character that is not what it looked like most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correction {
    /// From 0.
    pub line: usize,
    /// From 0.
    pub column: usize,
    /// What it looked like most.
    pub seen: char,
    /// The check digits decided; otherwise it was what may stand there at all, as an `O` where only digits do.
    pub by_check_digits: bool,
}

/// What was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    pub format: MrzFormat,
    pub lines: Vec<String>,
    /// Probability of each character among those the grammar allows, for each line.
    pub confidences: Vec<Vec<f32>>,
    pub corrections: Vec<Correction>,
    /// Whether every check digit agrees.
    pub checks_agree: bool,
    /// Log-probability, for choosing between layouts.
    pub score: f32,
}

/// Reads lines of cells under the best-fitting layout; `None` when nothing can be said with confidence.
pub fn decode(lines: &[Vec<Column>]) -> Option<Decoded> {
    let mut best: Option<Decoded> = None;
    for layout in fitting(lines) {
        for long_number in long_numbers(layout, lines) {
            if let Some(found) = decode_as(layout, long_number, lines)
                && best.as_ref().is_none_or(|b| (found.checks_agree, found.score) > (b.checks_agree, b.score))
            {
                best = Some(found);
            }
        }
    }
    best
}

/// The layouts of as many lines of such lengths.
fn fitting(lines: &[Vec<Column>]) -> impl Iterator<Item = &'static Layout> {
    LAYOUTS.iter().filter(move |layout| {
        layout.patterns.len() == lines.len()
            && layout.patterns.iter().zip(lines).all(|(pattern, line)| pattern.len() == line.len())
    })
}

/// Whether looking again might make a zone of these lines: under some layout not too many characters are what cannot
/// stand where they do.
pub fn may_be_zone(lines: &[Vec<Column>]) -> bool {
    let misplaced = |layout: &Layout| {
        let cells = layout.patterns.iter().zip(lines).flat_map(|(pattern, line)| pattern.bytes().zip(line));
        cells.filter(|(pattern, column)| {
            let (character, probability) = seen(column);
            let alike = LOOKALIKES.iter().filter(|set| set.contains(&character)).copied().flatten();
            probability > CERTAIN && !allows(*pattern, character) && !alike.into_iter().any(|c| allows(*pattern, *c))
        })
    };
    fitting(lines).any(|layout| misplaced(layout).count() <= MOST_MISPLACED)
}

/// Where the check digit of a document number longer than nine characters might stand in the optional data (part 5,
/// clause 4.2.4): columns after which a filler is likely. The ordinary place, `None`, always comes first.
fn long_numbers(layout: &Layout, lines: &[Vec<Column>]) -> Vec<Option<usize>> {
    let mut places = vec![None];
    let (line, ordinary) = match layout.format {
        MrzFormat::Td1 => (0, 14),
        MrzFormat::Td2 => (1, 9),
        _ => return places,
    };
    let filler = ALPHABET.len() - 1;
    let likely = |column: usize| lines.get(line).and_then(|l| l.get(column)).is_some_and(|c| c[filler] > -3.0);
    if likely(ordinary) {
        let (from, to) = if layout.format == MrzFormat::Td1 { (16, 29) } else { (29, 34) };
        places.extend((from..to).filter(|column| likely(column + 1)).map(Some));
    }
    places
}

fn roles(layout: &Layout, long_number: Option<usize>) -> Vec<Vec<Role>> {
    let mut roles: Vec<Vec<Role>> = layout.patterns.iter().map(|p| vec![Role::default(); p.len()]).collect();
    for check in layout.checks {
        let covered = check.covers.iter().flat_map(|span| span.columns.clone().map(move |column| (span.line, column)));
        let composite = check.field == CheckedField::Composite;
        let mut index = 0;
        for (line, column) in covered {
            let role = &mut roles[line][column];
            if composite {
                role.composite = weight(index);
            } else {
                role.own = weight(index);
            }
            index += 1;
        }
        let (line, mut column) = check.at;
        if check.field == CheckedField::DocumentNumber
            && let Some(end) = long_number
        {
            let first = layout.optional.first().map_or(column + 1, |span| span.columns.start);
            for role in &mut roles[line][first..end] {
                role.own = weight(index);
                index += 1;
            }
            column = end;
        }
        roles[line][column].closes = Some(check.field);
        roles[line][column].optional = check.optional;
    }
    roles
}

/// The characters a cell may be, most probable first, with log-probabilities renormalised over them.
fn candidates(column: &Column, pattern: u8, among_digits: f32) -> Vec<(u8, f32)> {
    let mut allowed: Vec<(u8, f32)> = ALPHABET
        .iter()
        .zip(column)
        .filter(|(c, _)| allows(pattern, **c))
        .map(|(c, p)| (*c, p.max(FLOOR) - rarity(pattern, *c, among_digits)))
        .collect();
    let total = allowed.iter().map(|(_, p)| p.exp()).sum::<f32>().ln();
    for (_, probability) in &mut allowed {
        *probability -= total;
    }
    allowed.sort_by(|a, b| b.1.total_cmp(&a.1));
    allowed
}

/// How much less than others a character is to be expected (natural logarithm): issuers keep letters that look like
/// digits out of their numbers, all the more among digits.
fn rarity(pattern: u8, character: u8, among_digits: f32) -> f32 {
    match (pattern, character) {
        (b'x', b'O') => 4.0,
        (b'x', b'I' | b'Q') => 1.0 + 2.0 * among_digits,
        (b'x', b'D' | b'S' | b'B' | b'Z' | b'G' | b'T' | b'L' | b'U') => 2.0 * among_digits,
        (b't', b'0'..=b'9') => 2.5,
        (b'p', b'P') | (b'i', b'A' | b'C' | b'I') => 0.0,
        (b'p' | b'i', _) => 3.0,
        _ => 0.0,
    }
}

/// How surely both neighbours of a cell are digits, 0–1.
fn among_digits(columns: &[Column], index: usize) -> f32 {
    let digit = |column: Option<&Column>| column.map_or(0.0, |c| c[26..36].iter().map(|p| p.exp()).sum::<f32>());
    digit(index.checked_sub(1).and_then(|before| columns.get(before))).min(digit(columns.get(index + 1)))
}

fn look_alike(a: u8, b: u8) -> bool {
    LOOKALIKES.iter().any(|set| set.contains(&a) && set.contains(&b))
}

/// The likeliest character of all, and its log-probability.
fn seen(column: &Column) -> (u8, f32) {
    ALPHABET.iter().zip(column).fold((b'<', f32::MIN), |best, (c, p)| if *p > best.1 { (*c, *p) } else { best })
}

fn log_probability(column: &Column, character: u8) -> f32 {
    ALPHABET.iter().zip(column).find(|(c, _)| **c == character).map_or(FLOOR, |(_, p)| p.max(FLOOR))
}

fn decode_as(layout: &'static Layout, long_number: Option<usize>, lines: &[Vec<Column>]) -> Option<Decoded> {
    let roles = roles(layout, long_number);
    let length = lines.first()?.len();
    let digit_at = layout.checks[0].at;
    let mut expected = lines.to_vec();
    expect_issuer(&mut expected[0][2..5]);
    if layout.nationality.columns != (2..5) {
        expect_issuer(&mut expected[layout.nationality.line][layout.nationality.columns.clone()]);
    }
    let mut cells: Vec<Vec<(u8, f32)>> = Vec::new();
    let (mut strange, mut alike) = (0.0, 0.0);
    for (line, columns) in lines.iter().enumerate() {
        for (index, column) in columns.iter().enumerate() {
            let here = (line, index);
            let continued = layout.optional.first().is_some_and(|s| s.line == line && s.columns.contains(&index));
            let pattern = match long_number {
                Some(end) if here == (digit_at.0, end) => b'k',
                _ => layout.patterns[line].as_bytes()[index],
            };
            let mut list = candidates(&expected[line][index], pattern, among_digits(columns, index));
            match long_number {
                Some(_) if here == digit_at => list.retain(|(c, _)| *c == b'<'),
                None if here == digit_at => list.retain(|(c, _)| *c != b'<'),
                Some(end) if continued && index < end => list.retain(|(c, _)| *c != b'<'),
                _ => {}
            }
            let (character, free) = seen(column);
            let kept = list.first()?.0;
            let cost = free.max(FLOOR) - log_probability(column, kept);
            *(if look_alike(character, kept) { &mut alike } else { &mut strange }) += cost;
            list.truncate(8);
            cells.push(list);
        }
    }
    if strange > DEAREST_GRAMMAR || alike > DEAREST_LOOKALIKES {
        return None;
    }
    let mut score = -strange - alike;
    let flat: Vec<Role> = roles.into_iter().flatten().collect();
    let free: Vec<usize> = vec![0; cells.len()];
    let satisfying = with_checks(&cells, &flat).map(|(picks, posterior)| (free_cost(&cells, &picks), picks, posterior));
    let (picks, mut confidence, checks_agree): (_, Vec<f32>, _) = match satisfying {
        Some((cost, picks, posterior)) if cost <= DEAREST_CORRECTION => {
            score -= cost;
            (picks, posterior, true)
        }
        Some((cost, ..)) if cost < MISPRINT => return None,
        _ => {
            let unchecked = cells.iter().map(|list| list.first().map_or(0.0, |(_, p)| p.exp())).collect();
            (free.clone(), unchecked, false)
        }
    };
    // A cell where the network saw no character at all is not made certain by the grammar.
    for (confidence, column) in confidence.iter_mut().zip(lines.iter().flatten()) {
        *confidence *= 1.0 - column[ALPHABET.len()].exp();
    }
    let chosen = text(&cells, &picks);
    let covered = |index: usize| flat[index].own > 0 || flat[index].composite > 0 || flat[index].closes.is_some();
    let least = |checked: bool| {
        confidence.iter().enumerate().filter(|(i, _)| covered(*i) == checked).map(|(_, c)| *c).fold(1.0_f32, f32::min)
    };
    let means_are_clear =
        confidence.chunks(length).all(|line| line.iter().sum::<f32>() / line.len() as f32 >= CLEAR_LINE);
    let clear = if checks_agree {
        least(false) >= CLEAR_ALONE && least(true) >= CLEAR_CHECKED
    } else {
        least(false).min(least(true)) >= CLEAR_AGAINST_CHECKS
    };
    if !clear || !means_are_clear {
        return None;
    }
    let corrections = lines
        .iter()
        .flatten()
        .zip(&picks)
        .zip(&chosen)
        .enumerate()
        .filter(|(_, ((column, pick), chosen))| **pick > 0 || seen(column).0 != **chosen)
        .map(|(index, ((column, pick), _))| Correction {
            line: index / length,
            column: index % length,
            seen: char::from(seen(column).0),
            by_check_digits: *pick > 0,
        })
        .collect();
    Some(Decoded {
        format: layout.format,
        lines: chosen.chunks(length).map(|line| line.iter().map(|c| char::from(*c)).collect()).collect(),
        confidences: confidence.chunks(length).map(<[f32]>::to_vec).collect(),
        corrections,
        checks_agree,
        score,
    })
}

fn text(cells: &[Vec<(u8, f32)>], picks: &[usize]) -> Vec<u8> {
    cells.iter().zip(picks).map(|(list, pick)| list.get(*pick).map_or(b'<', |(c, _)| *c)).collect()
}

fn free_cost(cells: &[Vec<(u8, f32)>], picks: &[usize]) -> f32 {
    cells.iter().zip(picks).filter_map(|(list, pick)| Some(list.first()?.1 - list.get(*pick)?.1)).sum()
}
