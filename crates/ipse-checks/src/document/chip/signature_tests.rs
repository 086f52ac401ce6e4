//! Signatures made elsewhere, on every curve and by every padding, and at the edges; and our own arithmetic against
//! aws-lc-rs.

use super::*;
use crate::document::chip::rsa::RsaKey;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{EcdsaKeyPair, KeyPair};

const MESSAGE: &[u8] = b"a message of Utopia";

fn octets(hexadecimal: &str) -> Vec<u8> {
    (0..hexadecimal.len()).step_by(2).map(|at| u8::from_str_radix(&hexadecimal[at..at + 2], 16).unwrap()).collect()
}

fn named(digest: &str) -> Digest {
    serde_json::from_value(digest.into()).unwrap()
}

/// Kind, digest, key, signature.
fn vectors() -> Vec<(&'static str, Digest, PublicKey, Vec<u8>)> {
    let lines = include_str!("vectors.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let parts: Vec<&str> = line.split(' ').collect();
            let key = PublicKey::read(Reader::new(&octets(parts[2])).next().unwrap()).unwrap();
            (parts[0], named(parts[1]), key, octets(parts[3]))
        })
        .collect()
}

fn holds(kind: &str, digest: Digest, key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    let pss = kind.strip_prefix("pss-").and_then(|rest| rest.split_once('-'));
    let scheme = match (kind, pss, key) {
        ("ecdsa", ..) => Scheme::Ecdsa(digest),
        ("pkcs1", ..) => Scheme::Pkcs1(digest),
        (_, Some((mask, salt)), _) => Scheme::Pss { digest, mask: named(mask), salt: salt.parse().unwrap() },
        (_, _, PublicKey::Rsa(key)) => return key.verify_recovering(message, signature) == Some(digest),
        _ => panic!("{kind}"),
    };
    scheme.verify(key, message, signature).unwrap()
}

#[test]
fn signatures_made_elsewhere_hold_and_changed_ones_do_not() {
    let vectors = vectors();
    assert!(vectors.len() > 25);
    for (kind, digest, key, signature) in vectors {
        let message = if kind == "iso9796" { b"12345678" } else { MESSAGE };
        assert!(holds(kind, digest, &key, message, &signature), "{kind} {digest:?} {key:?}");
        assert!(!holds(kind, digest, &key, &message[1..], &signature), "{kind} {digest:?}");
        for place in (0..signature.len()).step_by(7) {
            let mut changed = signature.clone();
            changed[place] ^= 1 << (place % 8);
            assert!(!holds(kind, digest, &key, message, &changed), "{kind} {digest:?} {place}");
        }
    }
}

#[test]
fn both_ways_of_verifying_agree() {
    for (kind, digest, key, signature) in vectors() {
        match &key {
            PublicKey::Ec(key) => {
                let (r, s) = two_numbers(&signature).unwrap();
                let (digest, other) = (digest.of(MESSAGE), digest.of(&MESSAGE[1..]));
                for parts in 1..=6 {
                    let multiples = key.curve.multiples(&key.point, parts).unwrap();
                    assert!(multiples.verify(digest.as_ref(), r, s), "{:?} in {parts}", key.curve);
                    assert!(!multiples.verify(digest.as_ref(), s, r), "{:?} in {parts}", key.curve);
                    assert!(!multiples.verify(other.as_ref(), r, s), "{:?} in {parts}", key.curve);
                }
            }
            PublicKey::Rsa(key) if kind == "pkcs1" => assert!(key.verify_pkcs1(digest, MESSAGE, &signature)),
            PublicKey::Rsa(key) if kind == "pss-sha256-32" => {
                assert!(key.verify_pss(digest, digest, 32, MESSAGE, &signature));
            }
            _ => {}
        }
    }
    let random = SystemRandom::new();
    for (algorithm, curve) in [
        (&aws::ECDSA_P256_SHA256_FIXED_SIGNING, Curve::P256),
        (&aws::ECDSA_P384_SHA384_FIXED_SIGNING, Curve::P384),
        (&aws::ECDSA_P521_SHA512_FIXED_SIGNING, Curve::P521),
    ] {
        let key = EcdsaKeyPair::generate(algorithm).unwrap();
        let digest = [Digest::Sha256, Digest::Sha384, Digest::Sha512][(curve.octets() - 32).div_ceil(17)];
        for round in 0..64_u8 {
            let signature = key.sign(&random, &[round]).unwrap();
            let (r, s) = signature.as_ref().split_at(curve.octets());
            let multiples = curve.multiples(key.public_key().as_ref(), 1 + usize::from(round % 4)).unwrap();
            assert!(multiples.verify(digest.of(&[round]).as_ref(), r, s), "{curve:?}");
            assert!(!multiples.verify(digest.of(&[round, 0]).as_ref(), r, s), "{curve:?}");
        }
    }
}

