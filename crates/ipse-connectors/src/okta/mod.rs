//! Okta's management API: what to ask, and what an answer says.
//!
//! Okta's objects are kept as the JSON they came as, so that what this version knows nothing of survives an update; what
//! is ours in them is a merge patch (RFC 7396).

pub mod idp;
pub mod log;
pub mod patch;
pub mod policy;

use crate::webhook::retry_after;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use jiff::fmt::rfc2822;
use serde::Deserialize;
use serde_json::Value;
use std::fmt;
use url::{Host, Url};

/// The longest text of Okta's that an error repeats, in characters.
const LONGEST: usize = 400;
/// How long to wait where Okta does not say until when it is busy, in seconds. Its limits are by the minute.
const A_MINUTE: u32 = 60;

/// The longest wait that is told, in seconds.
const MOST: i64 = 300;

/// An organization's address there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Org(String);

/// What is no address of an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadOrg;

impl Org {
    /// Reads an address such as `https://example.okta.com`. Plain `http` is taken only where `loopback` allows it, and
    /// only to this machine.
    pub fn parse(text: &str, loopback: bool) -> Result<Self, BadOrg> {
        let url = Url::parse(text).map_err(|_| BadOrg)?;
        let here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => return Err(BadOrg),
        };
        let secure = url.scheme() == "https" || (loopback && here && url.scheme() == "http");
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let nobody = url.username().is_empty() && url.password().is_none();
        (secure && bare && nobody).then(|| Self(url.origin().ascii_serialization())).ok_or(BadOrg)
    }

    /// The address, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where vendors send browsers back to.
    pub fn callback(&self) -> String {
        format!("{}{CALLBACK}", self.0)
    }
}

/// The path of the address that vendors send browsers back to.
pub const CALLBACK: &str = "/idp/identity-verification/callback";

/// What lets somebody administer an organization. `Debug` does not show it.
#[derive(Debug, Clone)]
pub struct Token(HeaderValue);

/// A token that no header could carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadToken;

impl Token {
    /// An API token.
    pub fn api(text: &str) -> Result<Self, BadToken> {
        Self::new("SSWS", text)
    }

    /// An OAuth access token.
    pub fn oauth(text: &str) -> Result<Self, BadToken> {
        Self::new("Bearer", text)
    }

    fn new(scheme: &str, text: &str) -> Result<Self, BadToken> {
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let mut value = HeaderValue::from_str(&format!("{scheme} {text}")).map_err(|_| BadToken)?;
        value.set_sensitive(true);
        plain.then_some(Self(value)).ok_or(BadToken)
    }

    fn secret(&self) -> &str {
        self.0.to_str().unwrap_or_default().split_once(' ').map_or("", |(_, secret)| secret)
    }
}

/// Why something was not answered as it should be. Neither the token nor a client's secret is ever in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed {
    /// The token is none, or not one any more.
    Unauthorized,
    /// The token may not do this.
    Forbidden(Said),
    /// There is no such thing.
    NotFound(Said),
    /// Too much was asked of late: ask again after this many seconds.
    Busy(u32),
    /// Anything else that is not a success.
    Refused(u16, Said),
    /// The answer is not what the API answers with.
    Unreadable,
}

impl Failed {
    /// Whether it is sure that nothing was changed.
    pub const fn changed_nothing(&self) -> bool {
        match self {
            Self::Unauthorized | Self::Forbidden(_) | Self::NotFound(_) | Self::Busy(_) => true,
            Self::Refused(status, _) => *status < 500,
            Self::Unreadable => false,
        }
    }
}

/// What Okta says of a refusal: its code, and its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Such as `E0000011`.
    pub code: String,
    /// The summary, and its causes.
    pub words: String,
}

impl fmt::Display for Said {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.code.is_empty() {
            return formatter.write_str("Okta says no more");
        }
        write!(formatter, "{}: {}", self.code, self.words)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthorized => formatter.write_str("Okta does not take the token: it is wrong, revoked or expired"),
            Self::Forbidden(said) => write!(formatter, "the token's owner may not do this in Okta ({said})"),
            Self::NotFound(said) => write!(formatter, "Okta knows no such thing ({said})"),
            Self::Busy(after) => write!(formatter, "Okta is asked too much; it answers again in {after} s"),
            Self::Refused(status, said) => write!(formatter, "Okta answered {status} ({said})"),
            Self::Unreadable => formatter.write_str("the answer is not one of Okta's management API"),
        }
    }
}

#[derive(Deserialize)]
struct ErrorBody {
    #[serde(rename = "errorCode")]
    code: String,
    #[serde(rename = "errorSummary", default)]
    summary: String,
    #[serde(rename = "errorCauses", default)]
    causes: Vec<Cause>,
}

#[derive(Deserialize)]
struct Cause {
    #[serde(rename = "errorSummary", default)]
    summary: String,
}

/// An organization's management API.
#[derive(Debug, Clone)]
pub struct Api {
    /// Whose.
    pub org: Org,
    token: Token,
}

