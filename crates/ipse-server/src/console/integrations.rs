//! Integrations: setting a ServiceNow instance up, what to paste there, and how it is.

use super::form::Fields;
use super::views::integrations as pages;
use super::views::{self, Area, Chip, Pasted, Tone};
use super::{choice, errors, notice, refused, shell, state_chip, when};
use crate::app::integrations::{self as uses, Health, Integration, Secrets, Wanted};
use crate::app::{Error, journeys, webhooks};
use crate::http::auth::{Configure, User};
use crate::http::page::{render, render_with};
use crate::state::{Ipse, Shared};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ipse_connectors::servicenow::{self, Instance};
use ipse_core::Refusal;
use ipse_core::id::IntegrationId;
use ipse_core::verification::State as VerificationState;
use std::collections::BTreeMap;

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
        rows.push(pages::IntegrationRow {
            id: integration.id.to_string(),
            kind: "ServiceNow",
            address: integration.instance().address.clone(),
            state: chip(&health),
            called: called(&health),
            name: integration.name,
        });
    }
    render(&pages::Integrations { shell: shell(&ipse, &user.signed_in, Area::Integrations).await, rows })
}

fn chip(health: &Health) -> Chip {
    let (tone, label) = match (&health.disabled, &health.waiting, health.called_at) {
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

async fn form(
    ipse: &Ipse,
    user: &User<Configure>,
    typed: Option<&Fields>,
    known: &Instance,
    about: Option<&Integration>,
) -> Result<pages::IntegrationForm, Error> {
    let text = |name: &str, otherwise: String| typed.map_or(otherwise, |fields| fields.text(name));
    let journey = text("journey", about.map(|about| about.journey.clone()).unwrap_or_default());
    let all = journeys::list(ipse, user.caller()).await?;
    Ok(pages::IntegrationForm {
        name: text("name", about.map_or_else(|| "ServiceNow".to_owned(), |about| about.name.clone())),
        address: text("address", about.map(|about| about.instance().address.clone()).unwrap_or_default()),
        journeys: all.iter().map(|one| choice(&one.key, one.name.clone(), one.key == journey)).collect(),
        tables: text("tables", lines(&known.tables)),
        min_contact_age_days: text("min_contact_age_days", known.min_contact_age_days.to_string()),
    })
}

fn wanted(ipse: &Ipse, fields: &Fields) -> Result<Wanted, Refusal> {
    let instance = Instance::at(&fields.text("address"), ipse.config.webhooks.allow_private_addresses)?;
    let mut tables = BTreeMap::new();
    for line in fields.text("tables").lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (table, name) = line.split_once(char::is_whitespace).unwrap_or((line, line));
        tables.insert(table.to_owned(), name.trim().to_owned());
    }
    let min_contact_age_days = fields.number("min_contact_age_days")?;
    Ok(Wanted {
        name: fields.text("name"),
        journey: fields.text("journey"),
        instance: Instance { tables, min_contact_age_days, ..instance },
    })
}

/// `GET /console/integrations/new`
pub(super) async fn new(user: User<Configure>, State(ipse): State<Shared>) -> Response {
    new_page(&ipse, &user, None, views::Errors::default()).await
}

async fn new_page(ipse: &Ipse, user: &User<Configure>, typed: Option<&Fields>, errors: views::Errors) -> Response {
    let form = match Instance::at("https://example.service-now.com", false) {
        Ok(example) => form(ipse, user, typed, &example, None).await,
        Err(refusal) => Err(refusal.into()),
    };
    let form = match form {
        Ok(form) => form,
        Err(error) => return refused(error),
    };
    let status = if errors.list.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = shell(ipse, &user.signed_in, Area::Integrations).await;
    render_with(status, &pages::IntegrationNew { shell, errors, form })
}

/// `POST /console/integrations`
pub(super) async fn create(user: User<Configure>, State(ipse): State<Shared>, fields: Fields) -> Response {
    let made = async {
        let wanted = wanted(&ipse, &fields)?;
        let mut tx = ipse.store.begin(&user.caller().organization).await?;
        let made = uses::create(&ipse, &mut tx, user.caller(), wanted).await?;
        tx.commit().await?;
        Ok(made)
    };
    match made.await {
        Ok((integration, secrets)) => Page::of(integration).with(secrets).show(&ipse, &user).await,
        Err(error) => match errors(error, "address") {
            Ok(errors) => new_page(&ipse, &user, Some(&fields), errors).await,
            Err(response) => response,
        },
    }
}

/// One integration, and what the last thing done to it adds to its page.
struct Page<'a> {
    integration: Integration,
    secrets: Option<Secrets>,
    typed: Option<&'a Fields>,
    errors: views::Errors,
    said: Option<&'static str>,
}

