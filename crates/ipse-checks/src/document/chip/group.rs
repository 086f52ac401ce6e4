//! The points of a short Weierstrass curve of prime order, and sums of their multiples: what verifying ECDSA takes.
//!
//! Of public numbers only: nothing takes constant time, and nothing in here may be used to sign or to agree on a key.
//!
//! Doubling is cheapest where a = −3. That holds for the curves of NIST; each of Brainpool's is turned into such a one
//! by its twist (RFC 5639 §2.2): with a · u⁴ = −3, a point (x, y) becomes (u² · x, u³ · y). Points enter as (x, y) and
//! are only ever asked for their x.

#![allow(clippy::many_single_char_names, reason = "the formulae's own names")]

use super::modular::{Modulus, halve};

pub(super) type Number<const L: usize> = [u64; L];

/// A curve, ready to add on.
pub(super) struct Group<const L: usize> {
    pub field: Modulus<Number<L>>,
    pub order: Modulus<Number<L>>,
    a: Number<L>,
    b: Number<L>,
    /// u, which turns the curve into one with a = −3.
    twist: Number<L>,
    base: Multiples<L>,
    /// Octets of a coordinate.
    pub octets: usize,
}

/// A point, not the one at infinity.
#[derive(Clone, Copy, Debug)]
struct Affine<const L: usize> {
    x: Number<L>,
    y: Number<L>,
}

/// A point in Jacobian coordinates: x = X/Z², y = Y/Z³; the point at infinity has no Z.
#[derive(Clone, Copy)]
pub(super) struct Point<const L: usize> {
    x: Number<L>,
    y: Number<L>,
    z: Number<L>,
}

/// The odd multiples of a point, of which sums are made; and, so that a long factor can be cut in several short ones,
/// those of the point times a power of two.
#[derive(Clone, Debug)]
pub(super) struct Multiples<const L: usize> {
    /// For each part of the factor, 1, 3, 5 … times the point.
    parts: Vec<Vec<Affine<L>>>,
    /// Bits of a digit.
    width: u32,
}

/// How many parts the factor of the base point is cut into.
const PARTS: usize = 4;

