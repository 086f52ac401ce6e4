//! The identity-verification server: the binary `ipse`, in pieces that tests can start.
//!
//! `app/` holds the uses; `api/`, `capture/` and `console/` are the thin surfaces over them; `jobs/` runs beside;
//! `http/` is what the surfaces share; `config/` and `cli/` start it all. Only the HTTP folders name axum.

pub mod api;
pub mod app;
pub mod capture;
pub mod cli;
pub mod clock;
pub mod config;
pub mod console;
pub mod http;
pub mod jobs;
pub mod models;
pub mod oidc;
pub mod random;
pub mod server;
pub mod state;
pub mod text;
