//! The person's way: arriving, proving, going back; and what the relying party is told.

use super::{Party, Person, Returned, authorize, claims, csrf, error_page, namesakes_passport, picture, told};
use crate::support::{Browser, Place, employee, on_both};
use ipse_core::organization::Role;
use jiff::SignedDuration;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

on_both!(case_16_19_20_21_the_whole_way_without_a_client_id, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let mut person = Person::arrive(&okta, &[]).await;
    assert!(!person.authorize.contains("client_id"));
    let cookie = person.browser.cookie.clone();
    assert!(cookie.starts_with("ipse-oidc="), "{cookie}");
    let (status, page) = person.browser.get(&person.here.clone()).await;
    assert_eq!(status, 200);
    assert!(page.contains("Okta") && page.contains("Utopia") && page.contains("Identity check for Okta"), "{page}");
    assert!(!page.contains("00uAda") && !page.contains(&employee().person.family_name), "nothing that was pushed");
    let (_, german) = person.browser.get(&format!("{}?lang=de", person.here)).await;
    assert!(german.contains("lang=\"de\""));
    // Looking begins nothing.
    assert!(place.get("/v1/verifications").await.1["data"].as_array().unwrap().is_empty());

    // 19: a reload before and after the beginning leads to the same way.
    for _ in 0..2 {
        let again = person.browser.go(&person.authorize.clone()).await;
        assert_eq!(
            (again.status().as_u16(), again.headers()["location"].to_str().unwrap()),
            (303, person.here.as_str())
        );
        assert!(!again.headers().contains_key("set-cookie"));
    }
    person.begin().await;
    let again = person.browser.go(&person.authorize.clone()).await;
    assert_eq!(again.headers()["location"].to_str().unwrap(), person.here);
    let (_, page) = person.browser.get(&person.here.clone()).await;
    assert!(page.contains("is under way") && page.contains(&format!("{}/events", person.here)), "{page}");
    assert_eq!(place.get("/v1/verifications").await.1["data"].as_array().unwrap().len(), 1);

    assert_eq!(person.show(picture()).await["status"], "succeeded");
    let back = person.back().await;
    assert_eq!(
        (back.get("state"), back.get("iss"), back.get("error")),
        (Some("af0ifjsldkj"), Some(&*place.base), None)
    );

    // 20: after it has finished neither the address nor the way's page is of use.
    for path in [person.authorize.clone(), person.here.clone()] {
        error_page(person.browser.go(&path).await).await;
    }

    // 21, 31, 33, 34, 35: the token.
    let (status, tokens) = okta.redeem(back.get("code").unwrap(), &[]).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(tokens["token_type"], "Bearer");
    assert!(tokens["expires_in"].as_i64().unwrap() > 0 && tokens["access_token"].is_string());
    let said = okta.claims_of(tokens["id_token"].as_str().unwrap(), Algorithm::RS256).await;
    let names: Vec<&str> = said.keys().map(String::as_str).collect();
    assert_eq!(names, ["aud", "exp", "iat", "iss", "nonce", "sub", "verified_claims"]);
    assert_eq!((&said["sub"], &said["nonce"]), (&json!("00uAda"), &json!("n-0S6_WzA2Mj")));
    let now = place.clock.now().as_second();
    assert!(said["iat"].as_i64().unwrap() <= now && said["exp"].as_i64().unwrap() > now);
    let verified = &said["verified_claims"][0];
    assert_eq!(verified["verification"]["trust_framework"], "IDV-DELEGATED");
    assert_eq!(verified["verification"]["assurance_level"], "VERIFIED");
    assert_eq!(verified["verification"]["verification_process"], json!(person.verification));
    assert!(verified["verification"]["time"].as_str().unwrap().ends_with('Z'));
    let matched = json!({ "fuzzy": true, "value": "MATCHED" });
    assert_eq!(verified["claims"], json!({ "given_name": matched, "family_name": matched }));

    // The chain says what was told, never a value.
    let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
    let events = tx.events(&person.verification, 0).await.unwrap();
    let of = |kind: &str| events.iter().find(|event| event.kind == kind).unwrap_or_else(|| panic!("no {kind}"));
    assert!(of("oidc.requested").data.contains(&okta.id));
    let answered: Value = serde_json::from_str(&of("oidc.answered").data).unwrap();
    assert_eq!((&answered["told"], &answered["claims"][0]["outcome"]), (&json!("proven"), &json!("matched")));
    for event in &events {
        for secret in ["00uAda", &employee().person.family_name, "af0ifjsldkj"] {
            assert!(!event.data.contains(secret), "{}", event.data);
        }
    }
});

