//! Presentations on the wire: a verification by a credential from a wallet, whose request the caller shows themselves.

pub mod create;

use super::verifications::Verification;
use crate::state::Shared;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(create::create_presentation))
}

/// A verification that waits for a wallet, and what the wallet opens.
#[derive(Serialize, ToSchema)]
pub struct Presentation {
    /// `presentation`.
    pub object: &'static str,
    /// The verification, to be followed like any other.
    pub verification: Verification,
    /// What a wallet on the same device opens; null once nothing is to be opened any more.
    #[schema(example = "openid-vc://?request_uri=https://verifiedid.did.msidentity.com/v1.0/…")]
    pub link: Option<String>,
    /// The same for a wallet on another device: an image, `data:image/svg+xml;base64,…`.
    pub qr_code: Option<String>,
    /// Until when a wallet opens it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}
