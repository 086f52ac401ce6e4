//! Least squares for gently curved lines.

/// `a + b x + c x²` through weighted points `(x, y, weight)`; `x` should be of the order of one. `None` with fewer than
/// six points or no spread.
///
/// A little is added to the diagonal for `c`, so that noise does not become curvature.
pub fn quadratic(points: impl Iterator<Item = (f32, f32, f32)>) -> Option<[f32; 3]> {
    let mut moments = [0.0_f64; 5];
    let mut right = [0.0_f64; 3];
    let mut count = 0;
    for (x, y, weight) in points {
        let (x, y, weight) = (f64::from(x), f64::from(y), f64::from(weight));
        let mut power = weight;
        for (index, moment) in moments.iter_mut().enumerate() {
            *moment += power;
            if let Some(slot) = right.get_mut(index) {
                *slot += power * y;
            }
            power *= x;
        }
        count += 1;
    }
    let [m0, m1, m2, m3, m4] = moments;
    if count < 6 || m0 <= 0.0 {
        return None;
    }
    let m4 = m4 + 1e-3 * m0;
    let [r0, r1, r2] = right;
    let determinant = m0 * (m2 * m4 - m3 * m3) - m1 * (m1 * m4 - m3 * m2) + m2 * (m1 * m3 - m2 * m2);
    if determinant.abs() < 1e-9 * m0 * m0 * m0 {
        return None;
    }
    let a = r0 * (m2 * m4 - m3 * m3) - m1 * (r1 * m4 - m3 * r2) + m2 * (r1 * m3 - m2 * r2);
    let b = m0 * (r1 * m4 - m3 * r2) - r0 * (m1 * m4 - m3 * m2) + m2 * (m1 * r2 - r1 * m2);
    let c = m0 * (m2 * r2 - r1 * m3) - m1 * (m1 * r2 - r1 * m2) + r0 * (m1 * m3 - m2 * m2);
    Some([a, b, c].map(|value| (value / determinant) as f32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_straight_line_and_refuses_a_point() {
        let [a, b, c] = quadratic((0_u8..20).map(|i| (f32::from(i) / 20.0, 3.0 + f32::from(i) / 10.0, 1.0))).unwrap();
        assert!((a - 3.0).abs() < 1e-3 && (b - 2.0).abs() < 1e-2 && c.abs() < 1e-2);
        assert!(quadratic((0..20).map(|_| (0.5, 1.0, 1.0))).is_none());
    }
}
