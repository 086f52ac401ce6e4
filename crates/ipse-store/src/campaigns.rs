//! Campaigns and their members. Where a member stands is not written down but follows from the verification's state, by
//! the rule of [`MemberState::of`]: there is nothing that could disagree.

use crate::db::{Lock, Row, Value, values_of};
use crate::organizations::json;
use crate::{Error, Result, Tx};
use ipse_core::Private;
use ipse_core::campaign::{Campaign, MemberState};
use ipse_core::id::{CampaignId, SubjectId, VerificationId};
use ipse_core::verification::State;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// How many subjects one statement takes.
const CHUNK: usize = 500;

/// Who is to be a member.
#[derive(Debug, Clone)]
pub enum Members {
    /// These.
    Ids(BTreeSet<SubjectId>),
    /// Those the caller knows by these ids.
    ExternalIds(Vec<Private<String>>),
    /// Whoever has this label now.
    Label(String),
}

/// Who became a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// How many did.
    pub members: usize,
    /// How many of those named are not known.
    pub unknown: usize,
}

/// A member of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub subject: SubjectId,
    /// The last verification that the campaign opened for them.
    pub verification: Option<VerificationId>,
    /// Where that stands.
    pub verification_state: Option<State>,
    /// When a link last left, or was refused.
    pub tried_at: Option<Timestamp>,
    /// The code of the refusal, if the last link was refused.
    pub refusal: Option<String>,
    /// When there may be something to do for them.
    pub next_at: Option<Timestamp>,
}

impl Member {
    /// Where they stand.
    pub const fn state(&self) -> MemberState {
        MemberState::of(self.verification_state, self.refusal.is_some())
    }
}

const MEMBER: &str = "m.subject, m.verification, (select v.state from verifications v where v.id = m.verification),
                      m.tried_at, m.refusal, m.next_at";

/// What [`MemberState::of`] is asked about, as one text.
const STANDING: &str = "coalesce((select v.state from verifications v where v.id = m.verification), '')
                        || case when m.refusal is null then '' else '!' end";

fn standings() -> impl Iterator<Item = (String, MemberState)> {
    let states = std::iter::once(None).chain(State::ALL.map(Some));
    states.flat_map(|state| {
        [("", false), ("!", true)].map(|(mark, refused)| {
            (format!("{}{mark}", state.map_or("", State::as_str)), MemberState::of(state, refused))
        })
    })
}

fn member(row: &Row) -> Result<Member> {
    let state = |text| State::parse(text).ok_or(Error::Corrupt("verifications"));
    let verification = row.optional_text(1)?.map(str::parse).transpose();
    Ok(Member {
        subject: row.parse(0)?,
        verification: verification.map_err(|_| Error::Corrupt("campaign_members"))?,
        verification_state: row.optional_text(2)?.map(state).transpose()?,
        tried_at: row.optional_instant(3)?,
        refusal: row.optional_text(4)?.map(str::to_owned),
        next_at: row.optional_instant(5)?,
    })
}

impl Tx {
    /// Stores a new campaign and its members, each with something to do at once.
    pub async fn insert_campaign(&mut self, campaign: &Campaign, members: &Members) -> Result<Added> {
        let sql = "insert into campaigns (id, organization, state, due_at, record) values ($1, $2, $3, $4, $5)";
        let values = values_of![
            campaign.id.as_str(),
            self.organization.as_str(),
            campaign.state.as_str(),
            campaign.due_at,
            json(campaign)?,
        ];
        self.db.execute(sql, values).await?;
        match members {
            Members::Label(label) => {
                let label = label.as_str().into();
                let members = self.insert_members(campaign, "subject_labels", "subject", "label", vec![label]).await?;
                Ok(Added { members, unknown: 0 })
            }
            Members::Ids(ids) => {
                let ids = ids.iter().map(|id| id.as_str().into()).collect();
                self.insert_known(campaign, "id", ids).await
            }
            Members::ExternalIds(external_ids) => {
                let mut hashes = BTreeSet::new();
                for external_id in external_ids {
                    hashes.insert(self.keyed_hash("subject", external_id.reveal()).await?);
                }
                self.insert_known(campaign, "external_hash", hashes.into_iter().map(Value::from).collect()).await
            }
        }
    }

    async fn insert_known(&mut self, campaign: &Campaign, column: &str, wanted: Vec<Value>) -> Result<Added> {
        let mut added = Added { members: 0, unknown: wanted.len() };
        for chunk in wanted.chunks(CHUNK) {
            let members = self.insert_members(campaign, "subjects", "id", column, chunk.to_vec()).await?;
            added = Added { members: added.members + members, unknown: added.unknown.saturating_sub(members) };
        }
        Ok(added)
    }

    /// Makes members of the organization's own subjects only, whoever is named.
    async fn insert_members(
        &mut self,
        campaign: &Campaign,
        table: &str,
        subject: &str,
        column: &str,
        wanted: Vec<Value>,
    ) -> Result<usize> {
        let mut values =
            vec![campaign.id.as_str().into(), self.organization.as_str().into(), campaign.created_at.into()];
        let places = placeholders(values.len(), wanted.len());
        values.extend(wanted);
        let sql = format!(
            "insert into campaign_members (campaign, subject, organization, next_at)
             select $1, {subject}, organization, $3 from {table} where organization = $2 and {column} in ({places})"
        );
        self.db.execute(&sql, &values).await?.try_into().map_err(|_| Error::Corrupt("campaign_members"))
    }

