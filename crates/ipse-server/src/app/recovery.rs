//! Account recovery at an Entra tenant: whether the claims of the Verified ID that somebody shows there are those of the
//! document by which the account's person was verified here. Whatever is not known is no pass.

use super::integrations::{Integration, System};
use super::oidc::flow::BELIEVED;
use super::verifications::journey_of;
use super::{Result, record, subjects};
use crate::state::Ipse;
use ipse_connectors::entra::{Callout, Compared, Tenant};
use ipse_core::assurance::Shown;
use ipse_core::document::DocumentFacts;
use ipse_core::event::Actor;
use ipse_core::id::{IntegrationId, OrganizationId, SubjectId};
use ipse_core::verification::State;
use ipse_oidc::client::EntraTenant;
use ipse_oidc::entra::{HintKeys, is_extension_call};
use ipse_store::Tx;
use ipse_store::verifications::VerificationFilter;
use jiff::Timestamp;
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How many successes of a person are looked at, newest first, for one that asked for a document.
const LOOKED_AT: u32 = 20;

/// The keys with which tenants sign, by issuer, as they were last read. They are read beside the requests: who asks has two
/// seconds.
#[derive(Default)]
pub struct Keys(Mutex<HashMap<String, HintKeys>>);

impl Keys {
    /// Keeps the keys of an issuer.
    pub fn keep(&self, issuer: String, keys: HintKeys) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(issuer, keys);
    }

    /// A tenant as it is believed: the issuer of its tokens, for whom they are, and its keys, if they were read.
    fn believed(&self, tenant: &Tenant) -> EntraTenant {
        let issuer = format!("{}/{}/v2.0", tenant.login, tenant.id);
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&issuer).cloned();
        EntraTenant { issuer, tenant: tenant.id.clone(), app_id: tenant.client_id.clone(), keys }
    }
}

/// Every tenant that may ask, of every organization.
pub async fn tenants(ipse: &Ipse) -> Result<Vec<EntraTenant>> {
    let mut found = Vec::new();
    for organization in ipse.store.organizations().await? {
        let known: Vec<Integration> = ipse.store.read(&organization.id).await?.list_integrations().await?;
        found.extend(known.iter().filter_map(|known| Some(ipse.recovery_keys.believed(asking(known)?))));
    }
    Ok(found)
}

fn asking(integration: &Integration) -> Option<&Tenant> {
    match &integration.system {
        System::Entra(tenant) if tenant.validates_claims => Some(tenant),
        _ => None,
    }
}

/// Whether whoever asks is believed.
pub enum Believed {
    /// It is the tenant.
    Yes(Asker),
    /// It is not, or may not ask.
    No,
    /// The tenant's keys are not known yet, or too old.
    NotYet,
}

/// A tenant that has shown that it is the one.
pub struct Asker {
    organization: OrganizationId,
    integration: IntegrationId,
    tenant: String,
}

/// Who asks, by the token it shows.
pub async fn authenticate(ipse: &Ipse, id: &IntegrationId, token: &str, now: Timestamp) -> Result<Believed> {
    let Some(organization) = ipse.store.locate_integration(id).await? else { return Ok(Believed::No) };
    let known: Option<Integration> = ipse.store.read(&organization).await?.integration(id).await?;
    let Some(tenant) = known.as_ref().and_then(asking) else { return Ok(Believed::No) };
    let tenant = ipse.recovery_keys.believed(tenant);
    let keys = tenant.keys.as_ref().filter(|known| now.duration_since(known.read_at) < BELIEVED);
    let believed = keys.map(|known| is_extension_call(&tenant, &known.keys, token, now));
    if believed != Some(true) {
        // Perhaps it was signed with a key that is newer than those we know.
        ipse.hint_keys.notify_one();
    }
    Ok(match believed {
        Some(true) => Believed::Yes(Asker { organization, integration: id.clone(), tenant: tenant.tenant }),
        Some(false) => Believed::No,
        None => Believed::NotYet,
    })
}

/// Compares what is asked with what is known, and writes down that it was; nothing where it is asked of another tenant.
pub async fn validate(ipse: &Ipse, asker: &Asker, callout: &Callout, now: Timestamp) -> Result<Option<Compared>> {
    if !callout.tenant.eq_ignore_ascii_case(&asker.tenant) {
        return Ok(None);
    }
    let subject = {
        let mut tx = ipse.store.read(&asker.organization).await?;
        subject(&mut tx, callout).await?
    };
    let facts = match &subject {
        Some(subject) => document(&mut ipse.store.read(&asker.organization).await?, subject).await?,
        None => None,
    };
    let compared = callout.claims.compare(facts.as_ref());
    let (kind, claims) = if compared.passes() {
        ("entra.claims_validated", &compared.agreed)
    } else {
        ("entra.claims_refused", &compared.failed)
    };
    let data = json!({ "integration": asker.integration, "subject": subject, "claims": claims });
    let mut tx = ipse.store.begin(&asker.organization).await?;
    record::organization(&mut tx, &Actor::System, kind, data, now).await?;
    tx.commit().await?;
    Ok(Some(compared))
}

/// Whose account it is: the first of its names that is known here.
async fn subject(tx: &mut Tx, callout: &Callout) -> Result<Option<SubjectId>> {
    for name in &callout.users {
        if let Some(subject) = tx.subject_by_external_id(name.reveal()).await? {
            return Ok(Some(subject.id));
        }
    }
    Ok(None)
}

/// The document of a person's newest success with one, if they have not left since, it was found good, and it is still
/// known.
async fn document(tx: &mut Tx, subject: &SubjectId) -> Result<Option<DocumentFacts>> {
    let filter = VerificationFilter {
        state: Some(State::Succeeded),
        subject: Some(subject.clone()),
        ..VerificationFilter::default()
    };
    for success in tx.list_verifications(&filter, LOOKED_AT).await? {
        if !journey_of(tx, &success).await?.rules.asks_for_document() {
            continue;
        }
        let proven = success.proven().unwrap_or_default();
        let is_good = matches!(proven.evidence, Shown::Document | Shown::SignedDocument);
        if !is_good || success.redacted_at.is_some() || subjects::has_left_since(tx, &success).await? {
            return Ok(None);
        }
        return Ok(tx.facts(&success.id).await?.filter(|facts| facts.kind.is_some()));
    }
    Ok(None)
}
