//! What issuers do in more than one way: keys that follow one another, names written otherwise, other encodings.

use ipse_checks::document::chip::{Chain, ChipWarning, Overall, Revocation, SodSignature, TrustStore};
use ipse_sandbox::specimen::chip::{CountrySigner, DocumentSigner, element, group_1};

use crate::chip::{DECADE, SIGNED, examine, ldif, trusting};
use crate::specimens::person;

const THIS_YEAR: [&str; 2] = ["20260101000000Z", "20270101000000Z"];

/// A security object over data group 1, and that group.
fn signed_by(signer: &DocumentSigner) -> (Vec<u8>, Vec<u8>) {
    let one = group_1(&person(1));
    (signer.security_object(&[(1, &one)], SIGNED).unwrap(), one)
}

/// A name of these values: of each relative name the letter that says what it is (X.520), the kind of text, the text.
fn name(parts: &[&[(u8, u8, &[u8])]]) -> Vec<u8> {
    let relative = parts.iter().map(|values| {
        let mut values: Vec<Vec<u8>> = values
            .iter()
            .map(|(kind, tag, text)| {
                element(&[0x30], &[&element(&[0x06], &[&[0x55, 0x04, *kind]]), &element(&[*tag], &[text])])
            })
            .collect();
        values.sort_unstable();
        element(&[0x31], &[&values.concat()])
    });
    element(&[0x30], &[&relative.collect::<Vec<_>>().concat()])
}

const UTF_8: u8 = 0x0C;
const PRINTABLE: u8 = 0x13;
const COUNTRY: (u8, u8, &[u8]) = (6, PRINTABLE, b"UT");
const COMMON: (u8, u8, &[u8]) = (3, UTF_8, b"Specimen Country Signer");

#[test]
fn a_new_key_is_believed_by_the_word_of_the_old() {
    let old = CountrySigner::new("UT", DECADE).unwrap();
    let (new, link) = old.successor("UT", ["20210101000000Z", "20350101000000Z"]).unwrap();
    let (sod, one) = signed_by(&new.document_signer(7, ["20210601000000Z", "20350101000000Z"]).unwrap());
    let (before, _) = signed_by(&old.document_signer(8, DECADE).unwrap());
    let revoked = new.revocations(&[7], THIS_YEAR).unwrap();
    let chain = |sod: &[u8], trusted: &[&[u8]]| examine(sod, &[(1, &one)], &trusting(trusted)).chain;
    assert_eq!(chain(&sod, &[&old.certificate]), Chain::NoCsca, "nobody vouches for the new key");
    assert_eq!(chain(&sod, &[&old.certificate, &link]), Chain::Valid);
    assert_eq!(chain(&before, &[&old.certificate, &link]), Chain::Valid, "the old one goes on");
    assert_eq!(chain(&before, &[&new.certificate, &link]), Chain::NoCsca, "no way back from the new to the old");
    assert_eq!(chain(&sod, &[&old.certificate, &link, &revoked]), Chain::DscRevoked);
    // In a list that the old one's people sign, as they are handed out.
    let list = old.document_signer(5, DECADE).unwrap().master_list(&[&old.certificate, &link]).unwrap();
    assert_eq!(chain(&sod, &[&list]), Chain::Valid);
    // Begun only after the document's signer was made: it cannot have made it.
    let (late, link) = old.successor("UT", ["20220101000000Z", "20350101000000Z"]).unwrap();
    let (sod, _) = signed_by(&late.document_signer(7, DECADE).unwrap());
    assert_eq!(chain(&sod, &[&old.certificate, &link]), Chain::Untrusted);
}

#[test]
fn a_link_inside_a_security_object_proves_nothing() {
    let old = CountrySigner::new("UT", DECADE).unwrap();
    let (new, link) = old.successor("UT", DECADE).unwrap();
    let mut signer = new.document_signer(7, DECADE).unwrap();
    signer.certificate.extend(link);
    let (sod, one) = signed_by(&signer);
    let reading = examine(&sod, &[(1, &one)], &trusting(&[&old.certificate]));
    assert_eq!((reading.sod_signature, reading.chain), (SodSignature::Valid, Chain::NoCsca));
    assert_eq!(reading.overall, Overall::Unverifiable);
}

