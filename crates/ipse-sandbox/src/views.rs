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
    /// What the script answered.
    pub status: String,
    /// Whether it was believed.
    pub accepted: bool,
    pub body: String,
}

/// An option of a selection.
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

/// Who acts, and who else could.
pub struct Acting {
    pub users: Vec<Choice>,
    /// Where to go on afterwards.
    pub back: String,
}
