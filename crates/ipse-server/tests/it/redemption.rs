//! A success opens one gate, once, for the record it was asked for.

use crate::support::{PASSPORT, Place, on_both, passport_picture, read};
use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const RECORD: [&str; 4] = ["desk", "ticket", "1", "INC0010023"];

fn record([system, table, id, number]: [&str; 4]) -> Value {
    json!({ "record": { "system": system, "table": table, "id": id, "number": number } })
}

async fn succeeded(place: &Place) -> String {
    let (id, link) = place.open("quick").await;
    let phone = place.claim(&link).await;
    phone.picture(PASSPORT, passport_picture()).await;
    assert_eq!(place.until(&id, &["succeeded"]).await["assurance"]["level"], 1);
    id
}

async fn redeem(place: &Place, id: &str, body: &Value) -> (StatusCode, Value) {
    place.post(&format!("/v1/verifications/{id}/redeem"), body).await
}

on_both!(a_success_is_redeemed_once, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let (open, _) = place.open("quick").await;
    let (status, answer) = redeem(&place, &open, &json!({})).await;
    assert_eq!((status.as_u16(), &answer["code"]), (409, &json!("wrong_state")), "nothing is proven yet");

    let id = succeeded(&place).await;
    for (place_in, other) in ["other", "incident", "2", "INC0010024"].into_iter().enumerate() {
        let mut elsewhere = RECORD;
        elsewhere[place_in] = other;
        let (status, answer) = redeem(&place, &id, &record(elsewhere)).await;
        assert_eq!((status.as_u16(), &answer["code"]), (409, &json!("other_record")), "{other}");
    }
    let (status, answer) = redeem(&place, &id, &record(RECORD)).await;
    assert_eq!((status.as_u16(), &answer["valid"]), (200, &json!(false)), "{answer}");
    assert!(answer["redeemed_at"].is_string());
    for body in [json!({}), record(RECORD)] {
        let (status, answer) = redeem(&place, &id, &body).await;
        assert_eq!((status.as_u16(), &answer["code"]), (409, &json!("already_redeemed")));
    }
    let (_, shown) = place.get(&format!("/v1/verifications/{id}")).await;
    assert_eq!((&shown["status"], &shown["valid"]), (&json!("succeeded"), &json!(false)));
});

on_both!(a_lost_answer_is_given_again_to_whoever_asked, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let id = succeeded(&place).await;
    let ask = async |key: &str| {
        let request = place.request(Method::POST, &format!("/v1/verifications/{id}/redeem"));
        read(request.header("idempotency-key", key).json(&json!({})).send().await.unwrap()).await
    };
    let (first, answer) = ask("one").await;
    assert_eq!(first, 200);
    assert_eq!(ask("one").await, (first, answer));
    assert_eq!(ask("two").await.0, 409);
});

on_both!(of_many_at_once_one_redeems, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let id = succeeded(&place).await;
    let body = json!({});
    let all = [(); 8].map(|()| redeem(&place, &id, &body));
    let answers: Vec<_> = futures_util::future::join_all(all).await;
    assert_eq!(answers.iter().filter(|(status, _)| status.is_success()).count(), 1, "{answers:?}");
});

on_both!(a_late_or_strange_one_redeems_nothing, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let id = succeeded(&place).await;
    let path = format!("{}/v1/verifications/{id}/redeem", place.base);
    let ask =
        async |key: &str| place.client.post(&path).bearer_auth(key).json(&json!({})).send().await.unwrap().status();
    let (_, stranger) = place.stranger().await;
    assert_eq!(ask(&stranger).await, 404, "another organization's");
    let reader = place.make_key(&place.organization, ["verifications:read"].into_iter()).await;
    assert_eq!(ask(&reader).await, 403);
    assert_eq!(redeem(&place, &id, &json!({ "force": true })).await.0, 422);
    place.clock.advance(SignedDuration::from_mins(30));
    let (status, answer) = redeem(&place, &id, &json!({})).await;
    assert_eq!((status.as_u16(), &answer["code"]), (410, &json!("expired")), "too late");
});
