//! A verification from opening to its end, over the API and the person's pages.

use crate::support::{Browser, PASSPORT, Place, employee, on_both, opening, passport_picture, selfie_picture};
use ipse_core::id::EvidenceId;
use ipse_core::organization::Role;
use ipse_core::verification::{State, Verification};
use ipse_store::evidence::Evidence;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

on_both!(a_passport_alone_can_decide, |place: Place| async move {
    place.journey("quick", json!({ "birthdate_must_match": true })).await;
    let (id, link) = place.open("quick").await;
    let phone = place.claim(&link).await;
    assert_eq!(place.get(&format!("/v1/verifications/{id}")).await.1["status"], "in_progress");
    let (status, answer) = phone.picture(PASSPORT, passport_picture()).await;
    assert_eq!((status.as_u16(), &answer["accepted"]), (200, &json!(true)), "{answer}");
    let done = place.until(&id, &["succeeded", "failed", "pending_review"]).await;
    assert_eq!(done["status"], "succeeded", "{done}");
    assert_eq!(done["valid"], true);
    assert_eq!(done["facts"]["document_number"], "L898902C3");
    assert_eq!(done["facts"]["identity"]["family_name"], "ERIKSSON");
    let checks = done["reports"][0]["checks"].as_array().unwrap();
    assert!(checks.iter().filter(|check| check["required"] == true).all(|check| check["outcome"] == "pass"));
    assert!(phone.get("/v/session").await.1.contains("Thank you"));

    // A success is relied on for a while only.
    place.clock.advance(SignedDuration::from_mins(31));
    let (_, later) = place.get(&format!("/v1/verifications/{id}")).await;
    assert_eq!((&later["status"], &later["valid"]), (&json!("succeeded"), &json!(false)));
});

on_both!(without_a_face_model_a_reviewer_decides, |place: Place| async move {
    place.journey("full", json!({ "selfie_required": true, "liveness_required": true })).await;
    let (id, link) = place.open("full").await;
    let phone = place.claim(&link).await;
    assert_eq!(phone.picture(PASSPORT, passport_picture()).await.1["accepted"], true);
    assert_eq!(place.get(&format!("/v1/verifications/{id}")).await.1["status"], "in_progress");
    assert_eq!(phone.picture("kind=selfie", selfie_picture()).await.1["accepted"], true);
    let pending = place.until(&id, &["pending_review"]).await;
    let codes: Vec<_> = pending["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].clone()).collect();
    assert_eq!(codes, ["face_not_compared", "liveness_not_performed"]);

    let mut reviewer = place.sign_in(Role::Reviewer).await;
    let case = format!("/console/reviews/{id}");
    let (_, page) = reviewer.get(&case).await;
    let pictures: Vec<_> =
        page.split("src=\"").filter_map(|rest| rest.split('"').next()).filter(|s| s.contains("/evidence/")).collect();
    assert_eq!(pictures.len(), 2);
    let picture = reviewer.raw(pictures[0]).await;
    assert_eq!(picture.headers()["content-type"], "image/jpeg");
    assert_eq!(picture.headers()["cache-control"], "no-store");
    assert_eq!(picture.bytes().await.unwrap(), passport_picture());
    // A reason that is not on the list decides nothing.
    let form = [("decision", "approve"), ("reason", "because"), ("note", "")];
    assert_eq!(reviewer.submit(&case, &case, &form).await.status(), 422);
    let form = [("decision", "approve"), ("reason", "same_person"), ("note", "Seen twice")];
    assert_eq!(reviewer.submit(&case, &case, &form).await.status(), 303);
    let done = place.until(&id, &["succeeded"]).await;
    assert_eq!(done["reviewed"], true);
    assert_eq!(done["assurance"], json!({ "level": 1, "evidence": "document", "pathway": "visual" }));
    // The next reviewer reads what this one wrote; an agent does not.
    let detail = format!("/console/verifications/{id}");
    assert!(reviewer.get(&detail).await.1.contains("Seen twice"));
    assert!(!place.sign_in(Role::Agent).await.get(&detail).await.1.contains("Seen twice"));
    // Twice is once too often.
    assert_eq!(reviewer.submit("/console/reviews", &case, &form).await.status(), 409);

    let events = place.ipse().store.read(&place.organization).await.unwrap().events(&id, 0).await.unwrap();
    let viewed = events.iter().filter(|event| event.kind == "verification.evidence_viewed").count();
    assert_eq!(viewed, 1, "every look is recorded");
    assert!(events.iter().any(|event| event.kind == "verification.case_opened"));
});

on_both!(another_name_fails_and_says_so_in_codes_only, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let mut body = opening("quick", &employee());
    body["subject"]["family_name"] = json!("Larsson");
    let (_, opened) = place.post("/v1/verifications", &body).await;
    let (id, link) = (opened["id"].as_str().unwrap(), opened["link"].as_str().unwrap());
    let phone = place.claim(link).await;
    phone.picture(PASSPORT, passport_picture()).await;
    let done = place.until(id, &["failed"]).await;
    assert_eq!(done["reasons"][0]["code"], "name_mismatch");
    let page = phone.get("/v/session").await.1;
    assert!(!page.to_lowercase().contains("larsson") && !page.to_lowercase().contains("eriksson"), "no value is told");
});

