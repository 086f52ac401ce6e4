//! Temporary Access Passes: after a success, one with which the person gets back into their account at the Entra tenant that
//! issues after the journey. It is asked for by the browser that showed the evidence, shown in the answer, and kept nowhere:
//! that there was one is known by the verification's events alone.

use super::capture::Session;
use super::credentials::{self, MISCONFIGURED, UNAVAILABLE, client};
use super::integrations::{Integration, System};
use super::verifications::{InHand, hold};
use super::{Result, subjects};
use crate::state::Ipse;
use ipse_connectors::entra::{ClientCredential, Pass, Tenant, is_user};
use ipse_core::document::DocumentFacts;
use ipse_core::event::{Actor, Event, Happening};
use ipse_core::id::{IntegrationId, OrganizationId, VerificationId};
use ipse_core::issuance::holds;
use ipse_core::journey::Journey;
use ipse_core::verification::Verification;
use ipse_core::{Private, Refusal};
use ipse_store::Tx;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// How long after the success one is offered: to who is still in front of the page, and not to who finds it open later.
const OFFERED_FOR: SignedDuration = SignedDuration::from_mins(15);
/// How often one may be asked for after a success, where Entra does not answer.
const MOST_TRIES: usize = 3;
/// How long an answer is awaited, at least: whoever was told nothing by then may ask again.
const ANSWERED_WITHIN: SignedDuration = SignedDuration::from_mins(1);
/// Why there is none, as the audit trail and the page have it: Entra knows nobody of the subject's name.
pub const UNKNOWN_USER: &str = "unknown_user";
/// The directory calls the user by another name than the document.
pub const NAME_MISMATCH: &str = "name_mismatch";
/// The user is one to whom no application gives passes.
pub const NOT_ALLOWED: &str = "not_allowed";
/// What it rested on was gone when it came; nobody has seen it.
const WITHDRAWN: &str = "withdrawn";

const REQUESTED: &str = "verification.temporary_access_pass_requested";
const ISSUED: &str = "verification.temporary_access_pass_issued";
const FAILED: &str = "verification.temporary_access_pass_failed";

/// What has become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has asked.
    Unasked,
    /// It was asked for, and there is no answer yet.
    UnderWay,
    /// It was shown.
    Issued,
    /// There is none, for this reason.
    Failed(String),
}

/// What a person is shown of it.
pub struct Offered {
    /// What has become of it.
    pub standing: Standing,
    /// Whether it may be asked for.
    pub may_request: bool,
}

/// What the events of a verification say of its passes.
struct Past {
    standing: Standing,
    tries: usize,
    /// The place of the last request in the chain.
    asked: u64,
}

impl Past {
    fn of(events: &[Event], now: Timestamp) -> Self {
        let mut past = Self { standing: Standing::Unasked, tries: 0, asked: 0 };
        for event in events {
            match event.kind.as_str() {
                REQUESTED => {
                    past.tries += 1;
                    past.asked = event.sequence;
                    let lost = now.duration_since(event.at) >= ANSWERED_WITHIN;
                    past.standing = if lost { Standing::Failed(UNAVAILABLE.to_owned()) } else { Standing::UnderWay };
                }
                ISSUED => past.standing = Standing::Issued,
                FAILED => {
                    let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
                    let why = data.get("failure").and_then(Value::as_str).unwrap_or(MISCONFIGURED);
                    past.standing = Standing::Failed(why.to_owned());
                }
                _ => {}
            }
        }
        past
    }

    fn allow(&self) -> std::result::Result<(), Refusal> {
        match &self.standing {
            Standing::Issued => Err(Refusal::AlreadyExists("Temporary Access Pass")),
            Standing::UnderWay => Err(Refusal::AlreadyExists("request for a Temporary Access Pass")),
            Standing::Failed(_) if self.tries >= MOST_TRIES => Err(Refusal::TooManyAttempts),
            Standing::Failed(why) if why != UNAVAILABLE => Err(Refusal::Ended("offer of a Temporary Access Pass")),
            Standing::Unasked | Standing::Failed(_) => Ok(()),
        }
    }
}

/// Who gives which pass to whom.
struct Terms {
    integration: IntegrationId,
    tenant: Tenant,
    pass: Pass,
    user: Private<String>,
}

/// Refuses whoever is not, at this time, the person of a fresh and strong enough success that Entra knows by name.
async fn terms(tx: &mut Tx, verification: &Verification, journey: &Journey, at: Timestamp) -> Result<Terms> {
    holds(verification, at)?;
    let is_fresh = verification.finished_at.is_some_and(|finished| at.duration_since(finished) < OFFERED_FOR);
    if !is_fresh || subjects::has_left_since(tx, verification).await? {
        return Err(Refusal::Expired("success").into());
    }
    let none = Refusal::NotInJourney("a Temporary Access Pass");
    let Some(Integration { id, system: System::Entra(tenant), .. }) = credentials::issuer(tx, journey).await? else {
        return Err(none.into());
    };
    let level = verification.proven().unwrap_or_default().level;
    let Some(pass) = tenant.temporary_access_pass.filter(|pass| level >= pass.level) else {
        return Err(none.into());
    };
    let subject = tx.subject(&verification.subject).await?.ok_or(Refusal::NotFound("subject"))?;
    let user = subject.profile.external_id;
    if is_user(user.reveal()) { Ok(Terms { integration: id, tenant, pass, user }) } else { Err(none.into()) }
}

