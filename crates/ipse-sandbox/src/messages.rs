//! Text messages that arrived.

use crate::now;
use jiff::Timestamp;
use std::sync::{Mutex, PoisonError};

/// One text message.
#[derive(Debug, Clone)]
pub struct TextMessage {
    /// The number.
    pub to: String,
    /// From whom.
    pub from: String,
    /// The words.
    pub text: String,
    /// When it arrived.
    pub at: Timestamp,
}

/// Everything that arrived, oldest first.
#[derive(Default)]
pub struct Messages(Mutex<Vec<TextMessage>>);

impl Messages {
    pub(crate) fn take(&self, to: String, from: String, text: String) {
        let message = TextMessage { to, from, text, at: now() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(message);
    }

    /// Everything, oldest first.
    pub fn all(&self) -> Vec<TextMessage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
