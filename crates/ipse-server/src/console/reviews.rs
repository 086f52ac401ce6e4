//! The review queue and a case: document and selfie side by side, checks, the decision.

use super::form::Fields;
use super::verifications::subject_name;
use super::views::{self, Area, Image, Pager, ReadFact, Tone};
use super::{checks, choice, errors, reason_words, refused, shell};
use crate::app::reviews::{self as uses, APPROVALS, Case, REJECTIONS};
use crate::http::auth::{Review, User};
use crate::http::page::render_with;
use crate::state::{Ipse, Shared};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use ipse_core::Private;
use ipse_core::Refusal;
use ipse_core::id::{EvidenceId, VerificationId};
use ipse_core::verification::{ReviewVerdict, State as VerificationState};

/// `GET /console/reviews`
pub(super) async fn queue(user: User<Review>, State(ipse): State<Shared>) -> Response {
    match queued(&ipse, &user).await {
        Ok(response) => response,
        Err(error) => refused(error),
    }
}

async fn queued(ipse: &Ipse, user: &User<Review>) -> crate::app::Result<Response> {
    let now = ipse.clock.now();
    let waiting = uses::queue(ipse, user.caller()).await?;
    let mut tx = ipse.store.read(&user.caller().organization).await?;
    let mut rows = Vec::new();
    for (verification, journey) in waiting {
        let minutes = now.duration_since(verification.created_at).as_mins();
        let label = if minutes < 120 { format!("{minutes} min") } else { format!("{} h", minutes / 60) };
        let tone = if minutes < 30 { Tone::Idle } else { Tone::Wait };
        rows.push(views::ReviewRow {
            id: verification.id.to_string(),
            subject: subject_name(&mut tx, &verification.subject).await?,
            age: views::Chip { tone, label },
            reasons: reason_words(&verification.reasons).join(" "),
            journey: journey.name,
            requested_by: verification.requester.name.clone(),
            own: verification.requester.actor == user.caller().actor,
        });
    }
    drop(tx);
    let shell = shell(ipse, &user.signed_in, Area::Reviews).await;
    Ok(render_with(StatusCode::OK, &views::Reviews { shell, rows, pager: Pager::default() }))
}

/// `GET /console/reviews/{id}`
pub(super) async fn case(user: User<Review>, State(ipse): State<Shared>, Path(id): Path<VerificationId>) -> Response {
    page(&ipse, &user, &id, views::Errors::default(), StatusCode::OK).await
}

async fn page(
    ipse: &Ipse,
    user: &User<Review>,
    id: &VerificationId,
    errors: views::Errors,
    status: StatusCode,
) -> Response {
    let case = match uses::case(ipse, user.caller(), id).await {
        Ok(case) => case,
        Err(error) => return refused(error),
    };
    let shell = shell(ipse, &user.signed_in, Area::Reviews).await;
    let verification = &case.verification;
    let barred = if verification.state != VerificationState::PendingReview {
        Some("This verification does not wait for a decision.".to_owned())
    } else if verification.requester.actor == user.caller().actor {
        Some("You asked for this verification, so somebody else must decide.".to_owned())
    } else {
        None
    };
    let image = |(evidence, _): &(ipse_store::evidence::Evidence, _)| Image {
        label: match evidence.side {
            Some(side) => format!("Document, {}", side.as_str()),
            None => "Selfie".to_owned(),
        },
        url: format!("/console/reviews/{id}/evidence/{}", evidence.id),
    };
    let choices = |list: &[(&str, &str)]| list.iter().map(|(value, label)| choice(value, *label, false)).collect();
    let ticket = verification.record.as_ref().map(|record| format!(" · {}", record.number)).unwrap_or_default();
    let view = views::Review {
        id: id.to_string(),
        subject: case.subject.profile.identity.display_name().into_inner(),
        context: format!(
            "{} · {}{ticket} · requested by {}",
            case.journey.name, verification.purpose, verification.requester.name
        ),
        images: if verification.redacted_at.is_some() { Vec::new() } else { case.pictures.iter().map(image).collect() },
        facts: facts(&case),
        checks: case.reports.last().map(checks).unwrap_or_default(),
        barred,
        approve_reasons: choices(APPROVALS),
        reject_reasons: choices(REJECTIONS),
        errors,
        shell,
    };
    render_with(status, &view)
}

/// What was read, beside what the directory knows.
fn facts(case: &Case) -> Vec<ReadFact> {
    let Some(read) = &case.facts else { return Vec::new() };
    let known = &case.identity;
    let text = |value: &Option<Private<String>>| value.as_ref().map(|value| value.reveal().clone());
    let date = |value: &Option<Private<ipse_core::date::Date>>| value.as_ref().map(|value| value.reveal().to_string());
    [
        ("Document", read.kind.map(|kind| super::sentence(kind.as_str())), None),
        ("Issued by", text(&read.issuing_state), None),
        ("Document number", text(&read.document_number), None),
        ("Given names", text(&read.identity.given_name), text(&known.given_name)),
        ("Family name", text(&read.identity.family_name), text(&known.family_name)),
        ("Date of birth", date(&read.identity.birthdate), date(&known.birthdate)),
        ("Sex", text(&read.sex), None),
        ("Nationality", text(&read.nationality), None),
        ("Valid until", date(&read.expiry_date), None),
    ]
    .into_iter()
    .filter_map(|(label, read, known)| read.map(|read| ReadFact { label: label.to_owned(), read, known }))
    .collect()
}

/// `GET /console/reviews/{id}/evidence/{evidence}`: one picture; the look is recorded.
pub(super) async fn picture(
    user: User<Review>,
    State(ipse): State<Shared>,
    Path((id, evidence)): Path<(VerificationId, EvidenceId)>,
) -> Response {
    match uses::picture(&ipse, user.caller(), &id, &evidence).await {
        // Nothing but a picture: should the bytes be something else, no browser may treat them as a page.
        Ok((media_type, bytes)) => ([(header::CONTENT_TYPE, media_type)], bytes).into_response(),
        Err(error) => refused(error),
    }
}

/// `POST /console/reviews/{id}`
pub(super) async fn decide(
    user: User<Review>,
    State(ipse): State<Shared>,
    Path(id): Path<VerificationId>,
    fields: Fields,
) -> Response {
    let verdict = match fields.text("decision").as_str() {
        "approve" => Ok(ReviewVerdict::Approve),
        "reject" => Ok(ReviewVerdict::Reject),
        _ => Err(Refusal::invalid("decision", "must be chosen")),
    };
    let (reason, note) = (fields.text("reason"), fields.text("note"));
    let decided = match verdict {
        Ok(verdict) => uses::decide(&ipse, user.caller(), &id, verdict, &reason, &note).await,
        Err(refusal) => Err(refusal.into()),
    };
    match decided {
        Ok(_) => Redirect::to(&format!("/console/verifications/{id}")).into_response(),
        Err(error) => {
            let status = crate::http::problem::Problem::from(match &error {
                crate::app::Error::Refused(refusal) => refusal.clone(),
                _ => return refused(error),
            })
            .status;
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            match errors(error, "decision") {
                Ok(errors) => page(&ipse, &user, &id, errors, status).await,
                Err(response) => response,
            }
        }
    }
}
