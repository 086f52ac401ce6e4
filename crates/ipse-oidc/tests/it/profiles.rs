//! The table of profiles, walked: whatever a row refuses is tried, and registrations that ask for it are refused.

use crate::house::*;
use ipse_oidc::client::{Binding, Secret};
use ipse_oidc::jwk::Jwks;
use ipse_oidc::profile::{Alg, AuthMethod, Need, Profile, ResponseMode, ResponseType, Style};
use ipse_oidc::{Client, Error};
use serde_json::json;

const METHODS: [AuthMethod; 5] = [
    AuthMethod::ClientSecretBasic,
    AuthMethod::ClientSecretPost,
    AuthMethod::PrivateKeyJwt,
    AuthMethod::SelfSignedTlsClientAuth,
    AuthMethod::None,
];

/// A client of the profile with credentials for a method, whether the profile allows it or not.
fn with_method(client: &Client, method: AuthMethod) -> Client {
    let secret = matches!(method, AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost);
    Client {
        auth_methods: vec![method],
        secrets: if secret { okta().secrets } else { Vec::new() },
        jwks: (method == AuthMethod::PrivateKeyJwt).then(|| fapi().jwks.unwrap()),
        certificates: if method == AuthMethod::SelfSignedTlsClientAuth { vec![[9; 32]] } else { Vec::new() },
        ..client.clone()
    }
}

#[test]
fn every_registration_outside_of_its_row_is_refused() {
    for client in every_client() {
        let (profile, rules) = (client.profile, client.profile.rules());
        assert_eq!(client.validate(), Ok(()), "{profile:?}");
        assert_eq!(Profile::parse(profile.as_str()), Some(profile));
        for alg in Alg::ALL {
            let changed = Client { signing: alg, ..client.clone() };
            assert_eq!(changed.validate().is_ok(), rules.algs.contains(&alg), "{profile:?} {alg:?}");
        }
        for method in METHODS {
            let changed = with_method(&client, method);
            assert_eq!(changed.validate().is_ok(), rules.auth_methods.contains(&method), "{profile:?} {method:?}");
        }
        for style in [Style::Okta, Style::Ida] {
            let changed = Client { style, ..client.clone() };
            assert_eq!(changed.validate().is_ok(), rules.styles.contains(&style), "{profile:?} {style:?}");
        }
        for (binding, allowed) in [
            (Binding::None, rules.bound_tokens != Need::Required),
            (Binding::Dpop, rules.bound_tokens != Need::Refused),
        ] {
            let changed = Client { binding, ..client.clone() };
            assert_eq!(changed.validate().is_ok(), allowed, "{profile:?} {binding:?}");
        }
        let local = Client { redirect_uris: vec!["http://127.0.0.1:8080/cb".to_owned()], ..client.clone() };
        assert_eq!(local.validate().is_ok(), rules.loopback_redirects, "{profile:?}");
        let without_tenant = Client { entra: None, ..client.clone() };
        assert_eq!(without_tenant.validate().is_ok(), rules.id_token_hint != Need::Required, "{profile:?}");
        let with_tenant = Client { entra: entra().entra, ..client.clone() };
        assert_eq!(with_tenant.validate().is_ok(), rules.id_token_hint != Need::Refused, "{profile:?}");
        for (org_id, known) in [(None, false), (Some("contoso".to_owned()), true)] {
            let changed = Client { org_id, ..client.clone() };
            assert_eq!(changed.validate().is_ok(), known == (profile == Profile::StartLink), "{profile:?} {known}");
        }
    }
}

#[test]
fn every_request_outside_of_its_row_is_refused() {
    for client in every_client().into_iter().filter(|client| client.profile != Profile::StartLink) {
        let (profile, rules) = (client.profile, client.profile.rules());
        let direct = match profile {
            Profile::EntraExternal => Fields(Vec::new())
                .with("client_id", &client.id)
                .with("redirect_uri", &client.redirect_uris[0])
                .with("response_type", "id_token")
                .with("nonce", "n")
                .with("scope", "openid")
                .with("id_token_hint", "x"),
            _ => request(&client).with("client_secret", ""),
        };
        let outcome = |fields: &Fields| arrive(&client, &fields.pairs(), None, BROWSER, noon()).map(|_| ());
        let own = outcome(&direct);
        match (rules.pushed, rules.id_token_hint) {
            (Need::Required, _) => assert_eq!(own, Err(Error::MustBePushed), "{profile:?}"),
            (_, Need::Required) => assert_eq!(own, Err(Error::TemporarilyUnavailable), "{profile:?}: got to the hint"),
            _ => assert_eq!(own, Ok(()), "{profile:?}"),
        }
        if rules.pushed == Need::Refused {
            let other = match rules.response_type {
                ResponseType::Code => "id_token",
                ResponseType::IdToken | ResponseType::None => "code",
            };
            assert_eq!(outcome(&direct.clone().with("response_type", other)), Err(Error::ResponseType), "{profile:?}");
            assert_eq!(outcome(&direct.clone().with("dpop_jkt", &challenge())), Err(Error::NotAllowed("dpop_jkt")));
            let challenged = direct.with("code_challenge", &challenge()).with("code_challenge_method", "S256");
            assert_eq!(outcome(&challenged), Err(Error::NotAllowed("code_challenge")));
            continue;
        }
        assert_eq!(rules.id_token_hint, Need::Refused, "who pushes needs no hint");
        let hinted = push(&client, &request(&client).with("id_token_hint", "x.y.z"));
        assert_eq!(hinted.unwrap_err(), Error::NotAllowed("id_token_hint"), "{profile:?}");
        for (mode, name) in [(ResponseMode::Query, "query"), (ResponseMode::FormPost, "form_post")] {
            let pushed = push(&client, &request(&client).with("response_mode", name));
            assert_eq!(pushed.is_ok(), rules.response_modes.contains(&mode), "{profile:?} {name}");
        }
        let bare = request(&client).with("code_challenge", "").with("code_challenge_method", "");
        assert_eq!(push(&client, &bare).is_ok(), rules.pkce != Need::Required, "{profile:?}");
        let bound = push(&client, &request(&client).with("dpop_jkt", &challenge()));
        assert_eq!(bound.is_ok(), rules.bound_tokens != Need::Refused, "{profile:?}");
        let uri = request_uri(&push(&client, &request(&client)).unwrap());
        let alone = arrive(&client, &[("request_uri", &uri)], None, BROWSER, noon());
        assert_eq!(alone.is_ok(), rules.client_id_beside_request_uri != Need::Required, "{profile:?}");
    }
}

