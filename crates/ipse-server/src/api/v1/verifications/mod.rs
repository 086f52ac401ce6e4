//! Verifications on the wire.

pub mod cancel;
pub mod create;
pub mod events;
pub mod get;
pub mod list;
pub mod redact;
pub mod redeem;
pub mod reports;
pub mod resend_link;

use super::subjects::Subject;
use crate::state::Shared;
use ipse_core::check::Report as CoreReport;
use ipse_core::document::DocumentFacts;
use ipse_core::verification as core;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(create::create_verification, list::list_verifications))
        .routes(routes!(get::get_verification))
        .routes(routes!(cancel::cancel_verification))
        .routes(routes!(resend_link::resend_link))
        .routes(routes!(redeem::redeem_verification))
        .routes(routes!(redact::redact_verification))
        .routes(routes!(reports::list_reports))
        .routes(routes!(events::follow_events))
}

/// One run of a journey for one subject.
#[derive(Serialize, ToSchema)]
pub struct Verification {
    /// Its id.
    #[schema(example = "ver_01k3z8m5q0x4t6v8w2y4a6c8e0")]
    pub id: String,
    /// `verification`.
    pub object: &'static str,
    /// `created`, `link_sent`, `in_progress`, `processing`, `requires_input`, `pending_review`, `succeeded`,
    /// `failed`, `expired`, `cancelled` or `declined`. Only `succeeded` with `valid` opens a gate.
    #[schema(example = "succeeded")]
    pub status: &'static str,
    /// Whether this is a success that may be relied on now.
    pub valid: bool,
    /// Why it stands where it stands.
    pub reasons: Vec<Reason>,
    /// The subject's id.
    pub subject: String,
    /// The journey's id.
    pub journey: String,
    /// The journey's version, frozen at opening.
    pub journey_version: u32,
    /// What the answer is for.
    pub purpose: String,
    /// The outside record it is for.
    pub record: Option<Record>,
    /// Who asked.
    pub requester: Requester,
    /// How the link travelled: `email`, `sms` or `none`.
    pub delivery: &'static str,
    /// Where the person goes when finished.
    pub return_url: Option<String>,
    /// The caller's notes.
    pub metadata: BTreeMap<String, String>,
    /// The person's language.
    pub language: Option<String>,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Until when an unfinished one lives.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
    /// Until when a success may be relied on.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_until: Option<Timestamp>,
    /// When the success was used up.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub redeemed_at: Option<Timestamp>,
    /// How surely a success says who it is; nothing for anything else.
    pub assurance: Option<Assurance>,
    /// Submissions so far.
    pub attempts: u32,
    /// Whether a person decided.
    pub reviewed: bool,
    /// When its evidence and personal data were destroyed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub redacted_at: Option<Timestamp>,
    /// The link, in the one answer that carries it: when `delivery` is `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// With `expand=reports`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports: Option<Vec<Report>>,
    /// With `expand=facts` and the scope `personal_data:read`: what was read on the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub facts: Option<DocumentFacts>,
    /// With `expand=subject` and the scope `subjects:read`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_details: Option<Subject>,
}

/// A reason with its sentence for the operator.
#[derive(Serialize, ToSchema)]
pub struct Reason {
    /// The stable code; `docs/reason-codes.md` lists them.
    #[schema(example = "name_mismatch")]
    pub code: &'static str,
    /// For the operator.
    pub message: &'static str,
}

impl From<&ipse_core::reason::Reason> for Reason {
    fn from(reason: &ipse_core::reason::Reason) -> Self {
        Self { code: reason.code(), message: reason.for_operator() }
    }
}

/// How surely a success says who it is, computed from the checks that passed.
#[derive(Serialize, ToSchema)]
pub struct Assurance {
    /// 0 to 3; `docs/assurance.md` says what each takes.
    #[schema(example = 2, maximum = 3)]
    pub level: u8,
    /// The strongest thing that was shown and found good: `none`, `credential`, `document` or `signed_document` (its chip).
    #[schema(example = "document")]
    pub evidence: &'static str,
    /// How the person was held against it: `none`, `biometric` or `visual` (by a reviewer).
    #[schema(example = "biometric")]
    pub pathway: &'static str,
}

