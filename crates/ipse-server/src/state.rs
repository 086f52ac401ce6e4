//! What every use has in its hands. What only a surface or a job needs is theirs.

use crate::clock::Clock;
use crate::config::Config;
use ipse_checks::document::chip::TrustStore;
use ipse_checks::face::Engine;
use ipse_core::id::VerificationId;
use ipse_core::verification::Verification;
use ipse_store::Store;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Notify, Semaphore, broadcast};

/// The running server, shared by every request and job.
pub type Shared = Arc<Ipse>;

/// Everything a use needs besides its caller.
pub struct Ipse {
    /// The data.
    pub store: Store,
    /// The settings.
    pub config: Config,
    /// The time.
    pub clock: Clock,
    /// Whose signatures on chips are believed.
    pub trust: Arc<TrustStore>,
    /// The models that find and compare faces; without any, everything about faces goes to review.
    pub faces: Arc<Engine>,
    /// The OpenID provider, with the keys it was last seen to have.
    pub provider: crate::app::oidc::keys::Known,
    /// Threads that examine pictures.
    pub workers: Workers,
    /// Rings when a delivery was queued.
    pub dispatch: Notify,
    /// Rings when evidence is complete.
    pub examine: Notify,
    /// Rings when the OpenID provider needs keys.
    pub signing_keys: Notify,
    /// Rings when it needs those of another provider, whose hints or calls it believes.
    pub hint_keys: Notify,
    /// The keys of the Entra tenants that ask about recoveries.
    pub recovery_keys: crate::app::recovery::Keys,
    /// Rings when a credential was requested.
    pub issuances: Notify,
    /// Rings when a credential is to be presented.
    pub presentations: Notify,
    /// Tells pages which verification changed.
    pub news: broadcast::Sender<VerificationId>,
    /// Whether the server is closing: it answers, but is not ready for more.
    pub closing: tokio::sync::watch::Sender<bool>,
}

impl Ipse {
    /// Tells whoever waits that a verification changed: the dispatcher and the pages that follow along.
    pub fn tell(&self, changed: &Verification) {
        self.dispatch.notify_one();
        // Nobody listening is fine.
        let _ = self.news.send(changed.id.clone());
    }
}

/// Why work on a thread came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undone {
    /// Too much waits already, or the server closes.
    Full,
    /// The work itself broke.
    Broken,
}

/// Threads for work that keeps a core busy, and a queue in front of them that is not allowed to grow for ever.
pub struct Workers {
    threads: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
}

impl Workers {
    /// So many threads, so many waiting.
    pub fn new(threads: usize, queue: usize) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = if threads == 0 { cores } else { threads };
        Self { threads: Arc::new(Semaphore::new(threads)), waiting: AtomicUsize::new(0), queue: queue + threads }
    }

    /// Runs work on a thread, or says at once that there is too much.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Undone> {
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= self.queue {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Undone::Full);
        }
        let _place = Place(&self.waiting);
        let thread = self.threads.clone().acquire_owned().await.map_err(|_| Undone::Full)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(thread);
            done
        });
        done.await.map_err(|error| if error.is_panic() { Undone::Broken } else { Undone::Full })
    }

    /// Pictures waiting or being examined.
    pub fn busy(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

/// Gives the place in the queue back, also when the person goes away.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
