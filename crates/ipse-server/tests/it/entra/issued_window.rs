//! Getting a credential in a real browser, at a desk and on a phone, and losing it.

use super::{Issuer, pin};
use crate::browser::{Window, film};
use crate::support::Place;
use ipse_core::organization::Role;
use ipse_sandbox::entra::OFFER_SECONDS;
use ipse_server::app::revocations;
use serde_json::json;

async fn shown(size: (u32, u32), phone: bool) {
    let place = Place::new(false, |_| {}).await;
    let issuer = Issuer::new(&place).await;
    let person = issuer.success().await;
    let window = Window::open(&film(), size, phone).await;
    let take_over = async |cookies: &str| {
        window.client.goto(&format!("{}/docs", place.base)).await.unwrap();
        for cookie in cookies.split("; ") {
            let set = json!(format!("{cookie}; path=/"));
            window.client.execute("document.cookie = arguments[0]", vec![set]).await.unwrap();
        }
    };
    // The person goes on in this browser, after the success that they had in it.
    take_over(&person.browser.cookie).await;
    let page = format!("{}/v/session", place.base);
    window.client.goto(&page).await.unwrap();
    window.until_text("data-wallet=\"none\"").await;
    window.check("credential").await;
    let button = "form[action=\"/v/session/credential\"] button";
    window.click(button).await;
    let waits_for = if phone { "openid://" } else { "/v/session/credential.svg" };
    window.until_text(waits_for).await;
    window.check("credential-offered").await;
    // It runs out in front of the person, and is renewed.
    issuer.pass(OFFER_SECONDS + 1);
    window.until_text("data-wallet=\"expired\"").await;
    window.check("credential-expired").await;
    window.click(button).await;
    window.until_text(waits_for).await;
    let digits = if phone { String::new() } else { pin(&window.client.source().await.unwrap()) };
    let request = issuer.open().await;
    window.until_text("data-wallet=\"retrieved\"").await;
    window.check("credential-retrieved").await;
    assert_eq!(issuer.accept(&request, &digits).await, 200);
    window.until_text("data-wallet=\"issued\"").await;
    window.check("credential-issued").await;

    // An administrator looks at it and takes it back.
    let admin = place.sign_in(Role::Admin).await;
    take_over(&admin.cookie).await;
    window.client.goto(&format!("{}/console/verifications/{}", place.base, person.id)).await.unwrap();
    window.until_text("Revoke the credential").await;
    window.check("credential-console").await;
    let of = person.id.parse().unwrap();
    revocations::revoke_of(place.ipse(), &Place::caller(&place.organization), &of).await.unwrap();
    person.until("revoked").await;
    window.client.goto(&page).await.unwrap();
    window.until_text("data-wallet=\"revoked\"").await;
    window.check("credential-revoked").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_credential_is_scanned_at_a_desk_and_revoked() {
    shown((1280, 900), false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_credential_is_opened_on_a_phone_and_revoked() {
    shown((412, 915), true).await;
}
