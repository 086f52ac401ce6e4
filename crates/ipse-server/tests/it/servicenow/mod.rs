//! The ServiceNow application as it is shipped, in a miniature of an instance, against the server: both ends are real.

mod browser;
mod events;
mod flows;
mod outages;
mod tickets;

use crate::support::{Browser, PASSPORT, Place, employee, on_both, passport_picture};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ipse_sandbox::directory::Employee;
use ipse_sandbox::servicenow::{ADMIN, AGENT, CLERK, GUEST, ServiceNow, sys_id};
use ipse_sandbox::specimen::{Camera, passport, photograph};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_mins(1);

/// An instance that knows the server, as its administrator set it up on the application's own page.
struct Desk<'a> {
    place: &'a Place,
    servicenow: &'a ServiceNow,
}

impl<'a> Desk<'a> {
    /// Configured, and connected with a webhook by the application's own button.
    async fn new(place: &'a Place) -> Self {
        place.journey("quick", json!({})).await;
        let desk = Self { place, servicenow: &place.sandbox.partners.servicenow };
        desk.save(
            json!({ "base_url": place.base, "api_key": place.key, "journey": "quick", "journey_levels": "quick = 2" }),
        )
        .await;
        let connected = desk.admin("connectWebhook", json!({})).await;
        assert_eq!(connected["ok"], true, "{connected}");
        for name in ["Request Identity Verification", "Require Identity Verification"] {
            assert_eq!(desk.call("publish", json!({ "user": ADMIN, "name": name })).await, true);
        }
        desk
    }

    async fn call(&self, door: &str, arguments: Value) -> Value {
        self.servicenow.call(door, arguments).await.unwrap()
    }

    async fn admin(&self, name: &str, parameters: Value) -> Value {
        self.servicenow.ajax(ADMIN, "IpseAdminAjax", name, parameters).await.unwrap()
    }

    async fn save(&self, settings: Value) {
        let saved = self.admin("save", json!({ "sysparm_settings": settings.to_string() })).await;
        assert_eq!(saved["ok"], true, "{saved}");
    }

    /// A ticket of the first employee: an incident, or an item whose flow begins.
    async fn open(&self, table: &str, kind: &str) -> String {
        let person = sys_id(employee().id);
        let wanted = json!({ "user": AGENT, "table": table, "person": person, "kind": kind, "about": "Help" });
        self.call("open", wanted).await["id"].as_str().unwrap().to_owned()
    }

    async fn incident(&self) -> String {
        self.open("incident", "password_reset").await
    }

    /// What a browser on an incident asks for.
    async fn ask(&self, user: &str, name: &str, id: &str, more: Value) -> Value {
        let mut parameters = json!({ "sysparm_table": "incident", "sysparm_id": id });
        parameters.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.servicenow.ajax(user, "IpseAjax", name, parameters).await.unwrap()
    }

    /// Asks for a verification as the agent.
    async fn request(&self, id: &str, channel: &str) {
        let asked = self.ask(AGENT, "request", id, json!({ "sysparm_channel": channel })).await;
        assert_eq!(asked["ok"], true, "{asked}");
    }

    /// A verification that the person has been sent; its link, and its id on the server.
    async fn begun(&self, id: &str) -> (String, String) {
        let before = self.place.sandbox.partners.mailbox.all().len();
        self.request(id, "email").await;
        let link = self.mailed(before).await;
        (link, self.verification(id).await["session_id"].as_str().unwrap().to_owned())
    }

    /// The link in the mail that arrives after so many.
    async fn mailed(&self, before: usize) -> String {
        let mails = || self.place.sandbox.partners.mailbox.all();
        until("the mail", async || mails().len() > before).await;
        let mail = mails().pop().unwrap();
        assert_eq!(mail.to, employee().email);
        mail.links().remove(0)
    }

    async fn rows(&self, table: &str) -> Vec<Value> {
        self.call("rows", json!({ "table": table })).await.as_array().unwrap().clone()
    }

    async fn row(&self, table: &str, id: &str) -> Value {
        self.rows(table).await.into_iter().find(|row| row["sys_id"] == id).unwrap_or_default()
    }

    /// The newest row of the application for a record.
    async fn verification(&self, id: &str) -> Value {
        let rows = self.rows("x_ipse_idv_verification").await;
        rows.into_iter().rev().find(|row| row["source_record"] == id).unwrap_or_default()
    }

