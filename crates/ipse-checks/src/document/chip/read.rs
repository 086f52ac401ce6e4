//! Goes through a chip's files, step by step.

use super::active::{self, ActiveAuthentication};
use super::ber::Reader;
use super::chain::{self, Judged};
use super::reading::{Chain, ChipReading, ChipWarning, DataGroup, Overall, Revocation, Signer, SodSignature, Weakness};
use super::security_object::SecurityObject;
use super::signed_data::Verdict;
use super::{ChipError, ChipFile, ChipFiles, Details, Digest, Issue, Portrait, TrustStore, protocols};
use crate::document::mrz;
use crate::picture::mrz_facts;
use ipse_core::Private;
use ipse_core::date::Date;
use jiff::{Timestamp, tz::TimeZone};
use std::collections::BTreeMap;

/// Examines what was read from a chip. `now` is the moment of the examination.
pub fn read(files: &ChipFiles<'_>, store: &TrustStore, now: Timestamp) -> ChipReading {
    let mut reading = ChipReading {
        overall: Overall::Unverifiable,
        sod_signature: SodSignature::Missing,
        chain: Chain::NotChecked,
        revocation: Revocation::NotChecked,
        data_groups: BTreeMap::new(),
        listed: Vec::new(),
        unreadable: Vec::new(),
        weak_algorithms: Vec::new(),
        warnings: Vec::new(),
        active_authentication: ActiveAuthentication::NotPerformed,
        signer: None,
        facts: None,
        mrz: None,
        portrait: None,
        details: None,
        issue: None,
        protocols: Vec::new(),
    };
    let Some(file) = files.get(ChipFile::Sod) else { return reading };
    match SecurityObject::read(file) {
        Ok(object) => {
            reading.compare(files, &object);
            reading.interpret(files, TimeZone::UTC.to_datetime(now).date());
            reading.authenticate(files);
            reading.verify(&object, store, now);
        }
        Err(ChipError::Unsupported) => reading.sod_signature = SodSignature::Unsupported,
        Err(ChipError::Malformed | ChipError::TooLarge) => reading.sod_signature = SodSignature::Malformed,
    }
    reading.overall = reading.overall();
    reading
}

impl ChipReading {
    /// Each data group against its digest.
    fn compare(&mut self, files: &ChipFiles<'_>, object: &SecurityObject) {
        self.listed = object.groups.keys().copied().collect();
        for (number, bytes) in files.groups() {
            let found = match object.groups.get(&number) {
                None => DataGroup::NotInSod,
                Some(digest) if object.digest.of(bytes).as_ref() == digest => DataGroup::Match,
                Some(_) => DataGroup::Mismatch,
            };
            self.data_groups.insert(number, found);
        }
        if let Some(common) = files.get(ChipFile::Com)
            && com_lists(common).is_none_or(|tags| {
                self.listed.iter().filter_map(|number| ChipFile::tag(*number)).any(|tag| !tags.contains(&tag))
                    || tags.len() != self.listed.len()
            })
        {
            self.warnings.push(ChipWarning::ComDiffers);
        }
    }

    /// Reads the data groups that are as they were signed; no others are looked into.
    fn interpret(&mut self, files: &ChipFiles<'_>, today: Date) {
        let genuine = |reading: &Self, number| {
            files
                .get(ChipFile::DataGroup(number))
                .filter(|_| reading.data_groups.get(&number) == Some(&DataGroup::Match))
        };
        if let Some(bytes) = genuine(self, 1) {
            match zone(bytes) {
                Ok((lines, mrz)) => {
                    self.facts = Some(mrz_facts(&mrz, None, today));
                    self.mrz = Some(Private::new(lines));
                }
                Err(_) => self.unreadable.push(1),
            }
        }
        if let Some(bytes) = genuine(self, 2) {
            match Portrait::find(bytes) {
                Ok(portrait) => self.portrait = Some(portrait),
                Err(_) => self.unreadable.push(2),
            }
        }
        if let Some(bytes) = genuine(self, 11) {
            match Details::read(bytes) {
                Ok(details) => self.details = Some(details),
                Err(_) => self.unreadable.push(11),
            }
        }
        if let Some(bytes) = genuine(self, 12) {
            match Issue::read(bytes) {
                Ok(issue) => self.issue = Some(issue),
                Err(_) => self.unreadable.push(12),
            }
        }
        if let Some(bytes) = genuine(self, 14) {
            match protocols::read(bytes) {
                Ok((protocols, _)) => self.protocols = protocols,
                Err(_) => self.unreadable.push(14),
            }
        }
    }

