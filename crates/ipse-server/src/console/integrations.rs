//! Integrations: setting a ServiceNow instance, a Salesforce org or an Entra tenant up, what to paste there, and how it is.

use super::form::Fields;
use super::views::{self, Area, Chip, Pasted, Tone};
use super::{choice, entra, errors, notice, refused, shell, state_chip, when};
use crate::app::integrations::{self as uses, Health, Integration, Secrets, System, Wanted};
use crate::app::{Caller, Error, credentials, journeys};
use crate::http::auth::{Configure, User};
use crate::http::page::{render, render_with};
use crate::state::{Ipse, Shared};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ipse_connectors::entra::{ClientCredential, Tenant};
use ipse_connectors::salesforce::{Login, Org};
use ipse_connectors::servicenow::{self, Instance};
use ipse_core::Refusal;
use ipse_core::id::{ApiKeyId, IntegrationId};
use ipse_core::verification::State as VerificationState;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Where a production org signs people in.
const PRODUCTION: &str = "https://login.salesforce.com";
/// The kind as a form says it.
const SALESFORCE: &str = "Salesforce";
const ENTRA: &str = "Entra Verified ID";

/// `GET /console/integrations`
pub(super) async fn list(user: User<Configure>, State(ipse): State<Shared>) -> Response {
    let found = match uses::list(&ipse, user.caller()).await {
        Ok(found) => found,
        Err(error) => return refused(error),
    };
    let mut rows = Vec::new();
    for integration in found {
        let health = match uses::health(&ipse, user.caller(), &integration).await {
            Ok(health) => health,
            Err(error) => return refused(error),
        };
        rows.push(views::IntegrationRow {
            id: integration.id.to_string(),
            kind: integration.system.kind(),
            address: integration.system.address().to_owned(),
            state: chip(&integration, &health),
            called: called(&health),
            name: integration.name,
        });
    }
    render(&views::Integrations { shell: shell(&ipse, &user.signed_in, Area::Integrations).await, rows })
}

fn chip(integration: &Integration, health: &Health) -> Chip {
    let (tone, label) = match (&health.disabled, &health.waiting, health.called_at) {
        _ if health.lacks_secret => (Tone::Bad, "No client secret".to_owned()),
        _ if integration.key.is_none() => (Tone::Idle, "Set up".to_owned()),
        _ if health.given_up.is_some() => (Tone::Bad, "Events were given up".to_owned()),
        (Some(why), _, _) => (Tone::Bad, format!("No events are sent: {why}")),
        (None, Some(_), _) => (Tone::Wait, "The last event has not arrived".to_owned()),
        (None, None, None) => (Tone::Idle, "Has not called yet".to_owned()),
        (None, None, Some(_)) => (Tone::Good, "Works".to_owned()),
    };
    Chip { tone, label }
}

/// The time is written every ten minutes at most.
fn called(health: &Health) -> String {
    health.called_at.map_or_else(|| "Never".to_owned(), |at| format!("About {} UTC", when(at)))
}

fn lines(tables: &BTreeMap<String, String>) -> String {
    tables.iter().map(|(table, name)| format!("{table} {name}")).collect::<Vec<_>>().join("\n")
}

/// Which kind a form is for.
#[derive(Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    #[default]
    ServiceNow,
    Salesforce,
    Entra,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    kind: Kind,
}

/// What a new one begins with.
fn blank(kind: &Kind) -> Result<System, Refusal> {
    Ok(match kind {
        Kind::ServiceNow => {
            System::ServiceNow(Instance { address: String::new(), ..Instance::at("https://example.com", false)? })
        }
        Kind::Salesforce => System::Salesforce(Org {
            address: String::new(),
            id: String::new(),
            consumer_key: String::new(),
            login: Login::JwtBearer { username: String::new(), audience: PRODUCTION.to_owned() },
            min_contact_age_days: 14,
        }),
        Kind::Entra => System::Entra(Tenant::blank()),
    })
}

