//! The keys that tokens are signed with: made, kept, published, and used without being parsed again.

use crate::certificate;
use crate::hash::base64url;
use crate::jwk::Jwk;
use crate::profile::Alg;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

/// Where a key stands in its life. All three are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Published so that relying parties know it, before anything is signed with it.
    Next,
    /// What is signed with.
    Current,
    /// Nothing is signed with it any more; what was, can still be verified.
    Retired,
}

/// A signing key, as stored. The caller seals `pkcs8`.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its name: the thumbprint of its public half (RFC 7638).
    pub kid: String,
    /// What it signs with. One key, one algorithm.
    pub alg: Alg,
    /// Where it stands.
    pub state: KeyState,
    /// Since when it stands there.
    pub since: Timestamp,
    /// The private key, PKCS #8.
    pub pkcs8: Zeroizing<Vec<u8>>,
    /// A self-signed certificate over it, DER.
    pub certificate: Vec<u8>,
}

impl std::fmt::Debug for KeyRecord {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("KeyRecord").field("kid", &self.kid).field("state", &self.state).finish_non_exhaustive()
    }
}

/// The length of an RSA key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RsaBits {
    /// 2048 bits.
    #[default]
    Rsa2048,
    /// 3072 bits.
    Rsa3072,
}

/// A key that could not be made, read or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyError {
    /// The cryptographic library refused.
    Crypto,
    /// A stored key is not what its record says.
    Damaged,
    /// There is no current key of this algorithm. Never answered by signing with another one.
    NoCurrent(Alg),
    /// Two keys of one algorithm are both current.
    TwoCurrent(Alg),
}

impl std::fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Crypto => formatter.write_str("the key could not be made"),
            Self::Damaged => formatter.write_str("a stored key is damaged"),
            Self::NoCurrent(alg) => write!(formatter, "there is no current key for {}", alg.as_str()),
            Self::TwoCurrent(alg) => write!(formatter, "two keys are current for {}", alg.as_str()),
        }
    }
}

impl std::error::Error for KeyError {}

impl KeyRecord {
    /// Makes a key. The library draws the randomness: no other way to make an RSA key is offered. An RSA key takes
    /// a tenth of a second or more.
    pub fn generate(alg: Alg, bits: RsaBits, state: KeyState, now: Timestamp) -> Result<Self, KeyError> {
        let pkcs8 = match alg {
            Alg::Rs256 | Alg::Ps256 => {
                let size = match bits {
                    RsaBits::Rsa2048 => KeySize::Rsa2048,
                    RsaBits::Rsa3072 => KeySize::Rsa3072,
                };
                let pair = RsaKeyPair::generate(size).map_err(|_| KeyError::Crypto)?;
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Crypto)?;
                Zeroizing::new(der.as_ref().to_vec())
            }
            Alg::Es256 => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| KeyError::Crypto)?;
                let der = pair.to_pkcs8v1().map_err(|_| KeyError::Crypto)?;
                Zeroizing::new(der.as_ref().to_vec())
            }
        };
        let kid = Pair::parse(alg, &pkcs8)?.public(alg).thumbprint();
        let certificate = certificate::self_signed(&pkcs8, alg, now).ok_or(KeyError::Crypto)?;
        Ok(Self { kid, alg, state, since: now, pkcs8, certificate })
    }
}

enum Pair {
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
    P256(EcdsaKeyPair),
}

impl Pair {
    fn parse(alg: Alg, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let rsa = |encoding| {
            let pair = RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| KeyError::Damaged)?;
            if pair.public_modulus_len() < 256 { Err(KeyError::Damaged) } else { Ok(Self::Rsa(pair, encoding)) }
        };
        match alg {
            Alg::Rs256 => rsa(&RSA_PKCS1_SHA256),
            Alg::Ps256 => rsa(&RSA_PSS_SHA256),
            Alg::Es256 => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)
                .map(Self::P256)
                .map_err(|_| KeyError::Damaged),
        }
    }

    fn public(&self, alg: Alg) -> Jwk {
        match self {
            Self::Rsa(pair, _) => {
                let public = pair.public_key();
                let (n, e) = (public.modulus(), public.exponent());
                Jwk::rsa(n.big_endian_without_leading_zero(), e.big_endian_without_leading_zero(), alg)
            }
            Self::P256(pair) => Jwk::p256(pair.public_key().as_ref(), alg),
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        // The library takes a generator for the sake of its interface, and draws salts and nonces itself.
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &random, message, &mut signature).map_err(|_| KeyError::Crypto)?;
                Ok(signature)
            }
            Self::P256(pair) => {
                pair.sign(&random, message).map(|signature| signature.as_ref().to_vec()).map_err(|_| KeyError::Crypto)
            }
        }
    }
}

struct SigningKey {
    alg: Alg,
    state: KeyState,
    pair: Pair,
    /// The header of everything it signs, encoded.
    header: String,
    published: Value,
}

/// The keys of a provider, parsed once.
pub struct KeySet(Vec<SigningKey>);

impl KeySet {
    /// Reads stored keys. At most one of each algorithm may be current.
    pub fn new(records: &[KeyRecord]) -> Result<Self, KeyError> {
        let mut keys: Vec<SigningKey> = Vec::with_capacity(records.len());
        for record in records {
            let pair = Pair::parse(record.alg, &record.pkcs8)?;
            let public = pair.public(record.alg);
            if public.thumbprint() != record.kid {
                return Err(KeyError::Damaged);
            }
            let is_current = |key: &SigningKey| key.alg == record.alg && key.state == KeyState::Current;
            if record.state == KeyState::Current && keys.iter().any(is_current) {
                return Err(KeyError::TwoCurrent(record.alg));
            }
            let header = format!(r#"{{"alg":"{}","kid":"{}","typ":"JWT"}}"#, record.alg.as_str(), record.kid);
            let mut published = Value::from(public);
            if let Some(members) = published.as_object_mut() {
                members.insert("kid".to_owned(), json!(record.kid));
                members.insert("use".to_owned(), json!("sig"));
                members.insert("x5c".to_owned(), json!([STANDARD.encode(&record.certificate)]));
            }
            let header = base64url(header.as_bytes());
            keys.push(SigningKey { alg: record.alg, state: record.state, pair, header, published });
        }
        Ok(Self(keys))
    }

    /// Signs claims with the current key of an algorithm.
    pub fn sign(&self, alg: Alg, claims: &Map<String, Value>) -> Result<String, KeyError> {
        let key = self.current(alg).ok_or(KeyError::NoCurrent(alg))?;
        let payload = serde_json::to_vec(claims).map_err(|_| KeyError::Crypto)?;
        let mut token = format!("{}.{}", key.header, base64url(&payload));
        let signature = key.pair.sign(token.as_bytes())?;
        token.push('.');
        token.push_str(&base64url(&signature));
        Ok(token)
    }

    /// What is published at `jwks_uri`: every key, whatever its state (RFC 7517 §5).
    pub fn jwks(&self) -> Value {
        json!({ "keys": self.0.iter().map(|key| &key.published).collect::<Vec<_>>() })
    }

    /// The algorithms that can be signed with.
    pub fn algs(&self) -> Vec<Alg> {
        Alg::ALL.into_iter().filter(|alg| self.current(*alg).is_some()).collect()
    }

    fn current(&self, alg: Alg) -> Option<&SigningKey> {
        self.0.iter().find(|key| key.alg == alg && key.state == KeyState::Current)
    }
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("KeySet").field(&self.0.len()).finish()
    }
}
