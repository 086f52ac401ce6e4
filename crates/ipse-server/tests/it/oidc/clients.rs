//! Registering clients, by the API.

use super::{CALLBACK, Party};
use crate::support::{Place, on_both, read};
use ipse_core::organization::Role;
use ipse_server::config::Config;
use reqwest::Method;
use serde_json::{Value, json};

on_both!(a_client_is_made_changed_and_removed, |place: Place| async move {
    place.journey("recover", json!({})).await;
    let wanted = json!({
        "profile": "okta-idv", "name": "Okta", "redirect_uris": [CALLBACK], "journey": "recover",
        "scopes": ["profile"], "journeys": { "idv_flow_x": "recover" },
    });
    let send = async |key: &str| {
        let request = place.request(Method::POST, "/v1/clients").header("idempotency-key", key).json(&wanted);
        read(request.send().await.unwrap()).await
    };
    let (status, made) = send("one").await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(send("one").await.1, made, "the same request, the same client and secret");
    let id = made["id"].as_str().unwrap();
    assert!(id.starts_with("cli_") && made["client_secret"].as_str().unwrap().len() >= 43);
    assert_eq!(
        (&made["signing"], &made["style"], &made["claims_values"]),
        (&json!("RS256"), &json!("okta"), &json!("MATCHED"))
    );
    assert_eq!((&made["minutes"], &made["auth_methods"]), (&json!(15), &json!(["client_secret_post"])));

    let path = format!("/v1/clients/{id}");
    let (_, shown) = place.get(&path).await;
    assert!(shown["client_secret"].is_null() && !shown.to_string().contains("hash"), "{shown}");
    let (_, listed) = place.get("/v1/clients").await;
    assert_eq!(listed["data"], json!([shown]));

    let put = async |body: Value| read(place.request(Method::PUT, &path).json(&body).send().await.unwrap()).await;
    let (status, changed) = put(json!({ "name": "Okta 2", "redirect_uris": [CALLBACK], "journey": "recover" })).await;
    assert_eq!((status.as_u16(), &changed["name"], &changed["scopes"]), (200, &json!("Okta 2"), &json!([])));
    assert_eq!(changed["secrets"], shown["secrets"], "its secret stays");
    let other = json!({ "profile": "fapi2", "name": "x", "redirect_uris": [CALLBACK], "journey": "recover" });
    assert_eq!(put(other).await.1["field"], "profile");
    assert_eq!(place.request(Method::DELETE, &path).send().await.unwrap().status(), 204);
    assert_eq!(place.request(Method::DELETE, &path).send().await.unwrap().status(), 404);
    assert_eq!(place.get(&path).await.0, 404);
    let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
    let kinds: Vec<String> =
        tx.events(place.organization.as_str(), 0).await.unwrap().into_iter().map(|event| event.kind).collect();
    for kind in ["client.created", "client.updated", "client.deleted"] {
        assert!(kinds.iter().any(|known| known == kind), "{kind}");
    }
});

