//! `GET /v1/verifications`

use super::Verification;
use crate::api::v1::list::{List, Paging};
use crate::app::verifications::list;
use crate::http::auth::{Key, VerificationsRead};
use crate::http::body::Query;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::Refusal;
use ipse_core::id::SubjectId;
use ipse_core::verification::State as VerificationState;
use ipse_store::verifications::VerificationFilter;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which ones.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Only with this status.
    status: Option<String>,
    /// Only of this journey, by id.
    journey: Option<String>,
    /// Only of this subject, by id.
    subject: Option<String>,
    /// Only for the outside record with this number.
    record_number: Option<String>,
}

/// List verifications
#[utoipa::path(
    get,
    path = "/verifications",
    tag = "Verifications",
    params(Which, Paging),
    responses((status = 200, body = List<Verification>))
)]
pub async fn list_verifications(
    key: Key<VerificationsRead>,
    State(ipse): State<Shared>,
    Query(which): Query<Which>,
    Query(paging): Query<Paging>,
) -> Result<Json<List<Verification>>, Problem> {
    let status = |text: &str| VerificationState::parse(text).ok_or(Refusal::invalid("status", "must be a status"));
    let subject =
        |text: &str| text.parse::<SubjectId>().map_err(|_| Refusal::invalid("subject", "must be a subject's id"));
    let filter = VerificationFilter {
        state: which.status.as_deref().map(status).transpose()?,
        journey: which.journey,
        subject: which.subject.as_deref().map(subject).transpose()?,
        record_number: which.record_number,
        before: paging.before()?.map(str::to_owned),
        ..VerificationFilter::default()
    };
    let limit = paging.limit()?;
    let now = ipse.clock.now();
    let found = list(&ipse, &key.caller, &filter, limit + 1).await?;
    let items = found.into_iter().map(|verification| Verification::new(verification, now)).collect();
    Ok(Json(List::page(items, limit, |verification| verification.id.clone())))
}
