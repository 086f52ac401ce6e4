//! Console forms: fields by name, some of them repeated, and always the session's token.

use crate::http::auth::Anybody;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq as _;

/// The fields of a form whose token was right: a handler that names this cannot forget to check it.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// An empty form, for a page that shows one.
    pub(super) const fn empty() -> Self {
        Self(Vec::new())
    }

    /// A field, trimmed; empty when missing.
    pub(super) fn text(&self, name: &str) -> String {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    }

    /// A field that may be left empty.
    pub(super) fn optional(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Every value of a repeated field.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }

    /// Whether a box is ticked.
    pub(super) fn ticked(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// A whole number.
    pub(super) fn number(&self, name: &'static str) -> Result<u32, ipse_core::Refusal> {
        self.text(name).parse().map_err(|_| ipse_core::Refusal::invalid(name, "must be a whole number"))
    }
}

impl FromRequest<Shared> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, ipse: &Shared) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Anybody(signed_in) =
            Anybody::from_request_parts(&mut parts, ipse).await.map_err(IntoResponse::into_response)?;
        let bytes = bytes::Bytes::from_request(Request::from_parts(parts, body), ipse).await;
        let bytes = bytes.map_err(|rejection| super::problem(rejection.status(), "The form is too large."))?;
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(&bytes).into_owned().collect();
        let fields = Self(fields);
        let expected = signed_in.session.csrf.as_bytes();
        if bool::from(expected.ct_eq(fields.text("csrf").as_bytes())) {
            Ok(fields)
        } else {
            Err(super::shown(Problem::new(StatusCode::FORBIDDEN, "csrf", "The form is too old; load the page again.")))
        }
    }
}
