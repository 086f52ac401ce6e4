//! Presentations: a credential from the person's wallet as the evidence of a verification, asked for and looked at by another
//! system on our behalf.
//!
//! What becomes of one is told by that system, more than once and in any order, perhaps before it has answered the request.
//! So the state only ever goes forward, and what was presented in time counts also where it is heard late.

mod policy;

pub use policy::{Any, ClaimNames, Constraint, FaceCheck, Issuers, PresentationPolicy};

use crate::event::Happening;
use crate::id::{IntegrationId, PresentationId, VerificationId};
use crate::person::Identity;
use crate::verification::{State, Verification};
use crate::{Private, Refusal};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

/// How often a credential may be asked for in one verification.
pub const MOST_REQUESTS: usize = 10;
/// How long an answer to a request is awaited.
const ANSWERED_WITHIN: SignedDuration = SignedDuration::from_mins(2);
/// How long at least a person has who has opened the request, also where it runs out meanwhile.
const PRESENTED_WITHIN: SignedDuration = SignedDuration::from_mins(3);

/// How long at most a request is shown, whatever the other system says of it.
const OFFERED_FOR: SignedDuration = SignedDuration::from_mins(15);

/// One try to have a credential presented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presentation {
    /// Its id.
    pub id: PresentationId,
    /// Whose evidence it is to be.
    pub verification: VerificationId,
    /// Which attempt it belongs to, from 1.
    pub attempt: u32,
    /// Who asks for it.
    pub integration: IntegrationId,
    /// Where it stands.
    pub state: PresentationState,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// Until when the next news is awaited.
    pub expires_at: Timestamp,
    /// Why nothing was presented, in a word.
    pub failure: Option<String>,
}

/// Where a presentation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PresentationState {
    /// It is wanted; the other system has not answered.
    Requested,
    /// A wallet can open the request.
    Offered,
    /// A wallet has opened it.
    Retrieved,
    /// A credential was presented, and the other system has looked at it.
    Verified,
    /// Nothing was presented.
    Failed,
    /// Nobody presented anything in time.
    Expired,
    /// It was taken back: whatever is presented does not count.
    Withdrawn,
}

impl PresentationState {
    /// The name in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Offered => "offered",
            Self::Retrieved => "retrieved",
            Self::Verified => "verified",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether news are awaited.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Offered | Self::Retrieved)
    }
}

/// What is heard of a presentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News<'a> {
    /// The other system has made a request that lives so long.
    Offered(Timestamp),
    /// A wallet has opened it.
    Retrieved,
    /// A credential was presented.
    Verified,
    /// Nothing was.
    Failed(&'a str),
    /// Nothing is awaited any more.
    Over,
    /// Whoever asked wants it no more.
    Withdrawn,
}

/// What the other system says of a credential that was presented: a finding, which the checks are put to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Disclosed {
    /// Who has issued it.
    pub issuer: String,
    /// Its types, the general one among them.
    pub types: Vec<String>,
    /// What it says, by the names of its claims.
    pub claims: Private<BTreeMap<String, String>>,
    /// What its claims say of who it is.
    pub identity: Identity,
    /// Whether its issuer stands by it, in the other system's word.
    pub revocation_status: Option<String>,
    /// The domain that the issuer has proven to be its own.
    pub domain: Option<String>,
    /// From when on it is valid.
    pub issued_at: Option<Timestamp>,
    /// Until when.
    pub expires_at: Option<Timestamp>,
    /// With which confidence the person's face is that of its picture, 0 to 100.
    pub face_confidence: Option<f64>,
    /// When all this was so.
    pub at: Timestamp,
}