on_both!(case_17_18_another_client_and_an_expired_request, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let other = Party::okta(&place, json!({})).await;
    let uri = okta.request_uri(&[]).await;
    let with = |id: &str| format!("{}&client_id={id}", authorize(&uri));
    let mut browser = Browser::new(&place);
    for id in [other.id.as_str(), "nobody"] {
        error_page(browser.go(&with(id)).await).await;
    }
    assert_eq!(browser.go(&with(&okta.id)).await.status(), 303);
    for broken in ["urn:ietf:params:oauth:request_uri:AAAA", "https://evil.example/r", &uri[..uri.len() - 2]] {
        error_page(browser.go(&authorize(broken)).await).await;
    }
    for path in ["/oauth2/authorize", "/oauth2/authorize?client_id=x", "/oauth2/requests/none"] {
        error_page(browser.go(path).await).await;
    }
    let late = okta.request_uri(&[]).await;
    place.clock.advance(SignedDuration::from_secs(61));
    error_page(browser.go(&authorize(&late)).await).await;
});

on_both!(case_22_a_name_that_differs_fails_alone, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let family = employee().person.family_name;
    let asked = claims(json!({
        "given_name": { "value": "Somebody", "fuzzy": true }, "family_name": { "value": family, "fuzzy": true },
    }));
    let said = okta.prove(&[("claims", &asked)], picture()).await;
    assert_eq!(told(&said, "given_name"), ("FAILED", &Value::Null));
    assert_eq!(told(&said, "family_name").1, "MATCHED");
    assert!(!json!(said).to_string().contains("Somebody"));
});

on_both!(case_23_a_failed_verification_is_a_code_that_says_so, |place: Place| async move {
    // This journey compares names itself.
    let okta = Party::okta(&place, json!({ "name_rule": "exact", "max_attempts": 1 })).await;
    let asked = claims(json!({ "given_name": { "value": "Somebody" }, "family_name": { "value": "Else" } }));
    let said = okta.prove(&[("claims", &asked)], picture()).await;
    assert_eq!(told(&said, "given_name"), ("FAILED", &Value::Null));
    assert_eq!(told(&said, "family_name").1, &Value::Null);
});

on_both!(case_24_cancelling_is_access_denied, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    // Before it has begun.
    let mut person = Person::arrive(&okta, &[]).await;
    let here = person.here.clone();
    let answer = person.browser.submit(&here, &format!("{here}/cancel"), &[]).await;
    let back = Returned::new(&answer);
    assert_eq!(
        (back.get("error"), back.get("state"), back.get("code")),
        (Some("access_denied"), Some("af0ifjsldkj"), None)
    );
    error_page(person.browser.go(&here).await).await;
    // From the page that follows along.
    let mut person = Person::arrive(&okta, &[]).await;
    person.begin().await;
    let here = person.here.clone();
    let answer = person.browser.submit(&here, &format!("{here}/cancel"), &[]).await;
    assert_eq!(Returned::new(&answer).get("error"), Some("access_denied"));
    assert_eq!(place.get(&format!("/v1/verifications/{}", person.verification)).await.1["status"], "cancelled");
    // From the capture pages: "this wasn't me".
    let mut person = Person::arrive(&okta, &[]).await;
    person.begin().await;
    assert_eq!(person.browser.submit("/v/session", "/v/session/decline", &[]).await.status(), 303);
    let back = person.back().await;
    assert_eq!((back.get("error"), back.get("state")), (Some("access_denied"), Some("af0ifjsldkj")));
    // The policy of the page lets its form lead to the client.
    let person = Person::arrive(&okta, &[]).await;
    let answer = person.browser.raw(&person.here).await;
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https:;") && policy.contains("script-src 'self';"), "{policy}");
});

