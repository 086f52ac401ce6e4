//! The server through its real surfaces: HTTP against a server on port 0, on SQLite and PostgreSQL, pages in a
//! browser, mail and webhooks against the sandbox's partners.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod actor;
mod authorisation;
mod browser;
mod campaigns;
mod capture;
mod chip;
mod console;
mod deliveries;
mod entra;
mod faces;
mod fuzz;
mod idempotency;
mod integrations;
mod lifecycle;
mod models;
mod oidc;
mod operations;
mod pages;
mod redemption;
mod salesforce;
mod servicenow;
mod support;
