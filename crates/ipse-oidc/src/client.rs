//! Clients: the relying parties, as an administrator registers them.

use crate::entra::HintKeys;
use crate::hash::{Hash, hash_of, same};
use crate::jwk::Jwks;
use crate::profile::{Alg, AuthMethod, MAX_CLIENT_ID, Need, Profile, ResponseType, Style};
use crate::provider::is_this_machine;
use ipse_core::Refusal;
use ipse_core::id::OrganizationId;
use ipse_core::name::Preset;
use ipse_core::subject::bounded;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::Url;

/// Live secrets of a client: the one in use, and those before it while it is not sure which one that is.
const MOST_SECRETS: usize = 3;

/// A relying party.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Client {
    /// Its id: visible ASCII, 1 to 128 characters, unique among all organizations.
    pub id: String,
    /// Whose it is.
    pub organization: OrganizationId,
    /// The name the person is shown, 1 to 80 characters.
    pub name: String,
    /// What it may do.
    pub profile: Profile,
    /// Where its answers may go: 1 to 20, compared letter by letter.
    pub redirect_uris: Vec<String>,
    /// Scopes it may be granted beside `openid`; whatever else it asks for is passed over (RFC 6749 §3.3).
    #[serde(default)]
    pub scopes: Vec<String>,
    /// How it authenticates itself.
    pub auth_methods: Vec<AuthMethod>,
    /// Its secrets: one, or more while one replaces the others.
    #[serde(default)]
    pub secrets: Vec<Secret>,
    /// Its public keys: registered, or just fetched by the caller from [`Client::jwks_uri`].
    #[serde(default)]
    pub jwks: Option<Jwks>,
    /// Where its public keys are.
    #[serde(default)]
    pub jwks_uri: Option<String>,
    /// SHA-256 of the certificates it may show (RFC 8705).
    #[serde(default)]
    pub certificates: Vec<Hash>,
    /// What its access tokens are bound to.
    #[serde(default)]
    pub binding: Binding,
    /// What its ID tokens are signed with.
    pub signing: Alg,
    /// The key of the journey that its people take.
    pub journey: String,
    /// Other journeys, by the `idv_flow_…` scope or the value of `acr_values` that asks for them.
    #[serde(default)]
    pub journeys: BTreeMap<String, String>,
    /// How a verification is told.
    pub style: Style,
    /// When a claim that the client sent is the one that was proven. `exact` is what Identity Assurance means; Okta
    /// leaves it to the vendor.
    pub name_rule: Preset,
    /// What stands for a claim that was proven.
    #[serde(default)]
    pub claims_values: ClaimsValues,
    /// Minutes that a person has, 10 to 60.
    pub minutes: u32,
    /// For Entra: whose hints are believed.
    #[serde(default)]
    pub entra: Option<EntraTenant>,
    /// For start links: the client's own name of the organization, 1 to 128 characters. Its tokens say it in `OrgId`.
    #[serde(default)]
    pub org_id: Option<String>,
}

/// A secret, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// The hash of a secret of at least 128 random bits ([`crate::hash_of`]).
    pub hash: Hash,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
}

/// What an access token is bound to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// To nothing, unless the client shows a DPoP proof.
    #[default]
    None,
    /// To the key of a DPoP proof (RFC 9449), without which there is no token.
    Dpop,
    /// To the certificate of the TLS connection (RFC 8705), without which there is no token.
    Mtls,
}

/// What stands for a claim that was proven.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClaimsValues {
    /// Nothing that the client did not know: `MATCHED`, or under Identity Assurance the value that it sent.
    #[default]
    #[serde(rename = "MATCHED")]
    Matched,
    /// What was read from the evidence.
    #[serde(rename = "values")]
    Values,
}

