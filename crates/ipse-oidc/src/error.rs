//! Every way in which a request is refused.

use serde_json::{Value, json};

/// Why a request was refused. Descriptions never repeat what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// The body or query is longer than [`crate::params::MAX_BYTES`].
    TooLarge,
    /// The body or query is not what its content type says.
    Malformed,
    /// A parameter was given twice (RFC 6749 §3.1).
    Duplicate,
    /// A required parameter is missing.
    Missing(&'static str),
    /// A parameter has a value that cannot be used.
    Invalid(&'static str),
    /// A parameter that this client's profile does not allow, or not at this endpoint.
    NotAllowed(&'static str),
    /// The client could not be authenticated. The same for a client that does not exist.
    InvalidClient,
    /// The client's profile wants requests to be pushed (RFC 9126 §5).
    MustBePushed,
    /// The client is not known, at the authorization endpoint.
    UnknownClient,
    /// The redirect URI is not one that was registered.
    RedirectUri,
    /// The `request_uri` was not made here, has expired, or was pushed by another client.
    RequestUri,
    /// Request objects by value (RFC 9101) are not offered.
    RequestObject,
    /// The `request_uri` is not one of a pushed request.
    ForeignRequestUri,
    /// The session that the browser comes back to is over, or another browser's.
    SessionOver,
    /// The token of a start link is not one that the client has signed.
    LinkToken,
    /// The token of a start link is over, or would live too long.
    LinkExpired,
    /// The response type is not one of the client's profile.
    ResponseType,
    /// A scope is missing, unknown, or not the client's.
    Scope,
    /// The code challenge is missing although the profile wants one.
    PkceRequired,
    /// Only S256 is accepted (RFC 7636 §4.2).
    PkceMethod,
    /// The client wants no page to be shown, but proving a person takes one.
    InteractionRequired,
    /// The person declined or cancelled, or there is no proof.
    AccessDenied,
    /// Something is wrong here.
    ServerError,
    /// Something that is needed is away for a while.
    TemporarilyUnavailable,
    /// The grant type is not `authorization_code`.
    GrantType,
    /// The code is unknown, expired, or was given to another client, redirect URI, verifier or key.
    Grant,
    /// The code was redeemed before: what was issued for it has to be revoked (RFC 6749 §4.1.2).
    GrantReused,
    /// The DPoP proof is missing or wrong (RFC 9449 §5).
    DpopProof,
    /// The DPoP proof has to carry a nonce of ours (RFC 9449 §8).
    DpopNonce,
    /// The access token is unknown, expired, revoked, or bound to another key.
    Token,
    /// The access token does not cover this.
    TokenScope,
}

impl Error {
    /// One of each, for tables and tests.
    pub const ALL: &'static [Self] = &[
        Self::TooLarge,
        Self::Malformed,
        Self::Duplicate,
        Self::Missing("parameter"),
        Self::Invalid("parameter"),
        Self::NotAllowed("parameter"),
        Self::InvalidClient,
        Self::MustBePushed,
        Self::UnknownClient,
        Self::RedirectUri,
        Self::RequestUri,
        Self::RequestObject,
        Self::ForeignRequestUri,
        Self::SessionOver,
        Self::LinkToken,
        Self::LinkExpired,
        Self::ResponseType,
        Self::Scope,
        Self::PkceRequired,
        Self::PkceMethod,
        Self::InteractionRequired,
        Self::AccessDenied,
        Self::ServerError,
        Self::TemporarilyUnavailable,
        Self::GrantType,
        Self::Grant,
        Self::GrantReused,
        Self::DpopProof,
        Self::DpopNonce,
        Self::Token,
        Self::TokenScope,
    ];

    /// The OAuth error code (RFC 6749 §4.1.2.1 and §5.2, OpenID Connect Core §3.1.2.6, RFC 9101, 9449 and 6750).
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge
            | Self::Malformed
            | Self::Duplicate
            | Self::Missing(_)
            | Self::Invalid(_)
            | Self::NotAllowed(_)
            | Self::MustBePushed
            | Self::RedirectUri
            | Self::SessionOver
            | Self::PkceRequired
            | Self::PkceMethod => "invalid_request",
            Self::InvalidClient | Self::UnknownClient => "invalid_client",
            Self::RequestUri => "invalid_request_uri",
            Self::RequestObject => "request_not_supported",
            Self::ForeignRequestUri => "request_uri_not_supported",
            Self::LinkExpired => "expired_token",
            Self::ResponseType => "unsupported_response_type",
            Self::Scope => "invalid_scope",
            Self::InteractionRequired => "interaction_required",
            Self::AccessDenied => "access_denied",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::GrantType => "unsupported_grant_type",
            Self::Grant | Self::GrantReused => "invalid_grant",
            Self::DpopProof => "invalid_dpop_proof",
            Self::DpopNonce => "use_dpop_nonce",
            Self::Token | Self::LinkToken => "invalid_token",
            Self::TokenScope => "insufficient_scope",
        }
    }

    /// What the client's developer is told. A used code looks like any other bad one.
    pub fn description(self) -> String {
        let fixed = match self {
            Self::Missing(name) => return format!("The parameter {name} is missing."),
            Self::Invalid(name) => return format!("The parameter {name} has a value that cannot be used."),
            Self::NotAllowed(name) => return format!("The parameter {name} is not allowed here."),
            Self::TooLarge => "The request is too large.",
            Self::Malformed => "The request could not be read.",
            Self::Duplicate => "A parameter was given more than once.",
            Self::InvalidClient => "The client could not be authenticated.",
            Self::MustBePushed => "This client has to push its authorization requests.",
            Self::UnknownClient => "The client is not known.",
            Self::RedirectUri => "The redirect_uri is not valid for the given client.",
            Self::RequestUri => "The request_uri is not known, has expired or belongs to another client.",
            Self::RequestObject => "Request objects are not supported.",
            Self::ForeignRequestUri => "Only the request_uri of a pushed request is supported.",
            Self::SessionOver => "This request is finished or belongs to another browser.",
            Self::LinkToken => "The token is not one that this client has signed.",
            Self::LinkExpired => "The token is over, or would live longer than fifteen minutes.",
            Self::ResponseType => "The response_type is not one this client may use.",
            Self::Scope => "A scope is missing, unknown or not allowed for this client.",
            Self::PkceRequired => "A code_challenge is required.",
            Self::PkceMethod => "The code_challenge_method must be S256, with a challenge of 43 characters.",
            Self::InteractionRequired => "The person has to take part.",
            Self::AccessDenied => "The person was not verified.",
            Self::ServerError => "Something went wrong here.",
            Self::TemporarilyUnavailable => "Please try again later.",
            Self::GrantType => "Only the grant type authorization_code is supported.",
            Self::Grant | Self::GrantReused => "The code is not valid for this request.",
            Self::DpopProof => "The DPoP proof is missing or not valid.",
            Self::DpopNonce => "The DPoP proof must carry the nonce of the DPoP-Nonce header.",
            Self::Token => "The access token is not valid.",
            Self::TokenScope => "The access token does not cover this.",
        };
        fixed.to_owned()
    }

    /// The HTTP status of the answer, where the browser is not sent back with it.
    pub const fn status(self) -> u16 {
        match self {
            Self::TooLarge => 413,
            Self::InvalidClient | Self::Token => 401,
            Self::TokenScope => 403,
            Self::ServerError => 500,
            Self::TemporarilyUnavailable => 503,
            _ => 400,
        }
    }

    /// Whether a browser may be sent back to a redirect URI, already known to be registered, with this error. The
    /// rest is about who asks and where the answer goes, so it is shown on a page of ours.
    pub const fn may_redirect(self) -> bool {
        !matches!(
            self,
            Self::TooLarge
                | Self::Malformed
                | Self::Duplicate
                | Self::InvalidClient
                | Self::UnknownClient
                | Self::RedirectUri
                | Self::RequestUri
                | Self::SessionOver
                | Self::LinkToken
                | Self::LinkExpired
                | Self::GrantType
                | Self::Grant
                | Self::GrantReused
                | Self::DpopProof
                | Self::DpopNonce
                | Self::Token
                | Self::TokenScope
        )
    }

    /// The JSON body of the answer, to be sent with `Cache-Control: no-store` (RFC 6749 §5.2).
    pub fn body(self) -> Value {
        json!({ "error": self.code(), "error_description": self.description() })
    }

    /// The `WWW-Authenticate` header that belongs to the status, if one does: `basic` says whether the client tried
    /// that scheme (RFC 6749 §5.2), `dpop` whether the token is or has to be bound to a key (RFC 9449 §7.1).
    pub fn challenge(self, basic: bool, dpop: bool) -> Option<String> {
        let scheme = if dpop { "DPoP" } else { "Bearer" };
        match self {
            Self::InvalidClient if basic => Some("Basic realm=\"oauth2\"".to_owned()),
            Self::Token | Self::TokenScope => Some(format!("{scheme} error=\"{}\"", self.code())),
            Self::DpopProof | Self::DpopNonce => Some(format!("DPoP error=\"{}\"", self.code())),
            _ => None,
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.code(), self.description())
    }
}

impl std::error::Error for Error {}
