//! Mail that arrived.

use crate::now;
use jiff::Timestamp;
use mail_parser::MessageParser;
use std::sync::{Mutex, PoisonError};

/// One mail.
#[derive(Debug, Clone)]
pub struct Mail {
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: String,
    /// What about.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML, as it came.
    pub html: String,
    /// When it arrived.
    pub at: Timestamp,
}

impl Mail {
    /// The addresses in the text.
    pub fn links(&self) -> Vec<String> {
        links(&self.text)
    }
}

/// The addresses in a text.
pub fn links(text: &str) -> Vec<String> {
    let is_link = |word: &&str| word.starts_with("http://") || word.starts_with("https://");
    text.split_whitespace().filter(is_link).map(str::to_owned).collect()
}

/// Everything that arrived, oldest first.
#[derive(Default)]
pub struct Mailbox(Mutex<Vec<Mail>>);

impl Mailbox {
    /// Takes a mail as it came over the wire. What is not a mail is dropped.
    pub(crate) fn take(&self, raw: &[u8]) {
        let Some(message) = MessageParser::default().parse(raw) else { return };
        let address = |list: Option<&mail_parser::Address<'_>>| {
            list.and_then(|list| list.first()).and_then(|one| one.address()).unwrap_or_default().to_owned()
        };
        let mail = Mail {
            from: address(message.from()),
            to: address(message.to()),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            html: message.body_html(0).unwrap_or_default().into_owned(),
            at: now(),
        };
        self.put(mail);
    }

    pub(crate) fn put(&self, mail: Mail) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
    }

    /// Everything, oldest first.
    pub fn all(&self) -> Vec<Mail> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
