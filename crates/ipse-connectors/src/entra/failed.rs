//! What the service answers when it does not do what it was asked, and what an administrator does about it.

use http::StatusCode;
use serde_json::Value;

/// Why something was not done, in words for an administrator. Never repeats what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// What to do about it.
    pub advice: &'static str,
    /// Whether asking again later may help.
    pub may_pass: bool,
    /// Whether a new token may help.
    pub needs_token: bool,
}

/// Reads an answer that is not the wanted one. The inner error says more than the outer, and is often not there.
pub fn read_failed(status: StatusCode, body: &[u8]) -> Failed {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |pointer: &str| answer.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (inner, target, message) =
        (text("/error/innererror/code"), text("/error/innererror/target"), text("/error/innererror/message"));
    let (advice, may_pass) = match (inner, text("/error/code")) {
        // The service says so in a message without a target, too.
        (_, "fetch_contract_error") => (CONTRACT, false),
        _ if message == "fetch_contract_error" || text("/error/message") == "fetch_contract_error" => (CONTRACT, false),
        ("badOrMissingField", _) => (of_field(target), false),
        ("notFound", _) => ("The service does not find what the request names: compare the manifest's address.", false),
        ("tokenError", _) => (TOKEN, false),
        ("transientError", _) => ("The service has a problem that passes. Nothing has to be changed.", true),
        (_, outer) => of_status(status, outer),
    };
    Failed { advice, may_pass, needs_token: status == StatusCode::UNAUTHORIZED }
}

const CONTRACT: &str = "The service cannot read the contract. Open the credential in Verified ID, Credentials, and see that the \
                        service may still sign with the key of the authority's Key Vault.";
const TOKEN: &str = "The service did not accept the token: see that the application has the permission \
                     VerifiableCredential.Create.All, with an administrator's consent (App registrations, API permissions).";

/// What to do about a field of the request that is wrong or missing.
fn of_field(target: &str) -> &'static str {
    match target {
        "authority" => "The authority is not one of this tenant. Copy it from Verified ID, Organization settings.",
        "callback.url" => {
            "The service wants to reach this server at a public https address: see base_url in its settings."
        }
        "callback" | "callback.state" | "callback.headers" => "The service does not take the callback as it was sent.",
        "manifest" => "The manifest is not a contract's. Copy its address from the credential's page in Verified ID.",
        "type" => "The type is not the contract's. Compare it with the rules on the credential's page in Verified ID.",
        "claims" => "The claims are not those that the contract asks for. Compare the mapping with its rules.",
        "pin" | "pin.value" | "pin.length" => "The contract takes no PIN: its claims must come by an ID token hint.",
        "expirationDate" => "The contract does not let a request say how long a credential lives.",
        "registration" | "registration.clientName" => "The service does not take the organization's name.",
        _ => "The service finds a field of the request wrong or missing. Compare what is set here with the contract.",
    }
}

