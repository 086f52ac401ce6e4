//! EF.SOD: the digests of all data groups, signed (ICAO 9303-10 §4.6.2).

use super::ChipError;
use super::ber::{self, Reader};
use super::digest::Digest;
use super::signed_data::SignedData;
use super::{oid, signature};
use std::collections::BTreeMap;

/// The tag of the file.
const FILE: u32 = 0x77;

/// A security object, not yet verified.
#[derive(Debug)]
pub(super) struct SecurityObject {
    pub message: SignedData,
    pub digest: Digest,
    /// The digest of each data group, by its number.
    pub groups: BTreeMap<u8, Vec<u8>>,
}

impl SecurityObject {
    /// Reads the file and nothing after it.
    pub fn read(file: &[u8]) -> Result<Self, ChipError> {
        let file = ber::definite(file)?;
        let mut outer = Reader::new(&file);
        let message = SignedData::read(outer.take(FILE)?.content)?;
        if message.content_type != oid::LDS_SECURITY_OBJECT {
            return Err(ChipError::Malformed);
        }
        let (digest, groups) = digests(&message.content)?;
        Ok(Self { message, digest, groups })
    }
}

/// `LDSSecurityObject`, version 0 or 1.
fn digests(content: &[u8]) -> Result<(Digest, BTreeMap<u8, Vec<u8>>), ChipError> {
    let mut outer = Reader::new(content);
    let mut object = outer.enter(ber::SEQUENCE)?;
    outer.finish()?;
    if object.small()? > 1 {
        return Err(ChipError::Unsupported);
    }
    let digest = signature::digest(object.next()?)?;
    let mut list = object.enter(ber::SEQUENCE)?;
    // Version 1 tells the versions of data structure and Unicode; nothing depends on them.
    object.take_if(ber::SEQUENCE)?;
    object.finish()?;
    let mut groups = BTreeMap::new();
    while !list.is_empty() {
        let mut entry = list.enter(ber::SEQUENCE)?;
        let number = entry.small()?;
        let value = entry.take(ber::OCTET_STRING)?.content.to_vec();
        entry.finish()?;
        if !(1..=16).contains(&number) || value.len() != digest.size() || groups.insert(number, value).is_some() {
            return Err(ChipError::Malformed);
        }
    }
    Ok((digest, groups))
}