    /// A campaign.
    pub async fn campaign(&mut self, id: &CampaignId) -> Result<Option<Campaign>> {
        self.find_campaign(id, "").await
    }

    /// A campaign, held until the transaction ends.
    pub async fn hold_campaign(&mut self, id: &CampaignId) -> Result<Option<Campaign>> {
        let lock = self.db.lock(Lock::Wait);
        self.find_campaign(id, lock).await
    }

    async fn find_campaign(&mut self, id: &CampaignId, lock: &str) -> Result<Option<Campaign>> {
        let sql = format!("select record from campaigns where id = $1 and organization = $2{lock}");
        let row = self.db.row(&sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        row.map(|row| row.json(0)).transpose()
    }

    /// Writes back a campaign that is held and has ended: there is nothing to do for its members any more.
    pub async fn end_campaign(&mut self, campaign: &Campaign) -> Result<()> {
        let (id, own) = (campaign.id.as_str(), self.organization.as_str());
        let sql = "update campaigns set state = $1, record = $2 where id = $3 and organization = $4";
        self.db.defer(sql, values_of![campaign.state.as_str(), json(campaign)?, id, own]).await?;
        let sql = "update campaign_members set next_at = null
                   where campaign = $1 and organization = $2 and next_at is not null";
        self.db.defer(sql, values_of![id, own]).await
    }

    /// Campaigns, newest first, older than a cursor.
    pub async fn list_campaigns(&mut self, before: Option<&str>, limit: u32) -> Result<Vec<Campaign>> {
        let sql = "select record from campaigns where organization = $1 and ($2 = '' or id < $2)
                   order by id desc limit $3";
        let values = values_of![self.organization.as_str(), before.unwrap_or_default(), limit];
        let rows = self.db.rows(sql, values).await?;
        rows.iter().map(|row| row.json(0)).collect()
    }

    /// How many members of a campaign stand where, for every state in the order of [`MemberState::ALL`].
    pub async fn count_members(&mut self, campaign: &CampaignId) -> Result<Vec<(MemberState, u64)>> {
        let sql = format!(
            "select standing, count(*) from (select {STANDING} as standing from campaign_members m
             where m.campaign = $1 and m.organization = $2) counted group by standing"
        );
        let known: BTreeMap<String, MemberState> = standings().collect();
        let mut counts: BTreeMap<MemberState, u64> = BTreeMap::new();
        for row in self.db.rows(&sql, values_of![campaign.as_str(), self.organization.as_str()]).await? {
            let state = known.get(row.text(0)?).ok_or(Error::Corrupt("campaign_members"))?;
            *counts.entry(*state).or_default() += row.number::<u64>(1)?;
        }
        Ok(MemberState::ALL.map(|state| (state, counts.get(&state).copied().unwrap_or_default())).to_vec())
    }

    /// Members of a campaign who stand there, or all; the newest subject first.
    pub async fn list_members(
        &mut self,
        campaign: &CampaignId,
        state: Option<MemberState>,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Member>> {
        let mut values: Vec<Value> = vec![
            campaign.as_str().into(),
            self.organization.as_str().into(),
            before.unwrap_or_default().into(),
            limit.into(),
        ];
        let mut wanted = String::new();
        if let Some(state) = state {
            let standing = standings().filter(|(_, known)| *known == state).map(|(standing, _)| Value::from(standing));
            let standing: Vec<Value> = standing.collect();
            wanted = format!("and {STANDING} in ({})", placeholders(values.len(), standing.len()));
            values.extend(standing);
        }
        let sql = format!(
            "select {MEMBER} from campaign_members m where m.campaign = $1 and m.organization = $2
             and ($3 = '' or m.subject < $3) {wanted} order by m.subject desc limit $4"
        );
        let rows = self.db.rows(&sql, &values).await?;
        rows.iter().map(member).collect()
    }

    /// A member, held until the transaction ends: whoever else wants to send them a link waits.
    pub async fn hold_member(&mut self, campaign: &CampaignId, subject: &SubjectId) -> Result<Option<Member>> {
        let lock = self.db.lock(Lock::Wait);
        let sql = format!(
            "select {MEMBER} from campaign_members m
             where m.campaign = $1 and m.subject = $2 and m.organization = $3{lock}"
        );
        let values = values_of![campaign.as_str(), subject.as_str(), self.organization.as_str()];
        self.db.row(&sql, values).await?.as_ref().map(member).transpose()
    }

    /// Writes back a member that is held.
    pub async fn update_member(&mut self, campaign: &CampaignId, member: &Member) -> Result<()> {
        let sql = "update campaign_members set verification = $1, tried_at = $2, refusal = $3, next_at = $4
                   where campaign = $5 and subject = $6 and organization = $7";
        let values = values_of![
            member.verification.as_ref().map(VerificationId::as_str),
            member.tried_at,
            member.refusal.as_deref(),
            member.next_at,
            campaign.as_str(),
            member.subject.as_str(),
            self.organization.as_str(),
        ];
        self.db.defer(sql, values).await
    }
}

/// `$4, $5, $6`: so many places after so many.
fn placeholders(after: usize, count: usize) -> String {
    (after + 1..=after + count).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ")
}
