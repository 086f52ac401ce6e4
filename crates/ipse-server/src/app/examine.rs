//! From pictures to findings, from findings to a report, from a report to a decision.

use super::faces::{self, Faces, Seen};
use super::oidc::returning;
use super::verifications::{InHand, hold, journey_of};
use super::{Error, Result, chip, enrolments, presentations};
use crate::random;
use crate::state::Ipse;
use ipse_checks::check::{Evidence, run};
use ipse_checks::document::chip::ChipReading;
use ipse_checks::document::image::Limits;
use ipse_checks::face::Origin;
use ipse_checks::{Asked, PictureFindings};
use ipse_core::Refusal;
use ipse_core::assurance::Assurance;
use ipse_core::check::{Report, Verdict, decide};
use ipse_core::document::DocumentFacts;
use ipse_core::event::Actor;
use ipse_core::id::{OrganizationId, ReportId, SubjectId, VerificationId};
use ipse_core::verification::{Command, State, Verification};
use ipse_store::Tx;
use ipse_store::evidence::Evidence as Stored;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Examines one picture on a worker thread. Returns the findings, and the media type if it is a picture at all.
pub async fn picture(
    ipse: &Ipse,
    asked: Asked,
    bytes: bytes::Bytes,
) -> Result<(PictureFindings, Option<Seen>, Option<&'static str>)> {
    let today = ipse.clock.now().to_zoned(TimeZone::UTC).date();
    let (limits, engine) = (limits(ipse), ipse.faces.clone());
    let examined = ipse.workers.run(move || {
        let (mut findings, media_type) = ipse_checks::examine(&bytes, asked, &limits, today);
        let seen = media_type.and_then(|_| faces::look(&engine, asked, &bytes, &limits));
        if let Some(Seen::Selfie(selfie)) = &seen {
            findings.hints.extend(&selfie.hints);
            findings.hints.sort_unstable();
            findings.hints.dedup();
        }
        (findings, seen, media_type)
    });
    Ok(examined.await?)
}

/// What a picture may cost.
pub(super) fn limits(ipse: &Ipse) -> Limits {
    let (bytes, pixels) = (ipse.config.limits.picture_bytes, ipse.config.limits.picture_pixels);
    Limits { bytes, pixels, ..Limits::default() }
}

/// Judges a verification whose evidence is all in. Nothing happens if somebody else has. One that can never be judged
/// is set aside for a reviewer.
pub async fn judge(ipse: &Ipse, organization: &OrganizationId, id: &VerificationId) -> Result<()> {
    match try_to_judge(ipse, organization, id).await {
        Err(error) if is_lasting(&error) => {
            tracing::error!(%error, verification = %id, "a verification cannot be judged; a reviewer has to look");
            let mut tx = ipse.store.begin(organization).await?;
            let mut in_hand = hold(&mut tx, id).await?;
            let now = ipse.clock.now();
            // A report that says nothing, so that what an earlier attempt came to does not stand for this one.
            let attempt = in_hand.verification.attempts;
            let report =
                Report { id: ReportId::new(now, random::entropy()), attempt, created_at: now, checks: Vec::new() };
            match tx.insert_report(id, &report, &DocumentFacts::default()).await {
                Ok(()) | Err(ipse_store::Error::Forgotten) => {}
                Err(error) => return Err(error.into()),
            }
            in_hand.apply(&mut tx, &Command::CannotJudge, &Actor::System, now).await?;
            ipse.commit(tx, &in_hand.verification).await
        }
        result => result,
    }
}

/// Whether the next try would fail like this one: something is lost or damaged, or an engine broke on the evidence.
pub(super) const fn is_lasting(error: &Error) -> bool {
    use ipse_store::Error as Stored;
    matches!(
        error,
        Error::Store(Stored::Sealed | Stored::Corrupt(_)) | Error::Refused(Refusal::Redacted) | Error::Unavailable(_)
    )
}

