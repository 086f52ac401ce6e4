//! Chips of specimens: each step of the proof, by what breaks it.

use ipse_checks::check::{Evidence, run};
use ipse_checks::document::chip::{
    ActiveAuthentication, Chain, Challenge, ChipFile, ChipFiles, ChipReading, ChipWarning, DataGroup, ListSignature,
    Overall, PortraitFormat, Protocol, Revocation, SodSignature, TrustStore, read,
};
use ipse_core::check::Outcome;
use ipse_core::date::Date;
use ipse_core::journey::Rules;
use ipse_core::person::Identity;
use ipse_sandbox::specimen::chip::{ChipKey, CountrySigner, element, group_1, group_2};
use jiff::Timestamp;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::specimens::person;

pub(crate) const DECADE: [&str; 2] = ["20200101000000Z", "20350101000000Z"];
pub(crate) const SIGNED: Option<&str> = Some("20210615120000Z");
const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 4];

fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

pub(crate) fn trusting(certificates: &[&[u8]]) -> TrustStore {
    TrustStore::load(certificates.iter().map(|bytes| ("anchor", *bytes))).0
}

pub(crate) fn examine(sod: &[u8], groups: &[(u8, &[u8])], store: &TrustStore) -> ChipReading {
    let mut files = ChipFiles::default();
    files.add(ChipFile::Sod, sod).unwrap();
    for (number, bytes) in groups {
        files.add(ChipFile::DataGroup(*number), bytes).unwrap();
    }
    read(&files, store, now())
}

fn outcomes(reading: &ChipReading) -> Vec<(String, Outcome, bool)> {
    let (rules, subject) = (Rules::default(), Identity::default());
    let today = Date::constant(2026, 6, 1);
    run(&Evidence {
        rules: &rules,
        subject: &subject,
        pictures: &[],
        presented: None,
        face: None,
        face_declined: false,
        chip: Some(reading),
        used_by_another: None,
        known_document: None,
        specimens_allowed: true,
        today,
    })
    .into_iter()
    .filter_map(|check| {
        let name = check.name.strip_prefix("chip_")?.to_owned();
        Some((name, check.outcome, check.required))
    })
    .collect()
}

#[test]
fn a_whole_chip_is_read_and_believed() {
    let (authority, key) = (CountrySigner::new("UT", DECADE).unwrap(), ChipKey::new().unwrap());
    let signer = authority.document_signer(7, DECADE).unwrap();
    let (one, two, person) = (group_1(&person(1)), group_2(JPEG), person(1));
    let birthplace = element(&[0x5F, 0x11], &["Amaurot<Utopia".as_bytes()]);
    let eleven = element(&[0x6B], &[&[0x5C, 2, 0x5F, 0x11], &birthplace]);
    let twelve = element(&[0x6C], &[&element(&[0x5F, 0x26], &[b"20210610"])]);
    let (fourteen, fifteen) = (ChipKey::group_14(), key.group_15());
    let groups: [(u8, &[u8]); 6] =
        [(1, &one), (2, &two), (11, &eleven), (12, &twelve), (14, &fourteen), (15, &fifteen)];
    let sod = signer.security_object(&groups, SIGNED).unwrap();
    let mut files = ChipFiles::default();
    files.add(ChipFile::Sod, &sod).unwrap();
    for (number, bytes) in groups {
        files.add(ChipFile::DataGroup(number), bytes).unwrap();
    }
    let common = element(&[0x60], &[&[0x5C, 6, 0x61, 0x75, 0x6B, 0x6C, 0x6E, 0x6F]]);
    files.add(ChipFile::Com, &common).unwrap();
    let response = key.answer(b"12345678").unwrap();
    files.active_authentication = Some(Challenge { challenge: b"12345678", response: &response });
    let crl = authority.revocations(&[9], ["20260101000000Z", "20270101000000Z"]).unwrap();
    let store = trusting(&[&authority.certificate, &crl]);

    let reading = read(&files, &store, now());
    assert_eq!(reading.overall, Overall::Valid, "{reading:?}");
    assert_eq!((reading.sod_signature, reading.chain), (SodSignature::Valid, Chain::Valid));
    assert_eq!((reading.revocation, reading.dg_hashes().as_str()), (Revocation::Good, "match"));
    assert_eq!(reading.active_authentication, ActiveAuthentication::Valid);
    assert_eq!(reading.protocols, [Protocol::ActiveAuthentication]);
    assert!(reading.weak_algorithms.is_empty() && reading.warnings.is_empty() && reading.unreadable.is_empty());
    assert_eq!(reading.mrz.as_ref().unwrap().reveal().as_slice(), person.td3());
    let portrait = reading.portrait.as_ref().unwrap();
    assert_eq!((portrait.format, portrait.cut(&two)), (PortraitFormat::Jpeg, Some(JPEG)));
    assert_eq!(reading.details.as_ref().unwrap().birthplace.as_ref().unwrap().reveal(), "Amaurot<Utopia");
    assert_eq!(reading.issue.as_ref().unwrap().date.as_ref().unwrap().reveal(), &Date::constant(2021, 6, 10));
    for (name, outcome, required) in outcomes(&reading) {
        assert_eq!((outcome, required), (Outcome::Pass, true), "{name}");
    }
    let wire = serde_json::to_string(&reading).unwrap();
    assert_eq!(serde_json::from_str::<ChipReading>(&wire).unwrap(), reading);
    assert!(!format!("{reading:?}{files:?}").contains("QUIROZ"));
}

