//! Codes: what is stored when one is issued. The code itself is random and known to the client only.

use crate::hash::Hash;
use ipse_core::Private;
use ipse_core::id::{OrganizationId, VerificationId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a code stands for. The claims are personal data: the caller stores it sealed, under `code_hash`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// The hash of the code.
    pub code_hash: Hash,
    /// Who may redeem it.
    pub client_id: String,
    /// Whose client that is.
    pub organization: OrganizationId,
    /// The redirect URI it was sent to.
    pub redirect_uri: String,
    /// S256 of the verifier that redeems it.
    pub code_challenge: Option<String>,
    /// The thumbprint of the key that redeems it.
    pub dpop_jkt: Option<String>,
    /// The scopes granted.
    pub scopes: Vec<String>,
    /// The client's nonce.
    pub nonce: Option<String>,
    /// The verification it tells of.
    pub verification: VerificationId,
    /// Who was verified.
    pub subject: Private<String>,
    /// What the ID token will say beside the claims that every one has.
    pub id_token: Private<Map<String, Value>>,
    /// What the userinfo endpoint will say beside `sub`.
    pub userinfo: Private<Map<String, Value>>,
    /// From when on it is refused.
    pub expires_at: Timestamp,
    /// When it was redeemed. The caller sets this in the statement that finds it unset, so that of two requests
    /// at once only one succeeds.
    pub redeemed_at: Option<Timestamp>,
}
