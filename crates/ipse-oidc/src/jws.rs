//! JSON Web Signatures in their compact form (RFC 7515), read with pinned algorithms.

use crate::hash::from_base64url;
use crate::jwk::{Jwk, Jwks};
use crate::profile::Alg;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The longest signature that is read, in bytes.
pub const MAX_BYTES: usize = 16 * 1024;

/// A signed set of claims whose signature has not been looked at yet.
pub(crate) struct Unverified<'a> {
    pub(crate) header: Header,
    claims: Map<String, Value>,
    signed: &'a str,
    signature: Vec<u8>,
}

/// What the header may say. Extensions that must be understood are none of ours.
#[derive(Deserialize)]
pub(crate) struct Header {
    alg: String,
    pub(crate) typ: Option<String>,
    pub(crate) kid: Option<String>,
    pub(crate) jwk: Option<Value>,
    crit: Option<Value>,
    b64: Option<Value>,
}

impl<'a> Unverified<'a> {
    /// Takes a compact signature apart. `None` for everything that is not one.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let header: Header = serde_json::from_slice(&from_base64url(header)?).ok()?;
        if header.crit.is_some() || header.b64.is_some() {
            return None;
        }
        let claims = serde_json::from_slice(&from_base64url(payload)?).ok()?;
        Some(Self { header, claims, signed, signature: from_base64url(signature)? })
    }

    /// A claim that nobody has vouched for: good for looking something up, nothing else.
    pub(crate) fn hint(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    /// The claims, if the signature is of this key and one of these algorithms.
    pub(crate) fn verify(self, key: &Jwk, algs: &[Alg]) -> Option<Claims> {
        let alg = Alg::parse(&self.header.alg).filter(|alg| algs.contains(alg))?;
        key.verifies(alg, self.signed.as_bytes(), &self.signature).then_some(Claims(self.claims))
    }

    /// The claims, if the signature is of one of these keys and one of these algorithms.
    pub(crate) fn verify_with(self, keys: &Jwks, algs: &[Alg]) -> Option<Claims> {
        let alg = Alg::parse(&self.header.alg).filter(|alg| algs.contains(alg))?;
        let holds = keys
            .candidates(self.header.kid.as_deref())
            .any(|key| key.verifies(alg, self.signed.as_bytes(), &self.signature));
        holds.then_some(Claims(self.claims))
    }
}

/// Claims that somebody vouched for.
pub(crate) struct Claims(Map<String, Value>);

impl Claims {
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A time in seconds since 1970; a fraction is dropped.
    pub(crate) fn time(&self, name: &str) -> Option<i64> {
        let value = self.0.get(name)?;
        value.as_i64().or_else(|| value.as_f64().filter(|seconds| seconds.abs() < 1e12).map(|seconds| seconds as i64))
    }
}
