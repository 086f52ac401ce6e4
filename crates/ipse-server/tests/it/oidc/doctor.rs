//! `ipse doctor okta`: what is wrong, and what each denial means.

use super::connect::Admin;
use super::{Person, picture};
use crate::support::Place;
use ipse_sandbox::directory::employees;
use ipse_sandbox::okta::Reason;
use ipse_sandbox::specimen::{Camera, passport, photograph};
use reqwest::Method;
use serde_json::json;

fn doctor(admin: &Admin<'_>) -> (bool, String) {
    let org = admin.place.sandbox.url();
    admin.ipse(&["doctor", "okta", "--org", &org, "--loopback", "--client", &admin.party.id])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_in_okta_is_named() {
    let place = Place::new(false, |_| {}).await;
    let admin = Admin::new(&place).await;
    let (ok, said) = doctor(&admin);
    assert!(!ok && said.contains("FAIL  identity provider: none"), "{said}");
    assert!(admin.connect(&["--apply"]).0);
    let (ok, said) = doctor(&admin);
    assert!(!ok && said.contains("no active rule leads to \"Ipse\""), "{said}");
    assert!(admin.connect(&["--apply", "--group", "Pilot"]).0);
    let (ok, said) = doctor(&admin);
    assert!(!ok && said.contains("FAIL  password policies: none leaves recovery"), "{said}");
    assert!(admin.connect_pilot(&["--apply"]).0);
    let (ok, said) = doctor(&admin);
    assert!(ok && !said.contains("FAIL") && said.contains("0 let in and 0 denied"), "{said}");
    assert!(said.contains("can be proven: birthdate, family_name, given_name, middle_name"), "{said}");
    let changes = admin.changes();

    let (idps, ..) = admin.state().await;
    let id = idps[0]["id"].as_str().unwrap();
    let (_, mappings) = admin.okta(Method::GET, &format!("/mappings?targetId={id}"), None).await;
    let mapping = format!("/mappings/{}", mappings[0]["id"].as_str().unwrap());
    let change = json!({ "properties": { "email": { "expression": "user.email" }, "family_name": null } });
    assert_eq!(admin.okta(Method::POST, &mapping, Some(&change)).await.0, 200);
    let mut idp = idps[0].clone();
    idp["protocol"]["issuer"]["url"] = json!(format!("{}/", place.base));
    idp["protocol"]["scopes"] = json!(["openid", "profile", "identity_assurance", "idv_flow_gone"]);
    idp["protocol"]["credentials"]["client"]["client_secret"] = json!("typed by hand");
    assert_eq!(admin.okta(Method::PUT, &format!("/idps/{id}"), Some(&idp)).await.0, 200);
    assert_eq!(admin.okta(Method::POST, &format!("/idps/{id}/lifecycle/deactivate"), None).await.0, 200);
    let (ok, said) = doctor(&admin);
    assert!(!ok, "{said}");
    for wrong in [
        "is not active",
        &format!("protocol.issuer.url is \"{}/\", but Ipse serves \"{}\"", place.base, place.base),
        "asks for the scope idv_flow_gone",
        "email is mapped, but no document proves it",
        "family_name is not mapped",
    ] {
        assert!(said.contains(wrong), "{wrong}: {said}");
    }
    assert_eq!(admin.changes().len(), changes.len() + 3, "a doctor only looks");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_denial_is_explained() {
    let place = Place::new(false, |_| {}).await;
    let admin = Admin::new(&place).await;
    assert!(admin.connect_pilot(&["--apply"]).0);
    let okta = &place.sandbox.partners.okta;
    // What is between Okta and one person is no fault of the deployment.
    let persons = [
        Reason::ClaimsNotVerified,
        Reason::GivenNameNotVerified,
        Reason::FamilyNameNotVerified,
        Reason::ErrorResponse,
        Reason::MissingAuthStateToken,
    ];
    for reason in persons {
        okta.deny(reason);
    }
    okta.deny(Reason::ClaimsNotVerified);
    let (ok, said) = doctor(&admin);
    assert!(ok && said.contains("0 let in and 6 denied"), "{said}");
    assert!(said.contains("note  DENY CLAIMS_NOT_VERIFIED, 2 times: Ipse did not verify this person"), "{said}");
    for reason in Reason::ALL {
        okta.deny(reason);
    }
    let (ok, said) = doctor(&admin);
    assert!(!ok, "{said}");
    for reason in Reason::ALL {
        let persons = persons.contains(&reason);
        let line = format!("{}  DENY {}, ", if persons { "note" } else { "FAIL" }, reason.as_str());
        let line = said.lines().find(|known| known.starts_with(&line)).unwrap_or_else(|| panic!("{reason:?}: {said}"));
        assert!(!line.contains("does not know the reason") && line.len() > 100, "{line}");
    }
    assert!(!said.contains("@utopia.example"), "nobody is named: {said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_that_okta_has_wrong_shows_as_what_okta_logs() {
    let place = Place::new(false, |_| {}).await;
    let admin = Admin::new(&place).await;
    assert!(admin.connect_pilot(&["--apply"]).0);
    for _ in 0..2 {
        let path = format!("/v1/clients/{}/rotate-secret", admin.party.id);
        assert_eq!(place.post(&path, &json!({})).await.0, 200);
    }
    assert!(!admin.recovers().await);
    let (ok, said) = doctor(&admin);
    assert!(!ok && said.contains("FAIL  DENY ERROR_RESPONSE_PAR, once"), "{said}");
    assert!(admin.connect_pilot(&["--apply", "--new-secret"]).0);
    assert!(admin.recovers().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_denial_leads_to_its_verification() {
    let place = Place::new(false, |_| {}).await;
    let admin = Admin::new(&place).await;
    assert!(admin.connect_pilot(&["--apply"]).0);
    let colleague = employees().into_iter().nth(1).unwrap().person;
    let theirs = photograph(&passport(&colleague, 7), &Camera::default());
    for (shown, status, decided) in [(theirs, 403, "0 let in and 1 denied"), (picture(), 303, "1 let in and 1 denied")]
    {
        let (mut browser, to) = admin.sent().await.unwrap();
        let here = browser.go(&to).await.headers()["location"].to_str().unwrap().to_owned();
        let mut person = Person { place: &place, browser, authorize: to, here, verification: String::new() };
        person.begin().await;
        let judged = person.show(shown).await;
        let back = person.browser.go(&person.here.clone()).await;
        let callback = back.headers()["location"].to_str().unwrap().to_owned();
        assert_eq!(person.browser.go(&callback).await.status(), status, "{judged}");
        let (ok, said) = doctor(&admin);
        let link = format!("{}/console/verifications/{}", place.base, person.verification);
        assert_eq!(said.contains(&link), status == 403, "{said}");
        assert!(ok && said.contains(decided), "{said}");
    }
}
