//! Presentations: a Verified ID from the person's wallet as the evidence of a verification, asked for through an Entra tenant
//! on our behalf. What the tenant says of it is kept as a finding for the checks, and nothing more of the credential.

use super::capture::Session;
use super::credentials::{Heard, MISCONFIGURED, UNAVAILABLE, client};
use super::integrations::{Integration, System};
use super::verifications::{InHand, Request, hold, open};
use super::{Caller, Result};
use crate::random;
use crate::state::Ipse;
use ipse_connectors::entra::{ClientCredential, Presented, Tenant, ToldOfPresentation};
use ipse_core::Refusal;
use ipse_core::event::Actor;
use ipse_core::id::{IntegrationId, PresentationId, VerificationId};
use ipse_core::journey::Rules;
use ipse_core::presentation::{
    Disclosed, MOST_REQUESTS, News, Presentation, PresentationPolicy, PresentationState, may_request,
};
use ipse_core::verification::{Command, State, Verification};
use ipse_store::Tx;
use ipse_store::due::DueRequest;
use ipse_store::links::LinkKind;
use jiff::Timestamp;
use subtle::ConstantTimeEq as _;

/// What a person is shown of what their wallet is to present.
pub struct Presenting {
    /// The last try, if there was one.
    pub presentation: Option<Presentation>,
    /// What a wallet can open now.
    pub link: Option<String>,
    /// Whether it may be asked for anew.
    pub may_request: bool,
}

impl Presenting {
    /// Where it stands, for pages that follow along.
    pub fn state(&self) -> Option<PresentationState> {
        self.presentation.as_ref().map(|presentation| presentation.state)
    }
}

/// What a person is shown while a credential is evidence; nothing where none is.
pub async fn presenting(
    tx: &mut Tx,
    verification: &Verification,
    rules: &Rules,
    now: Timestamp,
) -> Result<Option<Presenting>> {
    if rules.presentation.is_none() || !verification.state.accepts_evidence() {
        return Ok(None);
    }
    let before = tx.presentations(&verification.id).await?;
    let may_request = may_request(verification, &before, now).is_ok();
    // One that was taken back is of another link, and one of an earlier attempt was judged.
    let of_now =
        |last: &Presentation| last.attempt == verification.attempts + 1 && last.state != PresentationState::Withdrawn;
    let presentation = before.into_iter().next_back().filter(of_now);
    let is_open = presentation.as_ref().is_some_and(|presentation| presentation.state.is_open());
    let link = match &presentation {
        Some(presentation) if is_open => tx.presentation_offer(presentation).await?,
        _ => None,
    };
    Ok(Some(Presenting { presentation, link, may_request: may_request && !is_open }))
}

/// Who asks for what a journey wants to be presented: the tenant that it names, or the only one.
async fn asker(tx: &mut Tx, policy: &PresentationPolicy) -> Result<IntegrationId> {
    let mut tenants = tx.list_integrations::<Integration>().await?;
    tenants.retain(|known| matches!(known.system, System::Entra(_)));
    tenants.retain(|known| policy.integration.as_ref().is_none_or(|wanted| known.id == *wanted));
    match tenants.as_slice() {
        [only] => Ok(only.id.clone()),
        _ => {
            let expected =
                "must ask through an Entra tenant that is set up: name its integration where there are several";
            Err(Refusal::invalid("presentation.integration", expected).into())
        }
    }
}

impl InHand {
    /// Writes what news make of a presentation; false where they say nothing new.
    async fn hear_of_presentation(
        &mut self,
        tx: &mut Tx,
        one: &mut Presentation,
        news: News<'_>,
        now: Timestamp,
    ) -> Result<bool> {
        let Some((next, happened)) = one.hear(news, now) else { return Ok(false) };
        tx.update_presentation(&next).await?;
        *one = next;
        if let Some(happened) = happened {
            self.note(tx, &Actor::System, happened, now).await?;
        }
        Ok(true)
    }

    /// Stores that a credential is wanted, for the job to ask for it. Two clicks are one.
    async fn want(&mut self, tx: &mut Tx, actor: &Actor, now: Timestamp) -> Result<()> {
        let mut before = tx.presentations(&self.verification.id).await?;
        for late in before.iter_mut().filter(|one| now >= one.expires_at) {
            self.hear_of_presentation(tx, late, News::Over, now).await?;
        }
        if before.iter().any(|one| one.state.is_open()) {
            return Ok(());
        }
        let policy = self.journey.rules.presentation.as_ref().ok_or(Refusal::NotInJourney("a presentation"))?;
        may_request(&self.verification, &before, now)?;
        let asker = asker(tx, policy).await?;
        let id = PresentationId::new(now, random::entropy());
        let (presentation, happened) = Presentation::request(id, &self.verification, asker, now);
        tx.insert_presentation(&presentation).await?;
        self.note(tx, actor, happened, now).await
    }
}

