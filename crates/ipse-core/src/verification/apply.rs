//! Commands, and what each does to a verification.

use super::{Channel, Opening, Record, ReviewVerdict, State, Verification};
use crate::Refusal;
use crate::assurance::Assurance;
use crate::check::{Decision, Verdict};
use crate::enrolment::CONSENT;
use crate::event::{Actor, Happening};
use crate::id::{EnrolmentId, EvidenceId, ReportId, SubjectId};
use crate::journey::{Journey, Rules};
use crate::reason::Reason;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// What somebody wants to happen to a verification.
#[derive(Debug, Clone)]
pub enum Command {
    /// A link left by this channel: the first, or a new one that kills the old and its browser's claim.
    SendLink {
        /// How it travels.
        channel: Channel,
    },
    /// A human click bound the link to a browser, with consent to this version of the notice.
    Claim {
        /// On what kind of device.
        device: Device,
        /// The version of the consent text shown.
        consent: &'static str,
    },
    /// Somebody else shows the person what a wallet is to present: no link of ours is opened.
    AskWallet,
    /// Another device of the person takes over.
    HandOver {
        /// On what kind of device.
        device: Device,
    },
    /// A picture was accepted as evidence.
    ReceiveEvidence {
        /// Its id.
        evidence: EvidenceId,
        /// `document` or `selfie`.
        kind: &'static str,
    },
    /// A picture was looked at and another is needed.
    RefuseEvidence {
        /// `document` or `selfie`.
        kind: &'static str,
        /// What is wrong with it.
        reasons: Vec<Reason>,
    },
    /// The person asks for a reviewer's eyes instead of having faces compared.
    DeclineFace,
    /// The person said whether a template of their face may be kept.
    AnswerEnrolment {
        /// Whether it may.
        agreed: bool,
    },
    /// Everything the journey asks for is in.
    Submit,
    /// Nobody had said who comes, and the document says that it is somebody known.
    Recognise {
        /// Whom.
        subject: SubjectId,
    },
    /// The selfie was compared with the face it should be.
    CompareFaces {
        /// Where that face came from: `document`, `chip` or `enrolment`.
        reference: &'static str,
        /// The enrolment, where it is one.
        enrolment: Option<EnrolmentId>,
        /// The model that compared.
        model: String,
    },
    /// The report is in.
    Decide {
        /// Which report.
        report: ReportId,
        /// What the rules made of it.
        decision: Decision,
        /// How surely it says who it is.
        assurance: Assurance,
    },
    /// The evidence cannot be judged: an engine failed on it, or what it needs is lost. A person has to look.
    CannotJudge,
    /// The person tries again after `requires_input`.
    Retry,
    /// A reviewer decided.
    Review {
        /// What.
        verdict: ReviewVerdict,
        /// Why, in a word of the reviewer's list.
        reason: String,
    },
    /// A reviewer opened the case: what was read, and what the directory knows.
    OpenCase,
    /// A reviewer looked at evidence.
    ViewEvidence {
        /// Which.
        evidence: EvidenceId,
    },
    /// The requester takes it back.
    Cancel,
    /// The person says: this was not me.
    Decline,
    /// Time is up.
    Expire,
    /// A template of the face was stored.
    Enrol {
        /// Under which id.
        enrolment: EnrolmentId,
        /// The model that made it.
        model: String,
        /// When it is erased.
        expires_at: Timestamp,
    },
    /// The success is used up by what it was asked for.
    Redeem {
        /// The outside record that relies on it; left out, whatever it was opened for.
        record: Option<Record>,
    },
    /// Evidence and personal data are destroyed.
    Redact,
    /// The pictures' retention is over; what was read stays.
    ForgetImages,
}

/// What kind of device the person uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// A phone or tablet.
    Phone,
    /// Anything else.
    Desktop,
}

impl Device {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Desktop => "desktop",
        }
    }
}

