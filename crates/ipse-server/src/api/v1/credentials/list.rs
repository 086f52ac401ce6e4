//! `GET /v1/credentials`

use super::Credential;
use crate::api::v1::list::{List, Paging};
use crate::app::revocations::list;
use crate::http::auth::{Key, VerificationsRead};
use crate::http::body::Query;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::Refusal;
use ipse_core::id::{SubjectId, VerificationId};
use ipse_store::issuances::CredentialFilter;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which ones.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Only those of this person.
    subject: Option<String>,
    /// Only the one of this verification.
    verification: Option<String>,
}

/// List credentials in wallets
#[utoipa::path(
    get,
    path = "/credentials",
    tag = "Credentials",
    params(Which, Paging),
    responses((status = 200, body = List<Credential>))
)]
pub async fn list_credentials(
    key: Key<VerificationsRead>,
    State(ipse): State<Shared>,
    Query(which): Query<Which>,
    Query(paging): Query<Paging>,
) -> Result<Json<List<Credential>>, Problem> {
    let limit = paging.limit()?;
    let subject = which.subject.map(|id| id.parse::<SubjectId>()).transpose();
    let verification = which.verification.map(|id| id.parse::<VerificationId>()).transpose();
    let filter = CredentialFilter {
        subject: subject.map_err(|_| Refusal::invalid("subject", "must be an id such as sub_…"))?,
        verification: verification.map_err(|_| Refusal::invalid("verification", "must be an id such as ver_…"))?,
        before: paging.before()?.map(str::to_owned),
    };
    let found = list(&ipse, &key.caller, &filter, limit + 1).await?;
    Ok(Json(List::page(found.into_iter().map(Credential::from).collect(), limit, |credential| credential.id.clone())))
}
