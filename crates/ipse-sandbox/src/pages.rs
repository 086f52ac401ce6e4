//! The partners' pages and interfaces.

use crate::mailbox::links;
use crate::views::{
    Frame, FrameLink, Home, Link, Mail, MailRow, Mailbox, MessageRow, Messages, Status, System, WebhookRow, Webhooks,
};
use crate::{Partners, entra, okta, salesforce, servicenow};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

pub(crate) type Held = State<Arc<Partners>>;

pub(crate) fn routes(partners: Arc<Partners>) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/static/ipse.css", get(stylesheet))
        .route("/mailbox", get(mailbox))
        .route("/mailbox/{number}", get(mail))
        .route("/messages", get(messages))
        .route("/webhooks", get(webhooks))
        .route("/2010-04-01/Accounts/{account}/Messages.json", post(take_message))
        .merge(okta::routes())
        .merge(salesforce::routes())
        .merge(entra::routes())
        .merge(servicenow::routes())
        .with_state(partners)
}

async fn stylesheet() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../../web/static/ipse.css")).into_response()
}

const SYSTEMS: [(&str, &str, &str); 7] = [
    ("/servicenow", "ServiceNow", "Tickets whose callers are verified through Ipse, with the app as it is shipped."),
    (
        "/salesforce",
        "Salesforce",
        "Large transfers wait until the person has stepped up, with the flow and the component as they are shipped.",
    ),
    ("/okta", "Okta", "Signs people in, and asks Ipse who they are before they recover a password."),
    ("/authenticator", "Authenticator", "Takes the credentials that Entra issues after a success."),
    ("/mailbox", "Mailbox", "Catches all mail."),
    ("/messages", "Text messages", "Catches all text messages."),
    ("/webhooks", "Webhooks", "What Ipse told ServiceNow, and whether it was believed."),
];

pub(crate) fn frame(current: &str) -> Frame {
    let link = |(href, label, _): (&str, &str, &str)| FrameLink {
        href: href.to_owned(),
        label: label.to_owned(),
        current: href == current,
    };
    Frame { stylesheet: "/static/ipse.css".to_owned(), links: SYSTEMS.into_iter().map(link).collect() }
}

pub(crate) fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Html(html).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

pub(crate) fn when(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn named(links: Vec<String>) -> Vec<Link> {
    links.into_iter().map(|href| Link { label: href.clone(), href }).collect()
}

async fn home() -> Response {
    let system = |(href, name, about): (&str, &str, &str)| System {
        href: href.to_owned(),
        name: name.to_owned(),
        about: about.to_owned(),
    };
    page(&Home { frame: frame("/"), systems: SYSTEMS.into_iter().map(system).collect() })
}

async fn mailbox(State(partners): Held) -> Response {
    let row = |(number, mail): (usize, crate::mailbox::Mail)| MailRow {
        href: format!("/mailbox/{number}"),
        subject: mail.subject,
        to: mail.to,
        at: when(mail.at),
    };
    let rows = partners.mailbox.all().into_iter().enumerate().map(row).rev().collect();
    page(&Mailbox { frame: frame("/mailbox"), rows })
}

async fn mail(State(partners): Held, Path(number): Path<usize>) -> Response {
    let Some(mail) = partners.mailbox.all().into_iter().nth(number) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    page(&Mail {
        frame: frame("/mailbox"),
        back: "/mailbox".to_owned(),
        links: named(mail.links()),
        subject: mail.subject,
        from: mail.from,
        to: mail.to,
        at: when(mail.at),
        text: mail.text,
    })
}

async fn messages(State(partners): Held) -> Response {
    let row = |message: crate::messages::TextMessage| MessageRow {
        links: named(links(&message.text)),
        to: message.to,
        at: when(message.at),
        text: message.text,
    };
    let rows = partners.messages.all().into_iter().rev().map(row).collect();
    page(&Messages { frame: frame("/messages"), rows })
}

#[derive(Deserialize)]
struct Sent {
    #[serde(rename = "To")]
    to: String,
    #[serde(rename = "From")]
    from: String,
    #[serde(rename = "Body")]
    body: String,
}

async fn take_message(State(partners): Held, headers: HeaderMap, Form(sent): Form<Sent>) -> Response {
    if !headers.contains_key(header::AUTHORIZATION) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    partners.messages.take(sent.to, sent.from, sent.body);
    (StatusCode::CREATED, axum::Json(serde_json::json!({ "status": "queued" }))).into_response()
}

async fn webhooks(State(partners): Held) -> Result<Response, servicenow::Failed> {
    let received = partners.servicenow.call("received", json!({})).await?;
    let row = |received: &Value| {
        let text = |name: &str| received.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let status = received.get("status").and_then(Value::as_u64).unwrap_or_default();
        WebhookRow {
            id: text("id"),
            event_type: text("type"),
            at: text("at"),
            accepted: (200..300).contains(&status),
            status: status.to_string(),
            body: text("body"),
        }
    };
    let rows = received.as_array().map(|all| all.iter().rev().map(row).collect()).unwrap_or_default();
    Ok(page(&Webhooks { frame: frame("/webhooks"), rows }))
}

/// An IDV Status, in colours.
pub(crate) fn status(text: &str) -> Status {
    let tone = match text.split(" - ").next().unwrap_or_default() {
        "Success" => "good",
        "Failed" | "Failure" => "bad",
        "" => "idle",
        _ => "wait",
    };
    Status { tone, label: text.to_owned() }
}
