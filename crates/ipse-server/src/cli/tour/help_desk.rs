//! The main job: a help desk has a caller verified, by the rules or by a reviewer.

#![allow(clippy::indexing_slicing, reason = "indexing a JSON value gives null where there is nothing, never a panic")]

use super::browser::{Browser, DESKTOP, PHONE, document, live_selfie, taken, token};
use super::{Broken, SELF, SOMEBODY_ELSE, Timeline, client, expect, until};
use crate::cli::sandbox::Ready;
use ipse_sandbox::directory::{Employee, employees};
use ipse_sandbox::servicenow::{AGENT, sys_id};
use ipse_sandbox::specimen::performance::Performer;
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use serde_json::{Value, json};

/// What the rule says on the form.
const HELD: &str = "verify the caller before you resolve it";

pub(super) async fn walked(name: &str, ready: &Ready, timeline: &mut Timeline) -> Result<(), Broken> {
    let caller = employees().into_iter().next().ok_or_else(|| Broken("the directory is empty".into()))?;
    let ticket = opened(ready, &caller, timeline).await?;
    let phone = invited(ready, &caller, &ticket, timeline).await?;
    let ipse = &ready.server.ipse.config.server.base_url;
    let page = taken(&caller.person, SELF);
    timeline.step("They photograph their passport (drawn by us; a simulated camera of 12 megapixels).");
    let size = page.len() / 1024;
    document(ipse, &phone, page).await?;
    timeline.step(&format!("The passport is read while they wait ({size} KiB)."));
    let id = verification(ready, &ticket).await?;
    if name == "review" {
        declined(ipse, phone).await?;
        timeline.step("They would rather not have their face compared, and ask for a person to decide.");
        decided(ready, &id, "pending_review", timeline).await?;
        review(ipse, ready, &id, timeline).await?;
    } else {
        live_selfie(ipse, &phone, Performer::Person(SELF), true).await?;
        timeline
            .step("They do what the server asks for: turn, come closer, take on the screen's colours (drawn, too).");
        timeline.step("They agree that a template of their face is kept for 30 days.");
        decided(ready, &id, "succeeded", timeline).await?;
    }

    let status = until("the webhook", async || {
        let (_, page) = ticket.agent.get(&ticket.url).await?;
        Ok(value(&page, "x_ipse_idv_idv_status").filter(|status| status.starts_with("Success - ")))
    })
    .await?;
    let heard = ready.sandbox.partners.servicenow.call("received", json!({})).await?;
    let heard = heard.as_array().cloned().unwrap_or_default();
    expect(heard.iter().all(|received| received["status"] == 200), "a webhook was not accepted")?;
    timeline.step(&format!("{} signed webhooks arrived, all accepted. The ticket shows: {status}", heard.len()));
    let resolved = ticket.agent.post(&ticket.url, &[("state", "6")]).await?.text().await?;
    if name == "review" {
        expect(resolved.contains(HELD), "a document alone resolved the ticket")?;
        timeline.step("The rule asks for more than a document: the ticket stays held back.");
    } else {
        expect(resolved.contains("Saved."), "the ticket could not be resolved")?;
        timeline.step("The agent resolves the ticket: the rule is fulfilled now.");
    }

    if name == "help-desk" {
        step_up(ready, &caller, Performer::Person(SELF), "succeeded").await?;
        timeline.step("Another time they step up with their face alone: succeeded.");
        step_up(ready, &caller, Performer::Person(SOMEBODY_ELSE), "failed").await?;
        timeline.step("Somebody else tries the same: failed, face_mismatch.");
    }
    audit(ipse, ready, timeline).await
}

/// A ticket, and the browser of the agent who works on it.
struct Ticket {
    agent: Browser,
    number: String,
    id: String,
    url: String,
}

/// What stands in a field of a form.
fn value(page: &str, field: &str) -> Option<String> {
    let rest = page.split_once(&format!("name=\"{field}\" value=\""))?.1;
    rest.split_once('"').map(|(value, _)| value.to_owned())
}