on_both!(what_could_not_work_is_refused, |place: Place| async move {
    place.journey("recover", json!({})).await;
    place.journey("short", json!({ "session_minutes": 5 })).await;
    let base = json!({ "profile": "okta-idv", "name": "Okta", "redirect_uris": [CALLBACK], "journey": "recover" });
    let key = json!({ "keys": [{ "kty": "oct", "k": "AAAA" }] });
    for (change, field) in [
        (json!({ "profile": null }), "profile"),
        (json!({ "profile": "entra-external", "redirect_uris": ["https://login.microsoftonline.com/c"] }), "entra"),
        (json!({ "name": "" }), "name"),
        (json!({ "redirect_uris": [] }), "redirect_uris"),
        (json!({ "redirect_uris": ["http://example.com/callback"] }), "redirect_uris"),
        (json!({ "redirect_uris": ["https://*.okta.com/callback"] }), "redirect_uris"),
        (json!({ "redirect_uris": ["javascript:alert(1)"] }), "redirect_uris"),
        (json!({ "journey": "nowhere" }), "journey"),
        (json!({ "journey": "short" }), "journey"),
        (json!({ "journeys": { "idv_flow_x": "nowhere" } }), "journeys"),
        (json!({ "minutes": 9 }), "minutes"),
        (json!({ "signing": "ES256" }), "signing"),
        (json!({ "auth_methods": [] }), "auth_methods"),
        (json!({ "auth_methods": ["private_key_jwt"] }), "auth_methods"),
        (json!({ "profile": "fapi2", "auth_methods": ["self_signed_tls_client_auth"] }), "auth_methods"),
        (json!({ "profile": "fapi2" }), "jwks"),
    ] {
        let mut body = base.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let (status, problem) = place.post("/v1/clients", &body).await;
        assert_eq!((status.as_u16(), problem["field"].as_str()), (422, Some(field)), "{change}: {problem}");
    }
    for change in [json!({ "profile": "saml" }), json!({ "jwks": key }), json!({ "secrets": [] }), json!({ "id": "x" })]
    {
        let mut body = base.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_eq!(place.post("/v1/clients", &body).await.0, 422, "{change}");
    }
    assert!(place.get("/v1/clients").await.1["data"].as_array().unwrap().is_empty());
});

on_both!(a_client_of_another_organization_reaches_nothing_here, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let (_, elsewhere) = place.stranger().await;
    let rules = json!({ "document_kinds": ["passport"], "selfie_required": false, "liveness_required": false });
    let journeys = place.client.post(format!("{}/v1/journeys", place.base)).bearer_auth(&elsewhere);
    let theirs = json!({ "key": "theirs", "name": "t", "rules": rules });
    assert_eq!(journeys.json(&theirs).send().await.unwrap().status(), 201);
    let client = json!({ "profile": "okta-idv", "name": "x", "redirect_uris": [CALLBACK], "journey": "recover" });
    let clients = place.client.post(format!("{}/v1/clients", place.base)).bearer_auth(&elsewhere).json(&client);
    assert_eq!(clients.send().await.unwrap().status(), 422, "our journey is not theirs");
    let rotate = format!("{}/v1/clients/{}/rotate-secret", place.base, okta.id);
    assert_eq!(place.client.post(rotate).bearer_auth(&elsewhere).send().await.unwrap().status(), 404);
    assert_eq!(okta.push(&[]).await.0, 201);
});

on_both!(the_console_makes_a_client_and_says_what_to_paste, |place: Place| async move {
    place.journey("recover", json!({ "name_rule": "none" })).await;
    let mut admin = place.sign_in(Role::Admin).await;
    let form = [
        ("name", "Okta <1>"),
        ("profile", "okta-idv"),
        ("redirect_uris", CALLBACK),
        ("scopes", "profile identity_assurance"),
        ("journey", "recover"),
        ("flows", "idv_flow_x recover"),
        ("name_rule", "relaxed"),
        ("claims_values", "MATCHED"),
        ("minutes", "10"),
        ("jwks", ""),
    ];
    let answer = admin.submit("/console/clients/new", "/console/clients", &form).await;
    let (status, page) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, 200, "{page}");
    let secret_of = |page: &str| {
        let rest = page.split_once("id=\"once\">")?.1;
        Some(rest.split_once('<').unwrap().0.to_owned())
    };
    let secret = secret_of(&page).expect("a secret is shown");
    let (_, listed) = place.get("/v1/clients").await;
    let id = listed["data"][0]["id"].as_str().unwrap().to_owned();
    for value in [id.as_str(), &format!("{}/oauth2/par", place.base), &format!("{}/oauth2/jwks", place.base)] {
        assert!(page.contains(&format!(">{value}</code>")), "{value}");
    }
    assert!(page.contains("Okta &#60;1&#62;") && !page.contains("Okta <1>"), "{page}");
    let mut party = Party { place: &place, id: id.clone(), secret: secret.clone() };
    assert_eq!(party.push(&[("scope", "openid idv_flow_x")]).await.0, 201, "the secret works");

    let here = format!("/console/clients/{id}");
    let (_, page) = admin.get(&here).await;
    assert!(!page.contains(&secret) && page.contains("idv_flow_x recover"), "{page}");
    let mut wrong = form;
    wrong[2].1 = "http://evil.example/";
    let answer = admin.submit(&here, &here, &wrong).await;
    assert_eq!(answer.status(), 422);
    assert!(answer.text().await.unwrap().contains("redirect_uris"));
    let mut changed = form;
    changed[0].1 = "Okta two";
    assert_eq!(admin.submit(&here, &here, &changed).await.status(), 200);
    assert_eq!(place.get(&format!("/v1/clients/{id}")).await.1["name"], "Okta two");
    let rotated = admin.submit(&here, &format!("{here}/rotate"), &[]).await.text().await.unwrap();
    party.secret = secret_of(&rotated).unwrap();
    assert_eq!(party.push(&[]).await.0, 201);
    assert_eq!(admin.submit(&here, &format!("{here}/remove"), &[]).await.status(), 303);
    assert_eq!(party.push(&[]).await.0, 401);
});