impl Api {
    /// The API of an organization, for whoever holds the token.
    pub const fn new(org: Org, token: Token) -> Self {
        Self { org, token }
    }

    /// Asks for something. The path begins with a slash.
    pub fn get(&self, path: &str, query: &[(&str, &str)]) -> http::Result<Request<Bytes>> {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let mark = if query.is_empty() { "" } else { "?" };
        self.request(&Method::GET, &format!("{}{path}{mark}{query}", self.org.0), None)
    }

    /// Changes something.
    pub fn change(&self, method: &Method, path: &str, body: Option<&Value>) -> http::Result<Request<Bytes>> {
        self.request(method, &format!("{}{path}", self.org.0), body)
    }

    fn request(&self, method: &Method, url: &str, body: Option<&Value>) -> http::Result<Request<Bytes>> {
        let request = Request::builder()
            .method(method)
            .uri(url)
            .header(header::AUTHORIZATION, self.token.0.clone())
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, concat!("Ipse/", env!("CARGO_PKG_VERSION")));
        match body {
            Some(body) => request.header(header::CONTENT_TYPE, "application/json").body(Bytes::from(body.to_string())),
            None => request.body(Bytes::new()),
        }
    }

    /// Asks for the page after this one, if there is one (RFC 8288). A page elsewhere is none: the token would go there.
    pub fn next(&self, headers: &HeaderMap) -> Option<Request<Bytes>> {
        let links = headers.get_all(header::LINK).iter().filter_map(|value| value.to_str().ok());
        let next = |link: &str| {
            let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
            let is_next = parameters.split(';').any(|parameter| parameter.trim() == "rel=\"next\"");
            is_next.then(|| Url::parse(target).ok()).flatten()
        };
        let target = links.flat_map(|links| links.split(',')).find_map(next)?;
        let here = target.origin().ascii_serialization() == self.org.0;
        self.request(&Method::GET, here.then_some(target.as_str())?, None).ok()
    }

    /// What an answer says. An empty body is `null`. `secret` is what was sent and must not come back in an error.
    pub fn read(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        secret: Option<&str>,
    ) -> Result<Value, Failed> {
        if status.is_success() {
            return if body.is_empty() {
                Ok(Value::Null)
            } else {
                serde_json::from_slice(body).map_err(|_| Failed::Unreadable)
            };
        }
        let said = || self.said(body, secret);
        Err(match status {
            StatusCode::UNAUTHORIZED => Failed::Unauthorized,
            StatusCode::FORBIDDEN => Failed::Forbidden(said()),
            StatusCode::NOT_FOUND => Failed::NotFound(said()),
            StatusCode::TOO_MANY_REQUESTS => Failed::Busy(wait(headers)),
            _ => Failed::Refused(status.as_u16(), said()),
        })
    }

    fn said(&self, body: &[u8], secret: Option<&str>) -> Said {
        let Ok(error) = serde_json::from_slice::<ErrorBody>(body) else { return Said::default() };
        let causes = error.causes.into_iter().map(|cause| cause.summary);
        let words: Vec<String> =
            std::iter::once(error.summary).chain(causes).filter(|words| !words.is_empty()).collect();
        let mut words = words.join("; ");
        for hidden in [Some(self.token.secret()), secret].into_iter().flatten().filter(|hidden| !hidden.is_empty()) {
            words = words.replace(hidden, "[hidden]");
        }
        let plain = |character: &char| !character.is_control();
        Said {
            code: error.code.chars().filter(char::is_ascii_alphanumeric).take(20).collect(),
            words: words.chars().filter(plain).take(LONGEST).collect(),
        }
    }
}

