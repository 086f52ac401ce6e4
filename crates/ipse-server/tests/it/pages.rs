//! Every route of the console and the capture pages, as the routers list them: what a stranger, another tenant and the
//! wrong role get, and what hostile forms do.

use crate::support::{Browser, PASSPORT, Place, employee, on_both, passport_picture, selfie_picture, token};
use ipse_core::organization::Role;
use ipse_server::app::people;
use reqwest::{Response, StatusCode};
use serde_json::json;
use std::time::Duration;

const CONSOLE: &str = include_str!("../../src/console/mod.rs");
const CAPTURE: &str = include_str!("../../src/capture/mod.rs");
const OPENID: &str = include_str!("../../src/oidc/mod.rs");

/// A route, and whether forms are posted to it.
struct Route {
    path: String,
    get: bool,
    post: bool,
}

/// The routes of a router's source: a new one is under these tests without anybody thinking of it.
fn routes(source: &str) -> Vec<Route> {
    let listed = source.split(".route(").skip(1).map(|rest| rest.split(".route(").next().unwrap_or(rest));
    let routes: Vec<Route> = listed
        .map(|rest| {
            let path = rest.split('"').nth(1).unwrap().to_owned();
            let methods = rest.split("}\n").next().unwrap();
            Route { path, get: methods.contains("get("), post: methods.contains("post(") }
        })
        .collect();
    assert!(routes.len() > 5);
    routes
}

/// Ids of living things, by the place in the address where they belong.
struct Living {
    verification: String,
    evidence: String,
    journey: String,
    person: String,
    key: String,
    endpoint: String,
    delivery: String,
    campaign: String,
    client: String,
    integration: String,
}

impl Living {
    async fn new(place: &Place) -> Self {
        place.journey("living", json!({ "selfie_required": true })).await;
        let url = format!("{}/webhook", place.sandbox.url());
        let endpoint = place.post("/v1/webhook-endpoints", &json!({ "url": url, "description": "d" })).await.1;
        let endpoint = endpoint["id"].as_str().unwrap().to_owned();
        let (verification, link) = place.open("living").await;
        let phone = place.claim(&link).await;
        phone.picture(PASSPORT, passport_picture()).await;
        phone.picture("kind=selfie", selfie_picture()).await;
        place.until(&verification, &["pending_review"]).await;
        let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
        let evidence = tx.list_evidence(&verification.parse().unwrap()).await.unwrap()[0].id.to_string();
        let delivery = tx.list_deliveries(&endpoint, None, None, 10).await.unwrap()[0].id.to_string();
        drop(tx);
        let caller = Place::caller(&place.organization);
        let invited = people::invite(place.ipse(), &caller, "Bo", "living@example.com", Role::Agent).await.unwrap();
        let key = place.post("/v1/api-keys", &json!({ "name": "living", "scopes": ["keys:read"] })).await.1;
        let campaign = json!({
            "name": "Living", "journey": "living", "purpose": "Review", "external_ids": [employee().id],
            "due_at": place.clock.now().checked_add(jiff::SignedDuration::from_hours(48)).unwrap().to_string(),
        });
        let campaign = place.post("/v1/campaigns", &campaign).await.1;
        let client = json!({
            "profile": "okta-idv", "name": "Living", "redirect_uris": ["https://example.com/c"], "journey": "living",
        });
        let client = place.post("/v1/clients", &client).await.1;
        Self {
            integration: place.connect("https://living.service-now.com", "living").await,
            client: client["id"].as_str().unwrap().to_owned(),
            campaign: campaign["id"].as_str().unwrap().to_owned(),
            verification,
            evidence,
            journey: "living".into(),
            person: invited.0.id.to_string(),
            key: key["id"].as_str().unwrap().to_owned(),
            endpoint,
            delivery,
        }
    }

    fn fill(&self, path: &str) -> String {
        let id = match path.split('/').nth(2).unwrap_or_default() {
            "people" => &self.person,
            "campaigns" => &self.campaign,
            "clients" => &self.client,
            "integrations" => &self.integration,
            "api-keys" => &self.key,
            "webhooks" => &self.endpoint,
            "passkeys" => "psk_00000000000000000000000000",
            _ => &self.verification,
        };
        path.replace("{id}", id)
            .replace("{evidence}", &self.evidence)
            .replace("{delivery}", &self.delivery)
            .replace("{key}", &self.journey)
            .replace("{token}", "0000000000000000000000")
    }
}

