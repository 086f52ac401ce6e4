//! Public keys as clients publish them (RFC 7517), and the hash that names a key (RFC 7638).

use crate::hash::{base64url, from_base64url};
use crate::hash_of;
use crate::profile::Alg;
use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A public key that signatures can be verified with: RSA of 2048 to 8192 bits, or P-256.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct Jwk {
    kid: Option<String>,
    alg: Option<Alg>,
    material: Material,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256 { point: Vec<u8> },
}

/// A key that is not one we verify with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAKey;

impl std::fmt::Display for NotAKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("not a public RSA or P-256 key for signatures")
    }
}

impl TryFrom<Value> for Jwk {
    type Error = NotAKey;

    fn try_from(value: Value) -> Result<Self, NotAKey> {
        Self::parse(&value)
    }
}

impl From<Jwk> for Value {
    fn from(jwk: Jwk) -> Self {
        let mut value = jwk.required_members();
        if let Some(members) = value.as_object_mut() {
            members.extend(jwk.kid.map(|kid| ("kid".to_owned(), Self::String(kid))));
            members.extend(jwk.alg.map(|alg| ("alg".to_owned(), Self::String(alg.as_str().to_owned()))));
        }
        value
    }
}

impl Jwk {
    /// Reads a key. One with private or shared members is refused whole.
    pub fn parse(value: &Value) -> Result<Self, NotAKey> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let bytes = |name: &str| text(name).filter(|text| text.len() <= 1_400).and_then(from_base64url).ok_or(NotAKey);
        let secret = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].iter().any(|name| value.get(name).is_some());
        if secret || text("use").is_some_and(|used| used != "sig") {
            return Err(NotAKey);
        }
        let material = match (text("kty"), text("crv")) {
            (Some("RSA"), _) => Material::Rsa { n: bytes("n")?, e: bytes("e")? },
            (Some("EC"), Some("P-256")) => {
                let (x, y) = (bytes("x")?, bytes("y")?);
                if x.len() != 32 || y.len() != 32 {
                    return Err(NotAKey);
                }
                Material::P256 { point: [&[4][..], &x[..], &y[..]].concat() }
            }
            _ => return Err(NotAKey),
        };
        let alg = text("alg").map(|name| Alg::parse(name).ok_or(NotAKey)).transpose()?;
        Ok(Self { kid: text("kid").map(str::to_owned), alg, material })
    }

    pub(crate) fn rsa(n: &[u8], e: &[u8], alg: Alg) -> Self {
        Self { kid: None, alg: Some(alg), material: Material::Rsa { n: n.to_vec(), e: e.to_vec() } }
    }

    pub(crate) fn p256(point: &[u8], alg: Alg) -> Self {
        Self { kid: None, alg: Some(alg), material: Material::P256 { point: point.to_vec() } }
    }

    /// The members that make the key, in the order of their names (RFC 7638 §3.2).
    pub(crate) fn required_members(&self) -> Value {
        match &self.material {
            Material::Rsa { n, e } => serde_json::json!({ "e": base64url(e), "kty": "RSA", "n": base64url(n) }),
            Material::P256 { point } => {
                let (x, y) = point.split_at_checked(1).map_or((&[][..], &[][..]), |(_, xy)| xy.split_at(xy.len() / 2));
                serde_json::json!({ "crv": "P-256", "kty": "EC", "x": base64url(x), "y": base64url(y) })
            }
        }
    }

    /// The SHA-256 thumbprint, base64url: what DPoP calls `jkt`.
    pub fn thumbprint(&self) -> String {
        base64url(&hash_of(self.required_members().to_string().as_bytes()))
    }

    /// Whether the signature is this key's under this algorithm.
    pub(crate) fn verifies(&self, alg: Alg, message: &[u8], signature: &[u8]) -> bool {
        if self.alg.is_some_and(|own| own != alg) {
            return false;
        }
        match (&self.material, alg) {
            (Material::Rsa { n, e }, Alg::Rs256) => {
                PublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
            }
            (Material::Rsa { n, e }, Alg::Ps256) => {
                PublicKeyComponents { n, e }.verify(&RSA_PSS_2048_8192_SHA256, message, signature).is_ok()
            }
            (Material::P256 { point }, Alg::Es256) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok()
            }
            _ => false,
        }
    }
}

/// A set of public keys. Keys of kinds unknown here are passed over, as RFC 7517 §5 says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwks {
    keys: Vec<Jwk>,
}

impl Jwks {
    /// Reads a set of at most 100 keys.
    pub fn parse(value: &Value) -> Result<Self, NotAKey> {
        let keys = value.get("keys").and_then(Value::as_array).filter(|keys| keys.len() <= 100).ok_or(NotAKey)?;
        Ok(Self { keys: keys.iter().filter_map(|key| Jwk::parse(key).ok()).collect() })
    }

    /// Whether there is no key that could verify anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys a signature may be of: those with the given id, or all if none was given.
    pub(crate) fn candidates(&self, kid: Option<&str>) -> impl Iterator<Item = &Jwk> {
        self.keys.iter().filter(move |key| kid.is_none() || key.kid.as_deref() == kid)
    }
}