impl Command {
    const fn action(&self) -> &'static str {
        match self {
            Self::SendLink { .. } => "be sent a link",
            Self::Claim { .. } | Self::AskWallet => "be opened",
            Self::HandOver { .. } => "be handed over",
            Self::ReceiveEvidence { .. }
            | Self::RefuseEvidence { .. }
            | Self::DeclineFace
            | Self::AnswerEnrolment { .. } => "take evidence",
            Self::Submit => "be submitted",
            Self::Recognise { .. } => "be of somebody else",
            Self::CompareFaces { .. } => "have faces compared",
            Self::Enrol { .. } => "enrol a face",
            Self::Decide { .. } | Self::CannotJudge => "be decided",
            Self::Retry => "be tried again",
            Self::Review { .. } | Self::OpenCase | Self::ViewEvidence { .. } => "be reviewed",
            Self::Cancel => "be cancelled",
            Self::Decline => "be declined",
            Self::Expire => "expire",
            Self::Redeem { .. } => "be redeemed",
            Self::Redact | Self::ForgetImages => "be redacted",
        }
    }
}

impl Verification {
    /// Opens a verification under a journey.
    pub fn open(opening: Opening, journey: &Journey, now: Timestamp) -> Result<(Self, Vec<Happening>), Refusal> {
        opening.validate()?;
        let verification = Self {
            id: opening.id,
            subject: opening.subject,
            journey: journey.id.clone(),
            journey_version: journey.version,
            purpose: opening.purpose,
            record: opening.record,
            requester: opening.requester,
            delivery: opening.delivery,
            return_url: opening.return_url,
            metadata: opening.metadata,
            language: opening.language,
            state: State::Created,
            reasons: Vec::new(),
            created_at: now,
            expires_at: after_minutes(now, journey.rules.link_minutes),
            finished_at: None,
            valid_until: None,
            assurance: Assurance::default(),
            redeemed_at: None,
            attempts: 0,
            redacted_at: None,
            reviewer: None,
            face_declined: false,
            keep_template: false,
        };
        let happening = Happening::new(
            "verification.created",
            json!({
                "journey": journey.id,
                "journey_version": journey.version,
                "purpose": verification.purpose,
                "record": verification.record.as_ref().map(Record::label),
                "delivery": verification.delivery,
            }),
        );
        Ok((verification, vec![happening]))
    }
}

impl Record {
    /// `system:table:number`, as people write it.
    pub fn label(&self) -> String {
        format!("{}:{}:{}", self.system, self.table, self.number)
    }
}

