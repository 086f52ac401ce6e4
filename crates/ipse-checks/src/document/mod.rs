//! Documents: from the bytes a person sent to what is printed on the page.

pub mod aamva;
pub mod barcode;
pub mod chip;
pub mod colour;
mod exif;
pub mod image;
mod jpeg2000;
pub mod mrz;
pub mod quality;
pub mod recapture;
pub mod signs;
pub mod traces;