/// An address with a query.
fn with_query(url: &str, pairs: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{url}?{query}")
}

/// What whoever is signed in does with their own sign-in, whatever their role.
fn own(path: &str) -> bool {
    path.contains("passkeys") || path.contains("sign-") || path == "/console"
}

/// Sends a form with the token of the session, as a page would. The answer may be a stream: only its head is read.
async fn send(browser: &mut Browser, route: &Route, url: &str, post: bool, form: &[(&str, &str)]) -> Response {
    let sending = async {
        if !post {
            return browser.raw(url).await;
        }
        let csrf = token(&browser.get("/console/passkeys").await.1);
        let mut fields = vec![("csrf", csrf.as_str())];
        fields.extend_from_slice(form);
        browser.post(url, &fields).await
    };
    tokio::time::timeout(Duration::from_secs(20), sending).await.unwrap_or_else(|_| panic!("{} hangs", route.path))
}

async fn each(browser: &mut Browser, living: &Living, check: impl Fn(&Route, bool, StatusCode)) {
    for route in routes(CONSOLE).iter().filter(|route| !own(&route.path)) {
        for post in [false, true] {
            if (post && route.post) || (!post && route.get) {
                let answer = send(browser, route, &living.fill(&route.path), post, &[]).await;
                check(route, post, answer.status());
            }
        }
    }
}

on_both!(a_stranger_sees_no_page, |place: Place| async move {
    let living = Living::new(&place).await;
    let stranger = Browser::new(&place);
    for route in routes(CONSOLE).iter().filter(|route| !own(&route.path)) {
        let url = format!("{}{}", place.base, living.fill(&route.path));
        let asked = if route.post { place.client.post(&url) } else { place.client.get(&url) };
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.status(), 303, "{}", route.path);
        assert_eq!(answer.headers()["location"], "/console/sign-in", "{}", route.path);
    }
    for route in routes(CAPTURE).iter().filter(|route| route.path.starts_with("/v/session") && route.get) {
        assert_eq!(stranger.get(&route.path).await.0, 404, "{}", route.path);
    }
});

on_both!(another_tenant_finds_nothing_and_changes_nothing, |place: Place| async move {
    let living = Living::new(&place).await;
    let (elsewhere, _) = place.stranger().await;
    let caller = Place::caller(&elsewhere);
    let invited = people::invite(place.ipse(), &caller, "Eve", "eve@example.com", Role::Admin).await.unwrap();
    let mut eve = Browser::new(&place);
    assert_eq!(eve.post(&invited.1, &[]).await.status(), 303);
    let before = place.get(&format!("/v1/verifications/{}", living.verification)).await.1;
    each(&mut eve, &living, |route, post, status| {
        // An admin is no reviewer; whatever else has an id in it is not there for them.
        let expected = if route.path.starts_with("/console/reviews") { 403 } else { 404 };
        if route.path.contains('{') {
            assert!(
                matches!(status.as_u16(), code if code == expected || code == 422),
                "{} {post}: {status}",
                route.path
            );
        }
    })
    .await;
    assert_eq!(place.get(&format!("/v1/verifications/{}", living.verification)).await.1, before);
    let people = people::list(place.ipse(), &Place::caller(&place.organization)).await.unwrap();
    assert!(people.iter().all(|person| !person.disabled && person.email != "eve@example.com"));
    let (_, endpoint) = place.get(&format!("/v1/webhook-endpoints/{}", living.endpoint)).await;
    assert_eq!(endpoint["enabled"], true);
});

