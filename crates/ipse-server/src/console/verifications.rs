//! Verifications: list, live detail, starting one, and what can be done to it.

use super::form::Fields;
use super::views::{self, Area, Fact, Moment, Pager};
use super::{checks, choice, errors, reason_words, refused, sentence, shell, state_chip, when};
use crate::app::credentials::MISCONFIGURED;
use crate::app::people::SignedIn;
use crate::app::verifications::{self as uses, Opened, Request, Who};
use crate::app::{audit, integrations, journeys, people, revocations};
use crate::http::auth::{ReadVerifications, Redact, StartVerifications, User};
use crate::http::page::{render, render_with};
use crate::http::sse::follow;
use crate::state::{Ipse, Shared};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::sse::Event;
use axum::response::{IntoResponse, Redirect, Response};
use ipse_core::date::parse;
use ipse_core::event::Actor;
use ipse_core::id::{SubjectId, VerificationId};
use ipse_core::issuance::{Issuance, IssuanceState, may_revoke};
use ipse_core::organization::Permission;
use ipse_core::person::Identity;
use ipse_core::subject::Profile;
use ipse_core::verification::{Channel, Record, State as VerificationState, Verification};
use ipse_core::{Private, Refusal};
use ipse_store::verifications::VerificationFilter;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

const PAGE: u32 = 25;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    status: String,
    journey: String,
    q: String,
    from: String,
    to: String,
    cursor: String,
}

fn midnight(text: &str, plus_days: i64) -> Option<Timestamp> {
    let date = parse(text)?.checked_add(jiff::Span::new().days(plus_days)).ok()?;
    date.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// `GET /console/verifications`
pub(super) async fn list(
    user: User<ReadVerifications>,
    State(ipse): State<Shared>,
    Query(query): Query<Filter>,
) -> Response {
    match listed(&ipse, &user, &query).await {
        Ok(response) => response,
        Err(error) => refused(error),
    }
}

async fn listed(ipse: &Ipse, user: &User<ReadVerifications>, query: &Filter) -> crate::app::Result<Response> {
    let known = journeys::list(ipse, user.caller()).await?;
    let mut filter = VerificationFilter {
        state: VerificationState::parse(&query.status),
        journey: some(&query.journey),
        from: midnight(&query.from, 0),
        to: midnight(&query.to, 1),
        before: some(&query.cursor),
        ..VerificationFilter::default()
    };
    // A subject's id finds the subject; anything else is a ticket's number.
    let mut tx = ipse.store.read(&user.caller().organization).await?;
    if !query.q.is_empty() {
        match tx.subject_by_external_id(query.q.trim()).await? {
            Some(subject) => filter.subject = Some(subject.id),
            None => filter.record_number = Some(query.q.trim().to_owned()),
        }
    }
    let mut found = tx.list_verifications(&filter, PAGE + 1).await?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let names: HashMap<String, String> =
        known.iter().map(|journey| (journey.id.to_string(), journey.name.clone())).collect();
    let mut rows = Vec::new();
    for verification in &found {
        rows.push(views::VerificationRow {
            id: verification.id.to_string(),
            subject: subject_name(&mut tx, &verification.subject).await?,
            status: state_chip(verification.state),
            ticket: verification.record.as_ref().map(|record| record.number.clone()).unwrap_or_default(),
            journey: names.get(verification.journey.as_str()).cloned().unwrap_or_default(),
            requested_by: verification.requester.name.clone(),
            opened: when(verification.created_at),
        });
    }
    drop(tx);
    let older = found.last().filter(|_| more).map(|last| {
        let mut link = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("status", &query.status),
            ("journey", &query.journey),
            ("q", &query.q),
            ("from", &query.from),
            ("to", &query.to),
        ] {
            link.append_pair(name, value);
        }
        link.append_pair("cursor", last.id.as_str());
        format!("/console/verifications?{}", link.finish())
    });
    let newer = (!query.cursor.is_empty()).then(|| "/console/verifications".to_owned());
    let statuses = VerificationState::ALL
        .into_iter()
        .map(|state| choice(state.as_str(), state_chip(state).label, query.status == state.as_str()));
    let journeys =
        known.iter().map(|journey| choice(journey.id.as_str(), &journey.name, query.journey == journey.id.as_str()));
    Ok(render(&views::Verifications {
        shell: shell(ipse, &user.signed_in, Area::Verifications).await,
        may_open: user.may(Permission::StartVerifications),
        statuses: std::iter::once(choice("", "Any", query.status.is_empty())).chain(statuses).collect(),
        journeys: std::iter::once(choice("", "Any", query.journey.is_empty())).chain(journeys).collect(),
        q: query.q.clone(),
        from: query.from.clone(),
        to: query.to.clone(),
        rows,
        pager: Pager { newer, older },
    }))
}