#[test]
fn a_signer_is_found_by_its_key() {
    let authority = CountrySigner::new("UT", DECADE).unwrap();
    let store = trusting(&[&authority.certificate]);
    let mut signer = authority.document_signer(7, DECADE).unwrap();
    let other = authority.document_signer(8, DECADE).unwrap();
    signer.id = element(&[0x80], &[&signer.key_id]);
    let whole = signer.certificate.clone();
    for (certificates, trusted, overall) in [
        (whole.clone(), None, Overall::Valid),
        ([other.certificate.clone(), whole.clone()].concat(), None, Overall::Valid),
        (Vec::new(), None, Overall::Unverifiable),
        (Vec::new(), Some(&whole), Overall::Valid),
        (Vec::new(), Some(&other.certificate), Overall::Unverifiable),
    ] {
        signer.certificate = certificates;
        let (sod, one) = signed_by(&signer);
        let list = authority.document_signer(5, DECADE).unwrap().master_list(&[&authority.certificate]).unwrap();
        let reading = match trusted {
            None => examine(&sod, &[(1, &one)], &store),
            Some(apart) => {
                let export = ldif(&[("userCertificate;binary", apart), ("pkdMasterListContent", &list)]);
                examine(&sod, &[(1, &one)], &TrustStore::load([("pkd.ldif", export.as_slice())]).0)
            }
        };
        assert_eq!(reading.overall, overall, "{reading:?}");
        let found = if overall == Overall::Valid { SodSignature::Valid } else { SodSignature::NoSigner };
        assert_eq!(reading.sod_signature, found);
    }
    // Another's key, though there is but one certificate: somebody has to look.
    signer.certificate = whole;
    signer.id = element(&[0x80], &[&other.key_id]);
    let (sod, one) = signed_by(&signer);
    let reading = examine(&sod, &[(1, &one)], &store);
    assert_eq!(
        (reading.overall, reading.warnings.as_slice()),
        (Overall::Unverifiable, &[ChipWarning::SignerMismatch][..])
    );
}

#[test]
fn a_certificate_is_named_in_more_than_one_way() {
    let mut authority = CountrySigner::new("UT", DECADE).unwrap();
    let store = trusting(&[&authority.certificate]);
    let unit: (u8, u8, &[u8]) = (11, UTF_8, b"Ministry");
    let in_utf_16: Vec<u8> = "Specimen Country Signer".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let named = |issuer: &[u8]| element(&[0x30], &[issuer, &[2, 1, 7]]);
    let plain = name(&[&[COUNTRY], &[COMMON]]);
    let joined = name(&[&[COUNTRY], &[unit, COMMON]]);
    for (written, said, is_same) in [
        (&plain, &plain, true),
        (&plain, &name(&[&[COMMON], &[COUNTRY]]), true),
        (&plain, &name(&[&[COUNTRY], &[(3, PRINTABLE, COMMON.2)]]), true),
        (&plain, &name(&[&[COUNTRY], &[(3, 0x1E, &in_utf_16)]]), true),
        (&plain, &name(&[&[COUNTRY], &[(3, 0x16, COMMON.2)]]), false),
        (&plain, &name(&[&[COUNTRY], &[(3, UTF_8, b"specimen country signer")]]), false),
        (&plain, &name(&[&[COUNTRY, COMMON]]), false),
        (&plain, &name(&[&[COUNTRY]]), false),
        (&plain, &name(&[&[COUNTRY], &[COMMON], &[COMMON]]), false),
        (&joined, &name(&[&[COMMON, unit], &[COUNTRY]]), true),
        (&joined, &name(&[&[COUNTRY], &[unit], &[COMMON]]), false),
    ] {
        authority.name.clone_from(written);
        let mut signer = authority.document_signer(7, DECADE).unwrap();
        signer.id = named(said);
        let (sod, one) = signed_by(&signer);
        let reading = examine(&sod, &[(1, &one)], &store);
        assert_eq!((reading.sod_signature, reading.chain), (SodSignature::Valid, Chain::Valid), "{said:02X?}");
        assert_eq!(reading.overall == Overall::Valid, is_same, "{written:02X?} {said:02X?}");
        assert_eq!(reading.warnings.contains(&ChipWarning::SignerMismatch), !is_same);
    }
}

