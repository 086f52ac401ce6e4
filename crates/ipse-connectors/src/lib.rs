//! Outside systems: each connector turns something to tell into an HTTP request, and reads the answer.
//!
//! A connector never opens a socket. The server sends, so that retries, time limits, the rules against reaching
//! private addresses and the hiding of secrets exist once.

#![warn(missing_docs)]

pub mod entra;
mod jws;
pub mod okta;
pub mod salesforce;
pub mod servicenow;
pub mod sms;
pub mod webhook;

/// What requests call themselves.
const USER_AGENT: &str = concat!("Ipse/", env!("CARGO_PKG_VERSION"));

/// Whether a text is an https origin: a scheme, a host, perhaps a port, and no more. `loopback` allows plain http to this
/// machine.
fn is_origin(text: &str, loopback: bool) -> bool {
    let Ok(url) = text.parse::<http::Uri>() else { return false };
    let Some(authority) = url.authority() else { return false };
    let here = matches!(authority.host(), "localhost" | "127.0.0.1" | "[::1]");
    let scheme_is_fine = match url.scheme_str() {
        Some("https") => true,
        Some("http") => loopback && here,
        _ => false,
    };
    let bare = text.split_once("://").is_some_and(|(_, rest)| rest == authority.as_str());
    scheme_is_fine && bare && !authority.as_str().contains('@') && text.len() <= 255
}

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
