//! The profile by which a tenant takes a credential of its own for recovering or setting up accounts: `verifiedIdProfile` of
//! Microsoft Graph, beta, with the method `tenantCustomCredential`. No application may write it, so it is written with the
//! token of an administrator.

use super::graph::at_graph;
use super::{Contract, Fact, Failed, Tenant, Token, includes};
use bytes::Bytes;
use http::{Method, Request, StatusCode};
use ipse_core::Refusal;
use ipse_core::subject::bounded;
use serde_json::{Value, json};

/// The claim in which Entra looks for the picture that a face is compared with.
pub const PORTRAIT: &str = "portrait";
/// Where profiles are.
pub const PROFILES: [&str; 4] = ["beta", "identity", "verifiedId", "profiles"];
/// Without it Graph does not say the method's name.
pub const PREFER: &str = "include-unknown-enum-members";

/// What a profile is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Getting back into an account.
    Recovery,
    /// Getting into a new one.
    Onboarding,
    /// Both.
    All,
    /// Showing who one is.
    Verification,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Recovery => "recovery",
            Self::Onboarding => "onboarding",
            Self::All => "all",
            Self::Verification => "verification",
        }
    }
}

/// A profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// What administrators call it; the one of this name is changed.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Whether it works for nobody but whom an administrator tries it with.
    pub test_only: bool,
    /// Where people get the credential who have none, if they can.
    pub issuance_url: Option<String>,
}

/// A profile, as Graph has it.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownProfile {
    /// The id in addresses.
    pub id: String,
    name: String,
    body: Value,
}

impl Profile {
    /// What is sent: that this tenant's credential is taken, and that its names are the directory's.
    ///
    /// # Errors
    /// When something could not be meant, or the credential does not say both names.
    pub fn body(&self, tenant: &Tenant, contract: &Contract) -> Result<Value, Refusal> {
        bounded("profile", &self.name, 1, 80)?;
        if self.issuance_url.as_ref().is_some_and(|url| !url.starts_with("https://") || url.len() > 512) {
            return Err(Refusal::invalid("issuance_url", "must be an https address"));
        }
        if contract.issuer != tenant.authority {
            return Err(Refusal::invalid("authority", "must be the one that issues the credential"));
        }
        let binding = |attribute: &str, fact: Fact| {
            let claim = tenant.shown_as(fact, contract).ok_or_else(|| {
                let lacks = "must tell given_name and family_name, and the credential has to say both: a profile matches a \
                             person by their names";
                Refusal::invalid("claims", lacks)
            })?;
            Ok::<_, Refusal>(json!({
                "sourceAttribute": attribute,
                "verifiedIdClaim": format!("vc.credentialSubject.{claim}"),
                "matchConfidenceLevel": "relaxed",
            }))
        };
        let mut body = json!({
            "name": self.name,
            "description": format!("{}, issued with Ipse", tenant.credential),
            "state": "enabled",
            "verifierDid": tenant.authority,
            "priority": 0,
            "verifiedIdProfileConfiguration": {
                "methodType": "tenantCustomCredential",
                "type": tenant.credential,
                "manifestUrl": tenant.manifest,
                "acceptedIssuer": tenant.authority,
                "claimBindingSource": "directory",
                "claimBindings": [binding("First name", Fact::GivenName)?, binding("Last name", Fact::FamilyName)?],
            },
            "faceCheckConfiguration": { "isEnabled": true, "sourcePhotoClaimName": PORTRAIT },
            "verifiedIdUsageConfigurations": [
                { "isEnabledForTestOnly": self.test_only, "purpose": self.purpose.as_str() },
            ],
        });
        if let (Some(url), Some(body)) = (&self.issuance_url, body.as_object_mut()) {
            body.insert("selfServiceIssuance".to_owned(), json!({ "isEnabled": true, "issuanceUrl": url }));
        }
        Ok(body)
    }
}

