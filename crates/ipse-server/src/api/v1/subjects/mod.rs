//! Subjects on the wire.

pub mod create;
pub mod enrolment;
pub mod get;
pub mod list;
pub mod off_board;
pub mod update;

use crate::app::verifications::Who;
use crate::state::Shared;
use ipse_core::date::{Date, parse};
use ipse_core::person::Identity;
use ipse_core::subject as core;
use ipse_core::{Private, Refusal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(create::create_subject, list::list_subjects))
        .routes(routes!(get::get_subject, update::update_subject))
        .routes(routes!(enrolment::get_enrolment, enrolment::erase_enrolment))
        .routes(routes!(off_board::off_board_subject))
}

/// A person by what the caller knows, or by `id` alone.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubjectInput {
    /// A known subject's id; then nothing else is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// The caller's own id for the person, 1 to 255 characters.
    #[schema(example = "j.doe")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    /// Given names, first one first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    given_name: Option<String>,
    /// Middle names, where kept apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    middle_name: Option<String>,
    /// Family names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    family_name: Option<String>,
    /// `YYYY-MM-DD`.
    #[schema(format = Date)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    birthdate: Option<String>,
    /// Addresses from the directory, preferred one first; at most ten.
    #[serde(default)]
    emails: Vec<String>,
    /// Numbers in E.164 form from the directory, preferred one first; at most ten.
    #[serde(default)]
    phones: Vec<String>,
    /// When the directory last changed any contact.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contact_changed_at: Option<Timestamp>,
    /// When it last changed the address, if the number's date is another.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    emails_changed_at: Option<Timestamp>,
    /// When it last changed the number, if the address's date is another.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phones_changed_at: Option<Timestamp>,
    /// What the person is to the caller, at most 20, each 1 to 40 of `a-z`, `0-9`, `-` and `_`; no personal data.
    #[schema(example = json!(["privileged"]))]
    #[serde(default)]
    labels: Vec<String>,
}

impl SubjectInput {
    /// Who is meant.
    pub fn read(self) -> Result<Who, Refusal> {
        match self.id {
            Some(id) if self.external_id.is_none() => id.parse().map(Who::Id).map_err(|_| Refusal::NotFound("subject")),
            Some(_) => Err(Refusal::invalid("subject.id", "must come alone")),
            None => self.profile().map(Box::new).map(Who::Profile),
        }
    }

    /// The profile.
    pub fn profile(self) -> Result<core::Profile, Refusal> {
        let external_id = self.external_id.ok_or(Refusal::invalid("external_id", "is needed"))?;
        let date = |text: String| parse(&text).ok_or(Refusal::invalid("birthdate", "must be YYYY-MM-DD"));
        Ok(core::Profile {
            external_id: Private::new(external_id),
            identity: Identity {
                given_name: self.given_name.map(Private::new),
                middle_name: self.middle_name.map(Private::new),
                family_name: self.family_name.map(Private::new),
                birthdate: self.birthdate.map(date).transpose()?.map(Private::new),
            },
            emails: self.emails.into_iter().map(Private::new).collect(),
            phones: self.phones.into_iter().map(Private::new).collect(),
            contact_changed_at: self.contact_changed_at,
            emails_changed_at: self.emails_changed_at,
            phones_changed_at: self.phones_changed_at,
            labels: self.labels.into_iter().collect(),
        })
    }
}

/// A subject.
#[derive(Serialize, ToSchema)]
pub struct Subject {
    /// Ipse's id.
    #[schema(example = "sub_01k3z8m5q0x4t6v8w2y4a6c8e0")]
    pub id: String,
    /// `subject`.
    pub object: &'static str,
    /// The caller's own id.
    pub external_id: String,
    /// Given names.
    pub given_name: Option<String>,
    /// Middle names.
    pub middle_name: Option<String>,
    /// Family names.
    pub family_name: Option<String>,
    /// The date of birth.
    #[schema(value_type = Option<String>, format = Date)]
    pub birthdate: Option<Date>,
    /// Addresses.
    pub emails: Vec<String>,
    /// Numbers.
    pub phones: Vec<String>,
    /// When a contact last changed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub contact_changed_at: Option<Timestamp>,
    /// When the address last changed, where that is known.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub emails_changed_at: Option<Timestamp>,
    /// When the number last changed, where that is known.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub phones_changed_at: Option<Timestamp>,
    /// What the person is to the caller.
    pub labels: Vec<String>,
    /// When the subject was first named.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl From<core::Subject> for Subject {
    fn from(subject: core::Subject) -> Self {
        let core::Profile {
            external_id,
            identity,
            emails,
            phones,
            contact_changed_at,
            emails_changed_at,
            phones_changed_at,
            labels,
        } = subject.profile;
        Self {
            id: subject.id.to_string(),
            object: "subject",
            external_id: external_id.into_inner(),
            given_name: identity.given_name.map(Private::into_inner),
            middle_name: identity.middle_name.map(Private::into_inner),
            family_name: identity.family_name.map(Private::into_inner),
            birthdate: identity.birthdate.map(Private::into_inner),
            emails: emails.into_iter().map(Private::into_inner).collect(),
            phones: phones.into_iter().map(Private::into_inner).collect(),
            contact_changed_at,
            emails_changed_at,
            phones_changed_at,
            labels: labels.into_iter().collect(),
            created_at: subject.created_at,
        }
    }
}
