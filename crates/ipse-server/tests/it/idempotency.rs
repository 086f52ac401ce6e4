//! The same request twice is done once.

use crate::support::{Place, employee, on_both, opening, read};
use reqwest::Method;
use serde_json::json;

on_both!(once_and_answered_alike, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let send = async |key: &str, purpose: &str| {
        let mut body = opening("quick", &employee());
        body["purpose"] = json!(purpose);
        place
            .request(Method::POST, "/v1/verifications")
            .header("idempotency-key", key)
            .json(&body)
            .send()
            .await
            .unwrap()
    };
    let (_, first) = read(send("a", "Reset").await).await;
    let again = send("a", "Reset").await;
    assert_eq!((again.status().as_u16(), &again.headers()["idempotency-replayed"]), (201, &"true".parse().unwrap()));
    assert_eq!(read(again).await.1, first, "the link too");
    let (status, conflict) = read(send("a", "Pay").await).await;
    assert_eq!((status.as_u16(), &conflict["code"]), (409, &json!("idempotency_conflict")));
    let (_, other) = read(send("b", "Reset").await).await;
    assert_ne!(other["id"], first["id"]);
    assert_eq!(read(send("", "Reset").await).await.0, 400);
    assert_eq!(read(send(&"x".repeat(256), "Reset").await).await.0, 400);

    // Another key's requests are another's.
    let elsewhere = place.make_key(&place.organization, ["verifications:write"].into_iter()).await;
    let request = place.client.post(format!("{}/v1/verifications", place.base)).bearer_auth(&elsewhere);
    let request = request.header("idempotency-key", "a").json(&opening("quick", &employee()));
    assert_eq!(read(request.send().await.unwrap()).await.0, 201);

    // A request that was refused may be mended and sent again under its key.
    let bad = place.request(Method::POST, "/v1/verifications").header("idempotency-key", "c");
    assert_eq!(bad.json(&opening("none", &employee())).send().await.unwrap().status(), 404);
    assert_eq!(send("c", "Reset").await.status(), 201);

    place.clock.advance(jiff::SignedDuration::from_hours(25));
    ipse_server::app::retention::sweep(place.ipse()).await.unwrap();
    let (_, later) = read(send("a", "Reset").await).await;
    assert_ne!(later["id"], first["id"], "a key is remembered for a day");
});

on_both!(twins_at_the_same_moment, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let body = opening("quick", &employee());
    let twins = (0..6).map(|_| {
        let request = place.request(Method::POST, "/v1/verifications").header("idempotency-key", "twin").json(&body);
        tokio::spawn(async move { read(request.send().await.unwrap()).await })
    });
    let mut ids = std::collections::BTreeSet::new();
    for twin in twins.collect::<Vec<_>>() {
        let (status, answer) = twin.await.unwrap();
        if status == 201 {
            ids.insert(answer["id"].as_str().unwrap().to_owned());
        } else {
            assert!(status == 503 || status == 409, "{status} {answer}");
        }
    }
    assert_eq!(ids.len(), 1);
    let (_, list) = place.get("/v1/verifications").await;
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
});
