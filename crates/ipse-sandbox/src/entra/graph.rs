//! Microsoft Graph in miniature: users of the directory, their Temporary Access Passes, and Verified ID's profiles. It refuses in Graph's own form,
//! and as Graph says more than it should: with what was sent in the message.

use super::service::bearer;
use super::{CLIENT, Entra, TENANT};
use crate::Partners;
use crate::pages::Held;
use axum::Router;
use axum::extract::{Json, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, patch};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::watch;

/// What lets an application give passes.
const PASSES: [&str; 2] = ["UserAuthMethod-TAP.ReadWrite.All", "UserAuthenticationMethod.ReadWrite.All"];
/// An administrator's own token, as it is copied from Graph Explorer.
pub const ADMIN_TOKEN: &str = "eyJ.an-administrators-own.token";
/// What lets it read users.
const USERS: [&str; 3] = ["User.ReadBasic.All", "User.Read.All", "Directory.Read.All"];
/// The lifetimes that the directory's policy allows, in minutes, as a new directory has it.
const LIFETIMES: std::ops::RangeInclusive<u64> = 60..=480;

/// Somebody in the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The object id.
    pub id: String,
    /// The user principal name.
    pub principal: String,
    /// The first name, which may be empty.
    pub given: String,
    /// The last name, which may be empty.
    pub family: String,
    /// Whether they have an administrator's role, so that no application makes them a pass.
    pub privileged: bool,
}

/// The directory, and who may ask.
#[derive(Default)]
pub(super) struct Directory {
    /// What each token lets its application do.
    pub(super) tokens: BTreeMap<String, Vec<&'static str>>,
    /// What tokens say of roles; nothing leaves the usual ones.
    roles: Option<Vec<&'static str>>,
    users: Vec<User>,
    /// The passes that can be used: whose, and by which id.
    passes: BTreeMap<String, BTreeMap<String, String>>,
    given: usize,
    asked: Vec<Value>,
    refusal: Option<u16>,
    profiles: Vec<Value>,
    /// Whether passes are made and nobody is told yet.
    holds: watch::Sender<bool>,
}

impl Directory {
    /// What the next token lets its application do.
    pub(super) fn roles(&self) -> Vec<&'static str> {
        self.roles.clone().unwrap_or_else(|| vec!["UserAuthMethod-TAP.ReadWrite.All", "User.ReadBasic.All"])
    }

    fn user(&self, name: &str) -> Option<User> {
        let known = |user: &&User| user.id == name || user.principal.eq_ignore_ascii_case(name);
        self.users.iter().find(known).cloned()
    }
}

impl Entra {
    /// Lets these be all who are in the directory.
    pub fn set_users(&self, users: Vec<User>) {
        self.with(|inner| inner.graph.users = users);
    }

    /// The passes of a user that can be used.
    pub fn passes(&self, user: &str) -> BTreeSet<String> {
        let passes = self.with(|inner| inner.graph.passes.get(user).cloned());
        passes.unwrap_or_default().into_values().collect()
    }

    /// Every request for a pass, oldest first.
    pub fn passes_asked(&self) -> Vec<Value> {
        self.with(|inner| inner.graph.asked.clone())
    }

    /// The profiles of Verified ID, oldest first.
    pub fn profiles(&self) -> Vec<Value> {
        self.with(|inner| inner.graph.profiles.clone())
    }

    /// Lets these be the profiles.
    pub fn set_profiles(&self, profiles: Vec<Value>) {
        self.with(|inner| inner.graph.profiles = profiles);
    }

    /// Gives tokens for Graph these roles; nothing, the usual ones.
    pub fn grant_graph(&self, roles: Option<Vec<&'static str>>) {
        self.with(|inner| inner.graph.roles = roles);
    }

    /// Makes no pass but answers so; nothing ends that.
    pub fn refuse_passes(&self, status: Option<u16>) {
        self.with(|inner| inner.graph.refusal = status);
    }

    /// Tells nobody of the passes that are made, until it is told to.
    pub fn hold_passes(&self, holds: bool) {
        self.with(|inner| inner.graph.holds.send_replace(holds));
    }
}

