//! Active authentication: the chip signs a challenge with a key that cannot be copied out of it (ICAO 9303-11 §6.1).

use super::Challenge;
use super::digest::Digest;
use super::read::group;
use super::signature::{PublicKey, Scheme};
use serde::{Deserialize, Serialize};

/// What an active authentication came to. `valid` proves the chip genuine only together with a valid security object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActiveAuthentication {
    /// The chip was not asked.
    NotPerformed,
    /// The answer is signed with the key in data group 15.
    Valid,
    /// It is not.
    Invalid,
    /// There is no data group 15, or not as it was signed.
    NoKey,
    /// The key is of a kind that is not known here.
    Unsupported,
}

/// Octets of a challenge (ICAO 9303-11 §6.1.1).
const CHALLENGE: usize = 8;

/// Holds the answer against the key in data group 15. `stated` is the way of signing that data group 14 names; without
/// one, the digest is taken to be as long as the curve.
pub(super) fn verify(group15: &[u8], stated: Option<Scheme>, asked: Challenge<'_>) -> ActiveAuthentication {
    let key = group(group15, 15).and_then(|mut inside| {
        let key = PublicKey::read(inside.next()?)?;
        inside.finish()?;
        Ok(key)
    });
    let valid = match key {
        _ if asked.challenge.len() != CHALLENGE => Ok(false),
        Ok(PublicKey::Rsa(key)) => Ok(key.verify_recovering(asked.challenge, asked.response).is_some()),
        Ok(PublicKey::Ec(key)) => {
            let fitting = match key.curve.bits() {
                ..=224 => Digest::Sha224,
                225..=320 => Digest::Sha256,
                321..=384 => Digest::Sha384,
                _ => Digest::Sha512,
            };
            stated.unwrap_or(Scheme::Plain(fitting)).verify(&PublicKey::Ec(key), asked.challenge, asked.response)
        }
        Ok(PublicKey::Unsupported) | Err(_) => return ActiveAuthentication::Unsupported,
    };
    match valid {
        Ok(true) => ActiveAuthentication::Valid,
        Ok(false) => ActiveAuthentication::Invalid,
        Err(_) => ActiveAuthentication::Unsupported,
    }
}
