//! Mail, text messages and webhooks: that they arrive, signed, in order, and what happens when they do not.

use crate::support::{Browser, PASSPORT, Place, employee, on_both, opening, passport_picture};
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use jiff::SignedDuration;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

type Heard = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// A receiver that answers as it is told; returns its address and what it heard.
async fn receiver(
    answer: impl Fn(usize) -> (StatusCode, HeaderMap) + Clone + Send + Sync + 'static,
) -> (String, Heard) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = Heard::default();
    let held = heard.clone();
    let take = move |headers: HeaderMap, body: String| {
        let (held, answer) = (held.clone(), answer.clone());
        async move {
            let mut held = held.lock().unwrap();
            held.push((headers, body));
            answer(held.len())
        }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(take))).await });
    (format!("http://{address}/"), heard)
}

fn fine(_: usize) -> (StatusCode, HeaderMap) {
    (StatusCode::NO_CONTENT, HeaderMap::new())
}

async fn endpoint(place: &Place, url: &str) -> (String, String) {
    let (status, made) = place.post("/v1/webhook-endpoints", &json!({ "url": url })).await;
    assert_eq!(status, 201, "{made}");
    (made["id"].as_str().unwrap().to_owned(), made["secrets"][0]["secret"].as_str().unwrap().to_owned())
}

async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !done().await {
        assert!(begun.elapsed() < Duration::from_secs(20), "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

on_both!(the_link_arrives_by_mail_and_by_text_message, |place: Place| async move {
    place.journey("quick", json!({})).await;
    for (delivery, language) in [("email", "de"), ("sms", "en")] {
        let mut body = opening("quick", &employee());
        body["delivery"] = json!(delivery);
        body["language"] = json!(language);
        let (status, opened) = place.post("/v1/verifications", &body).await;
        assert_eq!((status.as_u16(), &opened["status"]), (201, &json!("link_sent")), "{opened}");
        assert!(opened["link"].is_null(), "a link that was sent is shown to nobody else");
    }
    let partners = &place.sandbox.partners;
    until("mail and message", async || !partners.mailbox.all().is_empty() && !partners.messages.all().is_empty()).await;
    let mail = partners.mailbox.all().remove(0);
    assert_eq!(mail.to, employee().email);
    assert!(mail.subject.contains("Utopia") && mail.text.contains("INC0010023") && mail.html.contains("Identität"));
    let link = mail.links().remove(0);
    assert!(mail.html.contains(&link));
    place.claim(&link).await;
    let message = partners.messages.all().remove(0);
    assert_eq!(message.to, employee().phone);
    let link = ipse_sandbox::mailbox::links(&message.text).remove(0);
    assert_eq!(Browser::new(&place).get(&link).await.0, 200);
});

on_both!(a_link_goes_to_no_contact_that_cannot_be_trusted, |place: Place| async move {
    place.journey("strict", json!({ "min_contact_age_days": 14 })).await;
    let mut body = opening("strict", &employee());
    body["delivery"] = json!("email");
    let (status, answer) = place.post("/v1/verifications", &body).await;
    assert_eq!((status.as_u16(), &answer["code"]), (422, &json!("contact_too_new")), "of unknown age");
    body["subject"]["contact_changed_at"] = json!("2020-01-01T00:00:00Z");
    assert_eq!(place.post("/v1/verifications", &body).await.0, 201);
    body["subject"]["emails"] = json!(["attacker@example.com"]);
    let (status, answer) = place.post("/v1/verifications", &body).await;
    assert_eq!((status.as_u16(), &answer["code"]), (422, &json!("contact_too_new")), "a changed address is new");
    assert!(answer["title"].as_str().unwrap().contains("sms is old enough"), "{answer}");
    body["delivery"] = json!("sms");
    assert_eq!(place.post("/v1/verifications", &body).await.0, 201, "the number is the old one");
    body["delivery"] = json!("email");
    body["subject"]["emails_changed_at"] = json!("2020-01-02T00:00:00Z");
    assert_eq!(place.post("/v1/verifications", &body).await.1["code"], "contact_too_new", "now it is known to be new");
    body["subject"]["external_id"] = json!("nobody");
    body["subject"]["emails"] = json!([]);
    let (status, answer) = place.post("/v1/verifications", &body).await;
    assert_eq!((status.as_u16(), &answer["code"]), (422, &json!("no_contact")));
});

on_both!(webhooks_arrive_signed_and_in_order, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let (url, heard) = receiver(fine).await;
    let (_, secret) = endpoint(&place, &url).await;
    let (id, link) = place.open("quick").await;
    let phone = place.claim(&link).await;
    phone.picture(PASSPORT, passport_picture()).await;
    until("four webhooks", async || heard.lock().unwrap().len() == 4).await;
    let heard = heard.lock().unwrap().clone();
    let checker = Webhook::new(&secret).unwrap();
    let mut kinds = Vec::new();
    for (headers, body) in &heard {
        checker.verify(body.as_bytes(), headers).unwrap();
        assert!(headers["webhook-signature"].to_str().unwrap().contains(" v1a,"));
        let event: Value = serde_json::from_str(body).unwrap();
        assert_eq!(event["data"]["id"], id);
        assert_eq!(event["data"]["record"]["number"], "INC0010023");
        let lower = body.to_lowercase();
        assert!(!lower.contains("eriksson") && !lower.contains("l898902c"), "no personal data leaves");
        kinds.push(event["type"].as_str().unwrap().to_owned());
    }
    assert_eq!(
        kinds,
        ["verification.created", "verification.claimed", "verification.processing", "verification.succeeded"]
    );
});

on_both!(an_event_is_in_ascii_whatever_it_says, |place: Place| async move {
    const PURPOSE: &str = "Zurücksetzen \\u 🔑 東京 \"é\"";
    place.journey("quick", json!({})).await;
    let (url, heard) = receiver(fine).await;
    let (_, secret) = endpoint(&place, &url).await;
    let mut body = opening("quick", &employee());
    body["purpose"] = json!(PURPOSE);
    assert_eq!(place.post("/v1/verifications", &body).await.0, 201);
    until("a webhook", async || heard.lock().unwrap().len() == 1).await;
    let (headers, body) = heard.lock().unwrap()[0].clone();
    assert!(body.is_ascii(), "{body}");
    Webhook::new(&secret).unwrap().verify(body.as_bytes(), &headers).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["data"]["purpose"], PURPOSE);
});

