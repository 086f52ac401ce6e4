//! Issuances: after a success, one credential for the person's own wallet, issued by another system on our word.
//!
//! What becomes of one is told by that system, more than once and in any order, perhaps before it has answered the request.
//! So the state only ever goes forward, and that the credential was issued is a fact whenever it is heard.

use crate::Refusal;
use crate::event::Happening;
use crate::id::{IntegrationId, IssuanceId, VerificationId};
use crate::verification::{State, Verification};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How often a credential may be requested for one success.
pub const MOST_REQUESTS: usize = 10;
/// How long an answer to a request is awaited.
const ANSWERED_WITHIN: SignedDuration = SignedDuration::from_mins(2);
/// How long at least a person has who has opened the offer, also where it runs out meanwhile: to request another one then
/// could make two.
const ACCEPTED_WITHIN: SignedDuration = SignedDuration::from_mins(3);
/// How long at most an offer is shown, whatever the other system says of it.
const OFFERED_FOR: SignedDuration = SignedDuration::from_mins(15);

/// One try to issue a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuance {
    /// Its id.
    pub id: IssuanceId,
    /// The success that it rests on.
    pub verification: VerificationId,
    /// Who issues.
    pub integration: IntegrationId,
    /// Whether the wallet is on another device than the page, so that a PIN shows that both are the person's.
    pub two_devices: bool,
    /// Where it stands.
    pub state: IssuanceState,
    /// When it was requested.
    pub requested_at: Timestamp,
    /// Until when the next news is awaited.
    pub expires_at: Timestamp,
    /// Why there is no credential, or why it is still good, in a word.
    pub failure: Option<String>,
    /// The contract under which the other system finds the credential by the verification's id; nothing where it cannot,
    /// and then nobody revokes it from here.
    #[serde(default)]
    pub contract: Option<String>,
    /// Whether it is to be good no more as soon as it is in a wallet: somebody decided so while it was on its way.
    #[serde(default)]
    pub unwanted: bool,
}

/// Where an issuance stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssuanceState {
    /// The person wants it; the other system has not answered.
    Requested,
    /// A wallet can open the offer.
    Offered,
    /// A wallet has opened the offer.
    Retrieved,
    /// The credential is in the wallet.
    Issued,
    /// There is none.
    Failed,
    /// Nobody took it in time.
    Expired,
    /// It is in the wallet, and is to be good no more.
    Revoking,
    /// It is in the wallet, and whoever looks hears that it is good no more.
    Revoked,
}

impl IssuanceState {
    /// The name in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Offered => "offered",
            Self::Retrieved => "retrieved",
            Self::Issued => "issued",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Revoking => "revoking",
            Self::Revoked => "revoked",
        }
    }

    /// Whether news are awaited.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Offered | Self::Retrieved)
    }

    /// Whether a credential went into a wallet.
    pub const fn was_issued(self) -> bool {
        matches!(self, Self::Issued | Self::Revoking | Self::Revoked)
    }
}