#[test]
fn each_broken_step_is_told_apart() {
    let (authority, stranger) = (CountrySigner::new("UT", DECADE).unwrap(), CountrySigner::new("UT", DECADE).unwrap());
    let foreign = CountrySigner::new("FR", DECADE).unwrap();
    let one = group_1(&person(1));
    let groups: [(u8, &[u8]); 1] = [(1, &one)];
    let signer = authority.document_signer(7, DECADE).unwrap();
    let sod = signer.security_object(&groups, SIGNED).unwrap();
    let short = authority.document_signer(8, ["20200101000000Z", "20220101000000Z"]).unwrap();
    let late = short.security_object(&groups, Some("20240601000000Z")).unwrap();
    let in_time = short.security_object(&groups, SIGNED).unwrap();
    let tomorrow = signer.security_object(&groups, Some("20270101000000Z")).unwrap();
    let of_france = foreign.document_signer(7, DECADE).unwrap().security_object(&groups, SIGNED).unwrap();
    let revoked = authority.revocations(&[3, 7], ["20260101000000Z", "20270101000000Z"]).unwrap();
    let stale = authority.revocations(&[3], ["20250101000000Z", "20260101000000Z"]).unwrap();
    let forged = stranger.revocations(&[7], ["20260101000000Z", "20270101000000Z"]).unwrap();
    let old = CountrySigner::new("UT", ["20000101000000Z", "20100101000000Z"]).unwrap();
    let from_old = old.document_signer(7, DECADE).unwrap().security_object(&groups, SIGNED).unwrap();
    let own = &authority.certificate;

    #[allow(clippy::type_complexity, reason = "a table reads best as one")]
    let table: [(&str, &[u8], &[&[u8]], Overall, Chain, Revocation); 12] = [
        ("good", &sod, &[own], Overall::Valid, Chain::Valid, Revocation::NotChecked),
        ("nobody trusted", &sod, &[], Overall::Unverifiable, Chain::NoCsca, Revocation::NotChecked),
        ("namesake", &sod, &[&stranger.certificate], Overall::Unverifiable, Chain::NoCsca, Revocation::NotChecked),
        ("both", &sod, &[&stranger.certificate, own], Overall::Valid, Chain::Valid, Revocation::NotChecked),
        (
            "other country",
            &of_france,
            &[&foreign.certificate],
            Overall::Invalid,
            Chain::CountryMismatch,
            Revocation::NotChecked,
        ),
        ("over when signing", &late, &[own], Overall::Invalid, Chain::DscNotValidAtSigning, Revocation::NotChecked),
        ("over since", &in_time, &[own], Overall::Valid, Chain::Valid, Revocation::NotChecked),
        ("in the future", &tomorrow, &[own], Overall::Invalid, Chain::DscNotValidAtSigning, Revocation::NotChecked),
        ("revoked", &sod, &[&revoked, own], Overall::Invalid, Chain::DscRevoked, Revocation::Revoked),
        ("stale", &sod, &[own, &stale], Overall::Valid, Chain::Valid, Revocation::Stale),
        ("list of a stranger", &sod, &[own, &forged], Overall::Valid, Chain::Valid, Revocation::NotChecked),
        (
            "authority was over",
            &from_old,
            &[&old.certificate],
            Overall::Invalid,
            Chain::Untrusted,
            Revocation::NotChecked,
        ),
    ];
    for (name, sod, trusted, overall, chain, revocation) in table {
        let reading = examine(sod, &groups, &trusting(trusted));
        assert_eq!((reading.overall, reading.chain, reading.revocation), (overall, chain, revocation), "{name}");
        let all_pass =
            outcomes(&reading).iter().filter(|(_, _, required)| *required).all(|(_, o, _)| *o == Outcome::Pass);
        assert_eq!(all_pass, overall == Overall::Valid && revocation != Revocation::Stale, "{name}");
        assert_eq!(reading.warnings.contains(&ChipWarning::DscExpiredSince), name == "over since", "{name}");
    }
}

