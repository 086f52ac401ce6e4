//! The plain code flow, as Salesforce, Auth0 and Okta as a factor take it: no push, no claims parameter.

use crate::house::*;
use ipse_oidc::authorize::{self, Incoming};
use ipse_oidc::params::Raw;
use ipse_oidc::profile::ResponseMode;
use ipse_oidc::userinfo::{self, Ask};
use ipse_oidc::{Client, Error, Interaction, Post, Redirect};
use serde_json::json;

fn direct(client: &Client) -> Fields {
    request(client).with("client_secret", "")
}

fn open(client: &Client, fields: &Fields) -> Interaction {
    let mut interaction = arrive(client, &fields.pairs(), None, BROWSER, noon()).unwrap();
    interaction.begin(BROWSER, verification(1), noon()).unwrap();
    interaction
}

fn refused(client: &Client, fields: &Fields) -> (Error, Option<Redirect>) {
    let incoming = match Incoming::read(provider(), &form(&fields.pairs())) {
        Ok(incoming) => incoming,
        Err(refused) => return (refused.error, refused.redirect),
    };
    let refused = authorize::request(provider(), Some(client), incoming, None, noon(), entropy()).unwrap_err();
    (refused.error, refused.redirect)
}

#[test]
fn salesforce_signs_in_without_push_pkce_or_claims() {
    let client = basic();
    let state = "s".repeat(600);
    let fields = direct(&client).with("code_challenge", "").with("code_challenge_method", "").with("nonce", "");
    let fields = fields
        .with("state", &state)
        .with("login_hint", "")
        .with("scope", "openid profile email api identity_assurance ipse");
    let mut interaction = open(&client, &fields);
    assert_eq!(
        interaction.request.scopes,
        ["openid", "profile", "email", "identity_assurance", "ipse"],
        "unknown ones are passed over"
    );
    let answer = answered(&client, &mut interaction, &proof(), noon());
    let exchange = exchange(&client, &answer).with("code_verifier", "");
    let redeemed = redeem(&client, &exchange, answer.grant.as_ref(), noon()).unwrap();
    let body = redeemed.body.reveal();
    assert_eq!(body["scope"], "openid profile email identity_assurance ipse");
    let token = verified(&client, body["id_token"].as_str().unwrap());
    assert_eq!(token["verified_claims"]["verification"]["assurance_level"], "ial1");
    assert_eq!(token["verified_claims"]["claims"]["family_name"], "ERIKSSON");
    let bearer = format!("bearer {}", body["access_token"].as_str().unwrap());
    let ask = Ask { method: "GET", authorization: Some(&bearer), dpop: &[], certificate: None };
    let info = userinfo::answer(provider(), &ask, Some(&redeemed.token), &[], noon()).unwrap();
    assert_eq!(
        info.body.into_inner(),
        json!({
            "sub": proof().subject.as_str(), "name": "ANNA MARIA ERIKSSON", "given_name": "ANNA MARIA",
            "family_name": "ERIKSSON", "birthdate": "1974-08-12", "ipse_verified": "true",
            "ipse_verification": proof().verification.as_str(), "ipse_verified_at": after(-30).to_string(),
            "ipse_assurance": "2",
        })
    );
}

#[test]
fn a_login_hint_that_came_through_the_browser_is_never_the_subject() {
    let client = basic();
    let victim = direct(&client).with("login_hint", "victim");
    let answer = answered(&client, &mut open(&client, &victim), &proof(), noon());
    assert_eq!(answer.grant.unwrap().subject.reveal(), proof().subject.as_str());
    let pushed = request(&client).with("login_hint", "somebody");
    assert_eq!(
        answered(&client, &mut begun(&client, &pushed), &proof(), noon()).grant.unwrap().subject.reveal(),
        "somebody"
    );
}

#[test]
fn a_verifier_without_a_challenge_is_an_attack() {
    let client = basic();
    let fields = direct(&client).with("code_challenge", "").with("code_challenge_method", "");
    let answer = answered(&client, &mut open(&client, &fields), &proof(), noon());
    assert_eq!(redeem(&client, &exchange(&client, &answer), answer.grant.as_ref(), noon()).unwrap_err(), Error::Grant);
}

