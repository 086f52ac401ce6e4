//! Credentials: after a success of a journey, one for the person's own wallet, issued by an Entra tenant on our word. What
//! it says is read when it is requested, sent once, and kept nowhere.

use super::capture::Session;
use super::examine::is_lasting;
use super::integrations::{Integration, System};
use super::verifications::{InHand, hold};
use super::{Caller, Result, faces, record, revocations, subjects};
use crate::random;
use crate::state::Ipse;
use ipse_connectors::entra::{ClientCredential, Known, Progress, Tenant, Told, encode_picture};
use ipse_core::event::{Actor, Happening};
use ipse_core::id::{IntegrationId, IssuanceId};
use ipse_core::issuance::{Issuance, IssuanceState, News, holds, may_request, may_revoke};
use ipse_core::journey::Journey;
use ipse_core::verification::{Device, State, Verification};
use ipse_core::{Private, Refusal};
use ipse_store::Tx;
use ipse_store::due::DueRequest;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use subtle::ConstantTimeEq as _;

/// What went wrong on our side of a request, as the audit trail and the page have it.
pub const UNAVAILABLE: &str = "unavailable";
/// The same, where an administrator has to mend something.
pub const MISCONFIGURED: &str = "misconfigured";

/// Keeps what an Entra application proves itself by.
pub async fn set_client(ipse: &Ipse, caller: &Caller, id: &IntegrationId, client: &ClientCredential) -> Result<()> {
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let known = tx.hold_integration::<Integration>(id).await?;
    if !known.is_some_and(|known| matches!(known.system, System::Entra(_))) {
        return Err(Refusal::NotFound("integration of that kind").into());
    }
    tx.set_integration_secrets(id, client).await?;
    let data = json!({ "integration": id });
    record::organization(&mut tx, &caller.actor, "integration.secrets_renewed", data, ipse.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// What an Entra application proves itself by, if it is set.
pub async fn client(tx: &mut Tx, id: &IntegrationId) -> Result<Option<ClientCredential>> {
    Ok(tx.integration_secrets(id).await?)
}

/// What a wallet opens, and what is to be typed there.
#[derive(Serialize, Deserialize)]
pub struct Offer {
    /// The link.
    pub link: String,
    /// The PIN, where two devices are used.
    pub pin: Option<String>,
}

/// What a person is shown of their credential.
pub struct Wallet {
    /// The last issuance, if there was one: the one that was issued before any other.
    pub issuance: Option<Issuance>,
    /// What a wallet can open now.
    pub offer: Option<Offer>,
    /// Whether one may be requested.
    pub may_request: bool,
}

impl Wallet {
    /// Where it stands, for pages that follow along.
    pub fn state(&self) -> Option<IssuanceState> {
        self.issuance.as_ref().map(|issuance| issuance.state)
    }

    /// Whether something is about to change.
    pub fn is_open(&self) -> bool {
        self.state().is_some_and(IssuanceState::is_open)
    }
}

/// Who issues after a journey.
pub(super) async fn issuer(tx: &mut Tx, journey: &Journey) -> Result<Option<Integration>> {
    if !journey.rules.asks_for_document() {
        // A face that is known says no name, and what somebody else vouched for is not vouched for again.
        return Ok(None);
    }
    let known = tx.list_integrations::<Integration>().await?;
    Ok(known.into_iter().find(|known| known.journey == journey.key && matches!(known.system, System::Entra(_))))
}

/// What a person is shown after a verification; nothing where no credential follows it.
pub async fn wallet(
    tx: &mut Tx,
    verification: &Verification,
    journey: &Journey,
    now: Timestamp,
) -> Result<Option<Wallet>> {
    if verification.state != State::Succeeded || verification.redacted_at.is_some() {
        return Ok(None);
    }
    let mut issuances = tx.issuances(&verification.id).await?;
    let allowed = may_request(verification, &issuances, now).is_ok()
        && issuer(tx, journey).await?.is_some()
        && !subjects::has_left_since(tx, verification).await?;
    let issued = issuances.iter().position(|one| one.state.was_issued());
    let issuance = match issued {
        Some(place) => Some(issuances.swap_remove(place)),
        None => issuances.pop(),
    };
    let is_open = issuance.as_ref().is_some_and(|issuance| issuance.state.is_open());
    if issuance.is_none() && !allowed {
        return Ok(None);
    }
    let offer = match &issuance {
        Some(issuance) if is_open => tx.offer(issuance).await?,
        _ => None,
    };
    Ok(Some(Wallet { issuance, offer, may_request: allowed && !is_open }))
}

impl InHand {
    /// Writes what happened to its credential.
    pub(super) async fn note(&mut self, tx: &mut Tx, actor: &Actor, happened: Happening, now: Timestamp) -> Result<()> {
        let rules = &self.journey.rules;
        self.head = record::save(tx, &self.verification, self.head, actor, &[happened], rules, now).await?;
        Ok(())
    }

    /// Writes what news make of an issuance; false where they say nothing new.
    pub(super) async fn hear(
        &mut self,
        tx: &mut Tx,
        issuance: &mut Issuance,
        news: News<'_>,
        now: Timestamp,
    ) -> Result<bool> {
        self.hear_because(tx, issuance, news, &Actor::System, now).await
    }

    /// The same, where somebody's will is the news.
    pub(super) async fn hear_because(
        &mut self,
        tx: &mut Tx,
        issuance: &mut Issuance,
        news: News<'_>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool> {
        let Some((next, happened)) = issuance.hear(news, now) else { return Ok(false) };
        tx.update_issuance(&next).await?;
        *issuance = next;
        if let Some(happened) = happened {
            self.note(tx, actor, happened, now).await?;
        }
        Ok(true)
    }
}

/// The person wants their credential. Two clicks are one.
pub async fn request(ipse: &Ipse, session: &Session, device: Device) -> Result<()> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&session.organization).await?;
    let mut in_hand = hold(&mut tx, &session.verification.id).await?;
    if !tx.claim(&session.claim.hash).await?.is_some_and(|claim| claim.active) {
        return Err(Refusal::ClaimedElsewhere.into());
    }
    let mut before = tx.issuances(&in_hand.verification.id).await?;
    for late in before.iter_mut().filter(|one| now >= one.expires_at) {
        in_hand.hear(&mut tx, late, News::Over, now).await?;
    }
    if before.iter().any(|one| one.state.is_open()) {
        return Ok(());
    }
    may_request(&in_hand.verification, &before, now)?;
    if subjects::has_left_since(&mut tx, &in_hand.verification).await? {
        return Err(Refusal::Expired("success").into());
    }
    let issuer = issuer(&mut tx, &in_hand.journey).await?.ok_or(Refusal::NotInJourney("a credential"))?;
    let id = IssuanceId::new(now, random::entropy());
    let two_devices = device == Device::Desktop;
    let (issuance, happened) = Issuance::request(id, &in_hand.verification, issuer.id, two_devices, now);
    tx.insert_issuance(&issuance).await?;
    in_hand.note(&mut tx, &Actor::Subject, happened, now).await?;
    ipse.commit(tx, &in_hand.verification).await?;
    ipse.issuances.notify_one();
    Ok(())
}

