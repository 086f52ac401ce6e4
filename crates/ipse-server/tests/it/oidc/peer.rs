//! The provider as a certified library sees it: openid-client for Node.js, with pushed requests, PKCE, DPoP and
//! `private_key_jwt`. It validates, not we.

use super::{CALLBACK, Person, picture};
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
    fn start() -> Self {
        let folder = std::env::var("IPSE_TEST_OPENID_CLIENT").unwrap_or_else(|_| {
            panic!("IPSE_TEST_OPENID_CLIENT names no folder; `cargo xtask test` makes one with openid-client in it")
        });
        let mut child = Command::new("node")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/relying_party.mjs"))
            .env("IPSE_TEST_OPENID_CLIENT", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|_| panic!("node is missing; `cargo xtask test` installs it"));
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
    async fn back(&mut self, place: &Place) -> String {
        place.journey("recover", json!({ "name_rule": "none" })).await;
        let client = json!({
            "profile": "fapi2", "name": "Bank", "redirect_uris": [CALLBACK], "journey": "recover", "signing": "ES256",
            "claims_values": "values", "auth_methods": ["private_key_jwt"], "jwks": self.hear()["jwks"], "scopes": ["identity_assurance"],
        });
        let (status, client) = place.post("/v1/clients", &client).await;
        assert_eq!(status, 201, "{client}");
        self.tell(&json!({ "issuer": place.base, "client_id": client["id"], "redirect_uri": CALLBACK }));
        let pushed = self.hear();
        let authorize = pushed["authorize"].as_str().unwrap_or_else(|| panic!("{pushed}"));
        let mut person = Person::arrive_with(place, authorize.strip_prefix(&place.base).unwrap()).await;
        person.begin().await;
        person.show(picture()).await;
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(person.back().await.0).finish();
        format!("{CALLBACK}?{query}")
    }
}

on_both!(a_certified_library_is_satisfied, |place: Place| async move {
    let mut peer = Peer::start();
    let callback = peer.back(&place).await;
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
    let mut peer = Peer::start();
    let callback = peer.back(&place).await;
    let issuer = url::form_urlencoded::byte_serialize(place.base.as_bytes()).collect::<String>();
    assert!(callback.contains(&format!("iss={issuer}")), "RFC 9207: {callback}");
    peer.tell(&json!({ "callback": callback.replace(&issuer, "https%3A%2F%2Fevil.example") }));
    assert_eq!(peer.hear()["refused"], "OAUTH_INVALID_RESPONSE");
});
