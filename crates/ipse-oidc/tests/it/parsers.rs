//! Whatever arrives: no panic, no more than the limits, and what is accepted survives.

use crate::house::*;
use ipse_oidc::authorize::{self, Incoming};
use ipse_oidc::claims_request::ClaimsRequest;
use ipse_oidc::params::{MAX_BYTES, MAX_PARAMS, Raw};
use ipse_oidc::userinfo::Ask;
use ipse_oidc::{Error, Params, Post, par};
use proptest::prelude::*;
use serde_json::{Value, json};

/// JSON of any shape, with the words that the parser looks for among its names.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    let name = prop_oneof![
        prop::sample::select(vec![
            "id_token",
            "userinfo",
            "verified_claims",
            "verification",
            "claims",
            "trust_framework",
            "evidence",
            "type",
            "given_name",
            "address",
            "country",
            "value",
            "values",
            "fuzzy",
            "max_age",
            "document_details",
            "issuer",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn forms_of_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = Params::form(&bytes);
        let _ = Params::json(&bytes);
        let _ = Incoming::read(provider(), &bytes);
        let _ = ClaimsRequest::parse(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn forms_survive(pairs in prop::collection::btree_map("[a-z_]{1,12}", "[^\u{fffd}]{1,40}", 0..20)) {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let params = Params::form(&form(&pairs)).unwrap();
        for (name, value) in &pairs {
            prop_assert_eq!(params.get(name), Some(*value));
        }
        let object: Value = pairs.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        prop_assert_eq!(Params::json(object.to_string().as_bytes()).unwrap(), Params::form(&form(&pairs_sorted(&object))).unwrap());
    }

    #[test]
    fn claims_of_any_shape(value in any_json()) {
        let text = value.to_string();
        if let Ok(request) = ClaimsRequest::parse(&text) {
            let sealed = serde_json::to_string(&request).unwrap();
            prop_assert_eq!(serde_json::from_str::<ClaimsRequest>(&sealed).unwrap(), request);
        }
        // Asked of a whole flow, any shape is refused or answered, and never with what is not proven.
        let wrapped = json!({ "id_token": { "verified_claims": value } }).to_string();
        if push(&okta(), &request(&okta()).with("claims", &wrapped)).is_ok() {
            let told = told(&okta(), &request(&okta()).with("claims", &wrapped), &proof());
            prop_assert!(told.get("verified_claims").is_none_or(Value::is_array));
        }
    }

    #[test]
    fn headers_of_any_text(header in "\\PC{0,200}", proof in "\\PC{0,200}") {
        let body = form(&request(&okta()).with("client_secret", "").pairs());
        let dpop = [proof.as_str()];
        let content_type = Some("application/x-www-form-urlencoded");
        let raw = Raw { content_type, authorization: Some(&header), dpop: &dpop, certificate: None, body: &body };
        if let Ok(post) = Post::read(&raw) {
            prop_assert!(par::push(provider(), Some(&okta()), &post, &[], noon(), entropy()).is_err());
        }
        let ask = Ask { method: "GET", authorization: Some(&header), dpop: &dpop, certificate: None };
        prop_assert!(ipse_oidc::userinfo::answer(provider(), &ask, None, &[], noon()).is_err());
    }

    #[test]
    fn assertions_of_any_text(assertion in "[A-Za-z0-9_.=-]{0,300}", name in "[a-z_]{1,20}", value in "\\PC{0,60}") {
        let fields = request(&fapi()).with("client_assertion", &assertion);
        prop_assert!(push(&fapi(), &fields).is_err());
        // A changed or added parameter never makes a panic.
        let _ = push(&okta(), &request(&okta()).with(&name, &value));
        if let Ok(incoming) = Incoming::read(provider(), &form(&request(&basic()).with(&name, &value).pairs())) {
            let _ = authorize::request(provider(), Some(&basic()), incoming, None, noon(), entropy());
        }
    }
}

fn pairs_sorted(object: &Value) -> Vec<(&str, &str)> {
    object.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect()
}

#[test]
fn sizes_are_bounded() {
    assert_eq!(Params::form(&vec![b'a'; MAX_BYTES + 1]).unwrap_err(), Error::TooLarge);
    assert_eq!(Params::json(&vec![b' '; MAX_BYTES + 1]).unwrap_err(), Error::TooLarge);
    let many: Vec<(String, String)> = (0..=MAX_PARAMS).map(|number| (format!("p{number}"), "x".to_owned())).collect();
    let pairs: Vec<_> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(Params::form(&form(&pairs)).unwrap_err(), Error::TooLarge);
    assert!(Params::form(&form(&pairs[..MAX_PARAMS])).is_ok());
    for bad in [&b"a=%ff"[..], b"%ff=a", b"a=\xff"] {
        assert_eq!(Params::form(bad).unwrap_err(), Error::Malformed);
    }
    for bad in [&b"[]"[..], b"{", b"{}x", br#"{"a":[]}"#, br#"{"a":{}}"#, br#"{"a":true}"#, br#"{"a":"\ud800"}"#, b""] {
        assert_eq!(Params::json(bad).unwrap_err(), Error::Malformed);
    }
    let deep = "{\"id_token\":".repeat(2_000) + &"}".repeat(2_000);
    assert!(ClaimsRequest::parse(&deep).is_err());
    let elements = vec![json!({}); 9];
    assert!(ClaimsRequest::parse(&json!({ "id_token": { "verified_claims": elements } }).to_string()).is_err());
    let long = json!({ "id_token": { "verified_claims": { "claims": { "email": { "value": "x".repeat(1_001) } } } } });
    assert!(ClaimsRequest::parse(&long.to_string()).is_err());
}

#[test]
fn a_parameter_without_a_value_counts_as_not_given() {
    let params = Params::form(b"a=&b=1").unwrap();
    assert_eq!((params.get("a"), params.get("b")), (None, Some("1")));
    assert_eq!(Params::form(b"a=&a=1").unwrap_err(), Error::Duplicate);
}