/// Nobody is asked for keys outside this machine.
fn without_microsoft(config: &mut Config) {
    config.openid.entra_login = "http://127.0.0.1:9".to_owned();
}

on_both!(the_console_asks_for_the_tenant_of_an_entra_client, without_microsoft, |place: Place| async move {
    place.journey("second-factor", json!({ "name_rule": "none", "session_minutes": 60 })).await;
    let mut admin = place.sign_in(Role::Admin).await;
    let form = |tenant: &'static str| {
        [
            ("name", "Entra"),
            ("profile", "entra-external"),
            ("redirect_uris", "https://login.microsoftonline.com/common/federation/externalauthprovider"),
            ("scopes", ""),
            ("journey", "second-factor"),
            ("flows", ""),
            ("name_rule", "relaxed"),
            ("claims_values", "MATCHED"),
            ("minutes", "15"),
            ("jwks", ""),
            ("tenant", tenant),
            ("app_id", "app-1"),
        ]
    };
    let refused = admin.submit("/console/clients/new", "/console/clients", &form("")).await;
    assert_eq!(refused.status(), 422);
    assert!(refused.text().await.unwrap().contains("id=\"tenant-error\""), "the field says what is wrong");
    assert_eq!(admin.submit("/console/clients/new", "/console/clients", &form("tenant-1")).await.status(), 200);
    let (_, listed) = place.get("/v1/clients").await;
    let client = &listed["data"][0];
    assert_eq!(client["entra"]["issuer"], "http://127.0.0.1:9/tenant-1/v2.0");
    let here = format!("/console/clients/{}", client["id"].as_str().unwrap());
    let (_, page) = admin.get(&here).await;
    assert!(!page.contains("Try it yourself"), "Ipse cannot sign for Entra");
    assert!(page.contains("value=\"tenant-1\"") && page.contains("/.well-known/openid-configuration"), "{page}");
    assert_eq!(admin.submit(&here, &here, &form("tenant-2")).await.status(), 200);
    assert_eq!(place.get("/v1/clients").await.1["data"][0]["entra"]["tenant"], "tenant-2");
});

on_both!(signing_keys_are_made_while_the_first_client_is_registered, |place: Place| async move {
    let known = async || place.ipse().store.provider_keys().await.unwrap().len();
    assert_eq!(known().await, 0, "nobody needs any");
    Party::okta(&place, json!({})).await;
    // Nothing is asked of the provider.
    for _ in 0..1_000 {
        if known().await == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
    assert_eq!(known().await, 3, "one of each algorithm");
});
