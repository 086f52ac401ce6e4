//! Pushed authorization requests (RFC 9126).

use crate::hash::{Entropy, Replay};
use crate::profile::{Need, REQUEST_URI_SECONDS};
use crate::{AuthorizationRequest, Client, Error, Post, Provider, client_auth, dpop};
use jiff::Timestamp;
use serde_json::{Value, json};

/// A request that was pushed.
#[derive(Debug)]
pub struct Pushed {
    /// The JSON body of the answer, which has the status 201 and `Cache-Control: no-cache, no-store`.
    pub body: Value,
    /// What must not come again.
    pub replays: Vec<Replay>,
}

/// Takes in a pushed request. `client` is the one found by [`Post::client_id`]; without one, the answer is the same as
/// with a wrong secret. `nonces` are the DPoP nonces accepted now; empty asks for none.
pub fn push(
    provider: &Provider,
    client: Option<&Client>,
    post: &Post,
    nonces: &[&str],
    now: Timestamp,
    entropy: Entropy,
) -> Result<Pushed, Error> {
    let client = client_auth::authenticate(provider, client, post, now)?;
    let (client, mut replays) = (client.client, client.replays);
    let rules = client.profile.rules();
    if post.json && !rules.json {
        return Err(Error::Malformed);
    }
    if rules.pushed == Need::Refused || post.params.get("request_uri").is_some() {
        return Err(Error::NotAllowed("request_uri"));
    }
    let (id, rest) = entropy.split_at(16);
    let id: [u8; 16] = id.try_into().map_err(|_| Error::ServerError)?;
    let nonce = rest.first_chunk().copied().ok_or(Error::ServerError)?;
    let mut request = AuthorizationRequest::read(provider.issuer(), client, &post.params, true, now, id)
        .map_err(|refused| refused.error)?;
    if let Some(proof) = &post.dpop {
        if rules.bound_tokens == Need::Refused {
            return Err(Error::DpopProof);
        }
        let expected =
            dpop::Expected { method: "POST", uri: &provider.par_endpoint(), token: None, algs: rules.algs, nonces };
        let key = dpop::verify(proof.reveal(), &expected, now)?;
        // A proof at this endpoint binds the code like dpop_jkt does, and must not contradict it (RFC 9449 §10.1).
        if request.dpop_jkt.as_ref().is_some_and(|jkt| *jkt != key.thumbprint) {
            return Err(Error::DpopProof);
        }
        request.dpop_jkt = Some(key.thumbprint);
        replays.push(key.replay);
    }
    let request_uri = provider.sealer.seal(provider.issuer(), &request, nonce)?;
    Ok(Pushed { body: json!({ "request_uri": request_uri, "expires_in": REQUEST_URI_SECONDS }), replays })
}
