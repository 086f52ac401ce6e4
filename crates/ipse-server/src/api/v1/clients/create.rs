//! `POST /v1/clients`

use super::{Client, ClientFields};
use crate::app::oidc::clients::create;
use crate::http::auth::{ClientsWrite, Key};
use crate::http::body::Json;
use crate::http::idempotency::{IdempotencyKey, once};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ipse_core::Refusal;

/// Register a client of the OpenID provider
///
/// Its secret, if it has one, is in this answer and never shown again.
#[utoipa::path(
    post,
    path = "/clients",
    tag = "Clients",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = ClientFields,
    responses((status = 201, body = Client), (status = 422, body = Problem))
)]
pub async fn create_client(
    key: Key<ClientsWrite>,
    State(ipse): State<Shared>,
    sent: IdempotencyKey,
    Json(body): Json<ClientFields>,
) -> Result<Response, Problem> {
    let caller = &key.caller;
    let answer = once(&ipse, caller, &sent, &body.clone(), StatusCode::CREATED, async |tx| {
        let profile = body.profile.ok_or_else(|| Refusal::invalid("profile", "must be given"))?;
        Ok(Client::from(create(&ipse, tx, caller, profile, body.into()).await?))
    })
    .await?;
    ipse.hint_keys.notify_one();
    Ok(answer)
}