/// The name, which is all that an agent sees of a person, or their id where no name is known.
pub(super) async fn subject_name(tx: &mut ipse_store::Tx, id: &SubjectId) -> crate::app::Result<String> {
    let subject = tx.subject(id).await?.ok_or(Refusal::NotFound("subject"))?;
    let name = subject.profile.identity.display_name().into_inner();
    Ok(if name.is_empty() { subject.profile.external_id.into_inner() } else { name })
}

/// `GET /console/verifications/new`
pub(super) async fn new(user: User<StartVerifications>, State(ipse): State<Shared>) -> Response {
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
    let delivery = fields.optional("delivery").unwrap_or_else(|| "email".to_owned());
    let deliveries = [
        ("email", "E-mail", "The link goes to the address"),
        ("sms", "Text message", "The link goes to the number"),
        ("none", "I hand it over", "The link is shown here, once"),
    ];
    let deliveries = deliveries
        .map(|(value, label, hint)| views::Choice { hint: hint.to_owned(), ..choice(value, label, delivery == value) });
    let form = views::VerificationForm {
        external_id: fields.text("external_id"),
        given_name: fields.text("given_name"),
        family_name: fields.text("family_name"),
        birthdate: fields.text("birthdate"),
        email: fields.text("email"),
        phone: fields.text("phone"),
        journeys: known.iter().map(|journey| choice(&journey.key, &journey.name, journey.key == chosen)).collect(),
        purpose: fields.text("purpose"),
        ticket_system: fields.text("ticket_system"),
        ticket_table: fields.text("ticket_table"),
        ticket_number: fields.text("ticket_number"),
        deliveries: deliveries.into(),
    };
    let shell = shell(ipse, who, Area::Verifications).await;
    // HD-3: an agent never types a destination; contacts of a known subject come from the directory.
    let may_type_contacts = who.person.role.may(Permission::Configure);
    render_with(status, &views::VerificationNew { shell, errors, form, may_type_contacts })
}

/// `POST /console/verifications`
pub(super) async fn open(user: User<StartVerifications>, State(ipse): State<Shared>, fields: Fields) -> Response {
    match opened(&ipse, &user, &fields).await {
        Ok(Opened { verification, link: None }) => {
            Redirect::to(&format!("/console/verifications/{}", verification.id)).into_response()
        }
        Ok(Opened { verification, link }) => detail(&ipse, &user.signed_in, &verification.id, link).await,
        Err(error) => match errors(error, "external_id") {
            Ok(errors) => form_page(&ipse, &user.signed_in, &fields, errors, StatusCode::UNPROCESSABLE_ENTITY).await,
            Err(response) => response,
        },
    }
}

