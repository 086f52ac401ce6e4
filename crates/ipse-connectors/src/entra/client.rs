//! By what the server's application proves in its tenant that it is itself: a secret that both know, or a key whose
//! certificate is registered there (RFC 7523 §2.2).

use super::Tenant;
use crate::jws::sign;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ipse_core::Refusal;
use ipse_core::subject::bounded;
use jiff::Timestamp;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use serde::{Deserialize, Serialize};
use serde_json::json;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

/// How long an assertion lives, in seconds. It is used at once.
const ASSERTION_SECONDS: i64 = 300;
/// The longest text of a key and its certificate, in bytes.
const LONGEST: usize = 32 << 10;

/// What an application proves itself by.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ClientCredential {
    /// A secret.
    Secret {
        /// Its value.
        client_secret: String,
    },
    /// A key.
    Certificate {
        /// The private RSA key, PKCS #8, in base64.
        key: String,
        /// The certificate over it, DER, in base64.
        certificate: String,
    },
}

impl std::fmt::Debug for ClientCredential {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.kind())
    }
}

impl ClientCredential {
    /// Reads what an administrator gives: the value of a secret, or a private key and its certificate in PEM.
    ///
    /// # Errors
    /// When it is neither, or the certificate is not the key's.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        if !text.contains("-----BEGIN ") {
            bounded("client_secret", text, 1, 256)?;
            return Ok(Self::Secret { client_secret: text.to_owned() });
        }
        let wrong = |expected| Refusal::invalid("certificate", expected);
        if text.len() > LONGEST {
            return Err(wrong("must be a key and one certificate"));
        }
        let key = PrivatePkcs8KeyDer::from_pem_slice(text.as_bytes());
        let key = key.map_err(|_| wrong("must have an unencrypted private key, PKCS #8, BEGIN PRIVATE KEY"))?;
        let pair = RsaKeyPair::from_pkcs8(key.secret_pkcs8_der());
        let pair = pair.map_err(|_| wrong("must have an RSA key of 2048 bits or more"))?;
        let certificate = CertificateDer::from_pem_slice(text.as_bytes()).ok();
        let read = certificate.as_ref().and_then(|certificate| Certificate::from_der(certificate).ok());
        let (Some(certificate), Some(read)) = (certificate, read) else {
            return Err(wrong("must have a certificate, BEGIN CERTIFICATE"));
        };
        let certified = read.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes();
        if certified != pair.public_key().as_ref() {
            return Err(wrong("must be of the key that stands beside it"));
        }
        Ok(Self::Certificate {
            key: STANDARD.encode(key.secret_pkcs8_der()),
            certificate: STANDARD.encode(&certificate),
        })
    }

    /// Which of them it is, for people.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Secret { .. } => "client secret",
            Self::Certificate { .. } => "certificate",
        }
    }

    /// Until when a certificate is good. When a secret ends, only the tenant knows.
    pub fn ends_at(&self) -> Option<Timestamp> {
        let Self::Certificate { certificate, .. } = self else { return None };
        let read = Certificate::from_der(&STANDARD.decode(certificate).ok()?).ok()?;
        let end = read.tbs_certificate().validity().not_after.to_unix_duration();
        Timestamp::from_second(end.as_secs().try_into().ok()?).ok()
    }

    /// What goes into a request for a token at `audience`, where `unique` was never used before. Nothing when the key cannot
    /// sign.
    pub(super) fn parameters(
        &self,
        tenant: &Tenant,
        audience: &str,
        now: Timestamp,
        unique: &str,
    ) -> Option<Vec<(&'static str, String)>> {
        let (key, certificate) = match self {
            Self::Secret { client_secret } => return Some(vec![("client_secret", client_secret.clone())]),
            Self::Certificate { key, certificate } => (key, STANDARD.decode(certificate).ok()?),
        };
        let pair = RsaKeyPair::from_pkcs8(&STANDARD.decode(key).ok()?).ok()?;
        // The thumbprint is a name, and the login knows certificates by this one (RFC 7515 §4.1.7).
        let thumbprint = URL_SAFE_NO_PAD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &certificate));
        let seconds = now.as_second();
        let claims = json!({
            "iss": tenant.client_id, "sub": tenant.client_id, "aud": audience, "jti": unique,
            "nbf": seconds, "iat": seconds, "exp": seconds.saturating_add(ASSERTION_SECONDS),
        });
        let header = json!({ "alg": "RS256", "typ": "JWT", "x5t": thumbprint });
        let assertion = sign(&pair, &header.to_string(), claims.to_string().as_bytes()).ok()?;
        Some(vec![
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
            ("client_assertion", assertion),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::tenant;
    use super::*;
    use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
    use aws_lc_rs::rsa::{KeyPair, KeySize};
    use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
    use rcgen::{CertificateParams, KeyPair as Certified, PKCS_RSA_SHA256, date_time_ymd};
    use serde_json::Value;

    fn block(label: &str, der: &[u8]) -> String {
        let text = STANDARD.encode(der);
        let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
    }

    /// A new key and a certificate over it that is good until 2030.
    fn made() -> (String, String, Vec<u8>) {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let pkcs8: Pkcs8V1Der<'_> = pair.as_der().unwrap();
        let certified = Certified::from_pkcs8_der_and_sign_algo(&pkcs8.as_ref().into(), &PKCS_RSA_SHA256).unwrap();
        let mut params = CertificateParams::default();
        params.not_after = date_time_ymd(2030, 1, 2);
        let certificate = params.self_signed(&certified).unwrap().der().to_vec();
        (block("PRIVATE KEY", pkcs8.as_ref()), block("CERTIFICATE", &certificate), certificate)
    }

    #[test]
    fn a_secret_goes_as_it_is() {
        let secret = ClientCredential::read(" s/e+c\n").unwrap();
        let sent = secret.parameters(&tenant(), "a", Timestamp::UNIX_EPOCH, "u").unwrap();
        assert_eq!(sent, [("client_secret", "s/e+c".to_owned())]);
        assert_eq!((secret.ends_at(), format!("{secret:?}").as_str()), (None, "client secret"));
        // What was kept before there were certificates is still read.
        let kept: ClientCredential = serde_json::from_value(json!({ "client_secret": "s/e+c" })).unwrap();
        assert_eq!(kept, secret);
        assert!(ClientCredential::read("").is_err() && ClientCredential::read(&"x".repeat(257)).is_err());
    }

    #[test]
    fn a_key_signs_and_never_leaves() {
        let (key, certificate, der) = made();
        let tenant = tenant();
        let now: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        for text in [format!("{key}{certificate}"), format!("subject=CN = Ipse\n{certificate}\n{key}")] {
            let read = ClientCredential::read(&text).unwrap();
            assert_eq!(read.ends_at(), Some("2030-01-02T00:00:00Z".parse().unwrap()));
            assert_eq!(format!("{read:?}"), "certificate");
            let sent = read.parameters(&tenant, "https://login.example/token", now, "once").unwrap();
            assert_eq!(sent[0].1, "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            let (signed, signature) = sent[1].1.rsplit_once('.').unwrap();
            let (header, payload) = signed.split_once('.').unwrap();
            let json = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
            let x5t = URL_SAFE_NO_PAD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &der));
            assert_eq!(json(header), json!({ "alg": "RS256", "typ": "JWT", "x5t": x5t }));
            assert_eq!(
                json(payload),
                json!({ "iss": tenant.client_id, "sub": tenant.client_id, "aud": "https://login.example/token",
                    "jti": "once", "nbf": 1_767_323_045, "iat": 1_767_323_045, "exp": 1_767_323_345 })
            );
            let public = Certificate::from_der(&der).unwrap();
            let public = public.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes().to_vec();
            let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
            UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public).verify(signed.as_bytes(), &signature).unwrap();
        }
    }

    #[test]
    fn what_is_no_pair_is_refused_in_words() {
        let (key, certificate, _) = made();
        let (_, others, der) = made();
        let words = |text: &str| ClientCredential::read(text).unwrap_err().to_string();
        assert!(words(&key).contains("BEGIN CERTIFICATE"));
        assert!(words(&certificate).contains("BEGIN PRIVATE KEY"));
        assert!(words(&format!("{key}{others}")).contains("of the key"));
        assert!(words(&format!("{}{certificate}", block("PRIVATE KEY", &der))).contains("RSA"));
        assert!(words(&format!("{}{certificate}", block("ENCRYPTED PRIVATE KEY", &der))).contains("unencrypted"));
        assert!(words(&format!("{key}{}", block("CERTIFICATE", &der[..40]))).contains("BEGIN CERTIFICATE"));
        assert!(words(&format!("{key}{certificate}{}", " ".repeat(LONGEST) + "x")).contains("one certificate"));
    }
}