    async fn status(&self, id: &str) -> String {
        self.verification(id).await["status"].as_str().unwrap_or_default().to_owned()
    }

    /// IDV Status of an incident.
    async fn field(&self, id: &str) -> String {
        self.row("incident", id).await["x_ipse_idv_idv_status"].as_str().unwrap_or_default().to_owned()
    }

    async fn until_field(&self, id: &str, label: &str) {
        until(&format!("{label} in IDV Status"), async || self.field(id).await.starts_with(label)).await;
    }

    async fn until_status(&self, id: &str, status: &str) {
        until(status, async || self.status(id).await == status).await;
    }

    /// Waits until the row says what is in the way.
    async fn until_problem(&self, id: &str, words: &str) {
        let problem = async || self.verification(id).await["problem"].as_str().unwrap_or_default().to_owned();
        until(words, async || problem().await.contains(words)).await;
    }

    /// The person opens the link and shows somebody's passport.
    async fn show(&self, link: &str, whose: &Employee) {
        let phone = self.place.claim(link).await;
        let picture = if whose.id == employee().id {
            passport_picture()
        } else {
            photograph(&passport(&whose.person, 9), &Camera::default())
        };
        let (status, answer) = phone.picture(PASSPORT, picture).await;
        assert_eq!((status.as_u16(), &answer["accepted"]), (200, &json!(true)), "{answer}");
    }

    /// The Table API.
    async fn table(&self, user: &str, method: Method, path: &str, values: Value) -> (StatusCode, Value) {
        let url = format!("{}/api/now/table/{path}", self.place.sandbox.url());
        let request = self.place.client.request(method, url).basic_auth(user, Some("sandbox")).json(&values);
        crate::support::read(request.send().await.unwrap()).await
    }

    /// The secret that events are signed with, as the instance keeps it.
    async fn secret(&self) -> String {
        let config = self.rows("x_ipse_idv_config").await.remove(0);
        let sealed = config["webhook_secret"].as_str().unwrap().strip_prefix("sealed:").unwrap().to_owned();
        String::from_utf8(STANDARD.decode(sealed).unwrap()).unwrap()
    }

    /// Now on the server's clock, in seconds.
    fn now(&self) -> i64 {
        self.place.clock.now().as_second()
    }

    /// Posts to the webhook.
    async fn post(&self, headers: &[(&str, String)], body: String) -> u16 {
        let mut request = self.place.client.post(format!("{}/api/x_ipse_idv/webhook", self.place.sandbox.url()));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        request.body(body).send().await.unwrap().status().as_u16()
    }

    /// Posts an event with a good signature.
    async fn signed(&self, secret: &str, id: &str, body: &Value) -> u16 {
        self.signed_later(secret, id, body, 0).await
    }

    /// The same on an instance whose clock runs so many seconds ahead.
    async fn signed_later(&self, secret: &str, id: &str, body: &Value, ahead: u64) -> u16 {
        let body = body.to_string();
        let at = self.now() + i64::try_from(ahead).unwrap();
        self.post(&headers(secret, id, at, &body), body).await
    }

    /// What it wrote into its log as a warning.
    async fn warnings(&self) -> String {
        let log = self.call("logs", json!({})).await;
        let lines = log.as_array().unwrap().iter().filter(|line| line[0] == "warn");
        lines.map(|line| line[1].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>().join("\n")
    }

    /// Errors in its log: a script that broke, or called what is not there.
    async fn errors(&self) -> Vec<Value> {
        let log = self.call("logs", json!({})).await;
        log.as_array().unwrap().iter().filter(|line| line[0] == "error").cloned().collect()
    }
}

/// The headers of a delivery, signed after Standard Webhooks.
fn headers(secret: &str, id: &str, at: i64, body: &str) -> [(&'static str, String); 3] {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), format!("{id}.{at}.{body}").as_bytes());
    [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", at.to_string()),
        ("webhook-signature", format!("v1,{}", STANDARD.encode(mac))),
    ]
}

/// An event about an incident's verification.
fn event(status: &str, session: &str, incident: &str, sequence: u32) -> Value {
    json!({
        "type": format!("verification.{status}"),
        "timestamp": "2026-11-21T03:00:00Z",
        "data": {
            "object": "verification", "id": session, "status": status, "sequence": sequence, "reasons": [],
            "record": { "system": "servicenow", "table": "incident", "id": incident, "number": "INC0001001" },
            "valid_until": "2999-01-01T00:00:00Z",
        },
    })
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < PATIENCE, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
