//! The webhook: what is forged, replayed, late, contradictory, doubled or out of order changes nothing.

use super::*;
use crate::support::opening;

on_both!(what_is_forged_is_refused, |place: Place| async move {
    let desk = Desk::new(&place).await;
    let id = desk.incident().await;
    let (_, session) = desk.begun(&id).await;
    desk.until_status(&id, "link_sent").await;
    let secret = desk.secret().await;
    let body = event("succeeded", &session, &id, 99).to_string();
    let now = desk.now();
    let good = headers(&secret, "evt_1", now, &body);
    let other = headers(&format!("whsec_{}", STANDARD.encode([7; 32])), "evt_1", now, &body);
    let without = |name: &str| good.iter().filter(|(known, _)| *known != name).cloned().collect::<Vec<_>>();
    let forged = [
        ("no headers", Vec::new(), body.clone()),
        ("another secret", other.to_vec(), body.clone()),
        ("another body", good.to_vec(), body.replace("INC0001001", "INC0001002")),
        ("a space more", good.to_vec(), format!("{body} ")),
        ("truncated", good.to_vec(), body[..body.len() - 1].to_owned()),
        ("empty", good.to_vec(), String::new()),
        ("no id", without("webhook-id"), body.clone()),
        ("no time", without("webhook-timestamp"), body.clone()),
        ("no signature", without("webhook-signature"), body.clone()),
        ("another id", [&[("webhook-id", "evt_2".to_owned())], &good[1..]].concat(), body.clone()),
        ("late", headers(&secret, "evt_1", now - 301, &body).to_vec(), body.clone()),
        ("early", headers(&secret, "evt_1", now + 360, &body).to_vec(), body.clone()),
    ];
    for (what, headers, body) in forged {
        assert_eq!(desk.post(&headers, body).await, 401, "{what}");
    }
    let long = format!("{body}{}", " ".repeat(65_536));
    assert_eq!(desk.post(&headers(&secret, "evt_1", now, &long), long.clone()).await, 401, "too long");
    let garbled = "{\"type\":".to_owned();
    assert_eq!(desk.post(&headers(&secret, "evt_1", now, &garbled), garbled.clone()).await, 400);
    assert_eq!(desk.status(&id).await, "link_sent");
    assert!(desk.field(&id).await.starts_with("In Progress - "));
    let get = place.client.get(format!("{}/api/x_ipse_idv/webhook", place.sandbox.url())).send().await.unwrap();
    assert_eq!(get.status(), 404, "the operation takes nothing but POST");
    // The same, with a good signature, would have been believed: nothing above was refused for another reason.
    assert_eq!(desk.post(&good, body).await, 200);
    assert_eq!(desk.status(&id).await, "success");
});

on_both!(what_is_not_about_this_ticket_is_not_believed, |place: Place| async move {
    let desk = Desk::new(&place).await;
    let id = desk.incident().await;
    let (_, session) = desk.begun(&id).await;
    desk.until_status(&id, "link_sent").await;
    let secret = desk.secret().await;
    // A verification of another company, and one of ours that was opened elsewhere.
    let (_, key) = place.stranger().await;
    let stranger = json!({ "key": "quick", "name": "q", "rules": { "document_kinds": ["passport"], "selfie_required": false, "liveness_required": false } });
    let made = place.client.post(format!("{}/v1/journeys", place.base)).bearer_auth(&key).json(&stranger).send().await;
    assert_eq!(made.unwrap().status(), 201);
    let request = place.client.post(format!("{}/v1/verifications", place.base)).bearer_auth(&key);
    let (_, theirs) = crate::support::read(request.json(&opening("quick", &employee())).send().await.unwrap()).await;
    let (elsewhere, _) = place.open("quick").await;
    for other in [theirs["id"].as_str().unwrap(), &elsewhere, "ver_nobody", ""] {
        assert_eq!(desk.signed(&secret, "evt_1", &event("succeeded", other, &id, 9)).await, 404, "{other}");
    }
    // The right verification, said to be about another record or another system.
    let other = desk.incident().await;
    assert_eq!(desk.signed(&secret, "evt_2", &event("succeeded", &session, &other, 9)).await, 404);
    let mut foreign = event("succeeded", &session, &id, 9);
    foreign["data"]["record"]["system"] = json!("jira");
    assert_eq!(desk.signed(&secret, "evt_3", &foreign).await, 404);
    // Words that nobody knows, and a success that another event claims.
    for (kind, status, answer) in [
        ("verification.exploded", "exploded", 202),
        ("journey.created", "succeeded", 202),
        ("verification.processing", "succeeded", 200),
    ] {
        let mut odd = event(status, &session, &id, 9);
        odd["type"] = json!(kind);
        assert_eq!(desk.signed(&secret, "evt_4", &odd).await, answer, "{kind}");
    }
    // What only claims a success is asked after, and the server says otherwise.
    until("the question", async || desk.verification(&id).await["checked_at"].is_string()).await;
    assert_eq!((desk.status(&id).await, desk.field(&other).await), ("link_sent".to_owned(), String::new()));
});

