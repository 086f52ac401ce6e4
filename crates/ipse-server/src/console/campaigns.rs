//! Campaigns: the list with its progress, one with its members, beginning one and taking it back.

use super::form::Fields;
use super::verifications::subject_name;
use super::views::{self, Area, Chip, Fact, Pager, Tone};
use super::{choice, errors, refused, sentence, shell, state_chip, when};
use crate::app::campaigns::{self as uses, Counts, Plan};
use crate::app::journeys;
use crate::app::people::SignedIn;
use crate::http::auth::{Configure, ReadVerifications, User};
use crate::http::page::{render, render_with};
use crate::state::{Ipse, Shared};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ipse_core::campaign::{Campaign, CampaignState, MemberState};
use ipse_core::date::parse;
use ipse_core::id::CampaignId;
use ipse_core::organization::Permission;
use ipse_core::verification::Channel;
use ipse_core::{Private, Refusal};
use ipse_store::campaigns::{Member, Members};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

const PAGE: u32 = 25;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    status: String,
    cursor: String,
}

impl Filter {
    fn before(&self) -> Option<&str> {
        (!self.cursor.is_empty()).then_some(self.cursor.as_str())
    }
}

/// `GET /console/campaigns`
pub(super) async fn list(
    user: User<ReadVerifications>,
    State(ipse): State<Shared>,
    Query(query): Query<Filter>,
) -> Response {
    let mut found = match uses::list(&ipse, user.caller(), query.before(), PAGE + 1).await {
        Ok(found) => found,
        Err(error) => return refused(error),
    };
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let last = found.last().filter(|_| more);
    let pager = Pager {
        newer: query.before().map(|_| "/console/campaigns".to_owned()),
        older: last.map(|(campaign, _)| format!("/console/campaigns?cursor={}", campaign.id)),
    };
    let row = |(campaign, counts): (Campaign, Counts)| views::CampaignRow {
        id: campaign.id.to_string(),
        status: campaign_chip(campaign.state),
        due: when(campaign.due_at),
        progress: progress(&counts),
        name: campaign.name,
    };
    render(&views::Campaigns {
        shell: shell(&ipse, &user.signed_in, Area::Campaigns).await,
        may_begin: user.may(Permission::Configure),
        rows: found.into_iter().map(row).collect(),
        pager,
    })
}

fn campaign_chip(state: CampaignState) -> Chip {
    let (tone, label) = match state {
        CampaignState::Open => (Tone::Wait, "Open"),
        CampaignState::Finished => (Tone::Good, "Finished"),
        CampaignState::Cancelled => (Tone::Idle, "Cancelled"),
    };
    Chip { tone, label: label.to_owned() }
}

fn member_chip(state: MemberState) -> Chip {
    let (tone, label) = match state {
        MemberState::Waiting => (Tone::Idle, "Not asked yet"),
        MemberState::Asked => (Tone::Wait, "Asked"),
        MemberState::Succeeded => (Tone::Good, "Succeeded"),
        MemberState::Failed => (Tone::Bad, "Failed"),
        MemberState::Expired => (Tone::Idle, "Link expired"),
        MemberState::Declined => (Tone::Bad, "Declined: not me"),
        MemberState::Cancelled => (Tone::Idle, "Taken back"),
        MemberState::Unreachable => (Tone::Bad, "Unreachable"),
    };
    Chip { tone, label: label.to_owned() }
}

fn progress(counts: &Counts) -> views::Progress {
    let succeeded = counts.iter().find(|(state, _)| *state == MemberState::Succeeded).map_or(0, |(_, count)| *count);
    views::Progress { succeeded, total: counts.iter().map(|(_, count)| count).sum() }
}

/// `GET /console/campaigns/{id}`
pub(super) async fn show(
    user: User<ReadVerifications>,
    State(ipse): State<Shared>,
    Path(id): Path<CampaignId>,
    Query(query): Query<Filter>,
) -> Response {
    match shown(&ipse, &user.signed_in, &id, &query).await {
        Ok(response) => response,
        Err(error) => refused(error),
    }
}

