//! Prometheus metrics: requests by route and status, their durations, and what waits.

use crate::state::Shared;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;

/// The process's recorder; a second server in the same process shares it.
fn recorder() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new();
        let builder = builder.set_buckets(&[0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0]);
        let recorder = builder.unwrap_or_else(|_| PrometheusBuilder::new()).build_recorder();
        let handle = recorder.handle();
        // Somebody else's recorder is fine too: then this one shows nothing.
        let _ = metrics::set_global_recorder(recorder);
        handle
    })
}

/// Begins to count.
pub fn install() {
    recorder();
}

/// `GET /metrics`.
pub async fn show(State(ipse): State<Shared>) -> Response {
    metrics::gauge!("ipse_examinations_waiting").set(ipse.workers.busy() as f64);
    if let Ok(pending) = ipse.store.pending_deliveries().await {
        metrics::gauge!("ipse_deliveries_pending").set(pending as f64);
    }
    let text = recorder().render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

/// Counts a request. Routes, never paths: an id or token in a label would be a leak.
#[allow(clippy::disallowed_methods, reason = "a duration is measured, nothing is decided by it")]
pub async fn count(request: Request, next: Next) -> Response {
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().to_string();
    let begun = std::time::Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!("ipse_requests_total", "method" => method, "route" => route.clone(), "status" => status)
        .increment(1);
    metrics::histogram!("ipse_request_seconds", "route" => route).record(begun.elapsed().as_secs_f64());
    response
}
