//! Webhooks as Standard Webhooks 1.0 describes them: signed with a shared secret (`v1`, HMAC-SHA256) and with a key
//! pair (`v1a`, Ed25519), with the old and the new secret while one is being replaced.

use crate::Reading;
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, header};

/// What signs: both halves of one generation of an endpoint's secrets.
pub struct Signer {
    shared: hmac::Key,
    pair: Ed25519KeyPair,
}

/// Secrets as they are stored and shown.
pub struct NewSecrets {
    /// `whsec_` and 32 random bytes in base64.
    pub shared: String,
    /// The Ed25519 private key, PKCS#8 in base64.
    pub private: String,
    /// `whpk_` and the public key in base64.
    pub public: String,
}

/// A secret that is not of the expected form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadSecret;

/// Makes secrets from 64 random bytes.
pub fn new_secrets(random: &[u8; 64]) -> Result<NewSecrets, BadSecret> {
    let (shared, seed) = random.split_at(32);
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| BadSecret)?;
    let document = pair.to_pkcs8v1().map_err(|_| BadSecret)?;
    Ok(NewSecrets {
        shared: format!("whsec_{}", BASE64.encode(shared)),
        private: BASE64.encode(document.as_ref()),
        public: format!("whpk_{}", BASE64.encode(pair.public_key().as_ref())),
    })
}

impl Signer {
    /// Reads stored secrets.
    pub fn new(shared: &str, private: &str) -> Result<Self, BadSecret> {
        let shared = shared.strip_prefix("whsec_").ok_or(BadSecret)?;
        let shared = BASE64.decode(shared).map_err(|_| BadSecret)?;
        let private = BASE64.decode(private).map_err(|_| BadSecret)?;
        Ok(Self {
            shared: hmac::Key::new(hmac::HMAC_SHA256, &shared),
            pair: Ed25519KeyPair::from_pkcs8_maybe_unchecked(&private).map_err(|_| BadSecret)?,
        })
    }

    fn signatures(&self, signed: &[u8]) -> String {
        let shared = hmac::sign(&self.shared, signed);
        let pair = self.pair.sign(signed);
        format!("v1,{} v1a,{}", BASE64.encode(shared.as_ref()), BASE64.encode(pair.as_ref()))
    }
}

/// The request that carries an event. `id` is the same at every attempt, so that a receiver can tell a repetition.
pub fn request(
    url: &str,
    signers: &[Signer],
    id: &str,
    unix_seconds: i64,
    body: Bytes,
) -> http::Result<Request<Bytes>> {
    let mut signed = format!("{id}.{unix_seconds}.").into_bytes();
    signed.extend_from_slice(&body);
    let signatures: Vec<String> = signers.iter().map(|signer| signer.signatures(&signed)).collect();
    Request::post(url)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, crate::USER_AGENT)
        .header("webhook-id", id)
        .header("webhook-timestamp", unix_seconds)
        .header("webhook-signature", signatures.join(" "))
        .body(body)
}

/// What the receiver's answer means: 2xx arrived, 410 is the end of the endpoint, everything else is tried again.
/// A redirect is not followed: it is a failure like any other.
pub fn read(status: StatusCode, headers: &HeaderMap) -> Reading {
    if status.is_success() {
        return Reading::Delivered;
    }
    if status == StatusCode::GONE {
        return Reading::Gone;
    }
    Reading::Retry { after: retry_after(headers) }
}

/// `Retry-After` in seconds, at most a day; the date form is ignored.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<u32> {
    let seconds: u32 = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(seconds.min(86_400))
}

/// Why a received webhook is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unverified {
    /// A header is missing or malformed.
    Malformed,
    /// No signature fits.
    WrongSignature,
    /// The timestamp is more than five minutes away.
    OutsideTolerance,
}

