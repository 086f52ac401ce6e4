//! The chip of a Utopian passport (ICAO Doc 9303, parts 10 and 12), and the authority that stands behind it.
//!
//! Keys are new each time: whoever trusts such an authority trusts this process and nobody else.

use super::person::Person;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair,
};

const SEQUENCE: &[u8] = &[0x30];
const SET: &[u8] = &[0x31];
const OCTETS: &[u8] = &[0x04];
const NAME: &[u8] = &[0x06];

const SHA_256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const ECDSA_SHA_256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
const P_256_KEY: [&[u8]; 2] =
    [&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01], &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]];
const SECURITY_OBJECT: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x01];
const MASTER_LIST: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x02];

/// A country's signing authority.
pub struct CountrySigner {
    key: EcdsaKeyPair,
    /// Its name as it writes it from now on; its own certificate stays as it is.
    pub name: Vec<u8>,
    /// Its own certificate, to be trusted or not.
    pub certificate: Vec<u8>,
}

/// A signer of documents.
pub struct DocumentSigner {
    key: EcdsaKeyPair,
    /// How its messages name its certificate (RFC 5652 §5.3): by issuer and serial number, unless it is changed.
    pub id: Vec<u8>,
    /// The identifier of its key, as its certificate has it.
    pub key_id: Vec<u8>,
    /// Its certificate, which travels in every security object.
    pub certificate: Vec<u8>,
}

/// The key with which a chip proves that it is no copy.
pub struct ChipKey(EcdsaKeyPair);

/// One element: tag, length, content.
#[must_use]
pub fn element(tag: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let octets = (length as u32).to_be_bytes();
    let skip = octets.iter().take_while(|octet| **octet == 0).count();
    let head: Vec<u8> = match length {
        0..=0x7F => vec![length as u8],
        _ => std::iter::once(0x84 - skip as u8).chain(octets.into_iter().skip(skip)).collect(),
    };
    [&[tag, head.as_slice()], parts].concat().concat()
}

fn algorithm(name: &[u8]) -> Vec<u8> {
    element(SEQUENCE, &[&element(NAME, &[name])])
}

fn distinguished(country: &str, common: &str) -> Vec<u8> {
    let part = |kind: u8, tag: u8, text: &str| {
        let attribute = [element(NAME, &[&[0x55, 0x04, kind]]), element(&[tag], &[text.as_bytes()])].concat();
        element(SET, &[&element(SEQUENCE, &[&attribute])])
    };
    element(SEQUENCE, &[&part(0x06, 0x13, country), &part(0x03, 0x0C, common)])
}

fn key_info(key: &EcdsaKeyPair) -> Vec<u8> {
    let [kind, curve] = P_256_KEY.map(|name| element(NAME, &[name]));
    let point = element(&[0x03], &[&[0], key.public_key().as_ref()]);
    element(SEQUENCE, &[&element(SEQUENCE, &[&kind, &curve]), &point])
}

fn new_key(algorithm: &'static EcdsaSigningAlgorithm) -> Result<EcdsaKeyPair, Unspecified> {
    EcdsaKeyPair::generate(algorithm)
}

/// A body with its signature behind it, as certificates and lists of revoked ones have it.
fn signed(key: &EcdsaKeyPair, body: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let signature = key.sign(&SystemRandom::new(), body)?;
    Ok(element(SEQUENCE, &[body, &algorithm(ECDSA_SHA_256), &element(&[0x03], &[&[0], signature.as_ref()])]))
}

/// `validity` are two moments such as `20200101000000Z`.
fn times(validity: [&str; 2]) -> Vec<u8> {
    validity.map(|moment| element(&[0x18], &[moment.as_bytes()])).concat()
}

impl CountrySigner {
    /// A new authority with a certificate by itself.
    ///
    /// # Errors
    /// When no key can be made.
    pub fn new(country: &str, validity: [&str; 2]) -> Result<Self, Unspecified> {
        let name = distinguished(country, "Specimen Country Signer");
        let key = new_key(&ECDSA_P256_SHA256_ASN1_SIGNING)?;
        let mut authority = Self { key, name, certificate: Vec::new() };
        authority.certificate = authority.certify(1, &authority.name, &authority.key, validity, true)?;
        Ok(authority)
    }

