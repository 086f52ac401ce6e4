//! A trial: the provider asks itself as a client would, and an administrator goes the way that a person goes.
//!
//! What asks is the client as it is registered, but for three things that are never stored: its answers go to the
//! console, it shows a secret of the moment, and nothing binds its tokens. Nothing is remembered of a trial either: what
//! its answer has to fit follows from the administrator's session, so in any other session it is of no use. Its code
//! works once, like every code.

use super::{Result, clients, keys};
use crate::app::{Caller, record};
use crate::random;
use crate::state::Ipse;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipse_core::Refusal;
use ipse_core::id::ClientId;
use ipse_oidc::client::{Binding, Secret};
use ipse_oidc::params::Raw;
use ipse_oidc::profile::{AuthMethod, Style};
use ipse_oidc::{Client, Error, Grant, Post, Provider, hash_of, par, token};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use subtle::ConstantTimeEq as _;

/// The scopes that choose a journey begin so; the other words are acr values.
const FLOW: &str = "idv_flow_";
/// What every ID token says beside what was proven.
const PROTOCOL: [&str; 11] =
    ["iss", "aud", "sub", "iat", "exp", "nonce", "acr", "amr", "auth_time", "at_hash", "verified_claims"];

/// What the client would ask for.
pub struct Wanted {
    /// The given name that it knows.
    pub given_name: String,
    /// The family name that it knows.
    pub family_name: String,
    /// The scope or acr value of the journey; the client's own if left out.
    pub flow: Option<String>,
}

/// What a browser came back with.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Answer {
    state: String,
    iss: String,
    code: Option<String>,
    error: Option<String>,
}

/// What the client would have received.
pub enum Received {
    /// An error.
    Refused(String),
    /// An ID token.
    Told {
        /// The level of assurance, where the client is told one.
        level: Option<String>,
        /// Each claim by its name.
        claims: Vec<(String, Told)>,
    },
}

/// What the client would have been told of a claim.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// That it is the one that was proven.
    Matched,
    /// Its value.
    Value,
    /// That it was not proven.
    Unproven,
}

/// What the answer has to fit: all of it follows from the session and from what `state` begins with.
struct Thread {
    state: String,
    nonce: String,
    verifier: String,
}

impl Thread {
    /// `session` is a secret of the administrator's session.
    fn new(session: &str, client: &str, random: [u8; 16]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, session.as_bytes());
        let part = |what: &str| {
            let mut context = hmac::Context::with_key(&key);
            context.update(format!("trial {what} {client} ").as_bytes());
            context.update(&random);
            URL_SAFE_NO_PAD.encode(context.sign().as_ref())
        };
        let state = format!("{}.{}", URL_SAFE_NO_PAD.encode(random), part("state"));
        Self { state, nonce: part("nonce"), verifier: part("verifier") }
    }

    /// The thread that an answer belongs to, if it is one of this session.
    fn find(session: &str, client: &str, state: &str) -> Option<Self> {
        let random = state.split('.').next().and_then(|random| URL_SAFE_NO_PAD.decode(random).ok())?;
        let thread = Self::new(session, client, random.try_into().ok()?);
        bool::from(thread.state.as_bytes().ct_eq(state.as_bytes())).then_some(thread)
    }
}

/// The client, and the secret that it has for the moment.
fn asking(provider: &Provider, client: Client, now: Timestamp) -> (Client, String) {
    let (secret, _) = random::token();
    let hash = hash_of(secret.as_bytes());
    let asking = Client {
        redirect_uris: vec![provider.trial_redirect_uri(&client.id)],
        auth_methods: vec![AuthMethod::ClientSecretPost],
        secrets: vec![Secret { hash, created_at: now, expires_at: None }],
        binding: Binding::None,
        ..client
    };
    (asking, secret)
}

/// A form, as a client posts it.
fn posted(fields: &[(&str, &str)]) -> Result<Post> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let content_type = Some("application/x-www-form-urlencoded");
    Ok(Post::read(&Raw { content_type, body: body.as_bytes(), ..Raw::default() })?)
}

/// What the client would ask of a person with this name.
fn claims(style: Style, wanted: &Wanted) -> String {
    let of = |name: &str| match style {
        Style::Okta => json!({ "value": name, "fuzzy": true }),
        Style::Ida => json!({ "value": name }),
    };
    let verification = match style {
        Style::Okta => json!({
            "trust_framework": { "value": "IDV-DELEGATED", "essential": true },
            "assurance_level": { "value": "VERIFIED", "essential": true },
        }),
        Style::Ida => json!({ "trust_framework": null, "assurance_level": null }),
    };
    let claims = json!({ "given_name": of(&wanted.given_name), "family_name": of(&wanted.family_name) });
    let element = json!({ "verification": verification, "claims": claims });
    let verified = if style == Style::Okta { json!([element]) } else { element };
    json!({ "id_token": { "verified_claims": verified } }).to_string()
}

