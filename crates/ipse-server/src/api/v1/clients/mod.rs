//! Clients of the OpenID provider on the wire.

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod rotate_secret;
pub mod update;

use crate::app::oidc::clients::{Tenant, Wanted};
use crate::state::Shared;
use ipse_core::name::Preset;
use ipse_oidc::client::{Binding, ClaimsValues, EntraTenant};
use ipse_oidc::jwk::Jwks;
use ipse_oidc::profile::{Alg, AuthMethod, Profile, Style};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(create::create_client, list::list_clients))
        .routes(routes!(get::get_client, update::update_client, delete::delete_client))
        .routes(routes!(rotate_secret::rotate_client_secret))
}

/// What is said of a client. What is left out is as its profile has it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientFields {
    /// `okta-idv`, `oidc-basic`, `entra-external`, `fapi2` or `start-link`. Needed to create one; it cannot change.
    #[schema(value_type = Option<String>, example = "okta-idv")]
    profile: Option<Profile>,
    /// The name the person is shown; 1 to 80 characters.
    #[schema(example = "Okta")]
    name: String,
    /// Where answers may go, letter by letter: 1 to 20.
    #[schema(example = json!(["https://example.okta.com/idp/identity-verification/callback"]))]
    redirect_uris: Vec<String>,
    /// Scopes it may be granted beside `openid`.
    #[serde(default)]
    #[schema(example = json!(["profile", "identity_assurance"]))]
    scopes: Vec<String>,
    /// How it authenticates itself: `client_secret_post`, `client_secret_basic`, `private_key_jwt`.
    #[schema(value_type = Option<Vec<String>>)]
    auth_methods: Option<Vec<AuthMethod>>,
    /// Its public keys, for `private_key_jwt` and start links: a JWK Set.
    #[schema(value_type = Option<Object>)]
    jwks: Option<Jwks>,
    /// What its ID tokens are signed with: `RS256`, `PS256` or `ES256`.
    #[schema(value_type = Option<String>)]
    signing: Option<Alg>,
    /// The journey its people take: an id or a key. Its sessions must last as long as `minutes`. One that compares names
    /// itself fails the whole verification where they differ; `none` leaves that to `name_rule`, claim by claim.
    #[schema(example = "account-recovery")]
    journey: String,
    /// Other journeys, by the scope `idv_flow_…` or the acr value that asks for them.
    #[serde(default)]
    journeys: BTreeMap<String, String>,
    /// When a name the client sent is the one that was proven: `exact`, `relaxed`, `duo` or `entra`.
    #[schema(value_type = Option<String>)]
    name_rule: Option<Preset>,
    /// What stands for a claim that was proven: `MATCHED`, so that no personal data leave, or `values`.
    #[schema(value_type = Option<String>)]
    claims_values: Option<ClaimsValues>,
    /// Minutes that a person has, 10 to 60.
    #[schema(example = 15)]
    minutes: Option<u32>,
    /// For `entra-external`: the tenant whose hints are believed.
    entra: Option<EntraFields>,
    /// For `start-link`: what the client calls this organization, `OrgId` in its tokens; 1 to 128 characters.
    #[schema(example = "contoso")]
    org_id: Option<String>,
}

/// The Entra tenant whose hints are believed.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EntraFields {
    /// Its id.
    #[schema(example = "aaaabbbb-0000-cccc-1111-dddd2222eeee")]
    tenant: String,
    /// The id of the app registration there.
    #[schema(example = "00001111-aaaa-2222-bbbb-3333cccc4444")]
    app_id: String,
    /// Who signs the hints; left out, the tenant at the address in `openid.entra_login`.
    issuer: Option<String>,
}

/// The Entra tenant whose hints are believed.
#[derive(Serialize, ToSchema)]
pub struct Entra {
    /// Its id.
    tenant: String,
    /// The id of the app registration there.
    app_id: String,
    /// Who signs the hints.
    issuer: String,
    /// When the issuer's keys were last read; until then every hint is refused.
    #[schema(value_type = Option<String>, format = DateTime)]
    keys_read_at: Option<Timestamp>,
}

