//! Microsoft Entra Verified ID: after a success, a credential in the person's own wallet, and later that or another one as
//! evidence. The token as which the server comes, the requests for an issuance and for a presentation, what the service
//! tells of them afterwards, the contract that is issued under, the administration of contracts and of what was issued, and
//! what Entra asks when somebody recovers an account.
//!
//! Nothing of a credential that is issued stays here: its claims are sent once, and what comes back says only how far the
//! wallet is.

mod admin;
mod client;
mod contract;
mod failed;
mod graph;
mod issuance;
mod presentation;
mod profile;
mod provision;
mod token;
mod validation;

pub use admin::{
    Authority, Published, ask_for_authorities, ask_for_contracts, find_credentials, read_authorities, read_contracts,
    read_done, read_found, read_published, revoke,
};
pub use client::ClientCredential;
pub use contract::{Contract, Input, NoContract, PHOTO, ask_for_contract, read_contract};
pub use failed::{Failed, read_failed};
pub use graph::{
    GRAPH, Given, MAY_GIVE_PASSES, MAY_READ_NAMES, NO_PASSES, Pass, User, ask_for_passes, ask_for_user, give_pass,
    is_user, read_pass, read_passes, read_removed, read_user, remove_pass,
};
pub use issuance::{Callback, Issuance, Offer, Pin, Progress, Told, read_offer, read_told, request};
pub use presentation::{Presentation, Presented, ToldOfPresentation, read_presented, request_presentation};
pub use profile::{
    KnownProfile, PORTRAIT, PREFER, PROFILES, Profile, Purpose, ask_for_profiles, create_profile, find_profile,
    read_profile_done, read_profiles, update_profile,
};
pub use provision::{Look, Provision, create, update};
pub use token::{MAY_ISSUE, MAY_PRESENT, MAY_REVOKE, NoToken, Service, Token, ask_for_token, read_token};
pub use validation::{Callout, Claims, Compared, LARGEST_CALLOUT, read_callout};

use provision::includes;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipse_core::assurance::Assurance;
use ipse_core::document::DocumentFacts;
use ipse_core::id::VerificationId;
use ipse_core::subject::bounded;
use ipse_core::{Private, Refusal};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where tokens are got in Microsoft's public cloud.
pub const LOGIN: &str = "https://login.microsoftonline.com";
/// Where credentials are requested in Microsoft's public cloud.
pub const API: &str = "https://verifiedid.did.msidentity.com";
/// The most claims that a request carries.
const MOST_CLAIMS: usize = 20;

/// A tenant, and what it issues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// The directory (tenant) id.
    pub id: String,
    /// The application (client) id as which the server comes.
    pub client_id: String,
    /// The decentralized identifier that issues: `did:web:…`.
    pub authority: String,
    /// The address of the contract's manifest.
    pub manifest: String,
    /// The credential's type, as the contract names it.
    pub credential: String,
    /// What is told of a person, by the contract's names for it.
    pub claims: BTreeMap<String, Fact>,
    /// Where tokens are got.
    pub login: String,
    /// Where credentials are requested.
    pub api: String,
    /// When a credential is to be good no more.
    #[serde(default)]
    pub revokes: Revokes,
    /// Whether Entra may ask if what somebody recovers an account with is what they were verified by.
    #[serde(default)]
    pub validates_claims: bool,
    /// The Temporary Access Pass that is offered after a success, if one is.
    #[serde(default)]
    pub temporary_access_pass: Option<Pass>,
    /// Where Microsoft Graph is.
    #[serde(default = "public_graph")]
    pub graph: String,
}

fn public_graph() -> String {
    GRAPH.to_owned()
}

/// What makes a credential good no more by itself. Anybody who may can revoke one besides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revokes {
    /// Somebody has the personal data of its verification destroyed. Not when they have served their time.
    pub on_redaction: bool,
    /// Its person leaves the organization.
    pub on_off_boarding: bool,
}

/// What may be told of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// All given names, as the document has them.
    GivenName,
    /// The family name, as the document has it.
    FamilyName,
    /// The whole name.
    Name,
    /// The date of birth, `YYYY-MM-DD`.
    Birthdate,
    /// The kind of the document, as in the API.
    DocumentKind,
    /// Who issued the document, three letters.
    DocumentCountry,
    /// How surely it is them, 0 to 3.
    AssuranceLevel,
    /// The day of the verification, `YYYY-MM-DD`.
    VerificationDate,
    /// The verification's id. Where the contract indexes it, the credential can be found and revoked by it.
    VerificationId,
    /// A picture of the person that was held against the document: JPEG, in base64url.
    Portrait,
}

/// What is known of a person, to be told of.
pub struct Known<'a> {
    /// What the document says.
    pub facts: &'a DocumentFacts,
    /// How surely it is them.
    pub assurance: Assurance,
    /// The day of the verification.
    pub on: Date,
    /// The verification.
    pub of: &'a VerificationId,
}