/// What a form shows: what was typed, or what is known.
async fn form(
    ipse: &Ipse,
    user: &User<Configure>,
    typed: Option<&Fields>,
    system: &System,
    known: Option<&Integration>,
) -> Result<views::IntegrationForm, Error> {
    let text = |name: &str, otherwise: &str| typed.map_or(otherwise.to_owned(), |fields| fields.text(name));
    let journey = text("journey", known.map_or("", |known| &known.journey));
    let all = journeys::list(ipse, user.caller()).await?;
    let days = system.min_contact_age_days().to_string();
    let (tables, org, entra) = match system {
        System::ServiceNow(instance) => (text("tables", &lines(&instance.tables)), None, None),
        System::Entra(tenant) => (String::new(), None, Some(entra::form(typed, tenant))),
        System::Salesforce(org) => {
            let (username, audience) = match &org.login {
                Login::JwtBearer { username, audience } => (username.as_str(), audience.as_str()),
                Login::ClientCredentials => ("", ""),
            };
            let org = views::OrgForm {
                id: text("org_id", &org.id),
                consumer_key: text("consumer_key", &org.consumer_key),
                username: text("username", username),
                audience: text("audience", audience),
            };
            (String::new(), Some(org), None)
        }
    };
    Ok(views::IntegrationForm {
        kind: system.kind(),
        name: text("name", known.map_or(system.kind(), |known| &known.name)),
        address: text("address", system.address()),
        journeys: all.iter().map(|one| choice(&one.key, one.name.clone(), one.key == journey)).collect(),
        tables,
        org,
        entra,
        min_contact_age_days: text("min_contact_age_days", &days),
    })
}

fn wanted(ipse: &Ipse, fields: &Fields) -> Result<Wanted, Refusal> {
    if fields.text("kind") == ENTRA {
        let (name, journey) = (fields.text("name"), fields.text("journey"));
        return Ok(Wanted { name, journey, system: System::Entra(entra::tenant(fields)?) });
    }
    let min_contact_age_days = fields.number("min_contact_age_days")?;
    let system = if fields.text("kind") == SALESFORCE {
        let (username, audience) = (fields.text("username"), fields.text("audience"));
        let login = if username.is_empty() && audience.is_empty() {
            Login::ClientCredentials
        } else {
            Login::JwtBearer { username, audience }
        };
        System::Salesforce(Org {
            address: fields.text("address").trim_end_matches('/').to_ascii_lowercase(),
            id: fields.text("org_id"),
            consumer_key: fields.text("consumer_key"),
            login,
            min_contact_age_days,
        })
    } else {
        let instance = Instance::at(&fields.text("address"), ipse.config.webhooks.allow_private_addresses)?;
        let mut tables = BTreeMap::new();
        for line in fields.text("tables").lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (table, name) = line.split_once(char::is_whitespace).unwrap_or((line, line));
            tables.insert(table.to_owned(), name.trim().to_owned());
        }
        System::ServiceNow(Instance { tables, min_contact_age_days, ..instance })
    };
    Ok(Wanted { name: fields.text("name"), journey: fields.text("journey"), system })
}

/// `GET /console/integrations/new`
pub(super) async fn new(user: User<Configure>, State(ipse): State<Shared>, Query(asked): Query<Asked>) -> Response {
    new_page(&ipse, &user, &asked.kind, None, views::Errors::default()).await
}

async fn new_page(
    ipse: &Ipse,
    user: &User<Configure>,
    kind: &Kind,
    typed: Option<&Fields>,
    errors: views::Errors,
) -> Response {
    let form = match blank(kind) {
        Ok(system) => form(ipse, user, typed, &system, None).await,
        Err(refusal) => Err(refusal.into()),
    };
    let form = match form {
        Ok(form) => form,
        Err(error) => return refused(error),
    };
    let status = if errors.list.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = shell(ipse, &user.signed_in, Area::Integrations).await;
    render_with(status, &views::IntegrationNew { shell, errors, form })
}

/// `POST /console/integrations`
pub(super) async fn create(user: User<Configure>, State(ipse): State<Shared>, fields: Fields) -> Response {
    let made = async {
        let (wanted, client) = (wanted(&ipse, &fields)?, entra::client(&fields)?);
        let mut tx = ipse.store.begin(&user.caller().organization).await?;
        let made = uses::create(&ipse, &mut tx, user.caller(), wanted).await?;
        tx.commit().await?;
        ipse.hint_keys.notify_one();
        keep_client(&ipse, &user, &made.0.id, client).await?;
        Ok(made)
    };
    match made.await {
        Ok((integration, secrets)) => Page::of(integration).with(secrets).show(&ipse, &user).await,
        Err(error) => match errors(error, "address") {
            Ok(errors) => {
                let kind = match fields.text("kind").as_str() {
                    SALESFORCE => Kind::Salesforce,
                    ENTRA => Kind::Entra,
                    _ => Kind::ServiceNow,
                };
                new_page(&ipse, &user, &kind, Some(&fields), errors).await
            }
            Err(response) => response,
        },
    }
}

