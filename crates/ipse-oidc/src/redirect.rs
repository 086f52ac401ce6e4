//! The way back to the client, through the browser.

use crate::Error;
use crate::profile::ResponseMode;
use crate::request::AuthorizationRequest;
use serde::{Deserialize, Serialize};

/// Where an answer may go: a redirect URI that was registered, and what to say there.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// The redirect URI, exactly as registered.
    pub uri: String,
    /// How the answer travels.
    pub mode: ResponseMode,
    /// The parameters of the answer.
    pub fields: Vec<(String, String)>,
}

impl Redirect {
    /// An answer with `iss` (RFC 9207) and, as it came, `state`.
    pub(crate) fn new(
        issuer: &str,
        uri: &str,
        mode: ResponseMode,
        state: Option<&str>,
        fields: &[(&str, &str)],
    ) -> Self {
        let mut all: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        all.extend(state.map(|state| ("state".to_owned(), state.to_owned())));
        all.push(("iss".to_owned(), issuer.to_owned()));
        Self { uri: uri.to_owned(), mode, fields: all }
    }

    /// The way back of a start link: exactly as it was given, with nothing said.
    pub(crate) fn bare(uri: &str) -> Self {
        Self { uri: uri.to_owned(), mode: ResponseMode::Query, fields: Vec::new() }
    }

    /// An answer to a request.
    pub(crate) fn to(issuer: &str, request: &AuthorizationRequest, fields: &[(&str, &str)]) -> Self {
        Self::new(issuer, &request.redirect_uri, request.response_mode, request.state.as_deref(), fields)
    }

    /// An error. The caller has made sure that it may be told there.
    pub(crate) fn error(issuer: &str, uri: &str, mode: ResponseMode, state: Option<&str>, error: Error) -> Self {
        let description = error.description();
        let fields = [("error", error.code()), ("error_description", description.as_str())];
        Self::new(issuer, uri, mode, state, &fields)
    }

    /// The value of the `Location` header, for a 303, when the answer travels in the query; otherwise the page
    /// has to post [`Redirect::fields`] to [`Redirect::uri`].
    pub fn location(&self) -> Option<String> {
        if self.mode != ResponseMode::Query {
            return None;
        }
        if self.fields.is_empty() {
            return Some(self.uri.clone());
        }
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.fields);
        let separator = if self.uri.contains('?') { '&' } else { '?' };
        Some(format!("{}{separator}{}", self.uri, query.finish()))
    }

    /// The value of one parameter.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Shows where it goes, not what it says: that is a code, a token, the client's state.
impl std::fmt::Debug for Redirect {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.fields.iter().map(|(name, _)| name.as_str()).collect();
        formatter.debug_struct("Redirect").field("uri", &self.uri).field("fields", &names).finish_non_exhaustive()
    }
}
