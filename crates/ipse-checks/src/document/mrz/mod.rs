//! The machine readable zone: from a picture to data elements.
//!
//! `find` looks for lines of print, `zone` gathers those that belong together, `segment` cuts them out straight,
//! `recognise` says what each cell may be, `decode` lets grammar and check digits decide, `parse` takes the lines
//! apart. The caller comes in through [`read()`], or through [`parse()`] with lines that came from elsewhere. A wrong line
//! is worse than none: whatever is not clear is refused.

mod bands;
mod checked;
mod components;
mod decode;
mod find;
mod fit;
mod issuers;
mod layout;
mod parse;
mod read;
mod recognise;
mod segment;
mod siblings;
pub mod strip;
mod zone;

pub use decode::Correction;
pub use layout::{CheckedField, MrzFormat, check_digit};
pub use parse::{CheckDigit, Mrz, MrzParseError, parse};
pub use read::{MrzReadError, MrzReading, read};
