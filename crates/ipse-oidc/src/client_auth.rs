//! Whether a caller is the client that it says it is.

use crate::hash::Replay;
use crate::jws::Unverified;
use crate::profile::AuthMethod;
use crate::{Client, Error, Post, Provider};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Seconds that a client's clock may be ahead of ours (FAPI 2.0: ten are accepted, more than sixty are not).
pub(crate) const AHEAD_SECONDS: i64 = 30;
/// Seconds that an assertion may live: what has to be remembered of it is remembered that long.
const LIFE_SECONDS: i64 = 3_600;
const MAX_JTI: usize = 256;

/// A client that showed that it is the one.
pub(crate) struct Authenticated<'a> {
    pub(crate) client: &'a Client,
    pub(crate) replays: Vec<Replay>,
}

/// The client that an assertion claims to be of, to look it up by.
pub(crate) fn issuer_of(assertion: &str) -> Option<String> {
    Unverified::parse(assertion)?.hint("iss").map(str::to_owned)
}

/// Authenticates the caller by exactly one method, one that the client uses.
pub(crate) fn authenticate<'a>(
    provider: &Provider,
    client: Option<&'a Client>,
    post: &Post,
    now: Timestamp,
) -> Result<Authenticated<'a>, Error> {
    let secret = post.params.get("client_secret");
    let assertion = post.params.get("client_assertion");
    let ways = [post.basic.is_some(), secret.is_some(), assertion.is_some()];
    if ways.into_iter().filter(|used| *used).count() > 1 {
        return Err(Error::NotAllowed("client_secret"));
    }
    let named = post.params.get("client_id");
    let uses = |method| client.is_some_and(|client| client.auth_methods.contains(&method));
    let is_named = |id: &str| named.is_none_or(|named| named == id) && client.is_some_and(|client| client.id == id);
    let mut replays = Vec::new();
    let holds = if let Some((id, secret)) = &post.basic {
        Client::knows_secret(client, secret.reveal(), now) & is_named(id) & uses(AuthMethod::ClientSecretBasic)
    } else if let Some(secret) = secret {
        let id = named.unwrap_or_default();
        Client::knows_secret(client, secret, now) & is_named(id) & uses(AuthMethod::ClientSecretPost)
    } else if let Some(assertion) = assertion {
        let typed = post.params.get("client_assertion_type") == Some(ASSERTION);
        let replay =
            client.filter(|client| is_named(&client.id)).and_then(|client| verify(provider, client, assertion, now));
        let holds = replay.is_some();
        replays.extend(replay);
        holds && typed && uses(AuthMethod::PrivateKeyJwt)
    } else {
        let shown = post.certificate;
        let registered = client.is_some_and(|client| shown.is_some_and(|shown| client.certificates.contains(&shown)));
        registered && is_named(named.unwrap_or_default()) && uses(AuthMethod::SelfSignedTlsClientAuth)
    };
    match client.filter(|_| holds) {
        Some(client) => Ok(Authenticated { client, replays }),
        None => Err(Error::InvalidClient),
    }
}

/// RFC 7523 §3 and, where the profile is strict, FAPI 2.0 §5.3.2.1.
fn verify(provider: &Provider, client: &Client, assertion: &str, now: Timestamp) -> Option<Replay> {
    let rules = client.profile.rules();
    let claims = Unverified::parse(assertion)?.verify_with(client.jwks.as_ref()?, rules.algs)?;
    let own = [claims.text("iss"), claims.text("sub")].into_iter().all(|name| name == Some(client.id.as_str()));
    let ours = [provider.issuer().to_owned(), provider.token_endpoint(), provider.par_endpoint()];
    let meant = match claims.get("aud")? {
        Value::String(audience) if rules.strict_audience => *audience == provider.issuer(),
        Value::String(audience) => ours.contains(audience),
        Value::Array(audiences) if !rules.strict_audience => {
            audiences.iter().filter_map(Value::as_str).any(|audience| ours.iter().any(|own| own == audience))
        }
        _ => false,
    };
    let (second, expires) = (now.as_second(), claims.time("exp")?);
    let alive = second < expires && expires <= second + LIFE_SECONDS + AHEAD_SECONDS;
    let begun = ["nbf", "iat"]
        .into_iter()
        .all(|name| claims.get(name).is_none() || claims.time(name).is_some_and(|time| time <= second + AHEAD_SECONDS));
    let jti = claims.text("jti").filter(|jti| !jti.is_empty() && jti.len() <= MAX_JTI)?;
    let until = now.saturating_add(SignedDuration::from_secs(LIFE_SECONDS + 2 * AHEAD_SECONDS)).ok()?;
    (own && meant && alive && begun).then(|| Replay::new("client_assertion", &client.id, jti, until))
}
