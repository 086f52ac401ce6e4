//! `GET /v1/api-keys`

use super::ApiKey;
use crate::api::v1::list::List;
use crate::app::keys::list;
use crate::http::auth::{Key, KeysRead};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;

/// List API keys, oldest first
#[utoipa::path(get, path = "/api-keys", tag = "API keys", responses((status = 200, body = List<ApiKey>)))]
pub async fn list_api_keys(key: Key<KeysRead>, State(ipse): State<Shared>) -> Result<Json<List<ApiKey>>, Problem> {
    Ok(Json(List::whole(list(&ipse, &key.caller).await?.into_iter().map(ApiKey::from).collect())))
}
