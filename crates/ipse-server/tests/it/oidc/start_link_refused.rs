//! Links that are refused, and browsers that are sent nowhere.

use super::start_link::{BACK, Sender, arrives, leads};
use super::{Person, error_page, picture};
use crate::support::{Browser, Place, on_both, read, token};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipse_core::organization::Role;
use reqwest::Method;
use serde_json::{Value, json};

/// What the page of a refusal says of it, which repeats nothing of the link.
async fn refused(place: &Place, link: &str) -> String {
    let answer = Browser::new(place).go(link).await;
    assert!(matches!(answer.status().as_u16(), 400 | 413), "{}", answer.status());
    assert!(!answer.headers().contains_key("location") && !answer.headers().contains_key("set-cookie"));
    let page = answer.text().await.unwrap();
    assert!(
        page.contains("This request cannot be used") && !page.contains("contoso") && !page.contains("eyJ"),
        "{page}"
    );
    let codes = ["invalid_client", "invalid_token", "expired_token", "invalid_request"];
    let code = codes.into_iter().find(|code| page.contains(code));
    code.unwrap_or_else(|| panic!("no code in {page}")).to_owned()
}

async fn nothing_was_opened(place: &Place) {
    assert!(place.get("/v1/verifications").await.1["data"].as_array().unwrap().is_empty());
}

