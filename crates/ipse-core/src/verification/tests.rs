//! Random command sequences: no illegal transition, the chain always verifies, same inputs give same outputs.

use super::*;
use crate::assurance::{Pathway, Shown};
use crate::check::{Decision, Verdict};
use crate::event::{self, Head};
use crate::id::{EnrolmentId, EventId, EvidenceId, JourneyId, PersonId, ReportId};
use crate::journey::{Journey, Rules};
use jiff::SignedDuration;
use proptest::prelude::*;

const START: Timestamp = Timestamp::UNIX_EPOCH;

fn person(number: u8) -> Actor {
    Actor::Person(PersonId::new(START, [number; 10]))
}

fn open() -> (Verification, Rules, Vec<crate::event::Happening>) {
    let rules = Rules::default();
    let journey = Journey {
        id: JourneyId::new(START, [1; 10]),
        version: 1,
        key: "help-desk".into(),
        name: "Help desk".into(),
        created_at: START,
        rules: rules.clone(),
    };
    let opening = Opening {
        id: VerificationId::new(START, [2; 10]),
        subject: SubjectId::new(START, [3; 10]),
        purpose: "Reset a password".into(),
        record: None,
        requester: Requester { actor: person(1), external_id: None, name: "Agent".into() },
        delivery: Channel::Email,
        return_url: None,
        metadata: BTreeMap::new(),
        language: None,
    };
    let (verification, happenings) = Verification::open(opening, &journey, START).unwrap();
    (verification, rules, happenings)
}

