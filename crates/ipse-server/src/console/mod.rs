//! The organization's pages, under `/console`. Thin: each handler names the permission it needs, calls one use, and
//! shows a page.

mod api_keys;
mod audit;
mod campaigns;
mod clients;
pub mod entra;
mod form;
pub mod integrations;
mod journeys;
pub mod passkeys;
mod people;
mod reviews;
mod settings;
mod sign_in;
mod trials;
mod verifications;
pub mod views;
mod webhooks;

use crate::api::v1::campaigns::LIST_BYTES;
use crate::app::Error;
use crate::app::people::SignedIn;
use crate::http::page::render_with;
use crate::http::problem::Problem;
use crate::state::{Ipse, Shared};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use ipse_core::Refusal;
use ipse_core::organization::{Permission, Role};
use ipse_core::reason::Reason;
use ipse_core::verification::State;
use ipse_store::verifications::VerificationFilter;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use views::{Area, Chip, Choice, Errors, FieldError, Notice, Shell, Tone};

/// The routes of whoever is not signed in yet.
pub fn sign_in_routes() -> Router<Shared> {
    Router::new()
        .route("/console/sign-in", get(sign_in::page))
        .route("/console/sign-in/{token}", get(sign_in::link).post(sign_in::redeem))
        .route("/console/passkeys/sign-in/begin", post(passkeys::sign_in_begin))
        .route("/console/passkeys/sign-in/finish", post(passkeys::sign_in_finish))
}

/// The routes of whoever is.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/console", get(|| async { Redirect::to("/console/verifications") }))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route("/console/verifications", get(verifications::list).post(verifications::open))
        .route("/console/verifications/new", get(verifications::new))
        .route("/console/verifications/{id}", get(verifications::show))
        .route("/console/verifications/{id}/cancel", post(verifications::cancel))
        .route("/console/verifications/{id}/resend", post(verifications::resend))
        .route("/console/verifications/{id}/redact", post(verifications::redact))
        .route("/console/verifications/{id}/revoke-credential", post(verifications::revoke_credential))
        .route("/console/verifications/{id}/events", get(verifications::events))
        .route("/console/reviews", get(reviews::queue))
        .route("/console/reviews/{id}", get(reviews::case).post(reviews::decide))
        .route("/console/reviews/{id}/evidence/{evidence}", get(reviews::picture))
        .route(
            "/console/campaigns",
            get(campaigns::list).post(campaigns::create).layer(DefaultBodyLimit::max(LIST_BYTES)),
        )
        .route("/console/campaigns/new", get(campaigns::new))
        .route("/console/campaigns/{id}", get(campaigns::show))
        .route("/console/campaigns/{id}/cancel", post(campaigns::cancel))
        .route("/console/journeys", get(journeys::list).post(journeys::create))
        .route("/console/journeys/new", get(journeys::new))
        .route("/console/journeys/{key}", get(journeys::edit).post(journeys::update))
        .route("/console/people", get(people::list).post(people::invite))
        .route("/console/people/{id}/role", post(people::role))
        .route("/console/people/{id}/link", post(people::link))
        .route("/console/people/{id}/disable", post(people::disable))
        .route("/console/people/{id}/enable", post(people::enable))
        .route("/console/passkeys", get(passkeys::page))
        .route("/console/passkeys/{id}/remove", post(passkeys::remove))
        .route("/console/passkeys/register/begin", post(passkeys::register_begin))
        .route("/console/passkeys/register/finish", post(passkeys::register_finish))
        .route("/console/api-keys", get(api_keys::list).post(api_keys::create))
        .route("/console/api-keys/{id}/revoke", post(api_keys::revoke))
        .route("/console/clients", get(clients::list).post(clients::create))
        .route("/console/clients/new", get(clients::new))
        .route("/console/clients/{id}", get(clients::show).post(clients::update))
        .route("/console/clients/{id}/test", post(trials::begin))
        .route("/console/clients/{id}/tested", get(trials::arrive))
        .route("/console/clients/{id}/rotate", post(clients::rotate))
        .route("/console/clients/{id}/remove", post(clients::remove))
        .route("/console/integrations", get(integrations::list).post(integrations::create))
        .route("/console/integrations/new", get(integrations::new))
        .route("/console/integrations/{id}", get(integrations::show).post(integrations::update))
        .route("/console/integrations/{id}/renew", post(integrations::renew))
        .route("/console/integrations/{id}/test", post(integrations::test))
        .route("/console/integrations/{id}/check", post(entra::check))
        .route("/console/integrations/{id}/replay", post(integrations::replay))
        .route("/console/integrations/{id}/remove", post(integrations::remove))
        .route("/console/webhooks", get(webhooks::list).post(webhooks::create))
        .route("/console/webhooks/{id}", get(webhooks::show))
        .route("/console/webhooks/{id}/rotate", post(webhooks::rotate))
        .route("/console/webhooks/{id}/test", post(webhooks::test))
        .route("/console/webhooks/{id}/enable", post(webhooks::enable))
        .route("/console/webhooks/{id}/disable", post(webhooks::disable))
        .route("/console/webhooks/{id}/replay", post(webhooks::replay_range))
        .route("/console/webhooks/{id}/deliveries/{delivery}/replay", post(webhooks::replay))
        .route("/console/audit", get(audit::list))
        .route("/console/audit/check", post(audit::check))
        .route("/console/audit/export", get(audit::export))
        .route("/console/settings", get(settings::show).post(settings::update))
        .route("/console/settings/test-message", post(settings::test_message))
}

