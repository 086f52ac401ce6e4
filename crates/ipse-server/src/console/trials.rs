//! The button that tries a client: an administrator goes the way that a person goes, and sees what the client would
//! have received. Names of claims and how they came out are shown, never their values.

use super::form::Fields;
use super::views::{self, Area, Chip, Tone};
use super::{problem, refused, shell};
use crate::app::oidc::Stop;
use crate::app::oidc::clients::get;
use crate::app::oidc::trial::{self, Answer, Received, Told, Wanted};
use crate::http::auth::{Configure, User};
use crate::http::page::render;
use crate::state::Shared;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ipse_core::id::ClientId;

fn stopped(stop: Stop) -> Response {
    match stop {
        Stop::App(error) => refused(error),
        Stop::Refused(error, _) => {
            problem(StatusCode::BAD_REQUEST, &format!("The test ended. {}", error.description()))
        }
    }
}

/// `POST /console/clients/{id}/test`
pub(super) async fn begin(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<ClientId>,
    fields: Fields,
) -> Response {
    let wanted = Wanted {
        given_name: fields.text("given_name"),
        family_name: fields.text("family_name"),
        flow: fields.optional("flow"),
    };
    match trial::begin(&ipse, user.caller(), &user.signed_in.session.csrf, &id, &wanted).await {
        Ok(to) => Redirect::to(&to).into_response(),
        Err(stop) => stopped(stop),
    }
}

/// `GET /console/clients/{id}/tested`
pub(super) async fn arrive(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<ClientId>,
    Query(answer): Query<Answer>,
) -> Response {
    let client = match get(&ipse, user.caller(), &id).await {
        Ok(client) => client,
        Err(error) => return refused(error),
    };
    let received = match trial::finish(&ipse, user.caller(), &user.signed_in.session.csrf, &id, &answer).await {
        Ok(received) => received,
        Err(stop) => return stopped(stop),
    };
    let (outcome, lead, claims) = match received {
        Received::Refused(error) => {
            let lead = "An error instead of an answer: the person went back, or was not proven.";
            (chip(Tone::Bad, &error), lead, Vec::new())
        }
        Received::Told { level, claims } => {
            let failed = level.as_deref() == Some("FAILED");
            let unproven = !failed && claims.is_empty();
            let lead = match (failed, unproven) {
                (true, _) => "An ID token that says that the verification failed.",
                (_, true) => "An ID token that says nothing of what was asked for: it was not proven.",
                _ => "An ID token that says who it is.",
            };
            let tone = if failed || unproven { Tone::Bad } else { Tone::Good };
            (chip(tone, level.as_deref().unwrap_or("ID token")), lead, claims)
        }
    };
    let claim = |(name, told): (String, Told)| views::TestedClaim {
        name,
        outcome: match told {
            Told::Matched => chip(Tone::Good, "MATCHED"),
            Told::Value => chip(Tone::Good, "Its value"),
            Told::Unproven => chip(Tone::Bad, "Not proven"),
        },
    };
    render(&views::ClientTested {
        shell: shell(&ipse, &user.signed_in, Area::Clients).await,
        id: client.id,
        name: client.name,
        outcome,
        lead: lead.to_owned(),
        claims: claims.into_iter().map(claim).collect(),
    })
}

fn chip(tone: Tone, label: &str) -> Chip {
    Chip { tone, label: label.to_owned() }
}
