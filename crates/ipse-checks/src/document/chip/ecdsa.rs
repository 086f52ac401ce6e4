//! Verification of ECDSA signatures (BSI TR-03111 §4.2.1) on any short Weierstrass curve of prime order.
//!
//! For the curves that aws-lc-rs does not know. Everything here is public, so nothing has to take constant time, and
//! nothing in here may be used to sign.

use crypto_bigint::Uint;
use crypto_bigint::modular::{ConstMontyForm, ConstMontyParams};

/// What a curve is made of besides its two moduli, which are the types `F` (the field) and `N` (the order).
pub(super) struct Coefficients<const L: usize> {
    pub a: Uint<L>,
    pub b: Uint<L>,
    pub x: Uint<L>,
    pub y: Uint<L>,
    /// Bits of the order.
    pub bits: usize,
}

type Element<F, const L: usize> = ConstMontyForm<F, L>;

/// A point in Jacobian coordinates: x = X/Z², y = Y/Z³; the point at infinity has no Z.
#[derive(Clone, Copy)]
struct Point<F: ConstMontyParams<L>, const L: usize> {
    x: Element<F, L>,
    y: Element<F, L>,
    z: Element<F, L>,
}

/// Whether (r, s) is a signature of the digest under the uncompressed point (`04 ‖ x ‖ y`).
pub(super) fn verify<F: ConstMontyParams<L>, N: ConstMontyParams<L>, const L: usize>(
    curve: &Coefficients<L>,
    point: &[u8],
    digest: &[u8],
    r: &[u8],
    s: &[u8],
) -> bool {
    verified::<F, N, L>(curve, point, digest, r, s).unwrap_or(false)
}

fn verified<F: ConstMontyParams<L>, N: ConstMontyParams<L>, const L: usize>(
    curve: &Coefficients<L>,
    point: &[u8],
    digest: &[u8],
    r: &[u8],
    s: &[u8],
) -> Option<bool> {
    let order = N::PARAMS.modulus().get();
    let below = |bytes: &[u8]| number::<L>(bytes).filter(|value| *value != Uint::ZERO && *value < order);
    let (r, s) = (below(r)?, below(s)?);
    let key = on_curve::<F, L>(curve, point)?;
    // The leftmost bits of the digest; every order here is a whole number of octets or longer than any digest.
    let digest = digest.get(..digest.len().min(curve.bits.div_ceil(8)))?;
    let inverse = Option::<Element<N, L>>::from(Element::<N, L>::new(&s).invert_vartime())?;
    let first = (Element::<N, L>::new(&number(digest)?) * inverse).retrieve();
    let second = (Element::<N, L>::new(&r) * inverse).retrieve();
    let base = Point { x: Element::new(&curve.x), y: Element::new(&curve.y), z: Element::ONE };
    let sum = combine(&Element::new(&curve.a), (&first, &base), (&second, &key));
    if sum.z == Element::ZERO {
        return None;
    }
    // x = X/Z² modulo the field, and r is x modulo the order, which may be the smaller of the two.
    let square = sum.z.square();
    let wrapped = r.wrapping_add(&order);
    let again = wrapped > r && wrapped < F::PARAMS.modulus().get();
    Some(Element::new(&r) * square == sum.x || (again && Element::new(&wrapped) * square == sum.x))
}

/// A number of at most `L` words, from its octets.
fn number<const L: usize>(bytes: &[u8]) -> Option<Uint<L>> {
    let skip = bytes.iter().take_while(|byte| **byte == 0).count();
    let bytes = bytes.get(skip..)?;
    let mut padded = [0_u8; 128];
    let padded = padded.get_mut(..L * 8)?;
    let start = padded.len().checked_sub(bytes.len())?;
    padded.get_mut(start..)?.copy_from_slice(bytes);
    Some(Uint::from_be_slice(padded))
}

fn on_curve<F: ConstMontyParams<L>, const L: usize>(curve: &Coefficients<L>, point: &[u8]) -> Option<Point<F, L>> {
    let (4, coordinates) = point.split_first().map(|(form, rest)| (*form, rest))? else { return None };
    let modulus = F::PARAMS.modulus().get();
    let half = modulus.bits_vartime().div_ceil(8) as usize;
    let (x, y) = coordinates.split_at_checked(half).filter(|(x, y)| x.len() == y.len())?;
    let below = |bytes: &[u8]| number::<L>(bytes).filter(|value| *value < modulus).map(|value| Element::new(&value));
    let (x, y) = (below(x)?, below(y)?);
    let right = (x.square() + Element::new(&curve.a)) * x + Element::new(&curve.b);
    (y.square() == right).then_some(Point { x, y, z: Element::ONE })
}

