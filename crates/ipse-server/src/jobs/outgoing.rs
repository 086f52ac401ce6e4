//! The only way out. Requests that connectors make are sent here: no redirects, a time limit, and no way to reach
//! private addresses unless the operator allows it.

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// How much of an answer is kept for the delivery log.
const ANSWER_BYTES: usize = 500;

/// Sends requests.
pub struct Outgoing {
    client: reqwest::Client,
    allow_private: bool,
}

/// What came back.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The beginning of the body, as text.
    pub beginning: String,
}

/// What came back, whole.
pub struct Exchanged {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; cut where it is longer than was wanted.
    pub body: Vec<u8>,
}

/// Why nothing came back: a sentence for the delivery log, without addresses of ours.
#[derive(Debug)]
pub struct Unsent(pub String);

impl Outgoing {
    /// A sender with a time limit.
    pub fn new(timeout: Duration, allow_private: bool) -> Result<Self, Unsent> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(timeout)
            .connect_timeout(timeout.min(Duration::from_secs(5)))
            .no_proxy()
            .dns_resolver(Arc::new(Resolver { allow_private }))
            .build()
            .map_err(|error| Unsent(error.to_string()))?;
        Ok(Self { client, allow_private })
    }

    /// Sends a request.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Answer, Unsent> {
        let Exchanged { status, headers, body } = self.exchange(request, ANSWER_BYTES).await?;
        Ok(Answer { status, headers, beginning: String::from_utf8_lossy(&body).replace('\0', "") })
    }

    /// Sends a request and reads at most so many bytes of the answer.
    pub async fn exchange(&self, request: Request<Bytes>, most: usize) -> Result<Exchanged, Unsent> {
        let answer = self.begin(request).await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut body = body(answer, most).await;
        body.truncate(most);
        Ok(Exchanged { status, headers, body })
    }

    /// Asks for a document of at most so many bytes.
    pub async fn fetch(&self, request: Request<Bytes>, most: usize) -> Result<Vec<u8>, Unsent> {
        let answer = self.begin(request).await?;
        if answer.status() != StatusCode::OK {
            return Err(Unsent(format!("the answer is {}", answer.status().as_u16())));
        }
        let body = body(answer, most + 1).await;
        if body.len() > most { Err(Unsent("the answer is too long".into())) } else { Ok(body) }
    }

    /// Sends a request and waits for the answer's beginning.
    async fn begin(&self, request: Request<Bytes>) -> Result<reqwest::Response, Unsent> {
        let (parts, body) = request.into_parts();
        let url = url::Url::parse(&parts.uri.to_string()).map_err(|_| Unsent("not an address".into()))?;
        if !self.allow_private && url.scheme() != "https" {
            return Err(Unsent("only https addresses are allowed".into()));
        }
        // A literal address never meets the resolver, so it is judged here.
        let literal = match url.host() {
            Some(url::Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(url::Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(url::Host::Domain(_)) | None => None,
        };
        if !self.allow_private && literal.is_some_and(is_private) {
            return Err(Unsent("private addresses are not allowed".into()));
        }
        let sent = self.client.request(parts.method, url).headers(parts.headers).body(body).send().await;
        sent.map_err(|error| Unsent(describe(&error)))
    }
}

/// What comes of an answer's body, to its end or until there is enough of it.
async fn body(mut answer: reqwest::Response, enough: usize) -> Vec<u8> {
    let mut body = Vec::new();
    while body.len() < enough {
        match answer.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    body
}

fn describe(error: &reqwest::Error) -> String {
    let private = std::error::Error::source(error).is_some_and(|source| chain(source).contains(PRIVATE));
    if private {
        PRIVATE.to_owned()
    } else if error.is_timeout() {
        "no answer in time".to_owned()
    } else if error.is_connect() {
        "could not connect".to_owned()
    } else {
        "the connection broke".to_owned()
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}

const PRIVATE: &str = "the name leads to a private address";

/// Resolves names and leaves out private addresses, at the moment of connecting: a name that changes its mind after
/// a check gains nothing.
struct Resolver {
    allow_private: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|at| allow_private || !is_private(at.ip())).collect();
            if allowed.is_empty() {
                return Err(PRIVATE.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is not on the public internet (RFC 6890 and its registries).
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, third, _] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_multicast()
                || v4.is_documentation()
                || first == 0
                || first >= 240
                || (first == 100 && (64..128).contains(&second))
                || (first == 198 && (18..20).contains(&second))
                || (first == 192 && second == 0 && third == 0)
        }
        IpAddr::V6(v6) => {
            let mapped = v6.to_ipv4_mapped().or_else(|| embedded(v6.segments()));
            mapped.map_or_else(
                || {
                    let first = v6.segments().first().copied().unwrap_or(0);
                    v6.is_loopback()
                        || v6.is_unspecified()
                        || v6.is_multicast()
                        || (first & 0xfe00) == 0xfc00
                        || (first & 0xffc0) == 0xfe80
                        || first == 0x2002
                },
                |v4| is_private(IpAddr::V4(v4)),
            )
        }
    }
}

/// The IPv4 address inside a NAT64 address (RFC 6052).
fn embedded(segments: [u16; 8]) -> Option<std::net::Ipv4Addr> {
    match segments {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            Some(std::net::Ipv4Addr::new(a, b, c, d))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fc00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "198.18.0.1",
            "255.255.255.255",
            "::",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for public in ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8"] {
            assert!(!is_private(public.parse().unwrap()), "{public}");
        }
    }
}
