//! Microsoft's pattern for partners in a real browser, at a desk and on a phone: from the link of a relying party to the
//! credential in the wallet, and back.

use super::{Issuer, pin};
use crate::browser::{Window, film};
use crate::oidc::start_link::Sender;
use crate::support::Place;
use reqwest::Method;
use serde_json::json;

async fn walked(size: (u32, u32), phone: bool) {
    let place = Place::new(false, |_| {}).await;
    let issuer = Issuer::new(&place).await;
    // Nobody says a name to compare with.
    let rules = json!({ "document_kinds": ["passport"], "selfie_required": false, "liveness_required": false, "name_rule": "none" });
    let (_, journeys) = place.get("/v1/journeys").await;
    let quick = journeys["data"].as_array().unwrap().iter().find(|journey| journey["key"] == "quick").unwrap();
    let path = format!("/v1/journeys/{}", quick["id"].as_str().unwrap());
    let changed = place.request(Method::PUT, &path).json(&json!({ "name": "quick", "rules": rules }));
    assert_eq!(changed.send().await.unwrap().status(), 200);
    // Any page of another site will do.
    let back = format!("{}/authenticator", place.sandbox.url());
    let sender = Sender::registered(&place, "quick", &back).await;
    let window = Window::open(&film(), size, phone).await;
    window.client.goto(&format!("{}{}", place.base, sender.link("r-1"))).await.unwrap();
    window.until_text("Contoso recovery").await;
    assert!(
        !window.client.current_url().await.unwrap().as_str().contains("token"),
        "it is not in the address any more"
    );
    window.check("start-link").await;
    window.click("form[action*='/begin'] button").await;
    window.click("[data-do=take]").await;
    window.click("[data-do=use]").await;
    window.until_text("data-wallet=\"none\"").await;
    window.check("start-link-succeeded").await;
    window.click("form[action=\"/v/session/credential\"] button").await;
    window.until_text(if phone { "openid://" } else { "/v/session/credential.svg" }).await;
    window.check("start-link-offered").await;
    let digits = if phone { String::new() } else { pin(&window.client.source().await.unwrap()) };
    let request = issuer.open().await;
    assert_eq!(issuer.accept(&request, &digits).await, 200);
    window.until_text("data-wallet=\"issued\"").await;
    window.check("start-link-issued").await;
    window.click(&format!("a.button:not(.button-plain)[href=\"{back}\"]")).await;
    window.until_text("Authenticator").await;
    assert_eq!(window.client.current_url().await.unwrap().as_str(), back, "as it was given");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_link_ends_with_a_credential_and_the_way_back_at_a_desk() {
    walked((1280, 900), false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_link_ends_with_a_credential_and_the_way_back_on_a_phone() {
    walked((412, 915), true).await;
}
