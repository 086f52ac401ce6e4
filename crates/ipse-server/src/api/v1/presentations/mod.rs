//! Presentations on the wire: a verification by a credential from a wallet, whose request the caller shows themselves.

pub mod create;
pub mod renew;

use super::verifications::Verification;
use crate::app::Caller;
use crate::app::presentations::{Asked, asked};
use crate::http::problem::Problem;
use crate::http::qr::drawn;
use crate::state::{Ipse, Shared};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ipse_core::id::VerificationId;
use jiff::Timestamp;
use serde::Serialize;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How often is looked without being told.
const GLANCE: Duration = Duration::from_millis(500);

/// The routes.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(create::create_presentation)).routes(routes!(renew::renew_presentation))
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

/// What a wallet can open of a presentation that was asked for; nothing where the wallet's service made no request in time.
async fn shown(ipse: &Ipse, caller: &Caller, id: &VerificationId) -> Result<Option<Presentation>, Problem> {
    let (verification, offer) = match answer(ipse, caller, id).await? {
        (verification, Asked::Offered(link, until)) => (verification, Some((link, until))),
        (verification, Asked::Over) => (verification, None),
        (_, Asked::Waiting | Asked::Refused) => return Ok(None),
    };
    let (link, expires_at) = offer.unzip();
    let code = link.as_deref().and_then(drawn);
    Ok(Some(Presentation {
        object: "presentation",
        verification: Verification::new(verification, ipse.clock.now()),
        qr_code: code.map(|code| format!("data:image/svg+xml;base64,{}", STANDARD.encode(code))),
        link,
        expires_at,
    }))
}

/// Waits for the answer of the wallet's service, for most of the time that a request may take: the rest is for ours.
async fn answer(
    ipse: &Ipse,
    caller: &Caller,
    id: &VerificationId,
) -> Result<(ipse_core::verification::Verification, Asked), Problem> {
    let (mut news, until) =
        (ipse.news.subscribe(), Instant::now() + Duration::from_secs(ipse.config.limits.request_seconds).mul_f32(0.8));
    loop {
        let found = asked(ipse, caller, id).await?;
        if !matches!(found.1, Asked::Waiting) || Instant::now() >= until {
            return Ok(found);
        }
        tokio::select! {
            _ = news.recv() => {}
            () = sleep(GLANCE) => {}
            () = sleep_until(until) => {}
        }
    }
}
