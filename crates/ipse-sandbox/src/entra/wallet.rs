//! Authenticator, as a page: it opens the link or code of an offer, shows what the credential will say, asks for the PIN,
//! and keeps the credential.

use super::{Credential, Entra, Offer, readable};
use crate::Partners;
use crate::pages::{Held, frame, page};
use crate::views::{Frame, Status};
use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<Partners>> {
    Router::new()
        .route("/authenticator", get(cards))
        .route("/authenticator/open", post(open))
        .route("/authenticator/accept", post(accept))
}

#[derive(Template)]
#[template(path = "sandbox/authenticator.html")]
struct Page {
    frame: Frame,
    notice: Option<Status>,
    /// The link to open, if the page came with one.
    link: String,
    /// The offer that is open.
    open: Option<Shown>,
    cards: Vec<Shown>,
}

/// A credential, or what is to become one.
struct Shown {
    request: String,
    kind: String,
    claims: Vec<(String, String)>,
    pin: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    link: String,
}

#[derive(Deserialize)]
struct Accepted {
    request: String,
    #[serde(default)]
    pin: String,
}

impl Entra {
    /// The offer of a link, while it lives.
    fn find(&self, link: &str) -> Option<Offer> {
        let id = link.rsplit('/').next()?;
        self.with(|inner| {
            let now = inner.now();
            inner.offers.get(id).filter(|offer| now < offer.expiry && !offer.issued).cloned()
        })
    }

    /// Puts the credential of an offer into the wallet, or fails as it was asked to, and tells.
    pub(super) async fn issue(&self, offer: &Offer) -> bool {
        let failure = self.with(|inner| {
            if let Some(offer) = inner.offers.get_mut(&offer.id) {
                offer.issued = true;
            }
            if inner.failure.is_none() {
                let id = inner.note_issued(&offer.contract.id, &offer.claims);
                let (kind, claims) = (offer.contract.kind().to_owned(), offer.contract.outward(&offer.claims));
                let issued_at = inner.now();
                inner.wallet.push(Credential { id, kind, claims, issued_at });
            }
            inner.failure
        });
        match failure {
            None => self.say(offer, "issuance_successful", None).await,
            Some(message) => self.say(offer, "issuance_error", Some(message)).await,
        }
        failure.is_none()
    }

    fn page(&self, notice: Option<(&'static str, &str)>, link: &str, open: Option<&Offer>) -> Page {
        let cards = self.wallet().into_iter().map(|card| Shown {
            request: String::new(),
            kind: card.kind,
            claims: readable(card.claims),
            pin: false,
        });
        Page {
            frame: frame("/authenticator"),
            notice: notice.map(|(tone, label)| Status { tone, label: label.to_owned() }),
            link: link.to_owned(),
            open: open.map(|offer| Shown {
                request: offer.id.clone(),
                kind: offer.contract.kind().to_owned(),
                claims: readable(offer.contract.outward(&offer.claims)),
                pin: offer.pin.is_some(),
            }),
            cards: cards.collect(),
        }
    }
}

async fn cards(State(partners): Held, Query(asked): Query<Asked>) -> Response {
    page(&partners.entra.page(None, &asked.link, None))
}

async fn open(State(partners): Held, Form(asked): Form<Asked>) -> Response {
    let entra = &partners.entra;
    if let Some(page) = entra.open_presentation(&asked.link).await {
        return page;
    }
    let Some(offer) = entra.find(&asked.link) else {
        let notice = Some(("bad", "This request cannot be opened, or not any more."));
        return (StatusCode::GONE, page(&entra.page(notice, "", None))).into_response();
    };
    entra.say(&offer, "request_retrieved", None).await;
    page(&entra.page(None, "", Some(&offer)))
}

async fn accept(State(partners): Held, Form(accepted): Form<Accepted>) -> Response {
    let entra = &partners.entra;
    let Some(offer) = entra.find(&accepted.request) else {
        let notice = Some(("bad", "This request has run out."));
        return (StatusCode::GONE, page(&entra.page(notice, "", None))).into_response();
    };
    if let Some((hash, salt, length)) = &offer.pin {
        let typed = STANDARD.encode(digest(&SHA256, format!("{salt}{}", accepted.pin).as_bytes()));
        if typed != *hash || accepted.pin.len() as u64 != *length {
            let notice = Some(("bad", "That is not the PIN."));
            return (StatusCode::FORBIDDEN, page(&entra.page(notice, "", Some(&offer)))).into_response();
        }
    }
    let notice = if entra.issue(&offer).await { ("good", "Added.") } else { ("bad", "Something went wrong.") };
    page(&entra.page(Some(notice), "", None))
}
