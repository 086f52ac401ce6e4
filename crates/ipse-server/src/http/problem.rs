//! Problems on the wire: RFC 9457 documents with a stable code, one sentence for the operator and one for the person.

use crate::app::Error;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ipse_core::Refusal;
use serde::Serialize;
use utoipa::ToSchema;

/// A problem document, `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Where the code is explained.
    #[serde(rename = "type")]
    #[schema(example = "https://ipse.example/problems/not_found")]
    pub kind: String,
    /// The HTTP status.
    #[schema(example = 404)]
    pub status: u16,
    /// The stable code.
    #[schema(example = "not_found")]
    pub code: &'static str,
    /// For the operator or developer.
    #[schema(example = "There is no such verification.")]
    pub title: String,
    /// Which field, where one is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
    /// For the person in front of the screen.
    #[schema(example = "We could not find this. Please check the address.")]
    pub user_message: &'static str,
    /// Seconds to wait, where waiting helps.
    #[serde(skip)]
    pub retry_after: Option<u32>,
}

impl Problem {
    /// A problem that is not one of the rules'.
    pub fn new(status: StatusCode, code: &'static str, title: impl Into<String>) -> Self {
        Self {
            kind: format!("https://ipse.example/problems/{code}"),
            status: status.as_u16(),
            code,
            title: title.into(),
            field: None,
            user_message: message(status),
            retry_after: None,
        }
    }

    /// Nobody is signed in, or the key is not one.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "A valid API key or access token is needed.")
    }

    /// The role or key does not include this.
    pub fn forbidden(needs: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "not_permitted", format!("This needs {needs}."))
    }

    /// The body is not what was expected. Says where, never repeats what was sent.
    pub fn malformed(title: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed_request", title)
    }

    /// Too much at once.
    pub fn overloaded(seconds: u32) -> Self {
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", "The server is busy; try again.");
        Self { retry_after: Some(seconds), ..problem }
    }

    /// Too many requests.
    pub fn too_many(seconds: u32) -> Self {
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", "Too many requests.");
        Self { retry_after: Some(seconds), ..problem }
    }
}

const fn message(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "Please sign in.",
        403 => "You may not do this.",
        404 => "We could not find this. Please check the address.",
        409 => "This is not possible any more.",
        410 => "This has expired. Please ask for a new link.",
        413 => "This file is too large.",
        429 | 503 => "It is busy right now. Please try again in a moment.",
        400..=499 => "Something in the request is not right.",
        _ => "Something went wrong on our side. Please try again.",
    }
}

/// The one place where refusals become statuses.
impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal {
            Refusal::Invalid { .. } | Refusal::NotInJourney(_) | Refusal::NoContact(_) | Refusal::ContactTooNew(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Refusal::NotFound(_) => StatusCode::NOT_FOUND,
            Refusal::WrongState { .. }
            | Refusal::Ended(_)
            | Refusal::AlreadyExists(_)
            | Refusal::ClaimedElsewhere
            | Refusal::NotEnrolled
            | Refusal::AlreadyRedeemed
            | Refusal::OtherRecord
            | Refusal::ChallengeUsed
            | Refusal::TooManyAttempts => StatusCode::CONFLICT,
            Refusal::ReviewerIsRequester | Refusal::NotPermitted => StatusCode::FORBIDDEN,
            Refusal::Expired(_) | Refusal::Redacted => StatusCode::GONE,
        };
        let field = if let Refusal::Invalid { field, .. } = &refusal { Some(*field) } else { None };
        Self { field, ..Self::new(status, refusal.code(), refusal.to_string()) }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => refusal.into(),
            Error::Overloaded(seconds) => Self::overloaded(seconds),
            Error::Store(error) => {
                tracing::error!(%error, "the store failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The server failed; see its log.")
            }
            Error::Unavailable(what) => {
                tracing::error!(what, "unavailable");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "A part of the server is not available.")
            }
        }
    }
}

impl From<ipse_store::Error> for Problem {
    fn from(error: ipse_store::Error) -> Self {
        Error::from(error).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"ipse\""));
        }
        response
    }
}
