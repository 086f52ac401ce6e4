//! `POST /v1/presentations/{id}/renew`

use super::{Presentation, shown};
use crate::app::presentations::ask_again;
use crate::http::auth::{Key, VerificationsWrite};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use ipse_core::id::VerificationId;

/// Ask the wallet again, where the last request ran out or failed; one that can still be opened is answered as it is
#[utoipa::path(
    post,
    path = "/presentations/{id}/renew",
    tag = "Verifications",
    params(("id" = String, Path, description = "The verification's id")),
    responses(
        (status = 200, body = Presentation),
        (status = 404, description = "no such verification, or the person asks for it themselves on its pages", body = Problem),
        (status = 409, description = "the verification is over, or it was asked for too often", body = Problem),
        (status = 410, description = "its time is up", body = Problem),
        (status = 422, description = "the Entra tenant is not set up any more, or there are several now", body = Problem),
        (status = 503, description = "the wallet's service made no request; it may be asked again", body = Problem),
    )
)]
pub async fn renew_presentation(
    key: Key<VerificationsWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<VerificationId>,
) -> Result<Json<Presentation>, Problem> {
    ask_again(&ipse, &key.caller, &id).await?;
    let title = "Entra made no request that a wallet could open; the log says why. It may be asked again.";
    let unavailable = || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", title);
    shown(&ipse, &key.caller, &id).await?.map(Json).ok_or_else(unavailable)
}
