//! Outside systems: each connector turns something to tell into an HTTP request, and reads the answer.
//!
//! A connector never opens a socket. The server sends, so that retries, time limits, the rules against reaching
//! private addresses and the hiding of secrets exist once.

#![warn(missing_docs)]

pub mod okta;
pub mod servicenow;
pub mod sms;
pub mod webhook;

/// What an answer means for a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// It arrived.
    Delivered,
    /// Try again, not before this many seconds if the receiver said so.
    Retry {
        /// Seconds the receiver asked for.
        after: Option<u32>,
    },
    /// The receiver wants nothing more at this address.
    Gone,
    /// Trying again would give the same answer.
    Refused,
}