/// Applies a command by an actor. Returns the next state of the verification and what happened, or why not.
pub fn apply(
    verification: &Verification,
    rules: &Rules,
    command: &Command,
    actor: &Actor,
    now: Timestamp,
) -> Result<(Verification, Vec<Happening>), Refusal> {
    let mut next = verification.clone();
    let state = verification.state;
    let refused = || Refusal::WrongState { state: state.as_str(), action: command.action() };
    let require = |allowed: bool| if allowed { Ok(()) } else { Err(refused()) };
    let in_time = || {
        if now < verification.expires_at { Ok(()) } else { Err(Refusal::Expired("verification")) }
    };

    let happening = match command {
        Command::SendLink { channel } => {
            require(state.may_become(State::LinkSent))?;
            next.state = State::LinkSent;
            next.expires_at = after_minutes(now, rules.link_minutes);
            Happening::new("verification.link_sent", json!({ "channel": channel }))
        }
        Command::Claim { device, consent } => {
            require(matches!(state, State::Created | State::LinkSent))?;
            in_time()?;
            next.state = State::InProgress;
            next.expires_at = after_minutes(now, rules.session_minutes);
            Happening::new("verification.claimed", json!({ "device": device.as_str(), "consent": consent }))
        }
        Command::AskWallet => {
            require(state == State::Created)?;
            in_time()?;
            if rules.presentation.is_none() {
                return Err(Refusal::NotInJourney("a presentation"));
            }
            next.state = State::InProgress;
            next.expires_at = after_minutes(now, rules.session_minutes);
            Happening::new("verification.wallet_asked", json!({}))
        }
        Command::HandOver { device } => {
            require(matches!(state, State::InProgress | State::RequiresInput))?;
            in_time()?;
            Happening::new("verification.handed_over", json!({ "device": device.as_str() }))
        }
        Command::ReceiveEvidence { evidence, kind } => {
            require(state.accepts_evidence())?;
            in_time()?;
            Happening::new("verification.evidence_received", json!({ "kind": kind, "evidence": evidence }))
        }
        Command::RefuseEvidence { kind, reasons } => {
            require(state.accepts_evidence())?;
            in_time()?;
            Happening::new("verification.evidence_refused", json!({ "kind": kind, "reasons": reasons }))
        }
        Command::DeclineFace => {
            require(state.accepts_evidence())?;
            in_time()?;
            if !rules.selfie_required {
                return Err(Refusal::NotInJourney("a face"));
            }
            next.face_declined = true;
            next.keep_template = false;
            Happening::new("verification.face_declined", json!({}))
        }
        Command::AnswerEnrolment { agreed } => {
            require(state.accepts_evidence())?;
            in_time()?;
            if *agreed && rules.keep_template_days == 0 {
                return Err(Refusal::NotInJourney("keeping a face template"));
            }
            next.keep_template = *agreed;
            Happening::new(
                "verification.enrolment_answered",
                json!({ "agreed": agreed, "consent": CONSENT, "days": rules.keep_template_days }),
            )
        }
        Command::Recognise { subject } => {
            require(matches!(state, State::Processing | State::PendingReview))?;
            next.subject = subject.clone();
            Happening::new("verification.recognised", json!({ "subject": subject }))
        }
        Command::CompareFaces { reference, enrolment, model } => {
            require(state == State::Processing)?;
            Happening::new(
                "verification.faces_compared",
                json!({ "reference": reference, "enrolment": enrolment, "model": model }),
            )
        }
        Command::Enrol { enrolment, model, expires_at } => {
            require(state == State::Succeeded && verification.keep_template)?;
            Happening::new(
                "verification.enrolled",
                json!({ "enrolment": enrolment, "model": model, "expires_at": expires_at.to_string() }),
            )
        }
        Command::Submit => {
            require(state.may_become(State::Processing))?;
            in_time()?;
            if !verification.has_attempts_left(rules.max_attempts) {
                return Err(Refusal::TooManyAttempts);
            }
            next.state = State::Processing;
            next.attempts += 1;
            Happening::new("verification.processing", json!({ "attempt": next.attempts }))
        }
        Command::Decide { report, decision, assurance } => {
            require(state == State::Processing)?;
            decided(&mut next, rules, decision, now);
            next.assurance = *assurance;
            Happening::new(
                kind_of(next.state),
                json!({ "report": report, "reasons": decision.reasons, "decided_by": "rules", "assurance": next.proven() }),
            )
        }
        Command::CannotJudge => {
            require(state == State::Processing)?;
            next.state = State::PendingReview;
            next.assurance = Assurance::default();
            next.reasons = vec![Reason::ProcessingError];
            Happening::new(kind_of(next.state), json!({ "reasons": next.reasons, "decided_by": "rules" }))
        }
        Command::Retry => {
            require(state == State::RequiresInput)?;
            in_time()?;
            next.state = State::InProgress;
            next.reasons.clear();
            Happening::new("verification.retried", json!({}))
        }
        Command::Review { verdict, reason } => {
            require(state == State::PendingReview)?;
            if *actor == verification.requester.actor {
                return Err(Refusal::ReviewerIsRequester);
            }
            decided(&mut next, rules, &(*verdict).into(), now);
            next.assurance = verification.assurance.reviewed();
            next.reviewer = Some(actor.clone());
            Happening::new(
                kind_of(next.state),
                json!({
                    "reasons": next.reasons,
                    "decided_by": "reviewer",
                    "review_reason": reason,
                    "assurance": next.proven(),
                }),
            )
        }
        Command::OpenCase => {
            require(matches!(state, State::PendingReview | State::Succeeded | State::Failed))?;
            Happening::new("verification.case_opened", json!({}))
        }
        Command::ViewEvidence { evidence } => {
            require(matches!(state, State::PendingReview | State::Succeeded | State::Failed))?;
            Happening::new("verification.evidence_viewed", json!({ "evidence": evidence }))
        }
        Command::Cancel => {
            require(state.may_become(State::Cancelled))?;
            finish(&mut next, State::Cancelled, Reason::CancelledByRequester, now);
            Happening::new("verification.cancelled", json!({ "reasons": next.reasons }))
        }
        Command::Decline => {
            require(state.may_become(State::Declined))?;
            finish(&mut next, State::Declined, Reason::DeclinedByPerson, now);
            Happening::new("verification.declined", json!({ "reasons": next.reasons }))
        }
        Command::Expire => {
            require(state.can_expire() && now >= verification.expires_at)?;
            let opened = matches!(state, State::InProgress | State::RequiresInput);
            let reason = if opened { Reason::TimeExpired } else { Reason::LinkExpired };
            finish(&mut next, State::Expired, reason, now);
            Happening::new("verification.expired", json!({ "reasons": next.reasons }))
        }
        Command::Redeem { record } => {
            require(state == State::Succeeded)?;
            if verification.redeemed_at.is_some() {
                return Err(Refusal::AlreadyRedeemed);
            }
            if !verification.is_valid(now) {
                return Err(Refusal::Expired("success"));
            }
            if record.as_ref().is_some_and(|record| verification.record.as_ref() != Some(record)) {
                return Err(Refusal::OtherRecord);
            }
            next.redeemed_at = Some(now);
            Happening::new("verification.redeemed", json!({}))
        }
        Command::Redact => {
            require(state.is_terminal())?;
            if verification.redacted_at.is_some() {
                return Err(Refusal::Redacted);
            }
            next.redacted_at = Some(now);
            Happening::new("verification.redacted", json!({}))
        }
        Command::ForgetImages => {
            require(state.is_terminal() && verification.redacted_at.is_none())?;
            Happening::new("verification.images_forgotten", json!({}))
        }
    };
    Ok((next, vec![happening]))
}

