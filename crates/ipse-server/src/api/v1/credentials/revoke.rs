//! `POST /v1/credentials/{id}/revoke`

use super::Credential;
use crate::app::revocations::revoke;
use crate::http::auth::{Key, VerificationsWrite};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::IssuanceId;

/// Revoke a credential
///
/// The tenant that issued it is asked at once, and again until it has confirmed; then the state is `revoked`.
#[utoipa::path(
    post,
    path = "/credentials/{id}/revoke",
    tag = "Credentials",
    params(("id" = String, Path)),
    responses(
        (status = 200, body = Credential),
        (status = 404, body = Problem),
        (status = 409, description = "it is revoked already", body = Problem),
        (status = 422, description = "it cannot be found where it was issued", body = Problem),
    )
)]
pub async fn revoke_credential(
    key: Key<VerificationsWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<IssuanceId>,
) -> Result<Json<Credential>, Problem> {
    Ok(Json(revoke(&ipse, &key.caller, &id).await?.into()))
}
