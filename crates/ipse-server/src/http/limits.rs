//! How much is allowed: by key for programs, by address for whoever is not signed in.

use super::problem::Problem;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use ipse_core::id::ApiKeyId;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};

type Keyed<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// A quota for each of many.
pub struct Limit<K: std::hash::Hash + Eq + Clone> {
    inner: Keyed<K>,
    per_second: u32,
    burst: u32,
}

/// Counted by API key.
pub type ByKey = Limit<ApiKeyId>;
/// Counted by address.
pub type ByAddress = Limit<IpAddr>;

/// What is left after a request, for its `RateLimit` headers (draft-ietf-httpapi-ratelimit-headers).
#[derive(Clone, Copy)]
pub struct Left {
    burst: u32,
    per_second: u32,
    remaining: u32,
}

/// Where a handler's extractor leaves what is left, and the layer around it finds it.
#[derive(Clone, Default)]
pub struct Allowance(Arc<Mutex<Option<Left>>>);

impl Allowance {
    /// Puts what the extractor took where the layer looks.
    pub fn publish(&self, left: Left) {
        if let Ok(mut slot) = self.0.lock() {
            *slot = Some(left);
        }
    }
}

impl<K: std::hash::Hash + Eq + Clone> Limit<K> {
    /// So many a second, so many at once.
    pub fn new(per_second: u32, burst: u32) -> Self {
        let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(per_second)).allow_burst(at_least_one(burst));
        let inner = RateLimiter::dashmap(quota).with_middleware::<StateInformationMiddleware>();
        Self { inner, per_second, burst }
    }

    /// Takes one, or says how long to wait.
    pub fn take(&self, key: &K) -> Result<Left, Problem> {
        match self.inner.check_key(key) {
            Ok(state) => {
                Ok(Left { burst: self.burst, per_second: self.per_second, remaining: state.remaining_burst_capacity() })
            }
            Err(not_yet) => {
                let wait = not_yet.wait_time_from(DefaultClock::default().now());
                Err(Problem::too_many(u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX)))
            }
        }
    }

    /// Drops what has not been used for a while.
    pub fn tidy(&self) {
        self.inner.retain_recent();
    }
}

/// Who is at the other end: the peer, or what a trusted proxy says.
pub fn address(headers: &HeaderMap, peer: Option<SocketAddr>, trust_proxy: bool) -> IpAddr {
    let told = || {
        headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
    };
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    let address = if trust_proxy { told().unwrap_or(peer) } else { peer };
    match address {
        // One subscriber has a whole /64 of IPv6 addresses.
        IpAddr::V6(v6) if v6.to_ipv4_mapped().is_none() => {
            IpAddr::V6(Ipv6Addr::from(u128::from(v6) & !u128::from(u64::MAX)))
        }
        other => other,
    }
}

/// The layer of surfaces where nobody is signed in.
pub async fn by_address(State(ipse): State<crate::state::Shared>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let address = address(request.headers(), peer, ipse.config.server.trust_proxy);
    match ipse.open_limit.take(&address) {
        Ok(left) => with_headers(next.run(request).await, left),
        Err(problem) => problem.into_response(),
    }
}

/// The layer of the API: adds the headers for what its extractor took.
pub async fn api(mut request: Request, next: Next) -> Response {
    let allowance = Allowance::default();
    request.extensions_mut().insert(allowance.clone());
    let response = next.run(request).await;
    let left = allowance.0.lock().ok().and_then(|slot| *slot);
    match left {
        Some(left) => with_headers(response, left),
        None => response,
    }
}

fn with_headers(mut response: Response, left: Left) -> Response {
    let window = left.burst.div_ceil(left.per_second.max(1));
    let policy = format!("\"default\";q={};w={window}", left.burst);
    let state = format!("\"default\";r={};t={window}", left.remaining);
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", state)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}
