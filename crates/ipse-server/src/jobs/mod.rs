//! What runs beside the requests: delivering, judging, and the passing of time. Every job can die at any moment; what
//! it left undone is found in the store and done by the next.

pub mod dispatch;
mod entra;
mod graph;
mod hints;
pub mod mail;
pub mod outgoing;
mod presentations;
mod salesforce;
mod shares;
mod verified_id;

pub use entra::CALLBACK;
pub use presentations::CALLBACK as PRESENTED;

use crate::app::{campaigns, enrolments, examine, oidc, retention};
use crate::config::{BadConfig, Config};
use crate::state::Shared;
use mail::Mailer;
use outgoing::Outgoing;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// How often the store is asked for work that nobody rang for.
const GLANCE: Duration = Duration::from_secs(1);
/// How often signing keys are looked at, whose steps are days apart.
const ROTATION: Duration = Duration::from_mins(10);

/// The only ways out of the server.
pub struct WaysOut {
    outgoing: Outgoing,
    mail: Option<Mailer>,
    tokens: salesforce::Tokens,
    entra_tokens: entra::Tokens,
}

impl WaysOut {
    /// As the settings say.
    pub fn new(config: &Config) -> Result<Self, BadConfig> {
        let timeout = Duration::from_secs(config.webhooks.timeout_seconds.clamp(1, 30));
        let outgoing = Outgoing::new(timeout, config.webhooks.allow_private_addresses);
        Ok(Self {
            outgoing: outgoing.map_err(|unsent| BadConfig(unsent.0))?,
            mail: Mailer::new(&config.email)?,
            tokens: salesforce::Tokens::default(),
            entra_tokens: entra::Tokens::default(),
        })
    }
}

/// Starts every job. They end when the server closes.
pub fn start(ipse: &Shared, ways_out: WaysOut) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    let ways_out = Arc::new(ways_out);
    jobs.spawn(dispatch::run(ipse.clone(), ways_out.clone()));
    jobs.spawn(hints::run(ipse.clone(), ways_out.clone()));
    jobs.spawn(entra::run(ipse.clone(), ways_out.clone()));
    jobs.spawn(presentations::run(ipse.clone(), ways_out));
    jobs.spawn(judge(ipse.clone()));
    jobs.spawn(pass_time(ipse.clone()));
    jobs.spawn(ask(ipse.clone()));
    jobs.spawn(keep_keys(ipse.clone()));
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

/// Apart from the passing of time, which a campaign of thousands shall not hold up.
async fn ask(ipse: Shared) {
    loop {
        if let Err(error) = campaigns::advance(&ipse).await {
            tracing::error!(%error, "campaigns do not advance; it will be tried again");
        }
        if !wait(&ipse, None, GLANCE).await {
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
        if let Err(error) = enrolments::erase_due(&ipse).await {
            tracing::error!(%error, "erasing templates failed; it will be tried again");
        }
        if turn.is_multiple_of(600)
            && let Err(error) = retention::sweep(&ipse).await
        {
            tracing::error!(%error, "sweeping failed; it will be tried again");
        }
        turn = turn.wrapping_add(1);
        if !wait(&ipse, None, GLANCE).await {
            return;
        }
    }
}

async fn keep_keys(ipse: Shared) {
    let mut wanted = false;
    loop {
        if let Err(error) = oidc::keys::keep(&ipse, wanted).await {
            tracing::error!(%error, "signing keys are not kept up; it will be tried again");
        }
        wanted = tokio::select! {
            () = ipse.signing_keys.notified() => true,
            open = wait(&ipse, None, ROTATION) => if open { false } else { return },
        };
    }
}
