//! The audit log: events, the check of the chains, the export.

use super::form::Fields;
use super::views::{self, Area, Chip, Pager, Tone};
use super::{choice, refused, sentence, shell};
use crate::app::audit as uses;
use crate::app::people;
use crate::http::auth::{Audit, User};
use crate::http::page::render_with;
use crate::state::{Ipse, Shared};
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use ipse_core::date::parse;
use ipse_core::event::{Actor, Event};
use ipse_store::events::EventFilter;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::collections::HashMap;

const PAGE: u32 = 50;

/// Kinds a reader may want to find; the list may show any.
const KINDS: &[&str] = &[
    "person.signed_in",
    "person.invited",
    "person.updated",
    "verification.created",
    "verification.case_opened",
    "verification.evidence_viewed",
    "verification.succeeded",
    "verification.failed",
    "verification.declined",
    "verification.redeemed",
    "verification.credential_issued",
    "verification.credential_revoked",
    "verification.presentation_verified",
    "verification.redacted",
    "subject.off_boarded",
    "campaign.created",
    "campaign.finished",
    "campaign.cancelled",
    "journey.saved",
    "api_key.created",
    "api_key.revoked",
    "webhook_endpoint.created",
    "webhook_endpoint.disabled",
    "audit.exported",
];

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    r#type: String,
    actor: String,
    object: String,
    from: String,
    to: String,
    cursor: String,
}

fn some(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

fn midnight(text: &str, plus_days: i64) -> Option<Timestamp> {
    let date = parse(text)?.checked_add(jiff::Span::new().days(plus_days)).ok()?;
    date.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

impl Wanted {
    fn filter(&self) -> EventFilter {
        EventFilter {
            stream: some(&self.object),
            kind: some(&self.r#type),
            actor: some(&self.actor),
            from: midnight(&self.from, 0),
            to: midnight(&self.to, 1),
            before: some(&self.cursor),
        }
    }

    fn query(&self, cursor: Option<&str>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("type", &self.r#type),
            ("actor", &self.actor),
            ("object", &self.object),
            ("from", &self.from),
            ("to", &self.to),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if let Some(cursor) = cursor {
            query.append_pair("cursor", cursor);
        }
        query.finish()
    }
}

/// `GET /console/audit`
pub(super) async fn list(user: User<Audit>, State(ipse): State<Shared>, Query(wanted): Query<Wanted>) -> Response {
    let chain = Chip { tone: Tone::Idle, label: "Not checked".to_owned() };
    page(&ipse, &user, &wanted, chain, String::new()).await
}

/// `POST /console/audit/check`
pub(super) async fn check(user: User<Audit>, State(ipse): State<Shared>, _: Fields) -> Response {
    let checked = match uses::check(&ipse, user.caller()).await {
        Ok(checked) => checked,
        Err(error) => return refused(error),
    };
    let detail = format!("{} events in {} chains", checked.events, checked.chains);
    let (chip, detail) = if checked.broken.is_empty() {
        (Chip { tone: Tone::Good, label: "Intact".to_owned() }, detail)
    } else {
        let broken: Vec<String> = checked.broken.iter().map(|(stream, how)| format!("{stream}: {how}")).collect();
        (Chip { tone: Tone::Bad, label: "Broken".to_owned() }, format!("{detail}. {}", broken.join("; ")))
    };
    page(&ipse, &user, &Wanted::default(), chip, detail).await
}

async fn page(ipse: &Ipse, user: &User<Audit>, wanted: &Wanted, chain: Chip, chain_detail: String) -> Response {
    let mut events = match uses::list(ipse, user.caller(), &wanted.filter(), PAGE + 1).await {
        Ok(events) => events,
        Err(error) => return refused(error),
    };
    let more = events.len() > PAGE as usize;
    events.truncate(PAGE as usize);
    let names: HashMap<String, String> = people::list(ipse, user.caller())
        .await
        .unwrap_or_default()
        .into_iter()
        .map(|person| (person.id.to_string(), person.name))
        .collect();
    let row = |event: &Event| views::AuditRow {
        sequence: event.sequence.to_string(),
        instant: event.at.to_string(),
        at: event.at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        event_type: event.kind.clone(),
        actor: match &event.actor {
            Actor::Person(id) => names.get(id.as_str()).cloned().unwrap_or_else(|| id.to_string()),
            Actor::ApiKey(id) => id.to_string(),
            Actor::Subject => "The person".to_owned(),
            Actor::System => "Ipse".to_owned(),
        },
        object: event.stream.clone(),
        href: event.stream.starts_with("ver_").then(|| format!("/console/verifications/{}", event.stream)),
        hash: event.hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect(),
    };
    let older = events.last().filter(|_| more);
    let older = older.map(|last| format!("/console/audit?{}", wanted.query(Some(last.id.as_str()))));
    let kinds = KINDS.iter().map(|kind| choice(kind, sentence(kind), wanted.r#type == *kind));
    let view = views::Audit {
        shell: shell(ipse, &user.signed_in, Area::Audit).await,
        chain,
        chain_detail,
        types: std::iter::once(choice("", "Any", wanted.r#type.is_empty())).chain(kinds).collect(),
        actor: wanted.actor.clone(),
        object: wanted.object.clone(),
        from: wanted.from.clone(),
        to: wanted.to.clone(),
        export_href: format!("/console/audit/export?{}", wanted.query(None)),
        rows: events.iter().map(row).collect(),
        pager: Pager { newer: some(&wanted.cursor).map(|_| "/console/audit".to_owned()), older },
    };
    render_with(StatusCode::OK, &view)
}

/// `GET /console/audit/export`: JSON lines with hashes.
pub(super) async fn export(user: User<Audit>, State(ipse): State<Shared>, Query(wanted): Query<Wanted>) -> Response {
    match uses::export(&ipse, user.caller(), &wanted.filter()).await {
        Ok(lines) => {
            let headers = [
                (header::CONTENT_TYPE, "application/jsonl"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"ipse-audit.jsonl\""),
            ];
            (headers, lines).into_response()
        }
        Err(error) => refused(error),
    }
}
