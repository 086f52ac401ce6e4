//! Proofs that the caller holds a key (RFC 9449).

use crate::Error;
use crate::client_auth::AHEAD_SECONDS;
use crate::hash::{Replay, base64url, hash_of, same};
use crate::jwk::Jwk;
use crate::jws::Unverified;
use crate::profile::Alg;
use jiff::{SignedDuration, Timestamp};

/// Seconds that a proof may be old.
const AGE_SECONDS: i64 = 60;
const MAX_JTI: usize = 256;

/// What a proof has to be about.
pub(crate) struct Expected<'a> {
    /// The method of the request.
    pub(crate) method: &'a str,
    /// Its URL, without query and fragment.
    pub(crate) uri: &'a str,
    /// The access token beside it, at a resource.
    pub(crate) token: Option<&'a str>,
    /// What it may be signed with.
    pub(crate) algs: &'a [Alg],
    /// The nonces of ours that are accepted; empty asks for none.
    pub(crate) nonces: &'a [&'a str],
}

/// A key that the caller holds.
pub(crate) struct Key {
    pub(crate) thumbprint: String,
    pub(crate) replay: Replay,
}

/// Verifies a proof.
pub(crate) fn verify(proof: &str, expected: &Expected<'_>, now: Timestamp) -> Result<Key, Error> {
    let proof = Unverified::parse(proof).ok_or(Error::DpopProof)?;
    if proof.header.typ.as_deref() != Some("dpop+jwt") {
        return Err(Error::DpopProof);
    }
    let key = proof.header.jwk.as_ref().and_then(|jwk| Jwk::parse(jwk).ok()).ok_or(Error::DpopProof)?;
    let claims = proof.verify(&key, expected.algs).ok_or(Error::DpopProof)?;
    let issued = claims.time("iat").ok_or(Error::DpopProof)?;
    let jti = claims.text("jti").filter(|jti| !jti.is_empty() && jti.len() <= MAX_JTI).ok_or(Error::DpopProof)?;
    let second = now.as_second();
    let fresh = issued <= second + AHEAD_SECONDS && second - AGE_SECONDS <= issued;
    let about =
        claims.text("htm") == Some(expected.method) && claims.text("htu").is_some_and(|uri| is(uri, expected.uri));
    let with = expected.token.is_none_or(|token| {
        let hash = base64url(&hash_of(token.as_bytes()));
        claims.text("ath").is_some_and(|ath| same(ath.as_bytes(), hash.as_bytes()))
    });
    if !fresh || !about || !with {
        return Err(Error::DpopProof);
    }
    let asked = claims.text("nonce");
    if !expected.nonces.is_empty() && !asked.is_some_and(|nonce| expected.nonces.contains(&nonce)) {
        return Err(Error::DpopNonce);
    }
    let until = SignedDuration::from_secs(AGE_SECONDS + 2 * AHEAD_SECONDS);
    let until = now.saturating_add(until).map_err(|_| Error::ServerError)?;
    let thumbprint = key.thumbprint();
    let replay = Replay::new("dpop", &thumbprint, jti, until);
    Ok(Key { thumbprint, replay })
}

/// The same address after the normalisation that RFC 9449 §4.3 suggests; query and fragment do not count.
fn is(claimed: &str, uri: &str) -> bool {
    let plain = |text: &str| {
        let mut url = url::Url::parse(text).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        Some(url)
    };
    claimed.len() <= 2_000 && plain(claimed).is_some_and(|claimed| Some(claimed) == plain(uri))
}