/// The Entra tenant that a client of the profile `entra-external` belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntraTenant {
    /// The issuer of its hints, such as `https://login.microsoftonline.com/{tenant}/v2.0`.
    pub issuer: String,
    /// The tenant's id: `tid` of the hint.
    pub tenant: String,
    /// The id of the provider's app registration there: `aud` of the hint.
    pub app_id: String,
    /// The issuer's keys, once they were read.
    #[serde(default)]
    pub keys: Option<HintKeys>,
}

impl Client {
    /// Refuses a registration that could not work, or would promise more than its profile allows.
    pub fn validate(&self) -> Result<(), Refusal> {
        let rules = self.profile.rules();
        let visible = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        if self.id.is_empty() || self.id.len() > MAX_CLIENT_ID || !visible(&self.id) {
            return Err(Refusal::invalid("id", "must be 1 to 128 visible ASCII characters"));
        }
        bounded("name", &self.name, 1, 80)?;
        if self.redirect_uris.is_empty() || self.redirect_uris.len() > 20 {
            return Err(Refusal::invalid("redirect_uris", "must be 1 to 20"));
        }
        for uri in &self.redirect_uris {
            redirect_uri(uri, rules.loopback_redirects)?;
        }
        if self.scopes.len() > 50 || !self.scopes.iter().all(|scope| is_scope(scope)) {
            return Err(Refusal::invalid("scopes", "must be at most 50 words without spaces or quotes"));
        }
        let listed = self.auth_methods.iter().all(|method| rules.auth_methods.contains(method));
        if self.auth_methods.is_empty() || !listed {
            return Err(Refusal::invalid("auth_methods", "must be of those the profile allows"));
        }
        self.validate_credentials()?;
        if !rules.algs.contains(&self.signing) {
            return Err(Refusal::invalid("signing", "must be an algorithm the profile allows"));
        }
        let bound = self.binding != Binding::None;
        if (rules.bound_tokens == Need::Required && !bound) || (rules.bound_tokens == Need::Refused && bound) {
            return Err(Refusal::invalid("binding", "must be what the profile asks for"));
        }
        if !rules.styles.contains(&self.style) {
            return Err(Refusal::invalid("style", "must be one the profile allows"));
        }
        let keys = self.journeys.keys().all(|key| is_scope(key) && key.len() <= 120);
        if self.journey.is_empty() || self.journeys.len() > 50 || !keys {
            return Err(Refusal::invalid("journeys", "must be a journey, and at most 50 others by scope or acr value"));
        }
        if !(10..=60).contains(&self.minutes) {
            return Err(Refusal::invalid("minutes", "must be 10 to 60"));
        }
        let known_as = self.org_id.as_ref().map(|id| bounded("org_id", id, 1, 128)).transpose()?;
        if known_as.is_some() != (rules.response_type == ResponseType::None) {
            return Err(Refusal::invalid("org_id", "must be given for start links, not elsewhere"));
        }
        match (&self.entra, rules.id_token_hint) {
            (None, Need::Required) => Err(Refusal::invalid("entra", "must name the tenant")),
            (Some(_), Need::Refused) => Err(Refusal::invalid("entra", "is for the profile entra-external")),
            (Some(tenant), _)
                if [&tenant.issuer, &tenant.tenant, &tenant.app_id].iter().any(|text| text.is_empty()) =>
            {
                Err(Refusal::invalid("entra", "must name issuer, tenant and app_id"))
            }
            _ => Ok(()),
        }
    }

