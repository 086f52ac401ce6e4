//! What every HTTP surface shares: how problems look, who is asking, how much is allowed, and the only way out.

pub mod auth;
pub mod body;
pub mod idempotency;
pub mod limits;
pub mod metrics;
pub mod outgoing;
pub mod page;
pub mod problem;
pub mod router;
pub mod sse;
