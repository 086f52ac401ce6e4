//! What a signature of RSA covers, for the paddings and digests that aws-lc-rs does not verify (RFC 8017, ISO/IEC
//! 9796-2). Public keys only: nothing here is secret, and nothing here may be used to sign.

use super::digest::Digest;
use super::modular::{self, Modulus};

/// Shortest and longest modulus, in bits.
const BITS: std::ops::RangeInclusive<u32> = 1024..=8192;

/// A public key: modulus and exponent without leading zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RsaKey {
    pub modulus: Vec<u8>,
    pub exponent: Vec<u8>,
}

impl RsaKey {
    /// Bits of the modulus.
    pub fn bits(&self) -> u32 {
        self.modulus.first().map_or(0, |first| self.modulus.len() as u32 * 8 - first.leading_zeros())
    }

    /// `signature ^ exponent mod modulus`, as many octets as the modulus has. `None` for a key that is too short or too
    /// long, an exponent beyond 64 bits, and a signature that is not below the modulus or of another length.
    fn recover(&self, signature: &[u8]) -> Option<Vec<u8>> {
        if !BITS.contains(&self.bits()) || signature.len() != self.modulus.len() || self.exponent.len() > 8 {
            return None;
        }
        let mut words = vec![0; self.modulus.len().div_ceil(8)];
        modular::read(&self.modulus, &mut words)?;
        let mut exponent = [0];
        modular::read(&self.exponent, &mut exponent)?;
        let modulus = Modulus::new(words)?;
        let power = modulus.leave(&modulus.power(&modulus.number(signature)?, &exponent));
        let octets: Vec<u8> = power.iter().rev().flat_map(|word| word.to_be_bytes()).collect();
        octets.get(octets.len().checked_sub(self.modulus.len())?..).map(<[u8]>::to_vec)
    }

    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2): the padding is made anew and compared whole.
    pub fn verify_pkcs1(&self, digest: Digest, message: &[u8], signature: &[u8]) -> bool {
        let Some(recovered) = self.recover(signature) else { return false };
        let tails = digest.infos().map(|prefix| [prefix.as_slice(), digest.of(message).as_ref()].concat());
        tails.iter().any(|tail| {
            let Some(fill) = recovered.len().checked_sub(tail.len() + 3).filter(|fill| *fill >= 8) else {
                return false;
            };
            let mut expected = vec![0, 1];
            expected.resize(2 + fill, 0xFF);
            expected.push(0);
            expected.extend_from_slice(tail);
            recovered == expected
        })
    }

    /// RSASSA-PSS (RFC 8017 §9.1.2), with a salt of exactly this many octets.
    pub fn verify_pss(&self, digest: Digest, mask: Digest, salt: usize, message: &[u8], signature: &[u8]) -> bool {
        self.pss_holds(digest, mask, salt, message, signature).unwrap_or(false)
    }

    fn pss_holds(&self, digest: Digest, mask: Digest, salt: usize, message: &[u8], signature: &[u8]) -> Option<bool> {
        let recovered = self.recover(signature)?;
        // One bit less than the modulus; where that is a whole number of octets, the first octet has to be zero.
        let spare = (8 - (self.bits() - 1) % 8) % 8;
        let encoded = match (spare, recovered.split_first()?) {
            (0, (0, rest)) => rest,
            (0, _) => return None,
            _ => &recovered,
        };
        let (data, tail) = encoded.split_at_checked(encoded.len().checked_sub(digest.size() + 1)?)?;
        let (hash, trailer) = tail.split_at_checked(digest.size())?;
        let mut block: Vec<u8> = data.iter().zip(mask.mask(hash, data.len())).map(|(byte, mask)| byte ^ mask).collect();
        let keep = 0xFF_u8 >> spare;
        let first_is_clear = data.first().is_some_and(|first| first & !keep == 0);
        if let Some(first) = block.first_mut() {
            *first &= keep;
        }
        let (padding, salt) = block.split_at_checked(block.len().checked_sub(salt)?)?;
        let (one, zeros) = padding.split_last()?;
        let shaped = trailer == [0xBC] && first_is_clear && *one == 1 && zeros.iter().all(|byte| *byte == 0);
        let again = digest.of(&[&[0; 8], digest.of(message).as_ref(), salt].concat());
        Some(shaped && again.as_ref() == hash)
    }

    /// ISO/IEC 9796-2 digital signature scheme 1 with partial recovery, as active authentication uses it (ICAO 9303-11
    /// §6.1.2): part of the message comes out of the signature, the challenge is the rest. Returns the digest by which
    /// it holds, which the trailer names.
    pub fn verify_recovering(&self, challenge: &[u8], signature: &[u8]) -> Option<Digest> {
        let recovered = self.recover(signature)?;
        // The signer may send the smaller of the result and its complement; only one ends in the nibble 1100.
        let opened = if recovered.last()? & 0x0F == 0x0C { recovered } else { complement(&self.modulus, &recovered)? };
        let (digest, body) = match opened.as_slice() {
            [body @ .., 0xBC] => (Digest::Sha1, body),
            [body @ .., id, 0xCC] => (Digest::from_iso_10118(*id)?, body),
            _ => return None,
        };
        let (0x6A, body) = body.split_first().map(|(header, rest)| (*header, rest))? else { return None };
        let (message, hash) = body.split_at_checked(body.len().checked_sub(digest.size())?)?;
        (digest.of(&[message, challenge].concat()).as_ref() == hash).then_some(digest)
    }
}

/// `modulus − value`; the value is the smaller.
fn complement(modulus: &[u8], value: &[u8]) -> Option<Vec<u8>> {
    let mut borrow = false;
    let mut out: Vec<u8> = modulus
        .iter()
        .zip(value)
        .rev()
        .map(|(left, right)| {
            let (difference, under) = left.overflowing_sub(*right);
            let (difference, under_again) = difference.overflowing_sub(u8::from(borrow));
            borrow = under || under_again;
            difference
        })
        .collect();
    out.reverse();
    (!borrow).then_some(out)
}
