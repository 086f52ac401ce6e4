//! API keys: made here, shown once, revoked for good.

use super::form::Fields;
use super::views::{self, Area};
use super::{errors, refused, shell, when};
use crate::app::keys as uses;
use crate::http::auth::{Configure, User};
use crate::http::page::render_with;
use crate::state::{Ipse, Shared};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ipse_core::id::ApiKeyId;

async fn page(
    ipse: &Ipse,
    user: &User<Configure>,
    key_once: Option<String>,
    typed: Option<&Fields>,
    errors: views::Errors,
) -> Response {
    let keys = match uses::list(ipse, user.caller()).await {
        Ok(keys) => keys,
        Err(error) => return refused(error),
    };
    let row = |key: ipse_store::keys::ApiKey| views::ApiKeyRow {
        id: key.id.to_string(),
        name: key.name,
        prefix: key.prefix,
        scopes: key.scopes.join(", "),
        last_used: key.used_at.map_or_else(|| "Never".to_owned(), when),
        revoked: key.revoked_at.is_some(),
    };
    let ticked = typed.map(|fields| fields.all("scopes")).unwrap_or_default();
    let scope = |(name, about): &(&str, &str)| views::Choice {
        value: (*name).to_owned(),
        label: (*name).to_owned(),
        hint: (*about).to_owned(),
        selected: ticked.iter().any(|ticked| ticked == name),
    };
    let status = if errors.list.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = views::ApiKeys {
        shell: shell(ipse, &user.signed_in, Area::ApiKeys).await,
        errors,
        key_once,
        rows: keys.into_iter().map(row).collect(),
        name: typed.map(|fields| fields.text("name")).unwrap_or_default(),
        scopes: uses::SCOPES.iter().map(scope).collect(),
    };
    render_with(status, &view)
}

/// `GET /console/api-keys`
pub(super) async fn list(user: User<Configure>, State(ipse): State<Shared>) -> Response {
    page(&ipse, &user, None, None, views::Errors::default()).await
}

/// `POST /console/api-keys`
pub(super) async fn create(user: User<Configure>, State(ipse): State<Shared>, fields: Fields) -> Response {
    match uses::create(&ipse, user.caller(), &fields.text("name"), fields.all("scopes")).await {
        Ok((_, key)) => page(&ipse, &user, Some(key), None, views::Errors::default()).await,
        Err(error) => match errors(error, "name") {
            Ok(errors) => page(&ipse, &user, None, Some(&fields), errors).await,
            Err(response) => response,
        },
    }
}

/// `POST /console/api-keys/{id}/revoke`
pub(super) async fn revoke(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<ApiKeyId>,
    _: Fields,
) -> Response {
    match uses::revoke(&ipse, user.caller(), &id).await {
        Ok(_) => Redirect::to("/console/api-keys").into_response(),
        Err(error) => refused(error),
    }
}