#[test]
fn altered_and_injected_groups_are_not_read() {
    let authority = CountrySigner::new("UT", DECADE).unwrap();
    let (one, two) = (group_1(&person(1)), group_2(JPEG));
    let sod = authority.document_signer(7, DECADE).unwrap().security_object(&[(1, &one)], None).unwrap();
    let store = trusting(&[&authority.certificate]);
    let altered = group_1(&person(2));
    let reading = examine(&sod, &[(1, &altered)], &store);
    assert_eq!((reading.overall, reading.dg_hashes().as_str()), (Overall::Invalid, "mismatch:1"));
    assert!(reading.facts.is_none() && reading.mrz.is_none());
    let reading = examine(&sod, &[(1, &one), (2, &two)], &store);
    assert_eq!((reading.overall, reading.dg_hashes().as_str()), (Overall::Invalid, "not_in_sod:2"));
    assert_eq!((reading.data_groups[&2], &reading.portrait), (DataGroup::NotInSod, &None));
    let reading = examine(&sod, &[], &store);
    assert_eq!((reading.overall, reading.dg_hashes().as_str()), (Overall::Valid, "none"));
    let data = outcomes(&reading).into_iter().find(|(name, ..)| name == "data").unwrap();
    assert_eq!((data.1, data.2), (Outcome::Review, true), "a security object alone says nothing of a person");
}

#[test]
fn a_copied_chip_is_found_out() {
    let (authority, key) = (CountrySigner::new("UT", DECADE).unwrap(), ChipKey::new().unwrap());
    let (one, fifteen) = (group_1(&person(1)), key.group_15());
    let signer = authority.document_signer(7, DECADE).unwrap();
    let sod = signer.security_object(&[(1, &one), (15, &fifteen)], None).unwrap();
    let store = trusting(&[&authority.certificate]);
    let (right, wrong) = (key.answer(b"12345678").unwrap(), ChipKey::new().unwrap().answer(b"12345678").unwrap());
    let other_key = ChipKey::new().unwrap().group_15();
    for (challenge, response, fifteen, expected, overall) in [
        (&b"12345678"[..], &right, Some(&fifteen), ActiveAuthentication::Valid, Overall::Valid),
        (b"12345679", &right, Some(&fifteen), ActiveAuthentication::Invalid, Overall::Invalid),
        (b"12345678", &wrong, Some(&fifteen), ActiveAuthentication::Invalid, Overall::Invalid),
        (b"", &right, Some(&fifteen), ActiveAuthentication::Invalid, Overall::Invalid),
        (b"12345678", &right, None, ActiveAuthentication::NoKey, Overall::Valid),
        (b"12345678", &right, Some(&other_key), ActiveAuthentication::NoKey, Overall::Invalid),
    ] {
        let mut files = ChipFiles::default();
        files.add(ChipFile::Sod, &sod).unwrap();
        files.add(ChipFile::DataGroup(1), &one).unwrap();
        if let Some(fifteen) = fifteen {
            files.add(ChipFile::DataGroup(15), fifteen).unwrap();
        }
        files.active_authentication = Some(Challenge { challenge, response });
        let reading = read(&files, &store, now());
        assert_eq!((reading.active_authentication, reading.overall), (expected, overall));
        let check = outcomes(&reading).into_iter().find(|(name, ..)| name == "authentication").unwrap();
        assert_eq!((check.1 == Outcome::Pass, check.2), (expected == ActiveAuthentication::Valid, true));
    }
}

#[test]
fn no_bit_of_the_security_object_or_a_group_can_be_flipped() {
    let authority = CountrySigner::new("UT", DECADE).unwrap();
    let one = group_1(&person(1));
    let sod = authority.document_signer(7, DECADE).unwrap().security_object(&[(1, &one)], SIGNED).unwrap();
    let store = trusting(&[&authority.certificate]);
    assert_eq!(examine(&sod, &[(1, &one)], &store).overall, Overall::Valid);
    for bit in 0..sod.len() * 8 {
        let mut flipped = sod.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert_ne!(examine(&flipped, &[(1, &one)], &store).overall, Overall::Valid, "bit {bit}");
    }
    for bit in 0..one.len() * 8 {
        let mut flipped = one.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert_ne!(examine(&sod, &[(1, &flipped)], &store).overall, Overall::Valid, "bit {bit}");
    }
    for length in 0..sod.len() {
        assert_ne!(examine(&sod[..length], &[(1, &one)], &store).overall, Overall::Valid, "cut to {length}");
    }
    assert_ne!(examine(&[sod.as_slice(), &[0]].concat(), &[(1, &one)], &store).overall, Overall::Valid);
}