async fn shown(ipse: &Ipse, who: &SignedIn, id: &CampaignId, query: &Filter) -> crate::app::Result<Response> {
    let (campaign, counts) = uses::get(ipse, &who.caller, id).await?;
    let wanted = MemberState::parse(&query.status);
    let mut found = uses::members(ipse, &who.caller, id, wanted, query.before(), PAGE + 1).await?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let page = format!("/console/campaigns/{id}?status={}", wanted.map_or("", MemberState::as_str));
    let pager = Pager {
        newer: query.before().map(|_| page.clone()),
        older: found.last().filter(|_| more).map(|last| format!("{page}&cursor={}", last.subject)),
    };
    let journey = journeys::get(ipse, &who.caller, campaign.journey.as_str()).await?;
    let mut tx = ipse.store.read(&who.caller.organization).await?;
    let mut rows = Vec::new();
    for member in found {
        rows.push(member_row(subject_name(&mut tx, &member.subject).await?, member));
    }
    drop(tx);
    let states = counts.iter().map(|(state, count)| {
        let label = format!("{} ({count})", member_chip(*state).label);
        choice(state.as_str(), label, wanted == Some(*state))
    });
    let all = std::iter::once(choice("", "Everybody", wanted.is_none()));
    let counted = counts.iter().filter(|(_, count)| *count > 0);
    Ok(render(&views::Campaign {
        shell: shell(ipse, who, Area::Campaigns).await,
        id: id.to_string(),
        name: campaign.name.clone(),
        status: campaign_chip(campaign.state),
        progress: progress(&counts),
        counts: counted.map(|(state, count)| (member_chip(*state), count.to_string())).collect(),
        facts: facts(&campaign, journey.name),
        states: all.chain(states).collect(),
        rows,
        pager,
        may_cancel: campaign.state == CampaignState::Open && who.person.role.may(Permission::Configure),
    }))
}

fn member_row(subject: String, member: Member) -> views::MemberRow {
    let state = member.state();
    let detail = match (state, &member.refusal, member.verification_state) {
        (MemberState::Unreachable, Some(code), _) => sentence(code),
        (MemberState::Asked, _, Some(state)) => state_chip(state).label,
        _ => String::new(),
    };
    views::MemberRow {
        subject,
        status: member_chip(state),
        detail,
        tried: member.tried_at.map(when).unwrap_or_default(),
        verification: member.verification.map(String::from),
    }
}

fn facts(campaign: &Campaign, journey: String) -> Vec<Fact> {
    let fact = |label: &str, value: String| Fact { label: label.to_owned(), value };
    let days: Vec<String> = campaign.remind_days.iter().map(u32::to_string).collect();
    let reminders = if days.is_empty() { "None".to_owned() } else { format!("{} days before", days.join(", ")) };
    let by = if campaign.delivery == Channel::Sms { "Text message" } else { "E-mail" };
    let mut facts = vec![
        fact("Due (UTC)", when(campaign.due_at)),
        fact("Reminders", reminders),
        fact("Journey", journey),
        fact("Purpose", campaign.purpose.clone()),
        fact("Links travel by", by.to_owned()),
        fact("Requested by", campaign.requester.name.clone()),
        fact("Began (UTC)", when(campaign.created_at)),
    ];
    if let Some(at) = campaign.ended_at {
        facts.push(fact("Ended (UTC)", when(at)));
    }
    facts
}

/// `GET /console/campaigns/new`
pub(super) async fn new(user: User<Configure>, State(ipse): State<Shared>) -> Response {
    form_page(&ipse, &user.signed_in, &Fields::empty(), views::Errors::default(), StatusCode::OK).await
}

