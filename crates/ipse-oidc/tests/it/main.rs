//! The provider from outside: every test takes the way a handler takes. Tokens are verified by `jsonwebtoken`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and reads better with plain arguments"
)]

mod basic;
mod ekyc;
mod entra;
mod fapi;
mod house;
mod keys;
mod matching;
mod okta;
mod okta_claims;
mod parsers;
mod profiles;
mod speed;
mod start_link;
mod stolen;