#[test]
fn lists_of_authorities_are_held_against_their_signature() {
    let (publisher, authority) = (CountrySigner::new("UT", DECADE).unwrap(), CountrySigner::new("UT", DECADE).unwrap());
    let list = publisher.document_signer(5, DECADE).unwrap().master_list(&[&authority.certificate]).unwrap();
    let one = group_1(&person(1));
    let sod = authority.document_signer(7, DECADE).unwrap().security_object(&[(1, &one)], None).unwrap();
    let signature = |files: &[(&str, &[u8])]| {
        let (store, report) = TrustStore::load(files.iter().copied());
        let found = report.iter().find_map(|loaded| loaded.signature);
        (found, examine(&sod, &[(1, &one)], &store).overall)
    };
    assert_eq!(signature(&[("list", &list)]), (Some(ListSignature::SelfContained), Overall::Valid));
    let with_root: [(&str, &[u8]); 2] = [("list", &list), ("root", &publisher.certificate)];
    assert_eq!(signature(&with_root), (Some(ListSignature::Trusted), Overall::Valid));
    let mut broken = list.clone();
    let place = broken.windows(8).position(|window| window == b"Specimen").unwrap();
    broken[place] = b'T';
    assert_eq!(signature(&[("list", &broken)]), (Some(ListSignature::Invalid), Overall::Unverifiable));
}

/// A directory export of these attributes, folded at 76 letters as ICAO's is.
pub(crate) fn ldif(attributes: &[(&str, &[u8])]) -> Vec<u8> {
    let mut text =
        "version: 1\n\ndn: o=ml,c=UT,dc=data,dc=download,dc=pkd,dc=icao,dc=int\nobjectClass: top\n".to_owned();
    for (name, value) in attributes {
        let line = format!("{name}:: {}", STANDARD.encode(value));
        text.push_str(&line[..line.len().min(76)]);
        for more in line.as_bytes()[line.len().min(76)..].chunks(75) {
            text.push_str("\n ");
            text.push_str(std::str::from_utf8(more).unwrap());
        }
        text.push('\n');
    }
    text.into_bytes()
}

#[test]
fn a_directory_export_is_taken_whole_or_not_at_all() {
    let authority = CountrySigner::new("UT", DECADE).unwrap();
    let (one, signer) = (group_1(&person(1)), authority.document_signer(7, DECADE).unwrap());
    let sod = signer.security_object(&[(1, &one)], SIGNED).unwrap();
    let list = authority.document_signer(5, DECADE).unwrap().master_list(&[&authority.certificate]).unwrap();
    let crl = authority.revocations(&[7], ["20260101000000Z", "20270101000000Z"]).unwrap();
    let chain = |export: &[u8]| {
        let (store, report) = TrustStore::load([("pkd.ldif", export)]);
        let faults: Vec<_> = report.iter().filter_map(|loaded| loaded.fault.map(|fault| fault.to_string())).collect();
        (examine(&sod, &[(1, &one)], &store).chain, faults)
    };
    assert_eq!(chain(&ldif(&[("userCertificate;binary", &signer.certificate)])), (Chain::NoCsca, vec![]));
    let listed: [(&str, &[u8]); 2] = [("userCertificate;binary", &signer.certificate), ("pkdMasterListContent", &list)];
    let whole = ldif(&listed);
    assert_eq!(chain(&whole), (Chain::Valid, vec![]));
    let with_crl = ldif(&[listed[0], listed[1], ("certificateRevocationList;binary", &crl)]);
    assert_eq!(chain(&with_crl), (Chain::DscRevoked, vec![]));
    // Cut off anywhere in the list of the revoked, it is not used; least of all without that list.
    let begin = with_crl.windows(6).position(|window| window == b"certif").unwrap();
    let line = with_crl[..begin].split(|byte| *byte == b'\n').count();
    for end in begin + "certificateRevocationList;binary".len() + 1..with_crl.len() - 1 {
        let (chain, faults) = chain(&with_crl[..end]);
        assert_eq!((chain, faults.len()), (Chain::NoCsca, 1), "{end}");
        assert!(faults[0].starts_with(&format!("line {line}: ")) && faults[0].contains("(ldif_"), "{faults:?}");
    }
}