#[test]
fn those_revoked_are_found_however_the_authority_writes_its_name() {
    let mut authority = CountrySigner::new("UT", DECADE).unwrap();
    let anchor = authority.certificate.clone();
    let (sod, one) = signed_by(&authority.document_signer(7, DECADE).unwrap());
    for (written, found) in [
        (name(&[&[(3, PRINTABLE, b"SPECIMEN  COUNTRY SIGNER")], &[(6, UTF_8, b"ut")]]), true),
        (name(&[&[COUNTRY], &[(3, UTF_8, b"Specimen Country Signers")]]), false),
    ] {
        authority.name = written;
        let crl = authority.revocations(&[7], THIS_YEAR).unwrap();
        let reading = examine(&sod, &[(1, &one)], &trusting(&[&anchor, &crl]));
        let expected = if found { Revocation::Revoked } else { Revocation::NotChecked };
        assert_eq!(reading.revocation, expected);
    }
}

/// The elements with indefinite lengths, and octets in two pieces, as some issuers write them.
fn in_pieces(mut der: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let [tag, rest @ ..] = der {
        let (length, rest) = match rest {
            [long @ 0x81..=0x84, rest @ ..] => {
                let (octets, rest) = rest.split_at(usize::from(long & 0x7F));
                (octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet)), rest)
            }
            [short, rest @ ..] => (usize::from(*short), rest),
            [] => panic!("a tag alone"),
        };
        let (content, rest) = rest.split_at(length);
        match tag {
            0x04 => {
                let (one, two) = content.split_at(length / 2);
                out.extend([&[0x24, 0x80][..], &element(&[4], &[one]), &element(&[4], &[two]), &[0, 0]].concat());
            }
            tag if tag & 0x20 != 0 => out.extend([&[*tag, 0x80][..], &in_pieces(content), &[0, 0]].concat()),
            _ => out.extend(element(&[*tag], &[content])),
        }
        der = rest;
    }
    out
}

#[test]
fn indefinite_lengths_are_taken_and_nothing_in_them_can_be_changed() {
    let authority = CountrySigner::new("UT", DECADE).unwrap();
    let (sod, one) = signed_by(&authority.document_signer(7, DECADE).unwrap());
    let store = trusting(&[&authority.certificate]);
    let overall = |sod: &[u8]| examine(sod, &[(1, &one)], &store).overall;
    let loose = in_pieces(&sod);
    assert!(loose.len() > sod.len());
    assert_eq!(overall(&loose), Overall::Valid);
    for bit in 0..loose.len() * 8 {
        let mut flipped = loose.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert_ne!(overall(&flipped), Overall::Valid, "bit {bit}");
    }
    for length in 0..loose.len() {
        let reading = examine(&loose[..length], &[(1, &one)], &store);
        assert_eq!(reading.sod_signature, SodSignature::Malformed, "cut to {length}");
    }
}

/// The element with its length in four octets.
fn in_four_octets(der: &[u8], at: usize) -> Vec<u8> {
    let size = usize::from(der[at + 1] & 0x7F);
    let octets = &der[at + 2..at + 2 + size];
    let zeros = vec![0; 4 - size];
    [&der[..=at], &[0x84], &zeros, octets, &der[at + 2 + size..]].concat()
}

#[test]
fn a_length_in_more_octets_than_it_takes_is_as_it_was_signed() {
    let authority = CountrySigner::new("UT", DECADE).unwrap();
    let (sod, one) = signed_by(&authority.document_signer(7, DECADE).unwrap());
    let reading = |sod: &[u8]| examine(sod, &[(1, &one)], &trusting(&[&authority.certificate]));
    // The outermost length is nobody's signature's concern.
    assert_eq!(reading(&in_four_octets(&sod, 0)).overall, Overall::Valid);
    // Where it makes what is around it too long, the file is broken …
    assert_eq!(reading(&in_four_octets(&sod, 4)).sod_signature, SodSignature::Malformed);
    // … and a number of as many octets is none that a certificate has.
    let mut signer = authority.document_signer(7, DECADE).unwrap();
    signer.id = element(&[0x30], &[&authority.name, &[2, 2, 0, 7]]);
    let (sod, _) = signed_by(&signer);
    assert_eq!(reading(&sod).warnings, [ChipWarning::SignerMismatch]);
}
