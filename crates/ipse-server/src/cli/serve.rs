//! `ipse serve`: the product, nothing simulated. Refuses to start where it would be unsafe.

use crate::clock::Clock;
use crate::config::Config;
use crate::server::{NotStarted, Server};
use std::process::ExitCode;

pub(super) async fn run(mut config: Config, workers: Option<usize>) -> Result<ExitCode, NotStarted> {
    config.refuse_unsafe()?;
    if let Some(workers) = workers {
        config.server.workers = workers;
    }
    super::log(&config);
    let mut server = Server::start(config, Clock::default()).await?;
    tracing::info!(address = %server.address, base_url = server.ipse.config.server.base_url, "listening");
    let failed = tokio::select! {
        () = super::asked_to_stop() => None,
        failed = server.failed() => Some(failed),
    };
    tracing::info!("closing");
    server.stop().await;
    match failed {
        None => Ok(ExitCode::SUCCESS),
        Some(failed) => Err(failed),
    }
}
