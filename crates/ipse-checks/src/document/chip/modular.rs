//! Arithmetic modulo an odd number, by Montgomery's method: for the curves and the uses of RSA that aws-lc-rs lacks.
//!
//! Of public numbers only, so nothing takes constant time. Half a page of it is several times as fast here as a general
//! library that must take constant time: see docs/adr/0006.

#![allow(
    clippy::indexing_slicing,
    reason = "every number of a modulus has as many words as the modulus, and indices run over those"
)]

/// A modulus, and what multiplying by it takes. `W` is a number of a fixed count of words, the least significant first.
pub(super) struct Modulus<W> {
    words: W,
    /// −1 / modulus, modulo 2⁶⁴.
    inverse: u64,
    /// 2 ^ (2 · 64 · words) modulo the modulus.
    square: W,
    /// One, as numbers are kept.
    pub one: W,
}

/// Room for a number.
pub(super) trait Words: Clone + PartialEq + AsRef<[u64]> + AsMut<[u64]> {}
impl<W: Clone + PartialEq + AsRef<[u64]> + AsMut<[u64]>> Words for W {}

impl<W: Words> Modulus<W> {
    /// `None` for an even modulus.
    pub fn new(words: W) -> Option<Self> {
        let low = words.as_ref().first().copied().filter(|low| low & 1 == 1)?;
        // Newton's iteration doubles the digits that are right, beginning with three.
        let inverse = (0..5).fold(low, |guess, _| guess.wrapping_mul(2_u64.wrapping_sub(low.wrapping_mul(guess))));
        let mut modulus = Self { inverse: inverse.wrapping_neg(), square: words.clone(), one: words.clone(), words };
        let mut power = modulus.zero();
        power.as_mut()[0] = 1;
        let bits = modulus.words.as_ref().len() * 64;
        for step in 1..=2 * bits {
            power = modulus.add(&power, &power);
            if step == bits {
                modulus.one = power.clone();
            }
        }
        modulus.square = power;
        Some(modulus)
    }

    pub fn zero(&self) -> W {
        let mut zero = self.words.clone();
        zero.as_mut().fill(0);
        zero
    }

    /// The number of these octets, as numbers are kept; it has to be below the modulus.
    pub fn number(&self, octets: &[u8]) -> Option<W> {
        let mut number = self.zero();
        read(octets, number.as_mut())?;
        less(number.as_ref(), self.words.as_ref()).then(|| self.enter(&number))
    }

    /// Any number of as many words, reduced and as numbers are kept.
    pub fn enter(&self, number: &W) -> W {
        self.mul(number, &self.square)
    }

    /// The number itself.
    pub fn leave(&self, number: &W) -> W {
        let mut one = self.zero();
        one.as_mut()[0] = 1;
        self.mul(number, &one)
    }

    #[inline]
    pub fn mul(&self, left: &W, right: &W) -> W {
        let mut out = self.zero();
        multiply(left.as_ref(), right.as_ref(), self.words.as_ref(), self.inverse, out.as_mut());
        out
    }

    #[inline]
    pub fn squared(&self, number: &W) -> W {
        self.mul(number, number)
    }

    #[inline]
    pub fn add(&self, left: &W, right: &W) -> W {
        let mut out = left.clone();
        if add_to(out.as_mut(), right.as_ref()) || !less(out.as_ref(), self.words.as_ref()) {
            subtract(out.as_mut(), self.words.as_ref());
        }
        out
    }

    #[inline]
    pub fn sub(&self, left: &W, right: &W) -> W {
        let mut out = left.clone();
        if subtract(out.as_mut(), right.as_ref()) {
            add_to(out.as_mut(), self.words.as_ref());
        }
        out
    }

    pub fn double(&self, number: &W) -> W {
        self.add(number, number)
    }

    /// A power; the exponent's words begin with the least significant.
    pub fn power(&self, base: &W, exponent: &[u64]) -> W {
        let bits = exponent.iter().rev().flat_map(|word| (0..64).rev().map(move |bit| word >> bit & 1 == 1));
        bits.skip_while(|bit| !bit).fold(self.one.clone(), |power, bit| {
            let square = self.squared(&power);
            if bit { self.mul(&square, base) } else { square }
        })
    }