on_both!(a_failing_receiver_is_tried_again_and_holds_up_only_its_own, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let (url, heard) =
        receiver(
            |number| {
                if number <= 2 { (StatusCode::INTERNAL_SERVER_ERROR, HeaderMap::new()) } else { fine(number) }
            },
        )
        .await;
    let (id, _) = endpoint(&place, &url).await;
    let (good, other) = receiver(fine).await;
    endpoint(&place, &good).await;
    let (_, link) = place.open("quick").await;
    place.claim(&link).await;
    until("the good receiver", async || other.lock().unwrap().len() == 2).await;
    let path = format!("/v1/webhook-endpoints/{id}/deliveries");
    // When it is tried again counts from when the answer is written down, not from when it is heard.
    for (tries, pause) in [(1, 10), (2, 40)] {
        until("the try in the log", async || {
            let (_, log) = place.get(&path).await;
            let attempts =
                log["data"].as_array().unwrap().last().map(|first| first["attempts"].as_array().unwrap().len());
            attempts == Some(tries)
        })
        .await;
        assert_eq!(heard.lock().unwrap().len(), tries);
        place.clock.advance(SignedDuration::from_secs(pause));
    }
    until("both events", async || heard.lock().unwrap().len() == 4).await;
    let heard = heard.lock().unwrap().clone();
    let ids: Vec<_> = heard.iter().map(|(headers, _)| headers["webhook-id"].to_str().unwrap()).collect();
    assert!(ids[0] == ids[1] && ids[1] == ids[2] && ids[2] != ids[3], "the same event has the same id, and goes first");
    until("the log", async || {
        let (_, log) = place.get(&path).await;
        log["data"].as_array().unwrap().iter().all(|delivery| delivery["state"] == "delivered")
    })
    .await;
    let (_, log) = place.get(&path).await;
    let first = &log["data"][1];
    let statuses: Vec<_> =
        first["attempts"].as_array().unwrap().iter().map(|attempt| attempt["status"].clone()).collect();
    assert_eq!(statuses, [500, 500, 204]);
});

on_both!(a_receiver_that_hangs_holds_up_nobody_else, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    endpoint(&place, &format!("http://{}/", silent.local_addr().unwrap())).await;
    let (good, heard) = receiver(fine).await;
    endpoint(&place, &good).await;
    for _ in 0..80 {
        place.open("quick").await;
    }
    // Eighty of the silent one take forty seconds, at four at a time and two seconds each: more than we wait.
    until("the good receiver", async || heard.lock().unwrap().len() == 80).await;
});

