//! The live selfie: a challenge that is answered once, and the burst of frames that answers it.

use super::Result;
use super::capture::{self, Examined, Session, Step, Taken};
use super::faces::Seen;
use super::verifications::hold;
use crate::random;
use crate::state::Ipse;
use bytes::Bytes;
use ipse_checks::face::liveness::{Challenge, Fault, Frame, MOST_FRAMES, Source, judge_burst};
use ipse_checks::{Asked, PictureFindings};
use ipse_core::Refusal;
use ipse_core::event::Actor;
use ipse_core::reason::Reason;
use ipse_core::verification::Command;
use jiff::{SignedDuration, tz::TimeZone};

/// How long a challenge can be answered.
const LIFETIME: SignedDuration = SignedDuration::from_mins(3);
/// The most pixels a frame may have: the page sends 640 × 480.
const FRAME_PIXELS: u64 = 2_100_000;

/// What the page sends back.
pub struct Burst {
    /// The number that came with the challenge.
    pub nonce: String,
    /// Whether a template may be kept; nothing when the person was not asked.
    pub keep_template: Option<bool>,
    /// The frames, in order: when each was taken, at which step, and its bytes.
    pub frames: Vec<(u32, usize, Bytes)>,
    /// What the page says of the camera.
    pub source: Source,
}

/// Whether the selfie is to be a live one, and somebody could judge it.
pub fn is_live(ipse: &Ipse, session: &Session) -> bool {
    session.journey.rules.liveness_required && ipse.faces.can_compare()
}

fn expect(ipse: &Ipse, session: &Session) -> Result<()> {
    if capture::open_to(session)? != Step::Selfie || !is_live(ipse, session) {
        return Err(Refusal::NotInJourney("a live selfie").into());
    }
    Ok(())
}

/// Draws a challenge for the page; the one before is void. Returns the number that the answer has to carry.
pub async fn challenge(ipse: &Ipse, session: &Session) -> Result<(String, Challenge)> {
    expect(ipse, session)?;
    let challenge = Challenge::draw(random::bytes());
    let (nonce, hash) = random::token();
    let mut tx = ipse.store.begin(&session.organization).await?;
    tx.set_challenge(&session.verification.id, &hash, &challenge, ipse.clock.now()).await?;
    tx.commit().await?;
    Ok((nonce, challenge))
}

/// Takes a burst. Its challenge is used up, whatever becomes of it; the best frame is kept if nothing is wrong with the
/// burst, or if the last try is used up.
pub async fn take(ipse: &Ipse, session: &Session, burst: Burst) -> Result<Taken> {
    expect(ipse, session)?;
    let of = &session.verification.id;
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&session.organization).await?;
    let hash = random::sha256(burst.nonce.as_bytes());
    let taken = tx.take_challenge::<Challenge>(of, &hash).await?;
    if taken.is_some() {
        if let Some(agreed) = burst.keep_template.filter(|agreed| *agreed != session.verification.keep_template) {
            let mut in_hand = hold(&mut tx, of).await?;
            in_hand.apply(&mut tx, &Command::AnswerEnrolment { agreed }, &Actor::Subject, now).await?;
        }
        tx.commit().await?;
    }
    let (challenge, issued_at) = taken.ok_or(Refusal::ChallengeUsed)?;
    if now.duration_since(issued_at) > LIFETIME {
        return Err(Refusal::ChallengeUsed.into());
    }
    if burst.frames.len() > MOST_FRAMES {
        return Err(Refusal::invalid("frames", format!("at most {MOST_FRAMES}")).into());
    }
    let limits = ipse_checks::document::image::Limits { pixels: FRAME_PIXELS, ..super::examine::limits(ipse) };
    let today = now.to_zoned(TimeZone::UTC).date();
    let (engine, frames, source) = (ipse.faces.clone(), burst.frames.clone(), burst.source);
    let examined = ipse.workers.run(move || {
        let shown: Vec<Frame<'_>> =
            frames.iter().map(|(at_ms, step, bytes)| Frame { at_ms: *at_ms, step: *step, bytes }).collect();
        let findings = judge_burst(&engine, &challenge, &shown, &source, &limits);
        let best =
            findings.best.and_then(|best| frames.get(best)).or(frames.first()).map(|(_, _, bytes)| bytes.clone());
        let (picture, media_type) = match &best {
            Some(bytes) => ipse_checks::examine(bytes, Asked::Selfie, &limits, today),
            None => (PictureFindings::empty(Asked::Selfie), None),
        };
        (findings, picture, media_type, best.unwrap_or_default())
    });
    let (findings, mut picture, media_type, best) = examined.await?;
    let mut hints: Vec<Reason> = findings.faults.iter().copied().map(Fault::reason).collect();
    hints.extend(&findings.hints);
    hints.sort_unstable();
    hints.dedup();
    picture.hints = hints;
    let seen = Some(Seen::Burst(Box::new(findings)));
    capture::keep(ipse, session, Examined::new(now, picture, seen, media_type, &best), &best, now).await
}