async fn opened(ipse: &Ipse, user: &User<StartVerifications>, fields: &Fields) -> crate::app::Result<Opened> {
    let private = |name| fields.optional(name).map(Private::new);
    let birthdate = match fields.optional("birthdate") {
        None => None,
        Some(text) => Some(parse(&text).ok_or(Refusal::invalid("birthdate", "must be YYYY-MM-DD"))?),
    };
    let may_type_contacts = user.may(Permission::Configure);
    let contacts = |name| if may_type_contacts { private(name).into_iter().collect() } else { Vec::new() };
    let profile = Profile {
        external_id: Private::new(fields.text("external_id")),
        identity: Identity {
            given_name: private("given_name"),
            middle_name: None,
            family_name: private("family_name"),
            birthdate: birthdate.map(Private::new),
        },
        emails: contacts("email"),
        phones: contacts("phone"),
        contact_changed_at: None,
        emails_changed_at: None,
        phones_changed_at: None,
        labels: BTreeSet::new(),
    };
    let record = fields.optional("ticket_number").map(|number| Record {
        system: fields.optional("ticket_system").unwrap_or_else(|| "console".into()),
        table: fields.optional("ticket_table").unwrap_or_else(|| "ticket".into()),
        id: number.clone(),
        number,
    });
    let request = Request {
        journey: fields.text("journey"),
        subject: Who::Profile(Box::new(profile)),
        may_change_subject: may_type_contacts,
        purpose: fields.text("purpose"),
        record,
        requester: None,
        delivery: Channel::parse(&fields.text("delivery")).ok_or(Refusal::invalid("delivery", "must be chosen"))?,
        return_url: None,
        metadata: BTreeMap::new(),
        language: None,
    };
    let mut tx = ipse.store.begin(&user.caller().organization).await?;
    let opened = uses::open(ipse, &mut tx, user.caller(), request).await?;
    ipse.commit(tx, &opened.verification).await?;
    Ok(opened)
}

/// `GET /console/verifications/{id}`
pub(super) async fn show(
    user: User<ReadVerifications>,
    State(ipse): State<Shared>,
    Path(id): Path<VerificationId>,
) -> Response {
    detail(&ipse, &user.signed_in, &id, None).await
}

async fn detail(ipse: &Ipse, who: &SignedIn, id: &VerificationId, link_once: Option<String>) -> Response {
    match detailed(ipse, who, id, link_once).await {
        Ok(response) => response,
        Err(error) => refused(error),
    }
}

