//! What a chip's files came to, each step by itself.

use super::{ActiveAuthentication, Details, Digest, Issue, Portrait, Protocol};
use ipse_core::Private;
use ipse_core::document::DocumentFacts;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was read from one chip, and how far it is to be believed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChipReading {
    /// All steps together. `valid` speaks of what was handed in: without data group 1 it says nothing of a person.
    pub overall: Overall,
    /// The signature over the security object.
    pub sod_signature: SodSignature,
    /// The way from its signer to a configured authority.
    pub chain: Chain,
    /// Whether the signer was looked up among the revoked.
    pub revocation: Revocation,
    /// Each data group that was handed in, against its digest.
    pub data_groups: BTreeMap<u8, DataGroup>,
    /// Data groups that the security object lists, handed in or not.
    pub listed: Vec<u8>,
    /// Data groups that are genuine but could not be read.
    pub unreadable: Vec<u8>,
    /// Algorithms below what is safe today.
    pub weak_algorithms: Vec<Weakness>,
    /// What an operator may want to know and does not decide anything by itself.
    pub warnings: Vec<ChipWarning>,
    /// The proof that the chip is no copy.
    pub active_authentication: ActiveAuthentication,
    /// Who signed, if it could be found.
    pub signer: Option<Signer>,
    /// Data group 1; present only if its digest matches.
    pub facts: Option<DocumentFacts>,
    /// The lines of data group 1.
    pub mrz: Option<Private<Vec<String>>>,
    /// Where the portrait lies in data group 2; present only if its digest matches.
    pub portrait: Option<Portrait>,
    /// Data group 11; present only if its digest matches.
    pub details: Option<Details>,
    /// Data group 12; present only if its digest matches.
    pub issue: Option<Issue>,
    /// What the chip can prove (data group 14); present only if its digest matches.
    pub protocols: Vec<Protocol>,
}

impl ChipReading {
    /// Whether the security object's signature holds and leads to a configured authority.
    pub fn has_path(&self) -> bool {
        self.sod_signature == SodSignature::Valid
            && self.chain == Chain::Valid
            && !self.warnings.contains(&ChipWarning::SignerMismatch)
    }

    /// The digests of all data groups in a few words: `match`, `mismatch:1`, `not_in_sod:16` or, with none, `none`.
    pub fn dg_hashes(&self) -> String {
        let numbers = |wanted: DataGroup| -> Vec<String> {
            self.data_groups
                .iter()
                .filter(|(_, found)| **found == wanted)
                .map(|(number, _)| number.to_string())
                .collect()
        };
        let (mismatch, unlisted) = (numbers(DataGroup::Mismatch), numbers(DataGroup::NotInSod));
        match (mismatch.is_empty(), unlisted.is_empty()) {
            (false, _) => format!("mismatch:{}", mismatch.join(",")),
            (true, false) => format!("not_in_sod:{}", unlisted.join(",")),
            (true, true) if self.data_groups.is_empty() => "none".to_owned(),
            (true, true) => "match".to_owned(),
        }
    }
}

/// All steps together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overall {
    /// Signed by a configured authority's signer, and every data group handed in is as it was signed.
    Valid,
    /// Something contradicts something else.
    Invalid,
    /// Nothing contradicts, but something needed for a proof is not there or not known.
    Unverifiable,
}

/// The signature over the security object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SodSignature {
    /// It holds.
    Valid,
    /// It does not hold.
    Invalid,
    /// It holds over a digest that is not that of the content.
    MessageDigestMismatch,
    /// The file is not a security object.
    Malformed,
    /// It is made in a way that is not known here.
    Unsupported,
    /// The signer's certificate is neither in the file nor in the store.
    NoSigner,
    /// No security object was handed in.
    Missing,
}

/// The way from the document signer to a configured authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chain {
    /// There is one.
    Valid,
    /// The authority that the signer names is known, and did not sign it, or not for documents, or not in its time.
    Untrusted,
    /// The authority that the signer names is not configured.
    NoCsca,
    /// The authority has revoked the signer.
    DscRevoked,
    /// The signer's certificate had not begun or was over when it signed.
    DscNotValidAtSigning,
    /// Signer, authority and document are not of one country.
    CountryMismatch,
    /// There is no signer to judge.
    NotChecked,
}

/// Whether the signer was looked up among the revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revocation {
    /// Not on a list that is up to date.
    Good,
    /// On the list.
    Revoked,
    /// Not on a list that is out of date.
    Stale,
    /// There is no list of this authority.
    NotChecked,
}

/// A data group against its digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataGroup {
    /// As it was signed.
    Match,
    /// Changed.
    Mismatch,
    /// Never signed.
    NotInSod,
}

/// Algorithms below what is safe today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weakness {
    /// SHA-1 over the data groups.
    Sha1DataGroups,
    /// SHA-1 in the security object's signature.
    Sha1Signature,
    /// SHA-1 in the signer's certificate.
    Sha1Certificate,
    /// The signer's RSA key is shorter than 2048 bits.
    ShortKey,
}

/// What an operator may want to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChipWarning {
    /// The signer's certificate is over now; it was not when it signed.
    DscExpiredSince,
    /// The security object names another certificate than the only one it carries. Never `valid`: a person has to look.
    SignerMismatch,
    /// EF.COM lists other data groups than the security object.
    ComDiffers,
}

/// The certificate that signed, by what is public about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// Country, two letters.
    pub country: Option<String>,
    /// Serial number, hexadecimal as written.
    pub serial: String,
    /// Begin of its validity.
    pub not_before: Timestamp,
    /// End of its validity.
    pub not_after: Timestamp,
    /// When it says that it signed this document.
    pub signing_time: Option<Timestamp>,
    /// The digest of its signature.
    pub digest: Digest,
    /// SHA-256 of the certificate of the authority that vouches for it, hexadecimal.
    pub authority: Option<String>,
}
