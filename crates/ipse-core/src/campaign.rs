//! Campaigns: many subjects asked to verify again by a day, and reminded. Quarterly reviews of privileged access are
//! the reason they exist.
//!
//! A campaign opens an ordinary verification for each of its members and counts only those: what somebody showed
//! before it began, or for another purpose, is no answer to it. What is due for a member is a pure function of the
//! campaign, the member's last verification and the time.

use crate::Refusal;
use crate::event::Happening;
use crate::id::{CampaignId, JourneyId};
use crate::subject::bounded;
use crate::verification::{Channel, Requester, State, Verification};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The most members a campaign may have.
pub const MOST_MEMBERS: usize = 10_000;

/// The most reminders a campaign may send to a member.
pub const MOST_REMINDERS: usize = 5;

/// How far ahead a campaign may be due: at least an hour, at most 366 days.
const AHEAD: (SignedDuration, SignedDuration) = (SignedDuration::from_hours(1), SignedDuration::from_hours(24 * 366));

/// Many subjects asked to verify by a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// What people call it; 1 to 80 characters. Never personal data.
    pub name: String,
    /// Which journey; each verification takes the version that is current when it is opened.
    pub journey: JourneyId,
    /// What the answers are for, in words its members understand.
    pub purpose: String,
    /// How the links reach them: by e-mail or text message.
    pub delivery: Channel,
    /// When it is over.
    pub due_at: Timestamp,
    /// How many days before that whoever has not answered is reminded; the longest time first.
    pub remind_days: Vec<u32>,
    /// Who asked for it, and so for each of its verifications.
    pub requester: Requester,
    /// When it began.
    pub created_at: Timestamp,
    /// Where it stands.
    pub state: CampaignState,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// Where a campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignState {
    /// Its members are asked and reminded.
    Open,
    /// The day came.
    Finished,
    /// It was taken back.
    Cancelled,
}

impl CampaignState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Finished => "finished",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Where a member stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberState {
    /// The first link has not left yet.
    Waiting,
    /// A link left, and the answer is not there yet.
    Asked,
    /// It is them.
    Succeeded,
    /// It is not, or nothing shows that it is. They are not asked again by themselves.
    Failed,
    /// The last link or session ran out.
    Expired,
    /// They said that they did not ask for this.
    Declined,
    /// Somebody here took the verification back.
    Cancelled,
    /// No link can reach them, or the journey is not for them.
    Unreachable,
}

impl MemberState {
    /// Every state, in the order in which pages show them.
    pub const ALL: [Self; 8] = [
        Self::Succeeded,
        Self::Asked,
        Self::Waiting,
        Self::Failed,
        Self::Declined,
        Self::Expired,
        Self::Cancelled,
        Self::Unreachable,
    ];

    /// Where a member stands whose last verification has this state and whose last link could or could not be sent.
    pub const fn of(verification: Option<State>, refused: bool) -> Self {
        match (verification, refused) {
            // An answer counts, whatever became of a later link.
            (Some(State::Succeeded), _) => Self::Succeeded,
            (Some(State::Failed), _) => Self::Failed,
            (_, true) => Self::Unreachable,
            (None, false) => Self::Waiting,
            (Some(State::Expired), false) => Self::Expired,
            (Some(State::Declined), false) => Self::Declined,
            (Some(State::Cancelled), false) => Self::Cancelled,
            (
                Some(
                    State::Created
                    | State::LinkSent
                    | State::InProgress
                    | State::Processing
                    | State::RequiresInput
                    | State::PendingReview,
                ),
                false,
            ) => Self::Asked,
        }
    }

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Asked => "asked",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Unreachable => "unreachable",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// A campaign that has ended and what happened, or why not.
pub type Ended = Result<(Campaign, Happening), Refusal>;

/// What is to be done for a member now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Open a verification: the first, or another after one that ended without an answer.
    Open,
    /// Send a new link to the verification that is open.
    Resend,
    /// Nothing; look again then, if ever.
    Nothing(Option<Timestamp>),
}

impl Campaign {
    /// Checks a campaign that begins when it says it does, and puts its reminders in order.
    pub fn validated(mut self) -> Result<Self, Refusal> {
        bounded("name", &self.name, 1, 80)?;
        bounded("purpose", &self.purpose, 1, 200)?;
        bounded("requester.name", &self.requester.name, 1, 80)?;
        if let Some(id) = &self.requester.external_id {
            bounded("requester.id", id, 1, 255)?;
        }
        if self.delivery == Channel::None {
            return Err(Refusal::invalid("delivery", "must be email or sms"));
        }
        let ahead = self.due_at.duration_since(self.created_at);
        if ahead < AHEAD.0 || ahead > AHEAD.1 {
            return Err(Refusal::invalid("due_at", "must be 1 hour to 366 days ahead"));
        }
        self.remind_days.sort_unstable_by(|one, other| other.cmp(one));
        let given = self.remind_days.len();
        self.remind_days.dedup();
        let in_time = |days: &u32| *days > 0 && days_before(self.due_at, *days).is_some_and(|at| at > self.created_at);
        if given > MOST_REMINDERS || given != self.remind_days.len() || !self.remind_days.iter().all(in_time) {
            let expected = "at most five different numbers of days before the due date, each still to come";
            return Err(Refusal::invalid("remind_days", expected));
        }
        Ok(self)
    }