async fn detailed(
    ipse: &Ipse,
    who: &SignedIn,
    id: &VerificationId,
    link_once: Option<String>,
) -> crate::app::Result<Response> {
    let now = ipse.clock.now();
    let verification = uses::get(ipse, &who.caller, id).await?;
    let events = audit::of(ipse, &who.caller, id.as_str(), 0).await?;
    let people: HashMap<String, String> =
        people::list(ipse, &who.caller).await?.into_iter().map(|person| (person.id.to_string(), person.name)).collect();
    let mut tx = ipse.store.read(&who.caller.organization).await?;
    let journey = uses::journey_of(&mut tx, &verification).await?;
    let subject = subject_name(&mut tx, &verification.subject).await?;
    let reports = tx.reports(id).await?;
    let integration = integrations::of(&mut tx, &verification.requester.actor).await?;
    // What a reviewer wrote is for reviewers.
    let notes = if who.person.role.may(Permission::Review) { tx.notes(id).await? } else { Vec::new() };
    let credentials = tx.issuances(id).await?;
    let issued = || credentials.iter().filter(|one| one.state.was_issued());
    let credential = issued().find(|one| may_revoke(one).is_ok()).or(issued().next_back());
    drop(tx);
    let note = |(author, words): (String, String)| {
        let author = author.strip_prefix("person:").and_then(|id| people.get(id));
        Fact { label: author.cloned().unwrap_or_else(|| "Somebody".to_owned()), value: words }
    };
    let notes = notes.into_iter().map(note).collect();
    let moment = |event: &ipse_core::event::Event| Moment {
        instant: event.at.to_string(),
        at: event.at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        what: sentence(event.kind.trim_start_matches("verification.")),
        by: match &event.actor {
            Actor::Person(id) => Some(people.get(id.as_str()).cloned().unwrap_or_else(|| "Somebody".into())),
            Actor::Subject => Some("The person".to_owned()),
            Actor::ApiKey(_) => Some(verification.requester.name.clone()),
            Actor::System => None,
        },
    };
    let fact = |label: &str, value: String| Fact { label: label.to_owned(), value };
    let mut facts = vec![
        fact("Purpose", verification.purpose.clone()),
        fact("Journey", format!("{} (version {})", journey.name, journey.version)),
        fact("Requested by", verification.requester.name.clone()),
        fact("Opened (UTC)", when(verification.created_at)),
        fact("Link travels by", verification.delivery.as_str().to_owned()),
    ];
    let mut ticket = None;
    if let Some(record) = &verification.record {
        let of = integration.as_ref().map(|integration| &integration.system);
        let title = of.map_or_else(|| record.label(), |system| system.title(record));
        match of.and_then(|system| system.page(record)) {
            Some(page) => ticket = Some((title, page)),
            None => facts.insert(0, fact("Ticket", title)),
        }
    }
    if let Some(at) = verification.finished_at {
        facts.push(fact("Ended (UTC)", when(at)));
    }
    if let Some(proven) = verification.proven() {
        let (evidence, pathway) = (proven.evidence.as_str(), proven.pathway.as_str());
        facts.push(fact("Assurance", format!("level {} (evidence: {evidence}, pathway: {pathway})", proven.level)));
    }
    if let Some(credential) = credential {
        facts.push(fact("Credential", credential_words(credential)));
    }
    if let Some(at) = verification.redeemed_at {
        facts.push(fact("Redeemed (UTC)", when(at)));
    }
    if !verification.reasons.is_empty() {
        facts.push(fact("Reasons", reason_words(&verification.reasons).join(" ")));
    }
    let relied_on = verification.valid_until.filter(|_| verification.redeemed_at.is_none());
    let validity = relied_on.map(|until| {
        let minutes = until.duration_since(now).as_mins();
        if minutes > 0 { format!("valid for {minutes} more minutes") } else { "no longer valid".to_owned() }
    });
    let validity = validity.or_else(|| {
        let left = verification.expires_at.duration_since(now).as_mins();
        verification.state.can_expire().then(|| format!("{} minutes left", left.max(0)))
    });
    let waits = verification.state == VerificationState::PendingReview && who.person.role.may(Permission::Review);
    let shell = shell(ipse, who, Area::Verifications).await;
    Ok(render(&views::Verification {
        shell,
        id: id.to_string(),
        subject,
        status: state_chip(verification.state),
        validity,
        ticket,
        link_once,
        warnings: verification
            .redacted_at
            .map(|_| "Evidence and personal data were destroyed.".to_owned())
            .into_iter()
            .collect(),
        facts,
        notes,
        checks: reports.last().map(checks).unwrap_or_default(),
        timeline: events.iter().rev().map(moment).collect(),
        actions: actions(&verification, credential, who),
        review_href: waits.then(|| format!("/console/reviews/{id}")),
    }))
}

fn credential_words(credential: &Issuance) -> String {
    let words = match (credential.state, credential.failure.as_deref()) {
        (IssuanceState::Revoked, _) => "Revoked",
        (IssuanceState::Revoking, Some(MISCONFIGURED)) => "Being revoked: somebody has to mend something, see the log",
        (IssuanceState::Revoking, Some(_)) => "Being revoked: its tenant does not answer right now",
        (IssuanceState::Revoking, None) => "Being revoked",
        _ => "In the person's wallet",
    };
    words.to_owned()
}

fn actions(verification: &Verification, credential: Option<&Issuance>, who: &SignedIn) -> Vec<views::Action> {
    let action = |verb: &str, label: &str, explanation: &str, destroys| views::Action {
        verb: verb.to_owned(),
        label: label.to_owned(),
        explanation: explanation.to_owned(),
        destroys,
    };
    let role = who.person.role;
    let mut actions = Vec::new();
    if role.may(Permission::StartVerifications) && !verification.is_finished() {
        if verification.state.may_become(VerificationState::LinkSent) {
            let what = "A new link is sent; the old one stops working, also where it was opened.";
            actions.push(action("resend", "Send a new link", what, false));
        }
        let what = "The person can no longer go on. This cannot be undone.";
        actions.push(action("cancel", "Cancel", what, true));
    }
    if role.may(Permission::Redact) && credential.is_some_and(|credential| may_revoke(credential).is_ok()) {
        let what = "Whoever is shown it hears that it is good no more. This cannot be undone.";
        actions.push(action("revoke-credential", "Revoke the credential", what, true));
    }
    if role.may(Permission::Redact) && verification.is_finished() && verification.redacted_at.is_none() {
        let what = "Pictures and everything read are destroyed for good. The result and the audit trail stay.";
        actions.push(action("redact", "Destroy the evidence", what, true));
    }
    actions
}

