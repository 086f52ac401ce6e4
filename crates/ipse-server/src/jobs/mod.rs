//! What runs beside the requests: delivering, judging, and the passing of time. Every job can die at any moment; what
//! it left undone is found in the store and done by the next.

pub mod dispatch;
pub mod mail;

use crate::app::{examine, retention};
use crate::state::Shared;
use std::time::Duration;
use tokio::task::JoinSet;

/// How often the store is asked for work that nobody rang for.
const GLANCE: Duration = Duration::from_secs(1);

/// Starts every job. They end when the server closes.
pub fn start(ipse: &Shared) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    jobs.spawn(dispatch::run(ipse.clone()));
    jobs.spawn(judge(ipse.clone()));
    jobs.spawn(pass_time(ipse.clone()));
    jobs
}

/// Waits for a ring or a glance; false when the server closes.
async fn wait(ipse: &Shared, bell: Option<&tokio::sync::Notify>, glance: Duration) -> bool {
    let mut closing = ipse.closing.subscribe();
    let rung = async {
        match bell {
            Some(bell) => bell.notified().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = rung => true,
        () = tokio::time::sleep(glance) => true,
        _ = closing.wait_for(|closing| *closing) => false,
    }
}

async fn judge(ipse: Shared) {
    loop {
        match examine::judge_all(&ipse).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::error!(%error, "judging failed; it will be tried again"),
        }
        if !wait(&ipse, Some(&ipse.examine), GLANCE).await {
            return;
        }
    }
}

async fn pass_time(ipse: Shared) {
    let mut turn = 0_u32;
    loop {
        if let Err(error) = retention::expire(&ipse).await {
            tracing::error!(%error, "expiring failed; it will be tried again");
        }
        if let Err(error) = retention::forget(&ipse).await {
            tracing::error!(%error, "forgetting failed; it will be tried again");
        }
        if turn.is_multiple_of(600) {
            if let Err(error) = retention::sweep(&ipse).await {
                tracing::error!(%error, "sweeping failed; it will be tried again");
            }
            ipse.open_limit.tidy();
            ipse.api_limit.tidy();
        }
        turn = turn.wrapping_add(1);
        if !wait(&ipse, None, GLANCE).await {
            return;
        }
    }
}
