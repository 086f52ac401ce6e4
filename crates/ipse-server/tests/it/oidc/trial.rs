//! The console's test button: an administrator goes the way that a person goes, and sees what the client would have
//! received; nobody else gains an address to send answers to.

use super::{Party, challenge, error_page, picture};
use crate::browser::{Window, film};
use crate::faces::events;
use crate::support::{Browser, PASSPORT, Place, employee, on_both, token};
use fantoccini::Locator;
use ipse_core::organization::Role;
use reqwest::Response;
use serde_json::json;

fn location(answer: &Response) -> String {
    assert_eq!(answer.status(), 303);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// Presses the button; returns the page of the way that it leads to.
async fn begun(admin: &mut Browser, client: &str, more: &[(&str, &str)]) -> String {
    let here = format!("/console/clients/{client}");
    let person = employee().person;
    let mut form = vec![("given_name", person.given_names.as_str()), ("family_name", person.family_name.as_str())];
    form.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    form.extend_from_slice(more);
    let to = location(&admin.submit(&here, &format!("{here}/test"), &form).await);
    assert!(to.contains("/oauth2/authorize?client_id=cli_"), "{to}");
    location(&admin.go(&to).await)
}

/// Shows a passport, and comes to where the answer leads.
async fn proven(place: &Place, admin: &mut Browser, way: &str) -> String {
    assert_eq!(location(&admin.submit(way, &format!("{way}/begin"), &[]).await), "/v/session");
    let (status, taken) = admin.picture(PASSPORT, picture()).await;
    assert_eq!(status, 200, "{taken}");
    let (_, found) = place.get("/v1/verifications").await;
    place.until(found["data"][0]["id"].as_str().unwrap(), &["succeeded", "failed"]).await;
    location(&admin.go(way).await)
}

on_both!(an_administrator_sees_what_okta_would_have_received, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let mut admin = place.sign_in(Role::Admin).await;
    let way = begun(&mut admin, &okta.id, &[]).await;
    let back = proven(&place, &mut admin, &way).await;
    assert!(back.starts_with(&format!("{}/console/clients/{}/tested?code=", place.base, okta.id)), "{back}");

    // What the address is worth to anybody else, before it was opened: nothing.
    let other = place.sign_in(Role::Admin).await;
    let (status, page) = other.get(&back).await;
    assert!(status == 400 && page.contains("belongs to another browser"), "{page}");
    let code = url::Url::parse(&back).unwrap().query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let there = format!("{}/console/clients/{}/tested", place.base, okta.id);
    assert_eq!(okta.redeem(&code, &[("redirect_uri", &there)]).await.0, 400, "the client's own secret is not enough");
    let (status, page) = admin.get(&back.replace("state=", "state=A")).await;
    assert!(status == 400 && page.contains("The test ended"), "{page}");

    let (status, page) = admin.get(&back).await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("chip-good\">VERIFIED"), "{page}");
    assert_eq!(page.matches("chip-good\">MATCHED").count(), 2, "{page}");
    assert!(page.contains("<code>given_name</code>") && !page.contains(&employee().person.family_name), "{page}");
    let (status, page) = admin.get(&back).await;
    assert!(status == 400 && page.contains("The code is not valid"), "once: {page}");

    // The same administrator with the same passport is the same person.
    let way = begun(&mut admin, &okta.id, &[]).await;
    let back = proven(&place, &mut admin, &way).await;
    assert!(admin.get(&back).await.1.contains("chip-good\">VERIFIED"));

    let (_, found) = place.get("/v1/verifications").await;
    let asked = events(&place, found["data"][0]["id"].as_str().unwrap(), "oidc.requested").await;
    assert_eq!(asked[0]["trial"], true, "the record tells a trial from a person");
    let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
    let events = tx.events(place.organization.as_str(), 0).await.unwrap();
    let tested = events.iter().find(|event| event.kind == "client.tested").unwrap();
    assert!(tested.data.contains(&okta.id) && !tested.data.contains(&employee().person.family_name));
});

on_both!(a_failure_and_a_way_back_are_shown_too, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let mut admin = place.sign_in(Role::Admin).await;
    let way = begun(&mut admin, &okta.id, &[("given_name", "Somebody")]).await;
    let back = proven(&place, &mut admin, &way).await;
    let (status, page) = admin.get(&back).await;
    assert!(status == 200 && page.contains("chip-bad\">FAILED") && page.contains("chip-bad\">Not proven"), "{page}");
    assert!(!page.contains("Somebody"), "{page}");

    let way = begun(&mut admin, &okta.id, &[]).await;
    let csrf = token(&admin.get(&way).await.1);
    let back = location(&admin.post(&format!("{way}/cancel"), &[("csrf", &csrf)]).await);
    let (status, page) = admin.get(&back).await;
    assert!(status == 200 && page.contains("chip-bad\">access_denied"), "{page}");
});

