//! What each kind of client may do: one table. Everything else asks it.

use serde::{Deserialize, Serialize};

/// The longest client id, in bytes.
pub const MAX_CLIENT_ID: usize = 128;

/// A kind of client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Okta's custom identity-verification vendor.
    OktaIdv,
    /// The plain code flow: Salesforce, Okta as a factor, Auth0.
    OidcBasic,
    /// Microsoft Entra external MFA: an ID token by form post, asked for with a hint.
    EntraExternal,
    /// FAPI 2.0 Security Profile.
    Fapi2,
    /// Microsoft's pattern for identity verification partners: a link that the client signed, and no answer but that the
    /// browser comes back.
    StartLink,
}

/// The answer to a yes-or-no question that a client may also leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Refused without it.
    Required,
    /// Honoured when it is there.
    Allowed,
    /// Refused with it.
    Refused,
}

/// What is asked for at the authorization endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseType {
    /// A code, redeemed at the token endpoint.
    Code,
    /// An ID token at once.
    IdToken,
    /// Nothing: the browser goes back as it was sent. Nobody asks for it at the authorization endpoint.
    None,
}

/// How the answer travels through the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of the redirect URI.
    Query,
    /// In a form that the browser posts to it.
    FormPost,
}

/// How a client authenticates itself where it calls directly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// Id and secret in the `Authorization` header.
    ClientSecretBasic,
    /// Id and secret among the parameters of the body.
    ClientSecretPost,
    /// An assertion that it signed (RFC 7523).
    PrivateKeyJwt,
    /// A certificate registered for it (RFC 8705 §2.2).
    SelfSignedTlsClientAuth,
    /// It never calls directly.
    None,
}

impl AuthMethod {
    /// The name in metadata.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::SelfSignedTlsClientAuth => "self_signed_tls_client_auth",
            Self::None => "none",
        }
    }
}

/// Signature algorithms (RFC 7518 §3.1). There is no `none`, and nothing with a shared secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Alg {
    /// RSA PKCS #1 v1.5 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// RSA-PSS with SHA-256.
    #[serde(rename = "PS256")]
    Ps256,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
}

impl Alg {
    /// Every algorithm.
    pub const ALL: [Self; 3] = [Self::Rs256, Self::Ps256, Self::Es256];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alg| alg.as_str() == text)
    }
}

/// How a verification is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// Okta's dialect: exactly what was requested, `null` for what failed, `FAILED` for a failed verification.
    Okta,
    /// OpenID Identity Assurance 1.0: what is not met is left out.
    Ida,
}

/// The row of a profile in the table.
#[derive(Debug)]
pub struct Rules {
    /// Whether requests are pushed (RFC 9126).
    pub pushed: Need,
    /// Whether a pushed request may be a JSON object, as Okta's guide said for some weeks.
    pub json: bool,
    /// Whether the authorization endpoint wants `client_id` beside a `request_uri` (RFC 9126 §4); Okta does not send it.
    pub client_id_beside_request_uri: Need,
    /// What may be asked for.
    pub response_type: ResponseType,
    /// How the answer may travel; the first is the default.
    pub response_modes: &'static [ResponseMode],
    /// Whether a code is bound to a challenge (RFC 7636). Always S256.
    pub pkce: Need,
    /// Whether the client hands in an ID token of its own that says who is meant.
    pub id_token_hint: Need,
    /// How the client may authenticate itself.
    pub auth_methods: &'static [AuthMethod],
    /// What may be signed with: ID tokens by us, assertions and proofs by the client.
    pub algs: &'static [Alg],
    /// Whether access tokens are bound to the client's key or certificate (RFC 9449, RFC 8705).
    pub bound_tokens: Need,
    /// Whether an assertion's `aud` must be the issuer as a single text (FAPI 2.0 §5.3.2.1).
    pub strict_audience: bool,
    /// Whether redirect URIs may be plain HTTP to this machine, for trying things out.
    pub loopback_redirects: bool,
    /// How a verification may be told; the first is the default.
    pub styles: &'static [Style],
}

/// Seconds for which a pushed request can be opened (FAPI 2.0: less than 600).
pub const REQUEST_URI_SECONDS: i64 = 60;
/// Seconds for which a code can be redeemed (FAPI 2.0: at most 60).
pub const CODE_SECONDS: i64 = 60;
/// Seconds for which ID and access tokens are valid.
pub const TOKEN_SECONDS: i64 = 300;
/// Seconds by which `iat` is set back for relying parties whose clocks are late and which forgive nothing.
pub const IAT_SECONDS: i64 = 5;

