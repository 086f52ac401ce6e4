//! Campaigns over HTTP: who is asked and when, what counts, and that nobody is sent two links at once.

use crate::support::{Browser, PASSPORT, Place, employee, on_both, opening, passport_picture, read};
use ipse_core::organization::Role;
use ipse_server::app::campaigns::advance;
use jiff::{SignedDuration, ToSpan as _};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Three people with administrator's rights: one who is who they say, one who is not, one whom no link reaches.
const ANNA: &str = "anna@example.com";
const BOB: &str = "bob@example.com";

async fn people(place: &Place) {
    place.journey("review", json!({ "link_minutes": 10_080 })).await;
    let known = opening("review", &employee())["subject"].clone();
    for (id, name, emails) in [("anna", "Eriksson", json!([ANNA])), ("bob", "Bobson", json!([BOB]))]
        .into_iter()
        .chain([("carol", "Carolson", json!([]))])
    {
        let mut subject = known.clone();
        subject["external_id"] = json!(id);
        subject["family_name"] = json!(name);
        subject["emails"] = emails;
        subject["labels"] = json!(["staff", "privileged"]);
        let (status, made) = place.post("/v1/subjects", &subject).await;
        assert_eq!((status.as_u16(), &made["labels"]), (201, &json!(["privileged", "staff"])), "{made}");
    }
}

fn in_days(place: &Place, days: i64) -> String {
    place.clock.now().checked_add((24 * days).hours()).unwrap().to_string()
}

fn wanted(place: &Place) -> Value {
    json!({
        "name": "Access Q4", "journey": "review", "purpose": "Keep your access", "label": "privileged",
        "due_at": in_days(place, 10), "remind_days": [1, 7],
    })
}

async fn begin(place: &Place) -> String {
    let (status, begun) = place.post("/v1/campaigns", &wanted(place)).await;
    assert_eq!(status, 201, "{begun}");
    assert_eq!((&begun["status"], &begun["remind_days"]), (&json!("open"), &json!([7, 1])));
    assert_eq!((&begun["members"]["total"], &begun["members"]["waiting"]), (&json!(3), &json!(3)));
    begun["id"].as_str().unwrap().to_owned()
}