/// Seconds until a limit is over: `X-Rate-Limit-Reset` by Okta's own clock, or `Retry-After`; at most five minutes.
fn wait(headers: &HeaderMap) -> u32 {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let reset = text("x-rate-limit-reset").and_then(|reset| reset.trim().parse::<i64>().ok());
    let date = text("date").and_then(|date| rfc2822::DateTimeParser::new().parse_timestamp(date).ok());
    let by_reset = reset.zip(date).map(|(reset, date)| reset.saturating_sub(date.as_second()).clamp(0, MOST));
    // A second more, since both are in whole seconds.
    let by_reset = by_reset.and_then(|seconds| u32::try_from(seconds + 1).ok());
    by_reset.or_else(|| retry_after(headers)).unwrap_or(A_MINUTE).min(MOST as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api() -> Api {
        Api::new(Org::parse("https://example.okta.com", false).unwrap(), Token::api("00secretToken").unwrap())
    }

    fn read(status: u16, headers: &HeaderMap, body: &str) -> Result<Value, Failed> {
        api().read(StatusCode::from_u16(status).unwrap(), headers, body.as_bytes(), Some("s3cret"))
    }

    #[test]
    fn only_the_bare_https_address_of_an_organization_is_one() {
        assert_eq!(Org::parse("https://example.okta.com/", false).unwrap().as_str(), "https://example.okta.com");
        for wrong in [
            "example.okta.com",
            "http://example.okta.com",
            "https://example.okta.com/admin",
            "https://example.okta.com/?x",
            "https://example.okta.com/#x",
            "https://me@example.okta.com",
            "ftp://localhost",
            "",
        ] {
            assert_eq!(Org::parse(wrong, true), Err(BadOrg), "{wrong}");
        }
        for here in ["http://localhost:8301", "http://127.0.0.1:8301", "http://[::1]:8301"] {
            assert_eq!(Org::parse(here, false), Err(BadOrg), "{here}");
            assert_eq!(Org::parse(here, true).unwrap().as_str(), here);
        }
    }

    #[test]
    fn requests_carry_the_token_and_nothing_shows_it() {
        let request = api().get("/api/v1/idps", &[("type", "IDV_STANDARD"), ("q", "Ipse & Co")]).unwrap();
        assert_eq!(request.uri(), "https://example.okta.com/api/v1/idps?type=IDV_STANDARD&q=Ipse+%26+Co");
        assert_eq!(request.headers()["authorization"], "SSWS 00secretToken");
        let change = api().change(&Method::PUT, "/api/v1/idps/0oa1", Some(&serde_json::json!({ "a": 1 }))).unwrap();
        assert_eq!((change.method(), change.body().as_ref()), (&Method::PUT, &b"{\"a\":1}"[..]));
        let oauth = Api::new(api().org, Token::oauth("eyJ.x.y").unwrap());
        assert_eq!(oauth.get("/", &[]).unwrap().headers()["authorization"], "Bearer eyJ.x.y");
        assert!(!format!("{:?} {request:?}", api()).contains("secretToken"));
        for wrong in ["", "two words", "line\nbreak", "ümlaut"] {
            assert_eq!(Token::api(wrong).map(|_| ()), Err(BadToken), "{wrong:?}");
        }
    }

    #[test]
    fn refusals_are_told_without_what_is_secret() {
        let none = HeaderMap::new();
        let body = r#"{"errorCode":"E0000001","errorSummary":"Api validation failed: 00secretToken","errorLink":"x",
            "errorId":"oae","errorCauses":[{"errorSummary":"client_secret: s3cret is too short\u0007"}]}"#;
        let Err(Failed::Refused(400, said)) = read(400, &none, body) else { panic!() };
        assert_eq!(said.code, "E0000001");
        assert_eq!(said.words, "Api validation failed: [hidden]; client_secret: [hidden] is too short");
        assert_eq!(read(401, &none, body), Err(Failed::Unauthorized));
        assert!(matches!(read(403, &none, body), Err(Failed::Forbidden(_))));
        assert!(matches!(read(404, &none, "<html>"), Err(Failed::NotFound(said)) if said == Said::default()));
        assert_eq!(read(200, &none, "<html>"), Err(Failed::Unreadable));
        assert_eq!(read(204, &none, ""), Ok(Value::Null));
        assert!(!Failed::Refused(502, Said::default()).changed_nothing() && !Failed::Unreadable.changed_nothing());
        assert!(Failed::Refused(400, Said::default()).changed_nothing());
    }

    #[test]
    fn a_limit_ends_by_oktas_clock() {
        let mut headers = HeaderMap::new();
        assert_eq!(read(429, &headers, ""), Err(Failed::Busy(60)));
        headers.insert("retry-after", "7".parse().unwrap());
        assert_eq!(read(429, &headers, ""), Err(Failed::Busy(7)));
        headers.insert("x-rate-limit-reset", "1767225610".parse().unwrap());
        assert_eq!(read(429, &headers, ""), Err(Failed::Busy(7)), "without a date there is nothing to reckon from");
        headers.insert("date", "Thu, 01 Jan 2026 00:00:00 GMT".parse().unwrap());
        assert_eq!(read(429, &headers, ""), Err(Failed::Busy(11)));
        headers.insert("x-rate-limit-reset", "1767225000".parse().unwrap());
        assert_eq!(read(429, &headers, ""), Err(Failed::Busy(1)), "it is over");
        headers.insert("x-rate-limit-reset", "9999999999".parse().unwrap());
        assert_eq!(read(429, &headers, ""), Err(Failed::Busy(300)));
    }

    #[test]
    fn the_next_page_is_of_the_same_organization() {
        let mut headers = HeaderMap::new();
        assert!(api().next(&headers).is_none());
        let first = "<https://example.okta.com/api/v1/idps?limit=2>; rel=\"self\"";
        headers.append("link", first.parse().unwrap());
        assert!(api().next(&headers).is_none());
        headers.append("link", "<https://example.okta.com/api/v1/idps?after=2>; rel=\"next\"".parse().unwrap());
        assert_eq!(api().next(&headers).unwrap().uri(), "https://example.okta.com/api/v1/idps?after=2");
        for elsewhere in ["https://evil.example/api", "http://example.okta.com/api", "https://example.okta.com:444/"] {
            let mut headers = HeaderMap::new();
            headers.insert("link", format!("<{elsewhere}>; rel=\"next\"").parse().unwrap());
            assert!(api().next(&headers).is_none(), "{elsewhere}");
        }
    }
}