on_both!(the_wrong_document_may_be_replaced_until_attempts_run_out, |place: Place| async move {
    place.journey("abroad", json!({ "countries": ["DEU"], "max_attempts": 2 })).await;
    let (id, link) = place.open("abroad").await;
    let mut phone = place.claim(&link).await;
    phone.picture(PASSPORT, passport_picture()).await;
    let mend = place.until(&id, &["requires_input"]).await;
    assert_eq!(mend["reasons"][0]["code"], "document_country_not_accepted");
    let (_, page) = phone.get("/v/session").await;
    assert!(page.contains("/v/session/retry"));
    assert_eq!(phone.submit("/v/session", "/v/session/retry", &[]).await.status(), 303);
    phone.picture(PASSPORT, passport_picture()).await;
    let done = place.until(&id, &["failed"]).await;
    assert_eq!(done["attempts"], 2);
    assert_eq!(done["reports"].as_array().unwrap().len(), 2, "one report for each attempt");
});

on_both!(this_was_not_me, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let (id, link) = place.open("quick").await;
    let mut phone = Browser::new(&place);
    assert_eq!(phone.post(&format!("{link}/decline"), &[]).await.status(), 200);
    let (_, found) = place.get(&format!("/v1/verifications/{id}")).await;
    assert_eq!((&found["status"], &found["reasons"][0]["code"]), (&json!("declined"), &json!("declined_by_person")));
    assert_eq!(phone.post(&format!("{link}/claim"), &[]).await.status(), 409);

    let (id, link) = place.open("quick").await;
    let mut phone = place.claim(&link).await;
    assert_eq!(phone.submit("/v/session?document_kind=passport", "/v/session/decline", &[]).await.status(), 303);
    assert_eq!(place.get(&format!("/v1/verifications/{id}")).await.1["status"], "declined");
});

on_both!(time_passes, |place: Place| async move {
    place
        .journey(
            "quick",
            json!({ "link_minutes": 10, "session_minutes": 20, "keep_images_hours": 1, "keep_facts_days": 1 }),
        )
        .await;
    let (unopened, _) = place.open("quick").await;
    let (opened, link) = place.open("quick").await;
    let (finished, other) = place.open("quick").await;
    place.claim(&link).await;
    let phone = place.claim(&other).await;
    phone.picture(PASSPORT, passport_picture()).await;
    place.until(&finished, &["succeeded"]).await;

    place.clock.advance(SignedDuration::from_mins(11));
    let expired = place.until(&unopened, &["expired"]).await;
    assert_eq!(expired["reasons"][0]["code"], "link_expired");
    place.clock.advance(SignedDuration::from_mins(10));
    let expired = place.until(&opened, &["expired"]).await;
    assert_eq!(expired["reasons"][0]["code"], "time_expired");

    let evidence = {
        let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
        tx.list_evidence(&finished.parse().unwrap()).await.unwrap().remove(0)
    };
    place.clock.advance(SignedDuration::from_hours(1));
    wait_for(&place, &finished, "verification.images_forgotten").await;
    let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
    assert!(tx.seal_evidence(&evidence.verification, &evidence.id, b"x").await.is_err());
    assert!(tx.facts(&finished.parse().unwrap()).await.unwrap().is_some(), "what was read lives longer");
    drop(tx);
    place.clock.advance(SignedDuration::from_hours(24));
    wait_for(&place, &finished, "verification.redacted").await;
    let (_, found) = place.get(&format!("/v1/verifications/{finished}?expand=facts")).await;
    assert_eq!(found["status"], "succeeded", "the answer outlives the evidence");
    assert!(found["facts"].is_null());
});

