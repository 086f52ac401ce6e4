//! The token endpoint: a code for an ID token and an access token (Core §3.1.3).

use crate::client::Binding;
use crate::dpop::{self, Expected};
use crate::hash::{Entropy, Hash, Replay, base64url, hash_of, same};
use crate::profile::{Need, Style, TOKEN_SECONDS};
use crate::{Client, Error, Grant, Post, Provider, client_auth, id_token};
use ipse_core::Private;
use ipse_core::id::{OrganizationId, VerificationId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// What is stored of an access token. The claims are personal data: the caller stores it sealed, under `hash`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccessToken {
    /// The hash of the token.
    pub hash: Hash,
    /// The hash of the code it was issued for: when that comes again, the token goes.
    pub code_hash: Hash,
    /// Whose client it was issued to.
    pub organization: OrganizationId,
    /// That client.
    pub client_id: String,
    /// The verification it tells of.
    pub verification: VerificationId,
    /// Who was verified.
    pub subject: Private<String>,
    /// What the userinfo endpoint says beside `sub`.
    pub userinfo: Private<Map<String, Value>>,
    /// The thumbprint of the key it is bound to (RFC 9449 §6).
    pub dpop_jkt: Option<String>,
    /// The hash of the certificate it is bound to (RFC 8705 §3).
    pub certificate: Option<Hash>,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// A code that was redeemed.
#[derive(Debug)]
pub struct Redeemed {
    /// The JSON body of the answer, to be sent with `Cache-Control: no-store`.
    pub body: Private<Value>,
    /// What to store of the access token.
    pub token: AccessToken,
    /// What must not come again.
    pub replays: Vec<Replay>,
}

/// Redeems a code. `client` is the one found by [`Post::client_id`], `grant` the one found by [`Post::code_hash`].
///
/// On [`Error::GrantReused`] the caller revokes the access token of that code. On success it marks the grant redeemed
/// and stores the token in one transaction.
pub fn redeem(
    provider: &Provider,
    client: Option<&Client>,
    post: &Post,
    grant: Option<&Grant>,
    nonces: &[&str],
    now: Timestamp,
    entropy: Entropy,
) -> Result<Redeemed, Error> {
    let client = client_auth::authenticate(provider, client, post, now)?;
    let (client, mut replays) = (client.client, client.replays);
    if post.json {
        return Err(Error::Malformed);
    }
    if post.params.need("grant_type")? != "authorization_code" {
        return Err(Error::GrantType);
    }
    let code = hash_of(post.params.need("code")?.as_bytes());
    let redirect_uri = post.params.need("redirect_uri")?;
    let grant = grant.filter(|grant| grant.code_hash == code && grant.client_id == client.id).ok_or(Error::Grant)?;
    if grant.organization != client.organization {
        return Err(Error::Grant);
    }
    if grant.redeemed_at.is_some() {
        return Err(Error::GrantReused);
    }
    if grant.expires_at <= now || grant.redirect_uri != redirect_uri || !verifier_fits(post, grant) {
        return Err(Error::Grant);
    }
    let dpop_jkt = holder(provider, client, post, grant, nonces, now, &mut replays)?;
    let certificate = match client.binding {
        Binding::Mtls => {
            let shown = post.certificate.filter(|shown| client.certificates.contains(shown));
            Some(shown.ok_or(Error::InvalidClient)?)
        }
        Binding::None | Binding::Dpop => None,
    };
    let access_token = base64url(&entropy);
    let token = AccessToken {
        hash: hash_of(access_token.as_bytes()),
        code_hash: grant.code_hash,
        organization: grant.organization.clone(),
        client_id: grant.client_id.clone(),
        verification: grant.verification.clone(),
        subject: grant.subject.clone(),
        userinfo: grant.userinfo.clone(),
        dpop_jkt,
        certificate,
        expires_at: now.saturating_add(SignedDuration::from_secs(TOKEN_SECONDS)).map_err(|_| Error::ServerError)?,
    };
    let subject = grant.subject.reveal();
    let id_token = id_token::sign(provider, client, subject, grant.nonce.as_deref(), grant.id_token.reveal(), now)?;
    let mut body = json!({
        "access_token": access_token,
        "token_type": if token.dpop_jkt.is_some() { "DPoP" } else { "Bearer" },
        "expires_in": TOKEN_SECONDS,
        "id_token": id_token,
    });
    if let Some(members) = body.as_object_mut().filter(|_| client.style != Style::Okta) {
        members.insert("scope".to_owned(), json!(grant.scopes.join(" ")));
    }
    Ok(Redeemed { body: Private::new(body), token, replays })
}

/// RFC 7636 §4.6. A verifier for a code that has no challenge is an attack on one that had (RFC 9700 §4.8.2).
fn verifier_fits(post: &Post, grant: &Grant) -> bool {
    match (&grant.code_challenge, post.params.get("code_verifier")) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            let formed = (43..=128).contains(&verifier.len()) && verifier.bytes().all(allowed);
            formed && same(base64url(&hash_of(verifier.as_bytes())).as_bytes(), challenge.as_bytes())
        }
        _ => false,
    }
}

/// The key that the token is bound to: the one the code is bound to, or the one that is shown now.
fn holder(
    provider: &Provider,
    client: &Client,
    post: &Post,
    grant: &Grant,
    nonces: &[&str],
    now: Timestamp,
    replays: &mut Vec<Replay>,
) -> Result<Option<String>, Error> {
    let needed = client.binding == Binding::Dpop || grant.dpop_jkt.is_some();
    let Some(proof) = &post.dpop else {
        return if needed { Err(Error::DpopProof) } else { Ok(None) };
    };
    let rules = client.profile.rules();
    if rules.bound_tokens == Need::Refused {
        return Err(Error::DpopProof);
    }
    let expected = Expected { method: "POST", uri: &provider.token_endpoint(), token: None, algs: rules.algs, nonces };
    let key = dpop::verify(proof.reveal(), &expected, now)?;
    if grant.dpop_jkt.as_ref().is_some_and(|jkt| *jkt != key.thumbprint) {
        return Err(Error::DpopProof);
    }
    replays.push(key.replay);
    Ok(Some(key.thumbprint))
}
