//! The command: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    install_allocator();
    unpick::cli::run()
}

/// Hands the parser its allocator.
#[allow(unsafe_code, reason = "the parser takes its allocator once, before any thread exists; only `main` can promise that")]
fn install_allocator() {
    // SAFETY: called first thing in `main`: no other thread runs and no parser was made.
    unsafe { unpick::languages::install_allocator() };
}