/// `POST /console/verifications/{id}/cancel`
pub(super) async fn cancel(
    user: User<StartVerifications>,
    State(ipse): State<Shared>,
    Path(id): Path<VerificationId>,
    _: Fields,
) -> Response {
    done(uses::cancel(&ipse, user.caller(), &id).await, &id)
}

fn done<T>(result: crate::app::Result<T>, id: &VerificationId) -> Response {
    match result {
        Ok(_) => Redirect::to(&format!("/console/verifications/{id}")).into_response(),
        Err(error) => refused(error),
    }
}

/// `POST /console/verifications/{id}/redact`
pub(super) async fn redact(
    user: User<Redact>,
    State(ipse): State<Shared>,
    Path(id): Path<VerificationId>,
    _: Fields,
) -> Response {
    done(uses::redact(&ipse, user.caller(), &id).await, &id)
}

/// `POST /console/verifications/{id}/revoke-credential`
pub(super) async fn revoke_credential(
    user: User<Redact>,
    State(ipse): State<Shared>,
    Path(id): Path<VerificationId>,
    _: Fields,
) -> Response {
    done(revocations::revoke_of(&ipse, user.caller(), &id).await, &id)
}

/// `POST /console/verifications/{id}/resend`
pub(super) async fn resend(
    user: User<StartVerifications>,
    State(ipse): State<Shared>,
    Path(id): Path<VerificationId>,
    _: Fields,
) -> Response {
    let work = async {
        let mut tx = ipse.store.begin(&user.caller().organization).await?;
        let opened = uses::resend(&ipse, &mut tx, user.caller(), &id).await?;
        ipse.commit(tx, &opened.verification).await?;
        Ok(opened.link)
    };
    match work.await {
        Ok(None) => Redirect::to(&format!("/console/verifications/{id}")).into_response(),
        Ok(link) => detail(&ipse, &user.signed_in, &id, link).await,
        Err(error) => refused(error),
    }
}

/// `GET /console/verifications/{id}/events`
pub(super) async fn events(
    user: User<ReadVerifications>,
    State(ipse): State<Shared>,
    Path(id): Path<VerificationId>,
) -> Response {
    let session = user.signed_in.session.hash;
    let caller = user.signed_in.caller;
    if let Err(error) = uses::get(&ipse, &caller, &id).await {
        return refused(error);
    }
    let before = match audit::of(&ipse, &caller, id.as_str(), 0).await {
        Ok(events) => events.len() as u64,
        Err(error) => return refused(error),
    };
    let shared = ipse.clone();
    let stream = follow(ipse, id.clone(), before, move |last| {
        let (shared, caller, id) = (shared.clone(), caller.clone(), id.clone());
        async move {
            // Somebody signed out, shut out or with another role hears no more.
            let may = people::still_may(&shared, &caller, &session, Permission::ReadVerifications).await.ok()?;
            if !may {
                return None;
            }
            let verification = uses::get(&shared, &caller, &id).await.ok()?;
            let events = audit::of(&shared, &caller, id.as_str(), last).await.ok()?;
            let Some(newest) = events.last() else { return Some((Vec::new(), last, false)) };
            let data = serde_json::json!({ "state": format!("{} {}", verification.state, newest.sequence) });
            let event = Event::default().event("state").data(data.to_string());
            Some((vec![event], newest.sequence, false))
        }
    });
    stream.into_response()
}
