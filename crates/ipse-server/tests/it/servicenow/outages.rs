//! What is lost on the way: servers that do not answer, webhooks that do not arrive, tokens that end, networks between.

use super::*;
use jiff::SignedDuration;

/// Where nobody listens.
const NOBODY: &str = "http://127.0.0.1:1";

on_both!(a_server_that_is_down_is_asked_again, |place: Place| async move {
    let desk = Desk::new(&place).await;
    desk.save(json!({ "base_url": NOBODY, "api_key": place.key })).await;
    let id = desk.incident().await;
    desk.request(&id, "email").await;
    desk.until_problem(&id, "cannot be reached").await;
    // The agent's click was not lost, and is not taken for an answer.
    assert_eq!(desk.status(&id).await, "requested");
    let shown = desk.ask(AGENT, "status", &id, json!({})).await;
    assert!(shown["problem"].as_str().unwrap().contains("cannot be reached") && shown["final"] == false, "{shown}");
    desk.save(json!({ "base_url": place.base, "api_key": place.key })).await;
    desk.servicenow.pass(16 * 60).await.unwrap();
    desk.until_status(&id, "link_sent").await;
    let link = desk.mailed(0).await;
    assert_eq!(desk.verification(&id).await["problem"], "");
    // Exactly one was opened.
    let opened = place.get("/v1/verifications").await.1["data"].as_array().unwrap().len();
    assert_eq!(opened, 1);
    place.claim(&link).await;
});

on_both!(a_server_that_stays_down_is_a_failure_in_the_end, |place: Place| async move {
    let desk = Desk::new(&place).await;
    desk.save(json!({ "base_url": NOBODY, "api_key": place.key })).await;
    let id = desk.incident().await;
    desk.request(&id, "email").await;
    desk.until_problem(&id, "cannot be reached").await;
    desk.servicenow.pass(25 * 3600).await.unwrap();
    desk.until_field(&id, "Failure - ").await;
    assert_eq!(desk.verification(&id).await["reasons"], "no_answer");
});

on_both!(a_lost_webhook_is_made_up_for_by_the_job, |place: Place| async move {
    let desk = Desk::new(&place).await;
    for endpoint in place.get("/v1/webhook-endpoints").await.1["data"].as_array().unwrap() {
        let path = format!("/v1/webhook-endpoints/{}/disable", endpoint["id"].as_str().unwrap());
        assert_eq!(place.post(&path, &json!({})).await.0, 200);
    }
    let id = desk.incident().await;
    let (link, session) = desk.begun(&id).await;
    let heard = desk.call("received", json!({})).await.as_array().unwrap().len();
    desk.show(&link, &employee()).await;
    place.until(&session, &["succeeded"]).await;
    assert!(desk.field(&id).await.starts_with("In Progress - "));
    desk.servicenow.pass(16 * 60).await.unwrap();
    desk.until_field(&id, "Success - ").await;
    assert_eq!(desk.call("received", json!({})).await.as_array().unwrap().len(), heard, "no event came");
});

on_both!(an_open_form_asks_for_itself, |place: Place| async move {
    let desk = Desk::new(&place).await;
    let id = desk.incident().await;
    let (_, session) = desk.begun(&id).await;
    // The event is refused on the way: as if another clock stood there.
    desk.servicenow.pass(3600).await.unwrap();
    assert_eq!(place.post(&format!("/v1/verifications/{session}/cancel"), &json!({})).await.0, 200);
    // An open form goes on asking; a job may have asked just before the end, and the server is not asked all the time.
    until("the form to ask for itself", async || {
        desk.servicenow.pass(31).await.unwrap();
        desk.ask(AGENT, "status", &id, json!({})).await;
        desk.field(&id).await.starts_with("Failure - ")
    })
    .await;
    let row = desk.verification(&id).await;
    assert_eq!(row["reasons"], "cancelled_by_requester", "the server's word, not the clock's: {row}");
});

on_both!(a_token_that_ended_is_bought_anew, |place: Place| async move {
    let desk = Desk::new(&place).await;
    let keys = place.get("/v1/api-keys").await.1;
    let known = keys["data"].as_array().unwrap().iter();
    let client = known.map(|key| (key["prefix"].as_str().unwrap(), key["id"].as_str().unwrap()));
    let client = client.into_iter().find(|(prefix, _)| place.key.starts_with(prefix)).unwrap().1.to_owned();
    desk.save(json!({
        "auth_server_url": place.base, "token_path": "/oauth2/token", "client_id": client, "client_secret": place.key,
        "scope": "openid",
    }))
    .await;
    let tested = desk.admin("testOauth", json!({})).await;
    assert!(tested["message"].as_str().unwrap().contains("a token until"), "{tested}");
    let bought = async || {
        let calls = desk.call("calls", json!({})).await;
        calls.as_array().unwrap().iter().filter(|call| call["url"].as_str().unwrap().ends_with("/oauth2/token")).count()
    };
    let before = bought().await;
    // The server's clock alone goes on: the instance thinks that its token is good, and is told otherwise.
    place.clock.advance(SignedDuration::from_hours(3));
    let id = desk.incident().await;
    desk.request(&id, "email").await;
    desk.until_status(&id, "link_sent").await;
    assert_eq!(bought().await, before + 1);
    desk.save(json!({ "client_secret": "wrong" })).await;
    let refused = desk.admin("testOauth", json!({})).await;
    assert_eq!((&refused["ok"], refused["message"].as_str().unwrap().contains("gave no token")), (&json!(false), true));
});

on_both!(a_key_that_was_revoked_opens_nothing, |place: Place| async move {
    let desk = Desk::new(&place).await;
    desk.save(json!({ "api_key": "ipse_sk_nobody" })).await;
    let id = desk.incident().await;
    desk.request(&id, "email").await;
    desk.until_problem(&id, "did not accept the API key").await;
    assert_eq!(desk.status(&id).await, "requested");
    assert!(place.sandbox.partners.mailbox.all().is_empty());
});

on_both!(behind_a_network_a_mid_server_carries_the_call, |place: Place| async move {
    let desk = Desk::new(&place).await;
    desk.call("isolate", json!({ "isolated": true })).await;
    let id = desk.incident().await;
    desk.request(&id, "email").await;
    desk.until_problem(&id, "cannot be reached").await;
    for (mid, reached) in [("nobody", false), ("mid-utopia", true)] {
        desk.save(json!({ "mid_server": mid })).await;
        let tested = desk.admin("testOauth", json!({})).await;
        assert_eq!(tested["ok"], reached, "{tested}");
    }
    desk.servicenow.pass(16 * 60).await.unwrap();
    desk.until_status(&id, "link_sent").await;
    let calls = desk.call("calls", json!({})).await;
    assert_eq!(calls.as_array().unwrap().last().unwrap()["mid"], "mid-utopia");
    let link = desk.mailed(0).await;
    place.claim(&link).await;
});
