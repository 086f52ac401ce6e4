//! Public keys, the ways they sign, and whether a signature holds.
//!
//! aws-lc-rs verifies what it can; the rest of what documents really use is in `rsa` and `ecdsa`. All of this is public, so nothing has to take constant time.

use super::ChipError;
use super::ber::{self, Element, Reader};
use super::curve::{Curve, CurveMultiples};
use super::digest::Digest;
use super::oid;
use super::rsa::RsaKey;
use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{self as aws, EcdsaVerificationAlgorithm, RsaParameters, UnparsedPublicKey};

/// A `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PublicKey {
    Rsa(RsaKey),
    Ec(EcKey),
    /// Of a kind that nobody signs documents with, or on a curve that is not known.
    Unsupported,
}

/// A point of a known curve.
#[derive(Clone, Debug)]
pub(super) struct EcKey {
    pub curve: Curve,
    /// As it is written.
    pub point: Vec<u8>,
    /// Of a key that verifies again and again.
    multiples: Option<CurveMultiples>,
}

/// What was made ready does not make a key another.
impl PartialEq for EcKey {
    fn eq(&self, other: &Self) -> bool {
        (self.curve, &self.point) == (other.curve, &other.point)
    }
}

impl Eq for EcKey {}

/// Into how many parts the factor of a key is cut that verifies again and again.
const PARTS: usize = 4;

impl EcKey {
    /// Whether (r, s) signs the digest, by our own arithmetic.
    fn verify(&self, digest: &[u8], r: &[u8], s: &[u8]) -> bool {
        match &self.multiples {
            Some(multiples) => multiples.verify(digest, r, s),
            None => self.curve.multiples(&self.point, 1).is_some_and(|multiples| multiples.verify(digest, r, s)),
        }
    }
}

impl PublicKey {
    /// Makes ready for many signatures what would take the longest with each.
    pub fn prepare(&mut self) {
        if let Self::Ec(key) = self
            && !matches!(key.curve, Curve::P256 | Curve::P384 | Curve::P521)
        {
            key.multiples = key.curve.multiples(&key.point, PARTS);
        }
    }

    /// Reads one. A kind that is not known is no error, but verifies nothing.
    pub fn read(info: Element<'_>) -> Result<Self, ChipError> {
        let mut info = Reader::new(info.of(ber::SEQUENCE)?);
        let mut algorithm = info.enter(ber::SEQUENCE)?;
        let name = algorithm.take(ber::OID)?.content;
        let bits = info.bits()?;
        info.finish()?;
        if name == oid::RSA || name == oid::RSA_PSS {
            let mut key = Reader::new(bits).enter(ber::SEQUENCE)?;
            let [modulus, exponent] =
                [key.take(ber::INTEGER)?.content, key.take(ber::INTEGER)?.content].map(|number| {
                    // Some issuers leave out the zero that says that the number is not negative.
                    number.iter().copied().skip_while(|octet| *octet == 0).collect()
                });
            return Ok(Self::Rsa(RsaKey { modulus, exponent }));
        }
        if name != oid::EC_PUBLIC_KEY {
            return Ok(Self::Unsupported);
        }
        Ok(match Curve::from_parameters(algorithm.next()?) {
            Ok(curve) => Self::Ec(EcKey { curve, point: bits.to_vec(), multiples: None }),
            Err(_) => Self::Unsupported,
        })
    }

    /// Too short by the measure of NIST SP 800-57 part 1, table 2: below 112 bits of security.
    pub fn is_short(&self) -> bool {
        matches!(self, Self::Rsa(key) if key.bits() < 2048)
    }
}

/// How something is signed: an `AlgorithmIdentifier` understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Pkcs1(Digest),
    Pss {
        digest: Digest,
        mask: Digest,
        salt: usize,
    },
    /// r and s in a sequence.
    Ecdsa(Digest),
    /// r ‖ s.
    Plain(Digest),
}

