//! The person's side: opening the link, showing what is asked for, handing over to a phone, saying "not me".

use super::credentials::{self, Wallet};
use super::faces::Seen;
use super::oidc::start::leads_back;
use super::passes::{self, Offered};
use super::presentations::{self, Presenting};
use super::verifications::{InHand, hold, journey_of};
use super::{Result, chip, examine};
use crate::random;
use crate::state::Ipse;
use ipse_checks::{Asked, PictureFindings};
use ipse_core::Refusal;
use ipse_core::document::{DocumentKind, Side};
use ipse_core::event::{Actor, Event};
use ipse_core::id::{EvidenceId, OrganizationId, VerificationId};
use ipse_core::journey::{Journey, Rules};
use ipse_core::organization::Settings;
use ipse_core::reason::Reason;
use ipse_core::verification::{Command, Device, State, Verification};
use ipse_store::Tx;
use ipse_store::evidence::Evidence;
use ipse_store::links::{Claim, LinkKind};
use jiff::SignedDuration;

/// The version of the notice a person agrees to; recorded with the claim.
pub const CONSENT_VERSION: &str = "2026-11";
const HAND_OVER_LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// What the first page shows. Looking changes nothing.
pub struct Invitation {
    /// The verification.
    pub verification: Verification,
    /// Its journey.
    pub journey: Journey,
    /// Who asks.
    pub settings: Settings,
    /// Whether a browser has claimed the link.
    pub claimed: bool,
}

/// What a link leads to.
pub async fn invitation(ipse: &Ipse, token: &str) -> Result<Invitation> {
    let (organization, id, claimed) = located(ipse, token).await?;
    let mut tx = ipse.store.read(&organization).await?;
    let verification = tx.verification(&id).await?.ok_or(Refusal::NotFound("link"))?;
    let journey = journey_of(&mut tx, &verification).await?;
    let settings = tx.own_organization().await?.settings;
    Ok(Invitation { verification, journey, settings, claimed })
}

async fn located(ipse: &Ipse, token: &str) -> Result<(OrganizationId, VerificationId, bool)> {
    let located = ipse.store.locate_link(&random::sha256(token.as_bytes())).await?;
    Ok(located.ok_or(Refusal::NotFound("link"))?)
}

/// Binds the link to the browser that clicked; returns its cookie. The second browser is refused.
pub async fn claim(ipse: &Ipse, token: &str, device: Device) -> Result<String> {
    let (organization, id, _) = located(ipse, token).await?;
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&organization).await?;
    let mut in_hand = hold(&mut tx, &id).await?;
    if !tx.claim_link(&random::sha256(token.as_bytes()), LinkKind::Invitation, now).await? {
        let late = now >= in_hand.verification.expires_at;
        return Err(if late { Refusal::Expired("link") } else { Refusal::ClaimedElsewhere }.into());
    }
    let command = Command::Claim { device, consent: CONSENT_VERSION };
    in_hand.apply(&mut tx, &command, &Actor::Subject, now).await?;
    let cookie = bind(&mut tx, &id, device, now).await?;
    ipse.commit(tx, &in_hand.verification).await?;
    Ok(cookie)
}

pub(super) async fn bind(tx: &mut Tx, id: &VerificationId, device: Device, now: jiff::Timestamp) -> Result<String> {
    let (cookie, hash) = random::token();
    let (csrf, _) = random::token();
    let device = if device == Device::Phone { "phone" } else { "desktop" };
    let claim = Claim { hash, verification: id.clone(), csrf, device: device.to_owned(), active: true };
    tx.insert_claim(&claim, now).await?;
    Ok(cookie)
}

/// "This wasn't me", before the link was claimed.
pub async fn decline_invitation(ipse: &Ipse, token: &str) -> Result<()> {
    let (organization, id, _) = located(ipse, token).await?;
    let mut tx = ipse.store.begin(&organization).await?;
    let in_hand = hold(&mut tx, &id).await?;
    // Only an invitation nobody claimed yet speaks for the person; asked while the verification is held.
    if !tx.claim_link(&random::sha256(token.as_bytes()), LinkKind::Invitation, ipse.clock.now()).await? {
        return Err(Refusal::ClaimedElsewhere.into());
    }
    decline(ipse, tx, in_hand).await
}

