//! Opening, following and ending verifications.

use super::{Caller, Error, Result, enrolments, integrations, messages, presentations, record, retention, subjects};
use crate::random;
use crate::state::Ipse;
use ipse_core::Refusal;
use ipse_core::event::{Actor, Head};
use ipse_core::id::{SubjectId, VerificationId};
use ipse_core::journey::Journey;
use ipse_core::subject::{Profile, Subject};
use ipse_core::verification::{Channel, Command, Opening, Record, Requester, Verification, apply};
use ipse_store::Tx;
use ipse_store::links::LinkKind;
use ipse_store::verifications::VerificationFilter;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Who is to be verified.
pub enum Who {
    /// A subject that exists.
    Id(SubjectId),
    /// A subject by what the caller knows; made, or brought up to date, by its external id.
    Profile(Box<Profile>),
}

/// Where a person goes when finished.
pub enum Return {
    /// Where the caller says, if its origin is among those of the organization.
    Asked(String),
    /// Where a client is registered to get its people back.
    Registered(String),
}

/// What a caller gives to open a verification.
pub struct Request {
    /// A journey's id or key.
    pub journey: String,
    /// Who is to be verified.
    pub subject: Who,
    /// Whether what is given may change what is known of a subject (HD-2); if not, a known one stays as it is.
    pub may_change_subject: bool,
    /// What the answer is for.
    pub purpose: String,
    /// The outside record.
    pub record: Option<Record>,
    /// On whose behalf, where the caller is a program.
    pub requester: Option<(Option<String>, String)>,
    /// How the link travels.
    pub delivery: Channel,
    /// Where the person goes when finished.
    pub return_url: Option<Return>,
    /// The caller's notes.
    pub metadata: BTreeMap<String, String>,
    /// The person's language.
    pub language: Option<String>,
}

/// A verification just opened.
pub struct Opened {
    /// The verification.
    pub verification: Verification,
    /// The link, where the caller is to send it. It is not stored and cannot be shown again.
    pub link: Option<String>,
}

/// Opens a verification in a transaction of the caller's.
pub async fn open(ipse: &Ipse, tx: &mut Tx, caller: &Caller, request: Request) -> Result<Opened> {
    let now = ipse.clock.now();
    if let Some(integration) = integrations::of(tx, &caller.actor).await? {
        integration.system.allow(request.record.as_ref())?;
    }
    let journey = tx.current_journey(&request.journey).await?.ok_or(Refusal::NotFound("journey"))?;
    let subject = match request.subject {
        Who::Id(id) => tx.subject(&id).await?.ok_or(Refusal::NotFound("subject"))?,
        Who::Profile(profile) => match tx.subject_by_external_id(profile.external_id.reveal()).await? {
            Some(known) if !request.may_change_subject => known,
            _ => subjects::upsert(tx, *profile, now).await?,
        },
    };
    if journey.rules.is_face_only() && enrolments::living(tx, &subject.id, now).await?.is_none() {
        return Err(Refusal::NotEnrolled.into());
    }
    let return_url = match request.return_url {
        Some(Return::Asked(url)) => {
            allow_return(&url, &tx.own_organization().await?.settings.return_origins)?;
            Some(url)
        }
        Some(Return::Registered(url)) => Some(url),
        None => None,
    };
    let (external_id, name) = request.requester.unwrap_or_else(|| (None, caller.name.clone()));
    let opening = Opening {
        id: VerificationId::new(now, random::entropy()),
        subject: subject.id.clone(),
        purpose: request.purpose,
        record: request.record,
        requester: Requester { actor: caller.actor.clone(), external_id, name },
        delivery: request.delivery,
        return_url,
        metadata: request.metadata,
        language: request.language,
    };
    let (mut verification, happenings) = Verification::open(opening, &journey, now)?;
    let actor = &caller.actor;
    let mut head = record::append(tx, &verification, Head::EMPTY, actor, &happenings, now).await?;
    // A link the caller sends itself leaves the verification in `created`.
    if verification.delivery != Channel::None {
        let command = Command::SendLink { channel: verification.delivery };
        let (sent, happenings) = apply(&verification, &journey.rules, &command, actor, now)?;
        head = record::append(tx, &sent, head, actor, &happenings, now).await?;
        verification = sent;
    }
    tx.insert_verification(&verification, &subject.profile.identity, head).await?;
    let link = send_link(ipse, tx, &verification, head, &journey, &subject, now).await?;
    Ok(Opened { verification, link })
}

