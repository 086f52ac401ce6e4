//! Verification of ECDSA signatures (BSI TR-03111 §4.2.1) on any short Weierstrass curve of prime order.
//!
//! For the curves that aws-lc-rs does not know. Everything here is public, so nothing has to take constant time, and
//! nothing in here may be used to sign.

#![allow(clippy::many_single_char_names, reason = "the formulae's own names")]

use super::modular::{Modulus, read, subtract};

type Number<const L: usize> = [u64; L];

/// A curve, ready to verify on.
pub(super) struct Group<const L: usize> {
    field: Modulus<Number<L>>,
    order: Modulus<Number<L>>,
    a: Number<L>,
    b: Number<L>,
    /// The odd multiples of the base point.
    base: Vec<Point<L>>,
    octets: usize,
}

/// A point in Jacobian coordinates: x = X/Z², y = Y/Z³; the point at infinity has no Z.
#[derive(Clone, Copy)]
struct Point<const L: usize> {
    x: Number<L>,
    y: Number<L>,
    z: Number<L>,
}

/// Bits of a digit of the factor of the base point, and of any other.
const WIDTHS: [u32; 2] = [8, 5];

impl<const L: usize> Group<L> {
    /// Of field, a, b, base point's x and y, and order, in hexadecimal. `None` for what is no such curve.
    pub fn new(parameters: [&str; 6], octets: usize) -> Option<Self> {
        let [field, a, b, x, y, order] = parameters.map(|digits| {
            let mut number = [0; L];
            for digit in digits.chars().filter_map(|digit| digit.to_digit(16)) {
                let mut carry = u64::from(digit);
                for word in &mut number {
                    (*word, carry) = (*word << 4 | carry, *word >> 60);
                }
            }
            number
        });
        let (field, order) = (Modulus::new(field)?, Modulus::new(order)?);
        let (a, b) = (field.enter(&a), field.enter(&b));
        let base = Point { x: field.enter(&x), y: field.enter(&y), z: field.one };
        let mut group = Self { field, order, a, b, base: Vec::new(), octets };
        group.base = group.odd_multiples(&base, WIDTHS[0]);
        Some(group)
    }

    /// Whether (r, s) is a signature of the digest under the uncompressed point (`04 ‖ x ‖ y`).
    pub fn verify(&self, point: &[u8], digest: &[u8], r: &[u8], s: &[u8]) -> bool {
        self.verified(point, digest, r, s).unwrap_or(false)
    }

    fn verified(&self, point: &[u8], digest: &[u8], r: &[u8], s: &[u8]) -> Option<bool> {
        let zero = [0; L];
        let number = |octets: &[u8]| self.order.number(octets).filter(|number| *number != zero);
        let (r, inverse) = (number(r)?, self.order.inverse(&number(s)?));
        let key = self.odd_multiples(&self.on_curve(point)?, WIDTHS[1]);
        // The leftmost bits of the digest; every order here is a whole number of octets or longer than any digest.
        let mut message = [0; L];
        read(digest.get(..digest.len().min(self.octets))?, &mut message)?;
        let [first, second] =
            [self.order.enter(&message), r].map(|part| self.order.leave(&self.order.mul(&part, &inverse)));
        let sum = self.combine((digits(first, WIDTHS[0]), &self.base), (digits(second, WIDTHS[1]), &key));
        if sum.z == zero {
            return None;
        }
        // x = X/Z² modulo the field, and r is x modulo the order, which may be the smaller of the two.
        let square = self.field.squared(&sum.z);
        let is_x = |candidate: &Number<L>| self.field.mul(&self.field.enter(candidate), &square) == sum.x;
        let r = self.order.leave(&r);
        let mut room = *self.field.words();
        let wraps = !subtract(&mut room, self.order.words()) && super::modular::less(&r, &room);
        let mut wrapped = r;
        let mut carry = 0_u128;
        for (word, order) in wrapped.iter_mut().zip(self.order.words()) {
            carry += u128::from(*word) + u128::from(*order);
            *word = carry as u64;
            carry >>= 64;
        }
        Some(is_x(&r) || (wraps && is_x(&wrapped)))
    }

