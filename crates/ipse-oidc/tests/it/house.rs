//! A provider, its clients, and a person's way through, in few words.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipse_core::Private;
use ipse_core::document::DocumentKind;
use ipse_core::id::{OrganizationId, SubjectId, VerificationId};
use ipse_core::name::Preset;
use ipse_core::person::Identity;
use ipse_core::verification::State;
use ipse_oidc::authorize::{self, Incoming};
use ipse_oidc::client::{Binding, ClaimsValues, EntraTenant, Secret};
use ipse_oidc::interaction::{Answer, Step};
use ipse_oidc::jwk::Jwks;
use ipse_oidc::keys::{KeyRecord, KeySet, KeyState, RsaBits};
use ipse_oidc::par::Pushed;
use ipse_oidc::params::Raw;
use ipse_oidc::profile::{Alg, AuthMethod, Profile};
use ipse_oidc::proof::{Evidence, Facts};
use ipse_oidc::seal::Sealer;
use ipse_oidc::token::Redeemed;
use ipse_oidc::{Client, Entropy, Error, Grant, Hash, Interaction, Post, Proof, Provider, hash_of, par, token};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde_json::{Value, json};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use zeroize::Zeroizing;

pub const ISSUER: &str = "https://ipse.example";
pub const CALLBACK: &str = "https://acme.okta.example/idp/identity-verification/callback";
pub const SECRET: &str = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mBqqN3r9q8eGzJmJ1tqQx0qYw5f8hU";

pub fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

pub fn after(seconds: i64) -> Timestamp {
    noon() + SignedDuration::from_secs(seconds)
}

/// Different at every call.
pub fn entropy() -> Entropy {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    hash_of(&CALLS.fetch_add(1, Ordering::Relaxed).to_be_bytes())
}

pub fn records() -> &'static [KeyRecord] {
    static KEYS: OnceLock<Vec<KeyRecord>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let key = |alg| KeyRecord::generate(alg, RsaBits::Rsa2048, KeyState::Current, noon()).unwrap();
        Alg::ALL.into_iter().map(key).collect()
    })
}

/// The keys of clients: not the provider's.
pub fn client_key(alg: Alg) -> &'static KeyRecord {
    static KEYS: OnceLock<Vec<KeyRecord>> = OnceLock::new();
    let make = || {
        let key = |alg| KeyRecord::generate(alg, RsaBits::Rsa2048, KeyState::Current, noon()).unwrap();
        Alg::ALL.into_iter().map(key).collect()
    };
    KEYS.get_or_init(make).iter().find(|key| key.alg == alg).unwrap()
}

pub fn jwks_of(records: &[KeyRecord]) -> Value {
    KeySet::new(records).unwrap().jwks()
}

/// The bare public key, as a DPoP proof carries it.
pub fn jwk_of(record: &KeyRecord) -> Value {
    let mut key = jwks_of(std::slice::from_ref(record))["keys"][0].clone();
    for name in ["kid", "use", "x5c", "alg"] {
        key.as_object_mut().unwrap().remove(name);
    }
    key
}

pub fn provider() -> &'static Provider {
    static PROVIDER: OnceLock<Provider> = OnceLock::new();
    PROVIDER.get_or_init(|| {
        let sealer = Sealer::new(&[Zeroizing::new([7; 32])]).unwrap();
        Provider::new(ISSUER, KeySet::new(records()).unwrap(), sealer).unwrap()
    })
}

