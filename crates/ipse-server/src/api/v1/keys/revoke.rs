//! `POST /v1/api-keys/{id}/revoke`

use super::ApiKey;
use crate::app::keys::revoke;
use crate::http::auth::{Key, KeysWrite};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::ApiKeyId;

/// Revoke an API key, and every access token bought with it
#[utoipa::path(
    post,
    path = "/api-keys/{id}/revoke",
    tag = "API keys",
    params(("id" = String, Path)),
    responses((status = 200, body = ApiKey), (status = 404, body = Problem))
)]
pub async fn revoke_api_key(
    key: Key<KeysWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<ApiKeyId>,
) -> Result<Json<ApiKey>, Problem> {
    Ok(Json(revoke(&ipse, &key.caller, &id).await?.into()))
}