/// Checks a received webhook as a receiver does: any signature may fit, the timestamp must be within five minutes.
pub fn verify(headers: &HeaderMap, body: &[u8], shared: &str, unix_seconds: i64) -> Result<(), Unverified> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).ok_or(Unverified::Malformed);
    let (id, timestamp, signatures) = (text("webhook-id")?, text("webhook-timestamp")?, text("webhook-signature")?);
    let at: i64 = timestamp.parse().map_err(|_| Unverified::Malformed)?;
    let secret = shared.strip_prefix("whsec_").and_then(|secret| BASE64.decode(secret).ok());
    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret.ok_or(Unverified::Malformed)?);
    let mut signed = format!("{id}.{timestamp}.").into_bytes();
    signed.extend_from_slice(body);
    let fits = signatures
        .split(' ')
        .filter_map(|signature| BASE64.decode(signature.strip_prefix("v1,")?).ok())
        .any(|signature| hmac::verify(&key, &signed, &signature).is_ok());
    if !fits {
        return Err(Unverified::WrongSignature);
    }
    if (at - unix_seconds).abs() > 300 {
        return Err(Unverified::OutsideTolerance);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};

    fn signer() -> (Signer, NewSecrets) {
        let secrets = new_secrets(&[9; 64]).unwrap();
        (Signer::new(&secrets.shared, &secrets.private).unwrap(), secrets)
    }

    #[test]
    fn the_published_vector_is_reproduced() {
        let (pair, _) = signer();
        let secret = BASE64.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signer = Signer { shared: hmac::Key::new(hmac::HMAC_SHA256, &secret), pair: pair.pair };
        let body = Bytes::from_static(br#"{"test": 2432232314}"#);
        let request = request("http://r", &[signer], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body).unwrap();
        let signatures = request.headers()["webhook-signature"].to_str().unwrap();
        assert!(signatures.starts_with("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1a,"), "{signatures}");
    }

    #[test]
    fn both_signatures_verify_and_nothing_else_does() {
        let (signer, secrets) = signer();
        let body = Bytes::from_static(b"{}");
        let request = request("http://r", &[signer], "evt_1", 1_000, body.clone()).unwrap();
        let headers = request.headers();
        assert_eq!(verify(headers, &body, &secrets.shared, 1_300), Ok(()));
        assert_eq!(verify(headers, &body, &secrets.shared, 1_301), Err(Unverified::OutsideTolerance));
        assert_eq!(verify(headers, b"{ }", &secrets.shared, 1_000), Err(Unverified::WrongSignature));
        let other = new_secrets(&[8; 64]).unwrap();
        assert_eq!(verify(headers, &body, &other.shared, 1_000), Err(Unverified::WrongSignature));
        assert_eq!(verify(&HeaderMap::new(), &body, &secrets.shared, 1_000), Err(Unverified::Malformed));

        let signatures = headers["webhook-signature"].to_str().unwrap();
        let (_, v1a) = signatures.split_once("v1a,").unwrap();
        let public = BASE64.decode(secrets.public.strip_prefix("whpk_").unwrap()).unwrap();
        let key = UnparsedPublicKey::new(&ED25519, public);
        assert!(key.verify(b"evt_1.1000.{}", &BASE64.decode(v1a).unwrap()).is_ok());
        assert!(key.verify(b"evt_1.1001.{}", &BASE64.decode(v1a).unwrap()).is_err());
    }

    #[test]
    fn during_a_rotation_both_secrets_sign() {
        let (old, new) = (new_secrets(&[1; 64]).unwrap(), new_secrets(&[2; 64]).unwrap());
        let signers: Vec<Signer> =
            [&new, &old].iter().map(|secrets| Signer::new(&secrets.shared, &secrets.private).unwrap()).collect();
        let request = request("http://r", &signers, "evt_1", 7, Bytes::new()).unwrap();
        for secrets in [&old, &new] {
            assert_eq!(verify(request.headers(), b"", &secrets.shared, 7), Ok(()));
        }
    }

    #[test]
    fn answers_are_read() {
        let mut headers = HeaderMap::new();
        assert_eq!(read(StatusCode::NO_CONTENT, &headers), Reading::Delivered);
        assert_eq!(read(StatusCode::GONE, &headers), Reading::Gone);
        assert_eq!(read(StatusCode::FOUND, &headers), Reading::Retry { after: None });
        headers.insert(header::RETRY_AFTER, "120".parse().unwrap());
        assert_eq!(read(StatusCode::TOO_MANY_REQUESTS, &headers), Reading::Retry { after: Some(120) });
        headers.insert(header::RETRY_AFTER, "99999999".parse().unwrap());
        assert_eq!(read(StatusCode::BAD_GATEWAY, &headers), Reading::Retry { after: Some(86_400) });
    }
}
