//! The credential type that Ipse issues under, as an administrator would otherwise type it into Verified ID: which claims a
//! request has to bring, what the credential calls them, and how the card looks.

use super::admin::ask;
use super::{Fact, PHOTO, Published, Tenant, Token};
use bytes::Bytes;
use http::{Method, Request};
use ipse_core::Refusal;
use ipse_core::subject::bounded;
use serde_json::{Value, json};

/// Days that a credential is good for, at most.
const MOST_DAYS: u32 = 3_650;

/// How the card looks, in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// What stands on it.
    pub title: String,
    /// Who issues, in words.
    pub issued_by: String,
    /// A picture that anybody can fetch: PNG, JPEG or BMP.
    pub logo: Option<String>,
    /// The colour behind, `#rrggbb`.
    pub background: String,
    /// The colour of the text, `#rrggbb`.
    pub text: String,
}

/// A credential type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provision {
    /// The contract's name, which no other of the tenant has.
    pub name: String,
    /// How it looks.
    pub look: Look,
    /// Days that a credential is good for.
    pub days: u32,
}

impl Fact {
    /// What a credential calls it, in the words that Entra's own matching of recovered accounts looks for, and what people
    /// read beside it.
    pub(super) const fn outward(self) -> (&'static str, &'static str) {
        match self {
            Self::GivenName => ("firstName", "First name"),
            Self::FamilyName => ("lastName", "Last name"),
            Self::Name => ("fullName", "Name"),
            Self::Birthdate => ("dateOfBirth", "Date of birth"),
            Self::DocumentKind => ("documentType", "Document"),
            Self::DocumentCountry => ("documentCountry", "Issued by"),
            Self::AssuranceLevel => ("assuranceLevel", "Assurance, 0 to 3"),
            Self::VerificationDate => ("verificationDate", "Verified on"),
            Self::VerificationId => ("verificationId", "Verification"),
            Self::Portrait => ("portrait", "Picture"),
        }
    }

    /// Whether it is known of everybody who was proven.
    const fn is_always_known(self) -> bool {
        matches!(self, Self::Name | Self::AssuranceLevel | Self::VerificationDate | Self::VerificationId)
    }
}

impl Provision {
    /// Refuses what Verified ID would.
    ///
    /// # Errors
    /// When a text is too long, a colour is none, the logo is not on the web, or the days are out of bounds.
    pub fn validate(&self, tenant: &Tenant) -> Result<(), Refusal> {
        // Two inputs of one output claim; and only one may be indexed.
        if Fact::ALL.iter().any(|fact| tenant.claims.values().filter(|told| *told == fact).count() > 1) {
            return Err(Refusal::invalid("claims", "must tell each fact once"));
        }
        let is_word =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if self.name.is_empty() || self.name.len() > 80 || !is_word(&self.name) {
            return Err(Refusal::invalid("name", "must be 1 to 80 letters, digits, hyphens and underscores"));
        }
        bounded("title", &self.look.title, 1, 80)?;
        bounded("issued_by", &self.look.issued_by, 1, 120)?;
        for (field, colour) in [("background", &self.look.background), ("text", &self.look.text)] {
            let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6);
            if !digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit())) {
                return Err(Refusal::invalid(field, "must be a colour such as #1b3a4b"));
            }
        }
        if self.look.logo.as_ref().is_some_and(|logo| !logo.starts_with("https://") || logo.len() > 512) {
            return Err(Refusal::invalid("logo", "must be an https address that anybody can fetch"));
        }
        if !(1..=MOST_DAYS).contains(&self.days) {
            return Err(Refusal::invalid("days", "must be 1 to 3650"));
        }
        Ok(())
    }

    /// What is sent: claims by an ID token hint as the tenant is told them, of which the verification's id is the one that
    /// can be searched for.
    fn body(&self, tenant: &Tenant) -> Value {
        let mapping = |(claim, fact): (&String, &Fact)| {
            json!({
                "outputClaim": fact.outward().0, "inputClaim": format!("$.{claim}"),
                "required": fact.is_always_known(), "indexed": *fact == Fact::VerificationId,
            })
        };
        let shown = |fact: &Fact| {
            let (claim, label) = fact.outward();
            let kind = if *fact == Fact::Portrait { PHOTO } else { "String" };
            json!({ "claim": format!("vc.credentialSubject.{claim}"), "label": label, "type": kind })
        };
        let look = &self.look;
        let mut card = json!({
            "title": look.title, "issuedBy": look.issued_by, "backgroundColor": look.background, "textColor": look.text,
            "description": format!("{} has seen this person's identity document.", look.issued_by),
        });
        if let (Some(logo), Some(card)) = (&look.logo, card.as_object_mut()) {
            card.insert("logo".to_owned(), json!({ "uri": logo, "description": look.issued_by }));
        }
        json!({
            "name": self.name,
            "rules": {
                "attestations": { "idTokenHints": [{
                    "required": true, "trustedIssuers": [],
                    "mapping": tenant.claims.iter().map(mapping).collect::<Vec<_>>(),
                }] },
                "validityInterval": u64::from(self.days).saturating_mul(86_400),
                "vc": { "type": [tenant.credential] },
            },
            "displays": [{
                "locale": "en-US",
                "card": card,
                "consent": {
                    "title": format!("Take your {}?", look.title),
                    "instructions": "It says what was confirmed of you, and stays on this phone.",
                },
                "claims": tenant.claims.values().map(shown).collect::<Vec<_>>(),
            }],
            "availableInVcDirectory": false,
            "allowOverrideValidityIntervalOnIssuance": false,
        })
    }

    /// What of a contract that there is would be changed; nothing where it is as wanted.
    pub fn differs(&self, tenant: &Tenant, known: &Published) -> Vec<&'static str> {
        let wanted = self.body(tenant);
        let logo = |of: Option<&Value>| of.and_then(|displays| displays.pointer("/0/card/logo")).is_some();
        let logo_goes = logo(known.body.get("displays")) && !logo(wanted.get("displays"));
        let differs = |part: &str| match (known.body.get(part), wanted.get(part)) {
            (Some(there), Some(wanted)) => !includes(there, wanted),
            (there, wanted) => there != wanted,
        };
        PARTS.into_iter().filter(|part| differs(part) || (*part == "displays" && logo_goes)).collect()
    }
}

