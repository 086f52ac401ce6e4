//! Whom an installation trusts to say that a document is a state's own: country signing authorities, what they have
//! revoked, and document signers that come without their document.
//!
//! Everything in here was put there by the operator. Of a list of authorities the list's own signature is verified and
//! reported: it says that nobody changed the list, not that its publisher is to be believed.

use super::ber::{self, Reader};
use super::certificate::Certificate;
use super::ldif::LdifFault;
use super::revocation::RevocationList;
use super::signed_data::{SignedData, Verdict};
use super::{ChipError, ldif, oid};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// Largest file, in bytes; the download of the ICAO PKD is below a hundred megabytes.
const FILE_BYTES: usize = 256 << 20;

/// Authorities and revocations, ready for use. Built once, shared by all examinations.
#[derive(Debug, Default)]
pub struct TrustStore {
    pub(super) anchors: Vec<Certificate>,
    known: HashSet<Vec<u8>>,
    by_key: HashMap<Vec<u8>, Vec<usize>>,
    by_name: HashMap<Vec<String>, Vec<usize>>,
    signers: HashMap<Vec<u8>, Vec<Certificate>>,
    pub(super) revoked: HashMap<Vec<String>, RevocationList>,
}

/// What became of one file, or of one list inside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loaded {
    /// The name that the caller gave.
    pub name: String,
    /// What it is.
    pub kind: TrustFile,
    /// Authorities that came out of it, those known already included.
    pub authorities: usize,
    /// Entries that could not be read, or revocations that no known authority signed.
    pub skipped: usize,
    /// For a list of authorities: what its signature came to. A list whose signature is wrong adds nothing.
    pub signature: Option<ListSignature>,
    /// For a directory export: why nothing of it was used.
    pub fault: Option<LdifFault>,
}

/// The kinds of files a store is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustFile {
    /// One or more certificates, binary or PEM: authorities by the operator's own word.
    Certificate,
    /// A signed list of authorities (ICAO 9303-12 §9).
    MasterList,
    /// A signed list of revoked certificates.
    RevocationList,
    /// A directory's export, as ICAO's PKD is downloaded.
    Ldif,
    /// None of these.
    Unknown,
}

/// What the signature of a list of authorities came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListSignature {
    /// Valid, by a signer whose authority the operator has configured apart from this list.
    Trusted,
    /// Valid, by a signer whose authority stands in the list itself or not at all.
    SelfContained,
    /// Broken, or made in a way that is not known: the list was not used.
    Invalid,
}

impl TrustStore {
    /// Builds a store of files with their names. What contradicts nothing and cannot be read is skipped and counted;
    /// the order of the files does not matter.
    pub fn load<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> (Self, Vec<Loaded>) {
        let mut store = Self::default();
        let mut sorted: [Vec<(String, Vec<u8>)>; 3] = Default::default();
        let [certificates, lists, revocations] = &mut sorted;
        let mut report = Vec::new();
        for (name, bytes) in files {
            let name = name.to_owned();
            let kind = if bytes.len() > FILE_BYTES { TrustFile::Unknown } else { kind(bytes) };
            match kind {
                TrustFile::Certificate => certificates.push((name, bytes.to_vec())),
                TrustFile::MasterList => lists.push((name, bytes.to_vec())),
                TrustFile::RevocationList => revocations.extend(blocks(bytes).map(|der| (name.clone(), der))),
                TrustFile::Ldif => {
                    let mut loaded = Loaded::of(name.clone(), kind);
                    match ldif::binaries(bytes) {
                        Ok(entries) => {
                            for (entry, der) in entries {
                                match entry {
                                    ldif::Entry::MasterList => lists.push((name.clone(), der)),
                                    ldif::Entry::RevocationList => revocations.push((name.clone(), der)),
                                    ldif::Entry::Signer => {
                                        loaded.skipped += usize::from(store.add_signer(&der).is_err());
                                    }
                                }
                            }
                        }
                        Err(fault) => loaded.fault = Some(fault),
                    }
                    report.push(loaded);
                }
                TrustFile::Unknown => report.push(Loaded { skipped: 1, ..Loaded::of(name, kind) }),
            }
        }
        // Authorities that stand alone come first: lists are held against them. Revocations need all authorities.
        for (name, bytes) in sorted[0].drain(..) {
            report.push(store.add_certificates(name, &bytes));
        }
        for (name, bytes) in sorted[1].drain(..) {
            report.push(store.add_list(name, &bytes));
        }
        for (name, der) in sorted[2].drain(..) {
            let added = RevocationList::read(&der).is_ok_and(|list| store.add_revocations(list));
            report.push(Loaded { skipped: usize::from(!added), ..Loaded::of(name, TrustFile::RevocationList) });
        }
        (store, report)
    }