impl Fact {
    /// Every one of them.
    pub const ALL: [Self; 10] = [
        Self::GivenName,
        Self::FamilyName,
        Self::Name,
        Self::Birthdate,
        Self::DocumentKind,
        Self::DocumentCountry,
        Self::AssuranceLevel,
        Self::VerificationDate,
        Self::VerificationId,
        Self::Portrait,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Name => "name",
            Self::Birthdate => "birthdate",
            Self::DocumentKind => "document_kind",
            Self::DocumentCountry => "document_country",
            Self::AssuranceLevel => "assurance_level",
            Self::VerificationDate => "verification_date",
            Self::VerificationId => "verification_id",
            Self::Portrait => "portrait",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.as_str() == text)
    }
}

impl Tenant {
    /// Whether a secret that was kept for this one goes to the same place, for the same application, as said by another.
    pub fn takes_secret_of(&self, other: &Self) -> bool {
        (&self.login, &self.id, &self.client_id) == (&other.login, &other.id, &other.client_id)
    }

    /// A tenant of the public cloud of which nothing is said yet, with names, birthdate and the verification's id mapped to
    /// the claims of the same names.
    pub fn blank() -> Self {
        let claims = [Fact::GivenName, Fact::FamilyName, Fact::Birthdate, Fact::VerificationId];
        Self {
            id: String::new(),
            client_id: String::new(),
            authority: String::new(),
            manifest: String::new(),
            credential: String::new(),
            claims: claims.into_iter().map(|fact| (fact.as_str().to_owned(), fact)).collect(),
            login: LOGIN.to_owned(),
            api: API.to_owned(),
            revokes: Revokes::default(),
            validates_claims: false,
            temporary_access_pass: None,
            graph: public_graph(),
        }
    }

    /// The id of the contract that the manifest's address names: `…/contracts/<id>/manifest`.
    pub fn contract(&self) -> Option<&str> {
        self.manifest.split_once("/contracts/")?.1.split('/').next().filter(|id| !id.is_empty())
    }

    /// The contract under which credentials can be found by the verification's id, if they carry it.
    pub fn finds_under(&self) -> Option<&str> {
        self.claims.values().any(|fact| *fact == Fact::VerificationId).then(|| self.contract()).flatten()
    }

    /// The claim that a picture of the person is told as, if one is.
    pub fn picture(&self) -> Option<&str> {
        self.claims.iter().find(|(_, fact)| **fact == Fact::Portrait).map(|(claim, _)| claim.as_str())
    }

    /// Refuses what could not be meant. `loopback` allows plain http to this machine.
    ///
    /// # Errors
    /// When an id is none, an address is no https origin, the manifest is elsewhere, or no claim is mapped.
    pub fn validate(&self, loopback: bool) -> Result<(), Refusal> {
        for (field, id) in [("tenant_id", &self.id), ("client_id", &self.client_id)] {
            if !is_guid(id) {
                return Err(Refusal::invalid(field, "must be an id as the portal shows it, 36 characters"));
            }
        }
        for (field, origin) in [("login", &self.login), ("api", &self.api), ("graph", &self.graph)] {
            if !crate::is_origin(origin, loopback) {
                return Err(Refusal::invalid(field, "must be https://, a host, and no more"));
            }
        }
        if !self.authority.starts_with("did:web:") || self.authority.len() > 255 {
            return Err(Refusal::invalid(
                "authority",
                "must be the authority's identifier, which begins with did:web:",
            ));
        }
        let there = self.manifest.strip_prefix(self.api.as_str()).is_some_and(|path| path.starts_with('/'));
        if !there || self.manifest.len() > 512 || self.manifest.parse::<http::Uri>().is_err() {
            return Err(Refusal::invalid(
                "manifest",
                "must be the manifest's address, which begins with that of the API",
            ));
        }
        bounded("credential", &self.credential, 1, 80)?;
        if self.claims.is_empty() || self.claims.len() > MOST_CLAIMS {
            return Err(Refusal::invalid("claims", "must be 1 to 20"));
        }
        if let Some(pass) = self.temporary_access_pass {
            pass.validate()?;
        }
        let is_name = |name: &String| !name.is_empty() && name.len() <= 64 && name.bytes().all(is_name_byte);
        if !self.claims.keys().all(is_name) {
            return Err(Refusal::invalid("claims", "must be named by letters, digits, dots, hyphens and underscores"));
        }
        if (self.revokes.on_redaction || self.revokes.on_off_boarding) && self.finds_under().is_none() {
            return Err(Refusal::invalid(
                "claims",
                "must tell verification_id, by which a credential is found and revoked",
            ));
        }
        Ok(())
    }

