//! A certificate over a signing key, for relying parties that want `x5c`: self-signed, vouching for nothing.

use crate::profile::Alg;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, KeyUsagePurpose, SerialNumber, SignatureAlgorithm};

/// The certificate in DER, valid for two years from the day before `now`.
pub(crate) fn self_signed(pkcs8: &[u8], alg: Alg, now: Timestamp) -> Option<Vec<u8>> {
    let algorithm: &'static SignatureAlgorithm = match alg {
        // The certificate is over the bare RSA key; how tokens are padded is not its business.
        Alg::Rs256 | Alg::Ps256 => &rcgen::PKCS_RSA_SHA256,
        Alg::Es256 => &rcgen::PKCS_ECDSA_P256_SHA256,
    };
    let pair = KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8.into(), algorithm).ok()?;
    let today = now.to_zoned(TimeZone::UTC).date();
    let day = |date: jiff::civil::Date| {
        rcgen::date_time_ymd(i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    let mut params = CertificateParams::default();
    params.not_before = day(today.checked_sub(1.day()).ok()?);
    params.not_after = day(today.checked_add(2.years()).ok()?);
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, "Ipse signing key");
    params.distinguished_name = name;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let [first, rest @ ..] = crate::hash_of(pair.public_key_raw());
    // A serial number is a positive integer of at most 20 octets (RFC 5280 §4.1.2.2).
    let serial: Vec<u8> = std::iter::once((first & 0x7f) | 1).chain(rest).take(16).collect();
    params.serial_number = Some(SerialNumber::from(serial));
    params.self_signed(&pair).ok().map(|certificate| certificate.der().to_vec())
}
