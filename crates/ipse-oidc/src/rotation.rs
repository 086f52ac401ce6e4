//! When a signing key takes the next step of its life: next → current → retired → gone.
//!
//! Relying parties keep what they fetched, some for a day, so a key is published long before it signs, and stays
//! published long after.

use crate::keys::KeyState;
use crate::profile::Alg;
use jiff::{SignedDuration, Timestamp};

/// The times between the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How long a key is published before it signs. At least 48 hours: Entra keeps metadata for a day.
    pub publish_ahead: SignedDuration,
    /// How long a key signs.
    pub current: SignedDuration,
    /// How long a key stays published after it signed last.
    pub keep: SignedDuration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            publish_ahead: SignedDuration::from_hours(48),
            current: SignedDuration::from_hours(90 * 24),
            keep: SignedDuration::from_hours(48),
        }
    }
}

/// What the plan has to know of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyAge<'a> {
    /// Its name.
    pub kid: &'a str,
    /// What it signs with.
    pub alg: Alg,
    /// Where it stands.
    pub state: KeyState,
    /// Since when.
    pub since: Timestamp,
}

/// One thing to do, in this order, in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Make a key.
    Generate(Alg, KeyState),
    /// Let a key stand elsewhere from now on.
    Become(String, KeyState),
    /// Destroy a key.
    Remove(String),
}

/// What is to be done now, so that there is a current key of each algorithm and a successor in time.
pub fn plan(keys: &[KeyAge<'_>], algs: &[Alg], policy: &Policy, now: Timestamp) -> Vec<Step> {
    let mut steps = Vec::new();
    let age = |key: &KeyAge<'_>| now.duration_since(key.since);
    for alg in algs {
        let find = |state| keys.iter().find(|key| key.alg == *alg && key.state == state);
        let (next, current) = (find(KeyState::Next), find(KeyState::Current));
        let ripe = next.filter(|key| age(key) >= policy.publish_ahead);
        match (current, next, ripe) {
            (None, Some(next), _) => steps.push(Step::Become(next.kid.to_owned(), KeyState::Current)),
            (None, None, _) => steps.push(Step::Generate(*alg, KeyState::Current)),
            (Some(current), _, Some(ripe)) if age(current) >= policy.current => {
                steps.push(Step::Become(current.kid.to_owned(), KeyState::Retired));
                steps.push(Step::Become(ripe.kid.to_owned(), KeyState::Current));
            }
            (Some(current), None, _) if age(current) + policy.publish_ahead >= policy.current => {
                steps.push(Step::Generate(*alg, KeyState::Next));
            }
            _ => {}
        }
    }
    let gone = |key: &&KeyAge<'_>| key.state == KeyState::Retired && age(key) >= policy.keep;
    steps.extend(keys.iter().filter(gone).map(|key| Step::Remove(key.kid.to_owned())));
    steps
}