    /// How many authorities there are.
    pub fn len(&self) -> usize {
        self.anchors.len()
    }

    /// Whether there is no authority at all.
    pub fn is_empty(&self) -> bool {
        self.anchors.is_empty()
    }

    fn add_certificates(&mut self, name: String, bytes: &[u8]) -> Loaded {
        let mut loaded = Loaded::of(name, TrustFile::Certificate);
        for der in blocks(bytes) {
            match Certificate::read(&der) {
                Ok(certificate) => {
                    self.add_anchor(certificate);
                    loaded.authorities += 1;
                }
                Err(_) => loaded.skipped += 1,
            }
        }
        loaded
    }

    fn add_list(&mut self, name: String, bytes: &[u8]) -> Loaded {
        let mut loaded = Loaded::of(name, TrustFile::MasterList);
        let Ok((list, entries)) = master_list(bytes) else {
            return Loaded { skipped: 1, signature: Some(ListSignature::Invalid), ..loaded };
        };
        let signer = list.signer().filter(|(signer, named)| *named && signer.may_sign_lists());
        let valid = signer.filter(|(signer, _)| list.verify(signer) == Verdict::Valid);
        let Some((signer, _)) = valid else {
            return Loaded { signature: Some(ListSignature::Invalid), ..loaded };
        };
        let trusted = self.issuers(signer).any(|anchor| signer.is_signed_by(&anchor.key) == Ok(true));
        loaded.signature = Some(if trusted { ListSignature::Trusted } else { ListSignature::SelfContained });
        for entry in entries {
            match Certificate::read(&entry) {
                Ok(certificate) => {
                    self.add_anchor(certificate);
                    loaded.authorities += 1;
                }
                Err(_) => loaded.skipped += 1,
            }
        }
        loaded
    }

    fn add_anchor(&mut self, mut certificate: Certificate) {
        if !certificate.may_sign_certificates() || !self.known.insert(certificate.der.clone()) {
            return;
        }
        certificate.key.prepare();
        let place = self.anchors.len();
        if let Some(key) = &certificate.subject_key {
            self.by_key.entry(key.clone()).or_default().push(place);
        }
        self.by_name.entry(certificate.subject.key().to_vec()).or_default().push(place);
        self.anchors.push(certificate);
    }

    fn add_signer(&mut self, der: &[u8]) -> Result<(), ChipError> {
        let certificate = Certificate::read(der)?;
        self.signers.entry(certificate.serial.clone()).or_default().push(certificate);
        Ok(())
    }

    /// Keeps what an authority of ours has revoked. `false` when none of ours signed the list.
    fn add_revocations(&mut self, list: RevocationList) -> bool {
        let places = self.by_name.get(list.issuer.key()).into_iter().flatten();
        let mut anchors = places.filter_map(|place| self.anchors.get(*place));
        let signed = anchors.any(|anchor| list.is_signed_by(&anchor.key));
        if signed {
            match self.revoked.entry(list.issuer.key().to_vec()) {
                std::collections::hash_map::Entry::Occupied(mut before) => before.get_mut().merge(list),
                std::collections::hash_map::Entry::Vacant(none) => {
                    none.insert(list);
                }
            }
        }
        signed
    }