/// Makes a link and sends it the way the verification says; returns it where the caller sends it.
async fn send_link(
    ipse: &Ipse,
    tx: &mut Tx,
    verification: &Verification,
    head: Head,
    journey: &Journey,
    subject: &Subject,
    now: Timestamp,
) -> Result<Option<String>> {
    let (token, hash) = random::token();
    let link = format!("{}/v/{token}", ipse.config.server.base_url);
    tx.insert_link(&hash, LinkKind::Invitation, &verification.id, verification.expires_at).await?;
    if verification.delivery == Channel::None {
        return Ok(Some(link));
    }
    let integration = integrations::of(tx, &verification.requester.actor).await?;
    let min_age = integration.map_or(0, |integration| integration.system.min_contact_age_days());
    let min_age = min_age.max(journey.rules.min_contact_age_days);
    let to = contact(subject, verification.delivery, min_age, now)?;
    messages::queue_link(tx, verification, &to, &link, head, now).await?;
    Ok(None)
}

/// The address or number a link may go to: the directory's, and not one that changed yesterday (HD-3, HD-4).
fn contact(subject: &Subject, channel: Channel, min_age_days: u32, now: Timestamp) -> Result<String> {
    let profile = &subject.profile;
    let to = profile.contact(channel).ok_or(Refusal::NoContact(channel.as_str()))?;
    if !profile.is_trusted(channel, min_age_days, now) {
        let mut others = [Channel::Email, Channel::Sms].into_iter();
        let other = others.find(|other| profile.is_trusted(*other, min_age_days, now));
        return Err(Refusal::ContactTooNew(other.map(Channel::as_str)).into());
    }
    Ok(to.reveal().clone())
}

fn allow_return(url: &str, origins: &[String]) -> Result<()> {
    let parsed = url::Url::parse(url).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
    let origin = parsed.map(|url| url.origin().ascii_serialization());
    if url.len() <= 2_000 && origin.is_some_and(|origin| origins.contains(&origin)) {
        Ok(())
    } else {
        Err(Refusal::invalid("return_url", "its origin must be among the organization's return_origins").into())
    }
}

/// A verification with the journey version it was opened under, held for change.
pub struct InHand {
    /// The verification.
    pub verification: Verification,
    /// Its journey.
    pub journey: Journey,
    /// The end of its chain.
    pub head: Head,
}

/// Takes a verification in hand.
pub async fn hold(tx: &mut Tx, id: &VerificationId) -> Result<InHand> {
    let held = tx.hold_verification(id).await?.ok_or(Refusal::NotFound("verification"))?;
    let journey = journey_of(tx, &held.verification).await?;
    Ok(InHand { verification: held.verification, journey, head: held.head })
}

/// The journey version a verification was opened under.
pub async fn journey_of(tx: &mut Tx, verification: &Verification) -> Result<Journey> {
    let journey = tx.journey(&verification.journey, verification.journey_version).await?;
    journey.ok_or(Error::Store(ipse_store::Error::Corrupt("verifications")))
}

impl InHand {
    /// Applies a command and writes what follows.
    pub async fn apply(&mut self, tx: &mut Tx, command: &Command, actor: &Actor, now: Timestamp) -> Result<()> {
        let rules = &self.journey.rules;
        let (next, happenings) = apply(&self.verification, rules, command, actor, now)?;
        self.head = record::save(tx, &next, self.head, actor, &happenings, rules, now).await?;
        self.verification = next;
        Ok(())
    }
}

/// Takes a verification back.
pub async fn cancel(ipse: &Ipse, caller: &Caller, id: &VerificationId) -> Result<Verification> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let mut in_hand = hold(&mut tx, id).await?;
    reach(&mut tx, caller, &in_hand.verification).await?;
    in_hand.apply(&mut tx, &Command::Cancel, &caller.actor, now).await?;
    tx.cancel_messages(id, now).await?;
    ipse.commit(tx, &in_hand.verification).await?;
    Ok(in_hand.verification)
}

