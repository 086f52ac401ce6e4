//! Passkeys: the WebAuthn ceremonies around the library, and a person's own list.

use super::form::Fields;
use super::sign_in::with_cookie;
use super::views::{self, Area};
use super::{refused, shell, when};
use crate::app::people;
use crate::config::BadConfig;
use crate::http::auth::Anybody;
use crate::http::body::Json;
use crate::http::page::render;
use crate::http::problem::Problem;
use crate::random;
use crate::state::Shared;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipse_core::id::PasskeyId;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq as _;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url,
    Uuid, Webauthn, WebauthnBuilder,
};

const CEREMONY: Duration = Duration::from_mins(5);
const CEREMONIES_AT_ONCE: usize = 10_000;

/// The relying party, and the ceremonies under way. They live in memory: a restart costs a person one more click.
pub struct RelyingParty {
    webauthn: Webauthn,
    under_way: Mutex<HashMap<String, (Instant, Ceremony)>>,
}

enum Ceremony {
    Registration(PasskeyRegistration),
    SignIn(DiscoverableAuthentication),
}

impl RelyingParty {
    /// The relying party at an address.
    pub fn new(base_url: &str) -> Result<Self, BadConfig> {
        let bad = |_| BadConfig("server.base_url cannot be used for passkeys".into());
        let origin = Url::parse(base_url).map_err(|_| BadConfig("server.base_url is not an address".into()))?;
        let host = origin.host_str().unwrap_or_default().to_owned();
        // An address of numbers cannot be a relying party's id; passkeys then wait for a name.
        let id = if host.parse::<std::net::IpAddr>().is_ok() { "localhost".to_owned() } else { host };
        let mut named = origin.clone();
        if id == "localhost" && named.set_host(Some("localhost")).is_err() {
            return Err(BadConfig("server.base_url cannot be used for passkeys".into()));
        }
        let webauthn = WebauthnBuilder::new(&id, &named).map_err(bad)?.rp_name("Ipse").build().map_err(bad)?;
        Ok(Self { webauthn, under_way: Mutex::default() })
    }

    #[allow(clippy::disallowed_methods, reason = "a ceremony's age is measured, nothing else is decided by it")]
    fn remember(&self, ceremony: Ceremony) -> String {
        let (state, _) = random::token();
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.retain(|_, (begun, _)| begun.elapsed() < CEREMONY);
        if under_way.len() >= CEREMONIES_AT_ONCE {
            // Whoever fills the list pushes out the oldest, not the next person who wants in.
            let oldest = under_way.iter().min_by_key(|(_, (begun, _))| *begun).map(|(state, _)| state.clone());
            oldest.and_then(|oldest| under_way.remove(&oldest));
        }
        under_way.insert(state.clone(), (Instant::now(), ceremony));
        state
    }

    /// A ceremony ends with its first answer, right or wrong.
    fn take(&self, state: &str) -> Option<Ceremony> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let (begun, ceremony) = under_way.remove(state)?;
        (begun.elapsed() < CEREMONY).then_some(ceremony)
    }
}

fn not_accepted() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "passkey_not_accepted", "The passkey was not accepted.")
}

#[derive(Serialize)]
struct Begun<T> {
    #[serde(flatten)]
    options: T,
    state: String,
}

/// `POST /console/passkeys/sign-in/begin`
pub(super) async fn sign_in_begin(Extension(passkeys): Extension<Arc<RelyingParty>>) -> Result<Response, Problem> {
    let (options, ceremony) = passkeys.webauthn.start_discoverable_authentication().map_err(|_| not_accepted())?;
    let state = passkeys.remember(Ceremony::SignIn(ceremony));
    Ok(axum::Json(Begun { options, state }).into_response())
}

#[derive(Deserialize)]
pub(super) struct SignIn {
    state: String,
    credential: PublicKeyCredential,
}

/// `POST /console/passkeys/sign-in/finish`
pub(super) async fn sign_in_finish(
    State(ipse): State<Shared>,
    Extension(passkeys): Extension<Arc<RelyingParty>>,
    Json(answer): Json<SignIn>,
) -> Result<Response, Problem> {
    let Some(Ceremony::SignIn(ceremony)) = passkeys.take(&answer.state) else { return Err(not_accepted()) };
    let id = answer.credential.get_credential_id().to_vec();
    let located = ipse.store.locate_passkey(&id).await?.ok_or_else(not_accepted)?;
    let (organization, person) = located;
    let known = people::passkeys(&ipse, &organization, &person).await?;
    let stored = known.into_iter().find(|passkey| passkey.credential_id == id).ok_or_else(not_accepted)?;
    let mut credential: Passkey = serde_json::from_str(&stored.credential).map_err(|_| not_accepted())?;
    let result = passkeys
        .webauthn
        .finish_discoverable_authentication_v2(&answer.credential, ceremony, &credential)
        .map_err(|_| not_accepted())?;
    credential.update_credential(&result);
    let credential = serde_json::to_string(&credential).map_err(|_| not_accepted())?;
    let cookie = people::sign_in_with_passkey(&ipse, &organization, &stored, &credential).await?;
    Ok((with_cookie(&ipse, cookie), axum::Json(json!({ "next": "/console" }))).into_response())
}

