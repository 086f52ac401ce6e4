//! Credentials on the wire: what went into wallets, without what it says, which is kept nowhere.

pub mod get;
pub mod list;
pub mod revoke;

use crate::state::Shared;
use ipse_core::issuance::{Issuance, IssuanceState};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list_credentials))
        .routes(routes!(get::get_credential))
        .routes(routes!(revoke::revoke_credential))
}

/// Whether a credential is good.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CredentialState {
    /// It is, until its own end.
    Issued,
    /// It is to be good no more; the tenant that issued it has not confirmed that.
    Revoking,
    /// It is good no more.
    Revoked,
}

/// A credential in a wallet.
#[derive(Serialize, ToSchema)]
pub struct Credential {
    /// Its id here.
    #[schema(example = "iss_01k3z8m5q0x4t6v8w2y4a6c8e0")]
    pub id: String,
    /// `credential`.
    object: &'static str,
    /// The success that it rests on.
    verification: String,
    /// Who issued it.
    integration: String,
    /// Whether it is good.
    state: CredentialState,
    /// Whether it can be revoked from here: it carries the verification's id, by which its tenant finds it.
    revocable: bool,
    /// Why it is not revoked yet: `unavailable`, which passes, or `misconfigured`, where somebody has to mend something.
    failure: Option<String>,
    /// When the person asked for it.
    #[schema(value_type = String, format = DateTime)]
    requested_at: Timestamp,
}

impl From<Issuance> for Credential {
    fn from(issuance: Issuance) -> Self {
        Self {
            id: issuance.id.to_string(),
            object: "credential",
            verification: issuance.verification.to_string(),
            integration: issuance.integration.to_string(),
            state: match issuance.state {
                IssuanceState::Revoking => CredentialState::Revoking,
                IssuanceState::Revoked => CredentialState::Revoked,
                _ => CredentialState::Issued,
            },
            revocable: issuance.contract.is_some(),
            failure: issuance.failure,
            requested_at: issuance.requested_at,
        }
    }
}
