//! FAPI 2.0 over HTTP: clients that sign, tokens that are bound, and nothing that comes twice.

use super::{CALLBACK, Person, VERIFIER, authorize, challenge, picture};
use crate::support::{Place, on_both, read};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipse_oidc::keys::{KeyRecord, KeySet, KeyState, RsaBits};
use ipse_oidc::profile::Alg;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// A client with a key of its own.
struct Signer<'a> {
    place: &'a Place,
    id: String,
    key: KeyRecord,
}

fn jti() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    format!("jti-{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

fn jwks(key: &KeyRecord) -> Value {
    KeySet::new(std::slice::from_ref(key)).unwrap().jwks()
}

impl<'a> Signer<'a> {
    async fn new(place: &'a Place) -> Self {
        place.journey("recover", json!({ "name_rule": "none" })).await;
        let key = KeyRecord::generate(Alg::Es256, RsaBits::default(), KeyState::Current, place.clock.now()).unwrap();
        let client = json!({
            "profile": "fapi2", "name": "Bank", "redirect_uris": [CALLBACK], "journey": "recover",
            "auth_methods": ["private_key_jwt"], "jwks": jwks(&key), "signing": "ES256",
            "scopes": ["identity_assurance"],
        });
        let (status, client) = place.post("/v1/clients", &client).await;
        assert_eq!(status, 201, "{client}");
        assert!(client["client_secret"].is_null() && client["binding"] == "dpop");
        Self { place, id: client["id"].as_str().unwrap().to_owned(), key }
    }

    fn sign(&self, typ: &str, jwk: Option<Value>, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(typ.to_owned());
        header.jwk = jwk.map(|jwk| serde_json::from_value(jwk).unwrap());
        jsonwebtoken::encode(&header, claims, &EncodingKey::from_ec_der(&self.key.pkcs8)).unwrap()
    }

    fn assertion(&self) -> String {
        let now = self.place.clock.now().as_second();
        let claims = json!({
            "iss": self.id, "sub": self.id, "aud": self.place.base, "iat": now, "exp": now + 60, "jti": jti(),
        });
        self.sign("JWT", None, &claims)
    }

    fn proof(&self, method: &str, path: &str, token: Option<&str>) -> String {
        let mut jwk = jwks(&self.key)["keys"][0].clone();
        for name in ["x5c", "kid", "use", "alg"] {
            jwk.as_object_mut().unwrap().remove(name);
        }
        let now = self.place.clock.now().as_second();
        let uri = format!("{}{path}", self.place.base);
        let mut claims = json!({ "jti": jti(), "htm": method, "htu": uri, "iat": now });
        if let Some(token) = token {
            let hash = ipse_server::random::sha256(token.as_bytes());
            claims["ath"] = json!(URL_SAFE_NO_PAD.encode(hash));
        }
        self.sign("dpop+jwt", Some(jwk), &claims)
    }

    async fn call(&self, path: &str, assertion: &str, proofs: &[&str], more: &[(&str, &str)]) -> (StatusCode, Value) {
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let mut fields: BTreeMap<&str, &str> =
            [("client_id", self.id.as_str()), ("client_assertion_type", kind), ("client_assertion", assertion)].into();
        fields.extend(more.iter().copied());
        let mut request = self.place.client.post(format!("{}{path}", self.place.base)).form(&fields);
        for proof in proofs {
            request = request.header("dpop", *proof);
        }
        read(request.send().await.unwrap()).await
    }

    async fn push(&self, assertion: &str, proofs: &[&str]) -> (StatusCode, Value) {
        let challenge = challenge();
        let fields = [
            ("response_type", "code"),
            ("redirect_uri", CALLBACK),
            ("scope", "openid identity_assurance"),
            ("login_hint", "bank-customer"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        self.call("/oauth2/par", assertion, proofs, &fields).await
    }

    async fn code(&self) -> String {
        let (status, pushed) = self.push(&self.assertion(), &[]).await;
        assert_eq!(status, 201, "{pushed}");
        let request_uri = pushed["request_uri"].as_str().unwrap();
        let url = format!("{}&client_id={}", authorize(request_uri), self.id);
        let mut person = Person::arrive_with(self.place, &url).await;
        person.begin().await;
        person.show(picture()).await;
        person.back().await.get("code").unwrap().to_owned()
    }

    async fn redeem(&self, code: &str, proofs: &[&str]) -> (StatusCode, Value) {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("code_verifier", VERIFIER),
            ("redirect_uri", CALLBACK),
        ];
        self.call("/oauth2/token", &self.assertion(), proofs, &fields).await
    }

    async fn userinfo(&self, scheme: &str, token: &str, proofs: &[&str]) -> StatusCode {
        let url = format!("{}/oauth2/userinfo", self.place.base);
        let mut request = self.place.client.get(url).header("authorization", format!("{scheme} {token}"));
        for proof in proofs {
            request = request.header("dpop", *proof);
        }
        request.send().await.unwrap().status()
    }
}

on_both!(a_bound_token_is_of_no_use_without_its_key, |place: Place| async move {
    let bank = Signer::new(&place).await;
    let code = bank.code().await;
    let (status, body) = bank.redeem(&code, &[]).await;
    assert_eq!((status.as_u16(), body["error"].as_str()), (400, Some("invalid_dpop_proof")));
    let proof = bank.proof("POST", "/oauth2/token", None);
    let (status, body) = bank.redeem(&code, &[&proof, &proof]).await;
    assert_eq!((status.as_u16(), body["error"].as_str()), (400, Some("invalid_dpop_proof")), "two proofs");
    let (status, tokens) = bank.redeem(&code, &[&proof]).await;
    assert_eq!((status.as_u16(), &tokens["token_type"]), (200, &json!("DPoP")), "{tokens}");
    let header = jsonwebtoken::decode_header(tokens["id_token"].as_str().unwrap()).unwrap();
    assert_eq!(header.alg, Algorithm::ES256);

    let token = tokens["access_token"].as_str().unwrap();
    let shown = bank.proof("GET", "/oauth2/userinfo", Some(token));
    assert_eq!(bank.userinfo("Bearer", token, &[]).await, 401);
    assert_eq!(bank.userinfo("DPoP", token, &[]).await, 400);
    assert_eq!(bank.userinfo("DPoP", token, &[&shown]).await, 200);
    assert_eq!(bank.userinfo("DPoP", token, &[&shown]).await, 400, "a proof comes once");
    let other = Signer {
        place: &place,
        id: bank.id.clone(),
        key: KeyRecord::generate(Alg::Es256, RsaBits::default(), KeyState::Current, place.clock.now()).unwrap(),
    };
    let foreign = other.proof("GET", "/oauth2/userinfo", Some(token));
    assert_eq!(bank.userinfo("DPoP", token, &[&foreign]).await, 401);
});

on_both!(an_assertion_or_proof_that_comes_again_is_refused, |place: Place| async move {
    let bank = Signer::new(&place).await;
    let assertion = bank.assertion();
    assert_eq!(bank.push(&assertion, &[]).await.0, 201);
    let (status, body) = bank.push(&assertion, &[]).await;
    assert_eq!((status.as_u16(), body["error"].as_str()), (401, Some("invalid_client")));
    let proof = bank.proof("POST", "/oauth2/par", None);
    assert_eq!(bank.push(&bank.assertion(), &[&proof]).await.0, 201);
    let (status, body) = bank.push(&bank.assertion(), &[&proof]).await;
    assert_eq!((status.as_u16(), body["error"].as_str()), (400, Some("invalid_dpop_proof")));
    // A proof that was used redeems nothing, and the code stays good.
    let (first, second) = (bank.code().await, bank.code().await);
    let proof = bank.proof("POST", "/oauth2/token", None);
    assert_eq!(bank.redeem(&first, &[&proof]).await.0, 200);
    let (status, body) = bank.redeem(&second, &[&proof]).await;
    assert_eq!((status.as_u16(), body["error"].as_str()), (400, Some("invalid_dpop_proof")));
    assert_eq!(bank.redeem(&second, &[&bank.proof("POST", "/oauth2/token", None)]).await.0, 200);
});
