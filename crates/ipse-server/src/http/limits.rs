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
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

type Keyed<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// A quota for each of many.
pub struct Limit<K: std::hash::Hash + Eq + Clone> {
    inner: Keyed<K>,
    per_second: u32,
    burst: u32,
    taken: AtomicU32,
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

/// A request's way to the limit of keys: the extractor that finds the key takes from it, the layer around the handler
/// tells what is left.
#[derive(Clone)]
pub struct Allowance {
    keys: Arc<ByKey>,
    left: Arc<Mutex<Option<Left>>>,
}

impl Allowance {
    /// Takes one of a key's requests.
    pub fn take(&self, key: &ApiKeyId) -> Result<(), Problem> {
        let (left, allowed) = self.keys.take(key);
        if let Ok(mut slot) = self.left.lock() {
            *slot = Some(left);
        }
        allowed
    }
}

impl<K: std::hash::Hash + Eq + Clone> Limit<K> {
    /// So many a second, so many at once.
    pub fn new(per_second: u32, burst: u32) -> Self {
        let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(per_second)).allow_burst(at_least_one(burst));
        let inner = RateLimiter::dashmap(quota).with_middleware::<StateInformationMiddleware>();
        Self { inner, per_second, burst, taken: AtomicU32::new(0) }
    }

    /// Takes one, or says how long to wait; and what is left.
    fn take(&self, key: &K) -> (Left, Result<(), Problem>) {
        // Now and then, drops whoever has not been seen for a while.
        if self.taken.fetch_add(1, Ordering::Relaxed).is_multiple_of(4_096) {
            self.inner.retain_recent();
        }
        let left = |remaining| Left { burst: self.burst, per_second: self.per_second, remaining };
        match self.inner.check_key(key) {
            Ok(state) => (left(state.remaining_burst_capacity()), Ok(())),
            Err(not_yet) => {
                let wait = not_yet.wait_time_from(DefaultClock::default().now());
                (left(0), Err(Problem::too_many(u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX))))
            }
        }
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

/// A limit by address, and whether to believe a proxy about addresses.
pub type Door = (Arc<ByAddress>, bool);

/// The layer of whatever is limited by address.
pub async fn by_address(State((limit, trust_proxy)): State<Door>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let (left, allowed) = limit.take(&address(request.headers(), peer, trust_proxy));
    match allowed {
        Ok(()) => with_headers(next.run(request).await, left),
        Err(problem) => with_headers(problem.into_response(), left),
    }
}

/// The layer of the API: adds the headers for what its extractor took.
pub async fn api(State(keys): State<Arc<ByKey>>, mut request: Request, next: Next) -> Response {
    let allowance = Allowance { keys, left: Arc::default() };
    request.extensions_mut().insert(allowance.clone());
    let response = next.run(request).await;
    let left = allowance.left.lock().ok().and_then(|slot| *slot);
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