    fn key_id(key: &EcdsaKeyPair) -> Vec<u8> {
        digest(&SHA256, key.public_key().as_ref()).as_ref().iter().copied().take(20).collect()
    }

    fn certify(
        &self,
        serial: u8,
        subject: &[u8],
        key: &EcdsaKeyPair,
        validity: [&str; 2],
        authority: bool,
    ) -> Result<Vec<u8>, Unspecified> {
        let extension = |kind: u8, value: Vec<u8>| {
            element(SEQUENCE, &[&element(NAME, &[&[0x55, 0x1D, kind]]), &element(OCTETS, &[&value])])
        };
        let usage: &[u8] = if authority { &[0x01, 0x06] } else { &[0x07, 0x80] };
        let mut extensions = vec![
            extension(0x0E, element(OCTETS, &[&Self::key_id(key)])),
            extension(0x23, element(SEQUENCE, &[&element(&[0x80], &[&Self::key_id(&self.key)])])),
            extension(0x0F, element(&[0x03], &[usage])),
        ];
        if authority {
            extensions.push(extension(0x13, element(SEQUENCE, &[&[0x01, 0x01, 0xFF]])));
        }
        let body = element(
            SEQUENCE,
            &[
                &[0xA0, 0x03, 0x02, 0x01, 0x02],
                &[0x02, 0x01, serial],
                &algorithm(ECDSA_SHA_256),
                &self.name,
                &element(SEQUENCE, &[&times(validity)]),
                subject,
                &key_info(key),
                &element(&[0xA3], &[&element(SEQUENCE, &[&extensions.concat()])]),
            ],
        );
        signed(&self.key, &body)
    }

    /// A new signer of documents with a serial number below 128. Its name may tell another country than the
    /// authority's: nobody should believe it.
    ///
    /// # Errors
    /// When no key can be made.
    pub fn document_signer(&self, serial: u8, validity: [&str; 2]) -> Result<DocumentSigner, Unspecified> {
        let key = new_key(&ECDSA_P256_SHA256_ASN1_SIGNING)?;
        let subject = distinguished("UT", "Specimen Document Signer");
        let certificate = self.certify(serial, &subject, &key, validity, false)?;
        let id = element(SEQUENCE, &[&self.name, &[0x02, 0x01, serial]]);
        Ok(DocumentSigner { id, key_id: Self::key_id(&key), key, certificate })
    }

    /// The authority that comes after this one, under the same name with a new key, and the certificate by which this
    /// one vouches for it (ICAO 9303-12 §5.1.2).
    ///
    /// # Errors
    /// When no key can be made.
    pub fn successor(&self, country: &str, validity: [&str; 2]) -> Result<(Self, Vec<u8>), Unspecified> {
        let next = Self::new(country, validity)?;
        let link = self.certify(2, &next.name, &next.key, validity, true)?;
        Ok((next, link))
    }

    /// A list of revoked serial numbers, with its own moment and that of the next.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn revocations(&self, serials: &[u8], updates: [&str; 2]) -> Result<Vec<u8>, Unspecified> {
        let [since, _] = updates;
        let entries: Vec<u8> = serials
            .iter()
            .flat_map(|serial| element(SEQUENCE, &[&[0x02, 0x01, *serial], &element(&[0x18], &[since.as_bytes()])]))
            .collect();
        let revoked = if entries.is_empty() { Vec::new() } else { element(SEQUENCE, &[&entries]) };
        let parts: [&[u8]; 5] = [&[0x02, 0x01, 0x01], &algorithm(ECDSA_SHA_256), &self.name, &times(updates), &revoked];
        signed(&self.key, &element(SEQUENCE, &parts))
    }
}