async fn decline(ipse: &Ipse, mut tx: Tx, mut in_hand: InHand) -> Result<()> {
    in_hand.apply(&mut tx, &Command::Decline, &Actor::Subject, ipse.clock.now()).await?;
    ipse.commit(tx, &in_hand.verification).await
}

/// A bound browser's view of its verification.
pub struct Session {
    /// Whose verification it is.
    pub organization: OrganizationId,
    /// The browser.
    pub claim: Claim,
    /// The verification.
    pub verification: Verification,
    /// Its journey.
    pub journey: Journey,
    /// Who asks.
    pub settings: Settings,
    /// What is asked for next; nothing once everything is in.
    pub step: Option<Step>,
    /// Whether this verification left a template that can be erased.
    pub enrolled: bool,
    /// The credential that follows it, if one does.
    pub wallet: Option<Wallet>,
    /// The Temporary Access Pass that follows it, if one does.
    pub pass: Option<Offered>,
    /// The credential that is its evidence, while it is awaited.
    pub presenting: Option<Presenting>,
}

/// One thing asked of the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To choose a kind of document and show its first side.
    Document,
    /// To show this side of the document they chose.
    Side(DocumentKind, Side),
    /// To take a selfie.
    Selfie,
    /// To present a credential.
    Present,
}

/// The session a cookie belongs to, whatever the state of its verification.
pub async fn session(ipse: &Ipse, cookie: &str) -> Result<Option<Session>> {
    let hash = random::sha256(cookie.as_bytes());
    let Some(organization) = ipse.store.locate_claim(&hash).await? else { return Ok(None) };
    let mut tx = ipse.store.read(&organization).await?;
    let Some(claim) = tx.claim(&hash).await? else { return Ok(None) };
    let Some(mut verification) = tx.verification(&claim.verification).await? else { return Ok(None) };
    if !leads_back(&mut tx, &verification).await? {
        verification.return_url = None;
    }
    let journey = journey_of(&mut tx, &verification).await?;
    let settings = tx.own_organization().await?.settings;
    let step = if verification.state.accepts_evidence() {
        next_step(&journey.rules, &verification, &pictures(&mut tx, &verification).await?)
    } else {
        None
    };
    let enrolled = verification.keep_template
        && verification.is_finished()
        && tx.enrolment(&verification.subject).await?.is_some_and(|kept| kept.verification == verification.id);
    // A browser that only follows along may be anybody's by now: the credential is of whoever showed the face.
    let now = ipse.clock.now();
    let (wallet, pass) = if claim.active {
        let wallet = credentials::wallet(&mut tx, &verification, &journey, now).await?;
        (wallet, passes::offered(&mut tx, &verification, &journey, now).await?)
    } else {
        (None, None)
    };
    let presenting = presentations::presenting(&mut tx, &verification, &journey.rules, now).await?;
    Ok(Some(Session { organization, claim, verification, journey, settings, step, enrolled, wallet, pass, presenting }))
}

/// The findings of the pictures of the attempt under way, the newest of each kind and side.
async fn pictures(tx: &mut Tx, verification: &Verification) -> Result<Vec<PictureFindings>> {
    let attempt = verification.attempts + 1;
    let evidence = tx.list_evidence(&verification.id).await?;
    let mut pictures = Vec::new();
    for evidence in evidence.iter().filter(|evidence| evidence.attempt == attempt && evidence.kind != chip::KIND) {
        pictures.push(tx.findings::<PictureFindings>(evidence).await?);
    }
    Ok(pictures)
}

/// What is asked for next, given what is in.
fn next_step(rules: &Rules, verification: &Verification, pictures: &[PictureFindings]) -> Option<Step> {
    if rules.presentation.is_some() {
        // What is presented is submitted as soon as it is heard of.
        return Some(Step::Present);
    }
    let selfie = pictures.iter().any(|picture| picture.asked == Asked::Selfie);
    let selfie = (rules.selfie_required && !selfie && !verification.face_declined).then_some(Step::Selfie);
    if rules.is_face_only() {
        return selfie;
    }
    let chosen = pictures.iter().rev().find_map(|picture| match picture.asked {
        Asked::Document { kind, .. } => Some(kind),
        Asked::Selfie => None,
    });
    let Some(kind) = chosen else { return Some(Step::Document) };
    let shown = |side| pictures.iter().any(|picture| picture.asked == Asked::Document { kind, side });
    if let Some(side) = kind.sides().iter().find(|side| !shown(**side)) {
        return Some(Step::Side(kind, *side));
    }
    selfie
}