on_both!(case_25_time_is_ten_minutes_and_no_more, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let mut person = Person::arrive(&okta, &[]).await;
    person.begin().await;
    place.clock.advance(SignedDuration::from_secs(9 * 60 + 50));
    assert_eq!(person.show(picture()).await["status"], "succeeded");
    assert!(person.back().await.get("code").is_some());

    // Nobody has begun, or shown anything: denied. Nothing is said that was not asked.
    let mut idle = Person::arrive(&okta, &[("login_hint", "00uIdle")]).await;
    let mut slow = Person::arrive(&okta, &[("login_hint", "00uSlow")]).await;
    slow.begin().await;
    place.clock.advance(SignedDuration::from_secs(601));
    for person in [&mut idle, &mut slow] {
        let here = person.here.clone();
        let back = Returned::new(&person.browser.go(&here).await);
        assert_eq!((back.get("error"), back.get("state")), (Some("access_denied"), Some("af0ifjsldkj")));
    }
    let here = idle.here.clone();
    error_page(idle.browser.go(&here).await).await;
});

on_both!(a_reviewer_is_waited_for_and_time_runs_out_for_them_too, |place: Place| async move {
    let okta = Party::okta(&place, json!({ "review_policy": "always" })).await;
    let mut person = Person::arrive(&okta, &[]).await;
    person.begin().await;
    assert_eq!(person.show(picture()).await["status"], "pending_review");
    // The capture page leads to the page that waits.
    let (_, page) = person.browser.get("/v/session").await;
    assert!(page.contains(&format!("0;url={}", person.here)), "{page}");
    let here = person.here.clone();
    let (_, page) = person.browser.get(&here).await;
    assert!(page.contains("Keep this page open") && page.contains("data-state=\"pending_review\""), "{page}");
    let mut reviewer = place.sign_in(Role::Reviewer).await;
    let case = format!("/console/reviews/{}", person.verification);
    let decided = [("decision", "approve"), ("reason", "same_person"), ("note", "")];
    let (_, shown) = reviewer.get(&case).await;
    assert!(shown.contains("name=\"decision\""), "{shown}");
    let answer = reviewer.submit(&case, &case, &decided).await;
    assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
    let code = person.back().await.get("code").unwrap().to_owned();
    let (_, tokens) = okta.redeem(&code, &[]).await;
    let said = okta.claims_of(tokens["id_token"].as_str().unwrap(), Algorithm::RS256).await;
    assert_eq!(told(&said, "given_name").0, "VERIFIED");

    let mut waiting = Person::arrive(&okta, &[]).await;
    waiting.begin().await;
    waiting.show(picture()).await;
    place.clock.advance(SignedDuration::from_secs(601));
    let here = waiting.here.clone();
    let back = Returned::new(&waiting.browser.go(&here).await);
    let (_, tokens) = okta.redeem(back.get("code").unwrap(), &[]).await;
    let said = okta.claims_of(tokens["id_token"].as_str().unwrap(), Algorithm::RS256).await;
    assert_eq!(told(&said, "given_name"), ("FAILED", &Value::Null), "what was looked at and is undecided has failed");
});

on_both!(case_31_32_nonce_and_state_come_back_byte_for_byte, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let state = format!("{}+/=&%#é \"'<>", "s".repeat(1_000));
    let said = okta.prove(&[("nonce", "")], picture()).await;
    assert!(!said.contains_key("nonce"));
    let mut person = Person::arrive(&okta, &[("state", &state), ("nonce", "+/=&% é")]).await;
    person.begin().await;
    person.show(picture()).await;
    let back = person.back().await;
    assert_eq!(back.get("state"), Some(state.as_str()));
    let (_, tokens) = okta.redeem(back.get("code").unwrap(), &[]).await;
    let said = okta.claims_of(tokens["id_token"].as_str().unwrap(), Algorithm::RS256).await;
    assert_eq!(said["nonce"], "+/=&% é");
});