on_both!(gone_redirects_and_giving_up, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let (gone, heard_gone) = receiver(|_| (StatusCode::GONE, HeaderMap::new())).await;
    let (target, heard_target) = receiver(fine).await;
    let location: HeaderMap = [(axum::http::header::LOCATION, target.parse().unwrap())].into_iter().collect();
    let (redirect, heard_redirect) = receiver(move |_| (StatusCode::FOUND, location.clone())).await;
    let (gone_id, _) = endpoint(&place, &gone).await;
    let (redirect_id, _) = endpoint(&place, &redirect).await;
    place.open("quick").await;
    until("both", async || !heard_gone.lock().unwrap().is_empty() && !heard_redirect.lock().unwrap().is_empty()).await;
    until("410 to disable", async || {
        place.get(&format!("/v1/webhook-endpoints/{gone_id}")).await.1["enabled"] == false
    })
    .await;
    assert!(heard_target.lock().unwrap().is_empty(), "a redirect is not followed");
    // After three days a delivery is given up; replay brings it back.
    let dead = format!("/v1/webhook-endpoints/{redirect_id}/deliveries?state=dead");
    place.clock.advance(SignedDuration::from_hours(73));
    until("giving up", async || place.get(&dead).await.1["data"].as_array().unwrap().len() == 1).await;
    let before = heard_redirect.lock().unwrap().len();
    let (_, list) = place.get(&dead).await;
    let id = list["data"][0]["id"].as_str().unwrap();
    assert_eq!(place.post(&format!("/v1/deliveries/{id}/replay"), &json!({})).await.0, 200);
    until("the replay", async || heard_redirect.lock().unwrap().len() > before).await;
    // It has three days again, not one try.
    let still_dead = place.get(&dead).await.1["data"].as_array().unwrap().iter().any(|one| one["id"] == id);
    assert!(!still_dead);
    place.clock.advance(SignedDuration::from_hours(73));
    // By now there is a second one: the verification expired meanwhile.
    until("giving up again", async || place.get(&dead).await.1["data"].as_array().unwrap().len() == 2).await;
    let span = json!({ "from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z" });
    let path = format!("/v1/webhook-endpoints/{redirect_id}/replay");
    until("the range", async || place.post(&path, &span).await.1["replayed"] == 2).await;
    let backwards = json!({ "from": "2100-01-01T00:00:00Z", "to": "2020-01-01T00:00:00Z" });
    assert_eq!(place.post(&path, &backwards).await.0, 422);
});

on_both!(a_secret_is_replaced_with_both_signing_for_a_day, |place: Place| async move {
    let (url, heard) = receiver(fine).await;
    let (id, old) = endpoint(&place, &url).await;
    let (_, new) = place.post(&format!("/v1/webhook-endpoints/{id}/rotate-secret"), &json!({})).await;
    let new = new["secret"].as_str().unwrap().to_owned();
    let test = format!("/v1/webhook-endpoints/{id}/test");
    assert_eq!(place.post(&test, &json!({})).await.0, 202);
    until("the test", async || heard.lock().unwrap().len() == 1).await;
    let fits = |secret: &str, number: usize| {
        let heard = heard.lock().unwrap();
        let (headers, body) = &heard[number];
        let header = |name: &str| headers[name].to_str().unwrap();
        let signatures: Vec<&str> = header("webhook-signature").split(' ').collect();
        // Signed by the library itself, which has no way to check a time that a test moved.
        let at = header("webhook-timestamp").parse().unwrap();
        let expected = Webhook::new(secret).unwrap().sign(header("webhook-id"), at, body.as_bytes()).unwrap();
        (signatures.contains(&expected.as_str()), signatures.len())
    };
    assert_eq!((fits(&old, 0), fits(&new, 0)), ((true, 4), (true, 4)));
    place.clock.advance(SignedDuration::from_hours(25));
    place.post(&test, &json!({})).await;
    until("another", async || heard.lock().unwrap().len() == 2).await;
    assert_eq!((fits(&old, 1), fits(&new, 1)), ((false, 2), (true, 2)));
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn private_addresses_are_out_of_reach_unless_allowed() {
    let place = Place::new(false, |config| config.webhooks.allow_private_addresses = false).await;
    for url in
        ["http://127.0.0.1/", "http://example.com/", "ftp://example.com/", "https://u:p@example.com/", "nonsense", ""]
    {
        let (status, answer) = place.post("/v1/webhook-endpoints", &json!({ "url": url })).await;
        assert_eq!((status.as_u16(), &answer["field"]), (422, &json!("url")), "{url}");
    }
    for url in ["https://127.0.0.1/", "https://[::1]/", "https://localhost/", "https://169.254.169.254/latest"] {
        let (id, _) = endpoint(&place, url).await;
        place.post(&format!("/v1/webhook-endpoints/{id}/test"), &json!({})).await;
        let path = format!("/v1/webhook-endpoints/{id}/deliveries");
        until("the refusal", async || !place.get(&path).await.1["data"][0]["attempts"].as_array().unwrap().is_empty())
            .await;
        let (_, log) = place.get(&path).await;
        let answer = log["data"][0]["attempts"][0]["answer"].as_str().unwrap();
        assert!(answer.contains("private"), "{url}: {answer}");
    }
}