/// How many steps a journey has for a kind of document, and which one a step is, from 1.
pub fn progress(step: Step, rules: &Rules) -> (u32, u32) {
    let selfie = u32::from(rules.selfie_required);
    match step {
        Step::Present => (1, 1),
        Step::Document => (1, 1 + selfie),
        Step::Side(kind, side) => {
            let sides = kind.sides().len() as u32;
            let place = kind.sides().iter().position(|known| *known == side).unwrap_or(0) as u32;
            (place + 1, sides + selfie)
        }
        Step::Selfie => {
            if rules.is_face_only() {
                (1, 1)
            } else {
                (2, 2)
            }
        }
    }
}

/// What became of a picture.
pub struct Taken {
    /// Whether it is evidence now.
    pub accepted: bool,
    /// What to do better.
    pub hints: Vec<Reason>,
    /// Tries left for this picture.
    pub attempts_left: u32,
}

/// Refuses a browser that only follows along, and evidence when none is taken.
pub fn open_to(session: &Session) -> Result<Step> {
    if !session.claim.active {
        return Err(Refusal::ClaimedElsewhere.into());
    }
    let state = session.verification.state.as_str();
    Ok(session.step.ok_or(Refusal::WrongState { state, action: "take evidence" })?)
}

/// Takes a picture: examined at once, kept if it is good enough, or if the last try is used up.
pub async fn take(ipse: &Ipse, session: &Session, asked: Asked, bytes: bytes::Bytes) -> Result<Taken> {
    expect(session, open_to(session)?, asked)?;
    let now = ipse.clock.now();
    let (findings, seen, media_type) = examine::picture(ipse, asked, bytes.clone()).await?;
    keep(ipse, session, Examined::new(now, findings, seen, media_type, &bytes), &bytes, now).await
}

/// Keeps a picture that was looked at if it is good enough, or if the last try is used up; notes what became of it.
pub(super) async fn keep(
    ipse: &Ipse,
    session: &Session,
    mut examined: Examined,
    bytes: &[u8],
    now: jiff::Timestamp,
) -> Result<Taken> {
    let rules = &session.journey.rules;
    let of = &session.verification.id;
    let mut tx = ipse.store.read(&session.organization).await?;
    examined.tries_left = tries_left(&tx.events(of.as_str(), 0).await?, rules);
    // Something that is not a picture at all is nothing to keep, even on the last try.
    let good = examined.findings.hints.is_empty();
    examined.kept = examined.kept.filter(|_| good || examined.tries_left <= 1);
    let sealed = match examined.kept {
        Some(_) => Some(tx.seal_evidence(of, &examined.id, bytes).await?),
        None => None,
    };
    drop(tx);
    if let Some(sealed) = sealed {
        ipse.store.put_evidence(&session.organization, of, &examined.id, sealed).await?;
    }

    let done = note(ipse, session, &examined, now).await;
    if done.is_err() && examined.kept.is_some() {
        // What nobody will name is not left behind.
        ipse.store.withdraw_evidence(&session.organization, of, &examined.id).await?;
    }
    done
}

/// A picture that was looked at, before anything is made of it.
pub(super) struct Examined {
    id: EvidenceId,
    findings: PictureFindings,
    /// What it says of a face.
    seen: Option<Seen>,
    /// The media type, if it is a picture at all; then, if it is in the blob store.
    kept: Option<&'static str>,
    sha256: [u8; 32],
    tries_left: u32,
}

impl Examined {
    /// What was found in such bytes.
    pub(super) fn new(
        now: jiff::Timestamp,
        findings: PictureFindings,
        seen: Option<Seen>,
        media_type: Option<&'static str>,
        bytes: &[u8],
    ) -> Self {
        let id = EvidenceId::new(now, random::entropy());
        Self { id, findings, seen, kept: media_type, sha256: random::sha256(bytes), tries_left: 0 }
    }
}