/// What a person is shown after a verification; nothing where no pass follows it.
pub async fn offered(
    tx: &mut Tx,
    verification: &Verification,
    journey: &Journey,
    now: Timestamp,
) -> Result<Option<Offered>> {
    match terms(tx, verification, journey, now).await {
        Ok(_) => {}
        Err(super::Error::Refused(_)) => return Ok(None),
        Err(error) => return Err(error),
    }
    let past = Past::of(&tx.events(verification.id.as_str(), 0).await?, now);
    let may_request = past.allow().is_ok();
    Ok(Some(Offered { standing: past.standing, may_request }))
}

/// What is needed to ask for a pass.
pub struct Order {
    organization: OrganizationId,
    verification: VerificationId,
    claim: [u8; 32],
    asked_at: Timestamp,
    /// The place of the request in the chain.
    asked: u64,
    /// The integration.
    pub integration: IntegrationId,
    /// The tenant.
    pub tenant: Tenant,
    /// What the application proves itself by there.
    pub client: ClientCredential,
    /// Which pass.
    pub pass: Pass,
    /// The user's id or principal name.
    pub user: Private<String>,
    /// What was read on the document.
    pub facts: DocumentFacts,
}

fn happened(kind: &'static str, integration: &IntegrationId, mut data: Value) -> Happening {
    if let Some(data) = data.as_object_mut() {
        data.insert("integration".to_owned(), json!(integration));
    }
    Happening::new(kind, data)
}

async fn is_active(tx: &mut Tx, claim: &[u8; 32]) -> Result<bool> {
    Ok(tx.claim(claim).await?.is_some_and(|claim| claim.active))
}

/// The person wants their pass. Of two clicks one is refused, also on two servers. Nothing where it has failed at once.
pub async fn request(ipse: &Ipse, session: &Session) -> Result<Option<Order>> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&session.organization).await?;
    let mut in_hand = hold(&mut tx, &session.verification.id).await?;
    if !is_active(&mut tx, &session.claim.hash).await? {
        return Err(Refusal::ClaimedElsewhere.into());
    }
    let InHand { verification, journey, .. } = &in_hand;
    let Terms { integration, tenant, pass, user } = terms(&mut tx, verification, journey, now).await?;
    let id = verification.id.clone();
    Past::of(&tx.events(id.as_str(), 0).await?, now).allow()?;
    let data = json!({ "minutes": pass.minutes });
    in_hand.note(&mut tx, &Actor::Subject, happened(REQUESTED, &integration, data), now).await?;
    let asked = in_hand.head.sequence;
    let client = client(&mut tx, &integration).await?;
    let facts = tx.facts(&id).await?;
    let (Some(client), Some(facts)) = (client, facts) else {
        let data = json!({ "failure": MISCONFIGURED });
        in_hand.note(&mut tx, &Actor::System, happened(FAILED, &integration, data), now).await?;
        ipse.commit(tx, &in_hand.verification).await?;
        return Ok(None);
    };
    ipse.commit(tx, &in_hand.verification).await?;
    Ok(Some(Order {
        organization: session.organization.clone(),
        verification: id,
        claim: session.claim.hash,
        asked_at: now,
        asked,
        integration,
        tenant,
        client,
        pass,
        user,
        facts,
    }))
}

/// Writes what was answered to an order. A pass comes back once it is on record; nothing where there is none to show.
pub async fn answered(
    ipse: &Ipse,
    order: &Order,
    answer: std::result::Result<Private<String>, &'static str>,
) -> Result<Option<Private<String>>> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&order.organization).await?;
    let mut in_hand = hold(&mut tx, &order.verification).await?;
    let past = Past::of(&tx.events(order.verification.as_str(), 0).await?, now);
    if past.standing != Standing::UnderWay || past.asked != order.asked {
        // It took so long that another one may have been asked for.
        return Ok(None);
    }
    // They may have left, or their data be gone, since it was asked for.
    let still = match terms(&mut tx, &in_hand.verification, &in_hand.journey, order.asked_at).await {
        Ok(still) => still.integration == order.integration && is_active(&mut tx, &order.claim).await?,
        Err(super::Error::Refused(_)) => false,
        Err(error) => return Err(error),
    };
    let answer = answer.and_then(|pass| if still { Ok(pass) } else { Err(WITHDRAWN) });
    let (kind, data) = match &answer {
        Ok(_) => (ISSUED, json!({ "minutes": order.pass.minutes })),
        Err(why) => (FAILED, json!({ "failure": why })),
    };
    in_hand.note(&mut tx, &Actor::System, happened(kind, &order.integration, data), now).await?;
    ipse.commit(tx, &in_hand.verification).await?;
    Ok(answer.ok())
}
