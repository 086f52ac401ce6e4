//! Campaigns: many subjects asked to verify again by a day, and reminded.

use super::verifications::{self, Opened, Request, Who};
use super::{Caller, Error, Result, record};
use crate::random;
use crate::state::Ipse;
use ipse_core::Refusal;
use ipse_core::campaign::{Campaign, CampaignState, Due, MOST_MEMBERS, MemberState};
use ipse_core::event::Actor;
use ipse_core::id::{CampaignId, OrganizationId, SubjectId};
use ipse_core::subject::is_label;
use ipse_core::verification::{Channel, Record, Requester};
use ipse_store::Tx;
use ipse_store::campaigns::{Member, Members};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// How many members, and how many campaigns, are looked at in one go.
const BATCH: u32 = 100;

/// What a caller gives to begin a campaign.
pub struct Plan {
    /// What people call it.
    pub name: String,
    /// A journey's id or key.
    pub journey: String,
    /// What the answers are for.
    pub purpose: String,
    /// How the links travel.
    pub delivery: Channel,
    /// Who is asked.
    pub members: Members,
    /// When it is over.
    pub due_at: Timestamp,
    /// How many days before that whoever has not answered is reminded.
    pub remind_days: Vec<u32>,
    /// On whose behalf, where the caller is a program.
    pub requester: Option<(Option<String>, String)>,
}

/// How many members stand where.
pub type Counts = Vec<(MemberState, u64)>;

/// Begins a campaign in a transaction of the caller's. The first links leave soon after it is committed.
pub async fn create(ipse: &Ipse, tx: &mut Tx, caller: &Caller, plan: Plan) -> Result<(Campaign, Counts)> {
    let now = ipse.clock.now();
    let journey = tx.current_journey(&plan.journey).await?.ok_or(Refusal::NotFound("journey"))?;
    let field = named(&plan.members)?;
    let (external_id, name) = plan.requester.unwrap_or_else(|| (None, caller.name.clone()));
    let campaign = Campaign {
        id: CampaignId::new(now, random::entropy()),
        name: plan.name,
        journey: journey.id,
        purpose: plan.purpose,
        delivery: plan.delivery,
        due_at: plan.due_at,
        remind_days: plan.remind_days,
        requester: Requester { actor: caller.actor.clone(), external_id, name },
        created_at: now,
        state: CampaignState::Open,
        ended_at: None,
    };
    let campaign = campaign.validated()?;
    // The chain's end is held before anything refers to the organization: two that begin at once would otherwise each
    // wait for the other.
    tx.organization_head().await?;
    let added = tx.insert_campaign(&campaign, &plan.members).await?;
    if added.unknown > 0 {
        return Err(Refusal::invalid(field, format!("{} of them are not known", added.unknown)).into());
    }
    if added.members == 0 || added.members > MOST_MEMBERS {
        return Err(Refusal::invalid(field, "must stand for 1 to 10,000 subjects").into());
    }
    let happening = campaign.begun(added.members);
    record::organization(tx, &caller.actor, happening.kind, happening.data, now).await?;
    let counts = tx.count_members(&campaign.id).await?;
    Ok((campaign, counts))
}

/// Refuses members that could not be asked for, and says which field names them.
fn named(members: &Members) -> Result<&'static str> {
    let (field, sound) = match members {
        Members::Ids(ids) => ("subjects", (1..=MOST_MEMBERS).contains(&ids.len())),
        Members::ExternalIds(ids) => ("external_ids", (1..=MOST_MEMBERS).contains(&ids.len())),
        Members::Label(label) => ("label", is_label(label)),
    };
    if sound { Ok(field) } else { Err(Refusal::invalid(field, "must name 1 to 10,000 subjects").into()) }
}

/// One campaign, and how many of its members stand where.
pub async fn get(ipse: &Ipse, caller: &Caller, id: &CampaignId) -> Result<(Campaign, Counts)> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    let campaign = tx.campaign(id).await?.ok_or(Refusal::NotFound("campaign"))?;
    let counts = tx.count_members(id).await?;
    Ok((campaign, counts))
}

/// A page of campaigns, newest first.
pub async fn list(ipse: &Ipse, caller: &Caller, before: Option<&str>, limit: u32) -> Result<Vec<(Campaign, Counts)>> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    let mut campaigns = Vec::new();
    for campaign in tx.list_campaigns(before, limit).await? {
        let counts = tx.count_members(&campaign.id).await?;
        campaigns.push((campaign, counts));
    }
    Ok(campaigns)
}

/// A page of a campaign's members.
pub async fn members(
    ipse: &Ipse,
    caller: &Caller,
    id: &CampaignId,
    state: Option<MemberState>,
    before: Option<&str>,
    limit: u32,
) -> Result<Vec<Member>> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    tx.campaign(id).await?.ok_or(Refusal::NotFound("campaign"))?;
    Ok(tx.list_members(id, state, before, limit).await?)
}

/// Takes a campaign back. Nobody is asked or reminded any more; links that have left stay good until they run out.
pub async fn cancel(ipse: &Ipse, caller: &Caller, id: &CampaignId) -> Result<(Campaign, Counts)> {
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let ended = end(ipse, &mut tx, id, &caller.actor, Campaign::cancel).await?;
    tx.commit().await?;
    Ok(ended)
}

async fn end(
    ipse: &Ipse,
    tx: &mut Tx,
    id: &CampaignId,
    actor: &Actor,
    how: impl FnOnce(&Campaign, &[(MemberState, u64)], Timestamp) -> ipse_core::campaign::Ended,
) -> Result<(Campaign, Counts)> {
    let now = ipse.clock.now();
    let campaign = tx.hold_campaign(id).await?.ok_or(Refusal::NotFound("campaign"))?;
    let counts = tx.count_members(id).await?;
    let (campaign, happening) = how(&campaign, &counts, now)?;
    tx.end_campaign(&campaign).await?;
    record::organization(tx, actor, happening.kind, happening.data, now).await?;
    Ok((campaign, counts))
}