fn client(id: &str, profile: Profile) -> Client {
    Client {
        id: id.to_owned(),
        organization: organization(1),
        name: "Acme".to_owned(),
        profile,
        redirect_uris: vec![CALLBACK.to_owned()],
        scopes: ["profile", "email", "identity_assurance", "ipse"].map(str::to_owned).to_vec(),
        auth_methods: vec![AuthMethod::ClientSecretPost, AuthMethod::ClientSecretBasic],
        secrets: vec![Secret { hash: hash_of(SECRET.as_bytes()), created_at: noon(), expires_at: None }],
        jwks: None,
        jwks_uri: None,
        certificates: Vec::new(),
        binding: Binding::None,
        signing: Alg::Rs256,
        journey: "standard".to_owned(),
        journeys: [("idv_flow_strict", "strict"), ("urn:acme:high", "strict")]
            .map(|(key, journey)| (key.to_owned(), journey.to_owned()))
            .into(),
        style: profile.rules().styles[0],
        name_rule: Preset::Relaxed,
        claims_values: ClaimsValues::Matched,
        minutes: 15,
        entra: None,
        org_id: None,
    }
}

pub fn organization(number: u8) -> OrganizationId {
    OrganizationId::new(noon(), [number; 10])
}

pub fn okta() -> Client {
    client("okta", Profile::OktaIdv)
}

pub fn basic() -> Client {
    Client { claims_values: ClaimsValues::Values, ..client("basic", Profile::OidcBasic) }
}

pub fn fapi() -> Client {
    Client {
        auth_methods: vec![AuthMethod::PrivateKeyJwt],
        secrets: Vec::new(),
        jwks: Some(Jwks::parse(&jwks_of(&[client_key(Alg::Es256).clone(), client_key(Alg::Ps256).clone()])).unwrap()),
        binding: Binding::Dpop,
        signing: Alg::Ps256,
        claims_values: ClaimsValues::Values,
        ..client("fapi", Profile::Fapi2)
    }
}

pub fn entra() -> Client {
    Client {
        redirect_uris: vec!["https://login.microsoftonline.com/common/federation/externalauthprovider".to_owned()],
        auth_methods: vec![AuthMethod::None],
        secrets: Vec::new(),
        entra: Some(EntraTenant {
            issuer: "https://login.microsoftonline.com/tenant-1/v2.0".to_owned(),
            tenant: "tenant-1".to_owned(),
            app_id: "app-1".to_owned(),
            keys: None,
        }),
        ..client("entra", Profile::EntraExternal)
    }
}

/// A client that sends people by links that it signed.
pub fn links() -> Client {
    let keys = Alg::ALL.map(|alg| client_key(alg).clone());
    Client {
        redirect_uris: vec!["https://rp.example/back?from=ipse".to_owned()],
        auth_methods: vec![AuthMethod::PrivateKeyJwt],
        secrets: Vec::new(),
        jwks: Some(Jwks::parse(&jwks_of(&keys)).unwrap()),
        org_id: Some("contoso".to_owned()),
        ..client("links", Profile::StartLink)
    }
}

pub fn every_client() -> [Client; 5] {
    [okta(), basic(), entra(), fapi(), links()]
}

pub fn form(params: &[(&str, &str)]) -> Vec<u8> {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish().into_bytes()
}

pub fn post(params: &[(&str, &str)]) -> Result<Post, Error> {
    posted(params, &[])
}

pub fn posted(params: &[(&str, &str)], dpop: &[&str]) -> Result<Post, Error> {
    let body = form(params);
    Post::read(&Raw { content_type: Some("application/x-www-form-urlencoded"), dpop, body: &body, ..Raw::default() })
}

pub fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()))
}

pub fn okta_claims() -> Value {
    json!({ "id_token": { "verified_claims": [{
        "verification": {
            "trust_framework": { "value": "IDV-DELEGATED", "essential": true },
            "assurance_level": { "value": "VERIFIED", "essential": true },
        },
        "claims": {
            "given_name": { "value": "Anna Maria", "fuzzy": true },
            "family_name": { "value": "Eriksson", "fuzzy": true },
        },
    }] } })
}

/// Parameters that can be changed by name; an empty value takes one away.
#[derive(Clone)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.0.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    pub fn pairs(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap()
    }
}