on_both!(doubled_late_and_contradictory_news_change_nothing, |place: Place| async move {
    let desk = Desk::new(&place).await;
    let id = desk.incident().await;
    let (link, session) = desk.begun(&id).await;
    desk.until_status(&id, "link_sent").await;
    let secret = desk.secret().await;
    let notes = async || desk.row("incident", &id).await["work_notes"].as_str().unwrap().len();
    // Out of order: what was overtaken does not come back.
    assert_eq!(desk.signed(&secret, "evt_b", &event("in_progress", &session, &id, 80)).await, 200);
    assert_eq!(desk.status(&id).await, "in_progress");
    let before = notes().await;
    for (name, status, sequence) in
        [("evt_a", "link_sent", 70), ("evt_b", "in_progress", 80), ("evt_c", "pending_review", 80)]
    {
        assert_eq!(desk.signed(&secret, name, &event(status, &session, &id, sequence)).await, 200);
        assert_eq!((desk.status(&id).await, notes().await), ("in_progress".to_owned(), before), "{name}");
    }
    // The decision comes from the server: its sequence was overtaken by ours, so the form asks for it.
    desk.show(&link, &employee()).await;
    place.until(&session, &["succeeded"]).await;
    desk.servicenow.pass(31).await.unwrap();
    assert_eq!(desk.ask(AGENT, "status", &id, json!({})).await["ok"], true);
    desk.until_field(&id, "Success - ").await;
    let (field, before) = (desk.field(&id).await, notes().await);
    for (name, status, sequence) in [
        ("evt_d", "failed", 200),
        ("evt_e", "in_progress", 201),
        ("evt_f", "expired", 202),
        ("evt_g", "succeeded", 203),
    ] {
        assert_eq!(desk.signed_later(&secret, name, &event(status, &session, &id, sequence), 31).await, 200);
        assert_eq!((desk.field(&id).await, notes().await), (field.clone(), before), "{name}");
    }
    assert!(desk.warnings().await.contains("are not believed"));
});

on_both!(a_replayed_success_opens_nothing_twice, |place: Place| async move {
    let desk = Desk::new(&place).await;
    let id = desk.incident().await;
    let (link, session) = desk.begun(&id).await;
    desk.show(&link, &employee()).await;
    desk.until_field(&id, "Success - ").await;
    // What the server sent, sent again by somebody who listened.
    let heard = desk.call("received", json!({})).await;
    let genuine = heard.as_array().unwrap().iter().find(|one| one["type"] == "verification.succeeded").unwrap().clone();
    let body = genuine["body"].as_str().unwrap().to_owned();
    assert!(body.contains(&session) && body.is_ascii());
    // The ticket is asked for anew; the old success is not the new one's.
    let (_, next) = desk.begun(&id).await;
    assert_ne!(next, session);
    desk.until_field(&id, "In Progress - ").await;
    let secret = desk.secret().await;
    let replay = headers(&secret, genuine["id"].as_str().unwrap(), desk.now(), &body);
    assert_eq!(desk.post(&replay, body).await, 200);
    assert!(desk.field(&id).await.starts_with("In Progress - "));
    assert_eq!(desk.status(&id).await, "link_sent");
});

on_both!(a_rotated_secret_is_good_for_a_day, |place: Place| async move {
    let desk = Desk::new(&place).await;
    let old = desk.secret().await;
    let rotated = desk.admin("connectWebhook", json!({})).await;
    assert_eq!(rotated["ok"], true, "{rotated}");
    let new = desk.secret().await;
    assert_ne!(old, new);
    let test = json!({ "type": "webhook.test", "data": {} });
    for secret in [&old, &new] {
        assert_eq!(desk.signed(secret, "evt_1", &test).await, 200);
    }
    // The server signs with both, so nothing is lost meanwhile.
    let id = desk.incident().await;
    let (link, _) = desk.begun(&id).await;
    desk.show(&link, &employee()).await;
    desk.until_field(&id, "Success - ").await;
    let day = 24 * 3600 + 1;
    desk.servicenow.pass(day).await.unwrap();
    assert_eq!(desk.signed_later(&old, "evt_2", &test, day).await, 401);
    assert_eq!(desk.signed_later(&new, "evt_3", &test, day).await, 200);
});

on_both!(without_a_secret_nothing_is_believed, |place: Place| async move {
    let desk = Desk { place: &place, servicenow: &place.sandbox.partners.servicenow };
    let secret = format!("whsec_{}", STANDARD.encode([7; 32]));
    assert_eq!(desk.signed(&secret, "evt_1", &json!({ "type": "webhook.test" })).await, 503);
});
