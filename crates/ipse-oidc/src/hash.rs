//! Random values that leave the house, and the hashes that stay.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Random bytes from the caller's generator; fresh for every call.
pub type Entropy = [u8; 32];

/// A SHA-256 hash: what is stored of codes, tokens, secrets and browser cookies.
pub type Hash = [u8; 32];

/// A value that may be used once. The caller stores `key` until `until`, and refuses the request when it was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// What must not come again: a hash over the kind of value, its owner and the value.
    pub key: Hash,
    /// When it may be forgotten, because the value would be refused by its age.
    pub until: Timestamp,
}

impl Replay {
    pub(crate) fn new(kind: &str, owner: &str, value: &str, until: Timestamp) -> Self {
        let key = hash_of(format!("{kind}\n{}\n{owner}{value}", owner.len()).as_bytes());
        Self { key, until }
    }
}

/// The hash under which a code, token, secret or cookie is stored.
pub fn hash_of(bytes: &[u8]) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Compares in a time that does not depend on where the texts differ.
pub(crate) fn same(left: &[u8], right: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(left, right).is_ok()
}
