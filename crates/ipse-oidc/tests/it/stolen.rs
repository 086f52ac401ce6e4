//! What is stolen and moved to another browser, client or organization gains nothing.

use crate::house::*;
use ipse_oidc::interaction::Step;
use ipse_oidc::keys::KeySet;
use ipse_oidc::seal::Sealer;
use ipse_oidc::{Client, Error, Grant, Provider};
use zeroize::Zeroizing;

#[test]
fn a_request_uri_that_another_browser_opens_after_the_person_began() {
    let client = okta();
    let uri = request_uri(&push(&client, &request(&client)).unwrap());
    let query = [("request_uri", uri.as_str())];
    let mut mine = arrive(&client, &query, None, BROWSER, noon()).unwrap();
    mine.begin(BROWSER, verification(1), after(3)).unwrap();
    assert_eq!(arrive(&client, &query, Some(mine.clone()), OTHER_BROWSER, after(5)).unwrap_err(), Error::SessionOver);
    assert_eq!(mine.begin(OTHER_BROWSER, verification(1), after(5)).unwrap_err(), Error::SessionOver);
    let stolen = mine.step(provider(), &client, &proof(), OTHER_BROWSER, after(6), entropy());
    assert_eq!(stolen.unwrap_err(), Error::SessionOver);
    let cancelled = mine.give_up(provider(), OTHER_BROWSER, Error::AccessDenied, after(6));
    assert_eq!(cancelled.unwrap_err(), Error::SessionOver);
    // None of this disturbed the one who began.
    assert!(matches!(mine.step(provider(), &client, &proof(), BROWSER, after(7), entropy()), Ok(Step::Answer(_))));
}

#[test]
fn a_scanner_that_fetches_the_link_first_does_not_burn_it() {
    let client = okta();
    let uri = request_uri(&push(&client, &request(&client)).unwrap());
    let query = [("request_uri", uri.as_str())];
    let scanned = arrive(&client, &query, None, OTHER_BROWSER, noon()).unwrap();
    let mut mine = arrive(&client, &query, Some(scanned.clone()), BROWSER, after(2)).unwrap();
    assert!(mine.begin(OTHER_BROWSER, verification(1), after(3)).is_err());
    mine.begin(BROWSER, verification(1), after(3)).unwrap();
    // But only while the request is young.
    assert_eq!(arrive(&client, &query, Some(scanned), BROWSER, after(60)).unwrap_err(), Error::SessionOver);
}

#[test]
fn a_session_without_a_begin_or_with_another_verification_ends_nowhere() {
    let client = okta();
    let uri = request_uri(&push(&client, &request(&client)).unwrap());
    let mut waiting = arrive(&client, &[("request_uri", uri.as_str())], None, BROWSER, noon()).unwrap();
    let early = waiting.step(provider(), &client, &proof(), BROWSER, noon(), entropy());
    assert_eq!(early.unwrap_err(), Error::ServerError);
    waiting.begin(BROWSER, verification(1), noon()).unwrap();
    assert_eq!(waiting.begin(BROWSER, verification(2), noon()).unwrap_err(), Error::SessionOver);
    waiting.begin(BROWSER, verification(1), noon()).unwrap();
    assert_eq!(waiting.begin(BROWSER, verification(1), after(900)).unwrap_err(), Error::SessionOver);
}

#[test]
fn a_code_of_another_organization() {
    let client = okta();
    let answer = answer(&client, &request(&client), &proof());
    let elsewhere = Client { organization: organization(2), ..okta() };
    let refused = redeem(&elsewhere, &exchange(&client, &answer), answer.grant.as_ref(), noon()).unwrap_err();
    assert_eq!(refused, Error::Grant);
}

#[test]
fn a_request_uri_of_another_issuer_or_of_a_key_that_is_gone() {
    let client = okta();
    let uri = request_uri(&push(&client, &request(&client)).unwrap());
    let with = |issuer: &str, keys: &[[u8; 32]]| {
        let keys: Vec<_> = keys.iter().map(|key| Zeroizing::new(*key)).collect();
        Provider::new(issuer, KeySet::new(records()).unwrap(), Sealer::new(&keys).unwrap()).unwrap()
    };
    let opens = |provider: &Provider| {
        ipse_oidc::authorize::Incoming::read(provider, &form(&[("request_uri", &uri)]))
            .map_err(|refused| refused.error)
            .map(|_| ())
    };
    assert_eq!(opens(&with("https://other.example", &[[7; 32]])), Err(Error::RequestUri));
    assert_eq!(opens(&with(ISSUER, &[[8; 32]])), Err(Error::RequestUri));
    assert_eq!(opens(&with(ISSUER, &[[8; 32], [7; 32]])), Ok(()), "an old key still opens");
    assert!(Sealer::new(&[]).is_err());
}

#[test]
fn a_request_whose_redirect_uri_was_withdrawn() {
    let client = okta();
    let uri = request_uri(&push(&client, &request(&client)).unwrap());
    let changed = Client { redirect_uris: vec!["https://new.example/cb".to_owned()], ..okta() };
    assert_eq!(arrive(&changed, &[("request_uri", &uri)], None, BROWSER, noon()).unwrap_err(), Error::RedirectUri);
}

#[test]
fn stored_records_come_back_as_they_were() {
    let client = basic();
    let interaction = begun(&client, &request(&client));
    let text = serde_json::to_string(&interaction).unwrap();
    assert_eq!(serde_json::from_str::<ipse_oidc::Interaction>(&text).unwrap(), interaction);
    let grant = answer(&client, &request(&client), &proof()).grant.unwrap();
    assert_eq!(serde_json::from_str::<Grant>(&serde_json::to_string(&grant).unwrap()).unwrap(), grant);
    assert_eq!(serde_json::from_str::<Client>(&serde_json::to_string(&fapi()).unwrap()).unwrap(), fapi());
}
