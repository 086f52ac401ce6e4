//! What a verification *is*.
//!
//! This room holds the words of Ipse and the rules between them: organizations, subjects, journeys, the life of a
//! verification, checks and what is decided from them, names and when two of them are the same, and the hash-chained
//! record of what happened. Everybody may come in; nothing goes out: no I/O, no clock, no dice. Time and randomness
//! are arguments, so the same inputs always give the same outputs.

#![warn(missing_docs)]

pub mod assurance;
pub mod campaign;
pub mod check;
pub mod date;
pub mod document;
pub mod enrolment;
pub mod event;
pub mod id;
pub mod issuance;
pub mod journey;
pub mod name;
pub mod organization;
pub mod person;
pub mod presentation;
pub mod private;
pub mod reason;
pub mod refusal;
pub mod subject;
pub mod verification;
pub mod webhook;

pub use private::Private;
pub use refusal::Refusal;