/// Notes what became of a picture, if nothing changed while it was looked at.
async fn note(ipse: &Ipse, session: &Session, examined: &Examined, now: jiff::Timestamp) -> Result<Taken> {
    let (of, rules) = (&session.verification.id, &session.journey.rules);
    let Examined { findings, tries_left, .. } = examined;
    let asked = findings.asked;
    let mut tx = ipse.store.begin(&session.organization).await?;
    let mut in_hand = hold(&mut tx, of).await?;
    // The examination took its time: the browser may have been replaced, or another picture been faster.
    if in_hand.verification.attempts != session.verification.attempts
        || !tx.claim(&session.claim.hash).await?.is_some_and(|claim| claim.active)
    {
        return Err(Refusal::ClaimedElsewhere.into());
    }
    if self::tries_left(&tx.events(of.as_str(), 0).await?, rules) != *tries_left {
        return Err(super::Error::Overloaded(1));
    }
    let Some(media_type) = examined.kept else {
        return refuse(ipse, tx, in_hand, asked, findings.hints.clone(), *tries_left).await;
    };
    let evidence = Evidence {
        id: examined.id.clone(),
        verification: of.clone(),
        kind: asked.kind().to_owned(),
        side: asked.side(),
        attempt: in_hand.verification.attempts + 1,
        created_at: now,
        media_type: media_type.to_owned(),
        sha256: examined.sha256,
    };
    let command = Command::ReceiveEvidence { evidence: evidence.id.clone(), kind: asked.kind() };
    in_hand.apply(&mut tx, &command, &Actor::Subject, now).await?;
    tx.insert_evidence(&evidence, findings).await?;
    if let Some(seen) = &examined.seen {
        tx.insert_face(&evidence, seen).await?;
    }
    go_on(ipse, tx, in_hand, now).await?;
    Ok(Taken { accepted: true, hints: findings.hints.clone(), attempts_left: *tries_left })
}

/// Commits what came in, and submits with the last of it.
async fn go_on(ipse: &Ipse, mut tx: Tx, mut in_hand: InHand, now: jiff::Timestamp) -> Result<()> {
    let pictures = pictures(&mut tx, &in_hand.verification).await?;
    let complete = next_step(&in_hand.journey.rules, &in_hand.verification, &pictures).is_none();
    if complete {
        in_hand.apply(&mut tx, &Command::Submit, &Actor::Subject, now).await?;
    }
    ipse.commit(tx, &in_hand.verification).await?;
    if complete {
        ipse.examine.notify_one();
    }
    Ok(())
}

/// The person asks for a reviewer's eyes instead of having faces compared.
pub async fn decline_face(ipse: &Ipse, session: &Session) -> Result<()> {
    open_to(session)?;
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&session.organization).await?;
    let mut in_hand = hold(&mut tx, &session.verification.id).await?;
    in_hand.apply(&mut tx, &Command::DeclineFace, &Actor::Subject, now).await?;
    go_on(ipse, tx, in_hand, now).await
}

fn is_about_a_chip(event: &Event) -> bool {
    let data: Option<serde_json::Value> = serde_json::from_str(&event.data).ok();
    data.is_some_and(|data| data.get("kind").and_then(|kind| kind.as_str()) == Some(chip::KIND))
}

/// Tries left for a picture: counted since the last one that was taken, or since the attempt began.
fn tries_left(events: &[Event], rules: &Rules) -> u32 {
    let refused = events
        .iter()
        .rev()
        // A chip is no picture and gives no tries back.
        .filter(|event| !is_about_a_chip(event))
        .take_while(|event| event.kind != "verification.evidence_received" && event.kind != "verification.retried")
        .filter(|event| event.kind == "verification.evidence_refused")
        .count();
    rules.max_attempts.saturating_sub(u32::try_from(refused).unwrap_or(u32::MAX)).max(1)
}

async fn refuse(
    ipse: &Ipse,
    mut tx: Tx,
    mut in_hand: InHand,
    asked: Asked,
    hints: Vec<Reason>,
    tries_left: u32,
) -> Result<Taken> {
    let command = Command::RefuseEvidence { kind: asked.kind(), reasons: hints.clone() };
    in_hand.apply(&mut tx, &command, &Actor::Subject, ipse.clock.now()).await?;
    ipse.commit(tx, &in_hand.verification).await?;
    Ok(Taken { accepted: false, hints, attempts_left: tries_left.saturating_sub(1).max(1) })
}

