//! Lists of revoked certificates (RFC 5280 §5, ICAO 9303-12 §7.1.4).

use super::ChipError;
use super::ber::{self, Reader};
use super::certificate::{Certificate, Name};
use super::signature::{PublicKey, Scheme, scheme};
use jiff::Timestamp;
use std::collections::HashSet;

/// One list.
#[derive(Debug)]
pub(super) struct RevocationList {
    pub issuer: Name,
    next_update: Option<Timestamp>,
    serials: HashSet<Vec<u8>>,
    signed: Vec<u8>,
    scheme: Result<Scheme, ChipError>,
    signature: Vec<u8>,
}

impl RevocationList {
    pub fn read(der: &[u8]) -> Result<Self, ChipError> {
        let mut outer = Reader::new(der);
        let mut whole = outer.enter(ber::SEQUENCE)?;
        outer.finish()?;
        let signed = whole.take(ber::SEQUENCE)?;
        let algorithm = whole.take(ber::SEQUENCE)?;
        let signature = whole.bits()?.to_vec();
        whole.finish()?;
        let mut body = signed.inside();
        body.take_if(ber::INTEGER)?;
        if body.take(ber::SEQUENCE)?.whole != algorithm.whole {
            return Err(ChipError::Malformed);
        }
        let issuer = Name::read(body.next()?)?;
        body.time()?;
        let has_next = body.clone().next().is_ok_and(|element| matches!(element.tag, 0x17 | 0x18));
        let next_update = if has_next { Some(body.time()?) } else { None };
        let mut serials = HashSet::new();
        if let Some(revoked) = body.take_if(ber::SEQUENCE)? {
            let mut revoked = revoked.inside();
            while !revoked.is_empty() {
                serials.insert(revoked.enter(ber::SEQUENCE)?.take(ber::INTEGER)?.content.to_vec());
            }
        }
        let scheme = scheme(algorithm, None);
        Ok(Self { issuer, next_update, serials, signed: signed.whole.to_vec(), scheme, signature })
    }

    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        self.scheme.is_ok_and(|scheme| scheme.verify(key, &self.signed, &self.signature) == Ok(true))
    }

    /// Adds another list of the same issuer: what was revoked once stays so.
    pub fn merge(&mut self, other: Self) {
        self.next_update = self.next_update.max(other.next_update);
        self.serials.extend(other.serials);
    }

    pub fn revokes(&self, certificate: &Certificate) -> bool {
        self.serials.contains(&certificate.serial)
    }

    /// Whether a newer one is due.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        self.next_update.is_none_or(|due| due < now)
    }
}