    /// What happened when it began with so many members.
    pub fn begun(&self, members: usize) -> Happening {
        let data = json!({
            "campaign": self.id, "journey": self.journey, "members": members, "due_at": self.due_at.to_string(),
            "remind_days": self.remind_days, "delivery": self.delivery,
        });
        Happening::new("campaign.created", data)
    }

    /// Ends it because the day came.
    pub fn finish(&self, counts: &[(MemberState, u64)], now: Timestamp) -> Ended {
        self.end(CampaignState::Finished, "campaign.finished", counts, now)
    }

    /// Takes it back.
    pub fn cancel(&self, counts: &[(MemberState, u64)], now: Timestamp) -> Ended {
        self.end(CampaignState::Cancelled, "campaign.cancelled", counts, now)
    }

    /// The counts are kept with the event: a late answer changes what the campaign shows, not what it came to.
    fn end(&self, state: CampaignState, kind: &'static str, counts: &[(MemberState, u64)], now: Timestamp) -> Ended {
        if self.state != CampaignState::Open {
            return Err(Refusal::Ended("campaign"));
        }
        let counts: serde_json::Map<String, serde_json::Value> =
            counts.iter().map(|(state, count)| (state.as_str().to_owned(), json!(count))).collect();
        let data = json!({ "campaign": self.id, "members": counts });
        Ok((Self { state, ended_at: Some(now), ..self.clone() }, Happening::new(kind, data)))
    }

    /// When the next reminder after an instant leaves.
    pub fn next_reminder(&self, after: Timestamp) -> Option<Timestamp> {
        self.reminders().find(|at| *at > after)
    }

    fn reminders(&self) -> impl Iterator<Item = Timestamp> {
        self.remind_days.iter().filter_map(|days| days_before(self.due_at, *days))
    }

    /// What is to be done for a member whose last link left, or was refused, at `tried_at`, and whose last verification
    /// of this campaign is `latest`. Reminders that were missed are made up by one.
    pub fn due(&self, tried_at: Option<Timestamp>, latest: Option<&Verification>, now: Timestamp) -> Due {
        let over = self.state != CampaignState::Open || now >= self.due_at;
        // What was taken back here, and what was answered, is left alone.
        let settled =
            latest.is_some_and(|latest| matches!(latest.state, State::Succeeded | State::Failed | State::Cancelled));
        if over || settled {
            return Due::Nothing(None);
        }
        let is_due = tried_at.is_none_or(|tried| self.reminders().any(|at| tried < at && at <= now));
        if !is_due {
            return Due::Nothing(self.next_reminder(now));
        }
        match latest.map(|latest| (latest.state, latest.expires_at)) {
            // A new link would throw out whoever is at it; so it waits until their time is over.
            Some((State::InProgress | State::RequiresInput, until)) if now < until => Due::Nothing(Some(until)),
            Some((State::Processing | State::PendingReview, _)) => Due::Nothing(self.next_reminder(now)),
            Some((State::Created | State::LinkSent | State::InProgress | State::RequiresInput, _)) => Due::Resend,
            _ => Due::Open,
        }
    }
}