/// What of a contract can be changed.
const PARTS: [&str; 4] = ["rules", "displays", "availableInVcDirectory", "allowOverrideValidityIntervalOnIssuance"];

/// Whether everything wanted is there. What the service adds by itself is no difference.
pub(super) fn includes(there: &Value, wanted: &Value) -> bool {
    match (there, wanted) {
        (Value::Object(there), Value::Object(wanted)) => {
            wanted.iter().all(|(name, wanted)| there.get(name).is_some_and(|there| includes(there, wanted)))
        }
        (Value::Array(there), Value::Array(wanted)) => {
            there.len() == wanted.len() && there.iter().zip(wanted).all(|(there, wanted)| includes(there, wanted))
        }
        _ => there == wanted,
    }
}

/// Asks to make the contract.
///
/// # Errors
/// When the address is none.
pub fn create(tenant: &Tenant, token: &Token, authority: &str, wanted: &Provision) -> http::Result<Request<Bytes>> {
    let path = ["authorities", authority, "contracts"];
    ask(tenant, token, (Method::POST, &path), Some(&wanted.body(tenant)))
}

/// Asks to make a contract that there is as wanted.
///
/// # Errors
/// When the address is none.
pub fn update(
    tenant: &Tenant,
    token: &Token,
    (authority, contract): (&str, &str),
    wanted: &Provision,
) -> http::Result<Request<Bytes>> {
    let mut body = wanted.body(tenant);
    if let Some(body) = body.as_object_mut() {
        body.retain(|name, _| PARTS.contains(&name.as_str()));
    }
    ask(tenant, token, (Method::PATCH, &["authorities", authority, "contracts", contract]), Some(&body))
}

#[cfg(test)]
mod tests {
    use super::super::tests::tenant;
    use super::*;

    fn wanted() -> Provision {
        let look = Look {
            title: "Verified identity".into(),
            issued_by: "Utopia".into(),
            logo: None,
            background: "#000000".into(),
            text: "#FFFFFF".into(),
        };
        Provision { name: "IpseVerifiedIdentity".into(), look, days: 30 }
    }

