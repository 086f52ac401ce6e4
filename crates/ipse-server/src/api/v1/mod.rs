//! Version 1: a folder for each noun, a file for each operation.

pub mod campaigns;
pub mod clients;
pub mod credentials;
pub mod journeys;
pub mod keys;
pub mod list;
pub mod organization;
pub mod presentations;
pub mod subjects;
pub mod verifications;
pub mod webhooks;

use crate::state::Shared;
use utoipa_axum::router::OpenApiRouter;

/// Every route of the version.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .merge(verifications::routes())
        .merge(presentations::routes())
        .merge(subjects::routes())
        .merge(credentials::routes())
        .merge(campaigns::routes())
        .merge(journeys::routes())
        .merge(webhooks::routes())
        .merge(keys::routes())
        .merge(clients::routes())
        .merge(organization::routes())
}