on_both!(a_client_of_another_kind_is_tried_alike, |place: Place| async move {
    Party::okta(&place, json!({})).await;
    let mut admin = place.sign_in(Role::Admin).await;
    let more = json!({
        "profile": "oidc-basic", "scopes": ["profile", "identity_assurance"], "claims_values": "values",
        "journeys": { "urn:strong": "recover" },
    });
    let plain = Party::registered(&place, more).await;
    let way = begun(&mut admin, &plain.id, &[("flow", "urn:strong")]).await;
    let back = proven(&place, &mut admin, &way).await;
    let (status, page) = admin.get(&back).await;
    assert!(status == 200 && page.contains("chip-good\">Its value"), "{page}");
    assert!(!page.contains(&employee().person.family_name), "{page}");
    let here = format!("/console/clients/{}", plain.id);
    for wrong in [("flow", "urn:other"), ("given_name", "")] {
        let mut form = vec![("given_name", "A"), ("family_name", "B")];
        form.retain(|(name, _)| *name != wrong.0);
        form.push(wrong);
        assert_eq!(admin.submit(&here, &format!("{here}/test"), &form).await.status(), 422);
    }
});

on_both!(the_address_of_trials_is_nobody_elses, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let more = json!({ "profile": "oidc-basic", "auth_methods": ["client_secret_post"] });
    let plain = Party::registered(&place, more).await;
    let there = |id: &str| format!("{}/console/clients/{id}/tested", place.base);
    let (status, refused) = okta.push(&[("redirect_uri", &there(&okta.id))]).await;
    assert_eq!((status.as_u16(), &refused["error"]), (400, &json!("invalid_request")));
    assert_eq!(plain.push(&[("redirect_uri", &there(&plain.id))]).await.0, 400);
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("client_id", &plain.id).append_pair("redirect_uri", &there(&plain.id));
    query.append_pair("response_type", "code").append_pair("scope", "openid").append_pair("state", "x");
    query.append_pair("code_challenge", &challenge()).append_pair("code_challenge_method", "S256");
    let browser = Browser::new(&place);
    error_page(browser.raw(&format!("/oauth2/authorize?{}", query.finish())).await).await;

    // The button is for those who may configure, with the token of their session.
    let mut agent = place.sign_in(Role::Agent).await;
    let csrf = token(&agent.get("/console/passkeys").await.1);
    let press = format!("/console/clients/{}/test", okta.id);
    let form = [("csrf", csrf.as_str()), ("given_name", "A"), ("family_name", "B")];
    assert_eq!(agent.post(&press, &form).await.status(), 403);
    let mut admin = place.sign_in(Role::Admin).await;
    assert_eq!(admin.post(&press, &form).await.status(), 403, "another session's token");
    assert_eq!(place.get("/v1/verifications").await.1["data"], json!([]));
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_button_leads_to_the_camera_and_back_in_a_browser() {
    let place = Place::new(false, |_| {}).await;
    let okta = Party::okta(&place, json!({ "uploads_allowed": false })).await;
    let caller = Place::caller(&place.organization);
    let invited =
        ipse_server::app::people::invite(place.ipse(), &caller, "Ada Admin", "ada@example.com", Role::Admin).await;
    let window = Window::open(&film(), (390, 844), true).await;
    window.client.goto(&invited.unwrap().1).await.unwrap();
    window.click("main form button").await;
    window.until_text("Verifications").await;
    window.client.goto(&format!("{}/console/clients/{}", place.base, okta.id)).await.unwrap();
    window.click("section[aria-labelledby=test] summary").await;
    let person = employee().person;
    for (field, name) in [("#given_name", &person.given_names), ("#family_name", &person.family_name)] {
        window.client.find(Locator::Css(field)).await.unwrap().send_keys(name).await.unwrap();
    }
    window.check("client-test").await;
    window.click("form[action$='/test'] button").await;
    window.click("form[action*='/begin'] button").await;
    window.click("[data-do=take]").await;
    window.click("[data-do=use]").await;
    window.until_text("would have received").await;
    window.until_text("VERIFIED").await;
    window.check("client-tested").await;
    let url = window.client.current_url().await.unwrap();
    assert!(url.path().ends_with("/tested"), "{url}");
}