on_both!(the_wrong_role_is_refused, |place: Place| async move {
    let living = Living::new(&place).await;
    let mut auditor = place.sign_in(Role::Auditor).await;
    each(&mut auditor, &living, |route, post, status| {
        // An auditor reads the log and checks the chains; whatever else is posted changes something.
        if post && route.path != "/console/audit/check" {
            assert_eq!(status, 403, "{}", route.path);
        }
    })
    .await;
    let mut agent = place.sign_in(Role::Agent).await;
    each(&mut agent, &living, |route, post, status| {
        let reads = !post && route.path.starts_with("/console/campaigns") && !route.path.ends_with("new");
        let is_theirs = route.path.starts_with("/console/verifications") && !route.path.ends_with("redact") || reads;
        if !is_theirs {
            assert_eq!(status, 403, "{} {post}", route.path);
        }
    })
    .await;
    let found = place.get(&format!("/v1/verifications/{}", living.verification)).await.1;
    assert!(found["redacted_at"].is_null());
});

/// Values that nobody types by accident.
fn hostile() -> Vec<String> {
    let plain = ["", "-1", "99999999999999999999", "\u{0}", "\r\nSet-Cookie: x=y", "' or 1=1 --", "%F0%9F", "\u{202e}"];
    let mut values: Vec<String> = plain.map(str::to_owned).into();
    values.extend(["<script>alert(1)</script>".into(), "9".repeat(2_000), "2026-13-45".into(), "../../etc".into()]);
    values
}

const FIELDS: &[&str] = &[
    "external_id",
    "given_name",
    "family_name",
    "birthdate",
    "email",
    "phone",
    "journey",
    "purpose",
    "ticket_system",
    "ticket_number",
    "delivery",
    "decision",
    "reason",
    "note",
    "key",
    "name",
    "role",
    "scopes",
    "url",
    "event_types",
    "description",
    "from",
    "to",
    "channel",
    "document_kinds",
    "countries",
    "max_attempts",
    "link_minutes",
    "return_origins",
    "label",
    "external_ids",
    "due_at",
    "remind_days",
    "profile",
    "redirect_uris",
    "flows",
    "jwks",
    "name_rule",
    "claims_values",
    "minutes",
    "flow",
    "org_id",
];

on_both!(no_form_breaks_the_console, |place: Place| async move {
    let living = Living::new(&place).await;
    let mut admin = place.sign_in(Role::Admin).await.unpooled();
    let mut sent = 0;
    for route in routes(CONSOLE).iter().filter(|route| !route.path.contains("sign-out")) {
        let url = living.fill(&route.path);
        if route.post && !route.path.contains("sign-in") {
            for value in hostile() {
                let form: Vec<(&str, &str)> = FIELDS.iter().map(|field| (*field, value.as_str())).collect();
                let answer = send(&mut admin, route, &url, true, &form).await;
                assert!(answer.status().as_u16() < 500, "{}: {}", route.path, answer.status());
                assert!(!answer.text().await.unwrap().contains("<script>alert"), "{}", route.path);
                sent += 1;
            }
        }
        if route.get && !route.path.ends_with("/events") {
            for value in hostile().iter().filter(|value| value.len() < 1_500) {
                let names = FIELDS
                    .iter()
                    .chain(&["status", "q", "before", "cursor", "kind", "actor", "state", "iss", "code", "error"]);
                let pairs: Vec<(&str, &str)> = names.map(|name| (*name, value.as_str())).collect();
                let answer = send(&mut admin, route, &with_query(&url, &pairs), false, &[]).await;
                assert!(answer.status().as_u16() < 500, "{}: {}", route.path, answer.status());
                sent += 1;
            }
        }
    }
    assert!(sent > 400, "{sent}");
    assert_eq!(admin.get("/console/verifications").await.0, 200, "the server is still there, and so is the session");
});

