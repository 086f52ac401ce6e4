//! What is typed of an Entra tenant that issues credentials, and whether it is set up so.

use super::form::Fields;
use super::integrations::{Page, pasted};
use super::refused;
use super::views::{self, Chip, EntraForm, Pasted, Tone};
use crate::app::Error;
use crate::app::integrations::{self as uses, System};
use crate::http::auth::{Configure, User};
use crate::jobs::WaysOut;
use crate::state::Shared;
use axum::extract::{Path, State};
use axum::response::Response;
use ipse_connectors::entra::{ClientCredential, Fact, GRAPH, Pass, Revokes, Tenant};
use ipse_core::Refusal;
use ipse_core::id::IntegrationId;
use std::collections::BTreeMap;

/// What the form shows: what was typed, or what is known.
pub(super) fn form(typed: Option<&Fields>, tenant: &Tenant) -> EntraForm {
    let text = |name: &str, otherwise: &str| typed.map_or(otherwise.to_owned(), |fields| fields.text(name));
    let ticked = |name: &str, otherwise: bool| typed.map_or(otherwise, |fields| fields.ticked(name));
    let claims: Vec<String> = tenant.claims.iter().map(|(claim, fact)| format!("{claim} {}", fact.as_str())).collect();
    EntraForm {
        tenant_id: text("tenant_id", &tenant.id),
        client_id: text("client_id", &tenant.client_id),
        authority: text("authority", &tenant.authority),
        credential: text("credential", &tenant.credential),
        claims: text("claims", &claims.join("\n")),
        facts: Fact::ALL.map(Fact::as_str).join(", "),
        login: text("login", &tenant.login),
        api: text("api", &tenant.api),
        revoke_on_redaction: ticked("revoke_on_redaction", tenant.revokes.on_redaction),
        revoke_on_off_boarding: ticked("revoke_on_off_boarding", tenant.revokes.on_off_boarding),
        validates_claims: ticked("validates_claims", tenant.validates_claims),
        pass_minutes: text(
            "temporary_access_pass",
            &tenant.temporary_access_pass.map_or_else(String::new, |pass| pass.minutes.to_string()),
        ),
        pass_level: text(
            "temporary_access_pass_level",
            &tenant.temporary_access_pass.unwrap_or_default().level.to_string(),
        ),
        graph: text("graph", &tenant.graph),
    }
}

/// What was typed.
pub(super) fn tenant(fields: &Fields) -> Result<Tenant, Refusal> {
    let origin = |name: &str| fields.text(name).trim_end_matches('/').to_ascii_lowercase();
    Ok(Tenant {
        id: fields.text("tenant_id").to_ascii_lowercase(),
        client_id: fields.text("client_id").to_ascii_lowercase(),
        authority: fields.text("authority"),
        manifest: fields.text("address"),
        credential: fields.text("credential"),
        claims: claims(&fields.text("claims"))?,
        login: origin("login"),
        api: origin("api"),
        revokes: Revokes {
            on_redaction: fields.ticked("revoke_on_redaction"),
            on_off_boarding: fields.ticked("revoke_on_off_boarding"),
        },
        validates_claims: fields.ticked("validates_claims"),
        temporary_access_pass: pass(
            &fields.text("temporary_access_pass"),
            &fields.text("temporary_access_pass_level"),
        )?,
        graph: Some(origin("graph")).filter(|graph| !graph.is_empty()).unwrap_or_else(|| GRAPH.to_owned()),
    })
}

/// The pass that is offered; nothing where nobody says for how long.
fn pass(minutes: &str, level: &str) -> Result<Option<Pass>, Refusal> {
    if minutes.is_empty() {
        return Ok(None);
    }
    let minutes = minutes.parse().map_err(|_| Refusal::invalid("temporary_access_pass", "must be minutes"))?;
    let level = match level {
        "" => Pass::default().level,
        level => level.parse().map_err(|_| Refusal::invalid("temporary_access_pass_level", "must be 1 to 3"))?,
    };
    Ok(Some(Pass { minutes, level }))
}

/// What the application proves itself by, if anything was typed: a secret or a certificate, not both.
pub(super) fn client(fields: &Fields) -> Result<Option<ClientCredential>, Refusal> {
    match (fields.text("client_secret").as_str(), fields.text("certificate").as_str()) {
        ("", "") => Ok(None),
        (one, "") | ("", one) => ClientCredential::read(one).map(Some),
        _ => Err(Refusal::invalid("certificate", "must stand alone: a secret or a certificate")),
    }
}

/// What is typed there: nothing but where the extension asks, if it may.
pub(super) fn values(base: &str, id: &IntegrationId, tenant: &Tenant) -> Vec<Pasted> {
    let target = || pasted("target-url", "Target URL of the custom extension", format!("{base}/entra/claims/{id}"));
    tenant.validates_claims.then(target).into_iter().collect()
}

/// A claim and what is told as it in each line.
pub(crate) fn claims(text: &str) -> Result<BTreeMap<String, Fact>, Refusal> {
    let mut claims = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (claim, fact) = line.split_once(char::is_whitespace).unwrap_or((line, line));
        let unknown = || Refusal::invalid("claims", "must be a claim and one of the facts in each line");
        if claims.insert(claim.to_owned(), Fact::parse(fact.trim()).ok_or_else(unknown)?).is_some() {
            return Err(Refusal::invalid("claims", "must name each claim once"));
        }
    }
    Ok(claims)
}

/// `POST /console/integrations/{id}/check`: whether an Entra tenant is set up as it is known here.
pub(super) async fn check(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<IntegrationId>,
    _: Fields,
) -> Response {
    let looked = async {
        let integration = uses::get(&ipse, user.caller(), &id).await?;
        let System::Entra(tenant) = &integration.system else { return Err(Refusal::NotFound("check").into()) };
        let ways_out = WaysOut::new(&ipse.config).map_err(|_| Error::Unavailable("the ways out"))?;
        let looked = ways_out.check_tenant(&ipse, &user.caller().organization, &id, tenant).await?;
        Ok::<_, Error>((integration, looked))
    };
    let looked = looked.await.map(|(integration, looked)| {
        let looked = looked.into_iter().map(|(what, found)| {
            let (tone, label) = if found.is_ok() { (Tone::Good, "Works") } else { (Tone::Bad, "To mend") };
            let state = Chip { tone, label: label.to_owned() };
            views::Looked { what, state, said: found.unwrap_or_else(|mend| mend) }
        });
        Page::of(integration).looking(looked.collect())
    });
    match looked {
        Ok(page) => page.show(&ipse, &user).await,
        Err(error) => refused(error),
    }
}
