//! The OpenID provider that proves people, as functions: request → decision → response.
//!
//! In comes what an HTTP handler parsed, the client and records that it looked up, the time, and random bytes; out
//! goes what it has to answer and to store. Nothing here opens a socket, asks a database, reads a clock or rolls
//! dice (but for the padding and nonces inside of signatures, which the cryptographic library draws itself).
//!
//! | a request arrives at | the handler reads | and asks |
//! |---|---|---|
//! | `/oauth2/par` | [`Post::read`] | [`par::push`] |
//! | `/oauth2/authorize` | [`authorize::Incoming::read`] | [`authorize::request`], then [`Interaction::arrive`] |
//! | `/start/{client_id}` | [`start_link::token`] | [`start_link::request`], then [`Interaction::arrive`] |
//! | the page that follows | its own session | [`Interaction::begin`], [`Interaction::step`] |
//! | `/oauth2/token` | [`Post::read`] | [`token::redeem`] |
//! | `/oauth2/userinfo` | the headers | [`userinfo::answer`] |
//! | discovery, JWKS | nothing | [`discovery::metadata`], [`keys::KeySet::jwks`] |
//!
//! What a kind of client may do is one table, [`profile`]. Every refusal is one closed set, [`Error`], which knows
//! its OAuth code, its HTTP status, and whether the browser may be sent back with it.
//!
//! Values named `Replay` have to be remembered by the caller until they expire, and the request refused when one of
//! them was there already: that is the half of replay protection that needs a store.

#![warn(missing_docs)]

pub mod authorize;
mod certificate;
pub mod claims_request;
pub mod client;
pub mod client_auth;
pub mod code;
pub mod discovery;
pub mod dpop;
pub mod entra;
mod error;
mod hash;
mod id_token;
pub mod interaction;
pub mod jwk;
pub mod jws;
pub mod keys;
pub mod matching;
pub mod par;
pub mod params;
pub mod profile;
pub mod proof;
mod provider;
pub mod redirect;
pub mod request;
pub mod rotation;
pub mod seal;
pub mod start_link;
pub mod token;
pub mod userinfo;
pub mod verified_claims;

pub use client::Client;
pub use code::Grant;
pub use error::Error;
pub use hash::{Entropy, Hash, Replay, hash_of};
pub use interaction::Interaction;
pub use params::{Params, Post};
pub use profile::Profile;
pub use proof::Proof;
pub use provider::{Provider, Refused};
pub use redirect::Redirect;
pub use request::AuthorizationRequest;
