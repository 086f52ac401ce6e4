//! What every HTTP surface shares: how problems look, who is asking, and how much is allowed.

pub mod auth;
pub mod body;
pub mod idempotency;
pub mod limits;
pub mod metrics;
pub mod page;
pub mod problem;
pub mod qr;
pub mod router;
pub mod sse;
