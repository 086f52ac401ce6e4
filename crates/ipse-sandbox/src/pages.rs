//! The partners' pages and interfaces.

use crate::desk::employees;
use crate::mailbox::links;
use crate::views::{
    Caller, Change, Frame, FrameLink, HelpDesk, Home, Link, Mail, MailRow, Mailbox, MessageRow, Messages, Status,
    System, Ticket, TicketFact, TicketRow, WebhookRow, Webhooks,
};
use crate::{Partners, desk, okta};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::sync::Arc;

pub(crate) type Held = State<Arc<Partners>>;

pub(crate) fn routes(partners: Arc<Partners>) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/static/ipse.css", get(stylesheet))
        .route("/mailbox", get(mailbox))
        .route("/mailbox/{number}", get(mail))
        .route("/messages", get(messages))
        .route("/webhooks", get(webhooks).post(hear))
        .route("/helpdesk", get(helpdesk).post(open))
        .route("/helpdesk/{number}", get(ticket))
        .route("/helpdesk/{number}/verify", post(verify))
        .route("/2010-04-01/Accounts/{account}/Messages.json", post(take_message))
        .merge(okta::routes())
        .with_state(partners)
}

async fn stylesheet() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../../web/static/ipse.css")).into_response()
}

const SYSTEMS: [(&str, &str, &str); 5] = [
    ("/helpdesk", "Help desk", "Tickets with an IDV Status, verified through Ipse."),
    ("/okta", "Okta", "Signs people in, and asks Ipse who they are before they recover a password."),
    ("/mailbox", "Mailbox", "Catches all mail."),
    ("/messages", "Text messages", "Catches all text messages."),
    ("/webhooks", "Webhooks", "What Ipse told the help desk, and whether the signature was right."),
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

async fn webhooks(State(partners): Held) -> Response {
    let row = |received: desk::Received| WebhookRow {
        id: received.id,
        event_type: received.event_type,
        at: when(received.at),
        verified: received.verified,
        body: received.body,
    };
    page(&Webhooks { frame: frame("/webhooks"), rows: partners.desk.received().into_iter().map(row).collect() })
}

async fn hear(State(partners): Held, headers: HeaderMap, body: String) -> StatusCode {
    partners.desk.hear(&headers, &body)
}

fn status(text: &str) -> Status {
    let tone = match text.split(" - ").next().unwrap_or_default() {
        "Success" => "good",
        "Failed" | "Failure" => "bad",
        "" => "idle",
        _ => "wait",
    };
    Status { tone, label: text.to_owned() }
}

fn caller_name(id: &str) -> String {
    let known = employees().into_iter().find(|employee| employee.id == id);
    known.map(|known| format!("{} {}", known.person.given_names, known.person.family_name)).unwrap_or_default()
}

async fn helpdesk(State(partners): Held) -> Response {
    let row = |ticket: desk::Ticket| TicketRow {
        href: format!("/helpdesk/{}", ticket.number),
        caller: caller_name(&ticket.caller),
        idv_status: status(&ticket.idv_status),
        number: ticket.number,
        short_description: ticket.short_description,
    };
    let caller = |employee: desk::Employee| Caller { value: employee.id.to_owned(), label: caller_name(employee.id) };
    page(&HelpDesk {
        frame: frame("/helpdesk"),
        rows: partners.desk.tickets().into_iter().map(row).collect(),
        action: "/helpdesk".to_owned(),
        callers: employees().into_iter().map(caller).collect(),
    })
}

#[derive(Deserialize)]
struct NewTicket {
    caller: String,
    short_description: String,
}

async fn open(State(partners): Held, Form(new): Form<NewTicket>) -> Response {
    let ticket = partners.desk.open(&new.caller, &new.short_description);
    Redirect::to(&format!("/helpdesk/{}", ticket.number)).into_response()
}

async fn ticket(State(partners): Held, Path(number): Path<String>) -> Response {
    shown(&partners, &number, None)
}

fn shown(partners: &Partners, number: &str, notice: Option<String>) -> Response {
    let Some(ticket) = partners.desk.ticket(number) else { return StatusCode::NOT_FOUND.into_response() };
    let open = ticket.idv_status.starts_with("In Progress") || ticket.idv_status.starts_with("Pending Review");
    let fact = |id: String| TicketFact { label: "Verification".to_owned(), value: id };
    let change = |(at, what): (Timestamp, String)| Change { at: when(at), what };
    page(&Ticket {
        frame: frame("/helpdesk"),
        back: "/helpdesk".to_owned(),
        reload: format!("/helpdesk/{number}"),
        caller_name: caller_name(&ticket.caller),
        state: "Open".to_owned(),
        idv_status: status(&ticket.idv_status),
        facts: ticket.verification.into_iter().map(fact).collect(),
        notice,
        may_request: !open,
        action: format!("/helpdesk/{number}/verify"),
        history: ticket.history.into_iter().rev().map(change).collect(),
        number: ticket.number,
        short_description: ticket.short_description,
    })
}

async fn verify(State(partners): Held, Path(number): Path<String>) -> Response {
    match partners.desk.verify(&number).await {
        Ok(()) => Redirect::to(&format!("/helpdesk/{number}")).into_response(),
        Err(failed) => shown(&partners, &number, Some(failed.0)),
    }
}
