//! Every operation of the API refuses a stranger, a wrong tenant and a too-weak key. The operations come from the
//! API's own description, so a new one cannot be forgotten.

use crate::support::{Browser, Place, on_both, read};
use ipse_core::id::{IntegrationId, IssuanceId};
use ipse_core::issuance::{Issuance, News};
use ipse_core::organization::Role;
use reqwest::Method;
use serde_json::{Value, json};

/// Every operation: method, path with its parameters filled in, whether it is about one thing.
fn operations(ids: &Value) -> Vec<(Method, String, bool)> {
    let openapi = serde_json::to_value(ipse_server::api::routes().1).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in openapi["paths"].as_object().unwrap() {
        if path == "/oauth2/token" {
            continue;
        }
        for method in methods.as_object().unwrap().keys() {
            let noun = path.split('/').nth(2).unwrap();
            let filled = path.replace("{id}", ids[noun].as_str().unwrap_or("none"));
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            operations.push((method, filled, path.contains("{id}")));
        }
    }
    assert!(operations.len() >= 35, "{} operations", operations.len());
    operations
}

/// A body that every operation that wants one understands.
fn body(path: &str) -> Value {
    match path.split('/').nth(2).unwrap() {
        "journeys" => json!({ "name": "Stolen", "rules": {} }),
        "subjects" => json!({ "external_id": "anna" }),
        "organization" => json!({ "name": "Stolen" }),
        "clients" => json!({ "name": "Stolen", "redirect_uris": ["https://example.com/stolen"], "journey": "quick" }),
        "webhook-endpoints" => json!({ "from": "2020-01-01T00:00:00Z", "to": "2030-01-01T00:00:00Z" }),
        _ => json!({}),
    }
}

/// One thing of each noun in the first organization.
async fn things(place: &Place) -> Value {
    place.journey("quick", json!({})).await;
    let (verification, _) = place.open("quick").await;
    let (_, journey) = place.get("/v1/journeys/quick").await;
    let (_, subject) = place.post("/v1/subjects", &json!({ "external_id": "anna" })).await;
    let wanted = json!({ "url": format!("{}/webhooks", place.sandbox.url()) });
    let (_, endpoint) = place.post("/v1/webhook-endpoints", &wanted).await;
    let campaign = json!({
        "name": "Review", "journey": "quick", "purpose": "Review", "external_ids": ["anna"],
        "due_at": place.clock.now().checked_add(jiff::SignedDuration::from_hours(48)).unwrap().to_string(),
    });
    let (_, campaign) = place.post("/v1/campaigns", &campaign).await;
    let id = endpoint["id"].as_str().unwrap();
    let (_, delivery) = place.post(&format!("/v1/webhook-endpoints/{id}/test"), &json!({})).await;
    let client = json!({
        "profile": "okta-idv", "name": "Okta", "redirect_uris": ["https://example.com/callback"], "journey": "quick",
    });
    let (_, client) = place.post("/v1/clients", &client).await;
    let (_, key) = place.post("/v1/api-keys", &json!({ "name": "k", "scopes": ["keys:read"] })).await;
    json!({
        "verifications": verification, "presentations": verification, "journeys": journey["id"], "subjects": subject["id"],
        "webhook-endpoints": endpoint["id"], "deliveries": delivery["id"], "api-keys": key["id"],
        "campaigns": campaign["id"], "clients": client["id"], "credentials": credential(place, &verification).await,
    })
}

/// A credential in a wallet.
async fn credential(place: &Place, of: &str) -> String {
    let now = place.clock.now();
    let mut tx = place.ipse().store.begin(&place.organization).await.unwrap();
    let of = tx.verification(&of.parse().unwrap()).await.unwrap().unwrap();
    let (id, integration) = (IssuanceId::new(now, [7; 10]), IntegrationId::new(now, [8; 10]));
    let issued = Issuance::request(id, &of, integration, false, now).0.hear(News::Issued, now).unwrap().0;
    tx.insert_issuance(&issued).await.unwrap();
    tx.commit().await.unwrap();
    issued.id.to_string()
}

