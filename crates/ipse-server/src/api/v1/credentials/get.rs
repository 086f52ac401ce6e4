//! `GET /v1/credentials/{id}`

use super::Credential;
use crate::app::revocations::get;
use crate::http::auth::{Key, VerificationsRead};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::IssuanceId;

/// Get a credential
#[utoipa::path(
    get,
    path = "/credentials/{id}",
    tag = "Credentials",
    params(("id" = String, Path)),
    responses((status = 200, body = Credential), (status = 404, body = Problem))
)]
pub async fn get_credential(
    key: Key<VerificationsRead>,
    State(ipse): State<Shared>,
    Path(id): Path<IssuanceId>,
) -> Result<Json<Credential>, Problem> {
    Ok(Json(get(&ipse, &key.caller, &id).await?.into()))
}
