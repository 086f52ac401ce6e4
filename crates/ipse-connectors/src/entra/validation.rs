//! The event `OnVerifiedIdClaimValidation`: somebody recovers an account with a Verified ID, and Entra asks whether its
//! claims are those of the person whose account it is. What it asks, how claims compare with a document, and the two
//! answers.

use ipse_core::Private;
use ipse_core::document::{DocumentFacts, DocumentKind};
use ipse_core::name::{Name, plain, relaxed};
use ipse_core::person::Identity;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

/// The largest callout that is read, in bytes; the documented one has a tenth of it.
pub const LARGEST_CALLOUT: usize = 64 * 1024;

const EVENT: &str = "microsoft.graph.authenticationEvent.verifiedIdClaimValidation";
const CALLOUT: &str = "microsoft.graph.onVerifiedIdClaimValidationCalloutData";
const ANSWER: &str = "microsoft.graph.onVerifiedIdClaimValidationResponseData";
const PASS: &str = "microsoft.graph.verifiedIdClaimValidation.pass";
const FAILED: &str = "microsoft.graph.verifiedIdClaimValidation.failed";

/// What tells people of the same name apart. Entra compares names by itself: without one of these nothing is added to it.
const BINDING: [&str; 2] = ["dateOfBirth", "documentId"];

/// What Entra asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callout {
    /// The directory it comes from.
    pub tenant: String,
    /// Whose account it is: the user's id, the principal name and the employee's id, as far as they came, in this order.
    pub users: Vec<Private<String>>,
    /// What the credential says.
    pub claims: Claims,
}

/// What a credential says, as far as it is compared. An empty claim is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Claims {
    first_name: Option<Private<String>>,
    last_name: Option<Private<String>>,
    full_name: Option<Private<String>>,
    date_of_birth: Option<Private<String>>,
    document_type: Option<Private<String>>,
    document_id: Option<Private<String>>,
    document_expiry_date: Option<Private<String>>,
}

#[derive(Deserialize)]
struct Body {
    #[serde(rename = "type")]
    kind: String,
    data: Data,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    #[serde(rename = "@odata.type")]
    kind: String,
    tenant_id: String,
    authentication_context: Context,
    verified_id_claims_context: ClaimsContext,
}

#[derive(Deserialize)]
struct Context {
    user: User,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: Private<String>,
    user_principal_name: Option<Private<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClaimsContext {
    additional_info: Option<Additional>,
    claims: Claims,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Additional {
    employee_id: Option<Private<String>>,
}

/// Reads a callout; nothing where it is none, or of another event. Unknown fields are passed over.
pub fn read_callout(body: &[u8]) -> Option<Callout> {
    if body.len() > LARGEST_CALLOUT {
        return None;
    }
    let Body { kind, data } = serde_json::from_slice(body).ok()?;
    if kind != EVENT || data.kind != CALLOUT {
        return None;
    }
    let user = data.authentication_context.user;
    let context = data.verified_id_claims_context;
    let employee = context.additional_info.and_then(|additional| additional.employee_id);
    let users = [Some(user.id), user.user_principal_name, employee];
    let users = users.into_iter().flatten().filter(|name| !name.reveal().trim().is_empty()).collect();
    Some(Callout { tenant: data.tenant_id, users, claims: context.claims })
}

/// How the claims of a credential compare with a document, by their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// Those that agree.
    pub agreed: Vec<&'static str>,
    /// Those that do not, cannot be read, or are missing although it takes one of them.
    pub failed: Vec<&'static str>,
}

impl Compared {
    /// Whether nothing differs, and something agrees that tells people of the same name apart.
    pub fn passes(&self) -> bool {
        self.failed.is_empty() && self.agreed.iter().any(|claim| BINDING.contains(claim))
    }