/// Opens a ticket that a rule holds back.
async fn opened(ready: &Ready, caller: &Employee, timeline: &mut Timeline) -> Result<Ticket, Broken> {
    let instance = ready.sandbox.url();
    let agent = Browser::new(DESKTOP)?;
    let person = sys_id(caller.id);
    let about = "Reset the password of a.eriksson";
    let form = [("table", "incident"), ("person", &person), ("kind", "password_reset"), ("about", about)];
    let opened = agent.post(&format!("{instance}/servicenow"), &form).await?;
    let place = opened.headers().get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let id = place.strip_prefix("/servicenow/incident.do?sys_id=").unwrap_or_default().to_owned();
    let url = format!("{instance}{place}");
    let number = value(&agent.get(&url).await?.1, "number").unwrap_or_default();
    expect(number.starts_with("INC"), "the help desk opened no ticket")?;
    timeline.step(&format!("An agent opens ticket {number} for a caller who forgot their password."));
    let held = agent.post(&url, &[("state", "6")]).await?.text().await?;
    expect(held.contains(HELD), "the rule held nothing back")?;
    timeline.step("They try to resolve it at once. The rule for password resets holds it back.");
    Ok(Ticket { agent, number, id, url })
}

/// What the button on the form does, up to the phone that is bound to the link.
async fn invited(
    ready: &Ready,
    caller: &Employee,
    ticket: &Ticket,
    timeline: &mut Timeline,
) -> Result<Browser, Broken> {
    let (_, page) = ticket.agent.get(&ticket.url).await?;
    expect(page.contains("Request Identity Verification"), "the form has no button")?;
    let given = json!({ "sysparm_table": "incident", "sysparm_id": ticket.id, "sysparm_channel": "email" });
    let asked = ready.sandbox.partners.servicenow.ajax(AGENT, "IpseAjax", "request", given).await?;
    expect(asked["ok"] == true, &format!("the agent could not ask for a verification: {asked}"))?;
    timeline.step("The agent presses Request Identity Verification.");

    let link = until("the mail with the link", async || {
        let mails = ready.sandbox.partners.mailbox.all();
        let mail = mails.into_iter().find(|mail| mail.to == caller.email);
        Ok(mail.and_then(|mail| mail.links().into_iter().next()))
    })
    .await?;
    timeline.step("The link arrives in the caller's mailbox.");

    let phone = Browser::new(PHONE)?;
    let (status, page) = phone.get(&link).await?;
    expect(status == StatusCode::OK && page.contains(&ticket.number), "the first page does not name the ticket")?;
    timeline.step("The person opens it: who asks, what for, under which ticket.");
    let claimed = phone.post(&format!("{link}/claim"), &[]).await?;
    expect(claimed.status().is_redirection() && phone.is_known(), "the link could not be claimed")?;
    timeline.step("They agree; the link is bound to their browser.");
    Ok(phone)
}

/// The verification that a ticket's row in the application points to.
async fn verification(ready: &Ready, ticket: &Ticket) -> Result<String, Broken> {
    let rows = ready.sandbox.partners.servicenow.call("rows", json!({ "table": "x_ipse_idv_verification" })).await?;
    let own = rows.as_array().and_then(|rows| rows.iter().find(|row| row["source_record"] == ticket.id));
    let id = own.and_then(|row| row["session_id"].as_str()).map(str::to_owned);
    id.ok_or_else(|| Broken("the ticket knows no verification".into()))
}

async fn declined(ipse: &str, phone: Browser) -> Result<(), Broken> {
    let csrf = token(&phone.get(&format!("{ipse}/v/session")).await?.1)?;
    let answer = phone.post(&format!("{ipse}/v/session/decline-face"), &[("csrf", &csrf)]).await?;
    expect(answer.status().is_redirection(), "the face could not be declined")
}

/// Waits for the decision of the rules.
async fn decided(ready: &Ready, id: &str, expected: &str, timeline: &mut Timeline) -> Result<(), Broken> {
    let found = outcome(ready, id).await?;
    expect(found["status"] == expected, &format!("the rules came to {}, not {expected}", found["status"]))?;
    let checks = found["reports"][0]["checks"].as_array().cloned().unwrap_or_default();
    let count = |outcome: &str| checks.iter().filter(|check| check["outcome"] == outcome).count();
    let (passed, open) = (count("pass"), count("not_performed"));
    timeline.step(&format!("The rules decide: {passed} checks passed, {open} not performed: {expected}."));
    Ok(())
}

