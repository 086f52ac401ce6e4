//! `DELETE /v1/clients/{id}`

use crate::app::oidc::clients::delete;
use crate::http::auth::{ClientsWrite, Key};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use ipse_core::id::ClientId;

/// Remove a client
///
/// Its codes and tokens are void at once; verifications that it asked for stay.
#[utoipa::path(
    delete,
    path = "/clients/{id}",
    tag = "Clients",
    params(("id" = String, Path)),
    responses((status = 204, description = "removed"), (status = 404, body = Problem))
)]
pub async fn delete_client(
    key: Key<ClientsWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<ClientId>,
) -> Result<StatusCode, Problem> {
    delete(&ipse, &key.caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
