//! The Verified ID of before, shown instead of a document: by whom it names, and by nobody else.

#![allow(clippy::indexing_slicing, reason = "indexing a JSON value gives null where there is nothing, never a panic")]

use super::{Broken, Timeline, client, expect, help_desk};
use crate::cli::sandbox::Ready;
use ipse_sandbox::directory::Employee;
use ipse_sandbox::entra::{AUTHORITY, CREDENTIAL};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Shows the credential in the wallet for the person that it names, and for a colleague.
pub(super) async fn walked(
    ready: &Ready,
    timeline: &mut Timeline,
    holder: &Employee,
    colleague: &Employee,
) -> Result<(), Broken> {
    let rules = json!({
        "document_kinds": [], "selfie_required": false, "liveness_required": false,
        "presentation": {
            "credential": CREDENTIAL, "accepted_issuers": [AUTHORITY],
            "claims": { "given_name": "given_name", "family_name": "family_name" },
        },
    });
    let journey = json!({ "key": "verified-id", "name": "Verified ID", "rules": rules });
    let (status, made) = post(ready, "/v1/journeys", &journey).await?;
    expect(status == StatusCode::CREATED, &format!("no journey was made: {made}"))?;

    let shown = shown(ready, holder).await?;
    let found = help_desk::outcome(ready, &shown).await?;
    expect(found["status"] == "succeeded", &format!("it came to {}", found["status"]))?;
    expect(found["assurance"]["evidence"] == "credential", "it is worth something else than a credential")?;
    timeline.step("Another day, another door: they show the Verified ID from their wallet, and need no document.");

    let found = help_desk::outcome(ready, &self::shown(ready, colleague).await?).await?;
    expect(found["status"] == "failed", &format!("it came to {}", found["status"]))?;
    timeline.step("Somebody shows it for a colleague: the name is another, and the door stays shut.");
    Ok(())
}

/// Has the wallet show its credential for a person; the verification's id.
async fn shown(ready: &Ready, person: &Employee) -> Result<String, Broken> {
    let wanted = json!({
        "journey": "verified-id", "purpose": "Enter the building",
        "subject": {
            "external_id": person.id,
            "given_name": person.person.given_names,
            "family_name": person.person.family_name,
        },
    });
    let (status, asked) = post(ready, "/v1/presentations", &wanted).await?;
    expect(status == StatusCode::CREATED, &format!("no wallet was asked: {asked}"))?;
    let (Some(link), Some(id)) = (asked["link"].as_str(), asked["verification"]["id"].as_str()) else {
        return Err(Broken(format!("there is nothing to open: {asked}")));
    };
    let wallet = format!("{}/authenticator", ready.sandbox.url());
    let page = client()?.post(format!("{wallet}/open")).form(&[("link", link)]).send().await?.text().await?;
    let field = |name: &str| {
        let found = page.split_once(&format!("name=\"{name}\" value=\"")).and_then(|(_, rest)| rest.split_once('"'));
        found.map(|(value, _)| value.to_owned()).ok_or_else(|| Broken(format!("Authenticator asks for no {name}")))
    };
    let form = [("request", field("request")?), ("card", field("card")?)];
    let answer = client()?.post(format!("{wallet}/present")).form(&form).send().await?;
    expect(answer.status() == StatusCode::OK, "Authenticator does not show it")?;
    Ok(id.to_owned())
}

async fn post(ready: &Ready, path: &str, body: &Value) -> Result<(StatusCode, Value), Broken> {
    let ipse = &ready.server.ipse.config.server.base_url;
    let answer = client()?.post(format!("{ipse}{path}")).bearer_auth(&ready.api_key).json(body).send().await?;
    Ok((answer.status(), answer.json().await?))
}
