//! The binary `ipse`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ipse_server::cli::run()
}
