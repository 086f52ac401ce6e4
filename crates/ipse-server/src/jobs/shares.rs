//! What is under way to other systems: so many at once, and of each system no more than its share, so that one that hangs
//! does not hold up the others.

use ipse_core::id::IntegrationId;
use std::collections::HashMap;
use std::future::Future;
use tokio::task::{JoinError, JoinSet};

/// How many are under way at once.
const AT_ONCE: usize = 16;
/// From how many on an integration has to wait.
pub(super) const SHARE: u32 = 4;

/// What is under way.
#[derive(Default)]
pub(super) struct UnderWay {
    tasks: JoinSet<IntegrationId>,
    of_each: HashMap<IntegrationId, u32>,
}

impl UnderWay {
    /// Lets go what is done; how many more may set out.
    pub(super) fn free(&mut self) -> u32 {
        while let Some(done) = self.tasks.try_join_next() {
            self.settle(done);
        }
        AT_ONCE.saturating_sub(self.tasks.len()) as u32
    }

    /// Waits until one is done: its place is free then. For ever where none is under way.
    pub(super) async fn one_done(&mut self) {
        match self.tasks.join_next().await {
            Some(done) => self.settle(done),
            None => std::future::pending().await,
        }
    }

    fn settle(&mut self, done: Result<IntegrationId, JoinError>) {
        // One that panicked has taken its name with it: then nobody is held to be busy who may not be.
        match done {
            Ok(integration) => {
                self.of_each.entry(integration).and_modify(|count| *count = count.saturating_sub(1));
            }
            Err(_) => self.of_each.clear(),
        }
        self.of_each.retain(|_, count| *count > 0);
    }

    /// Those that have their share.
    pub(super) fn busy(&self) -> Vec<&IntegrationId> {
        self.of_each.iter().filter(|(_, count)| **count >= SHARE).map(|(integration, _)| integration).collect()
    }

    /// Whether this one has its share.
    pub(super) fn is_busy(&self, integration: &IntegrationId) -> bool {
        self.of_each.get(integration).is_some_and(|count| *count >= SHARE)
    }

    /// Lets one more set out.
    pub(super) fn set_out(&mut self, to: IntegrationId, work: impl Future<Output = ()> + Send + 'static) {
        *self.of_each.entry(to.clone()).or_default() += 1;
        self.tasks.spawn(async move {
            work.await;
            to
        });
    }

    /// Waits for all of them.
    pub(super) async fn arrive(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use tokio::sync::Notify;

    #[tokio::test]
    async fn one_that_hangs_has_its_share_and_no_more() {
        let [hangs, works] = [1, 2].map(|entropy| IntegrationId::new(Timestamp::UNIX_EPOCH, [entropy; 10]));
        let mut under_way = UnderWay::default();
        let hung = std::sync::Arc::new(Notify::new());
        for _ in 0..SHARE {
            assert!(!under_way.is_busy(&hangs));
            let hung = hung.clone();
            under_way.set_out(hangs.clone(), async move { hung.notified().await });
        }
        assert!(under_way.is_busy(&hangs) && !under_way.is_busy(&works));
        assert_eq!(under_way.free(), AT_ONCE as u32 - SHARE);
        assert_eq!(under_way.busy(), [&hangs]);
        for _ in 0..SHARE {
            under_way.set_out(works.clone(), async {});
        }
        assert!(under_way.is_busy(&works));
        // Whoever waits for one that is done finds its place free.
        under_way.one_done().await;
        assert!(!under_way.is_busy(&works) && under_way.is_busy(&hangs));
        hung.notify_waiters();
        for _ in 1..2 * SHARE {
            under_way.one_done().await;
        }
        assert!(under_way.busy().is_empty() && under_way.free() == AT_ONCE as u32);
        under_way.set_out(works.clone(), async { panic!("a task that ends so is not held against anybody") });
        under_way.one_done().await;
        assert!(under_way.of_each.is_empty());
        under_way.arrive().await;
    }
}
