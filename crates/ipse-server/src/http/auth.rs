//! Authorisation as an argument: a handler that names `Key<VerificationsRead>` or `User<Review>` cannot run without it.

use super::limits::Allowance;
use super::problem::Problem;
use crate::app::people::{self, SignedIn};
use crate::app::{Caller, keys};
use crate::state::Shared;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use ipse_core::event::Actor;
use ipse_core::id::ApiKeyId;
use ipse_core::organization::Permission;
use std::marker::PhantomData;

/// A scope, as a type.
pub trait Scope: Send + Sync + 'static {
    /// Its name on the wire.
    const NAME: &'static str;
}

macro_rules! scopes {
    ($($name:ident = $wire:literal;)*) => {$(
        #[doc = concat!("`", $wire, "`")]
        pub struct $name;
        impl Scope for $name { const NAME: &'static str = $wire; }
    )*};
}

scopes! {
    VerificationsRead = "verifications:read";
    VerificationsWrite = "verifications:write";
    SubjectsRead = "subjects:read";
    SubjectsWrite = "subjects:write";
    JourneysRead = "journeys:read";
    JourneysWrite = "journeys:write";
    WebhooksRead = "webhooks:read";
    WebhooksWrite = "webhooks:write";
    ClientsRead = "clients:read";
    ClientsWrite = "clients:write";
    KeysRead = "keys:read";
    KeysWrite = "keys:write";
    OrganizationRead = "organization:read";
    OrganizationWrite = "organization:write";
}

/// A program with a key that has the scope.
pub struct Key<S> {
    /// As a caller.
    pub caller: Caller,
    /// The key.
    pub id: ApiKeyId,
    /// Everything the key may do.
    pub scopes: Vec<String>,
    scope: PhantomData<S>,
}

impl<S> Key<S> {
    /// Whether the key may also do this.
    pub fn also(&self, scope: &str) -> bool {
        self.scopes.iter().any(|known| known == scope)
    }
}

/// The token of an `Authorization: Bearer` header.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl<S: Scope> FromRequestParts<Shared> for Key<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, ipse: &Shared) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or_else(Problem::unauthorized)?;
        let known = keys::authenticate(ipse, token).await?.ok_or_else(Problem::unauthorized)?;
        // Routes with keys have the layer that puts it there; without it nobody is let in.
        parts.extensions.get::<Allowance>().ok_or_else(Problem::unauthorized)?.take(&known.key.id)?;
        if !known.key.scopes.iter().any(|scope| scope == S::NAME) {
            return Err(Problem::forbidden(S::NAME));
        }
        let caller = Caller {
            organization: known.organization,
            actor: Actor::ApiKey(known.key.id.clone()),
            name: known.key.name.clone(),
        };
        Ok(Self { caller, id: known.key.id, scopes: known.key.scopes, scope: PhantomData })
    }
}

/// A permission, as a type.
pub trait May: Send + Sync + 'static {
    /// Which.
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($name:ident;)*) => {$(
        #[doc = concat!("[`Permission::", stringify!($name), "`]")]
        pub struct $name;
        impl May for $name { const PERMISSION: Permission = Permission::$name; }
    )*};
}

permissions! {
    ReadVerifications;
    StartVerifications;
    Redact;
    Review;
    Configure;
    ReadConfiguration;
    Audit;
}

/// Somebody signed in to the console whose role includes the permission.
pub struct User<P> {
    /// Who, with their session.
    pub signed_in: SignedIn,
    permission: PhantomData<P>,
}

impl<P> User<P> {
    /// As a caller.
    pub const fn caller(&self) -> &Caller {
        &self.signed_in.caller
    }

    /// Whether their role also includes this.
    pub const fn may(&self, permission: Permission) -> bool {
        self.signed_in.person.role.may(permission)
    }
}

/// Somebody signed in, whatever their role.
pub struct Anybody(pub SignedIn);

/// Why a console page is not shown.
pub enum Denied {
    /// Nobody is signed in.
    SignIn,
    /// The role does not include it.
    Role,
    /// Something failed.
    Problem(Problem),
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn => Redirect::to("/console/sign-in").into_response(),
            Self::Role => crate::console::problem(StatusCode::FORBIDDEN, "Your role does not include this."),
            Self::Problem(problem) => crate::console::shown(problem),
        }
    }
}

/// The console's session cookie. `__Host-` binds it to this host over TLS (RFC 6265bis §4.1.3.2); without TLS, which
/// only this machine may have, browsers refuse that prefix.
pub const fn console_cookie(https: bool) -> &'static str {
    if https { "__Host-ipse-console" } else { "ipse-console" }
}

/// The capture pages' session cookie.
pub const fn capture_cookie(https: bool) -> &'static str {
    if https { "__Host-ipse-capture" } else { "ipse-capture" }
}

/// The cookie by which an OpenID request knows its browser again.
pub const fn oidc_cookie(https: bool) -> &'static str {
    if https { "__Host-ipse-oidc" } else { "ipse-oidc" }
}

async fn signed_in(parts: &mut Parts, ipse: &Shared) -> Result<SignedIn, Denied> {
    let jar = CookieJar::from_headers(&parts.headers);
    let cookie = jar.get(console_cookie(ipse.config.is_https())).ok_or(Denied::SignIn)?;
    let found = people::session(ipse, cookie.value()).await.map_err(|error| Denied::Problem(error.into()))?;
    found.ok_or(Denied::SignIn)
}

impl FromRequestParts<Shared> for Anybody {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, ipse: &Shared) -> Result<Self, Denied> {
        signed_in(parts, ipse).await.map(Self)
    }
}

impl OptionalFromRequestParts<Shared> for Anybody {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, ipse: &Shared) -> Result<Option<Self>, Denied> {
        match signed_in(parts, ipse).await {
            Ok(found) => Ok(Some(Self(found))),
            Err(Denied::SignIn) => Ok(None),
            Err(denied) => Err(denied),
        }
    }
}

impl<P: May> FromRequestParts<Shared> for User<P> {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, ipse: &Shared) -> Result<Self, Denied> {
        let signed_in = signed_in(parts, ipse).await?;
        if signed_in.person.role.may(P::PERMISSION) {
            Ok(Self { signed_in, permission: PhantomData })
        } else {
            Err(Denied::Role)
        }
    }
}
