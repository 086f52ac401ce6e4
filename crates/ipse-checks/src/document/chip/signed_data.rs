//! Signed messages (CMS, RFC 5652 §5): one signer, attributes that are signed, and the certificate along with it.
//!
//! Both security objects and lists of authorities are such. What the standard leaves unsigned is held to exactly one
//! form, so that nothing in a message can be changed without being noticed, except certificates that nobody needs.

use super::ChipError;
use super::ber::{self, Element, Reader};
use super::certificate::{Certificate, Name};
use super::digest::Digest;
use super::oid;
use super::signature::{self, Scheme};
use jiff::Timestamp;

/// A signed message, not yet verified.
#[derive(Debug)]
pub(super) struct SignedData {
    pub content_type: Vec<u8>,
    pub content: Vec<u8>,
    pub certificates: Vec<Certificate>,
    signer: SignerId,
    digest: Digest,
    pub scheme: Result<Scheme, ChipError>,
    /// As they are signed: with the tag of a set.
    attributes: Vec<u8>,
    signed_content_type: Vec<u8>,
    message_digest: Vec<u8>,
    /// When the signer says that it was.
    pub signing_time: Option<Timestamp>,
    signature: Vec<u8>,
}

#[derive(Debug)]
enum SignerId {
    IssuerAndSerial(Name, Vec<u8>),
    SubjectKey(Vec<u8>),
}

/// What a message's own signature came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Valid,
    /// The signature does not hold under the key.
    Wrong,
    /// The signed digest is not that of the content.
    DigestWrong,
    /// The key or the way of signing is not known.
    Unsupported,
}

/// Certificates along with one message. A list's signer comes with its authority, hardly ever with more.
const CERTIFICATES: usize = 16;

impl SignedData {
    /// Reads a `ContentInfo` and nothing after it.
    pub fn read(bytes: &[u8]) -> Result<Self, ChipError> {
        let bytes = ber::definite(bytes)?;
        let mut outer = Reader::new(&bytes);
        let mut info = outer.enter(ber::SEQUENCE)?;
        if info.take(ber::OID)?.content != oid::SIGNED_DATA {
            return Err(ChipError::Malformed);
        }
        let mut explicit = info.enter(0xA0)?;
        info.finish()?;
        let mut body = explicit.enter(ber::SEQUENCE)?;
        explicit.finish()?;
        // Version 3: the content is something other than plain data (RFC 5652 §5.1; ICAO 9303-10 §4.6.2.2).
        if body.small()? != 3 {
            return Err(ChipError::Malformed);
        }
        let mut named = body.enter(ber::SET)?;
        let mut digests = Vec::new();
        while !named.is_empty() {
            digests.push(signature::digest(named.next()?)?);
        }
        let mut encapsulated = body.enter(ber::SEQUENCE)?;
        let content_type = encapsulated.take(ber::OID)?.content.to_vec();
        let mut explicit = encapsulated.enter(0xA0)?;
        encapsulated.finish()?;
        let content = explicit.take(ber::OCTET_STRING)?.content.to_vec();
        explicit.finish()?;
        let mut certificates = Vec::new();
        if let Some(set) = body.take_if(0xA0)? {
            let mut set = set.inside();
            while !set.is_empty() {
                if certificates.len() == CERTIFICATES {
                    return Err(ChipError::TooLarge);
                }
                certificates.push(Certificate::read(set.take(ber::SEQUENCE)?.whole)?);
            }
        }
        // Lists of revoked certificates do not belong here (ICAO 9303-10 §4.6.2.2) and would not be signed.
        let mut signers = body.enter(ber::SET)?;
        body.finish()?;
        let signer = signers.take(ber::SEQUENCE)?;
        signers.finish()?;
        let message = Self::with_signer(signer, content_type, content, certificates)?;
        if digests.contains(&message.digest) { Ok(message) } else { Err(ChipError::Malformed) }
    }

