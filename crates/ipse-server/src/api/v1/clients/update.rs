//! `PUT /v1/clients/{id}`

use super::{Client, ClientFields};
use crate::app::oidc::clients::{get, update};
use crate::http::auth::{ClientsWrite, Key};
use crate::http::body::{Json as Body, Path};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::Refusal;
use ipse_core::id::ClientId;

/// Replace what is said of a client
///
/// Its id, profile and secrets stay. A secret is in the answer if it needs its first one now.
#[utoipa::path(
    put,
    path = "/clients/{id}",
    tag = "Clients",
    params(("id" = String, Path)),
    request_body = ClientFields,
    responses((status = 200, body = Client), (status = 404, body = Problem), (status = 422, body = Problem))
)]
pub async fn update_client(
    key: Key<ClientsWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<ClientId>,
    Body(body): Body<ClientFields>,
) -> Result<Json<Client>, Problem> {
    let known = get(&ipse, &key.caller, &id).await?;
    if body.profile.is_some_and(|profile| profile != known.profile) {
        return Err(Refusal::invalid("profile", "cannot change").into());
    }
    Ok(Json(update(&ipse, &key.caller, &id, body.into()).await?.into()))
}