    /// The authorities that may have issued a certificate: those with the key it names, then those with the name.
    pub(super) fn issuers(&self, certificate: &Certificate) -> impl Iterator<Item = &Certificate> {
        let by_key = certificate.authority_key.as_ref().and_then(|key| self.by_key.get(key));
        let by_name = self.by_name.get(certificate.issuer.key());
        let places = by_key.into_iter().chain(by_name).flatten().copied();
        let mut seen = HashSet::new();
        places.filter(move |place| seen.insert(*place)).filter_map(|place| self.anchors.get(place))
    }

    /// A document signer that was loaded on its own.
    pub(super) fn signer(&self, message: &SignedData) -> Option<&Certificate> {
        self.signers.values().flatten().find(|certificate| message.names(certificate))
    }
}

impl Loaded {
    const fn of(name: String, kind: TrustFile) -> Self {
        Self { name, kind, authorities: 0, skipped: 0, signature: None, fault: None }
    }
}

/// `CscaMasterList` and the certificates in it.
fn master_list(bytes: &[u8]) -> Result<(SignedData, Vec<Vec<u8>>), ChipError> {
    let message = SignedData::read(bytes)?;
    if message.content_type != oid::MASTER_LIST {
        return Err(ChipError::Malformed);
    }
    let mut outer = Reader::new(&message.content);
    let mut list = outer.enter(ber::SEQUENCE)?;
    outer.finish()?;
    list.small()?;
    let mut set = list.enter(ber::SET)?;
    let mut entries = Vec::new();
    while !set.is_empty() {
        entries.push(set.next()?.whole.to_vec());
    }
    Ok((message, entries))
}

/// Says by its first octets what a file is.
fn kind(bytes: &[u8]) -> TrustFile {
    let start = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let contains = |needle: &[u8]| start.windows(needle.len()).any(|window| window == needle);
    if contains(b"-----BEGIN X509 CRL-----") {
        return TrustFile::RevocationList;
    }
    if contains(b"-----BEGIN CERTIFICATE-----") {
        return TrustFile::Certificate;
    }
    if start.starts_with(b"dn:") || start.starts_with(b"version:") || contains(b"\ndn:") {
        return TrustFile::Ldif;
    }
    let binary = || {
        let outer = Reader::new(bytes).next().ok()?;
        let mut inside = outer.inside();
        let first = inside.next().ok()?;
        if first.tag == ber::OID {
            return (first.content == oid::SIGNED_DATA).then_some(TrustFile::MasterList);
        }
        // A certificate has a version with a tag of its own, or a number, and then an algorithm; a list of revoked
        // ones has a plain version or none, then an algorithm, then a name, then a time.
        let mut body = first.inside();
        let tags: Vec<u32> = (0..4).filter_map(|_| body.next().ok()).map(|element| element.tag).collect();
        Some(match tags.as_slice() {
            [0xA0, ..] | [ber::INTEGER, ber::SEQUENCE, ber::SEQUENCE, ber::SEQUENCE] => TrustFile::Certificate,
            [ber::INTEGER, ber::SEQUENCE, ber::SEQUENCE, 0x17 | 0x18]
            | [ber::SEQUENCE, ber::SEQUENCE, 0x17 | 0x18, ..] => TrustFile::RevocationList,
            _ => return None,
        })
    };
    if start.starts_with(&[0x30, 0x80]) {
        return TrustFile::MasterList;
    }
    binary().unwrap_or(TrustFile::Unknown)
}

/// The binary blocks of a PEM file (RFC 7468), or the file itself if it is none.
fn blocks(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.contains("-----BEGIN "));
    let pem = text.into_iter().flat_map(|text| text.split("-----BEGIN ").skip(1)).map(|block| {
        let body =
            block.split_once("-----").and_then(|(_, rest)| rest.split_once("-----END")).map_or("", |(body, _)| body);
        let letters: String = body.split_whitespace().collect();
        STANDARD.decode(letters).unwrap_or_default()
    });
    pem.chain(text.is_none().then(|| bytes.to_vec()))
}