    /// Holds the chip's answer against its key, if both are there and the key was signed.
    fn authenticate(&mut self, files: &ChipFiles<'_>) {
        let Some(asked) = files.active_authentication else { return };
        let genuine = |number| {
            let bytes = files.get(ChipFile::DataGroup(number));
            bytes.filter(|_| self.data_groups.get(&number) == Some(&DataGroup::Match))
        };
        let scheme = genuine(14).and_then(|bytes| protocols::read(bytes).ok()).and_then(|(_, scheme)| scheme);
        self.active_authentication = match genuine(15) {
            Some(key) => active::verify(key, scheme, asked),
            None => ActiveAuthentication::NoKey,
        };
    }

    /// The signature, and the way from the signer to an authority.
    fn verify(&mut self, object: &SecurityObject, store: &TrustStore, now: Timestamp) {
        let message = &object.message;
        let Some((signer, named)) = message.signer().or_else(|| store.signer(message).map(|found| (found, true)))
        else {
            self.sod_signature = SodSignature::NoSigner;
            return;
        };
        self.sod_signature = match message.verify(signer) {
            Verdict::Valid => SodSignature::Valid,
            Verdict::Wrong => SodSignature::Invalid,
            Verdict::DigestWrong => SodSignature::MessageDigestMismatch,
            Verdict::Unsupported => SodSignature::Unsupported,
        };
        let state = self.facts.as_ref().map(|facts| facts.issuing_state.as_ref().map_or("", |state| state.reveal()));
        let Judged { chain, revocation, authority } = chain::judge(store, signer, message.signing_time, state, now);
        (self.chain, self.revocation) = (chain, revocation);
        if !named {
            self.warnings.push(ChipWarning::SignerMismatch);
        }
        if chain == Chain::Valid && signer.not_after < now {
            self.warnings.push(ChipWarning::DscExpiredSince);
        }
        let signed_with = message.scheme.map_or(message.digest(), super::signature::Scheme::digest);
        let sha1 = |digest| digest == Digest::Sha1;
        for (weakness, found) in [
            (Weakness::Sha1DataGroups, sha1(object.digest)),
            (Weakness::Sha1Signature, sha1(message.digest()) || sha1(signed_with)),
            (Weakness::Sha1Certificate, signer.scheme().is_some_and(|scheme| sha1(scheme.digest()))),
            (Weakness::ShortKey, signer.key.is_short()),
        ] {
            if found {
                self.weak_algorithms.push(weakness);
            }
        }
        let hexadecimal = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        self.signer = Some(Signer {
            country: signer.issuer.country.clone(),
            serial: hexadecimal(&signer.serial),
            not_before: signer.not_before,
            not_after: signer.not_after,
            signing_time: message.signing_time,
            digest: signed_with,
            authority: authority.map(|authority| hexadecimal(Digest::Sha256.of(&authority.der).as_ref())),
        });
    }

    fn overall(&self) -> Overall {
        let contradiction = matches!(
            self.sod_signature,
            SodSignature::Invalid | SodSignature::MessageDigestMismatch | SodSignature::Malformed
        ) || matches!(
            self.chain,
            Chain::Untrusted | Chain::DscRevoked | Chain::DscNotValidAtSigning | Chain::CountryMismatch
        ) || self.data_groups.values().any(|found| *found != DataGroup::Match)
            || self.active_authentication == ActiveAuthentication::Invalid;
        match (contradiction, self.has_path()) {
            (true, _) => Overall::Invalid,
            (false, true) => Overall::Valid,
            (false, false) => Overall::Unverifiable,
        }
    }
}

/// The lines of data group 1 (ICAO 9303-10 §4.7.1), and what they say.
fn zone(file: &[u8]) -> Result<(Vec<String>, mrz::Mrz), ChipError> {
    let text = group(file, 1)?.take(0x5F1F)?.content;
    let width = match text.len() {
        90 => 30,
        88 => 44,
        72 => 36,
        _ => return Err(ChipError::Malformed),
    };
    let lines: Vec<String> =
        text.chunks(width).map(|line| line.iter().map(|byte| char::from(*byte)).collect()).collect();
    let views: Vec<&str> = lines.iter().map(String::as_str).collect();
    let mrz = mrz::parse(&views).map_err(|_| ChipError::Malformed)?;
    Ok((lines, mrz))
}

/// The tags that EF.COM lists (ICAO 9303-10 §4.6.1).
fn com_lists(file: &[u8]) -> Option<Vec<u8>> {
    let mut body = Reader::new(file).enter(0x60).ok()?;
    while !body.is_empty() {
        let element = body.next().ok()?;
        if element.tag == 0x5C {
            return Some(element.content.to_vec());
        }
    }
    None
}

/// The content of a data group's file, which is one element and nothing else.
pub(super) fn group(file: &[u8], number: u8) -> Result<Reader<'_>, ChipError> {
    let tag = ChipFile::tag(number).ok_or(ChipError::Malformed)?;
    let mut outer = Reader::new(file);
    let inside = outer.enter(u32::from(tag))?;
    outer.finish()?;
    Ok(inside)
}
