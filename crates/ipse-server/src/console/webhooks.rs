//! Webhook endpoints, their secrets and their delivery log.

use super::form::Fields;
use super::views::{self, Area, Chip, Pager, Tone};
use super::{choice, errors, refused, shell, when};
use crate::app::webhooks as uses;
use crate::http::auth::{Configure, User};
use crate::http::page::render_with;
use crate::state::{Ipse, Shared};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ipse_core::Refusal;
use ipse_core::id::{DeliveryId, EndpointId};
use ipse_core::webhook::EVENT_TYPES;
use ipse_store::deliveries::{Attempt, Delivery, DeliveryState};
use ipse_store::webhooks::EndpointState;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

const PAGE: u32 = 25;

fn endpoint_chip(state: &EndpointState) -> Chip {
    if state.enabled {
        Chip { tone: Tone::Good, label: "Enabled".to_owned() }
    } else {
        let why = state.endpoint.disabled_reason.as_deref().unwrap_or("switched off");
        Chip { tone: Tone::Bad, label: format!("Disabled: {why}") }
    }
}

fn delivery_chip(delivery: &Delivery) -> Chip {
    let (tone, label) = match delivery.state {
        DeliveryState::Delivered => (Tone::Good, "Delivered".to_owned()),
        DeliveryState::Dead => (Tone::Bad, "Given up".to_owned()),
        DeliveryState::Cancelled => (Tone::Idle, "Cancelled".to_owned()),
        DeliveryState::Pending if delivery.attempts == 0 => (Tone::Wait, "On its way".to_owned()),
        DeliveryState::Pending => (Tone::Wait, format!("Tried again {}", when(delivery.next_attempt_at))),
    };
    Chip { tone, label }
}

fn event_words(types: &[String]) -> String {
    if types.is_empty() { "All events".to_owned() } else { types.join(", ") }
}

async fn list_page(ipse: &Ipse, user: &User<Configure>, typed: Option<&Fields>, errors: views::Errors) -> Response {
    let endpoints = match uses::list(ipse, user.caller()).await {
        Ok(endpoints) => endpoints,
        Err(error) => return refused(error),
    };
    let mut rows = Vec::new();
    for state in endpoints {
        let last = uses::deliveries(ipse, user.caller(), &state.endpoint.id, None, None, 1).await.unwrap_or_default();
        rows.push(views::WebhookRow {
            id: state.endpoint.id.to_string(),
            events: event_words(&state.endpoint.event_types),
            state: endpoint_chip(&state),
            url: state.endpoint.url,
            last_delivery: last.first().map_or_else(|| "None yet".to_owned(), |(last, _)| delivery_chip(last).label),
        });
    }
    let ticked = typed.map(|fields| fields.all("event_types")).unwrap_or_default();
    let event = |kind: &&str| choice(kind, *kind, ticked.iter().any(|ticked| ticked == kind));
    let status = if errors.list.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = views::Webhooks {
        shell: shell(ipse, &user.signed_in, Area::Webhooks).await,
        errors,
        rows,
        url: typed.map(|fields| fields.text("url")).unwrap_or_default(),
        event_types: EVENT_TYPES.iter().map(event).collect(),
    };
    render_with(status, &view)
}

/// `GET /console/webhooks`
pub(super) async fn list(user: User<Configure>, State(ipse): State<Shared>) -> Response {
    list_page(&ipse, &user, None, views::Errors::default()).await
}

