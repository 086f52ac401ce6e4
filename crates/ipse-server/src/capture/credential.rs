//! The credential after a success: `POST /v/session/credential` asks for it, `/v/session/credential.svg` is what a wallet
//! on another device scans.

use super::pages::{self, Reader};
use super::session::act;
use super::views;
use super::{Bound, Token, device};
use crate::app::capture::Session;
use crate::app::credentials;
use crate::http::body::Form;
use crate::http::qr::image;
use crate::state::Shared;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use ipse_core::issuance::IssuanceState;

/// `POST /v/session/credential`
pub(super) async fn request(
    State(ipse): State<Shared>,
    bound: Bound,
    headers: HeaderMap,
    Form(form): Form<Token>,
) -> Response {
    act(&bound, &form, credentials::request(&ipse, &bound.session, device(&headers))).await
}

/// `GET /v/session/credential.svg`
pub(super) async fn qr(bound: Bound) -> Response {
    let wallet = bound.session.wallet.as_ref().filter(|wallet| wallet.state() == Some(IssuanceState::Offered));
    let Some(offer) = wallet.and_then(|wallet| wallet.offer.as_ref()).filter(|offer| offer.pin.is_some()) else {
        return pages::refused(&bound.reader, &ipse_core::Refusal::NotFound("offer").into());
    };
    image(&offer.link)
}

/// What the last page says of the credential. The offer is shown where it was asked for: with a PIN and a code at a desk,
/// as a link on the phone itself.
pub(super) fn shown(reader: &Reader, session: &Session) -> Option<views::Wallet> {
    let wallet = session.wallet.as_ref()?;
    let organization = [("organization", session.settings.name.as_str())];
    let say = |id: &str| reader.text.with(id, &organization);
    let issuance = wallet.issuance.as_ref();
    let here = issuance.is_some_and(|issuance| issuance.two_devices == reader.at_desk());
    let offer = wallet.offer.as_ref().filter(|_| here);
    let is_offered = wallet.state() == Some(IssuanceState::Offered);
    let notice = match (issuance, wallet.state()) {
        (None, _) | (_, None) => say("wallet-lead"),
        (_, Some(IssuanceState::Offered)) if !here => say("wallet-elsewhere"),
        (_, Some(IssuanceState::Offered)) if reader.at_desk() => say("wallet-scan"),
        (Some(issuance), Some(IssuanceState::Failed)) => {
            say(&format!("wallet-failed-{}", issuance.failure.as_deref().unwrap_or("unspecified_error")))
        }
        (_, Some(state)) => say(&format!("wallet-{}", state.as_str())),
    };
    Some(views::Wallet {
        state: wallet.state().map_or("none", IssuanceState::as_str),
        notice,
        qr: is_offered && offer.is_some_and(|offer| offer.pin.is_some()),
        pin: offer.and_then(|offer| offer.pin.clone()),
        link: offer.filter(|offer| is_offered && offer.pin.is_none()).map(|offer| offer.link.clone()),
        may_request: wallet.may_request,
        button: if issuance.is_none() { "wallet-add" } else { "wallet-again" },
    })
}