impl DocumentSigner {
    /// EF.SOD over these data groups.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn security_object(&self, groups: &[(u8, &[u8])], signing_time: Option<&str>) -> Result<Vec<u8>, Unspecified> {
        let digests: Vec<u8> = groups
            .iter()
            .flat_map(|(number, file)| {
                let value = element(OCTETS, &[digest(&SHA256, file).as_ref()]);
                element(SEQUENCE, &[&[0x02, 0x01, *number], &value])
            })
            .collect();
        let content = element(SEQUENCE, &[&[0x02, 0x01, 0x00], &algorithm(SHA_256), &element(SEQUENCE, &[&digests])]);
        Ok(element(&[0x77], &[&self.message(SECURITY_OBJECT, &content, signing_time)?]))
    }

    /// A list of authorities.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn master_list(&self, certificates: &[&[u8]]) -> Result<Vec<u8>, Unspecified> {
        let content = element(SEQUENCE, &[&[0x02, 0x01, 0x00], &element(SET, certificates)]);
        self.message(MASTER_LIST, &content, None)
    }

    /// A signed message (RFC 5652).
    fn message(&self, kind: &[u8], content: &[u8], signing_time: Option<&str>) -> Result<Vec<u8>, Unspecified> {
        let attribute = |number: u8, value: Vec<u8>| {
            let name = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, number];
            element(SEQUENCE, &[&element(NAME, &[&name]), &element(SET, &[&value])])
        };
        let mut attributes = vec![
            attribute(3, element(NAME, &[kind])),
            attribute(4, element(OCTETS, &[digest(&SHA256, content).as_ref()])),
        ];
        attributes.extend(signing_time.map(|moment| attribute(5, element(&[0x18], &[moment.as_bytes()]))));
        attributes.sort_unstable();
        let attributes = attributes.concat();
        let signature = self.key.sign(&SystemRandom::new(), &element(SET, &[&attributes]))?;
        let version = if self.id.starts_with(SEQUENCE) { 1 } else { 3 };
        let signer = element(
            SEQUENCE,
            &[
                &[0x02, 0x01, version],
                &self.id,
                &algorithm(SHA_256),
                &element(&[0xA0], &[&attributes]),
                &algorithm(ECDSA_SHA_256),
                &element(OCTETS, &[signature.as_ref()]),
            ],
        );
        let encapsulated = [element(NAME, &[kind]), element(&[0xA0], &[&element(OCTETS, &[content])])].concat();
        let body = element(
            SEQUENCE,
            &[
                &[0x02, 0x01, 0x03],
                &element(SET, &[&algorithm(SHA_256)]),
                &element(SEQUENCE, &[&encapsulated]),
                &element(&[0xA0], &[&self.certificate]),
                &element(SET, &[&signer]),
            ],
        );
        let name = element(NAME, &[&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02]]);
        Ok(element(SEQUENCE, &[&name, &element(&[0xA0], &[&body])]))
    }
}

impl ChipKey {
    /// A new key.
    ///
    /// # Errors
    /// When none can be made.
    pub fn new() -> Result<Self, Unspecified> {
        new_key(&ECDSA_P256_SHA256_FIXED_SIGNING).map(Self)
    }

    /// Data group 14, which says how the chip signs.
    #[must_use]
    pub fn group_14() -> Vec<u8> {
        let plain_sha_256 = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, 0x03];
        let kind = element(NAME, &[&[0x67, 0x81, 0x08, 0x01, 0x01, 0x05]]);
        let info = element(SEQUENCE, &[&kind, &[0x02, 0x01, 0x01], &element(NAME, &[&plain_sha_256])]);
        element(&[0x6E], &[&element(SET, &[&info])])
    }

    /// Data group 15, the public key.
    #[must_use]
    pub fn group_15(&self) -> Vec<u8> {
        element(&[0x6F], &[&key_info(&self.0)])
    }

    /// The chip's answer to a challenge.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn answer(&self, challenge: &[u8]) -> Result<Vec<u8>, Unspecified> {
        Ok(self.0.sign(&SystemRandom::new(), challenge)?.as_ref().to_vec())
    }
}

/// Data group 1: the lines of the data page.
#[must_use]
pub fn group_1(person: &Person) -> Vec<u8> {
    element(&[0x61], &[&element(&[0x5F, 0x1F], &[person.td3().concat().as_bytes()])])
}

/// Data group 2: a portrait in JPEG (ISO/IEC 19794-5).
#[must_use]
pub fn group_2(portrait: &[u8]) -> Vec<u8> {
    let block = (portrait.len() as u32 + 32).to_be_bytes();
    let whole = (portrait.len() as u32 + 46).to_be_bytes();
    let record =
        [b"FAC\x00010\x00", &whole[..], &[0, 1], &block, &[0; 16], &[1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0], portrait];
    let template = [element(&[0xA1], &[]), element(&[0x5F, 0x2E], &record)].concat();
    let group = element(&[0x7F, 0x61], &[&[0x02, 0x01, 0x01], &element(&[0x7F, 0x60], &[&template])]);
    element(&[0x75], &[&group])
}
