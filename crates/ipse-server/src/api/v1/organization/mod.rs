//! The organization on the wire.

pub mod get;
pub mod update;

use crate::state::Shared;
use ipse_core::organization as core;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(get::get_organization, update::update_organization))
}

/// An organization.
#[derive(Serialize, ToSchema)]
pub struct Organization {
    /// Its id.
    #[schema(example = "org_01k3z8m5q0x4t6v8w2y4a6c8e0")]
    pub id: String,
    /// `organization`.
    pub object: &'static str,
    /// What it decides for itself.
    #[serde(flatten)]
    pub settings: Settings,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// What an organization decides for itself.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The name people see when asked to verify; 1 to 80 characters.
    name: String,
    /// The help desk's number, shown so that a person can call back; at most 40 characters.
    #[serde(default)]
    phone: String,
    /// Origins a person may be sent back to when finished.
    #[serde(default)]
    return_origins: Vec<String>,
}

impl From<core::Settings> for Settings {
    fn from(settings: core::Settings) -> Self {
        Self { name: settings.name, phone: settings.phone, return_origins: settings.return_origins }
    }
}

impl From<Settings> for core::Settings {
    fn from(settings: Settings) -> Self {
        Self { name: settings.name, phone: settings.phone, return_origins: settings.return_origins }
    }
}

impl From<core::Organization> for Organization {
    fn from(organization: core::Organization) -> Self {
        Self {
            id: organization.id.to_string(),
            object: "organization",
            settings: organization.settings.into(),
            created_at: organization.created_at,
        }
    }
}