fn check_csrf(headers: &HeaderMap, expected: &str) -> Result<(), Problem> {
    let sent = headers.get("x-csrf").map(axum::http::HeaderValue::as_bytes).unwrap_or_default();
    if bool::from(sent.ct_eq(expected.as_bytes())) {
        Ok(())
    } else {
        Err(Problem::new(StatusCode::FORBIDDEN, "csrf", "Load the page again."))
    }
}

/// WebAuthn wants a user handle of its own kind; ours is the hash of the person's id.
fn user_handle(person: &ipse_core::id::PersonId) -> Uuid {
    let hash = random::sha256(person.as_str().as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash).for_each(|(byte, hashed)| *byte = hashed);
    Uuid::from_bytes(bytes)
}

/// `POST /console/passkeys/register/begin`
pub(super) async fn register_begin(
    State(ipse): State<Shared>,
    Extension(passkeys): Extension<Arc<RelyingParty>>,
    Anybody(who): Anybody,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    check_csrf(&headers, &who.session.csrf)?;
    let known = people::passkeys(&ipse, &who.caller.organization, &who.person.id).await?;
    let exclude = known.iter().map(|passkey| passkey.credential_id.clone()).collect();
    let (options, ceremony) = passkeys
        .webauthn
        .start_passkey_registration(user_handle(&who.person.id), &who.person.email, &who.person.name, Some(exclude))
        .map_err(|_| not_accepted())?;
    // Signing in names nobody, so the passkey must be found by the authenticator itself.
    let mut options = serde_json::to_value(options).map_err(|_| not_accepted())?;
    if let Some(selection) = options.pointer_mut("/publicKey/authenticatorSelection") {
        *selection = json!({ "residentKey": "required", "requireResidentKey": true, "userVerification": "required" });
    }
    let state = passkeys.remember(Ceremony::Registration(ceremony));
    Ok(axum::Json(Begun { options, state }).into_response())
}

#[derive(Deserialize)]
pub(super) struct Registered {
    state: String,
    credential: RegisterPublicKeyCredential,
    name: Option<String>,
}

/// `POST /console/passkeys/register/finish`
pub(super) async fn register_finish(
    State(ipse): State<Shared>,
    Extension(passkeys): Extension<Arc<RelyingParty>>,
    Anybody(who): Anybody,
    headers: HeaderMap,
    Json(answer): Json<Registered>,
) -> Result<Response, Problem> {
    check_csrf(&headers, &who.session.csrf)?;
    let Some(Ceremony::Registration(ceremony)) = passkeys.take(&answer.state) else {
        return Err(not_accepted());
    };
    let finished = passkeys.webauthn.finish_passkey_registration(&answer.credential, &ceremony);
    let passkey = finished.map_err(|_| not_accepted())?;
    let id = passkey.cred_id().clone();
    let fallback = || format!("Passkey {}", URL_SAFE_NO_PAD.encode(&id).chars().take(6).collect::<String>());
    let name = answer.name.filter(|name| !name.trim().is_empty()).unwrap_or_else(fallback);
    let credential = serde_json::to_string(&passkey).map_err(|_| not_accepted())?;
    people::add_passkey(&ipse, &who.caller, &who.person.id, &name, id, credential).await?;
    Ok(axum::Json(json!({ "next": "/console/passkeys" })).into_response())
}

/// `GET /console/passkeys`
pub(super) async fn page(State(ipse): State<Shared>, Anybody(who): Anybody) -> Response {
    let passkeys = match people::passkeys(&ipse, &who.caller.organization, &who.person.id).await {
        Ok(passkeys) => passkeys,
        Err(error) => return refused(error),
    };
    let row = |passkey: people::PasskeyRecord| views::PasskeyRow {
        id: passkey.id.to_string(),
        name: passkey.name,
        added: when(passkey.created_at),
        last_used: passkey.used_at.map_or_else(|| "Never".to_owned(), when),
    };
    let rows = passkeys.into_iter().map(row).collect();
    render(&views::Passkeys { shell: shell(&ipse, &who, Area::Passkeys).await, rows })
}

/// `POST /console/passkeys/{id}/remove`
pub(super) async fn remove(
    State(ipse): State<Shared>,
    Anybody(who): Anybody,
    Path(id): Path<PasskeyId>,
    _: Fields,
) -> Response {
    match people::remove_passkey(&ipse, &who.caller, &who.person.id, &id).await {
        Ok(()) => Redirect::to("/console/passkeys").into_response(),
        Err(error) => refused(error),
    }
}
