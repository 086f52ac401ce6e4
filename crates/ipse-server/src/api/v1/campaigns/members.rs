//! `GET /v1/campaigns/{id}/members`

use crate::api::v1::list::{List, Paging};
use crate::app::campaigns::members;
use crate::http::auth::{Key, VerificationsRead};
use crate::http::body::{Path, Query};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::Refusal;
use ipse_core::campaign::MemberState;
use ipse_core::id::CampaignId;
use ipse_core::verification::State as VerificationState;
use ipse_store::campaigns as store;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Somebody who is asked.
#[derive(Serialize, ToSchema)]
pub struct Member {
    /// `campaign_member`.
    object: &'static str,
    /// The subject's id.
    subject: String,
    /// `waiting`, `asked`, `succeeded`, `failed`, `expired`, `declined`, `cancelled` or `unreachable`.
    #[schema(example = "asked")]
    status: &'static str,
    /// The last verification that was opened for them.
    verification: Option<String>,
    /// Where that stands.
    #[schema(example = "link_sent")]
    verification_status: Option<&'static str>,
    /// When a link last left, or could not.
    #[schema(value_type = Option<String>, format = DateTime)]
    tried_at: Option<Timestamp>,
    /// Why the last link could not be sent: the code that opening a verification for them would be refused with, such as
    /// `no_contact`, `contact_too_new` or `not_enrolled`.
    #[schema(example = json!(null))]
    refusal: Option<String>,
}

impl From<store::Member> for Member {
    fn from(member: store::Member) -> Self {
        Self {
            object: "campaign_member",
            status: member.state().as_str(),
            subject: member.subject.to_string(),
            verification: member.verification.map(String::from),
            verification_status: member.verification_state.map(VerificationState::as_str),
            tried_at: member.tried_at,
            refusal: member.refusal,
        }
    }
}

/// Which ones.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Only with this status.
    status: Option<String>,
}

/// List a campaign's members
#[utoipa::path(
    get,
    path = "/campaigns/{id}/members",
    tag = "Campaigns",
    params(("id" = String, Path), Which, Paging),
    responses((status = 200, body = List<Member>), (status = 404, body = Problem))
)]
pub async fn list_members(
    key: Key<VerificationsRead>,
    State(ipse): State<Shared>,
    Path(id): Path<CampaignId>,
    Query(which): Query<Which>,
    Query(paging): Query<Paging>,
) -> Result<Json<List<Member>>, Problem> {
    let state = |text: &str| MemberState::parse(text).ok_or(Refusal::invalid("status", "must be a status"));
    let state = which.status.as_deref().map(state).transpose()?;
    let limit = paging.limit()?;
    let found = members(&ipse, &key.caller, &id, state, paging.before()?, limit + 1).await?;
    let items = found.into_iter().map(Member::from).collect();
    Ok(Json(List::page(items, limit, |member: &Member| member.subject.clone())))
}
