//! Transfers in a Salesforce org: a large one waits until its contact has stepped up, and no forged event releases it.

#![allow(clippy::indexing_slicing, reason = "indexing a JSON value gives null where there is nothing, never a panic")]

use super::browser::{Browser, DESKTOP, PHONE, document, live_selfie, taken};
use super::okta::verified;
use super::{Broken, SELF, SOMEBODY_ELSE, Timeline, client, expect, help_desk, until};
use crate::cli::sandbox::Ready;
use ipse_sandbox::directory::{Employee, employees};
use ipse_sandbox::salesforce::{CONSUMER_KEY, CONSUMER_SECRET, Salesforce, contact};
use ipse_sandbox::specimen::performance::Performer;
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use serde_json::{Map, Value, json};

pub(super) async fn walked(ready: &Ready, timeline: &mut Timeline) -> Result<(), Broken> {
    let person = employees().into_iter().next().ok_or_else(|| Broken("the directory is empty".into()))?;
    let desk = Desk { ready, there: &ready.sandbox.partners.salesforce, agent: Browser::new(DESKTOP)?, person };
    let ipse = &ready.server.ipse.config.server.base_url;

    let small = desk.transfer("900").await?;
    desk.carry_out(&small).await?;
    desk.until_carried_out(&small).await?;
    expect(desk.about(&small).is_empty(), "a small transfer asked for a verification")?;
    timeline.step("A transfer of 900: below the policy's threshold, carried out at once.");

    let large = desk.transfer("25000").await?;
    let link = desk.asked(&large, 0).await?;
    timeline.step("A transfer of 25,000: the package's flow pauses, and its contact gets a link.");
    let held = desk.agent.post(&desk.page(&large), &[("amount", "25000"), ("stage", "Closed Won")]).await?;
    let refused = held.status() == StatusCode::CONFLICT && held.text().await?.contains("step_up_required");
    expect(refused && !desk.is_carried_out(&large), "the agent could close it by hand")?;
    timeline.step("The agent tries to close it by hand. The package's gate holds it back: step_up_required.");
    let (_, key) = desk.waits_for(&large)?;
    desk.publish(&forged(&large, &key)).await?;
    desk.stays_shut(&large).await?;
    timeline.step("Somebody publishes an event that says «approved». It wakes the flow, which asks Ipse: pending.");

    let phone = claimed(&link).await?;
    document(ipse, &phone, taken(&desk.person.person, SELF)).await?;
    live_selfie(ipse, &phone, Performer::Person(SELF), true).await?;
    timeline.step("The person has no face enrolled yet, so they show their passport and their face.");
    desk.until_carried_out(&large).await?;
    timeline.step("The signed result arrives, the flow asks Ipse, and the transfer is carried out.");
    desk.told(&large).await?;
    timeline.step("The record has a completed Task: approved, with assurance, method and the verification.");
    let genuine = desk.there.events().into_iter().rev().map(|published| published.event);
    let genuine = genuine.into_iter().find(|event| event["Related_Record_Id__c"] == large.as_str());
    let genuine = genuine.ok_or_else(|| Broken("no event was published".into()))?;

    let next = desk.transfer("40000").await?;
    let link = desk.asked(&next, 1).await?;
    let (_, key) = desk.waits_for(&next)?;
    let mut replayed = genuine.clone();
    desk.publish(&replayed).await?;
    for (field, value) in [("Request_Key__c", key.as_str()), ("Related_Record_Id__c", &next)] {
        replayed.insert(field.to_owned(), json!(value));
        desk.publish(&replayed).await?;
    }
    desk.stays_shut(&next).await?;
    timeline.step("Another of 40,000. The first result is published again, and bent to this one: nothing moves.");
    let phone = claimed(&link).await?;
    live_selfie(ipse, &phone, Performer::Person(SELF), false).await?;
    desk.until_carried_out(&next).await?;
    desk.told(&next).await?;
    timeline.step("The person steps up with their face alone, and it is carried out.");

    let stolen = desk.transfer("60000").await?;
    let phone = claimed(&desk.asked(&stolen, 2).await?).await?;
    live_selfie(ipse, &phone, Performer::Person(SOMEBODY_ELSE), false).await?;
    until("the flow's end", async || Ok((desk.text(&stolen, RESULT) == "refused").then_some(()))).await?;
    expect(!desk.is_carried_out(&stolen), "an impostor's transfer was carried out")?;
    timeline
        .step("Somebody else with their phone tries 60,000: refused. The transfer is stopped, and its Task says so.");
    signs_in(ready).await?;
    timeline.step("Somebody new logs in to the org through Ipse: the registration handler makes them a user.");
    expect(desk.there.errors().is_empty(), "a flow met something unknown")?;
    help_desk::audit(ipse, ready, timeline).await
}