/// Keeps what was typed for an Entra application to prove itself by; left empty, what was there before stays.
async fn keep_client(
    ipse: &Ipse,
    user: &User<Configure>,
    id: &IntegrationId,
    client: Option<ClientCredential>,
) -> Result<(), Error> {
    match client {
        Some(client) => credentials::set_client(ipse, user.caller(), id, &client).await,
        None => Ok(()),
    }
}

/// One integration, and what the last thing done to it adds to its page.
pub(super) struct Page<'a> {
    integration: Integration,
    secrets: Option<Secrets>,
    typed: Option<&'a Fields>,
    errors: views::Errors,
    said: Option<&'static str>,
    looked: Vec<views::Looked>,
}

impl<'a> Page<'a> {
    pub(super) fn of(integration: Integration) -> Self {
        Self {
            integration,
            secrets: None,
            typed: None,
            errors: views::Errors::default(),
            said: None,
            looked: Vec::new(),
        }
    }

    /// With what was looked at just now.
    pub(super) fn looking(self, looked: Vec<views::Looked>) -> Self {
        Self { looked, ..self }
    }

    fn with(self, secrets: Secrets) -> Self {
        Self { secrets: Some(secrets), ..self }
    }

    fn saying(self, said: &'static str) -> Self {
        Self { said: Some(said), ..self }
    }

    fn refusing(self, typed: &'a Fields, errors: views::Errors) -> Self {
        Self { typed: Some(typed), errors, ..self }
    }

    pub(super) async fn show(self, ipse: &Ipse, user: &User<Configure>) -> Response {
        let integration = &self.integration;
        let gathered = async {
            let health = uses::health(ipse, user.caller(), integration).await?;
            let form = form(ipse, user, self.typed, &integration.system, Some(integration)).await?;
            let values = values(ipse, user.caller(), integration, None).await?;
            Ok::<_, Error>((health, form, values))
        };
        let (health, form, values) = match gathered.await {
            Ok(found) => found,
            Err(error) => return refused(error),
        };
        let mut shell = shell(ipse, &user.signed_in, Area::Integrations).await;
        shell.notice = self.said.map(|said| notice(Tone::Good, said));
        let status = if self.errors.list.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let arrived = |at| format!("{} UTC", when(at));
        let view = views::Integration {
            shell,
            errors: self.errors,
            id: integration.id.to_string(),
            name: integration.name.clone(),
            state: chip(integration, &health),
            called: called(&health),
            delivered: match health.delivered {
                None => "None yet".to_owned(),
                Some(last) => {
                    format!("{}, {}", last.kind, arrived(last.finished_at.unwrap_or(last.created_at)))
                }
            },
            waiting: health
                .waiting
                .map(|(last, answer)| format!("{}, tried {} times. {answer}", last.kind, last.attempts)),
            given_up: health.given_up.map(|last| format!("{}, {}", last.kind, arrived(last.created_at))),
            webhook_href: integration.endpoint.as_ref().map(|endpoint| format!("/console/webhooks/{endpoint}")),
            secrets_once: self.secrets.map(|secrets| pasted_secrets(integration, secrets)).unwrap_or_default(),
            values,
            words: words(integration),
            looked: self.looked,
            form,
        };
        render_with(status, &view)
    }
}

pub(super) fn pasted(id: &str, label: &str, value: impl Into<String>) -> Pasted {
    Pasted { id: id.to_owned(), label: label.to_owned(), value: value.into() }
}

fn pasted_secrets(integration: &Integration, secrets: Secrets) -> Vec<Pasted> {
    let label = match integration.system {
        System::ServiceNow(_) => "API Key",
        System::Salesforce(_) | System::Entra(_) => "Client Secret",
    };
    let webhook = secrets.webhook.map(|secret| pasted("webhook-secret", "Webhook Secret", secret));
    let api_key = secrets.api_key.map(|key| pasted("api-key", label, key));
    api_key.into_iter().chain(webhook).collect()
}