pub(super) fn routes() -> Router<Arc<Partners>> {
    let passes = "/v1.0/users/{user}/authentication/temporaryAccessPassMethods";
    Router::new()
        .route("/v1.0/users/{user}", get(user))
        .route(passes, get(list).post(create))
        .route(&format!("{passes}/{{pass}}"), delete(remove))
        .route("/beta/identity/verifiedId/profiles", get(profiles).post(make_profile))
        .route("/beta/identity/verifiedId/profiles/{profile}", patch(change_profile))
}

pub(super) fn refused(status: StatusCode, code: &str, message: &str) -> Response {
    let inner = json!({ "date": "2026-11-22T09:00:00", "request-id": "r", "client-request-id": "r" });
    (status, Json(json!({ "error": { "code": code, "message": message, "innerError": inner } }))).into_response()
}

/// The token of an application for Graph.
pub(super) fn token(given: usize, roles: &[&str]) -> Value {
    json!({ "tid": TENANT, "appid": CLIENT, "idtyp": "app", "roles": roles, "jti": given })
}

/// The user that is meant, if whoever asks has one of these roles.
fn meant(partners: &Partners, headers: &HeaderMap, user: &str, needed: &[&str]) -> Result<User, Box<Response>> {
    let (roles, found) = partners.entra.with(|inner| {
        let roles = bearer(headers).and_then(|token| inner.graph.tokens.get(token).cloned());
        (roles, inner.graph.user(user))
    });
    let no = |status, code, message: &str| Box::new(refused(status, code, message));
    let Some(roles) = roles else {
        return Err(no(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", "Access token is empty or over."));
    };
    if !needed.iter().any(|needed| roles.contains(needed)) {
        return Err(no(StatusCode::FORBIDDEN, "Authorization_RequestDenied", "Insufficient privileges."));
    }
    let missing = format!("Resource '{user}' does not exist.");
    found.ok_or_else(|| no(StatusCode::NOT_FOUND, "Request_ResourceNotFound", &missing))
}

async fn user(State(partners): Held, headers: HeaderMap, Path(user): Path<String>) -> Response {
    match meant(&partners, &headers, &user, &USERS) {
        Err(refused) => *refused,
        Ok(user) => {
            let named = |name: &str| if name.is_empty() { Value::Null } else { json!(name) };
            let (given, family) = (named(&user.given), named(&user.family));
            Json(json!({ "id": user.id, "givenName": given, "surname": family })).into_response()
        }
    }
}

async fn list(State(partners): Held, headers: HeaderMap, Path(user): Path<String>) -> Response {
    let user = match meant(&partners, &headers, &user, &PASSES) {
        Err(refused) => return *refused,
        Ok(user) => user,
    };
    let known = partners.entra.with(|inner| inner.graph.passes.get(&user.id).cloned()).unwrap_or_default();
    let known = known.into_keys().map(|id| json!({ "id": id, "temporaryAccessPass": null, "isUsable": true }));
    Json(json!({ "value": known.collect::<Vec<_>>() })).into_response()
}

async fn create(
    State(partners): Held,
    headers: HeaderMap,
    Path(user): Path<String>,
    Json(body): Json<Value>,
) -> Response {
    let user = match meant(&partners, &headers, &user, &PASSES) {
        Err(refused) => return *refused,
        Ok(user) => user,
    };
    let bad = |message: &str| refused(StatusCode::BAD_REQUEST, "badRequest", &format!("{message} {}", user.principal));
    let refusal = partners.entra.with(|inner| {
        inner.graph.asked.push(body.clone());
        inner.graph.refusal
    });
    if let Some(status) = refusal.and_then(|status| StatusCode::from_u16(status).ok()) {
        return refused(status, "madeToFail", &user.principal);
    }
    if user.privileged {
        return refused(StatusCode::FORBIDDEN, "accessDenied", "Request Authorization failed");
    }
    let minutes = body.get("lifetimeInMinutes").and_then(Value::as_u64).unwrap_or(60);
    if !LIFETIMES.contains(&minutes) {
        return bad("The lifetime is not allowed by policy.");
    }
    let made = partners.entra.with(|inner| {
        let graph = &mut inner.graph;
        let passes = graph.passes.entry(user.id.clone()).or_default();
        // The reference replaces it by itself; whoever relies on that would not notice here.
        if !passes.is_empty() {
            return None;
        }
        graph.given += 1;
        let (id, pass) = (format!("6f1967b7-15e8-4935-ac26-{:012}", graph.given), format!("+drkzq{:03}", graph.given));
        passes.insert(id.clone(), pass.clone());
        Some((id, pass, graph.holds.subscribe()))
    });
    let Some((id, pass, mut held)) = made else { return bad("There is a pass already.") };
    let _ = held.wait_for(|held| !held).await;
    let body = json!({
        "@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethod",
        "id": id, "temporaryAccessPass": pass, "createdDateTime": "2026-11-22T09:00:00Z",
        "startDateTime": "2026-11-22T09:00:00Z", "lifetimeInMinutes": minutes,
        "isUsableOnce": body.get("isUsableOnce"), "isUsable": true, "methodUsabilityReason": "EnabledByPolicy",
    });
    (StatusCode::CREATED, Json(body)).into_response()
}

async fn remove(State(partners): Held, headers: HeaderMap, Path((user, pass)): Path<(String, String)>) -> Response {
    let user = match meant(&partners, &headers, &user, &PASSES) {
        Err(refused) => return *refused,
        Ok(user) => user,
    };
    let gone = partners.entra.with(|inner| inner.graph.passes.get_mut(&user.id).and_then(|known| known.remove(&pass)));
    match gone {
        Some(_) => StatusCode::NO_CONTENT.into_response(),
        None => refused(StatusCode::NOT_FOUND, "resourceNotFound", "The pass is gone."),
    }
}

/// Why nobody but an administrator may see or change profiles, and whoever does has to know the newer names.
fn unprofiled(headers: &HeaderMap) -> Option<Response> {
    match bearer(headers) {
        None | Some("") => {
            Some(refused(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", "Access token is empty."))
        }
        Some(ADMIN_TOKEN) if headers.get("prefer").is_some_and(|value| value == "include-unknown-enum-members") => None,
        Some(_) => Some(refused(StatusCode::FORBIDDEN, "accessDenied", "Request Authorization failed")),
    }
}

async fn profiles(State(partners): Held, headers: HeaderMap) -> Response {
    unprofiled(&headers).unwrap_or_else(|| Json(json!({ "value": partners.entra.profiles() })).into_response())
}

async fn make_profile(State(partners): Held, headers: HeaderMap, Json(mut body): Json<Value>) -> Response {
    if let Some(refused) = unprofiled(&headers) {
        return refused;
    }
    let needed =
        ["name", "description", "state", "verifierDid", "verifiedIdProfileConfiguration", "faceCheckConfiguration"];
    if let Some(missing) = needed.iter().find(|name| body.get(**name).is_none()) {
        return refused(StatusCode::BAD_REQUEST, "badRequest", missing);
    }
    let made = partners.entra.with(|inner| {
        let id = format!("e3f83ec6-d16c-e3e7-2d87-{:012}", inner.graph.profiles.len() + 1);
        if let Some(body) = body.as_object_mut() {
            body.insert("id".to_owned(), json!(id));
        }
        inner.graph.profiles.push(body.clone());
        body
    });
    (StatusCode::CREATED, Json(made)).into_response()
}

async fn change_profile(
    State(partners): Held,
    headers: HeaderMap,
    Path(profile): Path<String>,
    Json(body): Json<Value>,
) -> Response {
    if let Some(refused) = unprofiled(&headers) {
        return refused;
    }
    let changed = partners.entra.with(|inner| {
        let known = inner.graph.profiles.iter_mut().find(|known| known.get("id") == Some(&json!(profile)))?;
        if let (Some(known), Some(body)) = (known.as_object_mut(), body.as_object()) {
            known.extend(body.clone());
        }
        Some(known.clone())
    });
    match changed {
        Some(changed) => Json(changed).into_response(),
        None => refused(StatusCode::NOT_FOUND, "resourceNotFound", "There is no such profile."),
    }
}