/// Bits of a digit: of the base point, whose multiples are made once, and of any other.
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
        let [a, b, x, y] = [a, b, x, y].map(|number| field.enter(&number));
        let twist = twist(&field, &a)?;
        let base = Multiples { parts: Vec::new(), width: WIDTHS[0] };
        let mut group = Self { field, order, a, b, twist, base, octets };
        group.base = group.multiples_of(group.turned(&x, &y)?, PARTS, WIDTHS[0])?;
        Some(group)
    }

    /// What adding multiples of an uncompressed point (`04 ‖ x ‖ y`) takes, for a factor that is cut in so many parts:
    /// more parts take longer to make and make sums faster. `None` for what is no point of the curve.
    pub fn multiples(&self, point: &[u8], parts: usize) -> Option<Multiples<L>> {
        let (4, coordinates) = point.split_first().map(|(form, rest)| (*form, rest))? else { return None };
        let (x, y) = coordinates.split_at_checked(self.octets).filter(|(x, y)| x.len() == y.len())?;
        self.multiples_of(self.turned(&self.field.number(x)?, &self.field.number(y)?)?, parts, WIDTHS[1])
    }

    /// A point of the curve, as points are kept.
    fn turned(&self, x: &Number<L>, y: &Number<L>) -> Option<Affine<L>> {
        let f = &self.field;
        let right = f.add(&f.mul(&f.add(&f.squared(x), &self.a), x), &self.b);
        let square = f.squared(&self.twist);
        (f.squared(y) == right).then(|| Affine { x: f.mul(x, &square), y: f.mul(y, &f.mul(&square, &self.twist)) })
    }

    /// Whether the point's x is this number.
    pub fn has_x(&self, point: &Point<L>, x: &Number<L>) -> bool {
        let f = &self.field;
        let scale = f.squared(&f.mul(&self.twist, &point.z));
        point.z != [0; L] && f.mul(&f.enter(x), &scale) == point.x
    }

    fn double(&self, p: &Point<L>) -> Point<L> {
        let f = &self.field;
        let (zz, yy) = (f.squared(&p.z), f.squared(&p.y));
        let xyy = f.mul(&p.x, &yy);
        let m = f.mul(&f.sub(&p.x, &zz), &f.add(&p.x, &zz));
        let m = f.add(&f.double(&m), &m);
        let s = f.double(&f.double(&xyy));
        let x = f.sub(&f.squared(&m), &f.double(&s));
        let yyyy = f.squared(&f.double(&yy));
        let y = f.sub(&f.mul(&m, &f.sub(&s, &x)), &f.double(&yyyy));
        Point { x, y, z: f.double(&f.mul(&p.y, &p.z)) }
    }

    fn add(&self, p: &Point<L>, q: &Affine<L>) -> Point<L> {
        let (f, zero) = (&self.field, [0; L]);
        if p.z == zero {
            return Point { x: q.x, y: q.y, z: f.one };
        }
        let zz = f.squared(&p.z);
        let h = f.sub(&f.mul(&q.x, &zz), &p.x);
        let r = f.sub(&f.mul(&q.y, &f.mul(&zz, &p.z)), &p.y);
        if h == zero {
            return if r == zero { self.double(p) } else { Point { x: f.one, y: f.one, z: zero } };
        }
        let hh = f.squared(&h);
        let hhh = f.mul(&hh, &h);
        let v = f.mul(&p.x, &hh);
        let x = f.sub(&f.sub(&f.squared(&r), &hhh), &f.double(&v));
        let y = f.sub(&f.mul(&r, &f.sub(&v, &x)), &f.mul(&p.y, &hhh));
        Point { x, y, z: f.mul(&p.z, &h) }
    }

    /// The sum of two multiples, doubling for all parts of both at once.
    pub fn sum(&self, factors: [(&Number<L>, &Multiples<L>); 2]) -> Point<L> {
        let sides = factors.map(|(number, multiples)| (digits(*number, multiples.width), multiples));
        let places = sides.iter().map(|(_, multiples)| part_length::<L>(multiples.parts.len())).max().unwrap_or(0);
        let mut sum = Point { x: self.field.one, y: self.field.one, z: [0; L] };
        for place in (0..places).rev() {
            sum = self.double(&sum);
            for (digits, multiples) in &sides {
                let length = part_length::<L>(multiples.parts.len());
                for (part, points) in multiples.parts.iter().enumerate().filter(|_| place < length) {
                    let digit = digits.get(part * length + place).copied().unwrap_or(0);
                    if let (true, Some(point)) = (digit != 0, points.get(usize::from(digit.unsigned_abs() / 2))) {
                        let y = if digit > 0 { point.y } else { self.field.sub(&[0; L], &point.y) };
                        sum = self.add(&sum, &Affine { y, ..*point });
                    }
                }
            }
        }
        sum
    }

    pub const fn base(&self) -> &Multiples<L> {
        &self.base
    }

    fn multiples_of(&self, mut point: Affine<L>, parts: usize, width: u32) -> Option<Multiples<L>> {
        let mut all = vec![self.odd_multiples(&point, 1 << (width - 2))?];
        while all.len() < parts {
            let start = Point { x: point.x, y: point.y, z: self.field.one };
            let up = (0..part_length::<L>(parts)).fold(start, |point, _| self.double(&point));
            point = self.without_z(&[up]).and_then(|points| points.first().copied())?;
            all.push(self.odd_multiples(&point, 1 << (width - 2))?);
        }
        Some(Multiples { parts: all, width })
    }

    /// The first odd multiples. With every Z measured in that of the double, adding the double is adding a point
    /// without Z; no formula of adding depends on a, which alone changes by that.
    fn odd_multiples(&self, point: &Affine<L>, count: usize) -> Option<Vec<Affine<L>>> {
        let f = &self.field;
        let twice = self.double(&Point { x: point.x, y: point.y, z: f.one });
        let square = f.squared(&twice.z);
        let first = Point { x: f.mul(&point.x, &square), y: f.mul(&point.y, &f.mul(&square, &twice.z)), z: f.one };
        let step = Affine { x: twice.x, y: twice.y };
        let points = std::iter::successors(Some(first), |last| Some(self.add(last, &step))).take(count);
        let points: Vec<Point<L>> = points.map(|point| Point { z: f.mul(&point.z, &twice.z), ..point }).collect();
        self.without_z(&points)
    }

    /// The points by x and y, with one inversion for all. `None` if one of them is at infinity.
    fn without_z(&self, points: &[Point<L>]) -> Option<Vec<Affine<L>>> {
        let f = &self.field;
        let products: Vec<Number<L>> = points
            .iter()
            .scan(f.one, |product, point| {
                let before = *product;
                *product = f.mul(product, &point.z);
                Some(before)
            })
            .collect();
        let whole = points.last().zip(products.last()).map(|(point, before)| f.mul(before, &point.z))?;
        let mut inverse = f.inverse(&whole)?;
        let mut out: Vec<Affine<L>> = Vec::with_capacity(points.len());
        for (point, before) in points.iter().zip(&products).rev() {
            let own = f.mul(&inverse, before);
            inverse = f.mul(&inverse, &point.z);
            let square = f.squared(&own);
            out.push(Affine { x: f.mul(&point.x, &square), y: f.mul(&point.y, &f.mul(&square, &own)) });
        }
        out.reverse();
        Some(out)
    }
}

/// Digits of each part of a factor. A number in signed digits may have one more than it has bits.
const fn part_length<const L: usize>(parts: usize) -> usize {
    (L * 64 + 1).div_ceil(parts)
}

/// u with a · u⁴ = −3, where the field's prime is one less than a multiple of four or a is −3 already. Of a number and
/// its negative exactly one is a square there.
fn twist<const L: usize>(field: &Modulus<Number<L>>, a: &Number<L>) -> Option<Number<L>> {
    let zero = [0; L];
    let minus_three = field.sub(&zero, &field.add(&field.double(&field.one), &field.one));
    if *a == minus_three {
        return Some(field.one);
    }
    let mut exponent = *field.words();
    (0..2).for_each(|_| halve(&mut exponent, false));
    // (p + 1) / 4 is one more than the whole part of p / 4.
    let root = |square: &Number<L>| field.mul(&field.power(square, &exponent), square);
    let square = root(&field.mul(&minus_three, &field.inverse(a)?));
    [square, field.sub(&zero, &square)].iter().map(root).find(|twist| {
        let square = field.squared(twist);
        field.mul(a, &field.squared(&square)) == minus_three
    })
}

/// A number in signed digits, the least significant first: zero, or odd and below 2 ^ (width − 1), with at least
/// width − 1 zeros after each.
fn digits<const L: usize>(mut number: Number<L>, width: u32) -> Vec<i16> {
    let mut digits = Vec::with_capacity(L * 64 + 1);
    let mut above = false;
    while above || number != [0; L] {
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
            above |= carry > 0;
        }
        digits.push(digit);
        halve(&mut number, above);
        above = false;
    }
    digits
}