    /// The body of admin-api.md, create contract, with the content of the published samples' rules and displays.
    #[test]
    fn the_body_is_the_one_of_the_reference() {
        let mut tenant = tenant();
        tenant.credential = "VerifiedIdentity".into();
        let facts = [Fact::GivenName, Fact::FamilyName, Fact::VerificationId];
        tenant.claims = facts.map(|fact| (fact.as_str().to_owned(), fact)).into();
        let token = Token { access: "t".into(), lives: 1, roles: Vec::new() };
        let logo = Some("https://public.example/logo.png".to_owned());
        let wanted = Provision { look: Look { logo, ..wanted().look }, ..wanted() };
        let sent = create(&tenant, &token, "a1", &wanted).unwrap();
        let place = "https://verifiedid.did.msidentity.com/v1.0/verifiableCredentials/authorities/a1/contracts";
        assert_eq!((sent.method(), sent.uri().to_string().as_str()), (&Method::POST, place));
        let body: Value = serde_json::from_slice(sent.body()).unwrap();
        let expected = json!({
            "name": "IpseVerifiedIdentity",
            "rules": {
                "attestations": { "idTokenHints": [{ "required": true, "trustedIssuers": [], "mapping": [
                    { "outputClaim": "lastName", "inputClaim": "$.family_name", "required": false, "indexed": false },
                    { "outputClaim": "firstName", "inputClaim": "$.given_name", "required": false, "indexed": false },
                    { "outputClaim": "verificationId", "inputClaim": "$.verification_id", "required": true, "indexed": true },
                ] }] },
                "validityInterval": 2_592_000,
                "vc": { "type": ["VerifiedIdentity"] }
            },
            "displays": [{
                "locale": "en-US",
                "card": {
                    "title": "Verified identity", "issuedBy": "Utopia", "backgroundColor": "#000000",
                    "textColor": "#FFFFFF", "description": "Utopia has seen this person's identity document.",
                    "logo": { "uri": "https://public.example/logo.png", "description": "Utopia" }
                },
                "consent": {
                    "title": "Take your Verified identity?",
                    "instructions": "It says what was confirmed of you, and stays on this phone."
                },
                "claims": [
                    { "claim": "vc.credentialSubject.lastName", "label": "Last name", "type": "String" },
                    { "claim": "vc.credentialSubject.firstName", "label": "First name", "type": "String" },
                    { "claim": "vc.credentialSubject.verificationId", "label": "Verification", "type": "String" },
                ]
            }],
            "availableInVcDirectory": false,
            "allowOverrideValidityIntervalOnIssuance": false
        });
        assert_eq!(body, expected);
        let sent = update(&tenant, &token, ("a1", "c1"), &wanted).unwrap();
        assert_eq!((sent.method(), sent.uri().to_string()), (&Method::PATCH, format!("{place}/c1")));
        let body: Value = serde_json::from_slice(sent.body()).unwrap();
        assert!(body.get("name").is_none() && body["rules"] == expected["rules"]);
    }

    #[test]
    fn only_one_claim_is_indexed_whatever_is_told() {
        let tenant = Tenant { claims: Fact::ALL.map(|fact| (fact.as_str().to_owned(), fact)).into(), ..tenant() };
        let body = wanted().body(&tenant);
        let mapping = body.pointer("/rules/attestations/idTokenHints/0/mapping").unwrap().as_array().unwrap();
        assert_eq!((mapping.len(), mapping.iter().filter(|one| one["indexed"] == true).count()), (10, 1));
    }

    #[test]
    fn what_the_service_adds_is_no_difference() {
        let tenant = tenant();
        let mut body = wanted().body(&tenant);
        body["id"] = json!("c1");
        body["rules"]["minted"] = json!(true);
        body["rules"]["attestations"]["idTokenHints"][0]["mapping"][0]["type"] = json!(null);
        let mut known = Published { id: "c1".into(), name: "n".into(), manifest: "https://x".into(), body };
        assert_eq!(wanted().differs(&tenant, &known), [""; 0]);
        let longer = Provision { days: 31, ..wanted() };
        assert_eq!(longer.differs(&tenant, &known), ["rules"]);
        known.body["displays"][0]["card"]["logo"] = json!({ "uri": "https://x/logo.png" });
        assert_eq!(wanted().differs(&tenant, &known), ["displays"], "a logo that is wanted no more");
        known.body["displays"] = json!([]);
        known.body["availableInVcDirectory"] = json!(null);
        assert_eq!(wanted().differs(&tenant, &known), ["displays", "availableInVcDirectory"]);
    }

    #[test]
    fn what_verified_id_would_not_take_is_refused() {
        assert!(wanted().validate(&tenant()).is_ok());
        let claims = ["a", "b"].map(|claim| (claim.to_owned(), Fact::VerificationId)).into();
        assert!(wanted().validate(&Tenant { claims, ..tenant() }).is_err(), "one fact under two names");
        let wrong: [&dyn Fn(&mut Provision); 8] = [
            &|it| it.name.clear(),
            &|it| it.name = "with spaces".into(),
            &|it| it.look.title = "x".repeat(81),
            &|it| it.look.issued_by.clear(),
            &|it| it.look.background = "black".into(),
            &|it| it.look.text = "#12345g".into(),
            &|it| it.look.logo = Some("http://public.example/logo.png".into()),
            &|it| it.days = 0,
        ];
        for (number, wrong) in wrong.iter().enumerate() {
            let mut changed = wanted();
            wrong(&mut changed);
            assert!(changed.validate(&tenant()).is_err(), "{number}");
        }
    }
}