fn decided(next: &mut Verification, rules: &Rules, decision: &Decision, now: Timestamp) {
    next.reasons.clone_from(&decision.reasons);
    match decision.verdict {
        Verdict::Succeeded => {
            next.state = State::Succeeded;
            next.finished_at = Some(now);
            next.valid_until = Some(after_minutes(now, rules.result_minutes));
        }
        Verdict::Failed => {
            next.state = State::Failed;
            next.finished_at = Some(now);
        }
        Verdict::PendingReview => next.state = State::PendingReview,
        Verdict::RequiresInput => {
            next.state = State::RequiresInput;
            next.expires_at = next.expires_at.max(after_minutes(now, rules.session_minutes));
        }
    }
}

fn finish(next: &mut Verification, state: State, reason: Reason, now: Timestamp) {
    next.state = state;
    next.reasons = vec![reason];
    next.finished_at = Some(now);
}

const fn kind_of(state: State) -> &'static str {
    match state {
        State::Succeeded => "verification.succeeded",
        State::Failed => "verification.failed",
        State::RequiresInput => "verification.requires_input",
        State::PendingReview
        | State::Created
        | State::LinkSent
        | State::InProgress
        | State::Processing
        | State::Expired
        | State::Cancelled
        | State::Declined => "verification.pending_review",
    }
}

fn after_minutes(now: Timestamp, minutes: u32) -> Timestamp {
    now.checked_add(SignedDuration::from_mins(i64::from(minutes))).unwrap_or(Timestamp::MAX)
}
