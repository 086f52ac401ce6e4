//! Presenting in a real browser, at a desk and on a phone.

use super::presented::Verifier;
use crate::browser::{Window, film};
use crate::support::Place;
use ipse_sandbox::entra::OFFER_SECONDS;
use serde_json::json;

async fn shown(size: (u32, u32), phone: bool) {
    let place = Place::new(false, |_| {}).await;
    let verifier = Verifier::new(&place, json!({ "face_check": {} })).await;
    let (id, link) = place.open("badge").await;
    let window = Window::open(&film(), size, phone).await;
    window.client.goto(&link).await.unwrap();
    window.until_text("from Microsoft Authenticator").await;
    window.check("presentation-asked").await;
    window.click(&format!("form[action=\"{}/claim\"] button", link.strip_prefix(&place.base).unwrap())).await;
    window.until_text("data-presentation=\"none\"").await;
    window.check("presentation").await;
    let again = "form[action=\"/v/session/presentation\"] button";
    window.click(again).await;
    window.until_text("data-presentation=\"offered\"").await;
    let waits_for = if phone { "openid-vc://" } else { "/v/session/presentation.svg" };
    window.until_text(waits_for).await;
    window.check("presentation-offered").await;
    // It runs out in front of the person, and is renewed.
    verifier.issuer.pass(OFFER_SECONDS + 1);
    window.until_text("data-presentation=\"expired\"").await;
    window.check("presentation-expired").await;
    window.click(again).await;
    window.until_text("data-presentation=\"offered\"").await;
    verifier.open().await;
    window.until_text("data-presentation=\"retrieved\"").await;
    window.check("presentation-retrieved").await;
    assert_eq!(verifier.present().await, 200);
    window.until_text("outcome").await;
    place.until(&id, &["succeeded"]).await;
    window.until_text("confirmed").await;
    window.check("presentation-succeeded").await;
    // The wallet's page itself.
    window.client.goto(&format!("{}/authenticator", place.sandbox.url())).await.unwrap();
    window.until_text("Authenticator").await;
    window.check("presentation-wallet").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_scanned_at_a_desk() {
    shown((1280, 900), false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_followed_on_a_phone() {
    shown((412, 915), true).await;
}