#[test]
fn edges_come_out_as_elsewhere() {
    let mut seen = (0, 0);
    for line in include_str!("edges.txt").lines().filter(|line| !line.starts_with('#')) {
        let [curve, verdict, what, point, digest, r, s] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let curve = *Curve::ALL.iter().find(|known| format!("{known:?}") == curve).unwrap();
        let [point, digest, r, s] = [point, digest, r, s].map(octets);
        for parts in [1, PARTS] {
            let holds = curve.multiples(&point, parts).unwrap().verify(&digest, &r, &s);
            assert_eq!(holds, verdict == "holds", "{curve:?} {what} in {parts}");
        }
        seen = if verdict == "holds" { (seen.0 + 1, seen.1) } else { (seen.0, seen.1 + 1) };
    }
    assert!(seen.0 > 30 && seen.1 > 40, "{seen:?}");
}

#[test]
fn what_is_no_point_of_the_curve_is_no_key() {
    let mut curves = Vec::new();
    for (_, digest, key, signature) in vectors() {
        let PublicKey::Ec(key) = key else { continue };
        let (curve, digest) = (key.curve, digest.of(MESSAGE));
        let (r, s) = two_numbers(&signature).unwrap();
        let (x, y) = key.point[1..].split_at(curve.octets());
        let mut off = key.point.clone();
        *off.last_mut().unwrap() ^= 1;
        let same_size = |x: &[u8], y: &[u8]| [&[4], x, y].concat();
        for wrong in [
            off,
            same_size(y, x),
            same_size(&vec![0xFF; x.len()], y),
            same_size(&vec![0; x.len()], &vec![0; y.len()]),
            [&[2 | (y[y.len() - 1] & 1)], x].concat(),
            [&[6 | (y[y.len() - 1] & 1)], x, y].concat(),
            [&key.point[..], &[0]].concat(),
            key.point[..key.point.len() - 1].to_vec(),
            vec![0],
            vec![4],
            vec![],
        ] {
            let mut other = EcKey { point: wrong, ..key.clone() };
            assert!(curve.multiples(&other.point, 1).is_none(), "{other:?}");
            assert!(!other.verify(digest.as_ref(), r, s), "{other:?}");
            other.multiples = curve.multiples(&other.point, PARTS);
            assert!(!other.verify(digest.as_ref(), r, s), "{other:?}");
        }
        curves.push(curve);
    }
    curves.dedup();
    assert!(curves.len() >= 9);
}

#[test]
fn a_key_made_ready_is_the_same_key() {
    for (kind, digest, key, signature) in vectors() {
        let mut ready = key.clone();
        ready.prepare();
        assert!(ready == key);
        let message = if kind == "iso9796" { b"12345678" } else { MESSAGE };
        assert!(holds(kind, digest, &ready, message, &signature), "{kind} {digest:?}");
        assert!(!holds(kind, digest, &ready, &message[1..], &signature), "{kind} {digest:?}");
    }
}

#[test]
fn parameters_that_are_spelt_out_have_to_be_a_known_curve_to_the_last_digit() {
    let spelt: Vec<Vec<u8>> = include_str!("vectors.txt")
        .lines()
        .filter(|line| line.starts_with("ecdsa") && line.contains("06072a8648ce3d0101"))
        .map(|line| octets(line.split(' ').nth(2).unwrap()))
        .collect();
    assert_eq!(spelt.len(), 4);
    for info in spelt {
        let key = |info: &[u8]| Reader::new(info).next().and_then(PublicKey::read);
        let Ok(PublicKey::Ec(EcKey { point, .. })) = key(&info) else { panic!("not read") };
        let parameters = info.len() - point.len();
        for place in 30..parameters - 4 {
            let mut changed = info.clone();
            changed[place] ^= 1;
            // The seed, where there is one, does not matter: the curve is known without it.
            if let Ok(PublicKey::Ec(EcKey { point: other, .. })) = key(&changed) {
                assert_eq!(other, point);
                assert!(key(&info) == key(&changed));
            }
        }
        let at = info.windows(4).position(|window| window == &point[1..5]).unwrap_or(0);
        assert!(at > 0);
    }
}

#[test]
fn keys_that_are_too_short_or_odd_verify_nothing() {
    for (modulus, exponent) in
        [(vec![0xFF; 64], vec![3]), (vec![0xFE; 128], vec![3]), (vec![], vec![]), (vec![0xFF; 128], vec![1; 9])]
    {
        let key = RsaKey { modulus: modulus.clone(), exponent };
        assert!(!key.verify_pkcs1(Digest::Sha256, MESSAGE, &vec![1; modulus.len()]));
        assert!(!key.verify_pss(Digest::Sha256, Digest::Sha256, 32, MESSAGE, &vec![1; modulus.len()]));
        assert_eq!(key.verify_recovering(MESSAGE, &vec![1; modulus.len()]), None);
    }
}