on_both!(a_token_that_says_something_wrong_opens_nothing, |place: Place| async move {
    let sender = Sender::new(&place, json!({})).await;
    let other = Sender::registered(&place, "recover", "https://other.example/").await;
    let second = place.clock.now().as_second();
    let good = sender.token("r", &json!({}));
    let (body, signature) = good.rsplit_once('.').unwrap();
    let bare = |header: Value| {
        let payload = body.split_once('.').unwrap().1;
        format!("{}.{payload}", URL_SAFE_NO_PAD.encode(header.to_string()))
    };
    let hs256 = bare(json!({ "alg": "HS256", "typ": "JWT" }));
    let tag =
        aws_lc_rs::hmac::sign(&aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"contoso"), hs256.as_bytes());
    let changed = |change: Value| sender.token("r", &change);
    let cases: Vec<(&str, String, &str)> = vec![
        ("truncated", good[..good.len() - 2].to_owned(), "invalid_token"),
        ("another signature", format!("{body}.{}", signature.chars().rev().collect::<String>()), "invalid_token"),
        ("another party's key", other.token("r", &json!({ "redirectUrl": BACK })), "invalid_token"),
        ("none", format!("{}.", bare(json!({ "alg": "none" }))), "invalid_token"),
        ("a shared secret", format!("{hs256}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref())), "invalid_token"),
        ("expired", changed(json!({ "exp": second })), "expired_token"),
        ("too far ahead", changed(json!({ "exp": second + 3_600 })), "expired_token"),
        ("no exp", changed(json!({ "exp": null })), "invalid_request"),
        ("another OrgId", changed(json!({ "OrgId": "fabrikam" })), "invalid_request"),
        ("no OrgId", changed(json!({ "OrgId": null })), "invalid_request"),
        ("no RequestId", changed(json!({ "RequestId": null })), "invalid_request"),
        ("no redirectUrl", changed(json!({ "redirectUrl": null })), "invalid_request"),
        ("not listed", changed(json!({ "redirectUrl": "https://evil.example/" })), "invalid_request"),
        ("a prefix", changed(json!({ "redirectUrl": "https://recovery.contoso.example/done" })), "invalid_request"),
        ("more behind it", changed(json!({ "redirectUrl": format!("{BACK}&x=1") })), "invalid_request"),
        ("another party's", changed(json!({ "redirectUrl": "https://other.example/" })), "invalid_request"),
        ("oversized", format!("{good}{}", "A".repeat(9_000)), "invalid_request"),
    ];
    for (name, token, code) in &cases {
        assert_eq!(refused(&place, &sender.at(token)).await, *code, "{name}");
    }
    let start = format!("/start/{}", sender.id);
    for (name, link) in [
        ("nothing", start.clone()),
        ("empty", format!("{start}?token=")),
        ("doubled", format!("{start}?token={good}&token={good}")),
        ("doubled otherwise", format!("{start}?token={good}&x=1&x=2")),
    ] {
        assert_eq!(refused(&place, &link).await, "invalid_request", "{name}");
    }
    for nobody in ["nobody", "cli_00000000000000000000000000"] {
        let answer = Browser::new(&place).go(&format!("/start/{nobody}?token={good}")).await;
        assert!(answer.status().is_client_error() && !answer.headers().contains_key("location"), "{nobody}");
    }
    assert_eq!(refused(&place, &format!("/start/{}?token={good}", other.id)).await, "invalid_token");
    nothing_was_opened(&place).await;
    arrives(&place, &sender.at(&good)).await;
});

on_both!(another_tenant_has_its_own_parties, |place: Place| async move {
    let sender = Sender::new(&place, json!({})).await;
    let (elsewhere, key) = place.stranger().await;
    let own = place.make_key(&elsewhere, ["clients:read", "clients:write"].into_iter()).await;
    for key in [&key, &own] {
        let request = place.client.get(format!("{}/v1/clients/{}", place.base, sender.id)).bearer_auth(key);
        assert_eq!(request.send().await.unwrap().status(), 404);
    }
    // The same keys and OrgId at another organization: the link's address says whose it is.
    let journey = json!({ "key": "recover", "name": "r", "rules": { "session_minutes": 60 } });
    let post =
        |path: &str, body: &Value| place.client.post(format!("{}{path}", place.base)).bearer_auth(&key).json(body);
    assert_eq!(post("/v1/journeys", &journey).send().await.unwrap().status(), 201);
    let (status, twin) = read(post("/v1/clients", &sender.wanted("recover")).send().await.unwrap()).await;
    assert_eq!(status, 201, "{twin}");
    let token = sender.token("r", &json!({}));
    let mut there = arrives(&place, &format!("/start/{}?token={token}", twin["id"].as_str().unwrap())).await;
    let here = there.here.clone();
    assert!(there.browser.get(&here).await.1.contains("Elsewhere"));
    assert_eq!(there.browser.submit(&here, &format!("{here}/begin"), &[]).await.status(), 303);
    nothing_was_opened(&place).await;
    assert_ne!(arrives(&place, &sender.at(&token)).await.here, here, "and the one is not used up by the other");
});

on_both!(of_two_clicks_at_once_one_wins, |place: Place| async move {
    let sender = Sender::new(&place, json!({})).await;
    let link = sender.link("r");
    let begin = |person: &Person<'_>, csrf: String| {
        let url = format!("{}{}/begin", place.base, person.here);
        place.client.post(url).header("cookie", &person.browser.cookie).form(&[("csrf", csrf)])
    };
    // Two browsers that were on the page, the later of which has it.
    let (one, two) = (arrives(&place, &link).await, arrives(&place, &link).await);
    let csrf = token(&two.browser.get(&two.here).await.1);
    let (lost, won) = tokio::join!(begin(&one, csrf.clone()).send(), begin(&two, csrf.clone()).send());
    error_page(lost.unwrap()).await;
    assert_eq!(leads(&won.unwrap()), "/v/session");
    // And the browser that has it, with a double click.
    let again = sender.arrives("s").await;
    let csrf = token(&again.browser.get(&again.here).await.1);
    let (left, right) = tokio::join!(begin(&again, csrf.clone()).send(), begin(&again, csrf).send());
    assert_eq!((leads(&left.unwrap()), leads(&right.unwrap())), ("/v/session", "/v/session"));
    assert_eq!(place.get("/v1/verifications").await.1["data"].as_array().unwrap().len(), 2, "one for each request");
    // A click from elsewhere is none.
    let mut foreign = sender.arrives("t").await;
    let here = foreign.here.clone();
    error_page(foreign.browser.post(&format!("{here}/begin"), &[("csrf", "")]).await).await;
    let csrf = token(&foreign.browser.get(&here).await.1);
    error_page(begin(&foreign, csrf).header("sec-fetch-site", "cross-site").send().await.unwrap()).await;
});