/// What a scheme of its own name says; `rsaEncryption` alone leaves the digest to `fallback`.
pub(super) fn scheme(algorithm: Element<'_>, fallback: Option<Digest>) -> Result<Scheme, ChipError> {
    let mut parts = Reader::new(algorithm.of(ber::SEQUENCE)?);
    let name = parts.take(ber::OID)?.content;
    if name == oid::RSA_PSS {
        return pss(parts);
    }
    no_parameters(&mut parts)?;
    for (known, scheme) in [
        (oid::RSA_SHA1, Scheme::Pkcs1(Digest::Sha1)),
        (oid::RSA_SHA224, Scheme::Pkcs1(Digest::Sha224)),
        (oid::RSA_SHA256, Scheme::Pkcs1(Digest::Sha256)),
        (oid::RSA_SHA384, Scheme::Pkcs1(Digest::Sha384)),
        (oid::RSA_SHA512, Scheme::Pkcs1(Digest::Sha512)),
        (oid::ECDSA_SHA1, Scheme::Ecdsa(Digest::Sha1)),
        (oid::ECDSA_SHA224, Scheme::Ecdsa(Digest::Sha224)),
        (oid::ECDSA_SHA256, Scheme::Ecdsa(Digest::Sha256)),
        (oid::ECDSA_SHA384, Scheme::Ecdsa(Digest::Sha384)),
        (oid::ECDSA_SHA512, Scheme::Ecdsa(Digest::Sha512)),
    ] {
        if name == known {
            return Ok(scheme);
        }
    }
    match (name == oid::RSA, fallback) {
        (true, Some(digest)) => Ok(Scheme::Pkcs1(digest)),
        _ => plain(name).ok_or(ChipError::Unsupported),
    }
}

/// A plain scheme by its name (BSI TR-03111 §5.2.1.1).
pub(super) fn plain(name: &[u8]) -> Option<Scheme> {
    let [number] = name.strip_prefix(oid::ECDSA_PLAIN)? else { return None };
    let digests = [Digest::Sha1, Digest::Sha224, Digest::Sha256, Digest::Sha384, Digest::Sha512];
    digests.get(usize::from(number.checked_sub(1)?)).copied().map(Scheme::Plain)
}

/// A digest's `AlgorithmIdentifier`.
pub(super) fn digest(algorithm: Element<'_>) -> Result<Digest, ChipError> {
    let mut parts = Reader::new(algorithm.of(ber::SEQUENCE)?);
    let found = Digest::from_oid(parts.take(ber::OID)?.content).ok_or(ChipError::Unsupported)?;
    no_parameters(&mut parts)?;
    Ok(found)
}

/// Parameters are left out or null; issuers do both for every algorithm that has none.
fn no_parameters(parts: &mut Reader<'_>) -> Result<(), ChipError> {
    if let Some(null) = parts.take_if(ber::NULL)?
        && !null.content.is_empty()
    {
        return Err(ChipError::Malformed);
    }
    parts.finish()
}

/// `RSASSA-PSS-params` with its defaults (RFC 4055 §3.1).
fn pss(mut parts: Reader<'_>) -> Result<Scheme, ChipError> {
    let (mut digest, mut mask, mut salt) = (Digest::Sha1, Digest::Sha1, 20);
    let mut parameters = if parts.is_empty() { Reader::new(&[]) } else { parts.enter(ber::SEQUENCE)? };
    parts.finish()?;
    if let Some(hash) = parameters.take_if(0xA0)? {
        digest = self::digest(single(hash)?)?;
    }
    if let Some(generator) = parameters.take_if(0xA1)? {
        let mut generator = Reader::new(single(generator)?.of(ber::SEQUENCE)?);
        if generator.take(ber::OID)?.content != oid::MGF1 {
            return Err(ChipError::Unsupported);
        }
        mask = self::digest(generator.next()?)?;
        generator.finish()?;
    }
    if let Some(length) = parameters.take_if(0xA2)? {
        let mut length = length.inside();
        salt = usize::from(length.small()?);
        length.finish()?;
    }
    if let Some(trailer) = parameters.take_if(0xA3)? {
        let mut trailer = trailer.inside();
        if trailer.small()? != 1 {
            return Err(ChipError::Unsupported);
        }
        trailer.finish()?;
    }
    parameters.finish()?;
    Ok(Scheme::Pss { digest, mask, salt })
}

