//! Digests, by the names that certificates, messages and signatures have for them.

use super::oid;
use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};

/// A digest this field uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Digest {
    /// SHA-1, which is broken for signatures: accepted in old documents, with a warning.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Digest {
    fn algorithm(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha224 => &digest::SHA224,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        }
    }

    /// Octets.
    pub(super) fn size(self) -> usize {
        self.algorithm().output_len()
    }

    pub(super) fn of(self, message: &[u8]) -> digest::Digest {
        digest::digest(self.algorithm(), message)
    }

    const fn oid(self) -> &'static [u8] {
        match self {
            Self::Sha1 => oid::SHA1,
            Self::Sha224 => oid::SHA224,
            Self::Sha256 => oid::SHA256,
            Self::Sha384 => oid::SHA384,
            Self::Sha512 => oid::SHA512,
        }
    }

    pub(super) fn from_oid(oid: &[u8]) -> Option<Self> {
        [Self::Sha1, Self::Sha224, Self::Sha256, Self::Sha384, Self::Sha512].into_iter().find(|it| it.oid() == oid)
    }

    /// By the identifier of ISO/IEC 10118-3 in the trailer of a signature.
    pub(super) const fn from_iso_10118(id: u8) -> Option<Self> {
        match id {
            0x33 => Some(Self::Sha1),
            0x34 => Some(Self::Sha256),
            0x35 => Some(Self::Sha512),
            0x36 => Some(Self::Sha384),
            0x38 => Some(Self::Sha224),
            _ => None,
        }
    }

    /// What stands before the digest in a `DigestInfo` (RFC 8017 §9.2), with the parameters null or left out.
    pub(super) fn infos(self) -> [Vec<u8>; 2] {
        let (oid, size) = (self.oid(), self.size() as u8);
        [&[0x05, 0x00][..], &[]].map(|null| {
            let (named, null_size) = (oid.len() as u8, null.len() as u8);
            let head = [0x30, named + null_size + size + 6, 0x30, named + null_size + 2, 0x06, named];
            [&head[..], oid, null, &[0x04, size]].concat()
        })
    }

    /// MGF1 (RFC 8017 §B.2.1).
    pub(super) fn mask(self, seed: &[u8], length: usize) -> impl Iterator<Item = u8> {
        let blocks = length.div_ceil(self.size()) as u32;
        (0..blocks)
            .flat_map(move |counter| self.of(&[seed, &counter.to_be_bytes()].concat()).as_ref().to_vec())
            .take(length)
    }
}
