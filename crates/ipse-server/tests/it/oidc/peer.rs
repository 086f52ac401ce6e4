//! The provider as independent libraries see it: openid-client for Node.js, certified, with pushed requests, PKCE, DPoP
//! and `private_key_jwt`; Authlib for Python, with the plain code flow. They validate, not we.

use super::{CALLBACK, Person, namesakes_passport, picture};
use crate::support::{Place, on_both};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The library, waiting for its next line.
struct Peer {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Peer {
    fn openid_client() -> Self {
        let folder = std::env::var("IPSE_TEST_OPENID_CLIENT").unwrap_or_else(|_| {
            panic!("IPSE_TEST_OPENID_CLIENT names no folder; `cargo xtask test` makes one with openid-client in it")
        });
        Self::start(Command::new("node").env("IPSE_TEST_OPENID_CLIENT", folder), "relying_party.mjs")
    }

    fn authlib() -> Self {
        let python = std::env::var("IPSE_TEST_AUTHLIB").unwrap_or_else(|_| {
            panic!("IPSE_TEST_AUTHLIB names no Python; `cargo xtask test` makes one with Authlib in it")
        });
        // The provider is at plain HTTP, on this machine.
        Self::start(Command::new(python).env("AUTHLIB_INSECURE_TRANSPORT", "1"), "relying_party.py")
    }

    fn start(program: &mut Command, script: &str) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(script);
        let started = program.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = started.unwrap_or_else(|_| panic!("{program:?} is missing; `cargo xtask test` installs it"));
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, input, output }
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the library said «{line}»"))
    }

    fn tell(&mut self, value: &Value) {
        writeln!(self.input, "{value}").unwrap();
    }

    /// Registers it, lets it push, and has a person prove themselves with a passport; returns where the browser came to.
    async fn pushes(&mut self, place: &Place) -> String {
        place.journey("recover", json!({ "name_rule": "none" })).await;
        let client = json!({
            "profile": "fapi2", "name": "Bank", "redirect_uris": [CALLBACK], "journey": "recover", "signing": "ES256",
            "claims_values": "values", "auth_methods": ["private_key_jwt"], "jwks": self.hear()["jwks"], "scopes": ["identity_assurance"],
        });
        let (status, client) = place.post("/v1/clients", &client).await;
        assert_eq!(status, 201, "{client}");
        self.back(place, &client, picture()).await
    }

    /// Tells it who it is, and has the person it sends prove themselves.
    async fn back(&mut self, place: &Place, client: &Value, picture: Vec<u8>) -> String {
        self.tell(&json!({
            "issuer": place.base, "client_id": client["id"], "client_secret": client["client_secret"],
            "redirect_uri": CALLBACK,
        }));
        let sent = self.hear();
        let authorize = sent["authorize"].as_str().unwrap_or_else(|| panic!("{sent}"));
        let mut person = Person::arrive_with(place, authorize.strip_prefix(&place.base).unwrap()).await;
        person.begin().await;
        person.show(picture).await;
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(person.back().await.0).finish();
        format!("{CALLBACK}?{query}")
    }
}

/// A client as Salesforce is one.
async fn plain(place: &Place) -> Value {
    place.journey("recover", json!({ "name_rule": "none" })).await;
    let client = json!({
        "profile": "oidc-basic", "name": "Shop", "redirect_uris": [CALLBACK], "journey": "recover",
        "claims_values": "values", "auth_methods": ["client_secret_basic"], "scopes": ["profile"],
    });
    let (status, client) = place.post("/v1/clients", &client).await;
    assert_eq!(status, 201, "{client}");
    client
}

on_both!(another_library_is_satisfied_with_the_plain_code_flow, |place: Place| async move {
    let client = plain(&place).await;
    let mut peer = Peer::authlib();
    let callback = peer.back(&place, &client, picture()).await;
    peer.tell(&json!({ "callback": callback }));
    let told = peer.hear();
    assert!(told["id_token"]["sub"].is_string() && told["id_token"]["sub"] == told["userinfo"]["sub"], "{told}");
    assert_eq!(told["userinfo"]["family_name"], "ERIKSSON", "{told}");
});

on_both!(another_librarys_person_cannot_be_given_a_strangers_code, |place: Place| async move {
    let client = plain(&place).await;
    let (mut stranger, mut peer) = (Peer::authlib(), Peer::authlib());
    let stolen = stranger.back(&place, &client, namesakes_passport()).await;
    let own = peer.back(&place, &client, picture()).await;
    let state =
        |callback: &str| callback.split('&').find_map(|pair| Some(pair.split_once("state=")?.1.to_owned())).unwrap();
    peer.tell(&json!({ "callback": stolen.replace(&state(&stolen), &state(&own)) }));
    assert_eq!(peer.hear()["refused"], "invalid_grant");
    stranger.tell(&json!({ "callback": stolen.replace(&state(&stolen), &state(&own)) }));
    assert_eq!(stranger.hear()["refused"], "mismatching_state");
});

on_both!(a_certified_library_is_satisfied, |place: Place| async move {
    let mut peer = Peer::openid_client();
    let callback = peer.pushes(&place).await;
    peer.tell(&json!({ "callback": callback }));
    let told = peer.hear();
    assert_eq!(told["token_type"], "dpop", "{told}");
    for answer in ["id_token", "userinfo"] {
        let verified = &told[answer]["verified_claims"];
        let verified = if verified.is_array() { &verified[0] } else { verified };
        assert_eq!(verified["claims"]["family_name"], "ERIKSSON", "{answer}: {told}");
    }
});

on_both!(a_certified_library_notices_another_issuer_and_another_state, |place: Place| async move {
    let mut peer = Peer::openid_client();
    let callback = peer.pushes(&place).await;
    let issuer = url::form_urlencoded::byte_serialize(place.base.as_bytes()).collect::<String>();
    assert!(callback.contains(&format!("iss={issuer}")), "RFC 9207: {callback}");
    peer.tell(&json!({ "callback": callback.replace(&issuer, "https%3A%2F%2Fevil.example") }));
    assert_eq!(peer.hear()["refused"], "OAUTH_INVALID_RESPONSE");
});