    /// What is told of a person: what is not known is left out.
    pub fn told(&self, known: &Known<'_>) -> Private<BTreeMap<String, String>> {
        let Known { facts, assurance, on, of } = known;
        let identity = &facts.identity;
        let value = |fact: Fact| match fact {
            Fact::GivenName => identity.given_name.as_ref().map(|name| name.reveal().clone()),
            Fact::FamilyName => identity.family_name.as_ref().map(|name| name.reveal().clone()),
            Fact::Name => Some(identity.display_name().into_inner()),
            Fact::Birthdate => identity.birthdate.as_ref().map(|date| date.reveal().to_string()),
            Fact::DocumentKind => facts.kind.map(|kind| kind.as_str().to_owned()),
            Fact::DocumentCountry => facts.issuing_state.as_ref().map(|state| state.reveal().clone()),
            Fact::AssuranceLevel => Some(assurance.level.to_string()),
            Fact::VerificationDate => Some(on.to_string()),
            Fact::VerificationId => Some(of.to_string()),
            // It is large, and read only when everything else is known: [`Self::picture`].
            Fact::Portrait => None,
        };
        let known = self.claims.iter().filter_map(|(claim, fact)| Some((claim.clone(), value(*fact)?)));
        Private::new(known.filter(|(_, value)| !value.is_empty()).collect())
    }
}

/// A JPEG as the value of a claim: no character that a URL would change.
pub fn encode_picture(jpeg: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(jpeg)
}

const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

/// Whether a text is a GUID in its usual form: 8-4-4-4-12 hexadecimal digits.
fn is_guid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12] && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ipse_core::document::DocumentKind;
    use ipse_core::person::Identity;
    use jiff::civil::date;

    pub(super) fn tenant() -> Tenant {
        let manifest = format!("{API}/v1.0/tenants/{TENANT}/verifiableCredentials/contracts/c1/manifest");
        Tenant {
            id: TENANT.into(),
            client_id: "3db474b9-6a0c-4840-96ac-1fceb3421240".into(),
            authority: "did:web:verifiedid.contoso.com".into(),
            manifest,
            credential: "VerifiedCredentialExpert".into(),
            ..Tenant::blank()
        }
    }

    pub(super) const TENANT: &str = "7e3c5dae-db64-4f71-8eed-e9608f62da12";

    #[test]
    fn what_could_not_be_meant_is_refused() {
        assert!(tenant().validate(false).is_ok());
        let change = |change: &dyn Fn(&mut Tenant)| {
            let mut changed = tenant();
            change(&mut changed);
            changed.validate(false)
        };
        let wrong: [&dyn Fn(&mut Tenant); 13] = [
            &|it| it.id = "contoso".into(),
            &|it| it.client_id.push('0'),
            &|it| it.client_id = "zzzzzzzz-6a0c-4840-96ac-1fceb3421240".into(),
            &|it| it.authority = "did:ion:abc".into(),
            &|it| it.login = "http://login.microsoftonline.com".into(),
            &|it| it.api = format!("{API}/v1.0"),
            &|it| it.api = "http://127.0.0.1:1".into(),
            &|it| it.manifest = "https://elsewhere.example/manifest".into(),
            &|it| it.manifest = format!("{API}.elsewhere.example/manifest"),
            &|it| it.credential.clear(),
            &|it| it.claims.clear(),
            &|it| it.claims = BTreeMap::from([("given name".into(), Fact::GivenName)]),
            &|it| {
                it.revokes.on_redaction = true;
                it.claims = BTreeMap::from([("given_name".into(), Fact::GivenName)]);
            },
        ];
        for (number, wrong) in wrong.iter().enumerate() {
            assert!(change(wrong).is_err(), "{number}");
        }
        let here = |it: &mut Tenant| {
            it.api = "http://localhost:1".into();
            it.manifest = "http://localhost:1/m".into();
        };
        let mut changed = tenant();
        here(&mut changed);
        assert!(changed.validate(true).is_ok() && changed.validate(false).is_err());
    }

    #[test]
    fn what_is_not_known_is_not_told() {
        let facts = DocumentFacts {
            kind: Some(DocumentKind::Passport),
            identity: Identity {
                given_name: Some("Anna Maria".to_owned().into()),
                family_name: Some(String::new().into()),
                ..Identity::default()
            },
            ..DocumentFacts::default()
        };
        let tenant =
            Tenant { claims: Fact::ALL.map(|fact| (fact.as_str().to_owned(), fact)).into_iter().collect(), ..tenant() };
        let assurance = Assurance { level: 2, ..Assurance::default() };
        let of = VerificationId::new(jiff::Timestamp::UNIX_EPOCH, [1; 10]);
        let known = Known { facts: &facts, assurance, on: date(2026, 11, 22), of: &of };
        let told = tenant.told(&known);
        let told: Vec<(&str, &str)> =
            told.reveal().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let expected = [
            ("assurance_level", "2"),
            ("document_kind", "passport"),
            ("given_name", "Anna Maria"),
            ("name", "Anna Maria"),
            ("verification_date", "2026-11-22"),
            ("verification_id", of.as_str()),
        ];
        assert_eq!(told, expected);
        assert_eq!(
            (tenant.picture(), encode_picture(&[0xff, 0xd8, 0xff, 0xfb]).as_str()),
            (Some("portrait"), "_9j_-w")
        );
    }
}
