//! A Verified ID after a success: into the wallet of whoever succeeded, once, and of nobody else; later out of it; and good
//! no more when somebody says so.

#![allow(clippy::indexing_slicing, reason = "indexing a JSON value gives null where there is nothing, never a panic")]

use super::browser::{Browser, DESKTOP, PHONE, document, live_selfie, taken, token};
use super::{Broken, SELF, SOMEBODY_ELSE, Timeline, client, expect, help_desk, presented, until};
use crate::cli::sandbox::Ready;
use ipse_sandbox::directory::{Employee, employees};
use ipse_sandbox::entra::OFFER_SECONDS;
use ipse_sandbox::specimen::performance::Performer;
use reqwest::StatusCode;
use serde_json::{Value, json};

pub(super) async fn walked(ready: &Ready, timeline: &mut Timeline) -> Result<(), Broken> {
    let mut employees = employees().into_iter();
    let (Some(person), Some(colleague)) = (employees.next(), employees.next()) else {
        return Err(Broken("the directory is empty".into()));
    };
    let ipse = &ready.server.ipse.config.server.base_url;
    let entra = &ready.sandbox.partners.entra;

    let phone = proven(ready, &person, PHONE, SELF, "succeeded").await?;
    timeline.step("On their phone, a person shows their passport and their face: it is them.");
    let page = offered(ipse, &phone).await?;
    let link = page.split("href=\"").find(|rest| rest.starts_with("openid")).and_then(|rest| rest.split('"').next());
    let link = link.ok_or_else(|| Broken("the phone is shown no link".into()))?;
    expect(!page.contains("id=\"pin\""), "a PIN is asked for on the same device")?;
    let (request, shown) = opened(ready, link).await?;
    expect(!shown.contains(&person.person.document_number), "the credential says more than it is to")?;
    shows(ipse, &phone, "retrieved").await?;
    timeline.step("They ask for a Verified ID. Authenticator opens the link and shows what it will say.");
    expect(accepted(ready, &request, "").await? == StatusCode::OK, "Authenticator did not take it")?;
    shows(ipse, &phone, "issued").await?;
    expect(entra.wallet().len() == 1, "the wallet has no credential, or several")?;
    timeline.step("They accept it. It is in the wallet, and the page says so by itself.");

    let desk = proven(ready, &person, DESKTOP, SELF, "succeeded").await?;
    let page = offered(ipse, &desk).await?;
    let (status, code) = desk.get(&format!("{ipse}/v/session/credential.svg")).await?;
    expect(status == StatusCode::OK && code.contains("<svg"), "there is no code to scan")?;
    let pin = page.split_once("id=\"pin\">").and_then(|(_, rest)| rest.split_once('<')).map(|(pin, _)| pin.to_owned());
    let pin = pin.ok_or_else(|| Broken("a desk is shown no PIN".into()))?;
    let scanned = entra.links().pop().ok_or_else(|| Broken("Entra made no offer".into()))?;
    let (request, _) = opened(ready, &scanned).await?;
    let wrong = if pin == "000000" { "111111" } else { "000000" };
    expect(accepted(ready, &request, wrong).await? == StatusCode::FORBIDDEN, "any PIN will do")?;
    timeline.step("At a desk, they are shown a code and a PIN. Who scans the code over their shoulder lacks the PIN.");
    expect(accepted(ready, &request, &pin).await? == StatusCode::OK, "the right PIN does not work")?;
    shows(ipse, &desk, "issued").await?;
    timeline.step("With the PIN, the credential is in the wallet.");
    let once = opened(ready, &scanned).await;
    expect(once.is_err() && entra.wallet().len() == 2, "an offer was taken twice")?;

    let impostor = proven(ready, &person, PHONE, SOMEBODY_ELSE, "failed").await?;
    let (_, page) = impostor.get(&format!("{ipse}/v/session")).await?;
    expect(!page.contains("data-wallet"), "an impostor is offered a credential")?;
    timeline.step("Somebody with that passport and another face: failed, and nothing is offered.");

    let sent = entra.requests().pop().unwrap_or_default();
    let state = &sent["callback"]["state"];
    let forged = json!({ "requestId": "r", "requestStatus": "issuance_error", "state": state });
    let forged = client()?.post(format!("{ipse}/entra/callback")).header("api-key", "guess").json(&forged);
    expect(forged.send().await?.status() == StatusCode::UNAUTHORIZED, "a forged callback was taken")?;
    timeline.step(&format!(
        "A forged callback is refused. An offer nobody takes ends after {} minutes.",
        OFFER_SECONDS / 60
    ));
    presented::walked(ready, timeline, &person, &colleague).await?;
    revoked(ready).await?;
    timeline.step("The help desk revokes the newest one. Verified ID finds it by the verification's id: good no more.");
    help_desk::audit(ipse, ready, timeline).await
}