async fn until(what: &str, done: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !done().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "never: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until so many members stand there.
async fn until_members(place: &Place, id: &str, state: &str, count: u64) {
    let what = format!("{count} {state}");
    let path = format!("/v1/campaigns/{id}");
    until(&what, async || place.get(&path).await.1["members"][state] == json!(count)).await;
}

async fn member(place: &Place, id: &str, external_id: &str) -> Value {
    let (_, subjects) = place.get(&format!("/v1/subjects?external_id={external_id}")).await;
    let (_, members) = place.get(&format!("/v1/campaigns/{id}/members")).await;
    let members = members["data"].as_array().unwrap().clone();
    members.into_iter().find(|member| member["subject"] == subjects["data"][0]["id"]).unwrap()
}

/// The links somebody was sent, once there are so many.
async fn links(place: &Place, to: &str, count: usize) -> Vec<String> {
    let all = || -> Vec<String> {
        let mails = place.sandbox.partners.mailbox.all();
        mails.iter().filter(|mail| mail.to == to).map(|mail| mail.links().remove(0)).collect()
    };
    until(&format!("{count} mails to {to}"), async || all().len() >= count).await;
    all()
}

/// Every server and every turn of the job at once.
async fn many_turns(place: &Place) {
    let turns = (0..6).map(|_| {
        let ipse = place.ipse().clone();
        tokio::spawn(async move { advance(&ipse).await.unwrap() })
    });
    for turn in turns.collect::<Vec<_>>() {
        turn.await.unwrap();
    }
}

async fn events(place: &Place, stream: &str, kind: &str) -> u64 {
    place.ipse().store.read(&place.organization).await.unwrap().count_events(stream, kind).await.unwrap()
}

async fn show_passport(place: &Place, link: &str) {
    let phone = place.claim(link).await;
    assert_eq!(phone.picture(PASSPORT, passport_picture()).await.1["accepted"], true);
}

on_both!(asked_reminded_and_counted, |place: Place| async move {
    people(&place).await;
    // What was shown before the campaign began is no answer to it.
    let mut before = opening("review", &employee());
    before["subject"] = json!({ "id": place.get("/v1/subjects?external_id=anna").await.1["data"][0]["id"] });
    let (_, earlier) = place.post("/v1/verifications", &before).await;
    show_passport(&place, earlier["link"].as_str().unwrap()).await;
    place.until(earlier["id"].as_str().unwrap(), &["succeeded"]).await;

    let id = begin(&place).await;
    many_turns(&place).await;
    until_members(&place, &id, "asked", 2).await;
    until_members(&place, &id, "unreachable", 1).await;
    assert_eq!(member(&place, &id, "carol").await["refusal"], "no_contact");
    let anna = member(&place, &id, "anna").await;
    assert_eq!((&anna["status"], &anna["verification_status"]), (&json!("asked"), &json!("link_sent")));
    let first = anna["verification"].as_str().unwrap().to_owned();
    let (_, verification) = place.get(&format!("/v1/verifications/{first}")).await;
    assert_eq!(
        verification["record"],
        json!({ "system": "ipse", "table": "campaign", "id": id, "number": "Access Q4" })
    );
    let bobs = links(&place, BOB, 1).await;
    assert_eq!(Browser::new(&place).post(&format!("{}/decline", bobs[0]), &[]).await.status(), 200);
    until_members(&place, &id, "declined", 1).await;

    // The day before the first reminder nothing happens; on the day everybody who has not answered gets one link.
    place.clock.advance(SignedDuration::from_hours(2 * 24));
    many_turns(&place).await;
    assert_eq!((links(&place, ANNA, 1).await.len(), links(&place, BOB, 1).await.len()), (1, 1));
    place.clock.advance(SignedDuration::from_hours(24));
    many_turns(&place).await;
    until_members(&place, &id, "asked", 2).await;
    let (annas, bobs) = (links(&place, ANNA, 2).await, links(&place, BOB, 2).await);
    assert_eq!((annas.len(), bobs.len()), (2, 2));
    let anna = member(&place, &id, "anna").await;
    assert_eq!(anna["verification"], json!(first), "an open one is not opened twice");
    assert_eq!(events(&place, &first, "verification.link_sent").await, 2);
    assert_eq!(
        place.client.post(format!("{}/claim", annas[0])).send().await.unwrap().status(),
        404,
        "the old link died"
    );

    show_passport(&place, &annas[1]).await;
    show_passport(&place, &bobs[1]).await;
    until_members(&place, &id, "succeeded", 1).await;
    until_members(&place, &id, "failed", 1).await;

    // Whoever could not be reached is tried again at the next reminder; who has answered is left alone.
    let carol = place.get("/v1/subjects?external_id=carol").await.1["data"][0]["id"].as_str().unwrap().to_owned();
    let found = json!({ "external_id": "carol", "emails": ["carol@example.com"] });
    let put = place.request(Method::PUT, &format!("/v1/subjects/{carol}")).json(&found);
    assert_eq!(read(put.send().await.unwrap()).await.1["labels"], json!([]), "a PUT replaces labels");
    place.clock.advance(SignedDuration::from_hours(6 * 24));
    many_turns(&place).await;
    until_members(&place, &id, "asked", 1).await;
    assert_eq!(links(&place, "carol@example.com", 1).await.len(), 1);
    assert_eq!((links(&place, ANNA, 2).await.len(), links(&place, BOB, 2).await.len()), (2, 2));
    let (_, failed) = place.get(&format!("/v1/campaigns/{id}/members?status=failed")).await;
    assert_eq!(failed["data"].as_array().unwrap().len(), 1);
    assert_eq!(failed["data"][0]["subject"], member(&place, &id, "bob").await["subject"]);
    let (_, page) = place.get(&format!("/v1/campaigns/{id}/members?limit=2")).await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let (_, rest) = place.get(&format!("/v1/campaigns/{id}/members?limit=2&cursor={cursor}")).await;
    assert_eq!((page["data"].as_array().unwrap().len(), rest["data"].as_array().unwrap().len()), (2, 1));

    // The day comes.
    place.clock.advance(SignedDuration::from_hours(24));
    many_turns(&place).await;
    let (_, done) = place.get(&format!("/v1/campaigns/{id}")).await;
    assert_eq!((&done["status"], &done["members"]["succeeded"]), (&json!("finished"), &json!(1)));
    assert_eq!(place.post(&format!("/v1/campaigns/{id}/cancel"), &json!({})).await.1["code"], "wrong_state");
    for (kind, count) in [("campaign.created", 1), ("campaign.finished", 1), ("campaign.cancelled", 0)] {
        assert_eq!(events(&place, place.organization.as_str(), kind).await, count, "{kind}");
    }
    assert_eq!(links(&place, "carol@example.com", 1).await.len(), 1);
});

on_both!(taken_back_it_reminds_nobody, |place: Place| async move {
    people(&place).await;
    let id = begin(&place).await;
    links(&place, ANNA, 1).await;
    links(&place, BOB, 1).await;
    let (status, cancelled) = place.post(&format!("/v1/campaigns/{id}/cancel"), &json!({})).await;
    assert_eq!((status.as_u16(), &cancelled["status"]), (200, &json!("cancelled")));
    assert_eq!(place.post(&format!("/v1/campaigns/{id}/cancel"), &json!({})).await.0, 409);
    place.clock.advance(SignedDuration::from_hours(4 * 24));
    many_turns(&place).await;
    assert_eq!((links(&place, ANNA, 1).await.len(), links(&place, BOB, 1).await.len()), (1, 1));
    place.clock.advance(SignedDuration::from_hours(8 * 24));
    many_turns(&place).await;
    assert_eq!(place.get(&format!("/v1/campaigns/{id}")).await.1["status"], "cancelled", "it does not finish as well");
    assert_eq!(events(&place, place.organization.as_str(), "campaign.finished").await, 0);
});

on_both!(begun_once, |place: Place| async move {
    people(&place).await;
    let wanted = wanted(&place);
    let send = async || {
        let request = place.request(Method::POST, "/v1/campaigns").header("idempotency-key", "q4").json(&wanted);
        read(request.send().await.unwrap()).await
    };
    let (first, again) = (send().await, send().await);
    assert_eq!(first.0, 201, "{first:?}");
    assert_eq!(first, again);
    assert_eq!(place.get("/v1/campaigns").await.1["data"].as_array().unwrap().len(), 1);
    until_members(&place, first.1["id"].as_str().unwrap(), "asked", 2).await;
    assert_eq!(links(&place, ANNA, 1).await.len(), 1);
});

on_both!(what_is_wrong_is_refused_by_its_field, |place: Place| async move {
    people(&place).await;
    let (_, elsewhere) = place.stranger().await;
    let theirs = place.client.post(format!("{}/v1/subjects", place.base)).bearer_auth(&elsewhere);
    let (_, theirs) = read(theirs.json(&json!({ "external_id": "eve" })).send().await.unwrap()).await;
    let null = Value::Null;
    for (patch, status, code, field) in [
        (json!({ "name": "" }), 422, "invalid_field", "name"),
        (json!({ "name": "x".repeat(81) }), 422, "invalid_field", "name"),
        (json!({ "purpose": "" }), 422, "invalid_field", "purpose"),
        (json!({ "journey": "none" }), 404, "not_found", ""),
        (json!({ "delivery": "none" }), 422, "invalid_field", "delivery"),
        (json!({ "delivery": "pigeon" }), 422, "invalid_field", "delivery"),
        (json!({ "due_at": in_days(&place, 0) }), 422, "invalid_field", "due_at"),
        (json!({ "due_at": in_days(&place, 367) }), 422, "invalid_field", "due_at"),
        (json!({ "due_at": "soon" }), 422, "malformed_request", ""),
        (json!({ "remind_days": [10] }), 422, "invalid_field", "remind_days"),
        (json!({ "remind_days": [1, 1] }), 422, "invalid_field", "remind_days"),
        (json!({ "remind_days": [1, 2, 3, 4, 5, 6] }), 422, "invalid_field", "remind_days"),
        (json!({ "label": "Not a label" }), 422, "invalid_field", "label"),
        (json!({ "label": "nobody" }), 422, "invalid_field", "label"),
        (json!({ "label": null }), 422, "invalid_field", "label"),
        (json!({ "external_ids": ["anna"] }), 422, "invalid_field", "label"),
        (json!({ "label": null, "external_ids": ["anna", "nobody"] }), 422, "invalid_field", "external_ids"),
        (json!({ "label": null, "external_ids": [] }), 422, "invalid_field", "external_ids"),
        (json!({ "label": null, "external_ids": vec!["a"; 10_001] }), 422, "invalid_field", "external_ids"),
        (json!({ "label": null, "subjects": ["anna"] }), 422, "invalid_field", "subjects"),
        (json!({ "label": null, "subjects": [theirs["id"]] }), 422, "invalid_field", "subjects"),
        (json!({ "requester": { "name": "" } }), 422, "invalid_field", "requester.name"),
        (json!({ "surprise": 1 }), 422, "malformed_request", ""),
    ] {
        let mut body = wanted(&place);
        body.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
        let (got, answer) = place.post("/v1/campaigns", &body).await;
        let found = answer.get("field").unwrap_or(&null).as_str().unwrap_or_default();
        assert_eq!((got.as_u16(), answer["code"].as_str().unwrap(), found), (status, code, field), "{patch}: {answer}");
    }
    assert_eq!(place.get("/v1/campaigns").await.1["data"], json!([]), "nothing is left of them");
    assert!(place.sandbox.partners.mailbox.all().is_empty());
    let (status, answer) = place.get("/v1/subjects?label=Not%20one").await;
    assert_eq!((status.as_u16(), &answer["field"]), (422, &json!("label")));
    let (_, labelled) = place.get("/v1/subjects?label=privileged&limit=2").await;
    assert_eq!((labelled["data"].as_array().unwrap().len(), &labelled["has_more"]), (2, &json!(true)));
    let (status, answer) = place.post("/v1/subjects", &json!({ "external_id": "x", "labels": ["Ä"] })).await;
    assert_eq!((status.as_u16(), &answer["field"]), (422, &json!("labels")));

    // A list may be as long as a campaign; known by either kind of id.
    let anna = place.get("/v1/subjects?external_id=anna").await.1["data"][0]["id"].clone();
    for list in [json!({ "subjects": [anna, anna] }), json!({ "external_ids": vec!["anna"; 10_000] })] {
        let mut body = wanted(&place);
        body["label"] = null.clone();
        body.as_object_mut().unwrap().extend(list.as_object().unwrap().clone());
        let (status, begun) = place.post("/v1/campaigns", &body).await;
        assert_eq!((status.as_u16(), &begun["members"]["total"]), (201, &json!(1)), "{begun}");
    }
});

on_both!(no_face_and_too_new_a_contact_are_told, |place: Place| async move {
    people(&place).await;
    let rules =
        json!({ "document_kinds": [], "selfie_required": true, "liveness_required": true, "name_rule": "none" });
    place.journey("face", rules).await;
    place.journey("settled", json!({ "min_contact_age_days": 30 })).await;
    for (journey, code) in [("face", "not_enrolled"), ("settled", "contact_too_new")] {
        let mut body = wanted(&place);
        body["journey"] = json!(journey);
        let (_, begun) = place.post("/v1/campaigns", &body).await;
        let id = begun["id"].as_str().unwrap_or_else(|| panic!("{begun}"));
        until_members(&place, id, "unreachable", 3).await;
        assert_eq!(member(&place, id, "anna").await["refusal"], code);
        assert!(member(&place, id, "anna").await["verification"].is_null(), "what was begun is undone");
    }
    assert!(place.get("/v1/verifications").await.1["data"].as_array().unwrap().is_empty());
});

on_both!(an_upsert_keeps_labels, |place: Place| async move {
    people(&place).await;
    let mut body = opening("review", &employee());
    body["subject"] = json!({ "external_id": "anna", "given_name": "Anna" });
    assert_eq!(place.post("/v1/verifications", &body).await.0, 201);
    let labels = async || place.get("/v1/subjects?external_id=anna").await.1["data"][0]["labels"].clone();
    assert_eq!(labels().await, json!(["privileged", "staff"]));
    body["subject"]["labels"] = json!(["leaver"]);
    assert_eq!(place.post("/v1/verifications", &body).await.0, 201);
    assert_eq!(labels().await, json!(["leaver"]));
});

on_both!(the_console_runs_a_campaign, |place: Place| async move {
    people(&place).await;
    let mut admin = place.sign_in(Role::Admin).await;
    let (new, all) = ("/console/campaigns/new", "/console/campaigns");
    let due = in_days(&place, 10)[..10].to_owned();
    let form = [
        ("name", "Access Q4"),
        ("journey", "review"),
        ("purpose", "Keep your access"),
        ("label", ""),
        ("external_ids", "anna\r\n bob \r\n\r\ncarol"),
        ("due_at", due.as_str()),
        ("remind_days", "1, 7"),
        ("delivery", "email"),
    ];
    for (field, value) in [("external_ids", "nobody"), ("label", "privileged"), ("due_at", ""), ("remind_days", "x")] {
        let bad = form.map(|(name, typed)| (name, if name == field { value } else { typed }));
        let answer = admin.submit(new, all, &bad).await;
        assert_eq!(answer.status(), 422, "{field}");
        let page = answer.text().await.unwrap();
        assert!(page.contains(&format!("href=\"#{field}\"")) && page.contains("value=\"Access Q4\""), "{field}");
    }
    let answer = admin.submit(new, all, &form).await;
    assert_eq!(answer.status(), 303, "{:?}", answer.text().await);
    let page = answer.headers()["location"].to_str().unwrap().to_owned();
    let id = page.rsplit('/').next().unwrap();
    until_members(&place, id, "unreachable", 1).await;
    until_members(&place, id, "asked", 2).await;
    let (_, shown) = admin.get(&page).await;
    assert!(shown.contains("0 of 3") && shown.contains("No contact") && shown.contains("Carolson"), "{shown}");
    let (_, narrowed) = admin.get(&format!("{page}?status=asked")).await;
    assert!(narrowed.contains("Bobson") && !narrowed.contains("Carolson") && narrowed.contains("Link sent"));
    assert!(admin.get(all).await.1.contains("0 of 3"));
    // An agent reads, and changes nothing.
    let mut agent = place.sign_in(Role::Agent).await;
    let (status, read) = agent.get(&page).await;
    assert!(status == 200 && read.contains("Bobson") && !read.contains(&format!("{page}/cancel")));
    assert_eq!(agent.submit("/console/passkeys", &format!("{page}/cancel"), &[]).await.status(), 403);
    assert_eq!(admin.submit(&page, &format!("{page}/cancel"), &[]).await.status(), 303);
    assert!(admin.get(&page).await.1.contains("Cancelled"));
});
