//! Stand-ins for partner systems, for trying things out and for tests. Plain, English only, and never in production.
//!
//! The sandbox stands alone, so it shares no view with the console; addresses come from the caller, because each stand-in
//! has its own port.

use askama::Template;

/// What every sandbox page has around its content.
pub struct Frame {
    /// Where the stylesheet is; each stand-in is its own origin and serves a copy.
    pub stylesheet: String,
    pub links: Vec<FrameLink>,
}

/// A link to another stand-in.
pub struct FrameLink {
    pub href: String,
    pub label: String,
    pub current: bool,
}

/// A link with its words.
pub struct Link {
    pub href: String,
    pub label: String,
}

/// A short state; an empty label shows as none.
pub struct Status {
    /// `good`, `bad`, `wait` or `idle`.
    pub tone: &'static str,
    pub label: String,
}

/// The way to everything else.
#[derive(Template)]
#[template(path = "sandbox/home.html")]
pub struct Home {
    pub frame: Frame,
    pub systems: Vec<System>,
}

/// One stand-in.
pub struct System {
    pub href: String,
    pub name: String,
    pub about: String,
}

/// All mail that was sent.
#[derive(Template)]
#[template(path = "sandbox/mailbox.html")]
pub struct Mailbox {
    pub frame: Frame,
    pub rows: Vec<MailRow>,
}

/// A mail in the list.
pub struct MailRow {
    pub href: String,
    pub subject: String,
    pub to: String,
    pub at: String,
}

/// One mail. Its HTML is never shown, only the links in it.
#[derive(Template)]
#[template(path = "sandbox/mail.html")]
pub struct Mail {
    pub frame: Frame,
    /// The mailbox.
    pub back: String,
    pub subject: String,
    pub from: String,
    pub to: String,
    pub at: String,
    pub text: String,
    pub links: Vec<Link>,
}

/// All text messages that were sent.
#[derive(Template)]
#[template(path = "sandbox/messages.html")]
pub struct Messages {
    pub frame: Frame,
    pub rows: Vec<MessageRow>,
}

/// A text message.
pub struct MessageRow {
    pub to: String,
    pub at: String,
    pub text: String,
    pub links: Vec<Link>,
}

/// All webhooks that were received.
#[derive(Template)]
#[template(path = "sandbox/webhooks.html")]
pub struct Webhooks {
    pub frame: Frame,
    pub rows: Vec<WebhookRow>,
}

/// A webhook that was received.
pub struct WebhookRow {
    pub id: String,
    pub event_type: String,
    pub at: String,
    pub verified: bool,
    pub body: String,
}

/// The help desk's tickets, and a form for a new one (`caller`, `short_description`).
#[derive(Template)]
#[template(path = "sandbox/helpdesk.html")]
pub struct HelpDesk {
    pub frame: Frame,
    pub rows: Vec<TicketRow>,
    /// Where a new ticket is posted.
    pub action: String,
    pub callers: Vec<Caller>,
}

/// Somebody who may call.
pub struct Caller {
    pub value: String,
    pub label: String,
}

/// A ticket in the list.
pub struct TicketRow {
    pub href: String,
    pub number: String,
    pub caller: String,
    pub short_description: String,
    pub idv_status: Status,
}

/// One ticket.
#[derive(Template)]
#[template(path = "sandbox/ticket.html")]
pub struct Ticket {
    pub frame: Frame,
    /// The ticket list.
    pub back: String,
    /// This page.
    pub reload: String,
    pub number: String,
    pub short_description: String,
    pub caller_name: String,
    pub state: String,
    pub idv_status: Status,
    /// Further fields the integration wrote.
    pub facts: Vec<TicketFact>,
    /// What the last action led to.
    pub notice: Option<String>,
    pub may_request: bool,
    /// Where the request is posted.
    pub action: String,
    pub history: Vec<Change>,
}

/// A field of a ticket.
pub struct TicketFact {
    pub label: String,
    pub value: String,
}

/// One change of a ticket.
pub struct Change {
    pub at: String,
    pub what: String,
}
