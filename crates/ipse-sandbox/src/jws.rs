//! What the partners look at in what this server signs.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use x509_cert::Certificate;
use x509_cert::der::{Decode as _, Encode as _};

/// Whether the holder of this public key (SPKI, DER) signed that, RS256.
pub(crate) fn is_signed(public: &[u8], signed: &str, signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public).verify(signed.as_bytes(), signature).is_ok()
}

/// The subject public key info of a certificate (DER).
pub(crate) fn public_key(certificate: &[u8]) -> Option<Vec<u8>> {
    Certificate::from_der(certificate).ok()?.tbs_certificate().subject_public_key_info().to_der().ok()
}