const RESULT: &str = "Ipse_Step_Up_Result__c";

/// The desk at which somebody carries out transfers.
struct Desk<'a> {
    ready: &'a Ready,
    there: &'a Salesforce,
    agent: Browser,
    person: Employee,
}

impl Desk<'_> {
    fn page(&self, id: &str) -> String {
        format!("{}/lightning/r/Opportunity/{id}/view", self.ready.sandbox.url())
    }

    /// Opens an opportunity; its id.
    async fn transfer(&self, amount: &str) -> Result<String, Broken> {
        let form = [("name", "Transfer to savings"), ("amount", amount), ("person", &contact(0))];
        let made = self.agent.post(&format!("{}/salesforce", self.ready.sandbox.url()), &form).await?;
        let place = made.headers().get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let id = place.split('/').nth(4).unwrap_or_default().to_owned();
        expect(id.starts_with("006"), "no opportunity was opened")?;
        Ok(id)
    }

    async fn carry_out(&self, id: &str) -> Result<(), Broken> {
        let answer = self.agent.post(&self.page(id), &[("carry_out", "1")]).await?;
        expect(answer.status().is_redirection(), "the transfer could not be begun")
    }

    /// Begins a transfer that has to wait; the link that its contact gets after so many others.
    async fn asked(&self, id: &str, before: usize) -> Result<String, Broken> {
        self.carry_out(id).await?;
        let link = until("the mail with the link", async || {
            let mails = self.ready.sandbox.partners.mailbox.all();
            let mail = mails.into_iter().filter(|mail| mail.to == self.person.email).nth(before);
            Ok(mail.and_then(|mail| mail.links().into_iter().next()))
        })
        .await?;
        until("the pause", async || {
            let (_, page) = self.agent.get(&self.page(id)).await?;
            Ok(page.contains("Waits for the person").then_some(()))
        })
        .await?;
        expect(!self.is_carried_out(id), "the transfer did not wait")?;
        Ok(link)
    }

    fn text(&self, id: &str, field: &str) -> String {
        let record = self.there.record(id).unwrap_or_default();
        record.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    fn is_carried_out(&self, id: &str) -> bool {
        self.text(id, "StageName") == "Closed Won"
    }

    async fn until_carried_out(&self, id: &str) -> Result<(), Broken> {
        until("the transfer", async || {
            Ok((self.is_carried_out(id) && self.text(id, RESULT) == "approved").then_some(()))
        })
        .await
    }

    /// The verifications about a transfer, as the org has them.
    fn about(&self, id: &str) -> Vec<Map<String, Value>> {
        self.there.records().into_values().filter(|record| record["Related_Record_Id__c"] == id).collect()
    }

    /// The verification that a transfer waits for, and the key of its request.
    fn waits_for(&self, id: &str) -> Result<(String, String), Broken> {
        let text = |record: &Map<String, Value>, field: &str| record[field].as_str().unwrap_or_default().to_owned();
        let found = self.about(id).into_iter().next();
        let found = found.map(|record| (text(&record, "Verification_Id__c"), text(&record, "Request_Key__c")));
        found.ok_or_else(|| Broken("the org has no record of the request".into()))
    }

    /// Publishes an event, as anybody may who has the permission.
    async fn publish(&self, event: &Map<String, Value>) -> Result<(), Broken> {
        let (client, org) = (client()?, self.ready.sandbox.url());
        let token = client.post(format!("{org}/services/oauth2/token"));
        let token = token.basic_auth(CONSUMER_KEY, Some(CONSUMER_SECRET)).form(&[("grant_type", "client_credentials")]);
        let token: Value = token.send().await?.json().await?;
        let request = client.post(format!("{org}/services/data/v66.0/sobjects/Verification_Result__e"));
        let request = request.bearer_auth(token["access_token"].as_str().unwrap_or_default()).json(event);
        expect(request.send().await?.status() == StatusCode::CREATED, "the org did not take the event")
    }

    /// Waits until the flow has asked Ipse and waits again, and nothing has moved.
    async fn stays_shut(&self, id: &str) -> Result<(), Broken> {
        until("the pause", async || {
            let (_, page) = self.agent.get(&self.page(id)).await?;
            Ok(page.contains("Waits for the person").then_some(()))
        })
        .await?;
        let running = self.about(id).iter().all(|record| !record.contains_key("Decision__c"));
        expect(running && !self.is_carried_out(id), "a forged event released the transfer")
    }

    /// The Task that tells of a success.
    async fn told(&self, id: &str) -> Result<(), Broken> {
        let (verification, _) = self.waits_for(id)?;
        let (_, page) = self.agent.get(&self.page(id)).await?;
        let tasks = page.matches("Identity verification: approved").count();
        expect(tasks == 1 && page.contains(&verification), "the record has no Task, or more than one")
    }
}

