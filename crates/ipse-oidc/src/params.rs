//! Parameters as they arrive: form, query or JSON; bounded, each name at most once.

use crate::hash::Hash;
use crate::{Error, profile};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ipse_core::Private;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

/// The longest body or query, in bytes.
pub const MAX_BYTES: usize = 32 * 1024;
/// The most parameters in one request.
pub const MAX_PARAMS: usize = 64;

/// The parameters of one request. A parameter without a value counts as not given (RFC 6749 §3.1).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Reads `application/x-www-form-urlencoded`: a body, or the query of a URL.
    pub fn form(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_BYTES {
            return Err(Error::TooLarge);
        }
        let mut params = Self::default();
        for (name, value) in url::form_urlencoded::parse(bytes) {
            // The decoder replaces what is not UTF-8; nothing that is sent on purpose contains the replacement.
            if name.contains('\u{fffd}') || value.contains('\u{fffd}') {
                return Err(Error::Malformed);
            }
            params.add(name.into_owned(), value.into_owned())?;
        }
        Ok(params)
    }

    /// Reads a JSON object: texts and numbers as they are, `claims` also as an object.
    pub fn json(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_BYTES {
            return Err(Error::TooLarge);
        }
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let members = reader.deserialize_map(Members).map_err(|_| Error::Malformed)?;
        reader.end().map_err(|_| Error::Malformed)?;
        let mut params = Self::default();
        for (name, value) in members {
            let value = match value {
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                Value::Null => String::new(),
                Value::Object(_) if name == "claims" => value.to_string(),
                _ => return Err(Error::Malformed),
            };
            params.add(name, value)?;
        }
        Ok(params)
    }

    fn add(&mut self, name: String, value: String) -> Result<(), Error> {
        if self.0.len() >= MAX_PARAMS {
            return Err(Error::TooLarge);
        }
        if self.0.iter().any(|(known, _)| *known == name) {
            return Err(Error::Duplicate);
        }
        self.0.push((name, value));
        Ok(())
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that has to be there.
    pub fn need(&self, name: &'static str) -> Result<&str, Error> {
        self.get(name).ok_or(Error::Missing(name))
    }

    /// The value of a parameter of at most `most` bytes without control characters.
    pub fn bounded(&self, name: &'static str, most: usize) -> Result<Option<&str>, Error> {
        match self.get(name) {
            Some(value) if value.len() > most || value.chars().any(char::is_control) => Err(Error::Invalid(name)),
            value => Ok(value),
        }
    }

    /// The words of a parameter that is a list separated by spaces; at most 32.
    pub fn words(&self, name: &'static str, most: usize) -> Result<Vec<String>, Error> {
        let text = self.bounded(name, most)?.unwrap_or_default();
        let words: Vec<String> = text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        if words.len() > 32 { Err(Error::Invalid(name)) } else { Ok(words) }
    }
}

/// Shows the names only: values are secrets and personal data.
impl std::fmt::Debug for Params {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.0.iter().map(|(name, _)| name.len())).finish()
    }
}

/// The members of a JSON object in their order, doubles kept so that they can be refused.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, Value)>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

/// What arrived at an endpoint that clients call directly, before anything was understood.
#[derive(Clone, Copy, Default)]
pub struct Raw<'a> {
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
    /// Every `DPoP` header: more than one is refused.
    pub dpop: &'a [&'a str],
    /// SHA-256 of the certificate that the client showed in its TLS handshake (RFC 8705).
    pub certificate: Option<Hash>,
    /// The body.
    pub body: &'a [u8],
}

/// A request that a client made directly: to the endpoint for pushed requests, or for tokens.
#[derive(Debug)]
pub struct Post {
    /// Its parameters.
    pub params: Params,
    pub(crate) basic: Option<(String, Private<String>)>,
    pub(crate) dpop: Option<Private<String>>,
    pub(crate) certificate: Option<Hash>,
    pub(crate) json: bool,
}

impl Post {
    /// Reads a request. What it says is not looked at yet.
    pub fn read(raw: &Raw<'_>) -> Result<Self, Error> {
        let kind = raw.content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        let json = kind.eq_ignore_ascii_case("application/json");
        if !json && !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Error::Malformed);
        }
        let params = if json { Params::json(raw.body)? } else { Params::form(raw.body)? };
        let dpop = match raw.dpop {
            [] => None,
            [proof] => Some(Private::new((*proof).to_owned())),
            _ => return Err(Error::DpopProof),
        };
        let basic = raw.authorization.map(basic).transpose()?;
        Ok(Self { params, basic, dpop, certificate: raw.certificate, json })
    }

    /// Which client says that it calls, to look it up by. Whether it is that client is for [`crate::par::push`] and
    /// [`crate::token::redeem`] to find out.
    pub fn client_id(&self) -> Option<String> {
        let basic = self.basic.as_ref().map(|(id, _)| id.clone());
        let named = || self.params.get("client_id").map(str::to_owned);
        let signed = || self.params.get("client_assertion").and_then(crate::client_auth::issuer_of);
        basic.or_else(named).or_else(signed).filter(|id| id.len() <= profile::MAX_CLIENT_ID)
    }

    /// The hash to look the grant up by, at the token endpoint.
    pub fn code_hash(&self) -> Option<Hash> {
        self.params.get("code").map(|code| crate::hash_of(code.as_bytes()))
    }

    /// Whether the client used the `Authorization` header, which decides on the challenge of a refusal.
    pub fn used_basic(&self) -> bool {
        self.basic.is_some()
    }
}

/// Client id and secret of an `Authorization: Basic` header, each form-encoded before (RFC 6749 §2.3.1).
fn basic(header: &str) -> Result<(String, Private<String>), Error> {
    let (scheme, value) = header.split_once(' ').ok_or(Error::InvalidClient)?;
    if !scheme.eq_ignore_ascii_case("basic") || value.len() > 2_048 {
        return Err(Error::InvalidClient);
    }
    let decoded = STANDARD.decode(value.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let decoded = decoded.ok_or(Error::InvalidClient)?;
    let (id, secret) = decoded.split_once(':').ok_or(Error::InvalidClient)?;
    let plain = |text: &str| {
        let escaped = text.replace('&', "%26").replace('=', "%3D");
        url::form_urlencoded::parse(escaped.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
    };
    Ok((plain(id), Private::new(plain(secret))))
}
