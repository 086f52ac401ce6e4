//! Pushed requests that need no store: the `request_uri` is the request, sealed.
//!
//! AES-256-GCM-SIV, so that random nonces may be drawn for years; bound to the issuer. Opening says nothing about
//! age and single use: the request carries its id and times, and whoever opened it asks [`crate::authorize`].

use crate::hash::{base64url, from_base64url};
use crate::{AuthorizationRequest, Error, hash_of};
use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

/// What every `request_uri` made here starts with (RFC 9126 §2.2).
pub const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";
/// The longest `request_uri`, in bytes: it has to fit, with the rest of the URL, into what proxies let through.
pub const MAX_REQUEST_URI: usize = 6 * 1024;

const LABEL: usize = 4;

/// Seals and opens pushed requests.
pub struct Sealer(Vec<([u8; LABEL], LessSafeKey)>);

impl Sealer {
    /// A sealer. The first key seals; the others still open what they sealed, for the minute or hour around a change.
    pub fn new(keys: &[Zeroizing<[u8; 32]>]) -> Result<Self, Error> {
        let key = |bytes: &Zeroizing<[u8; 32]>| {
            let key = UnboundKey::new(&AES_256_GCM_SIV, bytes.as_slice()).map_err(|_| Error::ServerError)?;
            let [a, b, c, d, ..] = hash_of(&hash_of(bytes.as_slice()));
            Ok(([a, b, c, d], LessSafeKey::new(key)))
        };
        let keys = keys.iter().map(key).collect::<Result<Vec<_>, Error>>()?;
        if keys.is_empty() { Err(Error::ServerError) } else { Ok(Self(keys)) }
    }

    pub(crate) fn seal(
        &self,
        issuer: &str,
        request: &AuthorizationRequest,
        nonce: [u8; NONCE_LEN],
    ) -> Result<String, Error> {
        let (label, key) = self.0.first().ok_or(Error::ServerError)?;
        let mut bytes = serde_json::to_vec(request).map_err(|_| Error::ServerError)?;
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad(issuer), &mut bytes)
            .map_err(|_| Error::ServerError)?;
        let uri = format!("{PREFIX}{}", base64url(&[&label[..], &nonce[..], &bytes[..]].concat()));
        if uri.len() > MAX_REQUEST_URI { Err(Error::TooLarge) } else { Ok(uri) }
    }

    pub(crate) fn open(&self, issuer: &str, request_uri: &str) -> Result<AuthorizationRequest, Error> {
        let sealed = request_uri.strip_prefix(PREFIX).ok_or(Error::ForeignRequestUri)?;
        if request_uri.len() > MAX_REQUEST_URI {
            return Err(Error::RequestUri);
        }
        let sealed = from_base64url(sealed).ok_or(Error::RequestUri)?;
        let (label, rest) = sealed.split_at_checked(LABEL).ok_or(Error::RequestUri)?;
        let (nonce, bytes) = rest.split_at_checked(NONCE_LEN).ok_or(Error::RequestUri)?;
        let (_, key) = self.0.iter().find(|(known, _)| known == label).ok_or(Error::RequestUri)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Error::RequestUri)?;
        let mut bytes = Zeroizing::new(bytes.to_vec());
        let request = key.open_in_place(nonce, aad(issuer), &mut bytes).map_err(|_| Error::RequestUri)?;
        serde_json::from_slice(request).map_err(|_| Error::RequestUri)
    }
}

fn aad(issuer: &str) -> Aad<String> {
    Aad::from(format!("ipse request_uri 1\n{issuer}"))
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Sealer")
    }
}