/// Refuses a picture of something that is not asked for now.
fn expect(session: &Session, step: Step, asked: Asked) -> Result<()> {
    let rules = &session.journey.rules;
    let fits = match (step, asked) {
        (Step::Document, Asked::Document { kind, side }) => {
            rules.document_kinds.contains(&kind) && kind.sides().first() == Some(&side)
        }
        (Step::Side(kind, side), Asked::Document { kind: shown, side: shown_side }) => {
            // Changing one's mind about the kind starts again with the first side.
            (kind == shown && side == shown_side)
                || (kind != shown
                    && rules.document_kinds.contains(&shown)
                    && shown.sides().first() == Some(&shown_side))
        }
        (Step::Selfie, Asked::Selfie) => true,
        (Step::Present, _)
        | (Step::Selfie, Asked::Document { .. })
        | (Step::Document | Step::Side(..), Asked::Selfie) => false,
    };
    if fits { Ok(()) } else { Err(Refusal::NotInJourney("this picture").into()) }
}

/// "This wasn't me", from the browser in use.
pub async fn decline_session(ipse: &Ipse, session: &Session) -> Result<()> {
    let mut tx = ipse.store.begin(&session.organization).await?;
    let in_hand = hold(&mut tx, &session.verification.id).await?;
    decline(ipse, tx, in_hand).await
}

/// Another try after the rules asked for one.
pub async fn retry(ipse: &Ipse, session: &Session) -> Result<()> {
    let mut tx = ipse.store.begin(&session.organization).await?;
    let mut in_hand = hold(&mut tx, &session.verification.id).await?;
    in_hand.apply(&mut tx, &Command::Retry, &Actor::Subject, ipse.clock.now()).await?;
    ipse.commit(tx, &in_hand.verification).await
}

/// The token of a session's hand-over link. It follows from the cookie and a number that is new each time, so that the
/// QR code can be drawn again without the token being stored anywhere, and an older picture of it is of no use.
fn hand_over_token(cookie: &str, nonce: &str) -> String {
    use base64::Engine as _;
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, cookie.as_bytes());
    let tag = aws_lc_rs::hmac::sign(&key, format!("hand over {nonce}").as_bytes());
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(tag.as_ref())
}

/// The address behind the QR code of a session.
pub fn hand_over_link(ipse: &Ipse, cookie: &str, nonce: &str) -> String {
    format!("{}/v/handover/{}", ipse.config.server.base_url, hand_over_token(cookie, nonce))
}

/// Lets the person's other device take over by QR code, for five minutes; returns the number that the code is drawn
/// from. The code shown before dies.
pub async fn hand_over(ipse: &Ipse, session: &Session, cookie: &str) -> Result<String> {
    let allowed = matches!(session.verification.state, State::InProgress | State::RequiresInput);
    if !allowed {
        let state = session.verification.state.as_str();
        return Err(Refusal::WrongState { state, action: "be handed over" }.into());
    }
    let now = ipse.clock.now();
    let (nonce, _) = random::token();
    let hash = random::sha256(hand_over_token(cookie, &nonce).as_bytes());
    let mut tx = ipse.store.begin(&session.organization).await?;
    tx.delete_links(LinkKind::HandOver, &session.verification.id).await?;
    let expires_at = now.checked_add(HAND_OVER_LIFETIME).unwrap_or(now);
    tx.insert_link(&hash, LinkKind::HandOver, &session.verification.id, expires_at).await?;
    tx.commit().await?;
    Ok(nonce)
}

/// Takes over on this device; returns its cookie. The other devices follow along.
pub async fn take_over(ipse: &Ipse, token: &str, device: Device) -> Result<String> {
    let (organization, id, _) = located(ipse, token).await?;
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&organization).await?;
    let mut in_hand = hold(&mut tx, &id).await?;
    if !tx.claim_link(&random::sha256(token.as_bytes()), LinkKind::HandOver, now).await? {
        return Err(Refusal::Expired("link").into());
    }
    in_hand.apply(&mut tx, &Command::HandOver { device }, &Actor::Subject, now).await?;
    let cookie = bind(&mut tx, &id, device, now).await?;
    ipse.commit(tx, &in_hand.verification).await?;
    Ok(cookie)
}

/// Goes on with this device, which only followed along.
pub async fn reclaim(ipse: &Ipse, session: &Session) -> Result<()> {
    let now = ipse.clock.now();
    let device = if session.claim.device == "phone" { Device::Phone } else { Device::Desktop };
    let mut tx = ipse.store.begin(&session.organization).await?;
    let mut in_hand = hold(&mut tx, &session.verification.id).await?;
    in_hand.apply(&mut tx, &Command::HandOver { device }, &Actor::Subject, now).await?;
    tx.activate_claim(&session.claim).await?;
    ipse.commit(tx, &in_hand.verification).await
}