#[test]
fn errors_go_back_only_where_that_is_safe() {
    let client = basic();
    let page = |fields: Fields, error: Error| {
        assert_eq!(refused(&client, &fields), (error, None));
    };
    page(direct(&client).with("redirect_uri", "https://evil.example/"), Error::RedirectUri);
    page(direct(&client).with("redirect_uri", ""), Error::Missing("redirect_uri"));
    page(direct(&client).with("client_id", "other"), Error::UnknownClient);
    page(direct(&client).with("state", "a\nb"), Error::Invalid("state"));
    page(direct(&client).with("response_mode", "fragment"), Error::Invalid("response_mode"));
    let back = |fields: Fields, error: Error, code: &str| {
        let (found, redirect) = refused(&client, &fields);
        let redirect = redirect.unwrap();
        assert_eq!(found, error);
        assert_eq!((redirect.uri.as_str(), redirect.field("error")), (CALLBACK, Some(code)));
        assert_eq!((redirect.field("state"), redirect.field("iss")), (Some(fields.get("state")), Some(ISSUER)));
    };
    back(direct(&client).with("response_type", "token"), Error::ResponseType, "unsupported_response_type");
    back(direct(&client).with("response_type", ""), Error::Missing("response_type"), "invalid_request");
    back(direct(&client).with("scope", "profile"), Error::Scope, "invalid_scope");
    back(direct(&client).with("prompt", "none"), Error::InteractionRequired, "interaction_required");
    back(direct(&client).with("prompt", "none login"), Error::Invalid("prompt"), "invalid_request");
    back(direct(&client).with("prompt", "dance"), Error::Invalid("prompt"), "invalid_request");
    back(direct(&client).with("max_age", "-1"), Error::Invalid("max_age"), "invalid_request");
    back(direct(&client).with("request", "x.y.z"), Error::RequestObject, "request_not_supported");
    back(direct(&client).with("code_challenge_method", "plain"), Error::PkceMethod, "invalid_request");
    back(direct(&client).with("claims", "{"), Error::Invalid("claims"), "invalid_request");
    let incoming = Incoming::read(provider(), &form(&direct(&client).pairs())).unwrap();
    let unknown = authorize::request(provider(), None, incoming, None, noon(), entropy()).unwrap_err();
    assert_eq!((unknown.error, unknown.redirect), (Error::UnknownClient, None));
    for twice in ["state", "redirect_uri"] {
        let fields = direct(&client);
        let mut pairs = fields.pairs();
        pairs.push((twice, "again"));
        assert_eq!(Incoming::read(provider(), &form(&pairs)).unwrap_err().redirect, None);
    }
}

#[test]
fn prompts_and_ages_that_are_always_met_are_accepted() {
    let client = basic();
    let fields = direct(&client).with("prompt", "login consent").with("max_age", "0").with("ui_locales", "de-CH fr");
    let interaction = open(&client, &fields);
    assert_eq!(interaction.request.ui_locales, ["de-CH", "fr"]);
}

#[test]
fn acr_values_choose_the_journey_and_are_told_only_if_they_did() {
    let client = basic();
    let fields = direct(&client).with("acr_values", "urn:unknown urn:acme:high");
    let mut interaction = open(&client, &fields);
    assert_eq!(interaction.request.journey, "strict");
    let grant = answered(&client, &mut interaction, &proof(), noon()).grant.unwrap();
    assert_eq!(grant.id_token.reveal()["acr"], "urn:acme:high");
    let mut plain = open(&client, &direct(&client).with("acr_values", "urn:unknown"));
    assert_eq!(plain.request.journey, "standard");
    assert!(answered(&client, &mut plain, &proof(), noon()).grant.unwrap().id_token.reveal().get("acr").is_none());
    // What was pushed is honoured too.
    assert_eq!(begun(&client, &request(&client).with("acr_values", "urn:acme:high")).request.journey, "strict");
}

#[test]
fn an_answer_may_be_posted_by_the_browser() {
    let client = basic();
    let fields = direct(&client).with("response_mode", "form_post");
    let answer = answered(&client, &mut open(&client, &fields), &proof(), noon());
    assert_eq!((answer.redirect.mode, answer.redirect.location()), (ResponseMode::FormPost, None));
    assert!(answer.redirect.field("code").is_some());
}

#[test]
fn tokens_elsewhere_than_in_the_header_are_not_read() {
    for header in [None, Some("Bearer"), Some("Bearer "), Some("Basic eDp5"), Some("x")] {
        let ask = Ask { method: "GET", authorization: header, dpop: &[], certificate: None };
        assert_eq!(ask.token_hash(), None);
        assert_eq!(userinfo::answer(provider(), &ask, None, &[], noon()).unwrap_err(), Error::Token);
    }
}

#[test]
fn bodies_of_other_types_are_not_read() {
    for content_type in [None, Some("text/plain"), Some("multipart/form-data"), Some("application/jsonx")] {
        let raw = Raw { content_type, body: b"a=b", ..Raw::default() };
        assert_eq!(Post::read(&raw).unwrap_err(), Error::Malformed);
    }
}