impl Tenant {
    /// What the credential calls a fact that is told: as Ipse would name it, or as the request does.
    fn shown_as<'a>(&'a self, fact: Fact, contract: &Contract) -> Option<&'a str> {
        let mut told = self.claims.iter().filter(|(_, told)| **told == fact).map(|(claim, _)| claim.as_str());
        let names = told.next().map(|claim| [fact.outward().0, claim])?;
        names.into_iter().find(|name| contract.shown.iter().any(|shown| shown == name))
    }
}

impl KnownProfile {
    /// What would be changed to make it as wanted; nothing where it is.
    pub fn differs(&self, wanted: &Value) -> Vec<String> {
        let wanted = wanted.as_object().into_iter().flatten();
        let differs = |(name, wanted): (&String, &Value)| {
            let same = self.body.get(name).is_some_and(|there| includes(there, wanted));
            (!same).then(|| name.clone())
        };
        wanted.filter_map(differs).collect()
    }

    /// What is wanted, and what somebody else has set up within it: the extension that validates claims.
    #[must_use]
    pub fn keeping(&self, mut wanted: Value) -> Value {
        let kept = self.body.pointer("/verifiedIdProfileConfiguration/claimValidation").filter(|kept| !kept.is_null());
        let within = wanted.get_mut("verifiedIdProfileConfiguration").and_then(Value::as_object_mut);
        if let (Some(kept), Some(within)) = (kept, within) {
            within.insert("claimValidation".to_owned(), kept.clone());
        }
        wanted
    }
}

/// The one of this name among those known.
///
/// # Errors
/// When two have the name, so that nobody knows which one is meant.
pub fn find_profile(known: Vec<KnownProfile>, name: &str) -> Result<Option<KnownProfile>, Refusal> {
    let mut found = known.into_iter().filter(|known| known.name == name);
    match (found.next(), found.next()) {
        (one, None) => Ok(one),
        _ => Err(Refusal::invalid("profile", "must be one profile's name, and two have it")),
    }
}

/// Asks which profiles there are.
///
/// # Errors
/// When the address is none.
pub fn ask_for_profiles(tenant: &Tenant, token: &Token) -> http::Result<Request<Bytes>> {
    with_prefer(at_graph(tenant, token, (Method::GET, &PROFILES), None))
}

/// Asks to make a profile.
///
/// # Errors
/// When the address is none.
pub fn create_profile(tenant: &Tenant, token: &Token, wanted: &Value) -> http::Result<Request<Bytes>> {
    with_prefer(at_graph(tenant, token, (Method::POST, &PROFILES), Some(wanted)))
}

/// Asks to change a profile.
///
/// # Errors
/// When the address is none.
pub fn update_profile(
    tenant: &Tenant,
    token: &Token,
    known: &KnownProfile,
    wanted: &Value,
) -> http::Result<Request<Bytes>> {
    let [version, identity, verified, profiles] = PROFILES;
    let path = [version, identity, verified, profiles, known.id.as_str()];
    with_prefer(at_graph(tenant, token, (Method::PATCH, &path), Some(wanted)))
}

fn with_prefer(request: http::Result<Request<Bytes>>) -> http::Result<Request<Bytes>> {
    request.map(|mut request| {
        request.headers_mut().insert("prefer", http::HeaderValue::from_static(PREFER));
        request
    })
}

const UNREAD: Failed =
    Failed { advice: "Graph answered with something that could not be read.", may_pass: true, needs_token: false };

/// Reads whether it was done.
///
/// # Errors
/// When it was not.
pub fn read_profile_done(status: StatusCode) -> Result<(), Failed> {
    let (advice, may_pass) = match status.as_u16() {
        200..=299 => return Ok(()),
        400 | 409 | 422 => (
            "Graph does not take the profile: see that the tenant has the licences for account recovery and Face Check, and \
             that the credential is one of its own.",
            false,
        ),
        401 => {
            ("The token has run out, or is not for Graph: copy a new one, from Graph Explorer, Access token.", false)
        }
        403 => (
            "The token may not change profiles: it takes the delegated permission VerifiedId-Profile.ReadWrite.All, and \
             somebody who is Authentication Policy Administrator.",
            false,
        ),
        404 | 405 => ("There is nothing at this address. Compare the address of Graph.", false),
        429 | 500..=599 => ("Graph cannot answer right now.", true),
        _ => ("Graph refused the request.", false),
    };
    Err(Failed { advice, may_pass, needs_token: false })
}