on_both!(no_form_breaks_the_capture_pages, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let (_, link) = place.open("quick").await;
    let phone = place.claim(&link).await.unpooled();
    let csrf = token(&phone.get("/v/session?document_kind=passport").await.1);
    for route in routes(CAPTURE) {
        let url = format!("{}{}", place.base, route.path.replace("{token}", "0000000000000000000000"));
        for value in hostile() {
            let mut asked = vec![];
            if route.get && !route.path.ends_with("/events") && value.len() < 1_500 {
                let pairs = ["lang", "document_kind", "qr", "n"].map(|name| (name, value.as_str()));
                asked.push(place.client.get(with_query(&url, &pairs)));
            }
            // Ending the session for good is tested elsewhere; here it must live on.
            if route.post && !route.path.ends_with("decline") {
                asked.push(place.client.post(&url).form(&[("csrf", &value)]));
                asked.push(place.client.post(&url).form(&[("csrf", &csrf), ("x", &value)]));
                let kinds = ["kind", "document_kind", "side"].map(|name| (name, value.as_str()));
                if value.len() < 1_500 {
                    let picture = place.client.post(with_query(&url, &kinds)).header("x-csrf", &csrf);
                    asked.push(picture.header("content-type", "image/jpeg").body(value.clone().into_bytes()));
                    let odd = place.client.post(format!("{url}?kind=selfie")).header("x-csrf", &csrf);
                    asked.push(odd.header("content-type", "multipart/form-data; boundary=x").body(value.clone()));
                }
            }
            for asked in asked {
                let asked = asked.header("cookie", &phone.cookie).timeout(Duration::from_secs(20));
                // A server that has read enough may close before all of it was written.
                let Ok(answer) = asked.send().await else { continue };
                assert!(answer.status().as_u16() < 500, "{}: {}", route.path, answer.status());
                assert!(!answer.text().await.unwrap().contains("<script>alert"), "{}", route.path);
            }
        }
    }
    assert_eq!(phone.get("/v/session").await.0, 200, "the session lives on");
});

on_both!(no_query_or_form_breaks_the_openid_provider, |place: Place| async move {
    for route in routes(OPENID) {
        let url = format!("{}{}", place.base, route.path.replace("{id}", "0000000000000000000000"));
        for value in hostile() {
            let names = [
                "request_uri",
                "client_id",
                "lang",
                "scope",
                "state",
                "redirect_uri",
                "claims",
                "csrf",
                "code",
                "token",
            ];
            let pairs = names.map(|name| (name, value.as_str()));
            let mut asked = vec![];
            if route.get && value.len() < 1_000 {
                asked.push(place.client.get(with_query(&url, &pairs)));
                asked.push(place.client.get(&url).header("cookie", format!("ipse-oidc={}", value.escape_default())));
            }
            if route.post {
                asked.push(place.client.post(&url).form(&pairs));
                let object: serde_json::Map<_, _> =
                    pairs.map(|(name, value)| (name.to_owned(), json!(value))).into_iter().collect();
                asked.push(place.client.post(&url).json(&object));
                asked.push(place.client.post(&url).body(value.clone()));
            }
            for asked in asked {
                let Ok(answer) = asked.timeout(Duration::from_secs(20)).send().await else { continue };
                assert!(answer.status().as_u16() < 500, "{}: {}", route.path, answer.status());
                assert!(!answer.status().is_redirection(), "{} leads somewhere", route.path);
                assert!(!answer.text().await.unwrap().contains("<script>alert"), "{}", route.path);
            }
        }
    }
});

on_both!(no_body_breaks_the_token_endpoint_or_passkeys, |place: Place| async move {
    let mut bodies: Vec<String> = hostile();
    bodies.extend(hostile().iter().map(|value| {
        let pairs = ["grant_type", "client_id", "client_secret", "scope"].map(|field| (field, value));
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    }));
    bodies.extend(hostile().iter().map(|value| json!({ "state": value, "credential": value }).to_string()));
    let credential = json!({ "id": "AA", "rawId": "AA", "type": "public-key", "response": {
        "authenticatorData": "AA", "clientDataJSON": "AA", "signature": "AA", "userHandle": "AA" }, "extensions": {} });
    bodies.push(json!({ "state": "x", "credential": credential }).to_string());
    for path in ["/oauth2/token", "/console/passkeys/sign-in/begin", "/console/passkeys/sign-in/finish"] {
        for kind in ["application/json", "application/x-www-form-urlencoded", "text/plain"] {
            for body in &bodies {
                let asked = place.client.post(format!("{}{path}", place.base)).header("content-type", kind);
                let Ok(answer) = asked.body(body.clone()).timeout(Duration::from_secs(20)).send().await else {
                    continue;
                };
                assert!(answer.status().as_u16() < 500, "{path}: {}", answer.status());
                assert!(!answer.headers().contains_key("set-cookie"), "{path} signs nobody in");
            }
        }
    }
});