/// What the outer error means, which goes by the status.
fn of_status(status: StatusCode, code: &str) -> (&'static str, bool) {
    match (status.as_u16(), code) {
        (401, _) | (_, "unauthorized") => (TOKEN, false),
        (403, _) | (_, "forbidden") => (
            "The application may not do this: it lacks VerifiableCredential.Create.All, or an administrator's consent.",
            false,
        ),
        (404, _) | (_, "notFound") => ("There is nothing at this address. Compare the address of the API.", false),
        (405, _) | (_, "methodNotAllowed") => ("The address of the API is that of another service.", false),
        (406, _) | (_, "notAcceptable") => ("The service has no answer that this server reads.", false),
        (408, _) | (_, "requestTimeout") => ("The request took too long to arrive.", true),
        (409, _) | (_, "conflict") => ("Something else was being changed there at the same time.", true),
        (410, _) | (_, "gone") => ("The contract was removed. Choose another one.", false),
        (411, _) | (_, "contentLengthRequired") => ("Something between took the length away from the request.", false),
        (412, _) | (_, "preconditionFailed") => ("The service wants a condition that this server does not set.", false),
        (413, _) | (_, "payloadTooLarge") => ("The request is larger than 1 MB. Map fewer claims.", false),
        (414, _) | (_, "uriTooLong") => ("The address of the API is too long.", false),
        (415, _) | (_, "unsupportedMediaType") => ("The service does not take JSON at this address.", false),
        (416, _) => ("The service was asked for a range that it does not have.", false),
        (417, _) => ("Something between expects what the service does not do.", false),
        (421, _) | (_, "misdirectedRequest") => ("The request reached a server of another region.", true),
        (422, _) | (_, "unprocessableEntity") => {
            ("The service understands the request and cannot do it. Compare the claims with the contract.", false)
        }
        (423, _) | (_, "locked") => ("The contract or the authority is locked there at the moment.", true),
        (429, _) | (_, "tooManyRequests") => ("The service wants to be asked less often.", true),
        (431, _) => ("The service finds the headers of the request too large.", false),
        (500, _) | (_, "internalServerError") => ("The service has failed. It may work again in a moment.", true),
        (501, _) | (_, "notImplemented") => ("The service does not do this. Compare the address of the API.", false),
        (502, _) | (_, "badGateway") => ("A gateway in front of the service got no answer.", true),
        (503, _) | (_, "serviceUnavailable") => ("The service is not available right now.", true),
        (504, _) | (_, "gatewayTimeout") => ("A gateway in front of the service waited too long.", true),
        (507, _) | (_, "insufficientStorage") => ("The service has no room left. It may work again later.", true),
        (400, _) | (_, "badRequest") => ("The service finds the request invalid and does not say where.", false),
        (500..=599, _) => ("The service cannot answer right now.", true),
        _ => ("The service refused the request.", false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::BTreeSet;

    fn of(status: u16, body: &Value) -> Failed {
        read_failed(StatusCode::from_u16(status).unwrap(), body.to_string().as_bytes())
    }

    /// The body of error-codes.md.
    #[test]
    fn the_inner_error_of_the_reference_is_read() {
        let body = |code: &str, target: &str| {
            json!({
                "requestId": "782628eb", "date": "Fri, 29 Apr 2022 11:20:19 GMT", "mscv": "QbBLwF7XAp0dt4Lw.1",
                "error": {
                    "code": "badRequest", "message": "The request is invalid.",
                    "innererror": { "code": code, "message": "a person's name", "target": target }
                }
            })
        };
        let targets = [
            "includeQRCode",
            "authority",
            "callback.url",
            "callback",
            "manifest",
            "type",
            "claims",
            "pin",
            "expirationDate",
            "registration",
        ];
        let advice: BTreeSet<&str> =
            targets.iter().map(|target| of(400, &body("badOrMissingField", target)).advice).collect();
        assert_eq!(advice.len(), targets.len(), "each has a message of its own");
        let codes = ["badOrMissingField", "notFound", "tokenError", "transientError", "new"];
        let advice: BTreeSet<&str> = codes.iter().map(|code| of(400, &body(code, "")).advice).collect();
        assert_eq!(advice.len(), codes.len());
        assert!(of(429, &body("transientError", "")).may_pass && !of(400, &body("notFound", "")).may_pass);
        assert!(advice.iter().all(|advice| !advice.contains("person's name")));
    }

    #[test]
    fn each_documented_outer_code_has_a_message_of_its_own() {
        let documented = [
            (400, "badRequest"),
            (401, "unauthorized"),
            (403, "forbidden"),
            (404, "notFound"),
            (405, "methodNotAllowed"),
            (406, "notAcceptable"),
            (408, "requestTimeout"),
            (409, "conflict"),
            (410, "gone"),
            (411, "contentLengthRequired"),
            (412, "preconditionFailed"),
            (413, "payloadTooLarge"),
            (414, "uriTooLong"),
            (415, "unsupportedMediaType"),
            (416, ""),
            (417, ""),
            (421, "misdirectedRequest"),
            (422, "unprocessableEntity"),
            (423, "locked"),
            (429, "tooManyRequests"),
            (431, ""),
            (500, "internalServerError"),
            (501, ""),
            (502, "badGateway"),
            (503, "serviceUnavailable"),
            (504, "gatewayTimeout"),
            (507, ""),
        ];
        let mut seen = BTreeSet::new();
        for (status, code) in documented {
            let failed = of(status, &json!({ "error": { "code": code, "message": "m" } }));
            assert!(seen.insert(failed.advice), "{status} says what another says");
            assert_eq!(failed.needs_token, status == 401, "{status}");
            assert_eq!(failed.advice, of(status, &json!({})).advice, "{status} without a body");
            if !code.is_empty() {
                assert_eq!(failed.advice, of(418, &json!({ "error": { "code": code } })).advice, "{code} alone");
            }
        }
        assert!(of(599, &json!({})).may_pass && !of(418, &json!({})).may_pass);
    }

    #[test]
    fn what_the_issues_tell_of_is_understood() {
        for body in [
            json!({ "error": { "code": "badRequest", "innererror": { "message": "fetch_contract_error" } } }),
            json!({ "error": { "code": "fetch_contract_error" } }),
            json!({ "error": { "message": "fetch_contract_error" } }),
        ] {
            assert_eq!(of(400, &body).advice, CONTRACT);
        }
        for cut in ["", "{", "[]", "{\"error\":null}", "{\"error\":{\"innererror\":7}}"] {
            assert!(!read_failed(StatusCode::BAD_REQUEST, cut.as_bytes()).may_pass, "{cut}");
        }
    }
}