    /// The answer.
    pub fn answer(&self) -> Value {
        let action = if self.passes() {
            json!({ "@odata.type": PASS })
        } else {
            json!({ "@odata.type": FAILED, "failedClaims": self.failed })
        };
        json!({ "data": { "@odata.type": ANSWER, "actions": [action] } })
    }
}

impl Claims {
    fn came(&self) -> [(&'static str, Option<&str>); 7] {
        [
            ("firstName", &self.first_name),
            ("lastName", &self.last_name),
            ("fullName", &self.full_name),
            ("dateOfBirth", &self.date_of_birth),
            ("documentType", &self.document_type),
            ("documentId", &self.document_id),
            ("documentExpiryDate", &self.document_expiry_date),
        ]
        .map(|(name, claim)| {
            (name, claim.as_ref().map(|claim| claim.reveal().trim()).filter(|claim| !claim.is_empty()))
        })
    }

    /// Compares them with what was read on the person's document, where there is one.
    pub fn compare(&self, facts: Option<&DocumentFacts>) -> Compared {
        let mut compared = Compared { agreed: Vec::new(), failed: Vec::new() };
        for (name, claim) in self.came() {
            let Some(claim) = claim else { continue };
            match facts.map_or(Some(false), |facts| self.agrees(name, claim, facts)) {
                Some(true) => compared.agreed.push(name),
                Some(false) => compared.failed.push(name),
                None => {}
            }
        }
        if compared.failed.is_empty() && !compared.passes() {
            compared.failed.extend(BINDING);
        }
        compared
    }

    /// Whether one claim is what the document says; nothing where the document does not say it.
    fn agrees(&self, name: &str, claim: &str, facts: &DocumentFacts) -> Option<bool> {
        let (given, family) = halves(&facts.identity);
        let documented = Name { given: &given, family: &family, truncated: facts.name_truncated };
        let same_name =
            |given: &str, family: &str| relaxed(Name { given, family, truncated: false }, documented).is_some();
        let is_date = |known: &Private<Date>| claim.parse::<Date>().is_ok_and(|date| date == *known.reveal());
        match name {
            "firstName" | "lastName" | "fullName" if given.is_empty() || family.is_empty() => None,
            // Each half is compared beside the document's own other half, unless both together are the name: halves may be
            // exchanged.
            "firstName" => Some(self.is_whole_name(&same_name) || same_name(claim, &family)),
            "lastName" => Some(self.is_whole_name(&same_name) || same_name(&given, claim)),
            "fullName" => {
                let words: Vec<&str> = claim.split_whitespace().collect();
                let splits = (1..words.len()).map(|place| words.split_at(place));
                Some(splits.into_iter().any(|(first, last)| same_name(&first.join(" "), &last.join(" "))))
            }
            "dateOfBirth" => facts.identity.birthdate.as_ref().map(is_date),
            "documentExpiryDate" => facts.expiry_date.as_ref().map(is_date),
            "documentType" => facts.kind.map(|kind| kind_of(claim) == Some(kind)),
            "documentId" => {
                let number = facts.document_number.as_ref().map(|number| letters(number.reveal()));
                number.filter(|number| !number.is_empty()).map(|number| letters(claim) == number)
            }
            _ => Some(false),
        }
    }

    fn is_whole_name(&self, same_name: &impl Fn(&str, &str) -> bool) -> bool {
        let halves = self.first_name.as_ref().zip(self.last_name.as_ref());
        halves.is_some_and(|(first, last)| same_name(first.reveal(), last.reveal()))
    }
}

/// All given names, and the family name.
pub(super) fn halves(identity: &Identity) -> (String, String) {
    let text = |part: &Option<Private<String>>| part.as_ref().map_or("", |part| part.reveal().trim()).to_owned();
    let given = format!("{} {}", text(&identity.given_name), text(&identity.middle_name));
    (given.trim().to_owned(), text(&identity.family_name))
}

/// Letters and digits alone: documents print their number with and without spaces, hyphens and fillers.
fn letters(text: &str) -> String {
    plain(text).chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The kind of document that a word stands for. Which words issuers use is nowhere said, so these are the usual ones.
fn kind_of(word: &str) -> Option<DocumentKind> {
    match letters(word).as_str() {
        "PASSPORT" => Some(DocumentKind::Passport),
        "IDCARD" | "IDENTITYCARD" | "NATIONALID" | "NATIONALIDCARD" | "NATIONALIDENTITYCARD" => {
            Some(DocumentKind::IdCard)
        }
        "DRIVINGLICENCE" | "DRIVINGLICENSE" | "DRIVERLICENSE" | "DRIVERLICENCE" | "DRIVERSLICENSE"
        | "DRIVERSLICENCE" => Some(DocumentKind::DrivingLicence),
        "VISA" => Some(DocumentKind::Visa),
        "RESIDENCEPERMIT" => Some(DocumentKind::ResidencePermit),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// As documented, with what this does not read.
    fn callout() -> Value {
        json!({
            "type": EVENT,
            "source": "/tenants/t/applications/a",
            "data": {
                "@odata.type": CALLOUT,
                "tenantId": "7e3c5dae-db64-4f71-8eed-e9608f62da12",
                "authenticationEventListenerId": "l",
                "customAuthenticationExtensionId": "e",
                "authenticationContext": {
                    "correlationId": "c", "protocol": "OAUTH2",
                    "client": { "clientIp": "192.0.2.1", "locale": "en-us", "market": "en-us" },
                    "clientServicePrincipal": { "appId": "a", "displayName": "d", "id": "i" },
                    "resourceServicePrincipal": null,
                    "user": { "id": "u1", "userPrincipalName": "john@contoso.com", "givenName": "John", "userType": "Member" },
                },
                "verifiedIdClaimsContext": {
                    "identities": [{ "issuer": "contoso.com", "issuerAssignedId": "i", "signInType": "userPrincipalName" }],
                    "additionalInfo": { "employeeId": "E1" },
                    "claims": {
                        "firstName": "John", "lastName": "Doe", "fullName": "John Doe", "dateOfBirth": "1990-01-15",
                        "documentType": "Passport", "documentId": "AB123456", "homeAddress": "somewhere",
                        "documentExpiryDate": "2028-01-15",
                    },
                },
            },
        })
    }

    fn read(body: &Value) -> Option<Callout> {
        read_callout(body.to_string().as_bytes())
    }

    fn facts() -> DocumentFacts {
        DocumentFacts {
            kind: Some(DocumentKind::Passport),
            document_number: Some("AB123456".to_owned().into()),
            identity: Identity {
                given_name: Some("JOHN".to_owned().into()),
                middle_name: Some("MARIA".to_owned().into()),
                family_name: Some("DOE".to_owned().into()),
                birthdate: Some(date(1990, 1, 15).into()),
            },
            expiry_date: Some(date(2028, 1, 15).into()),
            ..DocumentFacts::default()
        }
    }

    /// What differs when claims are as given, and the others of the callout have not come.
    fn compare(claims: &Value, facts: &DocumentFacts) -> Compared {
        let claims: Claims = serde_json::from_value(claims.clone()).unwrap();
        claims.compare(Some(facts))
    }

    const ALL: [&str; 7] =
        ["firstName", "lastName", "fullName", "dateOfBirth", "documentType", "documentId", "documentExpiryDate"];

    #[test]
    fn the_documented_callout_is_read_and_answered() {
        let asked = read(&callout()).unwrap();
        assert_eq!(asked.tenant, "7e3c5dae-db64-4f71-8eed-e9608f62da12");
        let users: Vec<&str> = asked.users.iter().map(|user| user.reveal().as_str()).collect();
        assert_eq!(users, ["u1", "john@contoso.com", "E1"]);
        assert!(!format!("{asked:?}").contains("John") && !format!("{asked:?}").contains("u1"));
        let compared = asked.claims.compare(Some(&facts()));
        assert_eq!((compared.agreed.as_slice(), compared.passes()), (ALL.as_slice(), true));
        assert_eq!(
            compared.answer(),
            json!({ "data": { "@odata.type": ANSWER, "actions": [{ "@odata.type": PASS }] } })
        );
        let unknown = asked.claims.compare(None);
        assert_eq!((unknown.failed.as_slice(), unknown.passes()), (ALL.as_slice(), false));
        let failed = json!({ "@odata.type": FAILED, "failedClaims": ALL });
        assert_eq!(unknown.answer(), json!({ "data": { "@odata.type": ANSWER, "actions": [failed] } }));
    }

    #[test]
    fn what_is_no_callout_is_not_read() {
        for (pointer, value) in [
            ("/type", json!("microsoft.graph.authenticationEvent.tokenIssuanceStart")),
            ("/type", Value::Null),
            ("/data", Value::Null),
            ("/data/@odata.type", json!("microsoft.graph.onTokenIssuanceStartCalloutData")),
            ("/data/tenantId", json!(1)),
            ("/data/authenticationContext/user", Value::Null),
            ("/data/authenticationContext/user/id", Value::Null),
            ("/data/verifiedIdClaimsContext/claims", Value::Null),
            ("/data/verifiedIdClaimsContext/claims/dateOfBirth", json!(19_900_115)),
            ("/source", json!("x".repeat(LARGEST_CALLOUT))),
        ] {
            let mut body = callout();
            *body.pointer_mut(pointer).unwrap() = value;
            assert!(read(&body).is_none(), "{pointer}");
        }
        let text = callout().to_string();
        assert!(read_callout(&text.as_bytes()[..text.len() - 1]).is_none() && read_callout(b"").is_none());
        let twice = text.replacen("\"firstName\"", "\"lastName\":\"Roe\",\"firstName\"", 1);
        assert!(read_callout(twice.as_bytes()).is_none(), "a claim that came twice");
        // Less than the documented one is one.
        let mut body = callout();
        body["data"]["verifiedIdClaimsContext"]["additionalInfo"] = Value::Null;
        body["data"]["authenticationContext"]["user"]["userPrincipalName"] = json!(" ");
        assert_eq!(read(&body).unwrap().users, ["u1".to_owned().into()]);
    }

    #[test]
    fn each_claim_that_differs_is_named() {
        for (claim, wrong) in [
            ("firstName", "Jane"),
            ("lastName", "Roe"),
            ("fullName", "Jane Doe"),
            ("fullName", "John"),
            ("dateOfBirth", "1990-01-16"),
            ("dateOfBirth", "15/01/1990"),
            ("documentType", "DriversLicense"),
            ("documentType", "Library card"),
            ("documentId", "AB123457"),
            ("documentId", "---"),
            ("documentExpiryDate", "2029-01-15"),
        ] {
            let mut body = callout();
            body["data"]["verifiedIdClaimsContext"]["claims"][claim] = json!(wrong);
            let compared = read(&body).unwrap().claims.compare(Some(&facts()));
            assert_eq!((compared.failed.as_slice(), compared.passes()), ([claim].as_slice(), false), "{wrong}");
        }
    }

    #[test]
    fn the_same_is_said_in_more_than_one_way() {
        let born = |claims: &[(&str, &str)]| {
            let mut all = json!({ "dateOfBirth": "1990-01-15" });
            for (name, value) in claims {
                all[*name] = json!(value);
            }
            compare(&all, &facts())
        };
        for claims in [
            &[("firstName", "john maria")][..],
            &[("lastName", "Döe"), ("firstName", "John")],
            &[("firstName", "Doe"), ("lastName", "John Maria")],
            &[("fullName", "Doe, John Maria")],
            &[("fullName", "John Maria Doe")],
            &[("documentId", "ab 123-456")],
            &[("documentType", "passport")],
        ] {
            let compared = born(claims);
            assert!(compared.passes() && compared.agreed.len() == claims.len() + 1, "{claims:?} {compared:?}");
        }
    }

    #[test]
    fn what_cannot_be_compared_is_no_pass() {
        // Names alone are those of many.
        let names = json!({ "firstName": "John", "lastName": "Doe", "documentType": "Passport" });
        let compared = compare(&names, &facts());
        assert_eq!((compared.failed.as_slice(), compared.passes()), (BINDING.as_slice(), false));
        let nothing = compare(&json!({ "dateOfBirth": "", "documentId": null, "homeAddress": "somewhere" }), &facts());
        assert_eq!((nothing.failed.as_slice(), nothing.passes()), (BINDING.as_slice(), false));
        assert!(!Claims::default().compare(None).passes());
        // What the document does not say is passed over, as long as something else does.
        let all = json!({ "firstName": "John", "dateOfBirth": "1990-01-15", "documentId": "AB123456" });
        let without = |change: &dyn Fn(&mut DocumentFacts)| {
            let mut facts = facts();
            change(&mut facts);
            compare(&all, &facts)
        };
        assert_eq!(without(&|facts| facts.document_number = None).agreed, ["firstName", "dateOfBirth"]);
        assert_eq!(without(&|facts| facts.identity.family_name = None).agreed, ["dateOfBirth", "documentId"]);
        assert!(!without(&|facts| *facts = DocumentFacts::default()).passes());
    }
}