/// What a client pushes when nothing special is tried. Every call has its own nonce and state.
pub fn request(client: &Client) -> Fields {
    let random = URL_SAFE_NO_PAD.encode(entropy());
    let fields = Fields(Vec::new())
        .with("client_id", &client.id)
        .with("response_type", "code")
        .with("redirect_uri", &client.redirect_uris[0])
        .with("scope", "openid profile identity_assurance")
        .with("state", &format!("state-{random}"))
        .with("nonce", &format!("nonce-{random}"))
        .with("login_hint", "00u1234567890");
    let fields = fields.with("code_challenge", &challenge()).with("code_challenge_method", "S256");
    match client.profile {
        Profile::OktaIdv => fields.with("client_secret", SECRET).with("claims", &okta_claims().to_string()),
        Profile::OidcBasic => fields.with("client_secret", SECRET),
        Profile::Fapi2 => signed(client, fields, &json!(ISSUER)),
        Profile::EntraExternal | Profile::StartLink => unreachable!("they do not push"),
    }
}

pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub fn signed(client: &Client, fields: Fields, audience: &Value) -> Fields {
    let assertion = assertion(client, |claims| claims["aud"] = audience.clone());
    fields.with("client_assertion_type", ASSERTION_TYPE).with("client_assertion", &assertion)
}

pub fn assertion(client: &Client, change: impl FnOnce(&mut Value)) -> String {
    let second = noon().as_second();
    let mut claims = json!({
        "iss": client.id, "sub": client.id, "aud": ISSUER, "iat": second, "exp": second + 60,
        "jti": URL_SAFE_NO_PAD.encode(entropy()),
    });
    change(&mut claims);
    sign(client_key(Alg::Es256), "JWT", None, &claims)
}

pub fn sign(key: &KeyRecord, typ: &str, jwk: Option<Value>, claims: &Value) -> String {
    let (alg, secret) = match key.alg {
        // The library wants PKCS #1 for RSA, which begins after the 26 bytes of PKCS #8's envelope.
        Alg::Rs256 => (Algorithm::RS256, EncodingKey::from_rsa_der(&key.pkcs8[26..])),
        Alg::Ps256 => (Algorithm::PS256, EncodingKey::from_rsa_der(&key.pkcs8[26..])),
        Alg::Es256 => (Algorithm::ES256, EncodingKey::from_ec_der(&key.pkcs8)),
    };
    let mut header = Header::new(alg);
    header.typ = Some(typ.to_owned());
    header.jwk = jwk.map(|jwk| serde_json::from_value(jwk).unwrap());
    jsonwebtoken::encode(&header, claims, &secret).unwrap()
}

pub fn dpop(key: &KeyRecord, uri: &str, change: impl FnOnce(&mut Value)) -> String {
    let jti = URL_SAFE_NO_PAD.encode(entropy());
    let mut claims = json!({ "jti": jti, "htm": "POST", "htu": uri, "iat": noon().as_second() });
    change(&mut claims);
    sign(key, "dpop+jwt", Some(jwk_of(key)), &claims)
}

pub fn push(client: &Client, fields: &Fields) -> Result<Pushed, Error> {
    par::push(provider(), Some(client), &post(&fields.pairs())?, &[], noon(), entropy())
}

pub fn request_uri(pushed: &Pushed) -> String {
    pushed.body["request_uri"].as_str().unwrap().to_owned()
}

pub const BROWSER: Hash = [1; 32];
pub const OTHER_BROWSER: Hash = [2; 32];

/// A browser arrives at the authorization endpoint with these parameters.
pub fn arrive(
    client: &Client,
    params: &[(&str, &str)],
    existing: Option<Interaction>,
    browser: Hash,
    now: Timestamp,
) -> Result<Interaction, Error> {
    let incoming = Incoming::read(provider(), &form(params)).map_err(|refused| refused.error)?;
    let request = authorize::request(provider(), Some(client), incoming, None, now, entropy());
    Interaction::arrive(client, request.map_err(|refused| refused.error)?, existing, browser, now)
}

