//! What the provider says of itself (OpenID Connect Discovery, RFC 8414, RFC 9126 §5, Identity Assurance §8).

use crate::Provider;
use crate::claims_request::Claim;
use crate::id_token::OWN_SCOPE;
use crate::profile::{Alg, AuthMethod, Profile};
use crate::verified_claims::{CHECK_METHOD, IDV_DELEGATED, document_type};
use ipse_core::document::DocumentKind;
use serde_json::{Value, json};

/// The document at `/.well-known/openid-configuration`. `trust_frameworks` are those that proofs may name.
pub fn metadata(provider: &Provider, trust_frameworks: &[&str]) -> Value {
    let of_profiles = |profile: Profile| profile.rules().auth_methods.iter().copied();
    let methods = [
        AuthMethod::ClientSecretBasic,
        AuthMethod::ClientSecretPost,
        AuthMethod::PrivateKeyJwt,
        AuthMethod::SelfSignedTlsClientAuth,
    ];
    let offered = |method: &AuthMethod| Profile::ALL.into_iter().flat_map(of_profiles).any(|known| known == *method);
    let methods: Vec<&str> = methods.iter().filter(|method| offered(method)).map(|method| method.as_str()).collect();
    let algs: Vec<&str> = Alg::ALL.iter().map(|alg| alg.as_str()).collect();
    let signing: Vec<&str> = provider.keys.algs().into_iter().map(Alg::as_str).collect();
    let mut verified: Vec<&str> = Claim::PLAIN.iter().map(|claim| claim.as_str()).collect();
    verified.push("address");
    let plain = ["sub", "name", "given_name", "middle_name", "family_name", "birthdate", "email", "phone_number"];
    let documents: Vec<&str> = DocumentKind::ALL.into_iter().map(document_type).collect();
    let mut frameworks = vec![IDV_DELEGATED];
    frameworks.extend(trust_frameworks.iter().filter(|framework| **framework != IDV_DELEGATED));
    json!({
        "issuer": provider.issuer(),
        "authorization_endpoint": provider.authorization_endpoint(),
        "token_endpoint": provider.token_endpoint(),
        "userinfo_endpoint": provider.userinfo_endpoint(),
        "jwks_uri": provider.jwks_uri(),
        "pushed_authorization_request_endpoint": provider.par_endpoint(),
        "require_pushed_authorization_requests": false,
        "response_types_supported": ["code", "id_token"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": ["authorization_code", "implicit"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["openid", "profile", "email", "phone", "identity_assurance", OWN_SCOPE],
        "id_token_signing_alg_values_supported": signing,
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": algs,
        "dpop_signing_alg_values_supported": algs,
        "tls_client_certificate_bound_access_tokens": true,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "claims_parameter_supported": true,
        "claims_supported": plain,
        "verified_claims_supported": true,
        "claims_in_verified_claims_supported": verified,
        "trust_frameworks_supported": frameworks,
        "evidence_supported": ["document"],
        "documents_supported": documents,
        "documents_check_methods_supported": [CHECK_METHOD],
    })
}
