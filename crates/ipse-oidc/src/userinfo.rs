//! The userinfo endpoint (Core §5.3): JSON, to whoever holds an access token, and its key where it is bound to one.

use crate::dpop::{self, Expected};
use crate::hash::{Hash, Replay, hash_of};
use crate::profile::Alg;
use crate::token::AccessToken;
use crate::{Error, Provider};
use ipse_core::Private;
use jiff::Timestamp;
use serde_json::{Value, json};

/// What arrived at the userinfo endpoint.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The `Authorization` header. Tokens in the query or body are not read.
    pub authorization: Option<&'a str>,
    /// Every `DPoP` header.
    pub dpop: &'a [&'a str],
    /// SHA-256 of the certificate that the client showed in its TLS handshake.
    pub certificate: Option<Hash>,
}

impl Ask<'_> {
    fn token(&self) -> Option<(bool, &str)> {
        let (scheme, token) = self.authorization?.split_once(' ')?;
        let dpop = scheme.eq_ignore_ascii_case("dpop");
        let token = token.trim();
        let known = dpop || scheme.eq_ignore_ascii_case("bearer");
        (known && !token.is_empty() && token.len() <= 512).then_some((dpop, token))
    }

    /// The hash to look the access token up by.
    pub fn token_hash(&self) -> Option<Hash> {
        self.token().map(|(_, token)| hash_of(token.as_bytes()))
    }
}

/// The claims, to be sent as JSON with `Cache-Control: no-store`, and what must not come again.
#[derive(Debug)]
pub struct Answered {
    /// The claims.
    pub body: Private<Value>,
    /// What must not come again.
    pub replay: Option<Replay>,
}

/// Answers. `stored` is the token found by [`Ask::token_hash`].
pub fn answer(
    provider: &Provider,
    ask: &Ask<'_>,
    stored: Option<&AccessToken>,
    nonces: &[&str],
    now: Timestamp,
) -> Result<Answered, Error> {
    let (by_dpop, token) = ask.token().ok_or(Error::Token)?;
    let stored = stored.filter(|stored| stored.hash == hash_of(token.as_bytes()) && now < stored.expires_at);
    let stored = stored.ok_or(Error::Token)?;
    // A bound token is not a bearer token, nor the other way round (RFC 9449 §7.2).
    if by_dpop != stored.dpop_jkt.is_some() {
        return Err(Error::Token);
    }
    if stored.certificate.is_some() && stored.certificate != ask.certificate {
        return Err(Error::Token);
    }
    let replay = match &stored.dpop_jkt {
        None => None,
        Some(jkt) => {
            let [proof] = ask.dpop else { return Err(Error::DpopProof) };
            let uri = provider.userinfo_endpoint();
            let expected = Expected { method: ask.method, uri: &uri, token: Some(token), algs: &Alg::ALL, nonces };
            let key = dpop::verify(proof, &expected, now)?;
            if key.thumbprint != *jkt {
                return Err(Error::Token);
            }
            Some(key.replay)
        }
    };
    let mut claims = stored.userinfo.reveal().clone();
    claims.insert("sub".to_owned(), json!(stored.subject.reveal()));
    Ok(Answered { body: Private::new(Value::Object(claims)), replay })
}
