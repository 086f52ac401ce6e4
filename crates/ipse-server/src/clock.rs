//! The only place that reads the clock. Everything else is given the time.

use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The time, plus what a test has moved it by.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead_by_seconds: Arc<AtomicI64>,
}

impl Clock {
    /// The time, in whole microseconds, which is what the databases keep.
    #[allow(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_secs(self.ahead_by_seconds.load(Ordering::Relaxed));
        let now = Timestamp::now().checked_add(ahead).unwrap_or(Timestamp::MAX);
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// Moves the clock forward, for tests of what happens later.
    pub fn advance(&self, by: SignedDuration) {
        self.ahead_by_seconds.fetch_add(by.as_secs(), Ordering::Relaxed);
    }
}