/// What every signed-in page has around its content.
async fn shell(ipse: &Ipse, who: &SignedIn, current: Area) -> Shell {
    let role = who.person.role;
    let organization = crate::app::settings::get(ipse, &who.caller).await;
    let waiting = if role.may(Permission::Review) {
        let filter = VerificationFilter { state: Some(State::PendingReview), ..VerificationFilter::default() };
        crate::app::verifications::list(ipse, &who.caller, &filter, 100).await.map_or(0, |found| found.len())
    } else {
        0
    };
    let areas = [
        (Area::Verifications, Permission::ReadVerifications),
        (Area::Reviews, Permission::Review),
        (Area::Campaigns, Permission::ReadVerifications),
        (Area::Journeys, Permission::ReadConfiguration),
        (Area::People, Permission::Configure),
        (Area::ApiKeys, Permission::Configure),
        (Area::Clients, Permission::Configure),
        (Area::Integrations, Permission::Configure),
        (Area::Webhooks, Permission::Configure),
        (Area::Audit, Permission::Audit),
        (Area::Settings, Permission::Configure),
    ];
    let allowed = areas.into_iter().filter(|(_, permission)| role.may(*permission)).map(|(area, _)| area);
    Shell {
        csrf: who.session.csrf.clone(),
        organization: organization.map(|organization| organization.settings.name).unwrap_or_default(),
        name: who.person.name.clone(),
        role: role_name(role).to_owned(),
        current,
        areas: allowed.chain([Area::Passkeys]).collect(),
        reviews_waiting: waiting as u32,
        notice: None,
    }
}

const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Admin => "Administrator",
        Role::Reviewer => "Reviewer",
        Role::Agent => "Agent",
        Role::Auditor => "Auditor",
    }
}

fn notice(tone: Tone, text: impl Into<String>) -> Notice {
    Notice { tone, text: text.into() }
}

/// A problem as a page.
pub fn shown(problem: Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let page = views::Problem { title: problem.user_message.to_owned(), detail: problem.title, request_id: None };
    render_with(status, &page)
}

/// A problem as a page, by status.
pub fn problem(status: StatusCode, detail: &str) -> Response {
    shown(Problem::new(status, "console", detail))
}

/// What a use refused, as a page.
fn refused(error: Error) -> Response {
    shown(error.into())
}

/// What a use refused, beside the form's fields; anything but a refusal is a page of its own.
fn errors(error: Error, field: &str) -> Result<Errors, Response> {
    match error {
        Error::Refused(refusal) => {
            let (field, message) = match &refusal {
                Refusal::Invalid { field, expected } => ((*field).to_owned(), format!("{field}: {expected}")),
                other => (field.to_owned(), other.to_string()),
            };
            Ok(Errors { list: vec![FieldError { field, message }] })
        }
        other => Err(refused(other)),
    }
}

fn when(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M").to_string()
}

fn state_chip(state: State) -> Chip {
    let (tone, label) = match state {
        State::Created => (Tone::Idle, "Created"),
        State::LinkSent => (Tone::Idle, "Link sent"),
        State::InProgress => (Tone::Wait, "In progress"),
        State::Processing => (Tone::Wait, "Processing"),
        State::RequiresInput => (Tone::Wait, "Needs another try"),
        State::PendingReview => (Tone::Wait, "Pending review"),
        State::Succeeded => (Tone::Good, "Succeeded"),
        State::Failed => (Tone::Bad, "Failed"),
        State::Expired => (Tone::Idle, "Expired"),
        State::Cancelled => (Tone::Idle, "Cancelled"),
        State::Declined => (Tone::Bad, "Declined: not me"),
    };
    Chip { tone, label: label.to_owned() }
}

fn reason_words(reasons: &[Reason]) -> Vec<String> {
    reasons.iter().map(|reason| reason.for_operator().to_owned()).collect()
}

fn checks(report: &ipse_core::check::Report) -> Vec<views::Check> {
    use ipse_core::check::Outcome;
    let chip = |check: &ipse_core::check::Check| {
        let (tone, label) = match check.outcome {
            Outcome::Pass => (Tone::Good, "Pass"),
            Outcome::Fail => (Tone::Bad, "Fail"),
            Outcome::Review => (Tone::Wait, "Review"),
            Outcome::NotPerformed => (Tone::Idle, "Not performed"),
        };
        let label = if check.required { label.to_owned() } else { format!("{label} (not required)") };
        Chip { tone, label }
    };
    let check = |check: &ipse_core::check::Check| views::Check {
        name: sentence(&check.name),
        outcome: chip(check),
        reasons: reason_words(&check.reasons),
    };
    report.checks.iter().map(check).collect()
}

/// `document_expiry` as people write it.
fn sentence(name: &str) -> String {
    let words = name.replace(['_', '.'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn choice(value: &str, label: impl Into<String>, selected: bool) -> Choice {
    Choice { value: value.to_owned(), label: label.into(), hint: String::new(), selected }
}
