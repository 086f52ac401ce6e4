//! A credential from a wallet as evidence: `POST /v/session/presentation` asks for it, `/v/session/presentation.svg` is what a
//! wallet on another device scans.

use super::pages::{self, Reader};
use super::session::act;
use super::views::{Page, Presenting};
use super::{Bound, Token};
use crate::app::capture::Session;
use crate::app::presentations;
use crate::http::body::Form;
use crate::http::page::render;
use crate::http::qr::image;
use crate::state::Shared;
use axum::extract::State;
use axum::response::Response;
use ipse_core::presentation::PresentationState;

/// `POST /v/session/presentation`
pub(super) async fn request(State(ipse): State<Shared>, bound: Bound, Form(form): Form<Token>) -> Response {
    act(&bound, &form, presentations::request(&ipse, &bound.session)).await
}

/// `GET /v/session/presentation.svg`
pub(super) async fn qr(bound: Bound) -> Response {
    let presenting = bound.session.presenting.as_ref().filter(|_| bound.session.claim.active);
    let offered = presenting.filter(|presenting| presenting.state() == Some(PresentationState::Offered));
    let Some(link) = offered.and_then(|presenting| presenting.link.as_ref()) else {
        return pages::refused(&bound.reader, &ipse_core::Refusal::NotFound("offer").into());
    };
    image(link)
}

/// The page, as far as the presentation is: a code at a desk, a link on the phone itself.
pub(super) fn page(reader: &Reader, session: &Session, page: Page<'_>) -> Response {
    let (Some(presenting), Some(policy)) = (&session.presenting, &session.journey.rules.presentation) else {
        return pages::refused(reader, &ipse_core::Refusal::NotInJourney("a presentation").into());
    };
    let organization = session.settings.name.as_str();
    let say = |id: &str| reader.text.with(&format!("presenting-{id}"), &[("organization", organization)]);
    let offered = presenting.state() == Some(PresentationState::Offered);
    let notice = match (&presenting.presentation, presenting.state()) {
        (None, _) | (_, None) => None,
        (_, Some(PresentationState::Offered)) if reader.at_desk() => Some(say("scan")),
        (Some(one), Some(PresentationState::Failed)) => {
            Some(say(&format!("failed-{}", one.failure.as_deref().unwrap_or("unspecified_error"))))
        }
        (_, Some(state)) => Some(say(state.as_str())),
    };
    let is_open = presenting.state().is_some_and(PresentationState::is_open);
    render(&Presenting {
        lead: reader
            .text
            .with("presenting-lead", &[("organization", organization), ("credential", policy.credential.as_str())]),
        face_check: policy.face_check.is_some(),
        state: presenting.state().map_or("none", PresentationState::as_str),
        notice: if is_open || presenting.may_request { notice } else { Some(say("spent")) },
        qr: offered && reader.at_desk(),
        link: presenting.link.clone().filter(|_| offered && !reader.at_desk()),
        may_request: presenting.may_request,
        button: if presenting.presentation.is_none() { "presenting-ask" } else { "presenting-again" },
        page,
    })
}
