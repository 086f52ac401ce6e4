//! Revoking credentials: what is in a wallet is made good no more, by the tenant that issued it. It is found there by the
//! verification's id, so that also what was redacted here can be revoked.

use super::credentials::client;
use super::integrations::{Integration, System};
use super::verifications::{InHand, hold, reach};
use super::{Caller, Result};
use crate::app::credentials::MISCONFIGURED;
use crate::state::Ipse;
use ipse_connectors::entra::{ClientCredential, Revokes, Tenant};
use ipse_core::Refusal;
use ipse_core::event::Actor;
use ipse_core::id::{IssuanceId, SubjectId, VerificationId};
use ipse_core::issuance::{Issuance, News, may_revoke};
use ipse_store::Tx;
use ipse_store::due::DueRequest;
use ipse_store::issuances::CredentialFilter;
use jiff::{SignedDuration, Timestamp};

/// How long a server has to revoke one, before another tries; and until it is tried again where a problem may pass.
const TRIED_FOR: SignedDuration = SignedDuration::from_mins(5);
/// Until it is tried again where an administrator has to mend something.
const MENDED_IN: SignedDuration = SignedDuration::from_hours(1);

/// A page of what went into wallets, newest first.
pub async fn list(ipse: &Ipse, caller: &Caller, filter: &CredentialFilter, limit: u32) -> Result<Vec<Issuance>> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    let (mut found, mut filter) = (Vec::new(), filter.clone());
    loop {
        let read = tx.list_credentials(&filter, limit).await?;
        let is_last = read.len() < limit as usize;
        filter.before = read.last().map(|last| last.id.to_string());
        for issuance in read {
            let of = tx.verification(&issuance.verification).await?.ok_or(Refusal::NotFound("verification"))?;
            if reach(&mut tx, caller, &of).await.is_ok() {
                found.push(issuance);
            }
        }
        // What is not the caller's to know of makes no page shorter.
        if is_last || found.len() >= limit as usize {
            found.truncate(limit as usize);
            return Ok(found);
        }
    }
}

/// One credential.
pub async fn get(ipse: &Ipse, caller: &Caller, id: &IssuanceId) -> Result<Issuance> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    find(&mut tx, caller, id).await
}

/// One that went into a wallet and is the caller's to know of.
async fn find(tx: &mut Tx, caller: &Caller, id: &IssuanceId) -> Result<Issuance> {
    let missing = Refusal::NotFound("credential");
    let issuance = tx.issuance(id).await?.filter(|one| one.state.was_issued()).ok_or(missing.clone())?;
    let of = tx.verification(&issuance.verification).await?.ok_or(missing.clone())?;
    reach(tx, caller, &of).await.map_err(|_| missing)?;
    Ok(issuance)
}

/// Somebody wants a credential to be good no more. The tenant is asked as soon as may be, and until it has done so.
pub async fn revoke(ipse: &Ipse, caller: &Caller, id: &IssuanceId) -> Result<Issuance> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let of = find(&mut tx, caller, id).await?.verification;
    let mut in_hand = hold(&mut tx, &of).await?;
    // As it is now that nobody else changes it.
    let mut issuance = find(&mut tx, caller, id).await?;
    may_revoke(&issuance)?;
    if tx.integration::<Integration>(&issuance.integration).await?.is_none() {
        // Nobody could be asked.
        return Err(Refusal::NotFound("integration").into());
    }
    in_hand.want_revoked(&mut tx, &mut issuance, &caller.actor, now).await?;
    // Whatever else was issued for the same success is found by the same id.
    for mut other in tx.issuances(&of).await? {
        if may_revoke(&other).is_ok() {
            in_hand.want_revoked(&mut tx, &mut other, &caller.actor, now).await?;
        } else if !other.state.was_issued() {
            in_hand.hear_because(&mut tx, &mut other, News::Revoke, &caller.actor, now).await?;
        }
    }
    ipse.commit(tx, &in_hand.verification).await?;
    ipse.issuances.notify_one();
    Ok(issuance)
}

/// The same for the one that a verification led to.
pub async fn revoke_of(ipse: &Ipse, caller: &Caller, of: &VerificationId) -> Result<Issuance> {
    let filter = CredentialFilter { verification: Some(of.clone()), ..CredentialFilter::default() };
    let found = list(ipse, caller, &filter, 100).await?;
    let revocable = found.iter().find(|one| may_revoke(one).is_ok()).or(found.first());
    revoke(ipse, caller, &revocable.ok_or(Refusal::NotFound("credential"))?.id).await
}