on_both!(case_34_keys_rotate_with_published_overlap, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let kids = async || {
        let keys = place.client.get(format!("{}/oauth2/jwks", place.base)).send().await.unwrap();
        let keys: Value = keys.json().await.unwrap();
        let names = keys["keys"].as_array().unwrap().iter();
        names.filter(|key| key["alg"] == "RS256").map(|key| key["kid"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let advance = async || ipse_server::app::oidc::keys::keep(place.ipse(), false).await.unwrap();
    let first = kids().await;
    assert_eq!(first.len(), 1);
    assert_eq!(advance().await, 0);
    let mut person = Person::arrive(&okta, &[]).await;
    person.begin().await;
    person.show(picture()).await;
    let code = person.back().await.get("code").unwrap().to_owned();
    let (_, old) = okta.redeem(&code, &[]).await;

    place.clock.advance(SignedDuration::from_hours(88 * 24));
    assert_eq!(advance().await, 3, "a successor of each algorithm");
    let both = kids().await;
    assert_eq!(both.len(), 2, "published before it signs");
    place.clock.advance(SignedDuration::from_hours(49));
    assert!(advance().await >= 6);
    let said = okta.prove(&[], picture()).await;
    assert!(said.contains_key("sub"), "signed by the new key, verified by what is published");
    let old = old["id_token"].as_str().unwrap();
    okta.claims_of(old, Algorithm::RS256).await;
    place.clock.advance(SignedDuration::from_hours(49));
    advance().await;
    let last = kids().await;
    assert!(!last.contains(&first[0]) && last.iter().any(|kid| both.contains(kid)), "the old one is gone");
});

on_both!(case_36_two_ways_for_one_hint_do_not_mix, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let mut one = Person::arrive(&okta, &[("state", "one"), ("nonce", "one")]).await;
    let mut two = Person::arrive(&okta, &[("state", "two"), ("nonce", "two")]).await;
    one.begin().await;
    two.begin().await;
    assert_ne!((&one.verification, &one.here), (&two.verification, &two.here));
    two.show(picture()).await;
    one.show(picture()).await;
    for (person, word) in [(&mut one, "one"), (&mut two, "two")] {
        let back = person.back().await;
        assert_eq!(back.get("state"), Some(word));
        let (_, tokens) = okta.redeem(back.get("code").unwrap(), &[]).await;
        let said = okta.claims_of(tokens["id_token"].as_str().unwrap(), Algorithm::RS256).await;
        assert_eq!(said["nonce"], word);
        let process = &said["verified_claims"][0]["verification"]["verification_process"];
        assert_eq!(process, &json!(person.verification));
    }
});

on_both!(a_namesake_with_a_genuine_passport_does_not_pass, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    assert_eq!(told(&okta.prove(&[], picture()).await, "given_name").0, "VERIFIED");
    // The same person again, with the same passport.
    assert_eq!(told(&okta.prove(&[], picture()).await, "given_name").0, "VERIFIED");
    // Somebody of that name, with a passport of their own.
    let mut namesake = Person::arrive(&okta, &[]).await;
    namesake.begin().await;
    let found = namesake.show(namesakes_passport()).await;
    assert_eq!(
        (&found["status"], &found["reasons"][0]["code"]),
        (&json!("pending_review"), &json!("document_not_the_known_one"))
    );
    place.clock.advance(SignedDuration::from_secs(601));
    let here = namesake.here.clone();
    let back = Returned::new(&namesake.browser.go(&here).await);
    let (_, tokens) = okta.redeem(back.get("code").unwrap(), &[]).await;
    let said = okta.claims_of(tokens["id_token"].as_str().unwrap(), Algorithm::RS256).await;
    assert_eq!(told(&said, "given_name"), ("FAILED", &Value::Null));
    // For another person of the client, or whom another client calls the same, it is a first time.
    assert_eq!(
        told(&okta.prove(&[("login_hint", "00uOther")], namesakes_passport()).await, "given_name").0,
        "VERIFIED"
    );
});

on_both!(two_first_times_at_once_and_only_one_is_the_person, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let mut one = Person::arrive(&okta, &[]).await;
    let mut two = Person::arrive(&okta, &[]).await;
    one.begin().await;
    two.begin().await;
    assert_eq!(one.show(picture()).await["status"], "succeeded");
    assert_eq!(two.show(namesakes_passport()).await["status"], "succeeded", "nobody is known yet");
    let mut levels = Vec::new();
    for person in [&mut two, &mut one] {
        let (_, tokens) = okta.redeem(person.back().await.get("code").unwrap(), &[]).await;
        let said = okta.claims_of(tokens["id_token"].as_str().unwrap(), Algorithm::RS256).await;
        levels.push(told(&said, "given_name").0.to_owned());
    }
    assert_eq!(levels, ["VERIFIED", "FAILED"], "who is told first is who is known");
});