async fn try_to_judge(ipse: &Ipse, organization: &OrganizationId, id: &VerificationId) -> Result<()> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.read(organization).await?;
    let verification = tx.verification(id).await?.ok_or(Refusal::NotFound("verification"))?;
    if verification.state != State::Processing {
        return Ok(());
    }
    let (rules, face_declined) = (journey_of(&mut tx, &verification).await?.rules, verification.face_declined);
    let identity = tx.claimed_identity(id).await?;
    let judged = Judged::of(&mut tx, &verification).await?;
    let shown = judged.pictures.iter().find_map(|(_, picture)| picture.facts.as_ref());
    let known = Bearer::of(&mut tx, &verification, shown).await?;
    let gathered = Faces::gather(ipse, &mut tx, &known.subject, &judged, rules.is_face_only(), now).await?;
    let presented = presentations::disclosed(&mut tx, &verification).await?;
    let pictures: Vec<PictureFindings> = judged.pictures.into_iter().map(|(_, findings)| findings).collect();
    let chip = judged.chip.map(|(_, reading)| reading);
    let compared = gathered.compared();
    let face_of_chip = gathered.evidence.reference.as_ref().is_some_and(|reference| reference.origin == Origin::Chip);
    let specimens_allowed = ipse.config.documents.allow_specimens;
    drop(tx);
    let today = now.to_zoned(TimeZone::UTC).date();
    let Bearer { used_by_another, known_document, .. } = known;
    let judging = move || {
        let evidence = Evidence {
            rules: &rules,
            subject: &identity,
            pictures: &pictures,
            chip: chip.as_ref(),
            presented: presented.as_ref(),
            face: Some(&gathered.evidence),
            face_declined,
            used_by_another,
            known_document,
            specimens_allowed,
            today,
        };
        let shown = presented.as_ref().map(|presented| presented.identity.clone());
        let facts = shown.map(|identity| DocumentFacts { identity, ..DocumentFacts::default() });
        (run(&evidence), facts.or_else(|| evidence.facts().cloned()).unwrap_or_default())
    };
    let (checks, facts) = ipse.workers.run(judging).await?;

    let mut tx = ipse.store.begin(organization).await?;
    let mut in_hand = hold(&mut tx, id).await?;
    let (held, rules) = (&in_hand.verification, &in_hand.journey.rules);
    if held.state != State::Processing || held.attempts != verification.attempts {
        return Ok(());
    }
    let report = Report { id: ReportId::new(now, random::entropy()), attempt: held.attempts, created_at: now, checks };
    let decision = decide(rules, &report, held.has_attempts_left(rules.max_attempts));
    let succeeded = decision.verdict == Verdict::Succeeded;
    tx.insert_report(id, &report, &facts).await?;
    if succeeded {
        // Somebody else may have succeeded with it meanwhile: then the next glance judges with that in mind.
        if Bearer::of(&mut tx, held, Some(&facts)).await? != known {
            return Ok(());
        }
    }
    if succeeded {
        recognise(&mut tx, &mut in_hand, known.subject, &Actor::System, now).await?;
        tx.note_document(&in_hand.verification, &facts).await?;
    }
    let assurance = Assurance::of(&report, face_of_chip);
    let command = Command::Decide { report: report.id, decision, assurance };
    for compared in &compared {
        in_hand.apply(&mut tx, compared, &Actor::System, now).await?;
    }
    in_hand.apply(&mut tx, &command, &Actor::System, now).await?;
    if succeeded {
        enrolments::keep(&mut tx, &mut in_hand, now).await?;
    }
    ipse.commit(tx, &in_hand.verification).await
}

/// What a document says of who shows it, beside what is printed on it.
#[derive(PartialEq)]
struct Bearer {
    /// Who it is: the one of whom the verification is, or who comes back to it.
    subject: SubjectId,
    used_by_another: Option<bool>,
    known_document: Option<bool>,
}

impl Bearer {
    async fn of(tx: &mut Tx, verification: &Verification, document: Option<&DocumentFacts>) -> Result<Self> {
        let mut known = Self { subject: verification.subject.clone(), used_by_another: None, known_document: None };
        let Some(document) = document.filter(|document| document.document_number.is_some()) else { return Ok(known) };
        let returning = returning(tx, verification, document).await?;
        if let Some(subject) = &returning {
            known.subject = subject.clone();
        }
        // Nobody but the document says that it is them: until the enrolled face does, it may be somebody else's.
        known.used_by_another = match returning {
            Some(_) => Some(true),
            None => tx.document_used_by_another(&known.subject, document).await?,
        };
        known.known_document = tx.is_known_document(&known.subject, document).await?;
        Ok(known)
    }
}

/// Makes a verification one of the subject whom its document finds. Nobody is left of whom it was before.
pub(super) async fn recognise(
    tx: &mut Tx,
    in_hand: &mut InHand,
    subject: SubjectId,
    actor: &Actor,
    now: Timestamp,
) -> Result<()> {
    let before = in_hand.verification.subject.clone();
    if subject == before {
        return Ok(());
    }
    in_hand.apply(tx, &Command::Recognise { subject }, actor, now).await?;
    Ok(tx.drop_subject(&before).await?)
}

/// What is judged of an attempt: the newest picture of each side of the document chosen last, the newest of the person, and
/// the newest reading of a chip. What is older counts for nothing: it may be of another document.
pub(super) struct Judged {
    /// The pictures, oldest first.
    pub(super) pictures: Vec<(Stored, PictureFindings)>,
    /// The chip, if one was read.
    pub(super) chip: Option<(Stored, ChipReading)>,
}

impl Judged {
    async fn of(tx: &mut Tx, verification: &Verification) -> Result<Self> {
        let mut judged = Self { pictures: Vec::new(), chip: None };
        for evidence in tx.list_evidence(&verification.id).await?.into_iter().rev() {
            if evidence.attempt != verification.attempts {
                continue;
            }
            if evidence.kind == chip::KIND {
                if judged.chip.is_none() {
                    let reading = tx.findings(&evidence).await?;
                    judged.chip = Some((evidence, reading));
                }
                continue;
            }
            let findings: PictureFindings = tx.findings(&evidence).await?;
            let replaced = |(_, known): &(Stored, PictureFindings)| match (known.asked, findings.asked) {
                (Asked::Document { kind, .. }, Asked::Document { kind: older, .. }) if kind != older => true,
                (known, asked) => known == asked,
            };
            if !judged.pictures.iter().any(replaced) {
                judged.pictures.push((evidence, findings));
            }
        }
        judged.pictures.reverse();
        Ok(judged)
    }
}

/// Judges everything that waits; returns how many.
pub async fn judge_all(ipse: &Ipse) -> Result<usize> {
    let due = ipse.store.due_to_examine(100).await?;
    let mut judged = 0;
    for (organization, id) in &due {
        match judge(ipse, organization, id).await {
            Ok(()) => judged += 1,
            Err(Error::Refused(_) | Error::Overloaded(_)) => {}
            // One that cannot be judged must not hold up the others; it is tried again at the next glance.
            Err(error) => tracing::error!(%error, verification = %id, "a verification could not be judged"),
        }
    }
    Ok(judged)
}