/// Revokes the newest credential, and waits until the tenant has done it.
async fn revoked(ready: &Ready) -> Result<(), Broken> {
    let url = format!("{}/v1/credentials", ready.server.ipse.config.server.base_url);
    let list = client()?.get(&url).bearer_auth(&ready.api_key).send().await?.json::<Value>().await?;
    let id = list["data"][0]["id"].as_str().ok_or_else(|| Broken("no credential is known".into()))?;
    let answer =
        client()?.post(format!("{url}/{id}/revoke")).bearer_auth(&ready.api_key).json(&json!({})).send().await?;
    expect(answer.status() == StatusCode::OK, "it cannot be revoked")?;
    until("the revocation", async || Ok((ready.sandbox.partners.entra.revoked() == [false, true]).then_some(()))).await
}

/// A verification of that person by somebody with that face, to its end; the browser it was done in.
async fn proven(
    ready: &Ready,
    person: &Employee,
    agent: &'static str,
    face: u64,
    expected: &str,
) -> Result<Browser, Broken> {
    let ipse = &ready.server.ipse.config.server.base_url;
    let body = json!({
        "journey": "help-desk", "purpose": "Get a Verified ID", "delivery": "none",
        "subject": {
            "external_id": person.id,
            "given_name": person.person.given_names,
            "family_name": person.person.family_name,
        },
    });
    let request = client()?.post(format!("{ipse}/v1/verifications")).bearer_auth(&ready.api_key).json(&body);
    let opened: Value = request.send().await?.json().await?;
    let (Some(id), Some(link)) = (opened["id"].as_str(), opened["link"].as_str()) else {
        return Err(Broken(format!("no verification was opened: {opened}")));
    };
    let browser = Browser::new(agent)?;
    browser.post(&format!("{link}/claim"), &[]).await?;
    document(ipse, &browser, taken(&person.person, SELF)).await?;
    live_selfie(ipse, &browser, Performer::Person(face), false).await?;
    let found = help_desk::outcome(ready, id).await?;
    expect(found["status"] == expected, &format!("it came to {}, not {expected}", found["status"]))?;
    Ok(browser)
}

/// Asks for the credential; the page with the offer.
async fn offered(ipse: &str, browser: &Browser) -> Result<String, Broken> {
    let (_, page) = browser.get(&format!("{ipse}/v/session")).await?;
    expect(page.contains("data-wallet=\"none\""), "no credential is offered after the success")?;
    browser.post(&format!("{ipse}/v/session/credential"), &[("csrf", &token(&page)?)]).await?;
    shows(ipse, browser, "offered").await
}

/// Waits until the last page says so of the credential.
async fn shows(ipse: &str, browser: &Browser, state: &str) -> Result<String, Broken> {
    until("the page to follow", async || {
        let (_, page) = browser.get(&format!("{ipse}/v/session")).await?;
        Ok(page.contains(&format!("data-wallet=\"{state}\"")).then_some(page))
    })
    .await
}

/// Authenticator opens an offer; the id to accept it by, and the page.
async fn opened(ready: &Ready, link: &str) -> Result<(String, String), Broken> {
    let request = client()?.post(format!("{}/authenticator/open", ready.sandbox.url())).form(&[("link", link)]);
    let page = request.send().await?.text().await?;
    let id = page.split_once("name=\"request\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
    let id = id.map(|(id, _)| id.to_owned()).ok_or_else(|| Broken("Authenticator does not open the offer".into()))?;
    Ok((id, page))
}

async fn accepted(ready: &Ready, request: &str, pin: &str) -> Result<StatusCode, Broken> {
    let url = format!("{}/authenticator/accept", ready.sandbox.url());
    let form = [("request", request), ("pin", pin)];
    Ok(client()?.post(url).form(&form).send().await?.status())
}
