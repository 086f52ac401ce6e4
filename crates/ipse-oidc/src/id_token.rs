//! The ID token, and what the userinfo endpoint will say: decided once, when the person has finished.

use crate::claims_request::{Requested, Section};
use crate::client::ClaimsValues;
use crate::matching::Match;
use crate::profile::{IAT_SECONDS, Profile, Style, TOKEN_SECONDS};
use crate::verified_claims::{answer, by_scope};
use crate::{AuthorizationRequest, Client, Error, Proof, Provider};
use ipse_core::Private;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// What may be said about a person to a client.
pub(crate) struct Statement {
    pub(crate) subject: Private<String>,
    /// What the ID token says beside the claims that every one has.
    pub(crate) id_token: Map<String, Value>,
    /// What the userinfo endpoint says beside `sub`.
    pub(crate) userinfo: Map<String, Value>,
    pub(crate) matches: Vec<Match>,
    /// Whether the person is proven, and under Okta's style also everything that was asked about.
    pub(crate) proven: bool,
}

/// Decides what may be said. The proof holds, or the client's style is one that tells failures.
pub(crate) fn state(
    client: &Client,
    request: &AuthorizationRequest,
    proof: &Proof,
    now: Timestamp,
) -> Result<Statement, Error> {
    let mut statement = Statement {
        subject: subject(request, proof),
        id_token: Map::new(),
        userinfo: Map::new(),
        matches: Vec::new(),
        proven: proof.holds(),
    };
    if client.profile == Profile::EntraExternal {
        statement.id_token = crate::entra::claims(request, proof)?;
        return Ok(statement);
    }
    let (mut asked, userinfo) = (request.claims.id_token.verified.clone(), &request.claims.userinfo.verified);
    let by_scope_only = asked.is_empty() && userinfo.is_empty() && request.has_scope("identity_assurance");
    if (client.style == Style::Okta && asked.is_empty()) || by_scope_only {
        asked.push(by_scope(client, request.has_scope("profile")));
    }
    for (elements, place) in [(&asked, &mut statement.id_token), (userinfo, &mut statement.userinfo)] {
        let found = answer(client, elements, proof, now);
        place.extend(found.value.map(|value| ("verified_claims".to_owned(), value)));
        statement.proven &= found.verified;
        statement.matches.extend(found.matches);
    }
    // Okta refuses every claim that it did not ask for, so its tokens end here.
    if client.style == Style::Ida {
        statement.id_token.insert("auth_time".to_owned(), json!(proof.at.as_second()));
        statement.id_token.extend(request.acr.clone().map(|acr| ("acr".to_owned(), Value::String(acr))));
        if proof.face {
            statement.id_token.insert("amr".to_owned(), json!(["face"]));
        }
        if request.has_scope(OWN_SCOPE) && proof.holds() {
            statement.userinfo.extend(own(proof));
        }
        if client.claims_values == ClaimsValues::Values {
            plain(&request.claims.id_token, &[], proof, &mut statement.id_token);
            plain(&request.claims.userinfo, &request.scopes, proof, &mut statement.userinfo);
        }
    }
    Ok(statement)
}

/// The scope of our own claims about the verification, for clients that know no `verified_claims`.
pub(crate) const OWN_SCOPE: &str = "ipse";

/// The claims of [`OWN_SCOPE`], all of them text: Salesforce hands nothing else to a registration handler.
fn own(proof: &Proof) -> Map<String, Value> {
    let at = Timestamp::from_second(proof.at.as_second()).unwrap_or(proof.at);
    let claims = [
        ("ipse_verified", "true".to_owned()),
        ("ipse_verification", proof.verification.to_string()),
        ("ipse_verified_at", at.to_string()),
        ("ipse_assurance", proof.assurance.to_string()),
    ];
    claims.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect()
}

/// The client's own word for the person where the client itself said it; ours otherwise, since a browser may say
/// anything. Entra's word is signed.
fn subject(request: &AuthorizationRequest, proof: &Proof) -> Private<String> {
    if let Some(hint) = &request.hint {
        return hint.sub.clone();
    }
    let own = request.login_hint.as_ref().filter(|_| request.pushed);
    own.cloned().unwrap_or_else(|| Private::new(proof.subject.to_string()))
}

/// The claims of OpenID Connect Core §5.1 that were asked for by name or by scope (§5.4) and are proven.
fn plain(section: &Section, scopes: &[String], proof: &Proof, claims: &mut Map<String, Value>) {
    let scope = |wanted: &str| scopes.iter().any(|scope| scope == wanted);
    let facts = &proof.person;
    let identity = &facts.identity;
    let text = |value: &Option<Private<String>>| value.as_ref().map(|value| value.reveal().clone());
    let name = identity.display_name();
    let known = [
        ("name", "profile", Some(name.reveal().clone()).filter(|name| !name.is_empty())),
        ("given_name", "profile", text(&identity.given_name)),
        ("middle_name", "profile", text(&identity.middle_name)),
        ("family_name", "profile", text(&identity.family_name)),
        ("birthdate", "profile", identity.birthdate.as_ref().map(|date| date.reveal().to_string())),
        ("email", "email", facts.emails.first().map(|email| email.reveal().clone())),
        ("phone_number", "phone", facts.phones.first().map(|phone| phone.reveal().clone())),
    ];
    for (claim, of_scope, value) in known {
        let asked = section.plain.get(claim);
        let fits = |value: &String| asked.is_none_or(|asked| meets(asked, value));
        if asked.is_some() || scope(of_scope) {
            claims.extend(value.filter(fits).map(|value| (claim.to_owned(), Value::String(value))));
        }
    }
    for (claim, flag) in [("email", "email_verified"), ("phone_number", "phone_number_verified")] {
        if claims.contains_key(claim) {
            claims.insert(flag.to_owned(), json!(true));
        }
    }
}

fn meets(asked: &Requested, value: &str) -> bool {
    asked.values.is_empty() || asked.values.iter().any(|wanted| wanted.reveal() == value)
}

/// Signs an ID token.
pub(crate) fn sign(
    provider: &Provider,
    client: &Client,
    subject: &str,
    nonce: Option<&str>,
    claims: &Map<String, Value>,
    now: Timestamp,
) -> Result<String, Error> {
    let second = now.as_second();
    let mut all = claims.clone();
    all.insert("iss".to_owned(), json!(provider.issuer()));
    all.insert("aud".to_owned(), json!(client.id));
    all.insert("sub".to_owned(), json!(subject));
    let issued = second - IAT_SECONDS;
    all.insert("iat".to_owned(), json!(issued));
    // The token is dated back for clocks that run behind; nobody was proven after it.
    if all.get("auth_time").and_then(Value::as_i64).is_some_and(|at| at > issued) {
        all.insert("auth_time".to_owned(), json!(issued));
    }
    all.insert("exp".to_owned(), json!(second + TOKEN_SECONDS));
    all.extend(nonce.map(|nonce| ("nonce".to_owned(), json!(nonce))));
    // Another algorithm than the registered one is never a substitute.
    provider.keys.sign(client.signing, &all).map_err(|_| Error::ServerError)
}