#[test]
fn the_table_keeps_what_the_standards_say() {
    let fapi = Profile::Fapi2.rules();
    assert!(!fapi.algs.contains(&Alg::Rs256), "FAPI 2.0 §5.4");
    assert!(!fapi.auth_methods.iter().any(|method| method.as_str().starts_with("client_secret")));
    assert_eq!((fapi.pushed, fapi.pkce, fapi.bound_tokens), (Need::Required, Need::Required, Need::Required));
    for profile in Profile::ALL {
        let rules = profile.rules();
        let implicit = rules.response_type == ResponseType::IdToken;
        assert!(!implicit || rules.response_modes == [ResponseMode::FormPost], "tokens never travel in a URL");
        assert!(!implicit || rules.id_token_hint == Need::Required);
        assert!(!rules.json || profile == Profile::OktaIdv);
        assert_eq!(rules.response_type == ResponseType::None, profile == Profile::StartLink);
    }
}

#[test]
fn registrations_that_could_not_work_are_refused() {
    let secret = |byte: u8| Secret { hash: [byte; 32], created_at: noon(), expires_at: None };
    let bad: Vec<(&str, Client)> = vec![
        ("id", Client { id: String::new(), ..okta() }),
        ("id", Client { id: "a b".to_owned(), ..okta() }),
        ("id", Client { id: "x".repeat(129), ..okta() }),
        ("name", Client { name: "\n".to_owned(), ..okta() }),
        ("no secret", Client { secrets: Vec::new(), ..okta() }),
        ("four secrets", Client { secrets: (1..=4).map(secret).collect(), ..okta() }),
        ("no redirect", Client { redirect_uris: Vec::new(), ..okta() }),
        ("minutes", Client { minutes: 9, ..okta() }),
        ("minutes", Client { minutes: 61, ..okta() }),
        ("scope", Client { scopes: vec!["a b".to_owned()], ..okta() }),
        ("journey", Client { journey: String::new(), ..okta() }),
        ("keys of http", Client { jwks: None, jwks_uri: Some("http://rp.example/jwks".to_owned()), ..fapi() }),
        ("no keys", Client { jwks: None, ..fapi() }),
        ("no certificate", Client { binding: Binding::Mtls, ..fapi() }),
        ("no OrgId", Client { org_id: Some(String::new()), ..links() }),
        ("a long OrgId", Client { org_id: Some("x".repeat(129)), ..links() }),
        (
            "no key",
            Client {
                jwks: Some(Jwks::parse(&json!({ "keys": [{ "kty": "oct", "k": "c2VjcmV0" }] })).unwrap()),
                ..links()
            },
        ),
        ("no method", Client { auth_methods: Vec::new(), ..okta() }),
    ];
    for (name, client) in bad {
        assert!(client.validate().is_err(), "{name}");
    }
    for uri in [
        "http://acme.example/cb",
        "https://acme.example/cb#x",
        "https://user@acme.example/cb",
        "https://acme.example/*",
        "https://acme.example/a b",
        "https:///cb",
        "javascript:alert(1)",
        "/cb",
        "",
    ] {
        let client = Client { redirect_uris: vec![uri.to_owned()], ..basic() };
        assert!(client.validate().is_err(), "{uri}");
    }
}

#[test]
fn errors_are_a_closed_table() {
    for error in Error::ALL {
        assert!(error.code().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
        // RFC 6749 §5.2: no quotation mark and no backslash in descriptions.
        assert!(error.description().bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'"' && byte != b'\\'));
        assert!([400, 401, 403, 413, 500, 503].contains(&error.status()));
        if error.may_redirect() {
            assert!(![401, 403, 413].contains(&error.status()), "{error:?}");
        }
    }
    assert_eq!(Error::InvalidClient.challenge(true, false).as_deref(), Some("Basic realm=\"oauth2\""));
    assert_eq!(Error::InvalidClient.challenge(false, false), None);
    assert_eq!(Error::Token.challenge(false, true).as_deref(), Some("DPoP error=\"invalid_token\""));
}