/// Pushes, opens and begins.
pub fn begun(client: &Client, fields: &Fields) -> Interaction {
    let uri = request_uri(&push(client, fields).unwrap());
    let mut interaction =
        arrive(client, &[("request_uri", &uri), ("client_id", &client.id)], None, BROWSER, noon()).unwrap();
    interaction.begin(BROWSER, verification(1), noon()).unwrap();
    interaction
}

pub fn verification(number: u8) -> VerificationId {
    VerificationId::new(noon(), [number; 10])
}

/// Anna Maria Eriksson, born on 12 August 1974: the specimen of ICAO 9303.
pub fn proof() -> Proof {
    Proof {
        verification: verification(1),
        subject: SubjectId::new(noon(), [1; 10]),
        state: State::Succeeded,
        checked: true,
        at: after(-30),
        trust_framework: "nist_800_63A".to_owned(),
        assurance_level: Some("ial1".to_owned()),
        assurance: 2,
        evidence: vec![Evidence { kind: DocumentKind::Passport, country: Some(Private::new("UTO".to_owned())) }],
        face: true,
        person: Facts {
            identity: Identity {
                given_name: Some(Private::new("ANNA MARIA".to_owned())),
                family_name: Some(Private::new("ERIKSSON".to_owned())),
                middle_name: None,
                birthdate: Some(Private::new("1974-08-12".parse().unwrap())),
            },
            ..Facts::default()
        },
    }
}

pub fn answered(client: &Client, interaction: &mut Interaction, proof: &Proof, now: Timestamp) -> Answer {
    match interaction.step(provider(), client, proof, BROWSER, now, entropy()).unwrap() {
        Step::Answer(answer) => *answer,
        Step::Follow => panic!("still following"),
    }
}

/// From the push to the code.
pub fn answer(client: &Client, fields: &Fields, proof: &Proof) -> Answer {
    answered(client, &mut begun(client, fields), proof, noon())
}

/// What a client sends to redeem a code.
pub fn exchange(client: &Client, answer: &Answer) -> Fields {
    let fields = Fields(Vec::new())
        .with("grant_type", "authorization_code")
        .with("client_id", &client.id)
        .with("code", answer.redirect.field("code").unwrap())
        .with("code_verifier", VERIFIER)
        .with("redirect_uri", &client.redirect_uris[0]);
    match client.profile {
        Profile::Fapi2 => signed(client, fields, &json!(ISSUER)),
        _ => fields.with("client_secret", SECRET),
    }
}

pub fn redeem(client: &Client, fields: &Fields, grant: Option<&Grant>, now: Timestamp) -> Result<Redeemed, Error> {
    token::redeem(provider(), Some(client), &post(&fields.pairs())?, grant, &[], now, entropy())
}

/// The whole way: what the ID token says.
pub fn told(client: &Client, fields: &Fields, proof: &Proof) -> Value {
    let answer = answer(client, fields, proof);
    let redeemed = redeem(client, &exchange(client, &answer), answer.grant.as_ref(), noon()).unwrap();
    verified(client, redeemed.body.reveal()["id_token"].as_str().unwrap())
}

/// Verifies an ID token as a relying party would: the key by its id from the published set, algorithm, issuer, audience.
/// Times are looked at by the tests, whose clock stands still.
pub fn verified(client: &Client, token: &str) -> Value {
    let header = jsonwebtoken::decode_header(token).unwrap();
    let published = provider().keys.jwks();
    let of_kid = |key: &&Value| key["kid"].as_str() == header.kid.as_deref();
    let key = published["keys"].as_array().unwrap().iter().find(of_kid).expect("kid is published").clone();
    let key = DecodingKey::from_jwk(&serde_json::from_value(key).unwrap()).unwrap();
    let mut validation = Validation::new(client.signing.as_str().parse().unwrap());
    validation.validate_exp = false;
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[&client.id]);
    jsonwebtoken::decode(token, &key, &validation).unwrap().claims
}