/// The person wants to show their credential.
pub async fn request(ipse: &Ipse, session: &Session) -> Result<()> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&session.organization).await?;
    let mut in_hand = hold(&mut tx, &session.verification.id).await?;
    if !tx.claim(&session.claim.hash).await?.is_some_and(|claim| claim.active) {
        return Err(Refusal::ClaimedElsewhere.into());
    }
    in_hand.want(&mut tx, &Actor::Subject, now).await?;
    ipse.commit(tx, &in_hand.verification).await?;
    ipse.presentations.notify_one();
    Ok(())
}

/// Opens a verification whose credential is asked for at once, by a caller who shows the person what to open. It has no
/// link of ours.
pub async fn open_for_wallet(ipse: &Ipse, tx: &mut Tx, caller: &Caller, wanted: Request) -> Result<Verification> {
    let now = ipse.clock.now();
    let opened = open(ipse, tx, caller, wanted).await?;
    let mut in_hand = hold(tx, &opened.verification.id).await?;
    tx.delete_links(LinkKind::Invitation, &opened.verification.id).await?;
    in_hand.apply(tx, &Command::AskWallet, &caller.actor, now).await?;
    in_hand.want(tx, &caller.actor, now).await?;
    Ok(in_hand.verification)
}

/// Asks anew for a credential that a caller asked for at once, where the last request came to nothing. Where the person has
/// a link of ours they ask themselves: a code is shown to whoever holds that, and to nobody else.
pub async fn ask_again(ipse: &Ipse, caller: &Caller, id: &VerificationId) -> Result<()> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let mut in_hand = hold(&mut tx, id).await?;
    if tx.presentations(id).await?.is_empty() || tx.has_link(id).await? {
        return Err(Refusal::NotFound("presentation").into());
    }
    in_hand.want(&mut tx, &caller.actor, now).await?;
    ipse.commit(tx, &in_hand.verification).await?;
    ipse.presentations.notify_one();
    Ok(())
}

/// What a caller is told of a credential that was asked for at once.
pub enum Asked {
    /// Nobody has answered yet.
    Waiting,
    /// This is what a wallet opens, so long.
    Offered(String, Timestamp),
    /// There is nothing for a wallet any more.
    Over,
    /// There never was.
    Refused,
}

/// How far a credential is that a caller asked for, and its verification.
pub async fn asked(ipse: &Ipse, caller: &Caller, id: &VerificationId) -> Result<(Verification, Asked)> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    let verification = tx.verification(id).await?.ok_or(Refusal::NotFound("verification"))?;
    let Some(last) = tx.presentations(id).await?.pop() else { return Err(Refusal::NotFound("presentation").into()) };
    let asked = match tx.presentation_offer(&last).await? {
        Some(link) => Asked::Offered(link, last.expires_at),
        // A wallet that is faster than the answer does not make it any later.
        None if last.state.is_open() => Asked::Waiting,
        None if failed_here(&last) => Asked::Refused,
        None => Asked::Over,
    };
    Ok((verification, asked))
}

/// What is needed to ask a tenant for a presentation.
pub struct Order {
    /// Which presentation.
    pub id: PresentationId,
    /// The integration.
    pub integration: IntegrationId,
    /// The tenant.
    pub tenant: Tenant,
    /// What the application proves itself by there.
    pub client: ClientCredential,
    /// Who asks, in words.
    pub organization: String,
    /// What for, in words.
    pub purpose: String,
    /// What is wanted.
    pub policy: PresentationPolicy,
    /// With what the tenant tells of this presentation.
    pub api_key: String,
}

/// Takes what is due: an order for this server alone, or nothing where there is none, or no more.
pub async fn take(ipse: &Ipse, due: &DueRequest<PresentationId>) -> Result<Option<Order>> {
    let (id, of) = (&due.id, &due.verification);
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&due.organization).await?;
    let mut in_hand = hold(&mut tx, of).await?;
    let Some(mut one) = tx.presentations(of).await?.into_iter().find(|one| one.id == *id) else { return Ok(None) };
    if now >= one.expires_at || in_hand.verification.state != State::InProgress {
        in_hand.hear_of_presentation(&mut tx, &mut one, News::Over, now).await?;
        ipse.commit(tx, &in_hand.verification).await?;
        return Ok(None);
    }
    let (api_key, key_hash) = random::token();
    if !tx.lease_presentation(id, &key_hash, now, one.expires_at).await? {
        return Ok(None);
    }
    let integration = tx.integration::<Integration>(&one.integration).await?;
    let system = integration.map(|integration| integration.system);
    let client = client(&mut tx, &one.integration).await?;
    let policy = in_hand.journey.rules.presentation.clone();
    let (Some(System::Entra(tenant)), Some(client), Some(policy)) = (system, client, policy) else {
        in_hand.hear_of_presentation(&mut tx, &mut one, News::Failed(MISCONFIGURED), now).await?;
        ipse.commit(tx, &in_hand.verification).await?;
        return Ok(None);
    };
    let name = tx.own_organization().await?.settings.name;
    tx.commit().await?;
    Ok(Some(Order {
        id: one.id,
        integration: one.integration,
        organization: name,
        purpose: in_hand.verification.purpose,
        tenant,
        client,
        policy,
        api_key,
    }))
}