    /// Every method needs what it works with, and nothing is kept that no method uses.
    fn validate_credentials(&self) -> Result<(), Refusal> {
        let uses = |method| self.auth_methods.contains(&method);
        let with_secret = uses(AuthMethod::ClientSecretBasic) || uses(AuthMethod::ClientSecretPost);
        if self.secrets.len() > MOST_SECRETS || self.secrets.is_empty() == with_secret {
            return Err(Refusal::invalid("secrets", "must be one to three with a secret method, none without"));
        }
        let has_keys = self.jwks.is_some() || self.jwks_uri.is_some();
        if uses(AuthMethod::PrivateKeyJwt) != has_keys {
            return Err(Refusal::invalid("jwks", "must be given with private_key_jwt, not without"));
        }
        if self.jwks.as_ref().is_some_and(Jwks::is_empty) {
            return Err(Refusal::invalid("jwks", "must have a public RSA or P-256 key for signatures"));
        }
        if let Some(uri) = &self.jwks_uri {
            let https = Url::parse(uri).is_ok_and(|url| url.scheme() == "https" && url.host().is_some());
            if !https || uri.len() > 2_000 {
                return Err(Refusal::invalid("jwks_uri", "must be an https URL"));
            }
        }
        let with_certificate = uses(AuthMethod::SelfSignedTlsClientAuth) || self.binding == Binding::Mtls;
        if self.certificates.len() > 5 || self.certificates.is_empty() == with_certificate {
            return Err(Refusal::invalid("certificates", "must be given where certificates are used, not elsewhere"));
        }
        Ok(())
    }

    /// Whether a secret is one of the client's live ones. Takes the same time whichever it is, and without a client.
    pub(crate) fn knows_secret(client: Option<&Self>, secret: &str, now: Timestamp) -> bool {
        let hash = hash_of(secret.as_bytes());
        let none = Secret { hash: [0; 32], created_at: Timestamp::MIN, expires_at: Some(Timestamp::MIN) };
        let secrets = client.map_or(&[][..], |client| &client.secrets);
        // Always as many comparisons, so that neither a missing client nor a rotation shows in the time.
        let mut known = false;
        for place in 0..MOST_SECRETS {
            let stored = secrets.get(place).unwrap_or(&none);
            let live = stored.expires_at.is_none_or(|end| now < end);
            known |= same(&hash, &stored.hash) & live;
        }
        known
    }

    /// Adds a secret and lets the newest of those before it, one or two, live until `overlap_ends` at the latest; older
    /// ones go.
    pub fn rotate_secret(&mut self, hash: Hash, now: Timestamp, overlap_ends: Timestamp, kept: usize) {
        self.secrets.sort_by_key(|secret| secret.created_at);
        let gone = self.secrets.len().saturating_sub(kept.clamp(1, MOST_SECRETS - 1));
        self.secrets.drain(..gone);
        for old in &mut self.secrets {
            old.expires_at = Some(old.expires_at.map_or(overlap_ends, |end| end.min(overlap_ends)));
        }
        self.secrets.push(Secret { hash, created_at: now, expires_at: None });
    }

    /// Takes a secret back that nobody was given. The one before it works on as if there had been no other.
    pub fn withdraw_secret(&mut self, hash: Hash) {
        let known = self.secrets.len();
        self.secrets.retain(|secret| secret.hash != hash);
        if self.secrets.len() < known
            && let Some(newest) = self.secrets.iter_mut().max_by_key(|secret| secret.created_at)
        {
            newest.expires_at = None;
        }
    }
}

fn redirect_uri(uri: &str, loopback: bool) -> Result<(), Refusal> {
    let wrong = || {
        Refusal::invalid("redirect_uris", "must be https URLs in normal form, without fragment, user name or wildcard")
    };
    let url = Url::parse(uri).map_err(|_| wrong())?;
    let secure = url.scheme() == "https" || (loopback && url.scheme() == "http" && is_this_machine(&url));
    let clean = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let plain = uri.len() <= 2_000 && uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"*#\\<>\"".contains(&byte));
    // Written as a browser would write it, so that what is compared is where it goes.
    let normal = url.as_str() == uri || url.as_str().strip_suffix('/') == Some(uri);
    if secure && clean && plain && normal { Ok(()) } else { Err(wrong()) }
}

/// RFC 6749 §3.3: visible ASCII without quotation mark and backslash.
pub(crate) fn is_scope(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    !text.is_empty() && text.len() <= 120 && text.bytes().all(allowed)
}
