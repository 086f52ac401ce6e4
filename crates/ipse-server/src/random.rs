//! The only place that rolls dice. Tokens, secrets and the random part of ids come from here.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipse_core::id::Entropy;

/// Random bytes from the operating system's generator.
///
/// # Panics
/// When the system gives no randomness.
#[allow(clippy::disallowed_methods, reason = "this is the source of randomness")]
#[allow(clippy::expect_used, reason = "without randomness every token would be guessable: stopping is the only answer")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system gives no randomness");
    bytes
}

/// The random part of an id.
pub fn entropy() -> Entropy {
    bytes()
}

/// An unguessable token of 256 bits: what the holder gets, and the hash that is stored.
pub fn token() -> (String, [u8; 32]) {
    let token = URL_SAFE_NO_PAD.encode(bytes::<32>());
    let hash = sha256(token.as_bytes());
    (token, hash)
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let digest = digest::digest(&digest::SHA256, bytes);
    let mut hash = [0; 32];
    hash.copy_from_slice(digest.as_ref());
    hash
}
