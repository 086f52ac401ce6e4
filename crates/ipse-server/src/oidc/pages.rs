//! The pages of the provider. They look like the capture pages, since they come before and after them.

use crate::app::oidc::Stop;
use crate::app::oidc::flow::{self, Asked, Follow};
use crate::capture::pages::{Reader, phone, presents};
use crate::capture::views::{self, Clock, Consent, LanguageLink, Page};
use crate::http::page::{render, render_with, with_form_action};
use crate::state::Ipse;
use askama::Template;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use ipse_core::verification::State;
use ipse_oidc::Redirect;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A way that has begun, seen from the browser that began it.
#[derive(Template)]
#[template(path = "oidc/follow.html")]
struct FollowPage<'a> {
    page: Page<'a>,
    /// The path of the way's page.
    here: String,
    title: String,
    lead: String,
    /// Whether the person can go on in this browser.
    resume: bool,
}

/// The way back.
#[derive(Template)]
#[template(path = "oidc/returning.html")]
struct Returning<'a> {
    page: Page<'a>,
    client: String,
    to: String,
    /// What is posted there; empty where it is only opened.
    fields: Vec<(String, String)>,
}

/// Lets a page's forms lead to the client, and to wherever it sends the browser on.
fn leads_to(response: Response, redirect_uri: &str) -> Response {
    let plain = url::Url::parse(redirect_uri).ok().filter(|url| url.scheme() == "http");
    let further =
        plain.map_or_else(|| "https:".to_owned(), |url| format!("https: {}", url.origin().ascii_serialization()));
    with_form_action(response, &further)
}

fn clock(now: Timestamp, expires_at: Timestamp) -> Clock {
    let left = expires_at.duration_since(now).as_secs().max(0);
    Clock { expires_at: expires_at.as_second(), left: format!("{}:{:02}", left / 60, left % 60) }
}

/// Who asks, and for what.
pub(super) fn asked(
    ipse: &Ipse,
    headers: &HeaderMap,
    id: &str,
    language: Option<&str>,
    csrf: String,
    asked: &Asked,
) -> Response {
    let wished = language.or(asked.languages.first().map(String::as_str));
    let reader = Reader::new(ipse, headers, wished);
    let here = format!("/oauth2/requests/{id}");
    let now = ipse.clock.now();
    let rules = &asked.journey.rules;
    let minutes = asked.expires_at.duration_since(now).as_mins();
    let page = Page {
        csrf,
        languages: LanguageLink::all(&here, reader.language()),
        clock: Some(clock(now, asked.expires_at)),
        ..reader.page(&asked.settings.name)
    };
    let response = render(&Consent {
        page,
        asked: views::Asked {
            requester: asked.client.name.clone(),
            purpose: flow::purpose(&asked.client.name),
            ticket: None,
            at: None,
        },
        help_desk_phone: phone(&asked.settings),
        selfie: rules.selfie_required,
        presents: presents(rules),
        images_kept: reader.minutes(rules.keep_images_hours * 60),
        facts_kept: reader.minutes(rules.keep_facts_days * 1_440),
        valid_for: reader.minutes(u32::try_from(minutes).unwrap_or(0).max(1)),
        valid_until: asked.expires_at.to_zoned(TimeZone::UTC).strftime("%H:%M UTC").to_string(),
        // What the person reads here, they read on.
        claim_url: format!("{here}/begin?lang={}", reader.language().tag()),
        decline_url: format!("{here}/cancel"),
    });
    leads_to(response, &asked.redirect_uri)
}

/// How it stands.
pub(super) fn follow(ipse: &Ipse, headers: &HeaderMap, id: &str, csrf: String, follow: &Follow) -> Response {
    let reader = Reader::new(ipse, headers, follow.languages.first().map(String::as_str));
    let organization = follow.settings.name.as_str();
    let (title, lead) = if follow.state == State::PendingReview {
        let lead = reader.text.with("oidc-review-lead", &[("organization", organization)]);
        (reader.text.get("end-pending_review-title"), lead)
    } else {
        (reader.text.get("oidc-open-title"), reader.text.get("oidc-open-lead"))
    };
    let page = Page {
        csrf,
        clock: Some(clock(ipse.clock.now(), follow.expires_at)),
        live: Some(follow.state.as_str().to_owned()),
        ..reader.page(organization)
    };
    let resume = matches!(follow.state, State::InProgress | State::RequiresInput);
    let response = render(&FollowPage { page, here: format!("/oauth2/requests/{id}"), title, lead, resume });
    leads_to(response, &follow.redirect_uri)
}

/// Sends the browser back, in the way that the client asked for.
pub(super) fn back(ipse: &Ipse, headers: &HeaderMap, redirect: &Redirect) -> Response {
    match redirect.location() {
        Some(location) => axum::response::Redirect::to(&location).into_response(),
        None => {
            let reader = Reader::new(ipse, headers, None);
            let host = url::Url::parse(&redirect.uri).ok().and_then(|url| url.host_str().map(str::to_owned));
            let response = returning(&reader, &host.unwrap_or_default(), redirect.uri.clone(), redirect.fields.clone());
            leads_to(response, &redirect.uri)
        }
    }
}

/// A page that goes on by itself.
pub(super) fn returning(reader: &Reader, client: &str, to: String, fields: Vec<(String, String)>) -> Response {
    render(&Returning { page: reader.page(client), client: client.to_owned(), to, fields })
}

/// What stopped: back to the client where that is safe, otherwise a page that leads nowhere.
pub(super) fn stopped(ipse: &Ipse, headers: &HeaderMap, stop: Stop) -> Response {
    if let Stop::Refused(_, Some(redirect)) = &stop {
        return back(ipse, headers, redirect);
    }
    let (status, error) = super::told(stop);
    let reader = Reader::new(ipse, headers, None);
    let view = views::Problem {
        page: reader.page("Ipse"),
        title: reader.text.get("problem-title"),
        detail: reader.text.get("oidc-problem"),
        request_id: Some(error.code().to_owned()),
    };
    render_with(status, &view)
}