/// `POST /console/webhooks`
pub(super) async fn create(user: User<Configure>, State(ipse): State<Shared>, fields: Fields) -> Response {
    let wanted = uses::Wanted {
        url: fields.text("url"),
        event_types: fields.all("event_types"),
        description: fields.text("description"),
        only_of: Vec::new(),
    };
    let made = async {
        let mut tx = ipse.store.begin(&user.caller().organization).await?;
        let made = uses::create(&ipse, &mut tx, user.caller(), wanted).await?;
        tx.commit().await?;
        Ok(made)
    };
    match made.await {
        Ok((state, secret)) => {
            let id = state.endpoint.id;
            page(&ipse, &user, &id, &Cursor::default(), Some(secret.shared)).await
        }
        Err(error) => match errors(error, "url") {
            Ok(errors) => list_page(&ipse, &user, Some(&fields), errors).await,
            Err(response) => response,
        },
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Cursor {
    cursor: String,
}

async fn page(
    ipse: &Ipse,
    user: &User<Configure>,
    id: &EndpointId,
    cursor: &Cursor,
    secret_once: Option<String>,
) -> Response {
    let (state, secrets) = match uses::get(ipse, user.caller(), id).await {
        Ok(found) => found,
        Err(error) => return refused(error),
    };
    let before = Some(cursor.cursor.as_str()).filter(|cursor| !cursor.is_empty());
    let mut found = match uses::deliveries(ipse, user.caller(), id, None, before, PAGE + 1).await {
        Ok(found) => found,
        Err(error) => return refused(error),
    };
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let older = found.last().filter(|_| more).map(|(last, _)| format!("/console/webhooks/{id}?cursor={}", last.id));
    let attempt = |attempt: &Attempt| views::Attempt {
        at: when(attempt.at),
        answer: match attempt.status {
            Some(status) => format!("{status} in {} ms {}", attempt.milliseconds, attempt.answer),
            None => attempt.answer.clone(),
        },
    };
    let delivery = |(delivery, attempts): &(Delivery, Vec<Attempt>)| views::Delivery {
        id: delivery.id.to_string(),
        event_type: delivery.kind.clone(),
        at: when(delivery.created_at),
        state: delivery_chip(delivery),
        attempts: attempts.iter().map(attempt).collect(),
    };
    let view = views::Webhook {
        shell: shell(ipse, &user.signed_in, Area::Webhooks).await,
        id: id.to_string(),
        state: endpoint_chip(&state),
        disabled: !state.enabled,
        events: event_words(&state.endpoint.event_types),
        url: state.endpoint.url,
        secret_once,
        public_key: secrets.first().map(|secret| secret.public.clone()).unwrap_or_default(),
        deliveries: found.iter().map(delivery).collect(),
        pager: Pager { newer: before.map(|_| format!("/console/webhooks/{id}")), older },
    };
    render_with(StatusCode::OK, &view)
}

/// `GET /console/webhooks/{id}`
pub(super) async fn show(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<EndpointId>,
    Query(cursor): Query<Cursor>,
) -> Response {
    page(&ipse, &user, &id, &cursor, None).await
}

/// `POST /console/webhooks/{id}/rotate`
pub(super) async fn rotate(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<EndpointId>,
    _: Fields,
) -> Response {
    match uses::rotate(&ipse, user.caller(), &id).await {
        Ok(secret) => page(&ipse, &user, &id, &Cursor::default(), Some(secret.shared)).await,
        Err(error) => refused(error),
    }
}

fn back<T>(result: crate::app::Result<T>, id: &EndpointId) -> Response {
    match result {
        Ok(_) => Redirect::to(&format!("/console/webhooks/{id}")).into_response(),
        Err(error) => refused(error),
    }
}

/// `POST /console/webhooks/{id}/test`
pub(super) async fn test(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<EndpointId>,
    _: Fields,
) -> Response {
    back(uses::test(&ipse, user.caller(), &id).await, &id)
}

/// `POST /console/webhooks/{id}/enable`
pub(super) async fn enable(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<EndpointId>,
    _: Fields,
) -> Response {
    back(uses::set_enabled(&ipse, user.caller(), &id, true).await, &id)
}

/// `POST /console/webhooks/{id}/disable`
pub(super) async fn disable(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<EndpointId>,
    _: Fields,
) -> Response {
    back(uses::set_enabled(&ipse, user.caller(), &id, false).await, &id)
}

/// `POST /console/webhooks/{id}/deliveries/{delivery}/replay`
pub(super) async fn replay(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path((id, delivery)): Path<(EndpointId, DeliveryId)>,
    _: Fields,
) -> Response {
    back(uses::replay(&ipse, user.caller(), &delivery).await, &id)
}

/// `POST /console/webhooks/{id}/replay`
pub(super) async fn replay_range(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<EndpointId>,
    fields: Fields,
) -> Response {
    let instant = |name: &'static str| {
        let local = fields.text(name).parse::<jiff::civil::DateTime>().ok();
        let zoned = local.and_then(|local| local.to_zoned(TimeZone::UTC).ok());
        zoned.map(|zoned| zoned.timestamp()).ok_or(Refusal::invalid(name, "must be a date and time"))
    };
    let span: Result<(Timestamp, Timestamp), Refusal> = instant("from").and_then(|from| Ok((from, instant("to")?)));
    match span {
        Ok((from, to)) => back(uses::replay_range(&ipse, user.caller(), &id, from, to).await, &id),
        Err(refusal) => refused(refusal.into()),
    }
}