/// What is needed to request a credential from a tenant.
pub struct Order {
    /// Which issuance.
    pub id: IssuanceId,
    /// The integration.
    pub integration: IntegrationId,
    /// The tenant.
    pub tenant: Tenant,
    /// What the application proves itself by there.
    pub client: ClientCredential,
    /// Who issues, in words.
    pub organization: String,
    /// What is told of the person.
    pub claims: Private<BTreeMap<String, String>>,
    /// With what the tenant tells of this issuance.
    pub api_key: String,
    /// Whether a PIN is needed.
    pub two_devices: bool,
}

/// What is due: for this server alone.
pub enum Task {
    /// A credential is to be requested.
    Request(Order),
    /// One is to be revoked.
    Revoke(revocations::Order),
}

/// Adds the person's picture to what is told, where the credential is to carry one and there is one. Reading it takes a while,
/// so nothing waits for it but this order.
pub async fn add_picture(
    ipse: &Ipse,
    due: &DueRequest<IssuanceId>,
    mut order: Order,
) -> std::result::Result<Order, &'static str> {
    let Some(claim) = order.tenant.picture().map(str::to_owned) else { return Ok(order) };
    let picture = match faces::photo_of(ipse, &due.organization, &due.verification).await {
        Err(error) if is_lasting(&error) => {
            tracing::error!(%error, issuance = %due.id, "a credential goes without a picture");
            None
        }
        read => read.map_err(|_| UNAVAILABLE)?,
    };
    if let Some(picture) = picture {
        let mut claims = order.claims.into_inner();
        claims.insert(claim, encode_picture(&picture));
        order.claims = Private::new(claims);
    }
    Ok(order)
}

