//! Hostile bodies against every operation of the API's description: no 500, no hang, nothing repeated back.

use crate::support::{Place, on_both, read};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const MARK: &str = "SECRETMARK";

/// Bodies that nobody sends by accident.
fn hostile() -> Vec<Vec<u8>> {
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let wide =
        json!({ "metadata": (0..2_000).map(|n| (n.to_string(), json!(MARK))).collect::<serde_json::Map<_, _>>() });
    let mut bodies: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"{".to_vec(),
        b"null".to_vec(),
        b"[]".to_vec(),
        b"\"text\"".to_vec(),
        b"\xff\xfe\x00".to_vec(),
        deep.into_bytes(),
        wide.to_string().into_bytes(),
        vec![b' '; 70_000],
    ];
    let values = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e308),
        json!(18_446_744_073_709_551_615_u64),
        json!([]),
        json!({}),
        json!(""),
        json!(MARK.repeat(5_000)),
        json!("\u{0}"),
        json!("\r\nSet-Cookie: x=y"),
        json!("' or 1=1 --"),
        json!("<script>alert(1)</script>"),
        json!("../../etc/passwd"),
        json!("\u{202e}\u{fffd}"),
        json!("2026-13-45T99:99:99Z"),
    ];
    for value in values {
        bodies.push(
            json!({
                "journey": value, "subject": value, "purpose": value, "record": value, "requester": value, "delivery": value,
                "return_url": value, "metadata": value, "language": value,
            })
            .to_string()
            .into_bytes(),
        );
        bodies.push(json!({ "journey": "quick", "subject": { "external_id": value, "given_name": value, "emails": value, "birthdate": value }, "purpose": "x" }).to_string().into_bytes());
        bodies.push(json!({ "key": value, "name": value, "rules": value, "scopes": value, "url": value, "event_types": value, "from": value, "to": value, "phone": value, "return_origins": value, "external_id": value }).to_string().into_bytes());
        bodies.push(json!({ "name": "x", "journey": "quick", "purpose": "x", "due_at": value, "remind_days": value, "label": value, "subjects": value, "external_ids": value }).to_string().into_bytes());
        bodies.push(json!({ "name": "x", "key": "x", "rules": { "countries": value, "max_attempts": value, "document_kinds": value, "name_rule": value } }).to_string().into_bytes());
    }
    bodies
}

on_both!(no_body_breaks_an_operation, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let (verification, _) = place.open("quick").await;
    let openapi = serde_json::to_value(ipse_server::api::routes().1).unwrap();
    let ids = [verification.as_str(), "ver_00000000000000000000000000", "x", "%00", "%2e%2e%2f", "🦀"];
    let mut sent = 0;
    for (path, methods) in openapi["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            if method == Method::GET {
                // A stream of events does not end while its verification lives.
                let streams = path.ends_with("/events");
                for id in ids.into_iter().skip(usize::from(streams)) {
                    let url = format!("{}?limit=%F0&cursor={MARK}&expand={MARK}", path.replace("{id}", id));
                    let answer =
                        place.request(Method::GET, &url).timeout(Duration::from_secs(10)).send().await.unwrap();
                    check(&method, &url, read(answer).await);
                    sent += 1;
                }
                continue;
            }
            for body in hostile() {
                // The thing itself is spared where the operation would end it for good.
                let url = path.replace("{id}", ids[1]);
                check(&method, &url, send(&place, &method, &url, body).await);
                sent += 1;
            }
        }
    }
    assert!(sent > 900, "{sent}");
    assert_eq!(place.get(&format!("/v1/verifications/{verification}")).await.0, 200, "the server is still there");
});

/// Sends a body. A server that answers before it has read everything may close while the client still writes; then the
/// client tries again, as clients do.
async fn send(place: &Place, method: &Method, url: &str, body: Vec<u8>) -> (reqwest::StatusCode, Value) {
    for _ in 0..20 {
        let request = place.request(method.clone(), url).timeout(Duration::from_secs(10));
        let request = request.header("content-type", "application/json").body(body.clone());
        if let Ok(answer) = request.send().await {
            return read(answer).await;
        }
    }
    panic!("{method} {url} never answered");
}

fn check(method: &Method, url: &str, (status, answer): (reqwest::StatusCode, Value)) {
    assert!(status.as_u16() < 500, "{method} {url}: {status} {answer}");
    if status.as_u16() >= 400 {
        assert!(answer["code"].is_string() || answer["error"].is_string(), "{method} {url}: {status} {answer}");
        assert!(!answer.to_string().contains(MARK), "{method} {url} repeats what was sent: {answer}");
    }
}
