//! Which lines belong together.

use super::find::Track;

/// The lines that run beside a line, and the line itself, all over the same stretch, from top to bottom.
pub fn siblings(seed: &Track, found: &[Track]) -> Vec<Track> {
    let (start, end) = (seed.u(0.0), seed.u(seed.cells));
    let mut group = vec![*seed];
    let (mut low, mut high) = (start, end);
    for other in found {
        let turned = if other.cos * seed.cos + other.sin * seed.sin < 0.0 { other.reversed() } else { *other };
        if turned.cos * seed.cos + turned.sin * seed.sin < 0.999 {
            continue;
        }
        let (from, to) = (turned.u(0.0), turned.u(turned.cells));
        let overlap = to.min(end) - from.max(start);
        let middle = f32::midpoint(from.max(start), to.min(end));
        let away = turned.v(middle) - seed.v(middle);
        let pitches = away.abs() / seed.pitch();
        let alike = turned.height / seed.height;
        if overlap < 0.45 * (end - start) || !(1.4..7.2).contains(&pitches) || !(0.6..1.65).contains(&alike) {
            continue;
        }
        if group.iter().any(|g| (g.v(middle) - turned.v(middle)).abs() < 0.8 * seed.pitch()) {
            continue;
        }
        if (to - from) < 1.3 * (end - start) {
            low = low.min(from);
            high = high.max(to);
        }
        // Its own middle line, the seed's pitch.
        let pivot = seed.pivot;
        let at = turned.v(pivot);
        group.push(Track {
            across: [at, (turned.v(pivot + 1.0) - turned.v(pivot - 1.0)) / 2.0, turned.across[2]],
            pivot,
            ..*seed
        });
    }
    let pitch = seed.pitch();
    group.sort_by(|a, b| a.across[0].total_cmp(&b.across[0]));
    group.into_iter().map(|track| Track { along: [low, pitch, 0.0], cells: (high - low) / pitch, ..track }).collect()
}