fn commands() -> impl Strategy<Value = (Command, Actor, i64)> {
    let evidence = EvidenceId::new(START, [4; 10]);
    let report = ReportId::new(START, [5; 10]);
    let decide = |verdict, reason| Command::Decide {
        report: report.clone(),
        decision: Decision { verdict, reasons: vec![reason] },
        assurance: Assurance { level: 2, evidence: Shown::Document, pathway: Pathway::Biometric },
    };
    let command = prop::sample::select(vec![
        Command::SendLink { channel: Channel::Email },
        Command::Claim { device: Device::Phone, consent: "1" },
        Command::AskWallet,
        Command::HandOver { device: Device::Phone },
        Command::ReceiveEvidence { evidence: evidence.clone(), kind: "document" },
        Command::RefuseEvidence { kind: "selfie", reasons: vec![Reason::ImageBlurred] },
        Command::Submit,
        Command::Submit,
        decide(Verdict::Succeeded, Reason::ReviewerApproved),
        decide(Verdict::Failed, Reason::NameMismatch),
        decide(Verdict::PendingReview, Reason::FaceNotCompared),
        decide(Verdict::RequiresInput, Reason::DocumentExpired),
        Command::CannotJudge,
        Command::DeclineFace,
        Command::AnswerEnrolment { agreed: true },
        Command::AnswerEnrolment { agreed: false },
        Command::CompareFaces { reference: "document", enrolment: None, model: "m".into() },
        Command::Enrol { enrolment: EnrolmentId::new(START, [6; 10]), model: "m".into(), expires_at: START },
        Command::Retry,
        Command::Review { verdict: ReviewVerdict::Approve, reason: "same_person".into() },
        Command::Review { verdict: ReviewVerdict::Reject, reason: "other_person".into() },
        Command::OpenCase,
        Command::ViewEvidence { evidence },
        Command::Cancel,
        Command::Decline,
        Command::Expire,
        Command::Redeem { record: None },
        Command::Redact,
        Command::ForgetImages,
    ]);
    let actor = prop::sample::select(vec![person(1), person(2), Actor::Subject, Actor::System]);
    (command, actor, 0_i64..20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn no_command_sequence_breaks_the_rules(sequence in prop::collection::vec(commands(), 0..40)) {
        let (mut verification, rules, opening) = open();
        let mut now = START;
        let mut head = Head::EMPTY;
        let mut chain = Vec::new();
        let stream = verification.id.clone();
        let mut record = |happenings: &[crate::event::Happening], now, actor: &Actor| {
            for happening in happenings {
                let id = EventId::new(now, [chain.len() as u8; 10]);
                let event = event::append(head, stream.as_str(), id, now, actor.clone(), happening);
                head = Head { sequence: event.sequence, hash: event.hash };
                chain.push(event);
            }
        };
        record(&opening, now, &Actor::System);
        let mut steps = Vec::new();
        for (command, actor, minutes) in &sequence {
            now = now.checked_add(SignedDuration::from_mins(*minutes)).unwrap();
            let once = apply(&verification, &rules, command, actor, now);
            prop_assert_eq!(&once, &apply(&verification, &rules, command, actor, now));
            let Ok((next, happenings)) = once else { continue };
            if next.state != verification.state {
                prop_assert!(verification.state.may_become(next.state), "{} → {}", verification.state, next.state);
            }
            prop_assert!(!happenings.is_empty(), "a change without an event");
            if verification.is_finished() {
                prop_assert_eq!(next.state, verification.state);
            }
            prop_assert_eq!(next.is_finished(), next.finished_at.is_some());
            prop_assert_eq!(next.state == State::Succeeded, next.valid_until.is_some());
            prop_assert!(next.attempts <= rules.max_attempts);
            prop_assert!(!(verification.redeemed_at.is_some() && matches!(command, Command::Redeem { .. })), "redeemed twice");
            prop_assert!(next.redeemed_at.is_none() || !next.is_valid(now));
            prop_assert_eq!(next.state == State::Succeeded, next.proven().is_some());
            if let Command::Review { .. } = command {
                prop_assert_ne!(actor, &verification.requester.actor);
            }
            steps.push((next.clone(), happenings, now, actor.clone()));
            verification = next;
        }
        for (_, happenings, at, actor) in &steps {
            record(happenings, *at, actor);
        }
        prop_assert_eq!(event::verify(&chain, head), Ok(()));
    }
}

#[test]
fn a_requester_cannot_review_their_own() {
    let (mut verification, rules, _) = open();
    verification.state = State::PendingReview;
    let approve = Command::Review { verdict: ReviewVerdict::Approve, reason: "same_person".into() };
    assert_eq!(apply(&verification, &rules, &approve, &person(1), START), Err(Refusal::ReviewerIsRequester));
    let (approved, _) = apply(&verification, &rules, &approve, &person(2), START).unwrap();
    assert!(approved.is_valid(START));
    assert!(!approved.is_valid(approved.valid_until.unwrap()));
}

#[test]
fn a_success_is_redeemed_once_in_time_and_for_its_own_record() {
    let (mut verification, rules, _) = open();
    let record = |id: &str| Record { system: "s".into(), table: "t".into(), id: id.into(), number: "n".into() };
    verification.record = Some(record("1"));
    let redeem = |verification: &Verification, record, at| {
        apply(verification, &rules, &Command::Redeem { record }, &Actor::System, at).map(|(next, _)| next)
    };
    assert!(matches!(redeem(&verification, None, START), Err(Refusal::WrongState { .. })));
    verification.state = State::PendingReview;
    let approve = Command::Review { verdict: ReviewVerdict::Approve, reason: "same_person".into() };
    let (approved, _) = apply(&verification, &rules, &approve, &person(2), START).unwrap();
    assert_eq!(redeem(&approved, Some(record("2")), START), Err(Refusal::OtherRecord));
    let end = approved.valid_until.unwrap();
    assert_eq!(redeem(&approved, Some(record("1")), end), Err(Refusal::Expired("success")));
    let redeemed = redeem(&approved, Some(record("1")), START).unwrap();
    assert!(approved.is_valid(START) && !redeemed.is_valid(START));
    assert_eq!(redeem(&redeemed, None, START), Err(Refusal::AlreadyRedeemed));
}

#[test]
fn a_late_claim_is_refused_and_a_new_link_revives_it() {
    let (verification, rules, _) = open();
    let late = verification.expires_at;
    let claim = Command::Claim { device: Device::Phone, consent: "1" };
    assert_eq!(apply(&verification, &rules, &claim, &Actor::Subject, late), Err(Refusal::Expired("verification")));
    let send = Command::SendLink { channel: Channel::Email };
    let (resent, _) = apply(&verification, &rules, &send, &Actor::System, late).unwrap();
    assert!(apply(&resent, &rules, &claim, &Actor::Subject, late).is_ok());
}
