//! `GET /v1/webhook-endpoints/{id}/deliveries`

use super::Delivery;
use crate::api::v1::list::{List, Paging};
use crate::app::webhooks::deliveries;
use crate::http::auth::{Key, WebhooksRead};
use crate::http::body::{Path, Query};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::Refusal;
use ipse_core::id::EndpointId;
use ipse_store::deliveries::DeliveryState;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which ones.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Only in this state: `pending`, `delivered`, `dead` (the dead-letter list) or `cancelled`.
    state: Option<String>,
}

/// List an endpoint's deliveries, newest first, with their attempts
#[utoipa::path(
    get,
    path = "/webhook-endpoints/{id}/deliveries",
    tag = "Webhooks",
    params(("id" = String, Path), Which, Paging),
    responses((status = 200, body = List<Delivery>), (status = 404, body = Problem))
)]
pub async fn list_deliveries(
    key: Key<WebhooksRead>,
    State(ipse): State<Shared>,
    Path(id): Path<EndpointId>,
    Query(which): Query<Which>,
    Query(paging): Query<Paging>,
) -> Result<Json<List<Delivery>>, Problem> {
    let limit = paging.limit()?;
    let state = match which.state.as_deref() {
        None => None,
        Some("pending") => Some(DeliveryState::Pending),
        Some("delivered") => Some(DeliveryState::Delivered),
        Some("dead") => Some(DeliveryState::Dead),
        Some("cancelled") => Some(DeliveryState::Cancelled),
        Some(_) => return Err(Refusal::invalid("state", "must be a delivery's state").into()),
    };
    let found = deliveries(&ipse, &key.caller, &id, state, paging.before()?, limit + 1).await?;
    let items = found.into_iter().map(|(delivery, attempts)| Delivery::new(delivery, attempts)).collect();
    Ok(Json(List::page(items, limit, |delivery| delivery.id.clone())))
}
