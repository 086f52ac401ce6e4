//! Journeys on the wire.

pub mod create;
pub mod get;
pub mod list;
pub mod update;
pub mod versions;

use crate::state::Shared;
use ipse_core::document::DocumentKind;
use ipse_core::journey as core;
use ipse_core::presentation::PresentationPolicy;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(create::create_journey, list::list_journeys))
        .routes(routes!(get::get_journey, update::update_journey))
        .routes(routes!(versions::list_journey_versions))
}

/// A version of a journey.
#[derive(Serialize, ToSchema)]
pub struct Journey {
    /// Shared by all versions.
    #[schema(example = "jrn_01k3z8m5q0x4t6v8w2y4a6c8e0")]
    pub id: String,
    /// `journey`.
    pub object: &'static str,
    /// From 1.
    pub version: u32,
    /// The short name.
    #[schema(example = "help-desk")]
    pub key: String,
    /// The name people see.
    pub name: String,
    /// When this version was written.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The recipe.
    pub rules: Rules,
}

impl From<core::Journey> for Journey {
    fn from(journey: core::Journey) -> Self {
        Self {
            id: journey.id.to_string(),
            object: "journey",
            version: journey.version,
            key: journey.key,
            name: journey.name,
            created_at: journey.created_at,
            rules: journey.rules.into(),
        }
    }
}

macro_rules! rules {
    ($($(#[$attribute:meta])* $field:ident: $kind:ty,)*) => {
        /// The recipe of a journey. What is left out takes its default.
        #[derive(Clone, Serialize, Deserialize, ToSchema)]
        #[serde(default, deny_unknown_fields)]
        pub struct Rules {
            $($(#[$attribute])* pub $field: $kind,)*
        }

        impl From<core::Rules> for Rules {
            fn from(rules: core::Rules) -> Self {
                Self { $($field: rules.$field,)* }
            }
        }

        impl From<Rules> for core::Rules {
            fn from(rules: Rules) -> Self {
                Self { $($field: rules.$field,)* }
            }
        }
    };
}

rules! {
    /// Kinds accepted: `passport`, `id_card`, `driving_licence`, `visa`, `residence_permit`. None
    /// at all makes a step-up: a live selfie compared with the subject's enrolled face; unless there is a `presentation`.
    #[schema(value_type = Vec<String>, example = json!(["passport", "id_card"]))]
    document_kinds: Vec<DocumentKind>,
    /// The Verified ID that is to be presented from a wallet; nothing else is asked for then. `accepted_issuers` names 1 to
    /// 20 identifiers, or says `any`; each of `constraints` has a claim and one of `values`, `contains` and `starts_with`;
    /// `face_check` names `photo_claim` and a `threshold` from 50 to 100; `claims` says what the credential calls
    /// `given_name`, `family_name` and `birthdate`; `integration` names the Entra tenant, where there are several.
    #[schema(value_type = Option<Object>, example = json!({
        "credential": "VerifiedEmployee",
        "accepted_issuers": ["did:web:verifiedid.contoso.com"],
        "constraints": [{ "claim": "jobTitle", "contains": "manager" }],
        "face_check": { "photo_claim": "photo", "threshold": 70 },
        "revoked_allowed": false,
        "linked_domain_required": true,
        "claims": { "given_name": "givenName", "family_name": "surname" },
    }))]
    presentation: Option<PresentationPolicy>,
    /// Issuing states accepted, three letters each; empty accepts any.
    #[schema(example = json!([]))]
    countries: Vec<String>,
    /// Whether a stored picture may be uploaded.
    uploads_allowed: bool,
    /// Whether a selfie is asked for and compared.
    selfie_required: bool,
    /// Whether the selfie must be shown to come from a live person; needs `selfie_required`.
    liveness_required: bool,
    /// Days a face template is kept for stepping up, if the person agrees; 0 does not offer it. Needs
    /// `liveness_required`.
    #[schema(maximum = 365)]
    keep_template_days: u32,
    /// `none`, `exact` or `relaxed`.
    #[schema(value_type = String, example = "relaxed")]
    name_rule: core::NameRule,
    /// Whether the date of birth must be the subject's.
    birthdate_must_match: bool,
    /// `never`, `when_unsure` or `always`.
    #[schema(value_type = String, example = "when_unsure")]
    review_policy: core::ReviewPolicy,
    /// Minutes a link can be opened for, 1 to 10080.
    #[schema(minimum = 1, maximum = 10080)]
    link_minutes: u32,
    /// Minutes from opening the link to the last picture, 5 to 1440.
    #[schema(minimum = 5, maximum = 1440)]
    session_minutes: u32,
    /// Minutes a success may be relied on, 1 to 525600.
    #[schema(minimum = 1, maximum = 525_600)]
    result_minutes: u32,
    /// Tries, 1 to 20.
    #[schema(minimum = 1, maximum = 20)]
    max_attempts: u32,
    /// Days since a contact changed before a link may go there; 0 asks no such thing.
    #[schema(maximum = 365)]
    min_contact_age_days: u32,
    /// Hours pictures are kept after the end, 0 to 720.
    #[schema(maximum = 720)]
    keep_images_hours: u32,
    /// Days what was read is kept after the end, 0 to 3650.
    #[schema(maximum = 3650)]
    keep_facts_days: u32,
}

impl Default for Rules {
    fn default() -> Self {
        core::Rules::default().into()
    }
}