impl From<ipse_core::assurance::Assurance> for Assurance {
    fn from(assurance: ipse_core::assurance::Assurance) -> Self {
        Self { level: assurance.level, evidence: assurance.evidence.as_str(), pathway: assurance.pathway.as_str() }
    }
}

/// An outside record.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The system, 1 to 40 characters.
    #[schema(example = "servicenow")]
    pub system: String,
    /// The table or object, 1 to 80 characters.
    #[schema(example = "incident")]
    pub table: String,
    /// The record's immutable id there, 1 to 80 characters.
    #[schema(example = "a9e30c7dc61122760116894de7bcc7bd")]
    pub id: String,
    /// The number people know it by, 1 to 80 characters.
    #[schema(example = "INC0010023")]
    pub number: String,
}

impl From<Record> for core::Record {
    fn from(record: Record) -> Self {
        Self { system: record.system, table: record.table, id: record.id, number: record.number }
    }
}

impl From<core::Record> for Record {
    fn from(record: core::Record) -> Self {
        Self { system: record.system, table: record.table, id: record.id, number: record.number }
    }
}

/// Who asked.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Requester {
    /// The agent's id in the caller's system.
    #[serde(default)]
    pub id: Option<String>,
    /// The name the person is shown, 1 to 80 characters.
    #[schema(example = "Kim, service desk")]
    pub name: String,
}

/// The record of one attempt.
#[derive(Serialize, ToSchema)]
pub struct Report {
    /// Its id.
    pub id: String,
    /// `report`.
    pub object: &'static str,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Every check.
    pub checks: Vec<Check>,
}

/// One question and its answer.
#[derive(Serialize, ToSchema)]
pub struct Check {
    /// The check.
    #[schema(example = "document_expiry")]
    pub name: String,
    /// `pass`, `fail`, `review` or `not_performed`.
    #[schema(example = "pass")]
    pub outcome: &'static str,
    /// Whether the journey needs it to pass.
    pub required: bool,
    /// Why; empty for a pass.
    pub reasons: Vec<Reason>,
    /// What computed it.
    pub engine: String,
}

impl From<CoreReport> for Report {
    fn from(report: CoreReport) -> Self {
        let check = |check: ipse_core::check::Check| Check {
            name: check.name,
            outcome: check.outcome.as_str(),
            required: check.required,
            reasons: check.reasons.iter().map(Reason::from).collect(),
            engine: check.engine,
        };
        Self {
            id: report.id.to_string(),
            object: "report",
            attempt: report.attempt,
            created_at: report.created_at,
            checks: report.checks.into_iter().map(check).collect(),
        }
    }
}

impl Verification {
    /// A verification as it is at an instant.
    pub fn new(verification: core::Verification, now: Timestamp) -> Self {
        Self {
            valid: verification.is_valid(now),
            assurance: verification.proven().map(Into::into),
            id: verification.id.to_string(),
            object: "verification",
            status: verification.state.as_str(),
            reasons: verification.reasons.iter().map(Reason::from).collect(),
            subject: verification.subject.to_string(),
            journey: verification.journey.to_string(),
            journey_version: verification.journey_version,
            purpose: verification.purpose,
            record: verification.record.map(Into::into),
            requester: Requester { id: verification.requester.external_id, name: verification.requester.name },
            delivery: verification.delivery.as_str(),
            return_url: verification.return_url,
            metadata: verification.metadata,
            language: verification.language,
            created_at: verification.created_at,
            expires_at: verification.expires_at,
            finished_at: verification.finished_at,
            valid_until: verification.valid_until,
            redeemed_at: verification.redeemed_at,
            attempts: verification.attempts,
            reviewed: verification.reviewer.is_some(),
            redacted_at: verification.redacted_at,
            link: None,
            reports: None,
            facts: None,
            subject_details: None,
        }
    }
}