fn single(outer: Element<'_>) -> Result<Element<'_>, ChipError> {
    let mut inside = outer.inside();
    let element = inside.next()?;
    inside.finish()?;
    Ok(element)
}

impl Scheme {
    pub const fn digest(self) -> Digest {
        match self {
            Self::Pkcs1(digest) | Self::Pss { digest, .. } | Self::Ecdsa(digest) | Self::Plain(digest) => digest,
        }
    }

    /// Whether the signature holds. `Unsupported` when the key cannot sign in this way or is of an unknown kind.
    pub fn verify(self, key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<bool, ChipError> {
        match (self, key) {
            (Self::Pkcs1(_) | Self::Pss { .. }, PublicKey::Rsa(key)) => Ok(self.verify_rsa(key, message, signature)),
            (Self::Ecdsa(digest), PublicKey::Ec(key)) => Ok(verify_ecdsa(key, digest, message, signature)),
            (Self::Plain(digest), PublicKey::Ec(key)) => {
                let halves = signature.split_at_checked(key.curve.octets()).filter(|(r, s)| r.len() == s.len());
                Ok(halves.is_some_and(|(r, s)| key.verify(digest.of(message).as_ref(), r, s)))
            }
            _ => Err(ChipError::Unsupported),
        }
    }

    fn verify_rsa(self, key: &RsaKey, message: &[u8], signature: &[u8]) -> bool {
        // aws-lc-rs takes no exponent beyond 33 bits, and a salt as long as the digest only.
        let known = if key.exponent.len() <= 4 && key.bits() <= 8192 { self.rsa_parameters(key.bits()) } else { None };
        match (known, self) {
            (Some(parameters), _) => {
                let key = PublicKeyComponents { n: key.modulus.as_slice(), e: key.exponent.as_slice() };
                key.verify(parameters, message, signature).is_ok()
            }
            (None, Self::Pss { digest, mask, salt }) => key.verify_pss(digest, mask, salt, message, signature),
            (None, Self::Pkcs1(digest)) => key.verify_pkcs1(digest, message, signature),
            (None, Self::Ecdsa(_) | Self::Plain(_)) => false,
        }
    }

    fn rsa_parameters(self, bits: u32) -> Option<&'static RsaParameters> {
        match self {
            Self::Pkcs1(Digest::Sha1) if bits >= 1024 => Some(&aws::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
            Self::Pkcs1(Digest::Sha256) if bits >= 1024 => Some(&aws::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
            Self::Pkcs1(Digest::Sha512) if bits >= 1024 => Some(&aws::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
            Self::Pkcs1(Digest::Sha384) if bits >= 2048 => Some(&aws::RSA_PKCS1_2048_8192_SHA384),
            Self::Pss { digest, mask, salt } if digest == mask && salt == digest.size() && bits >= 2048 => match digest
            {
                Digest::Sha256 => Some(&aws::RSA_PSS_2048_8192_SHA256),
                Digest::Sha384 => Some(&aws::RSA_PSS_2048_8192_SHA384),
                Digest::Sha512 => Some(&aws::RSA_PSS_2048_8192_SHA512),
                Digest::Sha1 | Digest::Sha224 => None,
            },
            _ => None,
        }
    }
}

fn verify_ecdsa(key: &EcKey, digest: Digest, message: &[u8], signature: &[u8]) -> bool {
    let known: Option<&'static EcdsaVerificationAlgorithm> = match (key.curve, digest) {
        (Curve::P256, Digest::Sha1) => Some(&aws::ECDSA_P256_SHA1_ASN1),
        (Curve::P256, Digest::Sha256) => Some(&aws::ECDSA_P256_SHA256_ASN1),
        (Curve::P256, Digest::Sha384) => Some(&aws::ECDSA_P256_SHA384_ASN1),
        (Curve::P256, Digest::Sha512) => Some(&aws::ECDSA_P256_SHA512_ASN1),
        (Curve::P384, Digest::Sha256) => Some(&aws::ECDSA_P384_SHA256_ASN1),
        (Curve::P384, Digest::Sha384) => Some(&aws::ECDSA_P384_SHA384_ASN1),
        (Curve::P384, Digest::Sha512) => Some(&aws::ECDSA_P384_SHA512_ASN1),
        (Curve::P521, Digest::Sha1) => Some(&aws::ECDSA_P521_SHA1_ASN1),
        (Curve::P521, Digest::Sha224) => Some(&aws::ECDSA_P521_SHA224_ASN1),
        (Curve::P521, Digest::Sha256) => Some(&aws::ECDSA_P521_SHA256_ASN1),
        (Curve::P521, Digest::Sha384) => Some(&aws::ECDSA_P521_SHA384_ASN1),
        (Curve::P521, Digest::Sha512) => Some(&aws::ECDSA_P521_SHA512_ASN1),
        _ => None,
    };
    match known {
        Some(algorithm) => UnparsedPublicKey::new(algorithm, &key.point).verify(message, signature).is_ok(),
        None => two_numbers(signature).is_ok_and(|(r, s)| key.verify(digest.of(message).as_ref(), r, s)),
    }
}

/// `ECDSA-Sig-Value` (RFC 3279 §2.2.3).
fn two_numbers(signature: &[u8]) -> Result<(&[u8], &[u8]), ChipError> {
    let mut outer = Reader::new(signature);
    let mut numbers = outer.enter(ber::SEQUENCE)?;
    outer.finish()?;
    let both = (numbers.natural()?, numbers.natural()?);
    numbers.finish()?;
    Ok(both)
}

#[cfg(test)]
#[path = "signature_tests.rs"]
mod tests;
