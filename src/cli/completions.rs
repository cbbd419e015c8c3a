//! `unpick completions`: what a shell needs to complete our arguments.

use super::args::{Args, CompletionsArgs};
use super::output;
use clap::CommandFactory;
use std::process::ExitCode;

/// Prints the script.
pub(super) fn run(args: &CompletionsArgs) -> anyhow::Result<ExitCode> {
    // The generator panics where it cannot write, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "unpick", &mut script);
    output::to_stdout(&mut |out| out.write_all(&script))?;
    Ok(ExitCode::SUCCESS)
}
