//! Is a frame another one again?
//!
//! The very same pixels twice were not taken twice: a sensor is never without noise. More cannot be said of frames that
//! follow each other, since a person before a camera on a stand may keep still for a moment, and what noise is left by a
//! camera's own smoothing is no more than what an encoder does to a picture. But who has turned away and back is never
//! again in the same place; so the frames that show two separate steps to have been followed are held against each other
//! without their noise, and a picture that was prepared for a movement serves once. Every challenge asks for some movement
//! twice.

use crate::document::image::Rgb;

/// Size of the copies that are compared; averaging so many pixels leaves little of noise and of an encoder's traces.
const COPY: (usize, usize) = (96, 72);
/// Below this many grey levels the places that changed most changed as little as an encoder changes them.
const SAME: f32 = 2.5;
/// How many such places there are: one of a hundred.
const MOST_CHANGED: usize = 100;

/// Whether any two pictures are one, to the last pixel.
pub(super) fn identical(pictures: &[Rgb]) -> bool {
    pictures.iter().enumerate().any(|(place, picture)| pictures.iter().take(place).any(|earlier| earlier == picture))
}

/// Whether any two of these show the same moment.
pub(super) fn same_moment(pictures: &[&Rgb]) -> bool {
    let copies: Vec<Rgb> = pictures.iter().filter_map(|picture| picture.resized(COPY.0, COPY.1)).collect();
    let is_again = |(place, copy): (usize, &Rgb)| copies.iter().take(place).any(|before| change(copy, before) < SAME);
    copies.iter().enumerate().any(is_again)
}

/// By how many levels the hundredth part that changed most changed at least. A whole picture that became brighter, or of
/// another tint, has not changed.
fn change(one: &Rgb, other: &Rgb) -> f32 {
    let sum = |picture: &Rgb, plane| picture.data.iter().skip(plane).step_by(3).map(|value| f32::from(*value)).sum();
    let gains = [0, 1, 2].map(|plane| {
        let (now, then): (f32, f32) = (sum(one, plane), sum(other, plane));
        now / then.max(1.0)
    });
    let of_pixel = |(one, other): (&[u8], &[u8])| {
        let planes = one.iter().zip(other).zip(gains);
        planes.map(|((now, then), gain)| f32::from(*now) - gain * f32::from(*then)).sum::<f32>().abs() / 3.0
    };
    let mut changes: Vec<f32> = one.data.chunks_exact(3).zip(other.data.chunks_exact(3)).map(of_pixel).collect();
    let place = changes.len().saturating_sub(changes.len() / MOST_CHANGED + 1);
    if changes.is_empty() { 0.0 } else { *changes.select_nth_unstable_by(place, f32::total_cmp).1 }
}