async fn form_page(
    ipse: &Ipse,
    who: &SignedIn,
    fields: &Fields,
    errors: views::Errors,
    status: StatusCode,
) -> Response {
    let known = match journeys::list(ipse, &who.caller).await {
        Ok(known) => known,
        Err(error) => return refused(error),
    };
    let chosen = fields.text("journey");
    let journeys = known.iter().map(|journey| {
        let label = format!("{} (links live {})", journey.name, lifetime(journey.rules.link_minutes));
        choice(&journey.key, label, journey.key == chosen)
    });
    let delivery = fields.optional("delivery").unwrap_or_else(|| "email".to_owned());
    let deliveries = [("email", "E-mail"), ("sms", "Text message")];
    let form = views::CampaignForm {
        name: fields.text("name"),
        journeys: journeys.collect(),
        purpose: fields.text("purpose"),
        label: fields.text("label"),
        external_ids: fields.text("external_ids"),
        due_at: fields.text("due_at"),
        remind_days: fields.text("remind_days"),
        deliveries: deliveries.map(|(value, label)| choice(value, label, delivery == value)).into(),
    };
    let shell = shell(ipse, who, Area::Campaigns).await;
    render_with(status, &views::CampaignNew { shell, errors, form })
}

/// The largest unit in which a lifetime is whole.
fn lifetime(minutes: u32) -> String {
    let (count, unit) = match minutes {
        days if days.is_multiple_of(1_440) => (days / 1_440, "day"),
        hours if hours.is_multiple_of(60) => (hours / 60, "hour"),
        minutes => (minutes, "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// `POST /console/campaigns`
pub(super) async fn create(user: User<Configure>, State(ipse): State<Shared>, fields: Fields) -> Response {
    let begun = async {
        let plan = plan(&fields)?;
        let mut tx = ipse.store.begin(&user.caller().organization).await?;
        let (campaign, _) = uses::create(&ipse, &mut tx, user.caller(), plan).await?;
        tx.commit().await?;
        Ok(campaign.id)
    };
    match begun.await {
        Ok(id) => Redirect::to(&format!("/console/campaigns/{id}")).into_response(),
        Err(error) => match errors(error, "journey") {
            Ok(errors) => form_page(&ipse, &user.signed_in, &fields, errors, StatusCode::UNPROCESSABLE_ENTITY).await,
            Err(response) => response,
        },
    }
}

fn plan(fields: &Fields) -> Result<Plan, Refusal> {
    let external_ids = fields.text("external_ids");
    let external_ids: Vec<&str> = external_ids.lines().map(str::trim).filter(|id| !id.is_empty()).collect();
    let members = match (fields.optional("label"), external_ids.is_empty()) {
        (Some(label), true) => Members::Label(label),
        (None, false) => Members::ExternalIds(external_ids.into_iter().map(|id| Private::new(id.to_owned())).collect()),
        _ => return Err(Refusal::invalid("label", "give a label or a list of ids, and only one of them")),
    };
    let days = fields.text("remind_days");
    let day = |text: &str| text.parse().map_err(|_| Refusal::invalid("remind_days", "must be numbers with commas"));
    let remind_days = days.split([',', ' ']).filter(|text| !text.is_empty()).map(day).collect::<Result<_, _>>()?;
    Ok(Plan {
        name: fields.text("name"),
        journey: fields.text("journey"),
        purpose: fields.text("purpose"),
        delivery: Channel::parse(&fields.text("delivery")).ok_or(Refusal::invalid("delivery", "must be chosen"))?,
        members,
        due_at: last_minute(&fields.text("due_at")).ok_or(Refusal::invalid("due_at", "must be a date"))?,
        remind_days,
        requester: None,
    })
}

fn last_minute(text: &str) -> Option<Timestamp> {
    let midnight = parse(text)?.to_zoned(TimeZone::UTC).ok()?.timestamp();
    midnight.checked_add(SignedDuration::from_mins(24 * 60 - 1)).ok()
}

/// `POST /console/campaigns/{id}/cancel`
pub(super) async fn cancel(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<CampaignId>,
    _: Fields,
) -> Response {
    match uses::cancel(&ipse, user.caller(), &id).await {
        Ok(_) => Redirect::to(&format!("/console/campaigns/{id}")).into_response(),
        Err(error) => refused(error),
    }
}