/// Writes what a tenant answered to an order: a link for a wallet and its end, or why there is none.
pub async fn answered(
    ipse: &Ipse,
    due: &DueRequest<PresentationId>,
    answer: std::result::Result<(String, Timestamp), &'static str>,
) -> Result<()> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&due.organization).await?;
    let mut in_hand = hold(&mut tx, &due.verification).await?;
    let all = tx.presentations(&due.verification).await?;
    let Some(mut one) = all.into_iter().find(|one| one.id == due.id) else { return Ok(()) };
    let news = match &answer {
        Ok((_, until)) => News::Offered(*until),
        Err(why) => News::Failed(why),
    };
    if !in_hand.hear_of_presentation(&mut tx, &mut one, news, now).await? {
        return Ok(());
    }
    if let Ok((link, _)) = &answer {
        tx.set_presentation_offer(&one, link).await?;
    }
    ipse.commit(tx, &in_hand.verification).await
}

/// Hears what a tenant tells of a presentation, if it comes with the presentation's key.
pub async fn hear(ipse: &Ipse, told: &ToldOfPresentation<'_>, api_key: &str) -> Result<Heard> {
    let Ok(id) = told.state.parse::<PresentationId>() else { return Ok(Heard::Unknown) };
    let Some((organization, of)) = ipse.store.locate_presentation(&id).await? else { return Ok(Heard::Unknown) };
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&organization).await?;
    let mut in_hand = hold(&mut tx, &of).await?;
    let expected = tx.presentation_key(&id).await?;
    let given = random::sha256(api_key.as_bytes());
    if !expected.is_some_and(|expected| bool::from(expected.ct_eq(&given))) {
        return Ok(Heard::NotBelieved);
    }
    let (this, others): (Vec<_>, Vec<_>) = tx.presentations(&of).await?.into_iter().partition(|one| one.id == id);
    let Some(mut this) = this.into_iter().next() else { return Ok(Heard::Unknown) };
    let verification = &in_hand.verification;
    let counts = verification.state.accepts_evidence()
        && now < verification.expires_at
        && this.attempt == verification.attempts + 1;
    let (news, disclosed) = match told.progress() {
        // Whatever it is: it is too late, or was taken back.
        Some(_) if !counts => (News::Over, None),
        Some(Presented::Retrieved) => (News::Retrieved, None),
        Some(Presented::Verified(disclosed)) => (News::Verified, disclosed),
        Some(Presented::Failed(why)) => (News::Failed(why), None),
        None => {
            tracing::warn!(presentation = %id, "Entra told something of a presentation that this server does not know");
            return Ok(Heard::Yes);
        }
    };
    if !in_hand.hear_of_presentation(&mut tx, &mut this, news, now).await? {
        return Ok(Heard::Yes);
    }
    let mut complete = false;
    if news == News::Verified {
        if let (Some(disclosed), Some(policy)) = (disclosed, &in_hand.journey.rules.presentation) {
            tx.set_disclosed(&this, &disclosed.under(policy, now)).await?;
        }
        // An offer that was made since, because this one seemed to be over, is not shown any more.
        for mut other in others {
            in_hand.hear_of_presentation(&mut tx, &mut other, News::Withdrawn, now).await?;
        }
        complete = true;
    } else if this.state == PresentationState::Failed {
        let in_wallet = |one: &&Presentation| one.state == PresentationState::Failed && !failed_here(one);
        let failed = others.iter().chain([&this]).filter(|one| one.attempt == this.attempt).filter(in_wallet);
        // With nothing to show for it, the checks say so.
        complete = failed.count() >= (in_hand.journey.rules.max_attempts as usize).min(MOST_REQUESTS);
    }
    if complete {
        in_hand.apply(&mut tx, &Command::Submit, &Actor::Subject, now).await?;
    }
    ipse.commit(tx, &in_hand.verification).await?;
    if complete {
        ipse.examine.notify_one();
    }
    Ok(Heard::Yes)
}

/// Whether it failed before any wallet saw it.
fn failed_here(one: &Presentation) -> bool {
    one.failure.as_deref().is_some_and(|why| [UNAVAILABLE, MISCONFIGURED].contains(&why))
}

/// Takes back whatever a wallet could still present: it may be another's who opened the old link.
pub(super) async fn withdraw(tx: &mut Tx, in_hand: &mut InHand, now: Timestamp) -> Result<()> {
    for mut one in tx.presentations(&in_hand.verification.id).await? {
        in_hand.hear_of_presentation(tx, &mut one, News::Withdrawn, now).await?;
    }
    Ok(())
}

/// What was disclosed in the attempt that is judged.
pub(super) async fn disclosed(tx: &mut Tx, verification: &Verification) -> Result<Option<Disclosed>> {
    let all = tx.presentations(&verification.id).await?;
    let of_attempt =
        |one: &&Presentation| one.attempt == verification.attempts && one.state == PresentationState::Verified;
    match all.iter().rev().find(of_attempt) {
        Some(one) => Ok(tx.disclosed(one).await?),
        None => Ok(None),
    }
}