    fn on_curve(&self, point: &[u8]) -> Option<Point<L>> {
        let (4, coordinates) = point.split_first().map(|(form, rest)| (*form, rest))? else { return None };
        let (x, y) = coordinates.split_at_checked(self.octets).filter(|(x, y)| x.len() == y.len())?;
        let field = &self.field;
        let (x, y) = (field.number(x)?, field.number(y)?);
        let right = field.add(&field.mul(&field.add(&field.squared(&x), &self.a), &x), &self.b);
        (field.squared(&y) == right).then_some(Point { x, y, z: field.one })
    }

    fn double(&self, p: &Point<L>) -> Point<L> {
        let f = &self.field;
        let (xx, yy, zz) = (f.squared(&p.x), f.squared(&p.y), f.squared(&p.z));
        let yyyy = f.squared(&yy);
        let s = f.double(&f.double(&f.mul(&p.x, &yy)));
        let m = f.add(&f.add(&f.double(&xx), &xx), &f.mul(&self.a, &f.squared(&zz)));
        let x = f.sub(&f.squared(&m), &f.double(&s));
        let y = f.sub(&f.mul(&m, &f.sub(&s, &x)), &f.double(&f.double(&f.double(&yyyy))));
        Point { x, y, z: f.double(&f.mul(&p.y, &p.z)) }
    }

    fn add(&self, p: &Point<L>, q: &Point<L>) -> Point<L> {
        let (f, zero) = (&self.field, [0; L]);
        if p.z == zero {
            return *q;
        }
        if q.z == zero {
            return *p;
        }
        let (pp, qq) = (f.squared(&p.z), f.squared(&q.z));
        let (u, v) = (f.mul(&p.x, &qq), f.mul(&q.x, &pp));
        let (s, t) = (f.mul(&f.mul(&p.y, &q.z), &qq), f.mul(&f.mul(&q.y, &p.z), &pp));
        let (h, r) = (f.sub(&v, &u), f.sub(&t, &s));
        if h == zero {
            return if r == zero { self.double(p) } else { Point { x: f.one, y: f.one, z: zero } };
        }
        let hh = f.squared(&h);
        let hhh = f.mul(&hh, &h);
        let w = f.mul(&u, &hh);
        let x = f.sub(&f.sub(&f.squared(&r), &hhh), &f.double(&w));
        let y = f.sub(&f.mul(&r, &f.sub(&w, &x)), &f.mul(&s, &hhh));
        Point { x, y, z: f.mul(&f.mul(&p.z, &q.z), &h) }
    }

    /// The odd multiples below 2 ^ (width − 1).
    fn odd_multiples(&self, point: &Point<L>, width: u32) -> Vec<Point<L>> {
        let twice = self.double(point);
        std::iter::successors(Some(*point), |last| Some(self.add(last, &twice))).take(1 << (width - 2)).collect()
    }

    /// The sum of two multiples, doubling for both at once.
    fn combine(&self, first: (Vec<i16>, &[Point<L>]), second: (Vec<i16>, &[Point<L>])) -> Point<L> {
        let sides = [first, second];
        let mut sum = Point { x: self.field.one, y: self.field.one, z: [0; L] };
        for place in (0..=L * 64).rev() {
            sum = self.double(&sum);
            for (digits, multiples) in &sides {
                let digit = digits.get(place).copied().unwrap_or(0);
                if let (true, Some(point)) = (digit != 0, multiples.get(usize::from(digit.unsigned_abs() / 2))) {
                    let y = if digit > 0 { point.y } else { self.field.sub(&[0; L], &point.y) };
                    sum = self.add(&sum, &Point { y, ..*point });
                }
            }
        }
        sum
    }
}

/// A number in signed digits, the least significant first: zero, or odd and below 2 ^ (width − 1), with at least
/// width − 1 zeros after each. Every number here is below an order that leaves room above.
fn digits<const L: usize>(mut number: Number<L>, width: u32) -> Vec<i16> {
    let mut digits = Vec::with_capacity(L * 64 + 1);
    while number != [0; L] {
        let low = number.first().copied().unwrap_or(0);
        let mut digit = 0;
        if low & 1 == 1 {
            digit = (low & ((1 << width) - 1)) as i16;
            if digit >= 1 << (width - 1) {
                digit -= 1 << width;
            }
            let mut carry = -i128::from(digit);
            for word in &mut number {
                carry += i128::from(*word);
                *word = carry as u64;
                carry >>= 64;
            }
        }
        digits.push(digit);
        let mut above = 0;
        for word in number.iter_mut().rev() {
            (*word, above) = (*word >> 1 | above << 63, *word & 1);
        }
    }
    digits
}