impl Disclosed {
    /// What of it matters under a policy: the person's names and the claims of the constraints. The rest is kept nowhere.
    #[must_use]
    pub fn under(self, policy: &PresentationPolicy, at: Timestamp) -> Self {
        let mut claims = self.claims.into_inner();
        let text = |name: &Option<String>| {
            let value = name.as_ref().and_then(|name| claims.get(name)).filter(|value| !value.trim().is_empty());
            value.cloned()
        };
        let names = &policy.claims;
        let identity = Identity {
            given_name: text(&names.given_name).map(Private::new),
            middle_name: None,
            family_name: text(&names.family_name).map(Private::new),
            birthdate: text(&names.birthdate).and_then(|date| date.parse().ok()).map(Private::new),
        };
        claims.retain(|name, _| policy.constraints.iter().any(|constraint| constraint.claim == *name));
        Self { claims: Private::new(claims), identity, at, ..self }
    }
}

impl Presentation {
    /// A new one.
    pub fn request(
        id: PresentationId,
        verification: &Verification,
        integration: IntegrationId,
        now: Timestamp,
    ) -> (Self, Happening) {
        let presentation = Self {
            id,
            verification: verification.id.clone(),
            attempt: verification.attempts + 1,
            integration,
            state: PresentationState::Requested,
            requested_at: now,
            expires_at: after(now, ANSWERED_WITHIN),
            failure: None,
        };
        let happening = presentation.happened("verification.presentation_requested");
        (presentation, happening)
    }

    /// What news make of it, and what happened; nothing where they say nothing new.
    pub fn hear(&self, news: News<'_>, now: Timestamp) -> Option<(Self, Option<Happening>)> {
        use PresentationState as State;
        let mut next = self.clone();
        let kind = match (news, self.state) {
            (News::Verified, State::Requested | State::Offered | State::Retrieved | State::Failed | State::Expired) => {
                next.state = State::Verified;
                next.failure = None;
                "verification.presentation_verified"
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
                next.expires_at = self.expires_at.max(after(now, PRESENTED_WITHIN));
                "verification.presentation_retrieved"
            }
            (News::Failed(why), State::Requested | State::Offered | State::Retrieved) => {
                next.state = State::Failed;
                next.failure = Some(why.to_owned());
                "verification.presentation_failed"
            }
            (News::Over, State::Requested | State::Offered | State::Retrieved) => {
                next.state = State::Expired;
                "verification.presentation_expired"
            }
            // Also one that seemed to be over: what was presented to it may be under way.
            (
                News::Withdrawn,
                State::Requested | State::Offered | State::Retrieved | State::Failed | State::Expired,
            ) => {
                next.state = State::Withdrawn;
                return Some((next, None));
            }
            (
                News::Offered(_) | News::Retrieved | News::Verified | News::Failed(_) | News::Over | News::Withdrawn,
                _,
            ) => {
                return None;
            }
        };
        let happening = next.happened(kind);
        Some((next, Some(happening)))
    }

    fn happened(&self, kind: &'static str) -> Happening {
        let mut data = json!({ "presentation": self.id, "integration": self.integration });
        if let (Some(failure), Some(data)) = (&self.failure, data.as_object_mut()) {
            data.insert("failure".to_owned(), json!(failure));
        }
        Happening::new(kind, data)
    }
}

/// Refuses to ask for a credential where none is evidence now, and too often.
///
/// # Errors
/// When the verification takes no evidence, or one was asked for too often.
pub fn may_request(verification: &Verification, before: &[Presentation], now: Timestamp) -> Result<(), Refusal> {
    if verification.state != State::InProgress {
        let state = verification.state.as_str();
        return Err(Refusal::WrongState { state, action: "have a credential presented" });
    }
    if now >= verification.expires_at {
        return Err(Refusal::Expired("verification"));
    }
    if before.len() >= MOST_REQUESTS {
        return Err(Refusal::TooManyAttempts);
    }
    Ok(())
}