on_both!(what_an_administrator_takes_away_is_gone, |place: Place| async move {
    let sender = Sender::new(&place, json!({})).await;
    let path = format!("/v1/clients/{}", sender.id);
    let change = async |change: Value| {
        let mut wanted = sender.wanted("recover");
        wanted.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        read(place.request(Method::PUT, &path).json(&wanted).send().await.unwrap()).await
    };
    // The address is withdrawn while somebody reads.
    let mut reading = sender.arrives("r").await;
    let (status, answer) = change(json!({ "redirect_uris": ["https://recovery.contoso.example/new"] })).await;
    assert_eq!(status, 200, "{answer}");
    let here = reading.here.clone();
    for click in ["begin", "cancel"] {
        error_page(reading.browser.submit(&here, &format!("{here}/{click}"), &[]).await).await;
    }
    assert_eq!(refused(&place, &sender.link("s")).await, "invalid_request");
    // So are the keys, which have to be some.
    assert_eq!(change(json!({ "jwks": { "keys": [] } })).await.0, 422);
    assert_eq!(change(json!({ "jwks": null })).await.0, 422);
    assert_eq!(change(json!({ "org_id": null })).await.0, 422);
    assert_eq!(change(json!({ "redirect_uris": ["https://*.contoso.example/"] })).await.0, 422);
    assert_eq!(change(json!({ "org_id": "fabrikam" })).await.0, 200);
    assert_eq!(refused(&place, &sender.at(&sender.token("t", &json!({})))).await, "invalid_request");
    assert_eq!(place.request(Method::DELETE, &path).send().await.unwrap().status(), 204);
    error_page(reading.browser.go(&here).await).await;
    assert_eq!(refused(&place, &sender.link("u")).await, "invalid_client");
    nothing_was_opened(&place).await;
});

on_both!(an_address_that_is_withdrawn_after_the_click_leads_nobody_there, |place: Place| async move {
    let sender = Sender::new(&place, json!({})).await;
    let mut person = sender.arrives("r").await;
    person.begin().await;
    assert_eq!(person.show(picture()).await["status"], "succeeded");
    let leads_back = async |person: &Person<'_>| person.browser.get("/v/session").await.1.contains(BACK);
    assert!(leads_back(&person).await);
    let mut wanted = sender.wanted("recover");
    wanted["redirect_uris"] = json!(["https://recovery.contoso.example/new"]);
    let changed = place.request(Method::PUT, &format!("/v1/clients/{}", sender.id)).json(&wanted).send().await.unwrap();
    assert_eq!(changed.status(), 200);
    assert!(!leads_back(&person).await);
});

on_both!(the_console_registers_a_party_and_shows_its_address, |place: Place| async move {
    let sender = Sender::new(&place, json!({})).await;
    let mut admin = place.sign_in(Role::Admin).await;
    let jwks = sender.wanted("recover")["jwks"].to_string();
    let form = |org_id: &'static str, jwks: &str| {
        [
            ("name", "Contoso onboarding".to_owned()),
            ("profile", "start-link".to_owned()),
            ("redirect_uris", "https://onboarding.contoso.example/".to_owned()),
            ("scopes", String::new()),
            ("journey", "recover".to_owned()),
            ("flows", String::new()),
            ("name_rule", "relaxed".to_owned()),
            ("claims_values", "MATCHED".to_owned()),
            ("minutes", "15".to_owned()),
            ("jwks", jwks.to_owned()),
            ("org_id", org_id.to_owned()),
        ]
    };
    let mut send = async |org_id, jwks: &str| {
        let form = form(org_id, jwks);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        admin.submit("/console/clients/new", "/console/clients", &form).await
    };
    for (org_id, jwks, field) in [("", jwks.as_str(), "org_id"), ("contoso", "", "jwks"), ("contoso", "{}", "jwks")] {
        let refused = send(org_id, jwks).await;
        assert_eq!(refused.status(), 422);
        assert!(refused.text().await.unwrap().contains(&format!("id=\"{field}-error\"")), "{field}");
    }
    let made = send("contoso", &jwks).await;
    assert_eq!(made.status(), 200);
    let page = made.text().await.unwrap();
    let (_, listed) = place.get("/v1/clients").await;
    let id = listed["data"][1]["id"].as_str().unwrap();
    assert!(page.contains(&format!("{}/start/{id}", place.base)) && page.contains("value=\"contoso\""), "{page}");
    assert!(!page.contains("Try it yourself") && !page.contains("Token URL"), "what it has no use for: {page}");
});