on_both!(a_phone_takes_over_and_only_the_first_browser_goes_back, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let mut desk = Person::arrive(&okta, &[]).await;
    desk.begin().await;
    let answer = desk.browser.submit("/v/session", "/v/session/handover", &[]).await;
    let nonce = answer.headers()["location"].to_str().unwrap().split_once("qr=").unwrap().1.to_owned();
    let session = desk.browser.cookie.split("; ").find_map(|pair| pair.strip_prefix("ipse-capture=")).unwrap();
    let link = ipse_server::app::capture::hand_over_link(place.ipse(), session, &nonce);
    let mut phone = Browser::new(&place);
    assert_eq!(phone.post(&link, &[]).await.status(), 303);
    let (_, page) = desk.browser.get("/v/session").await;
    assert!(page.contains("data-live=\"/v/session/events\""), "{page}");
    phone.picture(crate::support::PASSPORT, picture()).await;
    place.until(&desk.verification, &["succeeded"]).await;
    // The phone sees the end, and no way to the client.
    let (_, page) = phone.get("/v/session").await;
    assert!(!page.contains("oauth2") && !page.contains("okta"), "{page}");
    error_page(phone.go(&desk.here).await).await;
    assert!(desk.back().await.get("code").is_some());
});

on_both!(a_page_that_follows_hears_of_the_end, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let mut person = Person::arrive(&okta, &[]).await;
    error_page(person.browser.go(&format!("{}/events", person.here)).await).await;
    person.begin().await;
    let mut stream = person.browser.raw(&format!("{}/events", person.here)).await;
    let first = stream.chunk().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&first).contains("in_progress"), "{first:?}");
    person.show(picture()).await;
    let heard = async {
        loop {
            let chunk = stream.chunk().await.unwrap().expect("the stream goes on");
            if String::from_utf8_lossy(&chunk).contains("succeeded") {
                return;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(15), heard).await.unwrap();
});

on_both!(journeys_are_chosen_by_scope_and_a_face_needs_an_enrolment, |place: Place| async move {
    place.journey("strict", json!({ "name_rule": "none", "review_policy": "always" })).await;
    let face = json!({ "document_kinds": [], "selfie_required": true, "liveness_required": true, "name_rule": "none" });
    place.journey("face", face).await;
    let more = json!({ "journeys": { "idv_flow_strict": "strict", "idv_flow_face": "face" } });
    let okta = Party::new(&place, json!({}), more).await;
    let mut person = Person::arrive(&okta, &[("scope", "openid idv_flow_strict")]).await;
    person.begin().await;
    assert_eq!(person.show(picture()).await["status"], "pending_review");
    // Nobody has enrolled a face, so there is nothing to compare with.
    let mut person = Person::arrive(&okta, &[("scope", "openid idv_flow_face"), ("login_hint", "00uNew")]).await;
    let here = person.here.clone();
    let answer = person.browser.submit(&here, &format!("{here}/begin"), &[]).await;
    assert_eq!(answer.headers()["location"].to_str().unwrap(), here);
    assert_eq!(Returned::new(&person.browser.go(&here).await).get("error"), Some("access_denied"));
});

on_both!(one_hint_opens_no_more_than_ten_an_hour, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    for _ in 0..10 {
        Person::arrive(&okta, &[]).await.begin().await;
    }
    let mut person = Person::arrive(&okta, &[]).await;
    let here = person.here.clone();
    let answer = person.browser.submit(&here, &format!("{here}/begin"), &[]).await;
    assert_eq!(answer.headers()["location"].to_str().unwrap(), here);
    assert_eq!(Returned::new(&person.browser.go(&here).await).get("error"), Some("access_denied"));
    assert_eq!(place.get("/v1/verifications").await.1["data"].as_array().unwrap().len(), 10);
    Person::arrive(&okta, &[("login_hint", "00uOther")]).await.begin().await;
});

on_both!(forms_without_their_token_do_nothing, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let mut person = Person::arrive(&okta, &[]).await;
    let here = person.here.clone();
    let genuine = csrf(&person.browser.get(&here).await.1);
    let mut other = Person::arrive(&okta, &[]).await;
    let foreign = csrf(&other.browser.get(&other.here.clone()).await.1);
    for token in ["", "x", foreign.as_str()] {
        for action in ["begin", "cancel"] {
            error_page(person.browser.post(&format!("{here}/{action}"), &[("csrf", token)]).await).await;
        }
    }
    let url = format!("{}{here}/begin", place.base);
    let request =
        place.client.post(url).header("cookie", &person.browser.cookie).header("sec-fetch-site", "cross-site");
    error_page(request.form(&[("csrf", &genuine)]).send().await.unwrap()).await;
    assert!(place.get("/v1/verifications").await.1["data"].as_array().unwrap().is_empty());
    person.begin().await;
    other.begin().await;
});
