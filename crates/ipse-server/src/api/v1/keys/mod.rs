//! API keys on the wire.

pub mod create;
pub mod list;
pub mod revoke;

use crate::state::Shared;
use ipse_store::keys as store;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(create::create_api_key, list::list_api_keys))
        .routes(routes!(revoke::revoke_api_key))
}

/// An API key.
#[derive(Serialize, ToSchema)]
pub struct ApiKey {
    /// Its id, and its OAuth 2.0 client id.
    #[schema(example = "key_01k3z8m5q0x4t6v8w2y4a6c8e0")]
    pub id: String,
    /// `api_key`.
    pub object: &'static str,
    /// The first characters, to tell keys apart.
    pub prefix: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last used, to about ten minutes.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub used_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
    /// The key itself, in the one answer that carries it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl From<store::ApiKey> for ApiKey {
    fn from(key: store::ApiKey) -> Self {
        Self {
            id: key.id.to_string(),
            object: "api_key",
            prefix: key.prefix,
            name: key.name,
            scopes: key.scopes,
            created_at: key.created_at,
            used_at: key.used_at,
            revoked_at: key.revoked_at,
            key: None,
        }
    }
}
