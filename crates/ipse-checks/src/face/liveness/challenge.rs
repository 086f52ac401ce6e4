//! What the person is asked to do. The server keeps it with the verification and takes it back once.

use serde::{Deserialize, Serialize};

/// How many movements a challenge has, after looking ahead.
const MOVEMENTS: usize = 5;

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Look into the camera.
    LookAhead,
    /// Turn the head to one's own left.
    TurnLeft,
    /// Turn the head to one's own right.
    TurnRight,
    /// Come closer than at the beginning.
    Closer,
    /// Go farther away than at the beginning.
    Farther,
}

/// The colour of the screen meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LightColour {
    /// All colours.
    White,
    /// Red.
    Red,
    /// Green.
    Green,
    /// Blue.
    Blue,
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Step {
    /// What to do.
    pub action: Action,
    /// The colour of the screen.
    pub light: LightColour,
}

/// What the person is asked to do, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// The steps; the first is to look ahead under white light.
    pub steps: Vec<Step>,
}

impl Challenge {
    /// How many sequences of movements there are: 4 · 3⁴ in which none comes twice in a row, without the four that only
    /// turn or only move. A recording made before fits one drawn at random with probability 1 in 320, even where the
    /// light around is too bright for the colours to be seen; where it is not, 1 in 15,360.
    pub const SEQUENCES: u32 = 320;
    /// How many sequences of colours there are: 3 · 2⁴, none twice in a row.
    pub const COLOURS: u32 = 48;

    /// Draws one; every sequence is as likely as every other, to one part in a billion.
    pub fn draw(entropy: [u8; 16]) -> Self {
        let number = u128::from_le_bytes(entropy);
        let movements = movements((number % u128::from(Self::SEQUENCES)) as u32);
        let lights = lights((number / u128::from(Self::SEQUENCES) % u128::from(Self::COLOURS)) as u32);
        let first = Step { action: Action::LookAhead, light: LightColour::White };
        let rest = movements.into_iter().zip(lights).map(|(action, light)| Step { action, light });
        Self { steps: std::iter::once(first).chain(rest).collect() }
    }
}

/// The sequence with this number, of those that both turn and move.
fn movements(number: u32) -> Vec<Action> {
    const ALL: [Action; 4] = [Action::TurnLeft, Action::TurnRight, Action::Closer, Action::Farther];
    let sequences = (0..4 * 3_u32.pow(MOVEMENTS as u32 - 1)).map(|code| without_repeats(&ALL, code, MOVEMENTS));
    let both = sequences.filter(|actions| {
        let turns = actions.iter().filter(|action| matches!(action, Action::TurnLeft | Action::TurnRight)).count();
        turns != 0 && turns != MOVEMENTS
    });
    both.into_iter().nth(number as usize).unwrap_or_default()
}

fn lights(number: u32) -> Vec<LightColour> {
    without_repeats(&[LightColour::Red, LightColour::Green, LightColour::Blue], number, MOVEMENTS)
}

/// The sequence with this number, of those over `all` in which nothing comes twice in a row: the first place has all to
/// choose from, each later one has all but its neighbour.
fn without_repeats<T: Copy + PartialEq>(all: &[T], mut code: u32, length: usize) -> Vec<T> {
    let mut sequence: Vec<T> = Vec::with_capacity(length);
    for _ in 0..length {
        let choices: Vec<T> = all.iter().copied().filter(|one| sequence.last() != Some(one)).collect();
        let count = choices.len().max(1) as u32;
        sequence.extend(choices.get((code % count) as usize));
        code /= count;
    }
    sequence
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_sequence_is_drawn_and_none_repeats_itself() {
        let mut seen = BTreeSet::new();
        for number in 0..Challenge::SEQUENCES * Challenge::COLOURS {
            let challenge = Challenge::draw(u128::from(number).to_le_bytes());
            assert_eq!(challenge.steps.len(), 6);
            assert_eq!(challenge.steps[0], Step { action: Action::LookAhead, light: LightColour::White });
            for pair in challenge.steps.windows(2) {
                assert_ne!(pair[0].action, pair[1].action);
                assert_ne!(pair[0].light, pair[1].light);
            }
            seen.insert(format!("{challenge:?}"));
        }
        assert_eq!(seen.len() as u32, Challenge::SEQUENCES * Challenge::COLOURS);
        const { assert!(Challenge::SEQUENCES > 200, "a recording must not fit by chance") };
    }
}
