//! Verification of ECDSA signatures (BSI TR-03111 §4.2.1), for the curves that aws-lc-rs does not know.
//!
//! Everything here is public, so nothing has to take constant time, and nothing in here may be used to sign.

use super::group::{Group, Multiples};
use super::modular::{add_to, less, read, subtract};

impl<const L: usize> Group<L> {
    /// Whether (r, s) is a signature of the digest under the key whose multiples these are.
    pub fn verify(&self, key: &Multiples<L>, digest: &[u8], r: &[u8], s: &[u8]) -> bool {
        self.verified(key, digest, r, s).unwrap_or(false)
    }

    fn verified(&self, key: &Multiples<L>, digest: &[u8], r: &[u8], s: &[u8]) -> Option<bool> {
        let order = &self.order;
        let r = order.number(r).filter(|number| *number != [0; L])?;
        // Zero has no inverse.
        let inverse = order.inverse(&order.number(s)?)?;
        // The leftmost bits of the digest; every order here is a whole number of octets or longer than any digest.
        let mut message = [0; L];
        read(digest.get(..digest.len().min(self.octets))?, &mut message)?;
        let [first, second] = [order.enter(&message), r].map(|part| order.leave(&order.mul(&part, &inverse)));
        let sum = self.sum([(&first, self.base()), (&second, key)]);
        // r is x modulo the order, which may be a little smaller than the field.
        let r = order.leave(&r);
        let mut room = *self.field.words();
        let wraps = !subtract(&mut room, order.words()) && less(&r, &room);
        let mut wrapped = r;
        Some(self.has_x(&sum, &r) || (wraps && !add_to(&mut wrapped, order.words()) && self.has_x(&sum, &wrapped)))
    }
}