/// What is typed into the other system, under its own labels; secrets last.
pub(crate) async fn values(
    ipse: &Ipse,
    caller: &Caller,
    integration: &Integration,
    secrets: Option<Secrets>,
) -> Result<Vec<Pasted>, Error> {
    let base = ipse.config.server.base_url.as_str();
    let key = integration.key.as_ref().map(ApiKeyId::as_str).unwrap_or_default();
    let once = secrets.map(|secrets| pasted_secrets(integration, secrets)).unwrap_or_default();
    let mut values = match &integration.system {
        System::ServiceNow(instance) => vec![
            pasted("base-url", "Base URL", base),
            pasted("journey", "Configuration ID", &integration.journey),
            pasted("integration", "Integration ID", integration.id.as_str()),
            pasted("auth-server", "Auth Server URL", base),
            pasted("token-path", "Token URL Path", "/oauth2/token"),
            pasted("client-id", "Client ID (its Client Secret is the API Key)", key),
            pasted("webhook", "Webhook URL (already known here)", instance.webhook()),
        ],
        System::Entra(tenant) => entra::values(base, &integration.id, tenant),
        System::Salesforce(_) => {
            let secrets = uses::org_secrets(ipse, caller, &integration.id).await?;
            let signer = secrets.signer()?;
            let public = signer.public().map_err(|_| Error::Unavailable("the org's key"))?;
            vec![
                pasted("client-id", "Client ID", key),
                pasted("base-url", "Named credential, URL", base),
                pasted("token", "External credential, token endpoint", format!("{base}/oauth2/token")),
                pasted("kid", "Ipse Key, name", signer.kid()),
                pasted("issuer", "Ipse Key, issuer", base),
                pasted("organization", "Ipse Key, organization", caller.organization.as_str()),
                pasted("public-key", "Ipse Key, public key", public),
                pasted("certificate", "Certificate for the external client app", secrets.certificate()),
            ]
        }
    };
    values.extend(once);
    Ok(values)
}

/// Where a verification stands, and what its ticket shows meanwhile.
fn words(integration: &Integration) -> Vec<(&'static str, String)> {
    match integration.system {
        System::ServiceNow(_) => {
            VerificationState::ALL.map(|state| (servicenow::status(state), state_chip(state).label)).into()
        }
        System::Salesforce(_) | System::Entra(_) => Vec::new(),
    }
}

/// `GET /console/integrations/{id}`
pub(super) async fn show(user: User<Configure>, State(ipse): State<Shared>, Path(id): Path<IntegrationId>) -> Response {
    match uses::get(&ipse, user.caller(), &id).await {
        Ok(integration) => Page::of(integration).show(&ipse, &user).await,
        Err(error) => refused(error),
    }
}

/// `POST /console/integrations/{id}`
pub(super) async fn update(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<IntegrationId>,
    fields: Fields,
) -> Response {
    let known = match uses::get(&ipse, user.caller(), &id).await {
        Ok(known) => known,
        Err(error) => return refused(error),
    };
    let changed = async {
        let (wanted, client) = (wanted(&ipse, &fields)?, entra::client(&fields)?);
        let changed = uses::update(&ipse, user.caller(), &id, wanted).await?;
        keep_client(&ipse, &user, &id, client).await?;
        Ok(changed)
    };
    match changed.await {
        Ok(integration) => Page::of(integration).saying("Saved.").show(&ipse, &user).await,
        Err(error) => match errors(error, "name") {
            Ok(errors) => Page::of(known).refusing(&fields, errors).show(&ipse, &user).await,
            Err(response) => response,
        },
    }
}

/// `POST /console/integrations/{id}/renew`
pub(super) async fn renew(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<IntegrationId>,
    _: Fields,
) -> Response {
    match uses::renew(&ipse, user.caller(), &id).await {
        Ok((integration, secrets)) => Page::of(integration).with(secrets).show(&ipse, &user).await,
        Err(error) => refused(error),
    }
}

/// `POST /console/integrations/{id}/test`
pub(super) async fn test(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<IntegrationId>,
    _: Fields,
) -> Response {
    let sent = async {
        let integration = uses::get(&ipse, user.caller(), &id).await?;
        uses::test(&ipse, user.caller(), &integration).await?;
        Ok::<_, Error>(integration)
    };
    match sent.await {
        Ok(integration) => {
            let said = "A test event is on its way. Reload this page to see whether it arrived.";
            Page::of(integration).saying(said).show(&ipse, &user).await
        }
        Err(error) => refused(error),
    }
}

/// `POST /console/integrations/{id}/replay`
pub(super) async fn replay(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<IntegrationId>,
    _: Fields,
) -> Response {
    let again = async {
        let integration = uses::get(&ipse, user.caller(), &id).await?;
        uses::replay(&ipse, user.caller(), &integration).await?;
        Ok::<_, Error>(integration)
    };
    match again.await {
        Ok(integration) => {
            Page::of(integration).saying("Sent again. Reload this page in a moment.").show(&ipse, &user).await
        }
        Err(error) => refused(error),
    }
}

/// `POST /console/integrations/{id}/remove`
pub(super) async fn remove(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<IntegrationId>,
    _: Fields,
) -> Response {
    match uses::delete(&ipse, user.caller(), &id).await {
        Ok(()) => Redirect::to("/console/integrations").into_response(),
        Err(error) => refused(error),
    }
}
