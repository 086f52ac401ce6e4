//! Every route, and the layers around them.

use super::limits::{self, ByKey, Door, Limit};
use super::{metrics, page};
use crate::console::passkeys::RelyingParty;
use crate::state::Shared;
use crate::{api, capture, console, oidc};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[derive(Clone)]
struct NewRequestId;

impl MakeRequestId for NewRequestId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let id: String = crate::random::bytes::<8>().iter().map(|byte| format!("{byte:02x}")).collect();
        id.parse().ok().map(RequestId::new)
    }
}

/// The whole server.
pub fn router(ipse: &Shared, passkeys: RelyingParty) -> Router {
    let limit = &ipse.config.limits;
    let trust_proxy = ipse.config.server.trust_proxy;
    let door: Door = (Arc::new(Limit::new(limit.open_per_second, limit.open_burst)), trust_proxy);
    let console_door: Door = (Arc::new(Limit::new(limit.api_per_second, limit.api_burst)), trust_proxy);
    let direct_door: Door = (Arc::new(Limit::new(limit.api_per_second, limit.api_burst)), trust_proxy);
    let keys: Arc<ByKey> = Arc::new(Limit::new(limit.api_per_second, limit.api_burst));
    let (api, _) = api::routes();
    let api = api
        .layer(from_fn_with_state(keys, limits::api))
        .layer(from_fn_with_state(direct_door.clone(), token_endpoint_limited))
        .layer(from_fn(json_errors))
        .layer(DefaultBodyLimit::max(limit.body_bytes));
    let open = Router::new()
        .merge(capture::routes(limit.picture_bytes))
        .merge(console::sign_in_routes())
        .merge(oidc::routes())
        .layer(from_fn_with_state(door, limits::by_address))
        .layer(DefaultBodyLimit::max(limit.body_bytes));
    let console = console::routes()
        .layer(from_fn_with_state(console_door, limits::by_address))
        .layer(DefaultBodyLimit::max(limit.body_bytes));
    // Many people's clients share few addresses, so their limit is that of programs.
    let direct = oidc::direct_routes()
        .merge(api::entra::routes())
        .merge(api::recovery::routes())
        .layer(from_fn_with_state(direct_door, limits::by_address))
        .layer(from_fn(json_errors))
        .layer(DefaultBodyLimit::max(limit.body_bytes));
    let operations = Router::new()
        .route("/", get(|| async { axum::response::Redirect::to("/console") }))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics::show))
        .route("/openapi.json", get(api::docs::openapi))
        .route("/docs", get(api::docs::docs))
        .route("/static/{name}", get(page::file));
    let span = |request: &Request| {
        // The route, never the path: a path may hold a token.
        let route = request.extensions().get::<axum::extract::MatchedPath>();
        let route = route.map_or("none", axum::extract::MatchedPath::as_str);
        let id = request.headers().get(&REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
        tracing::info_span!("request", method = %request.method(), route, id)
    };
    Router::new()
        .merge(api)
        .merge(direct)
        .merge(open)
        .merge(console)
        .merge(operations)
        .fallback(|| async {
            super::problem::Problem::new(StatusCode::NOT_FOUND, "not_found", "There is nothing here.")
        })
        .layer(from_fn(metrics::count))
        .layer(CatchPanicLayer::custom(|_| {
            tracing::error!("a handler panicked");
            super::problem::Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "The server failed; see its log.",
            )
            .into_response()
        }))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(limit.request_seconds),
        ))
        .layer(from_fn(page::secure_headers))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, NewRequestId))
        .layer(Extension(Arc::new(passkeys)))
        .with_state(ipse.clone())
}

/// The token endpoint is open to anybody, so it is limited by address; the rest of the API by key.
async fn token_endpoint_limited(state: State<Door>, request: Request, next: axum::middleware::Next) -> Response {
    if request.uri().path() == "/oauth2/token" {
        limits::by_address(state, request, next).await
    } else {
        next.run(request).await
    }
}

/// Gives the framework's own refusals, such as a wrong method, the shape of every other problem.
async fn json_errors(request: Request, next: axum::middleware::Next) -> Response {
    let response = next.run(request).await;
    let plain = !response.headers().contains_key(header::CONTENT_TYPE);
    match response.status() {
        StatusCode::METHOD_NOT_ALLOWED if plain => {
            let allow = response.headers().get(header::ALLOW).cloned();
            let problem = super::problem::Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "This address does not take this method.",
            );
            let mut response = problem.into_response();
            if let Some(allow) = allow {
                response.headers_mut().insert(header::ALLOW, allow);
            }
            response
        }
        _ => response,
    }
}

/// `GET /readyz`: whether this server should be given more.
async fn ready(State(ipse): State<Shared>) -> Response {
    let database = ipse.store.ping().await.is_ok();
    let closing = *ipse.closing.borrow();
    let status = if database && !closing { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "database": database, "closing": closing }))).into_response()
}