/// Takes what is due; nothing where there is none, or no more.
pub async fn take(ipse: &Ipse, due: &DueRequest<IssuanceId>) -> Result<Option<Task>> {
    let (id, of) = (&due.id, &due.verification);
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&due.organization).await?;
    let mut in_hand = hold(&mut tx, of).await?;
    let Some(mut issuance) = tx.issuance(id).await? else { return Ok(None) };
    if issuance.state == IssuanceState::Revoking {
        return Ok(revocations::take(ipse, tx, in_hand, issuance).await?.map(Task::Revoke));
    }
    // A success may have been redacted, or have run out, since the person asked.
    let over = now >= issuance.expires_at
        || issuance.state == IssuanceState::Requested
            && (holds(&in_hand.verification, now).is_err()
                || subjects::has_left_since(&mut tx, &in_hand.verification).await?);
    if over {
        in_hand.hear(&mut tx, &mut issuance, News::Over, now).await?;
        ipse.commit(tx, &in_hand.verification).await?;
        return Ok(None);
    }
    let (api_key, key_hash) = random::token();
    if !tx.lease_issuance(id, &key_hash, now, issuance.expires_at).await? {
        return Ok(None);
    }
    let integration = tx.integration::<Integration>(&issuance.integration).await?;
    let system = integration.map(|integration| integration.system);
    let client = client(&mut tx, &issuance.integration).await?;
    let facts = tx.facts(of).await?;
    let facts = facts.filter(|facts| !facts.identity.display_name().reveal().is_empty());
    let (Some(System::Entra(tenant)), Some(client), Some(facts)) = (system, client, facts) else {
        in_hand.hear(&mut tx, &mut issuance, News::Failed(MISCONFIGURED), now).await?;
        ipse.commit(tx, &in_hand.verification).await?;
        return Ok(None);
    };
    let verified_at = in_hand.verification.finished_at.unwrap_or(now).to_zoned(TimeZone::UTC).date();
    let assurance = in_hand.verification.proven().unwrap_or_default();
    let claims = tenant.told(&Known { facts: &facts, assurance, on: verified_at, of });
    issuance.contract = tenant.finds_under().map(str::to_owned);
    tx.update_issuance(&issuance).await?;
    let name = tx.own_organization().await?.settings.name;
    tx.commit().await?;
    Ok(Some(Task::Request(Order {
        id: issuance.id,
        integration: issuance.integration,
        two_devices: issuance.two_devices,
        organization: name,
        tenant,
        client,
        claims,
        api_key,
    })))
}

/// Writes what a tenant answered to an order: an offer and its end, or why there is none.
pub async fn answered(
    ipse: &Ipse,
    due: &DueRequest<IssuanceId>,
    answer: std::result::Result<(Offer, Timestamp), &'static str>,
) -> Result<()> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&due.organization).await?;
    let mut in_hand = hold(&mut tx, &due.verification).await?;
    let Some(mut issuance) = tx.issuance(&due.id).await? else { return Ok(()) };
    let news = match &answer {
        Ok((_, until)) => News::Offered(*until),
        Err(why) => News::Failed(why),
    };
    if !in_hand.hear(&mut tx, &mut issuance, news, now).await? {
        return Ok(());
    }
    if let Ok((offer, _)) = &answer {
        tx.set_offer(&issuance, offer).await?;
    }
    ipse.commit(tx, &in_hand.verification).await
}

/// What became of something told of an issuance, or of a presentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It was understood, or is none of our business.
    Yes,
    /// It is of no issuance of ours.
    Unknown,
    /// It came without the issuance's key.
    NotBelieved,
}

/// Hears what a tenant tells of an issuance, if it comes with the issuance's key.
pub async fn hear(ipse: &Ipse, told: &Told, api_key: &str) -> Result<Heard> {
    let Ok(id) = told.state.parse::<IssuanceId>() else { return Ok(Heard::Unknown) };
    let Some((organization, of)) = ipse.store.locate_issuance(&id).await? else { return Ok(Heard::Unknown) };
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&organization).await?;
    let mut in_hand = hold(&mut tx, &of).await?;
    let expected = tx.issuance_key(&id).await?;
    let given = random::sha256(api_key.as_bytes());
    if !expected.is_some_and(|expected| bool::from(expected.ct_eq(&given))) {
        return Ok(Heard::NotBelieved);
    }
    let news = match told.progress {
        Some(Progress::Retrieved) => News::Retrieved,
        Some(Progress::Issued) => News::Issued,
        Some(Progress::Failed(why)) => News::Failed(why),
        None => {
            tracing::warn!(issuance = %id, "Entra told something of an issuance that this server does not know");
            return Ok(Heard::Yes);
        }
    };
    let (this, others): (Vec<_>, Vec<_>) = tx.issuances(&of).await?.into_iter().partition(|one| one.id == id);
    let mut changed = false;
    for mut issuance in this {
        changed = in_hand.hear(&mut tx, &mut issuance, news, now).await?;
        if changed && issuance.unwanted && may_revoke(&issuance).is_ok() {
            in_hand.want_revoked(&mut tx, &mut issuance, &Actor::System, now).await?;
            ipse.issuances.notify_one();
        }
    }
    if changed && news == News::Issued {
        // An offer that was made since, because this one seemed to be over, is not shown any more.
        for mut other in others {
            in_hand.hear(&mut tx, &mut other, News::Over, now).await?;
        }
    }
    if changed {
        ipse.commit(tx, &in_hand.verification).await?;
    }
    Ok(Heard::Yes)
}