/// Reads which profiles there are.
///
/// # Errors
/// When they are not told, or not all of them.
pub fn read_profiles(status: StatusCode, body: &[u8]) -> Result<Vec<KnownProfile>, Failed> {
    read_profile_done(status)?;
    let answer: Value = serde_json::from_slice(body).map_err(|_| UNREAD)?;
    let listed = answer.get("value").and_then(Value::as_array).ok_or(UNREAD)?;
    let text = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).map(str::to_owned);
    let read = |one: &Value| Some(KnownProfile { id: text(one, "id")?, name: text(one, "name")?, body: one.clone() });
    let read: Vec<_> = listed.iter().filter_map(read).collect();
    // One that is not seen would be made a second time.
    let is_whole = read.len() == listed.len() && answer.get("@odata.nextLink").is_none();
    if is_whole { Ok(read) } else { Err(UNREAD) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::tenant;
    use super::*;

    fn wanted() -> Profile {
        Profile {
            name: "Contoso Verified ID".into(),
            purpose: Purpose::Verification,
            test_only: true,
            issuance_url: Some("https://verifiedid.contoso.com/issue".into()),
        }
    }

    fn contract(shown: &[&str]) -> Contract {
        let shown = shown.iter().map(|&claim| claim.to_owned()).collect();
        Contract { issuer: tenant().authority, inputs: Vec::new(), photos: Vec::new(), shown }
    }

    fn token() -> Token {
        Token { access: "t".into(), lives: 1, roles: Vec::new() }
    }

    /// The body of identityverifiedidroot-post-profiles, beta; the parts that are optional there and not said here left out.
    #[test]
    fn the_body_is_the_one_of_the_reference() {
        let tenant = tenant();
        let body = wanted().body(&tenant, &contract(&["firstName", "lastName", "portrait"])).unwrap();
        let expected = json!({
            "name": "Contoso Verified ID",
            "description": "VerifiedCredentialExpert, issued with Ipse",
            "state": "enabled",
            "verifierDid": "did:web:verifiedid.contoso.com",
            "priority": 0,
            "verifiedIdProfileConfiguration": {
                "methodType": "tenantCustomCredential", "type": "VerifiedCredentialExpert",
                "manifestUrl": tenant.manifest, "acceptedIssuer": "did:web:verifiedid.contoso.com",
                "claimBindingSource": "directory",
                "claimBindings": [
                    { "sourceAttribute": "First name", "verifiedIdClaim": "vc.credentialSubject.firstName", "matchConfidenceLevel": "relaxed" },
                    { "sourceAttribute": "Last name", "verifiedIdClaim": "vc.credentialSubject.lastName", "matchConfidenceLevel": "relaxed" },
                ]
            },
            "faceCheckConfiguration": { "isEnabled": true, "sourcePhotoClaimName": "portrait" },
            "verifiedIdUsageConfigurations": [{ "isEnabledForTestOnly": true, "purpose": "verification" }],
            "selfServiceIssuance": { "isEnabled": true, "issuanceUrl": "https://verifiedid.contoso.com/issue" }
        });
        assert_eq!(body, expected);
        let sent = create_profile(&tenant, &token(), &body).unwrap();
        let place = "https://graph.microsoft.com/beta/identity/verifiedId/profiles";
        assert_eq!((sent.method(), sent.uri().to_string().as_str()), (&Method::POST, place));
        assert!(sent.headers()["prefer"] == PREFER && sent.headers()["authorization"] == "Bearer t");
        let known = KnownProfile { id: "p1".into(), name: "n".into(), body: json!({}) };
        let sent = update_profile(&tenant, &token(), &known, &body).unwrap();
        assert_eq!((sent.method(), sent.uri().to_string()), (&Method::PATCH, format!("{place}/p1")));
        let sent = ask_for_profiles(&tenant, &token()).unwrap();
        assert!(sent.method() == Method::GET && sent.headers()["prefer"] == PREFER);
        // A contract that was made by hand has its own names.
        let body = wanted().body(&tenant, &contract(&["given_name", "family_name"])).unwrap();
        let claim = body.pointer("/verifiedIdProfileConfiguration/claimBindings/1/verifiedIdClaim");
        assert_eq!(claim, Some(&json!("vc.credentialSubject.family_name")));
    }

    #[test]
    fn what_could_not_match_anybody_is_refused() {
        let names = contract(&["firstName", "lastName"]);
        assert!(wanted().body(&tenant(), &names).is_ok());
        assert!(wanted().body(&tenant(), &contract(&["firstName"])).is_err(), "no last name in the credential");
        let mut nameless = tenant();
        nameless.claims.retain(|_, fact| *fact != Fact::GivenName);
        assert!(wanted().body(&nameless, &names).is_err(), "no first name is told");
        let other = Contract { issuer: "did:web:elsewhere.example".into(), ..names.clone() };
        assert!(wanted().body(&tenant(), &other).is_err(), "another issuer");
        let http = Profile { issuance_url: Some("http://contoso.com".into()), ..wanted() };
        assert!(http.body(&tenant(), &names).is_err());
        assert!(Profile { name: String::new(), ..wanted() }.body(&tenant(), &names).is_err());
    }

    #[test]
    fn what_others_set_up_in_a_profile_stays() {
        let wanted = wanted().body(&tenant(), &contract(&["firstName", "lastName"])).unwrap();
        let mut there = wanted.clone();
        there["id"] = json!("p1");
        there["lastModifiedDateTime"] = json!("2026-11-22T09:00:00Z");
        let validation = json!({ "isEnabled": true, "customExtensionId": "e" });
        there["verifiedIdProfileConfiguration"]["claimValidation"] = validation.clone();
        let listed = |all: &[&Value]| read_profiles(StatusCode::OK, json!({ "value": all }).to_string().as_bytes());
        let known = find_profile(listed(&[&there]).unwrap(), "Contoso Verified ID").unwrap().unwrap();
        assert_eq!(known.differs(&wanted), [""; 0]);
        let mut production = wanted.clone();
        production["verifiedIdUsageConfigurations"][0]["isEnabledForTestOnly"] = json!(false);
        assert_eq!(known.differs(&production), ["verifiedIdUsageConfigurations"]);
        let sent = known.keeping(production);
        assert_eq!(sent["verifiedIdProfileConfiguration"]["claimValidation"], validation);
        assert_eq!(find_profile(listed(&[&there]).unwrap(), "Other"), Ok(None));
        assert!(find_profile(listed(&[&there, &there]).unwrap(), "Contoso Verified ID").is_err());
        assert!(listed(&[&json!({ "id": "p1" })]).is_err());
        let paged = json!({ "value": [there], "@odata.nextLink": "https://graph.microsoft.com/…" }).to_string();
        assert!(read_profiles(StatusCode::OK, paged.as_bytes()).is_err());
        for cut in ["", "{", "{}", "{\"value\":1}"] {
            assert!(read_profiles(StatusCode::OK, cut.as_bytes()).is_err(), "{cut}");
        }
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let of = |status: u16| read_profile_done(StatusCode::from_u16(status).unwrap());
        assert!(of(201).is_ok() && of(204).is_ok());
        assert!(of(401).unwrap_err().advice.contains("Access token"));
        assert!(of(403).unwrap_err().advice.contains("VerifiedId-Profile.ReadWrite.All"));
        for (status, may_pass) in [(400, false), (404, false), (418, false), (429, true), (503, true)] {
            assert_eq!(of(status).unwrap_err().may_pass, may_pass, "{status}");
        }
    }
}
