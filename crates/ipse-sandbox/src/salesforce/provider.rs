//! The org's Auth. Provider, as the package's metadata describes it: where a browser is sent, and what is asked directly once it
//! is back.

use super::package;
use super::registration::UserData;
use crate::xml::Node;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{RequestBuilder, Url};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What its addresses end with: the name of its metadata.
pub(super) const SUFFIX: &str = "Ipse";

/// Why nobody is let in, as the org's error page says it.
pub(super) struct Refused {
    pub(super) code: &'static str,
    pub(super) why: String,
}

impl Refused {
    pub(super) fn new(code: &'static str, why: &str) -> Self {
        Self { code, why: why.to_owned() }
    }
}

/// The provider, deployed.
pub(super) struct Provider {
    said: Node,
    client_id: String,
    client_secret: String,
}

impl Provider {
    /// Deploys it for a server, with the id and the secret that the server gave.
    pub(super) fn new(server: &str, client_id: String, client_secret: String) -> Self {
        Self { said: package::auth_provider(server), client_id, client_secret }
    }

    /// The name on the button.
    pub(super) fn name(&self) -> &str {
        self.said.said("friendlyName")
    }

    /// Where a browser is sent. It may have asked for more, as far as the provider forwards it.
    pub(super) fn address(&self, callback: &str, way: &Way, asked: &BTreeMap<String, String>) -> Option<String> {
        let mut to = Url::parse(self.said.said("authorizeUrl")).ok()?;
        to.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", callback)
            .append_pair("scope", self.said.said("defaultScopes"))
            .append_pair("state", &way.state);
        if let Some(verifier) = &way.verifier {
            let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
            to.query_pairs_mut().append_pair("code_challenge", &challenge).append_pair("code_challenge_method", "S256");
        }
        for forwarded in self.said.all("paramForwardAllowlist").map(|allowed| allowed.said("param")) {
            if let Some(value) = asked.get(forwarded) {
                to.query_pairs_mut().append_pair(forwarded, value);
            }
        }
        Some(to.into())
    }

    /// A way that begins: PKCE if the provider says so.
    pub(super) fn way(&self, purpose: Purpose) -> Option<Way> {
        // As long as an org's: several hundred letters.
        let state = (0..8).map(|_| crate::random()).collect::<Option<String>>()?;
        let with_pkce = self.said.said("isPkceEnabled") == "true";
        let verifier = if with_pkce { Some(crate::random()?) } else { None };
        Some(Way { browser: crate::random()?, state, verifier, purpose })
    }

    /// What a code buys: the person, as a registration handler is told of them.
    pub(super) async fn user_data(&self, callback: &str, code: &str, way: &Way) -> Result<UserData, Refused> {
        let no_token = |why: &str| Refused::new("No_Oauth_Token", why);
        let unreachable = || no_token("the token endpoint does not answer");
        let client = client().ok_or_else(unreachable)?;
        let mut form = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", callback)];
        form.extend(way.verifier.as_deref().map(|verifier| ("code_verifier", verifier)));
        let request = client.post(self.said.said("tokenUrl")).form(&form);
        let request = request.basic_auth(&self.client_id, Some(&self.client_secret));
        let (ok, tokens) = answered(request).await.ok_or_else(unreachable)?;
        let text = |name: &str| tokens.get(name).and_then(Value::as_str).unwrap_or_default();
        if !ok || text("access_token").is_empty() {
            return Err(no_token(text("error")));
        }
        // It came straight from the server, so the org looks at who issued it, and at no signature.
        let told = claims(text("id_token")).ok_or_else(|| no_token("the ID token cannot be read"))?;
        if told.get("iss").and_then(Value::as_str) != Some(self.said.said("idTokenIssuer")) {
            return Err(no_token("the ID token is another issuer's"));
        }
        let no_answer = |why: &str| Refused::new("No_Openid_Response", why);
        let request = client.get(self.said.said("userInfoUrl")).bearer_auth(text("access_token"));
        let info = answered(request).await.filter(|(ok, _)| *ok).map(|(_, info)| info);
        let info = info.ok_or_else(|| no_answer("the user info endpoint does not answer"))?;
        if info.get("sub").is_none() || info.get("sub") != told.get("sub") {
            return Err(no_answer("the user info is not the ID token's"));
        }
        Ok(UserData::new(&info))
    }
}

/// What somebody went to the provider for.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// To sign in.
    SignIn,
    /// To have their own user linked.
    Link(&'static str),
    /// To see what arrives.
    Test,
}

/// A browser that is at the provider, and what its answer has to fit.
pub(super) struct Way {
    /// What the browser holds as a cookie.
    pub(super) browser: String,
    pub(super) state: String,
    verifier: Option<String>,
    pub(super) purpose: Purpose,
}

fn client() -> Option<reqwest::Client> {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().ok()
}

/// Whether it succeeded, and the object that was answered; an error may have none that can be read.
async fn answered(request: RequestBuilder) -> Option<(bool, Map<String, Value>)> {
    let answer = request.send().await.ok()?;
    let ok = answer.status().is_success();
    let body = answer.json().await;
    if ok { Some((ok, body.ok()?)) } else { Some((ok, body.unwrap_or_default())) }
}

/// What stands in an ID token.
fn claims(token: &str) -> Option<Map<String, Value>> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shipped_is_what_is_simulated() {
        let provider = Provider::new("http://localhost:1", "client".to_owned(), "secret".to_owned());
        for (name, said) in [
            ("providerType", "OpenIdConnect"),
            ("registrationHandler", "IpseRegistrationHandler"),
            ("includeOrgIdInIdentifier", "false"),
            ("sendClientCredentialsInHeader", "true"),
            ("sendAccessTokenInHeader", "true"),
            ("isPkceEnabled", "true"),
            ("idTokenIssuer", "http://localhost:1"),
        ] {
            assert_eq!(provider.said.said(name), said, "{name}");
        }
        let way = provider.way(Purpose::SignIn).unwrap();
        let asked = [("acr_values", "high"), ("login_hint", "victim"), ("scope", "api")];
        let asked = asked.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let to = Url::parse(&provider.address("http://org/back", &way, &asked).unwrap()).unwrap();
        assert!(to.as_str().starts_with("http://localhost:1/oauth2/authorize?"));
        let sent: BTreeMap<String, String> = to.query_pairs().into_owned().collect();
        let get = |name: &str| sent.get(name).map(String::as_str);
        assert_eq!((get("acr_values"), get("login_hint")), (Some("high"), None), "only what is on the list");
        assert_eq!(get("scope"), Some("openid profile email ipse"));
        assert_eq!(get("code_challenge_method"), Some("S256"));
        assert!(get("state").is_some_and(|state| state.len() > 400) && get("nonce").is_none());
    }
}
