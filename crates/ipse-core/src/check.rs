//! Checks, the report of one attempt, and what a journey's rules make of it.

use crate::id::ReportId;
use crate::journey::{ReviewPolicy, Rules};
use crate::reason::Reason;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The answer to one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The evidence satisfies the question.
    Pass,
    /// The evidence contradicts it.
    Fail,
    /// A person has to look.
    Review,
    /// The question could not be put: an engine, a model or the data is missing.
    NotPerformed,
}

impl Outcome {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Review => "review",
            Self::NotPerformed => "not_performed",
        }
    }
}

/// One question put to the evidence, and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The check's name in the registry, such as `document_expiry`.
    pub name: String,
    /// The answer.
    pub outcome: Outcome,
    /// Why; empty for a pass.
    pub reasons: Vec<Reason>,
    /// Whether the journey needs this check to pass.
    pub required: bool,
    /// What computed the answer, with its version.
    pub engine: String,
}

/// The immutable record of one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// Which attempt it is about, from 1.
    pub attempt: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// Every check, in the order of the registry.
    pub checks: Vec<Check>,
}

/// What a journey's rules make of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The verdict.
    pub verdict: Verdict,
    /// Why; at least one reason unless it succeeded.
    pub reasons: Vec<Reason>,
}

/// The three things a decision can say, and the one that asks for another try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every required check passed.
    Succeeded,
    /// A required check failed.
    Failed,
    /// A reviewer has to decide.
    PendingReview,
    /// The person can mend what failed, and has attempts left.
    RequiresInput,
}

/// Decides. Anything unknown, missing or unavailable is never a pass.
pub fn decide(rules: &Rules, report: &Report, attempts_left: bool) -> Decision {
    let required = || report.checks.iter().filter(|check| check.required);
    let reasons_of = |wanted: &[Outcome]| {
        let mut reasons: Vec<Reason> = required()
            .filter(|check| wanted.contains(&check.outcome))
            .flat_map(|check| check.reasons.iter().copied())
            .collect();
        reasons.sort_unstable();
        reasons.dedup();
        reasons
    };

    let failed = reasons_of(&[Outcome::Fail]);
    if required().any(|check| check.outcome == Outcome::Fail) {
        let mendable = !failed.is_empty() && failed.iter().all(|reason| reason.is_mendable());
        let verdict = if mendable && attempts_left { Verdict::RequiresInput } else { Verdict::Failed };
        return Decision { verdict, reasons: failed };
    }

    let mut open = reasons_of(&[Outcome::Review, Outcome::NotPerformed]);
    let inconclusive = required().any(|check| check.outcome != Outcome::Pass) || required().next().is_none();
    match (inconclusive, rules.review_policy) {
        (true, ReviewPolicy::Never) => {
            open.push(Reason::ReviewNotAllowed);
            Decision { verdict: Verdict::Failed, reasons: open }
        }
        (true, ReviewPolicy::WhenUnsure | ReviewPolicy::Always) => {
            if open.is_empty() {
                open.push(Reason::ReviewRequired);
            }
            Decision { verdict: Verdict::PendingReview, reasons: open }
        }
        (false, ReviewPolicy::Always) => {
            Decision { verdict: Verdict::PendingReview, reasons: vec![Reason::ReviewRequired] }
        }
        (false, ReviewPolicy::Never | ReviewPolicy::WhenUnsure) => {
            Decision { verdict: Verdict::Succeeded, reasons: Vec::new() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(outcome: Outcome, reasons: &[Reason], required: bool) -> Check {
        Check { name: "c".into(), outcome, reasons: reasons.to_vec(), required, engine: "test".into() }
    }

    fn verdict(policy: ReviewPolicy, checks: Vec<Check>, attempts_left: bool) -> Verdict {
        let rules = Rules { review_policy: policy, ..Rules::default() };
        let id = ReportId::new(Timestamp::UNIX_EPOCH, [0; 10]);
        let report = Report { id, attempt: 1, created_at: Timestamp::UNIX_EPOCH, checks };
        decide(&rules, &report, attempts_left).verdict
    }

    #[test]
    fn only_required_checks_that_all_pass_succeed() {
        use ReviewPolicy::{Always, Never, WhenUnsure};
        let pass = || check(Outcome::Pass, &[], true);
        let missing = || check(Outcome::NotPerformed, &[Reason::FaceNotCompared], true);
        let name = || check(Outcome::Fail, &[Reason::NameMismatch], true);
        let expired = || check(Outcome::Fail, &[Reason::DocumentExpired], true);
        assert_eq!(verdict(WhenUnsure, vec![pass()], true), Verdict::Succeeded);
        assert_eq!(verdict(Always, vec![pass()], true), Verdict::PendingReview);
        assert_eq!(verdict(WhenUnsure, vec![pass(), missing()], true), Verdict::PendingReview);
        assert_eq!(verdict(Never, vec![pass(), missing()], true), Verdict::Failed);
        assert_eq!(verdict(WhenUnsure, vec![pass(), name()], true), Verdict::Failed);
        assert_eq!(verdict(WhenUnsure, vec![expired()], true), Verdict::RequiresInput);
        assert_eq!(verdict(WhenUnsure, vec![expired()], false), Verdict::Failed);
        assert_eq!(verdict(WhenUnsure, vec![expired(), name()], true), Verdict::Failed);
    }

    #[test]
    fn no_checks_at_all_is_never_a_pass() {
        let optional = check(Outcome::Pass, &[], false);
        assert_eq!(verdict(ReviewPolicy::WhenUnsure, vec![], true), Verdict::PendingReview);
        assert_eq!(verdict(ReviewPolicy::Never, vec![optional], true), Verdict::Failed);
    }
}