    fn with_signer(
        signer: Element<'_>,
        content_type: Vec<u8>,
        content: Vec<u8>,
        certificates: Vec<Certificate>,
    ) -> Result<Self, ChipError> {
        let mut parts = signer.inside();
        let version = parts.small()?;
        let id = parts.next()?;
        let signer = match (version, id.tag) {
            (1, ber::SEQUENCE) => {
                let mut both = id.inside();
                let issuer = Name::read(both.next()?)?;
                let serial = both.take(ber::INTEGER)?.content.to_vec();
                both.finish()?;
                SignerId::IssuerAndSerial(issuer, serial)
            }
            (3, 0x80) => SignerId::SubjectKey(id.content.to_vec()),
            _ => return Err(ChipError::Malformed),
        };
        let digest = signature::digest(parts.next()?)?;
        let attributes = parts.take(0xA0)?;
        let scheme = signature::scheme(parts.next()?, Some(digest));
        let signature = parts.take(ber::OCTET_STRING)?.content.to_vec();
        // Attributes that are not signed have no place in a document.
        parts.finish()?;
        let (mut signed_content_type, mut message_digest, mut signing_time) = (None, None, None);
        let mut list = attributes.inside();
        while !list.is_empty() {
            let mut attribute = list.enter(ber::SEQUENCE)?;
            let name = attribute.take(ber::OID)?.content;
            let mut values = attribute.enter(ber::SET)?;
            let again = if name == oid::CONTENT_TYPE {
                signed_content_type.replace(values.take(ber::OID)?.content.to_vec()).is_some()
            } else if name == oid::MESSAGE_DIGEST {
                message_digest.replace(values.take(ber::OCTET_STRING)?.content.to_vec()).is_some()
            } else if name == oid::SIGNING_TIME {
                signing_time.replace(values.time()?).is_some()
            } else {
                continue;
            };
            values.finish()?;
            if again {
                return Err(ChipError::Malformed);
            }
        }
        // What is signed is the set, not the field that carries it (RFC 5652 §5.4).
        let mut as_set = attributes.whole.to_vec();
        if let Some(tag) = as_set.first_mut() {
            *tag = 0x31;
        }
        Ok(Self {
            content_type,
            content,
            certificates,
            signer,
            digest,
            scheme,
            attributes: as_set,
            signed_content_type: signed_content_type.ok_or(ChipError::Malformed)?,
            message_digest: message_digest.ok_or(ChipError::Malformed)?,
            signing_time,
            signature,
        })
    }

    /// Whether the signer's name for its certificate fits this one.
    pub fn names(&self, certificate: &Certificate) -> bool {
        match &self.signer {
            SignerId::IssuerAndSerial(issuer, serial) => {
                certificate.serial == *serial && certificate.issuer.is_same(issuer)
            }
            SignerId::SubjectKey(key) => certificate.subject_key.as_ref() == Some(key),
        }
    }

    /// The certificate that the signer names; otherwise the only one there is, and `false`.
    pub fn signer(&self) -> Option<(&Certificate, bool)> {
        let named = self.certificates.iter().find(|certificate| self.names(certificate));
        match (named, self.certificates.as_slice()) {
            (Some(certificate), _) => Some((certificate, true)),
            (None, [only]) => Some((only, false)),
            (None, _) => None,
        }
    }

    /// The digest over content and attributes.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// Puts the message to the test of a certificate's key.
    pub fn verify(&self, certificate: &Certificate) -> Verdict {
        let verdict = self.scheme.and_then(|scheme| scheme.verify(&certificate.key, &self.attributes, &self.signature));
        match verdict {
            Err(_) => Verdict::Unsupported,
            Ok(false) => Verdict::Wrong,
            Ok(true) if self.digest.of(&self.content).as_ref() != self.message_digest => Verdict::DigestWrong,
            Ok(true) if self.signed_content_type != self.content_type => Verdict::Wrong,
            Ok(true) => Verdict::Valid,
        }
    }
}
