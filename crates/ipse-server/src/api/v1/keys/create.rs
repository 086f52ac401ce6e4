//! `POST /v1/api-keys`

use super::ApiKey;
use crate::app::keys::create;
use crate::http::auth::{Key, KeysWrite};
use crate::http::body::Json as Body;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// What makes a key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateApiKey {
    /// What it is for, 1 to 80 characters.
    name: String,
    /// What it may do; no more than the key that makes it.
    #[schema(example = json!(["verifications:read", "verifications:write"]))]
    scopes: Vec<String>,
}

/// Create an API key
///
/// The key itself is in this answer only. A key cannot make one that may do more than itself.
#[utoipa::path(
    post,
    path = "/api-keys",
    tag = "API keys",
    request_body = CreateApiKey,
    responses((status = 201, body = ApiKey), (status = 403, body = Problem), (status = 422, body = Problem))
)]
pub async fn create_api_key(
    key: Key<KeysWrite>,
    State(ipse): State<Shared>,
    Body(body): Body<CreateApiKey>,
) -> Result<(StatusCode, Json<ApiKey>), Problem> {
    if let Some(scope) = body.scopes.iter().find(|scope| !key.also(scope)) {
        let known = crate::app::keys::SCOPES.iter().any(|(known, _)| known == scope);
        if known {
            return Err(Problem::forbidden(scope));
        }
    }
    let (made, secret) = create(&ipse, &key.caller, &body.name, body.scopes).await?;
    Ok((StatusCode::CREATED, Json(ApiKey { key: Some(secret), ..made.into() })))
}