    /// The inverse, if the modulus is a prime; zero has none. Euclid's algorithm in its binary form, which is several
    /// times as fast as a power.
    pub fn inverse(&self, number: &W) -> Option<W> {
        let (zero, mut one) = (self.zero(), self.zero());
        one.as_mut()[0] = 1;
        if *number == zero {
            return None;
        }
        // Modulo the modulus, left = number · first and right = number · second, all along.
        let (mut left, mut right) = (number.clone(), self.words.clone());
        let (mut first, mut second) = (one.clone(), zero);
        loop {
            for (number, factor) in [(&mut left, &mut first), (&mut right, &mut second)] {
                while number.as_ref()[0] & 1 == 0 {
                    halve(number.as_mut(), false);
                    let odd = factor.as_ref()[0] & 1 == 1;
                    let carry = odd && add_to(factor.as_mut(), self.words.as_ref());
                    halve(factor.as_mut(), carry);
                }
            }
            if left == one || right == one {
                break;
            }
            if less(left.as_ref(), right.as_ref()) {
                subtract(right.as_mut(), left.as_ref());
                second = self.sub(&second, &first);
            } else {
                subtract(left.as_mut(), right.as_ref());
                first = self.sub(&first, &second);
            }
        }
        // What came in had one factor of 2 ^ (64 · words); so has what goes out.
        Some(self.enter(&self.enter(if left == one { &first } else { &second })))
    }

    pub const fn words(&self) -> &W {
        &self.words
    }
}

/// Whether the left is the smaller.
pub(super) fn less(left: &[u64], right: &[u64]) -> bool {
    left.iter().rev().lt(right.iter().rev())
}

/// Reads big-endian octets; `None` if there is no room.
pub(super) fn read(octets: &[u8], into: &mut [u64]) -> Option<()> {
    let chunks = octets.rchunks(8).map(|chunk| chunk.iter().fold(0_u64, |word, octet| word << 8 | u64::from(*octet)));
    for (place, word) in chunks.enumerate() {
        match into.get_mut(place) {
            Some(slot) => *slot = word,
            None if word == 0 => {}
            None => return None,
        }
    }
    Some(())
}

#[inline]
fn add(left: u64, right: u64, carry: bool) -> (u64, bool) {
    let (sum, over) = left.overflowing_add(right);
    let (sum, again) = sum.overflowing_add(u64::from(carry));
    (sum, over || again)
}

/// Adds in place; whether it went beyond the room.
#[inline]
pub(super) fn add_to(number: &mut [u64], what: &[u64]) -> bool {
    let mut carry = false;
    for (number, what) in number.iter_mut().zip(what) {
        (*number, carry) = add(*number, *what, carry);
    }
    carry
}

/// Halves in place, with one bit above.
#[inline]
pub(super) fn halve(number: &mut [u64], above: bool) {
    let mut above = u64::from(above);
    for word in number.iter_mut().rev() {
        (*word, above) = (*word >> 1 | above << 63, *word & 1);
    }
}

/// Subtracts in place; whether it went below zero.
#[inline]
pub(super) fn subtract(from: &mut [u64], what: &[u64]) -> bool {
    let mut borrow = false;
    for (from, what) in from.iter_mut().zip(what) {
        let (difference, under) = from.overflowing_sub(*what);
        let (difference, again) = difference.overflowing_sub(u64::from(borrow));
        (*from, borrow) = (difference, under || again);
    }
    borrow
}

/// `left · right / 2 ^ (64 · words)` modulo the modulus: multiplies and reduces in one pass for each word (Koç and others
/// 1996, "finely integrated").
#[inline(always)]
#[allow(clippy::inline_always, reason = "the count of words has to be known where the loop is compiled")]
fn multiply(left: &[u64], right: &[u64], modulus: &[u64], inverse: u64, out: &mut [u64]) {
    let words = modulus.len();
    let (left, right, out) = (&left[..words], &right[..words], &mut out[..words]);
    let split = |sum: u128| (sum as u64, (sum >> 64) as u64);
    let mut top = 0_u64;
    for word in left {
        let word = u128::from(*word);
        let (low, mut carry) = split(word * u128::from(right[0]) + u128::from(out[0]));
        let factor = u128::from(low.wrapping_mul(inverse));
        let (_, mut reduced) = split(factor * u128::from(modulus[0]) + u128::from(low));
        for place in 1..words {
            let low;
            (low, carry) = split(word * u128::from(right[place]) + u128::from(out[place]) + u128::from(carry));
            (out[place - 1], reduced) =
                split(factor * u128::from(modulus[place]) + u128::from(low) + u128::from(reduced));
        }
        (out[words - 1], top) = split(u128::from(top) + u128::from(carry) + u128::from(reduced));
    }
    if top != 0 || !less(out, modulus) {
        subtract(out, modulus);
    }
}
