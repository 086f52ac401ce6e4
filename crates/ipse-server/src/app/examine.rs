//! From pictures to findings, from findings to a report, from a report to a decision.

use super::verifications::hold;
use super::{Error, Result};
use crate::random;
use crate::state::Ipse;
use ipse_checks::check::{Evidence, run};
use ipse_checks::{Asked, PictureFindings};
use ipse_core::Refusal;
use ipse_core::check::{Report, decide};
use ipse_core::event::Actor;
use ipse_core::id::{OrganizationId, ReportId, VerificationId};
use ipse_core::verification::{Command, State};
use jiff::tz::TimeZone;

/// Examines one picture on a worker thread. Returns the findings, and the media type if it is a picture at all.
pub async fn picture(
    ipse: &Ipse,
    asked: Asked,
    bytes: bytes::Bytes,
) -> Result<(PictureFindings, Option<&'static str>)> {
    let today = ipse.clock.now().to_zoned(TimeZone::UTC).date();
    let limits = ipse_checks::document::image::Limits {
        bytes: ipse.config.limits.picture_bytes,
        pixels: ipse.config.limits.picture_pixels,
        ..ipse_checks::document::image::Limits::default()
    };
    ipse.workers.run(move || ipse_checks::examine(&bytes, asked, &limits, today)).await
}

/// Judges a verification whose evidence is all in. Nothing happens if somebody else has.
pub async fn judge(ipse: &Ipse, organization: &OrganizationId, id: &VerificationId) -> Result<()> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(organization).await?;
    let mut in_hand = hold(&mut tx, id).await?;
    let verification = &in_hand.verification;
    if verification.state != State::Processing {
        return Ok(());
    }
    let rules = in_hand.journey.rules.clone();
    let subject = tx.subject(&verification.subject).await?.ok_or(Refusal::NotFound("subject"))?;
    let mut pictures = Vec::new();
    for evidence in tx.list_evidence(id).await?.iter().rev() {
        if evidence.attempt == verification.attempts {
            let findings: PictureFindings = tx.findings(evidence).await?;
            // The newest picture of a side counts, and only the document chosen last.
            let replaced = |known: &PictureFindings| match (known.asked, findings.asked) {
                (Asked::Document { kind, .. }, Asked::Document { kind: older, .. }) if kind != older => true,
                (known, asked) => known == asked,
            };
            if !pictures.iter().any(replaced) {
                pictures.push(findings);
            }
        }
    }
    pictures.reverse();
    let today = now.to_zoned(TimeZone::UTC).date();
    let identity = &subject.profile.identity;
    let evidence = Evidence { rules: &rules, subject: identity, pictures: &pictures, today };
    let report = Report {
        id: ReportId::new(now, random::entropy()),
        attempt: verification.attempts,
        created_at: now,
        checks: run(&evidence),
    };
    let decision = decide(&rules, &report, verification.has_attempts_left(rules.max_attempts));
    let facts = evidence.facts().cloned().unwrap_or_default();
    tx.insert_report(id, &report, &facts).await?;
    let command = Command::Decide { report: report.id, decision };
    in_hand.apply(&mut tx, &command, &Actor::System, now).await?;
    ipse.commit(tx, &in_hand.verification).await
}

/// Judges everything that waits; returns how many.
pub async fn judge_all(ipse: &Ipse) -> Result<usize> {
    let due = ipse.store.due_to_examine(100).await?;
    let mut judged = 0;
    for (organization, id) in &due {
        match judge(ipse, organization, id).await {
            Ok(()) => judged += 1,
            Err(Error::Refused(_)) => {}
            // One that cannot be judged must not hold up the others; it is tried again at the next glance.
            Err(error) => tracing::error!(%error, verification = %id, "a verification could not be judged"),
        }
    }
    Ok(judged)
}
