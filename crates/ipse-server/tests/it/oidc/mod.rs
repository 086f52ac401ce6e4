//! The OpenID provider over HTTP: Okta's contract case by case, by the numbers of its list, and what a thief gains.

mod clients;
mod connect;
mod doctor;
mod entra;
mod faces;
mod fapi;
mod flow;
mod peer;
mod presented;
mod pushed;
mod redeemed;
mod returning;
pub(crate) mod start_link;
mod start_link_refused;
mod stolen;
mod trial;

use crate::support::{Browser, PASSPORT, Place, employee, passport_picture, read, token};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipse_sandbox::specimen::{Camera, passport, photograph};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use reqwest::{Response, StatusCode};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const CALLBACK: &str = "https://example.okta.com/idp/identity-verification/callback";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(ipse_server::random::sha256(VERIFIER.as_bytes()))
}

/// A relying party, as far as a test needs one. It checks what it gets with a library that is not ours.
struct Party<'a> {
    place: &'a Place,
    id: String,
    secret: String,
}

/// Where a browser came back to.
struct Returned(BTreeMap<String, String>);

impl Returned {
    fn new(answer: &Response) -> Self {
        assert_eq!(answer.status(), 303, "not sent back");
        let to = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
        assert_eq!(format!("{}{}", to.origin().ascii_serialization(), to.path()), CALLBACK);
        Self(to.query_pairs().into_owned().collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

impl<'a> Party<'a> {
    /// Okta with a journey of these rules, which leave names to the client.
    async fn okta(place: &'a Place, rules: Value) -> Self {
        Self::new(place, rules, json!({ "scopes": ["profile", "identity_assurance"] })).await
    }

    async fn new(place: &'a Place, rules: Value, more: Value) -> Self {
        let mut all = json!({ "name_rule": "none", "session_minutes": 60 });
        all.as_object_mut().unwrap().extend(rules.as_object().unwrap().clone());
        let (status, _) = place.get("/v1/journeys/recover").await;
        if status == 404 {
            place.journey("recover", all).await;
        }
        Self::registered(place, more).await
    }

    async fn registered(place: &'a Place, more: Value) -> Self {
        let mut client = json!({
            "profile": "okta-idv", "name": "Okta", "redirect_uris": [CALLBACK], "journey": "recover", "minutes": 10,
        });
        client.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, client) = place.post("/v1/clients", &client).await;
        assert_eq!(status, 201, "{client}");
        let text = |name: &str| client[name].as_str().unwrap_or_default().to_owned();
        Self { place, id: text("id"), secret: text("client_secret") }
    }

    /// What Okta pushes for the first employee.
    fn fields(&self) -> BTreeMap<String, String> {
        let person = employee().person;
        let named = json!({ "value": person.given_names, "fuzzy": true });
        let family = json!({ "value": person.family_name, "fuzzy": true });
        [
            ("client_id", self.id.as_str()),
            ("client_secret", &self.secret),
            ("response_type", "code"),
            ("code_challenge", &challenge()),
            ("code_challenge_method", "S256"),
            ("scope", "openid profile identity_assurance"),
            ("nonce", "n-0S6_WzA2Mj"),
            ("state", "af0ifjsldkj"),
            ("login_hint", "00uAda"),
            ("redirect_uri", CALLBACK),
            ("claims", &claims(json!({ "given_name": named, "family_name": family }))),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    async fn push_form(&self, fields: &BTreeMap<String, String>) -> (StatusCode, Value) {
        let url = format!("{}/oauth2/par", self.place.base);
        read(self.place.client.post(url).form(fields).send().await.unwrap()).await
    }

    /// Pushes, with some fields changed; an empty one is left out.
    async fn push(&self, change: &[(&str, &str)]) -> (StatusCode, Value) {
        let mut fields = self.fields();
        for (name, value) in change {
            fields.insert((*name).to_owned(), (*value).to_owned());
        }
        fields.retain(|_, value| !value.is_empty());
        self.push_form(&fields).await
    }

    async fn request_uri(&self, change: &[(&str, &str)]) -> String {
        let (status, pushed) = self.push(change).await;
        assert_eq!(status, 201, "{pushed}");
        pushed["request_uri"].as_str().unwrap().to_owned()
    }

    /// Redeems a code, with some fields changed.
    async fn redeem(&self, code: &str, change: &[(&str, &str)]) -> (StatusCode, Value) {
        let mut fields: BTreeMap<&str, &str> = [
            ("grant_type", "authorization_code"),
            ("client_id", &self.id),
            ("client_secret", &self.secret),
            ("code", code),
            ("code_verifier", VERIFIER),
            ("redirect_uri", CALLBACK),
        ]
        .into();
        fields.extend(change.iter().copied());
        let url = format!("{}/oauth2/token", self.place.base);
        read(self.place.client.post(url).form(&fields).send().await.unwrap()).await
    }

    /// The claims of an ID token, verified by the published keys.
    async fn claims_of(&self, id_token: &str, algorithm: Algorithm) -> Map<String, Value> {
        claims_of(self.place, id_token, &self.id, algorithm).await
    }

    /// The whole way with a picture: what the ID token says.
    async fn prove(&self, change: &[(&str, &str)], picture: Vec<u8>) -> Map<String, Value> {
        let mut person = Person::arrive(self, change).await;
        person.begin().await;
        person.show(picture).await;
        let code = person.back().await.get("code").unwrap().to_owned();
        let (status, tokens) = self.redeem(&code, &[]).await;
        assert_eq!(status, 200, "{tokens}");
        self.claims_of(tokens["id_token"].as_str().unwrap(), Algorithm::RS256).await
    }
}

/// The claims of an ID token for this client, verified by the published keys.
async fn claims_of(place: &Place, id_token: &str, client: &str, algorithm: Algorithm) -> Map<String, Value> {
    let keys = place.client.get(format!("{}/oauth2/jwks", place.base)).send().await.unwrap();
    let keys: JwkSet = keys.json().await.unwrap();
    let kid = decode_header(id_token).unwrap().kid.unwrap();
    let key = DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap();
    let mut validation = Validation::new(algorithm);
    validation.set_audience(&[client]);
    validation.set_issuer(&[&place.base]);
    validation.set_required_spec_claims(&["iss", "aud", "exp", "sub", "iat"]);
    // The clock of a test runs ahead of the library's.
    validation.validate_exp = false;
    decode::<Map<String, Value>>(id_token, &key, &validation).unwrap().claims
}

/// The `claims` parameter with these claims.
#[allow(clippy::needless_pass_by_value, reason = "the value is written where it is used")]
fn claims(of: Value) -> String {
    let verification = json!({
        "trust_framework": { "value": "IDV-DELEGATED", "essential": true },
        "assurance_level": { "value": "VERIFIED", "essential": true },
    });
    json!({ "id_token": { "verified_claims": [{ "verification": verification, "claims": of }] } }).to_string()
}

/// Somebody whom a relying party has sent here.
struct Person<'a> {
    place: &'a Place,
    browser: Browser,
    authorize: String,
    /// The path of the way's page.
    here: String,
    /// The verification, once it has begun.
    verification: String,
}

impl<'a> Person<'a> {
    async fn arrive(party: &Party<'a>, change: &[(&str, &str)]) -> Self {
        let request_uri = party.request_uri(change).await;
        Self::arrive_with(party.place, &authorize(&request_uri)).await
    }

    async fn arrive_with(place: &'a Place, authorize: &str) -> Self {
        let mut browser = Browser::new(place);
        let answer = browser.go(authorize).await;
        let (status, headers) = (answer.status(), answer.headers().clone());
        assert_eq!(status, 303, "{}", answer.text().await.unwrap());
        let here = headers["location"].to_str().unwrap().to_owned();
        Self { authorize: authorize.to_owned(), ..Self::of(place, browser, &here) }
    }

    /// Whoever has come to a way's page.
    fn of(place: &'a Place, browser: Browser, here: &str) -> Self {
        assert!(here.starts_with("/oauth2/requests/"), "{here}");
        Self { place, browser, authorize: String::new(), here: here.to_owned(), verification: String::new() }
    }

    /// Agrees, and is led to the capture pages.
    async fn begin(&mut self) {
        let here = self.here.clone();
        let answer = self.browser.submit(&here, &format!("{here}/begin"), &[]).await;
        assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, "/v/session"));
        let (_, found) = self.place.get("/v1/verifications").await;
        found["data"][0]["id"].as_str().unwrap().clone_into(&mut self.verification);
    }

    /// Shows a passport, and waits until it is judged.
    async fn show(&self, picture: Vec<u8>) -> Value {
        let (status, taken) = self.browser.picture(PASSPORT, picture).await;
        assert_eq!(status, 200, "{taken}");
        self.place.until(&self.verification, &["succeeded", "failed", "pending_review", "requires_input"]).await
    }

    /// Goes back to the relying party, by the page that the capture pages end with.
    async fn back(&mut self) -> Returned {
        let (status, page) = self.browser.get("/v/session").await;
        assert_eq!(status, 200);
        assert!(page.contains(&format!("content=\"0;url={}\"", self.here)), "{page}");
        Returned::new(&self.browser.go(&self.here.clone()).await)
    }
}

/// The address that Okta sends browsers to.
fn authorize(request_uri: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("request_uri", request_uri).finish();
    format!("/oauth2/authorize?{query}")
}

/// The passport of the first employee's namesake, or their own, renewed.
fn namesakes_passport() -> Vec<u8> {
    another_passport("X00000001", 7)
}

/// A passport in the first employee's name, with this number and this face.
fn another_passport(number: &str, face: u64) -> Vec<u8> {
    let mut person = employee().person;
    number.clone_into(&mut person.document_number);
    photograph(&passport(&person, face), &Camera::default())
}

/// What a token says of the verification, and of one claim's value.
fn told<'v>(claims: &'v Map<String, Value>, claim: &str) -> (&'v str, &'v Value) {
    let verified = &claims["verified_claims"][0];
    (verified["verification"]["assurance_level"].as_str().unwrap(), &verified["claims"][claim]["value"])
}

/// Says that a page of ours is shown, which leads nowhere.
async fn error_page(answer: Response) {
    assert_eq!(answer.status(), 400);
    assert!(!answer.headers().contains_key("location"));
    let page = answer.text().await.unwrap();
    assert!(page.contains("This request cannot be used"), "{page}");
    assert!(!page.contains("okta.com"), "{page}");
}

fn csrf(page: &str) -> String {
    token(page)
}

fn picture() -> Vec<u8> {
    passport_picture()
}
