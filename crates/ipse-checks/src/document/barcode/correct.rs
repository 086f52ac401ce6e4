//! Reed–Solomon over the integers modulo 929 (ISO/IEC 15438, 5.7 and annex I), with erasures.

const FIELD: u32 = 929;
/// A generator of the field's multiplicative group; powers of it from the first on are the code's roots.
const GENERATOR: u32 = 3;

fn power(mut base: u32, mut exponent: u32) -> u32 {
    let mut result = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % FIELD;
        }
        base = base * base % FIELD;
        exponent >>= 1;
    }
    result
}

fn inverse(value: u32) -> u32 {
    power(value, FIELD - 2)
}

/// The value of a polynomial, lowest coefficient first.
fn value(polynomial: &[u32], x: u32) -> u32 {
    polynomial.iter().rev().fold(0, |sum, coefficient| (sum * x + coefficient) % FIELD)
}

/// The product of two polynomials, cut to `length` coefficients.
fn product(a: &[u32], b: &[u32], length: usize) -> Vec<u32> {
    let mut result = vec![0; length];
    for (shift, x) in a.iter().enumerate() {
        for (slot, y) in result.iter_mut().skip(shift).zip(b) {
            *slot = (*slot + x * y) % FIELD;
        }
    }
    result
}

/// Corrects `words` in place; the last `check` of them are check words, `erased` are places whose content is not to be
/// trusted. The number of words changed, or `None` if there are more faults than can be mended: errors weigh two,
/// erasures one, and the weight may not exceed `check`. Cubic in nothing: at most 928 words, 512 of them check words.
pub(super) fn correct(words: &mut [u32], check: usize, erased: &[usize]) -> Option<usize> {
    let n = words.len();
    if n >= FIELD as usize || check >= n || erased.len() > check {
        return None;
    }
    let syndromes: Vec<u32> = (1..=check as u32)
        .map(|root| {
            let x = power(GENERATOR, root);
            words.iter().fold(0, |sum, word| (sum * x + word) % FIELD)
        })
        .collect();
    if syndromes.iter().all(|s| *s == 0) {
        return Some(0);
    }
    // The locator begins with the erasures and is brought on by Berlekamp and Massey's steps.
    let mut locator = vec![1];
    for place in erased {
        let x = power(GENERATOR, (n - 1 - place) as u32);
        let length = locator.len() + 1;
        locator = product(&locator, &[1, FIELD - x], length);
    }
    let mut older = locator.clone();
    let (mut degree, mut shift, mut older_gap) = (erased.len(), 1, 1);
    for step in erased.len()..check {
        let gap = locator.iter().zip(syndromes.get(..=step)?.iter().rev()).fold(0, |sum, (c, s)| (sum + c * s) % FIELD);
        if gap == 0 {
            shift += 1;
            continue;
        }
        let factor = gap * inverse(older_gap) % FIELD;
        let mut next = locator.clone();
        next.resize(next.len().max(older.len() + shift), 0);
        for (slot, c) in next.iter_mut().skip(shift).zip(&older) {
            *slot = (*slot + (FIELD - factor) * c) % FIELD;
        }
        if 2 * degree <= step + erased.len() {
            degree = step + 1 + erased.len() - degree;
            older = std::mem::replace(&mut locator, next);
            (older_gap, shift) = (gap, 1);
        } else {
            locator = next;
            shift += 1;
        }
    }
    while locator.last() == Some(&0) {
        locator.pop();
    }
    if locator.len() != degree + 1 || 2 * degree > check + erased.len() {
        return None;
    }
    let evaluator = product(&syndromes, &locator, check);
    let derivative: Vec<u32> =
        locator.iter().enumerate().skip(1).map(|(exponent, c)| exponent as u32 % FIELD * c % FIELD).collect();
    let (mut found, mut changed) = (0, 0);
    for (place, word) in words.iter_mut().enumerate() {
        let root = inverse(power(GENERATOR, (n - 1 - place) as u32));
        if value(&locator, root) != 0 {
            continue;
        }
        let under = value(&derivative, root);
        if under == 0 {
            return None;
        }
        found += 1;
        // Forney, for roots that begin at the first power.
        let size = value(&evaluator, root) * inverse(under) % FIELD;
        if size != 0 {
            *word = (*word + size) % FIELD;
            changed += 1;
        }
    }
    (found == degree).then_some(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Appends check words: the remainder of division by the product of (x − 3^i).
    fn encode(data: &[u32], check: usize) -> Vec<u32> {
        let mut generator = vec![1];
        for root in 1..=check as u32 {
            let length = generator.len() + 1;
            generator = product(&generator, &[FIELD - power(GENERATOR, root), 1], length);
        }
        let mut rest = vec![0; check];
        for word in data {
            let lead = (word + rest[check - 1]) % FIELD;
            for at in (0..check).rev() {
                let lower = if at > 0 { rest[at - 1] } else { 0 };
                rest[at] = (lower + (FIELD - lead) * generator[at]) % FIELD;
            }
        }
        data.iter().copied().chain(rest.iter().rev().map(|word| (FIELD - word) % FIELD)).collect()
    }

    #[test]
    fn errors_and_erasures_up_to_the_limit_are_mended_and_more_are_refused() {
        let mut random = 12345_u32;
        let mut next = |below: u32| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 8) % below
        };
        for round in 0..60 {
            let data: Vec<u32> = (0..40 + round).map(|_| next(929)).collect();
            let sound = encode(&data, 32);
            assert_eq!(correct(&mut sound.clone(), 32, &[]), Some(0));
            let erased_count = next(33) as usize;
            let errors = (32 - erased_count) / 2;
            let mut places: Vec<usize> = (0..sound.len()).collect();
            for at in 0..places.len() {
                let other = next(places.len() as u32) as usize;
                places.swap(at, other);
            }
            let mut spoilt = sound.clone();
            for place in places.iter().take(erased_count + errors) {
                spoilt[*place] = (spoilt[*place] + 1 + next(928)) % 929;
            }
            let erased = &places[..erased_count];
            assert_eq!(correct(&mut spoilt, 32, erased), Some(erased_count + errors));
            assert_eq!(spoilt, sound);
            let mut lost = sound.clone();
            for place in places.iter().take(36) {
                lost[*place] = (lost[*place] + 1 + next(928)) % 929;
            }
            assert_eq!(correct(&mut lost, 32, &[]), None);
        }
    }
}