impl From<EntraTenant> for Entra {
    fn from(tenant: EntraTenant) -> Self {
        let keys_read_at = tenant.keys.map(|known| known.read_at);
        Self { tenant: tenant.tenant, app_id: tenant.app_id, issuer: tenant.issuer, keys_read_at }
    }
}

impl From<ClientFields> for Wanted {
    fn from(fields: ClientFields) -> Self {
        Self {
            name: fields.name,
            redirect_uris: fields.redirect_uris,
            scopes: fields.scopes,
            auth_methods: fields.auth_methods,
            jwks: fields.jwks,
            signing: fields.signing,
            journey: fields.journey,
            journeys: fields.journeys,
            name_rule: fields.name_rule,
            claims_values: fields.claims_values,
            minutes: fields.minutes,
            entra: fields.entra.map(|entra| Tenant {
                tenant: entra.tenant,
                app_id: entra.app_id,
                issuer: entra.issuer,
            }),
            org_id: fields.org_id,
        }
    }
}

/// A relying party.
#[derive(Serialize, ToSchema)]
pub struct Client {
    /// Its id, which is its OAuth client id.
    #[schema(example = "cli_01k3z8m5q0x4t6v8w2y4a6c8e0")]
    pub id: String,
    /// `client`.
    pub object: &'static str,
    /// What kind of client it is.
    #[schema(value_type = String, example = "okta-idv")]
    pub profile: Profile,
    /// The name the person is shown.
    pub name: String,
    /// Where answers may go.
    pub redirect_uris: Vec<String>,
    /// Scopes it may be granted beside `openid`.
    pub scopes: Vec<String>,
    /// How it authenticates itself.
    #[schema(value_type = Vec<String>)]
    pub auth_methods: Vec<AuthMethod>,
    /// Its public keys.
    #[schema(value_type = Option<Object>)]
    pub jwks: Option<Jwks>,
    /// What its access tokens are bound to: `none` or `dpop`.
    #[schema(value_type = String)]
    pub binding: Binding,
    /// What its ID tokens are signed with.
    #[schema(value_type = String, example = "RS256")]
    pub signing: Alg,
    /// The key of the journey its people take.
    pub journey: String,
    /// Other journeys.
    pub journeys: BTreeMap<String, String>,
    /// How a verification is told: `okta` or `ida`.
    #[schema(value_type = String, example = "okta")]
    pub style: Style,
    /// When a name is the one that was proven.
    #[schema(value_type = String, example = "relaxed")]
    pub name_rule: Preset,
    /// What stands for a claim that was proven.
    #[schema(value_type = String, example = "MATCHED")]
    pub claims_values: ClaimsValues,
    /// Minutes that a person has.
    pub minutes: u32,
    /// For `entra-external`: whose hints are believed.
    pub entra: Option<Entra>,
    /// For `start-link`: what the client calls this organization. Its people are sent to `/start/{id}?token=…`.
    pub org_id: Option<String>,
    /// Its secrets, without their values: two while one replaces the other, three where it is not sure which is in use.
    pub secrets: Vec<Secret>,
    /// The secret itself, in the one answer that carries it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
}

/// A secret, without its value.
#[derive(Serialize, ToSchema)]
pub struct Secret {
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// From when on it is refused.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

impl From<(ipse_oidc::Client, Option<String>)> for Client {
    fn from((client, client_secret): (ipse_oidc::Client, Option<String>)) -> Self {
        let secret =
            |known: &ipse_oidc::client::Secret| Secret { created_at: known.created_at, expires_at: known.expires_at };
        Self {
            secrets: client.secrets.iter().map(secret).collect(),
            id: client.id,
            object: "client",
            profile: client.profile,
            name: client.name,
            redirect_uris: client.redirect_uris,
            scopes: client.scopes,
            auth_methods: client.auth_methods,
            jwks: client.jwks,
            binding: client.binding,
            signing: client.signing,
            journey: client.journey,
            journeys: client.journeys,
            style: client.style,
            name_rule: client.name_rule,
            claims_values: client.claims_values,
            minutes: client.minutes,
            entra: client.entra.map(Entra::from),
            org_id: client.org_id,
            client_secret,
        }
    }
}

impl From<ipse_oidc::Client> for Client {
    fn from(client: ipse_oidc::Client) -> Self {
        (client, None).into()
    }
}
