//! Text messages through the HTTP interface that Twilio made common: a form post to an account's `Messages.json`.

use crate::Reading;
use crate::webhook::retry_after;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, header};

/// A gateway account.
pub struct Gateway {
    /// Where the interface begins, such as `https://api.twilio.com`.
    pub url: String,
    /// The account's id.
    pub account: String,
    /// Its secret.
    pub token: String,
    /// The number or name messages come from.
    pub from: String,
}

/// The request that sends a text to a number.
pub fn request(gateway: &Gateway, to: &str, text: &str) -> http::Result<Request<Bytes>> {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("To", to)
        .append_pair("From", &gateway.from)
        .append_pair("Body", text)
        .finish();
    let base = gateway.url.trim_end_matches('/');
    let basic = BASE64.encode(format!("{}:{}", gateway.account, gateway.token));
    Request::post(format!("{base}/2010-04-01/Accounts/{}/Messages.json", gateway.account))
        .header(header::AUTHORIZATION, format!("Basic {basic}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Bytes::from(body))
}

/// What the gateway's answer means: 429 and 5xx pass, other refusals stay.
pub fn read(status: StatusCode, headers: &HeaderMap) -> Reading {
    if status.is_success() {
        Reading::Delivered
    } else if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
        Reading::Retry { after: retry_after(headers) }
    } else {
        Reading::Refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_form_post() {
        let gateway =
            Gateway { url: "http://sms/".into(), account: "AC1".into(), token: "t".into(), from: "Ipse".into() };
        let request = request(&gateway, "+14155550123", "Hallo & tschüß").unwrap();
        assert_eq!(request.uri(), "http://sms/2010-04-01/Accounts/AC1/Messages.json");
        assert_eq!(request.body(), "To=%2B14155550123&From=Ipse&Body=Hallo+%26+tsch%C3%BC%C3%9F");
        assert_eq!(request.headers()["authorization"], "Basic QUMxOnQ=");
        assert_eq!(read(StatusCode::CREATED, &HeaderMap::new()), Reading::Delivered);
        assert_eq!(read(StatusCode::BAD_REQUEST, &HeaderMap::new()), Reading::Refused);
        assert_eq!(read(StatusCode::SERVICE_UNAVAILABLE, &HeaderMap::new()), Reading::Retry { after: None });
    }
}
