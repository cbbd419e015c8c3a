//! Runs the real command.

use std::path::Path;
use std::process::{Command, Output};

/// The command, in a folder and with nothing of the caller's settings.
pub(crate) fn unpick(folder: &Path, arguments: &[&str]) -> Output {
    run(&mut command(folder, arguments))
}

/// The same, not started yet.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unpick"));
    command.args(arguments).current_dir(folder);
    for name in ["RAYON_NUM_THREADS", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "LC_ALL", "LANG"] {
        command.env_remove(name);
    }
    command
}

pub(crate) fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// What it wrote, which must be text.
pub(crate) fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("stdout is UTF-8")
}

pub(crate) fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("stderr is UTF-8")
}

/// The exit code; a signal is none.
pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("ended by a signal: {}", stderr(output)))
}
