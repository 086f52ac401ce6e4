//! Finds what is near and of like size among many marks without looking at all of them: a page full of marks must not
//! cost the square of their number.

/// Places in a list, sorted into bands: by size, in octaves, and across the direction of reading.
pub struct Bands {
    /// For each octave of sizes, from [`LEAST`] on, the number of its first band, and the bands.
    octaves: Vec<(i32, Vec<Vec<usize>>)>,
}

/// Everything smaller counts as of this size.
const LEAST: f32 = 1.0;
/// A band's height against the least size in it.
const HEIGHT: f32 = 2.0;

fn octave(size: f32) -> usize {
    (size / LEAST).max(1.0).log2() as usize
}

fn band(octave: usize, across: f32) -> i32 {
    (across / (HEIGHT * LEAST * (1_u64 << octave.min(40)) as f32)).floor() as i32
}

impl Bands {
    /// Sorts by each one's size and place across; the order of the list is kept within a band.
    pub fn new(all: impl Iterator<Item = (f32, f32)> + Clone) -> Self {
        let place = |(size, across): (f32, f32)| (octave(size), band(octave(size), across));
        let mut ends: Vec<(i32, i32)> = Vec::new();
        for (octave, band) in all.clone().map(place) {
            ends.resize(ends.len().max(octave + 1), (i32::MAX, i32::MIN));
            if let Some((first, last)) = ends.get_mut(octave) {
                (*first, *last) = ((*first).min(band), (*last).max(band));
            }
        }
        let empty = |(first, last): (i32, i32)| {
            (first, vec![Vec::new(); (i64::from(last) - i64::from(first) + 1).max(0) as usize])
        };
        let mut octaves: Vec<(i32, Vec<Vec<usize>>)> = ends.into_iter().map(empty).collect();
        for (number, (octave, band)) in all.map(place).enumerate() {
            if let Some((first, bands)) = octaves.get_mut(octave)
                && let Some(places) = bands.get_mut((band - *first) as usize)
            {
                places.push(number);
            }
        }
        Self { octaves }
    }

    /// Calls `visit` with every place after `first` that may hold something at most `ratio` times larger or smaller than
    /// `size` and at most `reach` away from `across`, band by band, until it says that the rest of a band lies too far
    /// on.
    pub fn after(
        &self,
        first: usize,
        (size, ratio): (f32, f32),
        (across, reach): (f32, f32),
        mut visit: impl FnMut(usize) -> bool,
    ) {
        for octave in octave(size / ratio)..=octave(size * ratio) {
            let Some((offset, bands)) = self.octaves.get(octave) else { return };
            let from = (i64::from(band(octave, across - reach)) - i64::from(*offset)).max(0) as usize;
            let to = (i64::from(band(octave, across + reach)) - i64::from(*offset) + 1).max(0) as usize;
            for places in bands.iter().take(to).skip(from) {
                let begin = places.partition_point(|place| *place <= first);
                for place in places.iter().skip(begin) {
                    if !visit(*place) {
                        break;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_are_near_and_alike_are_visited_and_few_others() {
        let part = |i: u32, step: u32, below: u32| (i * step % below) as f32;
        let all: Vec<(f32, f32)> = (0..4000).map(|i| (2.0 + part(i, 37, 101) / 4.0, part(i, 53, 997))).collect();
        let bands = Bands::new(all.iter().copied());
        let mut visited = 0;
        for (first, (size, across)) in all.iter().enumerate() {
            let mut seen = Vec::new();
            bands.after(first, (*size, 1.8), (*across, 2.0 * size), |place| {
                seen.push(place);
                true
            });
            visited += seen.len();
            seen.sort_unstable();
            let alike = |other: &(f32, f32)| other.0 <= 1.8 * size && *size <= 1.8 * other.0;
            let near = |other: &(f32, f32)| (other.1 - across).abs() <= 2.0 * size;
            for (place, other) in
                all.iter().enumerate().skip(first + 1).filter(|(_, other)| alike(other) && near(other))
            {
                assert!(seen.binary_search(&place).is_ok(), "{other:?} is near {size} at {across}");
            }
        }
        assert!(visited * 3 < all.len() * all.len() / 2, "{visited}");
    }
}
