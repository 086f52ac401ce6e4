//! Specimen documents of Utopia, which issues to nobody: correct to the last check digit, and plainly not real.
//!
//! The sandbox shows them to people who try the product, and tests photograph them. The same person and seed always
//! give the same pixels.

pub mod camera;
pub mod canvas;
mod card;
pub mod chip;
mod guilloche;
mod passport;
mod pdf417;
pub mod performance;
mod person;
pub mod portrait;
mod seed;
mod selfie;

pub use camera::{Camera, photograph};
pub use canvas::Canvas;
pub use card::{id_card_back, id_card_front, licence_back, licence_front};
pub use passport::passport;
pub use person::{Day, Person, Sex};
pub use selfie::selfie;

/// Scale of all documents.
pub const PIXELS_PER_MM: f32 = 16.0;

fn mm(value: f32) -> f32 {
    value * PIXELS_PER_MM
}

/// Pitch of OCR-B in a zone: ten characters to the inch (ICAO Doc 9303, part 3, clause 4.1).
const OCR_PITCH_MM: f32 = 2.54;