/// Somebody whom the org does not know logs in by its provider, and has a user from then on.
async fn signs_in(ready: &Ready) -> Result<(), Broken> {
    // Not the contact, whose passport is known to be theirs: at another one's, a reviewer looks.
    let person = employees().pop().ok_or_else(|| Broken("the directory is empty".into()))?;
    let org = ready.sandbox.url();
    let browser = Browser::new(PHONE)?;
    let (_, login) = browser.get(&format!("{org}/salesforce/login")).await?;
    expect(login.contains("Log in with Ipse"), "the org's login page offers no Ipse")?;
    let way = browser.open(&format!("{org}/services/auth/sso/Ipse")).await?;
    let ipse = &ready.server.ipse.config.server.base_url;
    let home = verified(ipse, &browser, &way, &person.person, SOMEBODY_ELSE, SOMEBODY_ELSE).await?;
    let name = format!("Signed in as {}", person.person.given_names.to_uppercase());
    expect(home.url.path() == "/salesforce/home" && home.text.contains(&name), "the org did not let them in")?;
    let users = ready.sandbox.partners.salesforce.users();
    let known = users.values().filter(|user| user.get("Ipse_Subject__c").is_some_and(Value::is_string));
    expect(known.count() == 1, "the org has no user of them, or more than one")
}

/// An event that says what somebody would like it to say.
fn forged(id: &str, key: &str) -> Map<String, Value> {
    let said = json!({
        "Verification_Id__c": "ver_forged", "Event_Id__c": "evt_forged", "Sequence__c": 99, "Status__c": "succeeded",
        "Decision__c": "approved", "Assurance__c": 2, "Related_Record_Id__c": id, "Request_Key__c": key,
        "Person_Record_Id__c": contact(0), "Policy__c": "Large_Transfer", "Result_Token__c": "e30.e30.e30",
    });
    said.as_object().cloned().unwrap_or_default()
}

/// The phone of a person who opened their link and agreed.
async fn claimed(link: &str) -> Result<Browser, Broken> {
    let phone = Browser::new(PHONE)?;
    let claimed = phone.post(&format!("{link}/claim"), &[]).await?;
    expect(claimed.status().is_redirection() && phone.is_known(), "the link could not be claimed")?;
    Ok(phone)
}