const MODES: &[ResponseMode] = &[ResponseMode::Query, ResponseMode::FormPost];
const SECRETS: &[AuthMethod] = &[AuthMethod::ClientSecretPost, AuthMethod::ClientSecretBasic];
const SECRETS_AND_KEYS: &[AuthMethod] =
    &[AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost, AuthMethod::PrivateKeyJwt];
const KEYS: &[AuthMethod] = &[AuthMethod::PrivateKeyJwt, AuthMethod::SelfSignedTlsClientAuth];

const OKTA_IDV: Rules = Rules {
    pushed: Need::Required,
    json: true,
    client_id_beside_request_uri: Need::Allowed,
    response_type: ResponseType::Code,
    response_modes: &[ResponseMode::Query],
    pkce: Need::Required,
    id_token_hint: Need::Refused,
    auth_methods: SECRETS,
    algs: &[Alg::Rs256],
    bound_tokens: Need::Refused,
    strict_audience: false,
    loopback_redirects: true,
    styles: &[Style::Okta],
};

const OIDC_BASIC: Rules = Rules {
    pushed: Need::Allowed,
    json: false,
    client_id_beside_request_uri: Need::Required,
    response_type: ResponseType::Code,
    response_modes: MODES,
    pkce: Need::Allowed,
    id_token_hint: Need::Refused,
    auth_methods: SECRETS_AND_KEYS,
    algs: &[Alg::Rs256, Alg::Ps256, Alg::Es256],
    bound_tokens: Need::Allowed,
    strict_audience: false,
    loopback_redirects: true,
    styles: &[Style::Ida],
};

const ENTRA_EXTERNAL: Rules = Rules {
    pushed: Need::Refused,
    json: false,
    client_id_beside_request_uri: Need::Required,
    response_type: ResponseType::IdToken,
    response_modes: &[ResponseMode::FormPost],
    pkce: Need::Refused,
    id_token_hint: Need::Required,
    auth_methods: &[AuthMethod::None],
    algs: &[Alg::Rs256],
    bound_tokens: Need::Refused,
    strict_audience: false,
    loopback_redirects: false,
    styles: &[Style::Ida],
};

const FAPI2: Rules = Rules {
    pushed: Need::Required,
    json: false,
    client_id_beside_request_uri: Need::Required,
    response_type: ResponseType::Code,
    response_modes: &[ResponseMode::Query],
    pkce: Need::Required,
    id_token_hint: Need::Refused,
    auth_methods: KEYS,
    algs: &[Alg::Ps256, Alg::Es256],
    bound_tokens: Need::Required,
    strict_audience: true,
    loopback_redirects: false,
    styles: &[Style::Ida],
};

/// It has nothing to call: its key is for its links.
const START_LINK: Rules = Rules {
    pushed: Need::Refused,
    json: false,
    client_id_beside_request_uri: Need::Required,
    response_type: ResponseType::None,
    response_modes: &[ResponseMode::Query],
    pkce: Need::Refused,
    id_token_hint: Need::Refused,
    auth_methods: &[AuthMethod::PrivateKeyJwt],
    algs: &[Alg::Rs256, Alg::Ps256, Alg::Es256],
    bound_tokens: Need::Refused,
    strict_audience: true,
    loopback_redirects: true,
    styles: &[Style::Ida],
};

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 5] = [Self::OktaIdv, Self::OidcBasic, Self::EntraExternal, Self::Fapi2, Self::StartLink];

    /// The name in settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OktaIdv => "okta-idv",
            Self::OidcBasic => "oidc-basic",
            Self::EntraExternal => "entra-external",
            Self::Fapi2 => "fapi2",
            Self::StartLink => "start-link",
        }
    }

    /// Reads the name in settings.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.as_str() == text)
    }

    /// Its row in the table.
    pub const fn rules(self) -> &'static Rules {
        match self {
            Self::OktaIdv => &OKTA_IDV,
            Self::OidcBasic => &OIDC_BASIC,
            Self::EntraExternal => &ENTRA_EXTERNAL,
            Self::Fapi2 => &FAPI2,
            Self::StartLink => &START_LINK,
        }
    }
}