impl InHand {
    /// Wants one to be good no more that is in a wallet, and asks for it at once.
    pub(super) async fn want_revoked(
        &mut self,
        tx: &mut Tx,
        issuance: &mut Issuance,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool> {
        let wanted = self.hear_because(tx, issuance, News::Revoke, actor, now).await?;
        if wanted {
            // Whoever requested it had it for longer than that took.
            tx.postpone_revocation(&issuance.id, now).await?;
        }
        Ok(wanted)
    }

    /// Wants its credentials to be good no more, where whoever issued them says so on such an occasion. How many.
    pub(super) async fn revoke_credentials(
        &mut self,
        tx: &mut Tx,
        actor: &Actor,
        occasion: fn(&Revokes) -> bool,
        now: Timestamp,
    ) -> Result<usize> {
        let mut count = 0;
        for mut issuance in tx.issuances(&self.verification.id).await? {
            let on_its_way = !issuance.state.was_issued();
            if !on_its_way && may_revoke(&issuance).is_err() {
                continue;
            }
            let issuer = tx.integration::<Integration>(&issuance.integration).await?;
            let revokes = issuer.is_some_and(|issuer| match &issuer.system {
                System::Entra(tenant) => occasion(&tenant.revokes),
                System::ServiceNow(_) | System::Salesforce(_) => false,
            });
            if revokes && on_its_way {
                self.hear_because(tx, &mut issuance, News::Revoke, actor, now).await?;
            } else if revokes && self.want_revoked(tx, &mut issuance, actor, now).await? {
                count += 1;
            }
        }
        Ok(count)
    }
}

/// The same for everything that was issued to a person who leaves. How many.
pub(super) async fn revoke_all(tx: &mut Tx, of: &SubjectId, actor: &Actor, now: Timestamp) -> Result<usize> {
    let mut verifications: Vec<VerificationId> =
        tx.issuances_to(of).await?.into_iter().map(|one| one.verification).collect();
    // Always in the same order, so that two who hold several never wait for each other.
    verifications.sort_unstable();
    verifications.dedup();
    let mut count = 0;
    for of in &verifications {
        let mut in_hand = hold(tx, of).await?;
        count += in_hand.revoke_credentials(tx, actor, |revokes| revokes.on_off_boarding, now).await?;
    }
    Ok(count)
}

/// What is needed to have a credential revoked.
pub struct Order {
    /// The tenant that issued it.
    pub tenant: Tenant,
    /// What the application proves itself by there.
    pub client: ClientCredential,
    /// The contract it was issued under.
    pub contract: String,
    /// What it carries, by which it is found there.
    pub verification: VerificationId,
}

/// Takes a revocation for this server alone.
pub(super) async fn take(
    ipse: &Ipse,
    mut tx: Tx,
    mut in_hand: InHand,
    mut issuance: Issuance,
) -> Result<Option<Order>> {
    let now = ipse.clock.now();
    if !tx.lease_revocation(&issuance.id, now, later(now, TRIED_FOR)).await? {
        return Ok(None);
    }
    let integration = tx.integration::<Integration>(&issuance.integration).await?;
    let client = client(&mut tx, &issuance.integration).await?;
    // Where it is not connected any more, there is nobody to be asked again.
    let again = if integration.is_some() { later(now, MENDED_IN) } else { Timestamp::MAX };
    let system = integration.map(|integration| integration.system);
    let (Some(System::Entra(tenant)), Some(client), Some(contract)) = (system, client, issuance.contract.clone())
    else {
        in_hand.hear(&mut tx, &mut issuance, News::NotRevoked(MISCONFIGURED), now).await?;
        tx.postpone_revocation(&issuance.id, again).await?;
        ipse.commit(tx, &in_hand.verification).await?;
        return Ok(None);
    };
    tx.commit().await?;
    Ok(Some(Order { tenant, client, contract, verification: issuance.verification }))
}

/// Writes what a tenant made of it: done, or why not, in a word.
pub async fn answered(
    ipse: &Ipse,
    due: &DueRequest<IssuanceId>,
    answer: std::result::Result<(), &'static str>,
) -> Result<()> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&due.organization).await?;
    let mut in_hand = hold(&mut tx, &due.verification).await?;
    let Some(mut issuance) = tx.issuance(&due.id).await? else { return Ok(()) };
    let news = match answer {
        Ok(()) => News::Revoked,
        Err(why) => News::NotRevoked(why),
    };
    if answer == Err(MISCONFIGURED) {
        tx.postpone_revocation(&issuance.id, later(now, MENDED_IN)).await?;
    }
    in_hand.hear(&mut tx, &mut issuance, news, now).await?;
    ipse.commit(tx, &in_hand.verification).await
}

fn later(now: Timestamp, time: SignedDuration) -> Timestamp {
    now.checked_add(time).unwrap_or(Timestamp::MAX)
}
