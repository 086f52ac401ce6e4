//! `GET /v1/clients`

use super::Client;
use crate::api::v1::list::List;
use crate::app::oidc::clients::list;
use crate::http::auth::{ClientsRead, Key};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;

/// List the clients of the OpenID provider
#[utoipa::path(get, path = "/clients", tag = "Clients", responses((status = 200, body = List<Client>)))]
pub async fn list_clients(key: Key<ClientsRead>, State(ipse): State<Shared>) -> Result<Json<List<Client>>, Problem> {
    Ok(Json(List::whole(list(&ipse, &key.caller).await?.into_iter().map(Client::from).collect())))
}