/// Sends the links that are due and finishes the campaigns whose day has come; returns how many members were looked at.
/// Any number of servers may do this at once.
pub async fn advance(ipse: &Ipse) -> Result<usize> {
    let now = ipse.clock.now();
    for (organization, id) in ipse.store.due_to_finish(now, BATCH).await? {
        let finished = async {
            let mut tx = ipse.store.begin(&organization).await?;
            end(ipse, &mut tx, &id, &Actor::System, Campaign::finish).await?;
            Ok(tx.commit().await?)
        };
        match finished.await {
            // Refused: another server was faster.
            Ok(()) | Err(Error::Refused(_)) => {}
            Err(error) => {
                tracing::error!(%error, campaign = %id, "a campaign could not finish; it will be tried again");
            }
        }
    }
    let due = ipse.store.due_members(now, BATCH).await?;
    for (organization, id, subject) in &due {
        let Err(error) = ask(ipse, organization, id, subject).await else { continue };
        tracing::error!(%error, campaign = %id, %subject, "a member could not be asked; it will be tried again");
        // Later, so that a few that fail do not hold up all others.
        if let Err(error) = postpone(ipse, organization, id, subject).await {
            tracing::error!(%error, campaign = %id, "nor could it be put off");
        }
    }
    Ok(due.len())
}

/// Does what is due for a member, who is held meanwhile: whoever comes second finds nothing to do.
async fn ask(ipse: &Ipse, organization: &OrganizationId, id: &CampaignId, subject: &SubjectId) -> Result<()> {
    let mut tx = ipse.store.begin(organization).await?;
    let Some((campaign, member, due)) = take(ipse, &mut tx, id, subject).await? else { return Ok(()) };
    let now = ipse.clock.now();
    let caller = Caller {
        organization: organization.clone(),
        actor: campaign.requester.actor.clone(),
        name: campaign.requester.name.clone(),
    };
    let sent = match (due, &member.verification) {
        (Due::Nothing(next_at), _) => {
            tx.update_member(id, &Member { next_at, ..member }).await?;
            return Ok(tx.commit().await?);
        }
        (Due::Resend, Some(open)) => verifications::resend(ipse, &mut tx, &caller, open).await,
        (Due::Resend | Due::Open, _) => verifications::open(ipse, &mut tx, &caller, request(&campaign, subject)).await,
    };
    let next_at = campaign.next_reminder(now);
    match sent {
        Ok(Opened { verification, .. }) => {
            let verification_id = Some(verification.id.clone());
            let asked = Member { verification: verification_id, tried_at: Some(now), refusal: None, next_at, ..member };
            tx.update_member(id, &asked).await?;
            ipse.commit(tx, &verification).await
        }
        Err(Error::Refused(refusal)) => {
            // What was begun for them is undone; that they cannot be reached is kept.
            drop(tx);
            let mut tx = ipse.store.begin(organization).await?;
            let Some((_, member, Due::Open | Due::Resend)) = take(ipse, &mut tx, id, subject).await? else {
                return Ok(());
            };
            let refusal = Some(refusal.code().to_owned());
            tx.update_member(id, &Member { tried_at: Some(now), refusal, next_at, ..member }).await?;
            Ok(tx.commit().await?)
        }
        Err(error) => Err(error),
    }
}

/// Holds a member for whom something may be due, and asks what. Their verification is held too, so that nothing happens
/// to it between the question and the link.
async fn take(
    ipse: &Ipse,
    tx: &mut Tx,
    id: &CampaignId,
    subject: &SubjectId,
) -> Result<Option<(Campaign, Member, Due)>> {
    let now = ipse.clock.now();
    let Some(member) = tx.hold_member(id, subject).await? else { return Ok(None) };
    if member.next_at.is_none_or(|next| next > now) {
        return Ok(None);
    }
    let campaign = tx.campaign(id).await?.ok_or(Refusal::NotFound("campaign"))?;
    let latest = match &member.verification {
        Some(verification) => tx.hold_verification(verification).await?.map(|held| held.verification),
        None => None,
    };
    let due = campaign.due(member.tried_at, latest.as_ref(), now);
    Ok(Some((campaign, member, due)))
}

fn request(campaign: &Campaign, subject: &SubjectId) -> Request {
    let record = Record {
        system: "ipse".to_owned(),
        table: "campaign".to_owned(),
        id: campaign.id.to_string(),
        number: campaign.name.clone(),
    };
    Request {
        journey: campaign.journey.to_string(),
        subject: Who::Id(subject.clone()),
        may_change_subject: false,
        purpose: campaign.purpose.clone(),
        record: Some(record),
        requester: Some((campaign.requester.external_id.clone(), campaign.requester.name.clone())),
        delivery: campaign.delivery,
        return_url: None,
        metadata: BTreeMap::new(),
        language: None,
    }
}

async fn postpone(ipse: &Ipse, organization: &OrganizationId, id: &CampaignId, subject: &SubjectId) -> Result<()> {
    let mut tx = ipse.store.begin(organization).await?;
    if let Some((_, member, _)) = take(ipse, &mut tx, id, subject).await? {
        let next_at = ipse.clock.now().checked_add(SignedDuration::from_mins(10)).ok();
        tx.update_member(id, &Member { next_at, ..member }).await?;
        tx.commit().await?;
    }
    Ok(())
}