/// Begins a trial: returns where the administrator's browser goes.
pub async fn begin(ipse: &Ipse, caller: &Caller, session: &str, id: &ClientId, wanted: &Wanted) -> Result<String> {
    let client = clients::get(ipse, caller, id).await?;
    for (field, name) in [("given_name", &wanted.given_name), ("family_name", &wanted.family_name)] {
        if name.is_empty() || name.len() > 200 || name.chars().any(char::is_control) {
            return Err(crate::app::Error::from(Refusal::invalid(field, "must be 1 to 200 bytes of text")).into());
        }
    }
    if wanted.flow.as_ref().is_some_and(|flow| !client.journeys.contains_key(flow)) {
        return Err(crate::app::Error::from(Refusal::invalid("flow", "must be one of the client's")).into());
    }
    let now = ipse.clock.now();
    let provider = keys::provider(ipse).await?;
    let (client, secret) = asking(&provider, client, now);
    let thread = Thread::new(session, &client.id, random::bytes());
    let challenge = URL_SAFE_NO_PAD.encode(hash_of(thread.verifier.as_bytes()));
    let mut scopes = vec!["openid"];
    scopes.extend(client.scopes.iter().map(String::as_str));
    let by_scope = wanted.flow.as_deref().filter(|flow| flow.starts_with(FLOW));
    scopes.extend(by_scope);
    let by_acr = wanted.flow.as_deref().filter(|_| by_scope.is_none());
    let post = posted(&[
        ("response_type", "code"),
        ("client_id", &client.id),
        ("client_secret", &secret),
        ("redirect_uri", &provider.trial_redirect_uri(&client.id)),
        ("scope", &scopes.join(" ")),
        ("acr_values", by_acr.unwrap_or_default()),
        ("state", &thread.state),
        ("nonce", &thread.nonce),
        // Who tries a client twice is the same person twice, and none that the client knows.
        ("login_hint", &format!("trial {}", caller.actor.label())),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("claims", &claims(client.style, wanted)),
    ])?;
    let pushed = par::push(&provider, Some(&client), &post, &[], now, random::bytes())?;
    let request_uri = pushed.body.get("request_uri").and_then(Value::as_str).ok_or(Error::ServerError)?;
    let mut tx = ipse.store.begin(&caller.organization).await?;
    record::organization(&mut tx, &caller.actor, "client.tested", json!({ "client": id }), now).await?;
    tx.commit().await?;
    let query = [("client_id", client.id.as_str()), ("request_uri", request_uri)];
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    Ok(format!("{}?{query}", provider.authorization_endpoint()))
}

/// Takes in the answer of a trial that was begun in the same session.
pub async fn finish(ipse: &Ipse, caller: &Caller, session: &str, id: &ClientId, answer: &Answer) -> Result<Received> {
    let client = clients::get(ipse, caller, id).await?;
    let provider = keys::provider(ipse).await?;
    let thread = Thread::find(session, &client.id, &answer.state).filter(|_| answer.iss == provider.issuer());
    let thread = thread.ok_or(Error::SessionOver)?;
    let (code, error) = (answer.code.as_deref(), answer.error.as_deref());
    let code = match (code, error) {
        (Some(code), None) => code,
        (None, Some(error)) if error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') => {
            return Ok(Received::Refused(error.chars().take(64).collect()));
        }
        _ => return Err(Error::SessionOver.into()),
    };
    let now = ipse.clock.now();
    let (client, secret) = asking(&provider, client, now);
    let post = posted(&[
        ("grant_type", "authorization_code"),
        ("client_id", &client.id),
        ("client_secret", &secret),
        ("code", code),
        ("code_verifier", &thread.verifier),
        ("redirect_uri", &provider.trial_redirect_uri(&client.id)),
    ])?;
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let grant = tx.grant::<Grant>(&hash_of(code.as_bytes())).await?;
    let grant = grant.map(|(grant, redeemed_at)| Grant { redeemed_at, ..grant }).ok_or(Error::Grant)?;
    let redeemed = token::redeem(&provider, Some(&client), &post, Some(&grant), &[], now, random::bytes())?;
    if !tx.redeem_grant(&grant.code_hash, now).await? {
        return Err(Error::GrantReused.into());
    }
    tx.commit().await?;
    // The access token goes nowhere, and is not stored.
    let told = redeemed.body.reveal().get("id_token").and_then(Value::as_str).and_then(payload);
    let told = told.filter(|told| told.get("nonce").and_then(Value::as_str) == Some(&thread.nonce));
    Ok(received(&told.ok_or(Error::ServerError)?))
}

/// What an ID token says that was made here a moment ago.
fn payload(token: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?).ok()
}

fn received(told: &Map<String, Value>) -> Received {
    let verified = told.get("verified_claims");
    let verified = verified.and_then(|verified| verified.get(0).or(Some(verified)));
    let level = verified.and_then(|verified| verified.pointer("/verification/assurance_level"));
    let mut claims = Vec::new();
    for (name, value) in told.iter().filter(|(name, _)| !PROTOCOL.contains(&name.as_str())) {
        collect(name, value, &mut claims);
    }
    for (name, value) in verified.and_then(|one| one.get("claims")).and_then(Value::as_object).into_iter().flatten() {
        collect(name, value, &mut claims);
    }
    Received::Told { level: level.and_then(Value::as_str).map(str::to_owned), claims }
}

/// How a claim came out: a value by itself, or in Okta's dialect one beside `fuzzy`; an address has claims of its own.
fn collect(name: &str, value: &Value, claims: &mut Vec<(String, Told)>) {
    match value.as_object() {
        Some(members) if !members.contains_key("value") => {
            for (below, value) in members {
                collect(&format!("{name}.{below}"), value, claims);
            }
        }
        members => {
            let told = match members.and_then(|members| members.get("value")).unwrap_or(value) {
                Value::Null => Told::Unproven,
                Value::String(text) if text == "MATCHED" => Told::Matched,
                _ => Told::Value,
            };
            claims.push((name.to_owned(), told));
        }
    }
}