/// What is heard of an issuance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News<'a> {
    /// The other system has made an offer that lives so long.
    Offered(Timestamp),
    /// A wallet has opened it.
    Retrieved,
    /// The credential is in the wallet.
    Issued,
    /// There will be none.
    Failed(&'a str),
    /// Nothing is awaited any more.
    Over,
    /// The organization wants it to be good no more.
    Revoke,
    /// The other system has made it so.
    Revoked,
    /// The other system has not, for now.
    NotRevoked(&'a str),
}

impl Issuance {
    /// A new one.
    pub fn request(
        id: IssuanceId,
        verification: &Verification,
        integration: IntegrationId,
        two_devices: bool,
        now: Timestamp,
    ) -> (Self, Happening) {
        let issuance = Self {
            id,
            verification: verification.id.clone(),
            integration,
            two_devices,
            state: IssuanceState::Requested,
            requested_at: now,
            expires_at: after(now, ANSWERED_WITHIN),
            failure: None,
            contract: None,
            unwanted: false,
        };
        let happening = issuance.happened("verification.credential_requested");
        (issuance, happening)
    }

    /// What news make of it, and what happened; nothing where they say nothing new.
    pub fn hear(&self, news: News<'_>, now: Timestamp) -> Option<(Self, Option<Happening>)> {
        use IssuanceState as State;
        let mut next = self.clone();
        let kind = match (news, self.state) {
            // Whatever was made of it before: it is in the wallet.
            (News::Issued, State::Requested | State::Offered | State::Retrieved | State::Failed | State::Expired) => {
                next.state = State::Issued;
                next.failure = None;
                "verification.credential_issued"
            }
            (News::Offered(until), State::Requested) => {
                next.state = State::Offered;
                next.expires_at = until.min(after(now, OFFERED_FOR));
                return Some((next, None));
            }
            // The wallet was faster than the answer.
            (News::Offered(until), State::Retrieved) => {
                next.expires_at = until.min(after(now, OFFERED_FOR)).max(self.expires_at);
                return Some((next, None));
            }
            (News::Retrieved, State::Requested | State::Offered) => {
                next.state = State::Retrieved;
                next.expires_at = self.expires_at.max(after(now, ACCEPTED_WITHIN));
                "verification.credential_retrieved"
            }
            (News::Revoke, State::Issued) => {
                next.state = State::Revoking;
                "verification.credential_revocation_requested"
            }
            // What is told later than it happened is on its way as well.
            (News::Revoke, State::Requested | State::Offered | State::Retrieved | State::Failed | State::Expired)
                if !self.unwanted =>
            {
                next.unwanted = true;
                return Some((next, None));
            }
            (News::Revoked, State::Revoking) => {
                next.state = State::Revoked;
                next.failure = None;
                "verification.credential_revoked"
            }
            (News::NotRevoked(why), State::Revoking) if self.failure.as_deref() != Some(why) => {
                next.failure = Some(why.to_owned());
                "verification.credential_not_revoked"
            }
            (_, State::Issued | State::Failed | State::Expired | State::Revoking | State::Revoked)
            | (News::Offered(_), State::Offered)
            | (News::Retrieved, State::Retrieved)
            | (News::Revoke | News::Revoked | News::NotRevoked(_), _) => return None,
            (News::Failed(why), State::Requested | State::Offered | State::Retrieved) => {
                next.state = State::Failed;
                next.failure = Some(why.to_owned());
                "verification.credential_failed"
            }
            (News::Over, State::Requested | State::Offered | State::Retrieved) => {
                next.state = State::Expired;
                "verification.credential_expired"
            }
        };
        let happening = next.happened(kind);
        Some((next, Some(happening)))
    }

    fn happened(&self, kind: &'static str) -> Happening {
        let mut data = json!({ "issuance": self.id, "integration": self.integration });
        if let (Some(failure), Some(data)) = (&self.failure, data.as_object_mut()) {
            data.insert("failure".to_owned(), json!(failure));
        }
        Happening::new(kind, data)
    }
}

/// Refuses to request a credential for anything but a success that holds, and a second one beside one that was issued.
///
/// # Errors
/// When there is no such success, it is too old, there is a credential already, or it was requested too often.
pub fn may_request(verification: &Verification, before: &[Issuance], now: Timestamp) -> Result<(), Refusal> {
    holds(verification, now)?;
    if before.iter().any(|one| one.state.was_issued()) {
        return Err(Refusal::AlreadyExists("credential"));
    }
    if before.iter().any(|one| one.unwanted) {
        // What was revoked on its way is not had by asking again.
        return Err(Refusal::Ended("credential"));
    }
    if before.len() >= MOST_REQUESTS {
        return Err(Refusal::TooManyAttempts);
    }
    Ok(())
}

/// Refuses to vouch for anything but a success that holds.
///
/// # Errors
/// When there is none, its personal data were destroyed, or it is too old.
pub fn holds(verification: &Verification, now: Timestamp) -> Result<(), Refusal> {
    if verification.state != State::Succeeded {
        let state = verification.state.as_str();
        return Err(Refusal::WrongState { state, action: "have a credential issued" });
    }
    if verification.redacted_at.is_some() {
        return Err(Refusal::Redacted);
    }
    if verification.valid_until.is_none_or(|until| now >= until) {
        return Err(Refusal::Expired("success"));
    }
    Ok(())
}

/// Refuses to revoke what is in no wallet, and what the other system would not find.
///
/// # Errors
/// When there is no credential, it is revoked already, or it does not carry the verification's id.
pub fn may_revoke(issuance: &Issuance) -> Result<(), Refusal> {
    match issuance.state {
        IssuanceState::Issued if issuance.contract.is_some() => Ok(()),
        IssuanceState::Issued => Err(Refusal::NotInJourney("a credential that does not carry the verification's id")),
        IssuanceState::Revoking | IssuanceState::Revoked => Err(Refusal::Ended("credential")),
        _ => Err(Refusal::NotFound("credential")),
    }
}

fn after(now: Timestamp, time: SignedDuration) -> Timestamp {
    now.checked_add(time).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::Assurance;
    use crate::event::Actor;
    use crate::id::{JourneyId, SubjectId};
    use crate::verification::{Channel, Requester};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const START: Timestamp = Timestamp::UNIX_EPOCH;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn success() -> Verification {
        Verification {
            id: VerificationId::new(START, [1; 10]),
            subject: SubjectId::new(START, [2; 10]),
            journey: JourneyId::new(START, [3; 10]),
            journey_version: 1,
            purpose: "p".into(),
            record: None,
            requester: Requester { actor: Actor::System, external_id: None, name: "n".into() },
            delivery: Channel::None,
            return_url: None,
            metadata: BTreeMap::new(),
            language: None,
            state: State::Succeeded,
            reasons: Vec::new(),
            created_at: START,
            expires_at: at(600),
            finished_at: Some(START),
            valid_until: Some(at(3_600)),
            assurance: Assurance::default(),
            redeemed_at: None,
            attempts: 1,
            redacted_at: None,
            reviewer: None,
            face_declined: false,
            keep_template: false,
        }
    }

    fn requested() -> Issuance {
        let id = IssuanceId::new(START, [4; 10]);
        Issuance::request(id, &success(), IntegrationId::new(START, [5; 10]), true, START).0
    }

    fn news() -> impl Strategy<Value = News<'static>> {
        prop::sample::select(vec![
            News::Offered(at(300)),
            News::Retrieved,
            News::Issued,
            News::Failed("issuance_service_error"),
            News::Over,
            News::Revoke,
            News::Revoked,
            News::NotRevoked("unavailable"),
        ])
    }

    const fn rank(state: IssuanceState) -> u8 {
        match state {
            IssuanceState::Requested => 0,
            IssuanceState::Offered => 1,
            IssuanceState::Retrieved => 2,
            IssuanceState::Failed | IssuanceState::Expired => 3,
            IssuanceState::Issued => 4,
            IssuanceState::Revoking => 5,
            IssuanceState::Revoked => 6,
        }
    }

    proptest! {
        #[test]
        fn whatever_order_news_come_in_it_goes_forward_and_is_issued_once(heard in prop::collection::vec(news(), 0..12)) {
            let mut issuance = requested();
            let mut issued = 0;
            for news in &heard {
                let Some((next, happening)) = issuance.hear(*news, at(10)) else { continue };
                prop_assert!(rank(next.state) >= rank(issuance.state));
                prop_assert_eq!(next.hear(*news, at(10)).filter(|(_, what)| what.is_some()), None, "twice is once");
                issued += usize::from(happening.is_some_and(|what| what.kind == "verification.credential_issued"));
                issuance = next;
            }
            let expected = heard.contains(&News::Issued);
            prop_assert_eq!((issued, issuance.state.was_issued()), (usize::from(expected), expected));
        }
    }

    #[test]
    fn who_has_opened_the_offer_has_time_to_accept_it() {
        let offered = requested().hear(News::Offered(at(300)), at(1)).unwrap().0;
        assert_eq!((offered.state, offered.expires_at), (IssuanceState::Offered, at(300)));
        let retrieved = offered.hear(News::Retrieved, at(290)).unwrap().0;
        assert_eq!(retrieved.expires_at, at(290 + 180));
        let early = requested().hear(News::Retrieved, at(1)).unwrap().0;
        assert_eq!(early.hear(News::Offered(at(300)), at(2)).unwrap().0.expires_at, at(300), "before the answer");
    }

    #[test]
    fn an_offer_is_not_shown_for_as_long_as_somebody_else_says() {
        let offered = requested().hear(News::Offered(Timestamp::MAX), at(1)).unwrap().0;
        assert_eq!(offered.expires_at, at(1 + 900));
        let retrieved = requested().hear(News::Retrieved, at(1)).unwrap().0;
        assert_eq!(retrieved.hear(News::Offered(Timestamp::MAX), at(2)).unwrap().0.expires_at, at(2 + 900));
    }

    #[test]
    fn only_what_is_in_a_wallet_and_can_be_found_is_revoked_and_once() {
        let offered = requested().hear(News::Offered(at(300)), at(1)).unwrap().0;
        assert_eq!(may_revoke(&offered), Err(Refusal::NotFound("credential")));
        let unwanted = offered.hear(News::Revoke, at(2)).unwrap();
        assert_eq!((unwanted.0.state, unwanted.0.unwanted, unwanted.1), (IssuanceState::Offered, true, None));
        assert_eq!(unwanted.0.hear(News::Revoke, at(2)), None);
        assert!(unwanted.0.hear(News::Issued, at(3)).unwrap().0.unwanted, "it is remembered until it is there");
        let issued = offered.hear(News::Issued, at(3)).unwrap().0;
        assert!(matches!(may_revoke(&issued), Err(Refusal::NotInJourney(_))), "nobody finds it");
        let found = Issuance { contract: Some("c".into()), ..issued };
        assert_eq!((may_revoke(&found), found.hear(News::Revoked, at(4))), (Ok(()), None));
        let (revoking, happened) = found.hear(News::Revoke, at(4)).unwrap();
        assert_eq!(happened.unwrap().kind, "verification.credential_revocation_requested");
        let (unsure, happened) = revoking.hear(News::NotRevoked("unavailable"), at(5)).unwrap();
        assert_eq!(
            (happened.unwrap().kind, unsure.state),
            ("verification.credential_not_revoked", IssuanceState::Revoking)
        );
        assert_eq!(unsure.hear(News::NotRevoked("unavailable"), at(6)), None, "said once");
        assert!(unsure.hear(News::NotRevoked("misconfigured"), at(6)).is_some());
        let (revoked, happened) = unsure.hear(News::Revoked, at(7)).unwrap();
        assert_eq!((happened.unwrap().kind, revoked.failure.as_deref()), ("verification.credential_revoked", None));
        assert_eq!(
            (may_revoke(&revoked), revoked.hear(News::Issued, at(8))),
            (Err(Refusal::Ended("credential")), None)
        );
    }

    #[test]
    fn only_a_success_that_holds_gets_a_credential_and_only_one() {
        let holds = success();
        assert_eq!(may_request(&holds, &[], at(10)), Ok(()));
        let failed = Verification { state: State::Failed, ..holds.clone() };
        assert!(matches!(may_request(&failed, &[], at(10)), Err(Refusal::WrongState { .. })));
        let redacted = Verification { redacted_at: Some(START), ..holds.clone() };
        assert_eq!(may_request(&redacted, &[], at(10)), Err(Refusal::Redacted));
        assert_eq!(may_request(&holds, &[], at(3_600)), Err(Refusal::Expired("success")));
        let unlimited = Verification { valid_until: None, ..holds.clone() };
        assert!(may_request(&unlimited, &[], at(10)).is_err(), "what is not known is refused");
        let issued = requested().hear(News::Issued, at(1)).unwrap().0;
        let revoked = Issuance { state: IssuanceState::Revoked, ..issued.clone() };
        for before in [issued, revoked] {
            assert_eq!(may_request(&holds, &[before], at(10)), Err(Refusal::AlreadyExists("credential")));
        }
        let expired = requested().hear(News::Over, at(1)).unwrap().0;
        let unwanted = Issuance { unwanted: true, ..expired.clone() };
        assert_eq!(may_request(&holds, &[unwanted], at(10)), Err(Refusal::Ended("credential")));
        assert_eq!(may_request(&holds, &vec![expired.clone(); MOST_REQUESTS - 1], at(10)), Ok(()));
        assert_eq!(may_request(&holds, &vec![expired; MOST_REQUESTS], at(10)), Err(Refusal::TooManyAttempts));
    }
}
