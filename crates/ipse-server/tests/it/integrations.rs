//! Integrations: a ServiceNow instance is set up in the console or from the command line, asks within its bounds, and hears
//! of what it asked for.

use crate::operations::ipse;
use crate::support::{Browser, PASSPORT, Place, employee, on_both, opening, passport_picture, read};
use axum::Router;
use axum::http::{HeaderMap, StatusCode, Uri};
use ipse_core::organization::Role;
use reqwest::Method;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const LIST: &str = "/console/integrations";
const RECORD: &str = "a9e30c7dc61122760116894de7bcc7bd";

type Heard = Arc<Mutex<Vec<(String, HeaderMap, String)>>>;

/// An instance as far as this needs one: it hears.
async fn instance() -> (String, Heard) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let heard = Heard::default();
    let held = heard.clone();
    let take = move |uri: Uri, headers: HeaderMap, body: String| async move {
        held.lock().unwrap().push((uri.path().to_owned(), headers, body));
        StatusCode::OK
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(take)).await });
    (address, heard)
}

fn form(address: &str) -> [(&'static str, String); 5] {
    [
        ("name", "Utopia ServiceNow".to_owned()),
        ("address", address.to_owned()),
        ("journey", "quick".to_owned()),
        ("tables", "incident Incident\nsc_req_item Requested item".to_owned()),
        ("min_contact_age_days", "14".to_owned()),
    ]
}

async fn submit(admin: &mut Browser, page: &str, action: &str, fields: &[(&'static str, String)]) -> (u16, String) {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = admin.submit(page, action, &fields).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// What a page shows to be pasted.
fn pasted(page: &str, id: &str) -> String {
    let (_, rest) = page.split_once(&format!("id=\"value-{id}\">")).unwrap_or_else(|| panic!("no {id} in {page}"));
    rest.split('<').next().unwrap().to_owned()
}

/// An instance that an administrator connected.
struct Connected {
    admin: Browser,
    page: String,
    key: String,
    secret: String,
    heard: Heard,
}

impl Connected {
    async fn new(place: &Place) -> Self {
        place.journey("quick", json!({})).await;
        let (address, heard) = instance().await;
        let mut admin = place.sign_in(Role::Admin).await;
        let (status, page) = submit(&mut admin, &format!("{LIST}/new"), LIST, &form(&address)).await;
        assert_eq!(status, 200, "{page}");
        assert_eq!(pasted(&page, "webhook"), format!("{address}/api/x_ipse_idv/webhook"));
        assert_eq!((pasted(&page, "base-url"), pasted(&page, "journey")), (place.base.clone(), "quick".to_owned()));
        let (key, secret) = (pasted(&page, "api-key"), pasted(&page, "webhook-secret"));
        let page = format!("{LIST}/{}", pasted(&page, "integration"));
        Self { admin, page, key, secret, heard }
    }

    async fn ask(&self, place: &Place, body: &Value) -> (u16, Value) {
        let request = place.client.post(format!("{}/v1/verifications", place.base)).bearer_auth(&self.key).json(body);
        let (status, answer) = read(request.send().await.unwrap()).await;
        (status.as_u16(), answer)
    }

    /// Every event heard so far, once there are so many.
    async fn heard(&self, least: usize) -> Vec<(HeaderMap, String)> {
        for _ in 0..400 {
            let heard = self.heard.lock().unwrap().clone();
            if heard.len() >= least {
                assert!(heard.iter().all(|(path, _, _)| path == "/api/x_ipse_idv/webhook"));
                return heard.into_iter().map(|(_, headers, body)| (headers, body)).collect();
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("waited in vain for {least} events");
    }
}

fn about(table: &str) -> Value {
    let mut body = opening("quick", &employee());
    body["record"] = json!({ "system": "servicenow", "table": table, "id": RECORD, "number": "INC0010023" });
    body
}

on_both!(an_instance_asks_within_its_bounds_and_hears_of_its_own, |place: Place| async move {
    let connected = Connected::new(&place).await;
    for body in [about("cmdb_ci"), opening("quick", &employee())] {
        let (status, answer) = connected.ask(&place, &body).await;
        assert_eq!((status, &answer["code"], &answer["field"]), (422, &json!("invalid_field"), &json!("record")));
    }
    let webhook = place.client.post(format!("{}/v1/webhook-endpoints", place.base)).bearer_auth(&connected.key);
    let answer = webhook.json(&json!({ "url": "https://example.com" })).send().await.unwrap();
    assert_eq!(answer.status(), 403, "it may not send events elsewhere");

    // Somebody else's verification is none of its business.
    let (other, _) = place.open("quick").await;
    let (status, opened) = connected.ask(&place, &about("incident")).await;
    assert_eq!(status, 201, "{opened}");
    let phone = place.claim(opened["link"].as_str().unwrap()).await;
    phone.picture(PASSPORT, passport_picture()).await;
    place.until(opened["id"].as_str().unwrap(), &["succeeded"]).await;
    let heard = connected.heard(3).await;
    let checker = Webhook::new(&connected.secret).unwrap();
    for (headers, body) in &heard {
        checker.verify(body.as_bytes(), headers).unwrap();
        let event: Value = serde_json::from_str(body).unwrap();
        assert_eq!(event["data"]["id"], opened["id"]);
        assert_ne!(event["data"]["id"], json!(other));
    }
    let last: Value = serde_json::from_str(&heard[2].1).unwrap();
    assert_eq!((&last["type"], &last["data"]["assurance"]["level"]), (&json!("verification.succeeded"), &json!(1)));

    // It reaches no further than what it asked for.
    let reach = async |method: Method, path: &str| {
        let url = format!("{}/v1/verifications{path}", place.base);
        let request = place.client.request(method, url).bearer_auth(&connected.key).json(&json!({}));
        read(request.send().await.unwrap()).await
    };
    for (method, verb) in [
        (Method::GET, ""),
        (Method::GET, "/reports"),
        (Method::POST, "/cancel"),
        (Method::POST, "/resend-link"),
        (Method::POST, "/redeem"),
        (Method::POST, "/redact"),
    ] {
        let (status, answer) = reach(method, &format!("/{other}{verb}")).await;
        assert_eq!((status.as_u16(), &answer["code"]), (404, &json!("not_found")), "{verb}");
    }
    let (_, listed) = reach(Method::GET, "").await;
    assert_eq!(listed["data"].as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(listed["data"][0]["id"], opened["id"]);

    let (_, page) = connected.admin.get(&connected.page).await;
    assert!(page.contains("Works") && page.contains("verification.succeeded,"), "{page}");
    assert!(!page.contains(&connected.key) && !page.contains(&connected.secret), "secrets are shown once");
    let detail = format!("/console/verifications/{}", opened["id"].as_str().unwrap());
    let (_, page) = connected.admin.get(&detail).await;
    assert!(
        page.contains(&format!("/incident.do?sys_id={RECORD}\"")) && page.contains("Incident INC0010023"),
        "{page}"
    );
    assert!(page.contains("level 1"), "{page}");
});

on_both!(a_link_of_an_instance_goes_to_no_new_contact, |place: Place| async move {
    let connected = Connected::new(&place).await;
    let mut body = about("incident");
    body["delivery"] = json!("email");
    let (status, answer) = connected.ask(&place, &body).await;
    assert_eq!((status, &answer["code"]), (422, &json!("contact_too_new")), "nobody knows how new");
    body["subject"]["emails_changed_at"] = json!("2020-01-01T00:00:00Z");
    let (status, opened) = connected.ask(&place, &body).await;
    assert_eq!(status, 201, "{opened}");
    // Somebody changes the address between the first link and the second.
    let mut changed = about("incident");
    changed["subject"]["emails"] = json!(["attacker@example.com"]);
    assert_eq!(connected.ask(&place, &changed).await.0, 201, "a link for the caller's own hands goes to no contact");
    let resend = format!("{}/v1/verifications/{}/resend-link", place.base, opened["id"].as_str().unwrap());
    let answer = place.client.post(resend).bearer_auth(&connected.key).send().await.unwrap();
    assert_eq!(read(answer).await.1["code"], "contact_too_new");
    // Nor after the integration was removed: what it asked for stays under its rules.
    let id = connected.page.rsplit('/').next().unwrap().parse().unwrap();
    ipse_server::app::integrations::delete(place.ipse(), &Place::caller(&place.organization), &id).await.unwrap();
    let resend = format!("/v1/verifications/{}/resend-link", opened["id"].as_str().unwrap());
    assert_eq!(place.post(&resend, &json!({})).await.1["code"], "contact_too_new");
    // The journey alone asks no such thing.
    let mut own = opening("quick", &employee());
    own["delivery"] = json!("email");
    assert_eq!(place.post("/v1/verifications", &own).await.0, 201);
});

on_both!(secrets_are_replaced_and_the_integration_removed, |place: Place| async move {
    let mut connected = Connected::new(&place).await;
    let (_, opened) = connected.ask(&place, &about("incident")).await;
    let renew = format!("{}/renew", connected.page);
    let path = connected.page.clone();
    let (status, page) = submit(&mut connected.admin, &path, &renew, &[]).await;
    assert_eq!(status, 200, "{page}");
    let before = (connected.key.clone(), connected.secret.clone());
    (connected.key, connected.secret) = (pasted(&page, "api-key"), pasted(&page, "webhook-secret"));
    assert_ne!(before, (connected.key.clone(), connected.secret.clone()));
    let old = place.client.get(format!("{}/v1/verifications", place.base)).bearer_auth(&before.0);
    assert_eq!(old.send().await.unwrap().status(), 401);
    // What the key before asked for is still told, signed with both secrets.
    place.claim(opened["link"].as_str().unwrap()).await;
    let (headers, body) = connected.heard(1).await.remove(0);
    for secret in [&before.1, &connected.secret] {
        Webhook::new(secret).unwrap().verify(body.as_bytes(), &headers).unwrap();
    }
    assert_eq!(connected.ask(&place, &about("cmdb_ci")).await.0, 422, "the bounds hold for the new key");
    assert_eq!(connected.ask(&place, &about("incident")).await.0, 201);

    let remove = format!("{}/remove", connected.page);
    assert_eq!(submit(&mut connected.admin, &path, &remove, &[]).await.0, 303);
    assert_eq!(connected.ask(&place, &about("incident")).await.0, 401);
    assert_eq!(connected.admin.get(&path).await.0, 404);
    let (_, endpoints) = place.get("/v1/webhook-endpoints").await;
    assert_eq!(endpoints["data"][0]["enabled"], false, "{endpoints}");
    assert!(connected.admin.get(LIST).await.1.contains("None yet"));
});

on_both!(what_could_not_be_meant_is_refused, |place: Place| async move {
    let mut connected = Connected::new(&place).await;
    let (new, path) = (format!("{LIST}/new"), connected.page.clone());
    let with = |field: &str, value: &str| {
        form("https://other.example.com").map(|(name, old)| (name, if name == field { value.to_owned() } else { old }))
    };
    for (field, value) in [
        ("name", ""),
        ("address", "other.example.com"),
        ("address", "http://other.example.com"),
        ("address", "https://other.example.com/x"),
        ("journey", "none"),
        ("tables", ""),
        ("tables", "Incident; drop"),
        ("min_contact_age_days", "366"),
        ("min_contact_age_days", "two weeks"),
    ] {
        let (status, page) = submit(&mut connected.admin, &new, LIST, &with(field, value)).await;
        assert_eq!(status, 422, "{field}={value}");
        assert!(page.contains("Please check"), "{field}={value}: {page}");
    }
    let (_, page) = connected.admin.get(&path).await;
    let address = pasted(&page, "webhook").replace("/api/x_ipse_idv/webhook", "");
    let (status, page) = submit(&mut connected.admin, &new, LIST, &form(&address)).await;
    assert!(status == 422 && page.contains("connected already"), "{page}");
    let (status, page) = submit(&mut connected.admin, &path, &path, &form("https://other.example.com")).await;
    assert!(status == 422 && page.contains("cannot change"), "{page}");
    let (status, page) = submit(&mut connected.admin, &path, &path, &form(&address)).await;
    assert!(status == 200 && page.contains("Saved."), "{page}");

    // An agent has no business here, and another organization sees nothing of it.
    let agent = place.sign_in(Role::Agent).await;
    assert_eq!(agent.get(LIST).await.0, 403);
    assert_eq!(agent.get(&path).await.0, 403);
    let (organization, _) = place.stranger().await;
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    let stranger = Place::caller(&organization);
    assert!(ipse_server::app::integrations::get(place.ipse(), &stranger, &id).await.is_err());
    assert!(ipse_server::app::integrations::delete(place.ipse(), &stranger, &id).await.is_err());
});

on_both!(an_endpoint_of_one_key_hears_of_that_key_alone, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let (address, heard) = instance().await;
    let (status, made) = place.post("/v1/webhook-endpoints", &json!({ "url": address, "own_only": true })).await;
    assert_eq!((status.as_u16(), &made["own_only"]), (201, &json!(true)), "{made}");
    let other = place.make_key(&place.organization, ["verifications:write"].into_iter()).await;
    let request = place.client.post(format!("{}/v1/verifications", place.base)).bearer_auth(&other);
    assert_eq!(request.json(&opening("quick", &employee())).send().await.unwrap().status(), 201);
    let (own, _) = place.open("quick").await;
    for _ in 0..400 {
        if !heard.lock().unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let deliveries = format!("/v1/webhook-endpoints/{}/deliveries", made["id"].as_str().unwrap());
    let (_, all) = place.get(&deliveries).await;
    assert_eq!(all["data"].as_array().unwrap().len(), 1, "{all}");
    assert!(heard.lock().unwrap()[0].2.contains(&own));
});

/// `ipse connect servicenow` beside a running server.
#[tokio::test]
async fn an_instance_is_connected_from_the_command_line() {
    let place = Place::new(false, |_| {}).await;
    place.journey("quick", json!({})).await;
    let (address, _) = instance().await;
    let folder = place.ipse().config.storage.data_dir.clone();
    let file = folder.join("servicenow.json");
    let run = |more: &[&str]| {
        let arguments =
            [&["connect", "servicenow", "--instance", &address, "--loopback", "--journey", "quick"], more].concat();
        ipse(
            &arguments,
            &folder,
            &[("IPSE_SERVER__BASE_URL", place.base.as_str()), ("IPSE_WEBHOOKS__ALLOW_PRIVATE_ADDRESSES", "true")],
        )
    };
    let (ok, said) = run(&[]);
    assert!(ok && said.contains("--apply does it"), "{said}");
    let admin = place.sign_in(Role::Admin).await;
    assert!(admin.get(LIST).await.1.contains("None yet"), "nothing was done");
    for wrong in [
        &["--remove", "--apply"][..],
        &["--new-secrets", "--apply"],
        &["--organization", "org_x"],
        &["--apply", "--min-contact-age", "366"],
    ] {
        let (ok, said) = run(wrong);
        assert!(!ok, "{wrong:?}: {said}");
    }

    let output = file.to_str().unwrap();
    let (ok, said) = run(&["--apply", "--output", output]);
    assert!(ok && !said.contains("ipse_sk_") && !said.contains("whsec_"), "{said}");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let values: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let key = values["API Key"].as_str().unwrap();
    let ask = async |key: &str| {
        let request = place.client.post(format!("{}/v1/verifications", place.base)).bearer_auth(key);
        request.json(&about("incident")).send().await.unwrap().status().as_u16()
    };
    assert_eq!(ask(key).await, 201);
    assert!(admin.get(LIST).await.1.contains("About"));

    let (ok, said) = run(&["--apply"]);
    assert!(ok && said.contains("nothing to change") && !said.contains("ipse_sk_"), "{said}");
    let (ok, said) = run(&["--apply", "--name", "Other", "--min-contact-age", "30"]);
    assert!(ok && said.contains("Done."), "{said}");
    assert!(admin.get(LIST).await.1.contains("Other"));
    let (ok, said) = run(&["--apply", "--new-secrets", "--output", output]);
    assert!(!ok, "a file is not written over: {said}");
    let (ok, said) = run(&["--apply", "--new-secrets", "--name", "Other"]);
    assert!(ok && said.contains("ipse_sk_") && said.contains("whsec_"), "{said}");
    assert_eq!(ask(key).await, 401);
    let (ok, _) = run(&["--apply", "--remove"]);
    assert!(ok && admin.get(LIST).await.1.contains("None yet"));
}