async fn wait_for(place: &Place, id: &str, kind: &str) {
    let begun = std::time::Instant::now();
    loop {
        let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
        if tx.count_events(id, kind).await.unwrap() > 0 {
            return;
        }
        drop(tx);
        assert!(begun.elapsed().as_secs() < 20, "no {kind}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

on_both!(redaction_is_final, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let (id, link) = place.open("quick").await;
    let path = format!("/v1/verifications/{id}/redact");
    assert_eq!(place.post(&path, &json!({})).await.0, 409, "not while it runs");
    let phone = place.claim(&link).await;
    phone.picture(PASSPORT, passport_picture()).await;
    place.until(&id, &["succeeded"]).await;
    let (status, redacted) = place.post(&path, &json!({})).await;
    assert_eq!(status, 200, "{redacted}");
    assert!(redacted["redacted_at"].is_string());
    assert_eq!(place.post(&path, &json!({})).await.0, 410);
    assert!(place.get(&format!("/v1/verifications/{id}?expand=facts")).await.1["facts"].is_null());
});

on_both!(an_agent_never_changes_what_the_directory_says, |place: Place| async move {
    place.journey("quick", json!({})).await;
    place.open("quick").await;
    let mut agent = place.sign_in(Role::Agent).await;
    let form = [
        ("external_id", employee().id),
        ("given_name", "Eve"),
        ("family_name", "Impostor"),
        ("birthdate", "2000-01-01"),
        ("email", "eve@example.com"),
        ("journey", "quick"),
        ("purpose", "Reset"),
        ("delivery", "email"),
    ];
    let answer = agent.submit("/console/verifications/new", "/console/verifications", &form).await;
    assert_eq!(answer.status(), 303);
    // Nor does a program that may open verifications, but not change subjects.
    let weak = place.make_key(&place.organization, ["verifications:write"].into_iter()).await;
    let mut body = opening("quick", &employee());
    body["subject"]["family_name"] = json!("Impostor");
    let request = place.client.post(format!("{}/v1/verifications", place.base)).bearer_auth(&weak).json(&body);
    assert_eq!(request.send().await.unwrap().status(), 201);
    let (_, list) = place.get(&format!("/v1/subjects?external_id={}", employee().id)).await;
    let subject = &list["data"][0];
    assert_eq!((&subject["family_name"], &subject["emails"]), (&json!("Eriksson"), &json!([employee().email])));
});

on_both!(a_new_link_starts_with_nothing, |place: Place| async move {
    place.journey("card", json!({ "selfie_required": true })).await;
    let (id, link) = place.open("card").await;
    let thief = place.claim(&link).await;
    assert_eq!(thief.picture(PASSPORT, passport_picture()).await.1["accepted"], true);
    let (_, resent) = place.post(&format!("/v1/verifications/{id}/resend-link"), &json!({})).await;
    let phone = place.claim(resent["link"].as_str().unwrap()).await;
    let (_, page) = phone.get("/v/session").await;
    assert!(page.contains("document_kind=passport"), "the document is asked for again");
});

on_both!(who_asked_through_a_program_may_not_decide_either, |place: Place| async move {
    place.journey("always", json!({ "review_policy": "always" })).await;
    let mut reviewer = place.sign_in(Role::Reviewer).await;
    let people = ipse_server::app::people::list(place.ipse(), &Place::caller(&place.organization)).await.unwrap();
    let me = people.into_iter().find(|person| person.role == Role::Reviewer).unwrap();
    let mut body = opening("always", &employee());
    body["requester"] = json!({ "id": me.email.to_uppercase(), "name": "Me" });
    let (_, opened) = place.post("/v1/verifications", &body).await;
    let id = opened["id"].as_str().unwrap();
    place.claim(opened["link"].as_str().unwrap()).await.picture(PASSPORT, passport_picture()).await;
    place.until(id, &["pending_review"]).await;
    let case = format!("/console/reviews/{id}");
    let form = [("decision", "approve"), ("reason", "same_person"), ("note", "")];
    assert_eq!(reviewer.submit("/console/reviews", &case, &form).await.status(), 403);
    // Somebody else may, and may also say no.
    let mut other = place.sign_in(Role::Reviewer).await;
    let form = [("decision", "reject"), ("reason", "other_person"), ("note", "")];
    assert_eq!(other.submit("/console/reviews", &case, &form).await.status(), 303);
    assert_eq!(place.until(id, &["failed"]).await["reasons"][0]["code"], "reviewer_rejected");
});

on_both!(an_agent_may_not_review_their_own, |place: Place| async move {
    place.journey("full", json!({ "selfie_required": true, "review_policy": "always" })).await;
    let mut agent = place.sign_in(Role::Agent).await;
    // Somebody who starts verifications and reviews does not exist as a role; the rule holds all the same.
    let form = [
        ("external_id", "x"),
        ("given_name", "Anna"),
        ("family_name", "Eriksson"),
        ("journey", "full"),
        ("purpose", "Reset"),
        ("delivery", "none"),
        ("ticket_number", "T-1"),
    ];
    let answer = agent.submit("/console/verifications/new", "/console/verifications", &form).await;
    assert_eq!(answer.status(), 200, "the link is shown once");
    let page = answer.text().await.unwrap();
    let link = page.split(&format!("{}/v/", place.base)).nth(1).unwrap().split(['<', '"', ' ']).next().unwrap();
    let id = page.split("/console/verifications/ver_").nth(1).unwrap();
    let id = format!("ver_{}", &id[..26]);
    let phone = place.claim(&format!("{}/v/{link}", place.base)).await;
    phone.picture(PASSPORT, passport_picture()).await;
    phone.picture("kind=selfie", selfie_picture()).await;
    place.until(&id, &["pending_review"]).await;
    let (status, _) = agent.get(&format!("/console/reviews/{id}")).await;
    assert_eq!(status, 403, "an agent sees no evidence");
    let people = ipse_server::app::people::list(place.ipse(), &Place::caller(&place.organization)).await.unwrap();
    let me = people.into_iter().find(|person| person.role == Role::Agent).unwrap();
    ipse_server::app::people::update(
        place.ipse(),
        &Place::caller(&place.organization),
        &me.id,
        Some(Role::Reviewer),
        None,
    )
    .await
    .unwrap();
    let link = ipse_server::app::people::sign_in_link(place.ipse(), &Place::caller(&place.organization), &me.id)
        .await
        .unwrap();
    let mut promoted = Browser::new(&place);
    promoted.post(&link, &[]).await;
    let case = format!("/console/reviews/{id}");
    let form = [("decision", "approve"), ("reason", "same_person"), ("note", "")];
    let answer = promoted.submit("/console/reviews", &case, &form).await;
    assert_eq!(answer.status(), 403);
    assert_eq!(place.get(&format!("/v1/verifications/{id}")).await.1["status"], "pending_review");
});

on_both!(what_cannot_be_judged_goes_to_a_reviewer, |place: Place| async move {
    place.journey("quick", json!({ "selfie_required": true })).await;
    let (id, link) = place.open("quick").await;
    let phone = place.claim(&link).await;
    assert_eq!(phone.picture(PASSPORT, passport_picture()).await.1["accepted"], true);
    // Findings that this program never wrote, as a damaged disk would leave them.
    let known = id.parse().unwrap();
    let odd = Evidence {
        id: EvidenceId::new(place.ipse().clock.now(), [9; 10]),
        verification: id.parse().unwrap(),
        kind: "document".into(),
        side: None,
        attempt: 1,
        created_at: place.ipse().clock.now(),
        media_type: "image/jpeg".into(),
        sha256: [0; 32],
    };
    let mut tx = place.ipse().store.begin(&place.organization).await.unwrap();
    let verification = tx.hold_verification(&known).await.unwrap().unwrap();
    tx.insert_evidence(&odd, &"not findings").await.unwrap();
    // The way it would stand after the last picture.
    let next = Verification { state: State::Processing, attempts: 1, ..verification.verification };
    tx.update_verification(&next, verification.head).await.unwrap();
    tx.commit().await.unwrap();
    place.ipse().examine.notify_one();
    let found = place.until(&id, &["pending_review"]).await;
    assert_eq!(found["reasons"][0]["code"], "processing_error");
    assert_eq!(found["reports"][0]["checks"], json!([]), "nothing was computed, so nothing is reported");
    let mut reviewer = place.sign_in(Role::Reviewer).await;
    assert_eq!(reviewer.get(&format!("/console/reviews/{id}")).await.0, 200, "a person can look and decide");
    let page = format!("/console/reviews/{id}");
    let answer = reviewer.submit(&page, &page, &[("decision", "reject"), ("reason", "not_legible")]).await;
    assert_eq!(answer.status(), 303);
    place.until(&id, &["failed"]).await;
});

on_both!(a_directory_changed_meanwhile_changes_no_verdict, |place: Place| async move {
    place.journey("quick", json!({ "name_rule": "relaxed" })).await;
    let (id, link) = place.open("quick").await;
    let subject = place.get(&format!("/v1/verifications/{id}")).await.1["subject"].as_str().unwrap().to_owned();
    let mut known = place.get(&format!("/v1/subjects/{subject}")).await.1;
    known["family_name"] = json!("Somebodyelse");
    for read_only in ["id", "created_at", "object"] {
        known.as_object_mut().unwrap().remove(read_only);
    }
    let changed = place.request(Method::PUT, &format!("/v1/subjects/{subject}")).json(&known).send().await.unwrap();
    assert_eq!(changed.status(), 200, "{}", changed.text().await.unwrap());
    place.claim(&link).await.picture(PASSPORT, passport_picture()).await;
    // Held against who was meant when it was asked for, not against what the directory says since.
    assert_eq!(place.until(&id, &["succeeded", "failed", "pending_review"]).await["status"], "succeeded");
});

on_both!(a_document_that_served_somebody_else_is_looked_at, |place: Place| async move {
    place.journey("quick", json!({ "name_rule": "none" })).await;
    let (first, link) = place.open("quick").await;
    place.claim(&link).await.picture(PASSPORT, passport_picture()).await;
    place.until(&first, &["succeeded"]).await;
    // The same person again: nothing to see.
    let (again, link) = place.open("quick").await;
    place.claim(&link).await.picture(PASSPORT, passport_picture()).await;
    place.until(&again, &["succeeded"]).await;
    let mut body = opening("quick", &employee());
    body["subject"]["external_id"] = json!("somebody-else");
    let (_, opened) = place.post("/v1/verifications", &body).await;
    place.claim(opened["link"].as_str().unwrap()).await.picture(PASSPORT, passport_picture()).await;
    let done = place.until(opened["id"].as_str().unwrap(), &["pending_review"]).await;
    assert_eq!(done["reasons"][0]["code"], "document_used_by_another");
    // What was forgotten is not held against anybody.
    for id in [&first, &again] {
        place.post(&format!("/v1/verifications/{id}/redact"), &json!({})).await;
    }
    body["subject"]["external_id"] = json!("a-third");
    let (_, opened) = place.post("/v1/verifications", &body).await;
    place.claim(opened["link"].as_str().unwrap()).await.picture(PASSPORT, passport_picture()).await;
    place.until(opened["id"].as_str().unwrap(), &["succeeded"]).await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_specimen_is_worth_nothing_outside_a_sandbox() {
    let place = Place::new(false, |config| config.documents.allow_specimens = false).await;
    place.journey("quick", json!({})).await;
    let (id, link) = place.open("quick").await;
    place.claim(&link).await.picture(PASSPORT, passport_picture()).await;
    let done = place.until(&id, &["failed"]).await;
    assert_eq!(done["reasons"][0]["code"], "document_is_specimen");
}
