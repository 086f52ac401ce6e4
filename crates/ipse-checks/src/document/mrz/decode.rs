//! From probabilities to lines: the grammar of each format and its check digits decide what the eye left open.
//!
//! For one layout the most probable text that satisfies the grammar *and every check digit* is found exactly, see
//! [`super::checked`]. If it costs little against the freest reading, and no other text that satisfies the digits is
//! nearly as probable, it is the answer. If it costs much but every character is clear, the document is printed with
//! wrong digits and is reported as printed. Otherwise nothing is reported.

#![allow(clippy::indexing_slicing, reason = "dynamic programming over tables sized a few lines above")]

use super::{
    checked::{Role, with_checks},
    layout::{CheckedField, LAYOUTS, Layout, MrzFormat, allows, weight},
    recognise::Column,
    strip::ALPHABET,
};

/// Most that the check digits may cost against the freest reading (natural logarithm), and most characters they may
/// change.
const DEAREST_CORRECTION: f32 = 9.0;
const MOST_CORRECTIONS: usize = 3;
/// Least confidence of a character that no check digit covers …
const CLEAR_ALONE: f32 = 0.80;
/// … of one that is covered, given that all digits agree …
const CLEAR_CHECKED: f32 = 0.75;
/// … and of every character when the check digits disagree with the print.
const CLEAR_AGAINST_CHECKS: f32 = 0.90;
/// Least mean confidence of each line.
const CLEAR_LINE: f32 = 0.86;
/// Nothing is less probable than this.
const FLOOR: f32 = -14.0;

/// What was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    pub format: MrzFormat,
    pub lines: Vec<String>,
    /// Probability of each character among those the grammar allows, for each line.
    pub confidences: Vec<Vec<f32>>,
    /// Characters that the check digits changed: (line, column, what the eye alone would have said).
    pub corrected: Vec<(usize, usize, char)>,
    /// Whether every check digit agrees.
    pub checks_agree: bool,
    /// Log-probability, for choosing between layouts.
    pub score: f32,
}

/// Reads lines of cells under the best-fitting layout; `None` when nothing can be said with confidence.
pub fn decode(lines: &[Vec<Column>]) -> Option<Decoded> {
    let fitting = LAYOUTS.iter().filter(|layout| {
        layout.patterns.len() == lines.len()
            && layout.patterns.iter().zip(lines).all(|(pattern, line)| pattern.len() == line.len())
    });
    let mut best: Option<Decoded> = None;
    for layout in fitting {
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
fn candidates(column: &Column, pattern: u8) -> Vec<(u8, f32)> {
    let mut allowed: Vec<(u8, f32)> = ALPHABET
        .iter()
        .zip(column)
        .filter(|(c, _)| allows(pattern, **c))
        .map(|(c, p)| (*c, p.max(FLOOR) - if pattern == b'x' { rarity(*c) } else { 0.0 }))
        .collect();
    let total = allowed.iter().map(|(_, p)| p.exp()).sum::<f32>().ln();
    for (_, probability) in &mut allowed {
        *probability -= total;
    }
    allowed.sort_by(|a, b| b.1.total_cmp(&a.1));
    allowed
}

/// Issuers keep letters that look like digits out of their numbers; how much less they are to be expected (natural
/// logarithm).
fn rarity(character: u8) -> f32 {
    match character {
        b'O' => 4.0,
        b'I' | b'Q' => 1.0,
        _ => 0.0,
    }
}

fn decode_as(layout: &'static Layout, long_number: Option<usize>, lines: &[Vec<Column>]) -> Option<Decoded> {
    let roles = roles(layout, long_number);
    let length = lines.first()?.len();
    let mut cells: Vec<Vec<(u8, f32)>> = Vec::new();
    // What the grammar itself throws away counts against the layout.
    let mut score = 0.0;
    for (line, columns) in lines.iter().enumerate() {
        for (index, column) in columns.iter().enumerate() {
            let pattern = match (long_number, &roles[line][index]) {
                (Some(end), _) if (line, index) == (layout.checks[0].at.0, end) => b'k',
                _ => layout.patterns[line].as_bytes()[index],
            };
            let mut list = candidates(column, pattern);
            let fixed = if (line, index) == (0, 0) { visa_letter(layout.format, &mut list) } else { 0.0 };
            if long_number.is_some() && (line, index) == layout.checks[0].at {
                list.retain(|(c, _)| *c == b'<');
            } else if long_number.is_none() && (line, index) == layout.checks[0].at {
                list.retain(|(c, _)| *c != b'<');
            } else if long_number.is_some_and(|end| index < end)
                && layout.optional.first().is_some_and(|s| s.line == line && s.columns.contains(&index))
            {
                list.retain(|(c, _)| *c != b'<');
            }
            let free = column[..ALPHABET.len()].iter().copied().fold(FLOOR, f32::max);
            let kept = ALPHABET
                .iter()
                .position(|c| list.first().is_some_and(|(l, _)| l == c))
                .map_or(FLOOR, |i| column[i].max(FLOOR));
            score += kept - free + fixed;
            list.truncate(8);
            cells.push(list);
        }
    }
    let flat: Vec<Role> = roles.into_iter().flatten().collect();
    let free: Vec<usize> = vec![0; cells.len()];
    let free_text = text(&cells, &free);
    let unchecked = |picks: &[usize]| {
        cells.iter().zip(picks).map(|(list, pick)| list.get(*pick).map_or(0.0, |(_, p)| p.exp())).collect()
    };
    let affordable = with_checks(&cells, &flat).filter(|(picks, _)| {
        free_cost(&cells, picks) <= DEAREST_CORRECTION && picks.iter().filter(|p| **p > 0).count() <= MOST_CORRECTIONS
    });
    let (picks, mut confidence, checks_agree): (_, Vec<f32>, _) = if let Some((picks, posterior)) = affordable {
        score -= free_cost(&cells, &picks);
        (picks, posterior, true)
    } else {
        let confidence = unchecked(&free);
        (free, confidence, false)
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
    if !clear || !means_are_clear || score < -40.0 {
        return None;
    }
    let corrected = (0..chosen.len())
        .filter(|i| chosen[*i] != free_text[*i])
        .map(|i| (i / length, i % length, char::from(free_text[i])))
        .collect();
    Some(Decoded {
        format: layout.format,
        lines: chosen.chunks(length).map(|line| line.iter().map(|c| char::from(*c)).collect()).collect(),
        confidences: confidence.chunks(length).map(<[f32]>::to_vec).collect(),
        corrected,
        checks_agree,
        score,
    })
}

/// Visas, and only visas, begin with `V` (part 7, clause 4.2.2).
fn visa_letter(format: MrzFormat, list: &mut Vec<(u8, f32)>) -> f32 {
    let visa = matches!(format, MrzFormat::MrvA | MrzFormat::MrvB);
    let first = list.first().map_or(0.0, |(_, p)| *p);
    list.retain(|(c, _)| (*c == b'V') == visa);
    list.first().map_or(FLOOR, |(_, p)| *p) - first
}

fn text(cells: &[Vec<(u8, f32)>], picks: &[usize]) -> Vec<u8> {
    cells.iter().zip(picks).map(|(list, pick)| list.get(*pick).map_or(b'<', |(c, _)| *c)).collect()
}

fn free_cost(cells: &[Vec<(u8, f32)>], picks: &[usize]) -> f32 {
    cells.iter().zip(picks).filter_map(|(list, pick)| Some(list.first()?.1 - list.get(*pick)?.1)).sum()
}