fn days_before(due_at: Timestamp, days: u32) -> Option<Timestamp> {
    due_at.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Actor;
    use crate::id::{SubjectId, VerificationId};
    use crate::journey::{Journey, Rules};
    use crate::verification::Opening;
    use std::collections::BTreeMap;

    const START: Timestamp = Timestamp::UNIX_EPOCH;

    fn day(days: i64) -> Timestamp {
        START + SignedDuration::from_hours(24 * days)
    }

    fn requester() -> Requester {
        Requester { actor: Actor::System, external_id: None, name: "Desk".into() }
    }

    fn campaign() -> Campaign {
        Campaign {
            id: CampaignId::new(START, [1; 10]),
            name: "Privileged access".into(),
            journey: JourneyId::new(START, [1; 10]),
            purpose: "Keep your access".into(),
            delivery: Channel::Email,
            due_at: day(14),
            remind_days: vec![1, 7],
            requester: requester(),
            created_at: START,
            state: CampaignState::Open,
            ended_at: None,
        }
    }

    fn verification(state: State, expires_at: Timestamp) -> Verification {
        let journey = Journey {
            id: JourneyId::new(START, [1; 10]),
            version: 1,
            key: "k".into(),
            name: "K".into(),
            created_at: START,
            rules: Rules::default(),
        };
        let opening = Opening {
            id: VerificationId::new(START, [2; 10]),
            subject: SubjectId::new(START, [3; 10]),
            purpose: "Keep your access".into(),
            record: None,
            requester: requester(),
            delivery: Channel::Email,
            return_url: None,
            metadata: BTreeMap::new(),
            language: None,
        };
        Verification { state, expires_at, ..Verification::open(opening, &journey, START).unwrap().0 }
    }

    #[test]
    fn what_is_out_of_bounds_is_refused() {
        assert_eq!(campaign().validated().unwrap().remind_days, [7, 1]);
        let bad = [
            ("name", Campaign { name: String::new(), ..campaign() }),
            ("name", Campaign { name: "x".repeat(81), ..campaign() }),
            ("purpose", Campaign { purpose: "\n".into(), ..campaign() }),
            ("delivery", Campaign { delivery: Channel::None, ..campaign() }),
            ("due_at", Campaign { due_at: START, remind_days: vec![], ..campaign() }),
            ("due_at", Campaign { due_at: START + SignedDuration::from_mins(59), remind_days: vec![], ..campaign() }),
            ("due_at", Campaign { due_at: day(367), ..campaign() }),
            ("remind_days", Campaign { remind_days: vec![0], ..campaign() }),
            ("remind_days", Campaign { remind_days: vec![14], ..campaign() }),
            ("remind_days", Campaign { remind_days: vec![u32::MAX], ..campaign() }),
            ("remind_days", Campaign { remind_days: vec![3, 3], ..campaign() }),
            ("remind_days", Campaign { remind_days: vec![1, 2, 3, 4, 5, 6], ..campaign() }),
        ];
        for (field, campaign) in bad {
            let refusal = campaign.validated().unwrap_err();
            assert!(matches!(refusal, Refusal::Invalid { field: wrong, .. } if wrong == field), "{field}: {refusal}");
        }
    }

    #[test]
    fn a_member_is_asked_once_and_at_each_reminder() {
        let campaign = campaign().validated().unwrap();
        let sent = verification(State::LinkSent, day(1));
        let late = day(7) + SignedDuration::from_mins(5);
        assert_eq!(campaign.due(None, None, START), Due::Open);
        assert_eq!(campaign.due(Some(START), Some(&sent), START), Due::Nothing(Some(day(7))));
        assert_eq!(campaign.due(Some(START), Some(&sent), day(6)), Due::Nothing(Some(day(7))));
        assert_eq!(campaign.due(Some(START), Some(&sent), late), Due::Resend);
        assert_eq!(campaign.due(Some(late), Some(&sent), late), Due::Nothing(Some(day(13))));
        assert_eq!(campaign.due(Some(START), Some(&sent), day(13)), Due::Resend, "two were missed, one is sent");
        assert_eq!(campaign.due(Some(day(13)), Some(&sent), day(13)), Due::Nothing(None));
        assert_eq!(campaign.due(Some(START), Some(&sent), day(14)), Due::Nothing(None), "the day came");
        assert_eq!(campaign.due(Some(START), None, day(7)), Due::Open, "perhaps there is an address by now");
        let over = campaign.cancel(&[], day(2)).unwrap().0;
        assert_eq!(over.due(None, None, day(2)), Due::Nothing(None));
        assert_eq!(over.finish(&[], day(14)).unwrap_err(), Refusal::Ended("campaign"));
    }

    #[test]
    fn a_reminder_fits_the_state() {
        let campaign = campaign().validated().unwrap();
        let now = day(7);
        let soon = now + SignedDuration::from_mins(10);
        for (state, expires_at, expected) in [
            (State::Created, soon, Due::Resend),
            (State::LinkSent, now, Due::Resend),
            (State::InProgress, soon, Due::Nothing(Some(soon))),
            (State::RequiresInput, soon, Due::Nothing(Some(soon))),
            (State::InProgress, now, Due::Resend),
            (State::Processing, soon, Due::Nothing(Some(day(13)))),
            (State::PendingReview, now, Due::Nothing(Some(day(13)))),
            (State::Expired, now, Due::Open),
            (State::Declined, now, Due::Open),
            (State::Succeeded, now, Due::Nothing(None)),
            (State::Failed, now, Due::Nothing(None)),
            (State::Cancelled, now, Due::Nothing(None)),
        ] {
            assert_eq!(campaign.due(Some(START), Some(&verification(state, expires_at)), now), expected, "{state}");
        }
    }

    #[test]
    fn a_member_stands_where_the_last_verification_stands() {
        assert_eq!(MemberState::of(None, false), MemberState::Waiting);
        assert_eq!(MemberState::of(None, true), MemberState::Unreachable);
        assert_eq!(MemberState::of(Some(State::Expired), true), MemberState::Unreachable);
        assert_eq!(MemberState::of(Some(State::Succeeded), true), MemberState::Succeeded, "the old link was good");
        assert_eq!(MemberState::of(Some(State::PendingReview), false), MemberState::Asked);
        for state in MemberState::ALL {
            assert_eq!(MemberState::parse(state.as_str()), Some(state));
        }
    }
}