on_both!(strangers_wrong_tenants_and_weak_keys, |place: Place| async move {
    let ids = things(&place).await;
    let (_, elsewhere) = place.stranger().await;
    let revoked = place.make_key(&place.organization, ["verifications:read"].into_iter()).await;
    let (_, keys) = place.get("/v1/api-keys").await;
    let newest = keys["data"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(place.post(&format!("/v1/api-keys/{newest}/revoke"), &json!({})).await.0, 200);

    for (method, path, about_one) in operations(&ids) {
        let send = async |key: Option<&str>| {
            let request = place.client.request(method.clone(), format!("{}{path}", place.base));
            let request = if let Some(key) = key { request.bearer_auth(key) } else { request };
            let request = if method == Method::GET { request } else { request.json(&body(&path)) };
            request.send().await.unwrap()
        };
        for stranger in [None, Some("ipse_sk_wrong"), Some("ipse_at_x.y.z"), Some(revoked.as_str()), Some("")] {
            let answer = send(stranger).await;
            assert_eq!(answer.status(), 401, "{method} {path} let {stranger:?} in");
            assert!(answer.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
            assert_eq!(read(answer).await.1["code"], "unauthorized");
        }
        if about_one {
            let (status, answer) = read(send(Some(&elsewhere)).await).await;
            assert_eq!(status, 404, "{method} {path} let another tenant in: {answer}");
        }
    }
    // Nothing happened to anything.
    let id = ids["verifications"].as_str().unwrap();
    assert_eq!(place.get(&format!("/v1/verifications/{id}")).await.1["status"], "created");
    assert_eq!(place.get("/v1/journeys/quick").await.1["version"], 1);
    let campaign = ids["campaigns"].as_str().unwrap();
    assert_eq!(place.get(&format!("/v1/campaigns/{campaign}")).await.1["status"], "open");
    assert_eq!(place.get("/v1/organization").await.1["name"], "Utopia");

    // A key with every scope but the one that is needed.
    for (method, path, _) in operations(&ids) {
        let reads = method == Method::GET;
        let noun = match path.split('/').nth(2).unwrap() {
            "webhook-endpoints" | "deliveries" => "webhooks",
            "api-keys" => "keys",
            "campaigns" | "credentials" | "presentations" => "verifications",
            noun => noun,
        };
        let needed = format!("{noun}:{}", if reads { "read" } else { "write" });
        let all = ipse_server::app::keys::SCOPES.iter().map(|(scope, _)| *scope).filter(|scope| *scope != needed);
        let weak = place.make_key(&place.organization, all).await;
        let request = place.client.request(method.clone(), format!("{}{path}", place.base)).bearer_auth(&weak);
        let request = if reads { request } else { request.json(&body(&path)) };
        let (status, answer) = read(request.send().await.unwrap()).await;
        assert_eq!(
            (status.as_u16(), answer["code"].as_str()),
            (403, Some("not_permitted")),
            "{method} {path}: {answer}"
        );
        assert!(answer["title"].as_str().unwrap().contains(&needed), "{answer}");
    }
});

on_both!(lists_hold_only_ones_own, |place: Place| async move {
    things(&place).await;
    let (_, elsewhere) = place.stranger().await;
    for list in ["verifications", "journeys", "subjects", "webhook-endpoints", "campaigns", "clients"] {
        let request = place.client.get(format!("{}/v1/{list}", place.base)).bearer_auth(&elsewhere);
        let (status, answer) = read(request.send().await.unwrap()).await;
        assert_eq!(status, 200);
        assert!(answer["data"].as_array().unwrap().is_empty(), "{list}: {answer}");
    }
});

on_both!(a_key_makes_no_stronger_key_and_shows_no_more_than_it_may, |place: Place| async move {
    let ids = things(&place).await;
    let id = ids["verifications"].as_str().unwrap();
    let weak = place.make_key(&place.organization, ["keys:write", "verifications:read"].into_iter()).await;
    let make = json!({ "name": "x", "scopes": ["keys:write", "verifications:write"] });
    let request = place.client.post(format!("{}/v1/api-keys", place.base)).bearer_auth(&weak).json(&make);
    assert_eq!(request.send().await.unwrap().status(), 403);
    for part in ["facts", "subject"] {
        let url = format!("{}/v1/verifications/{id}?expand={part}", place.base);
        assert_eq!(place.client.get(url).bearer_auth(&weak).send().await.unwrap().status(), 403, "{part}");
    }
    let (_, endpoint) =
        place.get(&format!("/v1/webhook-endpoints/{}", ids["webhook-endpoints"].as_str().unwrap())).await;
    assert!(endpoint["secrets"][0]["secret"].as_str().unwrap().starts_with("whsec_"));
    let reader = place.make_key(&place.organization, ["webhooks:read"].into_iter()).await;
    let url = format!("{}/v1/webhook-endpoints/{}", place.base, ids["webhook-endpoints"].as_str().unwrap());
    let (_, endpoint) = read(place.client.get(url).bearer_auth(&reader).send().await.unwrap()).await;
    assert!(endpoint["secrets"].is_null(), "a reader sees no secret");
});

on_both!(a_revoked_key_hears_no_more, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let (id, _) = place.open("quick").await;
    let weak = place.make_key(&place.organization, ["verifications:read"].into_iter()).await;
    let url = format!("{}/v1/verifications/{id}/events", place.base);
    let mut stream = place.client.get(url).bearer_auth(&weak).send().await.unwrap();
    assert!(stream.chunk().await.unwrap().is_some());
    let (_, keys) = place.get("/v1/api-keys").await;
    let newest = keys["data"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    place.post(&format!("/v1/api-keys/{newest}/revoke"), &json!({})).await;
    let ended = async { while stream.chunk().await.unwrap().is_some() {} };
    tokio::time::timeout(std::time::Duration::from_secs(15), ended).await.unwrap();
});

on_both!(client_credentials, |place: Place| async move {
    let (_, made) = place.post("/v1/api-keys", &json!({ "name": "oauth", "scopes": ["journeys:read"] })).await;
    let (id, secret) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    let url = format!("{}/oauth2/token", place.base);
    let form =
        [("grant_type", "client_credentials"), ("scope", "openid"), ("client_id", id), ("client_secret", secret)];
    let answer = place.client.post(&url).form(&form).send().await.unwrap();
    assert!(answer.headers().contains_key("ratelimit"));
    let (status, token) = read(answer).await;
    assert_eq!((status.as_u16(), &token["token_type"], &token["expires_in"]), (200, &json!("Bearer"), &json!(3600)));
    let basic = place.client.post(&url).basic_auth(id, Some(secret)).form(&[("grant_type", "client_credentials")]);
    assert_eq!(basic.send().await.unwrap().status(), 200);

    let bearer = token["access_token"].as_str().unwrap().to_owned();
    let journeys = async |bearer: &str| {
        place
            .client
            .get(format!("{}/v1/journeys", place.base))
            .bearer_auth(bearer)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(journeys(&bearer).await, 200);
    let verifications = place.client.get(format!("{}/v1/verifications", place.base)).bearer_auth(&bearer);
    assert_eq!(verifications.send().await.unwrap().status(), 403, "a token may do no more than its key");
    let mut forged = bearer.clone();
    forged.replace_range(bearer.len() - 4.., "AAAA");
    assert_eq!(journeys(&forged).await, 401);

    for (form, error, status) in [
        (vec![("grant_type", "password")], "unsupported_grant_type", 400),
        (vec![("grant_type", "client_credentials")], "invalid_client", 401),
        (
            vec![("grant_type", "client_credentials"), ("client_id", id), ("client_secret", "wrong")],
            "invalid_client",
            401,
        ),
        (
            vec![("grant_type", "client_credentials"), ("client_id", "x"), ("client_secret", secret)],
            "invalid_client",
            401,
        ),
        (
            vec![
                ("grant_type", "client_credentials"),
                ("scope", "admin"),
                ("client_id", id),
                ("client_secret", secret),
            ],
            "invalid_scope",
            400,
        ),
    ] {
        let (got, answer) = read(place.client.post(&url).form(&form).send().await.unwrap()).await;
        assert_eq!((got.as_u16(), answer["error"].as_str()), (status, Some(error)), "{form:?}");
    }
    place.clock.advance(jiff::SignedDuration::from_mins(61));
    assert_eq!(journeys(&bearer).await, 401, "a token lives an hour");
    let (_, token) = read(place.client.post(&url).form(&form).send().await.unwrap()).await;
    let bearer = token["access_token"].as_str().unwrap();
    assert_eq!(journeys(bearer).await, 200);
    place.post(&format!("/v1/api-keys/{id}/revoke"), &json!({})).await;
    assert_eq!(journeys(bearer).await, 401, "a token dies with its key");
});

on_both!(roles_see_what_is_theirs, |place: Place| async move {
    let ids = things(&place).await;
    let id = ids["verifications"].as_str().unwrap();
    let webhook = ids["webhook-endpoints"].as_str().unwrap();
    place.journey("always", json!({ "review_policy": "always" })).await;
    let (pending, link) = place.open("always").await;
    place.claim(&link).await.picture(crate::support::PASSPORT, crate::support::passport_picture()).await;
    place.until(&pending, &["pending_review"]).await;
    let integration = place.connect("https://utopia.service-now.com", "quick").await;
    let pages = [
        ("/console/verifications".to_owned(), "arvg"),
        (format!("/console/verifications/{id}"), "arvg"),
        ("/console/verifications/new".to_owned(), "ag"),
        ("/console/reviews".to_owned(), "v"),
        (format!("/console/reviews/{pending}"), "v"),
        ("/console/campaigns".to_owned(), "arvg"),
        (format!("/console/campaigns/{}", ids["campaigns"].as_str().unwrap()), "arvg"),
        ("/console/campaigns/new".to_owned(), "a"),
        ("/console/journeys".to_owned(), "ar"),
        ("/console/journeys/quick".to_owned(), "ar"),
        ("/console/journeys/new".to_owned(), "a"),
        ("/console/people".to_owned(), "a"),
        ("/console/api-keys".to_owned(), "a"),
        ("/console/clients".to_owned(), "a"),
        ("/console/clients/new".to_owned(), "a"),
        (format!("/console/clients/{}", ids["clients"].as_str().unwrap()), "a"),
        ("/console/integrations".to_owned(), "a"),
        ("/console/integrations/new".to_owned(), "a"),
        (format!("/console/integrations/{integration}"), "a"),
        ("/console/webhooks".to_owned(), "a"),
        (format!("/console/webhooks/{webhook}"), "a"),
        ("/console/settings".to_owned(), "a"),
        ("/console/audit".to_owned(), "ar"),
        ("/console/audit/export".to_owned(), "ar"),
        ("/console/passkeys".to_owned(), "arvg"),
    ];
    let nobody = Browser::new(&place);
    for (page, _) in &pages {
        let answer = nobody.raw(page).await;
        assert_eq!(answer.status(), 303, "{page}");
        assert_eq!(answer.headers()["location"], "/console/sign-in");
    }
    for (role, letter) in [(Role::Admin, 'a'), (Role::Reviewer, 'v'), (Role::Agent, 'g'), (Role::Auditor, 'r')] {
        let browser = place.sign_in(role).await;
        for (page, allowed) in &pages {
            let expected = if allowed.contains(letter) { 200 } else { 403 };
            let (status, shown) = browser.get(page).await;
            assert_eq!(status.as_u16(), expected, "{role:?} {page}: {shown}");
        }
    }
});