/// Uses a success up, once, for the record it was opened for (HD-1, HD-15).
pub async fn redeem(
    ipse: &Ipse,
    tx: &mut Tx,
    caller: &Caller,
    id: &VerificationId,
    record: Option<Record>,
) -> Result<Verification> {
    let now = ipse.clock.now();
    let mut in_hand = hold(tx, id).await?;
    reach(tx, caller, &in_hand.verification).await?;
    in_hand.apply(tx, &Command::Redeem { record }, &caller.actor, now).await?;
    Ok(in_hand.verification)
}

/// Sends a new link; the old one dies, and so does the claim of the browser that opened it.
pub async fn resend(ipse: &Ipse, tx: &mut Tx, caller: &Caller, id: &VerificationId) -> Result<Opened> {
    let now = ipse.clock.now();
    let mut in_hand = hold(tx, id).await?;
    reach(tx, caller, &in_hand.verification).await?;
    let subject = tx.subject(&in_hand.verification.subject).await?.ok_or(Refusal::NotFound("subject"))?;
    tx.delete_links(LinkKind::Invitation, id).await?;
    tx.delete_links(LinkKind::HandOver, id).await?;
    tx.delete_claims(id).await?;
    // Whoever opened the old link may not have been the person: what they showed counts no more.
    tx.discard_evidence(id, in_hand.verification.attempts + 1).await?;
    presentations::withdraw(tx, &mut in_hand, now).await?;
    tx.cancel_messages(id, now).await?;
    let command = Command::SendLink { channel: in_hand.verification.delivery };
    in_hand.apply(tx, &command, &caller.actor, now).await?;
    let InHand { verification, journey, head } = in_hand;
    let link = send_link(ipse, tx, &verification, head, &journey, &subject, now).await?;
    Ok(Opened { verification, link })
}

/// Destroys the evidence and personal data of a finished verification.
pub async fn redact(ipse: &Ipse, caller: &Caller, id: &VerificationId) -> Result<Verification> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let mut in_hand = hold(&mut tx, id).await?;
    reach(&mut tx, caller, &in_hand.verification).await?;
    in_hand.revoke_credentials(&mut tx, &caller.actor, |revokes| revokes.on_redaction, now).await?;
    in_hand.apply(&mut tx, &Command::Redact, &caller.actor, now).await?;
    tx.forget_images(id, retention::later(now)).await?;
    tx.forget_facts(id).await?;
    tx.cancel_messages(id, now).await?;
    ipse.commit(tx, &in_hand.verification).await?;
    ipse.issuances.notify_one();
    // The keys are gone; what follows frees space and clears side files, and is tried again if it fails.
    if let Err(error) = retention::remove_evidence(ipse, &caller.organization, id).await {
        tracing::error!(%error, verification = %id, "sealed pictures without a key are still in the blob store");
    }
    if let Err(error) = ipse.store.scrub().await {
        tracing::error!(%error, "side files could not be cleared; it will be done at the next forgetting");
    }
    Ok(in_hand.verification)
}

/// One verification.
pub async fn get(ipse: &Ipse, caller: &Caller, id: &VerificationId) -> Result<Verification> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    let verification = tx.verification(id).await?.ok_or(Refusal::NotFound("verification"))?;
    reach(&mut tx, caller, &verification).await?;
    Ok(verification)
}

/// An integration's key reaches no further than what it asked for; the rest is not there for it.
pub(super) async fn reach(tx: &mut Tx, caller: &Caller, verification: &Verification) -> Result<()> {
    if integrations::may_touch(tx, &caller.actor, verification).await? {
        Ok(())
    } else {
        Err(Refusal::NotFound("verification").into())
    }
}

/// A page of verifications, newest first.
pub async fn list(ipse: &Ipse, caller: &Caller, filter: &VerificationFilter, limit: u32) -> Result<Vec<Verification>> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    let mut found = tx.list_verifications(filter, limit).await?;
    if integrations::of(&mut tx, &caller.actor).await?.is_some() {
        let mut own = Vec::new();
        for verification in found {
            if integrations::may_touch(&mut tx, &caller.actor, &verification).await? {
                own.push(verification);
            }
        }
        found = own;
    }
    Ok(found)
}
