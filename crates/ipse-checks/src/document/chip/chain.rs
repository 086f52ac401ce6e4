//! From the document signer to an authority that the operator trusts (ICAO 9303-11 §5.1, 9303-12 §7).
//!
//! A document is signed once and valid for ten years, its signer's certificate hardly longer than that, often shorter.
//! So the signer's certificate is judged at the time of signing: the one that the message states, or, where it states
//! none, by not having begun after the day of the examination. The authority has to have been valid when it issued
//! the signer's certificate.

use super::certificate::Certificate;
use super::country;
use super::reading::{Chain, Revocation};
use super::trust::TrustStore;
use jiff::{SignedDuration, Timestamp};

/// Authorities tried for one signer; those with the key it names come first.
const TRIES: usize = 16;

/// How far a signer's clock may be ahead of ours.
const CLOCKS: SignedDuration = SignedDuration::from_hours(24);

/// A chain and what was found on it.
pub(super) struct Judged<'a> {
    pub chain: Chain,
    pub revocation: Revocation,
    pub authority: Option<&'a Certificate>,
}

/// Judges a signer's certificate. `state` is the issuing state that the document names, if it does.
pub(super) fn judge<'a>(
    store: &'a TrustStore,
    signer: &Certificate,
    signing_time: Option<Timestamp>,
    state: Option<&str>,
    now: Timestamp,
) -> Judged<'a> {
    let mut named = false;
    let authority = store.issuers(signer).take(TRIES).find(|authority| {
        named |= signer.authority_key.is_none() || signer.authority_key == authority.subject_key;
        authority.is_valid_at(signer.not_before)
            && !store.revoked.get(authority.issuer.key()).is_some_and(|list| list.revokes(authority))
            && signer.is_signed_by(&authority.key) == Ok(true)
    });
    let Some(authority) = authority else {
        // With the very key that it names at hand, the signature is wrong; otherwise the right key is just not known.
        let chain = if named { Chain::Untrusted } else { Chain::NoCsca };
        return Judged { chain, revocation: Revocation::NotChecked, authority: None };
    };
    let revocation = match store.revoked.get(signer.issuer.key()) {
        None => Revocation::NotChecked,
        Some(list) if list.revokes(signer) => Revocation::Revoked,
        Some(list) if list.is_stale(now) => Revocation::Stale,
        Some(_) => Revocation::Good,
    };
    let begun = signer.not_before <= now.saturating_add(CLOCKS).unwrap_or(now);
    let in_time =
        signing_time.is_none_or(|time| signer.is_valid_at(time) && time <= now.saturating_add(CLOCKS).unwrap_or(now));
    let countries =
        [&signer.issuer.country, &authority.subject.country].map(|country| country.as_deref().unwrap_or(""));
    let one_country = !countries[0].is_empty() && countries[0] == countries[1];
    let of_state = state.is_none_or(|state| country::is_same(state, countries[1]));
    let chain = if !signer.may_sign_documents() {
        Chain::Untrusted
    } else if revocation == Revocation::Revoked {
        Chain::DscRevoked
    } else if !begun || !in_time {
        Chain::DscNotValidAtSigning
    } else if !one_country || !of_state {
        Chain::CountryMismatch
    } else {
        Chain::Valid
    };
    Judged { chain, revocation, authority: Some(authority) }
}
