//! `GET /v1/clients/{id}`

use super::Client;
use crate::app::oidc::clients::get;
use crate::http::auth::{ClientsRead, Key};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::ClientId;

/// Get a client
#[utoipa::path(
    get,
    path = "/clients/{id}",
    tag = "Clients",
    params(("id" = String, Path)),
    responses((status = 200, body = Client), (status = 404, body = Problem))
)]
pub async fn get_client(
    key: Key<ClientsRead>,
    State(ipse): State<Shared>,
    Path(id): Path<ClientId>,
) -> Result<Json<Client>, Problem> {
    Ok(Json(get(&ipse, &key.caller, &id).await?.into()))
}
