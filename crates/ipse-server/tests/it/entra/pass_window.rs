//! The offer of a pass, and the page that shows it, in a real browser.

use super::Issuer;
use super::pass::LOW;
use crate::browser::{Window, film};
use crate::support::{Place, employee};
use serde_json::json;

async fn shown(size: (u32, u32), phone: bool) {
    let place = Place::new(false, |_| {}).await;
    let issuer = Issuer::giving(&place, LOW).await;
    let person = issuer.success_of(employee().email).await;
    let window = Window::open(&film(), size, phone).await;
    window.client.goto(&format!("{}/docs", place.base)).await.unwrap();
    for cookie in person.browser.cookie.split("; ") {
        let set = json!(format!("{cookie}; path=/"));
        window.client.execute("document.cookie = arguments[0]", vec![set]).await.unwrap();
    }
    window.client.goto(&format!("{}/v/session", place.base)).await.unwrap();
    window.until_text("data-pass=\"none\"").await;
    window.check("pass-offered").await;
    issuer.there.refuse_passes(Some(503));
    window.click("form[action=\"/v/session/pass\"] button").await;
    window.until_text("data-pass=\"failed\"").await;
    window.check("pass-failed").await;
    issuer.there.refuse_passes(None);
    window.click("form[action=\"/v/session/pass\"] button").await;
    window.until_text("id=\"code\"").await;
    window.check("pass-given").await;
    window.click("main a.button").await;
    window.until_text("data-pass=\"issued\"").await;
    window.check("pass-issued").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pass_is_given_at_a_desk() {
    shown((1280, 900), false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pass_is_given_on_a_phone() {
    shown((412, 915), true).await;
}
