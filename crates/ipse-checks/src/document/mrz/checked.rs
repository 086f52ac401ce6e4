//! The most probable text under which every check digit agrees, and how certain each of its characters then is.
//!
//! Going through the cells in order, all that matters about the past are two sums modulo ten: that of the field at hand
//! and that of the composite. So a hundred states carry every possible text, and the best one and the share of each
//! character in all of them come out exactly.

#![allow(
    clippy::indexing_slicing,
    reason = "states are numbered 0–99 by construction, and every table has one row for each cell"
)]

use super::layout::{CheckedField, value};

/// What one cell contributes to the sums.
#[derive(Clone, Copy, Default)]
pub struct Role {
    /// Weight in its own field's sum; 0 if none.
    pub own: u32,
    /// Weight in the composite; 0 if none.
    pub composite: u32,
    /// This cell is the check digit of a field.
    pub closes: Option<CheckedField>,
    /// … and may be a filler where the field is empty.
    pub optional: bool,
}

const STATES: usize = 100;

/// Where a character leads from a state; `None` where it contradicts a sum.
fn follow(state: usize, character: u8, role: &Role) -> Option<usize> {
    let (own, composite) = ((state / 10) as u32, (state % 10) as u32);
    let worth = value(character)?;
    if let Some(field) = role.closes {
        let expected = if field == CheckedField::Composite { composite } else { own };
        if worth != expected || (character == b'<' && !role.optional) {
            return None;
        }
    }
    let own = if role.closes.is_some() { 0 } else { (own + worth * role.own) % 10 };
    Some((own * 10 + (composite + worth * role.composite) % 10) as usize)
}

/// The choice for every cell (a place in its list of characters and log-probabilities), and its probability given that
/// all digits agree. `None` when no text in the lists satisfies the digits.
pub fn with_checks(cells: &[Vec<(u8, f32)>], roles: &[Role]) -> Option<(Vec<usize>, Vec<f32>)> {
    // Best total and sum over all texts on the way to each state; the sums are rescaled in every cell, only their
    // proportions matter.
    let mut best = [f32::MIN; STATES];
    let mut mass = [0.0_f64; STATES];
    best[0] = 0.0;
    mass[0] = 1.0;
    let mut trail: Vec<[(u8, u8); STATES]> = Vec::with_capacity(cells.len());
    let mut masses: Vec<[f64; STATES]> = Vec::with_capacity(cells.len());
    for (list, role) in cells.iter().zip(roles) {
        let mut next = [f32::MIN; STATES];
        let mut next_mass = [0.0_f64; STATES];
        let mut step = [(0_u8, 0_u8); STATES];
        for state in (0..STATES).filter(|s| best[*s] > f32::MIN) {
            for (pick, (character, probability)) in list.iter().enumerate() {
                let Some(to) = follow(state, *character, role) else { continue };
                next_mass[to] += mass[state] * f64::from(probability.exp());
                if best[state] + probability > next[to] {
                    next[to] = best[state] + probability;
                    step[to] = (state as u8, pick as u8);
                }
            }
        }
        masses.push(mass);
        let total: f64 = next_mass.iter().sum();
        if total <= 0.0 {
            return None;
        }
        mass = next_mass.map(|m| m / total);
        best = next;
        trail.push(step);
    }
    let (last, _) = best.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    let mut state = last;
    let mut picks = vec![0; cells.len()];
    let mut certainty = vec![0.0; cells.len()];
    // Every final state is equally fine: nothing is left open after the last digit.
    let mut future = [1.0_f64; STATES];
    for index in (0..cells.len()).rev() {
        let (characters, role) = (&cells[index], &roles[index]);
        let (from, pick) = trail[index][state];
        let mut shares = vec![0.0_f64; characters.len()];
        let mut before = [0.0_f64; STATES];
        for (origin, slot) in before.iter_mut().enumerate() {
            for (share, (character, probability)) in shares.iter_mut().zip(characters) {
                if let Some(to) = follow(origin, *character, role) {
                    let flow = f64::from(probability.exp()) * future[to];
                    *slot += flow;
                    *share += masses[index][origin] * flow;
                }
            }
        }
        let total: f64 = shares.iter().sum();
        picks[index] = usize::from(pick);
        certainty[index] = (shares[usize::from(pick)] / total.max(f64::MIN_POSITIVE)) as f32;
        let largest = before.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        future = before.map(|b| b / largest);
        state = usize::from(from);
    }
    Some((picks, certainty))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "12" and its check digit: 1·7 + 2·3 = 13, thus 3.
    fn roles() -> Vec<Role> {
        vec![
            Role { own: 7, ..Role::default() },
            Role { own: 3, ..Role::default() },
            Role { closes: Some(CheckedField::BirthDate), ..Role::default() },
        ]
    }

    #[test]
    fn the_digit_settles_a_doubt() {
        let cells = vec![vec![(b'7', -0.6), (b'1', -0.8)], vec![(b'2', 0.0)], vec![(b'3', -0.01), (b'8', -4.6)]];
        let (picks, certainty) = with_checks(&cells, &roles()).unwrap();
        assert_eq!(picks, [1, 0, 0]);
        assert!(certainty[0] > 0.99, "{certainty:?}");
    }

    #[test]
    fn what_cannot_be_made_to_agree_is_nothing() {
        let cells = vec![vec![(b'1', 0.0)], vec![(b'2', 0.0)], vec![(b'4', 0.0)]];
        assert!(with_checks(&cells, &roles()).is_none());
    }

    #[test]
    fn two_texts_that_both_agree_share_the_certainty() {
        // 1·7 + 2·3 = 13 and 1·7 + W(32)·3 = 103: the digit cannot tell them apart.
        let cells = vec![vec![(b'1', 0.0)], vec![(b'2', -0.7), (b'W', -0.7)], vec![(b'3', 0.0)]];
        let (_, certainty) = with_checks(&cells, &roles()).unwrap();
        assert!((certainty[1] - 0.5).abs() < 0.01);
    }
}