impl<'a> Page<'a> {
    fn of(integration: Integration) -> Self {
        Self { integration, secrets: None, typed: None, errors: views::Errors::default(), said: None }
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

    async fn show(self, ipse: &Ipse, user: &User<Configure>) -> Response {
        let integration = &self.integration;
        let gathered = async {
            let health = uses::health(ipse, user.caller(), integration).await?;
            let form = form(ipse, user, self.typed, integration.instance(), Some(integration)).await?;
            Ok::<_, Error>((health, form))
        };
        let (health, form) = match gathered.await {
            Ok(found) => found,
            Err(error) => return refused(error),
        };
        let mut shell = shell(ipse, &user.signed_in, Area::Integrations).await;
        shell.notice = self.said.map(|said| notice(Tone::Good, said));
        let status = if self.errors.list.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let arrived = |at| format!("{} UTC", when(at));
        let view = pages::Integration {
            shell,
            errors: self.errors,
            id: integration.id.to_string(),
            name: integration.name.clone(),
            state: chip(&health),
            called: called(&health),
            delivered: match health.delivered {
                None => "None yet".to_owned(),
                Some(last) => {
                    format!("{}, {}", last.kind, arrived(last.finished_at.unwrap_or(last.created_at)))
                }
            },
            waiting: health.waiting.map(|last| format!("{}, tried {} times", last.kind, last.attempts)),
            webhook_href: format!("/console/webhooks/{}", integration.endpoint),
            secrets_once: self.secrets.map(pasted_secrets).unwrap_or_default(),
            values: values(ipse, integration),
            words: VerificationState::ALL.map(|state| (servicenow::status(state), state_chip(state).label)).into(),
            form,
        };
        render_with(status, &view)
    }
}

fn pasted(id: &str, label: &str, value: impl Into<String>) -> Pasted {
    Pasted { id: id.to_owned(), label: label.to_owned(), value: value.into() }
}

fn pasted_secrets(secrets: Secrets) -> Vec<Pasted> {
    vec![pasted("api-key", "API Key", secrets.api_key), pasted("webhook-secret", "Webhook Secret", secrets.webhook)]
}

/// What is typed into the application's configuration page, under its own labels.
pub(crate) fn values(ipse: &Ipse, integration: &Integration) -> Vec<Pasted> {
    let base = ipse.config.server.base_url.as_str();
    vec![
        pasted("base-url", "Base URL", base),
        pasted("journey", "Configuration ID", &integration.journey),
        pasted("integration", "Integration ID", integration.id.as_str()),
        pasted("auth-server", "Auth Server URL", base),
        pasted("token-path", "Token URL Path", "/oauth2/token"),
        pasted("client-id", "Client ID (its Client Secret is the API Key)", integration.key.as_str()),
        pasted("webhook", "Webhook URL (already known here)", integration.instance().webhook()),
    ]
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
    let changed = async { uses::update(&ipse, user.caller(), &id, wanted(&ipse, &fields)?).await };
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
        webhooks::test(&ipse, user.caller(), &integration.endpoint).await?;
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