pub(super) async fn outcome(ready: &Ready, id: &str) -> Result<Value, Broken> {
    let ipse = &ready.server.ipse.config.server.base_url;
    let api = client()?;
    until("the decision of the rules", async || {
        let request = api.get(format!("{ipse}/v1/verifications/{id}?expand=reports")).bearer_auth(&ready.api_key);
        let found: Value = request.send().await?.json().await?;
        let open = ["created", "in_progress", "processing"].iter().any(|state| found["status"] == *state);
        Ok((!open).then_some(found))
    })
    .await
}

/// A verification by the enrolled face alone.
async fn step_up(ready: &Ready, caller: &Employee, performer: Performer, expected: &str) -> Result<(), Broken> {
    let ipse = &ready.server.ipse.config.server.base_url;
    let body = json!({
        "journey": "step-up", "subject": { "external_id": caller.id }, "purpose": "Approve a payment", "delivery": "none",
    });
    let request = client()?.post(format!("{ipse}/v1/verifications")).bearer_auth(&ready.api_key).json(&body);
    let opened: Value = request.send().await?.json().await?;
    let (Some(id), Some(link)) = (opened["id"].as_str(), opened["link"].as_str()) else {
        return Err(Broken(format!("no step-up was opened: {opened}")));
    };
    let phone = Browser::new(PHONE)?;
    phone.post(&format!("{link}/claim"), &[]).await?;
    live_selfie(ipse, &phone, performer, false).await?;
    let found = outcome(ready, id).await?;
    expect(found["status"] == expected, &format!("the step-up came to {}, not {expected}", found["status"]))
}

/// A reviewer looks and decides.
async fn review(ipse: &str, ready: &Ready, id: &str, timeline: &mut Timeline) -> Result<(), Broken> {
    let reviewer = Browser::new(DESKTOP)?;
    let signed_in = reviewer.post(&ready.reviewer_link, &[]).await?;
    expect(signed_in.status().is_redirection() && reviewer.is_known(), "the reviewer could not sign in")?;
    let (_, queue) = reviewer.get(&format!("{ipse}/console/reviews")).await?;
    expect(queue.contains(id), "the review queue does not list it")?;
    let (_, case) = reviewer.get(&format!("{ipse}/console/reviews/{id}")).await?;
    let pictures: Vec<&str> = case
        .split("src=\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"').map(|(source, _)| source))
        .filter(|source| source.contains("/evidence/"))
        .collect();
    expect(!pictures.is_empty(), "the case does not show the document")?;
    for picture in &pictures {
        let (status, _) = reviewer.get(&format!("{ipse}{picture}")).await?;
        expect(status == StatusCode::OK, "a picture could not be seen")?;
    }
    timeline.step("A reviewer signs in and looks at the document; each look is recorded.");
    let form = [
        ("csrf", token(&case)?),
        ("decision", "approve".to_owned()),
        ("reason", "same_person".to_owned()),
        ("note", String::new()),
    ];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let decided = reviewer.post(&format!("{ipse}/console/reviews/{id}"), &form).await?;
    expect(decided.status().is_redirection(), "the reviewer could not decide")?;
    timeline.step("The reviewer approves.");
    Ok(())
}

/// The audit trail is whole.
pub(super) async fn audit(ipse: &str, ready: &Ready, timeline: &mut Timeline) -> Result<(), Broken> {
    let admin = Browser::new(DESKTOP)?;
    admin.post(&ready.admin_link, &[]).await?;
    let (_, page) = admin.get(&format!("{ipse}/console/audit")).await?;
    let csrf = token(&page)?;
    let checked = admin.post(&format!("{ipse}/console/audit/check"), &[("csrf", &csrf)]).await?.text().await?;
    expect(checked.contains("Intact"), "the audit chains are not intact")?;
    timeline.step("An administrator checks the audit trail: every chain is intact.");
    // The sign-in link was used up; the person in front of the screen gets a fresh one.
    let fresh = crate::server::first_link(&ready.server.ipse, "", "admin@utopia.example").await;
    if let Ok(link) = fresh {
        println!("\n  The tour used the console links up. A fresh one: {link}");
    }
    Ok(())
}