impl<F: ConstMontyParams<L>, const L: usize> Point<F, L> {
    const INFINITY: Self = Self { x: Element::ONE, y: Element::ONE, z: Element::ZERO };

    fn double(&self, a: &Element<F, L>) -> Self {
        let (xx, yy, zz) = (self.x.square(), self.y.square(), self.z.square());
        let yyyy = yy.square();
        let s = ((self.x + yy).square() - xx - yyyy).double();
        let m = xx.double() + xx + *a * zz.square();
        let x = m.square() - s.double();
        let y = m * (s - x) - yyyy.double().double().double();
        Self { x, y, z: (self.y + self.z).square() - yy - zz }
    }

    fn add(&self, other: &Self, a: &Element<F, L>) -> Self {
        if self.z == Element::ZERO {
            return *other;
        }
        if other.z == Element::ZERO {
            return *self;
        }
        let (zz, other_zz) = (self.z.square(), other.z.square());
        let (u, other_u) = (self.x * other_zz, other.x * zz);
        let (s, other_s) = (self.y * other.z * other_zz, other.y * self.z * zz);
        let h = other_u - u;
        let r = (other_s - s).double();
        if h == Element::ZERO {
            return if r == Element::ZERO { self.double(a) } else { Self::INFINITY };
        }
        let i = h.double().square();
        let j = h * i;
        let v = u * i;
        let x = r.square() - j - v.double();
        let y = r * (v - x) - (s * j).double();
        Self { x, y, z: ((self.z + other.z).square() - zz - other_zz) * h }
    }

    fn negated(&self) -> Self {
        Self { x: self.x, y: -self.y, z: self.z }
    }

    /// The odd multiples 1, 3 … 15.
    fn odd_multiples(&self, a: &Element<F, L>) -> [Self; 8] {
        let twice = self.double(a);
        let mut next = *self;
        [(); 8].map(|()| {
            let this = next;
            next = this.add(&twice, a);
            this
        })
    }
}

/// The sum of two multiples, doubling for both at once; the factors are written in digits that are zero or odd and
/// below sixteen, most of them zero.
fn combine<F: ConstMontyParams<L>, const L: usize>(
    a: &Element<F, L>,
    first: (&Uint<L>, &Point<F, L>),
    second: (&Uint<L>, &Point<F, L>),
) -> Point<F, L> {
    let sides = [first, second].map(|(factor, point)| (digits(factor), point.odd_multiples(a)));
    let longest = sides.iter().map(|(digits, _)| digits.len()).max().unwrap_or(0);
    let mut sum = Point::INFINITY;
    for place in (0..longest).rev() {
        sum = sum.double(a);
        for (digits, multiples) in &sides {
            let digit = digits.get(place).copied().unwrap_or(0);
            if let (true, Some(multiple)) = (digit != 0, multiples.get(usize::from(digit.unsigned_abs() / 2))) {
                sum = sum.add(&if digit > 0 { *multiple } else { multiple.negated() }, a);
            }
        }
    }
    sum
}

/// The signed digits of a number, the least significant first; four zeros follow each that is not zero.
fn digits<const L: usize>(value: &Uint<L>) -> Vec<i8> {
    let mut digits = Vec::with_capacity(L * 64 + 1);
    let mut rest = *value;
    while rest != Uint::ZERO {
        let low = (rest.as_words().first().copied().unwrap_or(0) & 31) as i8;
        let digit = match low {
            low if low & 1 == 0 => 0,
            low @ ..16 => low,
            low => low - 32,
        };
        let amount = Uint::from(digit.unsigned_abs());
        // Never overflows: every factor is below an order whose top word is not all ones to its last bits.
        rest = if digit >= 0 { rest.wrapping_sub(&amount) } else { rest.wrapping_add(&amount) };
        rest = rest.wrapping_shr_vartime(1);
        digits.push(digit);
    }
    digits
}
