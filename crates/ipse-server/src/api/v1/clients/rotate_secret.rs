//! `POST /v1/clients/{id}/rotate-secret`

use super::Client;
use crate::app::oidc::clients::rotate_secret;
use crate::http::auth::{ClientsWrite, Key};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::ClientId;

/// Replace a client's secret
///
/// The new one is in this answer and never shown again. The old one works beside it for 24 hours.
#[utoipa::path(
    post,
    path = "/clients/{id}/rotate-secret",
    tag = "Clients",
    params(("id" = String, Path)),
    responses((status = 200, body = Client), (status = 404, body = Problem), (status = 422, body = Problem))
)]
pub async fn rotate_client_secret(
    key: Key<ClientsWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<ClientId>,
) -> Result<Json<Client>, Problem> {
    let (client, secret) = rotate_secret(&ipse, &key.caller, &id, 1).await?;
    Ok(Json((client, Some(secret)).into()))
}
