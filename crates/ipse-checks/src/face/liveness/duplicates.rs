//! Is a frame another one again, perhaps encoded anew? A camera never takes the same picture twice: a hand trembles, a
//! head moves. Where something moved, edges change much and all else hardly; an encoder changes everything a little.

use crate::document::image::Rgb;

/// Size of the copies that are compared; averaging so many pixels leaves little of noise and of an encoder's traces.
const COPY: (usize, usize) = (96, 72);
/// Below this the places that changed most changed as little as an encoder changes them.
const SAME: u32 = 3;
/// How many such places there are: one of a hundred.
const MOST_CHANGED: usize = 100;

/// What is kept of a frame for comparing it: its grey levels.
pub(super) struct Copy(Vec<u8>);

impl Copy {
    pub(super) fn of(picture: &Rgb) -> Option<Self> {
        let copy = picture.resized(COPY.0, COPY.1)?;
        let grey = |pixel: &[u8]| (pixel.iter().map(|value| u32::from(*value)).sum::<u32>() / 3) as u8;
        Some(Self(copy.data.chunks_exact(3).map(grey).collect()))
    }

    /// By how many levels the hundredth part that changed most changed at least. A whole picture that became brighter
    /// has not changed.
    fn change(&self, other: &Self) -> u32 {
        let differences = || self.0.iter().zip(&other.0).map(|(a, b)| i32::from(*a) - i32::from(*b));
        let mean = differences().sum::<i32>() / self.0.len().max(1) as i32;
        let mut changes: Vec<u32> = differences().map(|difference| (difference - mean).unsigned_abs()).collect();
        let place = changes.len() - changes.len() / MOST_CHANGED - 1;
        if place >= changes.len() { 0 } else { *changes.select_nth_unstable(place).1 }
    }
}

/// Whether any two frames are one.
pub(super) fn any(frames: &[Copy]) -> bool {
    let is_again = |(place, copy): (usize, &Copy)| frames.iter().take(place).any(|earlier| copy.change(earlier) < SAME);
    frames.iter().enumerate().any(is_again)
}
