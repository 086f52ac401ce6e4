//! The contract that credentials are issued under, as its manifest says it: a public document, signed by the service.
//! Its signature is not checked, as nothing is believed of it: it is compared with what is set here, for an administrator.

use super::Tenant;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{Request, header};
use serde_json::Value;

/// The kind of a claim that is a picture of the person.
pub const PHOTO: &str = "image/jpg;base64url";

/// What a contract asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// Who issues.
    pub issuer: String,
    /// What is asked of whoever requests an issuance, where it is asked by an ID token hint.
    pub inputs: Vec<Input>,
    /// The claims that are a picture of the person, as the credential calls them.
    pub photos: Vec<String>,
    /// Everything that the credential says, as it calls it.
    pub shown: Vec<String>,
}

/// One claim that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name in the request.
    pub claim: String,
    /// Whether there is no credential without it.
    pub required: bool,
    /// Whether credentials can be searched for by it, if that is said.
    pub indexed: Option<bool>,
}

/// The text is no contract's manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoContract;

/// Asks for the manifest. Anybody may.
///
/// # Errors
/// When the address is none.
pub fn ask_for_contract(tenant: &Tenant) -> http::Result<Request<Bytes>> {
    Request::get(&tenant.manifest)
        .header(header::ACCEPT, "application/json")
        .header(header::USER_AGENT, crate::USER_AGENT)
        .body(Bytes::new())
}

/// Reads a manifest.
///
/// # Errors
/// When it holds no token, or the token says nothing of a contract.
pub fn read_contract(body: &[u8]) -> Result<Contract, NoContract> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| NoContract)?;
    let token = answer.get("token").and_then(Value::as_str).ok_or(NoContract)?;
    let payload = token.split('.').nth(1).and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok()).ok_or(NoContract)?;
    let payload: Value = serde_json::from_slice(&payload).map_err(|_| NoContract)?;
    let issuer = payload.get("iss").and_then(Value::as_str).ok_or(NoContract)?.to_owned();
    let hints = payload.pointer("/input/attestations/idTokens").and_then(Value::as_array);
    let hint = hints
        .into_iter()
        .flatten()
        .find(|hint| hint.get("configuration").and_then(Value::as_str) == Some("https://self-issued.me"));
    let asked = hint.and_then(|hint| hint.get("claims")).and_then(Value::as_array);
    let input = |asked: &Value| {
        let claim = asked.get("claim").and_then(Value::as_str)?;
        let says = |name: &str| asked.get(name).and_then(Value::as_bool);
        // A path into the hint, whose names are the request's.
        Some(Input {
            claim: claim.strip_prefix("$.").unwrap_or(claim).to_owned(),
            required: says("required").unwrap_or(false),
            indexed: says("indexed"),
        })
    };
    let shown = payload.pointer("/display/claims").and_then(Value::as_object);
    let outward = |name: &String| name.strip_prefix("vc.credentialSubject.").unwrap_or(name).to_owned();
    let photo = |(name, shown): (&String, &Value)| {
        let is_photo = shown.get("type").and_then(Value::as_str) == Some(PHOTO);
        is_photo.then(|| outward(name))
    };
    Ok(Contract {
        issuer,
        inputs: asked.into_iter().flatten().filter_map(input).collect(),
        photos: shown.into_iter().flatten().filter_map(photo).collect(),
        shown: shown.into_iter().flatten().map(|(name, _)| outward(name)).collect(),
    })
}

impl Tenant {
    /// The tenant whose contract the manifest's address names: `…/tenants/<tenant>/…`.
    pub fn tenant_of_manifest(&self) -> Option<&str> {
        self.manifest.split_once("/tenants/")?.1.split('/').next()
    }

    /// What a contract asks for without which there is no credential, and for which nothing is set here.
    pub fn unmapped<'a>(&self, contract: &'a Contract) -> Vec<&'a str> {
        let needed = contract.inputs.iter().filter(|input| input.required);
        needed.map(|input| input.claim.as_str()).filter(|claim| !self.claims.contains_key(*claim)).collect()
    }

    /// What is set here and the contract does not ask for.
    pub fn unasked(&self, contract: &Contract) -> Vec<&str> {
        let is_asked = |claim: &str| contract.inputs.iter().any(|input| input.claim == claim);
        self.claims.keys().map(String::as_str).filter(|claim| !is_asked(claim)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TENANT, tenant};
    use super::*;
    use serde_json::json;

    fn manifest(payload: &Value) -> Vec<u8> {
        let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(payload.to_string()));
        json!({ "token": token }).to_string().into_bytes()
    }

    /// What the contract of `VerifiedCredentialExpert` with a photo becomes, as far as the samples read it.
    #[test]
    fn a_contract_is_compared_with_what_is_set() {
        let payload = json!({
            "iss": "did:web:verifiedid.contoso.com",
            "display": { "claims": {
                "vc.credentialSubject.firstName": { "type": "String", "label": "First name" },
                "vc.credentialSubject.photo": { "type": "image/jpg;base64url", "label": "User picture" },
            } },
            "input": { "attestations": { "idTokens": [
                { "configuration": "https://elsewhere", "claims": [{ "claim": "$.other", "required": true }] },
                { "configuration": "https://self-issued.me", "claims": [
                    { "claim": "$.given_name", "required": true, "indexed": false },
                    { "claim": "$.family_name", "required": true, "indexed": true },
                    { "claim": "photo", "required": true },
                    { "claim": "$.nickname" },
                ] },
            ] } },
        });
        let contract = read_contract(&manifest(&payload)).unwrap();
        assert_eq!(contract.issuer, tenant().authority);
        assert_eq!(contract.photos, ["photo"]);
        assert_eq!(contract.shown, ["firstName", "photo"]);
        assert_eq!(contract.inputs.len(), 4);
        assert_eq!(tenant().unmapped(&contract), ["photo"]);
        assert_eq!(tenant().unasked(&contract), ["birthdate", "verification_id"]);
        let indexed = contract.inputs.iter().filter(|input| input.indexed == Some(true));
        assert_eq!(indexed.map(|input| input.claim.as_str()).collect::<Vec<_>>(), ["family_name"]);
        assert_eq!(tenant().tenant_of_manifest(), Some(TENANT));
        assert_eq!(ask_for_contract(&tenant()).unwrap().uri(), tenant().manifest.as_str());
    }

    #[test]
    fn what_is_no_manifest_is_none() {
        for odd in [&b""[..], b"{}", b"{\"token\":7}", b"{\"token\":\"a.b.c\"}", b"[", b"{\"token\":\"e30.e30.x\"}"] {
            assert_eq!(read_contract(odd), Err(NoContract));
        }
        let bare = read_contract(&manifest(&json!({ "iss": "did:web:x", "input": 7, "display": [] }))).unwrap();
        assert!(bare.inputs.is_empty() && bare.photos.is_empty());
    }
}