fn after(now: Timestamp, time: SignedDuration) -> Timestamp {
    now.checked_add(time).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: Timestamp = Timestamp::UNIX_EPOCH;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn presentation() -> Presentation {
        Presentation {
            id: PresentationId::new(START, [0; 10]),
            verification: VerificationId::new(START, [0; 10]),
            attempt: 1,
            integration: IntegrationId::new(START, [0; 10]),
            state: PresentationState::Requested,
            requested_at: START,
            expires_at: at(120),
            failure: None,
        }
    }

    fn heard(news: &[News<'_>]) -> (PresentationState, Vec<&'static str>) {
        let (mut one, mut kinds) = (presentation(), Vec::new());
        for news in news {
            if let Some((next, happened)) = one.hear(*news, at(10)) {
                one = next;
                kinds.extend(happened.map(|happened| happened.kind));
            }
        }
        (one.state, kinds)
    }

    #[test]
    fn what_was_presented_counts_once_whenever_it_is_heard() {
        use PresentationState as State;
        let verified = "verification.presentation_verified";
        for before in
            [vec![], vec![News::Offered(at(300))], vec![News::Retrieved], vec![News::Over], vec![News::Failed("x")]]
        {
            let news =
                [before, vec![News::Verified, News::Verified, News::Retrieved, News::Failed("y"), News::Over]].concat();
            let (state, kinds) = heard(&news);
            assert_eq!(state, State::Verified, "{news:?}");
            assert_eq!(kinds.iter().filter(|kind| **kind == verified).count(), 1, "{news:?}");
        }
        for before in [News::Offered(at(300)), News::Retrieved, News::Over, News::Failed("x")] {
            let (state, kinds) = heard(&[before, News::Withdrawn, News::Verified]);
            assert!(state == State::Withdrawn && !kinds.contains(&verified), "{before:?}");
        }
    }

    #[test]
    fn who_has_opened_it_has_time() {
        let offered = presentation().hear(News::Offered(at(300)), at(1)).unwrap().0;
        let endless = presentation().hear(News::Offered(Timestamp::MAX), at(1)).unwrap().0;
        assert_eq!(endless.expires_at, at(1 + 900), "whatever the other system says of it");
        let opened = offered.hear(News::Retrieved, at(290)).unwrap().0;
        assert_eq!(opened.expires_at, at(290 + 180));
        let early = presentation().hear(News::Retrieved, at(1)).unwrap().0;
        assert_eq!(early.hear(News::Offered(at(300)), at(2)).unwrap().0.expires_at, at(300));
    }

    #[test]
    fn only_what_the_policy_names_is_kept() {
        let policy: PresentationPolicy = serde_json::from_value(json!({
            "credential": "Employee", "accepted_issuers": "any",
            "constraints": [{ "claim": "department", "contains": "it" }],
            "claims": { "given_name": "firstName", "family_name": "lastName", "birthdate": "born" },
        }))
        .unwrap();
        let told = [
            ("firstName", "Megan"),
            ("lastName", " "),
            ("born", "1990-02-30"),
            ("department", "IT"),
            ("photo", "/9j/"),
        ];
        let claims = told.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
        let kept = Disclosed { claims: Private::new(claims), ..Disclosed::default() }.under(&policy, at(7));
        assert_eq!(kept.claims.reveal().keys().collect::<Vec<_>>(), ["department"]);
        assert_eq!(kept.identity.given_name, Some(Private::new("Megan".to_owned())));
        assert!(kept.identity.family_name.is_none() && kept.identity.birthdate.is_none());
        assert_eq!(kept.at, at(7));
        assert!(!format!("{kept:?}").contains("Megan"));
    }

    fn news() -> impl Strategy<Value = News<'static>> {
        prop_oneof![
            Just(News::Offered(Timestamp::from_second(300).unwrap())),
            Just(News::Retrieved),
            Just(News::Verified),
            Just(News::Failed("x")),
            Just(News::Over),
            Just(News::Withdrawn),
        ]
    }

    proptest! {
        #[test]
        fn in_any_order_it_ends_and_says_so_once(order in proptest::collection::vec(news(), 0..12)) {
            let (state, kinds) = heard(&order);
            let told = kinds.iter().filter(|kind| **kind == "verification.presentation_verified").count();
            prop_assert_eq!(told, usize::from(state == PresentationState::Verified));
            let ends = |news: &News<'_>| matches!(news, News::Verified | News::Failed(_) | News::Over | News::Withdrawn);
            prop_assert_eq!(state.is_open(), !order.iter().any(ends));
        }
    }
}
